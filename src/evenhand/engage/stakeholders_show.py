"""Who must be heard as a figure: the day set and the day it happened, for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evenhand.figures import Figure
from evenhand.figures.chart import BLUE, ORANGE, TEXT, rows_of

if TYPE_CHECKING:
    from evenhand.figures import Answer

MOST_DRAWN = 40
SIGNS = {"heard": (BLUE, "circle"), "day set, not yet heard": (ORANGE, "triangle-up")}


def stakeholders(answer: Answer) -> tuple[Figure, ...]:
    """One point for each: the day on which it was heard, or the day set for it."""
    rows = [row for row in answer.fields["rows"] if row["done"] or row["due"]][:MOST_DRAWN]
    if not rows:
        return (Figure("stakeholders", "Who must be heard", answer.sentence, answer.table),)
    heard, waits = SIGNS
    points = [{"who": row["who"], "day": row["done"] or row["due"], "what": heard if row["done"] else waits}
              for row in rows]
    sign: dict[str, Any] = {channel: {"field": "what", "type": "nominal", "title": None, "scale": {
        "domain": list(SIGNS), "range": [each[place] for each in SIGNS.values()]}}
        for place, channel in enumerate(("color", "shape"))}
    x = {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%b %Y", "tickCount": 6}}
    layers: list[dict[str, Any]] = [{
        "data": rows_of(points), "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
        "encoding": {"x": x, "y": {"field": "who", "type": "nominal", "sort": [row["who"] for row in rows],
                                   "title": None, "axis": {"grid": True, "labelLimit": 320}}, **sign}}]
    layers += [{"data": {"values": [{"day": day}]}, "mark": {"type": "rule", "color": TEXT, "strokeDash": dash},
                "encoding": {"x": x}}
               for day, dash in ((answer.fields["settled"], [6, 3]), (answer.fields["as_at"], [2, 2])) if day]
    note = []
    if answer.fields["settled"]:
        note.append("Dashed line: the options stood.")
    if answer.fields["as_at"]:
        note.append("Dotted line: the day looked at.")
    chart = {"height": max(120, 26 * len(rows)), "layer": layers}
    return (Figure("stakeholders", "Who must be heard", answer.sentence, answer.table, chart, " ".join(note)),)
