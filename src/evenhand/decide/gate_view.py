"""A case as rules look at it: the papers of one version, what a field of a paper says, and on which days."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from typing import Any

from evenhand.decide.pack_checks import Check, Words
from evenhand.papers import Decision, Judgement, Option, Paper, PlannedChange, Proposal, Voices
from evenhand.record import CaseFile
from evenhand.terms import Month, Span, refuse

IN_WORDS = {
    "opportunity": "figure that prompted it", "engagement-plan": "plan of who must be heard",
    "voices": "account of who was heard", "appraisal": "comparison of the options",
    "scheme-list": "list of schemes it began from", "plan": "plan",
    "change-plan": "plan of how the change will be managed",
    "evaluation-plan": "plan for finding out whether it worked",
    "judgement": "signed judgement", "statement": "statement of backing",
    "provider-selection": "choice of a provider", "decision": "decision",
    "programme": "report on whether it is happening",
    "finding": "finding", "lesson": "lesson", "proposal": "proposal", "evidence": "piece of evidence",
    "assessment": "assessment of who may be better or worse off",
}


INVENTED = b"Invented county: nobody and nothing here is real"
"""What the papers of an invented county say of themselves."""
CITED_YEAR = re.compile(r"\[((?:19|20)\d\d)\] [A-Z]")
"""The year in the citation of a ruling: [2013] EWHC 439."""


@dataclass(frozen=True)
class Held:
    """One paper with the digest it is cited by, and the number and moment of its entry where there is a chain."""

    digest: str
    paper: Paper
    entered: int | None = None
    entered_on: date | None = None

    @property
    def version(self) -> int | None:
        """The version of the proposal it speaks of."""
        return self.paper.header.proposal_version


@dataclass(frozen=True)
class View:
    """The papers of a case beside the version of the proposal that is asked about."""

    case: CaseFile
    asked_version: int | None = None

    @cached_property
    def invented(self) -> bool:
        """Whether its papers say that they are an invented county's."""
        return any(INVENTED in each.bytes for each in self.case.papers)

    @cached_property
    def held(self) -> tuple[Held, ...]:
        """Every paper, in the order entered."""
        first: dict[str, tuple[int, date | None]] = {}
        for entry in self.case.entries:
            for digest in entry.papers:
                first.setdefault(digest, (entry.number, _day_of(entry.at)))
        found = tuple(Held(each.digest, each.paper(), *first.get(each.digest, (None, None)))
                      for each in self.case.papers)
        return tuple(one for each in found for one in (each, *_planned_in(each)))

    @cached_property
    def version(self) -> int | None:
        """The version asked about; else the newest proposal's. Raises ``Refused`` for one that is not held."""
        held = sorted({each.paper.version for each in self.held if isinstance(each.paper, Proposal)})
        if self.asked_version is not None and self.asked_version not in held:
            there = ", ".join(map(str, held)) or "none"
            raise refuse("the case holds no proposal of this version", f"versions held: {there}",
                         column="--proposal-version", value=self.asked_version)
        return self.asked_version if self.asked_version is not None else held[-1] if held else None

    @property
    def this_version(self) -> str:
        """In words: version 2."""
        return f"version {self.version}" if self.version is not None else "any version of the proposal"

    def counting(self, check: Check) -> tuple[Held, ...]:
        """The papers that count for a check, oldest first: of its kind, with its words, of this version."""
        return tuple(each for each in self._matching(check) if self._counts(each, check))

    def passed_over(self, check: Check) -> tuple[Held, ...]:
        """Papers that would count if they were of this version."""
        return tuple(each for each in self._matching(check) if not self._counts(each, check))

    def of(self, kind: str) -> tuple[Held, ...]:
        """The papers of one kind and of this version, oldest first."""
        return tuple(each for each in self.held if each.paper.paper == kind and self.version is not None
                     and each.version == self.version)

    def of_any_version(self, kind: str) -> tuple[Held, ...]:
        """The papers of one kind, of whatever version, oldest first."""
        return tuple(each for each in self.held if each.paper.paper == kind)

    def newest(self, kind: str) -> Held | None:
        """The newest of these; where no order of entry is known, the last in the order given."""
        found = self.of(kind)
        return found[-1] if found else None

    def _matching(self, check: Check) -> Iterator[Held]:
        for each in self.held:
            if each.paper.paper == check.paper and _has_all(each.paper, check.where) and not (
                    check.but_not and _has_all(each.paper, check.but_not)
                    and not (check.unless and _has_all(each.paper, check.unless))):
                yield each

    def _counts(self, each: Held, check: Check) -> bool:
        if self.version is None:
            return False
        return each.version == self.version or (check.version == "same or none" and each.version is None)

    @property
    def has_order(self) -> bool:
        """Whether the record says in which order papers were left."""
        return bool(self.case.entries)

    @property
    def proposal(self) -> Proposal | None:
        """The proposal of this version."""
        found = self.newest("proposal")
        return found.paper if found and isinstance(found.paper, Proposal) else None

    @property
    def options(self) -> tuple[Option, ...]:
        """Its options; none where it is not held."""
        return self.proposal.options if self.proposal else ()

    @property
    def decided(self) -> tuple[date, date] | None:
        """First and last day on which this version may have been decided."""
        found = self.newest("decision")
        if found is None or not isinstance(found.paper, Decision):
            return None
        spans = [days(each.decided) for each in found.paper.rulings if each.decided]
        return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None

    def day(self) -> tuple[date | None, str]:
        """The day whose rules apply, and why that day: decided, else last heard, else raised, else ruled on by a court.

        Of a ruling the year alone is held, in its citation; its first day is taken, as the ruling came after what it
        speaks of.
        """
        if self.decided:
            return self.decided[1], "the day it was decided"
        heard = [each.paper for each in self.of("voices") if isinstance(each.paper, Voices)]
        if closed := [day for each in heard if (day := each.closed or each.opened)]:
            return max(closed), "the last day people were asked"
        if self.proposal and self.proposal.raised:
            return days(self.proposal.raised)[1], "the day it was raised"
        if ruled := self._ruled():
            year, court = min(ruled)
            return date(year, 1, 1), f"the first day of the year in which the {court} ruled: no day before that is held"
        return None, "no day is held, so the rules of today"

    def _ruled(self) -> list[tuple[int, str]]:
        """The years of courts' rulings on this version, as their citations give them, each with its court."""
        rulings = [each.paper for each in self.of("judgement") if isinstance(each.paper, Judgement)]
        return [(int(found[1]), each.court) for each in rulings if each.court for source in each.sources
                if (found := CITED_YEAR.search(source.title))]

    def judgements(self, pack: str, test: str) -> tuple[Held, ...]:
        """The judgements of one test, or of its whole pack, on this version, oldest first."""
        return tuple(each for each in self.of("judgement") if isinstance(each.paper, Judgement)
                     and each.paper.pack == pack and each.paper.test in ("", test))


