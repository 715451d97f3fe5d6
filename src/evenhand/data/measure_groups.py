"""Which measures of a release are groups of another: whose numerators add up, in every place and month, to its own.

A name alone proves nothing, so the sums are tried. ``falls`` with ``falls-men`` and ``falls-women``; a measure and
those that its document calls part of it; and measures over one denominator that leave nobody out.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evenhand.data.linked_rows import Cell, Held
from evenhand.data.measures import measures
from evenhand.data.protection import Sum

if TYPE_CHECKING:
    from collections.abc import Sequence

NEAR = 1e-6
MOST_PAIRED = 60
"""Measures over one denominator that are tried two by two."""


@dataclass(frozen=True)
class Groups:
    """Sets of measures that add up to a measure (``of_a_measure``) or to their common denominator (``of_all``)."""

    of_a_measure: tuple[tuple[str, tuple[str, ...]], ...] = ()
    of_all: tuple[tuple[str, ...], ...] = ()
    _families: dict[str, str] = field(default_factory=dict)

    def family(self, measure: str) -> str:
        """One name for all measures that are tied to each other."""
        return self._families.get(measure, measure)

    def sums(self, cells: Mapping[Cell, int], held: Held,
             denominators: Mapping[tuple[str, str], float]) -> list[Sum]:
        """The sums among the cells (unit, measure) of one release and month; ``denominators`` by measure and unit."""
        made = []
        units = sorted({unit for unit, _ in cells}) if self.of_a_measure or self.of_all else []
        for unit in units:
            for whole, parts in self.of_a_measure:
                places = [cells[unit, part] for part in parts if (unit, part) in cells]
                if places and (unit, whole) in cells:
                    total = cells[unit, whole]
                    short = held.counts[total] - sum(held.counts[each] for each in places)
                    if short >= -NEAR and total not in places:
                        made.append(Sum(tuple(sorted(set(places))), total, rest=short > NEAR))
            for parts in self.of_all:
                places = [cells[unit, part] for part in parts if (unit, part) in cells]
                under = denominators.get((parts[0], unit))
                if len(places) == len(parts) and under is not None:
                    # The denominator is shown with each of them.
                    total = held.add(("\0denominator", unit, parts), under, governed=False, order=0)
                    made.append(Sum(tuple(sorted(set(places))), total))
        return made


def groups_of(rows: Iterable[tuple[Any, ...]]) -> Groups:
    """Which measures add up to which, tried on ``source, vintage, measure, unit, month, numerator, denominator``."""
    by_release: dict[Hashable, dict[str, dict[Hashable, tuple[float, float | None]]]] = {}
    for source, vintage, measure, unit, month, above, under in rows:
        by_release.setdefault((source, vintage), {}).setdefault(measure, {})[unit, month] = (above, under)
    of_a_measure, of_all = dict[str, tuple[str, ...]](), set[tuple[str, ...]]()
    for series in by_release.values():
        for whole, parts in _named(series):
            if _add_up(series[whole], [series[part] for part in parts]):
                of_a_measure[whole] = parts
        of_all |= set(_leave_nobody_out(series))
    together = [{whole, *parts} for whole, parts in of_a_measure.items()] + [set(parts) for parts in of_all]
    return Groups(tuple(sorted(of_a_measure.items())), tuple(sorted(of_all)), _tied(together))


def _named(series: Mapping[str, Any]) -> Iterable[tuple[str, tuple[str, ...]]]:
    known = measures()
    for whole in series:
        named = (f"{whole}-", f"{whole} ", f"{whole}_")
        parts = sorted(each for each in series if each != whole and (
            each.startswith(named) or (each in known and known[each].part_of == whole)))
        if len(parts) > 1:
            yield whole, tuple(parts)


def _add_up(whole: Mapping[Hashable, tuple[float, float | None]],
            parts: Sequence[Mapping[Hashable, tuple[float, float | None]]]) -> bool:
    there = [cell for cell in whole if all(cell in part for part in parts)]
    return bool(there) and all(abs(whole[cell][0] - sum(part[cell][0] for part in parts)) < NEAR for cell in there)


def _leave_nobody_out(series: Mapping[str, Mapping[Hashable, tuple[float, float | None]]]) -> Iterable[tuple[str, ...]]:
    alike: dict[Hashable, list[str]] = {}
    for measure, own in series.items():
        unders = frozenset((cell, under) for cell, (_, under) in own.items())
        if None not in {under for _, under in unders}:
            alike.setdefault(unders, []).append(measure)
    for names in alike.values():
        tries = [tuple(sorted(names))] if len(names) > 2 else []
        if 2 <= len(names) <= MOST_PAIRED:
            tries += [tuple(pair) for pair in itertools.combinations(sorted(names), 2)]
        for parts in tries:
            if all(abs(sum(series[part][cell][0] for part in parts) - (under or 0.0)) < NEAR
                   for cell, (_, under) in series[parts[0]].items()):
                yield parts


def _tied(together: Iterable[set[str]]) -> dict[str, str]:
    families: list[set[str]] = []
    for each in together:
        touching = [one for one in families if one & each]
        families = [one for one in families if not one & each] + [each.union(*touching)]
    return {measure: min(family) for family in families for measure in family}
