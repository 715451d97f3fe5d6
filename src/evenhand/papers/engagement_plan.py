"""EngagementPlan: who must be heard, how and by when, written before anybody is asked. Left by *engage*."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Literal, TypeAlias

from evenhand.papers.facts import Body, Figures, Source
from evenhand.papers.paper import Paper

Standing: TypeAlias = Literal["heard", "heard late", "due", "overdue", "no date"]
"""Where one stakeholder stands on a day: nobody without a date is ever overdue, and nobody is heard without one."""


@dataclass(frozen=True, kw_only=True)
class Stakeholder:
    """Somebody who must be heard: a group or an organisation, never a person by name.

    ``interest`` is how much it touches them and ``influence`` how far they can make it or stop it, 1 to 5 each;
    ``None`` where nobody has said. ``asked`` is what is asked of them, ``by`` the role that asks.
    """

    who: str
    organisation: Body | None = None
    kind: str | None = None
    interest: int | None = None
    influence: int | None = None
    asked: str | None = None
    by: str | None = None
    way: str | None = None
    due: date | None = None
    done: date | None = None
    standing: Standing

    def __post_init__(self) -> None:
        if any(each is not None and not 1 <= each <= 5 for each in (self.interest, self.influence)):
            raise ValueError("interest and influence run from 1 to 5")
        if (self.done is not None) != (self.standing in ("heard", "heard late")):
            raise ValueError("who was heard has the day of it, and nobody else has")


@dataclass(frozen=True, kw_only=True)
class EngagementPlan(Paper):
    """One strategy for the whole of a change, from the start, and how it stands on one day.

    ``heard`` and ``overdue`` count stakeholders; ``not_heard`` names those whose day has passed. ``begins`` is the
    first day on which anybody was, or was to be, asked.
    """

    paper: ClassVar[str] = "engagement-plan"

    title: str
    as_at: date | None
    begins: date | None
    stakeholders: tuple[Stakeholder, ...]
    heard: int
    overdue: int
    not_heard: tuple[str, ...] = ()
    led_by: str | None = None
    sentence: str = ""
    figures: Figures = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
