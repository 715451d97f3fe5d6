"""Inequality as a figure: groups in order of deprivation with their intervals, and the line through them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from evenhand.figures import Column, Figure, Table
from evenhand.figures.chart import BLUE, DARK_BLUE, GREY, ORANGE, rows_of

if TYPE_CHECKING:
    from evenhand.figures import Answer

MOST_DRAWN = 12


def inequality(answer: Answer) -> tuple[Figure, ...]:
    """One figure a set, a dozen at most."""
    rows = answer.fields["rows"]
    return tuple(_drawn(answer, row, alone=len(rows) == 1) for row in rows[:MOST_DRAWN])


def _drawn(answer: Answer, row: Mapping[str, Any], *, alone: bool) -> Figure:
    settings = answer.settings
    share = settings["value_type"] == "proportion"
    key = ", ".join(str(row[name]) for name in settings["by"])
    x = {"field": "rank", "type": "quantitative", "scale": {"domain": [0, 1], "nice": False},
         "axis": {"title": "Everyone in line, from the most deprived (0%) to the least deprived (100%)",
                  "format": ".0%", "grid": False, "tickCount": 5, "titleLimit": 620}}
    y = {"field": "value", "type": "quantitative", "scale": {"zero": False},
         "axis": {"title": {"rate": "Rate", "proportion": "Share"}.get(settings["value_type"], "Value"),
                  **({"format": ".0%"} if share else {})}}
    groups = rows_of({"rank": each["rank"], "value": each["value"], "low": each["interval"][0],
                      "high": each["interval"][1], "group": each["group"]} for each in row["groups"])
    steps = len(row["line"]) - 1
    line = rows_of({"rank": place / steps, "value": height} for place, height in enumerate(row["line"]))
    ends = rows_of([{"rank": 0, "value": row["line"][0], "side": "left"},
                    {"rank": 1, "value": row["line"][-1], "side": "right"}])
    layers: list[dict[str, Any]] = [
        {"data": groups, "mark": {"type": "rule", "color": GREY, "strokeWidth": 2},
         "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}},
        {"data": groups, "mark": {"type": "point", "filled": True, "color": BLUE, "size": 80, "opacity": 1},
         "encoding": {"x": x, "y": y, "tooltip": [{"field": "group"}, {"field": "value"}]}},
        {"data": line, "mark": {"type": "line", "color": DARK_BLUE, "strokeWidth": 2.5},
         "encoding": {"x": x, "y": y}},
        {"data": ends, "mark": {"type": "point", "filled": True, "shape": "diamond", "color": ORANGE, "size": 130,
                                "opacity": 1, "clip": False},
         "encoding": {"x": x, "y": y}}]
    table = Table.of(
        [{**each, "interval": tuple(each["interval"])} for each in row["groups"]],
        [Column("group", "Group"), Column("population", "People", "count"),
         Column("rank", "Middle of its place", "share"),
         Column("value", "Value", "share" if share else "number"), Column("interval", "95% interval", "interval")],
        title=key or "Groups in order of deprivation")
    name = "inequality" if alone else f"inequality {re.sub(r'[^0-9A-Za-z]+', '-', key).strip('-')}"
    scale = {"none": "straight", "log": "straight on the logarithmic scale",
             "logit": "straight on the logit scale"}[settings["transform"]]
    note = (f"Points are groups with their 95% intervals; the line is {scale}; diamonds are its ends, whose difference "
            "is the slope index.")
    title = f"Inequality by deprivation{': ' + key if key else ''}"
    return Figure(name, title, answer.sentence if alone else _said(row, key), table, {"layer": layers}, note)


def _said(row: Mapping[str, Any], key: str) -> str:
    level, (low, high) = next(iter(row["intervals"]["slope_index"].items()))
    return (f"{key}: slope index {row['slope_index']:.3g} ({float(level) * 100:g}% interval {low:.3g} to "
            f"{high:.3g}).")
