"""The register of interests: what people declare, what the public sees, and what an item makes of it."""

import csv
import io
import json
import re
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils.timezone import get_current_timezone

from evenhand.decide.app import actions as meetings
from evenhand.decide.app import interest_actions as actions
from evenhand.decide.app import interest_open_data as open_data
from evenhand.decide.app import interest_queries as queries
from evenhand.decide.app import queries as sittings
from evenhand.decide.app.actions import Agreed, Seated
from evenhand.decide.app.interest_actions import Stated
from evenhand.papers import Header, Milestone, Programme
from evenhand.people.app import actions as people
from evenhand.record.app import actions as recording
from evenhand.record.app import queries as record
from evenhand.terms import Refused
from evenhand.web.demonstration import ASHDALE, LADDER, MILLBROOK

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
MEETING = "/meetings/millbrook-committee/"
SITTING = [Seated("grace-hart", chair=True), Seated("rosa-khan", deputy_chair=True), Seated("pat-byrne"),
           Seated("mina-lee"), Seated("femi-okoro")]


def said(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def stated(**more):
    return Stated(**{"kind": "financial", "standing": "actual", "whose": "self", "part": "owner", "body": "Weir Ltd",
                     **more})


def declare(by="pat-byrne", on=TODAY, of=MILLBROOK, corrects=None, **more):
    return actions.declare(of, stated(**more), by=by, on=on, corrects=corrects)


def refused(call, *positional, **named):
    with pytest.raises(Refused) as found:
        call(*positional, **named)
    return str(found.value)


def sits(name="sitting", bodies=("Weir Ltd",), case="", on=TODAY + timedelta(days=7), **more):
    """A meeting of five with a vote, three needed, one item."""
    meetings.arrange(name, "Sitting", organisation=MILLBROOK, on=datetime(on.year, on.month, on.day, 9,
                     tzinfo=get_current_timezone()), quorum=3, ladder=LADDER, roles_needed=[], by="tom-doyle",
                     seats=SITTING, items=[Agreed(1, "The weir", "Decide.", tuple(bodies), case=case, **more)])
    return sittings.item(name, 1)


# --- the public register ----------------------------------------------------------------------------------------------


def test_the_register_begins_with_how_many_declared_and_who_is_overdue(signed_in):
    page = said(signed_in().get("/interests/INV-MILL/"))
    # Six vote: Hart, Lee, Okoro, Khan, Byrne, Hughes. Dr Hughes has said nothing; Dr Okoro has none.
    found = queries.register(MILLBROOK, TODAY)
    assert found.sentence == ("Of 6 people who decide for Millbrook commissioner, 5 have said what interests they "
                              "have, 1 of them that there is none; 4 interests stand today, and Dr Isla Hughes is "
                              "overdue.")
    assert "partner in the practice: riverside surgery" in page.casefold()
    assert "declared 41 days after it began" in page
    assert "No interests: nil return of" in page
    assert "Leaves for the item, by the chair" in page


def test_the_list_of_registers_says_each_bodys_sentence(signed_in):
    page = said(signed_in().get("/interests/"))
    assert "Millbrook commissioner" in page
    assert "Ashdale commissioner" in page
    assert "1 interest stands today" in page


def test_an_interest_that_is_over_stays_in_public_for_six_months_and_in_the_record_for_good(site):
    key = declare(on=date(2026, 1, 10), began=date(2025, 12, 20))
    actions.end(key, by="pat-byrne", last_day=date(2026, 2, 28), on=date(2026, 3, 1))

    def shown(today):
        return {each.key for person in queries.register(MILLBROOK, today).people for each in person.declared}

    assert key in shown(date(2026, 8, 28))
    assert key not in shown(date(2026, 8, 29))
    assert queries.declared(key, TODAY).ended == date(2026, 2, 28)


def test_what_a_person_without_a_vote_declares_is_kept_and_not_published(signed_in):
    declare(by="ana-lewis", body="Quiet Analytics Ltd")
    assert "Quiet Analytics" not in said(signed_in().get("/interests/INV-MILL/"))
    assert "Quiet Analytics" not in signed_in().get("/interests/INV-MILL/interests.csv").content.decode()
    assert "Quiet Analytics" in said(signed_in("tom-doyle").get("/interests/INV-MILL/keep/"))


def test_the_files_hold_a_row_for_every_interest_and_for_whoever_has_none(signed_in):
    text = signed_in().get("/interests/INV-MILL/interests.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    kinds = [row["row"] for row in open_data.rows_of([queries.register(MILLBROOK, TODAY)])]
    # Four stand and one is over; one nil return; one who has said nothing.
    assert (kinds.count("interest"), kinds.count("nil return"), kinds.count("nothing yet")) == (5, 1, 1)
    late = next(row for row in rows if row["person"] == "Rosa Khan")
    assert (late["whose"], late["late"], late["in_code"]) == ("relative", "declared 41 days after it began", "INV-HOSP")
    document = json.loads(signed_in().get("/interests/interests.json").content)
    schema = json.loads(signed_in().get("/interests/schema.json").content)
    assert [each["name"] for each in schema["fields"]] == list(document["interests"][0]) == list(rows[0])
    assert all(each["description"] for each in schema["fields"])
    assert document["schema"].endswith(reverse("interests-schema"))
    assert {each["body_code"] for each in document["registers"]} == {MILLBROOK, ASHDALE}


@pytest.mark.parametrize("address", ["/interests/NOBODY/", "/interests/NOBODY/interests.csv",
                                     "/interests/INV-MILL/interests.pdf"])
def test_a_register_that_is_not_there_is_not_found(signed_in, address):
    assert signed_in().get(address).status_code == 404


# --- one's own --------------------------------------------------------------------------------------------------------

WRITTEN = {"body": "Weir Ltd", "part": "owner", "kind": "financial", "standing": "actual", "whose": "self",
           "began": "", "ended": "", "what": ""}


def test_a_person_declares_ends_and_corrects_their_own_and_each_is_in_the_record(signed_in):
    client = signed_in("isla-hughes")
    assert "overdue: was due by" in said(client.get("/interests/INV-MILL/mine/"))
    assert client.post("/interests/INV-MILL/mine/declare/", {**WRITTEN, "began": "2 March 2020"}).status_code == 302
    (first,) = queries.own("isla-hughes", MILLBROOK, TODAY).declared
    assert (first.began, first.body_name, first.step) == (date(2020, 3, 2), "Weir Ltd", "")
    page = said(client.get(f"/interests/INV-MILL/mine/?correct={first.key}"))
    assert "Correct an entry" in page
    corrected = client.post("/interests/INV-MILL/mine/declare/",
                            {**WRITTEN, "part": "director", "corrects": str(first.key)})
    assert corrected.status_code == 302
    (second,) = queries.own("isla-hughes", MILLBROOK, TODAY).declared
    assert (second.part, second.corrects) == ("director", first.declared)
    assert queries.declared(first.key, TODAY).part == "owner", "the earlier entry is kept"
    ended = client.post(f"/interests/INV-MILL/mine/{second.key}/end/", {"last_day": "20/11/2026"})
    assert ended.status_code == 302
    whats = [entry.what for entry in record.entries("body/INV-MILL") if entry.by == "isla-hughes"]
    assert whats == ["interest declared", f"interest {first.key} corrected", f"interest {second.key} ended"]


def test_nobody_ends_or_corrects_an_entry_of_somebody_else(signed_in):
    key = declare()
    assert signed_in("rosa-khan").post(f"/interests/INV-MILL/mine/{key}/end/", {"last_day": "1 May 2026"}).status_code \
        == 403
    assert signed_in("kit-adams").post(f"/interests/INV-ASH/mine/{key}/end/", {"last_day": "1 May 2026"}).status_code \
        == 404
    other = signed_in("rosa-khan").post("/interests/INV-MILL/mine/declare/", {**WRITTEN, "corrects": str(key)})
    assert other.status_code == 400
    assert "this is no entry of yours" in said(other)
    assert signed_in("sam-reid").post("/interests/INV-MILL/mine/declare/", WRITTEN).status_code == 403


@pytest.mark.parametrize(("written", "message"), [
    ({"body": ""}, "Say in which body the interest is."),
    ({"part": ""}, "Say what part is played there"),
    ({"kind": "money"}, "Select a valid choice"),
    ({"standing": ""}, "Choose whether it is actual, potential or perceived."),
    ({"whose": ""}, "Choose whose interest it is."),
    ({"began": "31/02/2026"}, "“31/02/2026” is no day. Write it as 2 March 2026."),
    ({"began": "2026-05-02", "ended": "2026-05-01"}, "the interest ends before it begins"),
    ({"began": "2 March 2099"}, "an interest that has not begun is not actual"),
    ({"whose": "family", "part": "Mrs Wilkins works there"}, "somebody’s name (Mrs Wilkins found); say the relation"),
    ({"what": "write to her at jo@weir.example"}, "an email address"),
    ({"corrects": "999999"}, "this is no entry of yours"),
])
def test_what_cannot_be_declared_is_said_and_nothing_is_kept(signed_in, written, message):
    before = queries.own("rosa-khan", MILLBROOK, TODAY).declared
    response = signed_in("rosa-khan").post("/interests/INV-MILL/mine/declare/", {**WRITTEN, **written})
    assert response.status_code == 400
    assert message in said(response)
    assert queries.own("rosa-khan", MILLBROOK, TODAY).declared == before


def test_an_entry_is_corrected_once_and_ended_once(site):
    key = declare()
    declare(corrects=key, part="director")
    assert "corrected already" in refused(declare, corrects=key)
    other = declare(began=date(2026, 5, 1), body="Forge Ltd")
    assert "began on 1 May 2026" in refused(actions.end, other, by="pat-byrne", last_day=date(2026, 4, 30), on=TODAY)
    assert "still to come" in refused(actions.end, other, by="pat-byrne", last_day=date(2026, 12, 1), on=TODAY)
    actions.end(other, by="pat-byrne", last_day=date(2026, 5, 2), on=TODAY)
    assert "over already" in refused(actions.end, other, by="pat-byrne", last_day=date(2026, 5, 3), on=TODAY)


@pytest.mark.parametrize(("changed", "message"), [
    ({"kind": "finansial"}, "this is no kind of interest (finansial found); did you mean financial?"),
    ({"standing": "past"}, "an interest is actual, potential or perceived (past found)"),
    ({"whose": "dog"}, "this is nobody’s relation here (dog found); choose from self, partner, family, friend"),
    ({"body": " "}, "it is not said in which body"), ({"part": ""}, "it is not said what part is played there")])
def test_an_action_refuses_what_no_form_would_send(site, changed, message):
    assert message in refused(declare, **changed)


def test_a_nil_return_is_refused_while_something_stands_and_a_confirmation_where_nothing_does(site):
    assert "of your interests stand" in refused(actions.give_return, MILLBROOK, by="mina-lee", nil=True, on=TODAY) \
        .replace("stands", "stand")
    assert "nothing of yours stands" in refused(actions.give_return, MILLBROOK, by="isla-hughes", nil=False, on=TODAY)
    actions.give_return(MILLBROOK, by="isla-hughes", nil=True, on=TODAY)
    actions.give_return(MILLBROOK, by="mina-lee", nil=False, on=TODAY)
    found = queries.register(MILLBROOK, TODAY)
    assert not found.overdue
    # A year later to the day it is due; the day after, overdue.
    isla = next(each for each in queries.register(MILLBROOK, date(2027, 11, 22)).people if each.member == "isla-hughes")
    assert isla.owed.due == date(2027, 11, 21)
    assert isla.is_overdue(date(2027, 11, 22))


def test_a_return_comes_by_the_page_and_my_work_stops_asking(signed_in):
    client = signed_in("isla-hughes")
    assert "My interests at Millbrook commissioner" in said(client.get("/my-work/"))
    assert client.post("/interests/INV-MILL/mine/return/", {}).status_code == 400
    assert client.post("/interests/INV-MILL/mine/return/", {"nil": "yes"}).status_code == 302
    assert "you have none" in said(client.get("/interests/INV-MILL/mine/"))
    assert "A declaration, nil return or confirmation:" not in said(client.get("/my-work/"))


# --- what was agreed --------------------------------------------------------------------------------------------------


def test_the_secretary_enters_what_was_agreed_and_never_of_their_own(signed_in):
    key, own = declare(), declare(by="tom-doyle", body="Forge Ltd")
    client = signed_in("tom-doyle")
    assert client.post(f"/interests/INV-MILL/keep/{key}/agree/", {"step": "leave"}).status_code == 400
    given = {"step": "leave", "agreed_by": "the chair", "words": "As long as it lasts."}
    assert client.post(f"/interests/INV-MILL/keep/{key}/agree/", given).status_code == 302
    found = queries.declared(key, TODAY)
    assert (found.agreed, found.agreed_by) == ("Leaves for the item", "the chair")
    mine = client.post(f"/interests/INV-MILL/keep/{own}/agree/", given)
    assert mine.status_code == 400
    assert "nobody agrees what is done about their own interest" in said(mine)
    assert client.post("/interests/INV-MILL/keep/999999/agree/", given).status_code == 404
    assert signed_in("grace-hart").post(f"/interests/INV-MILL/keep/{key}/agree/", given).status_code == 403
    assert signed_in("lee-novak").post(f"/interests/INV-MILL/keep/{key}/agree/", given).status_code == 404
    assert "this is no step" in refused(actions.agree_step, key, step="wave", agreed_by="x", words="", by="tom-doyle",
                                        on=TODAY)
    assert "who agreed it" in refused(actions.agree_step, key, step="note", agreed_by=" ", words="", by="tom-doyle",
                                      on=TODAY)


# --- items ------------------------------------------------------------------------------------------------------------


def stands_aside(item):
    return {each.member: each.because for each in item.asides}


def test_what_is_on_the_register_counts_at_an_item_without_being_said_again(site):
    declare(began=date(2020, 1, 1))
    item = sits(bodies=("WEIR limited",))
    assert stands_aside(item)["pat-byrne"] == (
        "actual financial interest in WEIR limited, declared 21 November 2026, on the register")
    # Five sit, three needed, one aside: 4 - 3 = 1 absence can be borne.
    assert item.quorum.sentence == "4 may vote, 3 needed: one absence can be borne, one more stops this item"


@pytest.mark.parametrize(("declared_in", "touched", "how"), [
    ("INV-OLD", "Millbrook hospitals", None),
    ("INV-HOSP", "Millbrook hospitals", "on the register"),
    ("Millbrook Hospitals", "INV-HOSP", "on the register"),
    ("OLD-WEIR", "Weir Board", "Weir Board followed Old Weir Trust"),
    ("NEW-WEIR", "OLD-WEIR", "Old Weir Trust came before Weir Board"),
])
def test_an_interest_is_matched_by_code_by_name_and_by_who_followed_whom(site, declared_in, touched, how):
    people.add_organisation("OLD-WEIR", "Old Weir Trust", kind="provider", by="test", invented=True)
    people.add_organisation("NEW-WEIR", "Weir Board", kind="provider", by="test", invented=True)
    people.add_succession("OLD-WEIR", "NEW-WEIR", on=date(2026, 4, 1), by="test", basis="invented")
    declare(body=declared_in)
    found = stands_aside(sits(bodies=(touched,))).get("pat-byrne")
    assert (found is None) if how is None else how in found


def test_the_case_of_an_item_brings_its_bodies_and_its_title(site):
    # The invented case touches Millbrook hospitals and is called as its proposal is; the item names nobody.
    title = next(kept.paper().title for kept in record.papers("case/invented-ward-3", "proposal"))
    declare(by="pat-byrne", body=title, part="paid adviser to the scheme")
    item = sits(bodies=(), case="case/invented-ward-3")
    assert "on the register" in stands_aside(item)["pat-byrne"]


def test_a_body_that_a_paper_of_the_case_merely_names_is_asked_about(site):
    # The programme has two steps: one owned by a body, one by a part that somebody plays.
    programme = Programme(header=Header(subject="case/invented-ward-3"), as_at=TODAY, milestones=(
        Milestone(what="Carers trained", owner="INV-VOL"), Milestone(what="Staff in post", owner="programme office")))
    recording.leave(programme, by="owen-price")
    declare(by="pat-byrne", body="Millbrook carers together", part="trustee")
    item = sits(bodies=(), case="case/invented-ward-3")
    assert "pat-byrne" not in stands_aside(item)
    (ask,) = [each for each in queries.to_settle("sitting") if each.declared_in == "Millbrook carers together"]
    assert (ask.touched, ask.how) == ("Millbrook carers together", "named in the programme of the case as an owner")


def test_an_interest_of_somebody_close_is_said_by_relation(site):
    declare(kind="financial", whose="family", part="works there as a consultant", body="INV-HOSP", by="femi-okoro")
    found = stands_aside(sits(bodies=("Millbrook hospitals",)))
    assert "interest of their relative in Millbrook hospitals" in found["femi-okoro"]


def test_a_near_name_is_asked_about_until_somebody_settles_it(signed_in):
    key = declare(by="rosa-khan", body="Weir")
    item = sits(bodies=("Weir Partnership",))
    assert "rosa-khan" not in stands_aside(item)
    (ask,) = [each for each in queries.to_settle("sitting") if each.member == "rosa-khan"]
    assert ask.sentence == ("Rosa Khan declared an interest in “Weir”; the item touches “Weir Partnership” (one name "
                            "holds the other). Are they one?")
    address, given = "/meetings/sitting/interests/settle/", {"key": key, "name": "Weir Partnership"}
    assert signed_in("rosa-khan").post(address, {**given, "same": "no", "why": "x"}).status_code == 403
    assert signed_in("tom-doyle").post(address, {**given, "same": "yes"}).status_code == 400
    other = signed_in("tom-doyle").post(address, {**given, "name": "Something", "same": "yes", "why": "x"})
    assert "no question of this meeting" in said(other)
    assert signed_in("tom-doyle").post(address, {**given, "same": "yes", "why": "Its own site says so."}).status_code \
        == 302
    assert "settled as the same body" in stands_aside(sittings.item("sitting", 1))["rosa-khan"]
    assert not [each for each in queries.to_settle("sitting") if each.member == "rosa-khan"]


def test_what_is_settled_as_not_the_same_is_not_asked_again(site):
    key = declare(by="rosa-khan", body="Weir")
    sits(bodies=("Weir Partnership",))
    actions.settle(key, name="Weir Partnership", same=False, why="Another town.", by="tom-doyle", on=TODAY)
    assert not [each for each in queries.to_settle("sitting") if each.member == "rosa-khan"]
    assert "rosa-khan" not in stands_aside(sittings.item("sitting", 1))
    assert "of their own interest" in refused(actions.settle, key, name="Weir Partnership", same=False, why="x",
                                              by="rosa-khan", on=TODAY)


def test_a_member_with_a_part_in_a_body_who_declared_nothing_is_asked_about(site):
    people.give_role("femi-okoro", "provider lead", "INV-VOL", since=date(2026, 1, 1), by="test")
    sits(bodies=("Millbrook carers together",))
    assert [each.sentence for each in queries.to_settle("sitting")] == [
        "Dr Femi Okoro is provider lead in Millbrook carers together, which the item touches, and has declared nothing "
        "there."]


def test_the_chairs_ruling_goes_before_the_register_and_is_in_the_record_with_its_reason(signed_in):
    declare()
    sits()
    address = "/meetings/sitting/1/ruling/"
    ruling = {"member": "pat-byrne", "step": "note", "reason": "The firm was wound up."}
    assert signed_in("rosa-khan").post(address, ruling).status_code == 400, "the deputy is not in the chair"
    assert signed_in("grace-hart").post(address, {**ruling, "reason": ""}).status_code == 400
    own = signed_in("grace-hart").post(address, {**ruling, "member": "grace-hart"})
    assert "nobody rules on their own interest" in said(own)
    assert signed_in("grace-hart").post(address, ruling).status_code == 302
    item = sittings.item("sitting", 1)
    assert item.may_vote("pat-byrne")
    (noted,) = item.quorum.noted
    assert noted.because.endswith("the chair ruled: noted, stays and votes, because The firm was wound up")
    entry = record.entries("meeting/sitting")[-1]
    assert entry.what == "ruling on an interest, item 1: note"
    words = record.words("meeting/sitting")
    assert [words[each].words for each in entry.commitments.values()] == ["The firm was wound up."]


def test_where_the_chair_is_conflicted_the_deputy_rules(signed_in):
    declare(by="grace-hart")
    item = sits()
    assert item.quorum.chair == "rosa-khan"
    ruling = {"member": "grace-hart", "step": "removed", "reason": "She owns the supplier."}
    assert signed_in("rosa-khan").post("/meetings/sitting/1/ruling/", ruling).status_code == 302
    assert "the chair ruled: takes no part at all" in stands_aside(sittings.item("sitting", 1))["grace-hart"]


@pytest.mark.parametrize(("changed", "message"), [
    ({"step": "wave"}, "this is no step of the ladder"), ({"member": "nobody"}, "no member of this meeting"),
    ({"reason": " "}, "a ruling needs its reason")])
def test_a_ruling_that_cannot_be_is_refused(site, changed, message):
    item = sits()
    given = {"member": "pat-byrne", "step": "note", "reason": "Because.", "by": "grace-hart", "on": TODAY,
             "keeps_minutes": False, **changed}
    assert message in refused(actions.rule, item, **given)


def opened(name="sitting"):
    item = sittings.item(name, 1)
    meetings.open_vote(item, by="tom-doyle", on=item.meeting.on.date())


def vote(who, name="sitting"):
    meetings.cast_vote(sittings.item(name, 1), by=who, choice="for", reason="It holds.")


def test_an_interest_declared_after_the_vote_opened_is_taken_in_and_said(signed_in):
    sits()
    opened()
    given = {"body": "Weir Ltd", "kind": "financial", "standing": "actual", "whose": "self", "part": "owner"}
    response = signed_in("pat-byrne").post("/meetings/sitting/1/interest/", given, follow=True)
    assert "Owner: Weir Ltd. Declared at Sitting, item 1." in said(signed_in().get("/interests/INV-MILL/"))
    named = signed_in("rosa-khan").post("/meetings/sitting/1/interest/", {**given, "part": "wife of Mr Weir"})
    assert "somebody’s name (Mr Weir found)" in said(named)
    assert "It is marked as late: declared after the vote opened." in said(response)
    item = sittings.item("sitting", 1)
    assert "declared after the vote opened" in stands_aside(item)["pat-byrne"]
    assert "you may not vote" in refused(vote, "pat-byrne")
    whats = [each.what for each in record.entries("meeting/sitting")]
    assert "interest declared after the vote opened, item 1" in whats


def test_an_interest_declared_after_voting_is_flagged_and_the_vote_is_not_lost(signed_in):
    sits()
    opened()
    for who in ("pat-byrne", "grace-hart", "rosa-khan"):
        vote(who)
    declare(began=date(2020, 1, 1))
    item = sittings.item("sitting", 1)
    assert "by somebody who had voted" in stands_aside(item)["pat-byrne"]
    assert "pat-byrne" in item.voted
    assert queries.late_for_item("sitting", 1) == [
        "Pat Byrne: actual financial interest in Weir Ltd, declared after the vote opened on item 1 of Sitting, by "
        "somebody who had voted (21 November 2026)"]
    assert "declared after the vote opened on item 1 of Sitting" in said(signed_in("tom-doyle").get(
        "/interests/INV-MILL/keep/"))
    assert "has voted on the item" in refused(
        actions.rule, item, member="rosa-khan", step="leave", reason="x", by="grace-hart", on=TODAY,
        keeps_minutes=False)


def test_an_interest_declared_after_the_vote_closed_changes_nothing_and_is_flagged(signed_in):
    sits()
    opened()
    for who in ("pat-byrne", "grace-hart", "rosa-khan"):
        vote(who)
    meetings.close_vote(sittings.item("sitting", 1), by="grace-hart", role="chair", reasons="It holds.", on=TODAY)
    before = sittings.item("sitting", 1).quorum
    declare(began=date(2020, 1, 1))
    assert sittings.item("sitting", 1).quorum == before
    page = said(signed_in("tom-doyle").get("/meetings/sitting/1/"))
    assert "declared after the vote on item 1 of Sitting, by somebody who had voted" in page
    assert "after the vote" in next(row for row in csv.DictReader(io.StringIO(
        signed_in().get("/interests/INV-MILL/interests.csv").content.decode("utf-8-sig")))
        if row["in_body"] == "Weir Ltd")["late"]
    # What begins after the meeting was not held when they voted.
    declare(by="rosa-khan", began=TODAY + timedelta(days=30), standing="potential")
    assert len(queries.late_for_item("sitting", 1)) == 1


def test_whoever_declares_after_voting_does_not_count_for_the_quorum_and_stood_aside_afterwards_too(site):
    sits()
    opened()
    for who in ("pat-byrne", "grace-hart", "rosa-khan"):
        vote(who)
    declare(began=date(2020, 1, 1))
    # Three have voted, one of them stands aside since: two count, and three are needed.
    closing = {"by": "grace-hart", "role": "chair", "reasons": "It holds.", "on": TODAY}
    assert "2 have voted and 3 are needed (1 more voted who stand aside since)" in refused(
        meetings.close_vote, sittings.item("sitting", 1), **closing)
    vote("mina-lee")
    meetings.close_vote(sittings.item("sitting", 1), **closing)
    item = sittings.item("sitting", 1)
    assert "by somebody who had voted" in stands_aside(item)["pat-byrne"]
    assert len(item.voted) == 4, "no vote is lost"


def test_the_chair_may_say_what_a_vote_is_worth_whose_owner_declared_after_it(site):
    sits()
    opened()
    vote("pat-byrne")
    declare(began=date(2020, 1, 1))
    actions.rule(sittings.item("sitting", 1), member="pat-byrne", step="note", reason="The firm does not bid.",
                 by="grace-hart", on=TODAY, keeps_minutes=False)
    assert sittings.item("sitting", 1).may_vote("pat-byrne")


def test_a_formula_in_what_people_write_is_no_formula_in_the_file(signed_in):
    declare(part="=HYPERLINK(1)")
    text = signed_in().get("/interests/INV-MILL/interests.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text


def test_an_interest_that_is_over_is_still_applied_until_the_chair_rules(site):
    key = declare(on=date(2026, 9, 1), began=date(2020, 1, 1))
    actions.end(key, by="pat-byrne", last_day=date(2026, 10, 1), on=date(2026, 10, 2))
    assert "over since 1 October 2026, before the meeting" in stands_aside(sits())["pat-byrne"]


def test_an_interest_given_to_the_body_before_still_counts_at_the_one_that_followed(site):
    people.give_role("pat-byrne", "committee member", "INV-OLD", since=date(2024, 1, 1), by="test")
    declare(of="INV-OLD")
    assert "pat-byrne" in stands_aside(sits())


def test_the_page_says_what_an_absence_would_do(signed_in):
    sits()
    client = signed_in("tom-doyle")
    page = said(client.get("/meetings/sitting/interests/?without=pat-byrne&without=mina-lee&without=nobody"))
    # Five, less two, are three; three are needed.
    assert "Without Pat Byrne and Dr Mina Lee: 3 may vote, 3 needed: one absence stops this item." in page
    assert "All 1 items" not in page
    assert "The one item for decision can be decided as things stand." in page
    assert signed_in("kit-adams").get("/meetings/sitting/interests/").status_code == 404


@pytest.mark.parametrize("who", ["pat-byrne", "grace-hart", "mina-lee"])
@pytest.mark.parametrize("kind", ["financial", "indirect"])
@pytest.mark.parametrize("standing", ["actual", "perceived"])
def test_one_more_interest_never_adds_a_voter(site, who, kind, standing):
    before = set(sits(bodies=("Weir Ltd", "Millbrook hospitals")).quorum.may_vote)
    declare(by=who, kind=kind, standing=standing)
    after = sittings.item("sitting", 1).quorum
    assert set(after.may_vote) <= before
    assert not {each.member for each in after.stands_aside} & set(after.counts_for_quorum)
