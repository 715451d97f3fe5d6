"""Heads and Receipt: what the record says about itself. Left by the record on the installation's own chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from evenhand.papers.paper import Paper


@dataclass(frozen=True, kw_only=True)
class Head:
    """The last entry of one chain: which subject, how many entries, and the hash that covers them all."""

    subject: str
    number: int
    hash: str


@dataclass(frozen=True, kw_only=True)
class Heads(Paper):
    """The heads of all chains on one day. Whoever holds a published copy can prove that nothing was rewritten."""

    paper: ClassVar[str] = "heads"

    day: date
    heads: tuple[Head, ...]


@dataclass(frozen=True, kw_only=True)
class Receipt(Paper):
    """That a hand-over pack arrived whole: its digest, and what was in it. The same pack gives the same receipt."""

    paper: ClassVar[str] = "receipt"

    pack: str
    chains: tuple[Head, ...]
    papers: int
    entries: int
    erased: int
    files: tuple[str, ...] = ()
