"""Shares that follow from what every group could do alone: Shapley's, the nucleolus, and whether any is stable.

All of it is for gains; a cost is shared by way of what working together saves.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAR = 1e-7


@dataclass(frozen=True)
class Stability:
    """``least_excess`` is the most that the worst-treated group can be left with beyond what it could do alone, of any
    split; below 0, no split is stable. ``balanced`` then names groups, with shares of their time, that together could
    do more apart than all can together.
    """

    least_excess: float
    is_empty: bool
    balanced: tuple[tuple[int, float], ...]


def savings(costs: NDArray[np.float64], players: int) -> NDArray[np.float64]:
    """What each group saves by working together: its members' costs alone, less its cost."""
    import numpy as np

    alone = costs[[1 << place for place in range(players)]]
    return membership(players) @ alone - np.asarray(costs)


def membership(players: int) -> NDArray[np.float64]:
    """Who is in each coalition, shape (coalitions, players), 1 or 0."""
    import numpy as np

    return (np.arange(2**players)[:, None] >> np.arange(players) & 1).astype(float)


def shapley(values: NDArray[np.float64], players: int) -> NDArray[np.float64]:
    """The mean of what each adds over all orders of joining.

    Sum over S without i of |S|! (n - |S| - 1)! / n! (v(S with i) - v(S)): Shapley (1953), A value for n-person games.
    """
    import numpy as np

    places = np.arange(2**players)
    size = membership(players).sum(axis=1).astype(int)
    by_size = np.array([factorial(each) * factorial(players - each - 1) / factorial(players)
                        for each in range(players)] + [0.0])
    found = np.zeros(players)
    for player in range(players):
        without = places[(places >> player & 1) == 0]
        found[player] = (by_size[size[without]] * (values[without | 1 << player] - values[without])).sum()
    return found


def stability(values: NDArray[np.float64], players: int) -> Stability:
    """Whether there is a split to which no group can object: the core, by one linear programme.

    Source: Bondareva (1963); Shapley (1967), Naval Research Logistics Quarterly 14, 453-460.
    """
    import numpy as np
    from scipy.optimize import linprog

    if players == 1:
        return Stability(0.0, False, ())
    scale = max(float(np.abs(values).max()), 1e-300)
    inside = membership(players)
    proper = np.arange(1, 2**players - 1)
    result = linprog(np.append(np.zeros(players), -1.0),
                     A_ub=np.column_stack([-inside[proper], np.ones(len(proper))]), b_ub=-values[proper] / scale,
                     A_eq=np.append(np.ones(players), 0.0)[None, :], b_eq=[values[-1] / scale],
                     bounds=[(None, None)] * (players + 1), method="highs")
    assert result.status == 0, result.message
    excess = -float(result.fun) * scale
    empty = excess < -NEAR * scale
    weights = np.maximum(-result.ineqlin.marginals, 0.0)
    heavy = np.flatnonzero(weights > NEAR)
    # Scaled so that every player's shares over the groups sum to 1: the condition of Bondareva and Shapley.
    each = float((inside[proper].T @ weights)[0]) or 1.0
    balanced = tuple((int(proper[place]), float(weights[place]) / each) for place in heavy) if empty else ()
    return Stability(excess, empty, balanced)


def nucleolus(values: NDArray[np.float64], players: int) -> tuple[NDArray[np.float64], bool]:
    """The split that makes the smallest excess of any group as large as can be, then the next smallest, and so on; and
    whether each player has at least what they could do alone, which where it cannot be is let go.

    A chain of linear programmes; a group whose dual is above 0 has that excess in every best split and is settled.
    Source: Schmeidler (1969), SIAM Journal on Applied Mathematics 17, 1163-1170; Kohlberg (1972), ibid. 23, 34-39.
    """
    import numpy as np
    from scipy.optimize import linprog

    if players == 1:
        return np.array([values[-1]]), True
    scale = max(float(np.abs(values).max()), 1e-300)
    worth = values / scale
    inside = membership(players)
    alone = worth[[1 << place for place in range(players)]]
    rational = bool(alone.sum() <= worth[-1] + 1e-12)
    # With exactly nothing to share out, every player has what they could do alone.
    if rational and abs(alone.sum() - worth[-1]) <= 1e-12:
        return alone * scale, True
    bounds = [(float(each) if rational else None, None) for each in alone] + [(None, None)]
    settled, right = [inside[-1]], [float(worth[-1])]
    free = np.arange(1, 2**players - 1)
    solution = np.zeros(players)
    while np.linalg.matrix_rank(np.array(settled), tol=1e-9) < players and len(free):
        result = linprog(np.append(np.zeros(players), -1.0),
                         A_ub=np.column_stack([-inside[free], np.ones(len(free))]), b_ub=-worth[free],
                         A_eq=np.column_stack([np.array(settled), np.zeros(len(settled))]), b_eq=right,
                         bounds=bounds, method="highs")
        assert result.status == 0, result.message
        excess = float(result.x[-1])
        solution = np.asarray(result.x[:players])
        for coalition in free[-result.ineqlin.marginals > NEAR]:
            # Only what is new is added, so that rounding cannot make the equations contradict each other.
            if np.linalg.matrix_rank(np.array([*settled, inside[coalition]]), tol=1e-9) > len(settled):
                settled.append(inside[coalition])
                right.append(float(worth[coalition]) + excess)
        free = free[_outside(inside[free], np.array(settled))]
    if len(settled) == players:
        solution = np.linalg.solve(np.array(settled), np.array(right))
    return solution * scale, rational


def _outside(rows: NDArray[np.float64], settled: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which rows are not settled by those that are: outside their span."""
    import numpy as np

    coefficients, *_ = np.linalg.lstsq(settled.T, rows.T, rcond=None)
    return np.asarray(np.abs(settled.T @ coefficients - rows.T).max(axis=0) > 1e-7)


def objections(values: NDArray[np.float64], split: NDArray[np.float64], players: int) -> list[tuple[int, float]]:
    """Coalitions that could do better alone than with their shares, and by how much, the largest first."""
    import numpy as np

    scale = max(float(np.abs(values).max()), 1e-300)
    better = values - membership(players) @ split
    places = [int(each) for each in np.flatnonzero(better > NEAR * scale) if 0 < each < len(values) - 1]
    return sorted(((each, float(better[each])) for each in places), key=lambda each: (-each[1], each[0]))
