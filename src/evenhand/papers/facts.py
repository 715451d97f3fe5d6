"""The small values papers are made of: when, from which source, and figures as a source states them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from evenhand.terms import Estimate, Month, Span, Suppressed

When: TypeAlias = date | Month | Span
"""As exactly as the source says it: a day, a month, or a span of months."""

Measured: TypeAlias = Estimate | Suppressed | None
"""A figure with its range; or known and hidden; or ``None``: not in the sources we hold."""

Figures: TypeAlias = Mapping[str, Any]
"""A method's whole answer in the words of JSON: what ``--json`` prints."""

Commitment: TypeAlias = str
"""The digest of salted words that the record holds in a row of their own, where they can be erased."""


@dataclass(frozen=True)
class Source:
    """Where a fact was read. ``read`` is the day it was read, ``None`` if that was not noted."""

    title: str
    address: str | None = None
    read: date | None = None
    digest: str | None = None


@dataclass(frozen=True)
class Stated:
    """A figure as somebody stated it, with how exactly they did. Money is in whole pence.

    "Over £650,000 from December 2016 to November 2017" is
    ``Stated("spend", 65_000_000, "pence", "more than", Span(Month(2016, 12), Month(2017, 11)))``.
    """

    what: str
    value: int | float | None
    units: str
    exactness: Literal["exactly", "about", "more than", "less than"] = "exactly"
    period: When | None = None
    source: Source | None = None

    def __post_init__(self) -> None:
        if self.units == "pence" and isinstance(self.value, float) and not self.value.is_integer():
            raise ValueError(f"money is kept in whole pence, not {self.value}")


@dataclass(frozen=True)
class Body:
    """An organisation as it was called then, and its code where it has one."""

    name: str
    code: str | None = None
