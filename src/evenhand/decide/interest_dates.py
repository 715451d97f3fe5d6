"""When an interest must be declared, when a return falls due, and how long an interest stays in public.

The National Health Service Act 2006 (section 14O for clinical commissioning groups) has people declare as soon as they
can and within 28 days. NHS England, *Managing conflicts of interest: revised statutory guidance for CCGs* (2017), adds:
on appointment, at least once a year with nil returns, and six months on the public register after an interest ended.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from evenhand.terms.words import counted

DAYS_TO_DECLARE = 28
MONTHS_SHOWN = 6
SOURCE = ("National Health Service Act 2006, section 14O (within 28 days); NHS England (2017), Managing conflicts of "
          "interest: revised statutory guidance for CCGs (on appointment, yearly, nil returns, six months after "
          "the end)")
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")
_FORMS = (re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"), re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})"),
          re.compile(r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})"),
          re.compile(r"(?P<d>\d{1,2})\s+(?P<m>[A-Za-z]+)\s+(?P<y>\d{4})"))


def read_day(text: str) -> date | None:
    """The day of ``2026-03-02``, ``02/03/2026`` or ``2 March 2026``, the first of ``2026-03``; ``None`` for no day.

    Days that no calendar has, such as 31 February, are no days.
    """
    for form in _FORMS:
        if found := form.fullmatch(text.strip()):
            parts = found.groupdict()
            word = parts["m"].casefold()
            named = [place for place, name in enumerate(MONTHS, 1) if len(word) >= 3 and name.startswith(word)]
            month = int(word) if word.isdigit() else named[0] if named else 0
            try:
                return date(int(parts["y"]), month, int(parts.get("d") or 1))
            except ValueError:
                return None
    return None


def in_words(day: date) -> str:
    """A day as ``2 March 2026``."""
    return f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"


def years_after(day: date, years: int) -> date:
    """The same day some years on; the 28th for a 29 February that is not there."""
    return date(day.year + years, day.month, min(day.day, monthrange(day.year + years, day.month)[1]))


def months_after(day: date, months: int) -> date:
    """The same day some months on, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def lateness(began: date | None, declared: date, *, appointed: date | None = None) -> str:
    """``declared 41 days after it began`` where that is more than 28 days; nothing where it is in time or unknown.

    An interest older than the person's appointment is in time within 28 days of the appointment.
    """
    if began is None:
        return ""
    since, what = (appointed, "the appointment") if appointed and appointed > began else (began, "it began")
    days = (declared - since).days
    return f"declared {days} days after {what}" if days > DAYS_TO_DECLARE else ""


@dataclass(frozen=True)
class Owed:
    """By when a decision-maker owes a declaration or a nil return, and why."""

    due: date
    because: str

    def is_overdue(self, today: date) -> bool:
        """Whether the day has passed; on the day itself it is not late."""
        return today > self.due

    def said(self, today: date) -> str:
        """In words, with how many days it is late."""
        if not self.is_overdue(today):
            return f"due by {in_words(self.due)} ({self.because})"
        return f"{counted((today - self.due).days, 'day')} overdue: was due by {in_words(self.due)} ({self.because})"


def owed(appointed: date, last: date | None) -> Owed:
    """What is owed next: 28 days after appointment for the first, then a year after the last declaration or return.

    What was declared before the appointment was for another part; the appointment asks for it anew.
    """
    if last is None or last < appointed:
        return Owed(appointed + timedelta(days=DAYS_TO_DECLARE), "on appointment")
    return Owed(years_after(last, 1), "yearly")


def in_public(ended: date | None, today: date) -> bool:
    """Whether an interest stands on the public register: while it lasts, and six months after its last day."""
    return ended is None or today <= months_after(ended, MONTHS_SHOWN)
