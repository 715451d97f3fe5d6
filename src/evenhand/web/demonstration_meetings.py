"""Meetings of the demonstration's invented county: one that is over, with its minutes; one today; one further off.

All of it is done by the actions that people use: notice, papers, attendance, motions, votes, minutes, questions.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone

from evenhand.decide.app import (
    actions,
    agenda_actions,
    minutes_actions,
    minutes_queries,
    queries,
    question_actions,
    sitting_actions,
)
from evenhand.decide.app.actions import Agreed, Seated
from evenhand.decide.app.queries import OpenItem
from evenhand.decide.notice import Rules
from evenhand.web import demonstration_papers

MEETING, LAST_MEETING, NEXT_MEETING = "millbrook-committee", "millbrook-committee-before", "millbrook-committee-after"
LADDER = {"financial": "leave", "non-financial professional": "speak_not_vote",
          "non-financial personal": "speak_not_vote", "indirect": "note"}
RULES = Rules(3, 5, 28, 2, True, "The invented county’s standing orders, which follow the Public Bodies (Admission to "
                                 "Meetings) Act 1960, section 1(4), and give the chair a casting vote")
PLACE = "Corn hall, Millbrook"
SECRETARY = "tom-doyle"


def seats() -> list[Seated]:
    """Who sits at Millbrook's table."""
    return [Seated("grace-hart", ("chair",), chair=True), Seated("rosa-khan", ("lay member",), deputy_chair=True),
            Seated("mina-lee", ("clinical lead",)), Seated("femi-okoro", ("clinical lead",)),
            Seated("pat-byrne", ("lay member",)), Seated("isla-hughes", ("practice member",)),
            Seated("dev-singh", ("finance",), voting=False)]


def at(on: date, hour: int, minute: int = 0) -> datetime:
    """An hour of a day, where this site is."""
    return datetime.combine(on, time(hour, minute), tzinfo=get_current_timezone())


def bring(today: date, organisation: str, hospitals: str) -> None:
    """Make the three meetings; a second time changes nothing."""
    if queries.meeting(MEETING) is not None:
        return
    agenda_actions.set_rules(organisation, RULES, by=SECRETARY)
    _last(today - timedelta(days=28), organisation)
    _coming(today, organisation, hospitals)
    _further_off(today, organisation)


def _arrange(name: str, on: date, organisation: str, arranged: datetime, items: list[Agreed]) -> None:
    actions.arrange(name, "Commissioning committee", organisation=organisation, on=at(on, 9), quorum=5, ladder=LADDER,
                    roles_needed=[{"role": "clinical lead", "at_least": 1}], seats=seats(), items=items, by=SECRETARY,
                    at=arranged, place=PLACE)
    agenda_actions.add_standing_items(name, by=SECRETARY, at=arranged)


def _found(name: str, number: int) -> OpenItem:
    found = queries.item(name, number)
    assert found is not None, "it was put on the agenda before"
    return found


def _last(on: date, organisation: str) -> None:
    """A meeting from its notice to its draft minutes."""
    arranged = at(on - timedelta(days=40), 10)
    _arrange(LAST_MEETING, on, organisation, arranged, [
        Agreed(4, "Warm homes on referral", "Decide whether practices may refer people to the council’s warm homes "
               "scheme for one winter.", (), paper_owed_by="owen-price"),
        Agreed(5, "What the laundry contract costs", "Decide whether to let the laundry contract again at the price "
               "offered.", (), paper_owed_by="dev-singh", ground="business",
               ground_because="The firms that lost may bid again within the year.")])
    agenda_actions.give_notice(LAST_MEETING, by=SECRETARY, at=at(on - timedelta(days=10), 10))
    for number, title, words in ((4, "Warm homes", "One winter of referrals, what it costs and how it is stopped."),
                                 (5, "Laundry prices", "Invented prices of invented firms.")):
        agenda_actions.attach(_found(LAST_MEETING, number), title=title, file_name=f"{title}.txt",
                              content=words.encode(), by="owen-price", at=at(on - timedelta(days=9), 11))
    agenda_actions.dispatch(LAST_MEETING, by=SECRETARY, at=at(on - timedelta(days=8), 16))
    question_actions.receive(LAST_MEETING, words="Will people without a boiler of their own be taken too?", asker="",
                             form="demonstration question 1", at=at(on - timedelta(days=6), 19))
    (asked,) = minutes_queries.questions(LAST_MEETING)
    question_actions.take(asked.key, by=SECRETARY)
    present = frozenset(each.member for each in seats()) - {"femi-okoro"}
    sitting_actions.begin(LAST_MEETING, present=present, by=SECRETARY, at=at(on, 9, 2))
    question_actions.answer(asked.key, words="Yes: the scheme is for the home, whoever owns the boiler.", by=SECRETARY,
                            on=on)
    _warm_homes(on)
    _laundry(on)
    sitting_actions.end(LAST_MEETING, by=SECRETARY, at=at(on, 11, 5))
    minutes_actions.draft(LAST_MEETING, by=SECRETARY, at=at(on + timedelta(days=2), 15))


