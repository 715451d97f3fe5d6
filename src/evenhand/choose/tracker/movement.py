"""From last month's totals to this month's: what each sort of change took or gave, to the penny."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evenhand.choose.tracker import sums
from evenhand.choose.tracker.months import Move
from evenhand.choose.tracker.schemes import Scheme
from evenhand.choose.tracker.sums import Totals

STEPS = {
    "new": "New schemes", "gone": "Gone from the list", "split": "Split in two or more", "merged": "Merged into one",
    "more": "Claims raised", "less": "Claims cut", "found": "More or less found so far",
    "standing": "Standing changed", "twice": "Rows that stand twice"}
"""Why sums move, in the order that they are told."""
_SORT = {"new": "new", "vanished": "gone", "split": "split", "merged": "merged"}


@dataclass(frozen=True)
class Parts:
    """The money of some schemes as the bridge divides it, in pounds.

    ``claimed`` − ``counted_twice`` − ``claimed_not_found`` − ``usual_shortfall`` = ``firm`` + ``at_risk``.
    """

    claimed: float = 0.0
    counted_twice: float = 0.0
    claimed_not_found: float = 0.0
    usual_shortfall: float = 0.0
    firm: float = 0.0
    at_risk: float = 0.0


NAMES = ("claimed", "counted_twice", "claimed_not_found", "usual_shortfall", "firm", "at_risk")


@dataclass(frozen=True)
class Step:
    """One line between two months: what happened, to how many schemes, and what it added to each sum."""

    what: str
    schemes: int
    change: Parts


def parts_of(scheme: Scheme, share: float) -> Parts:
    """One scheme as the bridge divides it."""
    gives = sums.expected(scheme, share)
    return Parts(
        scheme.value_pounds or 0.0, scheme.counted_twice_pounds,
        sums.once(scheme) if scheme.status == "not_found" else 0.0, share * sums.open_part(scheme),
        gives if scheme.status == "firm" else 0.0, gives if scheme.status == "at_risk" else 0.0)


def _added(many: Sequence[Parts]) -> Parts:
    return Parts(*(math.fsum(getattr(each, name) for each in many) for name in NAMES))


def _less(one: Parts, other: Parts) -> Parts:
    return Parts(*(getattr(one, name) - getattr(other, name) for name in NAMES))


def steps_between(moved: Sequence[Move], last: Totals, now: Totals, share: float) -> list[Step]:
    """What stands between the totals of two months, by sort of change; the changes add up to the difference.

    A scheme that changed in several ways is told apart in this order: first its claim, then what has been found of it,
    then how it stands. Both months must have been worked out with the same ``share`` of usual shortfall.
    """
    found: dict[str, list[Parts]] = {name: [] for name in STEPS}
    for move in moved:
        sort = _SORT.get(move.what)
        if sort is not None:
            found[sort].append(_less(_added([parts_of(each, share) for each in move.now]),
                                     _added([parts_of(each, share) for each in move.before])))
            continue
        before, after = move.before[0], move.now[0]
        claim = replace(before, value_pounds=after.value_pounds, counted_twice_pounds=after.counted_twice_pounds)
        got = replace(claim, actual_pounds=after.actual_pounds)
        raised = (after.value_pounds or 0.0) >= (before.value_pounds or 0.0)
        for name, one, other in (("more" if raised else "less", before, claim), ("found", claim, got),
                                 ("standing", got, after)):
            change = _less(parts_of(other, share), parts_of(one, share))
            if change != Parts():
                found[name].append(change)
    before_sum = _added([parts_of(each, share) for move in moved for each in move.before])
    now_sum = _added([parts_of(each, share) for move in moved for each in move.now])
    twice = (now.claimed - now_sum.claimed) - (last.claimed - before_sum.claimed)
    if abs(twice) > 0.005:
        found["twice"].append(Parts(claimed=twice, counted_twice=twice))
    return [Step(name, len(changes), _added(changes)) for name, changes in found.items() if changes]


def moved_sums(moved: Sequence[Move], last: Totals, now: Totals, share: float) -> Mapping[str, object]:
    """The way from last month's totals to this month's, as the answer has it."""
    def line(what: str, words: str, schemes: int | None, parts: Mapping[str, float]) -> dict[str, object]:
        return {"what": what, "words": words, "schemes": schemes, **parts,
                "to_count_on": parts["firm"] + parts["at_risk"]}

    def of_totals(totals: Totals) -> dict[str, float]:
        return {name: getattr(totals, name) for name in NAMES}

    steps = steps_between(moved, last, now, share)
    rows = [line("last", "Last month", sum(len(move.before) for move in moved), of_totals(last))]
    rows += [line(step.what, STEPS[step.what], step.schemes, {name: getattr(step.change, name) for name in NAMES})
             for step in steps]
    rows.append(line("now", "This month", sum(len(move.now) for move in moved), of_totals(now)))
    return {"rows": rows, "needed_last": last.needed, "needed_now": now.needed, "not_found_last": last.not_found,
            "not_found_now": now.not_found}
