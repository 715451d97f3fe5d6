"""Asking the record: chains, papers and words, on any connection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evenhand.papers import INSTALLATION, Paper, opened
from evenhand.record.database import Database
from evenhand.record.entry import COLUMNS, Entry, Words
from evenhand.terms import closest, refuse

_ENTRY = "SELECT {} FROM entry".format(", ".join(COLUMNS))  # noqa: S608 - fixed words only


@dataclass(frozen=True)
class Kept:
    """A paper as the record keeps it: always cited by this digest, also when its schema has since moved on."""

    digest: str
    kind: str
    subject: str
    bytes: bytes

    def paper(self) -> Paper:
        """The paper, brought up to today's schema."""
        return opened(self.bytes)


def subjects(database: Database, *, organisation: str = "") -> list[str]:
    """Everything that has a chain; of one organisation, what it made an entry about."""
    if organisation:
        found = database.rows("SELECT DISTINCT subject FROM entry WHERE organisation = %s OR subject = %s",
                              (organisation, f"body/{organisation}"))
    else:
        found = database.rows("SELECT DISTINCT subject FROM entry")
    return sorted(str(subject) for (subject,) in found)


def mark(database: Database) -> str:
    """Changes with every entry, and when a backup is restored: how many there are, and the latest of them."""
    ((number, latest),) = database.rows("SELECT COUNT(*), MAX(at || hash) FROM entry")
    return f"{number} {latest}"


def entries(database: Database, subject: str | None = None) -> list[Entry]:
    """One subject's chain in order, or every chain one after another."""
    if subject is None:
        found = database.rows(f"{_ENTRY} ORDER BY subject, number")
    else:
        found = database.rows(f"{_ENTRY} WHERE subject = %s ORDER BY number", (subject,))
    return [Entry.of_row(row) for row in found]


def head(database: Database, subject: str) -> Entry | None:
    """The last entry of a chain."""
    found = database.rows(f"{_ENTRY} WHERE subject = %s ORDER BY number DESC LIMIT 1", (subject,))
    return Entry.of_row(found[0]) if found else None


def heads(database: Database) -> list[Entry]:
    """The last entry of every chain but the installation's own, by subject."""
    found = (head(database, subject) for subject in subjects(database) if subject != INSTALLATION)
    return [each for each in found if each]


def kept(database: Database, digest: str) -> Kept | None:
    """The paper of that digest, if it is held."""
    found = database.rows('SELECT digest, kind, subject, bytes FROM "record" WHERE digest = %s', (digest,))
    return _kept(found[0]) if found else None


def papers(database: Database, subject: str, kind: str = "") -> list[Kept]:
    """The papers about a subject, in the order they were first entered."""
    found = database.rows('SELECT digest, kind, subject, bytes FROM "record" WHERE subject = %s', (subject,))
    order = {digest: place for place, digest in enumerate(
        digest for entry in entries(database, subject) for digest in entry.papers)}
    held = sorted(map(_kept, found), key=lambda each: (order.get(each.digest, len(order)), each.digest))
    return [each for each in held if not kind or each.kind == kind]


def every_paper(database: Database) -> Iterator[Kept]:
    """All papers, by digest."""
    for row in database.rows('SELECT digest, kind, subject, bytes FROM "record" ORDER BY digest'):
        yield _kept(row)


def words(database: Database, subject: str | None = None) -> dict[str, Words]:
    """What people wrote about a subject, or altogether, by commitment."""
    asked = "SELECT commitment, subject, salt, words FROM words"
    found = (database.rows(asked) if subject is None
             else database.rows(f"{asked} WHERE subject = %s", (subject,)))
    return {str(row[0]): Words(str(row[0]), str(row[1]), *(None if each is None else str(each) for each in row[2:]))
            for row in found}


def subject_called(database: Database, name: str) -> str:
    """The subject a person means by a whole or a short name. Raises ``Refused`` where there is none, or several."""
    known = subjects(database)
    if name in known:
        return name
    meant = [each for each in known if each.partition("/")[2] == name]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise refuse("more than one thing in the record has this name", f"write {' or '.join(meant)}", value=name)
    near = closest(name, known) or closest(f"case/{name}", known)
    raise refuse("the record holds nothing of this name",
                 f"did you mean {' or '.join(near)}?" if near else "see evenhand record show, which lists what is held",
                 value=name)


def _kept(row: tuple[object, ...]) -> Kept:
    digest, kind, subject, content = row
    if not isinstance(content, bytes | bytearray | memoryview):
        content = str(content).encode()
    return Kept(str(digest), str(kind), str(subject), bytes(content))