def _warm_homes(on: date) -> None:
    """Moved, amended, voted equal, and decided from the chair."""
    def item() -> OpenItem:
        return _found(LAST_MEETING, 4)

    minutes_actions.note(item(), "Members asked how a household would be told that the winter is over.", by=SECRETARY,
                         at=at(on, 9, 40))
    sitting_actions.move_motion(item(), words="That practices may refer to the warm homes scheme this winter.",
                                mover="mina-lee", seconder="rosa-khan", amends=None, by=SECRETARY, at=at(on, 9, 41))
    number = sitting_actions.move_motion(
        item(), words="That practices may refer to the warm homes scheme this winter, and hear by May what came of "
        "it.", mover="pat-byrne", seconder="isla-hughes", amends=1, by=SECRETARY, at=at(on, 9, 44))
    sitting_actions.settle_motion(item(), number, moment="agreed", how="by a show of hands, 5 to 0", by=SECRETARY)
    actions.open_vote(item(), by=SECRETARY)
    voting = item()
    for member, choice, reason, dissent in (
            ("grace-hart", "for", "A winter is short, and we can stop.", False),
            ("mina-lee", "for", "Cold homes fill our surgeries.", False),
            ("rosa-khan", "against", "The council has not said who pays for the second winter.", True),
            ("pat-byrne", "against", "I would wait for the council’s figures.", False),
            ("isla-hughes", "abstain", "Our practice would refer the most.", False)):
        actions.cast_vote(voting, by=member, choice=choice, reason=reason, dissent=dissent)
    actions.close_vote(voting, by="grace-hart", role="chair", on=on,
                       reasons="A short trial whose end is known, with what came of it to be heard by May.")
    actions.give_casting_vote(item(), by="grace-hart", role="chair", choice="for", on=on,
                              reason="It can be stopped in spring at no cost.")
    for what, owner, days in (("Tell every practice how to refer", "owen-price", 10),
                              ("Bring the council’s figures for a second winter", "dev-singh", 60)):
        minutes_actions.agree_action(item(), what=what, owner=owner, due=on + timedelta(days=days), by=SECRETARY, on=on)


def _laundry(on: date) -> None:
    """An item without the public, put off."""
    actions.put_off(_found(LAST_MEETING, 5), by=SECRETARY, role="secretary", on=on,
                    reasons="One price was not signed.")


