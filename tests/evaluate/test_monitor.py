"""Watching as figures come in: ranges that hold at every look, verdicts, refusals, the command."""

from __future__ import annotations

import json
from math import log, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.evaluate import monitor, monitor_bounds
from evenhand.terms import Refused


def arriving(mean: float, points: int = 24, scatter: float = 2, seed: int = 3) -> dict[str, Any]:
    """Differences from what was expected, one a month, scattered about a mean."""
    rng = np.random.default_rng(seed)
    months = [f"{2022 + place // 12}-{place % 12 + 1:02d}" for place in range(points)]
    return {"date": months, "value": (mean + scatter * rng.normal(size=points)).tolist()}


# --- the ranges ---------------------------------------------------------------------------------------------


def test_the_normal_range_is_the_published_sum() -> None:
    # n = 24, rho = 0.5, sigma = 1, level 0.05: sqrt(2 x 7 / 144 x log(sqrt(7) / 0.05))
    by_hand = sqrt(2 * 7 / 144 * log(sqrt(7) / 0.05))
    found = monitor_bounds.normal_half_width(np.array([24.0]), 1.0, 0.05, 0.5)[0]
    assert found == pytest.approx(by_hand)
    assert found == pytest.approx(0.6212, abs=5e-5)
    assert found > 1.96 / sqrt(24)  # looking once would need less


def test_the_normal_range_comes_through_the_method() -> None:
    answer = monitor(arriving(0), effect=-3, sequence="normal", spread=1, rho=0.5, neighbours=False)
    low, high = answer.fields["rows"][23]["interval"]
    assert (high - low) / 2 == pytest.approx(0.6212, abs=5e-5)


def test_the_student_range_is_where_the_mixture_reaches_its_bound() -> None:
    looks, spread, level, rho = 12.0, 2.5, 0.05, 0.6
    half = monitor_bounds.student_half_width(np.array([looks]), np.array([spread]), level, rho)[0]
    t, grown = half / (spread / sqrt(looks)), 1 + looks * rho**2
    ratio = ((1 + t**2 / 11) / (1 + t**2 / (11 * grown))) ** (looks / 2) / sqrt(grown)
    assert ratio == pytest.approx(1 / level)


def test_student_and_normal_agree_after_many_looks() -> None:
    looks = np.array([20_000.0])
    student = monitor_bounds.student_half_width(looks, np.array([3.0]), 0.05, 0.1)
    assert student == pytest.approx(monitor_bounds.normal_half_width(looks, 3.0, 0.05, 0.1), rel=1e-3)


def false_alarms(values: np.ndarray, level: float = 0.05, least: int = 6) -> float:
    """How often nought is left out at some look or other; values have shape (runs, looks)."""
    looks = np.arange(1.0, values.shape[1] + 1)
    half = monitor_bounds.student_half_width(
        looks, monitor_bounds.running_spread(values), level, monitor_bounds.usual_rho(level, 24)
    )
    out = np.abs(np.cumsum(values, axis=1) / looks) > half
    return float(out[:, least - 1 :].any(axis=1).mean())


def test_looking_every_month_for_ten_years_raises_a_false_alarm_no_more_often_than_stated() -> None:
    runs = 4000
    found = false_alarms(np.random.default_rng(1).normal(size=(runs, 120)), least=2)
    assert found <= 0.05 + 3 * sqrt(0.05 * 0.95 / runs)
    assert found > 0.01  # nor are the ranges so wide that they say nothing


def test_looking_every_month_with_a_range_for_one_look_cries_wolf() -> None:
    values = np.random.default_rng(1).normal(size=(2000, 120))
    looks = np.arange(1.0, 121)
    out = np.abs(np.cumsum(values, axis=1) / looks) > 1.96 / np.sqrt(looks)
    assert out.any(axis=1).mean() > 0.3


@pytest.mark.long
def test_false_alarms_stay_rare_for_counts_and_skewed_values_too() -> None:
    rng = np.random.default_rng(2)
    runs = 20_000
    for values in (rng.poisson(4, (runs, 240)) - 4.0, rng.uniform(-1, 1, (runs, 240))):
        assert false_alarms(values) <= 0.05 + 3 * sqrt(0.05 * 0.95 / runs)
    # Waiting times are as skewed as figures come: two or three times as often, which the answer says of such values.
    assert 0.05 < false_alarms(rng.exponential(1, (runs, 240)) - 1) < 0.15


