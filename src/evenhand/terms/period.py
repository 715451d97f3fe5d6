"""Months and spans of months, however a publication spells them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
         "november", "december")
_BY_NAME = {name: number for number, name in enumerate(NAMES, start=1)}
_BY_NAME |= {name[:3]: number for name, number in _BY_NAME.items()} | {"sept": 9}

_YEAR_FIRST = re.compile(r"^(\d{4})[-/._ ]?(\d{1,2})(?:[-/._ ]?(\d{1,2}))?(?:[T ].*)?$")
_DAY_FIRST = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[-/._ ](\d{1,2})[-/._ ](\d{4})$")
_MONTH_YEAR = re.compile(r"^(\d{1,2})[-/._](\d{4})$")
_NAMED = re.compile(
    r"(?:^|[^a-z])(?:(\d{1,2})(?:st|nd|rd|th)?[-/. ]*)?([a-z]{3,9})[-/., ']*(\d{4}|\d{2})(?:$|\D)", re.I)


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 12 and 1000 <= self.year <= 9999):
            raise ValueError(f"no such month: {self.year}-{self.number}")

    @classmethod
    def of(cls, day: date) -> Month:
        """The month a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def parsed(cls, text: object) -> Month:
        """Read a month as publications write it.

        ``2016-04``, ``201604``, ``2016-04-01``, ``2015-08-01 00:00:00+00:00``, ``01/04/2016`` (day first),
        ``April 2016``, ``Apr-16``, ``APR2016``, ``MSitAE-APRIL-2025``, ``1st Apr 2022``. Raises ``ValueError``.
        """
        if isinstance(text, datetime | date):
            return cls(text.year, text.month)
        words = str(text).strip()
        # Through the day, so that 31/02/2020 is no month.
        if found := _YEAR_FIRST.match(words):
            return cls.of(date(int(found[1]), int(found[2]), int(found[3] or 1)))
        if found := _DAY_FIRST.match(words):
            return cls.of(date(int(found[3]), int(found[2]), int(found[1])))
        if found := _MONTH_YEAR.match(words):
            return cls(int(found[2]), int(found[1]))
        for found in _NAMED.finditer(words):
            number = _BY_NAME.get(found[2].casefold())
            if number:
                year = int(found[3])
                return cls(year if year > 99 else 2000 + year, number)
        raise ValueError(f"not a month: {words}")

    @property
    def index(self) -> int:
        """Months since the year 0: what sums are done on."""
        return self.year * 12 + self.number - 1

    @classmethod
    def at(cls, index: int) -> Month:
        """The month at an index."""
        return cls(index // 12, index % 12 + 1)

    def plus(self, months: int) -> Month:
        """So many months later, or earlier."""
        return Month.at(self.index + months)

    def first_day(self) -> date:
        """The first of the month."""
        return date(self.year, self.number, 1)

    @property
    def financial_year(self) -> str:
        """The April-to-March year it belongs to, as 2016/17."""
        start = self.year if self.number >= 4 else self.year - 1
        return f"{start}/{(start + 1) % 100:02d}"

    @property
    def words(self) -> str:
        """As a reader says it: April 2016."""
        return f"{NAMES[self.number - 1].capitalize()} {self.year}"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


@dataclass(frozen=True)
class Span:
    """Months from first to last, both included."""

    first: Month
    last: Month

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a span runs forward, not from {self.first} to {self.last}")

    @classmethod
    def financial_year(cls, text: str) -> Span:
        """From ``2016/17`` (or ``2016-17``): April 2016 to March 2017."""
        found = re.fullmatch(r"(\d{4})[/-](\d{2}|\d{4})", text.strip())
        if not found or (int(found[1]) + 1) % 100 != int(found[2]) % 100:
            raise ValueError(f"not a financial year: {text}")
        return cls(Month(int(found[1]), 4), Month(int(found[1]) + 1, 3))

    @property
    def months(self) -> int:
        """How many months it holds."""
        return self.last.index - self.first.index + 1

    def __contains__(self, month: Month) -> bool:
        return self.first <= month <= self.last

    @property
    def words(self) -> str:
        """As a reader says it: 2016/17, 2025, or January 2018 to May 2019."""
        if self.months == 12 and self.first.number == 4:
            return self.first.financial_year
        if self.months == 12 and self.first.number == 1:
            return str(self.first.year)
        return self.first.words if self.months == 1 else f"{self.first.words} to {self.last.words}"

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"
