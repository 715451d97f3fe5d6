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


def _as_it_was(content: dict[str, Json]) -> dict[str, Json]:
    """Schema 2 knew nothing of the objection, of what changed, and of the papers relied on: they stay unsaid."""
    return content


@dataclass(frozen=True, kw_only=True)
class Decision(Paper):
    """The outcome for one version of a proposal, with a ruling for every body that had to decide.

    ``objection`` is the strongest case against it, in full, and ``objection_answered`` what the body says to it.
    ``loss_answered`` is what is done for those who may lose. ``relies_on`` are the digests of the papers relied on.
    """

    paper: ClassVar[str] = "decision"
    schema: ClassVar[int] = 3
    upgrades = {1: _one_ruling_a_body, 2: _as_it_was}

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
    loss_answered: str | None = None
    what_changed: str | None = None
    objection: str | None = None
    objection_answered: str | None = None
    relies_on: tuple[str, ...] | None = None
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


def unready(decision: Decision) -> tuple[str, ...]:
    """What a decision still lacks before it may stand as approved, in words; nothing where it is complete."""
    nameless = [each.what for each in decision.promises if not each.owner or each.due is None]
    wanted: tuple[tuple[object, str], ...] = (
        (_said(decision.reasons), "its reasons"),
        (decision.promises, "what is promised"),
        (not nameless, "an owner and a day for every promise"),
        (decision.review_due is not None, "the day on which it is looked at again"),
        (decision.may_lose is not None, "who may lose by it, or that nobody does"),
        (not decision.may_lose or _said(decision.loss_answered), "what is done for those who may lose"),
        (_said(decision.what_changed), "what was heard and what changed because of it"),
        (_said(decision.objection), "the case against it"),
        (_said(decision.objection_answered), "an answer to the case against it"),
        (_said(decision.how_to_challenge), "how it can be challenged"))
    return tuple(words for said, words in wanted if not said)


def _said(text: str | None) -> bool:
    return bool((text or "").strip())
