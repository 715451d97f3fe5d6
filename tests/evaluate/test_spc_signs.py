"""Icons of a control chart, where its limits might start afresh, series that end early, and how often chance speaks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand.evaluate import spc
from evenhand.evaluate.charts import judged
from evenhand.evaluate.icons import ASSURANCE, VARIATION
from evenhand.evaluate.verdicts import ASSURANCE_WORDS, VARIATION_WORDS


def months(count: int, year: int = 2020) -> list[str]:
    return [f"{year + place // 12}-{place % 12 + 1:02d}" for place in range(count)]


def moved(before: float, after: float, at: int = 15, points: int = 30) -> dict[str, Any]:
    """Two levels, one up and one down by turns about each."""
    value = [(before if place < at else after) + (1 if place % 2 else -1) for place in range(points)]
    return {"date": months(points), "value": value}


# --- icons ------------------------------------------------------------------------------------------------------


def test_every_answer_of_a_chart_has_an_icon_and_every_icon_its_words() -> None:
    assert set(VARIATION) == set(VARIATION_WORDS)
    assert set(ASSURANCE) == set(ASSURANCE_WORDS) - {"none"}
    assert all(len(icon.words) > 10 for icon in (*VARIATION.values(), *ASSURANCE.values()))


def test_no_two_icons_are_told_apart_by_colour_alone() -> None:
    for family in (VARIATION, ASSURANCE):
        assert len({(icon.shape, icon.sign) for icon in family.values()}) == len(family)


@pytest.mark.parametrize(("direction", "words"), [
    ("increase", "Improvement: higher than usual, and higher is better"),
    ("decrease", "Concern: higher than usual, and lower is better"),
    ("neutral", "Higher than usual; neither is said to be better")])
def test_the_icon_says_what_the_latest_point_means(direction: Any, words: str) -> None:
    answer = spc({"date": months(20), "value": [10, 11] * 9 + [10, 20]}, direction=direction)
    signs = answer.figures[-1]
    assert signs.name == "icons"
    assert signs.table.rows[0]["variation"] == words
    svg = signs.svg()
    assert words in svg
    assert ">H<" in svg
    assert "<title" in svg
    assert "<desc" in svg


def test_the_target_has_an_icon_of_its_own_where_there_is_one() -> None:
    table = {"date": months(20), "value": [10, 11] * 10}
    without, beyond = spc(table, direction="increase"), spc(table, direction="increase", target=30)
    assert "assurance" not in [column.name for column in without.figures[-1].table.columns]
    assert beyond.figures[-1].table.rows[0]["assurance"] == "Unless something changes, the target will always be missed"
    assert ">F<" in beyond.figures[-1].svg()


def test_of_many_series_those_that_stand_out_come_first_and_forty_at_most() -> None:
    names = [f"S{number:02d}" for number in range(60) for _ in range(14)]
    values = [[10, 11] * 7 if number != 57 else [10, 11] * 6 + [10, 30] for number in range(60)]
    answer = spc({"series": names, "date": months(14) * 60, "value": [each for row in values for each in row]})
    signs = answer.figures[-1]
    assert signs.table.rows[0]["name"] == "S57"
    assert len(signs.table) == 40
    assert "The first 40 of 60 series." in signs.sentence


def test_a_single_point_has_no_icon() -> None:
    assert [each.name for each in spc({"date": ["2020-01"], "value": [1]}).figures] == ["control chart"]


# --- starting afresh --------------------------------------------------------------------------------------------


def test_where_the_level_moved_and_stayed_a_fresh_start_is_suggested_and_not_done() -> None:
    answer = spc(moved(50, 70))
    (one,) = answer.fields["series"]
    # 15 points of 49 and 51 by turns, the last of them 49: mean 49.93; then 15 of 71 and 69: mean 70.07.
    assert one["suggested_rebase"] == {"date": "2021-04", "points": 15, "before": pytest.approx(50 - 1 / 15),
                                       "after": pytest.approx(70 + 1 / 15)}
    assert len(one["segments"]) == 1
    (said,) = [remark for remark in answer.remarks if "--rebase 2021-04" in remark]
    assert "Suggested only; nothing was done." in said
    assert "--rebase-reason" in said


def test_after_a_person_has_done_it_nothing_more_is_suggested() -> None:
    answer = spc(moved(50, 70), rebase=("2021-04",), rebase_reason="A second scanner, Dr Lee")
    assert "suggested_rebase" not in answer.fields["series"][0]
    assert len(answer.fields["series"][0]["segments"]) == 2


@pytest.mark.parametrize("value", [
    [50 + place for place in range(30)],  # a drift has no date
    [50, 51] * 15,  # nothing moved
    [50] * 30,  # nothing at all
    [50, 51] * 11 + [70, 71] * 3,  # six points are no level yet
    [50 + 20 * np.sin(place / 2) for place in range(30)]])  # a season comes back
def test_what_has_no_date_gets_no_suggestion(value: list[float]) -> None:
    answer = spc({"date": months(len(value)), "value": value})
    assert "suggested_rebase" not in answer.fields["series"][0]
    assert not any("--rebase 20" in remark for remark in answer.remarks)


def test_on_a_steady_process_a_fresh_start_is_hardly_ever_suggested() -> None:
    rng = np.random.default_rng(4)
    table = {"series": np.repeat([f"S{number}" for number in range(300)], 36).tolist(), "date": months(36) * 300,
             "value": rng.normal(100, 10, 300 * 36).tolist()}
    suggested = sum("suggested_rebase" in one for one in spc(table).fields["series"])
    assert suggested <= 6  # two in a hundred


# --- series that end early, and chance ----------------------------------------------------------------------------


def test_series_that_end_before_the_others_are_named() -> None:
    answer = spc({"series": ["North"] * 14 + ["South"] * 10, "date": months(14) + months(10),
                  "value": [10, 11] * 12})
    assert "1 series ends before the last date (South): the latest point there is not the latest of the others." in (
        answer.remarks)
    level = spc({"series": ["North"] * 14 + ["South"] * 14, "date": months(14) * 2, "value": [10, 11] * 14})
    assert not any("before the last date" in remark for remark in level.remarks)


@pytest.mark.parametrize(("points", "any_point"), [(24, 0.18), (36, 0.29), (60, 0.47)])
def test_chance_alone_stands_out_as_often_as_the_method_says(points: int, any_point: float) -> None:
    # 2,000 steady series: the standard error of 0.18 is 0.009, of 0.47 0.011, of 0.016 0.003.
    rng = np.random.default_rng(7)
    charts = judged("xmr", rng.normal(size=2_000 * points), np.repeat(np.arange(2_000), points))
    stands_out = (charts.rule > 0).reshape(2_000, points)
    assert stands_out.any(axis=1).mean() == pytest.approx(any_point, abs=0.035)
    assert stands_out[:, -1].mean() == pytest.approx(0.016, abs=0.009)
    assert (charts.lines.upper < charts.lines.judged).mean() < 0.006  # beyond a limit alone
