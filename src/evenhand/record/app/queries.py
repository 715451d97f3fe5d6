"""The only reader of the record on the site: gives papers and frozen values."""

from __future__ import annotations

from evenhand.papers import INSTALLATION, Heads, Paper
from evenhand.record.app.site import Site
from evenhand.record.casefile import CaseFile, held_by
from evenhand.record.chain import Break
from evenhand.record.entry import Entry, Words
from evenhand.record.reading import Kept


def subjects(*, organisation: str = "") -> list[str]:
    """Everything that has a chain; of one organisation, what it made an entry about."""
    return Site().subjects(organisation=organisation)


def mark() -> str:
    """Changes with every entry, and only then."""
    return Site().mark()


def cases() -> list[str]:
    """Every case that has a chain."""
    return [each for each in subjects() if each.startswith("case/")]


def held(subject: str) -> CaseFile:
    """All that is held about a subject: papers, chain, words."""
    return held_by(Site(), subject)


def entries(subject: str) -> list[Entry]:
    """The chain of a subject."""
    return Site().entries(subject)


def papers(subject: str, kind: str = "") -> list[Kept]:
    """The papers about a subject in the order they were entered, of one kind or all."""
    return Site().papers(subject, kind)


def paper(digest: str) -> Paper:
    """The paper of that digest. Raises ``Refused`` where it is not held."""
    return Site().paper(digest)


def words(subject: str) -> dict[str, Words]:
    """What people wrote about a subject, by commitment."""
    return Site().words(subject)


def state(case: str) -> str:
    """The state a case has come to."""
    return Site().state(case)


def verify() -> tuple[Break, ...]:
    """Every break in the record with its place; none when it is sound."""
    return Site().verify()


def latest_heads() -> Heads | None:
    """The newest heads of all chains, as they are published."""
    found = [kept.paper() for kept in papers(INSTALLATION, "heads")]
    return next((each for each in reversed(found) if isinstance(each, Heads)), None)
