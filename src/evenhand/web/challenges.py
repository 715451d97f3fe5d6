"""Challenges to decisions, as pages show them: the ways that were open, by which day, and those that were taken."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from evenhand.decide.app import challenge_queries as queries
from evenhand.decide.app.challenge_queries import ChallengeHeld
from evenhand.decide.challenge_routes import Open, routes_for
from evenhand.people.app import queries as people
from evenhand.people.rights import Person, may
from evenhand.terms import Month, Span
from evenhand.web.case_page import CasePage

ACTION = "enter a challenge"


def decided_on(page: CasePage) -> date | None:
    """The last day on which a case may have been decided, so that no deadline is said to be sooner than it is."""
    days = [each.decided for each in page.decision.rulings if each.decided] if page.decision else []
    return max((_last_day(each) for each in days), default=None)


def _last_day(when: date | Month | Span) -> date:
    if isinstance(when, Span):
        return _last_day(when.last)
    if isinstance(when, Month):
        return date(when.year, when.number, monthrange(when.year, when.number)[1])
    return when


def ways(page: CasePage, *, today: date) -> tuple[Open, ...]:
    """How this decision could, or can still, be challenged; nothing where the day it was decided is not held."""
    decided = decided_on(page)
    if decided is None:
        return ()
    choosing = "provider" in page.title.casefold() and "choos" in page.title.casefold()
    return routes_for(decided, today=today, choosing_a_provider=choosing)


def of(page: CasePage, *, today: date) -> list[ChallengeHeld]:
    """The challenges entered to one case."""
    return queries.challenges(today=today, case=page.name)


def body_for(person: Person, page: CasePage, action: str = ACTION) -> str:
    """The body a challenge goes to, where this person may enter one: one that decided, before any other of the case."""
    deciding = [each.body.code for each in page.decision.rulings if each.body.code] if page.decision else []
    owners = {*(entry.organisation for entry in page.entries if entry.organisation), *page.codes}
    known = {each.code for each in people.organisations(frozenset({*owners, *deciding}))}
    # Whoever is only a party to it, as a hospital is, cannot answer for what others decided.
    return next((each for each in (*deciding, *sorted(owners)) if each in known and may(person, action, each)), "")
