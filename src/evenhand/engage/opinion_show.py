"""Groups of opinion as figures: participants on two axes, and what they agree on."""

from __future__ import annotations

from typing import Any

from evenhand.figures import Answer, Figure, Table
from evenhand.figures.chart import BLUE, DARK_BLUE, GREY, ORANGE, PURPLE, rows_of

SIGNS = ((BLUE, "circle"), (ORANGE, "diamond"), (PURPLE, "triangle-up"), (GREY, "square"), (DARK_BLUE, "cross"),
         ("#007f3b", "triangle-down"))
MOST_STATEMENTS, WORDS = 12, 60


def opinion(answer: Answer) -> tuple[Figure, ...]:
    """Participants by how they vote, then the statements agreed on across groups, group by group."""
    groups = [group["group"] for group in answer.fields["groups"]][:len(SIGNS)]
    table = Table(answer.table.columns, answer.table.rows, answer.table.title)
    points = [{"x": each["x"], "y": each["y"], "group": f"Group {each['group']}"}
              for each in answer.fields["coordinates"] if each["group"] in groups]
    place: dict[str, Any] = {"type": "quantitative", "axis": {"labels": False, "ticks": False}}
    plane = {"height": 320, "width": 440, "data": rows_of(points),
             "mark": {"type": "point", "filled": True, "size": 55, "opacity": 0.75},
             "encoding": {"x": {"field": "x", "title": "First axis", **place},
                          "y": {"field": "y", "title": "Second axis", **place}, **_signs(groups)}}
    rows = answer.fields["consensus"]["group_informed"][:MOST_STATEMENTS]
    shares = [{"statement": _label(row), "share": share, "group": f"Group {answer.fields['groups'][number]['group']}"}
              for row in rows for number, share in enumerate(row["by_group"][:len(groups)]) if share is not None]
    agreed = {"height": max(100, 30 * len(rows)), "width": 300, "data": rows_of(shares),
              "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
              "encoding": {"y": {"field": "statement", "type": "nominal", "sort": [_label(row) for row in rows],
                                 "title": None, "axis": {"labelLimit": 420, "grid": True}},
                           "x": {"field": "share", "type": "quantitative", "title": "Agree",
                                 "scale": {"domain": [0, 1]}, "axis": {"format": "%"}}, **_signs(groups)}}
    return (Figure("opinion", "Who votes alike", answer.sentence, table, plane,
                   "Participants who lie near each other vote alike; the axes have no meaning of their own."),
            Figure("agreed across groups", "What is agreed on across groups",
                   "Statements with the highest product of the groups' shares that agree.", table, agreed))


def _signs(groups: list[str]) -> dict[str, Any]:
    signs = SIGNS[:len(groups)]
    names = [f"Group {each}" for each in groups]
    return {"color": {"field": "group", "type": "nominal", "title": None, "legend": {"columns": 3},
                      "scale": {"domain": names, "range": [colour for colour, _ in signs]}},
            "shape": {"field": "group", "type": "nominal", "title": None,
                      "scale": {"domain": names, "range": [shape for _, shape in signs]}}}


def _label(row: Any) -> str:
    words = f"{row['statement']} {row['text'] or ''}".strip()
    return words if len(words) <= WORDS else f"{words[:WORDS - 1]}…"
