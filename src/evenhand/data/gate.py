"""Which rows of a workspace stay hidden so that no total gives a small count away: worked out once for what is held.

The small counts themselves are left out where a table is opened (``data.engine``). Here the rows are found that have to
go with them: see ``data.linked_rows`` for what adds up to what, ``data.hiding`` for what to hide.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from evenhand.data import holdings
from evenhand.data.hiding import Facts, hide_more
from evenhand.data.linked_rows import (
    TOP,
    Above,
    Cell,
    Held,
    Ties,
    by_beginning,
    by_first_word,
    by_length,
    ties_of,
    whole_or,
)
from evenhand.data.measure_groups import Groups, groups_of
from evenhand.data.places_above import PRACTICE, Places
from evenhand.data.protection import Sum
from evenhand.data.suppression import Regime
from evenhand.data.ways_out import COVERED, Rule, is_small_in_sql
from evenhand.data.ways_out import FILE as RULE_FILE

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MOST_KEPT = 32
MOST_ROWS = 1_500_000
"""Rows tied by sums that are looked at one by one; of a larger table every total above a small count is hidden."""
Row = tuple[int, int]


def hidden_besides(connection: duckdb.DuckDBPyConnection, table: str, raw: str, rule: Rule) -> pa.Table | None:
    """The rows of a table to hide besides the small ones: ``file_index`` and ``file_row``; nothing where none are.

    Args:
        connection: one in which ``raw`` and the raw lists of organisations can be asked.
        table: which of the workspace's tables.
        raw: a view of all its rows with ``governed``, ``file_index`` and ``file_row``.
        rule: the workspace's rule.
    """
    rows = _FINDERS[table](connection, raw, rule)
    if not rows:
        return None
    import pyarrow as pa

    ordered = sorted(set(rows))
    return pa.table({"file_index": [each for each, _ in ordered], "file_row": [each for _, each in ordered]})


def besides(connection: duckdb.DuckDBPyConnection, workspace: Path, table: str, raw: str,
            rule: Rule) -> pa.Table | None:
    """As ``hidden_besides``, worked out once for what the workspace holds and its rule."""
    if table not in COVERED or not rule.regime.hides:
        return None
    key = (str(workspace.resolve()), table, rule,
           *(_stamp(workspace / each) for each in (Path(holdings.FOLDER) / holdings.LIST, RULE_FILE)))
    with _LOCK:
        if key not in _KNOWN:
            while len(_KNOWN) >= MOST_KEPT:
                _KNOWN.pop(next(iter(_KNOWN)))
            _KNOWN[key] = hidden_besides(connection, table, raw, rule)
        return _KNOWN[key]


_KNOWN: dict[Hashable, Any] = {}
_LOCK = Lock()


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return found.st_mtime_ns, found.st_size


# --- observations -----------------------------------------------------------------------------------------------------


def _observations(connection: duckdb.DuckDBPyConnection, raw: str, rule: Rule) -> list[Row]:
    small = is_small_in_sql("observations", rule)
    about = connection.execute(
        f"SELECT DISTINCT measure, source, month FROM {raw} WHERE {small}").fetchall()
    if not about:
        return []
    places = Places.of(connection, rule)
    found = connection.execute(f"""
        SELECT measure, unit, month, numerator, denominator, source, vintage, governed AND {rule.people_in_sql()},
               file_index, file_row
        FROM {raw} WHERE numerator IS NOT NULL AND month IN (SELECT unnest($months))
             AND (measure IN (SELECT unnest($measures)) OR source IN (SELECT unnest($sources)))
        ORDER BY file_index, file_row""",
        {"months": sorted({row[2] for row in about}), "measures": sorted({row[0] for row in about}),
         "sources": sorted({row[1] for row in about})}).fetchall()
    return [*_numerators(found, places, rule.regime), *_denominators(found, places, rule.regime)]


def _releases(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Which release came before which, by the last month that each covers."""
    ordered = sorted(set(pairs), key=lambda each: (each[1].rpartition(" to ")[2], each[1], each[0]))
    return {each: at for at, each in enumerate(ordered)}


def _numerators(rows: Sequence[Any], places: Places, regime: Regime) -> list[Row]:
    groups = groups_of((row[5], row[6], row[0], row[1], row[2], row[3], row[4]) for row in rows)
    return _found([(row[2], (row[5], row[6]), row[0], whole_or(row[1]), row[3], row[4], row[7], (row[8], row[9]))
                   for row in rows], places, regime, groups)


