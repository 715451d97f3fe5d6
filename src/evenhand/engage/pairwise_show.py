"""Strengths of preference as a figure: a point and its range for each item."""

from __future__ import annotations

from typing import Any

from evenhand.figures import Answer, Figure, Table
from evenhand.figures.chart import BLUE, GREY, TEXT, rows_of

MOST_SHOWN = 40


def pairwise(answer: Answer) -> tuple[Figure, ...]:
    """Items from the most to the least preferred, each with its range; where no strength exists, wins and losses."""
    rows = answer.fields["rows"][:MOST_SHOWN]
    table = Table(answer.table.columns, answer.table.rows, answer.table.title)
    left = len(answer.fields["rows"]) - len(rows)
    note = f"The {left} least preferred are in the table." if left > 0 else ""
    y = {"field": "item", "type": "nominal", "sort": [row["item"] for row in rows], "title": None,
         "axis": {"labelLimit": 260}}
    size: dict[str, Any] = {"height": max(100, 28 * len(rows)), "width": 420}
    if rows[0]["log_strength"] is None:
        chart = {**size, "data": rows_of([{"item": row["item"], "share": row["won"] / (row["won"] + row["lost"])}
                                          for row in rows if row["won"] + row["lost"]]),
                 "mark": {"type": "bar", "color": BLUE},
                 "encoding": {"y": y, "x": {"field": "share", "type": "quantitative", "axis": {"format": "%"},
                                            "scale": {"domain": [0, 1]}, "title": "Put before the other"}}}
        return (Figure("pairwise", "How often each was put first", answer.sentence, table, chart,
                       "Shares alone do not say against whom: no strength can be told."),)
    points = [{"item": row["item"], "value": row["log_strength"], "low": (row["interval"] or (None, None))[0],
               "high": (row["interval"] or (None, None))[1]} for row in rows]
    x: dict[str, Any] = {"type": "quantitative", "title": "Strength (logarithm)"}
    chart = {**size, "layer": [
        {"data": {"values": [{"nought": 0}]}, "mark": {"type": "rule", "color": TEXT, "strokeDash": [5, 4]},
         "encoding": {"x": {"field": "nought", **x}}},
        {"data": rows_of(points), "mark": {"type": "rule", "color": GREY, "strokeWidth": 2},
         "encoding": {"y": y, "x": {"field": "low", **x}, "x2": {"field": "high"}}},
        {"data": rows_of(points), "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1, "color": BLUE},
         "encoding": {"y": y, "x": {"field": "value", **x}}}]}
    at = answer.fields["reference"]
    told = f"The dashed line is {at}." if at else "The dashed line is the mean of all."
    return (Figure("pairwise", "What is put before what", answer.sentence, table, chart, f"{told} {note}".strip()),)
