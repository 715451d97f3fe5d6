"""Difference-in-differences as a person meets it: sums by hand, what must not matter, sentences, the command."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.evaluate import difference
from evenhand.figures import Answer

BY_HAND = {
    "unit": ["a", "a", "b", "b", "c", "c", "d", "d"],
    "time": [1, 2] * 4,
    "outcome": [10, 16, 12, 22, 5, 6, 9, 12],
    "first_treated": [2, 2, 2, 2, None, None, None, None],
}


def panel(
    starts: list[int | None],
    *,
    periods: int = 8,
    effect: float = 0.0,
    scatter: float = 1.0,
    seed: int = 1,
    pull: float = 0.0,
) -> dict[str, list[Any]]:
    """A unit for each start, with its own level, a shared course, and an effect from its start on; ``size`` draws units
    along by ``pull`` a period.
    """
    rng = np.random.default_rng(seed)
    shared = np.cumsum(rng.normal(size=periods))
    rows: dict[str, list[Any]] = {"unit": [], "time": [], "outcome": [], "first_treated": [], "size": []}
    for place, start in enumerate(starts):
        level, size = rng.normal(scale=3), rng.normal(loc=0.0 if start is None else 0.8)
        for time in range(1, periods + 1):
            on = start is not None and time >= start
            rows["unit"].append(f"u{place:03d}")
            rows["time"].append(time)
            rows["outcome"].append(
                level + shared[time - 1] + pull * size * time + effect * on + scatter * rng.normal()
            )
            rows["first_treated"].append(start)
            rows["size"].append(size)
    return rows


STAGGERED = [None] * 30 + [4] * 15 + [6] * 15


def estimates(answer: Answer) -> list[float]:
    fields = answer.fields
    return [row["estimate"] for row in fields["group_time"]] + [
        fields[name]["estimate"] for name in ("simple", "group", "dynamic", "calendar")
    ]


def errors(answer: Answer) -> list[float]:
    fields = answer.fields
    return [row["standard_error"] for row in fields["group_time"]] + [
        fields[name]["standard_error"] for name in ("simple", "group", "dynamic", "calendar")
    ]


# --- sums by hand -------------------------------------------------------------------------------------------


def test_two_groups_and_two_periods_give_the_difference_of_differences() -> None:
    answer = difference(BY_HAND)
    # treated rose by 6 and 10, on average 8; the others by 1 and 3, on average 2
    for name in ("simple", "group", "dynamic", "calendar"):
        assert answer.fields[name]["estimate"] == pytest.approx(8 - 2)
        # each side's scatter: ((6-8)^2 + (10-8)^2)/2^2 = 2 and ((1-2)^2 + (3-2)^2)/2^2 = 0.5
        assert answer.fields[name]["standard_error"] == pytest.approx((2 + 0.5) ** 0.5)
    assert answer.fields["two_way"]["estimate"] == pytest.approx(6)
    (cell,) = answer.fields["group_time"]
    assert (cell["group"], cell["time"], cell["compared_with"]) == ("2", "2", "1")
    assert (cell["treated"], cell["controls"], cell["event"]) == (2, 2, 0)


def test_the_four_averages_weigh_the_same_effects_differently() -> None:
    # Without scatter: two units from 2 on gain 3, then 6; one from 3 on gains 9.
    table = {
        "unit": list("aaabbbcccddd"),
        "time": [1, 2, 3] * 4,
        "outcome": [0, 3, 6, 0, 3, 6, 0, 0, 9, 0, 0, 0],
        "first_treated": [2] * 6 + [3] * 3 + ["never"] * 3,
    }
    fields = difference(table).fields
    assert fields["simple"]["estimate"] == pytest.approx((2 * 3 + 2 * 6 + 1 * 9) / 5)
    assert fields["group"]["estimate"] == pytest.approx((2 * (3 + 6) / 2 + 1 * 9) / 3)
    at_start, a_year_on = (2 * 3 + 1 * 9) / 3, 6
    assert [row["estimate"] for row in fields["dynamic"]["rows"]] == pytest.approx([0, at_start, a_year_on])
    assert fields["dynamic"]["estimate"] == pytest.approx((at_start + a_year_on) / 2)
    in_two, in_three = 3, (2 * 6 + 1 * 9) / 3
    assert [row["estimate"] for row in fields["calendar"]["rows"]] == pytest.approx([in_two, in_three])
    assert fields["calendar"]["estimate"] == pytest.approx((in_two + in_three) / 2)


def test_weights_count_a_unit_as_often_as_they_say() -> None:
    once = {**BY_HAND, "people": [3, 3, 1, 1, 2, 2, 1, 1]}
    # (3 * 6 + 1 * 10) / 4 = 7 less (2 * 1 + 1 * 3) / 3 = 5/3
    assert difference(once, weights="people").fields["simple"]["estimate"] == pytest.approx(7 - 5 / 3)


def test_periods_before_are_compared_with_the_one_before_or_with_the_last() -> None:
    table = panel([None] * 4 + [5] * 4, periods=6)
    varying = {row["time"]: row["estimate"] for row in difference(table).fields["group_time"]}
    universal = {row["time"]: row["estimate"] for row in difference(table, base="universal").fields["group_time"]}
    assert universal["4"] == 0
    # from 1 to 4 is the sum of the steps, with its sign turned: -(step to 2 + step to 3 + step to 4)
    assert universal["1"] == pytest.approx(-(varying["2"] + varying["3"] + varying["4"]))
    assert universal["6"] == pytest.approx(varying["6"])


def test_not_yet_treated_units_stand_by_until_they_begin() -> None:
    answer = difference(panel([None] * 5 + [3] * 5 + [6] * 5), control="not-yet")
    controls = {(row["group"], row["time"]): row["controls"] for row in answer.fields["group_time"]}
    assert controls["3", "5"] == 5 + 5
    assert controls["3", "6"] == 5


def test_without_never_treated_the_last_to_begin_are_compared_with_until_they_do() -> None:
    answer = difference(panel([3] * 6 + [6] * 6), control="not-yet")
    assert {row["time"] for row in answer.fields["group_time"] if row["group"] == "3"} == {"2", "3", "4", "5"}
    assert not any(row["after"] for row in answer.fields["group_time"] if row["group"] == "6")


def test_felt_a_period_early_the_comparison_starts_a_period_earlier() -> None:
    rows = difference(panel([None] * 5 + [5] * 5), anticipation=1).fields["group_time"]
    assert {row["time"]: row["compared_with"] for row in rows}["5"] == "3"
    assert {row["time"]: row["compared_with"] for row in rows}["4"] == "3"
    assert {row["time"]: row["compared_with"] for row in rows}["3"] == "2"


# --- covariates ---------------------------------------------------------------------------------------------


def test_covariates_that_pull_the_two_sides_apart_are_taken_out() -> None:
    table = panel([None] * 150 + [5] * 100, effect=2, pull=0.6, seed=4)
    plain = difference(table, draws=99).fields["effect"]
    assert plain["interval"][0] > 2  # those treated were rising faster anyway
    for estimator in ("doubly-robust", "regression", "weighting"):
        found = difference(table, covariates=("size",), estimator=estimator, draws=99).fields
        low, high = found["effect"]["interval"]
        assert low < 2 < high
        without = next(row for row in found["checks"] if row["check"] == "without_covariates")
        assert without["estimate"] == pytest.approx(plain["estimate"])


def test_regression_with_one_yes_or_no_covariate_is_the_mean_of_two_comparisons() -> None:
    # Among yes: treated +7, +9 against +2, +4 -> 5. Among no: treated +6 against +1, +3 -> 4. Two yes, one no.
    change = {"t1": (1, 7), "t2": (1, 9), "t3": (0, 6), "c1": (1, 2), "c2": (1, 4), "c3": (0, 1), "c4": (0, 3)}
    table: dict[str, list[Any]] = {"unit": [], "time": [], "outcome": [], "first_treated": [], "rural": []}
    for unit, (rural, rise) in change.items():
        for time in (1, 2):
            table["unit"].append(unit)
            table["time"].append(time)
            table["outcome"].append(10 + rise * (time == 2))
            table["first_treated"].append(2 if unit.startswith("t") else "")
            table["rural"].append(rural)
    for estimator in ("regression", "weighting", "doubly-robust"):  # a full model of the covariate: all three agree
        answer = difference(table, covariates=("rural",), estimator=estimator)
        assert answer.fields["simple"]["estimate"] == pytest.approx((2 * 5 + 1 * 4) / 3)


def test_covariates_that_no_untreated_unit_shares_leave_nothing_to_compare() -> None:
    table = panel([None] * 20 + [5] * 20)
    table["size"] = [float(start is not None) + 0.001 * place for place, start in enumerate(table["first_treated"])]
    answer = difference(table, covariates=("size",))
    assert answer.fields["effect"]["estimate"] is None
    assert "no treated unit has a likeness among the others" in answer.sentence


# --- what must not matter -----------------------------------------------------------------------------------


@settings(max_examples=6)
@given(st.integers(0, 10_000), st.sampled_from(["never", "not-yet"]), st.booleans())
def test_levels_of_units_and_a_course_shared_by_all_change_nothing(seed: int, control: str, alike: bool) -> None:
    table = panel(STAGGERED, seed=seed)
    rng = np.random.default_rng(seed + 1)
    of_unit = {unit: rng.normal(scale=50) for unit in set(table["unit"])}
    of_time = {time: rng.normal(scale=50) for time in set(table["time"])}
    moved = [
        value + of_unit[unit] + of_time[time]
        for value, unit, time in zip(table["outcome"], table["unit"], table["time"], strict=True)
    ]
    asked: dict[str, Any] = {"control": control, "draws": 99, "covariates": ("size",) if alike else ()}
    one, other = difference(table, **asked), difference({**table, "outcome": moved}, **asked)
    assert estimates(other) == pytest.approx(estimates(one), abs=1e-8)
    assert errors(other) == pytest.approx(errors(one), rel=1e-6)


@settings(max_examples=6)
@given(st.integers(0, 10_000), st.floats(0.01, 100))
def test_the_effect_scales_with_the_outcome(seed: int, by: float) -> None:
    table = panel(STAGGERED, seed=seed)
    one = difference(table, draws=99)
    other = difference({**table, "outcome": [value * by for value in table["outcome"]]}, draws=99)
    assert estimates(other) == pytest.approx([value * by for value in estimates(one)], rel=1e-6, abs=1e-9)
    assert other.fields["pre_test"]["p_value"] == pytest.approx(one.fields["pre_test"]["p_value"], rel=1e-6)
    for target in ("first", "average"):
        stood = [each.fields["sensitivity"][target]["relative"]["breakdown"] for each in (one, other)]
        assert stood[1] == pytest.approx(stood[0], rel=1e-6)


def test_names_of_units_and_the_order_of_rows_change_nothing() -> None:
    table = panel(STAGGERED, effect=1)
    order = np.random.default_rng(3).permutation(len(table["unit"]))
    shuffled = {name: [cells[place] for place in order] for name, cells in table.items()}
    shuffled["unit"] = [f"{unit[::-1]} practice" for unit in shuffled["unit"]]
    one, other = difference(table), difference(shuffled)
    assert estimates(other) == pytest.approx(estimates(one))
    assert errors(other) == pytest.approx(errors(one))


def test_months_years_and_numbers_are_one_thing() -> None:
    table = panel(STAGGERED)
    wanted = estimates(difference(table))
    months = {time: f"2021-{time:02d}" for time in range(1, 9)}
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug")
    days = {time: f"1 {name} 2021" for time, name in enumerate(names, start=1)}
    years = {time: f"{2014 + time}/{15 + time}" for time in range(1, 9)}
    for spelt in (months, days, years):
        told = {
            **table,
            "time": [spelt[time] for time in table["time"]],
            "first_treated": [spelt.get(start, "never") for start in table["first_treated"]],
        }
        assert estimates(difference(told)) == pytest.approx(wanted)


def test_never_treated_may_be_written_in_many_ways() -> None:
    table = panel(STAGGERED)
    wanted = estimates(difference(table))
    for word in ("", "0", "0.0", "Never", "inf", "NA", 0, float("inf"), float("nan"), None):
        cells = [word if start is None else start for start in table["first_treated"]]
        assert estimates(difference({**table, "first_treated": cells})) == pytest.approx(wanted)


def test_a_column_of_yes_and_no_says_the_same_as_the_start() -> None:
    table = panel(STAGGERED)
    on = [int(start is not None and time >= start)
          for start, time in zip(table["first_treated"], table["time"], strict=True)]
    told = {name: table[name] for name in ("unit", "time", "outcome")} | {"exposed": on}
    assert estimates(difference(told, treated="exposed")) == pytest.approx(estimates(difference(table)))


def test_the_same_seed_gives_the_same_bands_and_another_seed_much_the_same() -> None:
    table = panel(STAGGERED)
    width = [difference(table, seed=seed).fields["bands"]["widths"]["dynamic"] for seed in (1, 1, 2)]
    assert width[0] == width[1] != width[2]
    assert width[2] == pytest.approx(width[0], rel=0.1)
    rows = difference(table).fields["dynamic"]["rows"]
    assert all(row["band"][0] < row["interval"][0] < row["interval"][1] < row["band"][1] for row in rows)


# --- sentences, figures, the command ------------------------------------------------------------------------


def test_the_sentence_says_how_much_how_sure_and_whether_both_sides_moved_alike() -> None:
    answer = difference(panel(STAGGERED, effect=-3), label="visits")
    value, (low, high) = answer.fields["effect"]["estimate"], answer.fields["effect"]["interval"]
    assert answer.sentence == (
        f"Where it began, visits ran {abs(value):.2f} lower than it would have been had it moved as it did where it "
        f"never began, on average over the 30 units where it began (range {abs(high):.2f} to {abs(low):.2f} lower). "
        "Before it began the two sides moved alike as far as can be told, which does not prove that they would have "
        "gone on so."
    )


def test_no_effect_is_not_told_from_chance() -> None:
    answer = difference(panel(STAGGERED, seed=5))
    assert "cannot be told from what it would have been" in answer.sentence


def test_figures_set_apart_before_and_since_by_shape_too() -> None:
    answer = difference(panel(STAGGERED, effect=-3), label="visits")
    names = [figure.name for figure in answer.figures]
    assert names == ["event study", "group time", "checks", "sensitivity"]
    spec = json.dumps(answer.figure.chart)
    assert "diamond" in spec
    assert "circle" in spec
    # those that began at 4 are seen for four periods after it, those that began at 6 for two
    assert answer.figure.sentence.startswith("At the first point the effect was -")
    assert "; 4 points on it was -" in answer.figure.sentence
    assert answer.figure.sentence.endswith("among the 15 units seen so long. Before the start no step stands out.")
    for figure in answer.figures:
        assert figure.svg().startswith("<svg")


def test_the_command_gives_the_fields_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["evaluate", "difference", "sample:practices-by-quarter", "--unit", "practice", "--time", "quarter",
             "--outcome", "visits", "--first-treated", "began", "--control", "not-yet", "--weights", "patients",
             "--json"]
    assert main(words) == 0
    document = json.loads(capsys.readouterr().out)
    for name in ("simple", "group", "dynamic", "calendar"):
        low, high = document[name]["interval"]
        assert low < document[name]["estimate"] < high
        assert high - low == pytest.approx(2 * 1.959964 * document[name]["standard_error"], rel=1e-6)
    assert document["group_time"][0]["group"] == "2032-Q2"
    assert {row["event"] for row in document["dynamic"]["rows"]} == set(range(-8, 7))
    assert document["pre_test"]["degrees_of_freedom"] == 4 + 6 + 8


def test_more_than_one_confidence_gives_more_than_one_interval() -> None:
    effect = difference(panel(STAGGERED), confidence=(0.9, 0.99)).fields["effect"]
    assert effect["interval"] == effect["intervals"]["0.9"]
    assert effect["intervals"]["0.99"][0] < effect["intervals"]["0.9"][0]
