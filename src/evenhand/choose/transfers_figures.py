"""Who wins and who loses as figures: before and after the payments, and who pays whom."""

from __future__ import annotations

from evenhand.figures import Answer, Column, Figure, Table
from evenhand.figures.chart import BLUE, DARK_BLUE, GREY, ORANGE, TEXT, rows_of
from evenhand.terms.words import listed, pounds, pounds_roughly

MOST_SHOWN = 40


def transfers(answer: Answer) -> tuple[Figure, ...]:
    """Bars of what each gains or loses, a sign where each ends; and who pays whom."""
    figures = (_standing(answer),)
    return (*figures, _payments(answer)) if answer.fields["transfers"] else figures


def _standing(answer: Answer) -> Figure:
    rows = sorted(answer.fields["rows"], key=lambda row: -row["net_gain"])
    if len(rows) > MOST_SHOWN:
        rows = sorted(sorted(rows, key=lambda row: -abs(row["net_gain"]))[:MOST_SHOWN],
                      key=lambda row: -row["net_gain"])
    order = [row["organisation"] for row in rows]
    paid = bool(answer.fields["transfers"])
    kinds = ["wins", "loses", "even"]
    y = {"field": "organisation", "type": "nominal", "sort": order, "title": None, "axis": {"labelLimit": 260}}
    x = {"type": "quantitative", "title": "Net gain in pounds", "axis": {"format": ",~f", "tickCount": 6}}
    layers = [
        {"data": rows_of(rows), "mark": {"type": "bar", "height": {"band": 0.6}},
         "encoding": {"y": y, "x": {"field": "net_gain", **x},
                      "color": {"field": "standing", "type": "nominal", "title": None,
                                "scale": {"domain": kinds, "range": [BLUE, ORANGE, GREY]}}}}]
    if paid:
        layers.append({"data": rows_of(rows),
                       "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 120, "opacity": 1,
                                "color": TEXT, "stroke": "white", "strokeWidth": 1},
                       "encoding": {"y": y, "x": {"field": "after", **x}}})
    table = Table.of(rows, columns=[Column("organisation"), Column("net_gain", "Net gain", "pounds"),
                                    Column("standing"), Column("after", "After the payments", "pounds")],
                     title="Before and after")
    chart = {"width": 440, "height": max(90, 34 * len(rows)), "layer": layers}
    return Figure("who-wins", "Who wins and who loses", answer.sentence, table, chart,
                  "Bars to the right win, bars to the left lose." + (" Diamonds: after the payments." if paid else ""))


def _payments(answer: Answer) -> Figure:
    sums: dict[tuple[str, str], float] = {}
    for each in answer.fields["transfers"]:
        key = (each["from"], each["to"])
        sums[key] = sums.get(key, 0.0) + each["amount"]
    largest = max(sums.values())
    rows = [{"payer": payer, "payee": payee, "amount": amount, "said": pounds_roughly(amount),
             "ink": "white" if amount > largest / 2 else TEXT} for (payer, payee), amount in sums.items()]
    x = {"field": "payee", "type": "nominal", "title": "to", "axis": {"labelAngle": -25, "labelLimit": 200}}
    y = {"field": "payer", "type": "nominal", "title": "from", "axis": {"labelLimit": 240}}
    chart = {
        "width": 420, "height": max(90, 44 * len({row["payer"] for row in rows})), "data": rows_of(rows),
        "layer": [
            {"mark": {"type": "rect", "stroke": "white"},
             "encoding": {"x": x, "y": y, "color": {"field": "amount", "type": "quantitative", "legend": None,
                                                    "scale": {"domain": [0, largest],
                                                              "range": ["#e8edee", DARK_BLUE]}}}},
            {"mark": {"type": "text", "fontSize": 13},
             "encoding": {"x": x, "y": y, "text": {"field": "said"},
                          "color": {"field": "ink", "type": "nominal", "scale": None}}}],
        "resolve": {"scale": {"color": "independent"}}}
    payers, payees = list(dict.fromkeys(payer for payer, _ in sums)), list(dict.fromkeys(payee for _, payee in sums))
    said = (f"{listed(payers)} would pay {pounds(sum(sums.values()))} in all to "
            f"{listed(payees)}.")
    table = Table.of(rows, columns=[Column("payer", "From"), Column("payee", "To"),
                                    Column("amount", "Amount", "pounds")], title="Payments")
    return Figure("payments", "Who would pay whom", said, table, chart, "Every year together.")
