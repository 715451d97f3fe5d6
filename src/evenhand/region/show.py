"""The main job's own figures: a place beside England, and several places around one date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evenhand.figures import Column, Figure, Table
from evenhand.figures.chart import BLUE, GREY, ORANGE, PURPLE, TEXT, rows_of
from evenhand.figures.over_time import Mark, panels
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
    chart = panels(rows, places=places, marks=[Mark(each.month, each.what) for each in watch.marks],
                   axis=f"{'Pounds' if measured.is_money else 'Value'} {unit}")
    table = Table.of(rows, [Column("version", "Version of the figures"), Column("place", "Place"),
                            Column("month", "Month"),
                            Column("total", "Total in the month", "pounds" if measured.is_money else "number"),
                            Column("value", unit.capitalize(), "number")], title=measured.title)
    sentence = (f"{measured.title}, {places[0]} and {watch.beside}, month by month. "
                "The two versions of the figures define the measure differently and stand apart.")
    return Figure(watch.id, measured.title, sentence, table, chart)


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
