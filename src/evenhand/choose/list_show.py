"""The answer to a list of schemes as figures: the money bridge, and what fewer schemes would give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evenhand.figures import Answer, Column, Figure, Table
from evenhand.figures.chart import BLUE, DARK_BLUE, GREY, ORANGE, rows_of
from evenhand.terms.words import counted, per_cent, pounds_roughly

SIGNS = {"counted on": BLUE, "taken off": ORANGE, "not found": GREY, "whole": DARK_BLUE}


def drawn(answer: Answer) -> tuple[Figure, ...]:
    """The money bridge, and, where any scheme is to be counted on, what fewer would give."""
    figures = [bridge(answer)]
    if answer.fields["fewer"]:
        figures.append(fewer(answer))
    return tuple(figures)


def bridge_steps(totals: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The steps from what is claimed to what is needed, each with where its bar begins and ends (pounds)."""
    steps: list[dict[str, Any]] = []

    def step(what: str, amount: float, begins: float, ends: float, sign: str) -> None:
        steps.append({"step": what, "pounds": amount, "begins": begins, "ends": ends, "sign": sign})

    claimed, twice = totals["claimed"], totals["counted_twice"]
    lost, short = totals["claimed_not_found"], totals["usual_shortfall"]
    step("Claimed", claimed, 0.0, claimed, "whole")
    level = claimed
    for what, amount in (("Counted twice", twice), ("Nothing identified", lost), ("Usual shortfall", short)):
        if amount:
            step(what, -amount, level - amount, level, "taken off")
            level -= amount
    step("Firm", totals["firm"], 0.0, totals["firm"], "counted on")
    step("At risk", totals["at_risk"], totals["firm"], totals["firm"] + totals["at_risk"], "counted on")
    reached = totals["firm"] + totals["at_risk"]
    step("Not found", totals["not_found"], reached, reached + totals["not_found"], "not found")
    step("Needed", totals["needed"], 0.0, totals["needed"], "whole")
    return steps


def bridge(answer: Answer) -> Figure:
    """From what the list claims to what is needed, step by step."""
    totals = answer.fields["totals"]
    steps = bridge_steps(totals)
    order = [each["step"] for each in steps]
    rows = [{**each, "label": pounds_roughly(each["pounds"])} for each in steps]
    sentence = (f"The list claims {pounds_roughly(totals['claimed'])}; {pounds_roughly(totals['firm'])} of what is "
                f"needed is firm, {pounds_roughly(totals['at_risk'])} at risk, "
                f"{pounds_roughly(totals['not_found'])} not found.")
    y = {"field": "step", "type": "nominal", "sort": order, "title": None}
    chart = {
        "data": rows_of(rows), "height": {"step": 34},
        "layer": [
            {"mark": {"type": "bar"}, "encoding": {
                "y": y, "x": {"field": "begins", "type": "quantitative", "title": "Pounds",
                              "axis": {"format": "~s"}}, "x2": {"field": "ends"},
                "color": {"field": "sign", "type": "nominal", "title": None,
                          "scale": {"domain": list(SIGNS), "range": list(SIGNS.values())}}}},
            {"mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 14}, "encoding": {
                "y": y, "x": {"field": "ends", "type": "quantitative"}, "text": {"field": "label"}}}]}
    table = Table.of(steps, [Column("step", "Step"), Column("pounds", "Pounds", "pounds")], title="Money bridge")
    note = f"Needed: {totals['needed_from']}. Usual shortfall: {per_cent(totals['usual_shortfall_share'], digits=1)}."
    return Figure("bridge", "From what is claimed to what is needed", sentence, table, chart, note)


def fewer(answer: Answer) -> Figure:
    """What the largest schemes alone would give, one after another."""
    rows = answer.fields["fewer"]
    enough = next(row for row in rows if row["share"] >= 0.8 - 1e-12)
    hours = "" if enough["hours"] is None else f", for {enough['hours']:,.0f} of {rows[-1]['hours'] or 0:,.0f} hours"
    if rows[-1]["hours"] is None:
        hours = ""
    sentence = (f"The largest {counted(enough['schemes'], 'scheme')} of {len(rows)} give "
                f"{per_cent(enough['share'])} of the money that can be counted on{hours}.")
    chart = {
        "data": rows_of([{"schemes": 0, "pounds": 0.0}, *rows]),
        "layer": [
            {"mark": {"type": "line", "color": BLUE, "interpolate": "step-after"}},
            {"mark": {"type": "rule", "color": GREY, "strokeDash": [6, 4]}, "data": rows_of([enough]),
             "encoding": {"x": {"field": "schemes", "type": "quantitative"}, "y": {"value": 0},
                          "y2": {"value": "height"}}}],
        "encoding": {"x": {"field": "schemes", "type": "quantitative", "title": "Schemes kept, the largest first",
                           "axis": {"tickMinStep": 1}},
                     "y": {"field": "pounds", "type": "quantitative", "title": "Pounds to count on",
                           "axis": {"format": "~s"}}}}
    table = Table.of(rows, [Column("schemes", "Schemes kept", "count"), Column("last", "The last of them"),
                            Column("pounds", "To count on", "pounds"), Column("share", "Share", "share"),
                            Column("hours", "Hours", "number")], title="Fewer schemes")
    return Figure("fewer", "What fewer schemes would give", sentence, table, chart,
                  "The dashed line marks the fewest that give four fifths.")


def more_tables(fields: Mapping[str, Any]) -> tuple[Table, ...]:
    """What was ignored, how columns were read, what is asked, and what moved."""
    tables = [
        Table.of(fields["ignored_rows"], [
            Column("sheet", "Sheet"), Column("row", "Row", "count"), Column("because", "Because"),
            Column("detail", "In words"), Column("label", "It says"), Column("value_pounds", "Amount", "pounds")],
            title="Rows left out"),
        Table.of(fields["columns"], [
            Column("sheet", "Sheet"), Column("letter", "Column"), Column("heading", "Heading"),
            Column("name", "Taken for"), Column("sure", "How sure", "share"), Column("because", "Because"),
            Column("units", "Units")], title="Columns"),
        Table.of(fields["questions"], [Column("key", "Question"), Column("text", "In words"),
                                       Column("taken", "Taken until you say")], title="Questions")]
    if fields["moved"]:
        tables.append(Table.of(
            [{"what": each["what"], "before": ", ".join(one["name"] for one in each["before"]),
              "now": ", ".join(one["name"] for one in each["now"]), "change_pounds": each["change_pounds"],
              "why": each["why"], "asked": each["asked"]} for each in fields["moved"]],
            [Column("what", "What happened"), Column("before", "Last month"), Column("now", "This month"),
             Column("change_pounds", "Change", "pounds"), Column("why", "Why"), Column("asked", "Asked")],
            title="What moved"))
    return tuple(tables)
