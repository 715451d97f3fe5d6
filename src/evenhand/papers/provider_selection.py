"""ProviderSelection: how a provider of health care was chosen, and what was published about it. Left by *decide*."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from evenhand.papers.facts import Body, Source
from evenhand.papers.paper import Paper

Process = Literal["direct award A", "direct award B", "direct award C", "most suitable provider", "competitive"]
"""The ways of choosing that England's regime knows; a rule pack says which duties come with which."""

NoticeKind = Literal["intention to follow", "competition", "intention to award", "award", "abandoned", "modification"]


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One notice: what it told, when and where it was published."""

    kind: NoticeKind
    published: date | None = None
    address: str | None = None


@dataclass(frozen=True, kw_only=True)
class Considered:
    """One key criterion: how much it counted beside the others, and how it was taken into account."""

    criterion: str
    weight: float | None = None
    because: str | None = None


@dataclass(frozen=True, kw_only=True)
class Representation:
    """What an aggrieved provider wrote: when it was received, when the further decision was told, and what it was."""

    by: str
    received: date
    answered: date | None = None
    answer: str | None = None

    def __post_init__(self) -> None:
        if self.answered is not None and self.answered < self.received:
            raise ValueError(f"a representation was answered on {self.answered}, before it was received")


@dataclass(frozen=True, kw_only=True)
class ProviderSelection(Paper):
    """One choice of a provider, from the process followed to the contract. ``None`` is *not in the sources we hold*.

    ``considered`` are the key criteria; ``decided_by``, ``reasons`` and ``conflicts`` are the record that is kept
    inside (people by identifier). ``signed`` is the day the contract was entered into.
    """

    paper: ClassVar[str] = "provider-selection"

    title: str
    process: Process | None
    process_because: str | None = None
    chosen: tuple[Body, ...] | None = None
    considered: tuple[Considered, ...] | None = None
    basic_criteria: str | None = None
    notices: tuple[Notice, ...] | None = None
    representations: tuple[Representation, ...] | None = None
    decided_by: tuple[str, ...] | None = None
    reasons: str | None = None
    conflicts: tuple[str, ...] | None = None
    signed: date | None = None
    sentence: str = ""
    remarks: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()

    def notice(self, kind: str) -> Notice | None:
        """The last published notice of a kind, if any is held."""
        found = [each for each in self.notices or () if each.kind == kind]
        return found[-1] if found else None
