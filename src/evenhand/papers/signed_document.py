"""SignedDocument: that a named person signed a document, and which bytes it was. Left by *decide*."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from evenhand.papers.canonical import is_digest
from evenhand.papers.paper import Paper


@dataclass(frozen=True, kw_only=True)
class SignedFile:
    """One file of it, by its name and the digest of its bytes."""

    name: str
    digest: str

    def __post_init__(self) -> None:
        if not is_digest(self.digest):
            raise ValueError(f"{self.name} is named by a digest, not by {self.digest!r}")


@dataclass(frozen=True, kw_only=True)
class AdoptedPart:
    """One part of it, by the digest of its words, and who adopted what the program wrote there.

    ``adopted_by`` is ``None`` where the program wrote nothing in it.
    """

    part: str
    digest: str
    adopted_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class SignedDocument(Paper):
    """A document made from papers, as it was signed. Its words are not in here: they may name people.

    ``content`` is the digest of what it says, whoever signs; a document whose content has another digest is another
    one, and a draft. ``signed_by`` is an identifier.
    """

    paper: ClassVar[str] = "signed-document"

    document: str
    title: str
    content: str
    parts: tuple[AdoptedPart, ...]
    files: tuple[SignedFile, ...]
    signed_by: str
    signed: date

    def __post_init__(self) -> None:
        if not self.files or not self.signed_by.strip():
            raise ValueError("what is signed has at least one file, and somebody who signed it")
