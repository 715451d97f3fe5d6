"""Searching for the best plan: a 0-1 programme built natively for HiGHS, stopped so that answers repeat.

One thread, a fixed seed, and a stop by gap or by nodes: the same model gives the same plan on every run. Rows and
values are scaled to a largest number of 1, so that tolerances mean the same in pounds and in millions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from evenhand.choose.programme import Plan, Programme, Row, Rule

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TOLERANCE = 1e-9
# A first attempt at proof looks at so many nodes with a hundred columns, and at fewer by the square of their number
# with more, before the search settles for the gap asked: both the nodes and the work at each grow with the columns.
NODES_FOR_PROOF = 20_000

Stop = Literal["proved", "gap", "nodes", "time", "infeasible"]


@dataclass(frozen=True)
class Effort:
    """How hard to search: the gap that is good enough, the most nodes, and the seconds allowed (``None``: no clock)."""

    gap: float = 0.0
    nodes: int = 1_000_000
    seconds: float | None = None


@dataclass(frozen=True)
class Found:
    """The best plan found, what no plan can exceed, and why the search stopped."""

    plan: Plan | None
    bound: float | None
    stop: Stop

    @property
    def gap(self) -> float | None:
        """How far the bound lies above the plan, relative to the plan's value; 0 where it is proved best."""
        if self.plan is None or self.bound is None:
            return None
        above = max(0.0, self.bound - self.plan.value)
        if above <= 1e-9 * max(1.0, abs(self.plan.value)):
            return 0.0
        return above / abs(self.plan.value) if self.plan.value else None


@dataclass(frozen=True)
class Solved:
    """What the solver says of any model: its point, objective and bound (``None`` where infeasible), and duals."""

    point: NDArray[np.float64] | None
    objective: float
    bound: float
    stop: Stop
    row_duals: NDArray[np.float64] | None = None


def structure(programme: Programme) -> list[Row]:
    """Rows that are no rule of anybody's: a scheme begins once."""
    rows = []
    for scheme in range(len(programme.schemes)):
        places = set(programme.columns_of(scheme))
        if len(places) > 1:
            rows.append(Row(tuple(float(place in places) for place in range(len(programme.columns))), None, 1.0))
    return rows


def rows_of(rules: Sequence[Rule]) -> list[Row]:
    """Every row of some rules."""
    return [row for rule in rules for row in rule.rows]


def best_plan(programme: Programme, effort: Effort, *, rules: Sequence[Rule] | None = None,
              also: Sequence[Row] = (), quick: bool = False) -> Found:
    """The plan worth most that keeps the rules.

    First a proof is tried with few nodes; where that is not enough, the search goes on to the gap or the nodes asked.
    ``also`` are rows beside the rules (at most so many schemes, not a plan already known). ``quick`` settles for what
    the first attempt finds.
    """
    kept = list(programme.rules if rules is None else rules)
    rows = [*rows_of(kept), *structure(programme), *also]
    few = min(effort.nodes, max(100, int(NODES_FOR_PROOF * (100 / max(100, len(programme.columns))) ** 2)))
    values = programme.values()
    first = solve(values, rows, gap=0.0, nodes=few, seconds=effort.seconds)
    found = _found(programme, first)
    if found.stop == "nodes" and few < effort.nodes and found.gap is not None and found.gap <= effort.gap:
        return Found(found.plan, found.bound, "gap")
    if quick or found.stop in ("proved", "infeasible", "time") or few >= effort.nodes:
        return found
    start = None if found.plan is None else found.plan.columns
    second = _found(programme, solve(values, rows, gap=effort.gap, nodes=effort.nodes, seconds=effort.seconds,
                                     start=start))
    if found.plan is not None and (second.plan is None or second.plan.value < found.plan.value):
        second = Found(found.plan, second.bound, second.stop)
    bounds = [each for each in (found.bound, second.bound) if each is not None]
    return Found(second.plan, min(bounds, default=None), second.stop)


def _found(programme: Programme, solved: Solved) -> Found:
    if solved.point is None:
        return Found(None, None if solved.stop == "infeasible" else solved.bound, solved.stop)
    plan = Plan.of(programme, [place for place, taken in enumerate(solved.point) if taken > 0.5])
    # A proved bound can lie below the plan's own sum only by what arithmetic loses.
    bound = plan.value if solved.stop == "proved" else max(solved.bound, plan.value)
    return Found(plan, bound, solved.stop)


