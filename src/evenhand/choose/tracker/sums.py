"""What the schemes add up to: needed, claimed, counted twice, the usual shortfall, firm, at risk, not found."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evenhand.choose.tracker.rows import Ignored
from evenhand.choose.tracker.schemes import Scheme
from evenhand.choose.tracker.shortfall import Usual
from evenhand.terms import Month

NOT_SAID = "not said"


@dataclass(frozen=True)
class Totals:
    """The bridge from what is claimed to what is still to be found. All in pounds.

    ``claimed`` − ``counted_twice`` − ``claimed_not_found`` − ``usual_shortfall`` = ``firm`` + ``at_risk``, and
    ``needed`` = ``firm`` + ``at_risk`` + ``not_found`` (less ``more_than_needed`` where the plan exceeds the need).
    """

    needed: float
    claimed: float
    counted_twice: float
    claimed_not_found: float
    usual_shortfall: float
    usual_shortfall_low: float
    usual_shortfall_high: float
    firm: float
    at_risk: float
    not_found: float
    more_than_needed: float


def once(scheme: Scheme) -> float:
    """What a scheme claims, less what is counted elsewhere; nought where it has no figure."""
    return (scheme.value_pounds or 0.0) - scheme.counted_twice_pounds


def open_part(scheme: Scheme) -> float:
    """The part of a claim that can still fall short: not what has been found already, and no cost."""
    if scheme.status == "not_found":
        return 0.0
    return max(0.0, once(scheme) - max(0.0, scheme.actual_pounds or 0.0))


def expected(scheme: Scheme, share: float) -> float:
    """What a scheme gives when the open part of its claim falls short by a share; nought for one not found."""
    return 0.0 if scheme.status == "not_found" else once(scheme) - share * open_part(scheme)


def with_ranges(schemes: Iterable[Scheme], usual: Usual) -> list[Scheme]:
    """Each scheme with a range: what the tracker states, else its claim in full and less the worst of the record."""
    found = []
    for scheme in schemes:
        if scheme.value_pounds is None:
            found.append(scheme)
            continue
        still = max(0.0, scheme.value_pounds - max(0.0, scheme.actual_pounds or 0.0))
        low = scheme.low if scheme.low is not None else scheme.value_pounds - usual.high * still
        high = scheme.high if scheme.high is not None else max(scheme.value_pounds, low)
        found.append(replace(scheme, low=min(low, high), high=high))
    return found


def totals(schemes: Sequence[Scheme], ignored: Sequence[Ignored], needed: float | None, usual: Usual) -> Totals:
    """The bridge.

    A row that stands twice in the same list was claimed twice; copies on a summary or an earlier month's sheet were
    not. Where nobody says what is needed, it is what the list claims, counted once.
    """
    copies = math.fsum(each.value_pounds or 0.0 for each in ignored if each.because == "duplicate" and not each.copy)
    claimed = math.fsum([*(scheme.value_pounds or 0.0 for scheme in schemes), copies])
    twice = math.fsum([*(scheme.counted_twice_pounds for scheme in schemes), copies])
    lost = math.fsum(once(scheme) for scheme in schemes if scheme.status == "not_found")
    base = math.fsum(open_part(scheme) for scheme in schemes)
    firm, at_risk = (math.fsum(expected(scheme, usual.share) for scheme in schemes if scheme.status == status)
                     for status in ("firm", "at_risk"))
    wanted = claimed - twice if needed is None else needed
    gap = wanted - firm - at_risk
    return Totals(wanted, claimed, twice, lost, usual.share * base, usual.low * base, usual.high * base, firm, at_risk,
                  max(0.0, gap), max(0.0, -gap))


def missing(schemes: Sequence[Scheme]) -> dict[str, int]:
    """How many schemes have no owner, no measure, no start, no figures."""
    return {"owner": sum(not scheme.owner for scheme in schemes),
            "measure": sum(not scheme.measure for scheme in schemes),
            "start": sum(scheme.start is None and not scheme.in_place for scheme in schemes),
            "figures": sum(scheme.value_pounds is None for scheme in schemes)}


def grouped(schemes: Sequence[Scheme], label: Callable[[Scheme], str], name: str, share: float) -> list[dict[str, Any]]:
    """Claims and what to count on, by a label whatever its case; the largest claim first, what is not said last."""
    groups: dict[str, list[Scheme]] = {}
    for scheme in schemes:
        groups.setdefault((label(scheme) or NOT_SAID).casefold(), []).append(scheme)
    rows = []
    for members in groups.values():
        rows.append({
            name: min(label(one) or NOT_SAID for one in members), "schemes": len(members),
            "claimed": math.fsum(one.value_pounds or 0.0 for one in members),
            "firm": math.fsum(expected(one, share) for one in members if one.status == "firm"),
            "at_risk": math.fsum(expected(one, share) for one in members if one.status == "at_risk"),
            "without_figures": sum(one.value_pounds is None for one in members)})
    return sorted(rows, key=lambda row: (row[name] == NOT_SAID, -row["claimed"], row[name]))


def by_year(schemes: Sequence[Scheme], year: str, share: float) -> list[dict[str, Any]]:
    """The same by financial year: as the list says; else the plan's year, else the year of the start."""
    yearly = [scheme for scheme in schemes if scheme.by_year]
    if yearly:
        years = sorted({each for scheme in yearly for each in scheme.by_year})
        return [{"year": each, "schemes": sum(each in scheme.by_year for scheme in schemes),
                 "claimed": math.fsum(scheme.by_year.get(each, 0.0) for scheme in schemes),
                 "firm": math.fsum(scheme.by_year.get(each, 0.0) * (1 - share) for scheme in schemes
                                   if scheme.status == "firm"),
                 "at_risk": math.fsum(scheme.by_year.get(each, 0.0) * (1 - share) for scheme in schemes
                                      if scheme.status == "at_risk"),
                 "without_figures": sum(each not in scheme.by_year for scheme in schemes)} for each in years]

    def label(scheme: Scheme) -> str:
        if scheme.year:
            return scheme.year
        if year:
            return year
        return Month.of(scheme.start_day).financial_year if scheme.start_day else ""

    return sorted(grouped(schemes, label, "year", share), key=lambda row: (row["year"] == NOT_SAID, row["year"]))


