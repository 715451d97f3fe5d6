"""Options whose weights and scores are not certain: shares of first places, and the weights that favour each."""

from __future__ import annotations

import json
import resource
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from evenhand.appraise import smaa
from evenhand.appraise.smaa_weights import as_intervals, as_order, nothing_known
from evenhand.cli import main
from evenhand.terms import Refused


def model(matrix: Any, directions: Any = None, **more: Any) -> dict[str, Any]:
    directions = directions or ["max"] * len(matrix[0])
    return {"alternatives": [f"option {place}" for place in range(1, len(matrix) + 1)],
            "criteria": [{"name": f"criterion {place}", "direction": direction}
                         for place, direction in enumerate(directions, start=1)],
            "matrix": matrix, "scaling": "given", **more}


def refusal(content: Any, **options: Any) -> str:
    with pytest.raises(Refused) as refused:
        smaa(content, **options)
    return str(refused.value)


THREE = model([[1, 0], [0, 1], [0.6, 0.6]])


def test_two_criteria_have_the_shares_that_can_be_worked_out_by_hand():
    # With weight w on the first: w, 1 - w and 0.6. The first option leads above w = 0.6, the second below 0.4.
    fields = smaa(THREE).fields
    assert fields["rank_acceptability"]["option 1"] == pytest.approx([0.4, 0.1, 0.5], abs=0.005)
    assert fields["rank_acceptability"]["option 3"] == pytest.approx([0.2, 0.8, 0], abs=0.005)
    assert fields["central_weights"]["option 1"] == pytest.approx([0.8, 0.2], abs=0.003)
    assert fields["central_weights"]["option 3"] == pytest.approx([0.5, 0.5], abs=0.003)
    assert set(fields["confidence_factor"].values()) == {1.0}
    assert fields["mean_weights"] == pytest.approx([0.5, 0.5], abs=0.003)


def test_the_half_width_is_that_of_a_share_of_so_many_draws():
    # 0.25 x (1.96 / 0.01) squared = 9,604 draws give half a share to within 0.01.
    fields = smaa(model([[1, 0], [0, 1]]), draws=9604).fields
    assert fields["half_widths"]["rank_acceptability"]["option 1"] == pytest.approx([0.01, 0.01], rel=1e-3)


def test_an_order_of_weights_averages_to_its_centroid():
    # Rank-order centroid of three: (1 + 1/2 + 1/3)/3, (1/2 + 1/3)/3, (1/3)/3.
    content = model([[1, 0, 0], [0, 1, 1]], weights={"order": ["criterion 1", "criterion 2", "criterion 3"]})
    fields = smaa(content).fields
    assert fields["mean_weights"] == pytest.approx([11 / 18, 5 / 18, 2 / 18], abs=0.003)
    assert fields["rank_acceptability"]["option 1"] == pytest.approx([0.75, 0.25], abs=0.005)


def test_an_order_of_some_leaves_equals_and_the_others_free():
    drawn = as_order([[2], [0, 3]], count=4).drawn(20_000, np.random.default_rng(1))
    assert (drawn[:, 2] >= np.maximum(drawn[:, 0], drawn[:, 3])).all()
    assert np.mean(drawn[:, 0] > drawn[:, 3]) == pytest.approx(0.5, abs=0.02)
    assert drawn[:, 1].mean() == pytest.approx(0.25, abs=0.01)


def test_weights_in_ranges_stay_there_and_lie_evenly():
    # Two weights, the first between 0.2 and 0.5: even on that stretch, so their mean is 0.35.
    drawn = as_intervals([(0.2, 0.5), (0, None)], file="", names=["a", "b"]).drawn(20_000, np.random.default_rng(1))
    assert drawn[:, 0].min() >= 0.2
    assert drawn[:, 0].max() <= 0.5
    assert drawn[:, 0].mean() == pytest.approx(0.35, abs=0.003)
    assert drawn[:, 0].std() == pytest.approx(0.3 / 12**0.5, abs=0.002)


