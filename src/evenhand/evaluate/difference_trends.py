"""How far from parallel the trends may run before an answer falls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from evenhand.evaluate.difference_effects import Design, group_time
from evenhand.evaluate.difference_panel import Panel
from evenhand.evaluate.difference_sums import DUST, Adding, Sum

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATIOS = (0.0, 0.5, 1.0, 1.5, 2.0)
FARTHEST = 10.0
"""Departures beyond ten times what was seen before are not looked into."""
HELD_BY = 0.5
"""Steps before the start that fewer than half of the treated units can show are left out: they are mostly noise."""
RELATIVE = ("The exact set of effects for departures of that size, each end moved out by the sampling error; the union "
            "over every step before the start as the largest, both signs. Valid in large samples, wider than the "
            "conditional intervals of Rambachan and Roth.")
SMOOTH = ("A straight line through the last step before the start, foretold onwards, its slope allowed to change by so "
          "much a step: a fixed-length interval around that one estimator, with the critical value of a folded normal. "
          "Valid in large samples, wider than the optimal one of Rambachan and Roth.")


@dataclass(frozen=True)
class _Line:
    """A figure that is linear in the event study: its value and its influence (units)."""

    value: float
    influence: NDArray[np.float64]

    @property
    def error(self) -> float:
        import numpy as np

        return float(np.sqrt(self.influence @ self.influence) / len(self.influence))

    def plus(self, other: _Line, times: float) -> _Line:
        return _Line(self.value + times * other.value, self.influence + times * other.influence)


def sensitivity(panel: Panel, design: Design, confidence: float) -> dict[str, Any]:
    """What is left of the answer if trends were not parallel: by relative size, and by bend.

    ``relative``: departures from parallel trends grow from one step to the next by at most ``ratio`` times the largest
    step seen before the start. ``smooth``: the slope of the departure changes by at most ``bend`` a step. Each for the
    ``first`` step after the start and for the ``average`` over the steps since; ``breakdown`` is the least departure at
    which the interval reaches nought (null: beyond ten times, or never).

    Source: Rambachan and Roth (2023), Review of Economic Studies 90:2555-2591, sections 2.4 (relative magnitudes,
    smoothness) and 4 (fixed-length intervals); the interval for relative magnitudes is the simple union described
    under ``method``.
    """
    import numpy as np

    from evenhand.stats.intervals import normal_quantile

    effects = group_time(panel, Design(design.control, design.estimator, "universal", design.anticipation))
    adding = Adding(panel, effects)
    reference = adding.event[adding.effects.time == adding.effects.before]
    parts = adding.dynamic().parts
    post = [part for part in parts if part.of >= 0]
    if not len(reference) or not post:
        return _nothing("no effect after the start could be estimated")
    if len(np.unique(reference)) > 1:
        return _nothing("the steps in time are uneven")
    if any(adding.standard_error(part) is None for part in post):
        return _nothing("some effects after the start have no standard error")
    origin = float(reference[0])
    steps = _steps_before(adding, parts, origin)
    if not steps:
        return _nothing("no step before the start is seen by half of the treated units")
    weights = {"first": [(post[0], 1.0)], "average": [(part, 1 / len(post)) for part in post]}
    far = normal_quantile(confidence)
    answer: dict[str, Any] = {"steps_before": len(steps), "largest_step_before": max(abs(one.value) for one in steps),
                              "because": None}
    for target, parts_of in weights.items():
        effect = _Line(sum(part.estimate * share for part, share in parts_of),
                       np.sum([part.influence * share for part, share in parts_of], axis=0))
        reach = sum((part.of - origin) * share for part, share in parts_of)
        curve = sum((part.of - origin) * (part.of - origin + 1) / 2 * share for part, share in parts_of)
        answer[target] = {"estimate": effect.value, "relative": _relative(effect, steps, reach, far),
                          "smooth": _smooth(effect, steps, reach, curve, confidence)}
    return {**answer, "method": {"relative": RELATIVE, "smooth": SMOOTH}}


def _nothing(because: str) -> dict[str, Any]:
    return {"steps_before": 0, "largest_step_before": None, "because": because, "first": None, "average": None,
            "method": {"relative": RELATIVE, "smooth": SMOOTH}}


def _steps_before(adding: Adding, parts: tuple[Sum, ...], origin: float) -> list[_Line]:
    """Changes from one step before the start to the next, a step of time, the oldest first."""
    import numpy as np

    every = adding.shares.sum()
    held = []
    for part in parts:
        groups = np.unique(adding.effects.group[part.cells])
        share = adding.shares[np.searchsorted(adding.groups, groups)].sum()
        if part.of <= origin and share >= HELD_BY * every:
            held.append(part)
    found = []
    for earlier, later in pairwise(held):
        apart = later.of - earlier.of
        line = _Line((later.estimate - earlier.estimate) / apart, (later.influence - earlier.influence) / apart)
        if line.error > DUST * (1 + abs(line.value)):
            found.append(line)
    return found


def _relative(effect: _Line, steps: list[_Line], reach: float, far: float) -> dict[str, Any]:
    """Rows by ratio, and the least ratio at which nought is reached."""
    import numpy as np

    largest = max(abs(one.value) for one in steps)
    ends = _ends(effect, steps, reach, far)
    rows = []
    for ratio in RATIOS:
        low, high = ends(np.array([ratio]))
        slack = ratio * reach * largest
        rows.append({"ratio": ratio, "identified": [effect.value - slack, effect.value + slack],
                     "interval": [float(low[0]), float(high[0])]})
    exact = abs(effect.value) / (reach * largest) if largest > 0 else None
    return {"rows": rows, "breakdown": _first_reaching_nought(ends), "breakdown_without_sampling_error": exact}


def _ends(effect: _Line, steps: list[_Line], reach: float, far: float
          ) -> Callable[[NDArray[np.float64]], tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Lower and upper end by ratio: the farthest over every step before as the largest, both signs."""
    import numpy as np

    count = len(effect.influence)
    mine = effect.influence @ effect.influence / count**2
    values = np.array([one.value for one in steps])
    theirs = np.array([one.influence @ one.influence for one in steps]) / count**2
    both = np.array([one.influence @ effect.influence for one in steps]) / count**2

    def ends(ratio: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        out = []
        for side in (-1.0, 1.0):
            far_ends = []
            for sign in (-1.0, 1.0):
                pull = side * sign * ratio[:, None] * reach
                spread = np.sqrt(np.maximum(mine + pull**2 * theirs + 2 * pull * both, 0))
                far_ends.append(effect.value + pull * values + side * far * spread)
            stacked = np.concatenate(far_ends, axis=1)
            out.append(stacked.min(axis=1) if side < 0 else stacked.max(axis=1))
        return out[0], out[1]

    return ends


def _first_reaching_nought(ends: Callable[[NDArray[np.float64]], tuple[NDArray[np.float64], NDArray[np.float64]]]
                           ) -> float | None:
    """The least departure at which the interval holds nought; none where it never does."""
    import numpy as np

    grid = np.linspace(0, FARTHEST, 2001)
    low, high = ends(grid)
    holds = np.flatnonzero((low <= 0) & (high >= 0))
    if not len(holds):
        return None
    first = int(holds[0])
    if first == 0:
        return 0.0
    below, above = float(grid[first - 1]), float(grid[first])
    for _ in range(50):
        middle = (below + above) / 2
        lower, upper = ends(np.array([middle]))
        if lower[0] <= 0 <= upper[0]:
            above = middle
        else:
            below = middle
    return above


def _smooth(effect: _Line, steps: list[_Line], reach: float, curve: float, confidence: float) -> dict[str, Any]:
    """Rows by bend, from a straight line on to the largest bend seen before the start."""
    import numpy as np

    straight = effect.plus(steps[-1], -reach)
    bends = [abs(later.value - earlier.value) for earlier, later in pairwise(steps)]
    largest = max(bends) if bends else None
    tried = [0.0] if largest is None else [0.0, largest / 2, largest]

    def half(bend: float) -> float:
        return _folded(bend * curve / straight.error, confidence) * straight.error

    rows = [{"bend": bend, "identified": [straight.value - bend * curve, straight.value + bend * curve],
             "interval": [straight.value - half(bend), straight.value + half(bend)]} for bend in tried]
    breakdown: float | None = 0.0
    if abs(straight.value) > half(0.0):
        below, above = 0.0, abs(straight.value) / curve
        for _ in range(60):
            middle = (below + above) / 2
            below, above = (below, middle) if half(middle) >= abs(straight.value) else (middle, above)
        breakdown = float(np.float64(above))
    return {"straight": straight.value, "largest_bend_before": largest, "rows": rows, "breakdown": breakdown}


def _folded(shift: float, confidence: float) -> float:
    """The quantile of the absolute value of a normal with that mean and a standard deviation of one."""
    from scipy.special import ndtr

    below, above = 0.0, shift + 40.0
    for _ in range(80):
        middle = (below + above) / 2
        if ndtr(middle - shift) - ndtr(-middle - shift) < confidence:
            below = middle
        else:
            above = middle
    return above
