"""A synthetic control as figures: the unit beside its comparator, and its gap among the placebos."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evenhand.evaluate import synthetic_told as told
from evenhand.evaluate import times
from evenhand.evaluate.show import _Axis
from evenhand.figures import Answer, Figure, chart

MOST_PLACEBOS_DRAWN = 60


def synthetic(answer: Answer) -> tuple[Figure, ...]:
    """The unit and its comparator through time; then the gap, with those of the donors in grey behind it."""
    fields, settings = answer.fields, answer.settings
    label = settings["label"] or str(settings["outcome"] or "outcome").replace("_", " ")
    axis = _Axis([row["time"] for row in fields["gaps"]], str(fields["rhythm"]))
    note = f"{told.WAYS[fields['method_used']].capitalize()}; {answer.method.source.split(';')[0]}."
    figures = [Figure("unit and comparator", f"{fields['treated']} and its comparator", answer.sentence,
                      told.gaps_table(fields, label), _paths(fields, label, axis), note)]
    placed = fields["placebo"]
    said = (f"The gap of {fields['treated']} in colour, and of {len(placed['units']) - 1:,} donors in grey, each as if "
            f"the change had come to it: {told.floor_words(placed['of'] - 1)}")
    figures.append(Figure("gap among placebos", f"The gap of {fields['treated']} among its donors", said,
                          told.placebo_table(fields), _gaps(fields, axis), _drawn_note(fields)))
    return tuple(figures)


def _drawn_note(fields: Mapping[str, Any]) -> str:
    poor = len(fields["placebo"]["after_exclusion"][0]["excluded"])
    limit = fields["placebo"]["after_exclusion"][0]["times"]
    return (f"{poor:,} donors whose squared gap before the start is more than {limit:g} times that of the treated unit "
            "are not drawn; all are in the table and in the test.") if poor else ""


def _start_layers(fields: Mapping[str, Any], axis: _Axis) -> list[dict[str, Any]]:
    start = [{"x": axis.of(fields["start"]), "words": f"start, {times.said(fields['start'], fields['rhythm'])}"}]
    return [{"data": chart.rows_of(start), "mark": {"type": "rule", "color": chart.TEXT, "strokeWidth": 1.5},
             "encoding": {"x": axis.encoding}},
            {"data": chart.rows_of(start),
             "mark": {"type": "text", "align": "right", "dx": -6, "fontSize": 13, "color": chart.TEXT,
                      "baseline": "top"},
             "encoding": {"x": axis.encoding, "y": {"value": 4}, "text": {"field": "words"}}}]


def _paths(fields: Mapping[str, Any], label: str, axis: _Axis) -> dict[str, Any]:
    kinds = [fields["treated"], "comparator"]
    rows = [{"x": axis.of(row["time"]), "value": row[name], "line": kind} for kind, name in
            zip(kinds, ("observed", "synthetic"), strict=True) for row in fields["gaps"]]
    y = {"field": "value", "type": "quantitative", "scale": {"zero": False},
         "axis": {"title": label[:1].upper() + label[1:], "titleLimit": 300}}
    return {"layer": [
        {"data": chart.rows_of(rows), "mark": {"type": "line", "strokeWidth": 2.5},
         "encoding": {"x": axis.encoding, "y": y,
                      "color": {"field": "line", "type": "nominal", "scale": {"domain": kinds, "range": [
                          chart.DARK_BLUE, chart.ORANGE]}, "legend": {"title": None, "symbolType": "stroke",
                                                                      "symbolSize": 400}},
                      "strokeDash": {"field": "line", "type": "nominal", "legend": None,
                                     "scale": {"domain": kinds, "range": [[1, 0], [7, 4]]}}}},
        *_start_layers(fields, axis)]}


def _gaps(fields: Mapping[str, Any], axis: _Axis) -> dict[str, Any]:
    left_out = set(fields["placebo"]["after_exclusion"][0]["excluded"])
    drawn = [unit for unit in fields["placebo"]["gaps"] if unit not in left_out][:MOST_PLACEBOS_DRAWN]
    grey = [{"x": axis.of(time), "value": gap, "unit": unit} for unit in drawn
            for time, gap in fields["placebo"]["gaps"][unit].items()]
    own = [{"x": axis.of(row["time"]), "value": row["gap"]} for row in fields["gaps"]]
    y = {"field": "value", "type": "quantitative", "axis": {"title": "Observed less comparator"}}
    layers: list[dict[str, Any]] = []
    if grey:
        layers.append({"data": chart.rows_of(grey), "mark": {"type": "line", "color": "#aeb7bd", "strokeWidth": 1},
                       "encoding": {"x": axis.encoding, "y": y, "detail": {"field": "unit", "type": "nominal"}}})
    layers += [
        {"data": {"values": [{"value": 0}]}, "mark": {"type": "rule", "color": chart.TEXT, "strokeDash": [3, 3]},
         "encoding": {"y": y}},
        {"data": chart.rows_of(own), "mark": {"type": "line", "color": chart.DARK_BLUE, "strokeWidth": 3},
         "encoding": {"x": axis.encoding, "y": y}},
        *_start_layers(fields, axis)]
    return {"layer": layers}
