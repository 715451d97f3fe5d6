"""Tables of counts as they are read for suppression: what names a cell, what counts people, what was told before."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evenhand.data import tables
from evenhand.data.linked_tables import (
    Disagree,
    Linked,
    PartsExceed,
    Released,
    Together,
    cell_of,
    not_doubled,
    together,
)
from evenhand.data.suppression import Regime
from evenhand.data.tables import Source
from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import listed

USUAL_COUNTS = ("count", "numerator", "n", "value")
HIDDEN_MARKS = frozenset({"hidden", "suppressed", "*", "[c]", "c", "(c)", "-", "x", "[x]"})
"""How publishers write a count that they hid."""


@dataclass(frozen=True)
class Reading:
    """One table of counts: its rows, the columns that name a cell, those that count, and the cell of each row."""

    data: tables.Table
    by: tuple[str, ...]
    counted: tuple[str, ...]
    total: str
    keys: tuple[tuple[str, ...], ...]

    def counts(self, column: str) -> tuple[int, ...]:
        """The counts of a column, -1 where missing."""
        raw = self.data.numbers(self.data._actual(column) or column, least=0, empty=math.nan, whole=True)
        return tuple(-1 if math.isnan(each) else int(each) for each in raw.tolist())

    def named_rows(self) -> list[dict[str, Any]]:
        """The rows without their counts."""
        cells = {each: self.data.texts(each) for each in self.data.columns if each not in self.counted}
        return [{each: column[place] for each, column in cells.items()} for place in range(len(self.data))]

    def numbers_left(self) -> list[str]:
        """Columns taken for names of cells though every cell of them is a number."""
        filled = {each: [cell for cell in self.data.texts(each) if cell] for each in self.by}
        return [each for each, cells in filled.items()
                if cells and all(re.fullmatch(r"[\d,]+(\.\d+)?", cell) for cell in cells)]

    def linked(self, column: str) -> Linked:
        """Its cells and counts, ready to be put together with those of other tables."""
        kept = not_doubled(self.by, self.keys)
        at = [self.by.index(each) for each in kept]
        return Linked(tuple(cell_of(kept, [key[place] for place in at], self.total) for key in self.keys),
                      self.counts(column), tuple(kept))


@dataclass(frozen=True)
class Earlier:
    """An earlier release as published, hidden counts marked."""

    data: tables.Table
    by: tuple[str, ...]
    total: str

    def released(self, column: str, regime: Regime) -> Released:
        """What its reader was told of each cell. Refuses what is neither a count nor a mark of a hidden one."""
        keys = list(zip(*(self.data.texts(each) for each in self.by), strict=True))
        kept = not_doubled(self.by, keys)
        at = [self.by.index(each) for each in kept]
        told: list[tuple[float, float] | None] = []
        for row, text in enumerate(self.data.texts(column)):
            plain = text.replace(",", "")
            if text.casefold() in HIDDEN_MARKS or re.fullmatch(r"(fewer than|less than|<) ?\d+", text.casefold()):
                told.append(None)
            elif not text:
                told.append((0, math.inf))
            elif not re.fullmatch(r"\d+(\.0+)?", plain):
                raise refuse("this is neither a count nor a mark of a hidden one", "write hidden or * where it was "
                             "hidden", file=self.data.name, row=int(self.data.row_numbers[row]), column=column,
                             value=text)
            else:
                told.append(regime.known(int(float(plain))))
        return Released(tuple(cell_of(kept, [key[place] for place in at], self.total) for key in keys), tuple(told),
                        tuple(kept))


def as_read(table: Source, count: Sequence[str], by: Sequence[str], total: str) -> Reading:
    """A table with what counts people and what names a cell; refuses a cell given twice."""
    data = tables.read(table)
    counted = _count_columns(data, count)
    names = [data._actual(each) or each for each in by] or [each for each in data.columns if each not in counted]
    data.require(*names)
    data.refuse_duplicates(*names)
    keys = tuple(zip(*(data.texts(each) for each in names), strict=True)) if names else ((),) * len(data)
    return Reading(data, tuple(names), tuple(counted), total, keys)


def earlier_release(table: Source, columns: Sequence[str], total: str) -> Earlier:
    """An earlier release of the same counts."""
    data = tables.read(table)
    data.require(*columns)
    own = [data._actual(each) or each for each in columns]
    by = [each for each in data.columns if each not in own]
    data.refuse_duplicates(*by)
    return Earlier(data, tuple(by), total)


def bodies_after(table: Source) -> dict[str, frozenset[str]]:
    """By the name of each body before, the bodies that hold its people after; columns ``from`` and ``to``."""
    data = tables.read(table)
    data.require("from", "to")
    found: dict[str, frozenset[str]] = {}
    for old, new in zip(data.texts("from", may_be_empty=False), data.texts("to", may_be_empty=False), strict=True):
        found[old.casefold()] = found.get(old.casefold(), frozenset()) | {new.casefold()}
    return found


def put_together(read: Sequence[Reading], column: str, regime: Regime, past: Earlier | None,
                 became: Mapping[str, frozenset[str]] | None) -> Together:
    """All tables of one column of counts. Refuses cells that two tables give two counts, and parts beyond a total."""
    linked = [each.linked(column) for each in read]
    earlier = past.released(column, regime) if past is not None else None
    try:
        return together(linked, regime, earlier=earlier, became=became)
    except Disagree as wrong:
        data = read[wrong.table].data
        raise refuse(f"another table released with this one says {wrong.there} of the same cell",
                     "correct one of them, or leave out the table that is about other people", file=data.name,
                     row=int(data.row_numbers[wrong.row]), column=column, value=str(wrong.here)) from None
    except PartsExceed as wrong:
        problems = []
        for number, row, added, over in wrong.found:
            data = read[number].data if number < len(read) else past.data if past is not None else read[0].data
            problems.append(Problem(
                f"the parts add up to {added}, more than this total over {over}", "correct the total or its parts",
                data.name, int(data.row_numbers[row]) if row >= 0 else None, column,
                str(linked[number].counts[row]) if number < len(read) and row >= 0 else None))
        raise Refused(problems) from None


def _count_columns(data: tables.Table, named: Sequence[str]) -> list[str]:
    if named:
        data.require(*named)
        return [data._actual(each) or each for each in named]
    found = [actual for each in USUAL_COUNTS if (actual := data._actual(each))]
    if not found:
        raise refuse("no column of counts was named", f"say --count COLUMN (columns here: {listed(data.columns)})",
                     file=data.name)
    # A second column of counts left as it stands would give away what the first one hides.
    return [each for each in found if each.casefold() != "value"] or found
