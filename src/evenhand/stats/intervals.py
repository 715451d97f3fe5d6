"""Intervals for counts, rates, proportions and differences, as English public health uses them.

Every function takes arrays of any one shape (or plain numbers) and gives arrays of that shape; ``confidence`` lies
between 0 and 1 (0.95 for a 95% interval). A missing count (not a number) gives missing limits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Floats: TypeAlias = NDArray[np.float64]

FEWEST_FOR_BYAR = 10
"""Below this many events the exact limits are used: Byar's approximation is too wide of the mark there."""


def normal_quantile(confidence: float) -> float:
    """How many standard errors a two-sided interval reaches: 1.959964 for 0.95, 3.090232 for 0.998."""
    from scipy.special import ndtri

    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not {confidence}")
    return float(ndtri(1 - (1 - confidence) / 2))


def byar(count: ArrayLike, confidence: float = 0.95, *, z: ArrayLike | None = None) -> tuple[Floats, Floats]:
    """Byar's limits for a count of events.

    ``L = O (1 - 1/(9O) - z/(3 sqrt O))^3`` and ``U = (O+1) (1 - 1/(9(O+1)) + z/(3 sqrt(O+1)))^3``; the lower limit of
    no event at all is 0. ``z`` may be given in place of ``confidence``, one for each count.

    Source: Breslow and Day (1987), Statistical Methods in Cancer Research II, equation 2.9 (after Byar, unpublished).
    """
    import numpy as np

    events = np.asarray(count, dtype=float)
    reach = normal_quantile(confidence) if z is None else np.asarray(z, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        root = 1 - 1 / (9 * events) - reach / (3 * np.sqrt(events))
        low = np.where(events > 0, events * np.maximum(root, 0) ** 3, events * 0.0)
    more = events + 1
    high = more * (1 - 1 / (9 * more) + reach / (3 * np.sqrt(more))) ** 3
    return np.asarray(low, dtype=float), np.asarray(high, dtype=float)


def exact_poisson(count: ArrayLike, confidence: ArrayLike = 0.95) -> tuple[Floats, Floats]:
    """Exact limits for a Poisson count, through the chi-square distribution.

    ``L = chi2(alpha/2; 2O) / 2`` and ``U = chi2(1 - alpha/2; 2O + 2) / 2``; the lower limit of no event is 0.

    Source: Garwood (1936), Biometrika 28:437-442.
    """
    import numpy as np
    from scipy.special import gammaincinv

    events = np.asarray(count, dtype=float)
    tail = (1 - np.asarray(confidence, dtype=float)) / 2
    low = np.where(events > 0, gammaincinv(np.where(events > 0, events, 1.0), tail), events * 0.0)
    high = gammaincinv(events + 1, 1 - tail)
    return np.asarray(low, dtype=float), np.asarray(high, dtype=float)


def poisson(count: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Limits for a count: exact below 10 events, Byar's from 10 on, as English public health publishes them.

    Source: Association of Public Health Observatories (2008), Technical Briefing 3: Commonly used public health
    statistics and their confidence intervals.
    """
    import numpy as np

    events = np.asarray(count, dtype=float)
    few = events < FEWEST_FOR_BYAR
    low, high = byar(events, confidence)
    if not few.any():
        return low, high
    few_low, few_high = exact_poisson(np.where(few, events, 1.0), confidence)
    return np.where(few, few_low, low), np.where(few, few_high, high)


def wilson(numerator: ArrayLike, denominator: ArrayLike, confidence: float = 0.95, *,
           z: ArrayLike | None = None) -> tuple[Floats, Floats]:
    """Wilson's score limits for a proportion, without continuity correction; between 0 and 1.

    Source: Wilson (1927), Journal of the American Statistical Association 22:209-212; Newcombe (1998a), Statistics in
    Medicine 17:857-872, method 3.
    """
    import numpy as np

    x, n = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    reach = normal_quantile(confidence) if z is None else np.asarray(z, dtype=float)
    square = reach * reach
    with np.errstate(divide="ignore", invalid="ignore"):
        q = 1 - x / n
        width = reach * np.sqrt(square + 4 * x * q)
        low = (2 * x + square - width) / (2 * (n + square))
        high = (2 * x + square + width) / (2 * (n + square))
    there = n > 0
    # With no event, or with nothing but events, the limit is the bound itself; subtraction would leave a trace.
    low = np.where(x == 0, 0.0, low)
    high = np.where(x == n, 1.0, high)
    return np.where(there, low, np.nan), np.where(there, high, np.nan)


def dobson(rate: ArrayLike, variance: ArrayLike, count: ArrayLike,
           confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Limits of a weighted sum of counts, such as a directly standardised rate.

    ``rate + sqrt(variance / O) (L - O)`` and the same with ``U``, where ``L`` and ``U`` are Byar's limits of the total
    count ``O``; ``rate`` and ``variance`` in the same units (per person, or per so many persons squared).

    Source: Dobson, Kuulasmaa, Eberle and Scherer (1991), Statistics in Medicine 10:457-462.
    """
    import numpy as np

    value, events = np.asarray(rate, dtype=float), np.asarray(count, dtype=float)
    low, high = byar(events, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        stretch = np.sqrt(np.asarray(variance, dtype=float) / events)
    return value + stretch * (low - events), value + stretch * (high - events)


def difference(first: ArrayLike, first_interval: tuple[ArrayLike, ArrayLike], second: ArrayLike,
               second_interval: tuple[ArrayLike, ArrayLike]) -> tuple[Floats, Floats]:
    """Limits of ``first - second`` from the limits of each, for independent estimates.

    Each half-width is the root of the sum of the squared halves that face that way, so that lopsided intervals stay
    lopsided. The result has the confidence of the two it is made from.

    Source: Newcombe (1998b), Statistics in Medicine 17:873-890, method 10; Zou and Donner (2008), Statistics in
    Medicine 27:1693-1702, equation 1.
    """
    import numpy as np

    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    a_low, a_high = (np.asarray(each, dtype=float) for each in first_interval)
    b_low, b_high = (np.asarray(each, dtype=float) for each in second_interval)
    low = a - b - np.sqrt((a - a_low) ** 2 + (b_high - b) ** 2)
    high = a - b + np.sqrt((a_high - a) ** 2 + (b - b_low) ** 2)
    return np.asarray(low, dtype=float), np.asarray(high, dtype=float)


def quantile_places(count: int, share: float, confidence: float = 0.95) -> tuple[int, int, bool]:
    """Which of ``count`` values in rising order bound the quantile ``share``, whatever they are distributed like.

    Places count from 0. The third value says whether so few values can give that confidence at all; where they cannot,
    the places are the first and the last.

    Source: David and Nagaraja (2003), Order Statistics, 3rd edition, section 7.1.
    """
    from scipy.special import bdtr

    if count < 1 or not 0 < share < 1:
        raise ValueError("a quantile needs values, and a share between 0 and 1")
    tail = (1 - confidence) / 2
    # P(fewer than r values below the quantile) is the chance that the r-th value lies above it.
    low = max((place for place in range(1, count + 1) if bdtr(place - 1, count, share) <= tail), default=0)
    high = min((place for place in range(1, count + 1) if 1 - bdtr(place - 1, count, share) <= tail),
               default=count + 1)
    reached = low >= 1 and high <= count
    return max(low, 1) - 1, min(high, count) - 1, reached
