"""The main job's own figures: a place beside England, and several places around one date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evenhand.figures import Column, Figure, Table
from evenhand.figures.chart import BLUE, GREY, ORANGE, PURPLE, TEXT, rows_of
from evenhand.region.folder import Watch
from evenhand.region.series import Measured, Series

COLOURS = (BLUE, ORANGE, PURPLE, "#007f3b", GREY, "#7c2855")
DASHES = ([6, 3], [2, 2], [8, 3, 2, 3], [4, 2], [1, 2], [10, 4])


def _rows(series: Mapping[str, tuple[Series, ...]], names: Callable[[str], str]) -> list[dict[str, Any]]:
    return [{"version": source, "place": names(one.unit), "month": str(month), "day": month.first_day().isoformat(),
             "total": top, "value": top / under}
            for source, group in series.items() for one in group
            for month, top, under in zip(one.months, one.numerators, one.denominators, strict=True)]


def beside(watch: Watch, series: Mapping[str, tuple[Series, ...]], measured: Measured,
           names: Callable[[str], str]) -> Figure:
    """One place and England on two definitions, each in a panel of its own: never joined."""
    rows = _rows({each.title: series[each.title] for each in watch.figures}, names)
    places = sorted({row["place"] for row in rows}, key=lambda place: place == watch.beside)
    unit = measured.unit.replace(" a year", " a month")
    axis = f"{'Pounds' if measured.is_money else 'Value'} {unit}"
    panels = [_panel(watch, [row for row in rows if row["version"] == each.title], places, each.title, axis)
              for each in watch.figures]
    table = Table.of(rows, [Column("version", "Version of the figures"), Column("place", "Place"),
                            Column("month", "Month"),
                            Column("total", "Total in the month", "pounds" if measured.is_money else "number"),
                            Column("value", unit.capitalize(), "number")], title=measured.title)
    sentence = (f"{measured.title}, {places[0]} and {watch.beside}, month by month. "
                "The two versions of the figures define the measure differently and stand apart.")
    return Figure(watch.id, measured.title, sentence, table, {"vconcat": panels, "spacing": 28})


def _panel(watch: Watch, rows: list[dict[str, Any]], places: list[str], source: str, axis: str) -> dict[str, Any]:
    x = {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%Y", "tickCount": "year"}}
    lines = {"mark": {"type": "line"}, "data": rows_of(rows), "encoding": {
        "x": x, "y": {"field": "value", "type": "quantitative", "title": axis},
        "color": {"field": "place", "type": "nominal", "title": None,
                  "scale": {"domain": places, "range": [BLUE, GREY]}},
        "strokeDash": {"field": "place", "type": "nominal", "title": None,
                       "scale": {"domain": places, "range": [[1, 0], [6, 3]]}}}}
    held = {row["month"] for row in rows}
    marks = [{"day": f"{each.month}-01", "what": each.what} for each in watch.marks if each.month in held]
    layers: list[dict[str, Any]] = [lines]
    if marks:
        layers += [
            {"mark": {"type": "rule", "strokeDash": [2, 2], "color": ORANGE}, "data": {"values": marks},
             "encoding": {"x": {"field": "day", "type": "temporal"}}},
            {"mark": {"type": "text", "align": "left", "baseline": "top", "dx": 5, "fontSize": 12, "color": TEXT,
                      "limit": 420}, "data": {"values": marks},
             "encoding": {"x": {"field": "day", "type": "temporal"}, "y": {"value": 2},
                          "text": {"field": "what", "type": "nominal"}}}]
    return {"title": {"text": source[:1].upper() + source[1:], "fontSize": 14, "fontWeight": "normal"},
            "width": 640, "height": 200, "layer": layers}


def places(watch: Watch, every: tuple[Series, ...], measured: Measured, names: Callable[[str], str], table: Table,
           sentence: str) -> Figure:
    """Several places' values month by month, with a rule at the date in question."""
    rows = _rows({watch.figures[0].title: every}, names)
    shown = [names(one.unit) for one in sorted(every, key=lambda one: one.unit == watch.beside)]
    spec = {"width": 640, "height": 300, "layer": [
        {"mark": {"type": "line"}, "data": rows_of(rows), "encoding": {
            "x": {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%b %Y", "tickCount": 8}},
            "y": {"field": "value", "type": "quantitative", "title": None, "axis": {"format": "%"},
                  "scale": {"zero": False}},
            "color": {"field": "place", "type": "nominal", "title": None,
                      "scale": {"domain": shown, "range": [*COLOURS[:len(shown) - 1], TEXT]}},
            "strokeDash": {"field": "place", "type": "nominal", "title": None,
                           "scale": {"domain": shown, "range": [*DASHES[:len(shown) - 1], [1, 0]]}}}},
        {"mark": {"type": "rule", "strokeDash": [2, 2], "color": ORANGE},
         "data": {"values": [{"day": f"{watch.start}-01"}]},
         "encoding": {"x": {"field": "day", "type": "temporal"}}}]}
    return Figure(watch.id, measured.title, sentence, table, spec)
