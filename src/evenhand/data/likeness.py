"""What bodies are like, from whatever a workspace holds of them: the table that ``find peers`` reads."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from evenhand.data import engine
from evenhand.data.reading import digest_of
from evenhand.data.tables import Table

HELD_OF = 0.8
"""A characteristic that is held of fewer of the bodies than this would leave most of them out."""
OF_SMALL_AREAS = {"IMD: decile": "deprivation of small areas",
                  "Housing and Access: decile": "access to services of small areas"}
"""Indicators of small areas that tell what a larger place is like: deprivation, and how remote it is. The other domains
are parts of the first, and would count it again. Small areas hold about as many people as each other."""
FEWEST, OLDEST = 2, 10
"""One characteristic makes nobody alike; figures more years old than this describe another time."""


def characteristics(workspace: Path, units: Collection[str], year: int) -> Table | None:
    """One row a body with a column for each thing held of it, up to the end of a year; nothing where too little is.

    People on lists, the shares of them that lists tell (over 55), indicators published for the same bodies, under
    their own code or the one that boundaries give, each of the latest year held, and the mean deprivation and access of
    their small areas. ``unit`` stands first.
    """
    found: dict[str, dict[str, float]] = {}
    with engine.engine(workspace) as connection:
        asked = {"last": f"{year}-12-31", "first": f"{year - OLDEST}-01-01"}
        people = connection.execute(
            'SELECT unit, "group", arg_max(persons, month) FROM population WHERE month BETWEEN $first AND $last '
            'GROUP BY unit, "group"', asked).fetchall()
        lists = connection.execute(
            "SELECT unit, avg(denominator) FROM observations WHERE measure IN (FROM by_list) AND denominator > 0 "
            "AND year(month) = $year GROUP BY unit", {"year": year}).fetchall()
        figures = connection.execute(
            "SELECT i.unit, i.measure, arg_max(i.value, i.year), any_value(b.code) FROM indicators i LEFT JOIN "
            "(SELECT DISTINCT published_code, code FROM boundaries) b ON b.published_code = i.unit "
            "WHERE i.year <= $year AND i.year >= $first GROUP BY i.unit, i.measure",
            {"year": f"{year}", "first": f"{year - OLDEST}"}).fetchall()
        small = connection.execute(
            'SELECT l."to", i.measure, avg(i.value) FROM indicators i JOIN lookups l ON l."from" = i.unit '
            "WHERE i.measure IN (SELECT unnest($names)) AND i.year <= $year AND i.year >= $first "
            'GROUP BY l."to", i.measure', {"year": f"{year}", "first": f"{year - OLDEST}",
                                           "names": list(OF_SMALL_AREAS)}).fetchall()
    whole = {unit: persons for unit, group, persons in people if group == "all" and persons}
    for unit, thousands in lists:
        found.setdefault("registered patients", {})[unit] = thousands * 1_000
    for unit, persons in whole.items():
        found.setdefault("registered patients", {}).setdefault(unit, persons)
    for unit, group, persons in people:
        if group != "all" and persons is not None and unit in whole:
            found.setdefault(f"share of patients {group}", {})[unit] = persons / whole[unit]
    for unit, name, value, code in figures:
        # A comma parts names on the command line.
        found.setdefault(name.replace(",", ""), {})[unit if unit in units else code or unit] = value
    for unit, name, value in small:
        found.setdefault(OF_SMALL_AREAS[name], {})[unit] = value
    wanted = sorted(units)
    kept = {name: held for name, held in sorted(found.items())
            if sum(unit in held for unit in wanted) >= HELD_OF * len(wanted)}
    return _table(wanted, kept) if len(kept) >= FEWEST and wanted else None


def _table(units: list[str], held: dict[str, dict[str, float]]) -> Table:
    import numpy as np
    import pyarrow as pa

    columns = {name: pa.array([values.get(unit) for unit in units], pa.float64()) for name, values in held.items()}
    arrow = pa.table({"unit": pa.array(units, pa.string()), **columns})
    return Table("what the bodies are like", digest_of(str(arrow.to_pylist()).encode()), arrow,
                 np.arange(1, len(units) + 1))
