"""What a secretary's desk begins with: how the body last met, whom it may seat, and its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from evenhand.decide.app.models import Meeting
from evenhand.papers import Proposal
from evenhand.people.app import queries as people
from evenhand.record.app import queries as record

USUAL_LADDER = {"financial": "leave", "non-financial professional": "speak_not_vote",
                "non-financial personal": "speak_not_vote", "indirect": "note"}
"""What an interest calls for where the body's last meeting does not say; a body's own policy goes before it."""
PARTS = (("", "does not sit"), ("member", "member"), ("chair", "chair"), ("deputy", "deputy chair"),
         ("attends", "attends without a vote"))


@dataclass(frozen=True)
class Sitter:
    """Somebody of the body, and the part they last had at its table."""

    id: str
    name: str
    roles: tuple[str, ...]
    part: str


@dataclass(frozen=True)
class Habit:
    """How a body last met; what a new meeting is arranged from."""

    title: str = ""
    place: str = ""
    quorum: int = 3
    ladder: Mapping[str, str] = field(default_factory=lambda: dict(USUAL_LADDER))
    roles_needed: tuple[Mapping[str, Any], ...] = ()
    sitters: tuple[Sitter, ...] = ()


def habit_of(code: str, on: date) -> Habit:
    """How a body last met, with everybody who belongs to it on a day."""
    last = Meeting.objects.filter(organisation__code=code).first()
    sat = {} if last is None else {each.account.identifier: each for each in last.seats.select_related("account")}
    belongs: dict[str, tuple[str, list[str]]] = {}
    for identifier, name, role in people.people_of(code, on):
        belongs.setdefault(identifier, (name, []))[1].append(role)
    sitters = tuple(Sitter(
        identifier, name, tuple(sat[identifier].roles) if identifier in sat else tuple(roles),
        _part(sat.get(identifier))) for identifier, (name, roles) in belongs.items())
    if last is None:
        return Habit(sitters=sitters)
    return Habit(last.title, last.place, last.quorum, last.ladder, tuple(last.roles_needed), sitters)


def _part(seat: Any) -> str:
    if seat is None:
        return ""
    return ("chair" if seat.chair else "deputy" if seat.deputy_chair else "member") if seat.voting else "attends"


def cases_of(code: str) -> list[tuple[str, str]]:
    """The cases that a body made an entry about, each with the title of its newest proposal."""
    found = []
    for case in record.subjects(organisation=code):
        if case.startswith("case/"):
            held = [each.paper() for each in record.papers(case, "proposal")]
            newest = held[-1] if held else None
            title = newest.title if isinstance(newest, Proposal) else ""
            found.append((case, title or case.removeprefix("case/").replace("-", " ")))
    return found


def staff_of(code: str, on: date) -> list[tuple[str, str]]:
    """Identifier and name of everybody of a body, once each."""
    return list(dict.fromkeys((identifier, name) for identifier, name, _ in people.people_of(code, on)))