def split(schemes: Sequence[Scheme], said: Callable[[Scheme], bool | None], words: tuple[str, str]) -> dict[str, float]:
    """Claims by yes, no and not said."""
    def total(wanted: bool | None) -> float:
        return math.fsum(scheme.value_pounds or 0.0 for scheme in schemes if said(scheme) is wanted)

    return {words[0]: total(True), words[1]: total(False), "not_said": total(None)}


def recurrent(schemes: Sequence[Scheme]) -> dict[str, float]:
    """Claims that come again each year, that come once, and that do not say; of two parts each counts as its own."""
    again = [scheme.value_pounds or 0.0 for scheme in schemes if scheme.recurrent is True]
    once_only = [scheme.value_pounds or 0.0 for scheme in schemes if scheme.recurrent is False]
    parted = [scheme for scheme in schemes if scheme.recurrent is None and scheme.recurrent_pounds is not None
              and scheme.value_pounds is not None]
    again += [scheme.recurrent_pounds or 0.0 for scheme in parted]
    once_only += [(scheme.value_pounds or 0.0) - (scheme.recurrent_pounds or 0.0) for scheme in parted]
    unsaid = [scheme.value_pounds or 0.0 for scheme in schemes
              if scheme.recurrent is None and (scheme.recurrent_pounds is None or scheme.value_pounds is None)]
    return {"recurrent": math.fsum(again), "non_recurrent": math.fsum(once_only), "not_said": math.fsum(unsaid)}


def full_year(schemes: Sequence[Scheme]) -> dict[str, Any]:
    """What the schemes give in a full year, and what that adds to next year, for those that say both."""
    both = [scheme for scheme in schemes if scheme.full_year_pounds is not None and scheme.value_pounds is not None]
    return {"schemes_that_say": sum(scheme.full_year_pounds is not None for scheme in schemes),
            "full_year": math.fsum(scheme.full_year_pounds or 0.0 for scheme in schemes),
            "part_year_of_the_same": math.fsum(scheme.value_pounds or 0.0 for scheme in both),
            "carried_into_next_year": math.fsum((scheme.full_year_pounds or 0.0) - (scheme.value_pounds or 0.0)
                                                for scheme in both if scheme.recurrent is not False)}


def fewer(schemes: Sequence[Scheme], share: float, hours_each: float | None) -> list[dict[str, Any]]:
    """What the largest schemes alone would give: the money to count on and the hours they take, for 1, 2, 3 …

    ``hours`` is ``None`` as soon as one of those chosen says none and no number of hours is given for every scheme.
    """
    ranked = sorted((scheme for scheme in schemes if expected(scheme, share) > 0),
                    key=lambda scheme: (-expected(scheme, share), scheme.name, scheme.sheet, scheme.row))
    every = math.fsum(expected(scheme, share) for scheme in ranked)
    rows: list[dict[str, Any]] = []
    pounds, hours = 0.0, 0.0
    known = True
    for count, scheme in enumerate(ranked, start=1):
        pounds += expected(scheme, share)
        own = scheme.hours if scheme.hours is not None else hours_each
        known = known and own is not None
        hours += own or 0.0
        rows.append({"schemes": count, "last": scheme.name, "pounds": pounds, "share": pounds / every,
                     "hours": hours if known else None})
    return rows


def stated_totals(schemes: Sequence[Scheme], ignored: Sequence[Ignored]) -> list[dict[str, Any]]:
    """The list's own sums beside ours: of the rows since the sum before, else of the sheet, else of everything."""
    rows: list[dict[str, Any]] = []
    claims: dict[str, list[tuple[int, float]]] = {}
    for scheme in schemes:
        claims.setdefault(scheme.sheet, []).append((scheme.row, scheme.value_pounds or 0.0))
    for copy in (one for one in ignored if one.because == "duplicate" and not one.copy):
        claims.setdefault(copy.sheet, []).append((copy.row, copy.value_pounds or 0.0))
    every = math.fsum(amount for sheet in claims.values() for _, amount in sheet)
    last: dict[str, int] = {}
    for each in sorted((one for one in ignored if one.because == "total" and one.value_pounds is not None),
                       key=lambda one: (one.sheet, one.row)):
        if each.detail.endswith(("not a scheme", "from other rows")):
            continue
        own = claims.get(each.sheet, [])
        since = math.fsum(amount for row, amount in own if last.get(each.sheet, 0) < row < each.row)
        above = math.fsum(amount for row, amount in own if row < each.row)
        sheet = math.fsum(amount for _, amount in own)
        stated = each.value_pounds or 0.0
        ours = min((since, above, sheet, every), key=lambda total: abs(total - stated))
        if each.detail.startswith("its figure is the sum") or each.detail.startswith("it sums up"):
            ours = stated
        last[each.sheet] = each.row
        rows.append({"row": each.row, "sheet": each.sheet, "label": each.label, "stated": stated, "ours": ours,
                     "differs_by": stated - ours})
    return rows
