"""Gaps as figures: the largest ones with their ranges; for one measure, all bodies ranked and the months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenhand.figures import Column, Figure, Table
from evenhand.figures.chart import BLUE, DARK_BLUE, GREY, ORANGE, PALE_GREY, TEXT, rows_of
from evenhand.find import gap_answer
from evenhand.find.gap_answer import Findings, Row
from evenhand.find.gap_remarks import HEADROOM
from evenhand.terms.words import counted

if TYPE_CHECKING:
    from evenhand.figures import Answer

MOST_GAPS = 15
MOST_UNITS = 2
LONGEST_LABEL = 45


@dataclass(frozen=True)
class Picture:
    """What is drawn: one measure's bodies and months, and the words that go with them."""

    title: str
    body: str
    unit: str | None
    against: str
    value_title: str
    when: str
    confidence: float
    is_share: bool
    benchmark: float
    ranked: tuple[Mapping[str, Any], ...]
    by_month: tuple[Mapping[str, Any], ...]
    wholes: tuple[str, ...]
    several_bodies: bool
    several_measures: bool
    rank: tuple[int | None, int]
    yearly: bool = False


def picture_of(found: Findings, rows: Sequence[Row], confidence: float) -> Picture | None:
    """What to draw of the leading measure; nothing where there is no row."""
    lead = gap_answer.leading(found, rows) or next(iter(rows), None)
    if lead is None:
        return None
    measure = found.panel.measures.index(lead["measure"])
    unit = found.unit or lead["unit"]
    stock = bool(found.question.stock[measure])
    title = lead["title"]
    return Picture(
        title, found.bodies.title(unit), unit, found.against,
        _value_title(found, lead, stock), found.span.words,
        confidence, not stock and found.question.per == 1 and lead["value_unit"] is None,
        float(found.sums.benchmark.value[measure]), tuple(gap_answer.ranked(found, measure)),
        tuple(gap_answer.by_month(found, measure, unit)), tuple(found.wholes), found.unit is None,
        len(found.panel.measures) > 1, (lead["rank"], lead["of"]), stock)


def _value_title(found: Findings, lead: Row, stock: bool) -> str:
    """What the axis of values is called: the unit, not the whole title."""
    if lead["value_unit"]:
        return str(lead["value_unit"])
    if not stock and found.question.per == 1:
        return "Share"
    return f"A year, for {found.question.per:,g} of the denominator" if stock else f"For {found.question.per:,g}"


def gaps(answer: Answer, *, picture: Picture | None) -> tuple[Figure, ...]:
    """Largest gaps first (where several are asked for), then one measure's bodies and its months."""
    if picture is None:
        return ()
    drawn = []
    if picture.several_measures or picture.several_bodies:
        drawn += _largest(answer, picture)
    if len(picture.ranked) > 1:
        drawn.append(_ranked(picture))
    if len(picture.by_month) > 2:
        drawn.append(_months(picture))
    return tuple(drawn)


def _largest(answer: Answer, picture: Picture) -> list[Figure]:
    """A dot and its range for each of the largest gaps on the worse side, one figure for each unit of counting."""
    worse = [row for row in answer.fields["rows"] if row["gap"] > 0 and row["measure"] not in picture.wholes]
    units = list(dict.fromkeys(row["numerator_unit"] for row in worse))
    figures = []
    for unit in units[:MOST_UNITS]:
        rows = [row for row in worse if row["numerator_unit"] == unit][:MOST_GAPS]
        counted_in = {"pounds": "£ a year", None: "in units of each numerator, a year"}.get(unit, f"{unit} a year")
        data = rows_of([{
            "what": _what(row, picture), "gap": row["gap"], "low": row["interval"][0], "high": row["interval"][1],
            "shrunk": row["shrunk_gap"], "kind": "more than chance" if row["signal"] else "no more than chance"}
            for row in rows])
        name = "largest-gaps" if unit == units[0] else f"largest-gaps-in-{unit or 'other-units'}"
        whose = "" if picture.several_bodies else f" of {picture.body}"
        title = f"Largest gaps{whose} to {picture.against}, {picture.when}, {counted_in}"
        figures.append(Figure(name.replace(" ", "-"), title, answer.sentence, answer.table,
                              _dots(data, f"Gap, {counted_in}", money=unit == "pounds"),
                              f"Lines are {picture.confidence * 100:g}% ranges of the difference; the upright tick is "
                              f"the gap less luck. {HEADROOM}"))
    return figures


