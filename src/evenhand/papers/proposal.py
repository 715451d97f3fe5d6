"""Proposal: what is put forward, in numbered versions, always beside doing nothing. Kept by the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from evenhand.papers.canonical import Json
from evenhand.papers.change_plan import ChangePlan
from evenhand.papers.facts import Body, Commitment, Source, Stated, When
from evenhand.papers.paper import Paper


@dataclass(frozen=True, kw_only=True)
class Option:
    """One thing that could be done. ``title`` is ``None`` where its wording is not in the sources we hold.

    An option that was closed says when and why: how a long list became a short one is what is challenged most.
    """

    id: str
    title: str | None = None
    does_nothing: bool = False
    what_it_means: str | None = None
    closed: date | None = None
    closed_because: str | None = None


def _as_it_was(content: dict[str, Json]) -> dict[str, Json]:
    """Schema 1 knew less of a change plan: what was not asked stays unsaid."""
    return content


@dataclass(frozen=True, kw_only=True)
class Proposal(Paper):
    """One version of a proposal. Everything said, scored or voted is bound to the version it was about.

    ``change_plan`` is how the change was to be managed as this version was put; a paper of its own says it since.
    """

    paper: ClassVar[str] = "proposal"
    schema: ClassVar[int] = 2
    upgrades = {1: _as_it_was}

    title: str
    service: str
    bodies: tuple[Body, ...]
    options: tuple[Option, ...]
    why: str | None = None
    raised: When | None = None
    spend: tuple[Stated, ...] | None = None
    people_affected: tuple[Stated, ...] | None = None
    change_plan: ChangePlan | None = None
    changed_since_last_version: str | None = None
    written_by: str | None = None
    wording: Commitment | None = None
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        if self.header.proposal_version is None or self.header.proposal_version < 1:
            raise ValueError("a proposal is numbered from 1 in its header's proposal_version")
        names = [option.id for option in self.options]
        if len(set(names)) != len(names):
            raise ValueError(f"two options have the same name: {', '.join(sorted(names))}")
        if sum(option.does_nothing for option in self.options) != 1:
            raise ValueError("a proposal's options hold doing nothing, once")

    @property
    def version(self) -> int:
        """The number of this version."""
        assert self.header.proposal_version is not None
        return self.header.proposal_version

    def option(self, name: str) -> Option:
        """The option of that name. Raises ``KeyError``."""
        return {option.id: option for option in self.options}[name]