def _denominators(rows: Sequence[Any], places: Places, regime: Regime) -> list[Row]:
    """A denominator that counts few people is guarded as the numerators are, once for all measures that share it."""
    whole = [row for row in rows if row[4] is not None and row[4] == int(row[4])]
    if not any(row[7] and regime.is_small(row[4]) for row in whole):
        return []
    shared: dict[Hashable, str] = {}
    by_series: dict[tuple[str, ...], dict[Hashable, float]] = {}
    for row in whole:
        by_series.setdefault((row[5], row[6], row[0]), {})[row[1], row[2]] = row[4]
    name = {series: shared.setdefault(frozenset(own.items()), series[2]) for series, own in by_series.items()}
    return _found([(row[2], (row[5], row[6]), name[row[5], row[6], row[0]], whole_or(row[1]), row[4], None, row[7],
                    (row[8], row[9])) for row in whole], places, regime, Groups())


def _found(rows: Sequence[Any], places: Places, regime: Regime, groups: Groups) -> list[Row]:
    """Rows to hide of ``month, release, measure, unit, count, denominator, governed, row``."""
    order = _releases(row[1] for row in rows)
    by_period: dict[Hashable, list[Any]] = {}
    series: dict[tuple[Any, ...], dict[str, dict[Hashable, float]]] = {}
    for row in rows:
        by_period.setdefault((row[0], groups.family(row[2])), []).append(row)
        series.setdefault((row[1], row[2]), {}).setdefault(row[3], {})[row[0]] = row[4]
    units_above = {key: places.among(own) for key, own in series.items()}
    hidden: list[Row] = []
    for period in by_period.values():
        if any(row[6] and regime.is_small(row[4]) for row in period):
            hidden += _of_one_month(period, order, units_above, places, regime, groups)
    return hidden


def _of_one_month(rows: Sequence[Any], order: Mapping[Any, int], units_above: Mapping[Any, tuple[Above, bool]],
                  places: Places, regime: Regime, groups: Groups) -> list[Row]:
    held, ties = Held(), list[Ties]()
    by_release: dict[Any, dict[Cell, int]] = {}
    under: dict[tuple[Any, str, str], float] = {}
    for _, release, measure, unit, count, denominator, governed, row in rows:
        place = held.add((measure, unit), count, governed=governed, order=order[release], row=row)
        by_release.setdefault(release, {})[unit, measure] = place
        if denominator is not None:
            under[release, measure, unit] = denominator
    for release, cells in by_release.items():
        # Places first, measure by measure: a total by another name is one of that measure's own.
        for measure in sorted({measure for _, measure in cells}):
            own = {cell: place for cell, place in cells.items() if cell[1] == measure}
            above, guess = units_above[release, measure]
            ties.append(ties_of(own, (above, Above()), held.counts))
            if guess:
                ties.append(_unclear(own, places))
        own_under = {(measure, unit): count for (one, measure, unit), count in under.items() if one == release}
        ties.append(Ties(tuple(groups.sums(cells, held, own_under))))
    ties += _between_releases(by_release, order, places, held.counts)
    ties.append(Ties(tuple(_before_and_after(by_release, held, order, places))))
    return _to_hide(held, ties, regime)


def _between_releases(by_release: Mapping[Any, Mapping[Cell, int]], order: Mapping[Any, int], places: Places,
                      counts: Sequence[float]) -> Iterable[Ties]:
    """A total in one release over its parts in another, where they agree to the last person."""
    if len(by_release) < 2:
        return
    together: dict[Cell, int] = {}
    for release in sorted(by_release, key=lambda each: order[each]):
        for cell, place in by_release[release].items():
            together.setdefault(cell, place)
    above = places.above({unit for unit, _ in together})
    found = ties_of(together, (above, Above()), counts)
    yield Ties(tuple(each for each in found.sums if not each.rest))


def _unclear(cells: Mapping[Cell, int], places: Places) -> Ties:
    """Larger bodies beside practices, with no list that says whose is whose: any may hold the small count."""
    practices = tuple(place for cell, place in cells.items() if PRACTICE.fullmatch(cell[0]))
    return Ties((), tuple((place, practices) for cell, place in cells.items()
                          if cell[0] != TOP and not PRACTICE.fullmatch(cell[0])))


