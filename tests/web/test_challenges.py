"""A challenge to a decision: entered with its grounds, answered, ended with what it led to, all in public."""

from datetime import date

import pytest
from django.urls import reverse

from evenhand.decide.app import challenge_queries as queries
from evenhand.papers import Body, Decision, Header, Ruling
from evenhand.record.app import actions as record
from evenhand.record.app import queries as entries

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
CASE = "invented-ward-3"
TYPED = {"by_whom": "Millbrook county council", "route": "ask-again", "grounds": ["engagement", "promise"],
         "what": "The second version was never put to people.", "received": "20 November 2026",
         "answer_due": "4 December 2026"}


@pytest.fixture
def decided(site):
    record.leave(Decision(
        header=Header(subject=f"case/{CASE}", proposal_version=1), title="Ward 3", outcome="approved",
        option="go-ahead", rulings=(Ruling(body=Body("Millbrook commissioner", "INV-MILL"), outcome="approved",
                                           decided=TODAY.replace(day=3)),)), by="tom-doyle", organisation="INV-MILL")


def enter(signed_in, **other):
    return signed_in("tom-doyle").post(reverse("enter-challenge", kwargs={"name": CASE}), {**TYPED, **other})


def held():
    return queries.challenges(today=TODAY)


def test_it_is_entered_answered_and_ended_and_each_stands_in_the_record(decided, signed_in):
    assert enter(signed_in).status_code == 302
    (one,) = held()
    assert one.standing == "waits for an answer"
    tom = signed_in("tom-doyle")
    tom.post(reverse("answer-challenge", kwargs={"key": one.key}), {"words": "People will be asked again."})
    tom.post(reverse("end-challenge", kwargs={"key": one.key}),
             {"outcome": "partly", "consequence": "A second consultation of six weeks."})
    (one,) = held()
    assert (one.moment, one.standing) == ("ended", "upheld in part")
    said = [each.what for each in entries.entries(f"case/{CASE}")][-3:]
    assert said == ["challenge received", "challenge answered", "challenge upheld in part"]
    page = signed_in().get(reverse("challenge", kwargs={"key": one.key})).content.decode()
    assert "People will be asked again." in page
    assert "A second consultation of six weeks." in page
    assert "upheld in part" in signed_in().get(reverse("case", kwargs={"name": CASE})).content.decode()


def test_an_answer_that_is_late_says_by_how_many_days(decided, signed_in):
    enter(signed_in, received="4 November 2026", answer_due="11 November 2026")
    assert held()[0].standing == "no answer, 10 days late"
    assert "past its day" in signed_in().get(reverse("challenges")).content.decode()


@pytest.mark.parametrize(("wrong", "said"), [
    ({"grounds": []}, "Choose what is said to be wrong."), ({"grounds": ["spite"]}, "Choose from the list."),
    ({"received": "31/02/2026"}, "Write a day"), ({"received": "1 November 2026"}, "It was decided after this day"),
    ({"received": "1 December 2027", "answer_due": "2 December 2027"}, "This day is still to come"),
    ({"answer_due": "1 October 2026"}, "This day comes before the challenge"),
    ({"what": "Their mother, NHS number 943 476 5919, was turned away."}, "This may point to one person"),
    ({"by_whom": " "}, "Write which body it is")])
def test_what_cannot_be_is_said_beside_its_question_and_nothing_is_kept(decided, signed_in, wrong, said):
    answer = enter(signed_in, **wrong)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not held()


def test_what_nobody_answered_is_not_ended_save_by_withdrawing_it(decided, signed_in):
    enter(signed_in)
    tom, end = signed_in("tom-doyle"), reverse("end-challenge", kwargs={"key": held()[0].key})
    assert "nobody has answered" in tom.post(end, {"outcome": "not upheld", "consequence": "Nothing."}
                                             ).content.decode().casefold()
    assert tom.post(end, {"outcome": "withdrawn", "consequence": "Nothing changed."}).status_code == 302


def test_only_those_with_the_right_enter_and_answer(decided, signed_in):
    assert signed_in("pat-byrne").post(reverse("enter-challenge", kwargs={"name": CASE}), TYPED).status_code == 403
    elsewhere = signed_in("lee-novak").post(reverse("enter-challenge", kwargs={"name": CASE}), TYPED)
    assert elsewhere.status_code in (403, 404)
    enter(signed_in)
    answer = reverse("answer-challenge", kwargs={"key": held()[0].key})
    assert signed_in("pat-byrne").post(answer, {"words": "No."}).status_code == 403


def test_a_councillors_challenge_goes_to_the_body_that_decided_and_waits_on_its_secretarys_work(decided, signed_in):
    # The case names the hospital too, whose code comes first; it decided nothing and cannot answer.
    signed_in("max-wood").post(reverse("enter-challenge", kwargs={"name": CASE}), TYPED)
    (one,) = held()
    assert one.organisation == "INV-MILL"
    assert "Answer a challenge: Ward 3" in signed_in("tom-doyle").get(reverse("my-work")).content.decode()
    assert "Answer a challenge" not in signed_in("max-wood").get(reverse("my-work")).content.decode()


def test_a_way_that_had_ended_by_the_day_of_the_decision_is_not_offered(decided, signed_in):
    # Decided on 3 November 2026; councils could refer to the Secretary of State until 31 January 2024.
    page = signed_in("max-wood").get(reverse("enter-challenge", kwargs={"name": CASE})).content.decode()
    assert "call it in" in page
    assert "Referral by the council" not in page


def test_what_is_not_decided_cannot_be_challenged(site, signed_in):
    assert enter(signed_in).status_code == 404


def test_the_files_hold_the_register(decided, signed_in):
    enter(signed_in)
    table = signed_in().get(reverse("challenges-file", kwargs={"form": "csv"})).content.decode()
    assert "Millbrook county council" in table
    assert "never put to people" not in table, "the words people wrote stay on the page"


def test_the_pages_of_precedents_say_only_what_their_sources_say(site, signed_in):
    one = signed_in().get(reverse("precedent", kwargs={"name": "mid-notts-ivf"})).content.decode()
    assert "Not in the sources we hold" in one
    found = signed_in().get(f"{reverse('precedents')}?like=stop+gluten-free+foods").content.decode()
    assert "Most like" in found
    assert found.index("derbyshire-gluten-free") < found.index("All of them")
    none = signed_in().get(f"{reverse('precedents')}?like=wheelchairs").content.decode()
    assert "None is like it in the sources we hold." in none


def test_a_page_of_real_decisions_never_says_that_nothing_on_it_is_real(site, signed_in):
    nothing_real = "Nothing on this page is about a real body"
    assert nothing_real not in signed_in().get(reverse("precedents")).content.decode()
    assert nothing_real not in signed_in().get(reverse("precedent", kwargs={"name": "croydon-ivf"})).content.decode()
    assert nothing_real not in signed_in().get(reverse("levers")).content.decode()


def test_what_is_not_decided_has_no_ways_to_be_challenged_yet(site, signed_in):
    page = signed_in().get(reverse("case", kwargs={"name": CASE})).content.decode()
    assert "Who may challenge it" not in page
    assert "Enter a challenge" not in page
