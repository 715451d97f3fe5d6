"""Where to look first: the page, its files, and the three things to do next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.find.app import actions
from evenhand.pages.answers import answer_as_file
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.people.app import queries as people
from evenhand.people.rights import bodies_for
from evenhand.terms import Refused
from evenhand.web import cases, loaded, looking, set_against
from evenhand.web.looking import Look
from evenhand.web.set_against import in_words

MOST_LETTERS = 2_000


@asks("read public pages")
@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """Where a place should look first, and how sure we are."""
    typed = request.GET.get("of", "").strip()[:80]
    if not typed or not loaded.releases():
        return _question(request, typed)
    compared = set_against.asked(request.GET)
    try:
        found = looking.look(typed, view=request.GET.get("view", ""), compared=compared)
    except Refused as refused:
        return _question(request, typed, wrong=[in_words(refused)])
    if not isinstance(found, Look):
        return render(request, "web/no-figures.jinja", {"found": found})
    query = urlencode(found.query)
    links = [(text, f"{reverse('where-to-look-file', args=(form,))}?{query}")
             for text, form in (("CSV", "csv"), ("Excel", "xlsx"), ("Picture (SVG)", "svg"), ("JSON", "json"))]
    described = [loaded.about(each.measure) for each in (*found.first, *found.more, *found.other, *found.likely)]
    return render(request, "web/where-to-look.jinja", {
        "found": found, "SHOWN": looking.SHOWN, "against": loaded.AGAINST, "compared": compared,
        "not_seen": looking.not_seen(), "query": query,
        "links": [*links, ("Link to this page", f"{request.path}?{query}")],
        "described": [each for each in described if each], "invented": loaded.is_invented(found.code)})


@asks("read public pages")
@require_safe
def first_file(request: HttpRequest, form: str) -> HttpResponse:
    """The figures of the page as a file."""
    found = _look(request)
    answer = loaded.gaps_of(found.release, of=found.code, span=found.span, against=found.against, peers=found.peers)
    return answer_as_file(answer, form, f"where-to-look-{found.code}", found.command)


@asks("raise a case")
@require_http_methods(["GET", "HEAD", "POST"])
def raise_case(request: HttpRequest) -> HttpResponse:
    """Make a gap a case: it stands in the register as raised, with the figures it began with."""
    found, measure = _look(request), request.GET.get("measure", "")
    name = actions.case_name(measure or "x", found.code, found.span.last.year)
    paper = looking.opportunity_from(found, measure, name)
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
    return _form(request, "web/raise-case.jinja", found, measure, bodies, wrong, sentence=paper.sentence)


@asks("ask a clinician")
@require_http_methods(["GET", "HEAD", "POST"])
def ask_clinician(request: HttpRequest) -> HttpResponse:
    """Put a question to the clinical leads of a body."""
    found, measure = _look(request), request.GET.get("measure", "")
    paper = looking.opportunity_from(found, measure, "question")
    bodies = bodies_for(member(request), "ask a clinician")
    wrong: list[str] = []
    words = request.POST.get("words", "").strip()[:MOST_LETTERS]
    if request.method == "POST":
        body = request.POST.get("body", "") or (bodies[0] if len(bodies) == 1 else "")
        if body not in bodies:
            wrong = ["Choose whose clinicians you ask."]
        elif not words:
            wrong = ["Write your question: a sentence will do."]
        else:
            require(request, "ask a clinician", body)
            key = actions.ask(body, measure=measure, of=found.code, sentence=paper.sentence, words=words,
                              by=member(request).id, on=localdate())
            messages.success(request, "Your question waits in the work of the clinical leads.")
            return redirect("question", key)
    return _form(request, "web/ask-clinician.jinja", found, measure, bodies, wrong, sentence=paper.sentence,
                 words=words)


@asks("read public pages")
@require_safe
def done_before(request: HttpRequest) -> HttpResponse:
    """Whether a measure was acted on before, as far as the record here tells."""
    measure = request.GET.get("measure", "")
    if loaded.about(measure) is None:
        raise Http404
    pages = [page for page in cases.every_case() if measure in page.measures]
    return render(request, "web/done-before.jinja", {
        "measure": measure, "title": loaded.title_of(measure), "pages": pages, "of": request.GET.get("of", "")[:80]})


def _look(request: HttpRequest) -> Look:
    """The page that a file or a next step is about; not found where there is none."""
    typed = request.GET.get("of", "").strip()[:80]
    try:
        found = looking.look(typed, view=request.GET.get("view", ""),
                             compared=set_against.asked(request.GET)) if typed else None
    except Refused:
        found = None
    if not isinstance(found, Look):
        raise Http404
    return found


def _question(request: HttpRequest, typed: str, wrong: list[str] | None = None) -> HttpResponse:
    releases = loaded.releases()
    newest = next((each for each in releases if len(each.units) > loaded.ENOUGH), None)
    lists = loaded.bodies()
    places = sorted((lists.name(code), code) for code in newest.units if code in lists) if newest else []
    return render(request, "web/where-to-look-ask.jinja", {
        "typed": typed, "wrong": wrong or [], "places": places, "releases": releases,
        "not_seen": looking.not_seen()}, status=404 if wrong else 200)


def _form(request: HttpRequest, template: str, found: Look, measure: str, bodies: tuple[str, ...], wrong: list[str],
          **more: Any) -> HttpResponse:
    named = people.organisations(frozenset(bodies))
    return render(request, template, {
        "found": found, "title": loaded.title_of(measure), "bodies": named, "wrong": wrong,
        "back": f"{reverse('where-to-look')}?{urlencode(found.query)}",
        "invented": any(each.invented for each in named), "about_a_real_place": not loaded.is_invented(found.code),
        "address": f"{request.path}?{urlencode({**found.query, 'measure': measure})}", **more},
        status=400 if wrong else 200)
