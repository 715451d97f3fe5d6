"""Options that another beats, whatever the weights, or for the money."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from evenhand.appraise.flips import is_same
from evenhand.appraise.options import Options


def on_criteria(read: Options) -> dict[str, list[str]]:
    """Options that another matches or betters on every criterion (and on cost, where given), whatever the weights."""
    found: dict[str, list[str]] = {}
    turned = [tuple(None if cell is None else cell if criterion.better == "high" else -cell
                    for cell, criterion in zip(row, read.criteria, strict=True)) for row in read.scores]
    if read.costs is not None:
        turned = [(*row, -cost) for row, cost in zip(turned, read.costs, strict=True)]
    for worse, low in zip(read.alternatives, turned, strict=True):
        by = [better for better, high in zip(read.alternatives, turned, strict=True) if _dominates(high, low)]
        if by:
            found[worse] = by
    return found


def _dominates(high: Sequence[float | None], low: Sequence[float | None]) -> bool:
    pairs = list(zip(high, low, strict=True))
    # What does not apply to one of the two cannot be compared.
    if any((one is None) != (other is None) for one, other in pairs):
        return False
    filled = [(one, other) for one, other in pairs if one is not None and other is not None]
    return all(one >= other for one, other in filled) and any(one > other for one, other in filled)


def on_value(read: Options, values: Sequence[float]) -> dict[str, list[str]]:
    """Options that another beats on value and cost: it costs no more, scores no less, and differs in one of them."""
    if read.costs is None:
        return {}
    size = max(map(abs, values))
    found = {}
    for low, worse in enumerate(read.alternatives):
        by = [better for high, better in enumerate(read.alternatives)
              if _is_better_buy(values[high], read.costs[high], values[low], read.costs[low], size)]
        if by:
            found[worse] = by
    return found


def _is_better_buy(value: float, cost: float, than_value: float, than_cost: float, size: float) -> bool:
    same = is_same(value, than_value, size)
    return cost <= than_cost and (same or value > than_value) and (cost < than_cost or not same)


def frontier(read: Options, values: Sequence[float]) -> list[str]:
    """Options that none other beats on value and cost, the cheapest first."""
    assert read.costs is not None
    beaten = on_value(read, values)
    kept = [place for place, name in enumerate(read.alternatives) if name not in beaten]
    costs = read.costs
    return [read.alternatives[place] for place in sorted(kept, key=lambda place: (costs[place], values[place]))]


def steps(read: Options, values: Sequence[float], best: Sequence[str]) -> list[dict[str, Any]]:
    """What each step along the frontier brings and costs."""
    assert read.costs is not None
    found = []
    for one, other in pairwise(best):
        here, there = read.alternatives.index(one), read.alternatives.index(other)
        value, cost = values[there] - values[here], read.costs[there] - read.costs[here]
        found.append({"from": one, "to": other, "extra_value": value, "extra_cost": cost,
                      "value_per_1000": value / cost * 1000 if cost else None})
    return found