@pytest.mark.long
def test_neighbours_that_resemble_each_other_raise_fewer_false_alarms_once_allowed_for() -> None:
    rng = np.random.default_rng(5)
    alarms = {True: 0, False: 0}
    for _ in range(400):
        shocks = rng.normal(size=60)
        values = np.zeros(60)
        for place in range(60):
            values[place] = 0.5 * values[place - 1] * (place > 0) + shocks[place]
        for allowed in alarms:
            # So small an effect that only worked and harm can be said, and both are wrong.
            answer = monitor({"value": values}, effect=1e-9, neighbours=allowed)
            alarms[allowed] += answer.fields["first_stop"] is not None
    assert alarms[False] > 0.2 * 400
    assert alarms[True] < 0.13 * 400


def test_a_range_between_bounds_holds_for_any_values() -> None:
    rng = np.random.default_rng(6)
    missed = 0
    for _ in range(400):
        values = (rng.uniform(size=80) < 0.3).astype(float)
        middle, half = monitor_bounds.bounded(values, 0, 1, 0.05)
        missed += bool((np.abs(middle - 0.3) > half).any())
    assert missed <= 400 * 0.05
    assert half[-1] < 0.35


@given(st.lists(st.floats(-100, 100), min_size=3, max_size=30), st.floats(0.1, 50), st.floats(-1000, 1000))
def test_another_unit_and_another_baseline_change_nothing_else(values: list[float], unit: float, shift: float) -> None:
    plain = monitor({"value": values}, effect=1.5).fields["rows"]
    other = monitor({"value": [shift + unit * each for each in values]}, effect=1.5 * unit, baseline=str(shift))
    for row, again in zip(plain, other.fields["rows"], strict=True):
        assert again["estimate"] == pytest.approx(unit * row["estimate"], abs=1e-6 * (1 + abs(shift)))


# --- verdicts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mean", "verdict", "because"),
    [
        (-5.0, "worked", "the whole range lies on the better side of nought, so it works"),
        (5.0, "harm", "the whole range lies on the worse side of nought, so it does harm"),
        (0.0, "no_worthwhile_effect", "the range ends short of the least effect that matters, so it does too little"),
    ],
)
def test_it_says_whether_to_stop_and_why(mean: float, verdict: str, because: str) -> None:
    answer = monitor(arriving(mean), effect=-3)
    assert answer.fields["verdict"] == verdict
    assert answer.fields["may_stop"]
    assert answer.fields["because"] == because
    assert answer.sentence.endswith(f"It may stop: {because}.")


def test_more_is_better_where_the_effect_has_no_minus() -> None:
    assert monitor(arriving(5), effect=3).fields["verdict"] == "worked"
    assert monitor(arriving(-5), effect=3).fields["verdict"] == "harm"


def test_while_nothing_is_decided_it_goes_on() -> None:
    answer = monitor(arriving(-1.5, points=8), effect=-3)
    assert not answer.fields["may_stop"]
    assert answer.fields["first_stop"] is None
    assert "Go on: the range still holds both nought and an effect that matters." in answer.sentence


def test_a_few_values_never_stop_it() -> None:
    answer = monitor(arriving(-50, points=5), effect=-3)
    assert answer.fields["because"] == "5 values are too few: 6 are wanted before it may stop"
    assert all(row["verdict"] == "go_on" for row in answer.fields["rows"])


def test_values_that_do_not_vary_show_nothing_of_chance() -> None:
    answer = monitor({"value": [-4.0] * 20}, effect=-3)
    assert answer.fields["interval"] is None
    assert not answer.fields["may_stop"]
    assert answer.fields["because"] == "the values do not vary, so that nothing shows how far chance reaches"
    assert json.loads(answer.to_json())["rows"][0]["interval"] is None


