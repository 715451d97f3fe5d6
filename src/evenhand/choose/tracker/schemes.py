"""A scheme as its row tells it, and how its cells are to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from evenhand.choose.tracker.standing import Standing


@dataclass(frozen=True)
class Change:
    """One cell read otherwise than it stands: which (amount, start, owner …), what it says, how it was read."""

    what: str
    said: str
    read_as: str


@dataclass(frozen=True)
class Scheme:
    """One scheme as its row tells it. Money is in pounds; ``None`` is not known, never nought.

    ``low`` and ``high`` are what the tracker states; where it states no range they are filled from the usual shortfall
    by ``sums``. ``recurrent_pounds`` is the part that comes again, where the list tells the two parts apart.
    ``read_as`` says where the figure was found and what was made of it.
    """

    sheet: str
    row: int
    name: str
    value_pounds: float | None = None
    low: float | None = None
    high: float | None = None
    id: str = ""
    programme: str = ""
    owner: str = ""
    sponsor: str = ""
    start: str | None = None
    start_day: date | None = None
    in_place: bool = False
    recurrent: bool | None = None
    full_year_pounds: float | None = None
    status: Standing = "not_found"
    because: str = ""
    problems: tuple[str, ...] = ()
    measure: str = ""
    cash_releasing: bool | None = None
    kind: str = ""
    body: str = ""
    provider: str = ""
    year: str = ""
    by_year: Mapping[str, float] = field(default_factory=dict)
    cost_pounds: float | None = None
    actual_pounds: float | None = None
    forecast_pounds: float | None = None
    counted_twice_pounds: float = 0.0
    hours: float | None = None
    note: str = ""
    late: bool | None = None
    read_as: str = ""
    said: str = ""
    fill: str = ""
    state: str = ""
    changes: tuple[Change, ...] = ()
    recurrent_pounds: float | None = None

    @property
    def at(self) -> tuple[str, int]:
        """Where it stands: sheet and row."""
        return self.sheet, self.row


@dataclass(frozen=True)
class Reading:
    """How cells are to be read: units of plain figures, the plan's financial year, and the day it is read on."""

    units: str = "auto"
    year: str = ""
    today: date | None = None
    ruled: Mapping[str, str] = field(default_factory=dict)
