"""The only writer of questions that the public puts to a meeting."""

from __future__ import annotations

from datetime import date, datetime
from secrets import randbelow

from django.db import IntegrityError
from django.utils.timezone import localtime

from evenhand.data.personal import signs_of_a_person
from evenhand.decide.app.agenda_queries import rules_of
from evenhand.decide.app.models import Meeting, PublicQuestion
from evenhand.decide.notice import last_day
from evenhand.people.app.models import Account
from evenhand.record.app.actions import writing
from evenhand.terms import Problem, Refused, refuse


def last_day_for(meeting: Meeting) -> date:
    """The last day on which a question to a meeting is taken."""
    return last_day(localtime(meeting.on).date(), rules_of(meeting.organisation.code).question_days)


def receive(name: str, *, words: str, asker: str, form: str, at: datetime, by: str = "public") -> str:
    """Take a question in; gives its code. The same form sent twice is one question.

    Raises:
        Refused: where its words may point to a patient (then nothing is kept), or when it is too late for the meeting.
    """
    _nobody_named(words=words, asker=asker)
    if there := PublicQuestion.objects.filter(form=form).first():
        return there.code
    meeting = Meeting.objects.select_related("organisation").get(name=name)
    until = last_day_for(meeting)
    if localtime(at).date() > until:
        raise refuse(f"questions to this meeting were taken until {until.day} {until:%B %Y}",
                     "put it to the next meeting")
    try:
        with writing(f"meeting/{name}", by=by, what="question from the public received",
                     organisation=meeting.organisation.code) as block:
            row = PublicQuestion.objects.create(meeting=meeting, form=form, code=_fresh_code(), asker=asker.strip(),
                                                words=words.strip(), received=at)
            block.say(f"question {row.pk}", words)
    except IntegrityError:
        # Two presses at the same moment: the other one was first.
        return PublicQuestion.objects.get(form=form).code
    return row.code


def take(key: int, *, by: str) -> None:
    """Put a question before the meeting: from now on everybody can read it."""
    _change(key, by, ("received",), "taken", "")


def turn_away(key: int, *, because: str, by: str) -> None:
    """Say that a question is not put to the meeting, and why; whoever sent it can read that."""
    if not because.strip():
        raise refuse("whoever sent it is owed a reason", "write a sentence")
    _nobody_named(because=because)
    _change(key, by, ("received",), "not taken", because, not_taken_because=because.strip())


def answer(key: int, *, words: str, by: str, on: date) -> None:
    """Answer a question in public, once."""
    if not words.strip():
        raise refuse("the answer has no words", "write what the body answers")
    _nobody_named(words=words)
    _change(key, by, ("taken",), "answered", words, answer=words.strip(), answered_on=on,
            answered_by=Account.objects.get(identifier=by))


def _change(key: int, by: str, before: tuple[str, ...], moment: str, why: str, **values: object) -> None:
    row = PublicQuestion.objects.select_related("meeting__organisation").get(pk=key)
    with writing(f"meeting/{row.meeting.name}", by=by, what=f"question {key} {moment}", why=why,
                 organisation=row.meeting.organisation.code):
        if not PublicQuestion.objects.filter(pk=key, moment__in=before).update(moment=moment, **values):
            raise refuse(f"this question is {row.moment} already", "load the page again")


def _fresh_code() -> str:
    while PublicQuestion.objects.filter(
            code=(code := f"ASK {randbelow(10**4):04} {randbelow(10**4):04}")).exists():
        pass
    return code


def _nobody_named(**texts: str) -> None:
    # Whoever asks may give their own name.
    problems = [Problem(f"this may point to one person ({sign.what})", sign.instead, column=column, value=sign.found)
                for column, text in texts.items() for sign in signs_of_a_person(text)
                if not (column == "asker" and sign.what == "somebody’s name")]
    if problems:
        raise Refused(problems)
