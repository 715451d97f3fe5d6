"""What bodies were called at the time: the vocabulary of rule packs by date."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from evenhand.data import reading

VOCABULARY = Path(__file__).parent / "packs" / "vocabulary.toml"
KINDS = ("integrated care board", "clinical commissioning group", "primary care trust")


@dataclass(frozen=True)
class Spoken:
    """The words of one day."""

    words: Mapping[str, str]
    invented: bool = False

    @classmethod
    def of(cls, day: date | None, *, invented: bool = False) -> Spoken:
        """The words in use on a day; today's where none is known. A day before the first word takes the first.

        An invented county's commissioner is called just that: it is of none of England's kinds.
        """
        chosen = {}
        for name, rows in _vocabulary().items():
            then = [row["word"] for row in rows if day is None or "from" not in row or row["from"] <= day]
            chosen[name] = then[-1] if then else rows[0]["word"]
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


@cache
def _vocabulary() -> Mapping[str, list[dict[str, Any]]]:
    document = tomllib.loads(reading.bytes_of(VOCABULARY).decode())
    return {name: rows for name, rows in document.items() if isinstance(rows, list)}