def _before_and_after(by_release: Mapping[Any, Mapping[Cell, int]], held: Held, order: Mapping[Any, int],
                      places: Places) -> list[Sum]:
    """That bodies hold the same people before and after they merged or split, in one release and the next."""
    made: dict[tuple[tuple[int, ...], int], Sum] = {}
    releases = sorted(by_release, key=lambda each: order[each])
    measures = sorted({cell[1] for cells in by_release.values() for cell in cells})
    for before, after in places.kin:
        for measure in measures:
            for one in releases:
                old = [by_release[one].get((unit, measure)) for unit in sorted(before)]
                for other in releases:
                    new = [by_release[other].get((unit, measure)) for unit in sorted(after)]
                    parts = [place for place in old if place is not None], [place for place in new if place is not None]
                    if all(parts) and set(parts[0]) != set(parts[1]):
                        for each in _alike(*parts, whole=(None not in old, None not in new), held=held,
                                           key=(measure, one, other, before)):
                            made[each.parts, each.total] = each
    return list(made.values())


def _alike(old: Sequence[int], new: Sequence[int], *, whole: tuple[bool, bool], held: Held, key: Hashable) -> list[Sum]:
    """That two sets of counts add up to the same, as far as all of them are held."""
    amounts = sum(held.counts[each] for each in old), sum(held.counts[each] for each in new)
    if len(new) == 1 and whole[1]:
        return [Sum(tuple(old), new[0], rest=amounts[0] < amounts[1])] if amounts[0] <= amounts[1] else []
    if len(old) == 1 and whole[0]:
        return [Sum(tuple(new), old[0], rest=amounts[1] < amounts[0])] if amounts[1] <= amounts[0] else []
    if not all(whole) or amounts[0] != amounts[1]:
        return []
    both = held.unseen(key)
    return [Sum(tuple(old), both), Sum(tuple(new), both)]


# --- prescribing, activity and population -----------------------------------------------------------------------------


def _prescribing(connection: duckdb.DuckDBPyConnection, raw: str, rule: Rule) -> list[Row]:
    units, codes = ({whole_or(value) for (value,) in connection.execute(
        f"SELECT DISTINCT {column} FROM {raw}").fetchall()} for column in ("unit", "code"))
    places = Places.of(connection, rule)
    above = (places.above(units), by_beginning(codes))
    if not _any_total(above, (units, codes)):
        return []
    return _cells(connection, raw, rule, table="prescribing", key="unit, code", count="items", period="month",
                  release="source, ''", above=lambda _: above)


def _population(connection: duckdb.DuckDBPyConnection, raw: str, rule: Rule) -> list[Row]:
    units, groups = ({whole_or(value) for (value,) in connection.execute(
        f'SELECT DISTINCT {column} FROM {raw}').fetchall()} for column in ("unit", '"group"'))
    places = Places.of(connection, rule)
    above = (places.above(units), by_first_word(groups))
    return _cells(connection, raw, rule, table="population", key='unit, "group"', count="persons", period="month",
                  release="source, ''", above=lambda _: above)


def _activity(connection: duckdb.DuckDBPyConnection, raw: str, rule: Rule) -> list[Row]:
    places = Places.of(connection, rule)

    def above(cells: Iterable[Cell]) -> tuple[Above, ...]:
        there = list(cells)
        return (*(places.above({cell[at] for cell in there}) for at in range(3)), *(Above() for _ in range(5)),
                by_length({cell[8] for cell in there}))

    # A quarter lies above its months.
    return _cells(connection, raw, rule, table="activity", count="count", period="counted, count_unit",
                  key="commissioner, provider, practice, point_of_delivery, specialty, sex, age_band, "
                      "CAST(deprivation_fifth AS VARCHAR), strftime(\"first\", '%Y-%m-%d/') || \"last\"",
                  release="source, vintage", above=above)


