"""When a scheme starts, as people write it: a day, "Sept 24", "Q2 2024/25", "autumn 2024", "TBC", a nought of 1900."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from evenhand.choose.tracker.sheets import Cell, is_blank, text_of
from evenhand.terms import Month

EARLIEST, LATEST = 1990, 2075
_UNKNOWN = re.compile(
    r"^\W*(t\.?\s?b\.?\s?[cda]\.?|n\.?\s?/?\s?k\.?|n\.?/?a\.?|unknown|pending|none|asap|x+|-+|–|—|\?+|"
    r"not (yet )?(known|set|agreed|started|confirmed|scheduled)|"
    r"to be (confirmed|determined|agreed|advised|decided|scheduled))\W*$", re.I)
_IN_PLACE = re.compile(r"^\W*(ongoing|on-going|in place|already (started|live|in place)|started|live|underway|"
                       r"under way|in progress|complete[d]?|done|immediate(ly)?|now|existing|b/?f(wd)?|rolled? (over|"
                       r"forward))\W*$", re.I)
_YEAR = r"(?P<year>(?:20)?\d{2})(?:\s*[/–-]\s*(?P<next>(?:20)?\d{2}))?"
_QUARTER = re.compile(rf"\b(?:q|qtr|quarter)\s*(?P<quarter>[1-4])\b[\s,]*(?:of\s*)?(?:fy\s*)?(?:{_YEAR})?", re.I)
_QUARTER_AFTER = re.compile(rf"(?:fy\s*)?{_YEAR}[\s,:-]*(?:q|qtr|quarter)\s*(?P<quarter>[1-4])\b", re.I)
_HALF = re.compile(rf"\b(?:h|half)\s*(?P<half>[12])\b[\s,]*(?:of\s*)?(?:fy\s*)?(?:{_YEAR})?", re.I)
_FINANCIAL = re.compile(r"^\W*(?:fy\s*)?(?P<year>(?:20)?\d{2})\s*[/–-]\s*(?P<next>(?:20)?\d{2})\W*$", re.I)
_SEASON = re.compile(r"\b(?P<season>spring|summer|autumn|winter)\b\D{0,4}(?P<year>20\d{2})?", re.I)
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_NAMED = re.compile(
    rf"(?:\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s/.,-]*(?:of\s+)?)?\b(?P<month>{_MONTHS})[a-z]*\b[\s/.,'’-]*"
    r"(?P<year>20\d{2}|\d{2})?(?!\d)", re.I)
_DAY_FIRST = re.compile(r"(?<!\d)(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>20\d{2}|19\d{2}|\d{2})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(?P<year>20\d{2}|19\d{2})-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?(?!\d)")
_MONTH_YEAR = re.compile(r"^\W*(?P<month>\d{1,2})[/.-](?P<year>20\d{2})\W*$")
_PART = re.compile(r"\b(?P<part>early|beginning of|mid|middle of|late|end of)\b[\s-]*(?P<year>20\d{2})"
                   r"(?!\s*[/–-]\s*\d)", re.I)
_PARTS = {"early": 1, "beginning of": 1, "mid": 6, "middle of": 6, "late": 10, "end of": 12}
_ONLY_YEAR = re.compile(r"^\W*(?P<year>20\d{2})\W*$")


_FINANCIAL_MONTH = re.compile(r"^\W*(?:m|mth|month|period|p)\s*0?(?P<place>[1-9]|1[0-2])\W*$", re.I)
_END_OF = re.compile(r"\bend( of)?\W*$", re.I)
_SINCE = re.compile(r"^\W*(on-?going|live|in place|started|running)\b.*\bsince\b", re.I)


@dataclass(frozen=True)
class Start:
    """When a scheme starts, as far as its cell tells.

    ``day`` is the first day it can be; ``text`` that day, or its month where no day is written (``2024-09``). Both are
    empty where nothing can be told, and ``doubt`` says why, or what was assumed. ``in_place`` is true where the cell
    says that it has begun without saying when.
    """

    day: date | None = None
    text: str | None = None
    doubt: str = ""
    in_place: bool = False
    words: str = ""

    @property
    def is_said(self) -> bool:
        """Whether the tracker says when it starts, or that it has."""
        return self.day is not None or self.in_place


def read_start(cell: Cell, *, year: str = "") -> Start:
    """Read one cell as a start. ``year`` is the tracker's financial year (2024/25), for cells that name none.

    >>> read_start("Q2 2024/25").text
    '2024-07'
    >>> read_start("Sept 24").text
    '2024-09'
    """
    if is_blank(cell):
        return Start(doubt="no start is given")
    words = text_of(cell)
    if isinstance(cell, datetime | date):
        return _checked(cell.date() if isinstance(cell, datetime) else cell, words, with_day=True)
    if isinstance(cell, time):
        return Start(doubt="the start is a nought shown as a date", words=words)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_number(float(cell), words)
    if _UNKNOWN.match(words):
        return Start(doubt=f"the start says “{words}”", words=words)
    if _IN_PLACE.match(words):
        return Start(in_place=True, words=words)
    return _from_words(words, year)


def _from_number(number: float, words: str) -> Start:
    if number == int(number) and EARLIEST <= number <= LATEST:
        return Start(date(int(number), 4, 1), f"{int(number)}-04", f"the start says {words} only: read as its April",
                     words=words)
    if 36_526 <= number < 64_000:
        return _checked(date.fromordinal(date(1899, 12, 30).toordinal() + int(number)), words, with_day=True)
    return Start(doubt=f"the start says {words}, which is no date", words=words)


@lru_cache(maxsize=16_384)
def _from_words(words: str, year: str) -> Start:
    financial = _FINANCIAL.match(words)
    # "2026-27" is a year; "2011-12" may be a month, and is read as one.
    if financial and int(financial["next"][-2:]) > 12 and _is_next(financial["year"], financial["next"]):
        return _month(Month(_century(financial["year"]), 4), words, "read as the first month of the year")
    for pattern in (_YEAR_FIRST, _DAY_FIRST):
        if found := pattern.search(words):
            return _named_day(found["year"], int(found["month"]), found["day"], words)
    for pattern in (_QUARTER_AFTER, _QUARTER):
        if found := pattern.search(words):
            last = 2 if _END_OF.search(words[:found.start()]) else 0
            return _part_of_year(found, (int(found["quarter"]) - 1) * 3 + last, words, year)
    if found := _HALF.search(words):
        return _part_of_year(found, (int(found["half"]) - 1) * 6, words, year)
    if (found := _FINANCIAL_MONTH.match(words)) and year:
        return _month(Month(int(year[:4]), 4).plus(int(found["place"]) - 1), words,
                      f"read as the month of {year} so numbered, April being the first")
    if found := financial:
        if _is_next(found["year"], found["next"]):
            return _month(Month(_century(found["year"]), 4), words, "read as the first month of the year")
        if found["next"] and len(found["next"]) == 4 and int(found["year"]) <= 12:
            return _named_day(found["next"], int(found["year"]), None, words)
    if found := _MONTH_YEAR.match(words):
        return _named_day(found["year"], int(found["month"]), None, words)
    for found in _NAMED.finditer(words):
        number = _MONTHS.split("|").index(found["month"].casefold()) + 1
        # "Jul/Aug 2024" and "July to September 2024": the first month, of the year behind the last.
        named = found["year"] or next((after["year"] for after in _NAMED.finditer(words, found.end())
                                       if after["year"]), None)
        return _named_day(named, number, found["day"], words) if named else _without_year(number, words, year)
    if found := _SEASON.search(words):
        if found["year"]:
            return _month(Month(int(found["year"]), _SEASONS[found["season"].casefold()]), words,
                          "read as the season's first month")
        return _without_year(_SEASONS[found["season"].casefold()], words, year)
    if found := _PART.search(words):
        return _month(Month(int(found["year"]), _PARTS[found["part"].casefold()]), words, "read as its first month")
    if found := _ONLY_YEAR.match(words):
        return _from_number(float(found["year"]), words)
    if _SINCE.match(words):
        return Start(in_place=True, words=words)
    return Start(doubt=f"the start says “{words}”, which is no date", words=words)


def _part_of_year(found: re.Match[str], months_in: int, words: str, year: str) -> Start:
    """A quarter or half counts from April, as the health service's year does, unless one calendar year is named."""
    if found["year"] is None:
        if not year:
            return Start(doubt=f"the start says “{words}”, of no year", words=words)
        return _month(Month(int(year[:4]), 4).plus(months_in), words, f"of no year: read as {year}")
    if found["next"] and not _is_next(found["year"], found["next"]):
        return Start(doubt=f"the start says “{words}”, whose years do not follow each other", words=words)
    first = Month(_century(found["year"]), 4).plus(months_in)
    said = "" if found["next"] else f"read as of the year from April {first.year if months_in < 9 else first.year - 1}"
    return _month(first, words, said)


