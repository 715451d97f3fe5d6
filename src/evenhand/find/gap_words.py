"""What a gap says in words: its size, its trend, how sure we are of it, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evenhand.terms.words import counted, figure, listed, ordinal, per_cent, pounds, pounds_roughly

FEWEST_LUMPS = 10
FEWEST_MONTHS = 6
LEAST_OWN_SHARE = 0.8
MOSTLY = 5 / 6
SURE_ENOUGH_OF_A_TREND = 0.05
MOVING = 0.6
"""Months that lean on each other more than this belong to a level that was moving."""


@dataclass(frozen=True)
class Sureness:
    """How sure we are that a gap is there and will stay: high, fair or low, with the reason."""

    sure: str
    because: str


def amount(number: float, unit: str) -> str:
    """A size to read: £72,000, 48,900 items, 12 (in units of the numerator)."""
    if unit == "pounds":
        return pounds_roughly(number)
    return f"{_count(number) if unit else figure(number)} {unit}".strip()


def _count(number: float) -> str:
    """A count to read: 87.9 admissions say more than is known, and nobody has 0.0568 amputations."""
    return f"{number:,.0f}" if abs(number) >= 10 else f"{round(number, 1):g}"


def amount_range(low: float, high: float, unit: str) -> str:
    """A range to read: £64,000 to £79,000."""
    if unit == "pounds":
        return f"{pounds_roughly(low)} to {pounds_roughly(high)}"
    return f"{figure(low)} to {figure(high)}"


def value_words(value: float, numerator_unit: str, value_unit: str, is_share: bool) -> str:
    """A value to read: £1,024.65, 62.4%, 12.0."""
    if is_share and not value_unit:
        return per_cent(value, digits=1)
    if numerator_unit == "pounds":
        return f"£{value:,.2f}"
    return figure(value, digits=4)


def rank_words(rank: int, of: int) -> str:
    """33rd highest of 188."""
    return f"{'highest' if rank == 1 else ordinal(rank) + ' highest'} of {of:,}"


def trend_words(slope: float, p_value: float, level: float, benchmark_slope: float, benchmark: float, months: int,
                against: str) -> str:
    """Rising or falling, by how much from the first month to the last, and what the benchmark did meanwhile."""
    if slope != slope or p_value != p_value:
        return "too few months to tell"
    if p_value > SURE_ENOUGH_OF_A_TREND or slope == 0 or level == 0:
        return "no clear trend"
    own = f"{'rising' if slope > 0 else 'falling'} ({_change(slope, level, months)} from first to last month)"
    if benchmark_slope != benchmark_slope or benchmark <= 0:
        return own
    if abs(benchmark_slope) / benchmark < 0.01:
        return f"{own}; {against} steady"
    return f"{own}; {against} {_change(benchmark_slope, benchmark, months)}"


def _change(slope: float, level: float, months: int) -> str:
    """Up 12%, down 40%, more than doubled: along a straight line through the level."""
    half = slope / 12 * (months - 1) / 2
    start, end = max(level - half, 0.0), max(level + half, 0.0)
    if slope > 0:
        return "more than doubled" if end > 2 * start else f"up {per_cent(end / start - 1)}"
    return f"down {per_cent(1 - end / start)}"


def sureness(*, signal: bool, worse: bool, clear_of_it: bool, worse_months: int, months: int, asked_months: int,
             lately_worse: bool, own_share: float, lumps: float, leaning: float, against: str,
             likely: float | None = None) -> Sureness:
    """How sure we are of a gap.

    Low: chance would show as much, or the figures are too few. High: more than chance, in at least five months of six,
    in each of the last three, with at least four fifths of it left after shrinkage, and figures for nearly all months.
    ``clear_of_it`` says whether the body's own range leaves out the benchmark as it stands; ``likely`` how likely it
    is where it is not more than chance, and yet likelier than not.
    """
    side = "worse" if worse else "better"
    steady = worse_months if worse else months - worse_months
    where = f"on the {side} side of {against} in {steady} of {months} months"
    if months < FEWEST_MONTHS:
        return Sureness("low", f"only {counted(months, 'month')} of figures")
    odds = "" if likely is None else f"more likely than not ({per_cent(likely)}), "
    if not signal and clear_of_it:
        return Sureness("low", f"{odds}{'and ' if odds else ''}{where}, but {against} is not well marked: bodies lie "
                        "too far apart round it, or too many were looked at, to call this more than chance")
    if not signal:
        moving = "; levels of this measure were moving, so the range is wide" if leaning >= MOVING else ""
        return Sureness("low", f"{odds}{'yet ' if odds else ''}chance alone could show as much; {where}{moving}")
    if worse and lumps < FEWEST_LUMPS:
        return Sureness("low", f"it rests on the equivalent of {figure(max(lumps, 1), digits=1)} independent events; "
                        f"{where}")
    doubts = []
    if steady < MOSTLY * months:
        doubts.append(f"only in {steady} of {months} months {side}")
    if lately_worse != worse and (worse or lately_worse):
        doubts.append("not in each of the last three months")
    if own_share < LEAST_OWN_SHARE:
        doubts.append(f"{per_cent(1 - own_share)} of it is drawn back to the middle as luck")
    if months < MOSTLY * asked_months:
        doubts.append(f"figures for {months} of {asked_months} months")
    if leaning >= MOVING:
        doubts.append("levels of this measure were moving during the period")
    if doubts:
        return Sureness("fair", f"more than chance, but {listed(doubts)}")
    return Sureness("high", f"more than chance, {where}")


def gap_words(gap: float, low: float, high: float, unit: str, against: str, confidence: float, *,
              low_is_good: bool) -> str:
    """£71,700 a year above the middle (95% range £64,000 to £79,000)."""
    return (f"{amount(abs(gap), unit)} a year {side(gap, low_is_good)} {against} ({confidence * 100:g}% range "
            f"{facing(gap, low, high, unit)})")


def side(gap: float, low_is_good: bool) -> str:
    """Above or below: a gap counts towards the worse side."""
    return "above" if (gap >= 0) == low_is_good else "below"


def is_known(low: float, high: float) -> bool:
    """Whether a range could be worked out."""
    return low == low and high == high


def facing(gap: float, low: float, high: float, unit: str) -> str:
    """The range of a gap, counted the way the gap lies."""
    if not is_known(low, high):
        return "not known: too few months"
    return amount_range(low, high, unit) if gap >= 0 else amount_range(-high, -low, unit)


def exact_amount(number: float, unit: str) -> str:
    """For a single figure that people will check: £71,740."""
    return pounds(round(number)) if unit == "pounds" else amount(number, unit)


def names_in(titles: Sequence[str], *, at_most: int = 8) -> str:
    """The first few names and a count of the rest."""
    if len(titles) <= at_most:
        return listed(list(titles))
    return f"{', '.join(titles[:at_most])} and {len(titles) - at_most:,} more"
