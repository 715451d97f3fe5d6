"""The only writer of challenges: received, answered, ended with what they led to, each recorded with the case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from evenhand.data.personal import signs_of_a_person
from evenhand.decide.app.challenge_models import Challenged
from evenhand.decide.challenge_routes import GROUNDS, routes
from evenhand.people.app.models import Account, Organisation
from evenhand.record.app.actions import writing
from evenhand.terms import Problem, Refused, refuse

OUTCOMES = {"upheld": "upheld", "partly": "upheld in part", "not upheld": "not upheld", "withdrawn": "withdrawn"}
CASE = "case/"


def receive(case: str, *, organisation: str, route: str, grounds: Sequence[str], by_whom: str, what: str,
            received: date, answer_due: date, decided: date | None, by: str, today: date) -> int:
    """Enter a challenge to a decision; gives its number.

    Raises ``Refused`` for a route or grounds that are not in the lists, an empty answer, days in the wrong order, a day
    to come, and words that may point to one patient.
    """
    problems = _unnamed(by_whom=by_whom, what=what)
    if route not in {each.id for each in routes()}:
        problems.append(Problem("there is no such way of challenging", "choose from the list", column="route",
                                value=route))
    problems += [Problem("there are no such grounds", "choose from the list", column="grounds", value=each)
                 for each in grounds if each not in GROUNDS]
    if not grounds:
        problems.append(Problem("no grounds are chosen", "choose at least one", column="grounds"))
    problems += [Problem("this is empty", "a sentence will do", column=name)
                 for name, text in (("by_whom", by_whom), ("what", what)) if not text.strip()]
    if received > today:
        problems.append(Problem("this day is still to come", "give the day on which it came", column="received",
                                value=received.isoformat()))
    if decided is not None and received < decided:
        problems.append(Problem("it was decided after this day", "a decision is challenged after it was made",
                                column="received", value=received.isoformat()))
    if answer_due < received:
        problems.append(Problem("this day comes before the challenge", "give the day by which an answer is owed",
                                column="answer_due", value=answer_due.isoformat()))
    if problems:
        raise Refused(problems)
    with writing(f"{CASE}{case}", by=by, what="challenge received", why=what, organisation=organisation):
        row = Challenged.objects.create(
            organisation=Organisation.objects.get(code=organisation), case=case, decided=decided, route=route,
            grounds=list(dict.fromkeys(grounds)), by_whom=" ".join(by_whom.split()), what=what, received=received,
            answer_due=answer_due, entered_by=Account.objects.get(identifier=by))
    return row.pk


def answer(key: int, *, words: str, by: str, on: date) -> None:
    """Answer a challenge, once. Raises ``Refused`` for an empty answer, and where it was answered already."""
    row = Challenged.objects.select_related("organisation").get(pk=key)
    _say(words, "answer")
    with writing(f"{CASE}{row.case}", by=by, what="challenge answered", why=words, organisation=row.organisation.code):
        if not Challenged.objects.filter(pk=key, moment="received").update(moment="answered", answer=words,
                                                                           answered=on):
            raise refuse("this challenge has been answered already", "load the page again", column="answer")


def end(key: int, *, outcome: str, consequence: str, by: str, on: date) -> None:
    """Say how a challenge ended and what it led to, once. Raises ``Refused``, also where nobody has answered it."""
    row = Challenged.objects.select_related("organisation").get(pk=key)
    if outcome not in OUTCOMES:
        raise refuse("choose how it ended", f"one of {', '.join(OUTCOMES)}", column="outcome", value=outcome)
    _say(consequence, "consequence")
    if row.moment == "received" and outcome != "withdrawn":
        raise refuse("nobody has answered this challenge yet", "answer it first", column="outcome")
    with writing(f"{CASE}{row.case}", by=by, what=f"challenge {OUTCOMES[outcome]}", why=consequence,
                 organisation=row.organisation.code):
        if not Challenged.objects.filter(pk=key).exclude(moment="ended").update(
                moment="ended", outcome=outcome, consequence=consequence, ended=on):
            raise refuse("how this challenge ended has been entered already", "load the page again", column="outcome")


def _say(words: str, column: str) -> None:
    if not words.strip():
        raise refuse("this is empty", "a sentence will do", column=column)
    if problems := _unnamed(**{column: words}):
        raise Refused(problems)


def _unnamed(**texts: str) -> list[Problem]:
    return [Problem(f"this may point to one person ({sign.what})", sign.instead, column=column, value=sign.found)
            for column, text in texts.items() for sign in signs_of_a_person(text)]
