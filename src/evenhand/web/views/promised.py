"""The Plan in plain words, and every promise with how it stands."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evenhand.pages.answers import FORMS, as_file
from evenhand.pages.guard import asks
from evenhand.web import cases
from evenhand.web.promises import Promised, due_in_words, totals

COLUMNS = ("what", "owner", "due", "standing", "because", "case", "title", "invented")


@asks("read public pages")
@require_safe
def plan(request: HttpRequest, name: str) -> HttpResponse:
    """One plan: its few changes, its limits, who wins and who loses, and what was given up for it."""
    page = cases.plan_named(name)
    if page is None:
        raise Http404
    return render(request, "web/plan.jinja", {"plan": page, "invented": page.invented})


@asks("read public pages")
@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """Every promise, broken and overdue first."""
    rows = cases.every_promise(today=date.today())
    groups = [("", [row for row in rows if not row.invented]),
              ("Invented county", [row for row in rows if row.invented])]
    return render(request, "web/promises.jinja", {
        "groups": [(heading, shown, totals(shown)) for heading, shown in groups if shown]})


@asks("read public pages")
@require_safe
def promises_file(request: HttpRequest, form: str) -> HttpResponse:
    """Every promise as open data."""
    rows = [_row(each) for each in cases.every_promise(today=date.today())]
    if form == "json":
        return as_file(json.dumps({"promises": rows}, ensure_ascii=False, indent=1), "promises.json", FORMS["json"])
    if form != "csv":
        raise Http404
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return as_file("\ufeff" + out.getvalue(), "promises.csv", FORMS["csv"])


def _row(each: Promised) -> dict[str, str]:
    return {"what": each.what, "owner": each.owner, "due": due_in_words(each.due) if each.due else "",
            "standing": each.standing, "because": each.because, "case": each.case, "title": each.title,
            "invented": "yes" if each.invented else "no"}
