"""Opportunity: where outcome or value is being lost. Left by *find*."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from evenhand.papers.facts import Body, Figures, Measured, When
from evenhand.papers.paper import Paper


@dataclass(frozen=True, kw_only=True)
class Opportunity(Paper):
    """One body's gap on one measure against a named comparison: headroom to look into, not money.

    ``gap`` is in ``gap_units`` (as "pounds a year"), positive where there is something to gain. ``overlaps_with``
    names measures whose gaps must not be added to this one.
    """

    paper: ClassVar[str] = "opportunity"

    body: Body
    measure: str
    title: str
    period: When
    against: str
    gap: Measured
    gap_units: str
    rank: int | None = None
    rank_of: int | None = None
    sure: Literal["high", "fair", "low"] | None = None
    sure_because: str | None = None
    overlaps_with: tuple[str, ...] = ()
    not_seen: tuple[str, ...] = ()
    sentence: str = ""
    figures: Figures = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
