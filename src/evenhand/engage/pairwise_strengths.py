"""Strengths behind choices: the likelihood of Bradley and Terry, and of Luce and Plackett for whole rankings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Choices = Mapping[tuple[int, tuple[int, ...]], float]
"""How often an item was chosen from a set: ``{(chosen, the set in order): times}``. A comparison is a set of two."""

ROUNDS, SETTLED = 200, 1e-11


@dataclass(frozen=True)
class Strengths:
    """Log strengths with mean 0 and the matrix of their covariances, in the order of the items."""

    log_strength: NDArray[np.float64]
    covariance: NDArray[np.float64]


def choices_of(rankings: Sequence[tuple[Sequence[int], float]]) -> dict[tuple[int, tuple[int, ...]], float]:
    """Rankings (best first, each with how often it was given) as choices: the first from all, the second from the rest.

    Luce (1959), Individual Choice Behavior, section 1.C; Plackett (1975), Applied Statistics 24, 193-202, equation 1.
    """
    found: dict[tuple[int, tuple[int, ...]], float] = {}
    for ranking, times in rankings:
        for place in range(len(ranking) - 1):
            key = (ranking[place], tuple(sorted(ranking[place:])))
            found[key] = found.get(key, 0.0) + times
    return {key: times for key, times in found.items() if times > 0}


def tiers(choices: Choices, count: int) -> list[list[int]]:
    """Sets of items within which everyone is linked to everyone by wins both ways, the strongest set first.

    One set means that a finite estimate exists, and only one (Ford 1957, American Mathematical Monthly 64, 28-33;
    Hunter 2004, assumption 1). Between sets wins go one way only, or there are none.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    edges = sorted({(chosen, other) for chosen, among in choices for other in among if other != chosen})
    if not edges:
        return [[item] for item in range(count)]
    rows, columns = zip(*edges, strict=True)
    graph = csr_matrix(([1] * len(edges), (rows, columns)), shape=(count, count))
    number, label = connected_components(graph, directed=True, connection="strong")
    members: list[list[int]] = [[] for _ in range(number)]
    for item in range(count):
        members[int(label[item])].append(item)
    above = {(int(label[winner]), int(label[loser])) for winner, loser in edges if label[winner] != label[loser]}
    ordered: list[list[int]] = []
    left = set(range(number))
    while left:
        # Sets that nobody left beats, in the order of their first item, so that the answer is always the same.
        free = sorted((each for each in left if not any(low == each and high in left for high, low in above)),
                      key=lambda each: members[each][0])
        ordered += [members[each] for each in free]
        left -= set(free)
    return ordered


def linked(choices: Choices, count: int) -> bool:
    """Whether every item is linked to every other by comparisons, whoever won them."""
    of = list(range(count))

    def root(item: int) -> int:
        while of[item] != item:
            item = of[item]
        return item

    for _, among in choices:
        for other in among[1:]:
            of[root(other)] = root(among[0])
    return len({root(item) for item in range(count)}) == 1


def fitted(choices: Choices, count: int, *, prior: float = 0.0) -> Strengths:
    """The most likely log strengths, by Newton's method with halved steps.

    Args:
        choices: times by chosen item and set; without a prior the items must form one tier.
        count: items, numbered from 0.
        prior: comparisons won, and as many lost, by each item against an imagined one of middling strength.

    Returns:
        Log strengths with mean 0. Covariances are the inverse of the information, of strengths with their mean taken
        off (Agresti 2002, Categorical Data Analysis, section 10.6; Hunter 2004, Annals of Statistics 32, 384-406,
        equation 3). The likelihood is concave, so the one maximum is found.
    """
    import numpy as np

    chosen = np.zeros(count)
    by_size: dict[int, list[tuple[tuple[int, ...], float]]] = {}
    for (item, among), times in choices.items():
        chosen[item] += times
        by_size.setdefault(len(among), []).append((among, times))
    blocks = [(np.array([among for among, _ in rows]), np.array([times for _, times in rows]))
              for rows in by_size.values()]
    even = np.full((count, count), 1 / count)

    def told(theta: NDArray[np.float64]) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
        value, slope = float(chosen @ theta), chosen.copy()
        bend = np.zeros((count, count))
        for among, times in blocks:
            shown = theta[among]
            top = shown.max(axis=1, keepdims=True)
            raised = np.exp(shown - top)
            total = raised.sum(axis=1, keepdims=True)
            share = raised / total
            value -= float(times @ (np.log(total) + top).ravel())
            weighted = share * times[:, None]
            np.subtract.at(slope, among, weighted)
            np.add.at(bend, (among, among), weighted)
            np.subtract.at(bend, (among[:, :, None], among[:, None, :]), weighted[:, :, None] * share[:, None, :])
        if prior:
            won = 1 / (1 + np.exp(-theta))
            value -= prior * float(np.logaddexp(0, theta).sum() + np.logaddexp(0, -theta).sum())
            slope += prior * (1 - 2 * won)
            bend[np.diag_indices(count)] += 2 * prior * won * (1 - won)
        return value, slope, bend

    theta = np.zeros(count)
    value, slope, bend = told(theta)
    # Without a prior only differences are known: the even direction is filled in, and never moved along.
    fill = np.zeros((count, count)) if prior else even
    for _ in range(1, ROUNDS + 1):
        step = np.linalg.solve(bend + fill, slope)
        size = 1.0
        while True:
            next_value, next_slope, next_bend = told(theta + size * step)
            if next_value >= value - 1e-12 * abs(value) or size < 1e-8:
                break
            size /= 2
        theta = theta + size * step
        value, slope, bend = next_value, next_slope, next_bend
        if float(np.abs(step).max()) * size < SETTLED:
            break
    centre = np.eye(count) - even
    centred = centre @ theta
    # What is nought but for the rounding of sums is said as nought.
    centred[np.abs(centred) < 1e-13] = 0.0
    return Strengths(centred, centre @ np.linalg.inv(bend + fill) @ centre)
