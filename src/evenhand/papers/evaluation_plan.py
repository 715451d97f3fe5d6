"""EvaluationPlan: how we shall know, fixed before the decision. Left by *evaluate*."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeAlias

from evenhand.papers.canonical import Json
from evenhand.papers.facts import Measured, When
from evenhand.papers.paper import Paper
from evenhand.terms import Span

Wanted: TypeAlias = Literal["increase", "decrease", "neutral"]
"""Which way a measure is wanted to go."""

ComparatorRule: TypeAlias = Literal["own past", "own past with control", "nearest in size", "not yet treated",
                                    "weighted donors", "own past, selected high"]
"""How whatever a programme is set beside is found, so that nobody can choose it after the results."""


@dataclass(frozen=True, kw_only=True)
class PlannedOutcome:
    """One thing a programme is judged by: the measure, which version of it, which way, and whose it is."""

    measure: str
    direction: Wanted
    kind: Literal["patient outcome", "patient experience", "use", "money"]
    measure_version: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True)
class Safety:
    """What must not get worse: ``stop_at`` is the share by which it may do so before the programme is stopped.

    ``direction`` is the way that is wanted: with ``decrease`` and 0.05, 5% above what was to be expected stops it.
    """

    measure: str
    direction: Wanted
    stop_at: float
    because: str
    title: str | None = None

    def __post_init__(self) -> None:
        if not 0 < self.stop_at < 1:
            raise ValueError(f"a safety threshold is a share between 0 and 1, not {self.stop_at}")


@dataclass(frozen=True, kw_only=True)
class Power:
    """The chance of seeing the smallest effect that matters, if it is there, by the last look.

    ``smallest_seen`` is the smallest share that would be seen four times in five; ``would_need`` says what footprint
    or how long could see the effect where this cannot.
    """

    chance: float
    sentence: str
    smallest_seen: float | None = None
    would_need: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.chance <= 1:
            raise ValueError(f"a chance lies between 0 and 1, not {self.chance}")


def _as_it_was(content: dict[str, Json]) -> dict[str, Json]:
    """Schema 1 knew nothing of point, safety, power, looks and amendments: they are not in it, and stay unsaid."""
    return content


@dataclass(frozen=True, kw_only=True)
class EvaluationPlan(Paper):
    """What will be measured, against what, by which design, and what would make us stop.

    ``point`` says in a sentence what this is for, for patients. ``design_settings`` are the settings the method will be
    run with, so that nothing is chosen after the results. ``cost_pence`` is what it is planned to cost. ``amends`` is
    the digest of the plan that this one changes, with the reason; a plan is never changed in any other way.
    """

    paper: ClassVar[str] = "evaluation-plan"
    schema: ClassVar[int] = 2
    upgrades = {1: _as_it_was}

    question: str
    measure: str | None
    design: str | None
    design_settings: Mapping[str, Any] = field(default_factory=dict)
    compared_with: str | None = None
    baseline: Span | None = None
    starts: When | None = None
    promised: Measured = None
    promised_units: str | None = None
    worked_if: str | None = None
    stop_if: str | None = None
    review_due: When | None = None
    owner: str | None = None
    point: str | None = None
    scheme_kind: str | None = None
    primary: PlannedOutcome | None = None
    others: tuple[PlannedOutcome, ...] = ()
    safety: tuple[Safety, ...] = ()
    comparator: ComparatorRule | None = None
    ramp_months: int | None = None
    smallest_effect: float | None = None
    smallest_effect_units: str | None = None
    power: Power | None = None
    looks: tuple[When, ...] = ()
    cost_pence: int | None = None
    amends: str | None = None
    amendment_reason: str | None = None
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.amends is None) != (not (self.amendment_reason or "").strip()):
            raise ValueError("an amendment names the plan it amends and its reason; a first plan has neither")
