"""When an interest is late, when a return is owed, and how long an ended interest stays in public."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.decide.interest_dates import (
    DAYS_TO_DECLARE,
    in_public,
    lateness,
    months_after,
    owed,
    read_day,
    years_after,
)


@pytest.mark.parametrize("text", ["2026-03-02", "02/03/2026", "2.3.2026", "2 March 2026", "2 Mar 2026", " 2026-03-02 "])
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert read_day(text) == date(2026, 3, 2)


def test_a_month_stands_for_its_first_day() -> None:
    assert read_day("2026-03") == date(2026, 3, 1)


@pytest.mark.parametrize("text", ["31/02/2026", "2026-13-01", "0 March 2026", "2 Ma 2026", "2 Mark 2026", "spring", "",
                                  "2026", "12/2026", "2 Decembers 2026", "99999-01-01"])
def test_what_no_calendar_has_is_no_day(text: str) -> None:
    assert read_day(text) is None


@pytest.mark.parametrize(("days", "said"), [(0, ""), (28, ""), (29, "declared 29 days after it began"),
                                            (41, "declared 41 days after it began"), (-5, "")])
def test_an_interest_is_late_after_the_twenty_eighth_day(days: int, said: str) -> None:
    began = date(2026, 1, 10)
    assert lateness(began, began + timedelta(days=days)) == said


def test_an_interest_of_unknown_beginning_is_not_called_late() -> None:
    assert lateness(None, date(2026, 1, 1)) == ""


def test_an_old_interest_is_counted_from_the_appointment() -> None:
    # A partner since 2010, appointed on 1 April 2026: in time on 29 April, late on 30 April.
    began, appointed = date(2010, 5, 1), date(2026, 4, 1)
    assert lateness(began, date(2026, 4, 29), appointed=appointed) == ""
    assert lateness(began, date(2026, 4, 30), appointed=appointed) == "declared 29 days after the appointment"


def test_the_first_return_is_due_four_weeks_after_appointment_and_the_next_a_year_after_the_last() -> None:
    assert owed(date(2026, 4, 1), None).due == date(2026, 4, 29)
    assert owed(date(2026, 4, 1), date(2026, 4, 10)).due == date(2027, 4, 10)
    # What was declared before this appointment was for another part.
    assert owed(date(2026, 4, 1), date(2025, 12, 1)).due == date(2026, 4, 29)


def test_it_is_overdue_from_the_day_after_and_says_by_how_much() -> None:
    due = owed(date(2026, 4, 1), None)
    assert due.said(date(2026, 4, 29)) == "due by 29 April 2026 (on appointment)"
    assert due.said(date(2026, 4, 30)) == "1 day overdue: was due by 29 April 2026 (on appointment)"


def test_a_year_after_the_leap_day_is_the_last_of_february() -> None:
    assert years_after(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)


def test_an_ended_interest_stays_in_public_for_six_months() -> None:
    ended = date(2026, 1, 31)
    assert in_public(ended, date(2026, 7, 31))
    assert not in_public(ended, date(2026, 8, 1))
    assert in_public(None, date(2099, 1, 1))


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 2_000))
def test_a_day_later_is_never_less_late(began: date, days: int) -> None:
    today, later = (bool(lateness(began, began + timedelta(days=each))) for each in (days, days + 1))
    assert today <= later
    assert today == (days > DAYS_TO_DECLARE)
