"""A measure before it is adopted: what it would say here, and the decision of those who may take it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenhand.data.measures import Measure, measures_of
from evenhand.find.app import measure_actions, measure_queries
from evenhand.find.measure_preview import BeforeAdoption
from evenhand.pages import uploads
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.people.app import queries as people
from evenhand.people.rights import bodies_for
from evenhand.terms import Refused, refuse
from evenhand.web import adoption, loaded
from evenhand.web.explored import capital, worked_words
from evenhand.web.region_here import here
from evenhand.web.set_against import in_words

MOST_LETTERS = 2_000


@asks("read public pages")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every measure described here: who has adopted it, and on what figures it could be tried."""
    decided: dict[str, list[measure_queries.Decided]] = {}
    for each in measure_queries.decisions():
        decided.setdefault(each.measure, []).append(each)
    held = adoption.held()
    rows = sorted(((each, held.get(each.name), decided.get(each.name, [])) for each in here().measures),
                  key=lambda row: (row[1] is None, row[0].title.casefold()))
    mine = people.organisations(frozenset(bodies_for(member(request), "adopt a measure")))
    done = {each.organisation for own in decided.values() for each in own}
    counts = [(body, sum(each.is_adopted for own in decided.values() for each in own if each.organisation == body.code),
               sum(not each.is_adopted for own in decided.values() for each in own if each.organisation == body.code))
              for body in people.organisations(frozenset(done | {each.code for each in mine}))]
    return render(request, "web/measures-adoption.jinja", {
        "rows": rows, "with_figures": len(held), "origin": adoption.origin(), "counts": counts, "mine": mine,
        "capital": capital})


@asks("read public pages")
@require_safe
def one(request: HttpRequest, name: str) -> HttpResponse:
    """What one measure would say before anybody adopts it."""
    return _page(request, _measure(name))


@asks("use a method")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look_over(request: HttpRequest) -> HttpResponse:
    """A document of measures that somebody brings, looked over on the figures held here; nothing of it is kept."""
    found: list[BeforeAdoption] = []
    wrong: list[str] = []
    name = ""
    if request.method == "POST":
        sent = None if uploads.too_large(request) else request.FILES.get("document")
        try:
            if sent is None:
                raise refuse("there is no file, or it is too large", "choose a document of measures, in TOML")
            name = uploads.name_of(sent)
            found = adoption.look_over(measures_of(uploads.content_of(sent), name))
        except Refused as refused:
            wrong = refused.lines()
    return render(request, "web/measures-look-over.jinja", {
        "found": found, "wrong": wrong, "name": name, "capital": capital, "megabytes": uploads.megabytes(),
        "disagree": sum(each.disagrees for each in found)}, status=400 if wrong else 200)


@asks("adopt a measure")
@never_cache
@require_POST
def decide(request: HttpRequest, name: str) -> HttpResponse:
    """Adopt a measure for one's body, or decline it, with a reason where one is owed."""
    measure, body = _measure(name), request.POST.get("body", "")
    wrong: list[tuple[str, str]] = []
    bodies = bodies_for(member(request), "adopt a measure")
    body = body or (bodies[0] if len(bodies) == 1 else "")
    if body not in bodies:
        return _page(request, measure, wrong=[("body", "Choose which body decides.")])
    require(request, "adopt a measure", body)
    outcome, reason = request.POST.get("outcome", ""), request.POST.get("reason", "").strip()[:MOST_LETTERS]
    try:
        measure_actions.decide(body, adoption.before(measure)[0], outcome, seen=request.POST.get("seen", ""),
                               reason=reason, by=member(request).id, on=localdate())
    except Refused as refused:
        wrong = [(each.column or "outcome", in_words(Refused(each))) for each in refused.problems]
        return _page(request, measure, wrong=wrong)
    messages.success(request, f"{capital(outcome)}. Your name and today’s date stand on the measure’s page.")
    return redirect("measure-preview", name)


def _measure(name: str) -> Measure:
    about = loaded.about(name)
    if about is None:
        raise Http404
    return about


def _page(request: HttpRequest, measure: Measure, *, wrong: list[tuple[str, str]] | None = None) -> HttpResponse:
    before, figure = adoption.before(measure)
    mine = people.organisations(frozenset(bodies_for(member(request), "adopt a measure")))
    return render(request, "web/measure-preview.jinja", {
        "measure": measure, "title": capital(measure.title), "before": before, "figure_shown": figure,
        "worked": worked_words(measure.name), "adoption": adoption.standing(measure.name), "origin": adoption.origin(),
        "mine": mine, "wrong": wrong or [], "errors": dict(wrong or []),
        "typed": {key: request.POST.get(key, "") for key in ("outcome", "reason", "body")},
        "held": any(measure.name in each.measures for each in loaded.releases()),
        "asked_by_invented": any(each.invented for each in mine) and not here().invented},
        status=400 if wrong else 200)
