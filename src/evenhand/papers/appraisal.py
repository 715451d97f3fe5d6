"""Appraisal: what each option would do. Left by *appraise*."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from evenhand.papers.facts import Figures, Measured
from evenhand.papers.paper import Paper


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """What options are compared on, which way is better, and how much it counts (``None``: not agreed)."""

    id: str
    title: str
    better: Literal["high", "low"]
    weight: float | None = None
    units: str | None = None


@dataclass(frozen=True, kw_only=True)
class Score:
    """How one option does on one criterion, in the criterion's units, and why."""

    option: str
    criterion: str
    value: Measured
    because: str | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Loser:
    """Who may be worse off under one option, and by how much."""

    option: str
    who: str
    how: str
    size: Measured = None
    size_units: str | None = None


@dataclass(frozen=True, kw_only=True)
class Appraisal(Paper):
    """The options of one version side by side, scores and sub-scores with them, and what the answer turns on."""

    paper: ClassVar[str] = "appraisal"

    options: tuple[str, ...]
    criteria: tuple[Criterion, ...] | None
    scores: tuple[Score, ...] | None
    weights_from: str | None = None
    ranking: tuple[str, ...] | None = None
    may_lose: tuple[Loser, ...] | None = None
    turns_on: str | None = None
    sentence: str = ""
    figures: Figures = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
