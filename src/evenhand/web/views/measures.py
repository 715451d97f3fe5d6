"""The explorer of measures: every place with its range, one place month by month with its limits."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from evenhand.evaluate import spc
from evenhand.figures import Answer, Column, Table
from evenhand.find import funnel
from evenhand.pages.answers import FORMS, answer_as_file, as_file
from evenhand.pages.guard import asks
from evenhand.pages.show import shown_answer
from evenhand.terms import Refused, Span
from evenhand.web import adoption, loaded
from evenhand.web.alike import table_of
from evenhand.web.explored import (
    Found,
    Missing,
    asked_of,
    choices,
    places_of,
    releases_of,
    shown_missing,
    take_away_links,
    worked_words,
)
from evenhand.web.explored import capital as _capital
from evenhand.web.loaded import Release
from evenhand.web.looking import command_for
from evenhand.web.mapped import mapped
from evenhand.web.set_against import in_words

MOST_ROWS = 30
"""Rows of a table on the page; its files hold them all, and a telephone should not."""
PARTS_OF_THE_GAP = ("ranked", "by-month")
DIRECTIONS = {"low": "decrease", "high": "increase"}


@asks("read public pages")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every measure that figures are held of."""
    held: dict[str, list[Release]] = {}
    for release in loaded.releases():
        for name in release.measures:
            held.setdefault(name, []).append(release)
    rows = [(name, loaded.title_of(name), _why(name),
             "; ".join(f"{release.span.words}, {len(release.units)} places" for release in found))
            for name, found in sorted(held.items(), key=lambda each: loaded.title_of(each[0]).casefold())]
    newest = next((each for each in loaded.releases() if len(each.units) > loaded.ENOUGH), None)
    return render(request, "web/measures.jinja", {"rows": rows, "places": places_of(newest) if newest else []})


@asks("read public pages")
@require_safe
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One measure: ranked, and one place through time."""
    try:
        found = _asked(request, name)
        answer = _answer(name, found)
    except Missing as missing:
        return shown_missing(request, missing)
    release, of, span, compared = found.release, found.of, found.span, found.compared

    def drawn() -> dict[str, Any]:
        chart, judged = _chart(name, release, of), _funnel(name, release, span)
        on_map = mapped(name, found, answer.fields.get("ranked", ()), judged)
        return {"answer": shown_answer(answer), "chart": shown_answer(chart) if chart else None,
                "funnel": shown_answer(_named(judged)) if judged else None, "on_map": on_map,
                "map": shown_answer(on_map.answer) if on_map.answer else None}

    shown = loaded.remembered(("measure", *loaded.mark(), name, release.name, of, compared.against, compared.peers),
                              drawn)
    query = urlencode({"of": of, "release": release.name, **compared.query})
    links = take_away_links("measure-file", query, name)
    lists = loaded.bodies()
    return render(request, "web/measure.jinja", {
        "measure": name, "title": _capital(loaded.title_of(name)), "about": loaded.about(name),
        "worked": worked_words(name), "invented": loaded.is_invented(of), "against": choices(name),
        "adoption": adoption.standing(name, of), "origin": adoption.origin(),
        "compared": compared, "release": release, "releases": releases_of(name), "of": of,
        "places": places_of(release), "span": span, "place": lists.title(of) if of in lists else of, **shown,
        "to_case": urlencode({"of": of, **compared.named}), "alike": found.alike,
        "can_raise": loaded.release_for(of) == release,
        "query": query, "most": MOST_ROWS,
        "links": [*links, ("Link to this page", f"{request.path}?{query}")],
        "command": command_for(of, release, span, compared, name)})


@asks("read public pages")
@require_safe
def one_file(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """The figures of a measure's page as a file."""
    try:
        found = _asked(request, name)
        answer = _answer(name, found)
    except Missing:
        raise Http404 from None
    return answer_as_file(answer, form, f"{name}-{found.of}",
                 command_for(found.of, found.release, found.span, found.compared, name))


