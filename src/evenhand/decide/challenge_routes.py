"""Who may challenge a decision, how, and until which day: dated rules, reckoned from the day it was decided."""

from __future__ import annotations

import tomllib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from evenhand.decide.working_days import standstill
from evenhand.papers.canonical import plain
from evenhand.papers.shape import taken

FILE = Path(__file__).with_name("challenge_routes.toml")
GROUNDS = {
    "engagement": "People were not involved, or not on this version",
    "consultation": "Consultation came too late, said too little, was too short, or was not heeded",
    "promise": "A promise was broken",
    "equality": "Who may be worse off was not weighed",
    "scores": "Scores or papers were withheld",
    "interests": "Somebody with an interest took part",
    "options": "An option was ruled out without reasons",
    "reasons": "The reasons do not bear the decision",
    "power": "It was not theirs to decide, or too few were there",
    "patients": "It is not in the interests of patients",
    "other": "Something else",
}
"""What is said to be wrong with a decision, by a short name."""


@dataclass(frozen=True)
class Between:
    """The first and the last day of a rule; open where none is given."""

    first: date | None = None
    last: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the rule held on a day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Route:
    """One way of challenging a decision."""

    id: str
    title: str
    who: str
    how: str
    source: str
    months: int | None = None
    working_days: int | None = None
    only_for: str = ""
    in_force: Between = Between()

    def last_day(self, decided: date) -> date | None:
        """The last day on which it is open, reckoned from the day of the decision; none where it has no end.

        Months run to the same day of a later month, or to its last day where it has no such day.
        """
        if self.working_days is not None:
            return standstill(decided, days=self.working_days).say_by
        if self.months is None:
            return None
        year, month = divmod(decided.year * 12 + decided.month - 1 + self.months, 12)
        return date(year, month + 1, min(decided.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Open:
    """A route with its last day for one decision, and whether that day has passed."""

    route: Route
    last_day: date | None
    is_over: bool


@cache
def routes() -> tuple[Route, ...]:
    """Every route, in the order they are usually tried."""
    said = tomllib.loads(FILE.read_text(encoding="utf-8"))["route"]
    return tuple(taken(Route, plain({"in_force": {}, **each})) for each in said)


def routes_for(decided: date, *, today: date, choosing_a_provider: bool = False) -> tuple[Open, ...]:
    """The routes that were open against a decision of that day.

    Args:
        decided: the day of the decision, from which every last day is reckoned.
        today: the day on which it is asked what is still open.
        choosing_a_provider: whether a provider was chosen by it.
    """
    found = []
    for each in routes():
        if each.in_force.holds_on(decided) and (choosing_a_provider or not each.only_for):
            last = each.last_day(decided)
            ended = each.in_force.last is not None and each.in_force.last < today
            found.append(Open(each, last, ended or (last is not None and last < today)))
    return tuple(found)
