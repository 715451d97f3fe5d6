import pytest

from evenhand.terms import Estimate, Problem, Refused, closest
from evenhand.terms.words import counted, figure, listed, ordinal, per_cent, pounds, pounds_roughly


@pytest.mark.parametrize(("amount", "written"), [
    (71_740, "£71,740"), (4.126, "£4.13"), (-300, "-£300"), (1024.65, "£1,025"), (0, "£0")])
def test_money_is_written_to_be_read(amount, written):
    assert pounds(amount) == written


@pytest.mark.parametrize(("amount", "written"), [
    (1_234_567, "£1.2 million"), (71_740, "£72,000"), (644, "£640"), (-52_300_000, "-£52.3 million")])
def test_money_in_a_sentence_keeps_two_or_three_figures(amount, written):
    assert pounds_roughly(amount) == written


def test_numbers_lists_and_places_read_as_a_person_says_them():
    assert [ordinal(n) for n in (1, 2, 3, 11, 33, 112)] == ["1st", "2nd", "3rd", "11th", "33rd", "112th"]
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert counted(1, "row") == "1 row"
    assert counted(0, "row") == "no rows"
    assert per_cent(0.456) == "46%"
    assert [figure(x) for x in (1234.5, 0.01234, 0)] == ["1,234", "0.0123", "0"]


def test_a_refusal_that_stopped_counting_says_so():
    lines = Refused(Problem("wrong", "mend it") for _ in range(1_000)).lines()
    assert lines[-1] == "and at least 980 more like these"


def test_a_refusal_shows_twenty_problems_and_counts_the_rest():
    refused = Refused(Problem("wrong", "mend it", "f.csv", row, "n", "x") for row in range(1, 26))
    assert len(refused.lines()) == 21
    assert refused.lines()[0] == "f.csv:1:n: wrong (x found); mend it"
    assert refused.lines()[-1] == "and 5 more like these"


def test_a_mistyped_name_finds_its_nearest():
    assert closest("glutenfre", ["glutenfree", "lplutein"])[0] == "glutenfree"


def test_a_range_turned_round_by_a_negative_factor_still_runs_upward():
    turned = Estimate(10, 5, 20).scaled(-2)
    assert (turned.central, turned.low, turned.high) == (-20, -40, -10)
