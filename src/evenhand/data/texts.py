"""A file of plain text as a method reads it, where it is neither a table nor JSON: a codebook, a file of ballots."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from evenhand.data import reading
from evenhand.data.tables import Opened, Source, sample
from evenhand.terms import refuse


@dataclass(frozen=True)
class Text:
    """A text with the name and digest it is known by."""

    name: str
    digest: str
    content: str


def read_text(source: Source) -> Text:
    """Open a text: a path, ``-``, ``sample:NAME`` or an ``Opened``.

    Raises ``Refused`` for what is missing, empty, or not text in UTF-8 (a byte order mark is taken off).
    """
    if isinstance(source, Text):
        return source
    path = source.path if isinstance(source, Opened) else str(source)
    given = source.content if isinstance(source, Opened) else None
    content = (given if given is not None else sys.stdin.buffer.read() if path == "-"
               else reading.bytes_of(sample(path) if path.startswith("sample:") else Path(path)))
    label = "standard input" if path == "-" else path
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse("this is not text in UTF-8", "save it as plain text in UTF-8", file=label) from None
    if not words.strip() or "\x00" in words:
        raise refuse("the file is empty" if not words.strip() else "this is not text", "give a file of plain text",
                     file=label)
    return Text(label, reading.digest_of(content), words.replace("\r\n", "\n"))
