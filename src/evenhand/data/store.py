"""The workspace's own file: the only place that opens it, and that reads and writes packs of papers."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from evenhand.terms import refuse

FILE = "record.sqlite3"
UNREADABLE = sqlite3.DatabaseError
PATIENCE_SECONDS = 30
_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    # Nothing acknowledged is ever lost, also when the power goes: FULL, not the quicker NORMAL.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # What is erased is overwritten, not only let go.
    "PRAGMA secure_delete = ON",
)


def is_workspace(folder: Path) -> bool:
    """Whether a folder holds a record."""
    return (folder / FILE).is_file()


@contextmanager
def opened(folder: Path, *, make: bool = False) -> Iterator[sqlite3.Connection]:
    """The record's database in a workspace folder, closed at the end.

    With ``make`` the folder and file come into being; without it their absence is refused. A folder that may only be
    read is read as it lies. Transactions are the caller's own (``BEGIN IMMEDIATE``).
    """
    connection = _connected(folder, make)
    try:
        yield connection
    except sqlite3.OperationalError as wrong:
        raise refuse(f"the record cannot be used: {wrong}", "nothing was changed: see that the disk has room and "
                     "nobody else holds the file, and try again", file=str(folder / FILE)) from None
    finally:
        with suppress(sqlite3.Error):
            connection.close()


def _connected(folder: Path, make: bool) -> sqlite3.Connection:
    path = folder / FILE
    if make:
        _made(folder)
    elif not path.is_file():
        raise refuse("there is no workspace here", "name the folder with --workspace DIR", file=str(folder))
    writable = os.access(folder, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))
    how = "mode=rwc" if make else "mode=rw" if writable else "mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True, timeout=PATIENCE_SECONDS,
                                     isolation_level=None)
        # A byte that was tampered with may be no letter at all: it must be shown and named, not stop the reading.
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        for setting in _SETTINGS if writable else ():
            connection.execute(setting)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as wrong:
        # A byte changed in the definitions may make the database's own message no text.
        raise refuse(f"this file cannot be opened as a record: {wrong}", "restore it from a backup or a hand-over pack",
                     file=str(path)) from None
    return connection


def damage(connection: sqlite3.Connection) -> list[str]:
    """What the database itself finds wrong with its file, in its own words; nothing when it is whole."""
    try:
        found = [str(line) for (line,) in connection.execute("PRAGMA integrity_check(20)")]
    except sqlite3.DatabaseError as wrong:
        found = [str(wrong)]
    return [] if found == ["ok"] else found


def triggers(connection: sqlite3.Connection) -> dict[str, str]:
    """What the file does by itself when it is written to: the text of each trigger by its name."""
    return dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))


def whole(path: Path, *, at_most: int) -> bytes:
    """A file's bytes, if there are no more than so many. Raises ``Refused`` in words where it cannot be read."""
    try:
        size = path.stat().st_size
        if size > at_most:
            raise refuse(f"the file is larger than {at_most:,} bytes", "check that it is the file you meant",
                         file=str(path), value=f"{size:,} bytes")
        return path.read_bytes()
    except FileNotFoundError:
        raise refuse("there is no such file", "check the name", file=str(path)) from None
    except OSError as wrong:
        raise refuse(f"the file cannot be read: {wrong.strerror}", "check the name and your rights",
                     file=str(path)) from None


def put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and see it onto the disk."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _made(path.parent)
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as wrong:
        with suppress(OSError):
            part.unlink()
        raise refuse(f"the file cannot be written: {wrong.strerror}", "check the folder and your rights",
                     file=str(path)) from None


def names(folder: Path, ending: str) -> list[Path]:
    """The files of a folder whose names end so, in order."""
    return sorted(path for path in folder.glob(f"*{ending}") if path.is_file())


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise refuse(f"the folder cannot be made: {wrong.strerror}", "name another folder", file=str(folder)) from None
