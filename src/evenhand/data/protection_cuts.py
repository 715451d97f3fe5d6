"""The least further hiding in a larger table: choose, attack, and add to the choice what the attack has taught.

A programme over the choices alone is solved first; two linear programmes for each guarded count then attack what it
leaves shown. Where a count can be narrowed too far, the attack's own prices say which cells, hidden, would widen it: an
inequality that every safe choice keeps (Benders 1962, Numerische Mathematik 4:238-252, as Fischetti and
Salazar-González 2001, Management Science 47:1008-1027, section 4, use it). So thousands of cells are chosen among
without a copy of the table for each guarded count.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_ROUNDS = 60
NEARLY = 1e-6


@dataclass(frozen=True)
class Choice:
    """What may be chosen: sums as equations (rows over cells), what a reader knows of each cell, and for each cell how
    far below and above that it could be if it were hidden (nought where it cannot be chosen).
    """

    sums: Any
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    more_below: NDArray[np.float64]
    more_above: NDArray[np.float64]
    open_to_choice: tuple[int, ...]
    loss: tuple[float, ...]


def chosen_by_cuts(choice: Choice, guarded: Sequence[int],
                   goal: Mapping[int, float]) -> tuple[frozenset[int], bool] | None:
    """The cells to hide, at the least total loss, so that each guarded count spans its goal; whether that is proven.

    ``None`` where so many rounds were not enough.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    open_at = np.array(choice.open_to_choice, dtype=int)
    attacker = _Attacker(choice)
    cuts: list[NDArray[np.float64]] = []
    least: list[float] = []
    proven, picked = True, np.zeros(len(open_at), dtype=bool)
    for _ in range(MOST_ROUNDS):
        attacker.see(open_at[picked])
        taught = [cut for place in guarded if (cut := attacker.cut(place, goal[place])) is not None]
        if not taught:
            return frozenset(int(each) for each in open_at[picked]), proven
        for weights, wanted in taught:
            cuts.append(np.minimum(weights[open_at], wanted))
            least.append(wanted)
        solved = milp(np.array(choice.loss), integrality=np.ones(len(open_at)), bounds=Bounds(0, 1),
                      constraints=LinearConstraint(np.array(cuts), np.array(least), np.inf),
                      options={"mip_rel_gap": 0.0, "node_limit": 20_000})
        if solved.x is None:
            return None
        proven = solved.status == 0
        picked = np.asarray(solved.x > 0.5)
    return None


class _Attacker:
    """Linear programmes over one table, each begun where the last one ended."""

    def __init__(self, choice: Choice) -> None:
        import highspy
        import numpy as np

        self.choice = choice
        self.seen = np.array([], dtype=int)
        columns = choice.sums.tocsc()
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = columns.shape
        model.col_cost_ = np.zeros(columns.shape[1])
        model.col_lower_, model.col_upper_ = choice.low, choice.high
        model.row_lower_ = model.row_upper_ = np.zeros(columns.shape[0])
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_ = columns.indptr, columns.indices
        model.a_matrix_.value_ = columns.data
        self.solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self.solver.setOptionValue("output_flag", False)
        # One thread and no short cuts beforehand: the next programme begins where this one ends.
        self.solver.setOptionValue("threads", 1)
        self.solver.setOptionValue("presolve", "off")
        self.solver.passModel(model)
        self.optimal = highspy.HighsModelStatus.kOptimal

    def see(self, hidden: Any) -> None:
        """Attack the table with these cells hidden besides."""
        choice = self.choice
        for place in self.seen.tolist():
            self.solver.changeColBounds(place, float(choice.low[place]), float(choice.high[place]))
        for place in hidden.tolist():
            self.solver.changeColBounds(place, float(choice.low[place] - choice.more_below[place]),
                                        float(choice.high[place] + choice.more_above[place]))
        self.seen = hidden

    def cut(self, place: int, goal: float) -> tuple[NDArray[np.float64], float] | None:
        """What every choice must keep that lets this count span its goal; ``None`` where it does now."""
        import numpy as np

        choice, ends = self.choice, list[float]()
        weights, known = np.zeros(len(choice.low)), 0.0
        for sign in (1.0, -1.0):
            self.solver.changeColCost(place, sign)
            self.solver.run()
            solved, solution = self.solver.getModelStatus() == self.optimal, self.solver.getSolution()
            price = np.array(solution.col_dual)
            value = float(solution.col_value[place])
            self.solver.changeColCost(place, 0.0)
            if not solved:
                return None  # nothing bounds it on this side
            price[np.abs(price) < NEARLY] = 0.0
            ends.append(value)
            below, above = np.where(price > 0, price, 0.0), np.where(price < 0, -price, 0.0)
            bounded = np.where(above > 0, np.minimum(choice.high, 1e12), 0.0)
            known += float(below @ choice.low - above @ bounded)
            weights += below * choice.more_below + above * choice.more_above
        if ends[1] - ends[0] >= goal - NEARLY:
            return None
        # The range is at most what is known now (-known) and what each hidden cell would add (its weight).
        wanted = goal + known
        return (weights, wanted) if wanted > NEARLY and math.isfinite(wanted) else None
