"""Weights from what people say: shares, ranks, comparisons in pairs, and people put together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.appraise import weights
from evenhand.appraise.weights_rules import centroid, of_comparisons, of_ranks, rank_reciprocal, rank_sum
from evenhand.cli import main
from evenhand.terms import Refused


def answers(column: str, given: dict[str, dict[str, float]], groups: dict[str, str] | None = None) -> dict[str, Any]:
    """A table from person to criterion to answer."""
    rows = [(person, name, value) for person, row in given.items() for name, value in row.items()]
    table: dict[str, Any] = {"person": [row[0] for row in rows], "criterion": [row[1] for row in rows],
                             column: [row[2] for row in rows]}
    return table if groups is None else {**table, "group": [groups[row[0]] for row in rows]}


def refusal(table: Any, **options: Any) -> str:
    with pytest.raises(Refused) as refused:
        weights(table, **options)
    return str(refused.value)


TWO = {"p1": {"health": 100, "equity": 50, "cost": 50}, "p2": {"health": 20, "equity": 100, "cost": 80}}


def test_swings_are_shares_of_each_persons_sum_and_people_count_alike():
    answer = weights(answers("points", TWO), method="swing")
    # 100, 50, 50 over 200; 20, 100, 80 over 200; the mean of the two.
    assert answer.fields["people"][0]["weights"] == {"health": 0.5, "equity": 0.25, "cost": 0.25}
    assert answer.fields["overall"] == pytest.approx({"health": 0.3, "equity": 0.375, "cost": 0.325})
    assert answer.fields["rows"][0]["least"] == pytest.approx(0.1)
    assert answer.fields["rows"][0]["most"] == 0.5
    assert any("columns worst and best" in remark for remark in answer.remarks)


def test_groups_may_count_alike_whatever_their_size():
    given = {"a": {"x": 1, "y": 0}, "b": {"x": 1, "y": 0}, "c": {"x": 1, "y": 0}, "d": {"x": 0, "y": 1}}
    table = answers("points", given, {"a": "big", "b": "big", "c": "big", "d": "small"})
    assert weights(table).fields["overall"] == {"x": 0.75, "y": 0.25}
    answer = weights(table, together="groups")
    assert answer.fields["overall"] == {"x": 0.5, "y": 0.5}
    assert [(each["group"], each["people"]) for each in answer.fields["groups"]] == [("big", 3), ("small", 1)]
    assert "Groups differ most on x: 100% for big, 0% for small." in answer.sentence
    assert any("larger groups count for more (3 of big and 1 of small)" in each for each in weights(table).remarks)


def test_a_geometric_mean_is_made_to_sum_to_one_again():
    # Roots of 0.5 x 0.1, 0.25 x 0.5 and 0.25 x 0.4, over their sum.
    roots = [0.05**0.5, 0.125**0.5, 0.1**0.5]
    answer = weights(answers("points", TWO), mean="geometric")
    assert list(answer.fields["overall"].values()) == pytest.approx([each / sum(roots) for each in roots])


def test_the_ends_that_a_weight_was_given_for_are_kept():
    table = {**answers("points", {"p1": {"wait": 60, "travel": 40}}), "worst": ["40 weeks", "25 miles"],
             "best": ["6 weeks", "none"]}
    answer = weights(table)
    assert [(row["worst"], row["best"]) for row in answer.fields["rows"]] == [("40 weeks", "6 weeks"),
                                                                              ("25 miles", "none")]
    assert not any("columns worst and best" in remark for remark in answer.remarks)


def test_swings_without_a_hundred_and_sums_that_differ_are_said():
    assert "p2 gave nothing 100: the answers are taken in proportion." in weights(
        answers("points", {"p1": {"a": 100, "b": 5}, "p2": {"a": 9, "b": 5}}), method="swing").remarks
    assert "People shared out from 14 to 100 points: each is divided by their own sum." in weights(
        answers("points", {"p1": {"a": 95, "b": 5}, "p2": {"a": 9, "b": 5}})).remarks


def test_weights_by_rank_are_those_of_barron_and_barrett():
    # Barron & Barrett (1996), Management Science 42, 1515-1523: four criteria in order.
    assert centroid(4) == pytest.approx([0.5208, 0.2708, 0.1458, 0.0625], abs=5e-5)
    assert rank_sum(4) == pytest.approx([0.4, 0.3, 0.2, 0.1])
    assert rank_reciprocal(4) == pytest.approx([0.48, 0.24, 0.16, 0.12])
    answer = weights(answers("rank", {"p1": {"b": 2, "a": 1, "c": 3}}), method="rank-order-centroid")
    assert answer.fields["overall"] == pytest.approx({"b": 5 / 18, "a": 11 / 18, "c": 2 / 18})


def test_equal_ranks_share_the_places_they_take():
    # 1, 2, 2: the places second and third of rank sum, 2/6 and 1/6, shared.
    assert of_ranks([1, 2, 2], "rank-sum") == pytest.approx([0.5, 0.25, 0.25])
    assert of_ranks([5, 5], "rank-order-centroid") == pytest.approx([0.5, 0.5])


PAIRS = {"first": ["experience", "experience", "experience", "charisma", "education", "charisma"],
         "second": ["education", "charisma", "age", "education", "age", "age"], "times": [4, 3, 7, 3, 3, 5]}


def test_the_leader_of_the_published_example_has_its_weights_and_consistency():
    # "Analytic hierarchy process - leader example", Wikipedia: weights 0.547, 0.127, 0.270, 0.056.
    answer = weights(PAIRS, method="pairwise")
    assert answer.fields["overall"] == pytest.approx(
        {"experience": 0.547, "education": 0.127, "charisma": 0.270, "age": 0.056}, abs=0.001)
    assert answer.fields["consistency"][0]["ratio"] == pytest.approx(0.044, abs=0.001)
    assert answer.fields["consistency"][0]["acceptable"] is True


def test_comparisons_that_agree_give_back_the_weights_they_came_from():
    import numpy as np

    true = np.array([0.5, 0.3, 0.15, 0.05])
    found, consistency = of_comparisons(true[:, None] / true[None, :])
    assert found == pytest.approx(true.tolist())
    assert consistency.ratio == pytest.approx(0, abs=1e-9)


def test_comparisons_in_a_circle_are_called_out_with_the_pair_to_look_at_again():
    table = {"first": ["a", "b", "c"], "second": ["b", "c", "a"], "times": [3, 3, 9]}
    answer = weights(table, method="pairwise")
    assert answer.fields["consistency"][0]["acceptable"] is False
    assert "contradict each other too much" in answer.sentence
    assert any("Look again at" in remark for remark in answer.remarks)


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 100), min_size=2),
       st.integers(1, 4), st.sampled_from(["swing", "points"]), st.sampled_from(["arithmetic", "geometric"]))
def test_weights_sum_to_one_and_everybody_alike_is_the_mean(given_points, count, method, mean):
    table = answers("points", {f"p{place}": {name: float(each) for name, each in given_points.items()}
                               for place in range(count)})
    overall = weights(table, method=method, mean=mean).fields["overall"]
    assert sum(overall.values()) == pytest.approx(1)
    total = sum(given_points.values())
    assert overall == pytest.approx({name: each / total for name, each in given_points.items()})


@given(st.lists(st.integers(1, 6), min_size=1, max_size=8),
       st.sampled_from(["rank-order-centroid", "rank-sum", "rank-reciprocal"]))
def test_a_better_rank_never_weighs_less(ranks, method):
    found = of_ranks(ranks, method)
    assert sum(found) == pytest.approx(1)
    for one, weight in zip(ranks, found, strict=True):
        for other, less in zip(ranks, found, strict=True):
            assert weight >= less - 1e-12 if one < other else True
            assert weight == pytest.approx(less) if one == other else True


# --- what is refused --------------------------------------------------------------------------------------------------


def test_what_is_missing_twice_there_or_no_number_is_named():
    assert "p2 says nothing of b" in refusal(answers("points", {"p1": {"a": 1, "b": 2}, "p2": {"a": 3}}))
    twice = {"person": ["p1", "p1"], "criterion": ["a", "a"], "points": [1, 2]}
    assert "is for the same person, criterion" in refusal(twice)
    assert "this is not a number" in refusal({"criterion": ["a"], "points": ["lots"]})
    assert "a count cannot be negative" in refusal({"criterion": ["a"], "points": [-1]})
    assert "p1 gave nothing to any criterion" in refusal(answers("points", {"p1": {"a": 0, "b": 0}}))
    assert "there is no column “points”" in refusal({"criterion": ["a"], "rank": [1]})
    assert "there is no column “rank”" in refusal({"criterion": ["a"], "points": [1]}, method="rank-sum")
    assert "this is below 1" in refusal({"criterion": ["a"], "rank": [0]}, method="rank-sum")
    assert "the table names no groups" in refusal({"criterion": ["a"], "points": [1]}, together="groups")
    assert "is in the group g elsewhere" in refusal(
        {**answers("points", {"p1": {"a": 1, "b": 2}}), "group": ["g", "h"]})
    other_ends = {**answers("points", {"p1": {"a": 1}, "p2": {"a": 1}}), "worst": ["1", "2"], "best": ["9", "9"]}
    assert "a has other ends elsewhere: 1 to 9" in refusal(other_ends)


def test_names_of_people_are_refused():
    for name in ("Jane Smith", "Dr Anne O’Hara", "John B. Mill"):
        assert "this looks like somebody's name" in refusal(answers("points", {name: {"a": 1}}))
    assert weights(answers("points", {"GP 3": {"a": 1}})).fields["people"][0]["person"] == "GP 3"


def test_comparisons_that_are_missing_or_twice_there_are_named():
    assert "everyone says nothing of a beside c" in refusal(
        {"first": ["a", "b"], "second": ["b", "c"], "times": [2, 2]}, method="pairwise")
    assert "has compared b with a already" in refusal(
        {"first": ["a", "b"], "second": ["b", "a"], "times": [2, 2]}, method="pairwise")
    assert "compared with itself" in refusal({"first": ["a"], "second": ["a"], "times": [1]}, method="pairwise")
    assert "this is below 1e-06" in refusal({"first": ["a"], "second": ["b"], "times": [0]}, method="pairwise")


def test_a_model_that_does_not_fit_is_refused():
    square = {"criteria": ["a", "b"], "criteria_comparisons": [[1, 2], [0.5, 1]]}
    assert weights(square, method="pairwise").fields["overall"] == pytest.approx({"a": 2 / 3, "b": 1 / 3})
    assert "a model holds comparisons in pairs" in refusal(square)
    assert "do not agree (2 and 2 found)" in refusal({**square, "criteria_comparisons": [[1, 2], [2, 1]]},
                                                     method="pairwise")
    assert "is not a square" in refusal({**square, "criteria_comparisons": [[1, 2]]}, method="pairwise")
    assert "is not a number above 0" in refusal({**square, "criteria_comparisons": [[1, 0], [2, 1]]},
                                                method="pairwise")
    assert "has no list “criteria”" in refusal({"criteria_comparisons": [[1]]}, method="pairwise")
    assert "is not a whole number" in refusal({"n_criteria": ["three"]})


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_example_runs_and_draws_its_figure(capsys, tmp_path):
    assert main(["appraise", "weights", "sample:weights-by-group", "--out", str(tmp_path)]) == 0
    # Where lines are folded depends on the terminal.
    assert "Groups differ most on sight saved: 68% for clinicians" in " ".join(capsys.readouterr().out.split())
    assert {"weights.svg", "table.csv"} <= {each.name for each in tmp_path.iterdir()}


def test_the_published_comparisons_are_read_as_they_stand(reference: Path, capsys):
    expected = json.loads((reference / "mcda" / "ahp-leader.expected.json").read_text())
    path = str(reference / "mcda" / "ahp-leader.input.json")
    assert main(["appraise", "weights", path, "--method", "pairwise", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["overall"] == weights(path, method="pairwise").fields["overall"]
    assert list(document["overall"].values()) == pytest.approx(expected["recomputed"]["criteria_weights"], abs=1e-8)
    assert document["overall"] == pytest.approx(expected["published"]["criteria_weights"],
                                                abs=expected["tolerance"]["weights"])
    found = document["consistency"][0]
    assert found["lambda_max"] == pytest.approx(expected["recomputed"]["lambda_max"], abs=1e-6)
    assert found["index"] == pytest.approx(expected["recomputed"]["consistency_index"], abs=1e-6)
    assert found["ratio"] == pytest.approx(expected["recomputed"]["consistency_ratio_with_RI_0_90"],
                                           abs=expected["tolerance"]["consistency_ratio"])


def test_weights_by_rank_alone_are_read_as_they_stand(reference: Path, capsys):
    expected = json.loads((reference / "mcda" / "rank-weights-3-4.expected.json").read_text())
    path = str(reference / "mcda" / "rank-weights-3-4.input.json")
    assert main(["appraise", "weights", path, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    for number, by_rule in expected["recomputed"].items():
        for rule, figures in by_rule.items():
            assert document["by_number"][number][rule] == pytest.approx(figures, abs=expected["tolerance"]["weights"])
            assert weights(path).fields["by_number"][number][rule] == pytest.approx(figures, abs=1e-9)