def test_narrow_ranges_are_walked_and_give_the_same_as_picking_out_would():
    ranges = [(0.05, 0.15)] * 10
    drawn = as_intervals(ranges, file="", names=list("abcdefghij")).drawn(4_000, np.random.default_rng(3))
    assert drawn.sum(axis=1) == pytest.approx(1)
    assert drawn.min() >= 0.05 - 1e-9
    assert drawn.max() <= 0.15 + 1e-9
    assert drawn.mean(axis=0) == pytest.approx([0.1] * 10, abs=0.003)
    # Picked out from even weights between the ends, with the tenth making up the sum.
    rng = np.random.default_rng(4)
    tried = rng.uniform(0.05, 0.15, (200_000, 9))
    fits = tried[np.abs(1 - tried.sum(axis=1) - 0.1) <= 0.05]
    assert drawn.std(axis=0).mean() == pytest.approx(fits.std(axis=0).mean(), rel=0.03)


def test_a_normal_score_against_a_certain_one_wins_as_the_normal_says():
    # P(N(1, 1) > 0) = 0.8413; an even score between 0 and 1 beats 0.25 in three of four draws.
    fields = smaa(model([[{"mean": 1, "sd": 1}], [0]])).fields
    assert fields["rank_acceptability"]["option 1"][0] == pytest.approx(0.8413, abs=0.005)
    fields = smaa(model([[{"low": 0, "high": 1}], [0.25]])).fields
    assert fields["rank_acceptability"]["option 1"][0] == pytest.approx(0.75, abs=0.005)
    # The logarithm of the first is N(0, 1): above 1 in half of the draws, above e in 0.1587 of them.
    fields = smaa(model([[{"distribution": "lognormal", "mean": 0, "sd": 1}], [2.718281828459045]])).fields
    assert fields["rank_acceptability"]["option 1"][0] == pytest.approx(0.1587, abs=0.005)
    assert fields["confidence_factor"]["option 1"] == pytest.approx(0.1587, abs=0.005)


def test_without_a_scale_the_ranges_of_the_scores_are_its_ends_and_that_is_said():
    content = model([[{"mean": 0, "sd": 1}, 5], [{"low": 1, "high": 9}, 1]], directions=["min", "max"])
    answer = smaa({**content, "scaling": "range"})
    assert answer.fields["criteria"][0]["worst"] == 9
    assert answer.fields["criteria"][0]["best"] == pytest.approx(-1.959964)
    assert (answer.fields["criteria"][1]["worst"], answer.fields["criteria"][1]["best"]) == (1, 5)
    assert answer.remarks[0].startswith("No criterion has a scale")


def test_what_does_not_apply_gives_its_weight_to_the_others():
    # 1 on the first alone is worth 1 whatever the weights; the other is worth w, never more than 1.
    answer = smaa(model([[1, "not applicable"], [1, 0]]))
    assert answer.fields["rank_acceptability"]["option 1"] == [1, 0]
    assert any("does not apply" in remark for remark in answer.remarks)


def test_ties_are_broken_by_lot_and_said():
    answer = smaa(model([[1, 2], [1, 2]]))
    assert answer.fields["rank_acceptability"]["option 1"] == pytest.approx([0.5, 0.5], abs=0.005)
    assert answer.fields["confidence_factor"]["option 1"] == 0.5
    assert answer.fields["tied_draws"] == 1
    assert "In 100.0% of the draws options tied; lot decided between them." in answer.remarks


def test_what_is_always_beaten_has_no_weights_of_its_own():
    answer = smaa(model([[2, 2], [1, 1]]))
    assert answer.fields["central_weights"]["option 2"] is None
    assert answer.fields["confidence_factor"]["option 2"] is None
    assert "option 2 never comes first." in answer.sentence


