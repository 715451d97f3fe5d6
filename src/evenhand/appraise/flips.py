"""How far one weight must move before another option comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

# Below this, two values are one: what is left of adding in another order.
SAME = 1e-9


@dataclass(frozen=True)
class Flip:
    """A weight at which first place changes hands: share of all weight, between 0 and 1, and who takes it."""

    at: float
    change: float
    to: tuple[str, ...]


def is_same(one: float, other: float, size: float = 1.0) -> bool:
    """Whether two values differ by no more than arithmetic does, for values about so large."""
    return abs(one - other) <= SAME * max(size, 1e-300)


def ranks(values: Sequence[float]) -> list[int]:
    """Places from 1, highest first; equal values share a place, and the next counts on from all of them."""
    size = max(map(abs, values), default=0.0)
    order = sorted(range(len(values)), key=lambda place: -values[place])
    found = [0] * len(values)
    head = 0
    for position, place in enumerate(order):
        if not is_same(values[order[head]], values[place], size):
            head = position
        found[place] = head + 1
    return found


def value_lines(values: Sequence[Sequence[float | None]], weights: Sequence[float], which: int
                ) -> list[tuple[float, float, float, float]]:
    """Each option's value as the weight ``t`` of one criterion moves and the others keep their proportions.

    Args:
        values: values on the scales, shape (options, criteria); ``None`` where a criterion does not apply.
        weights: shares, summing to 1, shape (criteria,); the one that moves must be below 1.
        which: the criterion whose weight moves.

    Returns:
        For each option ``(a, b, c, d)``: its value is ``(a + b t) / (c + d t)``. Where all criteria apply the lower
        part is 1 and the value a straight line.
    """
    rest = 1 - weights[which]
    lines = []
    for row in values:
        own, applies = (row[which] or 0.0), (0.0 if row[which] is None else 1.0)
        others = sum(weight / rest * value for place, (weight, value) in enumerate(zip(weights, row, strict=True))
                     if place != which and value is not None)
        carried = sum(weight / rest for place, (weight, value) in enumerate(zip(weights, row, strict=True))
                      if place != which and value is not None)
        lines.append((others, own - others, carried, applies - carried))
    return lines


def flips(names: Sequence[str], values: Sequence[Sequence[float | None]], weights: Sequence[float], which: int
          ) -> tuple[Flip | None, Flip | None]:
    """The nearest lower and the nearest higher weight of a criterion at which first place changes hands.

    ``None`` where no weight on that side does it. The first place must be held by one option alone. Arguments as in
    ``value_lines``.
    """
    if weights[which] >= 1 - SAME:
        return None, None
    lines = value_lines(values, weights, which)
    now = weights[which]
    at_present = [_at(line, now) for line in lines]
    leader = max(range(len(names)), key=at_present.__getitem__)
    size = max(max(abs(value) for row in values for value in row if value is not None), 1e-300)
    crossings = [(root, rival) for rival in range(len(names)) if rival != leader
                 for root in _crossings(lines[leader], lines[rival], size)]
    lower = max((root for root, _ in crossings if root < now), default=None)
    higher = min((root for root, _ in crossings if root > now), default=None)
    return (None if lower is None else Flip(lower, lower - now, _takes(names, lines, crossings, lower, -1, size)),
            None if higher is None else Flip(higher, higher - now, _takes(names, lines, crossings, higher, 1, size)))


def _at(line: tuple[float, float, float, float], t: float) -> float:
    a, b, c, d = line
    return (a + b * t) / (c + d * t) if c + d * t > 0 else 0.0


def _crossings(one: tuple[float, float, float, float], other: tuple[float, float, float, float],
               size: float) -> list[float]:
    """Weights strictly between 0 and 1 at which two options cross (not merely touch)."""
    (a, b, c, d), (e, f, g, h) = one, other
    square, slope, start = b * h - f * d, a * h + b * g - e * d - f * c, a * g - e * c
    if abs(square) <= SAME * size:
        roots = [] if abs(slope) <= SAME * size else [-start / slope]
    else:
        under = slope * slope - 4 * square * start
        roots = [] if under <= 0 else [(-slope - sqrt(under)) / (2 * square), (-slope + sqrt(under)) / (2 * square)]
    return [root for root in roots if SAME < root < 1 - SAME]


def _takes(names: Sequence[str], lines: Sequence[tuple[float, float, float, float]],
           crossings: Sequence[tuple[float, int]], at: float, way: int, size: float) -> tuple[str, ...]:
    """Who is first just beyond the weight: of those that cross there, the one that rises fastest; more if they tie."""
    there = [rival for root, rival in crossings if abs(root - at) <= SAME]
    edge = min(1.0, max(0.0, at + way * 1e-4))
    beyond = {rival: _at(lines[rival], edge) for rival in there}
    best = max(beyond.values())
    return tuple(names[rival] for rival in there if is_same(beyond[rival], best, size))
