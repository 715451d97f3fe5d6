"""Concerns put together for pages: who said what how often, what rises, who waits for an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from evenhand.find.app import queries
from evenhand.find.app.queries import Raised
from evenhand.people.rights import Person, bodies_for
from evenhand.terms import Month, Suppressed
from evenhand.web import loaded

if TYPE_CHECKING:
    from evenhand.figures import Answer

NO_PRACTICE = "no practice named"
"""All whom no practice is known of count as one, so that nobody makes a crowd by sending often."""


@dataclass(frozen=True)
class Group:
    """Concerns about one thing."""

    about: str
    title: str
    concerns: tuple[Raised, ...]


def subject_of(found: Raised) -> str:
    """What a concern stands under: the measure it was tied to, else its service."""
    return f"measure {found.measure}" if found.measure else found.about


def groups(found: Sequence[Raised]) -> list[Group]:
    """Concerns by what they are about, each named as most of its senders named it."""
    by: dict[str, list[Raised]] = {}
    for each in found:
        by.setdefault(subject_of(each), []).append(each)
    return [Group(about, _title(some), tuple(some)) for about, some in sorted(
        by.items(), key=lambda item: (-len(item[1]), item[0]))]


def _title(some: Sequence[Raised]) -> str:
    if some[0].measure:
        return loaded.title_of(some[0].measure)
    ((name, _),) = Counter(each.service for each in some).most_common(1)
    return name[:1].upper() + name[1:]


def answer_of(organisation: str, today: date) -> Answer | None:
    """What the method says of a body's concerns up to a day: counts, what rises, what became of them."""
    from evenhand.find import concerns

    found = [each for each in queries.concerns(frozenset({organisation})) if each.received <= today]
    if not found:
        return None
    # Titles may change with a measure's name, and ends with an answer; words play no part in it.
    rows = [(str(each.received), " ".join(each.practice.casefold().split()) or NO_PRACTICE, group.title, each.end)
            for group in groups(found) for each in group.concerns]
    key: Hashable = ("concerns", organisation, tuple(rows), today.year, today.month)

    def asked() -> Answer:
        names = ("date", "practice", "service", "what_became_of_it")
        return concerns({name: [row[place] for row in rows] for place, name in enumerate(names)},
                        to_month=str(Month.of(today)))

    return loaded.remembered(key, asked)


def rising(organisation: str, today: date) -> list[str]:
    """What came up more than before by more than chance, in words."""
    from evenhand.find.concerns import risen

    answer = answer_of(organisation, today)
    return [] if answer is None else [f"{row['subject']}: {risen(row)}" for row in answer.fields["rows"]
                                      if row["rising"]]


def shown_rows(answer: Answer | None) -> list[dict[str, Any]]:
    """The subjects whose figures may be shown to everybody."""
    return [] if answer is None else [dict(row) for row in answer.fields["rows"]
                                      if not isinstance(row["concerns"], Suppressed)]


def waiting_for(person: Person, today: date) -> dict[str, Any]:
    """What one's work says of concerns: those one may answer, the late ones first, and what rises where one reads."""
    to_answer = [each for each in queries.concerns(frozenset(bodies_for(person, "answer a concern"))) if each.waits]
    readable = [code for code in bodies_for(person, "read concerns") if code in person.organisations]
    return {"concerns": sorted(to_answer, key=lambda each: each.due),
            "late": sum(each.is_overdue(today) for each in to_answer),
            "rising": [line for code in readable for line in rising(code, today)], "reads_concerns": bool(readable)}
