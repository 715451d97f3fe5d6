"""How much a body changed beside others that did nothing of the kind: the sums, on plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evenhand.region.series import Series
from evenhand.terms import Estimate, Month

NEAREST = 40
"""Bodies compared with: the nearest in size, so that chance moves them about as far."""
FEWEST, FEWEST_MONTHS = 10, 6
CONFIDENCE = 0.95
SOURCE = ("Change set against the changes of bodies left alone: Abadie, Diamond and Hainmueller (2010), Journal of the "
          "American Statistical Association 105:493-505; a baseline that leaves out the year which prompted the "
          "change: Barnett, van der Pols and Dobson (2005), International Journal of Epidemiology 34:215-220")


@dataclass(frozen=True)
class Stretches:
    """Months compared: before the year that prompted a change, its first year, what came after it, and both."""

    before: tuple[Month, Month]
    first_year: tuple[Month, Month]
    later: tuple[Month, Month] | None
    whole: tuple[Month, Month]


@dataclass(frozen=True)
class Changes:
    """Logs of how far a body ended from where the others' change would have left it, each with its range.

    ``later`` and ``wore_off`` (later less first year) are ``None`` where the series ends within a year.
    """

    whole: Estimate
    first_year: Estimate
    later: Estimate | None
    wore_off: Estimate | None
    others: tuple[str, ...]


def beside(own: float, others: Sequence[float], confidence: float = CONFIDENCE) -> Estimate:
    """A change less the mean change of others, with the range in which one more body left alone would fall.

    Args:
        own: the log of after over before.
        others: the same of bodies left alone; at least two.
        confidence: of the range.

    The range is Student's t with one degree of freedom fewer than the others, times their standard deviation, times
    the root of 1 + 1/n: that of a new observation (Abadie, Diamond and Hainmueller 2010, as a placebo comparison).
    """
    import numpy as np
    from scipy.special import stdtrit

    found = np.asarray(others, dtype=float)
    reach = float(stdtrit(len(found) - 1, 0.5 + confidence / 2) * found.std(ddof=1) * math.sqrt(1 + 1 / len(found)))
    middle = own - float(found.mean())
    return Estimate(middle, middle - reach, middle + reach)


def change(one: Series, before: tuple[Month, Month], after: tuple[Month, Month]) -> float | None:
    """The log of the rate after over the rate before; ``None`` where either is nought or not held in every month."""
    rates = []
    for first, last in (before, after):
        part = one.between(first, last)
        if len(part.months) < last.index - first.index + 1 or not sum(part.numerators):
            return None
        rates.append(sum(part.numerators) / sum(part.denominators))
    return math.log(rates[1] / rates[0])


def nearest(own: Series, others: Mapping[str, Series], stretches: Stretches) -> tuple[str, ...]:
    """The bodies nearest in size over the months before, that have every month that is compared."""
    first, last = stretches.before

    def size(one: Series) -> float:
        part = one.between(first, last)
        return math.log(sum(part.denominators) / len(part.months))

    whole = {code: one for code, one in others.items()
             if change(one, stretches.before, stretches.whole) is not None
             and change(one, stretches.before, stretches.first_year) is not None
             and (stretches.later is None or change(one, stretches.before, stretches.later) is not None)}
    here = size(own)
    return tuple(sorted(sorted(whole, key=lambda code: (abs(size(whole[code]) - here), code))[:NEAREST]))


def changes(own: Series, others: Mapping[str, Series], stretches: Stretches) -> Changes | None:
    """What is left of a body's change when the change of others is taken off; ``None`` where too few are held."""
    chosen = nearest(own, others, stretches)
    if len(chosen) < FEWEST or change(own, stretches.before, stretches.whole) is None:
        return None

    def over(stretch: tuple[Month, Month]) -> tuple[float, list[float]]:
        mine = change(own, stretches.before, stretch)
        theirs = [change(others[code], stretches.before, stretch) for code in chosen]
        assert mine is not None
        return mine, [each for each in theirs if each is not None]

    whole, first = over(stretches.whole), over(stretches.first_year)
    if stretches.later is None:
        return Changes(beside(*whole), beside(*first), None, None, chosen)
    later = over(stretches.later)
    wore_off = beside(later[0] - first[0], [b - a for a, b in zip(first[1], later[1], strict=True)])
    return Changes(beside(*whole), beside(*first), beside(*later), wore_off, chosen)
