"""What adds up to what among the rows that a workspace holds: a place over its parts, a whole over its groups.

A cell is named by a few dimensions: a place and a measure; a place and a medicine; a place, a specialty and an age. In
each dimension a value may lie within others: a practice within its commissioner, a section of the formulary over its
presentations, everybody over the sexes. A held cell is the total of those held cells that lie right below it in one
dimension and agree with it in all others. Nothing else is taken to be a total: what a page adds up itself it adds up
from what may be shown.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from evenhand.data.protection import Sum

Cell = tuple[str, ...]
TOP = "\0all"
"""The whole of a dimension, under whatever name a table calls it."""
WORDS_FOR_ALL = frozenset({"", "all", "total", "totals", "england", "eng", "e92000001", "persons", "everybody",
                           "all ages", "all practices", "grand total", "england total", "national", "both"})
NEAR = 1e-6
MOST_TOGETHER = 3
"""Dimensions in which a total may lie above its parts at once, where nothing lies between."""


def whole_or(value: str | None) -> str:
    """A value of a dimension, or that it is the whole."""
    return TOP if (value or "").strip().casefold() in WORDS_FOR_ALL else str(value)


@dataclass(frozen=True)
class Above:
    """What lies right above each value of a dimension, with the reason; the whole lies above all that has nothing."""

    parents: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, value: str) -> list[tuple[str, str]]:
        """The values right above one, each with its basis."""
        if value == TOP:
            return []
        known = [(parent, basis) for parent, basis in self.parents.get(value, {}).items() if parent != value]
        return known or [(TOP, "")]


@dataclass
class Held:
    """Facts as they are met: one for each cell of each release, the same count said twice being one fact."""

    counts: list[float] = field(default_factory=list)
    governed: list[bool] = field(default_factory=list)
    order: list[int] = field(default_factory=list)
    rows: list[list[tuple[int, int]]] = field(default_factory=list)
    _places: dict[Hashable, int] = field(default_factory=dict)

    def add(self, key: Hashable, count: float, *, governed: bool, order: int,
            row: tuple[int, int] | None = None) -> int:
        """The place of a fact; a key and count that are known already are the same fact."""
        place = self._places.setdefault((key, count), len(self.counts))
        if place == len(self.counts):
            self.counts.append(count)
            self.governed.append(governed)
            self.order.append(order)
            self.rows.append([])
        # What is public in one place is public.
        self.governed[place] = self.governed[place] and governed
        self.order[place] = min(self.order[place], order)
        if row is not None:
            self.rows[place].append(row)
        return place

    def unseen(self, key: Hashable) -> int:
        """The place of a total that nobody is shown."""
        return self.add(("\0unseen", key), math.nan, governed=False, order=0)


@dataclass(frozen=True)
class Ties:
    """The sums among cells; ``unclear`` are totals whose parts cannot be told apart, each with the counts below it."""

    sums: tuple[Sum, ...]
    unclear: tuple[tuple[int, tuple[int, ...]], ...] = ()


def ties_of(cells: Mapping[Cell, int], above: Sequence[Above], counts: Sequence[float]) -> Ties:
    """What ties the cells of one table and period.

    Args:
        cells: the place of each cell.
        above: what lies above what, dimension by dimension.
        counts: the true counts, by place.

    Returns:
        Each total over its parts; ``rest`` where they fall short of it. Parts that exceed their total (bodies of two
        kinds, old ones beside new ones) are taken kind by kind; where that exceeds it still, the total is unclear.
    """
    below: dict[tuple[Cell, str], list[tuple[int, str, str]]] = {}
    for cell, place in cells.items():
        found = False
        for at in range(len(cell)):
            for over, basis in _nearest(cell, at, above[at], cells):
                below.setdefault((over, f"{at}"), []).append((place, basis, shape_of(cell[at])))
                found = True
        if not found:
            for over, basis in _together(cell, above, cells):
                below.setdefault((over, basis), []).append((place, "", ""))
    made: dict[tuple[tuple[int, ...], int], Sum] = {}
    unclear = []
    for (over, _), members in below.items():
        total = cells[over]

        def short_of(parts: Sequence[int], total: int = total) -> float:
            return counts[total] - sum(counts[part] for part in parts)

        together = tuple(sorted({place for place, *_ in members} - {total}))
        fits = short_of(together) >= -NEAR
        kinds = {tuple(sorted({place for place, *why in members if why[which] == one} - {total}))
                 for which in (0, 1) for one in {why[which] for _, *why in members}} - {together, ()}
        # Practices and networks may both lie in a body: each kind by itself adds up to it.
        groups = [together, *(each for each in sorted(kinds) if abs(short_of(each)) <= NEAR)] if fits else sorted(kinds)
        for parts in filter(None, groups):
            if (short := short_of(parts)) >= -NEAR:
                made[parts, total] = Sum(parts, total, rest=short > NEAR)
        if not fits and not any(abs(short_of(each)) <= NEAR for each in kinds):
            unclear.append((total, together))
    return Ties(tuple(made.values()), tuple(unclear))


def shape_of(code: str) -> str:
    """What kind of code it is, letters and digits told apart: bodies of one kind mostly have codes of one shape."""
    return re.sub("[0-9]", "9", re.sub("[A-Za-z]", "A", code))


def _nearest(cell: Cell, at: int, above: Above, cells: Mapping[Cell, int]) -> Iterable[tuple[Cell, str]]:
    """The held cells right above one in a dimension, passing over those that are not held."""
    seen: set[str] = set()
    waiting = above.of(cell[at])
    while waiting:
        value, basis = waiting.pop(0)
        if value in seen:
            continue
        seen.add(value)
        over = (*cell[:at], value, *cell[at + 1:])
        if over in cells:
            yield over, basis
        else:
            waiting += [(further, basis or why) for further, why in above.of(value)]


def _together(cell: Cell, above: Sequence[Above], cells: Mapping[Cell, int]) -> Iterable[tuple[Cell, str]]:
    """Held cells above one in several dimensions at once: a commissioner's section over its practices' medicines."""
    ways = [_all_above(value, above[at]) for at, value in enumerate(cell)]
    moving = [at for at, each in enumerate(ways) if each]
    for many in range(2, min(len(moving), MOST_TOGETHER) + 1):
        found = []
        for chosen in itertools.combinations(moving, many):
            for values in itertools.product(*(ways[at] for at in chosen)):
                over = list(cell)
                for at, value in zip(chosen, values, strict=True):
                    over[at] = value
                if tuple(over) in cells:
                    found.append((tuple(over), f"{chosen}"))
                    break
        if found:
            yield from found
            return


def _all_above(value: str, above: Above) -> list[str]:
    found: list[str] = []
    waiting = [each for each, _ in above.of(value)]
    while waiting:
        each = waiting.pop(0)
        if each not in found and each != value:
            found.append(each)
            waiting += [further for further, _ in above.of(each)]
    return found


def by_beginning(codes: Iterable[str]) -> Above:
    """Codes of a formulary: a shorter code lies above the longer ones that begin with it."""
    there = sorted({each for each in codes if each != TOP})
    known = set(there)
    parents: dict[str, dict[str, str]] = {}
    for code in there:
        shorter = next((code[:size] for size in range(len(code) - 1, 0, -1) if code[:size] in known), None)
        if shorter is not None:
            parents[code] = {shorter: "formulary"}
    return Above(parents)


def by_first_word(groups: Iterable[str]) -> Above:
    """Groups of people: "female 0-4" lies within "female", and that within everybody."""
    known = set(groups)
    return Above({each: {each.split(" ")[0]: "sex"} for each in known
                  if " " in each and each.split(" ")[0] in known})


def by_length(periods: Iterable[str]) -> Above:
    """Periods written as their first and last day, ``2029-04-01/2029-06-30``: a quarter lies above its months."""
    known = {each: (each[:10], each[11:21]) for each in periods if "/" in each}
    ordered = sorted(known, key=lambda each: (known[each][0], known[each][1]))
    lengths = {each: date.fromisoformat(known[each][1]) - date.fromisoformat(known[each][0]) for each in ordered}
    if len(set(lengths.values())) == 1:
        return Above()
    parents = {}
    for one in ordered:
        around = [each for each in ordered if each != one and known[each][0] <= known[one][0]
                  and known[one][1] <= known[each][1]]
        if around:
            parents[one] = {min(around, key=lambda each: (lengths[each], each)): "period"}
    return Above(parents)


def largest_is_the_sum(values: Mapping[str, Mapping[Hashable, float]]) -> str | None:
    """The place whose count is, in every period, what all others add up to: a total by whatever name it goes.

    ``values`` are the counts of each place by period. Three places at least, or every pair of equals would be one.
    """
    if len(values) < 3:
        return None
    sums = {unit: sum(own.values()) for unit, own in values.items()}
    largest = max(sums, key=lambda unit: (sums[unit], unit))
    periods = values[largest]
    if not periods or not sums[largest]:
        return None
    for period, total in periods.items():
        rest = sum(own.get(period, 0.0) for unit, own in values.items() if unit != largest)
        if abs(rest - total) > 1e-6:
            return None
    return largest


