"""Who may challenge a decision, how, and until which day."""

from datetime import date

import pytest

from evenhand.decide.challenge_routes import routes, routes_for


def open_ways(decided, today, **more):
    return {each.route.id: each for each in routes_for(decided, today=today, **more)}


@pytest.mark.parametrize(("decided", "last"), [
    (date(2026, 1, 15), date(2026, 4, 15)), (date(2026, 11, 30), date(2027, 2, 28)),
    (date(2023, 11, 30), date(2024, 2, 29))])
def test_the_court_is_asked_within_three_months_to_the_day_or_the_end_of_a_shorter_month(decided, last):
    assert open_ways(decided, decided)["judicial-review"].last_day == last


def test_the_council_refers_until_30_january_2024_and_anybody_asks_for_a_call_in_from_the_next_day():
    before, after = (open_ways(day, day) for day in (date(2024, 1, 30), date(2024, 1, 31)))
    assert "scrutiny-referral" in before
    assert "call-in" not in before
    assert "call-in" in after
    assert "scrutiny-referral" not in after


def test_a_way_that_has_ended_since_is_shown_as_over():
    assert open_ways(date(2017, 3, 14), date(2026, 11, 21))["scrutiny-referral"].is_over
    assert open_ways(date(2017, 3, 14), date(2026, 11, 21))["judicial-review"].is_over
    assert not open_ways(date(2026, 11, 1), date(2026, 11, 21))["judicial-review"].is_over


def test_a_provider_may_write_only_where_a_provider_was_chosen_within_eight_working_days():
    assert "provider-representations" not in open_ways(date(2024, 4, 2), date(2024, 4, 2))
    # Notice on Tuesday 2 April 2024: it begins on Wednesday the 3rd; the eighth working day after that is the 15th.
    way = open_ways(date(2024, 4, 2), date(2024, 4, 2), choosing_a_provider=True)["provider-representations"]
    assert way.last_day == date(2024, 4, 15)


def test_every_way_names_its_source():
    assert all(each.source and each.how for each in routes())
