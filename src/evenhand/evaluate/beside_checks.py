"""The same question asked in other ways: fewer others, the prompting year let in, no ramp, the body's own past."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from evenhand.evaluate.beside_series import Series, series_of
from evenhand.evaluate.beside_sums import Asked, Told, answered, as_share
from evenhand.evaluate.interrupted import interrupted
from evenhand.figures import Answer
from evenhand.terms import Estimate
from evenhand.terms.words import counted, per_cent

OWN_PAST, WITH_CONTROL, BESIDE = "interrupted, by its own past", "interrupted, with others as control", "beside others"
FEW_BEFORE = 12


@dataclass(frozen=True)
class Checked:
    """One check: its name, the change it found as a share, in words, and whether it agrees.

    ``effect`` is ``None`` where it cannot tell; ``answer`` is there where it has one of its own.
    """

    name: str
    sentence: str
    effect: Estimate | None = None
    agrees: bool | None = None
    answer: Answer | None = None


def share_words(share: Estimate) -> str:
    """18% below (range 12% to 24% below), or: 2% above (range 5% below to 9% above)."""
    def one(value: float) -> str:
        return f"{per_cent(abs(value), digits=1)} {'below' if value < 0 else 'above'}"

    return f"{one(share.central)} (range {one(share.low)} to {one(share.high)})"


def pooled(others: Mapping[str, Series], chosen: tuple[str, ...], name: str = "others") -> Series:
    """The bodies compared with, added up."""
    rows = [{"unit": name, "month": str(month), "numerator": top, "denominator": under}
            for code in chosen for month, top, under in zip(others[code].months, others[code].numerators,
                                                            others[code].denominators, strict=True)]
    return series_of(rows, name, next((one.source for one in others.values()), ""))


def checks(mine: Series, others: Mapping[str, Series], asked: Asked, told: Told) -> tuple[Checked, ...]:
    """Every check that these figures allow, against what ``told`` found; one that cannot tell says why."""
    found: list[Checked] = []
    if told.changes is not None:
        if len(told.changes.others) >= 2 * 10:
            half = replace(asked, nearest=len(told.changes.others) // 2)
            found.append(_again(f"beside the {half.nearest} nearest only", mine, others, half))
        if asked.prompted is not None:
            let_in = replace(asked, prompted=None)
            found.append(_again("with the year that prompted it among the months before", mine, others, let_in))
        if asked.ramp and mine.months[-1].index - asked.start.index > asked.ramp + 5:
            later = replace(asked, start=asked.start.plus(asked.ramp))
            without = _without(mine, asked), {code: _without(one, asked) for code, one in others.items()}
            found.append(_again(f"without its first {counted(asked.ramp, 'month')}", *without,
                                replace(later, prompted=asked.prompted or None)))
    found.append(own_past(mine, asked))
    if told.changes is not None:
        found.append(with_control(mine, pooled(others, told.changes.others), asked))
    main = as_share(told.changes.whole) if told.changes else None
    return tuple(replace(each, agrees=agree(main, each.effect)) for each in found)


def agree(main: Estimate | None, other: Estimate | None) -> bool | None:
    """Whether two ways say the same: the best guess of one lies in the range of the other.

    Ranges that merely touch are no agreement: a third less, give or take a third, is not the same as no change.
    """
    if main is None or other is None:
        return None
    return main.low <= other.central <= main.high or other.low <= main.central <= other.high


def _without(one: Series, asked: Asked) -> Series:
    """The months of the ramp taken out, when those before are taken up to the start."""
    kept = [place for place, month in enumerate(one.months)
            if not asked.start <= month or asked.start.plus(asked.ramp) <= month]
    return Series(one.unit, one.source, *(tuple(each[place] for place in kept) for each in (
        one.months, one.numerators, one.denominators)))  # type: ignore[arg-type]


def _again(name: str, mine: Series, others: Mapping[str, Series], asked: Asked) -> Checked:
    if asked.prompted is None and not mine.between(None, asked.start.plus(-1)).months:
        return Checked(name, "Cannot tell: nothing before the start is held.")
    told = answered(mine, others, asked)
    if told.changes is None:
        return Checked(name, f"Cannot tell: {told.because}.")
    share = as_share(told.changes.whole)
    return Checked(name, f"{share_words(share)} what was to be expected.".capitalize(), share)


def own_past(mine: Series, asked: Asked) -> Checked:
    """An interrupted series by the body's own past, the prompting year included: as it would usually be done."""
    before = mine.between(None, asked.start.plus(-1))
    if len(before.months) < FEW_BEFORE:
        return Checked(OWN_PAST, _too_few(len(before.months), "the start"))
    table = {"month": [str(each) for each in mine.months], "value": list(mine.values)}
    return _of_interrupted(OWN_PAST, table, asked)


def with_control(mine: Series, others: Series, asked: Asked) -> Checked:
    """An interrupted series with the others' rate as control, which carries season and trend.

    The year that prompted it is left out: the others did not have that year, and it would be read as the usual.
    """
    last = (asked.prompted.first if asked.prompted else asked.start).plus(-1)
    theirs = dict(zip(others.months, others.values, strict=True))
    kept = [(month, value, theirs[month]) for month, value in zip(mine.months, mine.values, strict=True)
            if month in theirs and (month <= last or asked.start <= month)]
    before = sum(1 for month, _, _ in kept if month <= last)
    if before < FEW_BEFORE:
        return Checked(WITH_CONTROL, _too_few(before, "the year that prompted it" if asked.prompted else "the start"))
    table = {"month": [str(month) for month, _, _ in kept], "value": [value for _, value, _ in kept],
             "others": [value for _, _, value in kept]}
    return _of_interrupted(WITH_CONTROL, table, asked, control=("others",), trend=False)


def _too_few(months: int, what: str) -> str:
    return (f"Cannot tell: only {counted(months, 'month')} before {what} {'is' if months == 1 else 'are'} held, and "
            f"{FEW_BEFORE} are needed.")


def _of_interrupted(name: str, table: Mapping[str, Any], asked: Asked, **options: Any) -> Checked:
    answer = interrupted(table, outcome="value", time="month", start=str(asked.start), family="gaussian",
                         errors="newey-west", label="the figure", confidence=(asked.confidence,), **options)
    said = answer.fields["averted"]
    expected, ends = said.get("expected"), said.get("interval")
    if not expected or ends is None or not math.isfinite(expected) or ends[1] - ends[0] <= 1e-9 * abs(expected):
        why = answer.fields.get("cannot_tell") or "the figures never vary, so there is nothing to judge chance by"
        return Checked(name, f"Cannot tell: {why}.", answer=answer)
    share = Estimate(-said["value"] / expected, -ends[1] / expected, -ends[0] / expected, asked.confidence)
    return Checked(name, f"{share_words(share)} what was to be expected.".capitalize(), share, answer=answer)
