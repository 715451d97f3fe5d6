"""ChangePlan: how a change will be managed, said before it is decided. Left by *decide*."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from evenhand.papers.facts import Figures, Source
from evenhand.papers.paper import Paper


@dataclass(frozen=True, kw_only=True)
class Doing:
    """Who must do something else than today, and what: a group or a role, never a person by name."""

    who: str
    what: str


@dataclass(frozen=True, kw_only=True)
class Resistance:
    """Who may stand against the change, why, and how that is met; being against may be right."""

    by: str
    because: str | None = None
    answer: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChangePlan:
    """How the change will be managed. ``levers`` are names of the catalogue, or levers of one's own in words.

    ``technique`` is the way of working towards it, ``held_by`` what keeps it when attention has gone elsewhere.
    """

    purpose: str | None = None
    led_by: str | None = None
    needed_first: tuple[str, ...] | None = None
    steps: tuple[str, ...] | None = None
    differently: tuple[Doing, ...] | None = None
    levers: tuple[str, ...] | None = None
    technique: str | None = None
    resistance: tuple[Resistance, ...] | None = None
    held_by: str | None = None
    hours_a_week: float | None = None


@dataclass(frozen=True, kw_only=True)
class PlannedChange(Paper):
    """The change plan of one version of a proposal. A later one for the same version takes its place.

    A paper of its own, because a change is often planned after people were heard: writing it makes no new version of
    the proposal, so that what they said still counts.
    """

    paper: ClassVar[str] = "change-plan"

    change: ChangePlan
    written_by: str | None = None
    sentence: str = ""
    figures: Figures = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        if self.header.proposal_version is None:
            raise ValueError("a change plan is of one version of a proposal: give its proposal_version")


def unplanned(change: ChangePlan) -> tuple[str, ...]:
    """What a change plan still lacks before the change may be approved, in words; nothing where it is complete."""
    wanted: tuple[tuple[object, str], ...] = (
        ((change.purpose or "").strip(), "its purpose"),
        ((change.led_by or "").strip(), "who leads it"),
        (change.steps, "its steps"),
        (change.differently, "who must do what differently"),
        (change.levers, "the levers it uses"),
        ((change.technique or "").strip(), "the way of working towards it"),
        (change.resistance is not None, "the resistance expected, or that none is"),
        ((change.held_by or "").strip(), "how it will be held"))
    return tuple(words for said, words in wanted if not said)