def test_an_effect_that_wears_off_is_said() -> None:
    early, late = arriving(-6, points=12), arriving(0, points=12, seed=9)
    answer = monitor({"value": early["value"] + late["value"]}, effect=-3)
    assert "wearing_off" in answer.fields["doubts"]
    assert any(remark.startswith("It may be wearing off: -") for remark in answer.remarks)


def test_values_with_a_long_tail_are_said() -> None:
    waits = np.random.default_rng(4).exponential(10, 40) - 9
    assert "lopsided" in monitor({"value": waits}, effect=-3).fields["doubts"]
    assert "lopsided" not in monitor(arriving(-1), effect=-3).fields["doubts"]


def test_the_first_look_that_decided_is_kept() -> None:
    answer = monitor(arriving(-5), effect=-3)
    first = answer.fields["first_stop"]
    assert first["look"] < 24
    assert answer.fields["rows"][first["look"] - 1]["verdict"] == first["verdict"]
    assert all(row["verdict"] == "go_on" for row in answer.fields["rows"][: first["look"] - 1])


def test_a_baseline_is_a_number_or_a_column() -> None:
    table = arriving(95)
    assert monitor(table, effect=-3, baseline="100").fields["estimate"] == pytest.approx(
        np.mean(table["value"]) - 100
    )
    table["foretold"] = [100.0] * 24
    answer = monitor(table, effect=-3, baseline="foretold")
    assert answer.fields["estimate"] == pytest.approx(np.mean(table["value"]) - 100)
    assert "baseline_taken_as_known" in answer.fields["doubts"]


def test_values_come_in_order_of_their_dates() -> None:
    table = arriving(-5)
    turned = {name: cells[::-1] for name, cells in table.items()}
    assert monitor(turned, effect=-3).fields["rows"] == monitor(table, effect=-3).fields["rows"]


# --- what cannot be -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (arriving(0), {}, "--effect: what is the smallest effect that matters?; give it with its sign"),
        (arriving(0), {"effect": 0.0}, "an effect that matters is not nought"),
        ({"value": ["1", "two"]}, {"effect": 1.0}, "the table:2:value: this is not a number (two found)"),
        ({"amount": [1.0]}, {"effect": 1.0}, "there is no column “value”"),
        ({"value": [None, None]}, {"effect": 1.0}, "no row has a value"),
        ({"date": ["2020-01", "2020-01"], "value": [1.0, 2.0]}, {"effect": 1.0}, "row 1 gives this date already"),
        ({"value": [0.5, 2.0]}, {"effect": 0.1, "sequence": "bounded", "bounds": (0.0, 1.0)}, "outside its bounds"),
        (arriving(0), {"effect": 1.0, "sequence": "bounded"}, "write --sequence bounded --bounds 0,1"),
        (arriving(0), {"effect": 1.0, "spread": 2.0}, "a known spread is for --sequence normal"),
        (arriving(0), {"effect": 1.0, "time": "month"}, "there is no column “month”"),
        (arriving(0), {"effect": 1.0, "baseline": "plan"}, "there is no column “plan”"),
        (arriving(0), {"effect": 1.0, "confidence": 1.5}, "a range is 0.5 to 0.999 sure"),
    ],
)
def test_what_cannot_be_is_refused_in_words(table: dict[str, Any], options: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused) as refused:
        monitor(table, **options)
    assert message in str(refused.value)


# --- the command --------------------------------------------------------------------------------------------


def test_the_command_answers_with_rows_and_whether_to_stop(capsys: pytest.CaptureFixture[str]) -> None:
    words = "evaluate monitor sample:visits-by-month --effect -3 --baseline expected --value visits --time month --json"
    assert main(words.split()) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["rows"][-1].keys() == {"look", "date", "value", "estimate", "interval", "verdict"}
    assert document["may_stop"] is True
    assert document["because"] == "the whole range lies on the better side of nought, so it works"


def test_the_figure_shows_the_range_narrowing() -> None:
    (figure,) = monitor(arriving(-5), effect=-3).figures
    assert figure.chart is not None
    band = figure.chart["layer"][0]["data"]["values"]
    assert band[-1]["high"] - band[-1]["low"] < band[0]["high"] - band[0]["low"]
    assert 'role="img"' in figure.svg()
