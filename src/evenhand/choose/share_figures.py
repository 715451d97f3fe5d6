"""Shares as a figure: each player's by every rule, beside what each would have or pay alone."""

from __future__ import annotations

from evenhand.figures import Answer, Column, Figure, Table
from evenhand.figures.chart import BLUE, GREY, ORANGE, PURPLE, rows_of

TITLES = {"shapley": "by what each adds", "nucleolus": "with the least cause to complain", "equal": "in equal parts",
          "proposed": "as proposed", "alone": "alone"}
SIGNS = {"shapley": (BLUE, "circle"), "nucleolus": (ORANGE, "diamond"), "equal": ("#006747", "square"),
         "proposed": (PURPLE, "triangle-up"), "alone": (GREY, "cross")}


def share(answer: Answer) -> tuple[Figure, ...]:
    """A sign for each player and rule."""
    rules = [each for each in SIGNS if each in answer.fields["rows"][0]]
    rows = [{"player": row["player"], "rule": TITLES[rule], "amount": row[rule]}
            for row in answer.fields["rows"] for rule in rules]
    players = [row["player"] for row in answer.fields["rows"]]
    titles = [TITLES[rule] for rule in rules]
    sign = {"field": "rule", "type": "nominal", "title": None}
    what = "Share of the gain" if answer.fields["kind"] == "gain" else "What each pays"
    chart = {
        "width": 460, "height": max(110, 44 * len(players)), "data": rows_of(rows),
        "mark": {"type": "point", "filled": True, "size": 120, "opacity": 1},
        "encoding": {
            "y": {"field": "player", "type": "nominal", "sort": players, "title": None,
                  "axis": {"grid": True, "labelLimit": 240}},
            "x": {"field": "amount", "type": "quantitative", "title": what,
                  "axis": {"format": ",~f", "tickCount": 6}, "scale": {"zero": True}},
            "color": {**sign, "scale": {"domain": titles, "range": [SIGNS[rule][0] for rule in rules]},
                      "legend": {"columns": 3}},
            "shape": {**sign, "scale": {"domain": titles, "range": [SIGNS[rule][1] for rule in rules]}}}}
    table = Table.of(answer.fields["rows"], columns=[Column("player"), *(
        Column(rule, TITLES[rule].capitalize(), "number", 6) for rule in rules)], title="Shares by each rule")
    return (Figure("shares", "What each would have by each rule" if answer.fields["kind"] == "gain"
                   else "What each would pay by each rule", answer.sentence, table, chart),)
