"""Statement: whether an assurer backs one version of a proposal, and why. Left by *decide*."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Literal, TypeAlias

from evenhand.papers.facts import Body, Figures, Source
from evenhand.papers.paper import Paper

Backing: TypeAlias = Literal["backed", "backed on conditions", "not backed yet"]


@dataclass(frozen=True, kw_only=True)
class Statement(Paper):
    """One assurer's word on one version: backed, backed on conditions, or not yet, with its reasons.

    It holds for the version it names and for no other. ``asked`` is the day it was asked for, ``due`` the day by which
    the assurer's own published time ran out. ``supports`` is what the assurer offered to do to help.
    """

    paper: ClassVar[str] = "statement"

    by: Body
    outcome: Backing
    reasons: str
    conditions: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    asked: date | None = None
    due: date | None = None
    given: date | None = None
    signed_by: str | None = None
    sentence: str = ""
    figures: Figures = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        if self.header.proposal_version is None:
            raise ValueError("a statement is about one version of a proposal: give its proposal_version")
        if not self.reasons.strip():
            raise ValueError("a statement gives its reasons")
        if (self.outcome == "backed on conditions") != bool(self.conditions):
            raise ValueError("a case that is backed on conditions has them, and no other has")
