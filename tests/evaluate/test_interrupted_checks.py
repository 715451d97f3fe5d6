"""Interrupted series that a careful reader would not believe at once: other ways of asking, what cannot be told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evenhand.cli import main
from evenhand.evaluate import interrupted
from evenhand.terms import Refused


def months(count: int, year: int = 2015) -> list[str]:
    return [f"{year + place // 12}-{place % 12 + 1:02d}" for place in range(count)]


def counts(seed: int, *, points: int = 60, start: int = 36, ratio: float = 1.0, mean: float = 200) -> dict[str, Any]:
    """Poisson counts about a level, which fall to ``ratio`` of it from a month on."""
    rng = np.random.default_rng(seed)
    level = np.where(np.arange(points) >= start, mean * ratio, mean)
    return {"date": months(points), "value": rng.poisson(level).tolist(), "people": [10_000] * points}


def check(answer: Any, name: str) -> dict[str, Any]:
    (row,) = [row for row in answer.fields["checks"] if row["check"] == name]
    return dict(row)


# --- other ways of asking -------------------------------------------------------------------------------------


def test_every_other_way_of_asking_is_asked_without_being_asked_for() -> None:
    answer = interrupted(counts(1, ratio=0.8), start="2018-01", offset="people")
    names = [row["check"] for row in answer.fields["checks"]]
    assert names == ["as_asked", "other_family", "other_family", "newey_west", "harmonics", "slope", "without_first",
                     "donut", "placebo_starts"]
    # A fall of a fifth, 24 months of 200: every way finds it.
    for row in answer.fields["checks"][:-1]:
        assert row["says"] == "lower"
        assert row["agrees"]
        assert row["interval"][0] < -0.2 < row["interval"][1]
    assert answer.fields["checks"][0]["change"] == pytest.approx(answer.fields["averted"]["ratio"] - 1)
    assert [len(table) for table in answer.more_tables] == [60, 9]
    assert [each.name for each in answer.figures] == ["interrupted series", "other ways"]
    assert "7 of 7 other ways of asking say the same" in answer.figures[1].sentence


def test_where_the_answer_hangs_on_one_choice_that_is_said() -> None:
    # A single low month, the first from the start on, makes the whole difference.
    table = counts(3)
    table["value"][36:] = [60] + [198] * 5
    table = {name: values[:42] for name, values in table.items()}
    answer = interrupted(table, start="2018-01", family="poisson")
    assert check(answer, "as_asked")["says"] == "lower"
    assert check(answer, "without_first")["agrees"] is False
    assert any("The answer hangs on how it is asked" in remark and "without the first 3 months" in remark
               for remark in answer.remarks)


def test_the_checks_leave_out_what_they_name() -> None:
    # Straight lines without scatter, but for two wrong points on each side of the start: the donut gets round them.
    time = np.arange(48.0)
    value = 100 + time - 20 * (time >= 24)
    value[[22, 23, 24, 25]] = [300, 300, 10, 10]
    value += 0.01 * np.where(time % 2, 1, -1)
    answer = interrupted({"date": months(48), "value": value.tolist()}, start="2017-01", family="gaussian")
    # Expected 126 to 147 from the third month on, and 20 fewer came: 22 x 20 of 22 x 136.5 is 14.7 in a hundred.
    assert check(answer, "donut")["change"] == pytest.approx(-20 / 136.5, abs=0.001)
    assert check(answer, "as_asked")["change"] < -0.4


def test_without_the_comparator_the_change_is_shown_too() -> None:
    rng = np.random.default_rng(8)
    shared = 100 + 10 * np.sin(np.arange(48) / 3) + rng.normal(size=48)
    own = shared - 15 * (np.arange(48) >= 24) + rng.normal(size=48)
    table = {"date": months(48), "value": own.tolist(), "other": shared.tolist()}
    answer = interrupted(table, start="2017-01", family="gaussian", control=("other",))
    assert check(answer, "as_asked")["change"] == pytest.approx(-0.15, abs=0.02)
    low, high = check(answer, "as_asked")["interval"]
    alone = check(answer, "no_control")
    assert alone["interval"][1] - alone["interval"][0] > 2 * (high - low)


def test_dates_at_which_nothing_began_are_tried_and_counted() -> None:
    # A past that bends all the way: the same model finds changes where there are none.
    bend = np.random.default_rng(2).normal(size=84) - 0.005 * np.arange(84)**2
    answer = interrupted({"date": months(84), "value": (200 + bend).tolist()}, start="2021-01", family="gaussian")
    row = check(answer, "placebo_starts")
    assert row["of"] == 24
    assert row["found"] > 5
    assert row["agrees"] is False
    assert any(f"finds a change at {row['found']} of 24 dates before the start" in remark for remark in answer.remarks)


def test_a_past_too_short_for_that_says_so() -> None:
    answer = interrupted(counts(4, points=30, start=14), start="2016-03")
    row = check(answer, "placebo_starts")
    assert row["because"] == "the past is too short: 18 points before the start are needed"
    waves = check(answer, "harmonics")
    assert waves["because"] == "14 points before the start, and 24 are needed"


def test_the_checks_can_be_left_out() -> None:
    answer = interrupted(counts(1), start="2018-01", checks=False)
    assert answer.fields["checks"] == []
    assert len(answer.figures) == 1


# --- in people and pounds -------------------------------------------------------------------------------------


def test_the_total_is_in_people_and_with_a_cost_for_each_in_pounds() -> None:
    answer = interrupted(counts(1, ratio=0.8), start="2018-01", offset="people", unit_cost=50.0)
    averted = answer.fields["averted"]
    assert averted["amount"] == {"value": averted["value"], "interval": averted["interval"], "units": "value"}
    assert averted["pounds"]["value"] == pytest.approx(50 * averted["value"])
    assert averted["pounds"]["interval"] == pytest.approx([50 * end for end in averted["interval"]])
    assert "At £50 each that is £" in answer.sentence
    assert "if one less saves so much" in answer.sentence


def test_a_rate_is_carried_back_to_people() -> None:
    # 48 months, 1,000 then 2,000 people; 10 in a hundred, then 8: 24 months x 2,000 x 0.02 = 960 fewer.
    size = [1_000] * 24 + [2_000] * 24
    value = [100.0 + each % 2 for each in range(24)] + [160.0 + each % 2 for each in range(24)]
    answer = interrupted({"date": months(48), "value": value, "people": size}, start="2017-01", offset="people",
                         family="gaussian", trend=False)
    averted = answer.fields["averted"]
    assert averted["amount"]["value"] == pytest.approx(24 * 2000 * (100.5 / 1000 - 160.5 / 2000))
    assert averted["value"] == pytest.approx(averted["amount"]["value"] / 2000)


def test_what_cannot_be_told_from_nothing_is_not_sold_as_pounds() -> None:
    answer = interrupted(counts(11), start="2018-01", unit_cost=100.0)
    assert "which cannot be told from nothing" in answer.sentence


@pytest.mark.parametrize("cost", [0.0, -5.0, float("nan"), float("inf")])
def test_a_cost_that_is_none_is_refused(cost: float) -> None:
    with pytest.raises(Refused, match="a cost for each is above nought"):
        interrupted(counts(1), start="2018-01", unit_cost=cost)


# --- what cannot be told --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "code", "words"), [
    ("definition", "definition_changed", "the definition of the measure changed in June 2017 (day cases came in)"),
    ("merger", "merger", "bodies merged or split in June 2017 (day cases came in)")])
def test_across_a_changed_definition_or_a_merger_no_size_is_given(kind: str, code: str, words: str) -> None:
    marks = {"date": ["2017-06"], "what": ["day cases came in"], "kind": [kind]}
    answer = interrupted(counts(1, ratio=0.8), start="2018-01", marks=marks)
    assert answer.fields["averted"]["value"] is None
    assert answer.fields["rate_ratio"] is None
    assert answer.fields["doubts"][0] == code
    assert words in answer.sentence
    assert "cannot be told" in answer.sentence
    assert any("Keep to one side with --from or --to" in remark for remark in answer.remarks)
    # One side of it is one series again.
    after = interrupted(counts(1, ratio=0.8, points=72, start=48), start="2019-01", first="2017-06", marks=marks)
    assert after.fields["averted"]["value"] > 0


def test_what_else_happened_is_said_and_drawn_and_near_the_start_it_cannot_be_told_apart() -> None:
    marks = {"date": ["2016-02", "2018-02"], "what": ["a mild winter", "a new tariff"]}
    answer = interrupted(counts(1, ratio=0.8), start="2018-01", marks=marks)
    assert "February 2016: a mild winter." in answer.remarks
    (near,) = [remark for remark in answer.remarks if "cannot be told apart" in remark]
    assert "a new tariff" in near
    assert "a mild winter" not in near
    assert [mark["kind"] for mark in answer.fields["marks"]] == ["other", "other"]
    assert "1: a mild winter, February 2016." in answer.figures[0].note


@pytest.mark.parametrize(("marks", "message"), [
    ({"date": ["2017-06"], "what": [""]}, "it is not said what happened"),
    ({"date": ["soon"], "what": ["a law"]}, "this is not a date like those of the table"),
    ({"date": ["2017-06"], "what": ["a law"], "kind": ["fate"]}, "no such kind of event"),
    ({"date": ["2017-06"]}, "there is no column “what”")])
def test_marks_that_cannot_be_read_are_refused_by_row(marks: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused, match=message):
        interrupted(counts(1), start="2018-01", marks=marks)


def test_a_series_chosen_because_it_stood_out_is_not_compared_with_its_own_past() -> None:
    answer = interrupted(counts(1, ratio=0.8), start="2018-01", selected=True)
    assert answer.fields["averted"]["value"] is None
    assert answer.fields["doubts"][0] == "selected"
    assert "regression to the mean" in answer.sentence


def test_high_users_come_back_by_themselves_and_the_answer_says_so() -> None:
    # Of 400 series about 100, those whose year before stood out most: nothing was done to any of them.
    rng = np.random.default_rng(12)
    people = 100 + 8 * rng.normal(size=(400, 60))
    slow = np.repeat(10 * rng.normal(size=(400, 5)), 12, axis=1)
    highest = (people + slow)[np.argsort((people + slow)[:, 24:36].mean(axis=1))[-20:]].mean(axis=0)
    answer = interrupted({"date": months(60), "value": highest.tolist()}, start="2018-01", family="gaussian",
                         trend=False)
    assert answer.fields["averted"]["value"] > 0  # a fall that nobody made
    assert "stood_out_before" in answer.fields["doubts"]
    assert any("a return to the usual" in remark for remark in answer.remarks)
    told = interrupted({"date": months(60), "value": highest.tolist()}, start="2018-01", family="gaussian",
                       trend=False, selected=True)
    assert told.fields["averted"]["value"] is None


def test_a_steady_past_is_not_said_to_have_stood_out() -> None:
    said = 0
    for seed in range(20):
        answer = interrupted(counts(seed, ratio=0.85), start="2018-01", checks=False)
        said += "stood_out_before" in answer.fields["doubts"]
    assert said <= 2  # one or two in a hundred are to be expected


# --- bad input ------------------------------------------------------------------------------------------------


def test_rows_out_of_order_make_the_same_answer() -> None:
    table = counts(1, ratio=0.8)
    mixed = np.random.default_rng(5).permutation(60)
    other = {name: [values[place] for place in mixed] for name, values in table.items()}
    first, second = (interrupted(each, start="2018-01", offset="people") for each in (table, other))
    assert first.sentence == second.sentence
    assert first.fields["checks"] == second.fields["checks"]


@pytest.mark.parametrize("value", [0, 7])
def test_a_series_that_never_varies_has_no_checks_that_could_mislead(value: int) -> None:
    answer = interrupted({"date": months(48), "value": [value] * 48}, start="2017-01", unit_cost=3.0)
    assert f"does not vary: it is {value} throughout" in answer.sentence
    assert all(row["says"] in (None, "cannot tell") for row in answer.fields["checks"])


def test_gaps_on_either_side_are_said_and_checked_all_the_same() -> None:
    table = counts(1, ratio=0.8)
    kept = [place for place in range(60) if place not in (10, 11, 45)]
    answer = interrupted({name: [values[place] for place in kept] for name, values in table.items()}, start="2018-01")
    assert any("3 months between the first and the last have no point" in remark for remark in answer.remarks)
    assert all(row["agrees"] for row in answer.fields["checks"])


# --- where nothing happened ------------------------------------------------------------------------------------


def _false_calls(series: int, family: str, errors: str, make: Any, offset: str | None = None) -> int:
    calls = 0
    for seed in range(series):
        averted = interrupted(make(seed), start="2018-01", family=family, errors=errors, checks=False,
                              offset=offset).fields["averted"]
        low, high = averted["interval"]
        calls += not low < 0 < high
    return calls


def test_where_nothing_happened_a_change_is_seldom_called() -> None:
    # 60 series: 3 are to be expected, three standard errors are 5.
    assert _false_calls(60, "poisson", "model", counts) <= 8


def test_scattered_counts_are_not_called_more_often_by_the_family_that_allows_for_it() -> None:
    def scattered(seed: int) -> dict[str, Any]:
        rng = np.random.default_rng(seed)
        return {"date": months(60), "value": rng.negative_binomial(20, 20 / 220, size=60).tolist()}  # 11 times Poisson

    assert _false_calls(30, "quasipoisson", "model", scattered) <= 5
    assert _false_calls(30, "poisson", "model", scattered) > 10


@pytest.mark.long
@pytest.mark.parametrize(("family", "errors"), [("poisson", "model"), ("quasipoisson", "model"), ("gaussian", "model"),
                                                ("gaussian", "newey-west"), ("quasipoisson", "newey-west")])
def test_in_many_series_where_nothing_happened_the_false_calls_stay_within_the_stated_rate(
        family: str, errors: str) -> None:
    # 1 in 20 is 15 of 300, with a standard error of 3.8. Where neighbours do not resemble each other, ranges that allow
    # for it are a little too wide, never too narrow.
    assert _false_calls(300, family, errors, counts) <= 26


def _alike(seed: int) -> dict[str, Any]:
    """Each month carries half of what the month before stood out by; nothing happened."""
    rng = np.random.default_rng(seed)
    noise = np.zeros(60)
    for place in range(1, 60):
        noise[place] = 0.5 * noise[place - 1] + rng.normal()
    return {"date": months(60), "value": (100 + 5 * noise).tolist()}


def test_neighbours_that_resemble_each_other_are_allowed_for_without_being_asked() -> None:
    # The model alone calls one in five of these; 40 series: 2 are to be expected, three standard errors are 4.
    assert _false_calls(40, "gaussian", "model", _alike) <= 6
    steps = 0
    for seed in range(40):
        rows = interrupted(_alike(seed), start="2018-01", family="gaussian", checks=False).fields["coefficients"]
        low, high = next(row["interval"] for row in rows if row["term"] == "step")
        steps += not low < 0 < high
    assert steps >= 6  # the published figures of the single terms stay as the model has them


@pytest.mark.long
@pytest.mark.parametrize("errors", ["model", "newey-west", "autoregressive"])
def test_among_neighbours_that_resemble_each_other_false_calls_stay_near_the_stated_rate(errors: str) -> None:
    # 1 in 20 is 10 of 200, with a standard error of 3.1.
    assert _false_calls(200, "gaussian", errors, _alike) <= 19
    warned = sum("resembling_neighbours" in interrupted(_alike(seed), start="2018-01", family="gaussian",
                                                        checks=False).fields["doubts"] for seed in range(60))
    assert warned >= 40


# --- the command ----------------------------------------------------------------------------------------------


def test_the_command_takes_marks_and_a_cost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    marks = tmp_path / "marks.csv"
    marks.write_text("date,what,kind\n2016-11,A new form,other\n")
    assert main(["evaluate", "interrupted", "sample:referrals_by_month", "--outcome", "referrals", "--time", "month",
                 "--start", "2017-04", "--offset", "patients", "--harmonics", "2", "--unit-cost", "120", "--marks",
                 str(marks), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["averted"]["pounds"]["unit_cost"] == 120
    assert document["averted"]["amount"]["units"] == "referrals"
    assert document["marks"] == [{"date": "2016-11", "what": "A new form", "kind": "other"}]
    assert {row["check"] for row in document["checks"]} >= {"as_asked", "donut", "placebo_starts"}
