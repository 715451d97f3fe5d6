"""The levers by which a change may be made to happen: what is published of each, and how each went here."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from evenhand.catalogue import Catalogue
from evenhand.papers import ChangePlan, Finding, Paper, PlannedChange, Proposal
from evenhand.papers.shape import taken
from evenhand.terms import closest
from evenhand.terms.words import counted, listed

FILE = Path(__file__).with_name("levers.toml")


@dataclass(frozen=True)
class Study:
    """What one published study found of a lever, whether it helped or not."""

    found: str
    study: str
    source: str
    direction: Literal["helped", "no difference seen", "harmed"]
    address: str = ""


@dataclass(frozen=True)
class Lever:
    """One way of making a change happen, and the question to ask before it is chosen."""

    name: str
    title: str
    what: str
    asks: str
    evidence: tuple[Study, ...] = ()


@dataclass(frozen=True)
class Tried:
    """One change here that used a lever: its case, what it is called, and the newest verdict on it, if there is one."""

    subject: str
    title: str
    verdict: str | None


@dataclass(frozen=True)
class Here:
    """A lever with the changes here that used it, oldest first."""

    lever: Lever
    tried: tuple[Tried, ...]

    @property
    def sentence(self) -> str:
        """How it went here, in words."""
        if not self.tried:
            return "Never tried here, as far as the papers we hold say."
        judged = [each.verdict for each in self.tried if each.verdict]
        ways = [f"{judged.count(verdict)} {words}" for verdict, words in VERDICTS.items() if verdict in judged]
        said = f"Used in {counted(len(self.tried), 'change')} here: "
        waiting = len(self.tried) - len(judged)
        if waiting:
            ways.append(f"{waiting} not judged yet")
        return f"{said}{listed(ways)}. Each used other levers too, so none of this is the lever's alone."


VERDICTS = {"worked": "worked", "faded": "worked and faded", "did not work": "did not work",
            "cannot tell": "could not be told"}
"""What a finding may say, in the order it is told."""


@cache
def levers() -> Catalogue[Lever]:
    """Every lever of the catalogue, by name."""
    said = tomllib.loads(FILE.read_text(encoding="utf-8"))["lever"]
    return Catalogue("lever", [_lever(each) for each in said])


def _lever(said: dict[str, Any]) -> Lever:
    lever: Lever = taken(Lever, {"evidence": [], **said})
    return lever


def lever_meant(words: str) -> Lever | None:
    """The lever of the catalogue that words in a change plan name; nothing for a lever of one's own."""
    folded = " ".join(words.casefold().split())
    return next((each for each in levers() if folded in (each.name, each.title.casefold())), None)


def near(words: str) -> str | None:
    """The name of a lever that words nearly are, so that a slip of the pen is asked about."""
    found = [] if lever_meant(words) else closest(words, [each.name for each in levers()], count=1)
    return found[0] if found else None


def plan_of(papers: Iterable[Paper]) -> ChangePlan | None:
    """How one case's change is managed: as planned last, else as its newest proposal puts it."""
    held = list(papers)
    planned = [each.change for each in held if isinstance(each, PlannedChange)]
    proposed = [each.change_plan for each in held if isinstance(each, Proposal) and each.change_plan]
    return next(iter((*reversed(planned), *reversed(proposed))), None)


def here(cases: Iterable[tuple[str, tuple[Paper, ...]]]) -> tuple[Here, ...]:
    """Every lever with how it went in these cases, those never tried here last.

    Args:
        cases: a subject and its papers, oldest first, for each case.
    """
    used: dict[str, list[Tried]] = {each.name: [] for each in levers()}
    for subject, papers in cases:
        plan = plan_of(papers)
        title = next((each.title for each in reversed(papers) if isinstance(each, Proposal)), subject)
        found = [each for each in papers if isinstance(each, Finding)]
        for words in dict.fromkeys((plan.levers if plan else None) or ()):
            if lever := lever_meant(words):
                used[lever.name].append(Tried(subject, title, found[-1].verdict if found else None))
    return tuple(sorted((Here(each, tuple(used[each.name])) for each in levers()),
                        key=lambda one: not one.tried))