def test_each_group_is_answered_with_the_weights_of_its_people():
    # Two nurses, one all for the first criterion, one all for the second: each option leads for one of them.
    groups = {"group": ["nurses"] * 4 + ["carers"] * 2, "person": ["a", "a", "b", "b", "c", "c"],
              "criterion": ["criterion 1", "criterion 2"] * 3, "weight": [1, 0, 0, 1, 3, 1]}
    nurses, carers = smaa(THREE, groups=groups, draws=1000).fields["groups"]
    assert (nurses["group"], nurses["people"], carers["people"]) == ("nurses", 2, 1)
    assert nurses["rank_acceptability"]["option 1"] == [0.5, 0, 0.5]
    assert carers["rank_acceptability"] == {"option 1": [1, 0, 0], "option 2": [0, 0, 1], "option 3": [0, 1, 0]}
    assert carers["mean_weights"] == [0.75, 0.25]


def test_groups_may_say_an_order_or_ranges():
    ranks = {"group": ["g", "g"], "criterion": ["criterion 1", "criterion 2"], "rank": [1, 2]}
    ranges = {"group": ["g", "g"], "criterion": ["criterion 1", "criterion 2"], "low": [0.5, 0], "high": [1, 1]}
    for groups in (ranks, ranges):
        # Above a half, the first option leads from 0.6 on: four fifths of what may be.
        (group,) = smaa(THREE, groups=groups).fields["groups"]
        assert group["rank_acceptability"]["option 1"][0] == pytest.approx(0.8, abs=0.005)


def test_weights_given_may_be_believed_in_their_order_only_or_not_at_all():
    content = model([[1, 0], [0, 1]], weights=[0.55, 0.45])
    assert smaa(content).fields["rank_acceptability"]["option 1"] == [1, 0]
    assert any("every draw is the same" in remark for remark in smaa(content).remarks)
    assert smaa(content, weights="order").fields["rank_acceptability"]["option 1"] == [1, 0]
    assert smaa(content, weights="none").fields["rank_acceptability"]["option 1"][0] == pytest.approx(0.5, abs=0.005)


# --- properties -------------------------------------------------------------------------------------------------------

cells = st.one_of(st.integers(-9, 9).map(float), st.integers(-9, 9).map(lambda low: {"low": low, "high": low + 3}),
                  st.integers(-9, 9).map(lambda mean: {"mean": mean, "sd": 2}))


@st.composite
def models(draw: Any) -> dict[str, Any]:
    options, criteria = draw(st.integers(2, 5)), draw(st.integers(1, 4))
    return model([[draw(cells) for _ in range(criteria)] for _ in range(options)],
                 [draw(st.sampled_from(["max", "min"])) for _ in range(criteria)], scaling="range")


@given(models(), st.integers(0, 5))
@how(max_examples=40)
def test_acceptabilities_sum_to_one_each_way_and_pairs_to_one(content, seed):
    fields = smaa(content, draws=500, seed=seed).fields
    table = np.array(list(fields["rank_acceptability"].values()))
    assert table.sum(axis=0) == pytest.approx(1)
    assert table.sum(axis=1) == pytest.approx(1)
    assert sum(fields["mean_weights"]) == pytest.approx(1)
    for row in fields["central_weights"].values():
        assert row is None or sum(row) == pytest.approx(1)
    for one, others in fields["pairwise_better"].items():
        for other, share in others.items():
            assert share is None or share + fields["pairwise_better"][other][one] == pytest.approx(1)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 9)), min_size=2, max_size=6), st.integers(0, 9))
@how(max_examples=60)
def test_weights_drawn_agree_with_what_is_known_of_them(ranges, seed):
    low, high = [a / 30 for a, _ in ranges], [min((a + b) / 10, 1.0) for a, b in ranges]
    if sum(low) > 1 or sum(high) < 1:
        return
    drawn = as_intervals(list(zip(low, high, strict=True)), file="", names=["x"] * len(ranges)).drawn(
        50, np.random.default_rng(seed))
    assert drawn.sum(axis=1) == pytest.approx(1)
    assert (drawn >= np.array(low) - 1e-9).all()
    assert (drawn <= np.array(high) + 1e-9).all()


