"""Preparing a decision before the vote: it stands as prepared, and nothing is approved that lacks what it needs."""

from datetime import date

import pytest
from django.urls import reverse

from evenhand.decide.app import actions, draft_actions, queries
from evenhand.decide.drafting import Draft
from evenhand.papers import Decision
from evenhand.record.app import queries as record
from evenhand.terms import Refused
from evenhand.web.demonstration import MEETING

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
CASE = "case/invented-ward-3"


def item():
    return queries.item(MEETING, 5)


def page():
    return reverse("prepare-decision", kwargs={"name": MEETING, "number": 5})


def vote_it_through():
    actions.open_vote(item(), by="tom-doyle")
    for member in item().quorum.may_vote:
        actions.cast_vote(item(), by=member, choice="for", reason="The teams come first.")


def close():
    return actions.close_vote(item(), by="grace-hart", role="chair", reasons="It is better.", on=TODAY)


def test_what_was_prepared_stands_in_the_decision_with_the_papers_it_rests_on(site):
    vote_it_through()
    assert close() == "approved"
    paper = record.papers(CASE, "decision")[-1].paper()
    assert isinstance(paper, Decision)
    assert [each.owner for each in paper.promises] == ["programme office", "Millbrook county council"]
    assert paper.objection_answered
    assert paper.option == "go-ahead"
    kinds = {each.kind for each in record.papers(CASE) if each.digest in (paper.relies_on or ())}
    assert {"voices", "appraisal", "assessment", "evaluation-plan", "change-plan"} <= kinds


def test_a_case_with_the_votes_is_not_approved_while_it_lacks_what_it_needs_and_no_vote_is_lost(site):
    draft_actions.prepare(MEETING, 5, Draft(option="go-ahead"), by="owen-price", on=TODAY)
    vote_it_through()
    with pytest.raises(Refused, match="it has the votes, but it cannot be approved yet: it lacks what is promised"):
        close()
    assert item().moment == "open"
    assert not record.papers(CASE, "decision")
    assert len(item().voted) == len(item().quorum.may_vote)


def test_what_is_declined_needs_no_promises(site):
    draft_actions.prepare(MEETING, 5, Draft(), by="owen-price", on=TODAY)
    actions.open_vote(item(), by="tom-doyle")
    for member in item().quorum.may_vote:
        actions.cast_vote(item(), by=member, choice="against", reason="Not yet.")
    assert close() == "declined"


def test_the_page_says_what_is_still_lacking_and_keeps_what_is_typed(site, signed_in):
    owen = signed_in("owen-price")
    typed = {"option": "one-team", "promises": "A look in public | programme office | 1 March 2099",
             "may_lose": "nobody", "what_changed": "A night nurse.", "objection": "", "objection_answered": "",
             "review_due": "", "how_to_challenge": "Ask us."}
    assert owen.post(page(), typed).status_code == 302
    said = " ".join(owen.get(page()).content.decode().split())
    assert ("still to be said: the day on which it is looked at again, the case against it and an answer to the case "
            "against it.") in said
    wrong = owen.post(page(), {**typed, "promises": "A look | the office | some day"})
    assert wrong.status_code == 400
    assert "This is no day (“some day”)" in wrong.content.decode()
    assert "A look | the office | some day" in wrong.content.decode(), "what was typed is not lost"


def test_only_those_who_prepare_decisions_do_and_not_once_it_is_closed(site, signed_in):
    assert signed_in("rosa-khan").get(page()).status_code == 403
    assert signed_in("lee-novak").get(page()).status_code in (403, 404)
    vote_it_through()
    close()
    assert signed_in("owen-price").get(page()).status_code == 403
    with pytest.raises(Refused, match="this item is closed"):
        draft_actions.prepare(MEETING, 5, Draft(), by="owen-price", on=TODAY)


def test_the_board_paper_says_what_was_prepared_and_that_it_stands_only_if_it_is_approved(site):
    from evenhand.decide.app.board_paper_queries import board_paper, item_brief

    whole = str(board_paper(item()).paper)
    assert "No bed closes before both home teams are full" in whole
    assert "If it is approved" in whole
    assert "Beds are a safety net" in whole
    assert "Beds are a safety net" in str(item_brief(item()))
