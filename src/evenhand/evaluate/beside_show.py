"""A body and those it is compared with, month by month, each with its own months before taken as 100."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evenhand.evaluate.beside_series import Series
from evenhand.evaluate.beside_sums import Stretches
from evenhand.figures import Column, Figure, Table
from evenhand.figures.chart import BLUE, GREY, ORANGE, rows_of
from evenhand.terms import Month

if TYPE_CHECKING:
    from evenhand.figures import Answer

LIKE_IT = "Bodies like it, together"


def indexed(own: Series, others: Series, stretches: Stretches, place: str) -> list[dict[str, Any]]:
    """Rows ``place``, ``month``, ``day``, ``index``: both series, with the months before as 100."""
    found = []
    for name, one in ((place, own), (LIKE_IT, others)):
        part = one.between(*stretches.before)
        level = sum(part.numerators) / sum(part.denominators) if sum(part.numerators) else None
        found += [{"place": name, "month": str(month), "day": month.first_day().isoformat(),
                   "index": 100 * value / level} for month, value in zip(one.months, one.values, strict=True)
                  if level]
    return found


def figure(rows: list[dict[str, Any]], start: Month, *, name: str, title: str, sentence: str) -> Figure:
    """The chart of two indexed series with a rule at the start, and its table."""
    table = Table.of(rows, [Column("place", "Place"), Column("month", "Month"),
                            Column("index", "Months before taken as 100", "number")], title=title)
    names = list(dict.fromkeys(row["place"] for row in rows))
    x = {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%b %Y", "tickCount": 8}}
    chart = {"width": 640, "height": 280, "layer": [
        {"mark": {"type": "line"}, "data": rows_of(rows), "encoding": {
            "x": x, "y": {"field": "index", "type": "quantitative", "title": "Months before taken as 100",
                          "scale": {"zero": False}},
            "color": {"field": "place", "type": "nominal", "title": None,
                      "scale": {"domain": names, "range": [BLUE, GREY][:len(names)]}},
            "strokeDash": {"field": "place", "type": "nominal", "title": None,
                           "scale": {"domain": names, "range": [[1, 0], [6, 3]][:len(names)]}}}},
        {"mark": {"type": "rule", "strokeDash": [2, 2], "color": ORANGE},
         "data": {"values": [{"day": start.first_day().isoformat()}]},
         "encoding": {"x": {"field": "day", "type": "temporal"}}}]}
    return Figure(name, title, sentence, table, chart)


def beside(answer: Answer) -> tuple[Figure, ...]:
    """The figure of ``evaluate beside``: indexed where a comparison was made, the rate itself where none could be."""
    rows = [dict(row) for row in answer.fields["series"]]
    return (figure(rows, Month.parsed(answer.fields["start"]), name="beside-others",
                   title=answer.fields["title"], sentence=answer.sentence),)
