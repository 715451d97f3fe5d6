"""The only opener of DuckDB: a connection to what a workspace holds, and the few questions asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.data import holdings
from evenhand.data.gate import besides
from evenhand.data.measures import measures
from evenhand.data.ways_out import COVERED, Rule, is_small_in_sql, rounded_in_sql, rule_of
from evenhand.terms import Month, refuse
from evenhand.terms.words import listed

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MEMORY, THREADS = "1GB", 2
_EMPTY = {
    "observations": "measure VARCHAR, unit VARCHAR, month DATE, numerator DOUBLE, denominator DOUBLE, vintage VARCHAR, "
                    "source VARCHAR",
    "population": "unit VARCHAR, month DATE, \"group\" VARCHAR, persons DOUBLE, source VARCHAR",
    "money": "unit VARCHAR, year VARCHAR, line VARCHAR, amount DOUBLE, amount_unit VARCHAR, recurrent BOOLEAN, "
             "source VARCHAR",
    "organisations": "code VARCHAR, name VARCHAR, kind VARCHAR, opened DATE, closed DATE, source VARCHAR",
    "lineage": "old VARCHAR, new VARCHAR, date DATE, share DOUBLE, basis VARCHAR, source VARCHAR",
    "activity": "commissioner VARCHAR, provider VARCHAR, practice VARCHAR, point_of_delivery VARCHAR, "
                "specialty VARCHAR, \"first\" DATE, \"last\" DATE, sex VARCHAR, age_band VARCHAR, "
                "deprivation_fifth INTEGER, counted VARCHAR, count DOUBLE, count_unit VARCHAR, hidden VARCHAR, "
                "cost DOUBLE, vintage VARCHAR, source VARCHAR",
    "prescribing": "unit VARCHAR, month DATE, code VARCHAR, name VARCHAR, items DOUBLE, quantity DOUBLE, cost DOUBLE, "
                   "source VARCHAR",
    "prices": "code VARCHAR, name VARCHAR, \"group\" VARCHAR, pack VARCHAR, price DOUBLE, counted DOUBLE, "
              "as_at VARCHAR, source VARCHAR",
    "codes": "list VARCHAR, version VARCHAR, \"group\" VARCHAR, title VARCHAR, code VARCHAR, excludes VARCHAR, "
             "applies_to VARCHAR, value DOUBLE, source VARCHAR",
    "lookups": "\"from\" VARCHAR, \"to\" VARCHAR, share DOUBLE, basis VARCHAR, source VARCHAR",
    "indicators": "unit VARCHAR, year VARCHAR, measure VARCHAR, value DOUBLE, value_unit VARCHAR, source VARCHAR",
    "boundaries": "code VARCHAR, published_code VARCHAR, name VARCHAR, kind VARCHAR, vintage VARCHAR, "
                  "geometry VARCHAR, licence VARCHAR, source VARCHAR",
    "served": "code VARCHAR, board VARCHAR, board_name VARCHAR, basis VARCHAR, source VARCHAR",
}
TABLES = tuple(_EMPTY)


@contextmanager
def engine(workspace: Path, *, memory: str = MEMORY, threads: int = THREADS) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in which every table of the workspace is a view over its files, empty where none was loaded.

    Nothing is read until asked for. A cell that two files of one release hold (the whole, and one measure cut from it)
    counts once, from the file that stands first in the list; cells that only one of them holds (a release in parts, one
    for each region) all count. Where a denominator is the registered list and its file
    has none, it is taken from ``population``, in thousands; where that has none either it is missing. Counts that the
    workspace's rule for small numbers hides are not in any view, and the others are rounded as it says.
    """
    import duckdb

    rule = rule_of(workspace)

    connection = duckdb.connect(config={"memory_limit": memory, "threads": threads,
                                        "autoinstall_known_extensions": False, "autoload_known_extensions": False})
    try:
        # The lists of who lies in whom first: what adds up to what is told by them.
        for table in sorted(TABLES, key=lambda each: each in COVERED):
            _view(connection, table if table != "observations" else "observed", workspace, table, rule)
        by_list = [each.name for each in measures() if each.denominator_is_the_list]
        connection.execute("CREATE TABLE by_list AS SELECT unnest($names) AS measure", {"names": by_list})
        connection.execute(f"""
            CREATE VIEW observations AS
            SELECT o.measure, o.unit, o.month, o.numerator,
                   coalesce(o.denominator, p.persons / 1000.0) AS denominator, o.vintage, o.source
            FROM observed o
            LEFT JOIN (SELECT unit, month, arg_min(persons, file_index) AS persons FROM population
                       WHERE "group" = 'all' GROUP BY unit, month) p
                 ON o.denominator IS NULL AND o.measure IN (FROM by_list) AND p.unit = o.unit AND p.month = o.month
            {_once(workspace)}""")
        yield connection
    finally:
        connection.close()


def _view(connection: duckdb.DuckDBPyConnection, view: str, workspace: Path, table: str, rule: Rule) -> None:
    held = [each for each in holdings.held_in(workspace) if table in each.tables]
    files = [str(each) for each in holdings.files_of(workspace, table)]
    if not files:
        connection.execute(f"CREATE TABLE {view} ({_EMPTY[table]}, file_index INTEGER)")
        return
    governs = [rule.governs_in_sql(each.source) for each in held]
    guarded = table in COVERED and any(each != "false" for each in governs)
    if guarded:
        read = [f"SELECT * EXCLUDE file_row_number, file_row_number AS file_row, {governs[place]} AS governed, "
                f"{place} AS file_index FROM read_parquet({_quoted(file)}, file_row_number = true)"
                for place, file in enumerate(files)]
    else:
        read = [f"SELECT *, {place} AS file_index FROM read_parquet({_quoted(file)})"
                for place, file in enumerate(files)]
    parts = " UNION ALL BY NAME ".join(read)
    if not guarded:
        connection.execute(f"CREATE VIEW {view} AS {parts}")
        return
    connection.execute(f"CREATE VIEW raw_{view} AS {parts}")
    connection.execute(f"CREATE VIEW {view} AS {_fit_to_be_shown(connection, view, workspace, table, rule)}")


