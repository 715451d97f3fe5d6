"""Strengths from comparisons: published leagues, known sums, and plain words where no strength exists."""

from __future__ import annotations

import json
from math import exp, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.engage import pairwise
from evenhand.terms import Refused

TEAMS = ["Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore"]
WINS = [[0, 7, 9, 7, 7, 9, 11], [6, 0, 7, 5, 11, 9, 9], [4, 6, 0, 7, 7, 8, 12], [6, 8, 6, 0, 6, 7, 10],
        [6, 2, 6, 7, 0, 7, 12], [4, 4, 5, 6, 6, 0, 6], [2, 4, 1, 3, 1, 7, 0]]


def strengths(answer):
    return {row["item"]: row["log_strength"] for row in answer.fields["rows"]}


def refusal(table, **options):
    with pytest.raises(Refused) as refused:
        pairwise(table, **options)
    return str(refused.value)


def test_two_items_have_the_logarithm_of_their_odds_and_its_error():
    # 30 wins to 10: strengths differ by ln 3 with variance 1/30 + 1/10; each is half of that from the mean.
    answer = pairwise({"winner": ["a", "b"], "loser": ["b", "a"], "times": [30, 10]})
    rows = answer.fields["rows"]
    assert [row["item"] for row in rows] == ["a", "b"]
    assert rows[0]["log_strength"] == pytest.approx(log(3) / 2)
    assert rows[0]["standard_error"] == pytest.approx(sqrt(1 / 30 + 1 / 10) / 2)
    assert rows[0]["interval"][1] == pytest.approx(log(3) / 2 + 1.959964 * sqrt(1 / 30 + 1 / 10) / 2)
    told = pairwise({"winner": ["a", "b"], "loser": ["b", "a"], "times": [30, 10]}, reference="b").fields["rows"]
    assert told[0]["standard_error"] == pytest.approx(sqrt(1 / 30 + 1 / 10))
    assert told[1]["log_strength"] == 0
    assert told[1]["interval"] is None
    assert answer.fields["probabilities"][0, 1] == pytest.approx(0.75)


def test_the_league_of_1987_has_the_published_strengths():
    # Agresti (1990), Categorical Data Analysis, table 10.10: wins, and strengths with Baltimore at nought.
    published = {"Milwaukee": 1.58, "Detroit": 1.44, "Toronto": 1.29, "New York": 1.25, "Boston": 1.11,
                 "Cleveland": 0.68, "Baltimore": 0}
    found = strengths(pairwise({"items": TEAMS, "wins_row_over_column": WINS}, reference="Baltimore"))
    assert list(found) == list(published)
    assert found == pytest.approx(published, abs=0.006)
    centred = strengths(pairwise({"items": TEAMS, "wins_row_over_column": WINS}))
    assert sum(centred.values()) == pytest.approx(0, abs=1e-9)


def test_a_ranking_is_the_first_of_all_and_then_of_the_rest():
    # Luce: P(a before b before c) = pa/(pa+pb+pc) · pb/(pb+pc). With one ranking each way round all are equal.
    even = pairwise({"ranking": [1, 1, 1, 2, 2, 2], "item": list("abccba"), "place": [1, 2, 3, 1, 2, 3]})
    values = strengths(even)
    assert values["a"] == pytest.approx(values["c"])
    # The slope is nought at the answer: b is chosen twice from two, and shares in both sets of three.
    raised = {item: exp(value) for item, value in values.items()}
    total = sum(raised.values())
    expected = 2 * raised["b"] / total + 2 * raised["b"] / (raised["b"] + raised["c"])
    assert expected == pytest.approx(2)


@pytest.mark.parametrize("table", [
    {"winner": ["a", "a", "b", "c"], "loser": ["b", "c", "c", "b"]},
    {"winner": ["a", "b"], "loser": ["b", "c"]}])
def test_where_an_item_wins_every_time_no_strength_is_given_and_the_answer_says_so(table):
    answer = pairwise(table)
    assert all(row["log_strength"] is None and row["interval"] is None for row in answer.fields["rows"])
    assert answer.fields["rows"][0]["remark"] == "Won every time: how much stronger it is cannot be told."
    assert answer.fields["tiers"][0] == ["a"]
    assert "No finite strength can be given: a was never put after the other 2 items" in answer.sentence
    assert "--prior 1" in " ".join(answer.remarks)
    assert "probabilities" not in answer.fields
    assert answer.figures[0].chart is not None


def test_items_that_were_never_compared_are_told_from_those_that_always_win():
    answer = pairwise({"winner": list("abcd"), "loser": list("badc")})
    assert "never compared with others" in answer.sentence
    assert answer.fields["tiers"] == [["a", "b"], ["c", "d"]]


def test_a_prior_gives_an_answer_where_none_exists():
    # a beats b n times, with prior k: by symmetry a is at t, b at -t, and n/(1 + e^2t) = k(2·e^t/(1 + e^t) - 1).
    answer = pairwise({"winner": ["a"], "loser": ["b"], "times": [4]}, prior=1)
    t = strengths(answer)["a"]
    assert 4 / (1 + exp(2 * t)) == pytest.approx(2 * exp(t) / (1 + exp(t)) - 1)
    assert "imagined wins" in " ".join(answer.remarks)


