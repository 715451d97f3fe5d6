"""Finding: whether it worked. Left by *evaluate*."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from evenhand.papers.facts import Figures, Measured, Source, When
from evenhand.papers.paper import Paper


@dataclass(frozen=True, kw_only=True)
class Finding(Paper):
    """One answer to one question, promised beside found. *Cannot tell* is an answer, and says why."""

    paper: ClassVar[str] = "finding"

    question: str
    verdict: Literal["worked", "did not work", "cannot tell"]
    because: str
    measure: str | None = None
    period: When | None = None
    found: Measured = None
    promised: Measured = None
    units: str | None = None
    lasted: bool | None = None
    sentence: str = ""
    figures: Figures = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
