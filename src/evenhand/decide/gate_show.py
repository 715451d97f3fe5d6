"""The picture of what must be shown: one mark a test, its place, shape and colour by the answer."""

from __future__ import annotations

from evenhand.figures import Answer, Column, Figure, Table
from evenhand.figures.chart import BLUE, GREY, ORANGE, PALE_GREY, TEXT, rows_of

ANSWERS = ("met", "not met", "no evidence held", "not applicable")
COLOURS = (BLUE, ORANGE, GREY, PALE_GREY)
SHAPES = ("circle", "cross", "diamond", "square")


def gate(answer: Answer) -> tuple[Figure, ...]:
    """The strip of tests by answer."""
    titles = {each["id"]: each["title"] for each in answer.fields["packs"]}
    rows = []
    for place, each in enumerate(answer.fields["tests"], start=1):
        title = titles[each["pack"]]
        rows.append({"number": place, "rules": title, "label": f"{place}. {each['id'].replace('-', ' ')}",
                     "question": each["question"], "answer": each["answer"], "because": each["because"]})
    labels = [row["label"] for row in rows]
    chart = {
        "data": rows_of(rows), "height": {"step": 24}, "width": 520,
        "encoding": {"y": {"field": "label", "type": "nominal", "sort": labels, "title": None,
                           "axis": {"grid": True, "labelLimit": 280, "ticks": False}},
                     "x": {"field": "answer", "type": "nominal", "sort": list(ANSWERS), "title": None,
                           "scale": {"domain": list(ANSWERS)}, "axis": {"orient": "top", "labelAngle": 0}}},
        "layer": [{"mark": {"type": "point", "size": 150, "filled": True, "opacity": 1, "stroke": TEXT,
                            "strokeWidth": 0.6}, "encoding": {
            "color": {"field": "answer", "type": "nominal", "legend": None,
                      "scale": {"domain": list(ANSWERS), "range": list(COLOURS)}},
            "shape": {"field": "answer", "type": "nominal", "legend": None,
                      "scale": {"domain": list(ANSWERS), "range": list(SHAPES)}},
            "tooltip": [{"field": "question"}, {"field": "because"}]}}],
    }
    table = Table.of(rows, [Column("number", "Number", "count"), Column("question", "What must be shown"),
                            Column("answer", "Answer"), Column("because", "Because"), Column("rules", "Rules")],
                     title="Tests by answer")
    return (Figure("what-must-be-shown", "What must be shown, test by test", answer.sentence, table, chart,
                   "Each test stands under its answer. No evidence held is not the same as not met."),)
