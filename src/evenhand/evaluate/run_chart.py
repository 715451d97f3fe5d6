"""The rules of a run chart: a run that is too long, or a middle line crossed too seldom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import comb, log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class RunRules:
    """What the runs of one stretch show.

    ``useful`` points lie off the median. ``longest_run`` may be ``longest_run_limit`` at most, and ``crossings`` must
    be ``crossings_limit`` at least, for the series to look like chance.
    """

    useful: int
    longest_run: int
    longest_run_limit: int
    crossings: int
    crossings_limit: int

    @property
    def signal(self) -> bool:
        """Whether the series has shifted at some time."""
        return self.longest_run > self.longest_run_limit or self.crossings < self.crossings_limit


def longest_run_limit(useful: int) -> int:
    """The longest run that chance usually makes of so many points: log2(n) + 3, rounded."""
    return round(log2(useful)) + 3 if useful > 0 else 0


@cache
def crossings_limit(useful: int) -> int:
    """The fewest crossings that chance usually makes: the 5th percentile of a binomial of n - 1 and a half."""
    chances = useful - 1
    if chances < 1:
        return 0
    total, sum_so_far = 2**chances, 0
    for crossings in range(chances + 1):
        sum_so_far += comb(chances, crossings)
        if 20 * sum_so_far >= total:
            return crossings
    return chances


def run_rules(side: NDArray[np.int8]) -> tuple[RunRules, NDArray[np.int8]]:
    """Judge one stretch of points by the sides of the median they lie on (1, -1, or 0 on it; shape points).

    Also gives the points of runs that are too long, with their side (shape points). Points on the median are left
    out: they neither lengthen a run nor end it.

    Source: Anhøj and Olesen (2014) Run charts revisited, PLOS ONE 9(11): e113825; Schilling (2012) for the longest
    run and Chen (2010) for crossings.
    """
    import numpy as np

    useful = np.flatnonzero(side)
    signs = side[useful]
    marked = np.zeros(len(side), np.int8)
    if not len(signs):
        return RunRules(0, 0, 0, 0, 0), marked
    breaks = np.flatnonzero(signs[1:] != signs[:-1]) + 1
    lengths = np.diff(np.concatenate(([0], breaks, [len(signs)])))
    limit = longest_run_limit(len(signs))
    marked[useful] = np.where(np.repeat(lengths, lengths) > limit, signs, 0)
    return RunRules(len(signs), int(lengths.max()), limit, len(lengths) - 1, crossings_limit(len(signs))), marked
