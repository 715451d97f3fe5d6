"""Can the smallest effect that matters be seen here by then? The sums, from how figures moved before the start."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from evenhand.evaluate.beside_series import Series

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SOURCE = ("Bloom (1995) Minimum detectable effects: a simple way to report the statistical power of experimental "
          "designs, Evaluation Review 19(5): 547-556; the variance of means of neighbouring months after Box, Jenkins "
          "and Reinsel (1994) Time Series Analysis, section 2.1.5")
USUAL_CHANCE = 0.8
FEWEST_MONTHS = 6
MOST_MONTHS = 60

Design: TypeAlias = Literal["beside others", "interrupted"]


@dataclass(frozen=True)
class Noise:
    """How a body's monthly log moves around its level: the chance of counting, and what is left besides.

    ``counted`` is the variance of a month's log by counting alone, ``besides`` the variance of what wanders on top,
    ``memory`` the correlation of the latter from one month to the next.
    """

    counted: float
    besides: float
    memory: float

    @property
    def overdispersion(self) -> float:
        """How many times counting alone the whole variance of a month is."""
        return (self.counted + self.besides) / self.counted if self.counted else math.inf


@dataclass(frozen=True)
class Seen:
    """Standard error of the change on the log scale, the chance of seeing an effect, the smallest that would be seen.

    The smallest is a share, seen ``USUAL_CHANCE`` of the time. ``footprint`` says how many times the people, and
    ``months`` how many months after the start, would see the effect asked about; ``None`` where it is seen already or
    where no time up to five years would.
    """

    error: float
    chance: float
    smallest: float
    footprint: float | None
    months: int | None


def noise_of(own: Series, others: Sequence[Series]) -> Noise | None:
    """The noise of one body's months, from its own and others' months before the start.

    Months' logs are set against the body's mean and each month's mean over bodies, which carries season and trend; with
    no others, against a straight line. What is left is scaled for the degrees of freedom that this takes. The variance
    of counting is one over the mean count; what is left beyond it wanders. ``None`` where there is a nought among the
    counts, fewer than six months, or nothing that varies.
    """
    import numpy as np

    months = own.months
    if len(months) < FEWEST_MONTHS or not all(own.numerators):
        return None
    whole = [one for one in others if one.months == months and all(one.numerators)]
    logs = np.log(np.array([one.values for one in (own, *whole)]))
    count = np.array([np.mean(one.numerators) for one in (own, *whole)])
    if len(whole) >= 2:
        left = logs - logs.mean(axis=1, keepdims=True)
        left = left - left.mean(axis=0, keepdims=True)
        bodies = len(left)
        left = left * math.sqrt(bodies * len(months) / ((bodies - 1) * (len(months) - 1)))
    else:
        line = np.column_stack([np.ones(len(months)), np.arange(len(months))])
        left = logs[:1] - (line @ np.linalg.lstsq(line, logs[:1].T, rcond=None)[0]).T
        left = left * math.sqrt(len(months) / (len(months) - 2))
        count = count[:1]
    if not left.any():
        return None
    # The variance of counting is known only for counts: of pounds, all of the variance is taken as wandering's.
    counting = np.array([_counting(one) for one in (own, *whole)][:len(left)])
    besides = max(0.0, float(np.mean((left**2).mean(axis=1) - counting)))
    near = float(np.mean(left[:, 1:] * left[:, :-1]))
    # Taking out a mean over n months draws neighbours apart by about one nth of the variance.
    near += float(np.mean(left**2)) / len(months)
    memory = min(0.95, max(0.0, near / besides)) if besides > 0 else 0.0
    return Noise(float(counting[0]), besides, memory)


def _counting(one: Series) -> float:
    """One over the mean count; nought where the numerators are no counts, as pounds are not."""
    if any(value != round(value) for value in one.numerators):
        return 0.0
    return len(one.numerators) / sum(one.numerators)


def error_of(noise: Noise, *, before: int, gap: int, after: int, design: Design, others: int = 0,
             people: float = 1.0) -> float:
    """The standard error of the estimated change on the log scale.

    Args:
        noise: of one body's months.
        before: months before that are compared.
        gap: months left out between them and the start (those that prompted it).
        after: months from the start on.
        design: ``beside others`` (mean after less mean before, less that of others) or ``interrupted`` (the step of a
            straight line through the months before, carried on).
        others: bodies compared with, for ``beside others``.
        people: how many times the people the body has: counting and wandering both shrink as bodies are added up.
    """
    import numpy as np

    months = np.concatenate([np.arange(before), before + gap + np.arange(after)])
    apart = np.abs(months[:, None] - months[None, :])
    spread = noise.besides * noise.memory**apart + noise.counted * np.eye(len(months))
    weights = _weights(months, before, design)
    variance = float(weights @ spread @ weights) / people
    return math.sqrt(variance * (1 + (1 / others if design == "beside others" and others else 0)))


def _weights(months: NDArray[np.float64], before: int, design: Design) -> NDArray[np.float64]:
    """The estimate as weights on the months' logs."""
    import numpy as np

    after = np.arange(len(months)) >= before
    if design == "beside others":
        return np.asarray(np.where(after, 1 / after.sum(), -1 / before), dtype=float)
    columns = np.column_stack([np.ones(len(months)), months, after.astype(float)])
    return np.asarray(np.linalg.pinv(columns)[2], dtype=float)


