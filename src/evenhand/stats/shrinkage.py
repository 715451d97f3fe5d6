"""Values drawn towards the middle as far as their own uncertainty warrants, and chance allowed for among many looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Shrunk:
    """Values after shrinkage, the share of each that is its own (0 to 1), and the true spread found between them.

    ``values`` and ``own_share`` have the shape of the input; ``variance_between`` one number a row.
    """

    values: Floats
    own_share: Floats
    variance_between: Floats


def towards_the_middle(values: ArrayLike, variances: ArrayLike, centre: ArrayLike) -> Shrunk:
    """Empirical Bayes: each value keeps the share of its distance from the centre that is not noise.

    Args:
        values: rates or shares, shape (rows, units); missing ones are not a number.
        variances: the chance variance of each, had its true value been the centre, same shape and squared units.
        centre: the middle of each row, shape (rows,).

    Returns:
        ``centre + B (value - centre)`` with ``B = V / (V + variance)``, where the variance between units ``V`` is
        what remains of the spread round the centre after the mean chance variance is taken off, weighted by 1 over
        variance and never below 0.

    Source: Marshall (1991), Applied Statistics 40:283-294, the global estimator by moments, here with any variance in
    place of Poisson's.
    """
    import numpy as np

    value = np.atleast_2d(np.asarray(values, dtype=float))
    noise = np.atleast_2d(np.asarray(variances, dtype=float))
    middle = np.atleast_1d(np.asarray(centre, dtype=float))[:, None]
    counted = np.isfinite(value) & np.isfinite(noise) & (noise > 0)
    weight = np.where(counted, 1 / np.where(counted, noise, 1.0), 0.0)
    total = weight.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (weight * np.where(counted, value - middle, 0.0) ** 2).sum(axis=1, keepdims=True) / total
        expected = counted.sum(axis=1, keepdims=True) / total
        between = np.maximum(np.where(total > 0, spread - expected, 0.0), 0.0)
        own = np.where(noise > 0, between / (between + noise), 1.0)
    shrunk = middle + own * (value - middle)
    shape = np.shape(values)
    return Shrunk(shrunk.reshape(shape), own.reshape(shape), between[:, 0])


def false_discovery(p_values: ArrayLike) -> Floats:
    """Benjamini and Hochberg's adjusted p-values, shape (tests,): those at or below q have a false share of at most q.

    Missing p-values stay missing and do not count as looks.

    Source: Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57:289-300.
    """
    import numpy as np

    p = np.asarray(p_values, dtype=float)
    adjusted = np.full(p.shape, np.nan)
    there = np.flatnonzero(np.isfinite(p))
    if len(there):
        order = there[np.argsort(p[there], kind="stable")]
        raised = p[order] * len(there) / np.arange(1, len(there) + 1)
        adjusted[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return adjusted
