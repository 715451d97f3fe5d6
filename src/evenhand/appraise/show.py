"""Appraisals as figures: what each score is made of, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evenhand.figures import Answer, Column, Figure, Table
from evenhand.figures.chart import BLUE, DARK_BLUE, GREY, ORANGE, PURPLE, TEXT, rows_of
from evenhand.terms.words import figure, listed

PALETTE = (BLUE, "#ffb81c", "#006747", PURPLE, "#41b6e6", "#ae2573", GREY, DARK_BLUE)
DARK = {BLUE, "#006747", PURPLE, "#ae2573", DARK_BLUE}


def score(answer: Answer) -> tuple[Figure, ...]:
    """The parts of each option's value as bars; where cost is given, value against cost with the best joined."""
    rows = sorted(answer.fields["rows"], key=lambda row: row["rank"])
    figures = (_parts(answer, rows),)
    return (*figures, _money(answer, rows)) if "frontier" in answer.fields else figures


def _parts(answer: Answer, rows: Sequence[Mapping[str, Any]]) -> Figure:
    names = [str(row["alternative"]) for row in rows]
    criteria = [str(each["criterion"]) for each in answer.fields["criteria"]]
    labels = {name: f"{place} {name}" for place, name in enumerate(criteria, start=1)}
    colours = {name: PALETTE[place % len(PALETTE)] for place, name in enumerate(criteria)}
    widest = max([abs(row["value"]) for row in rows] + [1e-300])
    segments = [each for row in rows for each in _segments(row, criteria, labels, colours, widest)]
    y = {"field": "option", "type": "nominal", "sort": names, "title": None, "axis": {"labelLimit": 240}}
    of = " (0 to 100)" if answer.fields["scaling"] == "range" else ""
    chart = {
        "width": 460, "height": max(110, 44 * len(rows)),
        "layer": [
            {"data": rows_of(segments), "mark": {"type": "bar", "stroke": "white", "strokeWidth": 1.5},
             "encoding": {
                 "y": y, "x": {"field": "start", "type": "quantitative", "title": f"Value{of}"},
                 "x2": {"field": "end"},
                 "color": {"field": "criterion", "type": "nominal", "title": None,
                           "scale": {"domain": list(labels.values()), "range": [colours[each] for each in criteria]},
                           "legend": {"columns": 3}}}},
            {"data": rows_of([each for each in segments if each["wide"]]),
             "mark": {"type": "text", "fontSize": 14},
             "encoding": {"y": y, "x": {"field": "middle", "type": "quantitative"}, "text": {"field": "number"},
                          "color": {"field": "ink", "type": "nominal", "scale": None}}},
            {"data": rows_of([{"option": str(row["alternative"]), "end": max(row["value"], 0.0),
                               "said": figure(row["value"])} for row in rows]),
             "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 14, "color": TEXT},
             "encoding": {"y": y, "x": {"field": "end", "type": "quantitative"}, "text": {"field": "said"}}},
        ],
        # The numbers in the bars have colours of their own, which must not enter the legend of the criteria.
        "resolve": {"scale": {"color": "independent"}},
    }
    table = Table.of(
        [{"option": row["alternative"], "criterion": name, "part": row["parts"][name]}
         for row in rows for name in criteria],
        columns=[Column("option"), Column("criterion"), Column("part", "Part of the value", "number")],
        title="What each value is made of")
    return Figure("parts", "What each score is made of", answer.sentence, table, chart,
                  "Each part is the weight times the value on that criterion; the numbers are those of the legend.")


def _segments(row: Mapping[str, Any], criteria: Sequence[str], labels: Mapping[str, str], colours: Mapping[str, str],
              widest: float) -> list[dict[str, Any]]:
    """Where each part begins and ends: what adds runs to the right from nought, what takes away to the left."""
    found, right, left = [], 0.0, 0.0
    for name in criteria:
        part = float(row["parts"][name])
        start = right if part >= 0 else left
        end = start + part
        right, left = (end, left) if part >= 0 else (right, end)
        found.append({"option": str(row["alternative"]), "criterion": labels[name], "start": start, "end": end,
                      "middle": (start + end) / 2, "number": labels[name].split(" ", 1)[0],
                      "ink": "white" if colours[name] in DARK else TEXT, "wide": abs(part) > 0.035 * widest})
    return found


def _money(answer: Answer, rows: Sequence[Mapping[str, Any]]) -> Figure:
    frontier: list[str] = answer.fields["frontier"]
    points = [{"option": str(row["alternative"]), "cost": row["cost"], "value": row["value"],
               "which": "none gives as much for no more money" if row["on_frontier"] else "another does"}
              for row in rows]
    joined = sorted((point for point in points if point["option"] in frontier), key=lambda point: float(point["cost"]))
    middle = (min(row["cost"] for row in rows) + max(row["cost"] for row in rows)) / 2
    which = ["none gives as much for no more money", "another does"]
    x = {"field": "cost", "type": "quantitative", "title": "Cost",
         "axis": {"format": ",~f"}, "scale": {"nice": True, "zero": min(row["cost"] for row in rows) >= 0}}
    y = {"field": "value", "type": "quantitative", "title": "Value"}
    chart = {
        "layer": [
            {"data": rows_of(joined), "mark": {"type": "line", "color": BLUE, "strokeDash": [6, 4],
                                               "interpolate": "step-after"},
             "encoding": {"x": x, "y": y, "order": {"field": "cost"}}},
            {"data": rows_of(points), "mark": {"type": "point", "filled": True, "size": 130, "opacity": 1},
             "encoding": {"x": x, "y": y,
                          "color": {"field": "which", "type": "nominal", "title": None,
                                    "scale": {"domain": which, "range": [BLUE, ORANGE]}},
                          "shape": {"field": "which", "type": "nominal", "title": None,
                                    "scale": {"domain": which, "range": ["circle", "cross"]}}}},
            # Names stand on the side where there is room for them.
            *({"data": rows_of([each for each in points if (each["cost"] > middle) == right]),
               "mark": {"type": "text", "align": "right" if right else "left", "dx": -11 if right else 11,
                        "dy": -13 if right else 13,
                        "fontSize": 13, "color": TEXT},
               "encoding": {"x": x, "y": y, "text": {"field": "option"}}} for right in (False, True)),
        ],
    }
    table = Table.of(points, columns=[Column("option"), Column("cost", "Cost", "count"),
                                      Column("value", "Value", "number"), Column("which", "Value for money")],
                     title="Value against cost")
    said = (f"From the cheapest upward, {listed(frontier)} give the most value for their cost." if len(frontier) > 1
            else f"{frontier[0]} gives the most value and costs the least.")
    return Figure("value-for-money", "Value against cost", said, table, chart,
                  "The line is the most value to be had at each cost: options are whole, so it goes in steps.")
