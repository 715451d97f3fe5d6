"""Voices: who had to be heard, and who was. Left by *engage*."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from evenhand.papers.facts import Body, Commitment, Figures, Source
from evenhand.papers.paper import Paper
from evenhand.terms import Suppressed


@dataclass(frozen=True, kw_only=True)
class Group:
    """How far one group of people was reached: replies beside its share of those affected."""

    name: str
    replies: int | Suppressed | None
    share_of_replies: float | None = None
    share_of_people: float | None = None


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Something many said, how many said it, and what was done about it.

    Quotations are commitments: their words lie in the record's erasable rows.
    """

    title: str
    replies: int | Suppressed | None
    answer: str | None = None
    quotations: tuple[Commitment, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Voices(Paper):
    """One exercise of listening, bound to the version of the proposal that people were shown."""

    paper: ClassVar[str] = "voices"

    kind: str
    opened: date | None = None
    closed: date | None = None
    led_by: Body | None = None
    ways: tuple[str, ...] | None = None
    invited: int | None = None
    replies: int | None = None
    groups: tuple[Group, ...] | None = None
    not_heard: tuple[str, ...] | None = None
    themes: tuple[Theme, ...] | None = None
    what_changed: str | None = None
    sentence: str = ""
    figures: Figures = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        if self.opened and self.closed and self.closed < self.opened:
            raise ValueError(f"it closed on {self.closed}, before it opened on {self.opened}")
