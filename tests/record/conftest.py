"""Papers, a clock that only ticks when told, and the record on every database it stands on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from evenhand.record.database import Database, Postgresql, Sqlite, make_tables
from evenhand.record.workspace import Workspace
from record.made import CLINIC, Ticking, evidence, proposal


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    """A workspace with two cases: three entries and words on one, one entry on the other."""
    made = Workspace.open(tmp_path / "workspace")
    tick = Ticking()
    made.keep(proposal(), by="person/1", at=tick(), why="Beds stand empty", organisation="MIL")
    made.keep(evidence(), by="person/2", at=tick(), organisation="MIL")
    made.keep(proposal(2), by="person/1", at=tick(), why="Dr Lee asked for a third option", organisation="MIL")
    made.keep(proposal(1, CLINIC), by="person/3", at=tick(), organisation="OTH")
    return made


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request, tmp_path) -> Iterator[Database]:
    """An empty record on each database."""
    if request.param == "sqlite":
        with closing(sqlite3.connect(tmp_path / "record.sqlite3", isolation_level=None)) as connection:
            record = Sqlite(connection)
            make_tables(record)
            yield record
    else:
        with schema_of_its_own(request.getfixturevalue("postgres_url")) as connection:
            record = Postgresql(connection)
            make_tables(record)
            yield record


@contextmanager
def schema_of_its_own(url: str):
    """A connection to a fresh schema, dropped at the end."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS record_tests CASCADE")
        connection.execute("CREATE SCHEMA record_tests")
        connection.execute("SET search_path TO record_tests")
        yield connection
        connection.execute("DROP SCHEMA record_tests CASCADE")
