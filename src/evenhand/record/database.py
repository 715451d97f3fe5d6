"""A connection the record can stand on: SQLite or PostgreSQL, a file's or the site's."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from evenhand.record.ddl import Vendor, statements

# One key for the whole record: taken last and held for a moment, it can neither fork a chain nor deadlock.
_LOCK = 0x65_76_65_6E  # "even"


class Database(Protocol):
    """What the record asks of a connection. Placeholders are ``%s``."""

    @property
    def vendor(self) -> Vendor:
        """Which database it is."""

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a question answers."""

    def run(self, sql: str, values: Sequence[object] = ()) -> None:
        """Do something that answers nothing."""

    def whole(self) -> AbstractContextManager[None]:
        """A block that happens wholly or not at all."""

    def still(self) -> AbstractContextManager[None]:
        """A block in which the reader sees one moment, whatever others append meanwhile."""


class Sqlite:
    """A plain SQLite connection in autocommit (``isolation_level=None``)."""

    vendor: Vendor = "sqlite"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a question answers."""
        return self._connection.execute(sql.replace("%s", "?"), tuple(values)).fetchall()

    def run(self, sql: str, values: Sequence[object] = ()) -> None:
        """Do something that answers nothing."""
        self._connection.execute(sql.replace("%s", "?"), tuple(values))

    @contextmanager
    def whole(self) -> Iterator[None]:
        """A transaction that takes the one writer's place at once; inside another it is part of it."""
        with self._begun("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def still(self) -> Iterator[None]:
        """A transaction that only reads."""
        with self._begun("BEGIN"):
            yield

    @contextmanager
    def _begun(self, how: str) -> Iterator[None]:
        if self._connection.in_transaction:
            yield
        else:
            self._connection.execute(how)
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.rollback()
                raise


class Postgresql:
    """A psycopg connection."""

    vendor: Vendor = "postgresql"

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a question answers."""
        found: list[tuple[Any, ...]] = self._connection.execute(sql, tuple(values)).fetchall()
        return found

    def run(self, sql: str, values: Sequence[object] = ()) -> None:
        """Do something that answers nothing."""
        self._connection.execute(sql, tuple(values))

    @contextmanager
    def whole(self) -> Iterator[None]:
        """A transaction, or a savepoint inside one."""
        with self._connection.transaction():
            yield

    @contextmanager
    def still(self) -> Iterator[None]:
        """A transaction that sees one moment; inside another it sees what that one sees."""
        outermost = self._connection.info.transaction_status == 0
        with self._connection.transaction():
            if outermost:
                self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def make_tables(database: Database) -> None:
    """Make the record's tables if they are not there, wholly or not at all, also when two processes begin at once."""
    if not has_tables(database):
        with database.whole():
            if not has_tables(database):
                for statement in statements(database.vendor):
                    database.run(statement)


def has_tables(database: Database) -> bool:
    """Whether the record's tables are there."""
    if database.vendor == "postgresql":
        return bool(database.rows("SELECT to_regclass('entry')")[0][0])
    return bool(database.rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'entry'"))


def lock(database: Database) -> None:
    """Be the only one who appends until the transaction ends; others wait their turn."""
    if database.vendor == "postgresql":
        database.run("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    else:
        # Changes nothing, and makes even a transaction that was only reading the one that may write.
        database.run("UPDATE words SET words = NULL WHERE 1 = 0")