def _cells(connection: duckdb.DuckDBPyConnection, raw: str, rule: Rule, *, table: str, key: str, count: str,
           period: str, release: str, above: Callable[[Iterable[Cell]], tuple[Above, ...]]) -> list[Row]:
    """Rows to hide of a table whose cells are named by ``key``, one table for each ``period`` and release.

    What is sold, what it cost and how long it took tell a count exactly: rounding is not taken to protect it.
    """
    small = is_small_in_sql(table, rule)
    found = connection.execute(f"""
        SELECT {period}, {release}, {key}, {count}, governed AND {rule.people_in_sql(table)}, file_index, file_row
        FROM {raw} WHERE {count} IS NOT NULL AND ({period}) IN (SELECT ({period}) FROM {raw} WHERE {small})
        ORDER BY file_index, file_row LIMIT {MOST_ROWS + 1}""").fetchall()
    if len(found) > MOST_ROWS:
        return _all_totals(connection, raw, key, above)
    wide, dimensions = len(_apart(period)), len(_apart(key))
    order = _releases((row[wide], row[wide + 1]) for row in found)
    tables: dict[Hashable, list[Any]] = {}
    for row in found:
        tables.setdefault(row[:wide + 2], []).append(row)
    hidden: list[Row] = []
    for name, rows in tables.items():
        held, cells = Held(), dict[Cell, int]()
        for row in rows:
            cell = tuple(map(whole_or, row[wide + 2:wide + 2 + dimensions]))
            amount, governed, file, line = row[-4:]
            cells[cell] = held.add((name, cell, file, line), amount, governed=governed,
                                   order=order[row[wide], row[wide + 1]], row=(file, line))
        hidden += _to_hide(held, [ties_of(cells, above(cells), held.counts)], rule.regime, exact=True)
    return hidden


def _apart(listing: str) -> list[str]:
    """The expressions of a list, commas within brackets not counted."""
    depth, found = 0, [""]
    for letter in listing:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return [each.strip() for each in found]


def _all_totals(connection: duckdb.DuckDBPyConnection, raw: str, key: str,
                above: Callable[[Iterable[Cell]], tuple[Above, ...]]) -> list[Row]:
    """Of a table too large to go through cell by cell, the rows that may be a total of others."""
    size = len(_apart(key))
    distinct = connection.execute(f"SELECT DISTINCT {key} FROM {raw}").fetchall()
    cells = {tuple(map(whole_or, row)): row for row in distinct}
    lists = above(cells)
    totals: list[set[str | None]] = [set() for _ in range(size)]
    for at in range(size):
        values = {cell[at] for cell in cells}
        over = {parent for value in values for parent, _ in lists[at].of(value)} & values
        totals[at] = {row[at] for cell, row in cells.items() if cell[at] in over}
    wanted = [row for row in distinct if any(row[at] in totals[at] for at in range(size))]
    if not wanted:
        return []
    # Text with a mark for what is empty: nothing equals an empty cell in a query.
    joined = " || '\x1f' || ".join(f"coalesce(CAST({each} AS VARCHAR), '\x00')" for each in _apart(key))
    texts = ["\x1f".join("\x00" if value is None else str(value) for value in row) for row in wanted]
    return [(file, line) for file, line in connection.execute(
        f"SELECT file_index, file_row FROM {raw} WHERE governed AND {joined} IN (SELECT unnest($cells))",
        {"cells": texts}).fetchall()]


_FINDERS: dict[str, Callable[[duckdb.DuckDBPyConnection, str, Rule], list[Row]]] = {
    "observations": _observations, "prescribing": _prescribing, "activity": _activity, "population": _population}


def _to_hide(held: Held, ties: Sequence[Ties], regime: Regime, *, exact: bool = False) -> list[Row]:
    """The rows of what has to be hidden besides the small counts."""
    import numpy as np

    counts, governed = np.array(held.counts, dtype=float), np.array(held.governed, dtype=bool)
    few = governed & (counts >= regime.least) & (counts <= regime.most)
    facts = Facts(counts, tuple(each for one in ties for each in one.sums), governed,
                  np.full(len(counts), exact), np.array(held.order))
    hidden = set(hide_more(facts, regime))
    for one in ties:
        hidden |= {total for total, parts in one.unclear if governed[total] and any(few[part] for part in parts)}
    return [row for place in hidden for row in held.rows[place]]


def _any_total(above: Sequence[Above], values: Sequence[set[str]]) -> bool:
    return any(TOP in own or any(parent in own for value in own for parent, _ in each.of(value))
               for each, own in zip(above, values, strict=True))
