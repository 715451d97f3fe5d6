"""A paper for a meeting, before anybody sets it in type: sections of sentences, lists, tables and pictures.

The Word file and the PDF are both set from these values. A sentence that the program wrote carries a mark until
somebody adopts its section; a paper is a draft until somebody signs it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from evenhand.papers.canonical import canonical_bytes, digest

if TYPE_CHECKING:
    from evenhand.figures import Figure

MARK = "†"
DRAFT = "DRAFT: not signed by anybody yet"
ABOUT_THE_MARK = f"{MARK} Written by the program from the papers held; nobody has adopted this sentence yet."
INVENTED = "Invented county: nobody and nothing here is real."


@dataclass(frozen=True)
class Said:
    """One sentence or short paragraph; ``drafted`` where the program wrote it. ``label`` stands before it in bold."""

    text: str
    drafted: bool = False
    label: str = ""


@dataclass(frozen=True)
class Lines:
    """Sentences under each other, or a list with bullets; ``lead`` sets them larger."""

    said: tuple[Said, ...]
    bulleted: bool = False
    lead: bool = False


@dataclass(frozen=True)
class Under:
    """A heading within a section."""

    title: str


@dataclass(frozen=True)
class Grid:
    """A table: its headings are repeated on every page, its first column names the row.

    ``numeric`` are the places of columns set to the right; ``widths`` are shares of the width of the page.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    widths: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        assert all(len(row) == len(self.headings) for row in self.rows), f"a row of “{self.title}” does not fit"
        object.__setattr__(self, "rows", tuple(tuple(map(cell, row)) for row in self.rows))

    @property
    def shares(self) -> tuple[float, ...]:
        """The widths of its columns, adding up to one."""
        given = self.widths or (1.0,) * len(self.headings)
        return tuple(each / sum(given) for each in given)


@dataclass(frozen=True)
class Picture:
    """A chart with its title; what it shows is said in its alternative text."""

    figure: Figure


Block: TypeAlias = "Lines | Under | Grid | Picture"


@dataclass(frozen=True)
class Section:
    """One part of a paper. ``adopted_by`` says who adopted the sentences that the program wrote, and when."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    adopted_by: str = ""

    @property
    def drafted(self) -> int:
        """How many of its sentences the program wrote."""
        return sum(each.drafted for block in self.blocks if isinstance(block, Lines) for each in block.said)

    @property
    def is_marked(self) -> bool:
        """Whether any of its sentences still carries the mark."""
        return bool(self.drafted) and not self.adopted_by

    @property
    def digest(self) -> str:
        """What its words are known by, whoever adopted them."""
        return digest(canonical_bytes([self.id, self.title, [_plain(block) for block in self.blocks]]))


@dataclass(frozen=True)
class Signature:
    """Who signed, as they are called, and on which day."""

    by: str
    on: date

    @property
    def words(self) -> str:
        """As it stands at the head of the paper."""
        return f"Signed by {self.by} on {self.on.day} {self.on:%B %Y}"


@dataclass(frozen=True)
class BoardPaper:
    """The whole paper. ``facts`` are lines of its head: meeting, item, author.

    ``standing`` says of a paper that nobody signs what it is; ``short`` sets it closer, to fit a page.
    """

    kind: str
    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    invented: bool = False
    signature: Signature | None = None
    short: bool = False
    standing: str = ""

    @property
    def status(self) -> str:
        """Whether it is signed, in words; of what is never signed, what it is instead."""
        return self.standing or (self.signature.words if self.signature else DRAFT)

    @property
    def is_draft(self) -> bool:
        """Whether it waits for a signature."""
        return self.signature is None and not self.standing

    @property
    def is_marked(self) -> bool:
        """Whether any sentence still carries the mark."""
        return any(each.is_marked for each in self.sections)

    @property
    def digest(self) -> str:
        """What its content is known by: every section and fact; neither who adopted nor who signed is in it."""
        return digest(canonical_bytes([self.kind, self.title, [list(each) for each in self.facts],
                                       [each.digest for each in self.sections]]))

    def section(self, name: str) -> Section | None:
        """The section of that name."""
        return next((each for each in self.sections if each.id == name), None)

    def adopted(self, by_section: Mapping[str, str]) -> BoardPaper:
        """The paper with who adopted which section."""
        return replace(self, sections=tuple(replace(each, adopted_by=by_section.get(each.id, each.adopted_by))
                                            for each in self.sections))

    def signed(self, signature: Signature) -> BoardPaper:
        """The paper with a signature in place of DRAFT. Raises ``ValueError`` while a sentence carries the mark."""
        if self.is_marked:
            raise ValueError("a paper with sentences that nobody adopted is not signed")
        return replace(self, signature=signature)


def _plain(block: Block) -> list[Any]:
    if isinstance(block, Lines):
        return ["lines", [[each.label, each.text, each.drafted] for each in block.said]]
    if isinstance(block, Under):
        return ["under", block.title]
    if isinstance(block, Grid):
        return ["grid", block.title, list(block.headings), [list(row) for row in block.rows]]
    return ["picture", block.figure.title, block.figure.sentence, [list(row) for row in block.figure.table.written()]]


# --- how blocks are written, in short ---------------------------------------------------------------------------------


def lines(*said: Said | str, bulleted: bool = False, lead: bool = False) -> tuple[Block, ...]:
    """Sentences as a block; nothing where there are none. A plain text is somebody's own words."""
    kept = tuple(Said(each) if isinstance(each, str) else each for each in said)
    kept = tuple(replace(each, text=sentence(each.text)) for each in kept if each.text.strip())
    return (Lines(kept, bulleted, lead),) if kept else ()


