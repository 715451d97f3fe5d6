"""Every address, as every role, in one's own body, a customer's and another's: as the rights say, never 500."""

from datetime import date

import pytest
from django.urls import URLPattern, get_resolver, reverse

from evenhand.find.app import queries as questions
from evenhand.house import every_method
from evenhand.people.app import queries as people
from evenhand.people.rights import may, may_somewhere
from evenhand.web.demonstration import ASHDALE, MEETING, MILLBROOK, OTHER_MEETING, PEOPLE

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
MEETINGS = {MILLBROOK: MEETING, ASHDALE: OTHER_MEETING}
METHOD = next(iter(every_method()))

# Pages that belong to nobody's body: their action alone decides.
FREE = {
    "home": {}, "plan": {"name": "invented-ward-3"}, "promises": {}, "promises-file": {"form": "csv"},
    "register": {}, "register-file": {"form": "csv"}, "case": {"name": "invented-ward-3"},
    "case-everything": {"name": "invented-ward-3"}, "must-be-shown": {"name": "invented-ward-3"},
    "case-follow": {"name": "invented-ward-3"},
    "case-calendar": {"name": "invented-ward-3"},
    "programmes": {}, "programmes-file": {"form": "csv"}, "programme": {"name": "invented-ward-3"},
    "programme-file": {"name": "invented-ward-3", "form": "csv"},
    "where-to-look": {}, "bring-your-list": {}, "measures": {}, "methods": {}, "measures-adoption": {},
    "measures-look-over": {},
    "measure-preview": {"name": "glutenfree"},
    "method": {"room": METHOD.room, "name": METHOD.name}, "about": {}, "sources": {}, "words": {}, "accessibility": {},
    "privacy": {}, "my-work": {}, "my-customers": {}, "meetings": {}, "sign-in": {},
    "policies": {}, "policies-file": {"form": "csv"}, "policy": {"name": "item-homeopathy"},
    "policy-ask": {"name": "item-homeopathy"}, "policy-requests": {}, "policy-requests-file": {},
    "where-to-look-changed": {},
    "avoidable": {},
    "policies-held": {}, "policies-ours": {}, "policy-enter": {}, "policies-before": {},
    "levers": {}, "precedents": {}, "precedents-file": {"form": "csv"}, "precedent": {"name": "croydon-ivf"},
    "assurance": {}, "assurance-file": {"form": "csv"},
    "challenges": {}, "challenges-file": {"form": "csv"},
    "interests": {}, "interests-file": {"form": "csv"}, "interests-schema": {},
    "interests-of": {"code": MILLBROOK}, "interests-of-file": {"code": MILLBROOK, "form": "json"},
    "concerns": {}, "follow-concern": {}, "concern-board": {},
    "meeting": {"name": MEETING}, "meetings-file": {"form": "csv"}, "meetings-of-calendar": {"code": MILLBROOK},
    "meeting-calendar": {"name": MEETING}, "meeting-pack": {"name": MEETING}, "ask-meeting": {"name": MEETING},
    "my-actions-calendar": {}, "arrange-meeting": {}, "between-meetings": {}, "meeting-rules": {},
}
# Pages whose row is not there in this test: not found for whoever may ask at all.
ABSENT = {
    "case-board-paper": {"name": "invented-ward-3", "form": "odt"},
    "case-figure": {"name": "invented-ward-3", "figure": "since-1", "form": "csv"}, "paper": {"digest": "0" * 64},
    "paper-file": {"digest": "0" * 64}, "where-to-look-file": {"form": "csv"}, "raise-case": {}, "ask-clinician": {},
    "avoidable-file": {"form": "csv"}, "avoidable-proposal": {}, "avoidable-raise": {},
    "minutes": {"name": MEETING}, "agenda-paper": {"name": MEETING, "number": 5, "key": 0},
    "done-before": {}, "measure": {"name": "glutenfree"}, "measure-file": {"name": "glutenfree", "form": "csv"},
    "measure-part": {"name": "glutenfree", "part": "map", "form": "csv"},
    "measures-of": {}, "measures-of-file": {"form": "csv"},
    "policies-held-file": {"code": "INV-MILL", "form": "csv"}, "policy-end": {"name": "item-homeopathy"},
    "answer": {"token": "x" * 43}, "answer-file": {"token": "x" * 43, "form": "csv"}, "sample": {"name": "none"},
}
# Pages about a row of one body, and the moments it is in.
OWNED = {
    "members-pack": lambda body: {"name": MEETINGS[body]}, "meeting-desk": lambda body: {"name": MEETINGS[body]},
    "sit": lambda body: {"name": MEETINGS[body]},
    "item": lambda body: {"name": MEETINGS[body], "number": 1 if body == ASHDALE else 5},
    # Items about no case: what a paper says, tests/web/test_board_paper.py reads.
    "board-paper": lambda body: {"name": MEETINGS[body], "number": 1 if body == ASHDALE else 4},
    "item-brief": lambda body: {"name": MEETINGS[body], "number": 1 if body == ASHDALE else 4},
    "meeting-interests": lambda body: {"name": MEETINGS[body]},
    "my-interests": lambda body: {"code": body}, "keep-interests": lambda body: {"code": body},
    "who-may": lambda body: {"code": body},
    "my-customer": lambda body: {"code": body},
}
ACTED_ON = {"declare-interest": "declaring", "open-vote": "declaring", "vote": "open", "close-vote": "open"}
POSTED = {"sign-in-as", "sign-out", "adopt-story", *ACTED_ON}
# Rows of one body whose moments a test of their own walks: tests/web/test_concerns.py, test_policies.py,
# test_adopting.py, test_change_plans.py, test_interests.py.
WALKED_ELSEWHERE = {"accept-paper", "adopt-section", "agree-step", "agreed-action", "answer-assurer",
                    "answer-challenge", "answer-concern", "ask-for-backing", "backing", "board-paper-file",
                    "bring-paper", "casting-vote", "challenge", "change-plan", "concern", "declare-to-register",
                    "end-challenge", "end-interest", "enter-challenge", "erase-concern", "followed-concern",
                    "followed-question", "give-return", "issue-statement", "item-brief-file", "keep-item",
                    "link-concern", "measure-adopt", "paper-template", "policy-request", "correct-case",
                    "prepare-decision", "settle-correction",
                    "publish-time", "put-off", "question-case", "read-concern", "rule-interest", "settle-interest",
                    "settle-question", "sign-judgement", "sign-lesson", "sign-paper"}


