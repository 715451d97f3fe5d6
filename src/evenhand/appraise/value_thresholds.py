"""What a body says it will pay for one unit of effect, and from when until when it said so."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.terms import Month

QALY = "quality-adjusted life year"


@dataclass(frozen=True)
class Threshold:
    """Pounds for one unit of effect. Months count from the first in force; ``until`` is the first no longer in it."""

    pounds: float
    whose: str
    since: Month | None
    until: Month | None
    source: str


_FAQ = "National Institute for Health and Care Excellence, answers on changes to the thresholds (nice.org.uk, 2026)"
_WHOSE = "National Institute for Health and Care Excellence, technology appraisals"

# For a quality-adjusted life year, in appraisals of technologies only; none was changed for decisions made before.
KNOWN: tuple[Threshold, ...] = (
    Threshold(20_000, _WHOSE, None, Month(2026, 4), _FAQ), Threshold(30_000, _WHOSE, None, Month(2026, 4), _FAQ),
    Threshold(25_000, _WHOSE, Month(2026, 4), None, _FAQ), Threshold(35_000, _WHOSE, Month(2026, 4), None, _FAQ))


def in_force(month: Month | None) -> tuple[Threshold, ...]:
    """Those in force in a month; without one, the latest held."""
    if month is None:
        return tuple(each for each in KNOWN if each.until is None)
    return tuple(each for each in KNOWN if (each.since is None or each.since <= month)
                 and (each.until is None or month < each.until))


def given(pounds: float) -> Threshold:
    """One that the reader gave; where it is a known one, with whose it is and when."""
    known = [each for each in KNOWN if each.pounds == pounds]
    return known[-1] if known else Threshold(pounds, "as given", None, None, "as given")