def _what(row: Mapping[str, Any], picture: Picture) -> str:
    if not picture.several_bodies:
        return _short(str(row["title"]))
    who = row["name"] or row["unit"]
    return f"{who}: {_short(str(row['title']))}" if picture.several_measures else str(who)


def _short(title: str) -> str:
    """A title that fits beside a chart: what follows the last dash of a long one."""
    tail = title.rpartition(" - ")[2].strip()
    return f"{tail[0].upper()}{tail[1:]}" if len(title) > LONGEST_LABEL and tail else title


def _dots(data: Mapping[str, Any], axis_title: str, *, money: bool) -> dict[str, Any]:
    order = [each["what"] for each in data["values"]]
    y = {"field": "what", "type": "nominal", "sort": order, "title": None,
         "axis": {"labelLimit": 330, "domain": False, "ticks": False, "labelPadding": 8}}
    axis: dict[str, Any] = {"title": axis_title, "tickCount": 5}
    axis |= {"labelExpr": "(datum.value < 0 ? '-' : '') + '£' + format(abs(datum.value), ',.0f')"} if money else {
        "format": ",.2~f"}
    kind = {"field": "kind", "type": "nominal", "title": None,
            "scale": {"domain": ["more than chance", "no more than chance"], "range": [DARK_BLUE, GREY]}}
    shape = {"field": "kind", "type": "nominal", "title": None,
             "scale": {"domain": ["more than chance", "no more than chance"], "range": ["circle", "diamond"]}}
    return {
        "data": data, "width": 460, "height": {"step": 26},
        "layer": [
            {"data": {"values": [{"nought": 0}]}, "mark": {"type": "rule", "color": TEXT, "strokeDash": [5, 4]},
             "encoding": {"x": {"field": "nought", "type": "quantitative"}}},
            {"mark": {"type": "rule", "strokeWidth": 3},
             "encoding": {"y": y, "x": {"field": "low", "type": "quantitative", "axis": axis}, "x2": {"field": "high"},
                          "color": kind}},
            {"mark": {"type": "tick", "thickness": 2, "size": 16, "color": TEXT},
             "encoding": {"y": y, "x": {"field": "shrunk", "type": "quantitative"}}},
            {"mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
             "encoding": {"y": y, "x": {"field": "gap", "type": "quantitative"}, "color": kind, "shape": shape}}]}


def _ranked(picture: Picture) -> Figure:
    """Every body's value from lowest to highest with its range, this one named."""
    values = [{"place": place, "who": each["name"] or each["unit"], "value": each["value"],
               "low": each["value_interval"][0], "high": each["value_interval"][1],
               "kind": picture.body if each["unit"] == picture.unit else "other bodies"}
              for place, each in enumerate(reversed(picture.ranked), start=1)]
    colour = {"field": "kind", "type": "nominal", "title": None,
              "scale": {"domain": [picture.body, "other bodies"], "range": [ORANGE, GREY]}}
    shape = {"field": "kind", "type": "nominal", "title": None,
             "scale": {"domain": [picture.body, "other bodies"], "range": ["diamond", "circle"]}}
    x = {"field": "place", "type": "quantitative", "axis": {"title": "Bodies, from the lowest to the highest value",
         "labels": False, "ticks": False, "grid": False}, "scale": {"domain": [0, len(values) + 1], "nice": False}}
    axis = {"title": picture.value_title, "tickCount": 5, **({"format": ".0%"} if picture.is_share else {})}
    own = {"filter": {"field": "kind", "equal": picture.body}}
    chart = {
        "data": rows_of(values),
        "layer": [
            {"mark": {"type": "rule", "strokeWidth": 1.5},
             "encoding": {"x": x, "y": {"field": "low", "type": "quantitative", "axis": axis}, "y2": {"field": "high"},
                          "color": colour}},
            {"mark": {"type": "point", "filled": True, "size": 18, "opacity": 1},
             "encoding": {"x": x, "y": {"field": "value", "type": "quantitative"}, "color": colour}},
            {"transform": [own], "mark": {"type": "rule", "strokeWidth": 4},
             "encoding": {"x": x, "y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"},
                          "color": colour}},
            {"transform": [own], "mark": {"type": "point", "filled": True, "size": 150, "opacity": 1},
             "encoding": {"x": x, "y": {"field": "value", "type": "quantitative"}, "color": colour, "shape": shape}},
            {"data": {"values": [{"level": picture.benchmark}]},
             "mark": {"type": "rule", "strokeDash": [6, 4], "color": TEXT, "strokeWidth": 1.5},
             "encoding": {"y": {"field": "level", "type": "quantitative"}}},
            {"data": {"values": [{"level": picture.benchmark, "what": picture.against}]},
             "mark": {"type": "text", "align": "left", "baseline": "bottom", "dx": 4, "dy": -3, "fontSize": 13,
                      "color": TEXT},
             "encoding": {"x": {"value": 0}, "y": {"field": "level", "type": "quantitative"},
                          "text": {"field": "what"}}}]}
    rank, of = picture.rank
    sentence = f"{picture.title}, {picture.when}: {picture.body} among {counted(len(values), 'body', 'bodies')}"
    sentence += f"; rank {rank} of {of}, 1 being the highest." if rank else ", not ranked."
    table = Table.of([{**each, "value_interval": tuple(each["value_interval"])} for each in picture.ranked],
                     [Column("rank", "Rank", "rank"), Column("unit", "Code"), Column("name", "Body"),
                      Column("value", picture.value_title, "share" if picture.is_share else "number", digits=4),
                      Column("value_interval", f"{picture.confidence * 100:g}% range", "interval", digits=4),
                      Column("shrunk_value", "Value less luck", "number", digits=4)],
                     title=f"{picture.title}, {picture.when}")
    return Figure("ranked", f"{picture.title}: every body, {picture.when}", sentence, table, chart,
                  f"Lines are {picture.confidence * 100:g}% ranges.")