def test_the_same_seed_gives_the_same_answer_and_another_does_not():
    assert smaa(THREE, seed=2).to_json() == smaa(THREE, seed=2).to_json()
    assert smaa(THREE, seed=2).fields["rank_acceptability"] != smaa(THREE, seed=3).fields["rank_acceptability"]


def test_two_hundred_options_stay_within_memory():
    rng = np.random.default_rng(5)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    content = model(rng.random((200, 12)).tolist())
    answer = smaa(content, draws=20_000)
    assert np.array(list(answer.fields["rank_acceptability"].values())).sum() == pytest.approx(200)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_000_000
    assert nothing_known(12).drawn(10, rng).shape == (10, 12)


# --- what is refused --------------------------------------------------------------------------------------------------


def test_every_gap_in_a_model_is_said():
    assert "option 1 has no criterion 2 score" in refusal(model([[1, None], [1, 2]]))
    assert "the criterion 1 score of option 1 needs mean and sd as numbers" in refusal(model([[{"mean": 1}], [2]]))
    assert "has its low end above its high end" in refusal(model([[{"low": 2, "high": 1}], [2]]))
    assert "a standard deviation below 0" in refusal(model([[{"mean": 2, "sd": -1}], [2]]))
    assert "a distribution that is not known" in refusal(model([[{"distribution": "gamma"}], [2]]))
    assert "the criterion 1 score of option 2 is not a number" in refusal(model([[1], ["many"]]))
    assert "does not say which way is better" in refusal(model([[1], [2]], directions=["up"]))
    assert "asks for another method (topsis found)" in refusal(model([[1], [2]], method="topsis"))
    assert "the model has no scores" in refusal({**model([[1], [2]]), "matrix": None})
    assert "the model has no list “criteria”" in refusal({"alternatives": ["a"], "matrix": [[1]]})
    assert "less is said to be better" in refusal(model([[1], [2]], directions=["min"]))


def test_weights_that_cannot_be_are_refused():
    two = model([[1, 2], [2, 1]])
    assert "no weights that sum to 1 lie within these ranges" in refusal({**two, "weights": [[0.6, 0.7], [0.6, 0.7]]})
    assert "every weight is nought" in refusal({**two, "weights": [0, 0]})
    assert "neither a number nor a range" in refusal({**two, "weights": [-1, 2]})
    assert "did you mean criterion 2?" in refusal({**two, "weights": {"critereon 2": 1}})
    assert "there are 3 weights and 2 criteria" in refusal({**two, "weights": [1, 2, 3]})
    assert "names what is no criterion" in refusal({**two, "weights": {"order": ["criterion 1", "cost"]}})
    assert "this constraint on the weights is not understood" in refusal({**two, "constraint": "w1"})
    assert "the model's words for its weights" in refusal({**two, "weights": "guess"})
    assert "the model's weights are in no order" in refusal(two, weights="order")


def test_settings_and_groups_that_cannot_be_are_refused():
    assert "the number of draws lies between 1 and 1,000,000" in refusal(THREE, draws=0)
    assert "a seed is not negative" in refusal(THREE, seed=-1)
    large = model([[float(place)] * 12 for place in range(100)])
    assert "would take very long" in refusal(large, draws=1_000_000)
    rows = {"group": ["g", "g"], "criterion": ["criterion 1", "criterion 2"]}
    assert "does not say the weights in one way" in refusal(THREE, groups=rows)
    assert "says nothing of criterion 2" in refusal(
        THREE, groups={"group": ["g"], "criterion": ["criterion 1"], "weight": [1]})
    assert "this is no criterion of the model (price found)" in refusal(
        THREE, groups={"group": ["g", "g"], "criterion": ["criterion 1", "price"], "weight": [1, 2]})
    assert "a count cannot be negative" in refusal(THREE, groups={**rows, "weight": [-1, 2]})
    assert "is for the same group, criterion" in refusal(
        THREE, groups={"group": ["g", "g"], "criterion": ["criterion 1"] * 2, "weight": [1, 2]})


