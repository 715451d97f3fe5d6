"""The front page, and the pages that say what this is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.house import ROOMS
from evenhand.pages.guard import asks
from evenhand.web import cases, loaded
from evenhand.web.by_state import grouped
from evenhand.web.glossary import WORDS
from evenhand.web.promises import Promised, totals
from evenhand.web.region_here import here

MOST_PROMISES = 8
"""As many stand on the front page; the others have a page of their own."""


@asks("read public pages")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The Plan, the Cases, the Promises."""
    pages, plans = cases.every_case(), cases.every_plan()
    promises = cases.every_promise(today=date.today())
    return render(request, "web/home.jinja", {
        "plan": plans[0] if plans else None, "other_plans": plans[1:], "groups": grouped(pages), "pages": pages,
        "promises": promises, "totals": _totals(promises), "first": MOST_PROMISES, "region": here()})


def _totals(promises: Sequence[Promised]) -> str:
    """How promises stand; those of real bodies and of an invented county are never added up."""
    real = [each for each in promises if not each.invented]
    invented = [each for each in promises if each.invented]
    if not real or not invented:
        return totals(promises)
    return f"Of real bodies, {totals(real)} In the invented county, {totals(invented)}"


@asks("read public pages")
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What Evenhand is, and what it is not."""
    return render(request, "web/about.jinja", {"rooms": ROOMS})


@asks("read public pages")
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Where the figures come from."""
    return render(request, "web/sources.jinja", {
        "releases": loaded.releases(), "bodies": len(loaded.bodies()), "own": here().brings_its_own})


@asks("read public pages")
@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """The words used on public pages."""
    return render(request, "web/words.jinja", {"words": WORDS})


@asks("read public pages")
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How the site was made to be used by everybody, and what is not known."""
    return render(request, "web/accessibility.jinja", {})


@asks("read public pages")
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, for how long, and who sees it."""
    said: dict[str, Any] = {"hours": settings.SESSION_COOKIE_AGE // 3600}
    return render(request, "web/privacy.jinja", said)
