"""What happened since, drawn from the findings of a case. The figures stand in the paper; none is worked out anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evenhand.figures import Column, Figure, Table
from evenhand.figures.over_time import Mark, panels
from evenhand.papers import Finding
from evenhand.terms import Month
from evenhand.terms.words import listed, pounds
from evenhand.web import loaded
from evenhand.web.case_page import CasePage

INVENTED_COUNTY = "invented-county"


def since_figures(page: CasePage) -> list[tuple[Finding, tuple[Figure, ...]]]:
    """The last answer to each question with its pictures; one series is drawn once, with the first that has it."""
    found: list[tuple[Finding, tuple[Figure, ...]]] = []
    drawn = set()
    for place, finding in enumerate(page.latest_findings, 1):
        series = finding.figures.get("series") or ()
        mark = tuple((each.get("unit"), each.get("figures")) for each in series)
        figure = None if not mark or mark in drawn or len(mark) < 2 else _figure(finding, series, f"since-{place}")
        drawn.add(mark)
        found.append((finding, (figure,) if figure else ()))
    return found


def _figure(finding: Finding, series: Sequence[Mapping[str, Any]], name: str) -> Figure:
    about = loaded.about(finding.measure)
    unit = f"{about.unit} a month" if about and about.denominator_kind == "stock" else about.unit if about else "value"
    rows = [{"version": _version(str(each["figures"])), "place": _place(str(each["unit"])), "month": month,
             "value": top / under}
            for each in series for month, top, under in zip(each["months"], each["numerators"], each["denominators"],
                                                            strict=True) if under]
    places = list(dict.fromkeys(row["place"] for row in rows))
    marks = [Mark(each["month"], each["what"]) for each in finding.figures.get("marks") or ()]
    chart = panels(rows, places=places, marks=marks, axis=_capital(unit.replace(" a month", "")))
    title = f"{_capital(about.title if about else finding.measure or 'The measure')}: {listed(places)}"
    several = len({row["version"] for row in rows}) > 1
    apart = " The two versions of the figures count different things, and stand apart." if several else ""
    table = Table.of(rows, [Column("version", "Figures"), Column("place", "Place"), Column("month", "Month"),
                            Column("value", _capital(unit), "number")], title=title)
    note = " ".join(f"{Month.parsed(mark.month).words}: {mark.what}." for mark in marks)
    sentence = f"{_in_words(rows, places, unit)}{apart}"
    return Figure(name, title, sentence, table, chart, note)


def _in_words(rows: list[dict[str, Any]], places: list[str], unit: str) -> str:
    """The first and last month of the first place's series, in a sentence."""
    own = [row for row in rows if row["place"] == places[0]]
    first, last = own[0], own[-1]
    if first["version"] != last["version"]:
        last = [row for row in own if row["version"] == first["version"]][-1]

    def said(row: dict[str, Any]) -> str:
        value = pounds(row["value"]) if unit.startswith("pounds") else f"{row['value']:,.3g}"
        return f"{value} in {Month.parsed(row['month']).words}"

    return f"{places[0]}, {unit}: {said(first)}, {said(last)}."


_BESIDE = {"own": "Here", "others": "places like it"}
"""How a finding names the bodies of a programme, and those it was set beside, taken together."""


def _version(figures: str) -> str:
    """Which figures they are; those of an invented county go by no publication's name."""
    return "Figures of the invented county" if figures == INVENTED_COUNTY else _capital(figures)


def _place(code: str) -> str:
    if code in _BESIDE:
        return _BESIDE[code]
    lists = loaded.bodies()
    return lists.name(code) if code in lists else code


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
