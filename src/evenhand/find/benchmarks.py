"""What a body is set against: the middle, the best tenth, named peers, or all together; each with its own range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from evenhand.stats import intervals

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Flags: TypeAlias = NDArray[np.bool_]

Against = Literal["median", "best-decile", "peers", "national"]
WORDS: dict[str, str] = {"median": "the middle", "best-decile": "the best tenth", "peers": "the middle of the peers",
                         "national": "all bodies together"}


@dataclass(frozen=True)
class Benchmark:
    """The benchmark of each measure with its limits, shape (measures,), and month by month, (measures, months).

    ``reached`` says whether there were enough bodies for limits of that confidence, shape (measures,).
    """

    value: Floats
    low: Floats
    high: Floats
    monthly: Floats
    reached: Flags


def among(values: Floats, monthly: Floats, chosen: Flags, *, share: Floats, confidence: float) -> Benchmark:
    """A quantile of the bodies' values, bounded by two of the values themselves.

    Args:
        values: shape (measures, units).
        monthly: the same month by month, shape (measures, units, months).
        chosen: bodies among which the quantile is taken, shape (measures, units).
        share: 0.5 for the middle, 0.1 or 0.9 for the best tenth, shape (measures,).
        confidence: of the limits; they hold whatever the bodies are distributed like.
    """
    import numpy as np

    count = len(values)
    middle, low, high = (np.full(count, np.nan) for _ in range(3))
    reached = np.zeros(count, dtype=bool)
    by_month = np.full((count, monthly.shape[2]), np.nan)
    for row in range(count):
        there = values[row][chosen[row] & np.isfinite(values[row])]
        if not len(there):
            continue
        ordered = np.sort(there)
        middle[row] = np.quantile(ordered, share[row])
        first, last, reached[row] = intervals.quantile_places(len(ordered), float(share[row]), confidence)
        low[row], high[row] = min(ordered[first], middle[row]), max(ordered[last], middle[row])
        block = monthly[row][chosen[row]]
        held = np.isfinite(block).any(axis=0)
        if held.any():
            by_month[row, held] = np.nanquantile(block[:, held], share[row], axis=0)
    return Benchmark(middle, low, high, by_month, reached)


def together(numerator: Floats, denominator: Floats, chosen: Flags, *, scale: Floats, variance: Floats,
             confidence: float) -> Benchmark:
    """The value of all chosen bodies as if they were one.

    Args:
        numerator: shape (measures, units, months), not a number where missing.
        denominator: as numerator.
        chosen: bodies counted, shape (measures, units).
        scale: from numerator over denominator to a value, shape (measures,).
        variance: of each body's total over the period, shape (measures, units).
        confidence: of the limits.
    """
    import numpy as np

    keep = chosen[:, :, None] & np.isfinite(numerator)
    n, d = np.where(keep, numerator, 0.0), np.where(keep, denominator, 0.0)
    total = d.sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = scale * n.sum(axis=(1, 2)) / total
        spread = scale * np.sqrt(np.where(chosen & np.isfinite(variance), variance, 0.0).sum(axis=1)) / total
        by_month = scale[:, None] * n.sum(axis=1) / d.sum(axis=1)
    half = intervals.normal_quantile(confidence) * spread
    return Benchmark(value, np.maximum(value - half, 0.0), value + half, by_month, np.isfinite(value))
