"""How far a year's figure could have come out otherwise, judged by how it moves from month to month.

A cost is not a count: one patient on a dear medicine moves it by hundreds of pounds at once. So the size of the lumps
is taken from the figures themselves. The variance of a body's months round its own level is ``phi`` times what Poisson
(or, for shares, the binomial) would give; ``phi`` is in units of the numerator, so that a total of ``O`` behaves like
``O / phi`` independent lumps. Months lean on each other (the same patients, the same habits), which widens the variance
of a year's total by ``f``. In simulation the 95% ranges hold the true level in 95% to 98% of cases where months are
independent, whatever the lumps, and in nearly 90% where four fifths of a disturbance are left a month later.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from evenhand.stats import intervals

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Flags: TypeAlias = NDArray[np.bool_]

FEWEST_FOR_SEASON = 10
"""Fewer bodies than this do not make a common pattern of months: it would be each one's own."""
FEWEST_FOR_LEARNING = 5
FEWEST_MONTHS = 6
STRONGEST_LEANING = 0.8
"""What lingers longer within a year is a level that moved: a trend to be shown, not chance to be allowed for."""


@dataclass(frozen=True)
class Variation:
    """Variation of each measure and body, arrays of shape (measures, units).

    ``dispersion`` is ``phi f``: how many units of the numerator count as one independent lump over the period;
    ``freedom`` the degrees of freedom it was learnt with; ``leaning`` the correlation of a month with the next,
    shape (measures,).
    """

    dispersion: Floats
    freedom: Floats
    leaning: Floats


@dataclass(frozen=True)
class Drift:
    """How months of one body lean on each other: each shape (measures,).

    A body's months vary round its level by independent noise (share ``fresh`` of the variance) and by a part that
    lingers, ``rho`` of which is left a month later.
    """

    fresh: Floats
    rho: Floats

    @property
    def leaning(self) -> Floats:
        """The correlation of a month with the next."""
        return (1 - self.fresh) * self.rho

    def widening(self, months: NDArray[np.int64]) -> Floats:
        """How much wider the variance of a total is than if months were independent, shape (measures, units)."""
        import numpy as np

        longest = int(months.max()) if months.size else 0
        steps = np.arange(1, max(longest, 1))[None, None, :]
        shares = np.maximum(1 - steps / np.maximum(months, 1)[:, :, None], 0.0)
        lingering = 1 + 2 * (shares * self.rho[:, None, None] ** steps).sum(axis=2)
        return np.asarray(self.fresh[:, None] + (1 - self.fresh[:, None]) * lingering, dtype=float)


