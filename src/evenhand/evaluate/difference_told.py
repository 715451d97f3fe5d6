"""What a difference-in-differences says, in the words of a reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evenhand.evaluate import times
from evenhand.evaluate.verdicts import written
from evenhand.figures import Column, Table
from evenhand.terms.words import counted

AVERAGES: Mapping[str, str] = {
    "group": "Over treated units", "simple": "Over treated units and periods", "dynamic": "Over time since the start",
    "calendar": "Over periods"}


def sentence(fields: Mapping[str, Any], *, label: str, control: str) -> str:
    """The answer in two sentences: how much and how sure; then whether both sides moved alike before."""
    if fields["cannot_tell"]:
        return f"What the change did to {label} cannot be told: {fields['cannot_tell']}."
    effect, count = fields["effect"], fields["treated_units"]
    elsewhere = "where it never began" if control == "never" else "where it had not begun"
    had_moved = f"had it moved as it did {elsewhere}"
    value, interval = effect["estimate"], effect["interval"]
    over = {"group": f"over the {counted(count, 'unit')} where it began", "simple": "over these units and periods",
            "dynamic": "over the time since the start", "calendar": "over the periods since the first start"}
    mean = f"on average {over[fields['summary']]}"
    if interval is None:
        way = "the same as" if value == 0 else f"{written(abs(value))} {_way(value)} than"
        first = (f"Where it began, {label} ran {way} it would have been {had_moved}; no range can be put on that, so "
                 "that it cannot be told from chance.")
    elif interval[0] <= 0 <= interval[1]:
        first = (f"Where it began, {label} cannot be told from what it would have been {had_moved}: "
                 f"{written(abs(value))} {_way(value)} {mean} (range {written(abs(interval[0]))} lower to "
                 f"{written(abs(interval[1]))} higher).")
    else:
        near, far = sorted(abs(end) for end in interval)
        first = (f"Where it began, {label} ran {written(abs(value))} {_way(value)} than it would have been "
                 f"{had_moved}, {mean} (range {written(near)} to {written(far)} {_way(value)}).")
    return f"{first} {_before(fields)}"


def _way(value: float) -> str:
    return "lower" if value < 0 else "higher"


def _before(fields: Mapping[str, Any]) -> str:
    """Whether the comparison stands, as far as the time before the start shows."""
    doubts = fields["doubts"]
    if "moved_apart" in doubts:
        return "But the two sides already moved apart before it began, so the difference cannot be put down to it."
    if "placebo" in doubts:
        return "But a pretended start finds a difference where there was none yet, so it cannot be put down to this."
    if "not_tested" in doubts:
        return "Whether the two sides moved alike before it began could not be tested."
    return ("Before it began the two sides moved alike as far as can be told, which does not prove that they would "
            "have gone on so.")


def averages_table(fields: Mapping[str, Any]) -> Table:
    """The four averages, the one that heads the answer first."""
    order = sorted(AVERAGES, key=lambda name: name != fields["summary"])
    rows = [{"average": name, "word": AVERAGES[name], **_ranged(fields[name])} for name in order]
    if fields["two_way"]:
        rows.append({"average": "two_way", "word": "Two-way fixed effects (older way, a contrast)",
                     **_ranged(fields["two_way"])})
    return Table.of(rows, [Column("average", "Average"), Column("word", "Meaning"),
                           Column("estimate", "Effect", "number"), Column("standard_error", "Standard error", "number"),
                           Column("interval", "Range", "interval")], title="The effect, averaged in four ways")


def _ranged(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, **{name: tuple(row[name]) if row.get(name) is not None else None for name in ("interval", "band")}}


def event_table(fields: Mapping[str, Any]) -> Table:
    """Effects by time since the start."""
    one = times.ONE_OF[fields["rhythm"]]
    return Table.of([_ranged(row) for row in fields["dynamic"]["rows"]], [
        Column("event", f"{one.capitalize()}s since the start", "count"), Column("treated", "Treated units", "count"),
        Column("estimate", "Effect", "number"), Column("standard_error", "Standard error", "number"),
        Column("interval", "Range", "interval"), Column("band", "Band that holds all at once", "interval")],
        title="By time since the start")


def group_time_table(fields: Mapping[str, Any]) -> Table:
    """Every group-time effect."""
    return Table.of([_ranged(row) for row in fields["group_time"]], [
        Column("group", "Began"), Column("time", "Time"), Column("compared_with", "Compared with"),
        Column("treated", "Treated", "count"), Column("controls", "Comparators", "count"),
        Column("estimate", "Effect", "number"), Column("standard_error", "Standard error", "number"),
        Column("interval", "Range", "interval")], title="By when they began, and time")


def checks_table(fields: Mapping[str, Any]) -> Table:
    """The same question asked in other ways."""
    if not fields["checks"]:
        return Table.of([], ["what"], title="Asked in other ways")
    rows = [{"what": "As asked", "treated": fields["treated_units"], **_ranged(fields["effect"])}]
    rows += [{**_ranged(row), "what": row["what"][:1].upper() + row["what"][1:]} for row in fields["checks"]]
    return Table.of(rows, [Column("what", "Asked in another way"), Column("treated", "Treated units", "count"),
                           Column("estimate", "Effect", "number"), Column("interval", "Range", "interval"),
                           Column("because", "Why there is none")], title="Asked in other ways")


def sensitivity_table(fields: Mapping[str, Any]) -> Table:
    """What is left where trends are not parallel."""
    found = fields["sensitivity"]
    rows = []
    for target, words in (("first", "First period"), ("average", "Average over the time since the start")):
        part = found[target] if found else None
        if part is None:
            continue
        rows += [{"of": words, "departure": f"up to {row['ratio']:g} times the largest step before",
                  "interval": tuple(row["interval"])} for row in part["relative"]["rows"]]
        rows += [{"of": words, "departure": "the last drift goes on in a straight line" if not row["bend"] else
                  f"the last drift goes on, bending by up to {written(row['bend'])} a step",
                  "interval": tuple(row["interval"])} for row in part["smooth"]["rows"]]
    return Table.of(rows, [Column("of", "Effect"), Column("departure", "If trends depart from parallel by"),
                           Column("interval", "Range", "interval")], title="If trends were not parallel")

