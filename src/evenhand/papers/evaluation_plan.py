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

ComparatorRule: TypeAlias = Literal["before and after", "own past", "own past with control", "nearest in size",
                                    "not yet treated", "weighted donors"]
"""How whatever a programme is set beside is found, so that nobody can choose it after the results."""


@dataclass(frozen=True, kw_only=True)
class PlannedOutcome:
    """One thing a programme is judged by: the measure, which version of it, which way, and whose it is.

    ``wanted`` says whether it must get better, or only be no worse by more than the share ``margin``: a cheaper
    medicine serves patients if they fare as well with it.
    """

    measure: str
    direction: Wanted
    kind: Literal["patient outcome", "patient experience", "use", "money"]
    wanted: Literal["better", "no worse"] = "better"
    margin: float | None = None
    measure_version: str | None = None
    title: str | None = None

    def __post_init__(self) -> None:
        if (self.wanted == "no worse") != (self.margin is not None) or not 0 < (self.margin or 0.5) < 1:
            raise ValueError("what must be no worse has a margin between 0 and 1; what must be better has none")


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


PATIENTS = ("patient outcome", "patient experience")
"""What a programme may be judged by first. Money and numbers treated are watched, and are never what it is for."""


def lacking(plan: EvaluationPlan) -> tuple[str, ...]:
    """What a plan still lacks before anything may be decided on it, in words; nothing where it is complete."""
    primary = plan.primary
    money = "a patient outcome or experience as primary: money saved or a balance met is no success by itself"
    chosen_high = plan.comparator == "before and after" and "prompted" in plan.design_settings
    wanted: tuple[tuple[bool, str], ...] = (
        (_said(plan.point), "the point: a sentence that says what this is for, for patients"),
        (primary is not None and primary.kind in PATIENTS,
         money if primary is not None and primary.kind == "money" else
         "a patient outcome or experience as primary"),
        (_said(plan.measure) and _said(plan.design), "the measure and the design"),
        (plan.comparator is not None and _said(plan.compared_with), "the rule by which a comparison is found"),
        (not chosen_high, "a comparison: those it is for were chosen because their figures were high, and high figures "
                          "come down by themselves, so before and after alone shows nothing"),
        (plan.baseline is not None, "the months before"),
        (plan.starts is not None, "the start"),
        (plan.smallest_effect is not None and plan.smallest_effect > 0, "the smallest effect that matters"),
        (plan.power is not None, "the chance of seeing it"),
        (bool(plan.safety), "a safety measure with the threshold that stops it"),
        (bool(plan.looks), "the looks: when somebody will look"),
        (_said(plan.worked_if), "what would count as having worked"),
        (_said(plan.stop_if), "what would make us stop"),
        (_said(plan.owner), "the owner"))
    return tuple(what for there, what in wanted if not there)


def _said(text: str | None) -> bool:
    return bool(text and text.strip())
