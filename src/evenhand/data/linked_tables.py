"""Tables that are about the same people, put together: which cells are one and the same, and what adds up to what.

A cell is named by the columns that are not a total: "Northfield, women" by two, "Northfield, total" by one, the whole
by none. So a table by area and sex and one by area and age meet in the totals by area, whichever of them is shown. A
body that came of others is the sum of them, before and after: an earlier release tells of it all the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from evenhand.data.protection import Counts, Sum
from evenhand.data.suppression import Regime

Cell = frozenset[tuple[str, str]]
BEFORE = "\0before"
"""Marks a name in the earlier release that now stands for something else: a body that has taken in others."""
MOST_CROSSINGS = 4
"""Totals that stand in no table are reckoned with up to so many crossing columns; their number doubles with each."""


@dataclass(frozen=True)
class Linked:
    """One table as far as its counts go: the cell of each row, and its true count, -1 where missing."""

    cells: tuple[Cell, ...]
    counts: tuple[int, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Released:
    """An earlier release: the cell of each row, and the least and the most its reader was told; ``None`` for hidden."""

    cells: tuple[Cell, ...]
    told: tuple[tuple[float, float] | None, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Together:
    """All tables as one set of counts with its sums; ``places`` gives the place of each row, table by table."""

    counts: Counts
    places: tuple[tuple[int, ...], ...]
    has_totals: bool


class Disagree(ValueError):
    """One cell stands in two tables with two counts: table and row of the second, and both counts."""

    def __init__(self, table: int, row: int, here: int, there: int) -> None:
        super().__init__(table, row, here, there)
        self.table, self.row, self.here, self.there = table, row, here, there


class PartsExceed(ValueError):
    """Parts add up to more than their total: table and row of the total, what they add up to, the column run over."""

    def __init__(self, found: Sequence[tuple[int, int, int, str]]) -> None:
        super().__init__(found)
        self.found = tuple(found)


def cell_of(columns: Sequence[str], names: Sequence[str], total: str) -> Cell:
    """The cell that a row is about; names compare without regard to capitals, totals fall away."""
    word = total.casefold()
    return frozenset((column.casefold(), name.casefold()) for column, name in zip(columns, names, strict=True)
                     if name.casefold() != word)


def not_doubled(columns: Sequence[str], keys: Sequence[Sequence[str]]) -> list[str]:
    """The columns without those that only say another one in other words, such as a name beside its code."""
    kept: list[int] = []
    for place in range(len(columns)):
        if not any(_one_to_one((key[place], key[other]) for key in keys) for other in kept):
            kept.append(place)
    return [columns[place] for place in kept]


def _one_to_one(pairs: Iterable[tuple[str, str]]) -> bool:
    found = {(one.casefold(), other.casefold()) for one, other in pairs}
    # A column with a single name in it says nothing of another.
    return len(found) > 1 and len(found) == len({one for one, _ in found}) == len({other for _, other in found})


def together(tables: Sequence[Linked], regime: Regime, *, earlier: Released | None = None,
             became: Mapping[str, frozenset[str]] | None = None) -> Together:
    """Tables released together, and what an earlier release told, as one set of counts and sums.

    Args:
        tables: the tables, all of the same count.
        regime: the rule.
        earlier: what was released before of the same facts.
        became: by the name of a body in the earlier release, the bodies that hold its people now.

    Raises:
        Disagree: a cell that stands in two tables with two counts.
        PartsExceed: parts that add up to more than their total.
    """
    known: dict[Cell, int] = {}
    for number, table in enumerate(tables):
        for row, (cell, count) in enumerate(zip(table.cells, table.counts, strict=True)):
            if known.get(cell, count) != count and count >= 0 <= known[cell]:
                raise Disagree(number, row, count, known[cell])
            known[cell] = max(count, known.get(cell, -1))
    kin = families(became or {})
    if earlier is not None:
        earlier = _told_apart(earlier, {name for _, after in kin for name in after})
    every: list[Linked | Released] = [*tables, *([earlier] if earlier is not None else [])]
    place = {cell: at for at, cell in enumerate(known)}
    for cell in earlier.cells if earlier is not None else ():
        place.setdefault(cell, len(place))
    counts = [known.get(cell, -1) for cell in place]
    told: dict[int, tuple[float, float]] = {}
    hidden_earlier = set()
    if earlier is not None:
        for cell, said in zip(earlier.cells, earlier.told, strict=True):
            told[place[cell]] = said or (regime.least, math.inf)
            if said is None and (counts[place[cell]] < 0 or regime.is_small(counts[place[cell]])):
                hidden_earlier.add(place[cell])
    real = len(place)
    truth = {at: float(count) for at, count in enumerate(counts) if count >= 0}
    sums, found_in = list[Sum](), list[tuple[int, Cell, str]]()
    current = {cell for table in tables for cell in table.cells}
    for number, one in enumerate(every):
        for column, total, parts in _groups(one.cells, one.columns):
            if one is earlier and total not in one.cells and not _same_bodies(column, total, parts, current,
                                                                              became or {}):
                continue
            sums.append(Sum(tuple(place.setdefault(part, len(place)) for part in parts),
                            place.setdefault(total, len(place))))
            found_in.append((number, total, column))
    _reckon(sums, truth, real)
    exceeding = [(number, every[number].cells.index(total) if total in every[number].cells else -1,
                  round(_added(each, truth)), column)
                 for each, (number, total, column) in zip(sums, found_in, strict=True)
                 if _added(each, truth) > truth.get(each.total, math.inf)]
    if exceeding:
        raise PartsExceed(exceeding)
    # With a count missing, a table is not known to list all of a total that it does not itself show.
    sums = [replace(each, rest=_not_all_listed(each, truth, told) or (
                number < len(tables) and total not in every[number].cells
                and not all(part in truth for part in each.parts)))
            for each, (number, total, _) in zip(sums, found_in, strict=True)]
    if earlier is not None:
        sums += _before_and_after(place, earlier, tables, kin)
    sums = _that_say_something(sums, real, alone=len(every) == 1)
    crossings = max(len(one.columns) for one in every)
    if len(every) > 1 or any(each.total >= real for each in sums):
        crossings = max(crossings, 3)
    in_use = sorted({at for each in sums for at in (*each.parts, each.total)} | set(range(real)))
    again = {at: new for new, at in enumerate(in_use)}
    tidy = Counts(tuple(counts[at] if at < real else -1 for at in in_use),
                  tuple(Sum(tuple(again[part] for part in each.parts), again[each.total], each.rest) for each in sums),
                  regime, crossings, {again[at]: said for at, said in told.items()},
                  frozenset(again[at] for at in hidden_earlier))
    return Together(tidy, tuple(tuple(again[place[cell]] for cell in table.cells) for table in tables),
                    any(each.total < real for each in sums))


def _added(one: Sum, truth: Mapping[int, float]) -> float:
    return sum(truth[part] for part in one.parts if part in truth)


def _reckon(sums: Sequence[Sum], truth: dict[int, float], real: int) -> None:
    """Totals that no table shows, as large as any table makes them: one may list more of the parts than another."""
    # Each pass carries what was learnt one crossing further up.
    for _ in range(2 * MOST_CROSSINGS):
        for each in sums:
            if each.total >= real and (each.total in truth or all(part in truth for part in each.parts)):
                truth[each.total] = max(truth.get(each.total, 0.0), _added(each, truth))


def _same_bodies(column: str, total: Cell, parts: Sequence[Cell], current: set[Cell],
                 became: Mapping[str, frozenset[str]]) -> bool:
    """Whether the parts of an earlier release are those that the tables list now, each as what it has become.

    Only then do they add up to a total that the earlier release did not itself show.
    """
    names = {name.removesuffix(BEFORE) for part in parts for _, name in part - total}
    now = {name for cell in current if len(cell) == len(total) + 1 and cell > total
           for of, name in cell - total if of == column}
    return not now or {after for name in names for after in became.get(name, {name})} == now


def _not_all_listed(one: Sum, truth: Mapping[int, float], told: Mapping[int, tuple[float, float]]) -> bool:
    """Whether the parts cannot make up their total, as if one were not listed."""
    most = sum(truth[part] if part in truth else told.get(part, (0.0, math.inf))[1] for part in one.parts)
    return most < truth.get(one.total, told.get(one.total, (0.0, math.inf))[0])


def _groups(cells: Sequence[Cell], columns: Sequence[str]) -> Iterable[tuple[str, Cell, list[Cell]]]:
    """What adds up to what within one table: the column run over, the total's cell, its parts, finest first.

    Totals that the table does not show are reckoned with too: a whole may be shown whose subtotals are not.
    """
    names = [each.casefold() for each in columns]
    there = set(cells)
    for size in range(len(names), 0, -1):
        found: dict[tuple[str, Cell], list[Cell]] = {}
        for cell in sorted((each for each in there if len(each) == size), key=sorted):
            for pair in cell:
                found.setdefault((pair[0], cell - {pair}), []).append(cell)
        for (column, total), parts in sorted(found.items(), key=lambda each: (each[0][0], sorted(each[0][1]))):
            if total in there or len(names) <= MOST_CROSSINGS:
                there.add(total)
                yield column, total, parts


def families(became: Mapping[str, frozenset[str]]) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Bodies before and the bodies after that hold the same people together, taken as small as that is true."""
    families: list[tuple[frozenset[str], frozenset[str]]] = []
    for old, new in became.items():
        before, after = frozenset({old}), new
        apart = []
        for each in families:
            if each[1] & after:
                before, after = before | each[0], after | each[1]
            else:
                apart.append(each)
        families = [*apart, (before, after)]
    return families


