"""The arithmetic of funnel plots: limits, dispersion, and which units lie outside.

Values here are plain: a share between 0 and 1, events per unit of the denominator, or observed over expected. Arrays
have the shape (units,) unless told otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from evenhand.stats import intervals

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

Kind: TypeAlias = Literal["proportion", "rate", "ratio", "count-ratio"]
Transform: TypeAlias = Literal["shmi", "cqc"]

FEWEST_TO_JUDGE_SPREAD = 3
"""With fewer units nothing can be said of how far they differ by more than chance."""


@dataclass(frozen=True)
class Spread:
    """How far units differ by more than chance.

    ``z`` is each unit's distance from the target in standard errors; ``z_used`` the same after the extremes were left
    out (missing) or drawn in. ``dispersion`` is the mean square of those used: 1 where chance alone is at work.
    ``tau_squared`` is the variance between units on the transformed scale.
    """

    z: Floats
    z_used: Floats
    dispersion: float
    tau_squared: float
    used: int


def standard_errors(kind: Kind, transform: Transform, denominator: Floats, target: float) -> Floats:
    """Standard error of a unit at the target, on the transformed scale.

    Arcsine of the root of a proportion: ``1 / (2 sqrt n)``; logarithm of a ratio (shmi): ``1 / sqrt E``, with ``E``
    rounded to two places as the national indicator does; root of a ratio (cqc): ``1 / (2 sqrt E)``; logarithm of a
    ratio of counts: ``sqrt(1 / (target D) + 1 / D)``. For a rate, ``E`` is the target times the denominator.
    """
    import numpy as np

    with np.errstate(divide="ignore"):
        if kind == "proportion":
            return np.asarray(1 / (2 * np.sqrt(denominator)))
        if kind == "count-ratio":
            return np.asarray(np.sqrt(1 / (target * denominator) + 1 / denominator))
        expected = target * denominator
        if transform == "shmi":
            return np.asarray(1 / np.sqrt(np.round(expected, 2)))
        return np.asarray(1 / (2 * np.sqrt(expected)))


def distances(kind: Kind, transform: Transform, numerator: Floats, denominator: Floats,
              target: float) -> tuple[Floats, Floats]:
    """Each unit's distance from the target in standard errors, and the standard error, on the transformed scale."""
    import numpy as np

    error = standard_errors(kind, transform, denominator, target)
    if kind == "proportion":
        away = np.arcsin(np.sqrt(numerator / denominator)) - np.arcsin(np.sqrt(target))
    elif kind == "count-ratio":
        # Half an event is added so that none at all has a logarithm.
        with np.errstate(divide="ignore"):
            error = np.sqrt(numerator / (numerator + 0.5) ** 2 + denominator / (denominator + 0.5) ** 2)
        away = np.log((numerator + 0.5) / (denominator + 0.5)) - np.log(target)
    elif transform == "shmi":
        # No event has no logarithm; half an event keeps such a unit at the low end without carrying it to infinity.
        expected = np.round(target * denominator, 2)
        with np.errstate(divide="ignore"):
            away = np.log(np.where(numerator > 0, numerator, 0.5) / expected)
    else:
        away = np.sqrt(numerator / (target * denominator)) - 1
    return np.asarray(away / error, dtype=float), np.asarray(error, dtype=float)


def spread(kind: Kind, transform: Transform, numerator: Floats, denominator: Floats, target: float,
           trim: float) -> Spread:
    """Dispersion and the variance between units, by the method of moments.

    ``phi = sum z^2 / k`` and ``tau^2 = (k phi - (k - 1)) / (sum w - sum w^2 / sum w)`` with ``w = 1 / s^2``, not below
    0. The share ``trim`` at each end is left out for ratios by shmi, drawn in to the quantile otherwise.

    Source: Spiegelhalter (2005a), Statistics in Medicine 24:1185-1202; (2005b), Quality and Safety in Health Care
    14:347-351; after DerSimonian and Laird (1986). The two treatments of the ends as in FunnelPlotR 0.6.
    """
    import numpy as np

    z, error = distances(kind, transform, numerator, denominator, target)
    used = np.array(z)
    if kind in ("ratio", "rate") and transform == "shmi":
        out = int(np.floor(trim * len(z)))
        order = np.argsort(z, kind="stable")
        used[order[:out]] = np.nan
        used[order[len(z) - out:]] = np.nan
    else:
        used = np.clip(z, *np.quantile(z, [trim, 1 - trim]))
    kept = np.isfinite(used)
    count = int(kept.sum())
    if count < 2:
        return Spread(z, used, float("nan"), 0.0, count)
    phi = float(np.mean(used[kept] ** 2))
    weight = 1 / error[kept] ** 2
    total = float(weight.sum())
    apart = total - float((weight**2).sum()) / total
    tau = max(0.0, (count * phi - (count - 1)) / apart) if apart > 0 else 0.0
    return Spread(z, used, phi, tau, count)


