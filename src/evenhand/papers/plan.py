"""Plan: which few changes, for whom, at whose cost. Left by *choose*."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from evenhand.papers.facts import Body, Figures, Measured
from evenhand.papers.paper import Paper


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """One change in the plan. Money is in whole pence by financial year (``2026/27``)."""

    id: str
    title: str
    case: str | None = None
    owner: str | None = None
    starts: str | None = None
    footprint: str | None = None
    value: Measured = None
    value_units: str | None = None
    cost_pence: Mapping[str, int] | None = None


@dataclass(frozen=True, kw_only=True)
class Limit:
    """Something there is only so much of, how much the plan uses, and what one more unit would be worth."""

    name: str
    units: str
    limit: float
    used: float
    worth_of_one_more: float | None = None


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """Who pays whom so that nobody is worse off, in whole pence in one financial year."""

    payer: str
    receiver: str
    year: str
    pence: int
    because: str


@dataclass(frozen=True, kw_only=True)
class Plan(Paper):
    """A few changes over some years, owned by the bodies that signed it."""

    paper: ClassVar[str] = "plan"

    title: str
    bodies: tuple[Body, ...]
    years: tuple[str, ...]
    schemes: tuple[Scheme, ...]
    left_out: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    transfers: tuple[Transfer, ...] | None = None
    compromises: tuple[str, ...] | None = None
    sentence: str = ""
    figures: Figures = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
