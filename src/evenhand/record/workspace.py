"""The record as people use it, and the workspace: a folder that holds one with no server and no site."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from evenhand.data import store
from evenhand.papers import Heads, Paper, Receipt, Sealed
from evenhand.record import chain, database, ddl, pack, reading, writing
from evenhand.record.chain import Break
from evenhand.record.database import Database, Sqlite
from evenhand.record.entry import Draft, Entry, Salts, Words, fresh_salt
from evenhand.record.pack import Pack
from evenhand.record.reading import Kept
from evenhand.terms import refuse


class Record(ABC):
    """A record that can be asked and added to, wherever it is kept. Moments (``at``) are handed in with their zone."""

    salts: Salts = staticmethod(fresh_salt)

    @abstractmethod
    def reading(self) -> AbstractContextManager[Database]:
        """The database, standing still while it is asked."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[Database]:
        """The database, to be added to."""

    def keep(self, paper: Paper, *, by: str, at: datetime, what: str = "", why: str = "", organisation: str = "",
             words: Mapping[str, str] | None = None) -> Sealed:
        """Seal a paper and enter it in its subject's chain; a paper that is there already is not entered again."""
        draft = Draft.leaving(paper, by=by, what=what, why=why, organisation=organisation, words=words)
        with self.writing() as record:
            writing.leave(record, draft, at=at, salts=self.salts)
        return draft.papers[0]

    def enter(self, draft: Draft, *, at: datetime) -> Entry:
        """Add an entry to its subject's chain."""
        with self.writing() as record:
            return writing.append(record, draft, at=at, salts=self.salts)

    def move(self, case: str, to: str, *, by: str, role: str, at: datetime, why: str = "",
             organisation: str = "") -> Entry:
        """Take a case to another state by the table of states. Raises ``Refused``."""
        with self.writing() as record:
            return writing.move(record, case, to, by=by, role=role, at=at, why=why, organisation=organisation,
                                salts=self.salts)

    def erase(self, commitment: str, *, by: str, at: datetime, why: str = "", organisation: str = "") -> Entry:
        """Take away what somebody wrote; the chain goes on verifying."""
        with self.writing() as record:
            return writing.erase(record, commitment, by=by, at=at, why=why, organisation=organisation,
                                 salts=self.salts)

    def close_day(self, day: date, *, by: str, at: datetime) -> Heads:
        """Enter the heads of all chains, to be published."""
        with self.writing() as record:
            return writing.close_day(record, day, by=by, at=at)

    def subjects(self, *, organisation: str = "") -> list[str]:
        """Everything that has a chain here."""
        with self.reading() as record:
            return reading.subjects(record, organisation=organisation)

    def subject_called(self, name: str) -> str:
        """The subject meant by a whole or a short name."""
        with self.reading() as record:
            return reading.subject_called(record, name)

    def mark(self) -> str:
        """Changes with every entry, and only then: what is worked out from the record holds as long as it stands."""
        with self.reading() as record:
            return reading.mark(record)

    def entries(self, subject: str | None = None) -> list[Entry]:
        """One subject's chain, or all."""
        with self.reading() as record:
            return reading.entries(record, subject)

    def papers(self, subject: str, kind: str = "") -> list[Kept]:
        """The papers about a subject in the order they were entered, of one kind or all."""
        with self.reading() as record:
            return reading.papers(record, subject, kind)

    def paper(self, digest: str) -> Paper:
        """The paper of that digest. Raises ``Refused`` where it is not held."""
        with self.reading() as record:
            kept = reading.kept(record, digest)
        if kept is None:
            raise refuse("the record holds no such paper", "see evenhand record show", value=digest)
        return kept.paper()

    def words(self, subject: str | None = None) -> dict[str, Words]:
        """What people wrote, by commitment."""
        with self.reading() as record:
            return reading.words(record, subject)

    def state(self, case: str) -> str:
        """The state a case has come to."""
        return writing.state_of(self.entries(case))

    def verify(self, published: Iterable[Heads] = ()) -> tuple[Break, ...]:
        """Every break in the record with its place; none when it is sound."""
        with self.reading() as record:
            return chain.verify(reading.entries(record), reading.every_paper(record), reading.words(record), published)

    def pack(self, names: Iterable[str], *, files: Mapping[str, bytes] | None = None) -> bytes:
        """The hand-over pack of these subjects."""
        with self.reading() as record:
            return pack.packed(record, names, files=files or {})

    def unpack(self, content: bytes, *, by: str, at: datetime, organisation: str = "") -> Receipt:
        """Check a hand-over pack and take it in, wholly or not at all; the receipt's entry names who received it."""
        opened = pack.opened_pack(content)
        with self.writing() as record, record.whole():
            receipt = pack.received(record, opened, by=by, at=at, organisation=organisation)
            self.put_aside(opened)
        return receipt

    @abstractmethod
    def put_aside(self, opened: Pack) -> None:
        """Keep the documents that came beside the record, where there is a place for them."""


@dataclass(frozen=True)
class Workspace(Record):
    """The record in one folder. It comes into being with the first thing entered; until then asking is refused.

    Each call opens the file and closes it, so any number of processes may share a workspace.
    """

    folder: Path
    salts: Salts = fresh_salt

    @classmethod
    def open(cls, folder: Path | str, *, salts: Salts = fresh_salt) -> Workspace:
        """The workspace in a folder."""
        return cls(Path(folder), salts)

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """The file, standing still while it is asked."""
        with store.opened(self.folder) as connection:
            record = Sqlite(connection)
            with record.still():
                yield record

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """The file, made if it is not there."""
        with store.opened(self.folder, make=True) as connection:
            record = Sqlite(connection)
            database.make_tables(record)
            yield record

    def verify(self, published: Iterable[Heads] = ()) -> tuple[Break, ...]:
        """Every break in the file and in the record with its place; none when both are sound."""
        with store.opened(self.folder) as connection:
            damage = tuple(Break(store.FILE, f"the file is damaged: {each}") for each in store.damage(connection))
            there = {} if damage else store.triggers(connection)
        # Without them the file takes any change; nothing need have been changed yet.
        open_to_change = () if damage else tuple(
            Break(store.FILE, f"the file no longer refuses changes as it was made to: {name} is missing or altered")
            for name, text in ddl.refusals().items() if there.get(name) != text)
        try:
            return (*damage, *super().verify(published), *open_to_change)
        except store.UNREADABLE as wrong:
            return (*damage, Break(store.FILE, f"the file cannot be read through: {wrong}"))

    def put_aside(self, opened: Pack) -> None:
        """Into ``received/``, under the beginning of the pack's digest."""
        for name, content in opened.files.items():
            store.put(self.folder / "received" / opened.digest[7:19] / name, content)
