"""Hospital care that could be avoided, as a figure: rates with their ranges beside what they are set against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from evenhand.figures import Figure
from evenhand.figures.chart import BLUE, DARK_BLUE, GREY, rows_of

if TYPE_CHECKING:
    from evenhand.figures import Answer

MOST = 20


def avoidable(answer: Answer) -> tuple[Figure, ...]:
    """The first rows, each a dot with its interval, and a tick where what it is set against lies."""
    rated = [row for row in answer.fields["rows"] if row["rate"] is not None]
    if not rated:
        return ()
    shown = [{"what": _label(row), "rate": row["rate"], "low": row["interval"][0],
              "high": row["interval"][1], "middle": row["middle"],
              "sign": "above, beyond chance" if row["signal"] == "above" else "may be chance"}
             for row in rated[:MOST]]
    y: dict[str, Any] = {"field": "what", "type": "nominal", "sort": [each["what"] for each in shown], "title": None,
                         "axis": {"labelLimit": 520, "domain": False, "ticks": False}}
    signs = ["above, beyond chance", "may be chance"]
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "rule", "strokeWidth": 3, "color": GREY},
         "encoding": {"y": y, "x": {"field": "low", "type": "quantitative", "axis": {"title": answer.table.title}},
                      "x2": {"field": "high"}}},
        {"mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
         "encoding": {"y": y, "x": {"field": "rate", "type": "quantitative"},
                      "shape": {"field": "sign", "type": "nominal", "title": None,
                                "scale": {"domain": signs, "range": ["circle", "square"]}},
                      "color": {"field": "sign", "type": "nominal", "title": None,
                                "scale": {"domain": signs, "range": [DARK_BLUE, BLUE]}}}},
        {"mark": {"type": "tick", "thickness": 3, "size": 16, "color": "#212b32"},
         "encoding": {"y": y, "x": {"field": "middle", "type": "quantitative"}}}]
    chart = {"data": rows_of(shown), "height": {"step": 24}, "layer": layers}
    notes = [f"{each['list']}: {each['version']}." for each in answer.fields["list_notes"]
             if any(row["list"] == each["list"] for row in rated[:MOST])]
    drawn = "" if len(rated) <= MOST else f" The first {MOST} of {len(rated):,} are drawn; the table has all."
    return (Figure("avoidable", "What care outside hospital could act on", answer.sentence, answer.table, chart,
                   f"The upright tick is what each is set against.{drawn} {' '.join(notes)}".strip()),)


def _label(row: Mapping[str, Any]) -> str:
    """Body, condition and list: one condition may stand in two lists, and counts differently."""
    return f"{row['name']}: {row['condition']}" + (f" ({row['list']})" if row["list_version"] else "")
