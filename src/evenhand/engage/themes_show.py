"""Themes as figures: how many respondents speak of each, and which groups more than others."""

from __future__ import annotations

from typing import Any

from evenhand.figures import Answer, Figure, Table
from evenhand.figures.chart import BLUE, DARK_BLUE, GREY, ORANGE, PURPLE, TEXT, rows_of

MOST_SHOWN, MOST_GROUPS = 20, 5
SIGNS = ((BLUE, "circle"), (ORANGE, "diamond"), (PURPLE, "triangle-up"), (GREY, "square"), (DARK_BLUE, "cross"))


def themes(answer: Answer) -> tuple[Figure, ...]:
    """Respondents by theme in their own words, with those of campaigns marked apart; then shares by group."""
    rows = [row for row in answer.fields["themes"] if isinstance(row["respondents"], int)][:MOST_SHOWN]
    if not rows:
        return ()
    table = Table(answer.table.columns, answer.table.rows, answer.table.title)
    figures = [Figure("themes", "What the replies speak of", answer.sentence, table, _sizes(rows),
                      "Respondents in their own words. A diamond shows those who only sent a campaign's text."
                      if any(_campaign(row) for row in rows) else "Respondents in their own words.")]
    groups = [each["group"] for each in answer.fields["groups"]][:MOST_GROUPS]
    points = [{"theme": row["theme"], "group": each["group"], "share": each["share"]}
              for row in rows for each in row["by_group"]
              if each["group"] in groups and isinstance(each["share"], int | float)]
    if len(groups) > 1 and points:
        left = len(answer.fields["groups"]) - len(groups)
        figures.append(Figure("themes by group", "Who speaks of what", "The share of each group's respondents who "
                              "speak of a theme.", table, _by_group(rows, groups, points),
                              f"{left} more groups are in the table." if left > 0 else ""))
    return tuple(figures)


def _campaign(row: Any) -> int | None:
    count = row["campaign_respondents"]
    return count if isinstance(count, int) and count else None


def _order(rows: list[Any]) -> dict[str, Any]:
    return {"field": "theme", "type": "nominal", "sort": [row["theme"] for row in rows], "title": None,
            "axis": {"labelLimit": 260}}


def _sizes(rows: list[Any]) -> dict[str, Any]:
    bars = [{"theme": row["theme"], "respondents": row["respondents"], "campaign": _campaign(row)} for row in rows]
    y = _order(rows)
    x: dict[str, Any] = {"type": "quantitative", "title": "Respondents", "axis": {"tickMinStep": 1}}
    layers: list[dict[str, Any]] = [
        {"data": rows_of(bars), "mark": {"type": "bar", "color": BLUE},
         "encoding": {"y": y, "x": {"field": "respondents", **x}}},
        {"data": rows_of(bars), "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 13, "color": TEXT},
         "encoding": {"y": y, "x": {"field": "respondents", **x}, "text": {"field": "respondents"}}}]
    apart = [bar for bar in bars if bar["campaign"]]
    if apart:
        layers.append({"data": rows_of(apart), "mark": {"type": "point", "shape": "diamond", "size": 120,
                                                        "filled": True, "opacity": 1, "color": ORANGE},
                       "encoding": {"y": y, "x": {"field": "campaign", **x}}})
    return {"height": max(100, 28 * len(rows)), "width": 420, "layer": layers}


def _by_group(rows: list[Any], groups: list[str], points: list[dict[str, Any]]) -> dict[str, Any]:
    signs = SIGNS[:len(groups)]
    return {"height": max(100, 30 * len(rows)), "width": 420, "data": rows_of(points),
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
            "encoding": {
                "y": _order(rows) | {"axis": {"labelLimit": 260, "grid": True}},
                "x": {"field": "share", "type": "quantitative", "title": "Share of the group's respondents",
                      "axis": {"format": "%"}, "scale": {"domainMin": 0}},
                "color": {"field": "group", "type": "nominal", "title": None,
                          "scale": {"domain": groups, "range": [colour for colour, _ in signs]},
                          "legend": {"columns": 3}},
                "shape": {"field": "group", "type": "nominal", "title": None,
                          "scale": {"domain": groups, "range": [shape for _, shape in signs]}}}}
