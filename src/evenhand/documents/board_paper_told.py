"""What a board paper is told: the papers of a case at one version, the gate's answer, and the item of the agenda."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from evenhand.papers import Appraisal, Decision, EvaluationPlan, Option, Paper, Plan, Proposal
from evenhand.terms.words import NOT_HELD, listed

if TYPE_CHECKING:
    from evenhand.data.suppression import Regime

P = TypeVar("P", bound=Paper)
IDENTIFIER = re.compile(r"\bperson/[\w-]+")
SOMEBODY = "somebody whose name is not held here"


@dataclass(frozen=True)
class Cited:
    """A paper with the digest it is cited by, and what its kind is called in public."""

    digest: str
    paper: Paper
    kind: str

    @property
    def version(self) -> int | None:
        """The version of the proposal it speaks of."""
        return self.paper.header.proposal_version

    @property
    def by_method(self) -> bool:
        """Whether its sentence was written by a method rather than by somebody."""
        return self.paper.header.method is not None


@dataclass(frozen=True)
class Gate:
    """What must be shown before it is decided: the sentence of the answer, and its fields as ``--json`` gives them."""

    sentence: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class OnAgenda:
    """The item of the meeting that the paper goes to. ``quorum`` says in a sentence whether it can be decided.

    ``prepared`` is the decision as it would stand if the item were approved, without votes and reasons.
    """

    body: str
    meeting: str
    on: str
    number: int
    title: str
    asked_to: str
    author: str = ""
    paper_sent: date | None = None
    clear_days: int | None = None
    quorum: str = ""
    aside: tuple[str, ...] = ()
    may_vote: tuple[str, ...] = ()
    prepared: Decision | None = None


@dataclass(frozen=True)
class Told:
    """Everything a board paper is written from. ``names`` says who an identifier is, where that is known."""

    subject: str
    version: int | None
    papers: tuple[Cited, ...]
    regime: Regime
    gate: Gate | None = None
    item: OnAgenda | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    invented: bool = False
    head: str = ""

    @cached_property
    def counting(self) -> tuple[Cited, ...]:
        """The papers about this version, and those about none."""
        return tuple(each for each in self.papers if each.version in (None, self.version))

    @cached_property
    def on_other_versions(self) -> tuple[Cited, ...]:
        """Papers about another version: they do not count for this one."""
        return tuple(each for each in self.papers if each not in self.counting)

    def all(self, kind: type[P]) -> tuple[P, ...]:
        """The papers of one kind that count, in the order they were left."""
        return tuple(each.paper for each in self.counting if isinstance(each.paper, kind))

    def cited(self, kind: type[P]) -> tuple[tuple[Cited, P], ...]:
        """The same, with their digests."""
        return tuple((each, each.paper) for each in self.counting if isinstance(each.paper, kind))

    def latest(self, kind: type[P]) -> P | None:
        """The newest of a kind."""
        found = self.all(kind)
        return found[-1] if found else None

    @cached_property
    def proposal(self) -> Proposal | None:
        """The version of the proposal it is about."""
        return self.latest(Proposal)

    @cached_property
    def decision(self) -> Decision | None:
        """What was decided on this version, if it was."""
        return self.latest(Decision)

    @property
    def to_be_said(self) -> Decision | None:
        """What was decided; before that, what was prepared for the item and stands only if it is approved."""
        return self.decision or (self.item.prepared if self.item else None)

    @cached_property
    def appraisal(self) -> Appraisal | None:
        """The newest comparison of its options."""
        return self.latest(Appraisal)

    @cached_property
    def plans(self) -> tuple[Plan, ...]:
        """The newest version of every plan that holds it."""
        return tuple({each.title: each for each in self.all(Plan)}.values())

    @cached_property
    def evaluation_plans(self) -> tuple[EvaluationPlan, ...]:
        """How it will be known: the newest plan for each question."""
        return tuple({each.question: each for each in self.all(EvaluationPlan)}.values())

    @property
    def change(self) -> Option | None:
        """The option that was chosen; before that, the first that changes something and is open."""
        options = self.proposal.options if self.proposal else ()
        chosen = [each for each in options if self.decision and each.id == self.decision.option]
        still = [each for each in options if not each.does_nothing and not each.closed_because]
        return next(iter((*chosen, *still)), None)

    @property
    def title(self) -> str:
        """What the case is called."""
        if self.proposal:
            return self.proposal.title
        named = self.subject.partition("/")[2].replace("-", " ")
        return named[:1].upper() + named[1:]

    def option(self, name: str) -> str:
        """An option by its words; where its wording is not held, what it means."""
        found = next((each for each in (self.proposal.options if self.proposal else ()) if each.id == name), None)
        if found is None:
            return name
        return found.title or found.what_it_means or NOT_HELD

    def person(self, who: str | None) -> str:
        """Somebody by name where that is known here; an identifier says nothing to a reader, and is not shown."""
        if not who:
            return NOT_HELD
        known = self.names.get(who) or self._bodies.get(who)
        return known or (SOMEBODY if IDENTIFIER.fullmatch(who) else who)

    def people(self, who: Iterable[str]) -> str:
        """Several of them in a list; those without a name here are counted."""
        called = [self.person(each) for each in who]
        strangers = called.count(SOMEBODY)
        if strangers < 2:
            return listed(called)
        return listed([*(each for each in called if each != SOMEBODY),
                       f"{strangers} people whose names are not held here"])

    def worded(self, text: str) -> str:
        """A text with people by their names in the place of identifiers."""
        said = IDENTIFIER.sub(lambda found: self.person(found[0]), text)
        return said[:1].upper() + said[1:]

    @cached_property
    def _bodies(self) -> dict[str, str]:
        """The bodies of the case by their codes."""
        bodies = [*(self.proposal.bodies if self.proposal else ()),
                  *(each.body for each in (self.decision.rulings if self.decision else ()))]
        return {each.code: each.name for each in bodies if each.code}

    @property
    def is_drafted(self) -> Callable[[Paper], bool]:
        """Whether the sentence of a paper was written by a method."""
        return lambda paper: paper.header.method is not None
