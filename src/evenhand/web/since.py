"""What happened since, drawn from the findings of a case. The figures stand in the paper; none is worked out anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evenhand.figures import Column, Figure, Table
from evenhand.figures.chart import BLUE, GREY, TEXT, rows_of
from evenhand.papers import Finding
from evenhand.terms import Month
from evenhand.terms.words import listed, pounds
from evenhand.web import loaded
from evenhand.web.case_page import CasePage

WIDTH, HEIGHT = 600, 210
COLOURS, DASHES = (BLUE, GREY, "#330072", "#d5281b", "#007f3b"), ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [4, 4])


@dataclass(frozen=True)
class Mark:
    """Something else that happened, to be marked on a picture."""

    day: str
    what: str


def since_figures(page: CasePage) -> list[tuple[Finding, tuple[Figure, ...]]]:
    """Each finding of a case with its pictures; one series is drawn once, with the finding that comes first."""
    found: list[tuple[Finding, tuple[Figure, ...]]] = []
    drawn = set()
    for place, finding in enumerate(page.findings, 1):
        series = finding.figures.get("series") or ()
        mark = tuple((each.get("unit"), each.get("figures")) for each in series)
        figure = None if not mark or mark in drawn or len(mark) < 2 else _figure(finding, series, f"since-{place}")
        drawn.add(mark)
        found.append((finding, (figure,) if figure else ()))
    return found


def _figure(finding: Finding, series: Sequence[Mapping[str, Any]], name: str) -> Figure:
    about = loaded.about(finding.measure)
    unit = f"{about.unit} a month" if about and about.denominator_kind == "stock" else about.unit if about else "value"
    rows = [{"version": _capital(str(each["figures"])), "place": _place(str(each["unit"])), "month": month,
             "day": f"{month}-01", "value": top / under}
            for each in series for month, top, under in zip(each["months"], each["numerators"], each["denominators"],
                                                            strict=True) if under]
    places = list(dict.fromkeys(row["place"] for row in rows))
    versions = list(dict.fromkeys(row["version"] for row in rows))
    marks = [Mark(f"{each['month']}-01", each["what"]) for each in finding.figures.get("marks") or ()]
    panels = [_panel([row for row in rows if row["version"] == version], places, marks, version, unit)
              for version in versions]
    title = f"{_capital(about.title if about else finding.measure or 'The measure')}: {listed(places)}"
    apart = " The two versions of the figures count different things, and stand apart." if len(versions) > 1 else ""
    table = Table.of(rows, [Column("version", "Figures"), Column("place", "Place"), Column("month", "Month"),
                            Column("value", _capital(unit), "number")], title=title)
    note = " ".join(f"{Month.parsed(mark.day[:7]).words}: {mark.what}." for mark in marks)
    sentence = f"{_in_words(rows, places, unit)}{apart}"
    return Figure(name, title, sentence, table, {"vconcat": panels, "spacing": 24}, note)


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


def _panel(rows: list[dict[str, Any]], places: list[str], marks: list[Mark], version: str,
           unit: str) -> dict[str, Any]:
    scale = {"domain": places, "range": list(COLOURS[:len(places)])}
    dashes = {"domain": places, "range": list(DASHES[:len(places)])}
    drawn = [{"day": row["day"], "place": row["place"], "value": round(row["value"], 2)} for row in rows]
    lines = {"data": rows_of(drawn), "mark": "line", "encoding": {
        "x": {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%Y", "tickCount": "year"}},
        "y": {"field": "value", "type": "quantitative", "title": _capital(unit.replace(" a month", ""))},
        "color": {"field": "place", "type": "nominal", "title": None, "scale": scale},
        "strokeDash": {"field": "place", "type": "nominal", "title": None, "scale": dashes}}}
    held = {row["day"] for row in rows}
    there = [{"day": mark.day, "what": _folded(mark.what)} for mark in marks if mark.day in held]
    layers: list[dict[str, Any]] = [lines]
    if there:
        at = {"field": "day", "type": "temporal"}
        layers += [{"data": {"values": there}, "mark": {"type": "rule", "strokeDash": [2, 3], "color": TEXT},
                    "encoding": {"x": at}},
                   {"data": {"values": there}, "mark": {"type": "text", "align": "left", "baseline": "top", "dx": 6,
                                                        "fontSize": 13, "color": TEXT},
                    "encoding": {"x": at, "y": {"value": 4}, "text": {"field": "what", "type": "nominal"}}}]
    return {"title": {"text": version, "fontSize": 14, "fontWeight": "normal"}, "width": WIDTH, "height": HEIGHT,
            "layer": layers}


def _folded(text: str) -> list[str]:
    """A text in lines short enough to stand beside a rule."""
    from textwrap import wrap

    return wrap(text, 44)


def _place(code: str) -> str:
    lists = loaded.bodies()
    return lists.name(code) if code in lists else code


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