def limits_by_tails(kind: Kind, denominator: Floats, target: float, confidence: float) -> tuple[Floats, Floats]:
    """Limits at which a unit's own interval just reaches the target: what its signal is judged by.

    For a proportion the value whose Wilson limit is the target; for a ratio or rate the count ``x`` with
    ``P(X <= x) = alpha / 2`` or ``P(X >= x) = alpha / 2`` where ``X`` is Poisson with the expected count, carried on
    between whole counts by the gamma distribution; for a ratio of counts limits on the logarithmic scale.

    Source: Association of Public Health Observatories (2008), Technical Briefing 2: Statistical process control
    methods in public health intelligence; Wilson (1927); Garwood (1936).
    """
    import numpy as np

    reach, tail = intervals.normal_quantile(confidence), (1 - confidence) / 2
    if kind == "proportion":
        half = reach * np.sqrt(target * (1 - target) / denominator)
        return np.maximum(target - half, 0.0), np.minimum(target + half, 1.0)
    if kind == "count-ratio":
        return limits_by_transform(kind, "shmi", denominator, target, 0.0, confidence)
    from scipy.special import gdtrib

    expected = target * denominator
    low = np.maximum(gdtrib(1.0, 1 - tail, expected) - 1, 0.0)
    high = gdtrib(1.0, tail, expected)
    return np.asarray(low / denominator), np.asarray(high / denominator)


def limits_by_transform(kind: Kind, transform: Transform, denominator: Floats, target: float, tau_squared: float,
                        confidence: float) -> tuple[Floats, Floats]:
    """Limits ``target +- z sqrt(s^2 + tau^2)`` on the transformed scale, carried back.

    The cqc form is carried back as its publishers do, ``1 +- z sqrt(s^2 + tau^2)`` without squaring, which draws the
    limits at about half their width on the scale of the ratio.
    """
    import numpy as np

    half = intervals.normal_quantile(confidence) * np.sqrt(
        standard_errors(kind, transform, denominator, target) ** 2 + tau_squared)
    if kind == "proportion":
        centre = np.arcsin(np.sqrt(target))
        return (np.sin(np.maximum(centre - half, 0.0)) ** 2, np.sin(np.minimum(centre + half, np.pi / 2)) ** 2)
    if kind in ("ratio", "rate") and transform == "cqc":
        return target * np.maximum(1 - half, 0.0), target * (1 + half)
    return target * np.exp(-half), target * np.exp(half)


def limits_without_spread(kind: Kind, transform: Transform, denominator: Floats, target: float,
                          confidence: float) -> tuple[Floats, Floats]:
    """Unadjusted limits as drawn beside adjusted ones: exact limits of the expected count, arcsine for proportions.

    Source: FunnelPlotR 0.6 (Mainey), after Spiegelhalter (2005b).
    """
    import numpy as np

    if kind in ("proportion", "count-ratio"):
        return limits_by_transform(kind, transform, denominator, target, 0.0, confidence)
    low, high = intervals.exact_poisson(target * denominator, confidence)
    return np.asarray(low / denominator), np.asarray(high / denominator)


def outside_by_interval(kind: Kind, numerator: Floats, denominator: Floats, target: float,
                        confidence: float) -> Floats:
    """-1 where a unit's own interval lies below the target, 1 above, else 0.

    Wilson for proportions; for ratios and rates exact limits below 10 events and Byar's from there on.
    """
    import numpy as np

    if kind == "proportion":
        low, high = intervals.wilson(numerator, denominator, confidence)
        return np.asarray((low > target).astype(float) - (high < target))
    if kind == "count-ratio":
        return outside(numerator / denominator, limits_by_tails(kind, denominator, target, confidence))
    low, high = intervals.poisson(numerator, confidence)
    expected = target * denominator
    return np.asarray((low > expected).astype(float) - (high < expected))


def outside(value: Floats, limits: tuple[Floats, Floats]) -> Floats:
    """-1 where a value lies below its limits, 1 above, else 0."""
    import numpy as np

    return np.asarray((value > limits[1]).astype(float) - (value < limits[0]))


def expected_on_limits(observed: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Expected counts for which this many events lie just on the lower and on the upper limit.

    ``chi2(1 - alpha/2; 2 O + 2) / 2`` and ``chi2(alpha/2; 2 O) / 2``: shape as ``observed``.

    Source: Garwood (1936), Biometrika 28:437-442; the tables of funnel limits of PHEindicatormethods 2.1.
    """
    fewest, most = intervals.exact_poisson(observed, confidence)
    return most, fewest
