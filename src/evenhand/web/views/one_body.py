"""The explorer from the side of a place: every measure of it, with ranges, ranks and trends."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from evenhand.figures import Answer
from evenhand.find import gap_words
from evenhand.pages.answers import answer_as_file
from evenhand.pages.guard import asks
from evenhand.pages.show import shown_figures
from evenhand.terms import Refused
from evenhand.web import loaded
from evenhand.web.explored import (
    Found,
    Missing,
    asked_of,
    capital,
    choices,
    places_of,
    shown_missing,
    take_away_links,
)
from evenhand.web.looking import command_for, is_likely
from evenhand.web.set_against import in_words


@asks("read public pages")
@require_safe
def every_measure(request: HttpRequest) -> HttpResponse:
    """All measures of one place, the largest gap first."""
    try:
        found = _asked(request)
        answer = _answer(found)
    except Missing as missing:
        return shown_missing(request, missing)
    query = urlencode({"of": found.of, "release": found.release.name, **found.compared.query})
    lists = loaded.bodies()

    def drawn() -> dict[str, Any]:
        return {"figures": shown_figures(answer.figures[:1]), "rows": [_row(row) for row in answer.fields["rows"]]}

    shown = loaded.remembered(("measures of", *loaded.mark(), found.release.name, found.of, found.compared.against,
                               found.compared.peers), drawn)
    return render(request, "web/measures-of.jinja", {
        "found": found, "place": lists.title(found.of) if found.of in lists else found.of, "answer": answer, **shown,
        "releases": [each for each in loaded.releases() if found.of in each.units], "against": choices(),
        "alike": found.alike,
        "places": places_of(found.release), "invented": loaded.is_invented(found.of),
        "tail": urlencode({"of": found.of, "release": found.release.name, **found.compared.query}),
        "links": [*take_away_links("measures-of-file", query), ("Link to this page", f"{request.path}?{query}")],
        "command": command_for(found.of, found.release, found.span, found.compared)})


@asks("read public pages")
@require_safe
def every_measure_file(request: HttpRequest, form: str) -> HttpResponse:
    """The figures of the page as a file."""
    try:
        found = _asked(request)
        answer = _answer(found)
    except Missing:
        raise Http404 from None
    return answer_as_file(answer, form, f"measures-{found.of}",
                 command_for(found.of, found.release, found.span, found.compared))


def _asked(request: HttpRequest) -> Found:
    return asked_of(request, [each for each in loaded.releases() if len(each.units) > loaded.ENOUGH])


def _answer(found: Found) -> Answer:
    try:
        return loaded.gaps_of(found.release, of=found.of, span=found.span, against=found.compared.against,
                              peers=found.compared.peers)
    except Refused as refused:
        raise Missing("Measures", in_words(refused), ()) from None


def _row(row: dict[str, Any]) -> dict[str, Any]:
    """One measure in words: its value, what it is set against, the gap with its range, rank, trend."""
    unit, value_unit = row["numerator_unit"] or "", row["value_unit"] or ""
    is_share = value_unit.startswith("share")
    value, beside = (gap_words.value_words(row[each], unit, "" if is_share else value_unit, is_share)
                     for each in ("value", "benchmark"))
    low, high = (float("nan") if end is None else end for end in row["interval"])
    side = gap_words.side(row["gap"], row["direction"] == "low")
    return {
        "measure": row["measure"], "title": capital(row["title"]), "value": value, "beside": beside,
        "unit": value_unit, "gap": f"{gap_words.amount(abs(row['gap']), unit)} a year {side}",
        "range": gap_words.facing(row["gap"], low, high, unit),
        "chance": "more than chance" if row["signal"] else (
            "more likely than not, but not beyond chance" if is_likely(row) else "no more than chance"),
        "rank": gap_words.rank_words(row["rank"], row["of"]) if row["rank"] else "not ranked",
        "trend": row["trend"]["words"], "sure": row["sure"]}
