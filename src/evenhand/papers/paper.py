"""What every paper is: a header that says what it was made from, a content, one form of bytes and one digest."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from evenhand.papers.canonical import Json, canonical_bytes, digest, plain
from evenhand.terms import refuse

SUBJECTS = ("case", "meeting", "body", "plan", "installation")
"""What a paper, and a chain of entries, can be about."""

INSTALLATION = "installation"
"""The subject of what concerns the whole of one site or workspace: daily entries, packs received."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def subject(kind: str, name: str) -> str:
    """A subject's identifier, ``case/derbyshire-gluten-free``. Raises ``Refused`` for a name that cannot be one."""
    return checked_subject(f"{kind}/{name}")


def checked_subject(text: str) -> str:
    """The same text, if it names a subject. Raises ``Refused`` otherwise."""
    kind, _, name = text.partition("/")
    if text != INSTALLATION and not (kind in SUBJECTS[:-1] and _NAME.fullmatch(name)):
        raise refuse("this does not name a case, a meeting, a body or a plan",
                     "write for example case/ward-3: letters, digits, full stop, hyphen and underscore", value=text)
    return text


@dataclass(frozen=True)
class MadeFrom:
    """One input of a paper: the digest of another paper or of a source file, and in words what it is."""

    digest: str
    what: str


@dataclass(frozen=True)
class Method:
    """How a paper was worked out, by what version, after whom."""

    name: str
    version: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Header:
    """What a paper is about and what it was made from. Who left it, and when, stand in the record's entry.

    ``proposal_version`` is the numbered version of the proposal that the paper speaks of; ``None`` where it speaks of
    none. ``made_from`` is in the order the method read its inputs.
    """

    subject: str
    proposal_version: int | None = None
    made_from: tuple[MadeFrom, ...] = ()
    method: Method | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None

    def __post_init__(self) -> None:
        checked_subject(self.subject)


Upgrade = Callable[[dict[str, Json]], dict[str, Json]]


@dataclass(frozen=True, kw_only=True)
class Paper:
    """Something one room leaves for others: frozen, with one form of bytes.

    In every paper ``None`` means *not in the sources we hold*: it is never nought and never *no*. An empty tuple means
    that there were none. People stand in papers by identifier only, because sealed bytes cannot be erased.
    """

    paper: ClassVar[str]
    schema: ClassVar[int] = 1
    upgrades: ClassVar[Mapping[int, Upgrade]] = {}
    """For each older schema, how its content is said in the next one."""

    header: Header

    @property
    def subject(self) -> str:
        """The case, meeting, body or plan it is about."""
        return self.header.subject

    def to_json(self) -> dict[str, Json]:
        """Header and content as plain JSON, with the paper's kind and schema in the header."""
        return {
            "header": {"paper": self.paper, "schema": self.schema, **plain(self.header)},
            "content": {each.name: plain(getattr(self, each.name)) for each in fields(self) if each.name != "header"},
        }


@dataclass(frozen=True)
class Sealed:
    """A paper's bytes and the digest that names them."""

    digest: str
    bytes: bytes

    def as_input(self, what: str) -> MadeFrom:
        """This paper as an input of another."""
        return MadeFrom(self.digest, what)


def seal(paper: Paper) -> Sealed:
    """A paper in its one form. The same paper gives the same digest on any machine, in any year."""
    content = canonical_bytes(paper)
    return Sealed(digest(content), content)
