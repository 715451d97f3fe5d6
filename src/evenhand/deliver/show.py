"""Pictures of promises: what was promised and what has been seen, summed over time."""

from __future__ import annotations

from typing import Any

from evenhand.deliver.words import sentence_of
from evenhand.figures import Answer, Column, Figure, Table
from evenhand.figures.chart import BLUE, GREY, ORANGE, PURPLE, TEXT, rows_of
from evenhand.terms.words import per_cent

SHAPES = {"kept": "circle", "partly": "diamond", "waning": "triangle-down", "broken": "cross", "too early": "square"}
COLOURS = {"kept": BLUE, "partly": PURPLE, "waning": ORANGE, "broken": TEXT, "too early": GREY}
PROMISED, MATCHED, SEEN = "Promised", "Promised in the months measured", "Seen"


def benefits(answer: Answer) -> tuple[Figure, ...]:
    """All shares with their ranges where there are several; then each benefit's sums over time."""
    rows = answer.fields["rows"]
    return (*([_shares(answer)] if len(rows) > 1 else []), *(_sums(answer, row) for row in rows))


def _shares(answer: Answer) -> Figure:
    rows = [row for row in answer.fields["rows"] if row["share"] is not None]
    shown = [{name: row[name] for name in ("benefit", "share", "low", "high", "status")} for row in rows]
    settings = answer.settings
    marks = [{"at": settings["kept"], "says": f"kept from {per_cent(settings['kept'])}"},
             {"at": settings["broken"], "says": f"broken below {per_cent(settings['broken'])}"}]
    y = {"field": "benefit", "type": "nominal", "title": None, "sort": [row["benefit"] for row in rows]}
    statuses = [status for status in SHAPES if any(row["status"] == status for row in rows)]
    chart = {
        "height": {"step": 42},
        "layer": [
            {"data": rows_of(marks), "mark": {"type": "rule", "strokeDash": [5, 4], "color": GREY},
             "encoding": {"x": {"field": "at", "type": "quantitative"}}},
            {"data": rows_of(marks), "mark": {"type": "text", "align": "left", "dx": 4, "dy": 10, "color": "#4c6272",
                                              "baseline": "top", "fontSize": 12},
             "encoding": {"x": {"field": "at", "type": "quantitative"}, "y": {"value": -18},
                          "text": {"field": "says"}}},
            {"data": rows_of(shown), "mark": {"type": "rule", "color": TEXT, "strokeWidth": 2}, "encoding": {
                "x": {"field": "low", "type": "quantitative", "axis": {"format": "%"},
                      "title": "Share of what was promised that has been seen"},
                "x2": {"field": "high"}, "y": y}},
            {"data": rows_of(shown), "mark": {"type": "point", "size": 150, "filled": True, "opacity": 1}, "encoding": {
                "x": {"field": "share", "type": "quantitative"}, "y": y,
                "shape": _by_status("shape", statuses), "color": _by_status("color", statuses)}}],
    }
    note = f"Bars are ranges at {per_cent(settings['confidence'])} confidence."
    return Figure("benefits-shares", "Share of each promise seen", answer.sentence, answer.table, chart, note)


def _by_status(channel: str, statuses: list[str]) -> dict[str, Any]:
    table = SHAPES if channel == "shape" else COLOURS
    return {"field": "status", "type": "nominal", "title": None, "legend": {"orient": "bottom"},
            "scale": {"domain": statuses, "range": [table[status] for status in statuses]}}


def _sums(answer: Answer, row: dict[str, Any]) -> Figure:
    """What was promised and seen so far, month by month."""
    points = [point for point in answer.fields["series"] if point["benefit"] == row["benefit"]]
    gaps = row["months_not_measured"] > 0
    lines = {PROMISED: "promised_so_far", SEEN: "seen_so_far"}
    if gaps:
        lines = {PROMISED: "promised_so_far", MATCHED: "promised_where_measured_so_far", SEEN: "seen_so_far"}
    drawn = [{"month": point["month"].first_day().isoformat(), "line": line, "amount": point[column],
              "measured": point["seen"] is not None}
             for line, column in lines.items() for point in points if point[column] is not None]
    dashes = {PROMISED: [6, 4], MATCHED: [2, 3], SEEN: [1, 0]}
    colours = {PROMISED: GREY, MATCHED: PURPLE, SEEN: BLUE}
    title = f"Sum so far, {row['unit']}" if row["unit"] else "Sum so far"
    encoding = {
        "x": {"field": "month", "type": "temporal", "title": None, "axis": {"format": "%b %Y", "labelOverlap": True}},
        "y": {"field": "amount", "type": "quantitative", "title": title},
        "color": {"field": "line", "type": "nominal", "title": None,
                  "legend": {"symbolType": "stroke", "symbolSize": 400, "symbolStrokeWidth": 2},
                  "scale": {"domain": list(lines), "range": [colours[line] for line in lines]}}}
    layers: list[dict[str, Any]] = [{"data": rows_of(drawn), "mark": {"type": "line"}, "encoding": {
        **encoding, "strokeDash": {"field": "line", "type": "nominal", "title": None, "scale": {
            "domain": list(lines), "range": [dashes[line] for line in lines]}}}}]
    if gaps:
        measured = [each for each in drawn if each["line"] == SEEN and each["measured"]]
        layers.append({"data": rows_of(measured), "mark": {"type": "point", "size": 40, "filled": True},
                       "encoding": encoding})
    chart = {"layer": layers}
    table = Table.of(points, [
        Column("month", "Month", "month"), Column("promised", "Promised", "number"), Column("seen", "Seen", "number"),
        Column("promised_so_far", "Promised so far", "number"),
        Column("promised_where_measured_so_far", "Promised so far in the months measured", "number"),
        Column("seen_so_far", "Seen so far", "number")], title=row["benefit"])
    note = ("Points are months that were measured; where none stands the sum is carried on, and the dotted line is the "
            "promise for the months measured alone." if gaps else "")
    return Figure(f"benefits-{row['benefit']}", row["benefit"], sentence_of(row), table, chart, note)
