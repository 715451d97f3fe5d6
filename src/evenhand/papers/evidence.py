"""Evidence: one study or account, what it found and how far it applies here. Kept by the record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from evenhand.papers.facts import Measured, Source
from evenhand.papers.paper import Paper


@dataclass(frozen=True, kw_only=True)
class Evidence(Paper):
    """One piece of evidence, graded by a named scheme. Ungraded is ``None``, which is not the lowest grade."""

    paper: ClassVar[str] = "evidence"

    source: Source
    design: str | None
    says: str
    about_options: tuple[str, ...] = ()
    about_criteria: tuple[str, ...] = ()
    effect: Measured = None
    effect_units: str | None = None
    grade: str | None = None
    grade_scheme: str | None = None
    applies_here: str | None = None
    limits: tuple[str, ...] = ()
