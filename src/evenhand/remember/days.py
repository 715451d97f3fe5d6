"""Days as people write them on the command line."""

from __future__ import annotations

import re
from datetime import date

from evenhand.data.organisations import day_of
from evenhand.terms import Month

MONTH = re.compile(r"\d{4}-?\d{2}|[A-Za-z]+.\d{4}")


def day_or_month(text: str) -> date | None:
    """A day; a month is its first day; anything else is none."""
    try:
        return day_of(text) or (Month.parsed(text).first_day() if MONTH.fullmatch(text) else None)
    except ValueError:
        return None
