"""All programmes on one page, and one page for each: what was promised, what was found, when we look again."""

from __future__ import annotations

import shlex
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST, require_safe

from evenhand.pages.answers import answer_as_file
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.pages.show import shown_figure, shown_figures, shown_table
from evenhand.people.app import queries as people
from evenhand.people.rights import bodies_for, may
from evenhand.web import loaded, programmes_story
from evenhand.web.programmes import KINDS, Programme, every_programme, named
from evenhand.web.programmes_figures import (
    NOT_ADDED,
    beside,
    checks_table,
    doubts_of,
    figures_of,
    one_answer,
    overview,
)

FILES = (("CSV", "csv"), ("Excel", "xlsx"), ("Picture (SVG)", "svg"), ("JSON", "json"))


@asks("read public pages")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every programme with its effect beside what was promised; none of them added up."""
    programmes = every_programme()
    found = [each for each in programmes if each.lines]
    answer = overview(found)
    digests = tuple(line.digest for programme in found for line in programme.lines)
    figures = loaded.remembered(("programmes", *loaded.mark(), *digests), lambda: shown_figures(answer.figures))
    kinds = [(title, [each for each in found if each.lines[0].kind == kind]) for kind, title in KINDS.items()]
    waiting = [each for each in programmes if not each.lines and each.plan]
    unwatched = [each for each in programmes if not each.lines and not each.plan]
    invented = [each.invented for each in programmes]
    return render(request, "web/programmes.jinja", {
        "answer": answer, "figures": figures, "kinds": [(title, own) for title, own in kinds if own],
        "waiting": waiting, "unwatched": unwatched, "not_added": NOT_ADDED, "today": localdate(),
        "links": _links("programmes-file", figures != [], request.path), "command": "evenhand record show",
        "mixed": any(invented) and not all(invented), "invented": bool(invented) and all(invented)})


@asks("read public pages")
@require_safe
def listing_file(request: HttpRequest, form: str) -> HttpResponse:
    """The figures of the page of all programmes."""
    answer = overview([each for each in every_programme() if each.lines])
    return answer_as_file(answer, form, "programmes", "evenhand record show")


@asks("read public pages")
@require_safe
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One programme, readable by anybody: what for, the sentence, the figure, the doubts, the next look."""
    programme = _named(name)
    digests = tuple(each.digest for each in programme.page.held)
    drawn = loaded.remembered(("programme", *loaded.mark(), name, *digests), lambda: [
        [shown_figure(figure) for figure in figures] for _, figures in figures_of(programme)])
    story = programmes_story.adopted(programme)
    person = member(request)
    owners = {entry.organisation for entry in programme.page.entries if entry.organisation}
    return render(request, "web/programme.jinja", {
        "programme": programme, "page": programme.page, "plan": programme.plan,
        "answers": [(line, figures, doubts_of(line), shown_table(checks_table(line)) if line.finding.checks else None)
                    for line, figures in zip(programme.lines, drawn, strict=True)],
        "beside": shown_table(beside(programme)) if programme.plan else None,
        "amendments": _amendments(programme), "today": localdate(),
        "story": programmes_story.drafted(programme), "adopted": story,
        "adopted_by": people.names_of(frozenset({story.by})).get(story.by, story.by) if story else "",
        "may_adopt": any(may(person, "adopt a story", body) for body in owners),
        "invented": programme.invented, "links": _links("programme-file", any(drawn), request.path, name),
        "command": _command(programme)})


@asks("read public pages")
@require_safe
def one_file(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """The figures of one programme."""
    programme = _named(name)
    return answer_as_file(one_answer(programme), form, f"programme-{programme.name}", _command(programme))


@asks("adopt a story")
@require_POST
def adopt_story(request: HttpRequest, name: str) -> HttpResponse:
    """Put one's name to the story of a programme of one's own body, as it stands."""
    programme = _named(name)
    person = member(request)
    owners = [entry.organisation for entry in programme.page.entries if entry.organisation]
    body = next((each for each in bodies_for(person, "adopt a story") if each in owners), owners[0] if owners else "")
    require(request, "adopt a story", body)
    programmes_story.adopt(programme, by=person.id, organisation=body)
    messages.success(request, "The story is adopted. What happens from now on is drafted anew.")
    return redirect("programme", name)


def _named(name: str) -> Programme:
    programme = named(name)
    if programme is None:
        raise Http404
    return programme


def _amendments(programme: Programme) -> list[tuple[date | None, str, str]]:
    """Every change of the plan after it was sealed: when it was entered, why, and the paper."""
    return [(programme.entered(held.digest), plan.amendment_reason or "", held.link)
            for held, plan in programme.plans if plan.amends]


def _command(programme: Programme) -> str:
    return shlex.join(["evenhand", "record", "show", programme.subject])


def _links(view: str, has_picture: bool, path: str, *parts: str) -> list[tuple[str, str]]:
    links = [(text, reverse(view, args=(*parts, form))) for text, form in FILES if form != "svg" or has_picture]
    return [*links, ("Link to this page", path)]
