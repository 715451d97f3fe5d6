"""Plans as figures: what few schemes give, and how far each limit is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evenhand.figures import Answer, Column, Figure, Table
from evenhand.figures.chart import BLUE, GREY, ORANGE, TEXT, rows_of
from evenhand.terms.words import counted, listed, per_cent


def portfolio(answer: Answer) -> tuple[Figure, ...]:
    """Value by number of schemes, then how much of each limit the plan uses; nothing where there is no plan."""
    fields = answer.fields
    if "rows" in fields:
        return _several(answer)
    if not fields["chosen"]:
        return ()
    return (_curve(answer), *_limits(answer))


def _several(answer: Answer) -> tuple[Figure, ...]:
    """The value of each programme's plan, in a file of several."""
    rows = [{"programme": row["id"], "value": row["objective"]} for row in answer.fields["rows"] if row["feasible"]]
    if not rows:
        return ()
    chart = {"data": rows_of(rows), "height": max(90, 32 * len(rows)), "mark": {"type": "bar", "color": BLUE},
             "encoding": {"y": {"field": "programme", "type": "nominal", "sort": None, "title": None},
                          "x": {"field": "value", "type": "quantitative", "title": "Value of the best plan"}}}
    return (Figure("programmes", "What each programme's plan is worth", answer.sentence, answer.table, chart),)


def amounts(name: str, title: str, rows: Sequence[Mapping[str, Any]]) -> Column:
    """A column of amounts, written without decimals where every one is whole."""
    whole = all(row[name] is None or row[name] == int(row[name]) for row in rows)
    return Column(name, title, "count" if whole else "number", 6)


def curve_table(fields: Mapping[str, Any]) -> Table:
    """The best value with at most so many schemes."""
    rows = [{**row, "chosen": listed([str(key) for key in row["chosen"] or []]),
             "share": row["value"] / fields["objective"] if row["value"] is not None and fields["objective"] else None}
            for row in fields["value_by_number"]]
    return Table.of(rows, [Column("schemes", "At most", "count"), amounts("value", "Best value", rows),
                           Column("share", "Of the plan's", "share"), Column("chosen", "Schemes")],
                    title="What fewer schemes would give")


def _curve(answer: Answer) -> Figure:
    fields = answer.fields
    rows = [{"schemes": row["schemes"], "value": row["value"],
             "which": "the plan" if row["schemes"] == fields["number_of_schemes"] else "with fewer or more"}
            for row in fields["value_by_number"] if row["value"] is not None]
    which = ["the plan", "with fewer or more"]
    x = {"field": "schemes", "type": "quantitative", "title": "At most so many schemes",
         "axis": {"tickMinStep": 1, "format": "d"}, "scale": {"zero": False, "nice": False, "padding": 20}}
    y = {"field": "value", "type": "quantitative", "title": "Best value", "scale": {"zero": True}}
    chart = {
        "data": rows_of(rows),
        "layer": [
            {"mark": {"type": "line", "color": BLUE}, "encoding": {"x": x, "y": y}},
            {"mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
             "encoding": {"x": x, "y": y,
                          "color": {"field": "which", "type": "nominal", "title": None,
                                    "scale": {"domain": which, "range": [ORANGE, BLUE]}},
                          "shape": {"field": "which", "type": "nominal", "title": None,
                                    "scale": {"domain": which, "range": ["diamond", "circle"]}}}},
        ]}
    value = fields["objective"]
    fewer = [row for row in rows if row["schemes"] < fields["number_of_schemes"] and value > 0]
    said = (f"The plan of {counted(fields['number_of_schemes'], 'scheme')} is worth {value:,.10g}; the best with "
            f"{fewer[-1]['schemes']} is worth {per_cent(fewer[-1]['value'] / value)} of that." if fewer
            else f"The plan is one scheme, worth {value:,.10g}.")
    return Figure("value-by-number", "What a few schemes give", said, curve_table(fields), chart,
                  "Each point is the best plan with at most so many schemes; it need not hold those of the one before.")


def _limits(answer: Answer) -> tuple[Figure, ...]:
    """Bars of what is used of each limit, in shares of it, so that pounds and people stand side by side."""
    rows = [{"limit": row["limit"], "used": row["used"] / row["bound"], "whole": 1.0,
             "said": f"{row['used']:,.6g} of {row['bound']:,.6g}", "left": row["slack"], "bound": row["bound"],
             "amount": row["used"], "price": row["price"]}
            for row in answer.fields["limits"] if row["kind"] in ("limit", "count") and row["bound"] > 0]
    if not rows:
        return ()
    names = [row["limit"] for row in rows]
    y = {"field": "limit", "type": "nominal", "sort": names, "title": None, "axis": {"labelLimit": 260}}
    most = max(1.0, *(row["used"] for row in rows))
    least = min(0.0, *(row["used"] for row in rows))
    x = {"field": "used", "type": "quantitative", "title": "Share of the limit used",
         "axis": {"format": ".0%"}, "scale": {"domain": [least, most * 1.35], "nice": False}}
    chart = {
        "width": 440, "height": max(90, 28 * len(rows)),
        "data": rows_of(rows),
        "layer": [
            {"mark": {"type": "bar", "color": BLUE, "height": {"band": 0.6}}, "encoding": {"y": y, "x": x}},
            {"mark": {"type": "tick", "color": GREY, "thickness": 3, "size": 22},
             "encoding": {"y": y, "x": {"field": "whole", "type": "quantitative"}}},
            {"transform": [{"calculate": "max(1, datum.used)", "as": "end"}],
             "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 13, "color": TEXT},
             "encoding": {"y": y, "x": {"field": "end", "type": "quantitative"}, "text": {"field": "said"}}},
        ]}
    full = [row["limit"] for row in rows if row["used"] >= 0.95]
    said = f"Used up, or nearly: {listed(full)}." if full else "No limit is used up: the schemes run out first."
    table = Table.of(rows, [Column("limit"), amounts("amount", "Used", rows), amounts("bound", "Limit", rows),
                            Column("used", "Share used", "share"), amounts("left", "Left", rows),
                            Column("price", "Price of a little more", "number", 4)], title="Limits")
    return (Figure("limits", "How far each limit is used", said, table, chart, "The grey tick is the limit."),)