@given(st.lists(st.lists(st.integers(1, 20), min_size=4, max_size=4), min_size=4, max_size=4))
def test_each_item_wins_as_often_as_its_strength_says(wins):
    for place in range(4):
        wins[place][place] = 0
    answer = pairwise({"items": list("abcd"), "wins_row_over_column": wins})
    shares = answer.fields["probabilities"]
    for row in range(4):
        expected = sum((wins[row][other] + wins[other][row]) * shares[row, other] for other in range(4) if other != row)
        assert expected == pytest.approx(sum(wins[row]), abs=1e-6)
    again = pairwise({"items": list("abcd")[::-1], "wins_row_over_column": [row[::-1] for row in wins[::-1]]})
    assert strengths(again) == pytest.approx(strengths(answer), abs=1e-9)


def test_bad_input_is_refused_with_its_place():
    assert "there is no column “loser”" in refusal({"winner": ["a"], "looser": ["b"]})
    assert "1:loser: an item cannot be compared with itself (a found)" in refusal({"winner": ["a"], "loser": ["a"]})
    assert "1:times: a count cannot be negative (-1 found)" in refusal(
        {"winner": ["a"], "loser": ["b"], "times": [-1]})
    assert "this is not a number (often found)" in refusal({"winner": ["a"], "loser": ["b"], "times": ["often"]})
    assert "1:winner: this cell is empty" in refusal({"winner": [""], "loser": ["b"]})
    assert "nothing is compared" in refusal({"winner": ["a"], "loser": ["b"], "times": [0]})
    assert "another item of this ranking has the same place" in refusal(
        {"ranking": [1, 1], "item": ["a", "b"], "place": [1, 1]})
    assert "row 1 is for the same ranking, item" in refusal(
        {"ranking": [1, 1], "item": ["a", "a"], "place": [1, 2]})
    assert "--reference: there is no such item (c found)" in refusal({"winner": ["a"], "loser": ["b"]}, reference="c")
    assert "--prior: this cannot be negative" in refusal({"winner": ["a"], "loser": ["b"]}, prior=-1)


def test_bad_models_are_refused():
    assert "one way of comparing" in refusal({"rankings": [[0, 1]], "wins_row_over_column": [[0]], "n_items": 2})
    assert "two items have one name" in refusal({"items": ["a", "a"], "rankings": [[0, 1]]})
    assert "an item stands twice" in refusal({"n_items": 2, "rankings": [[0, 0]]})
    assert "there is no such item; the nearest is alpha (alpa found)" in refusal(
        {"items": ["alpha", "beta"], "rankings": [["alpa", "beta"]]})
    assert "not as many rows and columns" in refusal({"items": ["a", "b"], "wins_row_over_column": [[0, 1]]})
    assert "this is not a count of wins" in refusal({"items": ["a", "b"], "wins_row_over_column": [[0, -1], [1, 0]]})
    assert "the model names no items" in refusal({"rankings": [[0, 1]]})


def test_the_example_runs_and_draws_its_figure(capsys):
    assert main(["engage", "pairwise", "sample:pairwise"]) == 0
    assert "Home visits is preferred most" in capsys.readouterr().out
    assert 'role="img"' in pairwise("sample:pairwise").figure.svg()


# --- reference cases --------------------------------------------------------------------------------------------------

CASES = {"baseball-1987": ("baseball-1987.input.json", "log_strength", "log_strength"),
         "cycle-plus-one": ("cycle-plus-one.input.json", "log_strength_centred", "log_strength"),
         "known-strengths-10": ("known-strengths-10.csv", "log_strength_mle_centred", "log_strength_mle"),
         "partial-rankings": ("partial-rankings.input.json", "log_strength_centred", "log_strength")}


@pytest.mark.reference
@pytest.mark.parametrize("case", CASES)
def test_strengths_agree_with_the_reference_cases(case, reference, capsys):
    file, name, tolerance = CASES[case]
    folder = reference / "pairwise"
    expected = json.loads((folder / f"{case}.expected.json").read_text())
    assert main(["engage", "pairwise", str(folder / file), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    values = {row["item"]: row["log_strength"] for row in answer["rows"]}
    wanted = expected["recomputed"][name]
    if isinstance(wanted, list):
        wanted = {item: wanted[place] for place, item in enumerate(answer["items"])}
    assert values == pytest.approx(wanted, abs=expected["tolerance"][tolerance])
    assert strengths(pairwise(folder / file)) == values
    errors = expected["recomputed"].get("standard_error", {})
    found = {row["item"]: row["standard_error"] for row in answer["rows"] if row["item"] in errors}
    assert found == pytest.approx(errors, abs=1e-6)
    for pair, share in expected["recomputed"].get("probability_row_beats_column", {}).items():
        first, second = (answer["items"].index(each.replace("_", " ")) for each in pair.split("_beats_"))
        assert answer["probabilities"][first][second] == pytest.approx(share, abs=1e-6)
