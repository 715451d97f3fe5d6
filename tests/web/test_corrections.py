"""Correct this page, follow it in a calendar: anybody, without an account."""

from datetime import date

import pytest
from django.urls import reverse

from evenhand.decide.app import actions, correction_actions, queries
from evenhand.decide.app import correction_queries as held
from evenhand.record.app import queries as record
from evenhand.terms import Refused
from evenhand.web.demonstration import MEETING

pytestmark = pytest.mark.django_db
CASE = "invented-ward-3"
TODAY = date(2026, 11, 21)
TYPED = {"sentence": "Two teams were promised.", "otherwise": "One team was promised.", "source": "Minutes of 4 May",
         "form": "abc"}


def page(name="correct-case"):
    return reverse(name, kwargs={"name": CASE})


def shown(client):
    return " ".join(client.get(page("case")).content.decode().split())


def test_anybody_sends_a_correction_and_what_became_of_it_stands_on_the_page(site, signed_in):
    assert signed_in().post(page(), TYPED).status_code == 302
    (one,) = held.corrections(CASE)
    assert "One team was promised." not in shown(signed_in()), "nothing stands there before somebody looked at it"
    wren = signed_in("wren-cole")
    assert "One team was promised." in wren.get(page()).content.decode()
    settle = reverse("settle-correction", kwargs={"key": one.key})
    wren.post(settle, {"accepted": "yes", "answer": "The minutes say so."})
    assert "should say: “One team was promised.” The minutes say so." in shown(signed_in())
    assert [each.what for each in record.entries(f"case/{CASE}")][-2:] == ["correction received",
                                                                           "correction accepted"]


def test_the_same_form_sent_twice_is_one_correction(site, signed_in):
    signed_in().post(page(), TYPED)
    signed_in().post(page(), TYPED)
    assert len(held.corrections(CASE)) == 1


@pytest.mark.parametrize(("wrong", "said"), [
    ({"sentence": " "}, "This is empty"), ({"otherwise": ""}, "This is empty"),
    ({"otherwise": "Mrs Brown, NHS number 943 476 5919, was told so."}, "This may point to one person")])
def test_what_cannot_be_taken_is_said_and_nothing_is_kept(site, signed_in, wrong, said):
    answer = signed_in().post(page(), {**TYPED, **wrong})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not held.corrections(CASE)


def test_only_the_body_whose_page_it_is_settles_once_and_with_reasons(site, signed_in):
    signed_in().post(page(), TYPED)
    (one,) = held.corrections(CASE)
    settle = reverse("settle-correction", kwargs={"key": one.key})
    for other in ("rosa-khan", "lee-novak", "max-wood"):
        assert signed_in(other).post(settle, {"accepted": "yes", "answer": "So be it."}).status_code in (403, 404)
    with pytest.raises(Refused, match="owed the reasons"):
        correction_actions.settle(one.key, accepted=False, answer=" ", by="wren-cole", on=TODAY)
    correction_actions.settle(one.key, accepted=False, answer="The minutes say two.", by="wren-cole", on=TODAY)
    with pytest.raises(Refused, match="settled already"):
        correction_actions.settle(one.key, accepted=True, answer="Yes.", by="wren-cole", on=TODAY)
    assert "Not corrected" in shown(signed_in())


def decided():
    def item():
        return queries.item(MEETING, 5)
    actions.open_vote(item(), by="tom-doyle")
    for member in item().quorum.may_vote:
        actions.cast_vote(item(), by=member, choice="for", reason="The teams come first.")
    actions.close_vote(item(), by="grace-hart", role="chair", reasons="It is better.", on=TODAY)


def test_the_calendar_of_a_decision_holds_its_promises_its_look_and_the_last_day_to_go_to_court(site, signed_in):
    decided()
    answer = signed_in().get(page("case-calendar"))
    said = answer.content.decode().replace("\r\n ", "")
    assert answer["Content-Type"].startswith("text/calendar")
    assert "promise due: No bed closes before both home teams are full" in said
    assert "the decision is looked at again" in said
    assert "last day to ask the court to review it" in said
    assert "DTSTART;VALUE=DATE:20270221" in said, "three months after 21 November 2026"


def test_the_page_of_a_decision_gives_the_case_against_it_with_its_answer_beside_the_reasons(site, signed_in):
    decided()
    said = shown(signed_in())
    order = ["It is better.", "The case against it", "Beds are a safety net", "The answer to it:", "Promise"]
    assert [said.index(each) for each in order] == sorted(said.index(each) for each in order)
    assert "What is done for those who may lose: Respite for carers" in said
    assert "(relied on)" in said
    assert "Ask the court to review it" in said
    assert "Last day: 21 February 2027" in said
