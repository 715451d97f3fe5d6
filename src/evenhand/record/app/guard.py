"""The guard on the connection: nothing that counts is written but inside a block that enters it in the record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from evenhand.record.classified import THE_RECORD_ITSELF, is_exempt


class Unrecorded(Exception):
    """A write that no entry would tell of. Nothing was written."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(f"{table} may only be written inside record.writing(...), which enters who did what; "
                         f"a table that holds nothing anybody decided is named in record/classified.py")


_blocks: ContextVar[int] = ContextVar("open blocks of record.writing", default=0)
_by_the_record: ContextVar[bool] = ContextVar("the record itself is writing", default=False)
_lifted: ContextVar[str] = ContextVar("why the guard is lifted", default="")

_LITERAL = re.compile(r"'(?:[^']|'')*'")
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_NO_WRITE = re.compile(r"\b(?:FOR(?:\s+NO\s+KEY)?|DO|ON)\s+UPDATE\b", re.IGNORECASE)
_SCHEMA = re.compile(r"\s*(?:CREATE|ALTER|DROP|PRAGMA|COMMENT\s+ON)\b", re.IGNORECASE)
_WRITE = re.compile(
    r"\b(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|DELETE\s+FROM|UPDATE(?:\s+OR\s+\w+)?|MERGE\s+INTO|COPY"
    r"|TRUNCATE(?:\s+TABLE)?)\s+(?:ONLY\s+)?(?P<table>(?:\"[^\"]+\"|\w+)(?:\.(?:\"[^\"]+\"|\w+))?)", re.IGNORECASE)
# How SQLite's schema editor rebuilds a table: it fills new__NAME and gives it the old one's name.
_REBUILT = "new__"


def tables_written(sql: str) -> list[str]:
    """The tables a statement writes to; none for one that reads, or that changes the schema."""
    bare = _LITERAL.sub("''", _COMMENT.sub(" ", sql))
    if _SCHEMA.match(bare):
        return []
    found = [match["table"].split(".")[-1].strip('"').lower() for match in _WRITE.finditer(_NO_WRITE.sub(" ", bare))]
    return [table for table in found if not table.startswith(_REBUILT)]


def guard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Refuse a write to a classified table outside a block, and to the record's own tables by anybody else."""
    if not _lifted.get():
        for table in tables_written(sql):
            allowed = (_by_the_record.get() if table in THE_RECORD_ITSELF else is_exempt(table) or _blocks.get() > 0)
            if not allowed:
                raise Unrecorded(table)
    return execute(sql, params, many, context)


def guard_every_connection(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Put the guard on a connection that was just opened, and have SQLite show and erase as the record needs."""
    if guard not in connection.execute_wrappers:
        connection.execute_wrappers.append(guard)
    if connection.vendor == "sqlite":
        # A byte that was tampered with may be no letter at all: it must be shown and named, not stop the reading.
        connection.connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        # What is erased is overwritten, not only let go.
        connection.connection.execute("PRAGMA secure_delete = ON")


@contextmanager
def block_open() -> Iterator[None]:
    """While a block of ``record.writing`` runs, working tables may be written."""
    token = _blocks.set(_blocks.get() + 1)
    try:
        yield
    finally:
        _blocks.reset(token)


@contextmanager
def the_record_writes() -> Iterator[None]:
    """While the record appends, its own tables may be written."""
    token = _by_the_record.set(True)
    try:
        yield
    finally:
        _by_the_record.reset(token)


@contextmanager
def lifted(*, because: str) -> Iterator[None]:
    """Lift the guard, for a migration that fills a new column, or a test that sets its scene."""
    assert because, "say why"
    token = _lifted.set(because)
    try:
        yield
    finally:
        _lifted.reset(token)
