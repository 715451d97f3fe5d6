"""Which points of a series are more than its usual variation: four rules, on any number of series at once.

Points lie end to end in flat arrays; ``segment`` (shape points) numbers the stretch each belongs to, rising by one
where a series or a new baseline begins. No rule looks across a border.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Rule = Literal["none", "outside_limits", "trend", "two_of_three", "shift"]
RULES: tuple[Rule, ...] = ("none", "outside_limits", "trend", "two_of_three", "shift")
"""In order of precedence after ``none``; an array of rules holds their places here."""


@dataclass(frozen=True)
class Signals:
    """For each rule, the direction in which it is broken at each point: 1 up, -1 down, 0 not (shape points, int8)."""

    outside_limits: NDArray[np.int8]
    trend: NDArray[np.int8]
    two_of_three: NDArray[np.int8]
    shift: NDArray[np.int8]

    def first(self, improvement: int = 0, *, improvement_wins: bool = False
              ) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
        """The rule that names each point (its place in ``RULES``) and its direction.

        The first in order of precedence. Where ``improvement_wins``, a rule that points the way of ``improvement``
        (1 or -1) comes before one that points the other way, as in the Making Data Count single chart tool.
        """
        import numpy as np

        rule = np.zeros(len(self.shift), np.int8)
        direction = np.zeros(len(self.shift), np.int8)
        broken = (self.outside_limits, self.trend, self.two_of_three, self.shift)
        for place in range(len(broken), 0, -1):
            hit = broken[place - 1] != 0
            rule[hit] = place
            direction[hit] = broken[place - 1][hit]
        if improvement_wins and improvement:
            for place in range(len(broken), 0, -1):
                hit = broken[place - 1] == improvement
                rule[hit] = place
                direction[hit] = improvement
        return rule, direction


def sides(values: NDArray[np.float64], centre: NDArray[np.float64]) -> NDArray[np.int8]:
    """On which side of the centre each point lies: 1 above, -1 below, 0 on it (or no centre).

    A difference that only rounding makes (a few units in the last place) counts as none, so that a series of equal
    values lies on its mean.
    """
    import numpy as np

    with np.errstate(invalid="ignore"):
        gap = values - centre
        gap = np.where(np.abs(gap) <= rounding(values, centre), 0.0, gap)
    return np.asarray(np.nan_to_num(np.sign(gap)), dtype=np.int8)


def rounding(values: NDArray[np.float64], limits: NDArray[np.float64]) -> NDArray[np.float64]:
    """The difference that arithmetic in double precision alone can make (shape points)."""
    import numpy as np

    return np.asarray(8 * np.finfo(float).eps * np.fmax(np.abs(values), np.abs(limits)))


def find(values: NDArray[np.float64], segment: NDArray[np.int64], centre: NDArray[np.float64],
         zones: tuple[NDArray[np.float64], ...], *, shift: int = 7, trend: int = 7,
         pair_counts_outside: bool = False) -> Signals:
    """Apply the four rules of NHS England's Making Data Count.

    Args:
        values: what is judged, on the scale of the limits (shape points).
        segment: the stretch each point belongs to (shape points, rising).
        centre: the line that a shift is judged against (shape points).
        zones: lower limit, lower two-thirds line, upper two-thirds line, upper limit (each shape points; not a
            number where there is none).
        shift: so many points in a row on one side of the centre; 0 leaves the rule out.
        trend: so many points in a row each above, or each below, the one before; equal values break it.
        pair_counts_outside: whether a point outside the limits counts as one of two in three (it does in the single
            chart tool since December 2023; it does not in NHSRplotthedots).

    Source:
        NHSRplotthedots 0.2.2 (NHS-R community, 2025), whose rules these are point for point, with one departure: the
        last point of a trend that touches another trend keeps the direction of its own run.
    """
    import numpy as np

    lower, near_lower, near_upper, upper = zones
    side = sides(values, centre)
    with np.errstate(invalid="ignore"):
        above = (values - upper) > rounding(values, upper)
        below = (lower - values) > rounding(values, lower)
        outside = above.astype(np.int8) - below.astype(np.int8)
        far = ((values - near_upper) > rounding(values, near_upper)).astype(np.int8)
        far -= ((near_lower - values) > rounding(values, near_lower)).astype(np.int8)
    close = far if pair_counts_outside else np.where(outside == 0, far, np.int8(0))
    return Signals(outside, _trend(values, segment, trend), _two_of_three(close, side, segment),
                   runs(side, segment, shift))


def runs(side: NDArray[np.int8], segment: NDArray[np.int64], least: int | NDArray[np.int64]) -> NDArray[np.int8]:
    """Points in a run of at least ``least`` on one side: the side they lie on, else 0 (shape points).

    A point on the line ends a run. ``least`` may differ by point; where it is 0 nothing is marked.
    """
    import numpy as np

    if not len(side):
        return side
    length = _run_lengths(side, segment)
    long_enough = (length >= least) & (np.asarray(least) > 0)
    return np.where(long_enough, side, np.int8(0))


def _run_lengths(signs: NDArray[np.int8], segment: NDArray[np.int64]) -> NDArray[np.int64]:
    """The length of the run of equal signs within its segment that each place belongs to."""
    import numpy as np

    breaks = np.flatnonzero((signs[1:] != signs[:-1]) | (segment[1:] != segment[:-1])) + 1
    starts = np.concatenate(([0], breaks))
    lengths = np.diff(np.concatenate((starts, [len(signs)])))
    return np.asarray(np.repeat(lengths, lengths))


def _trend(values: NDArray[np.float64], segment: NDArray[np.int64], points: int) -> NDArray[np.int8]:
    import numpy as np

    found = np.zeros(len(values), np.int8)
    if len(values) < 2 or points < 2:
        return found
    within = segment[1:] == segment[:-1]
    step = np.where(within, np.sign(values[1:] - values[:-1]), 0).astype(np.int8)
    long_enough = runs(step, np.zeros(len(step), np.int64), points - 1)
    # A step lies between two points: it marks both, and where a trend turns the later run names the shared point.
    found[1:] = long_enough
    found[:-1] = np.where(long_enough != 0, long_enough, found[:-1])
    return found


def _two_of_three(close: NDArray[np.int8], side: NDArray[np.int8], segment: NDArray[np.int64]) -> NDArray[np.int8]:
    import numpy as np

    found = np.zeros(len(close), bool)
    if len(close) < 3:
        return found.astype(np.int8)
    one_side = (side[:-2] == side[1:-1]) & (side[1:-1] == side[2:]) & (side[1:-1] != 0) & (segment[:-2] == segment[2:])
    is_close = close != 0
    pair = one_side & (is_close[:-2].astype(np.int8) + is_close[1:-1] + is_close[2:] >= 2)
    found[:-2] |= pair
    found[1:-1] |= pair
    found[2:] |= pair
    return np.where(found & is_close, side, np.int8(0))
