"""Shares beside shares: how far replies follow the people they come from, and weights that make up the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STOP_AT = 1e-13
CLOSE_ENOUGH = 1e-8


@dataclass(frozen=True)
class Raked:
    """Weights found by raking: one per cell, mean 1 over the replies, and how near the margins they came."""

    weights: NDArray[np.float64]
    rounds: int
    off_by: float

    @property
    def settled(self) -> bool:
        """Whether every weighted share meets its share of the population."""
        return self.off_by <= CLOSE_ENOUGH


def rake(counts: Sequence[float], places: Sequence[Sequence[int]], shares: Sequence[Sequence[float]], *,
         rounds: int = 1000) -> Raked:
    """Weights under which every margin of the replies has its share of the population.

    Args:
        counts: replies in each cell, shape (cells,).
        places: for each dimension, which of its groups each cell belongs to, shape (dimensions, cells).
        shares: for each dimension, the share of the population in each group, summing to 1; each group with a share
            needs at least one cell with a reply.
        rounds: how often to go round the dimensions before giving up.

    Returns:
        One weight a cell, in replies of the population per reply (mean 1), and the largest distance of a weighted
        share from its target. Combinations that nobody replied from can make the margins impossible to meet together;
        then ``settled`` is false.

    Source: Deming & Stephan (1940), On a least squares adjustment of a sampled frequency table, Annals of Mathematical
    Statistics 11(4), 427-444.
    """
    import numpy as np

    start = np.asarray(counts, dtype=float)
    cells = start / start.sum()
    where: list[NDArray[np.int64]] = [np.asarray(each, dtype=np.int64) for each in places]
    targets = [np.asarray(each, dtype=float) for each in shares]

    def margins() -> list[NDArray[np.float64]]:
        return [np.bincount(place, cells, minlength=len(target)).astype(float)
                for place, target in zip(where, targets, strict=True)]

    done, off_by = 0, float("inf")
    while done < rounds and off_by > STOP_AT:
        done += 1
        for place, target in zip(where, targets, strict=True):
            now = np.bincount(place, cells, minlength=len(target))
            cells = cells * np.divide(target, now, out=np.zeros_like(target), where=now > 0)[place]
        off_by = max(float(np.abs(now - target).max()) for now, target in zip(margins(), targets, strict=True))
    weights = np.divide(cells * start.sum(), start, out=np.zeros_like(cells), where=start > 0)
    return Raked(weights, done, off_by)


def effective_number(counts: Sequence[float], weights: Sequence[float]) -> float:
    """How many evenly spread replies the weighted ones are worth: (sum of weights) squared over sum of squares.

    Args:
        counts: replies that carry each weight.
        weights: the weights, in any unit.

    Source: Kish (1965), Survey Sampling, section 11.7; Kish (1992), Weighting for unequal P_i, Journal of Official
    Statistics 8(2), 183-200.
    """
    total = sum(count * weight for count, weight in zip(counts, weights, strict=True))
    squares = sum(count * weight**2 for count, weight in zip(counts, weights, strict=True))
    return total**2 / squares


def share_interval(count: float, of: float, confidence: float) -> tuple[float, float]:
    """The range of a share: ``count`` of ``of``, at a confidence such as 0.95.

    Source: Wilson (1927), Probable inference, Journal of the American Statistical Association 22, 209-212.
    """
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    middle = (count + z * z / 2) / (of + z * z)
    half = z / (of + z * z) * sqrt(count * (of - count) / of + z * z / 4)
    # At none and at all of them the formula ends on 0 and 1; rounding must not carry it past.
    return (0.0 if count == 0 else max(0.0, middle - half)), (1.0 if count == of else min(1.0, middle + half))
