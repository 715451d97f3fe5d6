"""Costs beside effects: what is beaten, what one more unit costs, and what knowing for certain would be worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAR = 1e-12


@dataclass(frozen=True)
class Step:
    """One option beside others, by place. ``dominated_by`` costs no more and gives no less; ``mixed`` are the two
    between which it is beaten by a mixture. ``previous``, ``extra_cost``, ``extra_effect`` and ``ratio`` are those of
    options that are not beaten, but for the cheapest.
    """

    place: int
    dominated_by: int | None = None
    mixed: tuple[int, int] | None = None
    previous: int | None = None
    extra_cost: float | None = None
    extra_effect: float | None = None
    ratio: float | None = None

    @property
    def is_on_frontier(self) -> bool:
        """Whether nothing beats it."""
        return self.dominated_by is None and self.mixed is None


@dataclass(frozen=True)
class AtThreshold:
    """At one threshold: expected net benefit of each option in pounds, who is first, how often each is (``None``
    without draws), and the expected value of perfect information for one decision, with its standard error.
    """

    threshold: float
    net_benefit: NDArray[np.float64]
    best: int
    probability: NDArray[np.float64] | None
    perfect_information: float | None
    standard_error: float | None


def steps(costs: Sequence[float], effects: Sequence[float]) -> list[Step]:
    """Every option, in the order given, after taking out first what is dominated, then what a mixture dominates.

    Of options with the same cost and effect, the first stands for all.
    Source: Johannesson & Weinstein (1993), Journal of Health Economics 12, 459-467.
    """
    count = len(costs)
    dominated: dict[int, int] = {}
    for place in range(count):
        for other in range(count):
            same = costs[other] == costs[place] and effects[other] == effects[place]
            if other != place and costs[other] <= costs[place] and effects[other] >= effects[place] and (
                    not same or other < place):
                dominated[place] = other
                break
    # What dominates may itself be dominated: name one that is not.
    for place in dominated:
        while dominated[place] in dominated:
            dominated[place] = dominated[dominated[place]]
    left = sorted((place for place in range(count) if place not in dominated), key=lambda place: costs[place])
    mixed: dict[int, tuple[int, int]] = {}
    hull: list[int] = []
    for place in left:
        while len(hull) > 1 and _ratio(costs, effects, hull[-2], hull[-1]) > _ratio(
                costs, effects, hull[-1], place) * (1 + NEAR):
            hull.pop()
        hull.append(place)
    for place in left:
        if place not in hull:
            below = max((each for each in hull if costs[each] < costs[place]), key=lambda each: costs[each])
            above = min((each for each in hull if costs[each] > costs[place]), key=lambda each: costs[each])
            mixed[place] = (below, above)
    found = []
    for place in range(count):
        at = hull.index(place) if place in hull else -1
        if at < 1:
            found.append(Step(place, dominated.get(place), mixed.get(place)))
            continue
        previous = hull[at - 1]
        found.append(Step(place, None, None, previous, costs[place] - costs[previous],
                          effects[place] - effects[previous], _ratio(costs, effects, previous, place)))
    return found


def _ratio(costs: Sequence[float], effects: Sequence[float], one: int, other: int) -> float:
    return (costs[other] - costs[one]) / (effects[other] - effects[one])


def at_threshold(costs: NDArray[np.float64], effects: NDArray[np.float64], threshold: float) -> AtThreshold:
    """Net benefit at a threshold. ``costs`` and ``effects`` have shape (draws, options); one draw is no uncertainty.

    Net monetary benefit is the threshold times the effect, less the cost (Stinnett & Mullahy 1998). Perfect
    information is worth E[max NB] - max E[NB] (Claxton 1999, Journal of Health Economics 18, 341-364).
    """
    import numpy as np

    benefit = threshold * effects - costs
    mean = benefit.mean(axis=0)
    best = int(np.argmax(mean))
    draws = len(benefit)
    if draws == 1:
        return AtThreshold(threshold, mean, best, None, None, None)
    top = benefit.max(axis=1)
    near = NEAR * np.maximum(np.abs(top), 1.0)
    first = benefit >= (top - near)[:, None]
    probability = (first / first.sum(axis=1, keepdims=True)).mean(axis=0)
    regret = top - benefit[:, best]
    return AtThreshold(threshold, mean, best, probability, float(max(regret.mean(), 0.0)),
                       float(regret.std(ddof=1) / draws**0.5))


def people_affected(a_year: float, years: int, discount: float) -> float:
    """People over so many years, those of later years discounted, those of the first not."""
    return sum(a_year / (1 + discount) ** year for year in range(years))
