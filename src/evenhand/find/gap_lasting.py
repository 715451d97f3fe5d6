"""Whether a body more likely than not lies on the worse side, and will next year: what its figures and all others say.

Whether a difference is *more than chance* is one question; where nobody can be sure, *which is likelier* is another.
Bodies that are looked at together say how far apart bodies really lie on a measure, and how much of that is gone a year
later. With that and a body's own figures of this year and the year before, the odds follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Flags: TypeAlias = NDArray[np.bool_]

FEWEST_BODIES = 5
"""Fewer bodies than this do not teach how far apart bodies lie."""
FEWEST_MEASURES = 5
"""Fewer measures than this do not teach what is usual among measures."""
LEAST_SPREAD = 0.001
"""The least standard deviation, as a share of the middle, by which bodies are taken to differ."""
ROUNDS = 3


@dataclass(frozen=True)
class Year:
    """One year of every measure and body, shape (measures, units), not a number where nothing is held.

    ``off`` is how far a body lies on the worse side of the middle, as a share of what nobody wants: of the value, or
    of the shortfall where a high share is good. ``noise`` is the variance of that by chance, ``taught`` whether the
    body was compared.
    """

    off: Floats
    noise: Floats
    taught: Flags
    middle: Floats
    unwanted: Floats


@dataclass(frozen=True)
class Lasting:
    """The level that lasts, as a share like ``Year.off``: best guess and standard error, shape (measures, units).

    ``between`` is the variance between bodies that lasts, ``of_a_year`` that which is gone a year later, shape
    (measures,).
    """

    level: Floats
    error: Floats
    between: Floats
    of_a_year: Floats


def year_of(numerator: Floats, denominator: Floats, dispersion: Floats, compared: Flags, *, shares: Flags,
            low_is_good: Flags) -> Year:
    """How far each body lies from the middle in one year, and how far by chance.

    Args:
        numerator: totals of the year, shape (measures, units).
        denominator: as numerator.
        dispersion: how much of the numerator counts as one independent lump (see ``variation``), same shape.
        compared: bodies that make the middle, same shape.
        shares: measures whose numerator is part of the denominator, shape (measures,).
        low_is_good: shape (measures,).
    """
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        value = numerator / denominator
        middle = np.array([np.median(row[keep]) if keep.any() else np.nan for row, keep in
                           zip(value, compared & np.isfinite(value), strict=True)])
        spread = middle * np.where(shares, 1 - middle, 1.0)
        unwanted = np.where(shares & ~low_is_good, 1 - middle, middle)
        off = np.where(low_is_good, 1.0, -1.0)[:, None] * (value - middle[:, None]) / unwanted[:, None]
        # As Marshall (1991): the noise a body would have, were it in the middle; else low counts would look sure.
        noise = dispersion * spread[:, None] / denominator / unwanted[:, None] ** 2
    there = np.isfinite(off) & np.isfinite(noise) & (noise > 0)
    return Year(np.where(there, off, np.nan), np.where(there, noise, np.nan), compared & there, middle, unwanted)


def lasting(years: Sequence[Year]) -> Lasting:
    """The level of each body that lasts, from one year or several, drawn towards the middle as luck warrants.

    ``off = theta + eta + noise``: ``theta`` lasts, with variance ``between``; ``eta`` is the year's own. Variances are
    found by moments over bodies, weighted by 1 over the variance of each product: ``between + of_a_year`` from squares
    less noise, ``between`` from products of two years of one body. Each is then drawn towards what is usual among
    measures, as far as its own uncertainty warrants: a rare event says little of how far bodies lie apart. From one
    year alone nothing tells the two apart, and all is taken to last.

    Args:
        years: the year asked about first, then earlier ones.

    Source: Marshall (1991), Applied Statistics 40:283-294, the estimator by moments; DerSimonian and Laird (1986),
    Controlled Clinical Trials 7:177-188, for the second level; the posterior is the usual one of normal levels
    (Efron and Morris 1975, Journal of the American Statistical Association 70:311-319).
    """
    import numpy as np

    off, noise = (np.stack([getattr(each, name) for each in years], axis=2) for name in ("off", "noise"))
    taught = np.stack([each.taught for each in years], axis=2)
    between, of_a_year = _variances(np.where(taught, off, np.nan), np.where(taught, noise, np.nan))
    there = np.isfinite(off)
    weight = np.where(there, 1 / (np.where(there, noise, 1.0) + of_a_year[:, None, None]), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = weight.sum(axis=2) + 1 / between[:, None]
        level = (weight * np.where(there, off, 0.0)).sum(axis=2) / whole
    now = there[:, :, 0]
    return Lasting(np.where(now, level, np.nan), np.where(now, np.sqrt(1 / whole), np.nan), between, of_a_year)


def odds(found: Lasting, year: Year, benchmark: Floats, benchmark_error: Floats, worth: float, *,
         low_is_good: Flags) -> Floats:
    """How likely a body's lasting level is worse than the benchmark by ``worth`` of it, shape (measures, units).

    Args:
        found: levels as shares off the middle.
        year: the year asked about.
        benchmark: what bodies are set against, numerator over denominator, shape (measures,).
        benchmark_error: its standard error.
        worth: the least share that counts, 0.02 for 2%.
        low_is_good: shape (measures,).
    """
    import numpy as np
    from scipy.special import ndtr

    with np.errstate(divide="ignore", invalid="ignore"):
        mark = np.where(low_is_good, 1.0, -1.0) * (benchmark - year.middle) / year.unwanted
        least = mark + worth * (1 + mark)
        error = np.sqrt(found.error**2 + (benchmark_error / year.unwanted)[:, None] ** 2)
        return np.asarray(ndtr((found.level - least[:, None]) / error), dtype=float)


def _variances(off: Floats, noise: Floats) -> tuple[Floats, Floats]:
    """Variance between bodies that lasts, and that of a year, shape (measures,) each; off and noise (.., .., years)."""
    import numpy as np

    years = off.shape[2]
    apart = np.full(len(off), 0.05**2)
    for _ in range(ROUNDS):  # the weights need what they help to find
        seen, doubt = _moments(off, noise, apart, [(at, at) for at in range(years)])
        total = np.maximum(_towards_the_usual(seen, doubt), LEAST_SPREAD**2)
        apart = np.where(np.isfinite(total), total, apart)
    if years == 1:
        return total, np.zeros_like(total)
    seen, doubt = _moments(off, noise, apart, [(a, b) for a in range(years) for b in range(a)])
    kept = np.clip(_towards_the_usual(seen, doubt), LEAST_SPREAD**2, total)
    kept = np.where(np.isfinite(kept), kept, total)
    return kept, total - kept


def _moments(off: Floats, noise: Floats, apart: Floats, pairs: Sequence[tuple[int, int]]) -> tuple[Floats, Floats]:
    """The mean product of two years of one body, less noise where they are the same year, and its variance."""
    import numpy as np

    products, weights, bodies = np.zeros(len(off)), np.zeros(len(off)), np.zeros(len(off))
    for a, b in pairs:
        there = np.isfinite(off[:, :, a]) & np.isfinite(off[:, :, b])
        expected = (np.where(there, noise[:, :, a], 1.0) + apart[:, None]) * (
            np.where(there, noise[:, :, b], 1.0) + apart[:, None])
        same = a == b
        weight = np.where(there, 1 / (expected * (2 if same else 1)), 0.0)
        product = np.where(there, off[:, :, a] * off[:, :, b] - (noise[:, :, a] if same else 0.0), 0.0)
        products += (weight * product).sum(axis=1)
        weights += weight.sum(axis=1)
        bodies = np.maximum(bodies, there.sum(axis=1))
    enough = (bodies >= FEWEST_BODIES) & (weights > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(enough, products / weights, np.nan), np.where(enough, 1 / weights, np.nan)


def _towards_the_usual(seen: Floats, doubt: Floats) -> Floats:
    """Each measure's variance drawn towards that of all measures, as far as it is itself in doubt."""
    import numpy as np

    there = np.isfinite(seen)
    if there.sum() < FEWEST_MEASURES:
        return seen
    weight = 1 / doubt[there]
    usual = (weight * seen[there]).sum() / weight.sum()
    unlike = (weight * (seen[there] - usual) ** 2).sum() - (there.sum() - 1)
    differ = max(unlike / (weight.sum() - (weight**2).sum() / weight.sum()), 0.0)
    weight = 1 / (doubt[there] + differ)
    usual = (weight * seen[there]).sum() / weight.sum()
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(there, usual + differ / (differ + doubt) * (seen - usual), usual))
