"""Finding: whether it worked. Left by *evaluate*."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeAlias

from evenhand.papers.canonical import Json
from evenhand.papers.facts import Figures, Measured, Source, When
from evenhand.papers.paper import Paper

Verdict: TypeAlias = Literal["worked", "did not work", "faded", "cannot tell"]
Served: TypeAlias = Literal["yes", "no", "cannot tell"]


@dataclass(frozen=True, kw_only=True)
class SafetyResult:
    """How a safety measure did: the share it ran above or below what was to be expected, and whether that stops it.

    ``passed_stop`` is yes where it got worse by ``stop_at`` or more and chance does not explain that, no where the
    whole range lies on this side of ``stop_at``, and ``None`` where neither can be told.
    """

    measure: str
    stop_at: float
    sentence: str
    title: str | None = None
    effect: Measured = None
    passed_stop: bool | None = None


@dataclass(frozen=True, kw_only=True)
class GroupResult:
    """Who gained and who lost: the same effect for one group of people; hidden where too few."""

    group: str
    sentence: str
    effect: Measured = None
    result: Literal["gained", "lost", "no change seen", "cannot tell"] = "cannot tell"


@dataclass(frozen=True, kw_only=True)
class Check:
    """The same question by another design. ``agrees`` is ``None`` where this one cannot tell."""

    name: str
    sentence: str
    effect: Measured = None
    agrees: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """A change of the plan after it was sealed, by the digest of the plan that made it, and why."""

    plan: str
    reason: str


def _as_it_was(content: dict[str, Json]) -> dict[str, Json]:
    """Schema 1 said *worked* of what faded, with ``lasted`` false; everything newer was not said."""
    return content | ({"verdict": "faded"} if content.get("lasted") is False and content["verdict"] == "worked" else {})


@dataclass(frozen=True, kw_only=True)
class Finding(Paper):
    """One answer to one question, promised beside found. *Cannot tell* is an answer, and says why.

    ``plan`` is the digest of the sealed plan it answers. ``found`` and ``promised`` are totals in ``units``; ``effect``
    and ``promised_effect`` are shares of what was to be expected, below nought where the measure went down.
    Where the target was met and ``point_served`` is *no*, the target was hit and the point missed.
    ``doubts`` say what this cannot tell; ``checks`` are the same question by other designs, all of them shown.
    """

    paper: ClassVar[str] = "finding"
    schema: ClassVar[int] = 2
    upgrades = {1: _as_it_was}

    question: str
    verdict: Verdict
    because: str
    measure: str | None = None
    period: When | None = None
    found: Measured = None
    promised: Measured = None
    units: str | None = None
    lasted: bool | None = None
    sentence: str = ""
    plan: str | None = None
    design: str | None = None
    effect: Measured = None
    promised_effect: Measured = None
    point_served: Served | None = None
    point_sentence: str = ""
    safety: tuple[SafetyResult, ...] = ()
    groups: tuple[GroupResult, ...] = ()
    cost_pence: int | None = None
    cost_sentence: str = ""
    amendments: tuple[Amendment, ...] = ()
    doubts: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    looked: When | None = None
    next_look: When | None = None
    figures: Figures = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
