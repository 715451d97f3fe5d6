"""EvaluationPlan: how we shall know, fixed before the decision. Left by *evaluate*."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from evenhand.papers.facts import Measured, When
from evenhand.papers.paper import Paper
from evenhand.terms import Span


@dataclass(frozen=True, kw_only=True)
class EvaluationPlan(Paper):
    """What will be measured, against what, by which design, and what would make us stop.

    ``design_settings`` are the settings the method will be run with, so that nothing is chosen after the results.
    """

    paper: ClassVar[str] = "evaluation-plan"

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
    remarks: tuple[str, ...] = ()
