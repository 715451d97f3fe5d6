"""Alerts as a figure: the most surprising series with their limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from evenhand.figures import Figure
from evenhand.figures.chart import BLUE, GREY, ORANGE, rows_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from evenhand.figures import Answer
    from evenhand.find.alert_sums import Looked
    from evenhand.find.panel import Panel

MOST_DRAWN = 6
Points = tuple[str, Sequence[Mapping[str, Any]]]


def picture_of(looked: Looked, rows: list[dict[str, Any]], panel: Panel, middle: NDArray[np.float64],
               per: float) -> tuple[Points, ...]:
    """The points of the most surprising series; takes their places in ``looked`` out of the rows."""
    places = [row.pop("place") for row in rows]
    drawn = []
    for row, place in list(zip(rows, places, strict=True))[:MOST_DRAWN]:
        start, end = int(looked.starts[place]), int(looked.starts[place] + looked.lengths[place])
        scale = middle[looked.measure[place], looked.month[start:end]] * per
        months = [str(panel.first.plus(int(each))) for each in looked.month[start:end]]
        lines = {name: (flat[start:end] * scale).tolist() for name, flat in (
            ("value", looked.values), ("usual", looked.centre), ("lower", looked.lower), ("upper", looked.upper))}
        drawn.append((f"{row['title']}, {row['name'] or row['unit']}", [
            {"month": f"{month}-01", "late": row["since"] <= month <= row["month"],
             **{name: values[at] for name, values in lines.items()}} for at, month in enumerate(months)]))
    return tuple(drawn)


def alerts(answer: Answer, *, picture: tuple[Points, ...]) -> tuple[Figure, ...]:
    """One small chart for each of the most surprising series: points, usual level and limits."""
    if not picture:
        return ()
    chart = {"spacing": 26, "vconcat": [_one(title, points) for title, points in picture]}
    return (Figure("alerts", "What has changed", answer.sentence, answer.table, chart,
                   note="Line: each month's value. Dashed: the usual level; dotted: its limits. Red diamonds: the "
                        "points that are more than usual variation."),)


def _one(title: str, points: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    data = rows_of([dict(point) for point in points])
    x = {"field": "month", "type": "temporal", "title": None, "axis": {"format": "%b %Y"}}

    def y(name: str) -> dict[str, Any]:
        return {"field": name, "type": "quantitative", "title": "Value", "scale": {"zero": False}}

    def line(name: str, dash: list[int], colour: str) -> dict[str, Any]:
        return {"mark": {"type": "line", "strokeDash": dash, "color": colour, "strokeWidth": 1.5},
                "encoding": {"x": x, "y": y(name)}}

    return {"title": {"text": title, "fontSize": 14, "fontWeight": "normal", "limit": 600}, "width": 600, "height": 130,
            "data": data, "layer": [
                line("usual", [6, 3], GREY), line("lower", [2, 3], GREY), line("upper", [2, 3], GREY),
                line("value", [1, 0], BLUE),
                {"transform": [{"filter": "datum.late"}],
                 "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 90, "color": ORANGE,
                          "opacity": 1}, "encoding": {"x": x, "y": y("value")}}]}
