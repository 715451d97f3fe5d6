"""What must be shown of one case, as its page says it: verdict, weakest links, then test by test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from evenhand.decide import gate
from evenhand.decide.gate_view import View
from evenhand.decide.judging import may_apply, ways
from evenhand.decide.pack import Pack, Rule, packs_on
from evenhand.decide.pack_words import Spoken, of_whom
from evenhand.figures import Answer
from evenhand.people.rights import Person, bodies_for
from evenhand.record.app import queries as record
from evenhand.web import cases, loaded
from evenhand.web.case_page import PAPER_NAMES, CasePage

ACTION = "sign a judgement"
MARKS = {"met": "green", "not met": "red", "no evidence held": "yellow", "not applicable": "grey"}


@dataclass(frozen=True)
class Rests:
    """A paper that was looked at: its name in public words, its version, whether it counts, and where it is."""

    name: str
    version: int | None
    counts: bool
    link: str


@dataclass(frozen=True)
class Asked:
    """One test and how the case stands to it."""

    pack: str
    id: str
    question: str
    answer: str
    because: str
    missing: str
    owed_by: str
    due: str
    evidence: tuple[Rests, ...]
    can_be_judged: bool

    @property
    def mark(self) -> str:
        """The colour of its answer, which stands in words beside it."""
        return MARKS[self.answer]


@dataclass(frozen=True)
class Rules:
    """One set of rules with its tests."""

    id: str
    title: str
    source: str
    address: str | None
    in_force: str
    tests: tuple[Asked, ...]


@dataclass(frozen=True)
class Shown:
    """All of it."""

    answer: Answer
    irreproachable: bool
    weakest: tuple[Asked, ...]
    rules: tuple[Rules, ...]
    counts: Mapping[str, int]
    version: int | None
    on: str


def shown_of(page: CasePage, *, today: date) -> Shown | None:
    """What must be shown of a case, by the rules of the day it was decided or else of today; ``None`` with nothing."""
    if page.proposal is None:
        return None
    digests = tuple(each.digest for each in page.held)
    on = _on(page, today)
    return loaded.remembered(("must be shown", page.name, on, *digests), lambda: _shown(page, on))


def view_of(page: CasePage) -> View:
    """The case as the rules look at it."""
    return View(record.held(f"{cases.CASE}{page.name}"))


def rule_of(page: CasePage, pack: str, test: str, *, today: date) -> tuple[Pack, Rule] | None:
    """One test of the rules asked of a case on its day, if there is such a one."""
    day = view_of(page).day()[0] if page.decision else today
    found = [(each, rule) for each in packs_on(day) if each.id == pack for rule in each.tests if rule.id == test]
    return found[0] if found else None


def said_of(rule: Rule, pack: Pack, page: CasePage, *, today: date) -> Spoken:
    """The words of the case's day, in which a test is asked."""
    return Spoken.of(view_of(page).day()[0] if page.decision else today, invented=page.invented, own=pack.vocabulary)


def body_for(person: Person, page: CasePage) -> str:
    """The body for which this person may sign a judgement of a case; nothing where there is none."""
    owners = {*(entry.organisation for entry in page.entries if entry.organisation), *page.codes}
    return next((each for each in bodies_for(person, ACTION) if each in owners), "")


def _on(page: CasePage, today: date) -> str | None:
    return None if page.decision else today.isoformat()


def _shown(page: CasePage, on: str | None) -> Shown:
    answer = gate(record.held(f"{cases.CASE}{page.name}"), on=on)
    fields = answer.fields
    asked = packs_on(date.fromisoformat(fields["on"]) if fields["on"] else None)
    known = {(pack.id, rule.id): rule for pack in asked for rule in pack.tests}
    tests = [_test(each, known, page) for each in fields["tests"]]
    by_name = {(each.pack, each.id): each for each in tests}
    rules = tuple(Rules(each["id"], each["title"], each["source"], each["address"], each["in_force"],
                        tuple(test for test in tests if test.pack == each["id"])) for each in fields["packs"])
    weakest = tuple(by_name[each["pack"], each["id"]] for each in fields["weakest"])
    day = date.fromisoformat(fields["on"]) if fields["on"] else None
    return Shown(answer, fields["verdict"] == "irreproachable", weakest, rules, fields["counts"],
                 fields["proposal_version"], f"{day.day} {day:%B %Y}" if day else "")


def _test(said: Mapping[str, Any], known: Mapping[tuple[str, str], Rule], page: CasePage) -> Asked:
    rule = known.get((said["pack"], said["id"]))
    rests = tuple(Rests(PAPER_NAMES[each["paper"]], each["version"], each["counts"],
                        each["digest"].removeprefix("sha256:")) for each in said["evidence"])
    return Asked(said["pack"], said["id"], said["question"], said["answer"], _named(said["because"], page),
                said["missing"] or "", of_whom(said["owed_by"] or "", invented=page.invented), _when(said["due"] or ""),
                tuple(dict.fromkeys(rests)), rule is not None and bool(ways(rule) or may_apply(rule)))


def _when(due: str) -> str:
    """A day as a reader says it; other words as they are."""
    try:
        day = date.fromisoformat(due)
    except ValueError:
        return due
    return f"by {day.day} {day:%B %Y}"


def _named(because: str, page: CasePage) -> str:
    """The reasons with people by their names: papers hold identifiers only."""
    signers = frozenset(each.signed_by for each in page.judgements if each.signed_by)
    for identifier, name in sorted(cases.names_of(signers).items(), key=lambda each: -len(each[0])):
        because = because.replace(f"by {identifier} ", f"by {name} ").replace(f"by {identifier}:", f"by {name}:")
    return because
