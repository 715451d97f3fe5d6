"""Which further counts to hide in thousands of small sets of sums, quickly, and as surely as by linear programming.

``data.protection`` finds the least further hiding for one table and takes its time. A workspace holds the same table
for sixty months and hundreds of measures, and every page opens it. Here each connected set of sums that holds a small
count is looked at by itself. What a reader can know is found by carrying bounds along the sums until nothing changes:
where the sums form a tree that is exact (Freuder 1982, Journal of the ACM 29:24-32). Where they form a circle, a small
set goes to ``data.protection``; of a larger one the result is attacked by linear programming; and where that narrows a
count still, or the set is too large even for that, every total above a small count is hidden: what is not shown cannot
be taken away from.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evenhand.data.protection import Counts, DoNotFit, Sum, attack, protect
from evenhand.data.suppression import Regime

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WIDTH = 3
"""How far apart the least and the most that a hidden count could be must lie, in people."""
MOST_FOR_THE_LEAST = 40
"""Counts in one connected set, for finding the least further hiding."""
MOST_BY_PROGRAMME = 300
"""Counts in one connected set, for an attack by linear programming."""
MOST_PROGRAMMES = 200
"""Counts attacked by linear programming in one go over a table."""
MOST_PASSES = 60


@dataclass(frozen=True)
class Facts:
    """Counts that are tied by sums: what is held, before anything is hidden.

    Attributes:
        counts: the true counts (facts,), whole and not negative.
        sums: parts that add up to a total, by place.
        governed: which counts the rule is for (facts,); the others are public as they stand.
        exact: counts that come with something that tells them exactly, such as their cost, however they are rounded.
        order: which release each stands in (facts,): an earlier one cannot be taken back for a later one.
    """

    counts: NDArray[np.float64]
    sums: tuple[Sum, ...]
    governed: NDArray[np.bool_]
    exact: NDArray[np.bool_]
    order: NDArray[np.int64]


class _Reader:
    """What a reader knows of each count, carried along the sums of one connected set.

    A shown count that stands in one sum only tells nothing but what it adds to that sum: all such are added up once.
    """

    def __init__(self, facts: Facts, regime: Regime, sums: Sequence[Sum], small: frozenset[int]) -> None:
        self.facts, self.regime, self.sums = facts, regime, tuple(sums)
        self.by_place: dict[int, list[Sum]] = {}
        for each in self.sums:
            for place in (*each.parts, each.total):
                self.by_place.setdefault(place, []).append(each)
        self.places = tuple(sorted(self.by_place))
        self.small = frozenset(place for place in self.places if place in small)
        self.shown = {place: self._shown(place) for place in self.places if place not in self.small}
        totals = {each.total for each in self.sums}
        self.followed = frozenset(place for place in self.places
                                  if place in self.small or place in totals or len(self.by_place[place]) > 1)
        self._rest = [([part for part in each.parts if part in self.followed],
                       sum(self.shown[part][0] for part in each.parts if part not in self.followed),
                       sum(self.shown[part][1] for part in each.parts if part not in self.followed))
                      for each in self.sums]

    def _shown(self, place: int) -> tuple[float, float]:
        count = float(self.facts.counts[place])
        if not self.facts.governed[place] or self.facts.exact[place]:
            return count, count
        low, high = self.regime.known(int(count))
        return float(low), float(high)

    def known(self, hidden: Iterable[int]) -> dict[int, tuple[float, float]]:
        """The least and the most of each count that is hidden or stands in several sums, for who sees all others."""
        gone = {place for place in hidden if place not in self.small}
        small, large = (float(self.regime.least), float(self.regime.most)), (self.regime.most + 1.0, math.inf)
        bounds = {place: small if place in self.small else large if place in gone else self.shown[place]
                  for place in self.followed | gone}
        systems = []
        for each, (parts, low, high) in zip(self.sums, self._rest, strict=True):
            extra = [part for part in each.parts if part in gone and part not in self.followed] if gone else []
            systems.append((each.total, [*parts, *extra], low - sum(self.shown[part][0] for part in extra),
                            math.inf if each.rest else high - sum(self.shown[part][1] for part in extra)))
        for _ in range(MOST_PASSES):
            # All of them each time: what one narrows, the next may use.
            if not any([_carry(*each, bounds) for each in systems]):
                break
        return bounds


def _carry(total: int, parts: Sequence[int], low: float, high: float,
           bounds: dict[int, tuple[float, float]]) -> bool:
    """Narrow the members of a sum by one another; ``low`` and ``high`` are of the parts not followed one by one."""
    lows, ends, endless = low, 0.0, 0
    for _, most in ((low, high), *(bounds[part] for part in parts)):
        if most == math.inf:
            endless += 1
        else:
            ends += most
    lows += sum(bounds[part][0] for part in parts)
    changed = False
    least, most = max(bounds[total][0], lows), min(bounds[total][1], math.inf if endless else ends)
    if (least, most) != bounds[total] and least <= most:
        bounds[total], changed = (least, most), True
    total_low, total_high = bounds[total]
    for part in parts:
        before = bounds[part]
        # What is left of the total when all others are as large, or as small, as they can be.
        alone = endless == (before[1] == math.inf)
        others = ends - (0.0 if before[1] == math.inf else before[1])
        least = max(before[0], total_low - others) if alone else before[0]
        most = min(before[1], total_high - (lows - before[0]))
        if (least, most) != before and least <= most:
            bounds[part], changed = (least, most), True
            lows += least - before[0]
            if before[1] == math.inf:
                endless -= 1
                ends += most
            else:
                ends += most - before[1]
    return changed


def hide_more(facts: Facts, regime: Regime, *, width: int = WIDTH) -> frozenset[int]:
    """Places of the counts to hide besides the small ones, so that nobody can narrow a small count below ``width``.

    Args:
        facts: counts and the sums that tie them.
        regime: the rule by which small counts are hidden and the others rounded.
        width: people between the least and the most that a small count could be; never more than the rule leaves.

    Source: Fischetti and Salazar-González (2001), Management Science 47:1008-1027, for what is asked; chosen here by
        the smallest count first, which hides enough and not always the least.
    """
    import numpy as np

    if not regime.hides:
        return frozenset()
    small = frozenset(np.flatnonzero(facts.governed & (facts.counts >= regime.least)
                                     & (facts.counts <= regime.most)).tolist())
    added: set[int] = set()
    programmes = MOST_PROGRAMMES
    for release in sorted(set(facts.order.tolist())):
        sums = [each for each in facts.sums
                if max(facts.order[each.total], *(facts.order[part] for part in each.parts)) <= release]
        for connected in _connected(sums, small):
            reader = _Reader(facts, regime, connected, small)
            if all(facts.order[place] < release for place in reader.places):
                continue
            hideable = {place for place in reader.places if facts.governed[place] and facts.order[place] == release
                        and facts.counts[place] > regime.most and place not in added}
            found, used = _guarded(reader, frozenset(added & set(reader.places)), hideable, width, programmes)
            programmes -= used
            added |= found
    return frozenset(added)


def _connected(sums: Sequence[Sum], small: frozenset[int]) -> list[list[Sum]]:
    """The sums in sets that share counts, those only that hold a small one."""
    leader: dict[int, int] = {}

    def find(place: int) -> int:
        root = place
        while leader.setdefault(root, root) != root:
            root = leader[root]
        while leader[place] != root:
            leader[place], place = root, leader[place]
        return root

    for each in sums:
        root = find(each.total)
        for part in each.parts:
            leader[find(part)] = root
            root = find(root)
    wanted = {find(place) for place in small if place in leader}
    found: dict[int, list[Sum]] = {}
    for each in sums:
        if (root := find(each.total)) in wanted:
            found.setdefault(root, []).append(each)
    return [found[root] for root in sorted(found)]


def _guarded(reader: _Reader, before: frozenset[int], hideable: set[int], width: int,
             programmes: int) -> tuple[frozenset[int], int]:
    """What to hide besides in one connected set, and how many linear programmes it took to be sure."""
    regime = reader.regime
    wanted = min(width, regime.most - regime.least)
    # No more can be asked than hiding all of it would give.
    best = reader.known(before | hideable)
    goal = {place: min(wanted, best[place][1] - best[place][0]) for place in reader.small}
    hidden = set(before)
    if (len(reader.places) <= MOST_FOR_THE_LEAST and len(reader.small) <= programmes
            and not _has_no_circle(reader, hidden | hideable)):
        return _least(reader, before, hideable, width), len(reader.small)
    while True:
        bounds = reader.known(hidden)
        failing = [place for place in sorted(reader.small) if bounds[place][1] - bounds[place][0] < goal[place]]
        if not failing:
            break
        chosen = _cheapest(reader, failing, hideable - hidden)
        if chosen is None:
            hidden |= hideable
            break
        hidden.add(chosen)
    if _has_no_circle(reader, hidden):
        return frozenset(hidden), 0
    return _sure(reader, frozenset(hidden), hideable, goal, programmes)


def _cheapest(reader: _Reader, failing: Sequence[int], open_to_choice: set[int]) -> int | None:
    """The smallest shown count that stands in a sum with a count that is not guarded; further along where none does."""
    counts, by_place = reader.facts.counts, reader.by_place
    reached, edge = set(failing), set(failing)
    while edge:
        around = {place for at in edge for each in by_place[at] for place in (*each.parts, each.total)} - reached
        # A part before its total: totals are what most readers come for.
        choices = [(any(each.total == place for each in by_place[place]), counts[place], place)
                   for place in around & open_to_choice]
        if choices:
            return min(choices)[2]
        reached |= around
        edge = around
    return None


def _has_no_circle(reader: _Reader, hidden: set[int]) -> bool:
    """Whether the counts that are not exactly known and the sums form a tree: then carrying bounds is exact."""
    unknown = {place for place in reader.followed | set(hidden)
               if place in reader.small or place in hidden or reader.shown[place][0] < reader.shown[place][1]}
    leader: dict[tuple[str, int], tuple[str, int]] = {}

    def find(node: tuple[str, int]) -> tuple[str, int]:
        while leader.setdefault(node, node) != node:
            leader[node] = leader[leader[node]]
            node = leader[node]
        return node

    for number, each in enumerate(reader.sums):
        for place in unknown.intersection((*each.parts, each.total)):
            one, other = find(("sum", number)), find(("count", place))
            if one == other:
                return False
            leader[one] = other
    return True


def _sure(reader: _Reader, hidden: frozenset[int], hideable: set[int], goal: dict[int, float],
          programmes: int) -> tuple[frozenset[int], int]:
    """Attack what was chosen; where it does not hold, or cannot be attacked, hide every total above."""
    used = 0
    if len(reader.places) <= MOST_BY_PROGRAMME and len(reader.small) <= programmes:
        used = len(reader.small)
        if _withstands(reader, hidden, hideable, goal):
            return hidden, used
    found, waiting = set(hidden), [*reader.small, *hidden]
    seen: set[int] = set()
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        for each in reader.by_place.get(place, ()):
            if each.total == place:
                continue
            if each.total in hideable:
                found.add(each.total)
            elif each.total not in found and each.total not in reader.small:
                # A total that is public already: what else it is made of is all that can be hidden.
                found |= set(each.parts) & hideable
            waiting.append(each.total)
    return frozenset(found), used


def _as_counts(reader: _Reader, before: frozenset[int], hideable: set[int]) -> tuple[Counts, dict[int, int]]:
    """The set as ``data.protection`` reads it: what cannot be hidden is as good as told."""
    again = {place: at for at, place in enumerate(reader.places)}
    told = {again[place]: (reader.regime.most + 1.0, math.inf) if place in before else reader.shown[place]
            for place in reader.places if place not in reader.small and place not in hideable}
    counts = tuple(-1 if at in told else int(reader.facts.counts[place]) for place, at in again.items())
    sums = tuple(Sum(tuple(again[part] for part in each.parts), again[each.total], each.rest) for each in reader.sums)
    # A count beside its cost is told as it is, however it is rounded.
    exact = any(reader.facts.exact[place] for place in hideable)
    regime = replace(reader.regime, rounding="none") if exact else reader.regime
    return Counts(counts, sums, regime, 3, told), again


def _least(reader: _Reader, before: frozenset[int], hideable: set[int], width: int) -> frozenset[int]:
    counts, again = _as_counts(reader, before, hideable)
    try:
        found = protect(counts, width=width).added
    except DoNotFit:
        return before | hideable
    return before | {place for place in hideable if again[place] in found}


def _withstands(reader: _Reader, hidden: frozenset[int], hideable: set[int], goal: dict[int, float]) -> bool:
    counts, again = _as_counts(reader, hidden - hideable, hideable)
    try:
        ranges = attack(counts, frozenset(again[place] for place in reader.small | (hidden & hideable)))
    except DoNotFit:
        return False
    return all(ranges[again[place]][1] - ranges[again[place]][0] >= goal[place] for place in reader.small)
