"""From answers to weights: shares of points, weights of ranks, and the weights that comparisons in pairs imply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The mean consistency index of random comparisons, by number of criteria from 1: Saaty (1980), The Analytic Hierarchy
# Process, table 1-6.
RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
ACCEPTABLE = 0.10


@dataclass(frozen=True)
class Consistency:
    """How well comparisons in pairs agree with each other. ``ratio`` is missing beyond 15 criteria.

    ``look_again`` is the pair that fits the rest worst, by place, with what was said and what the weights imply.
    """

    lambda_max: float
    index: float
    random_index: float | None
    ratio: float | None
    look_again: tuple[int, int, float, float] | None

    @property
    def is_acceptable(self) -> bool | None:
        """Whether the ratio is at most a tenth; ``None`` where there is none."""
        return None if self.ratio is None else self.ratio <= ACCEPTABLE + 1e-12


def shares(points: Sequence[float]) -> list[float]:
    """Points over their sum, which must be above 0."""
    total = fsum(points)
    return [each / total for each in points]


def centroid(count: int) -> list[float]:
    """The mean of all weights in one order, the heaviest first: w_k = (1/k + ... + 1/n) / n (Barron & Barrett 1996)."""
    return [fsum(1 / place for place in range(rank, count + 1)) / count for rank in range(1, count + 1)]


def rank_sum(count: int) -> list[float]:
    """Weights that fall by equal steps: w_k = 2 (n + 1 - k) / (n (n + 1)) (Stillwell, Seaver & Edwards 1981)."""
    return [2 * (count + 1 - rank) / (count * (count + 1)) for rank in range(1, count + 1)]


def rank_reciprocal(count: int) -> list[float]:
    """Weights in proportion to 1/k (Stillwell, Seaver & Edwards 1981)."""
    return shares([1 / rank for rank in range(1, count + 1)])


RANKED = {"rank-order-centroid": centroid, "rank-sum": rank_sum, "rank-reciprocal": rank_reciprocal}


def of_ranks(ranks: Sequence[float], method: str) -> list[float]:
    """Weights in the order of ``ranks``, 1 being the heaviest; equals share the mean of the places they take."""
    by_place = RANKED[method](len(ranks))
    found = [0.0] * len(ranks)
    taken = 0
    for rank in sorted(set(ranks)):
        places = [place for place, each in enumerate(ranks) if each == rank]
        mean = fsum(by_place[taken:taken + len(places)]) / len(places)
        for place in places:
            found[place] = mean
        taken += len(places)
    return found


def of_comparisons(matrix: NDArray[np.float64]) -> tuple[list[float], Consistency]:
    """Weights as the principal eigenvector of a reciprocal matrix, and how well its cells agree.

    ``matrix`` has shape (criteria, criteria); a cell says how many times as much its row counts as its column.
    Source: Saaty (1977), Journal of Mathematical Psychology 15, 234-281.
    """
    import numpy as np

    values, vectors = np.linalg.eig(matrix)
    largest = int(np.argmax(values.real))
    vector = np.abs(vectors[:, largest].real)
    weights = vector / vector.sum()
    count = len(matrix)
    lambda_max = float(values[largest].real)
    index = max(0.0, (lambda_max - count) / (count - 1)) if count > 1 else 0.0
    random = RANDOM_INDEX[count - 1] if count <= len(RANDOM_INDEX) else None
    ratio = None if random is None else index / random if random else 0.0
    implied = weights[:, None] / weights[None, :]
    off = np.abs(np.log(matrix / implied))
    worst: tuple[int, int, float, float] | None = None
    if count > 2 and off.max() > 1e-9:
        one, other = np.unravel_index(int(np.argmax(off)), off.shape)
        if matrix[one, other] < 1:
            one, other = other, one
        worst = (int(one), int(other), float(matrix[one, other]), float(implied[one, other]))
    return weights.tolist(), Consistency(lambda_max, index, random, ratio, worst)
