"""The arithmetic of likeness: standardised distances, and how much each characteristic tells of a measure.

``standard`` has the shape (units, columns); weights have the shape (columns,) and sum to the number of columns, so that
equal weights are all 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

MIXTURES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""How far learnt weights may count against equal ones when mixtures of the two are tried."""


@dataclass(frozen=True)
class Learnt:
    """Weights learnt from a measure.

    ``r_squared`` is the share of the measure's variance that the columns explain together, ``adjusted`` the same less
    what chance alone would explain, ``trusted`` how far the learnt weights count against equal ones, 0 to 1.
    """

    weights: Floats
    r_squared: float
    adjusted: float
    trusted: float


def standardised(values: Floats) -> Floats:
    """Each column less its mean, over its standard deviation (of a sample); shape (units, columns)."""
    import numpy as np

    return np.asarray((values - values.mean(axis=0)) / values.std(axis=0, ddof=1))


def parts(standard: Floats, own: Floats, weights: Floats) -> Floats:
    """What each column adds to each unit's distance: the weighted squared difference, shape (units, columns)."""
    return weights * (standard - own) ** 2


def nearest_distances(standard: Floats, weights: Floats, count: int, places: Sequence[int]) -> Floats:
    """For the units at these places the mean distance to their ``count`` nearest others, shape (places,)."""
    import numpy as np

    found = np.empty(len(places))
    for row, place in enumerate(places):
        distance = parts(standard, standard[place], weights).sum(axis=1)
        distance[place] = np.inf
        found[row] = np.partition(distance, count - 1)[:count].mean()
    return found


def peers_miss(standard: Floats, measure: Floats, weights: Floats, count: int, places: Sequence[int]) -> float:
    """How far the mean measure of its peers lies from a unit's own, on average over the units at these places."""
    import numpy as np

    missed = []
    for place in places:
        distance = parts(standard, standard[place], weights).sum(axis=1)
        distance[place] = np.inf
        nearest = np.argpartition(distance, count - 1)[:count]
        missed.append(abs(measure[place] - measure[nearest].mean()))
    return float(np.mean(missed))


def tried_weights(standard: Floats, measure: Floats, count: int, places: Sequence[int]) -> tuple[Learnt, list[float]]:
    """Learnt weights mixed with equal ones as far as that brings peers nearer to a unit's own measure.

    Five mixtures from equal to learnt are tried on the units at these places, each against its own nearest others; the
    least mixture with the least miss is taken. Returns the weights and the misses of equal weights, of those taken, and
    of the mean of all units.

    Source: leaving one out, Stone (1974), Journal of the Royal Statistical Society B 36:111-147.
    """
    import numpy as np

    learnt = learnt_weights(standard, measure)
    equal = np.ones(standard.shape[1])
    mixtures = MIXTURES if learnt.trusted > 0 else MIXTURES[:1]
    tried = [part * learnt.weights + (1 - part) * equal for part in mixtures]
    misses = [peers_miss(standard, measure, weights, count, places) for weights in tried]
    best = int(np.argmin(misses))
    by_all = np.abs(measure[list(places)] - measure.mean()) * len(measure) / (len(measure) - 1)
    taken = Learnt(tried[best], learnt.r_squared, learnt.adjusted, learnt.trusted * mixtures[best])
    return taken, [misses[0], misses[best], float(by_all.mean())]


def learnt_weights(standard: Floats, measure: Floats) -> Learnt:
    """Weights by how well each column predicts a measure.

    Relative weights: the columns are turned into their nearest uncorrelated likenesses, and the variance that each
    likeness explains is given back to the columns by their squared correlation with it, so that two columns which say
    the same share what they say. They sum to R squared. Because few units make a column look telling by chance, they
    are drawn towards equal weights by the share of R squared that adjustment takes away.

    Args:
        standard: characteristics, standardised, without the unit whose peers are sought.
        measure: shape (units,), any units.

    Source: Johnson (2000), Multivariate Behavioral Research 35:1-19, equations 3 to 9; adjusted R squared, Ezekiel
    (1930), Methods of Correlation Analysis.
    """
    import numpy as np

    units, columns = standard.shape
    own = standardised(standard)
    target = (measure - measure.mean()) / measure.std(ddof=1)
    correlations = own.T @ own / (units - 1)
    roots, vectors = np.linalg.eigh(correlations)
    roots = np.where(roots > 1e-10 * roots.max(), roots, 0.0)
    link = vectors @ np.diag(np.sqrt(roots)) @ vectors.T
    slopes = np.linalg.pinv(link, rcond=1e-8) @ (own.T @ target / (units - 1))
    relative = link**2 @ slopes**2
    r_squared = float(relative.sum())
    adjusted = 1 - (1 - min(r_squared, 1.0)) * (units - 1) / (units - columns - 1)
    trusted = float(np.clip(adjusted / r_squared, 0.0, 1.0)) if r_squared > 0 else 0.0
    shares = relative / r_squared if r_squared > 0 else np.full(columns, 1 / columns)
    weights = columns * (trusted * shares + (1 - trusted) / columns)
    return Learnt(np.asarray(weights, dtype=float), r_squared, adjusted, trusted)
