"""Concerns as a figure: how often each subject came up a month, lately and before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evenhand.figures import Figure
from evenhand.figures.chart import BLUE, ORANGE, rows_of
from evenhand.terms import Month, Suppressed

if TYPE_CHECKING:
    from evenhand.figures import Answer

MOST_DRAWN = 25
LATELY, BEFORE = "lately", "before"


def concerns(answer: Answer) -> tuple[Figure, ...]:
    """Each subject's concerns a month, lately beside before; those whose figures are hidden are left out."""
    fields = answer.fields
    shown = [row for row in fields["rows"] if not isinstance(row["concerns"], Suppressed)][:MOST_DRAWN]
    if not shown:
        return ()
    first, last = Month.parsed(fields["from"]), Month.parsed(fields["to"])
    months = last.index - first.index + 1
    points: list[dict[str, Any]] = []
    if fields["lately_from"] is None:
        points = [{"subject": row["subject"], "a_month": row["concerns"] / months, "when": LATELY} for row in shown]
    else:
        late = last.index - Month.parsed(fields["lately_from"]).index + 1
        points = [{"subject": row["subject"], "a_month": row[when] / length, "when": when}
                  for row in shown for when, length in ((LATELY, late), (BEFORE, months - late))]
    chart = {"height": max(120, 30 * len(shown)), "data": rows_of(points),
             "mark": {"type": "point", "filled": True, "size": 100, "opacity": 1},
             "encoding": {
                 "y": {"field": "subject", "type": "nominal", "sort": [row["subject"] for row in shown], "title": None,
                       "axis": {"grid": True, "labelLimit": 280}},
                 "x": {"field": "a_month", "type": "quantitative", "title": "Concerns a month",
                       "scale": {"zero": True}},
                 "color": {"field": "when", "type": "nominal", "title": None,
                           "scale": {"domain": [LATELY, BEFORE], "range": [ORANGE, BLUE]}},
                 "shape": {"field": "when", "type": "nominal", "title": None,
                           "scale": {"domain": [LATELY, BEFORE], "range": ["triangle-up", "circle"]}}}}
    return (Figure("concerns", "What practices say keeps going wrong", answer.sentence, answer.table, chart),)