def drafted(text: str, label: str = "") -> Said:
    """A sentence that the program wrote."""
    return Said(text, drafted=True, label=label)


def sentence(text: str) -> str:
    """A text with a capital at its start and an end at its end."""
    whole = " ".join(text.split())
    if not whole:
        return whole
    return _capital(whole) + whole[1:] + ("" if whole[-1] in ".!?:;…”" else ".")


def cell(text: str) -> str:
    """A text as it stands in a table: with a capital, and a dash where there is none."""
    whole = " ".join(text.split())
    return _capital(whole) + whole[1:] if whole else "–"


def _capital(text: str) -> str:
    """How a text begins: the name of a file and a fingerprint keep their small letter."""
    first = text.split()[0]
    return text[:1] if "/" in first or _FINGERPRINT.fullmatch(first) else text[:1].upper()


def marked(each: Said, section: Section) -> str:
    """The sentence with the mark where it still carries it."""
    return f"{each.text} {MARK}" if each.drafted and section.is_marked else each.text


_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def legible(text: str) -> str:
    """A text without what no document can hold: control characters and halves of characters."""
    return _UNWANTED.sub("", text)


def right_to_left(text: str) -> bool:
    """Whether a text is read from the right: its first letter with a direction says so."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((each in ("R", "AL") for each in directions if each in ("L", "R", "AL")), False)


def changed(paper: BoardPaper, write: Callable[[str], str]) -> BoardPaper:
    """The paper with every text written anew; what setters use to leave out what they cannot set."""
    def block(each: Block) -> Block:
        if isinstance(each, Lines):
            return replace(each, said=tuple(replace(one, text=write(one.text), label=write(one.label))
                                            for one in each.said))
        if isinstance(each, Under):
            return Under(write(each.title))
        if isinstance(each, Grid):
            return replace(each, title=write(each.title), headings=_all(each.headings, write),
                           rows=tuple(_all(row, write) for row in each.rows))
        return each

    signature = replace(paper.signature, by=write(paper.signature.by)) if paper.signature else None
    return replace(paper, title=write(paper.title), signature=signature,
                   facts=tuple((write(name), write(value)) for name, value in paper.facts),
                   sections=tuple(replace(each, title=write(each.title), adopted_by=write(each.adopted_by),
                                          blocks=tuple(map(block, each.blocks))) for each in paper.sections))


def _all(texts: Sequence[str], write: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(write(each) for each in texts)
