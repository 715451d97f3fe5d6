"""The explorer of measures: every place with its range, one place month by month with its limits."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from evenhand.documents.workbook import workbook_bytes
from evenhand.evaluate import spc
from evenhand.figures import Answer
from evenhand.find import funnel
from evenhand.pages.answers import FORMS, as_file
from evenhand.pages.guard import asks
from evenhand.pages.show import shown_answer
from evenhand.terms import Refused, Span
from evenhand.web import loaded
from evenhand.web.loaded import Release
from evenhand.web.looking import command_for

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
    return render(request, "web/measures.jinja", {"rows": rows})


@asks("read public pages")
@require_safe
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One measure: ranked, and one place through time."""
    release, of = _asked(request, name)
    answer, span = _answer(name, release, of)

    def drawn() -> dict[str, Any]:
        chart = _chart(name, release, of)
        return {"answer": shown_answer(answer), "chart": shown_answer(chart) if chart else None,
                "funnel": _funnel(name, release, span)}

    shown = loaded.remembered(("measure", *loaded.mark(), name, release.name, of), drawn)
    lists = loaded.bodies()
    places = sorted((lists.name(code) if code in lists else code, code) for code in release.units)
    query = urlencode({"of": of, "release": release.name})
    links = [(text, f"{reverse('measure-file', args=(name, form))}?{query}")
             for text, form in (("CSV", "csv"), ("Excel", "xlsx"), ("Picture (SVG)", "svg"), ("JSON", "json"))]
    return render(request, "web/measure.jinja", {
        "measure": name, "title": _capital(loaded.title_of(name)), "about": loaded.about(name),
        "invented": loaded.is_invented(of),
        "release": release, "releases": _releases(name), "of": of, "places": places, "span": span,
        "place": lists.title(of) if of in lists else of, **shown,
        "links": [*links, ("Link to this page", f"{request.path}?{query}")],
        "command": command_for(of, release, span, "median", name)})


@asks("read public pages")
@require_safe
def one_file(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """The figures of a measure's page as a file."""
    release, of = _asked(request, name)
    answer, span = _answer(name, release, of)
    if form == "csv":
        return as_file("\ufeff" + answer.table.to_csv(), f"{name}-{of}.csv", FORMS["csv"])
    if form == "json":
        return as_file(answer.to_json(), f"{name}-{of}.json", FORMS["json"])
    if form == "xlsx":
        command = command_for(of, release, span, "median", name)
        return as_file(workbook_bytes(answer, command=command), f"{name}-{of}.xlsx", FORMS["xlsx"])
    if form == "svg" and answer.figure.chart is not None:
        return as_file(answer.figure.svg(), f"{name}-{of}.svg", FORMS["svg"])
    raise Http404


def _releases(name: str) -> list[Release]:
    return [each for each in loaded.releases() if name in each.measures]


def _asked(request: HttpRequest, name: str) -> tuple[Release, str]:
    """The release and the place that are asked for; without them the newest, and the first place of it."""
    found = _releases(name)
    if not found:
        raise Http404
    wanted, of = request.GET.get("release", ""), request.GET.get("of", "").strip()[:20]
    release = next((each for each in found if each.name == wanted), None) or next(
        (each for each in found if of in each.units), found[0])
    if of and of not in release.units:
        raise Http404
    return release, of or ("15M" if "15M" in release.units else sorted(release.units)[0])


def _answer(name: str, release: Release, of: str) -> tuple[Answer, Span]:
    span = loaded.best_year(of, release, name)
    if span is None:
        raise Http404
    try:
        return loaded.gaps_of(release, of=of, span=span, measure=name), span
    except Refused:
        raise Http404 from None


def _chart(name: str, release: Release, of: str) -> Answer | None:
    """The last three years of one place as a control chart."""
    table = loaded.observations(release, first=release.last.plus(-35), last=release.last, measure=name, unit=of)
    rows = [(str(month)[:7], top / under) for month, top, under in zip(
        *(table.column(each).to_pylist() for each in ("month", "numerator", "denominator")), strict=True) if under]
    if len(rows) < 13:
        return None
    about = loaded.about(name)
    direction = DIRECTIONS.get(about.direction, "neutral") if about else "neutral"
    return spc({"date": [month for month, _ in rows], "value": [value for _, value in rows]}, direction=direction,
               label=f"{_capital(loaded.title_of(name))} a month")


def _funnel(name: str, release: Release, span: Span) -> dict[str, Any] | None:
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
        found = funnel({"unit": list(sums), "numerator": [round(total[0]) for total in sums.values()],
                        "denominator": [max(1, round(under_of[unit])) for unit in sums]},
                       kind="proportion" if about.is_share else "rate", overdispersion="additive",
                       per=100 if about.is_share else 1_000)
    except Refused:
        return None
    return shown_answer(found)


def _why(name: str) -> str:
    about = loaded.about(name)
    return about.why if about else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
