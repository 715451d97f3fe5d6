"""An entry of the record: who did what, when, touching which papers, and the hash that covers it and all before it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, TypeAlias, cast

from evenhand.papers import Paper, Sealed, canonical_bytes, checked_subject, digest, instant, seal
from evenhand.papers.canonical import Json
from evenhand.terms import refuse

Kind: TypeAlias = Literal["paper", "action", "step", "erasure", "receipt", "heads"]
"""Why an entry was made. The ``what`` of a step is the state that a case came to."""

FIRST_OF_A_CHAIN = ""
Salts: TypeAlias = Callable[[], str]

# An identifier has no space in it: a name that strays in here could never be erased.
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}")
_LABEL = re.compile(r"[a-z][a-z0-9 -]{0,49}")
MOST_LETTERS_OF_WHAT = 120


def fresh_salt() -> str:
    """32 random hexadecimal digits from the operating system.

    A salt must not be guessable, so it is the one thing here that no seed repeats. It stands beside the words, never
    in a paper: digests of papers are the same on every run.
    """
    from secrets import token_hex

    return token_hex(16)


@dataclass(frozen=True)
class Words:
    """What somebody wrote, named in the chain only by its commitment. Erased words keep their place, emptied."""

    commitment: str
    subject: str
    salt: str | None
    words: str | None

    @classmethod
    def committed(cls, words: str, *, subject: str, salt: str) -> Words:
        """Words with their commitment worked out."""
        return cls(commitment_to(words, salt), subject, salt, words)

    @property
    def is_erased(self) -> bool:
        """Whether they were taken away."""
        return self.words is None and self.salt is None


def commitment_to(words: str, salt: str) -> str:
    """The digest that stands in the chain for some words: without the salt nobody can guess back to them."""
    return digest(canonical_bytes({"salt": salt, "words": words}))


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of one subject's chain. It holds identifiers and commitments; words lie beside it."""

    subject: str
    number: int
    previous: str
    at: str
    by: str
    organisation: str
    kind: str
    what: str
    papers: tuple[str, ...] = ()
    commitments: Mapping[str, str] = field(default_factory=dict)
    hash: str = ""

    def reckoned_hash(self) -> str:
        """What its hash must be: over every field, and so over the entry before."""
        return digest(canonical_bytes({each.name: getattr(self, each.name) for each in fields(self)
                                       if each.name != "hash"}))

    def to_json(self) -> dict[str, Json]:
        """As a line of a pack, or of ``record show --json``."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def row(self) -> tuple[str | int, ...]:
        """As a row of the table, in the order of ``COLUMNS``."""
        return tuple(canonical_bytes(value).decode() if isinstance(value, tuple | Mapping) else cast(str | int, value)
                     for value in (getattr(self, column) for column in COLUMNS))

    @classmethod
    def of_row(cls, row: tuple[Any, ...]) -> Entry:
        """From a row of the table, whatever has become of it: a row that was altered must still be shown."""
        given = dict(zip(COLUMNS, row, strict=True))
        texts = {name: str(value) for name, value in given.items() if name not in ("number", "papers", "commitments")}
        papers, commitments = _unaltered(given["papers"], list), _unaltered(given["commitments"], dict)
        return cls(**texts, number=given["number"] if isinstance(given["number"], int) else -1,
                   # Text that is not as it was written stands as one strange item, which no hash was reckoned over.
                   papers=(str(given["papers"]),) if papers is None else tuple(map(str, papers)),
                   commitments={"": str(given["commitments"])} if commitments is None else commitments)


COLUMNS = ("hash", *(each.name for each in fields(Entry) if each.name != "hash"))


def _unaltered(text: object, kind: type) -> Any:
    try:
        value = json.loads(str(text))
        return value if isinstance(value, kind) and canonical_bytes(value).decode() == text else None
    except (ValueError, RecursionError):
        return None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is to be entered. ``words`` are kept beside the chain by label; ``why`` is the usual one."""

    subject: str
    by: str
    what: str
    organisation: str = ""
    kind: Kind = "action"
    papers: tuple[Sealed, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    erases: str | None = None

    def __post_init__(self) -> None:
        checked_subject(self.subject)
        if not _IDENTIFIER.fullmatch(self.by):
            raise refuse("an entry names who made it by an identifier, never by a name or nothing",
                         "write for example person/12 or command", column="by", value=self.by)
        if self.organisation and not _IDENTIFIER.fullmatch(self.organisation):
            raise refuse("an entry names its organisation by a code", "write for example 15M", column="organisation",
                         value=self.organisation)
        if not self.what.strip() or len(self.what) > MOST_LETTERS_OF_WHAT or not self.what.isprintable():
            raise refuse("an entry says in a few words what was done", "write for example: vote cast", column="what",
                         value=self.what)
        if wrong := [label for label in self.words if not _LABEL.fullmatch(label)]:
            raise refuse("words are kept under a short plain label", "write for example: why", column="words",
                         value=wrong[0])

    @classmethod
    def leaving(cls, paper: Paper, *, by: str, what: str = "", why: str = "", organisation: str = "",
                words: Mapping[str, str] | None = None) -> Draft:
        """An entry that a paper was left."""
        return cls(subject=paper.subject, by=by, what=what or f"{paper.paper} left", organisation=organisation,
                   kind="paper", papers=(seal(paper),), words=with_why(why, words))

    def entered(self, head: Entry | None, *, at: datetime, words: Mapping[str, Words]) -> Entry:
        """The entry that follows ``head`` in the subject's chain."""
        commitments = {label: each.commitment for label, each in words.items()}
        if self.erases:
            commitments["erased"] = self.erases
        entry = Entry(subject=self.subject, number=head.number + 1 if head else 1,
                      previous=head.hash if head else FIRST_OF_A_CHAIN, at=instant(at), by=self.by,
                      organisation=self.organisation, kind=self.kind, what=self.what,
                      papers=tuple(dict.fromkeys(sealed.digest for sealed in self.papers)), commitments=commitments)
        return Entry(**{**entry.to_json(), "hash": entry.reckoned_hash()})


def with_why(why: str, words: Mapping[str, str] | None = None) -> dict[str, str]:
    """Words by label, with the reason among them if one was given."""
    return {**(words or {}), **({"why": why} if why else {})}
