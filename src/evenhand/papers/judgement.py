"""Judgement: what a named person judged of one test, with reasons. Left by *decide*."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from evenhand.papers.canonical import Json
from evenhand.papers.facts import Source
from evenhand.papers.paper import Paper


def _of_nobody_above(content: dict[str, Json]) -> dict[str, Json]:
    """Schema 1 knew only judgements of those who decide, and none of a court."""
    return content


@dataclass(frozen=True, kw_only=True)
class Judgement(Paper):
    """One judgement of one version: whether a test applies, or whether it is met, or who owes what is missing.

    ``test`` is empty where the whole pack is meant; ``limb`` names one of several ways to meet a test. ``relies_on``
    are the digests of the papers it rests on. Without reasons and a signature (an identifier) it proves nothing.
    ``court`` names the court that found so, afterwards and over those who decided, with its ruling as a source.
    """

    paper: ClassVar[str] = "judgement"
    schema: ClassVar[int] = 2
    upgrades = {1: _of_nobody_above}

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
    court: str | None = None
    sources: tuple[Source, ...] = ()
