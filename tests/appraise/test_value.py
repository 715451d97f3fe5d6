"""Value for money: what is beaten, what one more unit costs, and what knowing for certain would be worth."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.appraise import value
from evenhand.appraise.value_sums import people_affected, steps
from evenhand.cli import main
from evenhand.terms import Refused


def table(costs: list[float], effects: list[float]) -> dict[str, Any]:
    return {"option": [f"option {place}" for place in range(1, len(costs) + 1)], "cost": costs, "effect": effects}


def refusal(content: Any, **options: Any) -> str:
    with pytest.raises(Refused) as refused:
        value(content, **options)
    return str(refused.value)


def test_one_more_unit_costs_the_extra_cost_over_the_extra_effect():
    answer = value(table([1000, 3000], [1.0, 1.1]))
    # 2,000 more for 0.1 more.
    assert answer.fields["rows"][1]["incremental_ratio"] == pytest.approx(20_000)
    assert answer.fields["rows"][1]["compared_with"] == "option 1"
    # 25,000 x 1.1 - 3,000 = 24,500 against 25,000 x 1 - 1,000 = 24,000.
    assert answer.fields["rows"][1]["net_benefit"]["25000"] == pytest.approx(24_500)
    assert answer.fields["rows"][1]["incremental_net_benefit"]["25000"] == pytest.approx(500)
    assert answer.fields["rows"][1]["net_effect"]["25000"] == pytest.approx(1.1 - 3000 / 25_000)
    assert "costs £20,000 for each quality-adjusted life year" in answer.sentence


def test_what_costs_more_and_gives_less_is_dominated_and_the_ratio_is_against_what_is_not():
    answer = value(table([100, 300, 200], [1, 2, 0.5]), threshold=[100, 200])
    assert answer.fields["dominated"] == ["option 3"]
    assert answer.fields["rows"][2]["dominated_by"] == ["option 1"]
    assert answer.fields["rows"][2]["incremental_ratio"] is None
    assert "option 3 costs no less than option 1 and gives no more." in answer.remarks


def test_what_a_mixture_beats_is_extendedly_dominated():
    # 0, 100, 200 for 0, 1, 4: from the first to the second 100 a unit, from the second to the third 33. Half of the
    # first and half of the third cost 100 and give 2.
    answer = value(table([0, 100, 200], [0, 1, 4]), threshold=[60, 90])
    assert answer.fields["extendedly_dominated"] == ["option 2"]
    assert answer.fields["rows"][1]["dominated_by"] == ["option 1", "option 3"]
    assert answer.fields["rows"][2]["incremental_ratio"] == 50
    assert answer.fields["frontier"] == ["option 1", "option 3"]


def test_options_that_are_the_same_leave_one():
    answer = value(table([5, 5], [1, 1]), threshold=[10, 20])
    assert answer.fields["frontier"] == ["option 1"]
    assert "option 2 has the same cost and effect as option 1." in answer.remarks


def test_thresholds_are_those_in_force_when_it_is_decided():
    two = table([1000, 3300], [1.0, 1.1])
    assert [row["threshold"] for row in value(two).fields["thresholds"]] == [25_000, 35_000]
    assert [row["threshold"] for row in value(two, on="2026-03").fields["thresholds"]] == [20_000, 30_000]
    assert [row["threshold"] for row in value(two, on="April 2026").fields["thresholds"]] == [25_000, 35_000]
    row = value(two, threshold=[30_000, 13_000]).fields["thresholds"][0]
    assert (row["in_force_until"], row["whose"].split(",")[0]) == ("2026-04", "National Institute for Health and Care "
                                                                  "Excellence")
    # At 2,300 for 0.1, 23,000 a unit: worth it at 25,000 and at 30,000, not at 13,000.
    assert [row["best"] for row in value(two, threshold=[13_000, 25_000]).fields["thresholds"]] == [
        "option 1", "option 2"]


# Claxton's example in the SAGE Encyclopedia of Medical Decision Making (expected value of perfect information): five
# realisations of the net benefit of A and B.
A, B = [9, 12, 14, 11, 14], [12, 10, 17, 10, 16]
CLAXTON = {"option": ["A"] * 5 + ["B"] * 5, "draw": list(range(5)) * 2, "cost": [0.0] * 10, "effect": [*A, *B]}


def test_knowing_for_certain_is_worth_the_mean_of_the_best_less_the_best_of_the_means():
    answer = value(CLAXTON, threshold=[1], unit="unit of benefit")
    assert [row["net_benefit"]["1"] for row in answer.fields["rows"]] == [12, 13]
    # The best of each: 12, 12, 17, 11, 16, mean 13.6, against 13.
    assert answer.fields["perfect_information"]["1"] == pytest.approx(0.6)
    row = answer.fields["thresholds"][0]
    assert row["best"] == "B"
    assert row["probability"] == pytest.approx({"A": 0.4, "B": 0.6})
    assert row["error_probability"] == pytest.approx(0.4)
    # Regrets of B: 0, 2, 0, 1, 0.
    assert row["standard_error"] == pytest.approx(np.std([0, 2, 0, 1, 0], ddof=1) / 5**0.5)


def test_for_everybody_it_is_worth_that_for_the_people_of_all_the_years():
    answer = value(CLAXTON, threshold=[1], unit="unit of benefit", people=100, years=2, discount=0.25)
    # 100 now and 100 in a year at 25 %: 180.
    assert people_affected(100, 2, 0.25) == pytest.approx(180)
    assert answer.fields["perfect_information_for_all"]["1"] == pytest.approx(0.6 * 180)


def test_draws_in_which_options_tie_are_shared():
    tied = {"option": ["A", "A", "B", "B"], "draw": [1, 2, 1, 2], "cost": [0, 0, 0, 0], "effect": [1, 2, 1, 3]}
    assert value(tied, threshold=[1, 2]).fields["thresholds"][0]["probability"] == {"A": 0.25, "B": 0.75}


def test_without_draws_nothing_is_said_of_uncertainty():
    answer = value(table([1, 2], [1, 2]))
    assert "curve" not in answer.fields
    assert answer.fields["thresholds"][0]["perfect_information"] is None
    assert any("given as certain" in remark for remark in answer.remarks)


# --- properties -------------------------------------------------------------------------------------------------------

whole = st.integers(-20, 20).map(float)
pairs = st.lists(st.tuples(whole, whole), min_size=1, max_size=8)


@given(pairs)
def test_the_frontier_rises_ever_more_steeply_and_nothing_lies_beyond_it(points):
    costs, effects = [cost for cost, _ in points], [effect for _, effect in points]
    found = sorted((each for each in steps(costs, effects) if each.is_on_frontier), key=lambda each: costs[each.place])
    ratios = [each.ratio for each in found[1:]]
    assert all(ratio is not None and ratio > 0 for ratio in ratios)
    assert ratios == sorted(ratios)
    # Whatever a unit is worth, an option on the frontier is worth most.
    for threshold in (0.01, 0.7, 3.0, 50.0):
        best = max(threshold * effect - cost for cost, effect in points)
        assert max(threshold * effects[each.place] - costs[each.place] for each in found) == pytest.approx(best)


@given(st.integers(2, 4), st.integers(2, 12), st.integers(0, 10**6))
def test_probabilities_sum_to_one_and_knowing_more_never_costs(options, draws, seed):
    rng = np.random.default_rng(seed)
    rows = [(f"o{option}", draw) for option in range(options) for draw in range(draws)]
    content = {"option": [row[0] for row in rows], "draw": [row[1] for row in rows],
               "cost": rng.normal(0, 10, len(rows)), "effect": rng.normal(0, 1, len(rows))}
    fields = value(content, threshold=[5, 10], unit="unit").fields
    for row in fields["curve"]:
        assert sum(row["probability"].values()) == pytest.approx(1)
        assert row["perfect_information"] >= 0


# --- what is refused --------------------------------------------------------------------------------------------------


def test_what_is_missing_or_cannot_be_is_named():
    assert "there is no column “effect”" in refusal({"option": ["a"], "cost": [1]})
    assert "this is not a number" in refusal({"option": ["a"], "cost": ["lots"], "effect": [1]})
    assert "this cell is empty" in refusal({"option": ["a", "b"], "cost": [1, None], "effect": [1, 2]})
    assert "an option has several rows and the table no column draw (a found)" in refusal(
        {"option": ["a", "a"], "cost": [1, 2], "effect": [1, 2]})
    assert "B has no draw 4" in refusal({name: cells[:9] for name, cells in CLAXTON.items()}, threshold=[1])
    assert "is for the same option, draw" in refusal(
        {"option": ["a", "a"], "draw": [1, 1], "cost": [1, 2], "effect": [1, 2]})


def test_settings_that_cannot_be_are_refused():
    two = table([1, 2], [1, 2])
    assert "a threshold lies above 0" in refusal(two, threshold=[0])
    assert "this is not a month" in refusal(two, on="soon")
    assert "no threshold is held for one admission avoided" in refusal(two, unit="admission avoided")
    assert "did you mean option 1?" in refusal(two, against="optoin 1")
    assert "the number of people must lie above 0" in refusal(two, people=0)
    assert "the years lie between" in refusal(two, years=0)
    assert "a discount rate lies" in refusal(two, discount=3.5)


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_example_runs_and_draws_its_figures(capsys, tmp_path):
    assert main(["appraise", "value", "sample:value-draws", "--people", "1200", "--out", str(tmp_path)]) == 0
    assert "Nurse-led clinic is worth most at £25,000 and £35,000" in " ".join(capsys.readouterr().out.split())
    assert {"cost-and-effect.svg", "how-often-worth-most.svg", "worth-of-knowing.svg"} <= {
        each.name for each in tmp_path.iterdir()}


def test_the_command_and_the_function_say_the_same(capsys, tmp_path):
    path = tmp_path / "options.csv"
    path.write_text("option,cost,effect\nAs now,1000,1.0\nClinic,3000,1.1\n")
    assert main(["appraise", "value", str(path), "--threshold", "25000,35000", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["rows"] == json.loads(value(str(path), threshold=[25000, 35000]).to_json())["rows"]
    assert document["rows"][1]["incremental_ratio"] == pytest.approx(20_000)
