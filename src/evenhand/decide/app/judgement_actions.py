"""The only writer of judgements: a named person signs what they judged of one test, with reasons."""

from __future__ import annotations

from datetime import date

from evenhand.data.personal import signs_of_a_person
from evenhand.decide.gate_view import View
from evenhand.decide.judging import Judging, judgement
from evenhand.decide.pack import Pack, Rule
from evenhand.papers import Sealed
from evenhand.record.app.actions import writing
from evenhand.terms import Problem, Refused


def sign(view: View, pack: Pack, rule: Rule, said: Judging, *, by: str, on: date, organisation: str) -> Sealed:
    """Sign a judgement and leave it in the record. Raises ``Refused`` where it would not count, and keeps nothing."""
    paper = judgement(view, pack, rule, said, by=by, on=on)
    # Its words are sealed with it, and what is sealed can never be taken away again.
    if signs := list(signs_of_a_person(said.because)):
        raise Refused([Problem(f"this may point to one person ({sign.what})", sign.instead, column="because",
                               value=sign.found) for sign in signs])
    with writing(view.case.subject, by=by, what=f"judgement signed: {pack.id}, {rule.id}",
                 organisation=organisation) as block:
        return block.leave(paper)
