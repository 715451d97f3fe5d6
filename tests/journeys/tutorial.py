"""The steps of the tutorial, read from the page that a newcomer follows, so that the two cannot part.

A step on a page is a paragraph that begins with "Open" and an address in backticks, perhaps "as" and a person's name
in bold. Then comes a picture, and a paragraph that begins with "*Notice:*": what it quotes stands on that page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorial" / "an-invented-county.md"
_OPEN = re.compile(r"^Open `(?P<path>/[^`]*)`(?P<rest>[^!]*?)$\s+!\[(?P<alt>[^\]]+)\]\((?P<picture>[^)]+)\)\s+"
                   r"^\*Notice:\*(?P<notice>(?:.+\n)+)", re.M)
_AS = re.compile(r"\bas \*\*(?P<name>[^*]+)\*\*")


@dataclass(frozen=True)
class Step:
    """Open this page, perhaps as somebody; it is in this picture; these words stand on it."""

    path: str
    name: str
    picture: Path
    quoted: tuple[str, ...]


def steps() -> list[Step]:
    """Every step on a page, in order."""
    found = []
    for match in _OPEN.finditer(PAGE.read_text("utf-8")):
        named = _AS.search(match["rest"])
        notice = " ".join(match["notice"].split())
        found.append(Step(match["path"], named["name"] if named else "",
                          (PAGE.parent / match["picture"]).resolve(), tuple(re.findall("“([^”]+)”", notice))))
    return found