def patterns(found=None):
    for each in (found or get_resolver()).url_patterns:
        if isinstance(each, URLPattern):
            yield each
        else:
            yield from patterns(each)


def action_of(name):
    return next(each.callback.action for each in patterns() if each.name == name)


def test_every_address_says_what_it_is_for_and_is_walked():
    walked = {*FREE, *ABSENT, *OWNED, *POSTED, *WALKED_ELSEWHERE, "question"}
    assert {each.name for each in patterns()} == walked
    assert all(getattr(each.callback, "action", None) for each in patterns())


def person_of(identifier):
    from evenhand.people.rights import THE_PUBLIC

    account = identifier and people.demonstration_key(identifier)
    return people.person(account, on=TODAY) if account else THE_PUBLIC


EVERYBODY = ["", *(one.id for one in PEOPLE)]


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_page_of_nobodys_body_opens_for_whom_its_action_allows(signed_in, who):
    person, client = person_of(who), signed_in(who)
    for name, parts in {**FREE, **ABSENT}.items():
        status = client.get(reverse(name, kwargs=parts or None)).status_code
        if not may_somewhere(person, action_of(name)):
            expected = {403} if person.is_signed_in else {302}
        elif name == "sign-in" and person.is_signed_in:
            expected = {302}
        else:
            expected = {404} if name in ABSENT else {200}
        assert status in expected, (who, name, status)


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("body", [MILLBROOK, ASHDALE])
def test_a_row_opens_for_its_own_body_and_is_not_there_for_another(signed_in, who, body):
    person, client = person_of(who), signed_in(who)
    for name, parts in OWNED.items():
        action = action_of(name)
        status = client.get(reverse(name, kwargs=parts(body))).status_code
        if not may_somewhere(person, action):
            expected = 403 if person.is_signed_in else 302
        elif may(person, action, body) and (name != "my-customer" or body in person.customers):
            expected = 200
        else:
            expected = 404 if body not in person.organisations or name == "my-customer" else 403
        assert status == expected, (who, name, body, status)


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_question_opens_for_those_who_may_read_it(signed_in, who):
    person, client = person_of(who), signed_in(who)
    (asked,) = questions.questions(frozenset({MILLBROOK}))
    status = client.get(reverse("question", args=(asked.key,))).status_code
    if may(person, "read a question", MILLBROOK):
        assert status == 200
    else:
        assert status in ({403, 404} if person.is_signed_in else {302})


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("body", [MILLBROOK, ASHDALE])
def test_nobody_acts_on_a_meeting_but_who_may_and_when(signed_in, who, body):
    person, client = person_of(who), signed_in(who)
    parts = OWNED["item"](body)
    for name, moment in ACTED_ON.items():
        action = action_of(name)
        status = client.post(reverse(name, kwargs=parts), {}).status_code
        if may(person, action, body, moment="declaring"):
            # Both items are at the moment when interests are declared: an empty form is answered on the page.
            assert status in ({302, 400} if moment == "declaring" else {400}), (who, name, status)
        else:
            # Who may vote is told in words that the vote is not open.
            told = {400} if name == "vote" and may(person, action, body, moment=moment) else set()
            assert status in {403, 404} | told, (who, name, status)
        if name == "open-vote" and status == 302:
            return


def test_posting_without_the_mark_of_our_forms_changes_nothing(county):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    for name in ("sign-in-as", "sign-out", "sign-in"):
        assert client.post(reverse(name), {"who": "ana-lewis"}).status_code == 403
    assert client.get(reverse("my-work")).status_code == 302


def test_a_demonstration_account_is_nobodys_where_this_is_no_demonstration(signed_in, settings):
    settings.DEMONSTRATION = False
    assert signed_in().post(reverse("sign-in-as"), {"who": "ana-lewis"}).status_code == 404
    assert b"Ana Lewis" not in signed_in().get(reverse("sign-in")).content
    settings.DEMONSTRATION = True
    assert b"Ana Lewis" in signed_in().get(reverse("sign-in")).content


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/\\x"])
def test_signing_in_never_leads_to_another_site(signed_in, settings, onward):
    settings.DEMONSTRATION = True
    response = signed_in().post(reverse("sign-in-as"), {"who": "ana-lewis", "next": onward})
    assert response.status_code == 302
    assert response["Location"] == reverse("my-work")
