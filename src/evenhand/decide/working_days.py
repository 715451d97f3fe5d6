"""Working days: England's bank holidays, the day so many working days after another, and the standstill of a contract.

A day counts as a working day unless it is a Saturday, a Sunday or a bank holiday. Bank holidays in England and Wales
follow rules (Banking and Financial Dealings Act 1971, schedule 1, with Good Friday and Christmas Day by custom); days
moved or added by royal proclamation stand below, each as published at https://www.gov.uk/bank-holidays.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from evenhand.terms import refuse

SOURCE = ("Banking and Financial Dealings Act 1971, schedule 1; bank holidays as published at "
          "https://www.gov.uk/bank-holidays")
FIRST_YEAR = 1978
"""The first year with all eight days: the holiday of early May began then."""
MOVED: dict[date, date] = {
    date(1995, 5, 1): date(1995, 5, 8), date(2002, 5, 27): date(2002, 6, 4), date(2012, 5, 28): date(2012, 6, 4),
    date(2020, 5, 4): date(2020, 5, 8), date(2022, 5, 30): date(2022, 6, 2)}
"""Days that were moved: fifty and seventy-five years of peace, and three jubilees."""
ADDED = (date(1981, 7, 29), date(1999, 12, 31), date(2002, 6, 3), date(2011, 4, 29), date(2012, 6, 5), date(2022, 6, 3),
         date(2022, 9, 19), date(2023, 5, 8))
"""Days given once: weddings, jubilees, the end of a century, a funeral, a coronation."""
STANDSTILL_DAYS, AFTER_AN_ANSWER = 8, 5
_SATURDAY = 5


def easter(year: int) -> date:
    """Easter Sunday of a year, western reckoning.

    Source: Meeus (1991), Astronomical Algorithms, chapter 8, after the anonymous rule in Nature 1876.

    >>> easter(2024)
    datetime.date(2024, 3, 31)
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def bank_holidays(year: int) -> tuple[date, ...]:
    """The bank holidays of England and Wales in a year, in order. Raises ``Refused`` for a year before 1978.

    One that falls on a Saturday or Sunday is kept on the next working day.

    >>> [each.isoformat() for each in bank_holidays(2022)][3:6]
    ['2022-05-02', '2022-06-02', '2022-06-03']
    """
    if year < FIRST_YEAR:
        raise refuse("bank holidays are known here from 1978 on", "give a later day", value=year)
    sunday = easter(year)
    fixed = [sunday - timedelta(2), sunday + timedelta(1), _monday(year, 5, first=True), _monday(year, 5, first=False),
             _monday(year, 8, first=False)]
    days = {MOVED.get(each, each) for each in fixed} | {each for each in ADDED if each.year == year}
    for each in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        # Christmas first: where it falls on a Sunday, Boxing Day keeps its Monday and Christmas takes the Tuesday.
        days.add(each if each.weekday() < _SATURDAY else _moved_on(each, days))
    return tuple(sorted(days))


def _moved_on(day: date, taken: Collection[date]) -> date:
    boxing_day = date(day.year, 12, 26)
    following = day
    while following.weekday() >= _SATURDAY or following in taken or (following == boxing_day != day):
        following += timedelta(1)
    return following


def _monday(year: int, month: int, *, first: bool) -> date:
    """The first or the last Monday of a month of 31 days."""
    day = date(year, month, 1 if first else 31)
    return day + timedelta(-day.weekday() % 7) if first else day - timedelta(day.weekday())


def is_working_day(day: date, days_off: Collection[date] | None = None) -> bool:
    """Whether a day is neither in a weekend nor a holiday: England's, unless other ``days_off`` are given."""
    if day.weekday() >= _SATURDAY:
        return False
    return day not in (bank_holidays(day.year) if days_off is None else days_off)


def working_day_after(day: date, count: int, days_off: Collection[date] | None = None) -> date:
    """The ``count``-th working day after a day, which itself does not count.

    Args:
        day: any day, a working day or not.
        count: how many working days, 1 or more.
        days_off: the holidays to leave out beside weekends; England's bank holidays unless told.

    Raises:
        Refused: for a count below 1, and for a year whose bank holidays are not known.

    Source: Banking and Financial Dealings Act 1971, schedule 1.

    Thursday 28 March 2024 is followed by Good Friday, a weekend and Easter Monday:

    >>> working_day_after(date(2024, 3, 28), 1)
    datetime.date(2024, 4, 2)
    """
    if count < 1:
        raise refuse("working days are counted from 1", "give 1 or more", value=count)
    while count:
        day += timedelta(1)
        count -= is_working_day(day, days_off)
    return day


@dataclass(frozen=True)
class Standstill:
    """The days between the notice of a choice and the first day on which a contract may be entered into.

    ``say_by`` is the last day for representations; ``ends`` is the last day of the standstill, which ends at its
    midnight, or ``None`` while a representation has no answer.
    """

    notice: date
    begins: date
    say_by: date
    ends: date | None
    still_open: bool

    @property
    def first_day_to_sign(self) -> date | None:
        """The day after it ends; ``None`` while it is open."""
        return None if self.ends is None else self.ends + timedelta(1)

    @property
    def sentence(self) -> str:
        """The standstill in a sentence."""
        if self.ends is None:
            return (f"Notice was given on {_said(self.notice)}. A representation has no answer yet, so the standstill "
                    "stays open.")
        return (f"Notice was given on {_said(self.notice)}; the standstill ends at midnight at the end of "
                f"{_said(self.ends)}, and nothing may be signed before {_said(self.ends + timedelta(1))}.")


def standstill(notice: date, representations: Sequence[tuple[date, date | None]] = (), *, begins_after: int = 1,
               days: int = STANDSTILL_DAYS, days_after_answer: int = AFTER_AN_ANSWER,
               days_off: Collection[date] | None = None) -> Standstill:
    """From when to when nobody may enter into a contract for health care after notice of whom it is to go to.

    Args:
        notice: the day on which the notice of the intention to award was published.
        representations: for each, the day it was received and the day the further decision on it was told, or ``None``
            while there is none. One received after the last day to do so keeps nothing open.
        begins_after: how many days after the notice the standstill begins: 1 in England.
        days: by midnight at the end of this working day after the day it begins, representations are to be made.
        days_after_answer: working days that must pass after the further decision was told.
        days_off: holidays beside weekends; England's bank holidays unless told.

    Raises:
        Refused: for an answer before its representation, one received before the notice, and counts below 1.

    Source: Health Care Services (Provider Selection Regime) Regulations 2023, SI 2023/1348, regulation 12; five
    working days after an answer: NHS England, reviewing decisions during the standstill period. The eight days are
    counted from the day after the standstill begins, as paragraph 3 has it: one working day more than from the notice.

    Notice on Monday 8 January 2024: it begins on the 9th, and the eighth working day after the 9th is Friday the 19th.

    >>> standstill(date(2024, 1, 8)).first_day_to_sign
    datetime.date(2024, 1, 20)
    """
    begins = notice + timedelta(begins_after)
    say_by = working_day_after(begins, days, days_off)
    ends = say_by
    for received, answered in representations:
        if received < notice or (answered is not None and answered < received):
            raise refuse("these days are out of order: notice, then a representation, then its answer",
                         "give each the day it happened", value=received)
        if received > say_by:
            continue
        if answered is None:
            return Standstill(notice, begins, say_by, None, still_open=True)
        ends = max(ends, working_day_after(answered, days_after_answer, days_off))
    return Standstill(notice, begins, say_by, ends, still_open=False)


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