def _told_apart(earlier: Released, renewed: set[str]) -> Released:
    """The earlier release with the names marked that stand for something larger now."""
    return replace(earlier, cells=tuple(frozenset((column, name + BEFORE if name in renewed else name)
                                                  for column, name in cell) for cell in earlier.cells))


def _before_and_after(place: dict[Cell, int], earlier: Released, tables: Sequence[Linked],
                      kin: Sequence[tuple[frozenset[str], frozenset[str]]]) -> list[Sum]:
    """That the bodies of a family hold the same people before and after, wherever both are in the tables."""
    current = {cell for table in tables for cell in table.cells}
    found = []
    for before, after in kin:
        # A body that goes on under its own name has its former self among those before.
        marked = {name + BEFORE if name in after else name for name in before | after}
        mine = _by_rest(earlier.cells, marked)
        theirs = _by_rest(current, after)
        for key in sorted(mine.keys() & theirs.keys(), key=lambda each: (each[0], sorted(each[1]))):
            old, new = mine[key], theirs[key]
            named = {name.removesuffix(BEFORE) for _, name in (next(iter(c - key[1])) for c in old)}
            whole = place.setdefault(frozenset({("\0family", f"{len(place)}")}), len(place))
            found += [Sum(tuple(place[cell] for cell in old), whole, rest=not before <= named),
                      Sum(tuple(place[cell] for cell in new), whole, rest=len(new) < len(after))]
    return found


def _by_rest(cells: Iterable[Cell], names: Iterable[str]) -> dict[tuple[str, Cell], list[Cell]]:
    wanted, found = set(names), dict[tuple[str, Cell], list[Cell]]()
    for cell in sorted(set(cells), key=sorted):
        for pair in cell:
            if pair[1] in wanted:
                found.setdefault((pair[0], cell - {pair}), []).append(cell)
    return found


def _that_say_something(sums: list[Sum], real: int, *, alone: bool) -> list[Sum]:
    """The sums without those whose total nobody was shown and no other sum knows."""
    if alone and not any(each.total < real for each in sums):
        return []
    while True:
        uses: dict[int, int] = {}
        for each in sums:
            for at in {*each.parts, each.total}:
                uses[at] = uses.get(at, 0) + 1
        kept = [each for each in sums if each.total < real or uses[each.total] > 1]
        if len(kept) == len(sums):
            return kept
        sums = kept
