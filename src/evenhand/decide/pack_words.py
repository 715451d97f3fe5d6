"""What bodies were called at the time: the vocabulary of rule packs by date, and words that a pack brings itself."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from evenhand.decide.pack_files import VOCABULARY, shipped
from evenhand.papers import plain
from evenhand.papers.shape import taken
from evenhand.terms import refuse

KINDS = ("integrated care board", "clinical commissioning group", "primary care trust")


@dataclass(frozen=True, kw_only=True)
class Word:
    """What something was called from a day on; the first of several has no day."""

    word: str
    since: date | None = None


Vocabulary = Mapping[str, tuple[Word, ...]]


@dataclass(frozen=True)
class Spoken:
    """The words of one day."""

    words: Mapping[str, str]
    invented: bool = False

    @classmethod
    def of(cls, day: date | None, *, invented: bool = False, own: Vocabulary | None = None) -> Spoken:
        """The words in use on a day; today's where none is known. A day before the first word takes the first.

        ``own`` are words that a pack brings: new ones, or others for those there are. An invented county's commissioner
        is called just that: it is of none of England's kinds.
        """
        chosen = {}
        for name, rows in {**_vocabulary(), **(own or {})}.items():
            then = [row for row in rows if day is None or row.since is None or row.since <= day]
            chosen[name] = (then or rows)[-1 if then else 0].word
        return cls(chosen, invented)

    def said(self, text: str) -> str:
        """A text with the words of the day in their places. Raises ``KeyError`` for a word nobody knows."""
        return of_whom(text.format_map(self.words), invented=self.invented)


def of_whom(text: str, *, invented: bool) -> str:
    """Who owes something, in words that fit: an invented commissioner is of none of England's kinds.

    >>> of_whom("secretary of the integrated care board's board", invented=True)
    "secretary of the commissioner's board"
    """
    for kind in KINDS if invented else ():
        text = text.replace(f"an {kind}", "a commissioner").replace(kind, "commissioner")
    return text


def vocabulary_in(said: object) -> dict[str, tuple[Word, ...]]:
    """The words that a file brings, each with the day from which it held. Raises ``Refused`` and ``Misshapen``."""
    if not isinstance(said, dict):
        raise refuse("a vocabulary gives its words by name", "write [[vocabulary.board]] with word, and from when")
    found = {}
    for name, rows in said.items():
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            raise refuse("a word of the vocabulary has at least one row", f"write [[vocabulary.{name}]] with word",
                         value=name)
        if not str(name).isidentifier():
            raise refuse("the name of a word is letters, with _ between them", "name it otherwise", value=name)
        words = tuple(taken(Word, {"since" if key == "from" else key: plain(each) for key, each in row.items()},
                            f"vocabulary.{name}") for row in rows)
        days = [word.since for word in words[1:]]
        if any(day is None for day in days) or days != sorted(days, key=str) or any(not each.word for each in words):
            raise refuse("the rows of a word run from oldest to newest, each after the first with its day",
                         "give each a from", value=name)
        found[str(name)] = words
    return found


@cache
def _vocabulary() -> Vocabulary:
    document = tomllib.loads(shipped(VOCABULARY).decode())
    return vocabulary_in({name: rows for name, rows in document.items() if isinstance(rows, list)})
