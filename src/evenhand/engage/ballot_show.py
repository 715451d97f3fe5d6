"""A vote on a budget as a figure: votes for each project, and which are funded."""

from __future__ import annotations

from typing import Any

from evenhand.figures import Answer, Figure, Table
from evenhand.figures.chart import BLUE, PALE_GREY, TEXT, rows_of

MOST_SHOWN = 40
NAME_LENGTH = 40
FUNDED, NOT = "funded", "not funded"


def ballot(answer: Answer) -> tuple[Figure, ...]:
    """Voters for each project, the most first; funded ones are filled in and marked with their place in order."""
    rows = sorted(answer.fields["rows"], key=lambda row: (-row["voters"], row["project"]))[:MOST_SHOWN]
    bars = [{"project": _label(row), "voters": row["voters"], "state": FUNDED if row["funded"] else NOT,
             "mark": f"✓ {row['order']}" if row["funded"] else ""} for row in rows]
    y: dict[str, Any] = {"field": "project", "type": "nominal", "sort": [bar["project"] for bar in bars], "title": None,
                         "axis": {"labelLimit": 320}}
    x: dict[str, Any] = {"field": "voters", "type": "quantitative", "title": "Voters for it",
                         "axis": {"tickMinStep": 1}}
    chart = {"height": max(100, 26 * len(rows)), "width": 380, "data": rows_of(bars), "layer": [
        {"mark": {"type": "bar", "stroke": TEXT, "strokeWidth": 0.5},
         "encoding": {"y": y, "x": x, "color": {"field": "state", "type": "nominal", "title": None,
                                                "scale": {"domain": [FUNDED, NOT], "range": [BLUE, PALE_GREY]}}}},
        {"mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 13, "color": TEXT},
         "encoding": {"y": y, "x": x, "text": {"field": "mark"}}}]}
    left = len(answer.fields["rows"]) - len(rows)
    note = "A tick marks a funded project, with its place in the order."
    if left > 0:
        note += f" {left} projects with fewer votes are in the table."
    return (Figure("ballot", "Votes and what is funded", answer.sentence,
                   Table(answer.table.columns, answer.table.rows, answer.table.title), chart, note),)


def _label(row: Any) -> str:
    name = row["name"] if len(row["name"]) <= NAME_LENGTH else f"{row['name'][:NAME_LENGTH - 1]}…"
    return f"{row['project']} {name}".strip()
