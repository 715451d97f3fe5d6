"""What did not come about because of a change: expected less observed, in people and in pounds, with ranges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from evenhand.evaluate.neighbours import Spread
from evenhand.evaluate.regression import Fit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from evenhand.evaluate.doubts import Question


def averted(question: Question, found: Fit, columns: NDArray[np.float64], unchanged: NDArray[np.float64],
            sure: Spread) -> dict[str, Any]:
    """Expected less observed from the start on, and the same a point, with ranges by the delta method.

    For counts the range is taken on the log of fitted over expected, and carried over to the total, so that ratio and
    total always tell one story. ``amount`` is the total in the units of the outcome's column: the same but for a
    gaussian outcome with a denominator, where the value is a sum of rates and the amount a number of people. No range
    is narrower than the model's own: errors of Newey and West come out too small about as often as too large. Where
    neighbours in time resemble each other, none is narrower than that allows (``neighbours``).
    """
    import numpy as np

    offset, after = question.offset(), question.line.after
    observed = float(question.outcome()[after].sum())
    expected = float(found.predicted(unchanged, offset)[after].sum())
    ratios: dict[str, list[float]] = {}
    if found.has_log_link:
        error = log_ratio_error(question, found, columns, unchanged, sure)
        centre = float(np.log(observed / expected))
        ratios = {level: [float(np.exp(centre - far * error)), float(np.exp(centre + far * error))]
                  for level, far in sure.reach.items()}
        intervals = {level: [observed / high - observed, observed / low - observed]
                     for level, (low, high) in ratios.items()}
        return with_amount(total(observed, expected, intervals, ratios, int(after.sum())), question.line.outcome_name)
    intervals = _straight(found, columns - unchanged, after, np.ones(int(after.sum())), sure,
                          expected - observed)
    given = total(observed, expected, intervals, ratios, int(after.sum()))
    sizes = question.line.offset[after]
    people = float(((found.predicted(unchanged, offset) - question.outcome())[after] * sizes).sum())
    ends = next(iter(_straight(found, columns - unchanged, after, sizes, sure, people).values()))
    return {**given, "amount": {"value": people, "interval": ends, "units": question.line.outcome_name}}


def _straight(found: Fit, change: NDArray[np.float64], after: NDArray[np.bool_], sizes: NDArray[np.float64],
              sure: Spread, value: float) -> dict[str, list[float]]:
    import numpy as np

    move = -(change[after] * sizes[:, None]).sum(axis=0)
    error = max(float(sure.widest(move)[0]), float(np.sqrt(max(0.0, move @ found.covariance @ move))))
    return {level: [value - far * error, value + far * error] for level, far in sure.reach.items()}


def log_ratio_error(question: Question, found: Fit, columns: NDArray[np.float64], unchanged: NDArray[np.float64],
                    sure: Spread) -> float:
    """The standard error of the log of fitted over expected, both summed from the start on."""
    import numpy as np

    offset, after = question.offset(), question.line.after
    expected = float(found.predicted(unchanged, offset)[after].sum())
    fitted = float(found.fitted[after].sum())
    moves = (found.slopes(columns, offset)[after].sum(axis=0), found.slopes(unchanged, offset)[after].sum(axis=0))
    move = moves[0] / fitted - moves[1] / expected
    return max(float(sure.widest(move)[0]), float(np.sqrt(max(0.0, move @ found.covariance @ move))))


def total(observed: float, expected: float, intervals: Mapping[str, list[float]], ratios: Mapping[str, list[float]],
          points: int) -> dict[str, Any]:
    """The averted total as the answer gives it; what rounding alone leaves of a difference is none."""
    dust = 1e-10 * (abs(observed) + abs(expected))
    if abs(expected - observed) <= dust:
        expected = observed
    expected = 0.0 if abs(expected) <= dust else expected
    intervals = {level: [0.0 if abs(end) <= dust else end for end in ends] for level, ends in intervals.items()}
    ends = next(iter(intervals.values()))
    given: dict[str, Any] = {
        "observed": observed, "expected": expected, "value": expected - observed, "difference": observed - expected,
        "interval": ends, "intervals": dict(intervals), "per_point": (expected - observed) / points,
        "per_point_interval": [end / points for end in ends],
        "interval_method": "delta method on the log of the ratio" if ratios else "delta method"}
    if ratios:
        given |= {"ratio": observed / expected, "ratio_interval": next(iter(ratios.values()))}
    return given


def with_amount(given: dict[str, Any], units: str) -> dict[str, Any]:
    """The total once more in the units of the outcome's column."""
    return {**given, "amount": {"value": given["value"], "interval": given["interval"], "units": units}}


def in_pounds(given: Mapping[str, Any], unit_cost: float) -> dict[str, Any]:
    """The amount at a cost for each, taken as certain."""
    amount = given["amount"]
    return {"unit_cost": unit_cost, "value": amount["value"] * unit_cost,
            "interval": None if amount["interval"] is None else [end * unit_cost for end in amount["interval"]]}


def not_sized(question: Question) -> dict[str, Any]:
    """What can be said where no size is given: the observed total, and no other."""
    observed = float(question.outcome()[question.line.after].sum())
    return {"observed": observed, **dict.fromkeys(
        ("expected", "value", "difference", "interval", "per_point", "per_point_interval")), "intervals": {},
        "interval_method": None, "amount": None}
