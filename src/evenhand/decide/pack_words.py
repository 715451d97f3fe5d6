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


@dataclass(frozen=True)
class Spoken:
    """The words of one day."""

    words: Mapping[str, str]

    @classmethod
    def of(cls, day: date | None) -> Spoken:
        """The words in use on a day; today's where none is known. A day before the first word takes the first."""
        chosen = {}
        for name, rows in _vocabulary().items():
            then = [row["word"] for row in rows if day is None or "from" not in row or row["from"] <= day]
            chosen[name] = then[-1] if then else rows[0]["word"]
        return cls(chosen)

    def said(self, text: str) -> str:
        """A text with the words of the day in their places. Raises ``KeyError`` for a word nobody knows."""
        return text.format_map(self.words)


@cache
def _vocabulary() -> Mapping[str, list[dict[str, Any]]]:
    document = tomllib.loads(reading.bytes_of(VOCABULARY).decode())
    return {name: rows for name, rows in document.items() if isinstance(rows, list)}
