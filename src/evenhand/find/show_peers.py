"""Peers as figures: the body beside its peers on every characteristic, and what each adds to the distance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evenhand.figures import Figure, Table
from evenhand.figures.chart import BLUE, GREY, ORANGE, TEXT, rows_of

if TYPE_CHECKING:
    from evenhand.figures import Answer

ROW_HEIGHT = 28
MOST_PEERS = 30


def peers(answer: Answer) -> tuple[Figure, ...]:
    """First the profile, then the shares of the distance."""
    return (_profile(answer), _shares(answer))


def _profile(answer: Answer) -> Figure:
    profile, of = answer.fields["profile"], answer.fields["of"]
    own, theirs = f"{of}", "its peers"
    marks = [{"column": row["column"], "standing": each, "who": theirs}
             for row in profile for each in row["peers_standardised"]]
    marks += [{"column": row["column"], "standing": row["standardised"], "who": own} for row in profile]
    names = [row["column"] for row in profile]
    y = {"field": "column", "type": "nominal", "sort": names, "title": None,
         "axis": {"labelLimit": 260, "domain": False, "ticks": False, "grid": True}}
    x = {"field": "standing", "type": "quantitative",
         "axis": {"title": "Standard deviations from the mean of all units", "grid": False}}
    looks: dict[str, Any] = {channel: {"field": "who", "type": "nominal", "title": None,
                       "scale": {"domain": [own, theirs], "range": kinds}}
             for channel, kinds in (("color", [ORANGE, BLUE]), ("shape", ["diamond", "circle"]),
                                    ("size", [150, 55]))}
    chart = {"height": {"step": ROW_HEIGHT}, "layer": [
        {"data": {"values": [{"standing": 0}]}, "mark": {"type": "rule", "color": GREY},
         "encoding": {"x": {"field": "standing", "type": "quantitative"}}},
        {"data": rows_of(marks), "mark": {"type": "point", "filled": True, "opacity": 0.85},
         "encoding": {"x": x, "y": y, **looks}}]}
    table: Table = answer.more_tables[0]
    return Figure("peers", f"{of} beside its peers", answer.sentence, table, chart,
                  f"{of} is the diamond; {len(answer.fields['peers'])} peers are circles.")


def _shares(answer: Answer) -> Figure:
    """A grid of peers and characteristics: each cell says its share in words and in shade."""
    rows = answer.fields["rows"][:MOST_PEERS]
    units, columns = [row["unit"] for row in rows], list(answer.fields["weights"])
    cells = rows_of({"unit": row["unit"], "column": name, "share": share, "dark": share > 0.5,
                     "words": f"{share * 100:.0f}%"} for row in rows for name, share in row["shares"].items())
    y = {"field": "unit", "type": "nominal", "sort": units, "title": None,
         "axis": {"labelLimit": 200, "domain": False, "ticks": False}}
    x = {"field": "column", "type": "nominal", "sort": columns, "title": None,
         "axis": {"orient": "top", "labelAngle": -30, "labelLimit": 160, "domain": False, "ticks": False}}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "rect"}, "encoding": {"x": x, "y": y, "color": {
            "field": "share", "type": "quantitative", "legend": None,
            "scale": {"domain": [0, 1], "range": ["#f0f4f5", "#003087"]}}}},
        {"mark": {"type": "text", "fontSize": 12}, "encoding": {
            "x": x, "y": y, "text": {"field": "words", "type": "nominal"},
            "color": {"condition": {"test": "datum.dark", "value": "white"}, "value": TEXT}}}]
    kind = ("every characteristic counts the same" if answer.fields["weighting"] == "equal" else
            f"characteristics count by how well they predict {answer.settings['measure']}")
    return Figure("distance", "What sets each peer apart", answer.sentence, answer.table,
                  {"data": cells, "height": {"step": ROW_HEIGHT}, "layer": layers},
                  f"Shares of each peer's distance, the nearest peer first; {kind}.")
