"""A decision as it is prepared before the vote: read line by line, and merged into what was decided."""

from datetime import date

import pytest

from evenhand.decide.drafting import as_typed, draft_in, kept_as, read_draft
from evenhand.papers import Body, Decision, Header, Promise, Ruling, unready
from evenhand.terms import Refused

TODAY = date(2026, 11, 21)
TYPED = {"promises": "Beds stay open | programme office | 31 March 2027\nRespite | the council | 2027-05-01",
         "conditions": "No closing in winter", "may_lose": "Carers", "loss_answered": "Respite.",
         "what_changed": "A night nurse.", "objection": "Beds are a safety net.", "objection_answered": "Teams first.",
         "turns_on": "", "review_due": "30/09/2027", "how_to_challenge": "Ask us first."}


def read(**other):
    return read_draft({**TYPED, **other}, option="one", options={"one", "two"}, today=TODAY)


def decision(outcome="approved"):
    return Decision(header=Header(subject="case/ward-3", proposal_version=1), title="Ward 3", outcome=outcome,
                    option=None, rulings=(Ruling(body=Body("Town", "A"), outcome=outcome),), reasons="It is better.")


def test_what_is_typed_is_read_and_would_be_typed_the_same():
    draft = read()
    assert draft.promises[1] == Promise(what="Respite", owner="the council", due=date(2027, 5, 1))
    assert draft.review_due == date(2027, 9, 30)
    again = read_draft(as_typed(draft), option="one", options={"one"}, today=TODAY)
    assert again == draft == draft_in(kept_as(draft))


def test_a_whole_draft_makes_a_decision_that_lacks_nothing():
    whole = read().into(decision())
    assert unready(whole) == ()
    assert (whole.option, whole.rulings[0].option) == ("one", "one")


def test_nobody_loses_is_said_and_is_not_the_same_as_nothing_said():
    assert read(may_lose="Nobody.").may_lose == ()
    assert read(may_lose="").may_lose is None
    assert unready(read(may_lose="nobody", loss_answered="").into(decision())) == ()


@pytest.mark.parametrize(("left_out", "said"), [
    ({"promises": ""}, "what is promised"), ({"may_lose": ""}, "who may lose by it, or that nobody does"),
    ({"loss_answered": ""}, "what is done for those who may lose"),
    ({"what_changed": ""}, "what was heard and what changed because of it"),
    ({"objection": ""}, "the case against it"), ({"objection_answered": " "}, "an answer to the case against it"),
    ({"review_due": ""}, "the day on which it is looked at again"),
    ({"how_to_challenge": ""}, "how it can be challenged")])
def test_each_part_that_is_left_out_is_named(left_out, said):
    assert unready(read(**left_out).into(decision())) == (said,)


def test_a_promise_without_owner_or_day_is_no_promise_that_can_be_kept():
    bare = Decision(**{**vars(read().into(decision())), "promises": (Promise(what="Beds stay open"),)})
    assert unready(bare) == ("an owner and a day for every promise",)


def test_what_is_declined_makes_no_promises():
    declined = read().into(decision("declined"))
    assert (declined.promises, declined.review_due, declined.conditions) == ((), None, None)
    assert declined.objection == "Beds are a safety net."


@pytest.mark.parametrize(("wrong", "said"), [
    ({"promises": "Beds stay open"}, "what, who and by when"),
    ({"promises": "Beds | office | 31 February 2027"}, "this is no day"),
    ({"promises": "Beds | office | 1 March 2020"}, "this day has passed"),
    ({"promises": "Beds || 1 March 2027"}, "what, who and by when"),
    ({"review_due": "soon"}, "this is no day"), ({"review_due": "1 March 2020"}, "this day has passed"),
    ({"objection": "x" * 4_001}, "too long")])
def test_what_cannot_be_read_is_refused_with_its_question(wrong, said):
    with pytest.raises(Refused, match=said) as refused:
        read(**wrong)
    assert refused.value.problems[0].column in wrong


def test_only_an_option_that_is_still_open_can_be_chosen():
    with pytest.raises(Refused, match="no option that is still open"):
        read_draft(TYPED, option="three", options={"one", "two"}, today=TODAY)
