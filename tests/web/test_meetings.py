"""Meetings before, while and after they sit: notice, papers, what is private, votes, minutes, questions."""

import io
import re
import zipfile
from datetime import date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from evenhand.terms import Refused

pytestmark = pytest.mark.django_db
HOME = "/meetings/millbrook-committee/"
BEFORE = "/meetings/millbrook-committee-before/"
AFTER_NAME = "millbrook-committee-after"
AFTER = f"/meetings/{AFTER_NAME}/"
PRIVATE = ("Laundry contract, put off last time", "Laundry prices", "let the laundry contract",
           "price was not signed", "firms that lost")
LONDON = ZoneInfo("Europe/London")
TODAY = date(2026, 11, 21)


def said(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def item(number, name="millbrook-committee"):
    from evenhand.decide.app import queries

    return queries.item(name, number)


def tried(name="millbrook-committee"):
    """What was refused at a meeting, as its record tells it, with the words that were kept."""
    from evenhand.record.app import queries as record

    subject = f"meeting/{name}"
    words = record.words(subject)
    return [(each.what, {label: words[mark].words for label, mark in each.commitments.items()})
            for each in record.entries(subject) if each.what.startswith("refused: ")]


# --- the forward plan -------------------------------------------------------------------------------------------------


def test_everybody_reads_what_will_be_decided_when_and_who_owes_the_paper(signed_in):
    page = said(signed_in().get("/meetings/"))
    assert "Teams who see patients at home: the contract" in page
    # The meeting is 42 days off; five clear days before it leave 36.
    due = TODAY + timedelta(days=36)
    assert f"Paper owed by Owen Price, due by {due.day} {due:%B %Y}" in page
    # On the plan since two days before today: 43 clear days of 28.
    assert "Key decision announced: 43 clear days before, 28 clear days needed" in page
    assert "Draft minutes" in page


@pytest.mark.parametrize("who", ["", "lee-novak", "sam-reid", "max-wood"])
def test_what_is_private_is_nowhere_for_the_public_or_another_body(signed_in, who):
    client = signed_in(who)
    for address in ("/meetings/", "/meetings/meetings.json", "/meetings/meetings.csv", "/meetings/meetings.ics",
                    "/meetings/meetings.atom", "/meetings/of/INV-MILL/meetings.ics", HOME, f"{HOME}meeting.ics", BEFORE,
                    f"{BEFORE}minutes/", "/", "/decisions/", "/decisions/register.json", "/my-work/"):
        response = client.get(address)
        content = response.content.decode().replace("\r\n ", "")
        assert response.status_code in (200, 302, 403), address
        assert not [words for words in PRIVATE if words in content], address
    for address in (f"{HOME}papers.zip", f"{BEFORE}papers.zip"):
        with zipfile.ZipFile(io.BytesIO(client.get(address).content)) as pack:
            everything = " ".join(pack.namelist()) + " ".join(pack.read(name).decode() for name in pack.namelist())
        assert "aundry" not in everything, address
        assert "financial or business affairs" in everything
    # That there is something, and on which ground, is said.
    assert "The public is asked to leave for 1 item" in said(client.get(HOME))
    assert "financial or business affairs" in said(client.get(HOME))
    (paper,) = item(7).papers
    assert client.get(f"{HOME}7/papers/{paper.versions[0].key}/").status_code == 404
    assert client.get(f"{HOME}7/").status_code in (302, 403, 404)
    assert client.get(f"{HOME}members-papers.zip").status_code in (302, 403, 404)


def test_a_member_has_the_private_papers_and_somebody_who_is_sent_none_for_an_interest_has_not(signed_in):
    from evenhand.decide.app.models import Interest, Item, Meeting
    from evenhand.people.app.models import Account
    from evenhand.record.app.actions import writing

    (paper,) = item(7).papers
    assert signed_in("rosa-khan").get(f"{HOME}7/papers/{paper.versions[0].key}/").content.startswith(b"Invented prices")
    with writing("meeting/millbrook-committee", by="test", what="an interest in the laundry"):
        Item.objects.filter(meeting__name="millbrook-committee", number=7).update(bodies=["Clean sheets"])
        Meeting.objects.filter(name="millbrook-committee").update(ladder={
            "financial": "no_papers", "non-financial professional": "note", "non-financial personal": "note",
            "indirect": "note"})
        Interest.objects.create(meeting=Meeting.objects.get(name="millbrook-committee"), kind="financial",
                                account=Account.objects.get(identifier="pat-byrne"), standing="actual", whose="self",
                                body="Clean sheets", declared=TODAY)
    client = signed_in("pat-byrne")
    assert client.get(f"{HOME}7/papers/{paper.versions[0].key}/").status_code == 404
    assert "You are not sent the papers of this item" in said(client.get(f"{HOME}7/"))
    for who, there in (("pat-byrne", False), ("rosa-khan", True)):
        with zipfile.ZipFile(io.BytesIO(signed_in(who).get(f"{HOME}members-papers.zip").content)) as pack:
            assert any("laundry" in name for name in pack.namelist()) is there, who


# --- notice and agenda ------------------------------------------------------------------------------------------------


def arranged(client, on, title="Quality committee", **more):
    return client.post("/meetings/arrange/", {
        "body": "INV-MILL", "title": title, "on": str(on), "at": "09:30", "place": "Corn hall", "quorum": "2",
        "seat-grace-hart": "chair", "seat-rosa-khan": "deputy", "seat-mina-lee": "member", **more})


def test_a_secretary_arranges_a_meeting_that_begins_with_what_every_meeting_has(signed_in):
    client = signed_in("tom-doyle")
    response = arranged(client, localdate() + timedelta(days=30))
    assert response.status_code == 302
    name = response["Location"].split("/")[2]
    assert [(each.number, each.kind) for each in (item(1, name), item(2, name), item(3, name))] == [
        (1, "minutes"), (2, "matters"), (3, "questions")]
    assert "Quality committee" in said(signed_in().get("/meetings/"))
    wrong = arranged(client, localdate() + timedelta(days=31), quorum="9")
    assert wrong.status_code == 400
    assert "3 would sit with a vote and 9 are needed" in said(wrong)


def test_notice_that_comes_too_late_is_refused_without_a_reason_and_flagged_with_one(signed_in):
    client = signed_in("tom-doyle")
    # In three days: two clear days, and the rules ask for three.
    name = arranged(client, localdate() + timedelta(days=3))["Location"].split("/")[2]
    desk = f"/meetings/{name}/desk/"
    refused = client.post(desk, {"do": "notice"})
    assert refused.status_code == 400
    assert "Notice: 2 clear days before, 3 clear days needed: too late" in said(refused)
    assert tried(name)[-1][0] == "refused: to give notice"
    flagged = client.post(desk, {"do": "notice", "because": "The boiler house has flooded."}, follow=True)
    assert "too late" in said(flagged)
    assert "Called at short notice: The boiler house has flooded." in said(signed_in().get(f"/meetings/{name}/"))


def test_a_body_sets_its_own_days_with_their_source_and_notice_is_held_against_them(signed_in):
    client = signed_in("tom-doyle")
    rules = {"notice_days": "14", "papers_days": "5", "key_days": "0", "question_days": "1", "source": "Order 4"}
    assert "rules need their source" in said(client.post("/meetings/rules/", {**rules, "source": ""}))
    assert "not a whole number above nought" in said(client.post("/meetings/rules/", {**rules, "notice_days": "-1"}))
    assert client.post("/meetings/rules/", rules).status_code == 302
    # In ten days: nine clear days, and fourteen are needed now.
    name = arranged(client, localdate() + timedelta(days=10))["Location"].split("/")[2]
    refused = said(client.post(f"/meetings/{name}/desk/", {"do": "notice"}))
    assert "Notice: 9 clear days before, 14 clear days needed: too late" in refused
    assert signed_in("grace-hart").get("/meetings/rules/").status_code == 403


def test_an_item_that_comes_late_and_a_key_decision_without_its_days_are_refused_or_minuted(signed_in):
    client = signed_in("tom-doyle")
    name = arranged(client, localdate() + timedelta(days=20))["Location"].split("/")[2]
    desk, new = f"/meetings/{name}/desk/", {"do": "add", "title": "Beds", "asked_to": "Decide.", "purpose": "decision"}
    assert client.post(desk, new).status_code == 302
    refused = client.post(desk, {**new, "key": "yes"})
    assert refused.status_code == 400
    assert "A key decision: 19 clear days before, 28 clear days needed" in said(refused)
    assert ("refused: to add an item", "Beds") in [(what, words.get("words")) for what, words in tried(name)]
    assert client.post(desk, {**new, "key": "yes", "urgent_because": "The lease ends."}).status_code == 302
    assert "Taken without the notice due: The lease ends." in said(signed_in().get(f"/meetings/{name}/"))


def test_an_item_is_private_only_with_its_ground_and_reason_and_moves_until_papers_are_sent(signed_in):
    client = signed_in("tom-doyle")
    name = arranged(client, localdate() + timedelta(days=20))["Location"].split("/")[2]
    desk = f"/meetings/{name}/desk/"
    for title in ("First", "Second"):
        client.post(desk, {"do": "add", "title": title, "asked_to": "Decide.", "purpose": "decision"})
    refused = client.post(desk, {"do": "privacy", "number": "4", "ground": "legal", "ground_because": ""})
    assert "private only for a recorded reason" in said(refused)
    assert client.post(desk, {"do": "privacy", "number": "4", "ground": "legal",
                              "ground_because": "Counsel advised."}).status_code == 302
    assert "First" not in said(signed_in().get(f"/meetings/{name}/"))
    assert client.post(desk, {"do": "up", "number": "5"}).status_code == 302
    assert (item(4, name).title, item(5, name).title) == ("Second", "First")
    assert client.post(desk, {"do": "purpose", "number": "4", "purpose": "information"}).status_code == 302
    assert item(4, name).purpose == "information"
    assert client.post(f"/meetings/{name}/5/bring/", {"title": "Advice", "file": SimpleUploadedFile(
        "advice.pdf", b"%PDF-1.7 invented")}).status_code == 302
    assert client.post(desk, {"do": "send"}).status_code == 302
    late = client.post(desk, {"do": "up", "number": "5"})
    assert "members have the agenda with its numbers" in said(late)
    assert [each.papers for each in sendings(name)] == [1]


def sendings(name):
    from evenhand.decide.app import agenda_queries

    return agenda_queries.sendings(name)


# --- papers by version ------------------------------------------------------------------------------------------------


def test_a_paper_changed_after_it_was_sent_says_so_and_stops_the_vote_until_it_is_sent_again(signed_in):
    page = said(signed_in().get(HOME))
    assert "the paper members were sent is version 1; the newest is 2" in page
    client = signed_in("tom-doyle")
    refused = client.post(f"{HOME}6/open/")
    assert refused.status_code == 400
    assert "the paper members were sent is version 1; the newest is 2" in said(refused)
    assert tried()[-1][0] == "refused: to open a vote, item 6"
    sent = client.post(f"{HOME}desk/", {"do": "send", "because": "Bank holidays were counted as Sundays."})
    assert sent.status_code == 302
    (paper,) = item(6).papers
    assert paper.current
    assert paper.versions[1].standing in ("late", "supplementary")
    assert "Bank holidays were counted as Sundays." in said(signed_in().get(HOME))
    assert client.post(f"{HOME}6/open/").status_code == 302


def test_the_body_may_accept_the_newest_paper_by_a_recorded_decision(signed_in):
    client = signed_in("grace-hart")
    assert "recorded with its reason" in said(client.post(f"{HOME}6/accept/", {"because": ""}))
    assert client.post(f"{HOME}6/accept/", {"because": "We have read it at the table."}).status_code == 302
    assert item(6).superseded == ()
    assert "We have read it at the table." in said(signed_in().get(HOME))
    assert client.post(f"{HOME}6/open/").status_code == 302


def test_a_proposal_that_changes_while_the_vote_is_open_stops_it_and_the_item_is_put_off(signed_in):
    from dataclasses import replace

    from evenhand.papers import Proposal
    from evenhand.record.app import actions as record
    from evenhand.record.app import queries as held

    assert signed_in("tom-doyle").post(f"{HOME}5/open/").status_code == 302
    paper = held.papers("case/invented-ward-3", "proposal")[-1].paper()
    assert isinstance(paper, Proposal)
    newer = replace(paper, header=replace(paper.header, proposal_version=paper.version + 1))
    record.leave(newer, by="owen-price", organisation="INV-MILL")
    vote = signed_in("rosa-khan").post(f"{HOME}5/vote/", {"choice": "for", "reason": "My words are kept."})
    assert vote.status_code == 400
    assert f"the paper members were sent is version {paper.version}; the newest is {paper.version + 1}" in said(vote)
    assert "My words are kept." in vote.content.decode()
    assert tried()[-1] == ("refused: to vote, item 5", {
        "refused because": tried()[-1][1]["refused because"], "words": "My words are kept."})
    put_off = signed_in("grace-hart").post(f"{HOME}5/put-off/", {"reasons": "The proposal changed."})
    assert put_off.status_code == 302
    assert (item(5).moment, item(5).outcome) == ("closed", "deferred")
    assert held.state("case/invented-ward-3") == "deferred"
    assert not held.verify()


def test_a_file_of_a_kind_that_is_not_taken_or_the_same_bytes_again_are_refused(signed_in):
    client = signed_in("owen-price")
    wrong = client.post(f"{HOME}6/bring/", {"title": "Run me", "file": SimpleUploadedFile("run.exe", b"MZ")})
    assert wrong.status_code == 400
    assert "papers are PDF, Word" in said(wrong)
    file = SimpleUploadedFile("hours.txt", b"Invented: who came on Sunday evenings, by hour, with bank holidays apart.")
    again = client.post(f"{HOME}6/bring/", {"title": "Opening hours", "because": "Once more.", "file": file})
    assert "this is the version that is held already" in said(again)
    # One who sits without bringing papers may not.
    assert signed_in("pat-byrne").post(f"{HOME}6/bring/", {}).status_code == 403


# --- votes ------------------------------------------------------------------------------------------------------------


def test_every_refused_vote_is_told_in_words_and_entered_and_none_is_counted(signed_in):
    # Item 4 is closed; Dr Lee stands aside on item 5.
    closed = signed_in("rosa-khan").post(f"{HOME}4/vote/", {"choice": "for", "reason": "Too late?"})
    assert closed.status_code == 400
    assert "the vote on this item is closed" in said(closed)
    signed_in("tom-doyle").post(f"{HOME}5/open/")
    aside = signed_in("mina-lee").post(f"{HOME}5/vote/", {"choice": "for", "reason": "I would like to."})
    assert "you may not vote on this item" in said(aside)
    for _ in range(2):
        twice = signed_in("pat-byrne").post(f"{HOME}5/vote/", {"choice": "against", "reason": "Once is enough."})
    assert "you have voted on this item" in said(twice)
    assert [what for what, _ in tried()] == [
        "refused: to vote, item 4", "refused: to vote, item 5", "refused: to vote, item 5"]
    assert [words["words"] for _, words in tried()] == ["Too late?", "I would like to.", "Once is enough."]
    assert item(5).voted == {"pat-byrne"}


def test_who_leaves_is_reckoned_with_from_that_item_on_and_never_changes_a_vote_that_was_opened(signed_in):
    client, sit = signed_in("tom-doyle"), f"{HOME}sit/"
    there = ["grace-hart", "rosa-khan", "mina-lee", "femi-okoro", "isla-hughes", "dev-singh"]
    assert client.post(sit, {"do": "begin", "present": there}).status_code == 302
    assert item(5).quorum.sentence.startswith("4 may vote, 5 needed")
    late = client.post(sit, {"do": "mark", "member": "pat-byrne", "what": "arrived", "number": "5"}, follow=True)
    assert "5 may vote, 5 needed: one absence stops this item" in said(late)
    # Item 4 was voted on with everybody: it stands.
    assert "pat-byrne" not in item(4).present
    wrong = client.post(sit, {"do": "mark", "member": "rosa-khan", "what": "left", "number": "4"})
    assert "the vote on item 4 has been opened: who could vote on it stands" in said(wrong)
    assert client.post(sit, {"do": "mark", "member": "rosa-khan", "what": "left", "number": "6"}).status_code == 302
    assert "rosa-khan" in item(5).present
    assert "rosa-khan" not in item(6).present
    assert "this meeting is over" not in said(client.post(sit, {"do": "end"}))
    refused = client.post(sit, {"do": "end"})
    assert "is neither decided nor put off" in said(refused)


def test_an_amendment_is_settled_before_the_vote_and_changes_what_is_voted_on(signed_in):
    client, keep = signed_in("tom-doyle"), f"{HOME}5/keep/"
    moved = {"do": "motion", "words": "That the teams are built first.", "mover": "rosa-khan", "seconder": "pat-byrne"}
    assert client.post(keep, moved).status_code == 302
    barred = client.post(keep, {**moved, "amends": "1", "mover": "mina-lee"})
    assert "the mover takes no part in this item" in said(barred)
    assert client.post(keep, {**moved, "amends": "1", "words": "That the teams are built and tried first."}
                       ).status_code == 302
    early = client.post(f"{HOME}5/open/")
    assert "amendment 2 is neither agreed nor not" in said(early)
    assert client.post(keep, {"do": "settle", "motion": "2", "moment": "agreed", "how": "by a show of hands, 4 to 1"}
                       ).status_code == 302
    assert item(5).motion.words == "That the teams are built and tried first."
    assert client.post(f"{HOME}5/open/").status_code == 302


# --- minutes ----------------------------------------------------------------------------------------------------------


def test_draft_minutes_tell_who_was_there_what_was_moved_how_each_voted_and_why(signed_in):
    page = said(signed_in().get(f"{BEFORE}minutes/"))
    assert "DRAFT" in page
    assert "Not there: Dr Femi Okoro." in page
    assert "Amendment 2 of motion 1, moved by Pat Byrne, seconded by Dr Isla Hughes" in page
    assert "Agreed, by a show of hands, 5 to 0" in page
    # 2 of the 5 there; the sixth was away and could not vote.
    assert "2 for, 2 against, 1 abstained." in page
    assert "For: 2 of 5 who may vote (40%); 50% of the 4 who voted for or against." in page
    assert "the casting vote was for" in page
    assert "Casting vote by Grace Hart: for" in page
    assert "The council has not said who pays for the second winter. Dissent recorded." in page
    assert "Will people without a boiler of their own be taken too? Answered: Yes" in page
    assert "Tell every practice how to refer: Owen Price, by" in page
    assert "1 item heard without the public" in page
    member = said(signed_in("rosa-khan").get(f"{BEFORE}minutes/"))
    assert "What the laundry contract costs" in member
    assert "One price was not signed." in member


def test_the_next_meeting_corrects_the_minutes_beside_them_and_confirms_them(signed_in):
    client = signed_in("tom-doyle")
    early = client.post(f"{HOME}1/keep/", {"do": "confirm"})
    assert "has not begun" in said(early)
    client.post(f"{HOME}sit/", {"do": "begin", "present": ["grace-hart", "rosa-khan"]})
    assert client.post(f"{HOME}1/keep/", {"do": "correct", "words": "Read “oil boiler” for “boiler”.", "of_item": "4"}
                       ).status_code == 302
    assert client.post(f"{HOME}1/keep/", {"do": "confirm"}).status_code == 302
    page = said(signed_in().get(f"{BEFORE}minutes/"))
    assert "Confirmed at Commissioning committee" in page
    assert "Item 4: Read “oil boiler” for “boiler”." in page
    assert "Will people without a boiler of their own" in page
    assert "these minutes are confirmed already" in said(client.post(f"{HOME}1/keep/", {"do": "confirm"}))
    # What arises is on the agenda by itself, the overdue marked.
    arising = said(client.get(f"{HOME}2/"))
    assert "Tell every practice how to refer" in arising
    assert "Overdue" in arising


def test_an_action_stands_on_its_owners_work_until_it_is_done_and_in_their_calendar(signed_in):
    owner = signed_in("owen-price")
    page = said(owner.get("/my-work/"))
    assert "Tell every practice how to refer" in page
    assert "Overdue" in page
    calendar = owner.get("/meetings/actions.ics").content.decode()
    # Due ten days after a meeting that was 28 days before today.
    assert f"DTSTART;VALUE=DATE:{TODAY - timedelta(days=18):%Y%m%d}" in calendar
    address = re.search(r"/meetings/actions/\d+/", owner.get("/my-work/").content.decode())[0]
    assert "somebody else is to do this" in said(signed_in("pat-byrne").post(address, {"how": "I did."}))
    assert owner.post(address, {"how": "A letter went to all of them."}).status_code == 302
    assert "Tell every practice how to refer" not in said(owner.get("/my-work/"))


def test_what_was_decided_between_meetings_is_on_the_next_agenda_by_itself(signed_in):
    assert "Vaccine fridge at Lakeside clinic" in said(signed_in().get(HOME))
    chair = signed_in("grace-hart")
    sent = {"body": "INV-MILL", "title": "Snow", "what": "Clinics closed for a day.", "decided_by": "grace-hart",
            "power": "standing order 9", "because": "The roads were shut.", "on": str(localdate())}
    assert chair.post("/meetings/between/", sent).status_code == 302
    page = said(signed_in().get("/meetings/"))
    assert "Decisions taken between meetings" in page
    assert "says why it could not wait" in said(chair.post("/meetings/between/", {**sent, "because": " "}))
    assert signed_in("pat-byrne").post("/meetings/between/", sent).status_code == 403


# --- the public -------------------------------------------------------------------------------------------------------


def asked(client, words, **more):
    import time

    from django.core import signing

    from evenhand.decide.app.question_views import FORM

    mark = signing.dumps([time.time() - 60, words[:10]], salt=FORM)
    return client.post(f"{AFTER}ask/", {"words": words, "form": mark, **more})


def test_a_question_is_sent_without_an_account_screened_taken_answered_and_listed(signed_in):
    from django.core.cache import cache

    cache.clear()
    public, secretary = signed_in(), signed_in("tom-doyle")
    pointed = asked(public, "Why did Mrs Okafor, aged 84, wait nine hours?")
    assert pointed.status_code == 400
    assert "Nothing has been sent or kept" in said(pointed)
    assert "Mrs Okafor" in pointed.content.decode()
    sent = asked(public, "Why do people wait nine hours?", asker="Ida")
    assert sent.status_code == 302
    follow = sent["Location"]
    assert "It has arrived" in said(public.get(follow))
    # Until the secretary has read it nobody else does.
    assert "Why do people wait nine hours?" not in said(public.get(AFTER))
    waiting = secretary.get(AFTER).content.decode()
    address = re.findall(r'action="(/meetings/asked/\d+/settle/)"', waiting)[-1]
    assert signed_in("pat-byrne").post(address, {"do": "take"}).status_code == 403
    assert secretary.post(address, {"do": "take"}).status_code == 302
    assert "Ida asks Why do people wait nine hours?" in said(public.get(AFTER))
    assert secretary.post(address, {"do": "answer", "words": "Because beds are full by noon."}).status_code == 302
    assert "Because beds are full by noon." in said(public.get(AFTER))
    assert "Because beds are full by noon." in said(public.get(follow))


def test_a_question_after_the_last_day_is_refused_and_one_turned_away_has_its_reason(site):
    from evenhand.decide.app import minutes_queries, question_actions

    on = datetime(2026, 12, 31, 12, tzinfo=LONDON)
    # The meeting is on 2 January; two clear days leave 30 December as the last.
    with pytest.raises(Refused, match="taken until 30 December 2026"):
        question_actions.receive(AFTER_NAME, words="Too late?", asker="", form="late", at=on)
    code = question_actions.receive(AFTER_NAME, words="What about my parking fine?", asker="", form="once",
                                    at=on - timedelta(days=1))
    assert question_actions.receive(AFTER_NAME, words="What about my parking fine?", asker="", form="once",
                                    at=on) == code
    key = minutes_queries.question_of(code.lower()).key
    with pytest.raises(Refused, match="owed a reason"):
        question_actions.turn_away(key, because=" ", by="tom-doyle")
    question_actions.turn_away(key, because="The council deals with parking.", by="tom-doyle")
    assert minutes_queries.question(key).not_taken_because == "The council deals with parking."
    with pytest.raises(Refused, match="is not taken already"):
        question_actions.take(key, by="tom-doyle")
