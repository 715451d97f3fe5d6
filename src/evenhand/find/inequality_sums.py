"""The arithmetic of the slope index: a weighted line through groups ordered by deprivation, and how sure it is.

Arrays have the shape (groups,), the most deprived group first; ``draws`` adds a first dimension.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from evenhand.stats import intervals

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

ValueType: TypeAlias = Literal["normal", "rate", "proportion"]
Transform: TypeAlias = Literal["none", "log", "logit"]

SCALES: Mapping[ValueType, Transform] = {"normal": "none", "rate": "log", "proportion": "logit"}
"""The scale on which values of each type have their errors."""


@dataclass(frozen=True)
class Line:
    """The fitted line: its heights at the most (``start``) and the least deprived end (``finish``), in natural units.

    ``to_start`` and ``to_finish`` are the weights with which each group's transformed value enters the two heights.
    """

    rank: Floats
    start: float
    finish: float
    to_start: Floats
    to_finish: Floats

    @property
    def slope_index(self) -> float:
        """What the least deprived end has more than the most deprived end."""
        return self.finish - self.start

    @property
    def relative_index(self) -> float:
        """How many times the most deprived end's value the least deprived end has."""
        return self.finish / self.start if self.start else float("nan")


@dataclass(frozen=True)
class Range:
    """An interval and how it was come by: ``exact`` or ``simulated``."""

    low: float
    high: float
    how: Literal["exact", "simulated"]


def relative_ranks(population: Floats) -> Floats:
    """Middle of each group's place when everyone stands in line from the most to the least deprived, 0 to 1."""
    import numpy as np

    share = population / population.sum()
    return np.asarray(np.cumsum(share) - share / 2)


def forward(values: Floats, transform: Transform) -> Floats:
    """Values on the scale of the line."""
    import numpy as np
    from scipy.special import logit

    if transform == "log":
        return np.asarray(np.log(values))
    return np.asarray(logit(values)) if transform == "logit" else values


def backward(values: Floats, transform: Transform) -> Floats:
    """Values from the scale of the line back in natural units."""
    import numpy as np
    from scipy.special import expit

    if transform == "log":
        return np.asarray(np.exp(values))
    return np.asarray(expit(values)) if transform == "logit" else values


def fitted(values: Floats, population: Floats, transform: Transform) -> Line:
    """Least squares of value on relative rank, each group weighted by its share of the population.

    Source: Pamuk (1985), Population Studies 39:17-31; Low and Low (2004), Journal of Public Health 26:390-395; the
    transformed forms as PHEindicatormethods 2.1.
    """
    import numpy as np

    share, rank = population / population.sum(), relative_ranks(population)
    middle = float((share * rank).sum())
    spread = float((share * (rank - middle) ** 2).sum())
    to_slope = share * (rank - middle) / spread
    to_start = share - middle * to_slope
    to_finish = to_start + to_slope
    y = forward(values, transform)
    start, finish = backward(np.array([to_start @ y, to_finish @ y]), transform)
    return Line(rank, float(start), float(finish), to_start, to_finish)


def exact_slope(line: Line, errors: Floats, confidence: float) -> Range:
    """Limits of the slope index of independent normal values: ``SII +- z sqrt(sum (c_i s_i)^2)``."""
    half = _half_width(line, errors, confidence)
    return Range(line.slope_index - half, line.slope_index + half, "exact")


def exact_ratio(line: Line, errors: Floats, confidence: float) -> Range | None:
    """Limits of the relative index of independent normal values; nothing where the lower end may be nought.

    The ratios ``r`` for which ``finish - r start`` lies within ``z`` of its standard errors of nought.

    Source: Fieller (1954), Journal of the Royal Statistical Society B 16:175-185.
    """
    import numpy as np

    z = intervals.normal_quantile(confidence)
    variance = errors**2
    of_start = float((line.to_start**2 * variance).sum()) * z * z
    of_finish = float((line.to_finish**2 * variance).sum()) * z * z
    of_both = float((line.to_start * line.to_finish * variance).sum()) * z * z
    square, cross, rest = line.start**2 - of_start, line.start * line.finish - of_both, line.finish**2 - of_finish
    if square <= 0:
        return None
    root = float(np.sqrt(max(cross**2 - square * rest, 0.0)))
    return Range((cross - root) / square, (cross + root) / square, "exact")


def exact_ratio_of_logs(line: Line, errors: Floats, confidence: float) -> Range:
    """Limits of the relative index where the line is fitted to logarithms with normal errors."""
    import numpy as np

    half = _half_width(line, errors, confidence)
    return Range(line.relative_index * float(np.exp(-half)), line.relative_index * float(np.exp(half)), "exact")


def _half_width(line: Line, errors: Floats, confidence: float) -> float:
    """Half the interval of the slope on the scale of the line."""
    import numpy as np

    variance = float((((line.to_finish - line.to_start) * errors) ** 2).sum())
    return intervals.normal_quantile(confidence) * float(np.sqrt(variance))


def simulated(line: Line, values: Floats, errors: Floats, value_type: ValueType, transform: Transform,
              confidences: Sequence[float], draws: int, rng: np.random.Generator) -> dict[str, list[Range]]:
    """Ranges of both indices from values drawn again and again within their errors.

    ``errors`` are on the scale that belongs to the type: natural for normal values, logarithmic for rates, logit for
    proportions. The percentiles of the refitted lines are the limits.
    """
    import numpy as np

    scale = SCALES[value_type]
    drawn = backward(forward(values, scale) + errors * rng.standard_normal((draws, len(values))), scale)
    y = forward(drawn, transform)
    start, finish = backward(y @ line.to_start, transform), backward(y @ line.to_finish, transform)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {"slope_index": finish - start, "relative_index": finish / start}
    ends = [end for each in confidences for end in ((1 - each) / 2, (1 + each) / 2)]
    ranges: dict[str, list[Range]] = {}
    for name, results in found.items():
        limits = np.quantile(results, ends)
        ranges[name] = [Range(float(limits[2 * place]), float(limits[2 * place + 1]), "simulated")
                        for place in range(len(confidences))]
    return ranges
