"""Assessment: who may be better or worse off, and what is done about it. Kept by the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from evenhand.papers.facts import Source, When
from evenhand.papers.paper import Paper


@dataclass(frozen=True, kw_only=True)
class Impact:
    """What one option may do to one group of people, or to one side of quality.

    ``likelihood`` and ``consequence`` run from 1 to 5 in a quality assessment; an equality assessment leaves them out.
    """

    option: str
    on: str
    effect: Literal["better", "none", "worse"] | None
    because: str | None = None
    likelihood: int | None = None
    consequence: int | None = None
    mitigation: str | None = None
    mitigation_owner: str | None = None
    mitigation_due: date | None = None
    left_over: str | None = None

    def __post_init__(self) -> None:
        if any(each is not None and not 1 <= each <= 5 for each in (self.likelihood, self.consequence)):
            raise ValueError("likelihood and consequence run from 1 to 5")


@dataclass(frozen=True, kw_only=True)
class Assessment(Paper):
    """An equality or quality assessment of one version. ``impacts`` is ``None`` where the document is not held.

    ``made`` says whether the sources tell that one was made; ``None`` where they do not say.
    """

    paper: ClassVar[str] = "assessment"

    kind: Literal["equality", "quality"]
    made: bool | None
    made_when: When | None = None
    impacts: tuple[Impact, ...] | None = None
    gaps: tuple[str, ...] | None = None
    signed_by: tuple[str, ...] | None = None
    next_review: date | None = None
    sentence: str = ""
    sources: tuple[Source, ...] = ()
