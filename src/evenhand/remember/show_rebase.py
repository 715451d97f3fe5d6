"""Pictures of history on other boundaries."""

from __future__ import annotations

from evenhand.figures import Answer, Figure
from evenhand.figures.chart import BLUE, rows_of

MOST_LINES = 6


def rebased(answer: Answer) -> tuple[Figure, ...]:
    """One panel for each body and measure, by month; a table alone where there are no months or too many panels."""
    rows = [{"panel": " · ".join(str(row[name]) for name in ("measure", "unit") if name in row), "month": row["month"],
             "value": row["value"]} for row in answer.fields["rows"] if "month" in row]
    panels = list(dict.fromkeys(row["panel"] for row in rows))
    chart = None
    if 0 < len(panels) <= MOST_LINES and len({(row["panel"], row["month"]) for row in rows}) == len(rows):
        chart = {"data": rows_of([{**row, "month": f"{row['month']}-01"} for row in rows]),
                 "facet": {"row": {"field": "panel", "type": "nominal", "title": None, "sort": panels}},
                 "spec": {"height": 150, "width": 560, "mark": {"type": "line", "color": BLUE, "point": len(rows) < 60},
                          "encoding": {"x": {"field": "month", "type": "temporal", "title": None},
                                       "y": {"field": "value", "type": "quantitative", "title": "Value",
                                             "scale": {"zero": False}}}},
                 "resolve": {"scale": {"y": "independent"}}}
    return (Figure("rebased", answer.table.title, answer.sentence, answer.table, chart,
                   "A month without a value is one for which a body's figure is missing." if chart else ""),)
