"""Places through time, one panel for each version of the figures, with marks for what else happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from evenhand.figures.chart import BLUE, GREY, ORANGE, PURPLE, TEXT, rows_of

WIDTH, HEIGHT = 600, 210
COLOURS, DASHES = (BLUE, GREY, PURPLE, ORANGE, "#007f3b"), ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2], [4, 4])
MARK_WIDTH = 44


@dataclass(frozen=True)
class Mark:
    """Something else that happened, by month (2018-12), to be marked on a picture."""

    month: str
    what: str


def panels(rows: Sequence[Mapping[str, Any]], *, places: Sequence[str], marks: Sequence[Mark],
           axis: str) -> dict[str, Any]:
    """A specification with one panel for each ``version`` of the rows, never joined.

    Rows hold ``version``, ``place``, ``month`` (2018-12) and ``value``; a mark stands only where its month is held.
    """
    versions = list(dict.fromkeys(row["version"] for row in rows))
    return {"spacing": 24, "vconcat": [_panel([row for row in rows if row["version"] == version], list(places), marks,
                                              version, axis) for version in versions]}


def _panel(rows: Sequence[Mapping[str, Any]], places: list[str], marks: Sequence[Mark], version: str,
           axis: str) -> dict[str, Any]:
    scale = {"domain": places, "range": list(COLOURS[:len(places)])}
    dashes = {"domain": places, "range": list(DASHES[:len(places)])}
    drawn = [{"day": f"{row['month']}-01", "place": row["place"], "value": round(row["value"], 2)} for row in rows]
    layers: list[dict[str, Any]] = [{"data": rows_of(drawn), "mark": "line", "encoding": {
        "x": {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%Y", "tickCount": "year"}},
        "y": {"field": "value", "type": "quantitative", "title": axis},
        "color": {"field": "place", "type": "nominal", "title": None, "scale": scale},
        "strokeDash": {"field": "place", "type": "nominal", "title": None, "scale": dashes}}}]
    held = {row["month"] for row in rows}
    there = [{"day": f"{mark.month}-01", "what": wrap(mark.what, MARK_WIDTH)} for mark in marks if mark.month in held]
    if there:
        at = {"field": "day", "type": "temporal"}
        layers += [{"data": {"values": there}, "mark": {"type": "rule", "strokeDash": [2, 3], "color": TEXT},
                    "encoding": {"x": at}},
                   {"data": {"values": there}, "mark": {"type": "text", "align": "left", "baseline": "top", "dx": 6,
                                                        "fontSize": 13, "color": TEXT},
                    "encoding": {"x": at, "y": {"value": 4}, "text": {"field": "what", "type": "nominal"}}}]
    return {"title": {"text": version[:1].upper() + version[1:], "fontSize": 14, "fontWeight": "normal"},
            "width": WIDTH, "height": HEIGHT, "layer": layers}
