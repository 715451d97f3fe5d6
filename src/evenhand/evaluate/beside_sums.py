"""How much a body changed beside others that did nothing of the kind: the sums, on plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from evenhand.evaluate.beside_series import Series, gaps_in
from evenhand.terms import Estimate, Month, Span
from evenhand.terms.words import counted, listed, per_cent

NEAREST = 40
"""Bodies compared with: the nearest in size, so that chance moves them about as far."""
FEWEST, FEWEST_MONTHS = 10, 6
CONFIDENCE = 0.95
HALF = 0.5
"""Less than this share of what was promised is not what was promised; less than this of a first year has worn off."""
SOURCE = ("Change set against the changes of bodies left alone: Abadie, Diamond and Hainmueller (2010), Journal of the "
          "American Statistical Association 105:493-505; a baseline that leaves out the year which prompted the "
          "change: Barnett, van der Pols and Dobson (2005), International Journal of Epidemiology 34:215-220")

Verdict: TypeAlias = Literal["worked", "did not work", "faded", "cannot tell"]


@dataclass(frozen=True)
class Asked:
    """What is asked of a comparison: when it began, which year prompted it, which way is wanted, and how much.

    ``promised`` and ``smallest`` are shares; ``ramp`` months from the start on before it is wholly there.
    """

    start: Month
    prompted: Span | None = None
    down: bool = True
    promised: float | None = None
    smallest: float | None = None
    ramp: int = 0
    nearest: int = NEAREST
    confidence: float = CONFIDENCE


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
    ``placebos`` are the changes of the others themselves, over the whole time.
    """

    whole: Estimate
    first_year: Estimate
    later: Estimate | None
    wore_off: Estimate | None
    others: tuple[str, ...]
    placebos: tuple[float, ...] = ()


@dataclass(frozen=True)
class Told:
    """A verdict, whether it lasted, and why; the changes it rests on, and the months compared."""

    verdict: Verdict
    lasted: bool | None
    because: str
    changes: Changes | None = None
    stretches: Stretches | None = None


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
    return Estimate(middle, middle - reach, middle + reach, confidence)


def change(one: Series, before: tuple[Month, Month], after: tuple[Month, Month]) -> float | None:
    """The log of the rate after over the rate before; ``None`` where either is nought or not held in every month."""
    rates = []
    for first, last in (before, after):
        part = one.between(first, last)
        if len(part.months) < last.index - first.index + 1 or not sum(part.numerators):
            return None
        rates.append(sum(part.numerators) / sum(part.denominators))
    return math.log(rates[1] / rates[0])


def nearest(own: Series, others: Mapping[str, Series], stretches: Stretches, most: int = NEAREST) -> tuple[str, ...]:
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
    return tuple(sorted(sorted(whole, key=lambda code: (abs(size(whole[code]) - here), code))[:most]))


def changes(own: Series, others: Mapping[str, Series], stretches: Stretches, *, most: int = NEAREST,
            confidence: float = CONFIDENCE) -> Changes | None:
    """What is left of a body's change when the change of others is taken off; ``None`` where too few are held."""
    if change(own, stretches.before, stretches.whole) is None:
        return None
    chosen = nearest(own, others, stretches, most)
    if len(chosen) < FEWEST:
        return None

    def over(stretch: tuple[Month, Month]) -> tuple[float, list[float]] | None:
        mine = change(own, stretches.before, stretch)
        theirs = [change(others[code], stretches.before, stretch) for code in chosen]
        return None if mine is None else (mine, [each for each in theirs if each is not None])

    whole, first = over(stretches.whole), over(stretches.first_year)
    later = over(stretches.later) if stretches.later else None
    if whole is None or first is None:
        return None
    placebos = tuple(each - sum(whole[1]) / len(whole[1]) for each in whole[1])
    known = Changes(beside(*whole, confidence), beside(*first, confidence), None, None, chosen, placebos)
    if later is None:
        return known
    wore_off = beside(later[0] - first[0], [b - a for a, b in zip(first[1], later[1], strict=True)], confidence)
    return replace(known, later=beside(*later, confidence), wore_off=wore_off)


def stretches_of(mine: Series, asked: Asked) -> Stretches | str:
    """The months to be compared, or why they cannot be."""
    start = asked.start
    if not mine.months or mine.months[-1] < start:
        return "nothing is held from the start on"
    first, last = mine.months[0], mine.months[-1]
    before = (asked.prompted.first if asked.prompted else start).plus(-1)
    months = before.index - first.index + 1
    if months < FEWEST_MONTHS:
        held = "only " + counted(months, "month") if months > 0 else "no month"
        return f"{held} before {'the year that prompted it' if asked.prompted else 'the start'} is held"
    # Whole years where there are any, so that the same seasons stand on both sides.
    whole = before.index - months // 12 * 12 + 1 if months >= 12 else first.index
    end_of_first = min(start.plus(11), last)
    later = (start.plus(12), last) if last.index - start.index >= 12 + FEWEST_MONTHS - 1 else None
    return Stretches((Month.at(whole), before), (start, end_of_first), later, (start, last))


