"""How an answer stands up: other ways of asking, placebos, trends that are not parallel, chance."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from evenhand.evaluate import difference
from evenhand.figures import Answer

from .test_difference import STAGGERED, panel


def check(answer: Answer, code: str) -> dict[str, Any]:
    (row,) = [row for row in answer.fields["checks"] if row["check"] == code]
    return dict(row)


def test_every_check_is_made_and_shown() -> None:
    answer = difference(panel(STAGGERED, effect=-3), covariates=("size",))
    codes = [row["check"] for row in answer.fields["checks"]]
    assert codes == ["other_control", "without_group 4", "without_group 6", "placebo_in_time", "anticipation",
                     "without_covariates", "regression", "weighting"]
    shown = [table for table in answer.more_tables if table.title == "Asked in other ways"]
    assert [len(table) for table in shown] == [1 + len(codes)]


def test_the_other_control_group_is_the_answer_asked_that_way() -> None:
    table = panel(STAGGERED, effect=-3)
    asked = difference(table, control="not-yet").fields["effect"]["estimate"]
    assert check(difference(table), "other_control")["estimate"] == pytest.approx(asked)
    asked = difference(table).fields["effect"]["estimate"]
    assert check(difference(table, control="not-yet"), "other_control")["estimate"] == pytest.approx(asked)


@pytest.mark.parametrize("control", ["never", "not-yet"])
def test_a_group_left_out_is_the_answer_without_its_rows(control: str) -> None:
    table = panel(STAGGERED, effect=-3)
    kept = [place for place, start in enumerate(table["first_treated"]) if start != 6]
    alone = difference({name: [cells[place] for place in kept] for name, cells in table.items()}, control=control)
    found = check(difference(table, control=control), "without_group 6")
    assert found["estimate"] == pytest.approx(alone.fields["effect"]["estimate"])
    assert found["standard_error"] == pytest.approx(alone.fields["effect"]["standard_error"])


def test_the_last_period_before_the_start_left_out_is_the_answer_felt_a_period_early() -> None:
    table = panel(STAGGERED, effect=-3)
    asked = difference(table, anticipation=1).fields["effect"]
    assert check(difference(table), "anticipation")["estimate"] == pytest.approx(asked["estimate"])


def test_a_placebo_by_hand() -> None:
    # Two begin at 5, two never: the placebo begins at 3 (half of four periods before) and looks at 3 and 4 against 2.
    table = {
        "unit": list("aaaaabbbbbcccccddddd"),
        "time": [1, 2, 3, 4, 5] * 4,
        "outcome": [0, 1, 5, 6, 9, 0, 2, 4, 9, 9, 0, 1, 1, 3, 2, 0, 2, 4, 4, 1],
        "first_treated": [5] * 10 + [""] * 10,
    }
    at_three = ((5 - 1) + (4 - 2)) / 2 - ((1 - 1) + (4 - 2)) / 2
    at_four = ((6 - 1) + (9 - 2)) / 2 - ((3 - 1) + (4 - 2)) / 2
    found = check(difference(table), "placebo_in_time")
    assert found["estimate"] == pytest.approx((at_three + at_four) / 2)
    assert "2 points earlier" in found["what"]


def test_a_difference_that_was_there_before_is_not_put_down_to_the_change() -> None:
    table = panel([None] * 60 + [6] * 60, periods=10, seed=2)
    rows = zip(table["outcome"], table["time"], table["first_treated"], strict=True)
    table["outcome"] = [value + (0.6 * time if start else 0) for value, time, start in rows]
    answer = difference(table)
    assert {"moved_apart", "placebo"} <= set(answer.fields["doubts"])
    assert "so the difference cannot be put down to it" in answer.sentence


def test_small_groups_are_tested_step_by_step() -> None:
    fields = difference(panel([None] * 20 + [6] * 8 + [7] * 8, periods=9)).fields
    assert fields["pre_test"]["rough"]
    assert "rough_test" in fields["doubts"]
    assert fields["pre_test"]["by_event"]["steps"] == 5


def test_what_cannot_be_checked_says_why() -> None:
    answer = difference(panel([None] * 10 + [2] * 10, periods=3))
    assert check(answer, "placebo_in_time")["because"] == "the past before the start is too short"
    assert check(answer, "other_control")["because"] == "all start at one time, so nobody is treated later"
    assert answer.fields["pre_test"]["p_value"] is None
    assert "could not be tested" in answer.sentence
    assert answer.fields["sensitivity"]["because"] == "no step before the start is seen by half of the treated units"


# --- trends that are not parallel ---------------------------------------------------------------------------


def sensitivity_of(steps_before: list[float], after: list[float], scatter: float = 0.3) -> dict[str, Any]:
    """The answer for two sides that part by these steps before the start and these amounts after it."""
    rng = np.random.default_rng(8)
    gap = np.concatenate([[0.0], np.cumsum(steps_before)])
    course = np.concatenate([gap, gap[-1] + np.array(after)])
    table: dict[str, list[Any]] = {"unit": [], "time": [], "outcome": [], "first_treated": []}
    for side in (0, 1):
        noise = rng.normal(scale=scatter, size=(40, len(course)))
        noise -= noise.mean(axis=0)  # so that the means are exactly what is asked
        for unit in range(40):
            for time in range(len(course)):
                table["unit"].append(f"{side}-{unit}")
                table["time"].append(time + 1)
                table["outcome"].append(side * course[time] + noise[unit, time])
                table["first_treated"].append(len(gap) + 1 if side else "")
    found = difference(table).fields["sensitivity"]
    assert isinstance(found, dict)
    return found


def test_the_exact_set_of_effects_under_relative_departures() -> None:
    found = sensitivity_of([0.1, -0.4, 0.2], [2.0, 3.0])
    assert found["largest_step_before"] == pytest.approx(0.4)
    # after one step the two sides may have drifted by 0.4 a ratio; after two by 0.8; on average by 0.6
    for row in found["first"]["relative"]["rows"]:
        assert row["identified"] == pytest.approx([2 - 0.4 * row["ratio"], 2 + 0.4 * row["ratio"]])
    for row in found["average"]["relative"]["rows"]:
        assert row["identified"] == pytest.approx([2.5 - 0.6 * row["ratio"], 2.5 + 0.6 * row["ratio"]])
    assert found["first"]["relative"]["breakdown_without_sampling_error"] == pytest.approx(2 / 0.4)
    assert found["first"]["relative"]["breakdown"] < 2 / 0.4


def test_the_exact_set_of_effects_where_the_last_drift_goes_on() -> None:
    found = sensitivity_of([0.1, -0.4, 0.2], [2.0, 3.0])
    # the last step, 0.2, goes on: 2 - 0.2, and (2 - 0.2 + 3 - 0.4)/2; a bend of b adds b after one step, 3b after two
    assert found["first"]["smooth"]["straight"] == pytest.approx(1.8)
    assert found["average"]["smooth"]["straight"] == pytest.approx(2.2)
    assert found["first"]["smooth"]["largest_bend_before"] == pytest.approx(0.6)
    assert found["first"]["smooth"]["rows"][-1]["identified"] == pytest.approx([1.8 - 0.6, 1.8 + 0.6])
    assert found["average"]["smooth"]["rows"][-1]["identified"] == pytest.approx([2.2 - 1.2, 2.2 + 1.2])


def test_at_the_breakdown_the_interval_just_reaches_nought() -> None:
    found = sensitivity_of([0.1, -0.2], [2.0], scatter=0.8)["first"]["relative"]
    ratio = found["breakdown"]
    rows = {row["ratio"]: row["interval"] for row in found["rows"]}
    assert 2.0 < ratio < 10
    assert rows[2.0][0] > 0
    within = [row["interval"] for row in found["rows"]]
    assert all(wide[0] <= narrow[0] and narrow[1] <= wide[1] for narrow, wide in pairwise(within))


def test_with_parallel_trends_the_interval_is_the_usual_one() -> None:
    table = panel(STAGGERED, effect=-3)
    fields = difference(table, base="universal").fields
    first = next(row for row in fields["dynamic"]["rows"] if row["event"] == 0)
    assert fields["sensitivity"]["first"]["relative"]["rows"][0]["interval"] == pytest.approx(first["interval"])
    assert fields["sensitivity"]["average"]["relative"]["rows"][0]["interval"] == pytest.approx(
        fields["dynamic"]["interval"])


# --- chance -------------------------------------------------------------------------------------------------


def false_calls(runs: int, starts: list[int | None], periods: int) -> dict[str, float]:
    """How often, where nothing happened, the answer says that something did."""
    counts = {"effect": 0, "moved_apart": 0, "placebo": 0}
    for seed in range(runs):
        fields = difference(panel(starts, periods=periods, seed=seed), draws=199).fields
        low, high = fields["effect"]["interval"]
        counts["effect"] += not low < 0 < high
        counts["moved_apart"] += "moved_apart" in fields["doubts"]
        counts["placebo"] += "placebo" in fields["doubts"]
    return {name: count / runs for name, count in counts.items()}


def test_where_nothing_happened_little_is_found() -> None:
    # 5 in 100 expected of 60: 3; more than 10 would come about once in two thousand times
    assert max(false_calls(60, STAGGERED, 8).values()) <= 10 / 60


@pytest.mark.long
@pytest.mark.parametrize(
    ("starts", "periods"),
    [(STAGGERED, 8), ([None] * 100 + [4] * 50 + [6] * 50, 8), ([None] * 20 + [5] * 10 + [7] * 10, 10)],
)
def test_where_nothing_happened_false_calls_are_no_more_than_stated(starts: list[int | None], periods: int) -> None:
    # 5 in 100 expected; three standard errors of 400 runs are 3.3, and small groups err a little more
    assert max(false_calls(400, starts, periods).values()) <= 0.09