def _months(picture: Picture) -> Figure:
    """The body's months beside the benchmark and the band in which most bodies lie."""
    rows = [{**each, "date": f"{each['month']}-01"} for each in picture.by_month]
    x = {"field": "date", "type": "temporal", "axis": {"title": None, "format": "%b %Y", "tickCount": 6,
                                                      "labelOverlap": True}}
    axis = {"title": picture.value_title, "tickCount": 5, **({"format": ".0%"} if picture.is_share else {})}
    names = [picture.body, picture.against]
    lines = [{"date": each["date"], "value": each[field], "what": name} for each in rows
             for name, field in zip(names, ("value", "benchmark"), strict=True) if each[field] is not None]
    legend = {"symbolType": "stroke", "symbolStrokeWidth": 3, "symbolSize": 400}
    colour = {"field": "what", "type": "nominal", "title": None, "legend": legend,
              "scale": {"domain": names, "range": [ORANGE, BLUE]}}
    dash = {"field": "what", "type": "nominal", "title": None, "legend": legend,
            "scale": {"domain": names, "range": [[1, 0], [6, 4]]}}
    chart = {
        "layer": [
            {"data": rows_of(rows), "mark": {"type": "area", "color": PALE_GREY, "opacity": 0.7},
             "encoding": {"x": x, "y": {"field": "tenth", "type": "quantitative", "axis": axis},
                          "y2": {"field": "nine_tenths"}}},
            {"data": rows_of(lines), "mark": {"type": "line", "strokeWidth": 2.5},
             "encoding": {"x": x, "y": {"field": "value", "type": "quantitative"}, "color": colour,
                          "strokeDash": dash}},
            {"data": rows_of([each for each in lines if each["what"] == picture.body]),
             "mark": {"type": "point", "filled": True, "size": 55, "opacity": 1, "color": ORANGE},
             "encoding": {"x": x, "y": {"field": "value", "type": "quantitative"}}}]}
    table = Table.of(picture.by_month, [
        Column("month", "Month", "month"), Column("value", picture.body, "number", digits=4),
        Column("benchmark", picture.against.capitalize(), "number", digits=4),
        Column("tenth", "A tenth lie below", "number", digits=4),
        Column("nine_tenths", "A tenth lie above", "number", digits=4)], title=f"{picture.title} by month")
    unit = f"; {picture.value_title}, each month as a whole year at its pace would be" if picture.yearly else ""
    sentence = f"{picture.title} by month: {picture.body} beside {picture.against}, {picture.when}{unit}."
    return Figure("by-month", f"{picture.title} by month, {picture.when}", sentence, table, chart,
                  "The grey band holds the middle eight tenths of bodies.")
