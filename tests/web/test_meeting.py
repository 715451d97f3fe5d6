"""A meeting item from interests to the public page: who stands aside, who may vote, and what nobody sees too early."""

import re
from datetime import date, datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest

pytestmark = pytest.mark.django_db
ITEM = "/meetings/millbrook-committee/5/"
REASON = {"choice": "for", "reason": "The teams come first."}
VOTERS = ("grace-hart", "rosa-khan", "femi-okoro", "pat-byrne", "isla-hughes")


def said(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_who_has_an_interest_stands_aside_and_the_quorum_says_what_one_absence_means(signed_in):
    # Six sit with a vote; Dr Lee is a partner in the supplier, so five may vote and five are needed.
    page = said(signed_in("rosa-khan").get(ITEM))
    assert "Dr Mina Lee leaves the room" in page
    assert "5 may vote, 5 needed" in page
    assert "one absence stops this item" in page


def test_an_interest_declared_by_the_person_changes_who_may_vote(signed_in):
    client = signed_in("pat-byrne")
    wrong = client.post(f"{ITEM}interest/", {"body": "Riverside surgery"})
    assert wrong.status_code == 400
    assert "Choose what kind of interest it is" in said(wrong)
    declared = client.post(f"{ITEM}interest/", {"body": "Riverside surgery", "kind": "financial", "standing": "actual",
                                                "whose": "partner"})
    assert declared.status_code == 302
    page = said(client.get(ITEM))
    assert "You stand aside on this item" in page
    # Four may vote and five are needed: the vote cannot be opened.
    refused = signed_in("tom-doyle").post(f"{ITEM}open/")
    assert refused.status_code == 400
    assert "this item cannot be decided" in said(refused)


def test_an_interest_in_a_body_the_item_does_not_touch_is_refused(signed_in):
    response = signed_in("pat-byrne").post(f"{ITEM}interest/", {
        "body": "somewhere", "kind": "financial", "standing": "actual", "whose": "self"})
    assert response.status_code == 400


def decided(signed_in, choices=("for", "for", "for", "against", "abstain")):
    assert signed_in("tom-doyle").post(f"{ITEM}open/").status_code == 302
    for who, choice in zip(VOTERS, choices, strict=True):
        cast = signed_in(who).post(f"{ITEM}vote/", {"choice": choice, "reason": f"{choice}, says {who}"})
        assert cast.status_code == 302
    return signed_in("grace-hart").post(f"{ITEM}close/", {"reasons": "It was asked for and it is staffed."})


def test_nobody_sees_how_a_vote_stands_before_it_is_closed(signed_in):
    signed_in("tom-doyle").post(f"{ITEM}open/")
    signed_in("rosa-khan").post(f"{ITEM}vote/", {"choice": "against", "reason": "A reason nobody may read yet."})
    for who in ("grace-hart", "tom-doyle", "pat-byrne", "jo-marsh", "ana-lewis"):
        page = said(signed_in(who).get(ITEM))
        assert "A reason nobody may read yet" not in page, who
        assert "against" not in page, who
    own = said(signed_in("rosa-khan").get(ITEM))
    assert "You voted: against" in own


def test_a_vote_stands_once_and_only_for_who_may(signed_in):
    early = signed_in("rosa-khan").post(f"{ITEM}vote/", REASON)
    assert early.status_code == 400
    assert "the vote on this item is not open" in said(early)
    signed_in("tom-doyle").post(f"{ITEM}open/")
    aside = signed_in("mina-lee").post(f"{ITEM}vote/", REASON)
    assert aside.status_code == 400
    assert "you may not vote on this item" in said(aside)
    assert signed_in("rosa-khan").post(f"{ITEM}vote/", {"choice": "for", "reason": ""}).status_code == 400
    assert signed_in("rosa-khan").post(f"{ITEM}vote/", REASON).status_code == 302
    again = signed_in("rosa-khan").post(f"{ITEM}vote/", {**REASON, "choice": "against"})
    assert again.status_code == 400
    assert "you have voted on this item" in said(again)
    assert signed_in("dev-singh").post(f"{ITEM}vote/", REASON).status_code == 403  # finance has no vote


def test_a_vote_is_not_closed_before_as_many_have_voted_as_are_needed(signed_in):
    signed_in("tom-doyle").post(f"{ITEM}open/")
    signed_in("rosa-khan").post(f"{ITEM}vote/", REASON)
    early = signed_in("grace-hart").post(f"{ITEM}close/", {"reasons": "Enough."})
    assert early.status_code == 400
    assert "1 have voted and 5 are needed" in said(early)


def test_what_was_decided_is_a_paper_and_stands_on_the_public_page(signed_in):
    from evenhand.record.app import queries as record

    assert decided(signed_in).status_code == 302
    page = said(signed_in().get("/decisions/invented-ward-3/"))
    assert "To go ahead: 3 for, 1 against, 1 abstained." in page
    assert "It was asked for and it is staffed." in page
    assert "Stood aside: Dr Mina Lee" in page
    # Who voted how stands in the minutes, not on the public page.
    assert "says pat-byrne" not in page
    (paper,) = record.papers("case/invented-ward-3", "decision")
    (ruling,) = paper.paper().rulings
    assert (ruling.votes.for_it, ruling.votes.against, ruling.votes.abstained) == (3, 1, 1)
    assert record.state("case/invented-ward-3") == "approved"
    assert not record.verify()


def test_a_tie_waits_for_the_casting_vote_that_the_rules_give_and_falls_without_it(signed_in):
    assert decided(signed_in, ("for", "for", "against", "against", "abstain")).status_code == 302
    # The deputy is not in the chair for this item.
    assert signed_in("rosa-khan").post(f"{ITEM}casting/", {"choice": "for", "reason": "So be it."}).status_code == 400
    assert signed_in("grace-hart").post(f"{ITEM}casting/", {"choice": "none", "reason": "It is not mine alone."}
                                        ).status_code == 302
    page = said(signed_in().get("/decisions/invented-ward-3/"))
    assert "Not to go ahead: 2 for, 2 against, 1 abstained." in page
    assert "The votes were equal, so it falls." in page


def test_votes_and_reasons_are_read_by_the_body_once_closed_and_not_by_the_support_unit(signed_in):
    decided(signed_in)
    assert "against, says pat-byrne" in said(signed_in("rosa-khan").get(ITEM))
    unit = said(signed_in("jo-marsh").get(ITEM))
    assert "3 for, 1 against, 1 abstained" in unit
    assert "says pat-byrne" not in unit


def test_two_customers_of_a_support_unit_cannot_see_each_other(signed_in):
    page = said(signed_in("jo-marsh").get("/my-customers/"))
    assert "Millbrook commissioner" in page
    assert "Ashdale commissioner" in page
    for who, other in (("lee-novak", "Millbrook"), ("ana-lewis", "Ashdale")):
        assert other not in said(signed_in(who).get("/my-work/")), who
    # That another body meets is public, as is its agenda in public; who may vote on what is not.
    other = said(signed_in("lee-novak").get("/meetings/millbrook-committee/"))
    assert "Ward 3" in other
    assert "may vote, 5 needed" not in other
    assert signed_in("lee-novak").get(ITEM).status_code == 404
    assert signed_in("ana-lewis").get("/meetings/ashdale-committee/1/").status_code == 404


def test_a_change_without_its_entry_is_undone(site, monkeypatch):
    from evenhand.decide.app import actions, queries
    from evenhand.record.app import actions as record

    def broken(*_, **__):
        raise RuntimeError("the entry fails")

    monkeypatch.setattr(record.appending, "append", broken)
    item = queries.item("millbrook-committee", 5)
    with pytest.raises(RuntimeError, match="the entry fails"):
        actions.open_vote(item, by="tom-doyle")
    assert queries.item("millbrook-committee", 5).moment == "declaring"


def test_a_case_on_its_way_says_what_it_must_still_show_and_who_owes_it_until_it_is_decided(signed_in):
    page = said(signed_in().get("/decisions/invented-ward-3/"))
    assert "Still to show" in page
    assert "things that must be shown before it is decided are shown. The weakest:" in page
    assert "Owed by:" in page
    assert decided(signed_in).status_code == 302
    assert "Still to show" not in said(signed_in().get("/decisions/invented-ward-3/"))


def test_a_vote_is_not_opened_and_a_meeting_not_begun_before_its_day(signed_in):
    from evenhand.decide.app import actions, queries, sitting_actions
    from evenhand.terms import Refused

    item, eve = queries.item("millbrook-committee", 5), date(2026, 11, 20)
    with pytest.raises(Refused, match="this meeting is on 21 November 2026: a vote is opened when it has b") as early:
        actions.open_vote(item, by="tom-doyle", on=eve)
    assert "taken between meetings, with its reason" in str(early.value)
    # 23:30 on the eve and 00:30 on the day, as clocks here go.
    london = ZoneInfo("Europe/London")
    with pytest.raises(Refused, match="it has not begun"):
        sitting_actions.begin("millbrook-committee", present=frozenset(VOTERS), by="tom-doyle",
                              at=datetime(2026, 11, 20, 23, 30, tzinfo=london))
    sitting_actions.begin("millbrook-committee", present=frozenset(VOTERS), by="tom-doyle",
                          at=datetime(2026, 11, 21, 0, 30, tzinfo=london))
    # What has begun may vote, whatever the day.
    actions.open_vote(queries.item("millbrook-committee", 5), by="tom-doyle", on=eve)
    assert queries.item("millbrook-committee", 5).moment == "open"


def test_an_interest_that_is_only_minuted_stands_on_the_item_and_on_the_public_page(signed_in):
    from evenhand.decide.app import interest_actions, queries

    interest_actions.rule(queries.item("millbrook-committee", 5), member="mina-lee", step="note",
                          reason="her practice gives up the contract", by="grace-hart", on=date(2026, 11, 21),
                          keeps_minutes=False)
    page = said(signed_in("mina-lee").get(ITEM))
    assert "Dr Mina Lee stays and votes; the interest is minuted" in page
    assert "Riverside surgery, their own; on the register" in page
    assert "none of yours stands on the register" not in page
    assert decided(signed_in).status_code == 302
    public = said(signed_in().get("/decisions/invented-ward-3/"))
    assert "Dr Mina Lee stayed and could vote; the interest is minuted" in public
    assert "because her practice gives up the contract" in public


def test_the_desk_names_a_case_by_its_title(signed_in):
    page = said(signed_in("tom-doyle").get("/meetings/millbrook-committee/desk/"))
    assert "invented-ward-3" not in page
    assert "Ward 3" in page
