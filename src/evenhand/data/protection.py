"""What a reader could work out of a table with totals, and which further cells must be hidden so that nobody can.

A table's cells and totals are tied by sums. Whoever knows the rule can bound a hidden count by what is shown: the least
and the most it can be are two linear programmes. Further cells are hidden, at the least total of hidden counts, until
every small count could be any of several values (Fischetti and Salazar-González 2001, Management Science 47:1008-1027;
Willenborg and de Waal 2001, Elements of Statistical Disclosure Control). The reader is taken to know even which cells
were hidden for being small: what withstands that, withstands less.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evenhand.data.suppression import Regime

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_AT_ONCE = 6_000
"""Guarded counts times cells, for one programme over all."""
MOST_BY_CUTS = 4_000
"""Cells, for choosing by cuts."""
MOST_NODES = 20_000


class DoNotFit(ValueError):
    """No counts fit what is to be shown together with what an earlier release told."""


@dataclass(frozen=True)
class Sum:
    """Parts that add up to a total, by place in the table; ``rest`` says that some parts are not listed."""

    parts: tuple[int, ...]
    total: int
    rest: bool = False


@dataclass(frozen=True)
class Counts:
    """The true counts of one or more tables and the sums that tie them. A missing count is -1 and can be anything.

    ``earlier`` holds, by place, the least and the most that an earlier release has told, whatever is hidden now;
    ``hidden_earlier`` are places whose count it hid: they are to be guarded now as small ones are.
    """

    counts: tuple[int, ...]
    sums: tuple[Sum, ...]
    regime: Regime
    crossings: int = 2
    earlier: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    hidden_earlier: frozenset[int] = frozenset()

    @property
    def small(self) -> frozenset[int]:
        """Places of the counts that the regime hides."""
        return frozenset(place for place, count in enumerate(self.counts) if self.regime.is_small(count))

    @property
    def guarded(self) -> frozenset[int]:
        """Places of the counts that nobody may work out: the small ones, and those that an earlier release hid."""
        return self.small | self.hidden_earlier


@dataclass(frozen=True)
class Protected:
    """What is hidden in the end.

    ``narrowest`` is the smallest distance, over all small counts, between the least and the most that a reader can find
    for it; ``unprotected`` are places that no hiding could blur as far as asked, for the rule itself gives them away.
    ``proven_least`` says that no smaller total of further hidden counts would do.
    """

    hidden: frozenset[int]
    added: frozenset[int]
    narrowest: float | None
    unprotected: tuple[int, ...] = ()
    proven_least: bool = True
    ranges: dict[int, tuple[float, float]] = field(default_factory=dict)


def attack(table: Counts, hidden: frozenset[int]) -> dict[int, tuple[float, float]]:
    """The least and the most that each hidden small count can be, for a reader who knows all that is shown.

    Args:
        table: the counts, the sums and the regime.
        hidden: places that are not shown; what is shown is rounded by the regime.

    Returns:
        For each guarded count's place, the smallest and the largest count that fits everything shown, the sums, the
        rule and what an earlier release told; infinite where nothing bounds it.

    Raises:
        DoNotFit: what is shown contradicts the earlier release.
    """
    import numpy as np

    rows, size = _system(table)
    low, high = _reader_knows(table, hidden, size)
    found = {}
    for place in sorted(table.guarded):
        ends: list[float] = []
        for sign in (1.0, -1.0):
            cost = np.zeros(size)
            cost[place] = sign
            solved = _solve(cost, rows, low, high, whole=table.crossings > 2)
            ends.append(math.inf if solved is None else round(solved[place]))
        found[place] = (ends[0], ends[1])
    return found


def protect(table: Counts, *, width: int = 3) -> Protected:
    """Hide further cells until a reader cannot narrow any small count below a range this wide.

    Args:
        table: the counts, the sums and the regime.
        width: how far apart the least and the most must lie; never more than the regime's own range allows.

    Returns:
        What is hidden, what was added, and what the attack finds at the end: the proof, not a promise.
    """
    small, to_guard = table.small, table.guarded
    if not to_guard:
        return Protected(frozenset(), frozenset(), None)
    wanted = min(width, table.regime.most - table.regime.least)
    everything = frozenset(place for place, count in enumerate(table.counts) if count > 0)
    best = {place: high - low for place, (low, high) in attack(table, everything).items()}
    goal = {place: min(wanted, best[place]) for place in to_guard}
    hidden, guarded, proven = small, set[int](), True
    # A small table is solved as a whole, a larger one by cuts, the largest count by count.
    cuts_may_do = len(to_guard) * len(table.counts) > MOST_AT_ONCE and len(table.counts) <= MOST_BY_CUTS
    while True:
        ranges = attack(table, hidden)
        failing = {place for place, (low, high) in ranges.items() if high - low < goal[place]}
        if not failing:
            break
        if failing <= guarded:
            # Limits or rounding in the solver stood in the way: hide all that can be hidden, which reaches every goal.
            hidden, proven = everything, False
            continue
        if cuts_may_do:
            cuts_may_do = False
            if (found := _hide_by_cuts(table, sorted(to_guard), goal)) is not None:
                hidden, proven = found
                continue
        guarded |= failing
        hidden, least = _hide_more(table, hidden, guarded, failing, goal)
        proven = proven and least
    narrowest = min(high - low for low, high in ranges.values())
    return Protected(hidden, hidden - small, narrowest, tuple(sorted(each for each in to_guard if best[each] < wanted)),
                     proven, ranges)


# --- the programmes ---------------------------------------------------------------------------------------------------


def _system(table: Counts) -> tuple[Any, int]:
    """The sums as equations over the cells and, behind them, the unlisted parts: parts + rest - total = 0."""
    from scipy.sparse import csr_array

    rows, columns, values = [], [], []
    size = len(table.counts)
    for row, each in enumerate(table.sums):
        entries = [*((part, 1.0) for part in each.parts), (each.total, -1.0)]
        if each.rest:
            entries.append((size, 1.0))
            size += 1
        rows += [row] * len(entries)
        columns += [column for column, _ in entries]
        values += [value for _, value in entries]
    return csr_array((values, (rows, columns)), shape=(len(table.sums), size)), size


def _reader_knows(table: Counts, hidden: frozenset[int],
                  size: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bounds on every cell from what is shown and from the rule."""
    import numpy as np

    low, high = np.zeros(size), np.full(size, np.inf)
    regime = table.regime
    for place, count in enumerate(table.counts):
        if place in hidden:
            small = regime.is_small(count)
            low[place], high[place] = (regime.least, regime.most) if small else (regime.most + 1, np.inf)
        elif count >= 0:
            low[place], high[place] = regime.known(count)
    for place, (least, most) in table.earlier.items():
        low[place], high[place] = max(low[place], least), min(high[place], most)
    return low, high