def _planned_in(held: Held) -> Iterator[Held]:
    """The change plan that a proposal holds in itself, as if it had been left beside it."""
    if isinstance(held.paper, Proposal) and held.paper.change_plan is not None:
        yield replace(held, paper=PlannedChange(header=held.paper.header, change=held.paper.change_plan,
                                                written_by=held.paper.written_by))


def _has_all(paper: Paper, wanted: Words) -> bool:
    return all(has_words(getattr(paper, name, None), words) for name, words in wanted.items())


def has_words(value: object, words: tuple[str, ...]) -> bool:
    """Whether a word of a text begins with one of these, in any case: *equality* does not begin with *quality*."""
    text = str(value or "")
    return any(re.search(rf"\b{re.escape(word)}", text, flags=re.IGNORECASE) for word in words)


def values_at(thing: Any, path: str) -> list[Any]:
    """What stands at a path of fields; a list on the way gives each of its items. ``None`` where nothing is said."""
    name, _, rest = path.partition(".")
    value = part_of(thing, name)
    if not rest:
        return [value]
    if isinstance(value, tuple):
        return [found for each in value for found in values_at(each, rest)]
    return [None] if value is None else values_at(value, rest)


def part_of(thing: Any, name: str) -> Any:
    """A field of a paper or of an item in it. Raises ``Refused`` where a rule pack asks for one there is not."""
    if not hasattr(thing, name):
        raise refuse(f"a rule pack asks for a field that a {type(thing).__name__} does not have",
                     "see docs/reference/papers.md", value=name)
    return getattr(thing, name)


def is_said(value: object) -> bool:
    """Whether a value says something: missing and blank do not, nought and an empty list do."""
    return value is not None and not (isinstance(value, str) and not value.strip())


def items_of(paper: Paper, name: str) -> tuple[Any, ...] | None:
    """The items of a list in a paper. Raises ``Refused`` where a rule pack asks for a list and there is none."""
    items = part_of(paper, name)
    if items is not None and not isinstance(items, tuple):
        raise refuse("a rule pack asks for a list where the paper holds something else", "name a field that holds one",
                     value=name)
    return items


def _day_of(moment: str) -> date | None:
    """The day of an entry; none where the record was altered so that it is no moment."""
    try:
        return date.fromisoformat(moment[:10])
    except ValueError:
        return None


def is_silent_when_empty(paper: Paper, path: str) -> bool:
    """Whether a list that nobody filled in is empty rather than missing, so that empty does not say *none*."""
    return any(each.name == path and each.default == () for each in fields(paper))


def days(when: date | Month | Span) -> tuple[date, date]:
    """The first and the last day that a day, a month or a span of months may mean."""
    if not isinstance(when, date | Month | Span):
        raise refuse("a rule pack asks for a day where the paper holds something else", "name a field that holds a day",
                     value=when)
    if isinstance(when, Span):
        return days(when.first)[0], days(when.last)[1]
    if isinstance(when, Month):
        return when.first_day(), date(when.year, when.number, monthrange(when.year, when.number)[1])
    return when, when