def _fit_to_be_shown(connection: duckdb.DuckDBPyConnection, view: str, workspace: Path, table: str, rule: Rule) -> str:
    """A table of the workspace without the counts that its rule hides and those that would give them away."""
    small = is_small_in_sql(table, rule)
    hidden = besides(connection, workspace, table, f"raw_{view}", rule)
    away = small
    if hidden is not None:
        connection.register(f"besides_{view}", hidden)
        away = f"({small} OR (file_index, file_row) IN (SELECT file_index, file_row FROM besides_{view}))"
    people = f"governed AND {rule.people_in_sql(table)}"
    regime = rule.regime

    def rounded(column: str) -> str:
        return f"CASE WHEN {people} THEN {rounded_in_sql(regime, column)} ELSE {column} END"

    if table == "observations":
        # A part must not come out above its whole.
        under = rounded("denominator")
        shown = (f"CASE WHEN numerator <= denominator THEN least({rounded('numerator')}, {under}) "
                 f"ELSE {rounded('numerator')} END AS numerator, {under} AS denominator")
    elif table == "activity":
        # What a few stays cost tells how many they were.
        gone = f"CASE WHEN {away} THEN NULL ELSE"
        shown = (f"{gone} {rounded('count')} END AS count, {gone} cost END AS cost, "
                 f"CASE WHEN {away} THEN {_quoted(regime.name)} ELSE hidden END AS hidden")
        away = "false"
    elif table == "prescribing":
        shown = f"{rounded('items')} AS items"
    else:
        shown = f"{rounded('persons')} AS persons"
    return f"SELECT * EXCLUDE (governed, file_row) REPLACE ({shown}) FROM raw_{view} WHERE NOT {away}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _once(workspace: Path) -> str:
    """Leave out a cell from a later file where an earlier one has it for the same release."""
    seen: set[tuple[str, ...]] = set()
    again = []
    files = [held for held in holdings.held_in(workspace) if "observations" in held.tables]
    for place, held in enumerate(files):
        again += [(place, each[0], each[2]) for each in held.series if each in seen]
        seen |= set(held.series)
    if not again:
        return ""
    pairs = ", ".join(f"({place}, {_quoted(measure)}, {_quoted(vintage)})" for place, measure, vintage in again)
    return f"""WHERE (o.file_index, o.measure, o.vintage) NOT IN ({pairs}) OR NOT EXISTS (
        SELECT 1 FROM observed e WHERE e.measure = o.measure AND e.source = o.source AND e.vintage = o.vintage
               AND e.unit = o.unit AND e.month = o.month AND e.file_index < o.file_index)"""


def observations(workspace: Path, *, measure: Sequence[str] = (), unit: Sequence[str] = (), source: str = "",
                 vintage: str = "", first: Month | None = None, last: Month | None = None) -> pa.Table:
    """Observations as a long panel, sorted: what ``find gaps`` and ``evaluate`` read.

    Columns: ``measure``, ``unit``, ``month`` (first day), ``numerator``, ``denominator`` (missing where none is held),
    ``vintage``, ``source``. Releases are never joined: ask for one ``vintage``, or keep them apart by that column.
    Refuses a measure, source or vintage of which nothing is held, naming what is.
    """
    where, values = ["true"], dict[str, Any]()
    for column, wanted in (("measure", list(measure)), ("unit", list(unit)), ("source", [source] if source else []),
                           ("vintage", [vintage] if vintage else [])):
        if wanted:
            where.append(f"{column} IN (SELECT unnest(${column}))")
            values[column] = wanted
    for name, sign, month in (("first", ">=", first), ("last", "<=", last)):
        if month is not None:
            where.append(f"month {sign} ${name}")
            values[name] = month.first_day()
    with engine(workspace) as connection:
        for column, wanted in values.items():
            if column in ("measure", "source", "vintage"):
                _require_held(connection, column, wanted)
        return connection.sql(
            f"SELECT * FROM observations WHERE {' AND '.join(where)} "
            "ORDER BY measure, source, vintage, unit, month", params=values).to_arrow_table()


def _require_held(connection: duckdb.DuckDBPyConnection, column: str, wanted: Sequence[str]) -> None:
    rows = connection.execute(f"SELECT DISTINCT {column} FROM observations ORDER BY 1").fetchall()
    known = [row[0] for row in rows]
    for each in wanted:
        if each not in known:
            raise refuse(f"no {column} of this name is held in the workspace",
                         f"held are {listed(known[:30])}" if known else "load a file with evenhand data load FILE",
                         value=each)


def rows_of(workspace: Path, table: str) -> list[dict[str, Any]]:
    """Every row of one of the smaller tables (``TABLES``), as loaded, in a fixed order."""
    if table not in TABLES:
        raise refuse("there is no such table", f"choose from {', '.join(TABLES)}", value=table)
    with engine(workspace) as connection:
        found: pa.Table = connection.sql(
            f"SELECT * EXCLUDE file_index FROM {table if table != 'observations' else 'observed'} ORDER BY ALL"
        ).to_arrow_table()
        return list(found.to_pylist())
