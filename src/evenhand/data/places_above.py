"""Which place lies in which, and which became which, by every list at hand and by the figures themselves."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from evenhand.data.linked_rows import TOP, Above, largest_is_the_sum
from evenhand.data.linked_tables import families
from evenhand.data.organisations import organisations
from evenhand.data.ways_out import Rule

if TYPE_CHECKING:
    import duckdb

PRACTICE = re.compile(r"[A-Z][0-9]{5}")
"""Codes of general practices."""


class Places:
    """What the workspace's lists, its region and the published lists say of which place lies in which."""

    def __init__(self, parents: Mapping[str, Mapping[str, str]], became: Mapping[str, frozenset[str]]) -> None:
        self.parents = parents
        self.kin = families(became)

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, rule: Rule) -> Places:
        """From the lists in a workspace and what its region said."""
        parents: dict[str, dict[str, str]] = {}
        for child, parent, basis in (*connection.execute(
                'SELECT "from", "to", basis FROM lookups WHERE share = 1').fetchall(),
                *connection.execute("SELECT code, board, basis FROM served").fetchall(),
                *_served_as_published(), *((child, parent, "region") for child, parent in rule.lies_in)):
            if child and parent and child != parent:
                parents.setdefault(child, {})[parent] = basis or ""
        became: dict[str, set[str]] = {}
        for old, new in (*connection.execute("SELECT old, new FROM lineage").fetchall(), *_successions_as_published(),
                         *rule.became):
            if old and new and old != new:
                became.setdefault(old, set()).add(new)
        return cls(parents, {old: frozenset(new) for old, new in became.items()})

    def above(self, units: Iterable[str]) -> Above:
        """What lies above these places."""
        return Above({unit: self.parents[unit] for unit in self._reached(units)})

    def _reached(self, units: Iterable[str]) -> set[str]:
        found, waiting = set[str](), list(units)
        while waiting:
            unit = waiting.pop()
            if unit not in found and unit in self.parents:
                found.add(unit)
                waiting += self.parents[unit]
        return found

    def among(self, values: Mapping[str, Mapping[Hashable, float]]) -> tuple[Above, bool]:
        """What lies above the places of one series; and whether larger bodies stand beside practices of nobody known.

        A place whose counts are, month by month, what the others add up to is their total by whatever name it goes.
        """
        known = self.above(values)
        roots = {unit: own for unit, own in values.items() if unit != TOP and not any(
            parent in values for parent in _climbed(unit, known))}
        parents = {unit: dict(above) for unit, above in known.parents.items()}
        if TOP not in values and (total := largest_is_the_sum(roots)) is not None:
            for unit in roots:
                if unit != total:
                    parents.setdefault(unit, {})[total] = "what the others add up to"
            return Above(parents), False
        practices = [unit for unit in roots if PRACTICE.fullmatch(unit)]
        larger = [unit for unit in roots if not PRACTICE.fullmatch(unit)]
        if len(larger) == 1 and practices:
            for unit in practices:
                parents.setdefault(unit, {})[larger[0]] = "the only larger body"
        return Above(parents), bool(practices) and len(larger) > 1


def _climbed(unit: str, above: Above) -> set[str]:
    found, waiting = set[str](), [unit]
    while waiting:
        for parent, _ in above.of(waiting.pop()):
            if parent not in found and parent != TOP:
                found.add(parent)
                waiting.append(parent)
    return found


@lru_cache(maxsize=1)
def _served_as_published() -> tuple[tuple[str, str, str], ...]:
    return tuple((each.code, each.board, "served") for each in organisations().arrangements)


@lru_cache(maxsize=1)
def _successions_as_published() -> tuple[tuple[str, str], ...]:
    return tuple((each.old, each.new) for each in organisations().successions)
