"""Amounts and dates as people write them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.choose.tracker.amounts import read_amount, read_share, units_said, writes_decimal_commas
from evenhand.choose.tracker.dates import read_start


@pytest.mark.parametrize(("cell", "pounds"), [
    ("£1.2m", 1_200_000), ("450k", 450_000), ("£450K", 450_000), ("1,200", 1_200), ("1 200", 1_200),
    ("£1 200 000", 1_200_000), ("1'200", 1_200), ("(300)", -300), ("(£1.2m)", -1_200_000), ("-£300", -300),
    ("£-300", -300), ("- 300", -300), ("300-", -300), ("nil", 0), ("£1.2 million", 1_200_000), (".5m", 500_000),
    ("£0.5bn", 500_000_000), ("GBP 300k", 300_000), ("£1.2m pa", 1_200_000), ("£75k non-recurrent", 75_000),
    ("£1,234.56", 1_234.56), ("1.234,50", 1_234.5), ("12,5", 12.5), (450.0, 450), (0, 0), ("450 k", 450_000)])
def test_an_amount_is_read_without_a_doubt(cell: Any, pounds: float) -> None:
    amount = read_amount(cell)
    assert (amount.kind, amount.value, amount.doubt) == ("amount", pytest.approx(pounds), "")


@pytest.mark.parametrize(("cell", "value", "low", "high"), [
    ("£1m-£1.5m", 1_250_000, 1_000_000, 1_500_000), ("£1-1.5m", 1_250_000, 1_000_000, 1_500_000),
    ("£0.5m - £0.8m", 650_000, 500_000, 800_000), ("between £1m and £2m", 1_500_000, 1_000_000, 2_000_000),
    ("100-150k", 125_000, 100_000, 150_000), ("300 to 400", 350, 300, 400), ("up to £300k", 300_000, 0, 300_000),
    (">£500k", 500_000, 500_000, None)])
def test_a_range_keeps_its_ends(cell: str, value: float, low: float, high: float | None) -> None:
    amount = read_amount(cell)
    assert (amount.value, amount.low, amount.high) == (value, low, high)
    assert amount.doubt


@pytest.mark.parametrize(("cell", "kind"), [
    ("TBC", "unknown"), ("tbd", "unknown"), ("t.b.c.", "unknown"), ("n/k", "unknown"), ("N/K", "unknown"),
    ("not yet known", "unknown"), ("to be confirmed", "unknown"), ("?", "unknown"), ("see note 3", "unknown"),
    ("TBC Q3", "unknown"), ("n/a", "nothing"), ("-", "nothing"), ("", "nothing"), (None, "nothing"),
    ("5%", "percentage"), ("12.5 per cent", "percentage"), ("#REF!", "error"), ("3 schemes", "words"),
    ("2026/27", "words"), ("Net saving £000", "words"), (True, "words"), ("x" * 500, "words"),
    (float("nan"), "error")])
def test_what_is_no_amount_is_never_nought(cell: Any, kind: str) -> None:
    amount = read_amount(cell)
    assert (amount.kind, amount.value) == (kind, None)
    assert amount.doubt


@pytest.mark.parametrize(("cell", "pounds", "words"), [
    ("c. £300k", 300_000, "about"), ("~300k", 300_000, "about"),
    ("£300k (full year £600k)", 300_000, "read as £300,000"),
    ("TBC (est. £300k)", 300_000, "to be confirmed"), ("TBC - 300k", 300_000, "to be confirmed"),
    (datetime(1901, 3, 25), 450, "shown as a date"), (time(0, 0), 0, "shown as a date")])
def test_an_amount_that_had_to_be_read_into_says_so(cell: Any, pounds: float, words: str) -> None:
    amount = read_amount(cell)
    assert amount.value == pounds
    assert words in amount.doubt


@given(st.text(max_size=200))
def test_any_text_is_an_amount_or_says_why_not(text: str) -> None:
    amount = read_amount(text)
    assert (amount.value is None) <= bool(amount.doubt)
    assert amount.low is None or amount.high is None or amount.low <= amount.high


@given(st.floats(0.01, 1e9), st.sampled_from(["", "k", "m"]))
def test_what_we_write_we_read(number: float, unit: str) -> None:
    rounded = round(number, 2)
    factor = {"": 1, "k": 1e3, "m": 1e6}[unit]
    assert read_amount(f"£{rounded:,.2f}{unit}").value == pytest.approx(rounded * factor)


def test_a_plain_figure_takes_the_units_of_its_column_and_one_with_its_own_keeps_them() -> None:
    assert read_amount("450").in_pounds(1_000).value == 450_000
    assert read_amount("£1.2m").in_pounds(1_000).value == 1_200_000
    assert read_amount("300 to 400").in_pounds(1_000).low == 300_000


@pytest.mark.parametrize(("heading", "units"), [
    ("Saving £000", "thousands"), ("£'000", "thousands"), ("(£000s)", "thousands"), ("Net £k", "thousands"),
    ("£m", "millions"), ("Net saving (£m)", "millions"), ("Value (£)", "pounds"), ("24/25 plan", ""),
    ("all figures in thousands", "thousands"), ("Saving", "")])
def test_units_are_read_from_headings(heading: str, units: str) -> None:
    assert units_said(heading) == units


def test_decimal_commas_are_told_from_the_whole_column() -> None:
    assert writes_decimal_commas(["1.234,50", "12,5", "1.200"])
    assert not writes_decimal_commas(["1,234.50", "12.5", "1,200"])
    assert read_amount("1.200", decimal_comma=True).value == 1_200


@pytest.mark.parametrize(("cell", "share"), [
    ("80%", 0.8), (0.8, 0.8), (80, 0.8), ("high", 0.9), ("Medium", 0.5), ("low", 0.2), ("TBC", None), (None, None),
    (180, None)])
def test_confidence_is_a_share(cell: Any, share: float | None) -> None:
    assert read_share(cell) == share


@pytest.mark.parametrize(("cell", "start"), [
    ("Sept 24", "2024-09"), ("Q2 2024/25", "2024-07"), ("Apr-24", "2024-04"), ("01/04/2024", "2024-04-01"),
    ("1.4.24", "2024-04-01"), ("1st Sept 2024", "2024-09-01"), ("H2 24/25", "2024-10"), ("24/25 Q4", "2025-01"),
    ("w/c 3 June 2024", "2024-06-03"), ("09/2024", "2024-09"), ("2024-09-01", "2024-09-01"), (45536.0, "2024-09-01"),
    (date(2024, 9, 1), "2024-09-01"), (datetime(2024, 9, 1), "2024-09-01"), ("01/04/24 (phase 1)", "2024-04-01"),
    ("Jul/Aug 2024", "2024-07"), ("Started Apr 24", "2024-04")])
def test_a_start_is_read_as_far_as_its_words_go(cell: Any, start: str) -> None:
    found = read_start(cell)
    assert (found.text, found.doubt) == (start, "")


@pytest.mark.parametrize(("cell", "start"), [
    ("Q3", "2026-10"), ("April", "2026-04"), ("February", "2027-02"), ("winter", "2026-12"), ("2026/27", "2026-04"),
    ("autumn 2026", "2026-09"), ("early 2027", "2027-01"), (2026.0, "2026-04")])
def test_a_start_that_had_to_be_read_into_says_so(cell: Any, start: str) -> None:
    found = read_start(cell, year="2026/27")
    assert found.text == start
    assert found.doubt


@pytest.mark.parametrize("cell", [
    "TBC", "n/k", "ASAP", "", None, "soon", "31/02/2024", date(1900, 1, 1), time(0, 0), 450.0, "Q3", "n/a",
    "13/13/2024", date(2150, 1, 1)])
def test_what_is_no_start_says_why(cell: Any) -> None:
    found = read_start(cell)
    assert (found.text, found.is_said) == (None, False)
    assert found.doubt


@pytest.mark.parametrize("cell", ["ongoing", "in place", "Started", "already live", "b/fwd"])
def test_what_has_begun_has_a_start_without_a_day(cell: str) -> None:
    assert read_start(cell).is_said


@given(st.text(max_size=60))
def test_any_text_is_a_start_or_says_why_not(text: str) -> None:
    found = read_start(text)
    assert found.is_said or found.doubt
