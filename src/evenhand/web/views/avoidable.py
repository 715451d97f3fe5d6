"""Hospital care that care outside could act on, by practice: the page, its files, proposals and cases to take up."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.find.app import actions
from evenhand.find.avoidable import AGAINST
from evenhand.pages.answers import answer_as_file, as_file
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.pages.show import shown_answer
from evenhand.people.app import queries as people
from evenhand.people.rights import bodies_for
from evenhand.terms import Refused
from evenhand.web import avoidable_case, avoidable_here, loaded
from evenhand.web.region_here import here

MOST = 15
MOST_LETTERS = 2_000


@asks("read public pages")
@require_safe
def by_practice(request: HttpRequest) -> HttpResponse:
    """What each practice's people were in hospital for that care outside could have acted on."""
    what = avoidable_here.asked(request.GET)
    found = avoidable_here.answer(what)
    query = urlencode(what.query)
    shown = None if found is None else loaded.remembered(
        ("avoidable shown", *loaded.mark(), what), lambda: shown_answer(found, command=avoidable_here.command(what)))
    links = [(text, f"{reverse('avoidable-file', args=(form,))}?{query}")
             for text, form in (("CSV", "csv"), ("Excel", "xlsx"), ("Picture (SVG)", "svg"), ("JSON", "json"))]
    return render(request, "web/avoidable.jinja", {
        "answer": found, "shown": shown, "what": what, "query": query, "wanted": avoidable_here.WANTED,
        "rows": avoidable_here.rows(found, MOST) if found else [], "length": len(found.fields["rows"]) if found else 0,
        "practices": sorted((name, code) for code, name in avoidable_here.practices().items()),
        "lists": avoidable_here.lists(), "choices": avoidable_here.SET_AGAINST, "against_words": AGAINST,
        "links": [*links, ("Link to this page", f"{request.path}?{query}")], "invented": here().invented})


@asks("read public pages")
@require_safe
def by_practice_file(request: HttpRequest, form: str) -> HttpResponse:
    """The figures of the page as a file."""
    what = avoidable_here.asked(request.GET)
    found = avoidable_here.answer(what)
    if found is None:
        raise Http404
    return answer_as_file(found, form, "avoidable", avoidable_here.command(what))


@asks("read public pages")
@require_safe
def proposal(request: HttpRequest) -> HttpResponse:
    """A proposal written from the template of one row, for whoever takes it up."""
    what = avoidable_here.asked(request.GET)
    found = avoidable_here.answer(what)
    unit, condition, of_list = (request.GET.get(each, "")[:120] for each in ("unit", "condition", "of_list"))
    text = None if found is None else avoidable_here.proposed(found, unit, condition, of_list)
    if text is None:
        raise Http404
    return as_file(text, f"proposal-{unit.casefold()}.toml", "application/toml; charset=utf-8")


@asks("raise a case")
@require_http_methods(["GET", "HEAD", "POST"])
def raise_case(request: HttpRequest) -> HttpResponse:
    """Make a row a case: it stands in the register as raised, with its list, its peers and its range."""
    what = avoidable_here.asked(request.GET)
    found = avoidable_here.answer(what)
    asked = {each: request.GET.get(each, "")[:120] for each in ("unit", "condition", "of_list")}
    row = None if found is None else avoidable_case.row_of(found, asked["unit"], asked["condition"], asked["of_list"])
    if found is None or row is None:
        raise Http404
    span, said = avoidable_case.months_of(found)
    name = actions.case_name(avoidable_case.measure_of(row), row["unit"], span.last.year)
    paper = avoidable_case.opportunity_from(found, row, what, span, said, name)
    bodies = bodies_for(member(request), "raise a case")
    wrong: list[str] = []
    if request.method == "POST":
        body = request.POST.get("body", "") or (bodies[0] if len(bodies) == 1 else "")
        if body not in bodies:
            wrong = ["Choose for which body you raise it."]
        else:
            require(request, "raise a case", body)
            try:
                actions.raise_case(paper, by=member(request).id, organisation=body,
                                   why=request.POST.get("why", "").strip()[:MOST_LETTERS])
            except Refused as refused:
                wrong = refused.lines()
            else:
                messages.success(request, "The case is raised. It stands in the register, and in your work.")
                return redirect("case", name)
    return render(request, "web/raise-case.jinja", {
        "title": paper.title, "sentence": paper.sentence, "bodies": people.organisations(frozenset(bodies)),
        "wrong": wrong, "back": f"{reverse('avoidable')}?{urlencode(what.query)}", "invented": here().invented,
        "address": f"{request.path}?{urlencode({**what.query, **asked})}"}, status=400 if wrong else 200)
