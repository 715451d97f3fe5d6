"""The four rules, against a plain reading of them point by point."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.evaluate.charts import judged
from evenhand.stats import signals

SERIES = st.lists(st.lists(st.integers(-6, 6).map(float), min_size=1, max_size=30), min_size=1, max_size=4)


def plainly(values: list[float], lines: tuple[float, float, float]) -> list[tuple[str, int]]:
    """Each point's rule and direction by the words of the rules: mean, lower and upper limit are given."""
    mean, lower, upper = lines
    near_low, near_up = mean + (lower - mean) * 2 / 3, mean + (upper - mean) * 2 / 3
    sign = [(v > mean + 1e-9) - (v < mean - 1e-9) for v in values]
    out = [(v > upper + 1e-9) - (v < lower - 1e-9) for v in values]
    close = [not o and (v > near_up + 1e-9 or v < near_low - 1e-9) for v, o in zip(values, out, strict=True)]
    found = []
    for i in range(len(values)):
        if out[i]:
            found.append(("outside_limits", out[i]))
            continue
        trends = []
        for start in range(max(0, i - 6), min(i, len(values) - 7) + 1):
            steps = [float(np.sign(values[k + 1] - values[k])) for k in range(start, start + 6)]
            if abs(sum(steps)) == 6:
                trends.append(int(steps[0]))
        if trends:
            found.append(("trend", trends[-1]))
            continue
        windows = [range(s, s + 3) for s in range(max(0, i - 2), min(i, len(values) - 3) + 1)]
        if close[i] and any(sum(close[k] for k in w) >= 2 and abs(sum(sign[k] for k in w)) == 3 for w in windows):
            found.append(("two_of_three", sign[i]))
            continue
        runs = [range(s, s + 7) for s in range(max(0, i - 6), min(i, len(values) - 7) + 1)]
        found.append(("shift", sign[i]) if any(abs(sum(sign[k] for k in r)) == 7 for r in runs) else ("none", 0))
    return found


@given(SERIES)
def test_all_series_at_once_get_what_each_alone_would_by_the_words_of_the_rules(series: list[list[float]]) -> None:
    values = np.concatenate([np.array(one) for one in series])
    segment = np.repeat(np.arange(len(series)), [len(one) for one in series])
    found = judged("xmr", values, segment)
    start = 0
    for one in series:
        end = start + len(one)
        lines = (float(found.lines.centre[start]), float(found.lines.lower[start]), float(found.lines.upper[start]))
        got = [
            (signals.RULES[rule], int(way))
            for rule, way in zip(found.rule[start:end], found.direction[start:end], strict=True)
        ]
        assert got == plainly(one, lines)
        start = end


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40), st.booleans())
def test_limits_are_the_mean_and_its_moving_ranges_screened_once(values: list[float], screen: bool) -> None:
    found = judged("xmr", np.array(values), np.zeros(len(values), np.int64), screen=screen)
    ranges = [abs(a - b) for a, b in pairwise(values)]
    typical = sum(ranges) / len(ranges)
    kept = [each for each in ranges if each < 3.267 * typical] if screen else ranges
    typical = sum(kept) / len(kept) if kept else typical
    mean = sum(values) / len(values)
    scale = max(1.0, max(map(abs, values)))
    assert found.lines.centre[0] == pytest.approx(mean, abs=1e-9 * scale)
    assert found.lines.upper[0] == pytest.approx(mean + 2.66 * typical, abs=1e-8 * scale)


def test_two_trends_that_touch_keep_their_own_directions() -> None:
    values = np.array([1.0, 2, 3, 4, 5, 6, 7, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5])
    found = signals.find(values, np.zeros(14, np.int64), np.full(14, 4.0), (np.full(14, np.nan),) * 4)
    assert list(found.trend) == [1] * 14


def test_equal_neighbours_break_a_trend() -> None:
    values = np.array([1.0, 2, 3, 4, 4, 5, 6, 7])
    found = signals.find(values, np.zeros(8, np.int64), np.full(8, 4.0), (np.full(8, np.nan),) * 4)
    assert not found.trend.any()


def test_no_rule_looks_across_a_border() -> None:
    values = np.arange(8.0)
    found = signals.find(values, np.repeat([0, 1], 4), np.full(8, -1.0), (np.full(8, np.nan),) * 4)
    assert not found.trend.any()
    assert not found.shift.any()


def test_a_point_outside_counts_towards_two_of_three_in_the_excel_tool_alone() -> None:
    # Limits at ±3: one point beyond 3, the next beyond 2, both above the mean with a third.
    values, none = np.array([0.5, 3.5, 2.5]), np.zeros(3, np.int64)
    zones = tuple(np.full(3, each) for each in (-3.0, -2.0, 2.0, 3.0))
    middle = np.zeros(3)
    package = signals.find(values, none, middle, zones)
    excel = signals.find(values, none, middle, zones, pair_counts_outside=True)
    assert list(package.two_of_three) == [0, 0, 0]
    assert list(excel.two_of_three) == [0, 1, 1]


def test_where_rules_disagree_the_excel_tool_shows_the_improvement() -> None:
    # Seven falling points, all above the mean: a trend downwards and a shift upwards.
    values, none = np.array([17.0, 16, 15, 14, 13, 12, 11]), np.zeros(7, np.int64)
    found = signals.find(values, none, np.full(7, 10.0), (np.full(7, np.nan),) * 4)
    assert found.first(1)[1].tolist() == [-1] * 7
    assert found.first(1, improvement_wins=True)[1].tolist() == [1] * 7
    assert [signals.RULES[each] for each in found.first(1, improvement_wins=True)[0]] == ["shift"] * 7
