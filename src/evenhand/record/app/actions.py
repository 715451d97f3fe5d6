"""The one way to change anything on the site: a block whose work and whose entry happen together or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from evenhand.papers import Paper, Sealed, seal
from evenhand.record import writing as appending
from evenhand.record.app.guard import block_open
from evenhand.record.app.site import Site, SiteDatabase
from evenhand.record.entry import Draft, Entry, Kind, with_why


class About(Protocol):
    """Anything that knows which subject of the record it is."""

    @property
    def subject(self) -> str:
        """As ``case/ward-3``."""


class Known(Protocol):
    """Anybody who stands in the record by an identifier."""

    @property
    def identifier(self) -> str:
        """As ``person/12``; never a name."""


@dataclass
class Block:
    """What the entry at the end of a block will tell of, and afterwards the entry itself."""

    papers: list[Sealed] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)
    entry: Entry | None = None

    def leave(self, paper: Paper) -> Sealed:
        """Seal a paper and have the entry tell of it."""
        sealed = seal(paper)
        self.papers.append(sealed)
        return sealed

    def say(self, label: str, words: str) -> None:
        """Keep words beside the entry, where they can be erased."""
        self.words[label] = words


@contextmanager
def writing(subject: str | About, *, by: str | Known, what: str, why: str = "", organisation: str = "",
            kind: Kind = "action") -> Iterator[Block]:
    """Inside the block working tables may be written; at its end one entry says who did what, and why.

    Both happen in one transaction: if the block fails there is no entry, and if the entry fails the work is undone.
    ``why`` and other words lie beside the chain and can be erased; ``what`` stands in it for good, so it is a plain
    phrase (``vote cast``) with nobody's name in it. Blocks may stand inside each other; each leaves its own entry.
    """
    draft = Draft(subject=subject if isinstance(subject, str) else subject.subject,
                  by=by if isinstance(by, str) else by.identifier, what=what, organisation=organisation, kind=kind,
                  words=with_why(why))
    with transaction.atomic():
        block = Block(words=dict(draft.words))
        with block_open():
            yield block
        block.entry = appending.append(
            SiteDatabase(), replace(draft, papers=tuple(block.papers), words=block.words), at=timezone.now())


def leave(paper: Paper, *, by: str | Known, what: str = "", why: str = "", organisation: str = "") -> Sealed:
    """Seal a paper and enter it; a paper that its subject's chain tells of already is not entered again."""
    return Site().keep(paper, by=by if isinstance(by, str) else by.identifier, at=timezone.now(), what=what, why=why,
                       organisation=organisation)


def move(case: str | About, to: str, *, by: str | Known, role: str, why: str = "", organisation: str = "") -> Entry:
    """Take a case to another state by the table of states. Raises ``Refused``."""
    return Site().move(case if isinstance(case, str) else case.subject, to, at=timezone.now(), role=role, why=why,
                       by=by if isinstance(by, str) else by.identifier, organisation=organisation)


def erase(commitment: str, *, by: str | Known, why: str = "", organisation: str = "") -> Entry:
    """Take away what somebody wrote; the chain goes on verifying."""
    return Site().erase(commitment, by=by if isinstance(by, str) else by.identifier, at=timezone.now(), why=why,
                        organisation=organisation)
