"""Which of many series have latest points that are more than their usual variation, and how surprising each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from evenhand.stats import control_limits, shrinkage, signals

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Flags: TypeAlias = NDArray[np.bool_]
    Counts: TypeAlias = NDArray[np.int64]

RECENT = 7
"""So many latest points are judged and set no limits: as many as make a shift or a trend."""
FEWEST_BASELINE = 13
"""A series with fewer points before its latest ones is left out."""
SURE_BASELINE = 20
"""Below so many points the limits are on trial (Provost and Murray 2011 ask for 20 to 30)."""
STILL = 0.5
"""A series that stood at one same figure in more of its baseline than this is too sparse for limits."""
_MOVING_RANGE_FREEDOM = 0.62
_NEVER_CERTAIN = 0.99


@dataclass(frozen=True)
class Looked:
    """Every series that was looked at (shape series unless said otherwise), and how many were not.

    ``points``, ``values`` and the lines lie end to end, a series from ``starts[i]`` on for ``lengths[i]``; ``month`` is
    the place of each on the panel's axis of months. ``rule`` (a place in ``signals.RULES``) and ``way`` are those of
    every point. ``exposure`` is the denominator, weighted by what all bodies did where they are set against others.
    """

    measure: Counts
    unit: Counts
    starts: Counts
    lengths: Counts
    month: Counts
    values: Floats
    exposure: Floats
    centre: Floats
    lower: Floats
    upper: Floats
    rule: NDArray[np.int8]
    way: NDArray[np.int8]
    baseline: Counts
    sigma: Floats
    p_value: Floats
    adjusted: Floats
    at: Counts
    too_short: int
    too_sparse: int
    ended: int


def looked_at(numerator: Floats, exposure: Floats, *, within: int, baseline: int | None) -> Looked | None:
    """Judge the latest points of every series against limits from the points before them.

    Limits are those of an XmR chart over the points before the latest seven; the rules are those of ``signals.find``.
    The p-value of a series joins the means of its latest 1 to 7 points, each against a t distribution, the single
    points ``within`` and the run of rises or falls at its end (2 / n! for n points): Cauchy's combination holds
    whatever their dependence. The standard deviation is the larger of that from moving ranges and the plain one, and
    means allow for what neighbouring months share (first-order autocorrelation), so that a series that drifts or has
    seasons is not called surprising for going on so. Values above nought must surprise on the scale of logarithms too,
    and counts against Poisson's distribution (the exact conditional test of two rates).

    Args:
        numerator: shape (measures, units, months), not a number where missing.
        exposure: as numerator; what a value is for.
        within: a rule broken at one of so many latest points is an alert.
        baseline: so many points at most before the latest seven set the limits; all where None.

    Returns:
        What was looked at, or nothing where no series is long enough. ``at`` is the latest point (its place in the
        flat arrays) that breaks a rule, -1 where none does.

    Source: Wheeler (1993); NHSRplotthedots 0.2.2; Przyborowski and Wilenski (1940), Biometrika 31: 313-323; Liu and Xie
    (2020), Journal of the American Statistical Association 115: 393-402; Benjamini and Hochberg (1995).
    """
    import numpy as np

    with np.errstate(invalid="ignore", divide="ignore"):
        there = np.isfinite(numerator) & (exposure > 0)
        value = np.where(there, numerator / exposure, np.nan)
    months = there.shape[2]
    held = there.sum(axis=2)
    last = np.where(held > 0, months - 1 - np.argmax(there[:, :, ::-1], axis=2), -1)
    newest = last.max(axis=1, keepdims=True)
    some = held > 0
    ended = some & (last <= newest - within)
    too_short = some & ~ended & (held < FEWEST_BASELINE + RECENT)
    candidates = np.argwhere(some & ~ended & ~too_short)
    if not len(candidates):
        return None
    measure, unit = candidates[:, 0], candidates[:, 1]
    series = _Flat.of(value[measure, unit], numerator[measure, unit], exposure[measure, unit], there[measure, unit],
                      baseline)
    still = series.stillness() > STILL
    too_sparse = int(still.sum())
    if still.all():
        return None
    if too_sparse:
        measure, unit = measure[~still], unit[~still]
        series = _Flat.of(value[measure, unit], numerator[measure, unit], exposure[measure, unit],
                          there[measure, unit], baseline)
    segments = control_limits.Segments(series.starts, series.is_baseline)
    centre, sigma = control_limits.individuals(series.values, segments)
    zones = (centre - 3 * sigma, centre - 2 * sigma, centre + 2 * sigma, centre + 3 * sigma)
    broken = signals.find(series.values, series.segment, centre, zones)
    rule, way = broken.first()
    p_value = _joined(_surprises(series, segments, within))
    ends = series.starts + series.lengths - 1
    latest = ends[:, None] - np.arange(within)
    hit = rule[latest] != 0
    at = np.where(hit.any(axis=1), ends - np.argmax(hit, axis=1), -1)
    return Looked(measure, unit, series.starts, series.lengths, series.month, series.values, series.exposure, centre,
                  zones[0], zones[3], rule, way, series.baseline_points, sigma[series.starts], p_value,
                  shrinkage.false_discovery(p_value), at, int(too_short.sum()), too_sparse, int(ended.sum()))


@dataclass(frozen=True)
class _Flat:
    """Series end to end, without their missing months."""

    starts: Counts
    lengths: Counts
    segment: Counts
    month: Counts
    values: Floats
    counts: Floats
    exposure: Floats
    is_baseline: Flags

    @classmethod
    def of(cls, value: Floats, numerator: Floats, exposure: Floats, there: Flags, baseline: int | None) -> _Flat:
        import numpy as np

        lengths = there.sum(axis=1)
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        segment, month = np.nonzero(there)
        from_end = np.repeat(lengths, lengths) - 1 - (np.arange(len(segment)) - np.repeat(starts, lengths))
        counted = from_end >= RECENT
        if baseline is not None:
            counted &= from_end < RECENT + baseline
        return cls(starts, lengths, segment, month, value[there], numerator[there], exposure[there], counted)

    @property
    def baseline_points(self) -> Counts:
        import numpy as np

        return np.asarray(np.add.reduceat(self.is_baseline.astype(np.int64), self.starts))

    def over_baseline(self, values: Floats) -> Floats:
        """Sum over the baseline of each series."""
        import numpy as np

        return np.asarray(np.add.reduceat(np.where(self.is_baseline, values, 0.0), self.starts))

    def stillness(self) -> Floats:
        """The share of each baseline that stands at its own middle figure: more than half only where one repeats."""
        import numpy as np

        segments = control_limits.Segments(self.starts, self.is_baseline)
        with np.errstate(invalid="ignore"):
            same = np.isclose(self.values, segments.spread(segments.median(self.values)), rtol=1e-12, atol=0)
        return self.over_baseline(same.astype(float)) / self.baseline_points

    def latest(self, values: Floats) -> Floats:
        """The latest points, newest first (shape series, RECENT)."""
        import numpy as np

        return np.asarray(values[(self.starts + self.lengths - 1)[:, None] - np.arange(RECENT)])


def _surprises(series: _Flat, segments: control_limits.Segments, within: int) -> Floats:
    """The p-value of each look at the end of each series (shape series, looks)."""
    import numpy as np
    from scipy.special import bdtr, bdtrc, gamma

    found = _by_means(series, segments, series.values, within)
    positive = np.minimum.reduceat(series.values, series.starts) > 0
    if positive.any():
        logs = np.log(np.where(np.repeat(positive, series.lengths), series.values, 1.0))
        found = np.where(positive[:, None], np.fmax(found, _by_means(series, segments, logs, within)), found)
    newest = series.latest(series.values)
    whole = np.add.reduceat((series.counts % 1 != 0).astype(float), series.starts) == 0
    if whole.any():
        events, chances = series.latest(series.counts), series.latest(series.exposure)
        own = np.concatenate([np.cumsum(events, axis=1), events[:, 1:within]], axis=1)
        for_ = np.concatenate([np.cumsum(chances, axis=1), chances[:, 1:within]], axis=1)
        total = (own + series.over_baseline(series.counts)[:, None]).astype(np.int64)
        share = for_ / (for_ + series.over_baseline(series.exposure)[:, None])
        low, high = bdtr(own, total, share), np.where(own > 0, bdtrc(own - 1, total, share), 1.0)
        exact = np.minimum(2 * np.minimum(low, high), 1.0)
        found = np.where(whole[:, None], np.fmax(found, exact), found)
    step = np.sign(newest[:, :-1] - newest[:, 1:])
    run = np.cumprod((step == step[:, :1]) & (step != 0), axis=1).sum(axis=1)
    monotone = np.where(run > 0, 2 / gamma(run + 2.0), 1.0)
    return np.asarray(np.concatenate([found, monotone[:, None]], axis=1))


def _by_means(series: _Flat, segments: control_limits.Segments, values: Floats, within: int) -> Floats:
    """The means of the latest points against t distributions (shape series, looks)."""
    import numpy as np
    from scipy.special import stdtr

    centre, moving = (each[series.starts] for each in control_limits.individuals(values, segments))
    n = series.baseline_points.astype(float)
    off = values - np.repeat(centre, series.lengths)
    squares = series.over_baseline(off**2)
    plain = np.sqrt(squares / (n - 1))
    spread = np.maximum(moving, plain)
    freedom = np.where(moving > plain, _MOVING_RANGE_FREEDOM, 1.0) * (n - 1)
    pairs = np.zeros(len(off))
    both = series.is_baseline[1:] & series.is_baseline[:-1] & (series.segment[1:] == series.segment[:-1])
    pairs[1:] = np.where(both, off[1:] * off[:-1], 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        alike = np.clip(np.nan_to_num(np.add.reduceat(pairs, series.starts) / squares), 0.0, 0.9)
    points, steps = np.arange(1, RECENT + 1), np.arange(1, RECENT)
    shared = 1 + 2 * (np.maximum(1 - steps / points[:, None], 0) * alike[:, None, None] ** steps).sum(axis=2)
    newest = series.latest(values)
    means = np.concatenate([np.cumsum(newest, axis=1) / points, newest[:, 1:within]], axis=1)
    variance = np.concatenate([shared / points, np.ones((len(n), within - 1))], axis=1)
    variance = variance + ((1 + alike) / (1 - alike) / n)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.abs(means - centre[:, None]) / (spread[:, None] * np.sqrt(variance))
    return np.asarray(2 * stdtr(freedom[:, None], -np.nan_to_num(t, nan=0.0, posinf=np.inf)))


def _joined(p_values: Floats) -> Floats:
    """One p-value from several that lean on each other (shape series): Cauchy's combination, in equal parts."""
    import numpy as np

    p = np.minimum(p_values, _NEVER_CERTAIN)
    # tan((1/2 - p) pi) is 1 / (p pi) where p is too small for the sum to see.
    small = p < 1e-12
    each = np.where(small, 1 / (np.maximum(p, 1e-300) * np.pi), np.tan((0.5 - np.where(small, 0.5, p)) * np.pi))
    total = each.mean(axis=1)
    with np.errstate(divide="ignore"):
        return np.asarray(np.where(total > 1e12, 1 / (total * np.pi), 0.5 - np.arctan(total) / np.pi))
