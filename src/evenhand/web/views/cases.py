"""The register of decisions, and each decision's page."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from evenhand.decide.app import correction_queries
from evenhand.documents.calendar import MEDIA_TYPE, calendar
from evenhand.pages.answers import FORMS, as_file
from evenhand.pages.guard import asks
from evenhand.pages.member import member
from evenhand.pages.show import shown_figure
from evenhand.papers.flow import FIRST
from evenhand.people.rights import bodies_for
from evenhand.terms.words import NOT_HELD
from evenhand.web import cases, challenges, change_plans, held, lessons_signed, loaded, precedents
from evenhand.web.case_calendar import events
from evenhand.web.case_page import CasePage, verdict_of
from evenhand.web.compared import compared
from evenhand.web.may_lose import assessed, losers
from evenhand.web.since import since_figures

REGISTER = ("case", "title", "state", "decided", "outcome", "bodies", "sentence", "invented")


@asks("read public pages")
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """What is being decided, what was decided, and what was raised."""
    pages = cases.every_case()
    early = ("raised", "explored")
    groups = [("Decided", [page for page in pages if page.decision]),
              ("Being decided", [page for page in pages if not page.decision and page.state not in early]),
              ("Raised", [page for page in pages if not page.decision and page.state in early])]
    return render(request, "web/register.jinja", {"groups": groups, "total": len(pages)})


@asks("read public pages")
@require_safe
def register_file(request: HttpRequest, form: str) -> HttpResponse:
    """The register as open data."""
    rows = [_row(page) for page in cases.every_case()]
    if form == "json":
        return as_file(json.dumps({"decisions": rows}, ensure_ascii=False, indent=1), "decisions.json", FORMS["json"])
    if form != "csv":
        raise Http404
    out = io.StringIO()
    writer = csv.DictWriter(out, REGISTER, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return as_file("\ufeff" + out.getvalue(), "decisions.csv", FORMS["csv"])


def _not_held(page: CasePage) -> str:
    """What stands where nothing is known: of a case raised here the record itself is the source, and it began today."""
    begun_here = bool(page.entries) and page.entries[0].by != cases.THE_COMMAND and page.state == FIRST
    return format_html('<span class="eh-not-held">{}</span>', "Nothing yet" if begun_here else NOT_HELD)


@asks("read public pages")
@require_safe
def case(request: HttpRequest, name: str) -> HttpResponse:
    """One decision, in the order a reader asks."""
    page = _case(name)
    people = {each.member for ruling in (page.decision.rulings if page.decision else ())
             for each in ruling.stood_aside or ()} | {each.signed_by for each in page.judgements if each.signed_by} | {
        page.change_plan.led_by if page.change_plan and page.change_plan.led_by else ""}
    digests = tuple(each.digest for each in page.held)
    since = loaded.remembered(("since", *loaded.mark(), *digests), lambda: [
        (finding, [shown_figure(figure) for figure in figures]) for finding, figures in since_figures(page)])
    return render(request, "web/case.jinja", {
        "page": page, "verdict_of": verdict_of, "not_held": _not_held(page), "still_to_show": cases.owed(page),
        "showed": cases.showed(page), "losers": losers(page), "assessed": assessed(page), "compared": compared(page),
        "since": since,
        "names": cases.names_of(frozenset(people)), "never_tried": change_plans.never_tried(page.change_plan),
        "corrected": correction_queries.settled(name),
        "alike": precedents.like(page), "challenge_routes": challenges.ways(page, today=localdate()),
        "challenges": challenges.of(page, today=localdate()),
        "may_challenge": page.decision is not None and bool(challenges.body_for(member(request), page)),
        "may_ask_backing": page.decision is None and page.proposal is not None and any(
            each in page.codes or any(each == entry.organisation for entry in page.entries)
            for each in bodies_for(member(request), "ask for backing")),
        "may_sign_lesson": bool(lessons_signed.drafted(page) and lessons_signed.body_for(member(request), page)),
        "may_plan": page.decision is None and bool(change_plans.body_for(member(request), page)),
        "promises": cases.promises_of(page, today=date.today()),
        "invented": page.invented, "beside_real": any(not each.precedent.invented for each in precedents.like(page)),
        "about_a_real_place": cases.about_a_real_place(page),
        "large": request.GET.get("print") == "large"})


@asks("read public pages")
@require_safe
def figure_file(request: HttpRequest, name: str, figure: str, form: str) -> HttpResponse:
    """One figure of a decision's page, as a table or a picture."""
    page = _case(name)
    found = {each.name: each for _, figures in since_figures(page) for each in figures}
    if figure not in found:
        raise Http404
    if form == "csv":
        return as_file("\ufeff" + found[figure].table.to_csv(), f"{figure}.csv", FORMS["csv"])
    if form == "svg" and found[figure].chart is not None:
        return as_file(found[figure].svg(), f"{figure}.svg", FORMS["svg"])
    raise Http404


@asks("read public pages")
@require_safe
def follow(request: HttpRequest, name: str) -> HttpResponse:
    """What is entered about a case, as a feed that a reader of feeds can follow."""
    page = _case(name)
    link = request.build_absolute_uri(reverse("case", args=(name,)))
    feed = Atom1Feed(title=page.title, link=link, description=page.sentence, language="en-gb",
                     feed_url=request.build_absolute_uri())
    for entry in reversed(page.entries):
        feed.add_item(title=f"{page.title}: {entry.what}", link=link, description=entry.what, unique_id=entry.hash,
                      updateddate=datetime.fromisoformat(entry.at))
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@asks("read public pages")
@require_safe
def follow_calendar(request: HttpRequest, name: str) -> HttpResponse:
    """What is due in a case, as a calendar that anybody can follow."""
    page, today = _case(name), localdate()
    due = events(page, cases.promises_of(page, today=today), today=today,
                 address=request.build_absolute_uri(reverse("case", args=(name,))))
    return HttpResponse(calendar(page.title, due), content_type=MEDIA_TYPE)


@asks("read public pages")
@require_safe
def everything(request: HttpRequest, name: str) -> HttpResponse:
    """The hand-over pack of one case: every paper and entry, which verifies wherever it is opened."""
    page = _case(name)
    return as_file(held.pack([f"{cases.CASE}{page.name}"]), f"{page.name}.zip", "application/zip")


def _case(name: str) -> CasePage:
    page = cases.named(name)
    if page is None:
        raise Http404
    return page


def _row(page: CasePage) -> dict[str, Any]:
    decision = page.decision
    bodies = [ruling.body.name for ruling in decision.rulings] if decision else []
    decided = sorted({str(ruling.decided) for ruling in decision.rulings if ruling.decided}) if decision else []
    return {"case": page.name, "title": page.title, "state": page.state, "decided": "; ".join(decided),
            "outcome": decision.outcome if decision else "", "bodies": "; ".join(bodies), "sentence": page.sentence,
            "invented": "yes" if page.invented else "no"}