@asks("read public pages")
@require_safe
def part_file(request: HttpRequest, name: str, part: str, form: str) -> HttpResponse:
    """One picture of a measure's page as a file: places ranked, by month, with limits, against size, on the map."""
    try:
        found = _asked(request, name)
        answer = _answer(name, found)
    except Missing:
        raise Http404 from None
    called = f"{name}-{part}-{found.of}"
    command = command_for(found.of, found.release, found.span, found.compared, name)
    if part in PARTS_OF_THE_GAP:
        figure = next((each for each in answer.figures if each.name == part), None)
        if figure is None or figure.chart is None or form not in ("csv", "svg"):
            raise Http404
        content = "\ufeff" + figure.table.to_csv() if form == "csv" else figure.svg()
        return as_file(content, f"{called}.{form}", FORMS[form])
    whole: Answer | None = None
    if part == "alike":
        return _alike_file(name, found, form)
    if part == "peers" and found.alike is not None:
        whole, command = found.alike.answer, found.alike.command
    elif part == "months":
        whole = _chart(name, found.release, found.of)
    elif part in ("funnel", "map"):
        whole = _funnel(name, found.release, found.span)
    if part == "map":
        on_map = mapped(name, found, answer.fields.get("ranked", ()), whole)
        whole, command = on_map.answer, on_map.command
    if whole is None:
        raise Http404
    return answer_as_file(whole, form, called, command)


def _alike_file(name: str, found: Found, form: str) -> HttpResponse:
    """The table of what places are like, with the measure beside it: what find peers reads."""
    table = table_of(found.release, found.span, name)
    if table is None or form != "csv":
        raise Http404
    plain = Table.of(table.arrow.to_pylist(), [Column(each) for each in table.columns])
    return as_file("\ufeff" + plain.to_csv(), f"{name}-alike-{found.of}.csv", FORMS[form])


def _asked(request: HttpRequest, name: str) -> Found:
    """What is asked for: without a release the newest, without a place the first. Raises ``Missing`` in words."""
    return asked_of(request, releases_of(name), name)


def _answer(name: str, found: Found) -> Answer:
    try:
        return loaded.gaps_of(found.release, of=found.of, span=found.span, against=found.compared.against,
                              measure=name, peers=found.compared.peers)
    except Refused as refused:
        raise Missing(_capital(loaded.title_of(name)), in_words(refused), ()) from None


def _chart(name: str, release: Release, of: str) -> Answer | None:
    """The last three years of one place as a control chart."""
    table = loaded.observations(release, first=release.last.plus(-35), last=release.last, measure=name, unit=of)
    rows = [(str(month)[:7], top / under) for month, top, under in zip(
        *(table.column(each).to_pylist() for each in ("month", "numerator", "denominator")), strict=True) if under]
    if len(rows) < 13:
        return None
    about = loaded.about(name)
    direction = DIRECTIONS.get(about.direction, "neutral") if about else "neutral"
    unit = f", {about.unit}" if about and about.unit else ""
    return spc({"date": [month for month, _ in rows], "value": [value for _, value in rows]}, direction=direction,
               label=f"{_capital(loaded.title_of(name))} a month{unit}")


def _funnel(name: str, release: Release, span: Span) -> Answer | None:
    """Every place against its size, where the measure counts something; pounds come in lumps that no funnel knows."""
    about = loaded.about(name)
    if about is None or about.numerator_unit == "pounds":
        return None
    table = loaded.observations(release, first=span.first, last=span.last, measure=name).to_pydict()
    sums: dict[str, list[float]] = {}
    for unit, top, under in zip(table["unit"], table["numerator"], table["denominator"], strict=True):
        if top is not None and under:
            total = sums.setdefault(unit, [0.0, 0.0, 0.0])
            sums[unit] = [total[0] + top, total[1] + under, total[2] + 1]
    stock = about.denominator_kind == "stock"
    thousands = 1_000 if about.denominator_is_the_list else 1
    under_of = {unit: (total[1] / total[2] if stock else total[1]) * thousands for unit, total in sums.items()}
    try:
        return funnel({"unit": list(sums), "numerator": [round(total[0]) for total in sums.values()],
                       "denominator": [max(1, round(under_of[unit])) for unit in sums]},
                      kind="proportion" if about.is_share else "rate", overdispersion="additive",
                      per=100 if about.is_share else 1_000)
    except Refused:
        return None


def _named(answer: Answer) -> Answer:
    """The same answer with the names of places for their codes in its sentence."""
    lists = loaded.bodies()
    known = {code for row in answer.fields["rows"] if (code := str(row["unit"])) in lists}
    said = re.sub(r"\b\w+\b", lambda found: lists.name(found[0]) if found[0] in known else found[0], answer.sentence)
    return replace(answer, sentence=said.replace(" units", " places"))


def _why(name: str) -> str:
    about = loaded.about(name)
    return about.why if about else ""
