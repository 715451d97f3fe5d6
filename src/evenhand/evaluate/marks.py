"""What else happened while a series ran: changed definitions, mergers, and anything that may have moved it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evenhand.data.tables import Table
from evenhand.evaluate import times
from evenhand.evaluate.timeline import Timeline
from evenhand.terms import Problem, Refused

KINDS = ("definition", "merger", "other")
NEAR = 3
"""Steps from the start within which another event cannot be told apart from the change."""


@dataclass(frozen=True)
class Mark:
    """One thing that happened: when (as the series writes it), in which step after the first point, what, what kind."""

    label: str
    place: float
    what: str
    kind: str


def read(table: Table, dates: times.Times) -> tuple[Mark, ...]:
    """Read ``date``, ``what`` and, where it is there, ``kind`` (definition, merger or other), in order of time.

    Raises ``Refused`` for a date that is none like those of the series, an empty ``what``, and an unknown kind.
    """
    table.require("date", "what")
    days, whats = table.texts("date"), table.texts("what")
    kinds = table.texts("kind") if "kind" in table else ["other"] * len(table)
    found, problems = [], []
    for row, (day, what, kind) in enumerate(zip(days, whats, kinds, strict=True)):
        number = int(table.row_numbers[row])
        said = (kind or "other").strip().casefold()
        if not (what or "").strip():
            problems.append(Problem("it is not said what happened", "write it in a few words", table.name, number,
                                    "what", what))
        if said not in KINDS:
            problems.append(Problem("no such kind of event", f"write {', '.join(KINDS[:-1])} or {KINDS[-1]}",
                                    table.name, number, "kind", kind))
        try:
            moment = dates.moment(day or "", "date")
        except Refused as refused:
            problems += [Problem(each.what, each.remedy, table.name, number, "date", day) for each in refused.problems]
            continue
        found.append(Mark(moment.label, moment.place, (what or "").strip(), said))
    if problems:
        raise Refused(problems)
    return tuple(sorted(found, key=lambda each: each.place))


def inside(marks: Sequence[Mark], dates: times.Times, line: Timeline) -> tuple[Mark, ...]:
    """The marks that fall after the first point of a series and up to its last."""
    first, last = (dates.moment(str(line.label[end]), "date").place for end in (0, -1))
    return tuple(each for each in marks if first < each.place <= last)


def breaks(marks: Sequence[Mark], rhythm: str) -> str | None:
    """Why the series is not one series, where its definition changed or bodies merged inside it."""
    for each in marks:
        if each.kind == "definition":
            return (f"the definition of the measure changed {times.when(each.label, rhythm)} ({each.what}), so that "
                    "the figures on its two sides do not count the same things")
        if each.kind == "merger":
            return (f"bodies merged or split {times.when(each.label, rhythm)} ({each.what}), so that the figures on "
                    "the two sides are not of the same people")
    return None


def remarks(marks: Sequence[Mark], dates: times.Times, line: Timeline, *, controlled: bool) -> list[str]:
    """What happened besides, and whether it lies too near the start to be told apart."""
    found = [f"{_capital(times.said(each.label, line.rhythm))}: {each.what}." for each in marks]
    start = dates.moment(line.start, "--start").place
    step = _step(dates, line)
    near = [each for each in marks if each.kind == "other" and abs(each.place - start) <= NEAR * step]
    if near and not controlled:
        what = "; ".join(each.what for each in near)
        found.append(f"This happened about the same time as the change: {what}. What each of them did cannot be told "
                     "apart from this series alone: set a comparator beside it that saw the one and not the other "
                     "(--control).")
    return found


def _step(dates: times.Times, line: Timeline) -> float:
    """The usual distance from one point to the next, in the places of the dates."""
    places = [dates.moment(str(label), "date").place for label in line.label[:2]]
    return float(places[1] - places[0]) if len(places) == 2 else 1.0


def documents(marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """As the answer gives them."""
    return [{"date": each.label, "what": each.what, "kind": each.kind} for each in marks]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
