"""Lines and rules together: the control charts of any number of series, on flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evenhand.evaluate.run_chart import RunRules, run_rules
from evenhand.stats import signals
from evenhand.stats.control_limits import Chart, Lines, Segments, lines

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Variant = Literal["nhsrplotthedots", "making-data-count-excel"]


@dataclass(frozen=True)
class Charts:
    """The charts of all series (each array shape points).

    ``rule`` holds places in ``signals.RULES``; ``direction`` is 1 up, -1 down, 0 where nothing stands out; ``side`` is
    1 above the middle line, -1 below, 0 on it; ``runs`` has an entry a segment for run charts, and else none.
    """

    segment: NDArray[np.int64]
    lines: Lines
    rule: NDArray[np.int8]
    direction: NDArray[np.int8]
    side: NDArray[np.int8]
    runs: tuple[RunRules, ...]


def judged(chart: Chart, values: NDArray[np.float64], segment: NDArray[np.int64], *,
           sizes: NDArray[np.float64] | None = None, baseline_points: int | None = None, screen: bool = True,
           variant: Variant = "nhsrplotthedots", shift: int = 7, trend: int = 7, improvement: int = 0) -> Charts:
    """Draw the lines and apply the rules, for all series at once.

    Args:
        chart: the kind of chart.
        values: the plotted values, series end to end, each in order of time (shape points).
        segment: the stretch each point belongs to: a number that rises by one where a series or a new baseline begins.
        sizes: the denominators, for p and u (shape points).
        baseline_points: so many first points of each stretch set its limits; all where None.
        screen: whether large moving ranges are set aside (xmr and t).
        variant: whose rules.
        shift: points on one side that make a shift.
        trend: points in a row that make a trend.
        improvement: 1 where more is better, -1 where less is, 0 where neither; it matters for the Excel variant alone.
    """
    import numpy as np

    stretches = Segments.of(segment, baseline_points)
    drawn = lines(chart, values, sizes, stretches, screen=screen)
    side = signals.sides(drawn.judged, drawn.middle)
    if chart == "run":
        found = [run_rules(part) for part in np.split(side, stretches.starts[1:])]
        marked = np.concatenate([marks for _, marks in found])
        rule = np.where(marked != 0, np.int8(signals.RULES.index("shift")), np.int8(0))
        return Charts(segment, drawn, rule, marked, side, tuple(rules for rules, _ in found))
    excel = variant == "making-data-count-excel"
    broken = signals.find(drawn.judged, segment, drawn.middle, drawn.zones, shift=shift, trend=trend,
                          pair_counts_outside=excel)
    rule, direction = broken.first(improvement, improvement_wins=excel)
    return Charts(segment, drawn, rule, direction, side, ())
