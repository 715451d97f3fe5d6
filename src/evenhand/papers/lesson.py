"""Lesson and Lineage: what the next body must know, and who came after whom. Left by *remember*."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from evenhand.papers.facts import Body, Figures, Source
from evenhand.papers.paper import Paper


@dataclass(frozen=True, kw_only=True)
class Lesson(Paper):
    """What was learnt, in what circumstances, and where else it may hold."""

    paper: ClassVar[str] = "lesson"

    title: str
    what_happened: str
    advice: str
    services: tuple[str, ...] = ()
    circumstances: str | None = None
    may_not_hold: str | None = None
    bodies: tuple[Body, ...] = ()
    next_review: date | None = None
    sentence: str = ""
    figures: Figures = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Succession:
    """One body's work passing to another: on what day, what share of it, and what the share was reckoned on."""

    old: Body
    new: Body
    on: date | None
    share: float | None = None
    basis: str | None = None
    source: Source | None = None


@dataclass(frozen=True, kw_only=True)
class Lineage(Paper):
    """Where a body came from and what became of it."""

    paper: ClassVar[str] = "lineage"

    body: Body
    successions: tuple[Succession, ...]
    sentence: str = ""
    figures: Figures = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
