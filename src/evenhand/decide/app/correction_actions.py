"""The only writer of corrections: sent by anybody, settled by the body whose page it is, with reasons, in public."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError

from evenhand.data.personal import signs_of_a_person
from evenhand.decide.app.correction_models import PageCorrection
from evenhand.people.app.models import Account, Organisation
from evenhand.record.app.actions import writing
from evenhand.terms import Problem, Refused, refuse

CASE = "case/"


def send(case: str, *, organisation: str, sentence: str, otherwise: str, source: str, form: str, on: date,
         by: str = "public") -> int:
    """Take a correction in; gives its number. The same form sent twice is one correction.

    Raises ``Refused`` for an empty answer and for words that may point to a person; then nothing is kept.
    """
    texts = {"sentence": sentence, "otherwise": otherwise}
    problems = [Problem("this is empty", "a sentence will do", column=name) for name, text in texts.items()
                if not text.strip()]
    problems += [Problem(f"this may point to one person ({sign.what})", sign.instead, column=name, value=sign.found)
                 for name, text in (*texts.items(), ("source", source)) for sign in signs_of_a_person(text)]
    if problems:
        raise Refused(problems)
    if there := PageCorrection.objects.filter(form=form).first():
        return there.pk
    try:
        with writing(f"{CASE}{case}", by=by, what="correction received", organisation=organisation) as block:
            row = PageCorrection.objects.create(
                organisation=Organisation.objects.get(code=organisation), case=case, form=form, received=on,
                sentence=sentence.strip(), otherwise=otherwise.strip(), source=source.strip())
            block.say(f"correction {row.pk}", otherwise)
    except IntegrityError:
        # Two presses at the same moment: the other one was first.
        return PageCorrection.objects.get(form=form).pk
    return row.pk


def settle(key: int, *, accepted: bool, answer: str, by: str, on: date) -> None:
    """Accept a correction or not, with reasons, once. What stood before stays readable beside it."""
    if not answer.strip():
        raise refuse("whoever sent it is owed the reasons", "a sentence will do", column="answer")
    row = PageCorrection.objects.select_related("organisation").get(pk=key)
    what = "correction accepted" if accepted else "correction not accepted"
    with writing(f"{CASE}{row.case}", by=by, what=what, why=answer, organisation=row.organisation.code):
        if not PageCorrection.objects.filter(pk=key, moment="received").update(
                moment="settled", accepted=accepted, answer=answer.strip(), answered_on=on,
                answered_by=Account.objects.get(identifier=by)):
            raise refuse("this correction has been settled already", "load the page again", column="answer")
