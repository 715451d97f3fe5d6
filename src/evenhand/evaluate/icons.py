"""Icons for what a control chart says of its latest point and of its target, in a drawing of our own.

NHS England's Making Data Count gives each chart two icons: variation (is the latest point more than usual, for better
or worse, high or low?) and assurance (will the target be met?). The answers are theirs; the drawing is ours: a shape
says the meaning, a letter the direction, and words stand beside both, so that colour says nothing alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evenhand.evaluate.verdicts import ASSURANCE_WORDS, VARIATION_WORDS
from evenhand.figures import Column, Figure, Table, chart

MOST = 40
"""More series than this make no picture that anybody reads; those that stand out come first."""
_CIRCLE, _DIAMOND, _TRIANGLE, _SQUARE = "circle", "diamond", "triangle-up", "square"


@dataclass(frozen=True)
class Icon:
    """One icon: its shape and colour, the sign inside, and what it says in words."""

    shape: str
    colour: str
    sign: str
    words: str


VARIATION: Mapping[str, Icon] = {
    "improvement_high": Icon(_TRIANGLE, chart.BLUE, "H", "Improvement: higher than usual, and higher is better"),
    "improvement_low": Icon(_TRIANGLE, chart.BLUE, "L", "Improvement: lower than usual, and lower is better"),
    "concern_high": Icon(_DIAMOND, chart.ORANGE, "H", "Concern: higher than usual, and lower is better"),
    "concern_low": Icon(_DIAMOND, chart.ORANGE, "L", "Concern: lower than usual, and higher is better"),
    "neutral_high": Icon(_SQUARE, chart.PURPLE, "H", "Higher than usual; neither is said to be better"),
    "neutral_low": Icon(_SQUARE, chart.PURPLE, "L", "Lower than usual; neither is said to be better"),
    "common_cause": Icon(_CIRCLE, chart.GREY, "~", "No more than usual variation"),
}
ASSURANCE: Mapping[str, Icon] = {
    "consistent_pass": Icon(_TRIANGLE, chart.BLUE, "P", "If nothing changes, the target will always be met"),
    "consistent_fail": Icon(_DIAMOND, chart.ORANGE, "F", "Unless something changes, the target will always be missed"),
    "inconsistent": Icon(_CIRCLE, chart.GREY, "?", "The target will be met at times and missed at others, by chance"),
}
assert set(VARIATION) == set(VARIATION_WORDS)
assert set(ASSURANCE) | {"none"} == set(ASSURANCE_WORDS)


def icons(series: Sequence[Mapping[str, Any]]) -> Figure | None:
    """The icons of each series with their words beside them, those that stand out first; ``None`` where none is."""
    judged = [one for one in series if one["variation"] is not None]
    if not judged:
        return None
    ordered = sorted(judged, key=lambda one: one["variation"] == "common_cause")[:MOST]
    has_target = any(one["assurance"] != "none" for one in ordered)
    rows = []
    for place, one in enumerate(ordered):
        variation, assurance = VARIATION[one["variation"]], ASSURANCE.get(one["assurance"])
        name = one["series"] or "Latest point"
        rows.append({"place": place, "name": name, "variation": variation.words,
                     "assurance": assurance.words if assurance else "No target, or no direction, is given"})
    marks = [{"place": place, "x": x, "shape": icon.shape, "colour": icon.colour, "sign": icon.sign,
              "words": icon.words}
             for place, one in enumerate(ordered)
             for x, icon in ((1, VARIATION[one["variation"]]), (2, ASSURANCE.get(one["assurance"]))) if icon]
    columns = [Column("name", "Series"), Column("variation", "Variation"),
               *([Column("assurance", "Target")] if has_target else [])]
    sentence = "The shape says what it means, the letter the direction: H high, L low, P passes, F fails."
    if len(judged) > len(ordered):
        sentence += f" The first {MOST} of {len(judged):,} series."
    return Figure("icons", "In icons", sentence, Table.of(rows, columns, title="What each icon says"),
                  _drawing(rows, marks, alone=len(series) == 1))


def _drawing(rows: Sequence[Mapping[str, Any]], marks: Sequence[Mapping[str, Any]], *, alone: bool) -> dict[str, Any]:
    """A row a series: its name, the icons, and their words; one series alone stands without its name."""
    step = 64
    height = step * len(rows) * (2 if alone and len(marks) > 1 else 1)
    if alone:  # one under the other, so that the words have room
        placed = [{**mark, "y": place, "left": 24} for place, mark in enumerate(marks)]
        texts = [{"y": mark["y"], "left": 56, "text": mark["words"]} for mark in placed]
    else:
        placed = [{**mark, "y": mark["place"], "left": 220 if mark["x"] == 1 else 264} for mark in marks]
        texts = [{"y": row["place"], "left": 0, "text": str(row["name"])[:30]} for row in rows]
        texts += [{"y": row["place"], "left": 300, "text": row["variation"]} for row in rows]
    last = max(mark["y"] for mark in placed)
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": {"domain": [last + 0.5, -0.5], "nice": False}}
    x = {"field": "left", "type": "quantitative", "axis": None, "scale": {"domain": [0, 640], "nice": False}}
    shapes = list(dict.fromkeys(mark["shape"] for mark in placed))
    return {"width": 640, "height": height if alone else step * 0.7 * len(rows), "layer": [
        {"data": chart.rows_of(placed), "mark": {"type": "point", "filled": False, "size": 900, "strokeWidth": 3},
         "encoding": {"x": x, "y": y, "shape": {"field": "shape", "type": "nominal", "legend": None, "scale": {
             "domain": shapes, "range": shapes}}, "color": {"field": "colour", "type": "nominal", "scale": None}}},
        {"data": chart.rows_of(placed), "mark": {"type": "text", "fontSize": 15, "fontWeight": "bold",
                                                 "color": chart.TEXT, "dy": 2},
         "encoding": {"x": x, "y": y, "text": {"field": "sign"}}},
        {"data": chart.rows_of(texts), "mark": {"type": "text", "align": "left", "fontSize": 14, "color": chart.TEXT},
         "encoding": {"x": x, "y": y, "text": {"field": "text"}}}]}
