"""Dates in many spellings, put in order or refused."""

from __future__ import annotations

import datetime

import pytest

from evenhand.data import tables
from evenhand.evaluate import times
from evenhand.terms import Refused


def read(*cells: object) -> times.Times:
    return times.read(tables.read({"date": list(cells)}), "date")


@pytest.mark.parametrize(
    ("cells", "kind", "labels"),
    [
        (["2016-04-01", "2016-05-01"], "day", ["2016-04-01", "2016-05-01"]),
        (["2015-08-01 00:00:00+00:00", "2015-09-01 00:00:00+00:00"], "day", ["2015-08-01", "2015-09-01"]),
        (["01/04/2016", "13/04/2016"], "day", ["2016-04-01", "2016-04-13"]),
        (["1 April 2016", "2nd May 2016"], "day", ["2016-04-01", "2016-05-02"]),
        (["20160401", "20160501"], "day", ["2016-04-01", "2016-05-01"]),
        ([datetime.date(2016, 4, 1), datetime.date(2016, 5, 1)], "day", ["2016-04-01", "2016-05-01"]),
        (["2016-04", "2016-05"], "month", ["2016-04", "2016-05"]),
        (["201604", "201605"], "month", ["2016-04", "2016-05"]),
        (["Apr-16", "May-16"], "month", ["2016-04", "2016-05"]),
        (["April 2016", "June 2016"], "month", ["2016-04", "2016-06"]),
        (["2016 Q1", "2016 Q2"], "quarter", ["2016-Q1", "2016-Q2"]),
        (["Q4 2016/17", "Q1 2017/18"], "quarter", ["2016/17-Q4", "2017/18-Q1"]),
        (["2010/11", "2011/12"], "year", ["2010/11", "2011/12"]),
        (["1", "2.5"], "number", ["1", "2.5"]),
        ([2016, 2017], "number", ["2016", "2017"]),
    ],
)
def test_a_column_of_dates_is_read_in_the_spelling_it_has(cells: list[object], kind: str, labels: list[str]) -> None:
    found = read(*cells)
    assert (found.kind, list(found.labels)) == (kind, labels)
    assert found.places[1] > found.places[0]


def test_a_quarter_of_a_financial_year_comes_before_the_next_years_first() -> None:
    found = read("Q4 2016/17", "Q1 2017/18")
    assert found.places[1] - found.places[0] == 1


@pytest.mark.parametrize(
    ("cells", "rhythm"),
    [
        (["2016-04-01", "2016-05-01", "2016-07-01"], "month"),
        (["2016-04-30", "2016-05-31"], "month"),
        (["2016-03-31", "2016-06-30", "2016-09-30"], "quarter"),
        (["2016-04", "2016-07", "2016-10"], "quarter"),
        (["2016-04-01", "2017-04-01", "2019-04-01"], "year"),
        (["2016-04-04", "2016-04-11", "2016-04-25"], "week"),
        (["2016-04-04", "2016-04-05"], "day"),
        (["2016-04", "2016-05"], "month"),
        (["1", "2"], "number"),
        (["2016-04-04"], "day"),
    ],
)
def test_the_rhythm_is_what_the_dates_keep(cells: list[str], rhythm: str) -> None:
    assert read(*cells).rhythm() == rhythm


def test_a_date_among_months_that_is_none_is_refused_with_its_row() -> None:
    with pytest.raises(Refused) as refused:
        read("2016-04", "2016-05", "2016-13")
    assert str(refused.value) == (
        "the table:3:date: this is not a month as the others are (2016-13 found); write it as 2016-04"
    )


def test_rubbish_and_empty_dates_are_refused() -> None:
    with pytest.raises(Refused, match="this is not a date"):
        read("soon", "later")
    with pytest.raises(Refused, match="there is no date"):
        read("2016-04", "")
    with pytest.raises(Refused, match="2:date: this is not a day as the others are"):
        read("01/04/2016", "31/02/2016", "01/03/2016")


def test_a_typed_date_is_read_as_the_column_is() -> None:
    assert read("2016-04-01", "2016-05-01").moment("2016-05", "--start").label == "2016-05-01"
    assert read("Apr-16", "May-16").moment("2016-05-01", "--start").label == "2016-05"
    with pytest.raises(Refused, match="--start: this is not a date like those of the table"):
        read("1", "2").moment("May", "--start")


@pytest.mark.parametrize(
    ("label", "rhythm", "words"),
    [
        ("2016-04-01", "month", "in April 2016"),
        ("2016-04", "month", "in April 2016"),
        ("2016-04-03", "day", "on 3 April 2016"),
        ("2016-Q2", "quarter", "in quarter 2 of 2016"),
        ("2016/17", "year", "in 2016/17"),
        ("37", "number", "at point 37"),
        ("1899", "number", "in 1899"),
    ],
)
def test_a_date_is_said_as_a_reader_says_it(label: str, rhythm: str, words: str) -> None:
    assert times.when(label, rhythm) == words
