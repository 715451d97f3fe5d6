"""The only writer of questions, and of cases raised from a gap."""

from __future__ import annotations

import re
from datetime import date

from evenhand.find.app.models import Question
from evenhand.papers import Opportunity
from evenhand.people.app.models import Account, Organisation
from evenhand.record.app import queries as record
from evenhand.record.app.actions import writing
from evenhand.terms import refuse


def ask(organisation: str, *, measure: str, of: str, sentence: str, words: str, by: str, on: date) -> int:
    """Put a question to a body's clinical leads; gives its number."""
    with writing(f"body/{organisation}", by=by, what="question put to clinicians", why=words,
                 organisation=organisation):
        row = Question.objects.create(
            organisation=Organisation.objects.get(code=organisation), measure=measure, of=of, sentence=sentence,
            words=words, asked_by=Account.objects.get(identifier=by), asked_on=on)
    return row.pk


def answer(key: int, *, words: str, by: str, on: date) -> None:
    """Answer a question, once."""
    row = Question.objects.select_related("organisation").get(pk=key)
    with writing(f"body/{row.organisation.code}", by=by, what="question answered by a clinician", why=words,
                 organisation=row.organisation.code):
        changed = Question.objects.filter(pk=key, moment="asked").update(
            moment="answered", answer=words, answered_by=Account.objects.get(identifier=by), answered_on=on)
        if not changed:
            raise refuse("this question has been answered already", "load the page again")


def case_name(measure: str, of: str, year: int) -> str:
    """The name of a case raised from a gap: one for a measure, a place and a year."""
    return "-".join(part for part in re.split(r"[^a-z0-9]+", f"{of}-{measure}-{year}".casefold()) if part)


def raise_case(opportunity: Opportunity, *, by: str, organisation: str, why: str = "") -> None:
    """Raise a case: the opportunity is sealed, and the case stands in the register as raised."""
    if record.entries(opportunity.subject):
        raise refuse("This case has been raised already", "find it under Decisions and follow it there")
    with writing(opportunity.subject, by=by, what="case raised", why=why, organisation=organisation) as block:
        block.leave(opportunity)
