"""The arithmetic of gaps: value, benchmark, difference with its range, shrinkage, rank and trend, for every body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from evenhand.find import benchmarks, gap_lasting, variation
from evenhand.find.benchmarks import Against, Benchmark
from evenhand.stats import intervals, shrinkage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Flags: TypeAlias = NDArray[np.bool_]
    Counts: TypeAlias = NDArray[np.int64]

MONTHS_IN_A_YEAR = 12
LEAST_SHARE_OF_MONTHS = 0.5
"""A body with figures for fewer of the months than this is left out of the comparison."""


@dataclass(frozen=True)
class Question:
    """What is asked of a block of figures.

    ``stock`` and ``low_is_good`` have the shape (measures,), ``allowed`` and ``peers`` (measures, units): bodies that
    may be compared, and those named as peers. ``worth`` is the least share of the benchmark that counts as a gap.
    """

    stock: Flags
    low_is_good: Flags
    allowed: Flags
    peers: Flags
    against: Against
    per: float
    confidence: float
    worth: float = 0.02


@dataclass(frozen=True)
class GapSums:
    """Every measure and body; shape (measures, units) unless said otherwise, not a number where nothing is held.

    ``value`` and ``benchmark`` are per ``per`` of the denominator, over a year for a stock; ``gap`` is in numerator
    units a year, above 0 where the body is on the worse side; ``trend`` is the change of the value in a year;
    ``likely`` how likely a gap of some size is there and lasts (see ``gap_lasting``).
    """

    months: Counts
    numerator: Floats
    denominator: Floats
    value: Floats
    value_low: Floats
    value_high: Floats
    benchmark: Benchmark
    gap: Floats
    gap_low: Floats
    gap_high: Floats
    p_value: Floats
    shrunk_value: Floats
    shrunk_gap: Floats
    own_share: Floats
    lumps: Floats
    compared: Flags
    rank: Counts
    of: Counts
    worse_months: Counts
    lately_worse: Flags
    trend: Floats
    trend_p: Floats
    benchmark_trend: Floats
    monthly: Floats
    leaning: Floats
    likely: Floats


def gaps_of(numerator: Floats, denominator: Floats, question: Question, *,
            history: tuple[Floats, Floats] | None = None, before: tuple[Floats, Floats] | None = None) -> GapSums:
    """Set every body against the benchmark of each measure.

    The value is ``sum(N) / sum(D)``, times 12 for a stock: a year's numerator over the mean denominator. Its limits are
    those of a total that comes in lumps (see ``variation``), for shares Wilson's with the whole divided by the
    dispersion. The limits of the difference join those of the value and of the benchmark (Newcombe 1998; Zou and
    Donner 2008). Shrinkage is Marshall's (1991), towards the middle of the compared bodies.

    Args:
        numerator: shape (measures, units, months), not a number where missing.
        denominator: as numerator, above 0.
        question: what is asked.
        history: numerator and denominator of the months from which to learn how figures move, where the months asked
            about are too few: at least these, shape (measures, units, more months).
        before: numerator and denominator of the year before, where it is held: it tells what lasts.
    """
    import numpy as np

    there = np.isfinite(numerator)
    months = there.sum(axis=2)
    n = np.where(there, numerator, 0.0).sum(axis=2)
    d = np.where(there, denominator, 0.0).sum(axis=2)
    held = months > 0
    compared = held & question.allowed & (months >= LEAST_SHARE_OF_MONTHS * numerator.shape[2])
    with np.errstate(invalid="ignore"):
        shares = ~question.stock & ~(numerator > denominator).any(axis=(1, 2))
        counts = np.asarray(~((numerator % 1) > 0).any(axis=(1, 2)))
    scale = question.per * np.where(question.stock, float(MONTHS_IN_A_YEAR), 1.0)
    learnt_from = (numerator, denominator) if history is None else history
    moved = variation.month_to_month(*learnt_from, shares=shares, counts=counts, compared=compared, months=months)
    reaches = variation.reach(moved.freedom, question.confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = scale[:, None] * n / d
        monthly = scale[:, None, None] * numerator / denominator
        low, high = _value_limits(n, d, shares, moved.dispersion, reaches, scale)
        part = np.where(shares[:, None], 1 - n / d, 1.0)
    mark = _benchmark(numerator, denominator, value, monthly, compared, question, scale,
                      moved.dispersion * n * part)
    # From a difference in value to units of the numerator in a year.
    with np.errstate(divide="ignore", invalid="ignore"):
        yearly = np.where(question.stock, 1, MONTHS_IN_A_YEAR)[:, None] / question.per
        size = np.where(held, d / months * yearly, np.nan)
    sign = np.where(question.low_is_good, 1.0, -1.0)[:, None]
    span = intervals.difference(value, (low, high), mark.value[:, None], (mark.low[:, None], mark.high[:, None]))
    off = value - mark.value[:, None]
    ends = np.sort(np.stack([sign * span[0], sign * span[1]]), axis=0) * size
    shrunk = _shrunk(value, n, d, compared, shares, moved.dispersion, scale)
    rank, of = _ranks(value, compared)
    own, bench = sign[:, :, None] * monthly, (sign * mark.monthly)[:, None, :]
    with np.errstate(invalid="ignore"):
        worse = own > bench
    trend, trend_p = trends(monthly)
    likely = _likely(n, d, compared, moved.dispersion, shares, counts, mark, scale, question, before)
    return GapSums(
        months, np.where(held, n, np.nan), np.where(held, d, np.nan), value, low, high, mark, sign * off * size,
        ends[0], ends[1], _p_values(off, span, reaches, moved.freedom, question.confidence), shrunk.values,
        sign * (shrunk.values - mark.value[:, None]) * size, shrunk.own_share,
        np.where(held, n / moved.dispersion, np.nan), compared, rank, of, worse.sum(axis=2),
        _lately(worse, there), trend, trend_p, trends(mark.monthly[:, None, :])[0][:, 0], monthly,
        moved.leaning, likely)


def _likely(n: Floats, d: Floats, compared: Flags, dispersion: Floats, shares: Flags, counts: Flags, mark: Benchmark,
            scale: Floats, question: Question, before: tuple[Floats, Floats] | None) -> Floats:
    """How likely a gap is there and lasts, by this year and the year before."""
    import numpy as np

    low = question.low_is_good
    years = [gap_lasting.year_of(n, d, dispersion, compared, shares=shares, low_is_good=low)]
    if before is not None:
        there = np.isfinite(before[0])
        held = question.allowed & (there.sum(axis=2) >= LEAST_SHARE_OF_MONTHS * there.shape[2])
        moved = variation.month_to_month(*before, shares=shares, counts=counts, compared=held)
        top, under = (np.where(held, np.where(there, each, 0.0).sum(axis=2), np.nan) for each in before)
        years.append(gap_lasting.year_of(top, under, moved.dispersion, held, shares=shares, low_is_good=low))
    reach = intervals.normal_quantile(question.confidence)
    with np.errstate(invalid="ignore"):
        error = (mark.high - mark.low) / (2 * reach) / scale
    return gap_lasting.odds(gap_lasting.lasting(years), years[0], mark.value / scale, error, question.worth,
                            low_is_good=low)


def _value_limits(n: Floats, d: Floats, shares: Flags, dispersion: Floats, reaches: Floats,
                  scale: Floats) -> tuple[Floats, Floats]:
    import numpy as np

    low, high = variation.total_interval(n, dispersion, reaches)
    part_low, part_high = intervals.wilson(n / dispersion, d / dispersion, z=reaches)
    as_share = shares[:, None]
    return (np.where(as_share, part_low, low / d) * scale[:, None],
            np.where(as_share, part_high, high / d) * scale[:, None])


def _benchmark(numerator: Floats, denominator: Floats, value: Floats, monthly: Floats, compared: Flags,
               question: Question, scale: Floats, variance: Floats) -> Benchmark:
    import numpy as np

    if question.against == "national":
        return benchmarks.together(numerator, denominator, compared, scale=scale, variance=variance,
                                   confidence=question.confidence)
    chosen = compared & question.peers if question.against == "peers" else compared
    best = np.where(question.low_is_good, 0.1, 0.9)
    share = best if question.against == "best-decile" else np.full(len(value), 0.5)
    return benchmarks.among(value, monthly, chosen, share=share, confidence=question.confidence)


def _shrunk(value: Floats, n: Floats, d: Floats, compared: Flags, shares: Flags, dispersion: Floats,
            scale: Floats) -> shrinkage.Shrunk:
    """Values drawn towards the middle; what is not compared teaches nothing and is drawn all the same."""
    import numpy as np

    middle = np.array([np.median(row[keep]) if keep.any() else np.nan for row, keep in
                       zip(value, compared & np.isfinite(value), strict=True)])
    keep = compared & (d > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        common = np.where(keep, n, 0.0).sum(axis=1) / np.where(keep, d, 0.0).sum(axis=1)
        spread = common * np.where(shares, 1 - common, 1.0)
        variance = dispersion * spread[:, None] / d * scale[:, None] ** 2
    learnt = shrinkage.towards_the_middle(np.where(compared, value, np.nan), np.where(compared, variance, np.nan),
                                          middle)
    between = learnt.variance_between[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where(variance > 0, between / (between + variance), np.where(np.isnan(variance), np.nan, 1.0))
    return shrinkage.Shrunk(middle[:, None] + own * (value - middle[:, None]), own, learnt.variance_between)


def _ranks(value: Floats, compared: Flags) -> tuple[Counts, Counts]:
    """Rank 1 is the highest value among the compared bodies, equals share the better; 0 where a body is not ranked."""
    import numpy as np

    rank = np.zeros(value.shape, dtype=np.int64)
    for row in range(len(value)):
        keep = np.flatnonzero(compared[row])
        ordered = np.sort(value[row, keep])
        rank[row, keep] = len(keep) - np.searchsorted(ordered, value[row, keep], side="right") + 1
    return rank, compared.sum(axis=1)


def _p_values(off: Floats, span: tuple[Floats, Floats], reaches: Floats, freedom: Floats, confidence: float) -> Floats:
    """How often chance alone would show so large a difference: read off the half of the range that faces nought."""
    import numpy as np
    from scipy.special import ndtr, stdtr

    facing = np.where(off > 0, off - span[0], span[1] - off)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.where(facing > 0, np.abs(off) / facing * reaches, np.where(off == 0, 0.0, np.inf))
    steps = np.where(np.isnan(facing), np.nan, steps)
    few = np.isfinite(freedom) & (freedom < 1e6)
    tail = np.where(few, stdtr(np.clip(np.where(few, freedom, 1e6), 2.0, None), -steps), ndtr(-steps))
    return np.where(np.isfinite(off), 2 * tail, np.nan)


def _lately(worse: Flags, there: Flags) -> Flags:
    """Whether a body was on the worse side in each of the last three months held."""
    import numpy as np

    from_end = np.cumsum(there[:, :, ::-1], axis=2)[:, :, ::-1]
    last = there & (from_end <= 3)
    return np.asarray((worse & last).sum(axis=2) == np.minimum(there.sum(axis=2), 3))


def trends(monthly: Floats) -> tuple[Floats, Floats]:
    """The slope of a monthly series in a year, and how often chance would show so steady a rise or fall.

    The median of the slopes between all pairs of months (Theil 1950; Sen 1968), and Kendall's test in its normal
    approximation, with ties. Shape (measures, units) from (measures, units, months); fewer than six months give none.

    Source: Sen (1968), Journal of the American Statistical Association 63:1379-1389.
    """
    import numpy as np
    from scipy.special import ndtr

    count = monthly.shape[2]
    left, right = np.triu_indices(count, 1)
    months = np.isfinite(monthly).sum(axis=2)
    slope, p = np.full(monthly.shape[:2], np.nan), np.full(monthly.shape[:2], np.nan)
    for row in range(len(monthly)):
        enough = np.flatnonzero(months[row] >= variation.FEWEST_MONTHS)
        if not len(enough):
            continue
        block = monthly[row, enough]
        rise = block[:, right] - block[:, left]
        slope[row, enough] = np.nanmedian(rise / (right - left), axis=1) * MONTHS_IN_A_YEAR
        balance = np.nansum(np.sign(rise), axis=1)
        m = months[row, enough].astype(float)
        spread = m * (m - 1) * (2 * m + 5)
        for place, each in enumerate(block):
            ties = np.unique(each[np.isfinite(each)], return_counts=True)[1]
            spread[place] -= (ties * (ties - 1) * (2 * ties + 5)).sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.maximum(np.abs(balance) - 1, 0) / np.sqrt(spread / 18)
        p[row, enough] = np.where(spread > 0, 2 * ndtr(-z), 1.0)
    return slope, p