def _solve(cost: Any, rows: Any, low: Any, high: Any, *, whole: bool) -> Any:
    """One end of a range. Tables of two crossings have whole solutions by themselves; others are asked for them."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    if (low > high).any():
        raise DoNotFit
    ties = LinearConstraint(rows, 0, 0) if rows.shape[0] else ()
    solved = milp(cost, integrality=np.full(len(cost), int(whole)), bounds=Bounds(low, high), constraints=ties)
    # The least of a count exists if any table fits; where its most does not, nothing bounds it.
    if solved.status == 2 or (solved.x is None and cost.max() > 0):
        raise DoNotFit
    return solved.x


def _hide_more(table: Counts, hidden: frozenset[int], guarded: set[int], failing: set[int],
               goal: dict[int, float]) -> tuple[frozenset[int], bool]:
    """The least further hiding that guards these cells; all at once where that is small enough, else one by one."""
    if len(guarded) * len(table.counts) <= MOST_AT_ONCE:
        return _least_hiding(table, table.small, sorted(guarded), goal)
    for place in sorted(failing):
        found, _ = _least_hiding(table, hidden, [place], goal)
        hidden = hidden | found
    return hidden, False


def _hide_by_cuts(table: Counts, guarded: Sequence[int],
                  goal: dict[int, float]) -> tuple[frozenset[int], bool] | None:
    """The least hiding that guards these cells, found without a copy of the table for each."""
    import numpy as np

    from evenhand.data.protection_cuts import Choice, chosen_by_cuts

    ties, size = _system(table)
    low, high = _reader_knows(table, table.small, size)
    open_to_choice, more_below, more_above = _how_far(table, table.small, low, high)
    below, above = np.zeros(size), np.zeros(size)
    below[open_to_choice], above[open_to_choice] = more_below, more_above
    found = chosen_by_cuts(Choice(ties, low, high, below, above, tuple(open_to_choice),
                                  tuple(float(table.counts[place]) for place in open_to_choice)), guarded, goal)
    return None if found is None else (table.small | found[0], found[1])


def _how_far(table: Counts, hidden: frozenset[int], low: NDArray[np.float64],
             high: NDArray[np.float64]) -> tuple[list[int], NDArray[np.float64], NDArray[np.float64]]:
    """Which cells could be hidden besides, and how far each could then leave what a reader knows, below and above."""
    import numpy as np

    open_to_choice = [place for place, count in enumerate(table.counts) if place not in hidden and count > 0]
    reach = 4 * (table.regime.most + 1) * max(2, table.crossings)
    leave_low, leave_high = np.zeros(len(open_to_choice)), np.zeros(len(open_to_choice))
    for at, place in enumerate(open_to_choice):
        told = table.earlier.get(place, (0, math.inf))
        leave_low[at] = low[place] - min(low[place], max(table.regime.most + 1, low[place] - reach, told[0]))
        leave_high[at] = min(reach, told[1] - high[place])
    return open_to_choice, leave_low, leave_high


def _least_hiding(table: Counts, hidden: frozenset[int], guarded: Sequence[int],
                  goal: dict[int, float]) -> tuple[frozenset[int], bool]:
    """Choose what to hide besides: for each guarded cell two tables must fit all that is shown, far enough apart.

    Variables: one choice for each cell that could be hidden, then for each guarded cell a table where it is large and
    one where it is small. A cell of these tables may leave what a reader knows of it only if it is hidden.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, hstack, vstack

    ties, size = _system(table)
    low, high = _reader_knows(table, hidden, size)
    open_to_choice, leave_low, leave_high = _how_far(table, hidden, low, high)
    choices, tables = len(open_to_choice), 2 * len(guarded)
    floor, ceiling = low.copy(), high.copy()
    floor[open_to_choice] -= leave_low
    ceiling[open_to_choice] += leave_high
    blocks, lows, highs = [], [], []
    picks = csr_array((np.ones(choices), (range(choices), open_to_choice)), shape=(choices, size))
    for number in range(tables):
        before, after = number, tables - number - 1
        def placed(block: Any, choice: Any, before: int = before, after: int = after) -> Any:
            empty = csr_array((block.shape[0], size))
            return hstack([choice, *[empty] * before, block, *[empty] * after], format="csr")

        blocks.append(placed(ties, csr_array((ties.shape[0], choices))))
        lows.append(np.zeros(ties.shape[0]))
        highs.append(np.zeros(ties.shape[0]))
        if choices:
            diagonal = csr_array((leave_low, (range(choices), range(choices))), shape=(choices, choices))
            blocks.append(placed(picks, diagonal))
            lows.append(low[open_to_choice])
            highs.append(np.full(choices, np.inf))
            diagonal = csr_array((-leave_high, (range(choices), range(choices))), shape=(choices, choices))
            blocks.append(placed(picks, diagonal))
            lows.append(np.full(choices, -np.inf))
            highs.append(high[open_to_choice])
    apart = csr_array((
        [value for _ in guarded for value in (1.0, -1.0)],
        ([row for row in range(len(guarded)) for _ in range(2)],
         [choices + (2 * row + side) * size + place for row, place in enumerate(guarded) for side in (0, 1)])),
        shape=(len(guarded), choices + tables * size))
    blocks.append(apart)
    lows.append(np.array([goal[place] for place in guarded], float))
    highs.append(np.full(len(guarded), np.inf))
    cost = np.concatenate([[table.counts[place] for place in open_to_choice], np.zeros(tables * size)])
    solved = milp(
        cost, integrality=np.concatenate([np.ones(choices), np.full(tables * size, int(table.crossings > 2))]),
        bounds=Bounds(np.concatenate([np.zeros(choices), *[floor] * tables]),
                      np.concatenate([np.ones(choices), *[ceiling] * tables])),
        constraints=LinearConstraint(vstack(blocks, format="csr"), np.concatenate(lows), np.concatenate(highs)),
        options={"mip_rel_gap": 0.0, "node_limit": MOST_NODES})
    if solved.x is None:
        # Nothing was found within the limits: hide all that can be hidden, which is safe, and say it is not proven.
        return hidden | frozenset(open_to_choice), False
    chosen = frozenset(place for place, choice in zip(open_to_choice, solved.x, strict=False) if choice > 0.5)
    return hidden | chosen, solved.status == 0
