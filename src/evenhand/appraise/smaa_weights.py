"""What is known of the weights, and sets of weights drawn evenly from all that agree with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Literal

from evenhand.terms import refuse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Where fewer than this share of the sets tried agree with the ranges, a walk among those that do is quicker.
FEWEST_KEPT = 0.02
STEPS_PER_WEIGHT = 60


@dataclass(frozen=True)
class Knowledge:
    """What is known of the weights, which are not negative and sum to 1.

    ``none``: nothing. ``order``: ``levels`` of places, the heaviest first; within a level nothing is known. ``exact``
    and ``intervals``: ``low`` and ``high`` for each.
    """

    kind: Literal["none", "order", "intervals", "exact"]
    count: int
    levels: tuple[tuple[int, ...], ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()

    def drawn(self, draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Sets of weights, shape (draws, criteria), each row summing to 1, evenly spread over all that agree.

        Exponential variables over their sum lie evenly on the simplex; sorting them keeps that within an order
        (Tervonen & Lahdelma 2007, section 3).
        """
        import numpy as np

        if self.kind == "exact":
            return np.broadcast_to(np.array(self.low), (draws, self.count))
        if self.kind == "intervals":
            return _within(np.array(self.low), np.array(self.high), draws, rng)
        weights = _even(draws, self.count, rng)
        if self.kind == "order":
            places = [place for level in self.levels for place in level]
            ordered = -np.sort(-weights[:, places], axis=1)
            start = 0
            for level in self.levels:
                if len(level) > 1:
                    # Which of a level is the heaviest is not known: any order of them is as likely.
                    part = slice(start, start + len(level))
                    ordered[:, part] = rng.permuted(ordered[:, part], axis=1)
                start += len(level)
            weights[:, places] = ordered
        return weights


def nothing_known(count: int) -> Knowledge:
    """Any weights at all."""
    return Knowledge("none", count)


def as_order(levels: Sequence[Sequence[int]], *, count: int) -> Knowledge:
    """Only which of the weights is heavier."""
    return Knowledge("order", count, levels=tuple(tuple(each) for each in levels))


def as_exact(weights: Sequence[float], *, file: str) -> Knowledge:
    """The weights themselves, divided by their sum."""
    total = fsum(weights)
    if total <= 0:
        raise refuse("every weight is nought", "give at least one criterion a weight", file=file, column="weights")
    shares = tuple(each / total for each in weights)
    return Knowledge("exact", len(weights), low=shares, high=shares)


def as_intervals(ranges: Sequence[tuple[float, float | None]], *, file: str, names: Sequence[str]) -> Knowledge:
    """The least and the most each may be, in shares of 1, or of 100 where one of them is above 1."""
    whole = 100.0 if any(low > 1 or (high or 0) > 1 for low, high in ranges) else 1.0
    low = [each / whole for each, _ in ranges]
    high = [1.0 if each is None else min(each / whole, 1.0) for _, each in ranges]
    if fsum(low) > 1 + 1e-9 or fsum(high) < 1 - 1e-9:
        raise refuse("no weights that sum to 1 lie within these ranges",
                     "lower the low ends" if fsum(low) > 1 else "raise the high ends", file=file, column="weights",
                     value=f"low ends {fsum(low):.4g}, high ends {fsum(high):.4g}")
    # What the others leave over narrows each range; drawing is quicker within the narrow ones.
    narrow_high = [min(most, 1 - (fsum(low) - least)) for least, most in zip(low, high, strict=True)]
    narrow_low = [max(least, 1 - (fsum(high) - most)) for least, most in zip(low, high, strict=True)]
    return Knowledge("intervals", len(names), low=tuple(narrow_low), high=tuple(narrow_high))


def _even(draws: int, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    drawn = rng.standard_exponential((draws, count))
    drawn /= drawn.sum(axis=1, keepdims=True)
    return drawn


def _within(low: NDArray[np.float64], high: NDArray[np.float64], draws: int,
            rng: np.random.Generator) -> NDArray[np.float64]:
    """Sets evenly spread over the part of the simplex between ``low`` and ``high``."""
    import numpy as np

    spare = 1 - low.sum()
    if spare <= 1e-12:
        return np.broadcast_to(low / low.sum(), (draws, len(low)))
    kept: list[NDArray[np.float64]] = []
    had, tried = 0, 0
    while had < draws:
        drawn = low + spare * _even(draws, len(low), rng)
        fits = drawn[(drawn <= high + 1e-12).all(axis=1)]
        kept.append(fits)
        had, tried = had + len(fits), tried + draws
        if had < FEWEST_KEPT * tried:
            return _walked(low, high, draws, rng)
    return np.concatenate(kept)[:draws]


def _walked(low: NDArray[np.float64], high: NDArray[np.float64], draws: int,
            rng: np.random.Generator) -> NDArray[np.float64]:
    """The same by a walk, one for each set: again and again two weights share what they have together anew.

    Each step keeps the even spread (a Gibbs sampler on pairs), so after many from a point inside it is reached.
    """
    import numpy as np

    room = high - low
    start = low + room * ((1 - low.sum()) / room.sum())
    weights = np.tile(start, (draws, 1))
    rows = np.arange(draws)
    count = len(low)
    for _ in range(STEPS_PER_WEIGHT * count):
        one = rng.integers(0, count, draws)
        other = (one + rng.integers(1, count, draws)) % count
        together = weights[rows, one] + weights[rows, other]
        least = np.maximum(low[one], together - high[other])
        most = np.minimum(high[one], together - low[other])
        chosen = least + (most - least) * rng.random(draws)
        weights[rows, one] = chosen
        weights[rows, other] = together - chosen
    return weights
