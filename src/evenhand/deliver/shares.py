"""How much of a promise has been seen: a ratio of sums over months, with its range.

The months measured are taken as a sample of the months the promise is about. The share is the sum of what was seen over
the sum of what was promised, a ratio estimator; its variance comes from how far each month lies from the share's own
line (Cochran 1977, *Sampling Techniques*, 3rd edition, theorem 2.5 with the sample's residuals and no finite population
correction). With months that resemble their neighbours that range is too narrow; the sums of squares can then be taken
after Newey and West (1987), with their weights and floor(4 (n/100)^(2/9)) lags.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evenhand.terms import Estimate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Errors = Literal["independent", "newey-west"]
FEWEST_MONTHS = 3


@dataclass(frozen=True)
class Share:
    """A ratio of sums. ``variance`` is missing below three months; ``likeness`` is how neighbouring months agree."""

    value: float
    months: int
    variance: float | None
    likeness: float | None

    def interval(self, confidence: float) -> Estimate | None:
        """The share with its range, by Student's t on one degree of freedom less than there are months."""
        if self.variance is None:
            return None
        return _around(self.value, self.variance, self.months - 1, confidence)


def share(promised: NDArray[np.float64], seen: NDArray[np.float64], months: NDArray[np.int64], *,
          errors: Errors = "independent") -> Share | None:
    """The share of what was promised that has been seen.

    Args:
        promised: what each measured month should have brought; shape (months,), not negative.
        seen: what it did bring; shape (months,), same units.
        months: index of each month, to know which are neighbours; shape (months,), rising.
        errors: whether months are taken as independent, or as resembling their neighbours.

    Returns:
        The share, or nothing where nothing was promised in these months.
    """
    import numpy as np

    total = float(np.sum(promised))
    if total <= 0:
        return None
    value = float(np.sum(seen)) / total
    count = len(promised)
    if count < FEWEST_MONTHS:
        return Share(value, count, None, None)
    residuals = seen - value * promised
    squares = float(residuals @ residuals)
    likeness = _lagged(residuals, months, 1) / squares if squares > 0 else None
    if errors == "newey-west":
        lags = math.floor(4 * (count / 100) ** (2 / 9))
        squares += 2 * sum((1 - lag / (lags + 1)) * _lagged(residuals, months, lag) for lag in range(1, lags + 1))
    return Share(value, count, max(0.0, squares) * count / (count - 1) / total**2, likeness)


def _lagged(residuals: NDArray[np.float64], months: NDArray[np.int64], lag: int) -> float:
    """Sum of products of residuals that lie so many months apart; a gap in the series joins nobody."""
    import numpy as np

    where = np.searchsorted(months, months + lag)
    there = where < len(months)
    there[there] = months[where[there]] == (months + lag)[there]
    return float(residuals[there] @ residuals[where[there]])


def change(early: Share, recent: Share, confidence: float) -> Estimate | None:
    """Recent share less the early one, with its range (Welch's degrees of freedom); nothing below three months each."""
    if early.variance is None or recent.variance is None:
        return None
    variance = early.variance + recent.variance
    parts = early.variance**2 / (early.months - 1) + recent.variance**2 / (recent.months - 1)
    degrees = variance**2 / parts if parts > 0 else early.months + recent.months - 2
    return _around(recent.value - early.value, variance, degrees, confidence)


def _around(central: float, variance: float, degrees: float, confidence: float) -> Estimate:
    from scipy import stats

    half = float(stats.t.ppf(0.5 + confidence / 2, degrees)) * math.sqrt(variance)
    return Estimate(central, central - half, central + half, confidence)
