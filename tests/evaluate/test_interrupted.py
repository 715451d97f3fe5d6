"""Interrupted series as a person meets them: known truth, doubts, refusals, sentences, the command."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from evenhand.cli import main
from evenhand.evaluate import interrupted
from evenhand.evaluate.interrupted import METHOD
from evenhand.figures import Answer
from evenhand.terms import Refused


def months(count: int, year: int = 2015) -> list[str]:
    return [f"{year + place // 12}-{place % 12 + 1:02d}" for place in range(count)]


def line(
    step: float = 0, slope: float = 0, scatter: float = 1, points: int = 48, start: int = 24, seed: int = 5
) -> dict[str, Any]:
    """A straight line from 100, up one a month, that changes at month 25."""
    rng = np.random.default_rng(seed)
    time = np.arange(points)
    after = time >= start
    value = 100 + time + after * (step + slope * (time - start + 1)) + scatter * rng.normal(size=points)
    return {"date": months(points), "value": value.tolist()}


def term(answer: Answer, name: str) -> dict[str, Any]:
    (row,) = [row for row in answer.fields["coefficients"] if row["term"] == name]
    return dict(row)


# --- known truth --------------------------------------------------------------------------------------------


def test_a_step_and_the_total_it_averted_are_found_again() -> None:
    answer = interrupted(line(step=-20), start="2017-01", family="gaussian")
    low, high = term(answer, "step")["interval"]
    assert low < -20 < high
    assert high - low < 4
    # 24 months, 20 fewer in each
    low, high = answer.fields["averted"]["interval"]
    assert low < 480 < high
    assert answer.fields["rate_ratio"] is None


def test_a_change_of_slope_counts_from_the_last_point_before_the_start() -> None:
    answer = interrupted(line(step=-5, slope=-2, scatter=0), start="2017-01", family="gaussian", slope=True)
    assert term(answer, "slope_change")["estimate"] == pytest.approx(-2)
    assert term(answer, "step")["estimate"] == pytest.approx(-5)
    assert answer.fields["averted"]["value"] == pytest.approx(sum(5 + 2 * each for each in range(1, 25)))


def test_ranges_hold_the_truth_about_as_often_as_they_say() -> None:
    held = 0
    for seed in range(200):
        low, high = interrupted(line(step=-3, seed=seed), start="2017-01", family="gaussian").fields["averted"][
            "interval"
        ]
        held += low < 72 < high
    assert 178 <= held <= 200  # 95 in 100 of 200 is 190; three standard errors are 9


def test_no_change_is_not_told_from_chance() -> None:
    answer = interrupted(line(), start="2017-01", family="gaussian", label="visits")
    low, high = answer.fields["averted"]["interval"]
    assert low < 0 < high
    assert "cannot be told from the" in answer.sentence
    assert answer.sentence.startswith("From January 2017 visits averaged 135, which")


def test_a_comparator_takes_out_what_both_share() -> None:
    rng = np.random.default_rng(9)
    shared = np.cumsum(rng.normal(size=60)) * 5
    after = np.arange(60) >= 30
    table = {
        "date": months(60),
        "value": (200 + shared - 12 * after + rng.normal(size=60)).tolist(),
        "elsewhere": (150 + shared + rng.normal(size=60)).tolist(),
    }
    alone = interrupted(table, start="2017-07", family="gaussian")
    beside = interrupted(table, start="2017-07", family="gaussian", control=("elsewhere",))
    low, high = term(beside, "step")["interval"]
    assert low < -12 < high
    assert high - low < 0.5 * np.ptp(term(alone, "step")["interval"])
    assert term(beside, "control")["estimate"] == pytest.approx(1, abs=0.15)
    assert "its own past and the comparator" in beside.sentence


def test_a_comparator_that_the_change_reached_too_is_said() -> None:
    table = line(step=-20)
    table["elsewhere"] = line(step=-15, seed=11)["value"]
    table["quiet"] = line(seed=12)["value"]
    reached = interrupted(table, start="2017-01", family="gaussian", control=("elsewhere",))
    assert "comparator_moved" in reached.fields["doubts"]
    assert any("The comparator elsewhere changes at the start too" in remark for remark in reached.remarks)
    quiet = interrupted(table, start="2017-01", family="gaussian", control=("quiet",))
    assert "comparator_moved" not in quiet.fields["doubts"]


def test_a_gap_in_the_dates_does_not_close_up() -> None:
    whole = line(step=-20, scatter=0)
    kept = [place for place in range(48) if place not in (5, 6, 30)]
    gappy = {name: [cells[place] for place in kept] for name, cells in whole.items()}
    answer = interrupted(gappy, start="2017-01", family="gaussian")
    assert term(answer, "trend")["estimate"] == pytest.approx(1)
    assert answer.remarks[0] == "3 months between the first and the last have no point; time runs on through the gap."


def test_a_rate_is_the_outcome_over_its_denominator_for_gaussian() -> None:
    table = line(step=-20, scatter=0)
    table["people"] = [10.0] * 48
    answer = interrupted(table, start="2017-01", family="gaussian", offset="people")
    assert term(answer, "step")["estimate"] == pytest.approx(-2)


def test_ratio_and_total_always_tell_one_story() -> None:
    rng = np.random.default_rng(4)
    for ratio in (0.8, 0.95, 1.0, 1.1):
        counts = rng.poisson([100.0] * 30 + [100 * ratio] * 20)
        averted = interrupted({"date": months(50), "value": counts}, start="2017-07").fields["averted"]
        low, high = averted["ratio_interval"]
        assert (low < 1 < high) == (averted["interval"][0] < 0 < averted["interval"][1])
        assert averted["value"] == pytest.approx(averted["observed"] * (1 / averted["ratio"] - 1))


def test_confidences_are_all_given_the_first_as_the_range() -> None:
    answer = interrupted(line(step=-20), start="2017-01", family="gaussian", confidence=(0.9, 0.99))
    row = term(answer, "step")
    assert row["interval"] == row["intervals"]["0.9"]
    assert np.ptp(row["intervals"]["0.99"]) > np.ptp(row["interval"])


# --- what a careful reader asks -----------------------------------------------------------------------------


def test_a_short_past_gives_no_total_and_says_why() -> None:
    table = {name: cells[13:] for name, cells in line(step=-20).items()}
    answer = interrupted(table, start="2017-01", family="gaussian", label="visits")
    assert answer.fields["points_before"] == 11
    assert answer.fields["averted"]["value"] is None
    assert answer.fields["averted"]["observed"] > 0
    assert all(row["counterfactual"] is None for row in answer.fields["counterfactual"])
    assert answer.sentence.startswith(
        "How much the change did to visits cannot be told: 11 months before the start are too short a past"
    )
    assert answer.remarks[0] == (
        "Cannot tell: only 11 months before the start, and 12 are needed. The past is too short to size the change by."
    )
    assert answer.fields["doubts"][0] == "short_past"


def test_seasonal_waves_ask_for_two_whole_years() -> None:
    table = {name: cells[3:] for name, cells in line(step=-20).items()}
    assert interrupted(table, start="2017-01", family="gaussian").fields["averted"]["value"] is not None
    answer = interrupted(table, start="2017-01", family="gaussian", harmonics=2)
    assert answer.fields["averted"]["value"] is None
    assert "24 are needed, two whole periods of the seasonal pattern" in answer.remarks[0]


def test_one_point_before_gives_no_model_at_all() -> None:
    answer = interrupted(
        {"date": months(20), "value": [1366.0] + [44.0] * 19}, start="2015-02", family="gaussian", label="cost"
    )
    assert term(answer, "step")["estimate"] is None
    assert answer.sentence == (
        "How much the change did to cost cannot be told: 1 month before the start is too short a "
        "past to size it by. It was 1,366 before the start, averaged 44 over the 19 from then on, "
        "and ended at 44."
    )
    assert json.loads(answer.to_json())["averted"]["value"] is None


def test_few_points_after_are_said() -> None:
    table = {name: cells[:27] for name, cells in line(step=-20).items()}
    answer = interrupted(table, start="2017-01", family="gaussian")
    assert "few_after" in answer.fields["doubts"]
    assert any(remark.startswith("Only 3 months from the start on") for remark in answer.remarks)


def test_a_bend_before_the_start_is_said_in_the_sentence() -> None:
    time = np.arange(84)
    value = 200 - 0.005 * time**2 + np.random.default_rng(2).normal(size=84)
    answer = interrupted({"date": months(84), "value": value}, start="2021-01", family="gaussian")
    assert "bend_before" in answer.fields["doubts"]
    assert answer.sentence.endswith(
        "Part of that may have been under way already: the line was bending before the start."
    )
    assert "bend_before" not in interrupted(line(step=-20), start="2017-01", family="gaussian").fields["doubts"]


def test_a_change_that_came_earlier_is_named() -> None:
    answer = interrupted(line(step=-30, start=18), start="2017-06", family="gaussian")
    assert "better_date" in answer.fields["doubts"]
    assert any(
        "A change in July 2016, 11 months before the start, fits the series best" in each for each in answer.remarks
    )


def test_a_growing_difference_is_not_hidden_by_a_single_step() -> None:
    answer = interrupted(line(step=-1, slope=-3), start="2017-01", family="gaussian")
    assert "slope_left_out" in answer.fields["doubts"]
    with_slope = interrupted(line(step=-1, slope=-3), start="2017-01", family="gaussian", slope=True)
    assert "slope_left_out" not in with_slope.fields["doubts"]


def test_resembling_neighbours_ask_for_wider_ranges() -> None:
    rng = np.random.default_rng(6)
    noise = np.zeros(80)
    for place in range(1, 80):
        noise[place] = 0.8 * noise[place - 1] + rng.normal()
    table = {"date": months(80), "value": 50 + noise}
    model = interrupted(table, start="2018-01", family="gaussian")
    wide = interrupted(table, start="2018-01", family="gaussian", errors="newey-west", lag=8)
    assert "resembling_neighbours" in model.fields["doubts"]
    assert any("Use --errors autoregressive" in remark for remark in model.remarks)
    terms = [next(row for row in answer.fields["coefficients"] if row["term"] == "step") for answer in (wide, model)]
    assert np.ptp(terms[0]["interval"]) > np.ptp(terms[1]["interval"])
    # The range of the whole allows for it whatever the errors: a slow wander is no change, and none is called.
    low, high = model.fields["averted"]["interval"]
    assert low < 0 < high
    assert model.fields["neighbours"] == pytest.approx(0.8, abs=0.15)


def test_a_season_left_out_is_said() -> None:
    time = np.arange(72)
    value = 100 + 10 * np.sin(2 * np.pi * time / 12) + np.random.default_rng(1).normal(size=72)
    table = {"date": months(72), "value": value}
    assert "season_left_out" in interrupted(table, start="2018-01", family="gaussian").fields["doubts"]
    assert "season_left_out" not in interrupted(table, start="2018-01", family="gaussian", harmonics=1).fields["doubts"]


def test_extra_scatter_is_said_for_poisson() -> None:
    counts = np.random.default_rng(3).negative_binomial(5, 0.05, size=48)
    answer = interrupted({"date": months(48), "value": counts}, start="2017-01", family="poisson")
    assert "extra_scatter" in answer.fields["doubts"]


def test_counts_that_fall_to_nothing_have_a_total_and_a_ratio_of_nought() -> None:
    counts = [*np.random.default_rng(4).poisson(50, size=30).tolist(), *[0] * 10]
    answer = interrupted({"date": months(40), "value": counts}, start="2017-07", trend=False, label="items")
    averted = answer.fields["averted"]
    assert answer.fields["rate_ratio"]["value"] == 0
    assert answer.fields["rate_ratio"]["interval"] is None
    assert averted["interval"][0] < 500 < averted["interval"][1]
    assert answer.sentence.startswith("From July 2017 items fell to nothing: about ")
    assert json.loads(answer.to_json())["coefficients"][1] == dict.fromkeys(
        (
            "estimate",
            "standard_error",
            "p_value",
            "interval",
            "intervals",
            "ratio",
            "ratio_interval",
            "ratio_intervals",
        ),
    ) | {"term": "step"}


@pytest.mark.parametrize("family", ["poisson", "quasipoisson", "negative-binomial", "gaussian"])
def test_a_series_of_noughts_or_of_equal_values_is_said_in_words(family: str) -> None:
    for value in (0, 7):
        answer = interrupted({"date": months(40), "value": [value] * 40}, start="2017-07", family=family)
        json.loads(answer.to_json())
        assert "does not vary" in answer.sentence or "cannot be told" in answer.sentence


def test_counts_that_were_nought_before_cannot_be_compared() -> None:
    answer = interrupted({"date": months(40), "value": [0] * 30 + [5] * 10}, start="2017-07")
    assert answer.fields["averted"]["value"] is None
    assert "No model could be fitted: every outcome before the start is nought." in answer.remarks
    assert answer.sentence.startswith("How much the change did to value cannot be told: every outcome before")


# --- refusals -----------------------------------------------------------------------------------------------

GOOD = {"date": months(40), "value": list(range(1, 41))}


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (GOOD, {}, "--start: when did the change begin?"),
        (GOOD, {"start": "2015-01"}, "nothing lies before the start"),
        (GOOD, {"start": "2014-01"}, "nothing lies before the start"),
        (GOOD, {"start": "2031-01"}, "nothing lies after the start yet"),
        (GOOD, {"start": "soon"}, "--start: this is not a date like those of the table"),
        (GOOD, {"start": "2017-01", "outcome": "cost"}, "there is no column “cost”"),
        (GOOD, {"start": "2017-01", "control": ("England",)}, "there is no column “England”"),
        (GOOD | {"value": ["x"] * 40}, {"start": "2017-01"}, "this is not a number (x found)"),
        (
            GOOD | {"value": [-1] * 40},
            {"start": "2017-01"},
            "a count cannot be negative (-1 found); correct it, or use --family gaussian",
        ),
        (GOOD | {"value": [1.5] * 40}, {"start": "2017-01", "family": "poisson"}, "a count has no decimals"),
        ({"date": ["2015-01"] * 2, "value": [1, 2]}, {"start": "2015-02"}, "row 1 gives this date already"),
        ({"date": [], "value": []}, {"start": "2015-02"}, "there are headings and no rows"),
        (GOOD, {"start": "2018-04", "slope": True}, "a change of slope needs two points"),
        (GOOD, {"start": "2017-01", "harmonics": 7}, "seasonal waves are 0 to 6 pairs"),
        (GOOD, {"start": "2017-01", "harmonics": 3, "period": 4.0}, "a period has two points for each pair of waves"),
        (GOOD, {"start": "2017-01", "harmonics": 3, "period": 1e308}, "a period has 100,000 points at the most"),
        (GOOD, {"start": "2017-01", "lag": 3}, "--lag has no meaning for errors from the model"),
        (GOOD, {"start": "2017-01", "confidence": (2.0,)}, "a range is 0.5 to 0.999 sure"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(
    table: dict[str, Any], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(Refused) as refused:
        interrupted(table, **options)
    assert message in str(refused.value)


# --- the command --------------------------------------------------------------------------------------------


def test_the_example_runs_and_gives_the_fall_that_was_put_in(capsys: pytest.CaptureFixture[str]) -> None:
    # The sample was made with a fall of 1 - exp(-0.18) = 16.5 in a hundred.
    assert main([*METHOD.example.split(), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    low, high = document["rate_ratio"]["interval"]
    assert low < np.exp(-0.18) < high
    assert document["remarks"] == []
    assert {"coefficients", "rate_ratio", "dispersion", "autocorrelation", "counterfactual", "averted"} <= set(document)
    assert [row["term"] for row in document["coefficients"]] == [
        "intercept",
        "step",
        "trend",
        "sin1",
        "cos1",
        "sin2",
        "cos2",
    ]


def test_the_command_takes_a_comparator_and_every_family(capsys: pytest.CaptureFixture[str]) -> None:
    base = [
        "evaluate",
        "interrupted",
        "sample:referrals_by_month",
        "--outcome",
        "referrals",
        "--time",
        "month",
        "--start",
        "2017-04",
        "--offset",
        "patients",
        "--harmonics",
        "2",
        "--control",
        "neighbours",
    ]
    for family in ("poisson", "quasipoisson", "negative-binomial"):
        assert main([*base, "--family", family, "--errors", "newey-west", "--lag", "4"]) == 0
        assert "below what its own past and the comparator foretold" in " ".join(capsys.readouterr().out.split())


def test_a_start_outside_the_series_leaves_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(
            [
                "evaluate",
                "interrupted",
                "sample:referrals_by_month",
                "--outcome",
                "referrals",
                "--time",
                "month",
                "--start",
                "2030-01",
                "--json",
            ]
        )
        == 2
    )
    out = capsys.readouterr()
    assert out.out == ""
    assert "sample:referrals_by_month:--start: nothing lies after the start yet (2030-01 found)" in out.err


def test_the_figure_shows_points_lines_and_the_start() -> None:
    figure = interrupted(line(step=-20), start="2017-01", family="gaussian", label="visits").figure
    drawn = figure.svg()
    assert "start, January 2017" in drawn
    assert "foretold by its past" in drawn
    assert figure.sentence in drawn.replace("&#x27;", "'")
    assert len(figure.table) == 48


@pytest.mark.parametrize(("options", "said"), [
    ({"control": ["value"]}, "--control: this column is given as --outcome already (value found)"),
    ({"offset": "value"}, "--offset: this column is given as --outcome already"),
    ({"control": ["date"]}, "--control: this column is given as --time already"),
    ({"outcome": "date"}, "--outcome: the outcome and the time are one column")])
def test_a_series_is_not_set_beside_itself(options: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused) as caught:
        interrupted(line(), start="2017-01", **options)
    assert said in str(caught.value)
