"""Value for money as figures: cost beside effect, and how often each option is worth most."""

from __future__ import annotations

from typing import Any

from evenhand.figures import Answer, Column, Figure, Table
from evenhand.figures.chart import BLUE, DARK_BLUE, GREY, ORANGE, PURPLE, TEXT, rows_of
from evenhand.terms.words import listed, per_cent, pounds

COLOURS = (BLUE, ORANGE, "#006747", PURPLE, DARK_BLUE, "#ae2573", GREY, "#7c2855")
DASHES = ([1, 0], [8, 4], [2, 3], [10, 3, 2, 3], [4, 4], [12, 4], [2, 6], [6, 2, 2, 2, 2, 2])
STANDINGS = {"on_frontier": "not beaten", "dominated": "beaten", "extendedly_dominated": "beaten by a mixture"}


def value(answer: Answer) -> tuple[Figure, ...]:
    """Cost against effect with what is not beaten joined; with draws, how often each is worth most at what price."""
    figures = (_plane(answer),)
    return (*figures, _curve(answer), _knowing(answer)) if "curve" in answer.fields else figures


def _plane(answer: Answer) -> Figure:
    rows = [{"option": row["option"], "cost": row["cost"], "effect": row["effect"],
             "standing": STANDINGS[row["status"]]} for row in answer.fields["rows"]]
    joined = sorted((row for row in rows if row["standing"] == "not beaten"), key=lambda row: float(row["cost"]))
    effects = [row["effect"] for row in rows]
    middle = (min(effects) + max(effects)) / 2
    standings = list(STANDINGS.values())
    x = {"field": "effect", "type": "quantitative", "title": f"Effect ({answer.fields['unit']})",
         "scale": {"zero": False, "padding": 40}}
    y = {"field": "cost", "type": "quantitative", "title": "Cost in pounds", "axis": {"format": ",~f"},
         "scale": {"zero": False, "padding": 30}}
    sign = {"field": "standing", "type": "nominal", "title": None}
    layers: list[dict[str, Any]] = [
        {"data": rows_of(joined), "mark": {"type": "line", "color": BLUE, "strokeDash": [6, 4]},
         "encoding": {"x": x, "y": y, "order": {"field": "cost"}}},
        {"data": rows_of(rows), "mark": {"type": "point", "filled": True, "size": 130, "opacity": 1},
         "encoding": {"x": x, "y": y,
                      "color": {**sign, "scale": {"domain": standings, "range": [BLUE, ORANGE, PURPLE]}},
                      "shape": {**sign, "scale": {"domain": standings, "range": ["circle", "cross", "diamond"]}}}}]
    for right in (False, True):
        layers.append({"data": rows_of([row for row in rows if (row["effect"] > middle) == right]),
                       "mark": {"type": "text", "align": "right" if right else "left", "dx": -11 if right else 11,
                                "dy": -12, "fontSize": 13, "color": TEXT},
                       "encoding": {"x": x, "y": y, "text": {"field": "option"}}})
    table = Table.of(rows, columns=[Column("option"), Column("cost", "Cost", "pounds"),
                                    Column("effect", "Effect", "number", 4), Column("standing", "Standing")],
                     title="Cost and effect")
    frontier = answer.fields["frontier"]
    said = (f"From the cheapest upward, nothing beats {listed(frontier)}." if len(frontier) > 1
            else f"{frontier[0]} gives the most and costs the least.")
    return Figure("cost-and-effect", "Cost beside effect", said, table, {"layer": layers},
                  "The line joins what is not beaten; the steeper it is, the more one further unit costs.")


def _shown(answer: Answer) -> list[str]:
    """The options that are worth most most often somewhere, as many as can be told apart."""
    curve = answer.fields["curve"]
    names = list(curve[0]["probability"])
    return sorted(names, key=lambda name: -max(row["probability"][name] for row in curve))[:len(COLOURS)]


def _curve(answer: Answer) -> Figure:
    names = _shown(answer)
    rows = [{"threshold": row["threshold"], "option": name, "share": row["probability"][name]}
            for row in answer.fields["curve"] for name in names]
    sign = {"field": "option", "type": "nominal", "title": None}
    x = {"field": "threshold", "type": "quantitative", "title": f"Pounds for one {answer.fields['unit']}",
         "axis": {"format": ",~f"}}
    marks = [{"threshold": each["threshold"]} for each in answer.fields["thresholds"]]
    chart = {"layer": [
        {"data": rows_of(marks), "mark": {"type": "rule", "color": GREY, "strokeDash": [2, 2]}, "encoding": {"x": x}},
        {"data": rows_of(rows), "mark": {"type": "line"},
         "encoding": {"x": x, "y": {"field": "share", "type": "quantitative", "title": "Worth most in so many draws",
                                    "axis": {"format": ".0%"}, "scale": {"domain": [0, 1]}},
                      "color": {**sign, "scale": {"domain": names, "range": list(COLOURS[:len(names)])},
                                "legend": {"columns": 3, "symbolType": "stroke", "symbolSize": 400}},
                      "strokeDash": {**sign, "scale": {"domain": names, "range": list(DASHES[:len(names)])}}}}]}
    said = " ".join(f"At {pounds(each['threshold'])}, {each['best']} is worth most on average, and in "
                    f"{per_cent(each['probability_best'])} of the draws." for each in answer.fields["thresholds"])
    table = Table.of([{"threshold": row["threshold"], **{f"share_{name}": row["probability"][name] for name in names}}
                      for row in answer.fields["curve"]],
                     columns=[Column("threshold", "For one unit", "pounds"),
                              *(Column(f"share_{name}", name, "share") for name in names)],
                     title="How often each is worth most")
    return Figure("how-often-worth-most", "How often each option is worth most", said, table, chart,
                  f"{answer.fields['draws']:,} draws. Grey lines: the thresholds.")


def _knowing(answer: Answer) -> Figure:
    rows = [{"threshold": row["threshold"], "worth": row["perfect_information"]} for row in answer.fields["curve"]]
    marks = [{"threshold": each["threshold"]} for each in answer.fields["thresholds"]]
    x = {"field": "threshold", "type": "quantitative", "title": f"Pounds for one {answer.fields['unit']}",
         "axis": {"format": ",~f"}}
    chart = {"layer": [
        {"data": rows_of(marks), "mark": {"type": "rule", "color": GREY, "strokeDash": [2, 2]}, "encoding": {"x": x}},
        {"data": rows_of(rows), "mark": {"type": "line", "color": BLUE},
         "encoding": {"x": x, "y": {"field": "worth", "type": "quantitative",
                                    "title": "Pounds for each time it is decided", "axis": {"format": ",~f"}}}}]}
    said = " ".join(f"At {pounds(each['threshold'])}, knowing for certain would be worth "
                    f"{pounds(each['perfect_information'])}." for each in answer.fields["thresholds"])
    table = Table.of(rows, columns=[Column("threshold", "For one unit", "pounds"),
                                    Column("worth", "Worth of knowing for certain", "pounds")],
                     title="What knowing for certain would be worth")
    return Figure("worth-of-knowing", "What knowing for certain would be worth", said, table, chart,
                  "The most that more evidence could be worth: it never makes certain.")
