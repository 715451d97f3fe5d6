"""The only writer of questions, of cases raised from a gap, and of concerns."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from datetime import date
from secrets import randbelow

from django.db import IntegrityError, transaction

from evenhand.data.personal import signs_of_a_person
from evenhand.find.app.models import Concern, Question
from evenhand.find.concern_words import ENDS, OPEN, code_of, due_on, folded
from evenhand.papers import Opportunity
from evenhand.people.app.models import Account, Organisation
from evenhand.record.app import actions as recording
from evenhand.record.app import queries as record
from evenhand.record.app.actions import Block, writing
from evenhand.terms import Problem, Refused, refuse


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


# --- concerns ---------------------------------------------------------------------------------------------------------


def receive(organisation: str, *, said_by: str, service: str, practice: str, words: str, form: str, on: date,
            by: str = "public") -> str:
    """Take a concern in for a body; gives its code. The same form sent twice is one concern.

    Raises ``Refused`` where its words may point to a patient: then nothing is kept.
    """
    _nobody_named(words=words, service=service, practice=practice)
    if there := Concern.objects.filter(form=form).first():
        return there.code
    body = Organisation.objects.get(code=organisation)
    try:
        with writing(f"body/{organisation}", by=by, what="concern received", organisation=organisation) as block:
            row = Concern.objects.create(
                organisation=body, form=form, code=_fresh_code(body.name), said_by=said_by, service=service,
                about=folded(service), practice=practice, words=words, received=on, due=due_on(on))
            block.say(words_label(row.pk), words)
    except IntegrityError:
        # Two presses at the same moment: the other one was first.
        return Concern.objects.get(form=form).code
    return row.code


def read(key: int, *, by: str, on: date) -> None:
    """Say that a concern has been read, and is being looked into."""
    with _about(key, by, f"concern {key} read"):
        if not Concern.objects.filter(pk=key, moment="received").update(moment="read", read_on=on):
            raise refuse("this concern has been read already", "load the page again")


def settle(key: int, end: str, *, words: str, by: str, on: date, joined_to: str = "", case: str = "") -> None:
    """Say what became of a concern, in words to whoever sent it. Once: what was said to people is not unsaid.

    ``joined_to`` is the code of the concern that it is joined to, of the same body; ``case`` the case it became.
    """
    if end not in ENDS:
        raise refuse("choose what becomes of it", "answered, joined, a case, or nothing and why", value=end)
    if not words.strip():
        raise refuse("whoever sent it is owed an answer", "write a sentence")
    _nobody_named(words=words)
    row = Concern.objects.get(pk=key)
    other = Concern.objects.filter(code=joined_to, organisation_id=row.organisation_id).exclude(pk=key).first()
    if end == "joined" and other is None:
        raise refuse("there is no other concern of this code here", "write the code of the concern it is joined to",
                     value=joined_to)
    if other is not None and other.joined_to is not None:
        raise refuse("that concern was itself joined to another", f"join this one to {other.joined_to.code}",
                     value=joined_to)
    if end == "case" and not (case.strip() and record.entries(f"case/{case}")):
        raise refuse("there is no such case", "raise it first, then choose it here", value=case)
    with _about(key, by, f"concern {key} {end}", why=words):
        changed = Concern.objects.filter(pk=key, moment__in=OPEN).update(
            moment=end, answer=words, answered_by=Account.objects.get(identifier=by), answered_on=on,
            joined_to=other if end == "joined" else None, **({"case": case} if end == "case" else {}))
        if not changed:
            raise refuse("this concern has its answer already", "load the page again")


def link(key: int, *, by: str, measure: str = "", case: str = "", about: str = "") -> None:
    """Tie a concern to a measure or a case, or put it with others under one name for what it is about."""
    row = Concern.objects.get(pk=key)
    about = about.strip()[:120]
    _nobody_named(service=about)
    if case and not record.entries(f"case/{case}"):
        raise refuse("there is no such case", "choose one from the list", value=case)
    with _about(key, by, f"concern {key} linked"):
        Concern.objects.filter(pk=key).update(
            measure=measure, case=case, service=about or row.service, about=folded(about or row.service))


def erase_words(key: int, *, by: str, why: str = "") -> None:
    """Take away what somebody wrote, here and beside the record; that they wrote, and what became of it, stays."""
    row = Concern.objects.select_related("organisation").get(pk=key)
    code = row.organisation.code
    subject, label = f"body/{code}", words_label(key)
    with transaction.atomic():
        for entry in record.entries(subject):
            if label in entry.commitments and entry.kind != "erasure":
                recording.erase(entry.commitments[label], by=by, why=why, organisation=code)
        with _about(key, by, f"words of concern {key} erased", why=why):
            Concern.objects.filter(pk=key).update(words="")


def words_label(key: int) -> str:
    """Under which label the words of a concern stand beside its entry."""
    return f"concern {key}"


def _about(key: int, by: str, what: str, why: str = "") -> AbstractContextManager[Block]:
    code = Concern.objects.values_list("organisation__code", flat=True).get(pk=key)
    return writing(f"body/{code}", by=by, what=what, why=why, organisation=code)


def _fresh_code(name: str) -> str:
    while Concern.objects.filter(code=(code := code_of(name, randbelow(10**7)))).exists():
        pass
    return code


def _nobody_named(**texts: str) -> None:
    problems = [Problem(f"this may point to one person ({sign.what})", sign.instead, column=column, value=sign.found)
                for column, text in texts.items() for sign in signs_of_a_person(text)]
    if problems:
        raise Refused(problems)
