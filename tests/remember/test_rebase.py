"""History on other boundaries: sums of numerators and denominators, whole or by shares that somebody gave."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from evenhand.cli import main
from evenhand.remember import rebase
from evenhand.terms import Refused

MERGER = {"from": ["EAST", "WEST"], "to": ["BOTH", "BOTH"], "date": ["2018-07-01"] * 2}
DIVISION = {"from": ["OLD", "OLD"], "to": ["N", "S"], "date": ["2018-07-01"] * 2, "share": ["0.25", "0.75"],
            "basis": ["people registered in 2017"] * 2}


def figures(*rows):
    return {name: [row[place] for row in rows] for place, name in enumerate(
        ("unit", "month", "numerator", "denominator"))}


BEFORE_AND_AFTER = figures(("EAST", "2018-06", 30, 1000), ("WEST", "2018-06", 10, 3000),
                           ("BOTH", "2018-07", 44, 4100), ("ELSE", "2018-06", 1, 10))


def test_rates_of_merged_bodies_are_made_anew_from_their_sums_and_never_averaged():
    rows = rebase(BEFORE_AND_AFTER, to="BOTH", per=1000, successions=MERGER).document()["rows"]
    # (30 + 10) / (1000 + 3000) = 10 per 1,000; the mean of 30 and 3.3 would have been 16.7.
    assert [(row["month"], row["numerator"], row["denominator"], row["value"]) for row in rows] == [
        ("2018-06", 40, 4000, 10), ("2018-07", 44, 4100, pytest.approx(10.7317, abs=1e-4))]
    assert rows[0]["from_bodies"] == ["EAST", "WEST"]
    assert rows[0]["by_share"] == 0


def test_a_month_in_which_one_of_them_has_no_figure_has_no_value_and_says_whose_is_missing():
    lacking = figures(("EAST", "2018-05", 30, 1000), ("EAST", "2018-06", 30, 1000), ("WEST", "2018-06", 10, 3000))
    rows = rebase(lacking, to="BOTH", successions=MERGER).document()["rows"]
    assert [(row["month"], row["value"], row["missing"]) for row in rows] == [
        ("2018-05", None, ["WEST"]), ("2018-06", 0.01, [])]
    all_the_same = rebase(lacking, to="BOTH", partial=True, successions=MERGER).document()["rows"]
    assert all_the_same[0]["value"] == 0.03
    assert all_the_same[0]["remark"] == "no figure is held for WEST"


def test_a_denominator_of_nought_is_a_missing_figure_and_not_a_nought():
    abolished = figures(("EAST", "2018-06", 0, 0), ("WEST", "2018-06", 10, 3000))
    assert rebase(abolished, to="BOTH", successions=MERGER).document()["rows"][0]["missing"] == ["EAST"]


def test_a_day_before_the_merger_leaves_the_old_bodies_and_does_not_divide_the_new_one():
    answer = rebase(BEFORE_AND_AFTER, to="2018-01-01", successions=MERGER)
    assert [row["unit"] for row in answer.document()["rows"]] == ["EAST", "ELSE", "WEST"]
    assert answer.document()["left_out"] == [{
        "unit": "BOTH", "because": "it was formed from EAST, WEST: what is whole cannot be divided again without "
                                   "shares"}]


def test_a_division_goes_by_the_shares_of_the_list_and_says_what_they_rest_on():
    rows = rebase(figures(("OLD", "2018-06", 40, 400)), to="2019-01", successions=DIVISION).document()["rows"]
    assert [(row["unit"], row["numerator"], row["denominator"], row["by_share"], row["basis"]) for row in rows] == [
        ("N", 10, 100, 1, "people registered in 2017"), ("S", 30, 300, 1, "people registered in 2017")]


def test_a_division_without_shares_leaves_the_body_out():
    bare = {name: DIVISION[name] for name in ("from", "to", "date")}
    both = figures(("OLD", "2018-06", 40, 400), ("ELSE", "2018-06", 1, 10))
    answer = rebase(both, to="2019-01", successions=bare)
    assert [row["unit"] for row in answer.document()["rows"]] == ["ELSE"]
    assert "OLD was divided on 1 July 2018 among N, S, and nobody gave the shares" in answer.remarks[0]


def test_shares_that_somebody_gives_divide_what_was_whole():
    shares = {"from": ["BOTH", "BOTH"], "to": ["EAST", "WEST"], "share": ["0.2", "0.8"], "basis": ["census"] * 2}
    rows = rebase(figures(("BOTH", "2018-07", 50, 5000)), to="2018-01-01", shares=shares,
                  successions=MERGER).document()["rows"]
    assert [(row["unit"], row["numerator"], row["denominator"]) for row in rows] == [
        ("EAST", 10, 1000), ("WEST", 40, 4000)]


def test_where_both_a_body_and_those_before_it_have_figures_nothing_is_added_twice():
    both = figures(("EAST", "2018-07", 30, 1000), ("WEST", "2018-07", 10, 3000), ("BOTH", "2018-07", 44, 4100))
    answer = rebase(both, to="BOTH", successions=MERGER)
    assert answer.document()["rows"][0]["numerator"] == 44
    assert "nothing was added twice" in " ".join(answer.remarks)


def test_a_board_is_the_sum_of_the_areas_it_serves_and_is_called_an_arrangement():
    answer = rebase(figures(("15M", "2023-01", 5, 100)), to="QJ2")
    assert answer.document()["rows"][0]["unit"] == "QJ2"
    assert "an arrangement, not a succession" in answer.document()["rows"][0]["basis"]


def test_the_four_bodies_of_derbyshire_make_up_the_one_that_came_after_them():
    rows = rebase(figures(*((code, "2018-06", 10, 100) for code in ("03X", "03Y", "04J", "04R"))), to="15M")
    assert rows.document()["rows"][0]["from_bodies"] == ["03X", "03Y", "04J", "04R"]
    three = rebase(figures(*((code, "2018-06", 10, 100) for code in ("03X", "03Y", "04J"))), to="15M")
    assert three.document()["rows"][0]["missing"] == ["04R"]


@given(some.lists(some.tuples(some.integers(0, 500), some.integers(1, 5000)), min_size=2, max_size=2))
def test_nothing_is_lost_and_nothing_made_by_a_merger(held):
    (a, b), (c, d) = held
    row = rebase(figures(("EAST", "2018-06", a, b), ("WEST", "2018-06", c, d)), to="2019-01",
                 successions=MERGER).document()["rows"][0]
    assert (row["numerator"], row["denominator"]) == (a + c, b + d)


@given(some.floats(0, 1))
def test_nothing_is_lost_by_a_division_whose_shares_add_up_to_one(share):
    shares = {"from": ["OLD", "OLD"], "to": ["N", "S"], "share": [share, 1 - share], "basis": ["said"] * 2}
    rows = rebase(figures(("OLD", "2018-06", 40, 400)), to="2019-01", shares=shares, successions=DIVISION)
    assert sum(row["denominator"] for row in rows.document()["rows"]) == pytest.approx(400)


@pytest.mark.parametrize(("options", "said"), [
    ({}, "onto whose boundaries"), ({"to": "15MM"}, "this is neither a day nor a body that we know"),
    ({"to": "2019-13-45"}, "this is neither a day nor a body"), ({"to": "15M", "per": 0}, "a positive number"),
    ({"to": "15M", "by": ("sex",)}, "sex"),
    ({"to": "15M"}, "no figure here can be carried there")])
def test_what_cannot_be_is_refused_in_words(options, said):
    with pytest.raises(Refused, match=said):
        rebase(BEFORE_AND_AFTER, **options)


def test_shares_of_more_than_the_whole_are_refused():
    shares = {"from": ["BOTH", "BOTH"], "to": ["EAST", "WEST"], "share": ["0.6", "0.8"], "basis": ["said"] * 2}
    with pytest.raises(Refused, match="the shares of BOTH add up to more than the whole"):
        rebase(BEFORE_AND_AFTER, to="2018-01-01", shares=shares, successions=MERGER)


def test_doubled_rows_and_negative_figures_are_refused():
    for rows, said in ((("EAST", "2018-06", 1, 10),) * 2, "2018-06"), ((("EAST", "2018-06", -1, 10),), "numerator"):
        with pytest.raises(Refused) as refused:
            rebase(figures(*rows), to="BOTH", successions=MERGER)
        assert said in str(refused.value)


def test_the_command_gives_one_document(capsys):
    assert main(["remember", "rebase", "sample:figures-by-body", "--to", "BOTH", "--successions",
                 "sample:bodies-lineage", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["method"]["name"] == "remember rebase"
    assert len(document["rows"]) == 12
    assert document["ways"][0] == {"from": "BOTH", "to": "BOTH", "share": 1.0, "basis": "its own figures"}


@pytest.mark.real
def test_trimethoprim_of_the_four_carried_to_their_successor_is_the_sum_of_the_published_files(real):
    path = real / "commissioner-monthly-2010-2019/trimethoprim_nitrofurantoin_items.csv.gz"
    published = pd.read_csv(path)
    four = published[published["pct"].isin(["03X", "03Y", "04J", "04R"])]
    summed = four.groupby("period")[["trimethoprim_items", "all_items"]].sum()
    table = pd.DataFrame({"unit": published["pct"], "month": published["period"],
                          "numerator": published["trimethoprim_items"], "denominator": published["all_items"]})
    rows = rebase(table[table["denominator"] > 0], to="15M").document()["rows"]
    assert [row["numerator"] for row in rows] == summed["trimethoprim_items"].tolist()
    assert [row["denominator"] for row in rows] == summed["all_items"].tolist()
