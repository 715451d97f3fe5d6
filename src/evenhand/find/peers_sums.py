"""The arithmetic of likeness: standardised distances, and how much each characteristic tells of a measure.

``standard`` has the shape (units, columns); weights have the shape (columns,) and sum to the number of columns, so that
equal weights are all 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]


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


def nearest_distances(standard: Floats, weights: Floats, count: int) -> Floats:
    """For every unit the mean distance to its ``count`` nearest others, shape (units,)."""
    import numpy as np

    found = np.empty(len(standard))
    for place, own in enumerate(standard):
        distance = parts(standard, own, weights).sum(axis=1)
        distance[place] = np.inf
        found[place] = np.sort(distance)[:count].mean()
    return found


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
