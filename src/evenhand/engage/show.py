"""Voices as figures: each group's replies beside its share of the people."""

from __future__ import annotations

from typing import Any

from evenhand.figures import Answer, Figure, Table
from evenhand.figures.chart import BLUE, GREY, ORANGE, PURPLE, TEXT, rows_of

# Colour and shape both say how a group was heard.
SIGNS = {"nobody replied": (ORANGE, "cross"), "hardly heard": (ORANGE, "triangle-down"),
         "less than their share": (PURPLE, "triangle-down"), "about their share": (BLUE, "circle"),
         "more than their share": (GREY, "triangle-up")}
LEAST = 0.05


def reach(answer: Answer) -> tuple[Figure, ...]:
    """The ratio of each group's share of replies to its share of the people, on a scale where half and double weigh
    the same, with its range and a line where the two are equal.
    """
    rows = [row for row in answer.table.rows if isinstance(row["ratio"], int | float)]
    if not rows:
        return ()
    whiskers = [row["interval"] for row in rows if isinstance(row["interval"], tuple)]
    ratios = [row["ratio"] for row in rows if row["ratio"]]
    least = max(LEAST, min([0.5, *(low for low, _ in whiskers if low > 0), *ratios]) / 1.3)
    most = max([2.0, *(high for _, high in whiskers), *ratios]) * 1.1
    points = [_point(row, least, most) for row in rows]
    statuses = [name for name in SIGNS if any(point["heard"] == name for point in points)]
    names = [point["name"] for point in points]
    y = {"field": "name", "type": "nominal", "sort": names, "title": None, "axis": {"labelLimit": 260}}
    log = {"type": "log", "domain": [least, most], "nice": False}
    ticks = [each for each in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if least <= each <= most]
    chart: dict[str, Any] = {
        "height": max(120, 30 * len(points)),
        "width": 440,
        "layer": [
            {"data": {"values": [{"even": 1}]},
             "mark": {"type": "rule", "color": TEXT, "strokeDash": [5, 4]},
             "encoding": {"x": {"field": "even", "type": "quantitative", "scale": log}}},
            {"data": rows_of(points), "mark": {"type": "rule", "color": GREY, "strokeWidth": 2},
             "encoding": {"y": y, "x": {"field": "low", "type": "quantitative", "scale": log},
                          "x2": {"field": "high"}}},
            {"data": rows_of(points), "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
             "encoding": {
                 "y": y,
                 "x": {"field": "shown", "type": "quantitative", "scale": log,
                       "title": "Share of replies ÷ share of people (1: even)",
                       "axis": {"values": ticks, "format": "~g", "grid": True}},
                 "color": {"field": "heard", "type": "nominal", "title": None,
                           "scale": {"domain": statuses, "range": [SIGNS[each][0] for each in statuses]},
                           "legend": {"columns": 3}},
                 "shape": {"field": "heard", "type": "nominal", "title": None,
                           "scale": {"domain": statuses, "range": [SIGNS[each][1] for each in statuses]}}}},
        ],
    }
    left = len(answer.table.rows) - len(rows)
    note = "The line stands where a group's share of the replies equals its share of the people."
    if any(point["heard"] == "nobody replied" for point in points):
        note += " A cross at the left edge: nobody replied."
    if left:
        note += f" Groups with figures that are hidden or missing are not drawn ({left})."
    return (Figure("reach", "Who was heard", answer.sentence,
                   Table(answer.table.columns, answer.table.rows, answer.table.title), chart, note),)


def _point(row: Any, least: float, most: float) -> dict[str, Any]:
    interval = row["interval"] if isinstance(row["interval"], tuple) else (None, None)
    low, high = interval
    return {"name": f"{row['group']} ({row['dimension']})", "shown": max(row["ratio"], least),
            "low": None if low is None else max(low, least), "high": None if high is None else min(high, most),
            "heard": str(row["status"])}
