import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.terms import Month, Span

SPELLINGS = [
    "2016-04", "201604", "2016-04-01", "2016-04-01 00:00:00+00:00", "01/04/2016", "April 2016", "Apr-16", "APR2016",
    "MSitAE-APRIL-2016", "1st Apr 2016", "04/2016", "20160401", "Apr 2016",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_month_is_read_in_every_spelling_publications_use(spelling):
    assert Month.parsed(spelling) == Month(2016, 4)


@pytest.mark.parametrize("nonsense", ["", "TOTAL", "2016", "2016-13", "Spring 2016", "00/2016", "31/02/2016",
                                      "2016-04-31"])
def test_what_is_no_month_is_refused(nonsense):
    with pytest.raises(ValueError):
        Month.parsed(nonsense)


@given(st.integers(13_000, 36_000), st.integers(-600, 600))
def test_going_so_many_months_on_and_back_leads_home(index, months):
    assert Month.at(index).plus(months).plus(-months) == Month.at(index)


def test_march_and_april_lie_in_different_financial_years():
    assert (Month(2017, 3).financial_year, Month(2017, 4).financial_year) == ("2016/17", "2017/18")


def test_a_financial_year_runs_from_april_to_march():
    year = Span.financial_year("2016/17")
    assert (year.first, year.last, year.months, year.words) == (Month(2016, 4), Month(2017, 3), 12, "2016/17")


def test_a_year_that_does_not_follow_is_no_financial_year():
    with pytest.raises(ValueError):
        Span.financial_year("2016/18")
