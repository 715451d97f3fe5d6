"""Pictures of a meeting: who may do what on each item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from evenhand.decide.conflicts import SAID
from evenhand.figures import Answer, Column, Figure, Table
from evenhand.figures.chart import BLUE, GREY, ORANGE, PALE_GREY, TEXT, rows_of

if TYPE_CHECKING:
    from evenhand.decide.meeting import Item, Meeting
    from evenhand.decide.quorum import ItemQuorum

# What stands in a square of the grid: a word of its own, so that colour is never the only sign.
WORDS = {"votes": "votes", "note": "votes, noted", "no_vote": "no vote", "speak_not_vote": "speaks only",
         "leave": "leaves", "no_papers": "no papers", "removed": "removed", "absent": "absent"}
COLOURS = {"votes": "#cce0f4", "votes, noted": "#99c2ea", "no vote": PALE_GREY, "speaks only": "#fbd5c5",
           "leaves": "#f3a68c", "no papers": "#e98b6c", "removed": ORANGE, "absent": "#ffffff"}


def grid_rows(meeting: Meeting, found: Sequence[tuple[ItemQuorum, Item]],
              without: tuple[str, ...]) -> list[dict[str, Any]]:
    """For each item and member: what they may do, and why."""
    rows = []
    for one, item in found:
        steps = {each.member: each for each in (*one.stands_aside, *one.noted)}
        for member in meeting.members:
            aside = steps.get(member.id)
            if not member.attending or member.id in without:
                does, because = "absent", ""
            elif aside is not None and (member.voting or aside.action != "note"):
                does, because = WORDS[aside.action], aside.because
            else:
                does, because = WORDS["votes" if member.voting else "no_vote"], ""
            rows.append({"item": item.id, "title": item.title, "member": member.name, "does": does,
                         "takes_the_chair": one.chair == member.id, "because": because})
    return rows


def quorum(answer: Answer) -> tuple[Figure, ...]:
    """The grid of members and items, and the count of each item against what is needed."""
    return _grid(answer), _bars(answer)


def _grid(answer: Answer) -> Figure:
    rows = [{**row, "shown": row["does"] + (", chair" if row["takes_the_chair"] else ""),
             "label": f"{row['item']} {row['title']}"} for row in answer.fields["grid"]]
    labels = list(dict.fromkeys(row["label"] for row in rows))
    members = list(dict.fromkeys(row["member"] for row in rows))
    chart = {
        "data": rows_of(rows), "height": {"step": 30}, "width": {"step": 118},
        "encoding": {
            "x": {"field": "label", "type": "nominal", "sort": labels, "title": None,
                  "axis": {"orient": "top", "labelAngle": 0, "labelLimit": 112}},
            "y": {"field": "member", "type": "nominal", "sort": members, "title": None}},
        "layer": [
            {"mark": {"type": "rect", "stroke": "white", "strokeWidth": 2}, "encoding": {
                "color": {"field": "does", "type": "nominal", "legend": None,
                          "scale": {"domain": list(COLOURS), "range": list(COLOURS.values())}}}},
            {"mark": {"type": "text", "fontSize": 13, "color": TEXT}, "encoding": {"text": {"field": "shown"}}}],
    }
    table = Table.of(rows, [Column("label", "Item"), Column("member", "Member"), Column("does", "On this item"),
                            Column("takes_the_chair", "Takes the chair"), Column("because", "Because")],
                     title="Who may do what")
    steps = [f"{WORDS[step]}: {said}" for step, said in SAID.items() if any(row["does"] == WORDS[step] for row in rows)]
    note = "; ".join(steps) + "." if steps else ""
    return Figure("quorum-grid", "Who may do what on each item", answer.sentence, table, chart, note)


def _bars(answer: Answer) -> Figure:
    needed = answer.fields["quorum"]["minimum"]
    rows = [{"label": f"{one['id']} {one['title']}", "may_vote": len(one["may_vote"]), "needed": needed,
             "quorate": one["quorate"], "sentence": one["sentence"],
             "verdict": "can be decided" if one["quorate"] else "cannot be decided"} for one in answer.fields["items"]
            if one["purpose"] == "decision"]
    labels = [row["label"] for row in rows]
    chart = {
        "data": rows_of(rows), "height": {"step": 44},
        "encoding": {"y": {"field": "label", "type": "nominal", "sort": labels, "title": None}},
        "layer": [
            {"mark": {"type": "bar", "height": 22}, "encoding": {
                "x": {"field": "may_vote", "type": "quantitative", "title": "Members who may vote",
                      "axis": {"tickMinStep": 1, "format": "d"}},
                "color": {"field": "verdict", "type": "nominal", "legend": None,
                          "scale": {"domain": ["can be decided", "cannot be decided"], "range": [BLUE, GREY]}}}},
            {"mark": {"type": "tick", "thickness": 4, "size": 36, "color": TEXT}, "encoding": {
                "x": {"field": "needed", "type": "quantitative"}}},
            {"mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 13, "color": TEXT}, "encoding": {
                "x": {"field": "may_vote", "type": "quantitative"}, "text": {"field": "verdict"}}}],
    }
    table = Table.of(rows, [Column("label", "Item"), Column("may_vote", "May vote", "count"),
                            Column("needed", "Needed", "count"), Column("quorate", "Can be decided"),
                            Column("sentence", "In words")], title="Votes against the quorum")
    return Figure("quorum-count", "Votes against the quorum", answer.sentence, table, chart,
                  "The upright mark is the number needed. Roles that must be there are in the table.")
