"""Weights as a figure: all together as bars, groups as signs, and how far single people lie apart."""

from __future__ import annotations

from evenhand.figures import Answer, Column, Figure, Table
from evenhand.figures.chart import BLUE, DARK_BLUE, GREY, ORANGE, PURPLE, TEXT, rows_of

SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")
COLOURS = (DARK_BLUE, ORANGE, "#006747", PURPLE, "#ae2573", BLUE, "#7c2855", TEXT)
MOST_CRITERIA = 40


def weights(answer: Answer) -> tuple[Figure, ...]:
    """The weights of all together, with those of each group and the range of anybody."""
    if "by_number" in answer.fields:
        return ()
    rows = sorted(answer.fields["rows"], key=lambda row: -row["weight"])[:MOST_CRITERIA]
    groups = [each["group"] for each in answer.fields["groups"]][:len(SHAPES)]
    order = [row["criterion"] for row in rows]
    y = {"field": "criterion", "type": "nominal", "sort": order, "title": None, "axis": {"labelLimit": 240}}
    x = {"type": "quantitative", "title": "Share of the weight", "axis": {"format": ".0%"}}
    bars = [{"criterion": row["criterion"], "weight": row["weight"], "least": row["least"], "most": row["most"]}
            for row in rows]
    layers = [
        {"data": rows_of(bars), "mark": {"type": "bar", "color": "#a9d6ef", "height": {"band": 0.6}},
         "encoding": {"y": y, "x": {"field": "weight", **x}}}]
    if len(answer.fields["people"]) > 1:
        layers.append({"data": rows_of(bars), "mark": {"type": "rule", "color": GREY, "strokeWidth": 2},
                       "encoding": {"y": y, "x": {"field": "least", **x}, "x2": {"field": "most"}}})
    if groups:
        points = [{"criterion": row["criterion"], "group": group, "weight": row["by_group"][group]}
                  for row in rows for group in groups]
        sign = {"field": "group", "type": "nominal", "title": None}
        layers.append({"data": rows_of(points), "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
                       "encoding": {"y": y, "x": {"field": "weight", **x},
                                    "color": {**sign, "scale": {"domain": groups,
                                                                "range": list(COLOURS[:len(groups)])}},
                                    "shape": {**sign, "scale": {"domain": groups,
                                                                "range": list(SHAPES[:len(groups)])}}}})
    chart = {"width": 460, "height": max(100, 44 * len(rows)), "layer": layers}
    table = Table.of([{**row, **{f"group_{name}": row["by_group"][name] for name in groups}} for row in rows],
                     columns=[Column("criterion"), Column("weight", "All together", "share"),
                              *(Column(f"group_{name}", name, "share") for name in groups),
                              Column("least", "Least of anybody", "share"), Column("most", "Most", "share")],
                     title="Weights")
    note = ("Bars: all together." + (" Signs: the groups." if groups else "")
            + (" Lines: from the least to the most of anybody." if len(answer.fields["people"]) > 1 else ""))
    return (Figure("weights", "How much each criterion counts", answer.sentence, table, chart, note),)
