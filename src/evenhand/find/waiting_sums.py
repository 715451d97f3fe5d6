"""Sums for planning a waiting list, as one formula each.

Arrays have the shape (lists,); demand and capacity are people a week, waits are weeks, queues are people. What is not
known is missing (not a number), and what hangs on it is missing too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]


def queue_load(demand: Floats, capacity: Floats) -> Floats:
    """Demand over capacity: at 1 or more the list grows without end. Missing where nobody is seen."""
    import numpy as np

    return np.asarray(demand / np.where(capacity > 0, capacity, np.nan))


def target_mean_wait(target_wait: Floats, factor: Floats) -> Floats:
    """The mean wait at which few wait longer than the target: the target over the factor."""
    return target_wait / factor


def target_queue(demand: Floats, target_wait: Floats, factor: Floats) -> Floats:
    """The list at which the mean wait is its target: demand times that wait (Little 1961)."""
    return demand * target_wait / factor


def relief_capacity(demand: Floats, queue: Floats, target: Floats, weeks: Floats) -> Floats:
    """People to see a week to bring the list to its target in so many weeks."""
    return demand + (queue - target) / weeks


def target_capacity(demand: Floats, target_wait: Floats, factor: Floats, cv_demand: Floats,
                    cv_capacity: Floats) -> Floats:
    """People to see a week, once the list is at its target, to keep it there in spite of good and bad weeks.

    ``cv_demand`` and ``cv_capacity`` are standard deviations over means from week to week (after Kingman 1961).
    """
    return demand + (cv_demand**2 + cv_capacity**2) / 2 * factor / target_wait


def pressure(mean_wait: Floats, target_wait: Floats) -> Floats:
    """Twice the mean wait over the target wait: above 1 the list is under pressure."""
    return 2 * mean_wait / target_wait


def share_over_target(mean_wait: Floats, target_wait: Floats) -> Floats:
    """Share that waits longer than the target if waits thin out evenly (exponentially) around this mean."""
    import numpy as np

    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        return np.asarray(np.exp(-target_wait / mean_wait))


def weeks_to_reach(demand: Floats, capacity: Floats, queue: Floats, target: Floats) -> Floats:
    """Weeks until the list is at its target as things are: 0 where it is there, missing where it never will be."""
    import numpy as np

    gain = capacity - demand
    with np.errstate(divide="ignore", invalid="ignore"):
        weeks = np.where(gain > 0, (queue - target) / gain, np.nan)
    return np.asarray(np.where(queue <= target, 0.0, weeks))
