"""Judgement: what a named person judged of one test, with reasons. Left by *decide*."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from evenhand.papers.facts import Source
from evenhand.papers.paper import Paper


@dataclass(frozen=True, kw_only=True)
class Judgement(Paper):
    """One judgement of one version: whether a test applies, or whether it is met, or who owes what is missing.

    ``test`` is empty where the whole pack is meant; ``limb`` names one of several ways to meet a test. ``relies_on``
    are the digests of the papers it rests on. Without reasons and a signature (an identifier) it proves nothing.
    """

    paper: ClassVar[str] = "judgement"

    pack: str
    test: str = ""
    limb: str | None = None
    applies: bool | None = None
    met: bool | None = None
    because: str | None = None
    relies_on: tuple[str, ...] = ()
    signed_by: str | None = None
    judged: date | None = None
    owed_by: str | None = None
    due: date | None = None
    sources: tuple[Source, ...] = ()