def _coming(today: date, organisation: str, hospitals: str) -> None:
    """Today's meeting: a case to decide, a paper that changed, an item in private, a question from the public.

    It is held today, so that a visitor can open, cast and close a vote: before its day none may be opened.
    """
    on, brought, sent = today, at(today - timedelta(days=9), 11), today - timedelta(days=8)
    arranged = at(today - timedelta(days=34), 10)
    _arrange(MEETING, on, organisation, arranged, [
        Agreed(4, "Podiatry hours", "Agree that podiatry clinics open on two evenings a week.", ("Lakeside clinic",),
               author="Owen Price", paper_sent=sent),
        Agreed(5, "Ward 3: care at home instead of beds", "Decide whether to move ward 3’s work to teams who see "
               "patients at home, building the teams first.", ("Riverside surgery", hospitals),
               case=demonstration_papers.WARD_3, author="Owen Price", paper_sent=sent),
        Agreed(6, "Minor injuries: opening hours", "Decide whether the unit closes an hour earlier on Sundays.",
               (hospitals,), paper_owed_by="owen-price"),
        Agreed(7, "Laundry contract, put off last time", "Decide whether to let the laundry contract again.", (),
               paper_owed_by="dev-singh", ground="business",
               ground_because="The firms that lost may bid again within the year.")])
    agenda_actions.give_notice(MEETING, by=SECRETARY, at=at(today - timedelta(days=10), 10))
    agenda_actions.attach(_found(MEETING, 6), title="Opening hours", file_name="Opening hours.txt", by="owen-price",
                          content=b"Invented: who came on Sunday evenings, by hour.", at=brought)
    agenda_actions.attach(_found(MEETING, 7), title="Laundry prices", file_name="Laundry prices.txt", by="dev-singh",
                          content=b"Invented prices of invented firms, signed.", at=brought)
    agenda_actions.dispatch(MEETING, by=SECRETARY, at=at(sent, 16))
    agenda_actions.attach(_found(MEETING, 6), title="Opening hours", file_name="Opening hours.txt", by="owen-price",
                          content=b"Invented: who came on Sunday evenings, by hour, with bank holidays apart.",
                          because="Bank holidays were counted as Sundays.", at=at(today - timedelta(days=5), 8))
    agenda_actions.decide_between(
        organisation, title="Vaccine fridge at Lakeside clinic", what="A fridge was hired for two weeks.",
        decided_by="grace-hart", power="standing order 9, urgent decisions by the chair", on=today - timedelta(days=5),
        because="The fridge had failed, and the vaccines would have been lost by morning.", by=SECRETARY,
        at=at(today - timedelta(days=5), 17))
    question_actions.receive(MEETING, words="Who will ring a family when the team is late?",
                             asker="Councillor Max Wood",
                             form="demonstration question 2", at=at(today - timedelta(days=6), 19))
    question_actions.take(minutes_queries.questions(MEETING)[0].key, by=SECRETARY)
    _decide_podiatry(today)


def _decide_podiatry(today: date) -> None:
    """One item walked from declaring to closed, so that votes and reasons can be read."""
    def item(number: int = 4) -> OpenItem:
        return _found(MEETING, number)

    actions.declare_interest(item(5), by="mina-lee", kind="financial", standing="actual", whose="self",
                             body="Riverside surgery", on=today)
    actions.open_vote(item(), by=SECRETARY)
    voting = item()
    for member, choice, reason in (
            ("grace-hart", "for", "People who work cannot come by day; the evenings cost little."),
            ("rosa-khan", "for", "Those who answered asked for evenings before anything else."),
            ("mina-lee", "for", "Feet seen early are feet kept."),
            ("femi-okoro", "for", "The staff have agreed the rota."),
            ("pat-byrne", "against", "I would rather see one evening tried first."),
            ("isla-hughes", "abstain", "Our practice lets the rooms; the policy allows it, but I will not vote.")):
        actions.cast_vote(voting, by=member, choice=choice, reason=reason)
    actions.close_vote(voting, by="grace-hart", role="chair", on=today,
                       reasons="Evenings were asked for, are staffed, and can be stopped at a month’s notice.")


def _further_off(today: date, organisation: str) -> None:
    """A meeting that stands on the forward plan, with a key decision and a paper that somebody owes."""
    arranged = at(today - timedelta(days=2), 10)
    _arrange(NEXT_MEETING, today + timedelta(days=42), organisation, arranged, [
        Agreed(4, "Teams who see patients at home: the contract", "Decide who runs the teams, if ward 3’s work moves.",
               (), paper_owed_by="owen-price", key=True),
        Agreed(5, "A year of evenings for podiatry", "Hear who came.", (), purpose="information",
               paper_owed_by="ana-lewis")])
