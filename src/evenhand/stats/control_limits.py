"""The centre and the limits of a control chart, for any number of series at once.

Points lie end to end in flat arrays, as in ``signals``. Everything is arithmetic on arrays: no loop over series.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Chart = Literal["xmr", "run", "p", "u", "c", "t", "g"]

LIMIT = 2.66
"""Three standard deviations in mean moving ranges: 3 / 1.128 (Wheeler 1993, Understanding Variation)."""
SCREEN = 3.267
"""A moving range this many times the mean one is no usual variation (D4 for two points; Nelson 1982)."""
TO_NEAR_NORMAL = 1 / 3.6
"""The power that makes times between events nearly normal (Nelson 1994, A control chart for parts-per-million
nonconforming items, Journal of Quality Technology 26(3): 239-240)."""


@dataclass(frozen=True)
class Lines:
    """The lines of a chart, at every point (each shape points; not a number where there is no such line).

    ``centre``, ``lower`` and ``upper`` are on the scale that is drawn. ``zones`` (lower, lower two-thirds, upper
    two-thirds, upper), ``judged`` and ``middle`` are on the scale the rules are applied on: the values themselves,
    but for the t chart, where they are transformed.
    """

    centre: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    judged: NDArray[np.float64]
    middle: NDArray[np.float64]
    zones: tuple[NDArray[np.float64], ...]


@dataclass(frozen=True)
class Segments:
    """Where each stretch of points begins, and which of its points the limits are taken from.

    ``starts`` has one place a segment (the first is 0); ``baseline`` says of each point whether it counts.
    """

    starts: NDArray[np.int64]
    baseline: NDArray[np.bool_]

    @classmethod
    def of(cls, segment: NDArray[np.int64], baseline_points: int | None = None) -> Segments:
        """From the number of each point's segment (shape points, rising) and how many of its first points count."""
        import numpy as np

        starts = np.concatenate(([0], np.flatnonzero(segment[1:] != segment[:-1]) + 1))
        if baseline_points is None:
            return cls(starts, np.ones(len(segment), bool))
        lengths = np.diff(np.concatenate((starts, [len(segment)])))
        place = np.arange(len(segment)) - np.repeat(starts, lengths)
        return cls(starts, place < baseline_points)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Points in each segment (shape segments)."""
        import numpy as np

        return np.diff(np.concatenate((self.starts, [len(self.baseline)])))

    def spread(self, each: NDArray[np.float64]) -> NDArray[np.float64]:
        """A figure for each segment, set at every one of its points."""
        import numpy as np

        return np.asarray(np.repeat(each, self.lengths))

    def total(self, values: NDArray[np.float64], counted: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Sum over the counted points of each segment (shape segments)."""
        import numpy as np

        return np.asarray(np.add.reduceat(np.where(counted, values, 0.0), self.starts))

    def mean(self, values: NDArray[np.float64], counted: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Mean over the counted points of each segment, taken twice so that rounding does not show."""
        import numpy as np

        number = np.add.reduceat(counted.astype(float), self.starts)
        with np.errstate(invalid="ignore", divide="ignore"):
            first = self.total(values, counted) / number
            rest = self.total(values - self.spread(first), counted) / number
        return np.asarray(first + rest)

    def median(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Median over the baseline of each segment (shape segments)."""
        import numpy as np

        segment = np.repeat(np.arange(len(self.starts)), self.lengths)[self.baseline]
        kept = values[self.baseline]
        order = np.lexsort((kept, segment))
        number = np.bincount(segment, minlength=len(self.starts))
        begins = np.concatenate(([0], np.cumsum(number)[:-1]))
        ranked = kept[order]
        return np.asarray((ranked[begins + (number - 1) // 2] + ranked[begins + number // 2]) / 2)


def lines(chart: Chart, values: NDArray[np.float64], sizes: NDArray[np.float64] | None, segments: Segments, *,
          screen: bool = True) -> Lines:
    """The lines of a chart of any kind.

    Args:
        chart: which kind.
        values: what is plotted (shape points): the value for xmr and run; the share or rate for p and u; the count for
            c; time between events for t; cases between events for g.
        sizes: the denominators for p and u (shape points), in the units of the rate.
        segments: the stretches and their baselines.
        screen: whether large moving ranges are set aside, once (xmr and t).
    """
    import numpy as np

    nothing = np.full(len(values), np.nan)
    if chart == "run":
        middle = segments.spread(segments.median(values))
        return Lines(middle, nothing, nothing, values, middle, (nothing,) * 4)
    if chart == "xmr":
        return _symmetric(values, *individuals(values, segments, screen=screen))
    if chart == "t":
        transformed = values**TO_NEAR_NORMAL
        found = _symmetric(transformed, *individuals(transformed, segments, screen=screen))
        # Below nought on the transformed scale there is no lower limit: no time between events is shorter than none.
        lower = np.where(found.lower > 0, found.lower, np.nan)
        power = 1 / TO_NEAR_NORMAL
        return Lines(found.centre**power, lower**power, found.upper**power, transformed, found.middle,
                     (lower, *found.zones[1:]))
    if chart == "g":
        return between_events(values, segments)
    return counts(chart, values, sizes, segments)


def individuals(values: NDArray[np.float64], segments: Segments, *, screen: bool = True
                ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and a third of the way to the limits of an XmR chart (both shape points).

    The limits are mean ± 2.66 times the mean moving range; with ``screen``, moving ranges of 3.267 times their mean or
    more are set aside once and their mean is taken again. Where all would be set aside (a series that never moves),
    none is. A single point has no moving range, and so no limits.

    Source: Wheeler (1993) Understanding Variation; Nelson (1982) Control charts for individual measurements, Journal
    of Quality Technology 14(3): 172-173; NHSRplotthedots 0.2.2.
    """
    import numpy as np

    baseline = segments.baseline
    mean = segments.spread(segments.mean(values, baseline))
    ranges = np.zeros(len(values))
    ranges[1:] = np.abs(values[1:] - values[:-1])
    counted = baseline.copy()
    counted[1:] &= baseline[:-1]
    counted[segments.starts] = False
    typical = segments.mean(ranges, counted)
    if screen:
        usual = counted & (ranges < SCREEN * segments.spread(typical))
        again = segments.mean(ranges, usual)
        typical = np.where(np.isnan(again), typical, again)
    return mean, LIMIT / 3 * segments.spread(typical)


def _symmetric(values: NDArray[np.float64], centre: NDArray[np.float64], sigma: NDArray[np.float64]) -> Lines:
    # Two thirds of the limit, as the published rules say it, not two rounded standard deviations.
    zones = (centre - 3 * sigma, centre - 2 * sigma, centre + 2 * sigma, centre + 3 * sigma)
    return Lines(centre, zones[0], zones[3], values, centre, zones)


def counts(chart: Chart, values: NDArray[np.float64], sizes: NDArray[np.float64] | None, segments: Segments) -> Lines:
    """Charts of shares (p), rates (u) and counts (c): limits from the binomial or the Poisson distribution.

    p: p̄ ± 3 √(p̄ (1 - p̄) / nᵢ); u: ū ± 3 √(ū / nᵢ); c: c̄ ± 3 √c̄. The centre is all events over all chances, not a
    mean of shares. A limit beyond what can be (below 0, above a share of 1) is left out.

    Source: Montgomery (2013) Introduction to Statistical Quality Control, 7th edition, section 7.2 (p), equations 7.17
    (c) and 7.19 (u).
    """
    import numpy as np

    weights = np.ones(len(values)) if sizes is None else sizes
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = segments.spread(segments.total(values * weights, segments.baseline)
                                 / segments.total(weights, segments.baseline))
        variance = centre * (1 - centre) if chart == "p" else centre
        sigma = np.sqrt(np.maximum(variance, 0) / weights)
        zones = [centre + step * sigma for step in (-3, -2, 2, 3)]
        zones[:2] = [np.where(zone < 0, np.nan, zone) for zone in zones[:2]]
        if chart == "p":
            zones[2:] = [np.where(zone > 1, np.nan, zone) for zone in zones[2:]]
    return Lines(centre, zones[0], zones[3], values, centre, tuple(zones))


def half_below(mean: float) -> float:
    """The median of a geometric distribution with this mean, between whole numbers; the mean itself where it is nought.

    Source: ln 0.5 / ln(mean / (mean + 1)) - 1, as ``between_events`` has it.
    """
    return max(0.0, log(0.5) / log(mean / (mean + 1)) - 1) if mean > 0 else mean


def between_events(values: NDArray[np.float64], segments: Segments) -> Lines:
    """The g chart: cases (or days) between rare events, from the geometric distribution.

    Mean ḡ ± 3 √(ḡ (ḡ + 1)); the lower limit is never above nought, so there is none. The distribution leans to one
    side: a shift is judged against its median, below the mean, so that chance puts as many points on either side.

    Source: Benneyan (2001) Number-between g-type statistical quality control charts for monitoring adverse events,
    Health Care Management Science 4: 305-318. The median of a geometric distribution with this mean is
    ln 0.5 / ln(ḡ / (ḡ + 1)) - 1, between whole numbers.
    """
    import numpy as np

    mean = segments.mean(values, segments.baseline)
    middle = np.array([half_below(float(each)) for each in mean])
    centre = segments.spread(mean)
    upper = centre + 3 * np.sqrt(centre * (centre + 1))
    nothing = np.full(len(values), np.nan)
    return Lines(centre, nothing, upper, values, segments.spread(middle), (nothing, nothing, nothing, upper))