# --- the command, and published figures -------------------------------------------------------------------------------


def test_the_example_runs_and_draws_its_figures(capsys, tmp_path):
    assert main(["appraise", "smaa", "sample:uncertain-options", "--groups", "sample:weights-by-group", "--out",
                 str(tmp_path)]) == 0
    assert "Groups differ" in capsys.readouterr().out
    assert {"places.svg", "by-group.svg", "whose-option.svg"} <= {each.name for each in tmp_path.iterdir()}


ANTIDEPRESSANTS = {
    # Tervonen, van Valkenhoef, Buskens, Hillege & Postmus (2011), Statistics in Medicine 30(12), 1419-1428: four
    # antidepressants on efficacy (lognormal) and five harms (normal), as in the JSMAA model of that paper.
    "Fluoxetine": [(0, 0), (11.7, 2.5), (7.2, 1.45), (16.6, 3.27), (13.7, 1.89), (18.6, 1.79)],
    "Paroxetine": [(0.086, 0.056), (9.2, 1.86), (10.6, 1.58), (21.2, 5.15), (14.3, 2.93), (18.3, 3.7)],
    "Sertraline": [(0.095, 0.044), (15.4, 2.65), (7.5, 1.48), (20.2, 3.78), (15.0, 3.21), (19.5, 2.6)],
    "Venlafaxine": [(0.113, 0.048), (5.5, 2.32), (15.7, 4.44), (12.8, 2.45), (11.2, 3.98), (31.0, 1.68)]}


def antidepressants() -> dict[str, Any]:
    kinds = ["lognormal"] + ["normal"] * 5
    matrix = [[{"distribution": kind, "mean": mean, "sd": sd} for kind, (mean, sd) in zip(kinds, row, strict=True)]
              for row in ANTIDEPRESSANTS.values()]
    content = model(matrix, ["max"] + ["min"] * 5, scaling="range")
    return {**content, "alternatives": list(ANTIDEPRESSANTS)}


def test_the_antidepressants_of_tervonen_and_others_come_first_as_published():
    fields = smaa(antidepressants()).fields
    assert fields["rank_acceptability"]["Fluoxetine"] == pytest.approx([0.20, 0.28, 0.30, 0.22], abs=0.02)
    assert fields["rank_acceptability"]["Venlafaxine"] == pytest.approx([0.39, 0.18, 0.15, 0.29], abs=0.02)
    assert fields["central_weights"]["Venlafaxine"] == pytest.approx([0.18, 0.21, 0.12, 0.21, 0.19, 0.09], abs=0.02)
    assert fields["confidence_factor"]["Venlafaxine"] == pytest.approx(0.74, abs=0.03)


def close(found: Any, expected: Any, within: float) -> None:
    if isinstance(expected, dict):
        for name, each in expected.items():
            close(found[name], each, within)
    elif expected is None:
        assert found is None
    else:
        assert found == pytest.approx(expected, abs=within)


@pytest.mark.parametrize("case", ["antidepressants-benefit-risk", "ordinal-weights-centroid", "two-criteria-exact"])
def test_a_reference_case_is_read_as_it_stands(case: str, reference: Path, capsys):
    expected = json.loads((reference / "smaa" / f"{case}.expected.json").read_text())
    path = str(reference / "smaa" / f"{case}.input.json")
    assert main(["appraise", "smaa", path, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["rank_acceptability"] == smaa(path).fields["rank_acceptability"]
    tolerance = expected["tolerance"]
    for name, figures in expected["recomputed"].items():
        if name != "draws":
            close(document[name], figures, tolerance.get("recomputed", tolerance.get(name, 0.005)))
    for name, figures in expected.get("published", {}).items():
        if name != "scales":
            close(document[name], figures, tolerance[name])
    for name, ends in expected.get("published", {}).get("scales", {}).items():
        row = next(each for each in document["criteria"] if each["criterion"] == name)
        assert sorted([row["worst"], row["best"]]) == pytest.approx(ends, abs=0.006)