def chance_of(effect: float, error: float, *, confidence: float = 0.95) -> float:
    """The chance that the range of a true change, as a log on the wanted side, lies wholly on that side."""
    from scipy.special import ndtr, ndtri

    if error <= 0:
        return 1.0 if effect > 0 else 0.0
    return float(ndtr(effect / error - ndtri(0.5 + confidence / 2)))


def seen(effect: float, noise: Noise, *, before: int, gap: int, after: int, design: Design, others: int = 0,
         down: bool = True, confidence: float = 0.95) -> Seen:
    """Whether an effect (a share) would be seen, the smallest that would, and what it would take (see ``Seen``)."""
    from scipy.special import ndtri

    wanted = float(ndtri(0.5 + confidence / 2) + ndtri(USUAL_CHANCE))
    log = -math.log(1 - effect) if down else math.log(1 + effect)
    error = error_of(noise, before=before, gap=gap, after=after, design=design, others=others)
    chance = chance_of(log, error, confidence=confidence)
    least = wanted * error
    smallest = 1 - math.exp(-least) if down else math.expm1(least)
    footprint = months = None
    if chance < USUAL_CHANCE:
        footprint = (least / log) ** 2
        months = next((each for each in range(after + 1, MOST_MONTHS + 1) if wanted * error_of(
            noise, before=before, gap=gap, after=each, design=design, others=others) <= log), None)
    return Seen(error, chance, smallest, footprint, months)


def simulated(effect: float, noise: Noise, *, before: int, gap: int, after: int, others: int, seed: int,
              draws: int = 2000, confidence: float = 0.95) -> float:
    """The chance of seeing an effect beside others, by drawing it: the check of the closed form (shape-free, seeded).

    Each draw has one body with the effect and ``others`` without, their months drawn with the same noise, judged by
    Student's t on the others' changes as ``evaluate beside`` does.
    """
    import numpy as np
    from scipy.special import stdtrit

    rng = np.random.default_rng(seed)
    months = before + gap + after
    innovations = rng.normal(0.0, math.sqrt(noise.besides * (1 - noise.memory**2)), (draws, others + 1, months))
    level = np.empty_like(innovations)
    level[..., 0] = rng.normal(0.0, math.sqrt(noise.besides), (draws, others + 1))
    for month in range(1, months):
        level[..., month] = noise.memory * level[..., month - 1] + innovations[..., month]
    level += rng.normal(0.0, math.sqrt(noise.counted), level.shape)
    change = level[..., before + gap:].mean(axis=-1) - level[..., :before].mean(axis=-1)
    found = effect + change[:, 0] - change[:, 1:].mean(axis=1)
    reach = stdtrit(others - 1, 0.5 + confidence / 2) * change[:, 1:].std(axis=1, ddof=1) * math.sqrt(1 + 1 / others)
    return float(np.mean(found > reach))


def noise_before(mine: Series, others: Mapping[str, Series], chosen: Sequence[str], first: int, last: int,
                 ) -> Noise | None:
    """``noise_of`` over the months from ``first`` to ``last`` (their indices)."""
    def part(one: Series) -> Series:
        kept = [place for place, month in enumerate(one.months) if first <= month.index <= last]
        return Series(one.unit, one.source, *(tuple(each[place] for place in kept) for each in (
            one.months, one.numerators, one.denominators)))  # type: ignore[arg-type]

    return noise_of(part(mine), [part(others[code]) for code in chosen])
