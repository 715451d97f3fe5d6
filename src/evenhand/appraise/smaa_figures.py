"""How often each option comes first, second and last, as figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from evenhand.figures import Answer, Column, Figure, Table
from evenhand.figures.chart import BLUE, DARK_BLUE, GREY, ORANGE, PURPLE, TEXT, rows_of
from evenhand.terms.words import listed, ordinal, per_cent

SHADES = ("#003087", "#005eb8", "#41b6e6", "#a9d6ef", "#d8dde0", "#f4d9a0", "#ed8b00", "#a33b00")
DARK = {"#003087", "#005eb8", "#a33b00"}
MOST_OPTIONS = 30
MOST_RANKS = 8
FEWEST_DRAWS = 100
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")
COLOURS = (BLUE, "#006747", PURPLE, ORANGE, DARK_BLUE, "#ae2573", GREY, "#7c2855")


def smaa(answer: Answer) -> tuple[Figure, ...]:
    """Bars of ranks for each option; then, by group, how often each comes first; then the weights that favour each."""
    acceptability: Mapping[str, Sequence[float]] = answer.fields["rank_acceptability"]
    names = sorted(acceptability, key=lambda name: -acceptability[name][0])[:MOST_OPTIONS]
    figures = [_ranks(answer, names, acceptability), _favouring(answer, names)]
    if "groups" in answer.fields:
        figures.insert(1, _groups(answer, names))
    return tuple(figures)


def _places(count: int) -> list[tuple[str, int, int]]:
    """What each bar holds: single ranks, or where there are many, first, then bands of ranks."""
    if count <= MOST_RANKS:
        return [(ordinal(place), place, place) for place in range(1, count + 1)]
    bands = [("1st", 1, 1), ("2nd and 3rd", 2, 3)]
    edges = [3 + round((count - 3) * part / 4) for part in range(5)]
    bands += [(f"{ordinal(low + 1)} to {ordinal(high)}", low + 1, high)
              for low, high in pairwise(edges) if high > low]
    return bands


def _ranks(answer: Answer, names: Sequence[str], acceptability: Mapping[str, Sequence[float]]) -> Figure:
    bands = _places(len(acceptability))
    segments, rows = [], []
    for name in names:
        start = 0.0
        for number, (label, low, high) in enumerate(bands):
            share = sum(acceptability[name][low - 1:high])
            rows.append({"option": name, "rank": label, "share": share})
            segments.append({"option": name, "rank": label, "start": start, "end": start + share,
                             "middle": start + share / 2, "said": per_cent(share), "wide": share >= 0.06,
                             "ink": "white" if SHADES[number] in DARK else TEXT})
            start += share
    labels = [label for label, _, _ in bands]
    y = {"field": "option", "type": "nominal", "sort": list(names), "title": None, "axis": {"labelLimit": 240}}
    chart = {
        "width": 460, "height": max(110, 34 * len(names)),
        "layer": [
            {"data": rows_of(segments), "mark": {"type": "bar", "stroke": "white", "strokeWidth": 1.5},
             "encoding": {"y": y, "x": {"field": "start", "type": "quantitative", "title": "Share of the draws",
                                        "axis": {"format": ".0%"}, "scale": {"domain": [0, 1]}},
                          "x2": {"field": "end"},
                          "color": {"field": "rank", "type": "nominal", "title": "Place",
                                    "scale": {"domain": labels, "range": list(SHADES[:len(labels)])}}}},
            {"data": rows_of([each for each in segments if each["wide"]]), "mark": {"type": "text", "fontSize": 13},
             "encoding": {"y": y, "x": {"field": "middle", "type": "quantitative"}, "text": {"field": "said"},
                          "color": {"field": "ink", "type": "nominal", "scale": None}}}],
        "resolve": {"scale": {"color": "independent"}}}
    table = Table.of(rows, columns=[Column("option"), Column("rank", "Place"), Column("share", "Share", "share")],
                     title="How often each option has each place")
    more = "" if len(names) == len(acceptability) else f" The {len(names)} that come first most often are drawn."
    return Figure("places", "How often each option has each place", answer.sentence, table, chart,
                  f"{answer.fields['draws']:,} draws of weights and scores.{more}")


def _favouring(answer: Answer, names: Sequence[str]) -> Figure:
    central = answer.fields["central_weights"]
    criteria = [each["criterion"] for each in answer.fields["criteria"]]
    shares = answer.fields["rank_acceptability"]
    # Weights that rest on a handful of draws would stand beside the others as if they were as well known.
    there = [name for name in names if shares[name][0] * answer.fields["draws"] >= FEWEST_DRAWS][:len(SHAPES)]
    there = there or [name for name in names if central[name] is not None][:1]
    rows = [{"option": name, "criterion": criterion, "weight": weight} for name in there
            for criterion, weight in zip(criteria, central[name], strict=True)]
    colour = {"field": "option", "type": "nominal", "title": None,
              "scale": {"domain": there, "range": list(COLOURS[:len(there)])}, "legend": {"columns": 3}}
    chart = {
        "height": max(120, 44 * len(criteria)), "width": 460, "data": rows_of(rows),
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
        "encoding": {"y": {"field": "criterion", "type": "nominal", "sort": criteria, "title": None,
                           "axis": {"grid": True, "labelLimit": 240}},
                     "x": {"field": "weight", "type": "quantitative", "title": "Mean share of the weight",
                           "axis": {"format": ".0%"}, "scale": {"zero": True}},
                     "color": colour,
                     "shape": {**colour, "scale": {"domain": there, "range": list(SHAPES[:len(there)])}}}}
    table = Table.of(rows, columns=[Column("option"), Column("criterion"), Column("weight", "Mean weight", "share")],
                     title="The weights that favour each option")
    heaviest = {name: criteria[max(range(len(criteria)), key=central[name].__getitem__)] for name in there[:4]}
    said = [f"{name} comes first for those to whom {most} counts most" for name, most in heaviest.items()]
    return Figure("whose-option", "Whose option each one is", "; ".join(said) + ".", table, chart,
                  "Each sign is the mean weight among the draws in which the option comes first.")


def _groups(answer: Answer, names: Sequence[str]) -> Figure:
    groups = answer.fields["groups"]
    rows = [{"group": each["group"], "option": name, "first": each["rank_acceptability"][name][0]}
            for each in groups for name in names]
    order = [each["group"] for each in groups]
    x = {"field": "option", "type": "nominal", "sort": list(names), "title": None,
         "axis": {"labelAngle": -25, "labelLimit": 200, "orient": "bottom"}}
    y = {"field": "group", "type": "nominal", "sort": order, "title": None, "axis": {"labelLimit": 220}}
    chart = {
        "width": 460, "height": max(90, 36 * len(order)),
        "data": rows_of([{**row, "said": per_cent(row["first"]), "ink": "white" if row["first"] > 0.5 else TEXT}
                         for row in rows]),
        "layer": [
            {"mark": {"type": "rect", "stroke": "white"},
             "encoding": {"x": x, "y": y, "color": {"field": "first", "type": "quantitative", "title": "Comes first",
                                                    "scale": {"domain": [0, 1], "range": ["#f0f4f5", DARK_BLUE]},
                                                    "legend": None}}},
            {"mark": {"type": "text", "fontSize": 14},
             "encoding": {"x": x, "y": y, "text": {"field": "said"},
                          "color": {"field": "ink", "type": "nominal", "scale": None}}}],
        "resolve": {"scale": {"color": "independent"}}}
    table = Table.of(rows, columns=[Column("group"), Column("option"), Column("first", "Comes first", "share")],
                     title="How often each option comes first, by group")
    leaders = {each["group"]: max((float(each["rank_acceptability"][name][0]), name) for name in names)[1]
               for each in groups}
    by_leader = {leader: [group for group, mine in leaders.items() if mine == leader]
                 for leader in dict.fromkeys(leaders.values())}
    said = "; ".join(f"{leader} comes first most often for {listed(mine)}" for leader, mine in by_leader.items()) + "."
    return Figure("by-group", "How often each option comes first, by group", said, table, chart,
                  "Each group's people are drawn as often as one another.")