def answered(mine: Series, others: Mapping[str, Series], asked: Asked) -> Told:
    """The verdict of a comparison, or why none can be given: gaps, nought throughout, nothing that varies, too few."""
    stretches = stretches_of(mine, asked)
    if isinstance(stretches, str):
        return Told("cannot tell", None, stretches)
    compared = [stretches.before, stretches.whole]
    missing = [month for month in gaps_in(mine) if any(first <= month <= last for first, last in compared)]
    if missing:
        named = listed([each.words for each in missing[:3]]) + (" and others" if len(missing) > 3 else "")
        return Told("cannot tell", None, f"its figures for {named} are not held", stretches=stretches)
    if not sum(mine.between(*stretches.before).numerators) or not sum(mine.between(*stretches.whole).numerators):
        return Told("cannot tell", None, "every figure before or after the start is nought, which has no share",
                    stretches=stretches)
    found = changes(mine, others, stretches, most=asked.nearest, confidence=asked.confidence)
    if found is None:
        return Told("cannot tell", None, f"fewer than {FEWEST} bodies without such a programme have figures for every "
                                         "month compared", stretches=stretches)
    if found.whole.high - found.whole.low < 1e-9:
        return Told("cannot tell", None, "the figures of the others never vary, so there is nothing to judge chance by",
                    stretches=stretches)
    verdict, lasted, because = verdict_of(found, down=asked.down, promised=asked.promised, smallest=asked.smallest)
    return Told(verdict, lasted, because, found, stretches)


def verdict_of(found: Changes, *, down: bool, promised: float | None,
               smallest: float | None = None) -> tuple[Verdict, bool | None, str]:
    """The verdict, whether it lasted, and why. ``down`` says whether less is what was wanted.

    Worked: clear of nought on the wanted side, in all or in the first year. Faded: clear in the first year, less
    than half of that left after it, and the loss is itself clear. Did not work: even the best end of the range is less
    than the smallest effect that matters (where none is said, than half of what was promised), or the whole range lies
    on the other side of nought. Anything else cannot be told.
    """
    side = -1.0 if down else 1.0
    whole, first = found.whole.scaled(side), found.first_year.scaled(side)
    later = found.later.scaled(side) if found.later else None
    wore_off = found.wore_off.scaled(side) if found.wore_off else None
    if (first.low > 0 and later is not None and wore_off is not None and wore_off.high < 0
            and later.central < HALF * first.central):
        return "faded", False, "clear in its first year, and less than half of that was left after it"
    if whole.low > 0:
        if later is None or later.low <= 0:
            return "worked", None, "clear beside others; whether it lasts cannot be told yet"
        return "worked", True, "clear beside others, in its first year and after it"
    if whole.high < 0:
        return "did not work", None, "it went the other way, beside others, and clearly"
    if smallest is not None and whole.high < as_log(smallest, down=down):
        return "did not work", None, (f"even the best end of the range is less than the {per_cent(smallest)} that "
                                      "would have mattered")
    if smallest is None and promised is not None and whole.high < as_log(promised, down=down) * HALF:
        return "did not work", None, (f"even the best end of the range is less than half of the "
                                      f"{per_cent(promised)} that was promised")
    return "cannot tell", None, "the range holds both no change and a good part of what was promised"


def as_log(share: float, *, down: bool) -> float:
    """A share as a log on the wanted side."""
    return -math.log(1 - share) if down else math.log(1 + share)


def as_share(log: Estimate) -> Estimate:
    """A log of a ratio as a share of what was to be expected: -0.1 is a tenth below."""
    return Estimate(math.expm1(log.central), math.expm1(log.low), math.expm1(log.high), log.confidence)


def averted(whole: Estimate, seen: float, *, down: bool) -> Estimate:
    """The numerator that did not come about (or came besides, where more was wanted), with its range."""
    sign = 1.0 if down else -1.0
    low, high = sorted(sign * seen * math.expm1(-each) for each in (whole.low, whole.high))
    return Estimate(sign * seen * math.expm1(-whole.central), low, high, whole.confidence)


def expected_return(mine: Series, others: Mapping[str, Series], earlier: tuple[Month, Month],
                    picked: tuple[Month, Month]) -> float | None:
    """The log by which a body picked on its figures of ``picked`` may be expected to come back by itself.

    Its distance from the mean of all in those months, times one less the correlation of bodies' levels from the
    ``earlier`` months to these (Barnett, van der Pols and Dobson 2005, equation 1 in the form for a known distance).
    Below nought where it lay above the mean. ``None`` where fewer than ten have both.
    """
    import numpy as np

    logs = []
    for one in (mine, *others.values()):
        levels = [_log_level(one, stretch) for stretch in (earlier, picked)]
        if levels[0] is None or levels[1] is None:
            if one is mine:
                return None
            continue
        logs.append(levels)
    if len(logs) < FEWEST:
        return None
    before, then = np.asarray(logs, dtype=float).T
    if before.std() == 0 or then.std() == 0:
        return None
    kept = max(0.0, float(np.corrcoef(before, then)[0, 1]))
    return -(1 - kept) * float(then[0] - then.mean())


def _log_level(one: Series, stretch: tuple[Month, Month]) -> float | None:
    part = one.between(*stretch)
    if len(part.months) < stretch[1].index - stretch[0].index + 1 or not sum(part.numerators):
        return None
    return math.log(sum(part.numerators) / sum(part.denominators))