def _without_year(number: int, words: str, year: str) -> Start:
    if not year:
        return Start(doubt=f"the start says “{words}”, of no year", words=words)
    first = int(year[:4])
    return _month(Month(first if number >= 4 else first + 1, number), words, f"of no year: read as in {year}")


def _is_next(year: str, following: str) -> bool:
    return (int(year[-2:]) + 1) % 100 == int(following[-2:])


def _century(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _month(month: Month, words: str, assumed: str = "") -> Start:
    checked = _checked(month.first_day(), words, with_day=False)
    if assumed and checked.day is not None:
        return Start(checked.day, checked.text, f"the start says “{words}”, {assumed}", words=words)
    return checked


def _named_day(year: str, month: int, day: str | None, words: str) -> Start:
    try:
        found = date(_century(year), month, int(day) if day else 1)
    except ValueError:
        return Start(doubt=f"the start says “{words}”, a day that is not in the calendar", words=words)
    return _checked(found, words, with_day=bool(day))


def _checked(day: date, words: str, *, with_day: bool) -> Start:
    if day.year <= 1900:
        return Start(doubt=f"the start is {words}: a nought or a small number shown as a date", words=words)
    if not EARLIEST <= day.year <= LATEST:
        return Start(doubt=f"the start is {words}: that year cannot be meant", words=words)
    return Start(day, day.isoformat() if with_day else str(Month.of(day)), words=words)
