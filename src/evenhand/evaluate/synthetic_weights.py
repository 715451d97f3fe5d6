"""Weights that make a comparator out of several: least squares on the simplex, and weights of predictors above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_STEPS = 1000
"""Steps of the search over the weights of predictors, from each of its starts; as the package Synth has it."""


def on_simplex(columns: NDArray[np.float64], wanted: NDArray[np.float64], *, ridge: float = 0.0) -> NDArray[np.float64]:
    """Weights, none negative and summing to one, whose mix of the columns lies nearest to what is wanted.

    Args:
        columns: shape (rows, donors).
        wanted: shape (rows,).
        ridge: added to the squared distance, times the sum of squared weights.

    Returns:
        Shape (donors,): the exact minimum, by the active-set method.

    Source:
        Lawson and Hanson (1974) Solving Least Squares Problems, chapter 23. As the weights sum to one, the distance is
        that of a point of the polytope of (columns - wanted) from nought; with a row of ones below it, the same point
        is the answer of a problem with no other condition than that nothing is negative, divided by its sum.
    """
    import numpy as np
    from scipy.optimize import nnls

    donors = columns.shape[1]
    if donors == 1:
        return np.ones(1)
    rows = columns.shape[0]
    far = columns - wanted[:, None]
    # Of one size with the row of ones, so that neither drowns the other.
    size = float(np.abs(far).max()) if rows else 0.0
    if size == 0.0 and not ridge:
        return np.full(donors, 1 / donors)
    size = size or 1.0
    extra = donors if ridge else 0
    stacked = np.empty((rows + extra + 1, donors))
    stacked[:rows] = far
    stacked[:rows] /= size
    if ridge:
        stacked[rows:rows + extra] = np.eye(donors) * (np.sqrt(ridge) / size)
    stacked[-1] = 1.0
    target = np.zeros(rows + extra + 1)
    target[-1] = 1.0
    found, _ = nnls(stacked, target, maxiter=30 * donors + 100)
    return np.asarray(found / found.sum())


@dataclass(frozen=True)
class Matched:
    """Weights of donors (shape donors) and of predictors (shape predictors, summing to one)."""

    weights: NDArray[np.float64]
    importance: NDArray[np.float64]


def scaled(predictors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Predictors (shape predictors, units), each divided by its standard deviation between the units, as in Synth."""
    import numpy as np

    spread = predictors.std(axis=1, ddof=1)
    return np.asarray(predictors / np.where(spread > 0, spread, 1.0)[:, None])


def weighted_match(predictors: NDArray[np.float64], importance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of donors for given weights of predictors.

    ``predictors`` (shape predictors, units) are scaled, the treated unit in the first column.
    """
    import numpy as np

    root = np.sqrt(importance)[:, None]
    weighed = predictors * root
    return on_simplex(weighed[:, 1:], weighed[:, 0])


def nested(predictors: NDArray[np.float64], outcomes: NDArray[np.float64], *, thorough: bool = False) -> Matched:
    """Weights of predictors under which the mix that matches them also follows the outcome before the start best.

    Args:
        predictors: shape (predictors, units), scaled, the treated unit first.
        outcomes: shape (periods, units), over the periods that the fit is judged by, the treated unit first.
        thorough: search from the weights of a regression too, and once more from the best that was found.

    Source:
        Abadie and Gardeazabal (2003), appendix B; Abadie, Diamond and Hainmueller (2011) Journal of Statistical
        Software 42(13): the search of Nelder and Mead, from equal weights. It is not convex: it may end at a near
        best.
    """
    import numpy as np
    from scipy.optimize import minimize

    many = predictors.shape[0]
    equal = np.full(many, 1 / many)
    if many == 1:
        return Matched(weighted_match(predictors, equal), equal)
    treated, donors = outcomes[:, 0], outcomes[:, 1:]

    def importance_of(point: NDArray[np.float64]) -> NDArray[np.float64]:
        size = np.abs(point)
        total = size.sum()
        return np.asarray(size / total) if total > 0 else equal

    def loss(point: NDArray[np.float64]) -> float:
        gap = treated - donors @ weighted_match(predictors, importance_of(point))
        return float(gap @ gap)

    def searched(start: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        found = minimize(loss, start, method="Nelder-Mead", options={"maxiter": MOST_STEPS})
        return importance_of(found.x), float(found.fun)

    best, least = searched(equal)
    if thorough:
        best, least = min((best, least), searched(_by_regression(predictors, outcomes)), key=lambda each: each[1])
        best, least = min((best, least), searched(best), key=lambda each: each[1])
    return Matched(weighted_match(predictors, best), best)


def _by_regression(predictors: NDArray[np.float64], outcomes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights by how far each predictor foretells the outcome in a regression over the units."""
    import numpy as np

    design = np.column_stack([np.ones(predictors.shape[1]), predictors.T])
    slopes = np.linalg.lstsq(design, outcomes.T, rcond=None)[0][1:]
    size = (slopes ** 2).sum(axis=1)
    total = size.sum()
    return np.asarray(size / total) if total > 0 else np.full(len(size), 1 / len(size))
