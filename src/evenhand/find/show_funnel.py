"""The funnel plot: units by size, limits around the target, those outside told by shape, colour and name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from evenhand.figures import Figure
from evenhand.figures.chart import BLUE, DARK_BLUE, GREY, ORANGE, PURPLE, TEXT, rows_of
from evenhand.find.funnel_words import SIGNAL_WORDS

if TYPE_CHECKING:
    from evenhand.figures import Answer

MOST_NAMED = 12
# In this order in the legend: colour and shape, so that a print in grey still tells them apart.
LOOKS = {"high_998": (ORANGE, "triangle-up"), "high_95": (PURPLE, "diamond"), "none": (GREY, "circle"),
         "low_95": (BLUE, "square"), "low_998": (DARK_BLUE, "triangle-down")}
TITLES = {"proportion": "Share", "rate": "Rate", "ratio": "Observed over expected", "count-ratio": "Ratio"}


def funnel(answer: Answer) -> tuple[Figure, ...]:
    """Value against size with the limits as lines; the furthest outside are named."""
    fields, settings = answer.fields, answer.settings
    rows = [row for row in fields["rows"] if row["signal"] is not None]
    kind, per = settings["kind"], settings["per"]
    title = TITLES[kind] + ("" if per == 1 else f" per {per:,.10g}")
    per_cent = kind == "proportion" and per == 1
    x = {"field": "denominator", "type": "quantitative", "scale": {"zero": False, "nice": False},
         "axis": {"title": "Expected" if kind == "ratio" else "Size of the unit (denominator)", "tickCount": 6,
                  "format": "~s" if max(row["denominator"] for row in rows) >= 100_000 else ",~f", "grid": False}}
    y = {"field": "value", "type": "quantitative", "scale": {"zero": False},
         "axis": {"title": title, **({"format": ".0%"} if per_cent else {})}}
    levels = [f"{each:g}" for each in settings["confidence"]][:2]
    layers = [*_lines(fields["curve"], levels, x, y),
              {"data": {"values": [{"value": fields["target"]}]}, "mark": {"type": "rule", "color": TEXT},
               "encoding": {"y": y}},
              _points(rows, x, y), _names(rows, fields["target"], x, y)]
    far = sum(row["signal"].endswith("_998") for row in rows)
    note = _note(levels, fields["signal_by"], far)
    return (Figure("funnel", title, answer.sentence, answer.table, {"layer": layers, "height": 380}, note),)


def _lines(curve: Sequence[Mapping[str, Any]], levels: Sequence[str], x: Mapping[str, Any],
           y: Mapping[str, Any]) -> list[dict[str, Any]]:
    layers = []
    for level, dash in zip(levels, ([6, 4], [1, 0]), strict=False):
        for side in (0, 1):
            data = rows_of({"denominator": point["denominator"], "value": point["limits"][level][side]}
                           for point in curve)
            layers.append({"data": data, "mark": {"type": "line", "color": DARK_BLUE, "strokeWidth": 1.5,
                                                  "strokeDash": dash, "clip": True},
                           "encoding": {"x": dict(x), "y": dict(y)}})
    return layers


def _points(rows: Sequence[Mapping[str, Any]], x: Mapping[str, Any], y: Mapping[str, Any]) -> dict[str, Any]:
    there = [signal for signal in LOOKS if any(row["signal"] == signal for row in rows)]
    domain = [SIGNAL_WORDS[signal] for signal in there]
    data = rows_of({"denominator": row["denominator"], "value": row["value"], "unit": row["unit"],
                    "against": SIGNAL_WORDS[row["signal"]]} for row in rows)
    looks: dict[str, Any] = {
        channel: {"field": "against", "type": "nominal", "title": None,
                  "scale": {"domain": domain, "range": [LOOKS[signal][place] for signal in there]}}
        for place, channel in enumerate(("color", "shape"))}
    return {"data": data, "mark": {"type": "point", "filled": True, "size": 60 if len(rows) < 100 else 35,
                                   "opacity": 0.9},
            "encoding": {"x": dict(x), "y": dict(y), **looks,
                         "tooltip": [{"field": "unit"}, {"field": "value"}, {"field": "denominator"}]}}


def _names(rows: Sequence[Mapping[str, Any]], target: float, x: Mapping[str, Any],
           y: Mapping[str, Any]) -> dict[str, Any]:
    """The names of those outside the outer limits, a dozen at most, the furthest beyond its limit first."""
    outside = [row for row in rows if row["signal"].endswith("_998")]
    outside.sort(key=lambda row: -_beyond(row, target))
    most = max((row["denominator"] for row in rows), default=0)
    named = rows_of({"denominator": row["denominator"], "value": row["value"], "unit": row["unit"],
                     "left": row["denominator"] > most * 0.8} for row in outside[:MOST_NAMED])
    sides = []
    for left in (False, True):
        sides.append({"transform": [{"filter": f"datum.left === {str(left).lower()}"}],
                      "mark": {"type": "text", "align": "right" if left else "left", "dx": -8 if left else 8,
                               "fontSize": 12, "color": TEXT},
                      "encoding": {"x": dict(x), "y": dict(y), "text": {"field": "unit", "type": "nominal"}}})
    return {"data": named, "layer": sides}


def _beyond(row: Mapping[str, Any], target: float) -> float:
    """How many times the width to its outer limit a value lies away from the target."""
    low, high = list(row["limits"].values())[-1]
    edge = high if row["value"] > target else low
    return float(abs(row["value"] - target) / max(abs(edge - target), 1e-12))


def _note(levels: Sequence[str], signal_by: str, far: int) -> str:
    drawn = [f"{float(level) * 100:g}% limits {kind}" for level, kind in zip(levels, ("dashed", "solid"), strict=False)]
    words = f"{', '.join(drawn)}; {signal_by}."
    if far > MOST_NAMED:
        words += f" The {MOST_NAMED} furthest outside of {far} are named; the table has all."
    return words[0].upper() + words[1:]
