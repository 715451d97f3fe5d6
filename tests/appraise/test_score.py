"""Options scored on weighted criteria: parts, ranks, dominance, value for money, and what first place turns on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evenhand.appraise import score
from evenhand.appraise.flips import ranks
from evenhand.cli import main
from evenhand.terms import Refused


def model(matrix: Any, weights: Any = (0.5, 0.5), directions: Any = None, **more: Any) -> dict[str, Any]:
    directions = directions or ["max"] * len(weights)
    return {"alternatives": [f"option {place}" for place in range(1, len(matrix) + 1)],
            "criteria": [{"name": f"criterion {place}", "direction": direction, "weight": weight}
                         for place, (weight, direction) in enumerate(zip(weights, directions, strict=True), start=1)],
            "matrix": matrix, **more}


def refusal(content: Any, **options: Any) -> str:
    with pytest.raises(Refused) as refused:
        score(content, **options)
    return str(refused.value)


def column(answer: Any, name: str) -> list[Any]:
    return [row[name] for row in answer.fields["rows"]]


def test_an_option_is_scored_by_its_weights():
    answer = score(model([[3, 1]]), scaling="given")
    assert column(answer, "value") == [3 * 0.5 + 1 * 0.5]


def test_scores_run_from_nought_at_the_worst_end_of_the_scale_to_a_hundred_at_the_best():
    content = model([[10, 30], [40, 10]], weights=[0.75, 0.25], directions=["min", "max"])
    content["criteria"][0]["scale"] = [0, 50]
    content["criteria"][1]["scale"] = {"worst": 0, "best": 40}
    answer = score(content)
    # 10 on a scale where less is better, 0 to 50, is worth 80; 30 of 40 is worth 75.
    assert column(answer, "parts")[0] == pytest.approx({"criterion 1": 0.75 * 80, "criterion 2": 0.25 * 75})
    assert column(answer, "value") == pytest.approx([0.75 * 80 + 0.25 * 75, 0.75 * 20 + 0.25 * 25])
    assert not any("scale" in remark for remark in answer.remarks)


def test_without_a_scale_the_worst_and_best_scores_are_its_ends_and_that_is_said():
    answer = score(model([[10, 0], [20, 5], [40, 10]], directions=["min", "max"]))
    assert column(answer, "value") == pytest.approx([50, 0.5 * 20 / 30 * 100 + 25, 50])
    assert any(remark.startswith("No criterion has a scale") for remark in answer.remarks)


def test_published_weights_that_sum_to_0999_are_taken_as_they_stand():
    # Golan & Hansen (2012), table 1: some lives saved, medium quality of life, other social benefit.
    answer = score({"alternatives": ["treatment"], "criteria": [
        {"name": name, "direction": "max", "weight": top, "scale": [0, top]}
        for name, top in (("lives", 0.343), ("life prolonged", 0.244), ("quality", 0.217), ("if not funded", 0.108),
                          ("other benefit", 0.087))], "matrix": [[0.192, 0, 0.138, 0, 0.087]]})
    assert column(answer, "value") == pytest.approx([(0.192 + 0.138 + 0.087) * 100])
    assert not any("weights sum" in remark for remark in answer.remarks)


def test_weights_that_do_not_sum_to_one_are_divided_by_their_sum_and_that_is_said():
    answer = score(model([[3, 1]], weights=[3, 1]), scaling="given")
    assert column(answer, "value") == pytest.approx([3 * 0.75 + 1 * 0.25])
    assert "The weights sum to 4: each is divided by that." in answer.remarks


def test_options_with_the_same_value_share_a_place_and_the_next_place_is_left_out():
    answer = score(model([[2, 0], [0, 2], [1, 0]]), scaling="given")
    assert column(answer, "rank") == [1, 1, 3]
    assert column(answer, "tied_with") == [["option 2"], ["option 1"], []]
    assert "share first place" in answer.sentence
    assert "option 1 and option 2 have the same value and share place 1." in answer.remarks
    assert ranks([0.1 + 0.2, 0.3, 0.1]) == [1, 1, 3]


OFFICES = {
    # Goodwin & Wright, Decision Analysis for Management Judgment: the office location problem (SMART).
    "alternatives": ["Addison Square", "Bilton Village", "Carlisle Walk", "Denver Street", "Elton Street",
                     "Filton Village", "Gorton Square"],
    "criteria": [{"name": name, "direction": "max", "weight": weight} for name, weight in (
        ("closeness to customers", 32), ("visibility", 26), ("image", 23), ("size", 10), ("comfort", 6),
        ("car parking", 3))],
    "matrix": [[100, 60, 100, 75, 0, 90], [20, 80, 10, 30, 100, 30], [80, 70, 0, 0, 10, 100], [70, 50, 30, 55, 30, 90],
               [40, 60, 90, 100, 60, 70], [0, 0, 70, 0, 80, 0], [60, 100, 20, 50, 50, 80]],
    "cost": [30000, 15000, 5000, 12000, 30000, 15000, 10000]}


def test_the_offices_of_goodwin_and_wright_have_their_published_values_and_frontier():
    answer = score(OFFICES, scaling="given")
    assert column(answer, "value") == pytest.approx([80.8, 39.4, 47.4, 52.3, 64.8, 20.9, 60.2], abs=0.05)
    assert answer.fields["frontier"] == ["Carlisle Walk", "Gorton Square", "Addison Square"]
    assert answer.fields["dominated"] == ["Bilton Village", "Denver Street", "Elton Street", "Filton Village"]
    assert [step["value_per_1000"] for step in answer.fields["frontier_steps"]] == pytest.approx([2.56, 1.03], abs=0.01)


def test_a_flip_weight_is_where_two_lines_cross():
    # 1 is worth t on the first weight t, 2 is worth 0.6 whatever it is: they cross at t = 0.6.
    answer = score(model([[1, 0], [0.6, 0.6]], weights=[0.8, 0.2]), scaling="given")
    flip = answer.fields["flip_weights"][0]
    assert flip["flips_at"] == pytest.approx(0.6)
    assert flip["change"] == pytest.approx(-0.2)
    assert flip["to"] == ["option 2"]
    assert flip["higher"] is None
    assert "option 2 would overtake it if the weight of" in answer.sentence


def test_an_option_that_leads_on_everything_cannot_be_overtaken():
    answer = score(model([[2, 2], [1, 1]]), scaling="given")
    assert [flip["flips_at"] for flip in answer.fields["flip_weights"]] == [None, None]
    assert answer.fields["dominated"] == ["option 2"]
    assert "No single weight, moved alone, would change that." in answer.sentence
    assert any("whatever the weights" in remark for remark in answer.remarks)


def test_where_first_place_is_shared_no_change_at_all_settles_it():
    answer = score(model([[2, 0], [0, 2]]), scaling="given")
    assert [(flip["change"], flip["to"]) for flip in answer.fields["flip_weights"]] == [
        (0.0, ["option 1", "option 2"])] * 2


def test_what_does_not_apply_gives_its_weight_to_the_others_and_that_is_said():
    answer = score(model([[4, "not applicable"], [3, 2]]), scaling="given")
    assert column(answer, "value") == pytest.approx([4, 2.5])
    assert any("does not apply" in remark for remark in answer.remarks)


def test_scores_divided_by_their_column_turn_less_is_better_round_first():
    # 1/2 and 1/4 over their sum 3/4: 2/3 and 1/3; 1 and 3 over 4.
    answer = score(model([[2, 1], [4, 3]], directions=["min", "max"]), scaling="sum")
    assert column(answer, "value") == pytest.approx([(2 / 3 + 1 / 4) / 2, (1 / 3 + 3 / 4) / 2])
    assert any("would change the result" in remark for remark in answer.remarks)


# --- properties -------------------------------------------------------------------------------------------------------

numbers = st.integers(-50, 50).map(float)


@st.composite
def models(draw: Any) -> dict[str, Any]:
    options, criteria = draw(st.integers(2, 6)), draw(st.integers(2, 5))
    matrix = [[draw(numbers) for _ in range(criteria)] for _ in range(options)]
    weights = [draw(st.integers(1, 20)) for _ in range(criteria)]
    directions = [draw(st.sampled_from(["max", "min"])) for _ in range(criteria)]
    return model(matrix, weights, directions)


@given(models())
def test_parts_sum_to_the_value_and_ranks_follow_values(content):
    rows = score(content).fields["rows"]
    for row in rows:
        assert sum(row["parts"].values()) == pytest.approx(row["value"])
        assert row["rank"] == 1 + sum(other["value"] > row["value"] + 1e-7 for other in rows)


@given(models(), st.integers(-40, 40), st.sampled_from([0.25, 2.0, 10.0]), st.integers(0, 4))
def test_shifting_and_stretching_a_criterion_changes_nothing(content, shift, stretch, which):
    which %= len(content["criteria"])
    moved = {**content, "matrix": [[cell * stretch + shift if place == which else cell
                                    for place, cell in enumerate(row)] for row in content["matrix"]]}
    assert column(score(moved), "value") == pytest.approx(column(score(content), "value"), abs=1e-6)
    assert column(score(moved), "rank") == column(score(content), "rank")


@given(models(), st.sampled_from([0.1, 3.0, 100.0]))
def test_stretching_all_weights_changes_nothing(content, stretch):
    heavier = {**content, "criteria": [{**each, "weight": each["weight"] * stretch} for each in content["criteria"]]}
    assert column(score(heavier), "rank") == column(score(content), "rank")
    for one, other in zip(score(heavier).fields["flip_weights"], score(content).fields["flip_weights"], strict=True):
        assert one["flips_at"] == pytest.approx(other["flips_at"])


@given(models())
def test_a_dominated_option_never_ranks_above_its_dominator(content):
    rows = {row["alternative"]: row for row in score(content).fields["rows"]}
    for row in rows.values():
        for better in row["dominated_by"]:
            assert rows[better]["rank"] <= row["rank"]
            assert rows[better]["value"] >= row["value"] - 1e-9


@given(models(), st.integers(0, 4))
def test_first_place_holds_up_to_the_flip_weight_and_not_beyond(content, which):
    answer = score(content)
    assume(len(answer.fields["first"]) == 1)
    which %= len(content["criteria"])
    flip = answer.fields["flip_weights"][which]
    leader = answer.fields["first"]

    def first_at(share: float) -> list[str]:
        others = sum(each["weight"] for place, each in enumerate(content["criteria"]) if place != which)
        moved = [{**each, "weight": share if place == which else each["weight"] / others * (1 - share)}
                 for place, each in enumerate(content["criteria"])]
        return list(score({**content, "criteria": moved}).fields["first"])

    for side, way in (("lower", -1), ("higher", 1)):
        found = flip[side]
        end = found["flips_at"] if found else (0.0 if way < 0 else 1.0)
        assert leader[0] in first_at(flip["weight"] + (end - flip["weight"]) * 0.99)
        if found and 1e-4 < end < 1 - 1e-4:
            assert leader[0] not in first_at(end + way * 5e-5)
            assert set(found["to"]) >= set(first_at(end + way * 5e-5))


@given(models(), st.data())
def test_with_costs_every_option_is_on_the_frontier_or_beaten_by_one_that_is(content, data):
    costs = [float(data.draw(st.integers(0, 9))) for _ in content["matrix"]]
    answer = score({**content, "cost": costs})
    rows = {row["alternative"]: row for row in answer.fields["rows"]}
    best = answer.fields["frontier"]
    assert set(best) | set(answer.fields["dominated"]) == set(rows)
    assert not set(best) & set(answer.fields["dominated"])
    for row in rows.values():
        if not row["on_frontier"]:
            assert any(rows[name]["cost"] <= row["cost"] and rows[name]["value"] >= row["value"] - 1e-6
                       for name in best)


# --- what is refused --------------------------------------------------------------------------------------------------


def test_a_cell_without_a_score_is_named_in_the_readers_words():
    message = refusal({"alternatives": ["Close ward 3", "As now"],
                       "criteria": [{"name": "equity", "direction": "max", "weight": 1}], "matrix": [[None], [3]]})
    assert "Close ward 3 has no equity score" in message
    assert "score it or mark it not applicable" in message


def test_every_gap_in_a_model_is_said():
    assert "criterion 1 does not say which way is better" in refusal(model([[1, 2]], directions=["up", "max"]))
    assert "criterion 2 has no weight" in refusal(model([[1, 2]], weights=[1, None]))
    assert "the weight of criterion 1 is negative" in refusal(model([[1, 2]], weights=[-1, 2]))
    assert "every weight is nought" in refusal(model([[1, 2]], weights=[0, 0]))
    assert "option 2 has 1 scores and there are 2 criteria" in refusal(model([[1, 2], [1]]))
    assert "the matrix has 1 rows and there are 2 alternatives" in refusal(
        {**model([[1, 2]]), "alternatives": ["a", "b"]})
    assert "the criterion 1 score of option 1 is not a number" in refusal(model([["many", 2]]))
    assert "two of the alternatives have one name" in refusal({**model([[1, 2], [2, 1]]), "alternatives": ["a", "a"]})
    assert "the model has no list “criteria”" in refusal({"alternatives": ["a"], "matrix": [[1]]})
    assert "the costs do not match the alternatives" in refusal(model([[1, 2]], cost=[1, 2]))


def test_criteria_may_be_names_with_weights_and_directions_beside_them():
    answer = score({"alternatives": ["a", "b"], "criteria": ["cost", "health"], "directions": ["min", "max"],
                    "weights": {"cost": 1, "health": 3}, "matrix": [[10, 4], [20, 8]]})
    assert column(answer, "value") == pytest.approx([25, 75])


def test_a_scale_that_runs_against_the_direction_is_refused():
    content = model([[1, 2]])
    content["criteria"][0]["scale"] = {"worst": 10, "best": 0}
    assert "the scale of criterion 1 runs against its direction" in refusal(content)
    content["criteria"][0]["scale"] = [4, 4]
    assert "the scale of criterion 1 begins where it ends" in refusal(content)


def test_a_score_under_an_unknown_name_is_refused_with_the_closest():
    content = {**model([[1, 2]]), "matrix": {"option 1": {"criterion 1": 1, "critereon 2": 2}}}
    assert "did you mean criterion 2? " in refusal(content) + " "


def test_a_model_for_another_method_is_refused():
    assert "asks for another method (topsis found)" in refusal(model([[1, 2]], method="topsis"))


def test_a_score_outside_its_scale_is_said():
    content = model([[30, 2], [5, 1]])
    content["criteria"][0]["scale"] = [0, 20]
    assert any("option 1 lies outside the scale of 0 to 20" in remark for remark in score(content).remarks)


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_example_runs_and_draws_both_figures(capsys, tmp_path):
    assert main(["appraise", "score", "sample:score-options", "--out", str(tmp_path)]) == 0
    assert "Eye casualty day and night comes first" in capsys.readouterr().out
    written = {each.name for each in tmp_path.iterdir()}
    assert {"parts.svg", "value-for-money.svg", "table.csv", "answer.json"} <= written


def test_a_broken_model_leaves_standard_output_empty(capsys, tmp_path):
    (tmp_path / "model.json").write_text('{"alternatives": ["a"], "criteria": ')
    assert main(["appraise", "score", str(tmp_path / "model.json"), "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "this is not JSON" in printed.err


REFERENCE = {"weighted-sum-kracka-2010": "score", "value-for-money-goodwin-wright-offices": "aggregate_benefit"}


@pytest.mark.reference
@pytest.mark.parametrize("case", REFERENCE)
def test_a_reference_case_is_read_as_it_stands(case: str, reference: Path, capsys):
    expected = json.loads((reference / "mcda" / f"{case}.expected.json").read_text())
    assert main(["appraise", "score", str(reference / "mcda" / f"{case}.input.json"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    tolerance = expected["tolerance"][REFERENCE[case]]
    assert [row["value"] for row in document["rows"]] == pytest.approx(
        expected["recomputed"][REFERENCE[case]], abs=tolerance)
    assert [row["rank"] for row in document["rows"]] == expected["recomputed"]["rank"]
    published = expected["published"]
    if "efficient_frontier" in published:
        assert document["frontier"] == published["efficient_frontier"]
        assert document["dominated"] == published["dominated"]
        found = {f"{step['from']} -> {step['to']}": step["value_per_1000"] for step in document["frontier_steps"]}
        assert found == pytest.approx(expected["recomputed"]["gain_per_1000_cost_between_neighbours"], abs=0.005)
