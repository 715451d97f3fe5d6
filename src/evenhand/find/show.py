"""Rates as figures: ranked values with their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evenhand.figures import Figure, Table
from evenhand.figures.chart import BLUE, DARK_BLUE, GREY, TEXT, rows_of
from evenhand.terms.words import listed

if TYPE_CHECKING:
    from evenhand.figures import Answer

MOST_RANKED = 40
ROW_HEIGHT = 22


def rates(answer: Answer) -> tuple[Figure, ...]:
    """Ranked rates, each a dot with a thick interval at the first confidence and a thin one at the second."""
    rows = [row for row in answer.fields["rows"] if row["value"] is not None]
    if len(rows) < 2:
        return ()
    by, per = answer.settings["by"], answer.settings["per"]
    levels = [f"{each:g}" for each in answer.settings["confidence"]][:2]
    title, table = answer.table.title, answer.table
    ranked = sorted(rows, key=lambda row: -row["value"])
    shown = ranked[:MOST_RANKED]
    note = _level_words(levels)
    if len(ranked) > len(shown):
        note += f" The {len(shown)} highest of {len(ranked):,} are drawn; the table has all."
    data = rows_of([{"group": _group(row, by), "value": row["value"],
                     **{f"{end}_{place}": row["intervals"][level][side] for place, level in enumerate(levels)
                        for side, end in enumerate(("low", "high"))}} for row in shown])
    groups = [each["group"] for each in data["values"]]
    y: dict[str, Any] = {"field": "group", "type": "nominal", "sort": groups, "title": None,
                         "axis": {"labelLimit": 260, "domain": False, "ticks": False}}
    per_cent = answer.settings["method"] == "proportion" and per == 1
    axis = {"title": title, **({"format": ".0%"} if per_cent else {})}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "rule", "strokeWidth": 4 if place == 0 else 1.5,
                  "color": BLUE if place == 0 else GREY},
         "encoding": {"y": y, "x": {"field": f"low_{place}", "type": "quantitative", "axis": axis,
                                    "scale": {"zero": False}}, "x2": {"field": f"high_{place}"}}}
        for place in reversed(range(len(levels)))]
    layers.append({"mark": {"type": "point", "filled": True, "size": 70, "color": DARK_BLUE, "opacity": 1},
                   "encoding": {"y": y, "x": {"field": "value", "type": "quantitative"}}})
    if answer.settings["method"] == "indirect" and len({row["reference_rate"] for row in rows}) == 1:
        layers.insert(0, {"data": {"values": [{"rate": rows[0]["reference_rate"]}]},
                          "mark": {"type": "rule", "strokeDash": [6, 4], "color": TEXT},
                          "encoding": {"x": {"field": "rate", "type": "quantitative"}}})
        note += " The dashed line is the reference."
    chart = {"data": data, "height": {"step": ROW_HEIGHT}, "layer": layers}
    return (Figure("rates", title, answer.sentence, _figures_table(table, rows), chart, note),)


def _group(row: dict[str, Any], by: tuple[str, ...]) -> str:
    return ", ".join(str(row[name]) or "(empty)" for name in by) or "the whole table"


def _level_words(levels: list[str]) -> str:
    words = [f"{float(level) * 100:g}% ({kind})" for level, kind in zip(levels, ("thick", "thin"), strict=False)]
    return f"Lines are intervals: {listed(words)}."


def _figures_table(table: Table, rows: list[dict[str, Any]]) -> Table:
    """The answer's table; a figure carries what it draws."""
    return table if len(rows) <= MOST_RANKED * 25 else Table(table.columns, table.rows[:MOST_RANKED * 25], table.title)
