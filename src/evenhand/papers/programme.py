"""Programme: whether it is happening. Left by *deliver*."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Literal

from evenhand.papers.facts import Figures, Measured, When
from evenhand.papers.paper import Paper


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """Something that must happen, who sees to it, by when, and when it did."""

    what: str
    owner: str | None = None
    due: When | None = None
    done: When | None = None


@dataclass(frozen=True, kw_only=True)
class Benefit:
    """What was promised to patients or to the money, and what has been seen of it."""

    what: str
    measure: str | None
    units: str | None
    owner: str | None = None
    due: When | None = None
    promised: Measured = None
    seen: Measured = None
    status: Literal["not due", "on course", "at risk", "late", "kept", "waning", "broken"] | None = None


@dataclass(frozen=True, kw_only=True)
class Programme(Paper):
    """How things stand on one day."""

    paper: ClassVar[str] = "programme"

    as_at: date
    milestones: tuple[Milestone, ...] | None = None
    benefits: tuple[Benefit, ...] | None = None
    sentence: str = ""
    figures: Figures = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
