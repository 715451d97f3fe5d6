"""Where a person might start the limits of a chart afresh: suggested with its date, never done.

There is no formula for it; it is a judgement that the process has changed for good and why (Making Data Count). What
can be worked out is where the level of the last stretch moved most, and whether it has stayed there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LEAST = 8
"""Points on each side of the date: fewer show no level."""
APART = 2.0
"""Usual deviations (mean moving range over 1.128) between the two levels, at the least."""
MOST_SERIES = 500
"""More series than this are not searched: nobody judges so many dates by hand."""


def suggested(points: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The date from which the level of the last stretch moved and stayed, or ``None``.

    The split into two levels that leaves the least sum of squares (Hinkley 1970, Inference about the change-point in a
    sequence of random variables, Biometrika 57(1): 1-17), if each side has 8 points or more, the levels lie two usual
    deviations apart, the later points break a rule of the chart, and two levels fit better than one straight line:
    what drifts has no date. Gives ``date``, ``before`` and ``after`` (the two means) and ``points`` since.
    """
    import numpy as np

    last = points[-1]["segment"]
    own = [point for point in points if point["segment"] == last]
    values = np.array([point["value"] for point in own], dtype=float)
    count = len(values)
    if count < 2 * LEAST:
        return None
    # Dates nearer the ends are tried too, so that a few points of a new level are not taken for more.
    places = np.arange(2, count - 1)
    sums, squares = np.cumsum(values), float((values**2).sum())
    left, right = sums[places - 1] / places, (sums[-1] - sums[places - 1]) / (count - places)
    spread = squares - places * left**2 - (count - places) * right**2
    best = int(np.argmin(spread))
    at, before, after = int(places[best]), float(left[best]), float(right[best])
    if not LEAST <= at <= count - LEAST:
        return None
    within = np.abs(np.diff(values))
    usual = float(np.delete(within, at - 1).mean()) / 1.128
    if abs(after - before) < APART * usual or after == before:
        return None
    time = np.arange(count) - (count - 1) / 2
    line = float((values * time).sum() / (time**2).sum())
    drift = float(((values - values.mean() - line * time) ** 2).sum())
    if drift <= float(spread[best]) or not any(point["rule"] != "none" for point in own[at:]):
        return None
    return {"date": own[at]["date"], "before": before, "after": after, "points": count - at}
