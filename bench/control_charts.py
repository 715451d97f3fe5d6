"""Control charts for every series of a country: 650,000 series of 60 points. To be 50 times as fast as a loop over
series in pandas, with the same rules found.

The series are judged in blocks, so that memory stays bounded; the loop is run on a sample, times as many as there are.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench.measurement import Measurement
from evenhand.evaluate.charts import judged
from evenhand.stats.signals import RULES

SERIES, POINTS, BLOCK, SAMPLE = 650_000, 60, 50_000, 300


def block(number: int, series: int = BLOCK) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Invented series end to end, one in ten with a step half-way, and the series each point belongs to."""
    rng = np.random.default_rng(number)
    values = rng.normal(100, 10, size=(series, POINTS))
    values[::10, POINTS // 2:] += 12
    return values.ravel(), np.repeat(np.arange(series), POINTS)


def by_loop(values: pd.Series) -> list[str]:
    """One series by the same rules, as an analyst writes it in pandas."""
    moving = values.diff().abs()
    kept = moving[moving < 3.267 * moving.mean()]
    mean, reach = values.mean(), kept.mean()
    upper, lower = mean + 2.66 * reach, mean - 2.66 * reach
    high, low = mean + 2.66 * 2 / 3 * reach, mean - 2.66 * 2 / 3 * reach
    side = np.sign(values - mean)
    outside = (values > upper) | (values < lower)
    run = (side != side.shift()).cumsum()
    shift = run.groupby(run).transform("size") >= 7
    step = np.sign(values.diff())
    rising = (step != step.shift()).cumsum()
    long = (rising.groupby(rising).transform("size") >= 6) & (step != 0) & step.notna()
    trend = long | long.shift(-1, fill_value=False)
    far = ((values > high) | (values < low)) & ~outside
    pair = (far.rolling(3).sum() >= 2) & (side.rolling(3).sum().abs() == 3)
    any_pair = pair | pair.shift(-1, fill_value=False) | pair.shift(-2, fill_value=False)
    found = np.select([outside, trend, any_pair & far, shift & (side != 0)],
                      ["outside_limits", "trend", "two_of_three", "shift"], "none")
    return list(found)


def every_series() -> Measurement:
    """All series by us; a sample by the loop, which must find the same."""
    values, series = block(0, SAMPLE)
    frame = pd.DataFrame({"series": series, "value": values})
    judged("xmr", values, series)
    start = time.process_time()
    looped = [found for _, own in frame.groupby("series")["value"] for found in by_loop(own)]
    loop = (time.process_time() - start) / SAMPLE
    same = [RULES[each] for each in judged("xmr", values, series).rule] == looped
    assert same, "the loop finds other rules"
    taken = 0.0
    for number in range(SERIES // BLOCK):
        values, series = block(number)
        start = time.process_time()
        judged("xmr", values, series)
        taken += time.process_time() - start
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"control charts: {SERIES / taken:,.0f} series a second, {most:.1f} GiB at the most", file=sys.stderr)
    return Measurement(f"control charts, {SERIES:,} series of {POINTS}", taken, loop * SERIES,
                       f"a loop over series in pandas ({SAMPLE} series, times {SERIES / SAMPLE:,.0f}); same rules")
