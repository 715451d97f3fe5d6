"""A programme being watched, as a figure: the range narrowing look by look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evenhand.evaluate.show import _Axis
from evenhand.figures import Answer, Figure, chart


def monitor(answer: Answer) -> tuple[Figure, ...]:
    """The effect so far with its range at every look, nought, and the smallest effect that matters."""
    fields, settings = answer.fields, answer.settings
    label = settings["label"] or str(settings["value"]).replace("_", " ")
    axis = _Axis([row["date"] for row in fields["rows"]], str(fields["rhythm"]))
    note = (f"Ranges that hold at every look at once, {settings['confidence']:.0%} sure together; "
            f"{answer.method.source.split(';')[0]}.")
    return (Figure("range look by look", f"The effect on {label}, look by look", answer.sentence, answer.table,
                   _spec(fields, label, axis), note),)


def _spec(fields: Mapping[str, Any], label: str, axis: _Axis) -> dict[str, Any]:
    effect, rows = float(fields["effect"]), fields["rows"]
    ranged = [row for row in rows if row["interval"] is not None]
    # The first ranges reach so far that they would flatten all that follows: they are cut at the edge of the picture.
    settled = [max(abs(end) for end in row["interval"]) for row in ranged[len(ranged) // 4:]]
    reach = 1.2 * max([2 * abs(effect), *(abs(row["estimate"]) for row in rows), *settled])
    y = {"field": "value", "type": "quantitative", "scale": {"domain": [-reach, reach], "clamp": True},
         "axis": {"title": f"{label[:1].upper() + label[1:]}, less baseline", "titleLimit": 300}}
    band = [{"x": axis.of(row["date"]), "low": max(row["interval"][0], -reach), "high": min(row["interval"][1], reach)}
            for row in ranged]
    lines = [{"x": axis.of(row["date"]), "value": row["estimate"]} for row in rows]
    marks = [{"value": 0.0, "words": "no effect", "kind": "nought"},
             {"value": effect, "words": "smallest effect that matters", "kind": "effect"}]
    layers: list[dict[str, Any]] = []
    if band:
        layers.append({"data": chart.rows_of(band), "mark": {"type": "area", "color": chart.PALE_GREY, "opacity": 0.8},
                       "encoding": {"x": axis.encoding, "y": {**y, "field": "low"}, "y2": {"field": "high"}}})
    for mark, dash in zip(marks, ([1, 0], [7, 4]), strict=True):
        one = {"data": {"values": [mark]}, "encoding": {"y": y}}
        layers += [{**one, "mark": {"type": "rule", "color": chart.TEXT, "strokeDash": dash}},
                   {"data": {"values": [mark]},
                    "mark": {"type": "text", "align": "left", "fontSize": 13, "color": chart.TEXT,
                             "dy": 10 if (mark["kind"] == "effect") == (effect < 0) else -8},
                    "encoding": {"y": y, "x": {"value": 6}, "text": {"field": "words"}}}]
    layers.append({"data": chart.rows_of(lines),
                   "mark": {"type": "line", "color": chart.DARK_BLUE, "strokeWidth": 2.5, "point": {"size": 40}},
                   "encoding": {"x": axis.encoding, "y": y}})
    return {"layer": layers}