def month_to_month(numerator: Floats, denominator: Floats, *, shares: Flags, counts: Flags, compared: Flags,
                   months: NDArray[np.int64] | None = None) -> Variation:
    """The dispersion of each body's months, steadied by what the other bodies show.

    Args:
        numerator: shape (measures, units, months), not a number where missing.
        denominator: as numerator, above 0.
        shares: measures whose numerator is part of the denominator, shape (measures,).
        counts: measures whose numerators are whole things, which never vary less than Poisson, shape (measures,).
        compared: bodies that teach the others, shape (measures, units).
        months: how many months a total asked about has, where these months are not those the figures are for, shape
            (measures, units).

    Returns:
        Not a number where fewer than six months are held and the numerator is not a count: nothing is known then of
        its lumps. A count is taken for Poisson's.

        ``phi = sum(r^2) / (m - f)`` from Pearson residuals ``r`` round the body's level times the common pattern of
        the months, then moderated: ``(d0 phi0 + d phi) / (d0 + d)`` (Smyth 2004, section 4). ``f`` is what a total of
        ``m`` months varies more than ``m`` independent ones, from noise and a lingering part fitted to how far apart
        months lie by their distance in time, pooled over bodies: half the mean squared difference of months ``k``
        apart, which unlike a correlation is not biased by a short series (Diggle et al. 2002, section 5.2).

    Source: McCullagh and Nelder (1989), Generalized Linear Models, section 4.5.2, for dispersion; Smyth (2004),
    Statistical Applications in Genetics and Molecular Biology 3(1), article 3; Diggle, Heagerty, Liang and Zeger
    (2002), Analysis of Longitudinal Data, 2nd edition.
    """
    import numpy as np

    there = np.isfinite(numerator)
    held = there.sum(axis=2)
    n, d = np.where(there, numerator, 0.0), np.where(there, denominator, 0.0)
    season = _season(n * compared[:, :, None], d * compared[:, :, None], compared.sum(axis=1))
    carried = d * season[:, None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        level = n.sum(axis=2) / carried.sum(axis=2)
        expected = level[:, :, None] * carried
        part = np.clip(n.sum(axis=2) / d.sum(axis=2), 0.0, 1.0)
        spread = expected * np.where(shares[:, None], 1 - part, 1.0)[:, :, None]
        usable = there & (spread > 0)
        residual = np.where(usable, (n - expected) / np.sqrt(np.where(usable, spread, 1.0)), 0.0)
        square = (residual**2).sum(axis=2)
    usable_months = usable.sum(axis=2)
    taught = compared & (usable_months >= FEWEST_MONTHS) & (square > 0)
    drift = _drift(residual, usable, usable_months, square, taught)
    freedom = np.where(usable_months > 1, np.maximum(usable_months - drift.widening(held), 0.0), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where(freedom > 0, square / freedom, np.nan)
    long_enough = (usable_months >= FEWEST_MONTHS).any(axis=1)
    phi, total_freedom = _moderated(own, freedom, taught & (freedom > 0), long_enough)
    phi = np.where(counts[:, None], np.fmax(phi, 1.0), phi)
    return Variation(phi * drift.widening(held if months is None else months), total_freedom, drift.leaning)


def _season(n: Floats, d: Floats, bodies: NDArray[np.int64]) -> Floats:
    """Each month's common level over the common level of all, shape (measures, months)."""
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        pattern = (n.sum(axis=1) / d.sum(axis=1)) / (n.sum(axis=(1, 2)) / d.sum(axis=(1, 2)))[:, None]
    usable = np.isfinite(pattern) & (bodies >= FEWEST_FOR_SEASON)[:, None]
    return np.where(usable, pattern, 1.0)


def _drift(residual: Floats, usable: Flags, months: NDArray[np.int64], square: Floats, taught: Flags) -> Drift:
    """How months lean on each other, from their mean squared differences by distance, pooled over bodies."""
    import numpy as np

    count, length = len(residual), residual.shape[2]
    fresh, rho = np.ones(count), np.zeros(count)
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = np.where(taught[:, :, None], residual / np.sqrt(square / months)[:, :, None], 0.0)
    there = usable & taught[:, :, None]
    distances = np.arange(1, length)
    apart, pairs = np.zeros((count, length - 1)), np.zeros((count, length - 1))
    for k in distances:
        both = there[:, :, k:] & there[:, :, :-k]
        apart[:, k - 1] = np.where(both, (plain[:, :, k:] - plain[:, :, :-k]) ** 2 / 2, 0.0).sum(axis=(1, 2))
        pairs[:, k - 1] = both.sum(axis=(1, 2))
    for row in np.flatnonzero(taught.sum(axis=1) >= FEWEST_FOR_LEARNING):
        seen = pairs[row] > 0
        fresh[row], rho[row] = _fitted(distances[seen], apart[row, seen] / pairs[row, seen], pairs[row, seen])
    return Drift(fresh, rho)


def _fitted(distances: NDArray[np.int64], apart: Floats, weights: Floats) -> tuple[float, float]:
    """Noise and a lingering part, ``a + b (1 - rho^k)`` with neither below 0, nearest to the squared differences."""
    import numpy as np

    def miss(a: float, b: float, rise: Floats) -> float:
        return float((weights * (apart - a - b * rise) ** 2).sum())

    level = float((weights * apart).sum() / weights.sum())
    best = (miss(level, 0.0, apart), 1.0, 0.0)
    for rho in np.arange(0.05, STRONGEST_LEANING + 0.01, 0.05):
        rise = 1 - rho**distances
        steep = float((weights * rise * apart).sum() / (weights * rise**2).sum())
        centred = rise - (weights * rise).sum() / weights.sum()
        spread = float((weights * centred**2).sum())
        b = float((weights * centred * apart).sum() / spread) if spread > 0 else 0.0
        a = level - b * float((weights * rise).sum() / weights.sum())
        for noise, lingering in ((a, b), (0.0, steep)):
            if noise >= 0 and lingering > 0:
                best = min(best, (miss(noise, lingering, rise), noise / (noise + lingering), float(rho)))
    return best[1], best[2]


def _moderated(own: Floats, freedom: Floats, taught: Flags, long_enough: Flags) -> tuple[Floats, Floats]:
    """Each dispersion drawn towards what all show, as far as its few months leave it uncertain (Smyth 2004).

    With fewer than five bodies to learn from each keeps its own; figures that never move are taken for lumps of 1.
    """
    import numpy as np
    from scipy.special import polygamma, psi

    moderated, total = np.empty_like(own), np.empty_like(own)
    for row in range(len(own)):
        seen = taught[row]
        value, df = own[row], freedom[row]
        own_df = np.where(np.isfinite(value), df, 0.0)
        plain = np.where(np.isfinite(value), value, 0.0)
        if seen.sum() < FEWEST_FOR_LEARNING:
            middle = float(np.mean(value[seen])) if seen.any() else 1.0 if long_enough[row] else np.nan
            moderated[row] = np.where(seen, plain, middle)
            total[row] = np.where(seen, own_df, own_df[seen].min() if seen.any() else np.inf)
            continue
        half = df[seen] / 2
        logs = np.log(value[seen]) - psi(half) + np.log(half)
        excess = float(np.var(logs, ddof=1) - polygamma(1, half).mean())
        if excess > 0:
            prior = 2 * _trigamma_inverse(excess)
            centre = float(np.exp(logs.mean() + psi(prior / 2) - np.log(prior / 2)))
            moderated[row] = (prior * centre + own_df * plain) / (prior + own_df)
            total[row] = prior + own_df
        else:
            moderated[row] = float(np.exp(logs.mean()))
            total[row] = np.inf
    return moderated, total


def _trigamma_inverse(value: float) -> float:
    """The number whose trigamma is ``value``, by Newton's steps (Smyth 2004, appendix)."""
    from scipy.special import polygamma

    if value > 1e7:
        return float(value**-0.5)
    if value < 1e-6:
        return 1 / value
    found = 0.5 + 1 / value
    for _ in range(50):
        trigamma = float(polygamma(1, found))
        step = trigamma * (1 - trigamma / value) / float(polygamma(2, found))
        found += step
        if -step / found < 1e-8:
            break
    return found


def reach(freedom: Floats, confidence: float) -> Floats:
    """How many standard errors an interval reaches when the variance was learnt with so many degrees of freedom."""
    import numpy as np
    from scipy.special import stdtrit

    upper = 1 - (1 - confidence) / 2
    few = np.isfinite(freedom) & (freedom < 1e6)
    t = stdtrit(np.clip(np.where(few, freedom, 1e6), 2.0, None), upper)
    return np.where(few, t, intervals.normal_quantile(confidence))


def total_interval(total: Floats, dispersion: Floats, reaches: Floats) -> tuple[Floats, Floats]:
    """Limits of a total that comes in lumps: those of the count ``total / dispersion``, times the lump.

    Exact below 10 lumps, Byar's above, at the confidence that ``reaches`` standard errors have.
    """
    import numpy as np
    from scipy.special import ndtr

    lumps = total / dispersion
    few = lumps < intervals.FEWEST_FOR_BYAR
    low, high = intervals.byar(lumps, z=reaches)
    few_low, few_high = intervals.exact_poisson(np.where(few, lumps, 1.0), 2 * ndtr(reaches) - 1)
    return np.where(few, few_low, low) * dispersion, np.where(few, few_high, high) * dispersion
