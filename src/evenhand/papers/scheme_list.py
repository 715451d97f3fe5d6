"""SchemeList: the list that a body began from, read as it stands. Left by *choose*, before there is a plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from evenhand.papers.facts import Body, Figures
from evenhand.papers.paper import Paper


@dataclass(frozen=True, kw_only=True)
class ListedScheme:
    """One row of the list. Money is in whole pence; ``None`` where the row names no amount that can be read.

    ``lacks`` says what is missing of owner, measure and start. ``case`` is the case that was worked up from it.
    Who owns it stands in the list only, for that is a person.
    """

    title: str
    sheet: str
    row: int
    claimed_pence: int | None
    status: Literal["firm", "at risk", "not found"]
    lacks: tuple[str, ...] = ()
    case: str | None = None


@dataclass(frozen=True, kw_only=True)
class SchemeList(Paper):
    """What a list of schemes comes to: needed = firm + at risk + not found, in whole pence.

    ``claimed_pence`` is what the rows say, ``counted_twice_pence`` what they say twice. ``cases`` are the subjects
    that were worked up from it, ``without_case`` counts the rows that were not; ``struck_out`` are cases whose row is
    struck through, and ``not_on_it`` those that came from elsewhere.
    """

    paper: ClassVar[str] = "scheme-list"

    title: str
    body: Body | None
    schemes: tuple[ListedScheme, ...]
    needed_pence: int | None
    claimed_pence: int
    counted_twice_pence: int
    firm_pence: int
    at_risk_pence: int
    not_found_pence: int | None
    cases: tuple[str, ...] = ()
    struck_out: tuple[str, ...] = ()
    not_on_it: tuple[str, ...] = ()
    without_case: int = 0
    sentence: str = ""
    figures: Figures = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
