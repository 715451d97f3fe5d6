"""Working days and the standstill: published holidays, and worked cases with their days in sight."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.decide import bank_holidays, standstill, working_day_after
from evenhand.decide.working_days import is_working_day
from evenhand.terms import Refused


def days(year, text):
    return tuple(date(year, *map(int, reversed(each.split("/")))) for each in text.split())


@pytest.mark.parametrize(("year", "published"), [
    # England and Wales, as published at gov.uk/bank-holidays: day/month.
    (2011, "3/1 22/4 25/4 29/4 2/5 30/5 29/8 26/12 27/12"),
    (2012, "2/1 6/4 9/4 7/5 4/6 5/6 27/8 25/12 26/12"),
    (2016, "1/1 25/3 28/3 2/5 30/5 29/8 26/12 27/12"),
    (2017, "2/1 14/4 17/4 1/5 29/5 28/8 25/12 26/12"),
    (2020, "1/1 10/4 13/4 8/5 25/5 31/8 25/12 28/12"),
    (2021, "1/1 2/4 5/4 3/5 31/5 30/8 27/12 28/12"),
    (2022, "3/1 15/4 18/4 2/5 2/6 3/6 29/8 19/9 26/12 27/12"),
    (2023, "2/1 7/4 10/4 1/5 8/5 29/5 28/8 25/12 26/12"),
    (2024, "1/1 29/3 1/4 6/5 27/5 26/8 25/12 26/12"),
    (2025, "1/1 18/4 21/4 5/5 26/5 25/8 25/12 26/12"),
    (2026, "1/1 3/4 6/4 4/5 25/5 31/8 25/12 28/12"),
    (2027, "1/1 26/3 29/3 3/5 31/5 30/8 27/12 28/12"),
])
def test_bank_holidays_are_the_published_ones(year, published):
    assert bank_holidays(year) == days(year, published)


@pytest.mark.parametrize(("notice", "say_by", "why"), [
    # The standstill begins on the day after the notice; then the eighth working day after that day.
    (date(2024, 1, 8), date(2024, 1, 19), "9th begins; 10 11 12, 15 16 17 18 19"),
    (date(2024, 3, 25), date(2024, 4, 9), "26th begins; 27 28 March, Easter out, 2 3 4 5, 8 9 April"),
    (date(2024, 12, 19), date(2025, 1, 6), "20th begins; 23 24, out 25 26, 27 30 31, out 1 January, 2 3 6"),
    (date(2025, 5, 1), date(2025, 5, 15), "2nd begins; out Monday 5, 6 7 8 9, 12 13 14 15"),
    # A Friday's notice begins on the Saturday: the first working day that counts is the Monday.
    (date(2025, 6, 6), date(2025, 6, 18), "7th begins; 9 10 11 12 13, 16 17 18"),
])
def test_the_standstill_ends_at_midnight_of_the_eighth_working_day_after_it_begins(notice, say_by, why):
    found = standstill(notice)
    assert found.ends == found.say_by == say_by, why
    assert found.first_day_to_sign == say_by + timedelta(1)
    assert "nothing may be signed before" in found.sentence


def test_a_representation_keeps_it_open_until_it_is_answered_and_then_for_five_working_days():
    notice = date(2024, 1, 8)  # ends on 19 January if nobody says anything
    waiting = standstill(notice, [(date(2024, 1, 19), None)])
    assert (waiting.ends, waiting.still_open, waiting.first_day_to_sign) == (None, True, None)
    assert "stays open" in waiting.sentence
    # Answered on Monday 5 February: 6 7 8 9 and 12 February must pass.
    assert standstill(notice, [(date(2024, 1, 19), date(2024, 2, 5))]).ends == date(2024, 2, 12)
    # Answered at once, it still lasts the first eight days.
    assert standstill(notice, [(date(2024, 1, 9), date(2024, 1, 10))]).ends == date(2024, 1, 19)
    # Of two, the later answer counts; one received too late keeps nothing open.
    both = [(date(2024, 1, 10), date(2024, 1, 22)), (date(2024, 1, 12), date(2024, 2, 5))]
    assert standstill(notice, both).ends == date(2024, 2, 12)
    assert standstill(notice, [(date(2024, 1, 22), None)]).ends == date(2024, 1, 19)


def test_elsewhere_it_may_begin_on_the_day_of_the_notice_and_leave_other_days_out():
    # The regime of Wales counts from the day of the notice: one day less than England's.
    assert standstill(date(2024, 1, 8), begins_after=0).ends == date(2024, 1, 18)
    assert standstill(date(2024, 1, 8), begins_after=0, days_off=[date(2024, 1, 10)]).ends == date(2024, 1, 19)


@pytest.mark.parametrize(("ask", "said"), [
    (lambda: working_day_after(date(2024, 1, 1), 0), "counted from 1"),
    (lambda: bank_holidays(1977), "from 1978"),
    (lambda: standstill(date(2024, 1, 8), [(date(2024, 1, 5), None)]), "out of order"),
    (lambda: standstill(date(2024, 1, 8), [(date(2024, 1, 9), date(2024, 1, 8))]), "out of order"),
])
def test_what_cannot_be_counted_is_refused(ask, said):
    with pytest.raises(Refused, match=said):
        ask()


@given(st.dates(date(1978, 1, 1), date(2079, 12, 1)), st.integers(1, 30))
def test_as_many_working_days_lie_between_as_were_asked_for(day, count):
    then = working_day_after(day, count)
    passed = [day + timedelta(each) for each in range(1, (then - day).days + 1)]
    assert sum(map(is_working_day, passed)) == count
    assert is_working_day(then)


@given(st.integers(1978, 2200))
def test_every_year_has_at_least_eight_holidays_none_in_a_weekend(year):
    found = bank_holidays(year)
    assert len(found) >= 8
    assert all(each.year == year and each.weekday() < 5 for each in found)
