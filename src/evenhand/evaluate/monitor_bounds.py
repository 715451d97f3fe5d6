"""Ranges for a mean that hold at every look at once, so that looking each month and stopping at will is honest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def usual_rho(level: float, looks: float) -> float:
    """The mixing parameter under which the range is narrowest after so many looks.

    Source: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024) Annals of Statistics 52(6): 2613-2640, appendix B.2.
    """
    from math import log, sqrt

    return sqrt((-2 * log(level) + log(-2 * log(level)) + 1) / looks)


def normal_half_width(looks: NDArray[np.float64], spread: NDArray[np.float64] | float, level: float,
                      rho: float) -> NDArray[np.float64]:
    """Half the width of the range after each number of looks (shape looks), for values of a given standard deviation.

    Exact where the standard deviation is known and the values are normal or spread less; where it is the running one,
    it holds for many looks only.

    Source:
        Robbins (1970) Annals of Mathematical Statistics 41(5): 1397-1409, the normal mixture; Howard, Ramdas, McAuliffe
        and Sekhon (2021) Annals of Statistics 49(2): 1055-1080; Waudby-Smith and others (2024), theorem 2.2:
        spread x sqrt(2 (n rho² + 1) / (n rho)² x log(sqrt(n rho² + 1) / level)).
    """
    import numpy as np

    grown = looks * rho ** 2 + 1
    return np.asarray(spread * np.sqrt(2 * grown / (looks * rho) ** 2 * np.log(np.sqrt(grown) / level)))


def student_half_width(looks: NDArray[np.float64], spread: NDArray[np.float64], level: float,
                       rho: float) -> NDArray[np.float64]:
    """Half the width of the range after each number of looks (shape looks), the standard deviation not being known.

    Exact for normal values at every number of looks; without end where so few values bound nothing yet. ``spread`` is
    the standard deviation of the values so far (divisor n - 1), along the last axis like ``looks``.

    Source:
        Lai (1976) Annals of Statistics 4(2): 265-280; Wang and Ramdas (2025) Sequential Analysis 44(1): 56-110: the
        t statistic mixed over effects of standard deviation rho, which depends on the values only through their ratios.
        The mixture's ratio ((1 + t²/v) / (1 + t²/(v (1 + n rho²))))^(n/2) / sqrt(1 + n rho²), v = n - 1, is a
        martingale from 1; it stays below 1 / level at all times with chance 1 - level or more, and is solved for t.
    """
    import numpy as np

    grown = 1 + looks * rho ** 2
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        bound = np.exp(np.log(grown / level ** 2) / looks)
        squared = np.where(bound < grown, (bound - 1) / (1 - bound / grown), np.inf)
        return np.asarray(np.where(looks > 1, spread / np.sqrt(looks) * np.sqrt((looks - 1) * squared), np.inf))


def bounded(values: NDArray[np.float64], low: float, high: float, level: float
            ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Estimate and half-width after each value (both shape looks), for values that lie between two bounds.

    Holds at every number of looks whatever the values' distribution, as long as their mean stays the same.

    Source:
        Waudby-Smith and Ramdas (2024) Journal of the Royal Statistical Society B 86(1): 1-27, theorem 2: the
        predictable empirical Bernstein sequence.
    """
    import numpy as np

    scaled = (values - low) / (high - low)
    many = len(scaled)
    place = np.arange(1, many + 1)
    means = (0.5 + np.cumsum(scaled)) / (place + 1)
    before = np.concatenate(([0.5], means[:-1]))
    variances = (0.25 + np.cumsum((scaled - means) ** 2)) / (place + 1)
    variance_before = np.concatenate(([0.25], variances[:-1]))
    stakes = np.minimum(np.sqrt(2 * np.log(2 / level) / (variance_before * place * np.log(place + 1))), 0.5)
    cost = (scaled - before) ** 2 * (-np.log1p(-stakes) - stakes)
    total = np.cumsum(stakes)
    estimate = np.cumsum(stakes * scaled) / total
    half = (np.log(2 / level) + np.cumsum(cost)) / total
    return low + (high - low) * estimate, (high - low) * half


def running_spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The standard deviation of the values so far (divisor n - 1; nought for the first), along the last axis."""
    import numpy as np

    place = np.arange(1, values.shape[-1] + 1)
    # About the first value, so that little is lost where the values are large and alike.
    shifted = values - values[..., :1]
    total, squares = np.cumsum(shifted, axis=-1), np.cumsum(shifted ** 2, axis=-1)
    variance = (squares - total ** 2 / place) / np.maximum(place - 1, 1)
    return np.asarray(np.sqrt(np.maximum(variance, 0)))


def resemblance(values: NDArray[np.float64], least: int = 6) -> NDArray[np.float64]:
    """How much neighbours resemble each other, as far as each look shows (shape looks).

    The correlation of neighbours so far, mended for its leaning low in short series, where it is above nought; 0.9 at
    most. To wait until it is surely there would leave the early looks, when most false alarms fall, as they were.

    Source: Marriott and Pope (1954) Biometrika 41(3-4): 390-402, to the first order: r + (1 + 4r) / n.
    """
    import numpy as np

    found = np.zeros(len(values))
    for many in range(least, len(values) + 1):
        own = values[:many] - values[:many].mean()
        below = float(own @ own)
        correlation = float(own[1:] @ own[:-1]) / below if below > 0 else 0.0
        found[many - 1] = min(max(correlation + (1 + 4 * correlation) / many, 0.0), 0.9)
    return found
