"""Pictures of what is handed on: a body's family tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from evenhand.data.organisations import said
from evenhand.figures import Answer, Figure
from evenhand.figures.chart import BLUE, GREY, PURPLE, TEXT, rows_of

MOST_IN_A_PICTURE = 60
SHAPES = {"closed": "square", "stands": "circle", "asked about": "diamond", "serves the area": "triangle-up"}
COLOURS = {"closed": GREY, "stands": BLUE, "asked about": TEXT, "serves the area": PURPLE}


def lineage(answer: Answer) -> tuple[Figure, ...]:
    """The tree of predecessors to the left and successors to the right; a table alone where there are too many."""
    bodies = _bodies(answer)
    chart = _tree(bodies, _lines(answer, bodies)) if len(bodies) <= MOST_IN_A_PICTURE else None
    note = ("Time runs from left to right. A broken line is an arrangement, not a succession." if chart else
            f"{len(bodies):,} bodies: too many for a picture.")
    return (Figure("lineage", answer.table.title, answer.sentence, answer.table, chart, note),)


def _bodies(answer: Answer) -> dict[str, dict[str, Any]]:
    """Every body with its place in the picture: columns by steps, each body beside the middle of those it leads to."""
    found = answer.fields
    root = found["code"]
    at: dict[str, dict[str, Any]] = {root: {"column": 0, "row": 0.0}}
    for side, relatives in ((-1, found["predecessors"]), (1, found["successors"])):
        fresh = [each for each in relatives if each["code"] not in at]
        children: dict[str, list[str]] = {}
        for each in fresh:
            children.setdefault(each["by"], []).append(each["code"])
        rows: dict[str, float] = {}
        _place(root, children, rows, [0])
        for each in fresh:
            # Both sides are laid out by themselves and moved until the body asked about stands in one place.
            at[each["code"]] = {"column": side * each["steps"], "row": rows[each["code"]] - rows[root],
                                "date": each["date"]}
    names = {each["code"]: each["name"] for each in (*found["predecessors"], *found["successors"], found)}
    ends = {each["code"] for each in found["as_now"]}
    for code, body in at.items():
        body |= {"code": code, "label": f"{names[code]} ({code})" if names[code] != code else code,
                 "sign": "asked about" if code == root else "stands" if code in ends else "closed",
                 "when": _when(body, found["closed"])}
    return _with_boards(answer, at)


def _when(body: Mapping[str, Any], closed: Any) -> str:
    if body["column"] < 0:
        return f"until {said(body['date'] - timedelta(days=1))}"
    if body["column"] > 0:
        return f"from {said(body['date'])}"
    return f"until {said(closed)}" if closed else ""


def _place(code: str, children: Mapping[str, Sequence[str]], rows: dict[str, float], next_row: list[int]) -> None:
    """Give each end of a chain a row of its own, and each body the middle of its branches."""
    branches = children.get(code, ())
    for each in branches:
        _place(each, children, rows, next_row)
    if branches:
        rows[code] = (rows[branches[0]] + rows[branches[-1]]) / 2
    else:
        rows[code] = float(next_row[0])
        next_row[0] += 1


def _with_boards(answer: Answer, at: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    for each in answer.fields["served_by"]:
        area = at.get(each["area"])
        if area is None:
            continue
        board = at.setdefault(each["board"], {
            "code": each["board"], "label": f"{each['board_name']} ({each['board']})", "sign": "serves the area",
            "column": area["column"] + 1, "row": area["row"], "when": "", "areas": []})
        board.setdefault("areas", []).append(each["area"])
    return at


def _lines(answer: Answer, bodies: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """From each body to its neighbour: along its own row, then up or down just before the later one."""
    joined = [(each["old"], each["new"], "succession") for each in answer.fields["successions"]]
    joined += [(area, code, "serves") for code, body in bodies.items() for area in body.get("areas", [])]
    lines = []
    for one, other, what in joined:
        left, right = sorted((bodies[one], bodies[other]), key=lambda each: float(each["column"]))
        bend = right["column"] - 0.06
        corners = [(left["column"], left["row"]), (bend, left["row"]), (bend, right["row"]),
                   (right["column"], right["row"])]
        lines += [{"x": x, "y": y, "x2": x2, "y2": y2, "what": what} for (x, y), (x2, y2) in pairwise(corners)]
    return lines


def _tree(bodies: dict[str, dict[str, Any]], lines: list[dict[str, Any]]) -> dict[str, Any]:
    columns = [body["column"] for body in bodies.values()]
    rows = [body["row"] for body in bodies.values()]
    points = [{name: body[name] for name in ("column", "row", "label", "sign", "when")} for body in bodies.values()]
    x = {"field": "column", "type": "quantitative", "axis": None,
         "scale": {"domain": [min(columns) - 0.05, max(columns) + 0.95], "nice": False}}
    y = {"field": "row", "type": "quantitative", "axis": None,
         "scale": {"domain": [max(rows) + 0.6, min(rows) - 0.6], "nice": False}}
    signs = [sign for sign in SHAPES if any(point["sign"] == sign for point in points)]
    return {
        "height": max(90, int((max(rows) - min(rows) + 1.2) * 48)), "width": max(640, 300 * len(set(columns))),
        "layer": [
            {"data": rows_of(lines), "mark": {"type": "rule", "color": GREY, "strokeWidth": 1.5}, "encoding": {
                "x": {**x, "field": "x"}, "y": {**y, "field": "y"}, "x2": {"field": "x2"}, "y2": {"field": "y2"},
                "strokeDash": {"field": "what", "type": "nominal", "legend": None,
                               "scale": {"domain": ["succession", "serves"], "range": [[1, 0], [5, 4]]}}}},
            {"data": rows_of(points), "mark": {"type": "point", "size": 130, "filled": True, "opacity": 1},
             "encoding": {"x": x, "y": y, "shape": _by_sign("shape", signs), "color": _by_sign("color", signs)}},
            {"data": rows_of(points), "mark": {"type": "text", "align": "left", "dx": 9, "dy": -9, "fontSize": 13,
                                               "color": TEXT, "limit": 262},
             "encoding": {"x": x, "y": y, "text": {"field": "label"}}},
            {"data": rows_of(points), "mark": {"type": "text", "align": "left", "dx": 9, "dy": 10, "fontSize": 11,
                                               "color": "#4c6272"},
             "encoding": {"x": x, "y": y, "text": {"field": "when"}}}]}


def _by_sign(channel: str, signs: list[str]) -> dict[str, Any]:
    table = SHAPES if channel == "shape" else COLOURS
    return {"field": "sign", "type": "nominal", "title": None,
            "scale": {"domain": signs, "range": [table[sign] for sign in signs]}}
