"""Waiting lists as figures: one list's weeks to come, or many lists beside their targets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from evenhand.figures import Column, Figure, Table
from evenhand.figures.chart import BLUE, DARK_BLUE, GREY, ORANGE, TEXT, rows_of

if TYPE_CHECKING:
    from evenhand.figures import Answer

MOST_DRAWN = 40
ROW_HEIGHT = 26
AFTER = 1.5
"""A path is drawn for this many times the weeks in which the target is to be reached."""

POINTS = 39
"""Points along a path; one of them stands where the target is reached, for it is a multiple of three."""


def waiting(answer: Answer) -> tuple[Figure, ...]:
    """The weeks to come of a single list; of several, each beside its target."""
    rows = [row for row in answer.fields["rows"] if row["queue"] is not None and row["target_queue"]]
    if not rows:
        return ()
    if len(answer.fields["rows"]) == 1:
        return () if rows[0]["relief_capacity"] is None else (_path(answer, rows[0]),)
    return (_beside(answer, rows),)


def _path(answer: Answer, row: Mapping[str, Any]) -> Figure:
    weeks = row["weeks_to_target"] * AFTER
    rates = {"seeing what relief needs": row["relief_capacity"]}
    if row["capacity"] is not None:
        rates = {"as things are": row["capacity"], **rates}
    points = [{"week": week, "people": _height(row, rate, week, kind), "way": kind}
              for kind, rate in rates.items() for week in (weeks * place / POINTS for place in range(POINTS + 1))]
    looks = {"as things are": (ORANGE, [1, 0]), "seeing what relief needs": (DARK_BLUE, [7, 4])}
    x = {"field": "week", "type": "quantitative", "axis": {"title": "Weeks from now", "grid": False}}
    y = {"field": "people", "type": "quantitative", "axis": {"title": "People waiting", "format": ",~f"},
         "scale": {"zero": True}}
    domain = list(rates)
    target = {"values": [{"people": row["target_queue"], "week": weeks, "words": "target list"}]}
    layers: list[dict[str, Any]] = [
        {"data": target, "mark": {"type": "rule", "color": TEXT}, "encoding": {"y": y}},
        {"data": target, "mark": {"type": "text", "align": "right", "dy": -8, "fontSize": 13, "color": TEXT},
         "encoding": {"x": x, "y": y, "text": {"field": "words", "type": "nominal"}}},
        {"data": rows_of(points), "mark": {"type": "line", "strokeWidth": 2.5}, "encoding": {
            "x": x, "y": y,
            "color": {"field": "way", "type": "nominal", "scale": {"domain": domain, "range": [
                looks[each][0] for each in domain]}, "legend": {"title": None, "symbolType": "stroke",
                                                                "symbolSize": 400}},
            "strokeDash": {"field": "way", "type": "nominal", "legend": None, "scale": {
                "domain": domain, "range": [looks[each][1] for each in domain]}}}}]
    table = Table.of(points, [Column("week", "Week", "number"), Column("way", "Way"),
                              Column("people", "People waiting", "count")], title="The weeks to come")
    return Figure("waiting", "The list in the weeks to come", answer.sentence, table, {"layer": layers},
                  "On average, if demand stays as it is; single weeks lie above and below.")


def _height(row: Mapping[str, Any], rate: float, week: float, kind: str) -> float:
    """People waiting after so many weeks; relief ends when the target is reached, and no list is below nought."""
    height = row["queue"] + (row["demand"] - rate) * week
    if kind != "as things are" and week >= row["weeks_to_target"] * (1 - 1e-9):
        return float(row["target_queue"])
    return float(max(height, 0.0))


def _beside(answer: Answer, rows: list[Mapping[str, Any]]) -> Figure:
    ranked = sorted(rows, key=lambda row: -row["queue"] / row["target_queue"])
    shown = ranked[:MOST_DRAWN]
    names = [row["list"] for row in shown]
    y = {"field": "list", "type": "nominal", "sort": names, "title": None,
         "axis": {"labelLimit": 260, "domain": False, "ticks": False}}
    x = {"field": "people", "type": "quantitative", "axis": {"title": "People waiting", "format": ",~f"}}
    marks = [{"list": row["list"], "people": row[name], "what": what} for row in shown
             for name, what in (("queue", "waiting now"), ("target_queue", "target list"))]
    looks: dict[str, Any] = {channel: {"field": "what", "type": "nominal", "title": None,
                       "scale": {"domain": ["waiting now", "target list"], "range": kinds}}
             for channel, kinds in (("color", [BLUE, ORANGE]), ("shape", ["circle", "diamond"]))}
    chart = {"height": {"step": ROW_HEIGHT}, "layer": [
        {"data": rows_of({"list": row["list"], "people": row["queue"], "target": row["target_queue"]} for row in shown),
         "mark": {"type": "rule", "color": GREY, "strokeWidth": 2},
         "encoding": {"y": y, "x": x, "x2": {"field": "target"}}},
        {"data": rows_of(marks), "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
         "encoding": {"y": y, "x": x, **looks}}]}
    note = "Lists furthest beyond their target first."
    if len(ranked) > len(shown):
        note += f" The first {len(shown)} of {len(ranked):,} are drawn; the table has all."
    return Figure("waiting", "Lists beside their targets", answer.sentence, answer.table, chart, note)
