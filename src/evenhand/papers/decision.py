"""Decision: what was decided, by whom, and whether it was sound, fair and properly made. Left by *decide*."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from evenhand.papers.canonical import Json
from evenhand.papers.facts import Body, Figures, Source, When
from evenhand.papers.paper import Paper

Outcome = Literal["approved", "declined", "deferred"]


@dataclass(frozen=True, kw_only=True)
class StoodAside:
    """A member, by identifier, who took no part, or part of a part, and why."""

    member: str
    action: str
    because: str


@dataclass(frozen=True, kw_only=True)
class Votes:
    """Totals only. Who voted how is nobody's business in a secret ballot, and the minutes' in an open one."""

    for_it: int
    against: int
    abstained: int


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What one body decided, and how. ``None`` and an empty tuple differ: *not held*, and *nobody stood aside*."""

    body: Body
    outcome: Outcome
    decided: When | None = None
    option: str | None = None
    power: str | None = None
    quorate: bool | None = None
    votes: Votes | None = None
    stood_aside: tuple[StoodAside, ...] | None = None
    attended: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Promise:
    """Something said in public that will be looked for: who owes it, by when, and how it ended."""

    what: str
    owner: str | None = None
    due: When | None = None
    kept: bool | None = None
    kept_when: When | None = None
    how: str | None = None


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """Who questioned the decision, when, and what came of it."""

    by: str
    when: When | None = None
    what: str
    result: str | None = None


def _one_ruling_a_body(content: dict[str, Json]) -> dict[str, Json]:
    """Schema 1 knew one body with one day. Four bodies deciding one thing, each alone, did not fit."""
    moved = ("body", "decided", "power", "quorate", "votes", "stood_aside")
    ruling = {name: content.get(name) for name in moved}
    ruling |= {"outcome": content["outcome"], "option": content.get("option")}
    return {name: value for name, value in content.items() if name not in moved} | {"rulings": [ruling]}


@dataclass(frozen=True, kw_only=True)
class Decision(Paper):
    """The outcome for one version of a proposal, with a ruling for every body that had to decide."""

    paper: ClassVar[str] = "decision"
    schema: ClassVar[int] = 2
    upgrades = {1: _one_ruling_a_body}

    title: str
    outcome: Outcome
    option: str | None
    rulings: tuple[Ruling, ...]
    together: bool | None = None
    reasons: str | None = None
    dissent: str | None = None
    conditions: tuple[str, ...] | None = None
    duties_considered: tuple[str, ...] | None = None
    may_lose: tuple[str, ...] | None = None
    turns_on: str | None = None
    promises: tuple[Promise, ...] = ()
    challenges: tuple[Challenge, ...] | None = None
    how_to_challenge: str | None = None
    review_due: When | None = None
    sentence: str = ""
    figures: Figures = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        if not self.rulings:
            raise ValueError("a decision was made by somebody: give each body's ruling")