def relaxed(programme: Programme) -> tuple[float, list[float]] | None:
    """The best value if schemes could be taken in part, and what a little more of each rule's rows would add to it.

    Returns the value and one price a row of ``rows_of(programme.rules)``, in value per unit of the row, never
    negative; ``None`` where even parts of schemes keep no plan within the rules.
    """
    rows = [*rows_of(programme.rules), *structure(programme)]
    solved = solve(programme.values(), rows, integral=False)
    if solved.point is None or solved.row_duals is None:
        return None
    own = rows_of(programme.rules)
    return solved.objective, [abs(float(dual)) for dual in solved.row_duals[:len(own)]]


def solve(values: NDArray[np.float64], rows: Sequence[Row], *, gap: float = 0.0, nodes: int = 1_000_000,
          seconds: float | None = None, integral: bool | Sequence[bool] = True, upper: Sequence[float] | None = None,
          start: Sequence[int] | None = None) -> Solved:
    """The most ``values @ x`` with every row kept and 0 <= x <= upper (1 unless told).

    Args:
        values: shape (columns,).
        rows: inequalities over the same columns.
        gap: stop when the bound lies no further above the plan than this, relative to the plan.
        nodes: stop after so many nodes of the search tree.
        seconds: stop after so long; answers may then differ between runs.
        integral: which columns are whole; ``False``: none.
        upper: the most of each column.
        start: columns of a plan to begin from.
    """
    import highspy
    import numpy as np

    count = len(values)
    whole = [integral] * count if isinstance(integral, bool) else list(integral)
    size = float(np.abs(values).max(initial=0.0)) or 1.0
    scaled = [_scaled(row) for row in rows]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = count, len(rows)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = values / size
    lp.col_lower_ = np.zeros(count)
    lp.col_upper_ = np.ones(count) if upper is None else np.array(upper, dtype=float)
    lp.row_lower_ = np.array([-highspy.kHighsInf if low is None else low for _, low, _, _ in scaled])
    lp.row_upper_ = np.array([highspy.kHighsInf if high is None else high for _, _, high, _ in scaled])
    matrix = np.array([uses for uses, _, _, _ in scaled]).reshape(len(rows), count)
    held, index = np.nonzero(matrix)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(held, minlength=len(rows)))]).astype(np.int32)
    lp.a_matrix_.index_ = index.astype(np.int32)
    lp.a_matrix_.value_ = matrix[held, index]
    if any(whole):
        lp.integrality_ = [highspy.HighsVarType.kInteger if each else highspy.HighsVarType.kContinuous
                           for each in whole]
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, Any] = {
        "output_flag": False, "threads": 1, "random_seed": 1, "mip_rel_gap": gap, "mip_abs_gap": TOLERANCE,
        "mip_max_nodes": nodes, "mip_feasibility_tolerance": TOLERANCE, "primal_feasibility_tolerance": TOLERANCE}
    if seconds is not None:
        options["time_limit"] = seconds
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    if start is not None:
        solution = highspy.HighsSolution()
        point = np.zeros(count)
        point[list(start)] = 1
        solution.col_value = list(point)
        solver.setSolution(solution)
    solver.run()
    return _read_back(solver, values, size, np.array([scale for _, _, _, scale in scaled]), mixed=any(whole))


def _scaled(row: Row) -> tuple[list[float], float | None, float | None, float]:
    size = max([abs(each) for each in row.uses], default=0.0) or 1.0
    return ([each / size for each in row.uses], None if row.low is None else row.low / size,
            None if row.high is None else row.high / size, size)


def _read_back(solver: Any, values: NDArray[np.float64], size: float, scales: NDArray[np.float64], *,
               mixed: bool) -> Solved:
    import highspy
    import numpy as np

    status, info = solver.getModelStatus(), solver.getInfo()
    kinds = highspy.HighsModelStatus
    if status in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
        return Solved(None, float("nan"), float("nan"), "infeasible")
    solution = solver.getSolution()
    has_point = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    point = np.array(solution.col_value) if has_point else None
    objective = float(values @ point) if point is not None else float("nan")
    if not mixed:
        assert status == kinds.kOptimal, f"a bounded model ended as {status}"
        return Solved(point, objective, objective, "proved", np.array(solution.row_dual) * size / scales)
    bound = float(info.mip_dual_bound) * size
    if status == kinds.kOptimal:
        proved = info.mip_gap <= TOLERANCE or bound - objective <= TOLERANCE * max(abs(objective), size)
        return Solved(point, objective, bound, "proved" if proved else "gap")
    return Solved(point, objective, bound, "time" if status == kinds.kTimeLimit else "nodes")
