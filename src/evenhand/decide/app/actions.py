"""The only writer of meetings: who did what, recorded with it or not done at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from evenhand.decide.app.models import Interest, Item, Meeting, Seat, Vote
from evenhand.decide.app.queries import OpenItem, Totals
from evenhand.papers import Body, Decision, Header, Ruling, StoodAside, Votes
from evenhand.people.app.models import Account, Organisation
from evenhand.record.app.actions import move, writing
from evenhand.terms import refuse


@dataclass(frozen=True)
class Seated:
    """Somebody who is to sit at the table."""

    member: str
    roles: tuple[str, ...] = ()
    chair: bool = False
    deputy_chair: bool = False
    voting: bool = True
    attending: bool = True


@dataclass(frozen=True)
class Agreed:
    """An item that is to stand on the agenda."""

    number: int
    title: str
    asked_to: str
    bodies: tuple[str, ...]
    case: str = ""
    author: str = ""
    paper_sent: date | None = None


def arrange(name: str, title: str, *, organisation: str, on: datetime, quorum: int, ladder: Mapping[str, str],
            roles_needed: Sequence[Mapping[str, Any]], seats: Sequence[Seated], items: Sequence[Agreed],
            by: str) -> None:
    """Arrange a meeting with its members and its agenda."""
    if Meeting.objects.filter(name=name).exists():
        raise refuse("there is a meeting of this name already", "give each meeting its own", value=name)
    with writing(f"meeting/{name}", by=by, what="meeting arranged", organisation=organisation):
        meeting = Meeting.objects.create(
            organisation=Organisation.objects.get(code=organisation), name=name, title=title, on=on, quorum=quorum,
            roles_needed=[dict(each) for each in roles_needed], ladder=dict(ladder))
        for seat in seats:
            Seat.objects.create(meeting=meeting, account=Account.objects.get(identifier=seat.member),
                                roles=list(seat.roles), chair=seat.chair, deputy_chair=seat.deputy_chair,
                                voting=seat.voting, attending=seat.attending)
        for item in items:
            Item.objects.create(meeting=meeting, number=item.number, title=item.title, asked_to=item.asked_to,
                                case=item.case, author=item.author, paper_sent=item.paper_sent,
                                bodies=list(item.bodies))


def declare_interest(item: OpenItem, *, by: str, kind: str, standing: str, whose: str, body: str, on: date) -> None:
    """Declare an interest of one's own. Raises ``Refused`` when it is too late, or for somebody else's meeting."""
    _at(item, "declaring", "interests are declared before the vote opens")
    if by not in item.names:
        raise refuse("only a member of the meeting declares an interest in it", "tell the secretary")
    if body not in item.bodies:
        raise refuse("this item does not touch that body", "choose a body named on the item", value=body)
    with writing(item.subject, by=by, what=f"interest declared, item {item.number}",
                 organisation=item.meeting.organisation):
        Interest.objects.create(meeting=Meeting.objects.get(name=item.meeting.name), kind=kind, standing=standing,
                                account=Account.objects.get(identifier=by), whose=whose, body=body, declared=on)


def open_vote(item: OpenItem, *, by: str) -> None:
    """Open the vote on an item. Raises ``Refused`` where too few may vote."""
    _at(item, "declaring", "this vote has been opened already")
    if not item.quorum.quorate:
        raise refuse(f"this item cannot be decided: {item.quorum.sentence}", "put it off, or find who is wanting")
    with writing(item.subject, by=by, what=f"vote opened, item {item.number}", organisation=item.meeting.organisation):
        # Asked of the database, not of what was read before: two people may press the button at once.
        if not Item.objects.filter(meeting__name=item.meeting.name, number=item.number,
                                   moment="declaring").update(moment="open"):
            raise refuse("this vote has been opened already", "load the page again")


def cast_vote(item: OpenItem, *, by: str, choice: str, reason: str) -> None:
    """Vote, once. Raises ``Refused`` for who may not, or not now, or has."""
    _at(item, "open", "the vote on this item is not open")
    if not item.may_vote(by):
        aside = next((each for each in item.asides if each.member == by), None)
        raise refuse("you may not vote on this item" + (f": {aside.because}" if aside else ""), "nothing was changed")
    with writing(item.subject, by=by, what=f"vote cast, item {item.number}", why=reason,
                 organisation=item.meeting.organisation):
        row = Item.objects.select_for_update().get(meeting__name=item.meeting.name, number=item.number)
        if row.moment != "open":
            raise refuse("the vote on this item is closed", "nothing was changed")
        if row.votes.filter(account__identifier=by).exists():
            raise refuse("you have voted on this item",
                         "a vote stands as it was cast; ask the chair to minute a change")
        Vote.objects.create(item=row, account=Account.objects.get(identifier=by), choice=choice, reason=reason)


@transaction.atomic
def close_vote(item: OpenItem, *, by: str, role: str, reasons: str, on: date) -> None:
    """Close the vote, and leave the decision as a paper. A majority of those who voted decides; a tie declines.

    ``role`` is the one in which the vote is closed. Where the item is about a case, the case moves on with it.
    """
    _at(item, "open", "the vote on this item is not open")
    organisation = item.meeting.organisation
    subject = item.case or item.subject
    # The votes are read inside, where nobody can add one.
    with writing(subject, by=by, what=f"vote closed, item {item.number}", organisation=organisation) as record:
        row = Item.objects.select_for_update().get(meeting__name=item.meeting.name, number=item.number)
        choices = list(row.votes.values_list("choice", flat=True))
        votes = Totals(choices.count("for"), choices.count("against"), choices.count("abstain"))
        if row.moment != "open":
            raise refuse("the vote on this item is closed already", "nothing was changed")
        if len(choices) < row.meeting.quorum:
            raise refuse(f"{len(choices)} have voted and {row.meeting.quorum} are needed",
                         "wait for the others, or put the item off")
        outcome = "approved" if votes.for_it > votes.against else "declined"
        Item.objects.filter(pk=row.pk).update(moment="closed", outcome=outcome)
        record.leave(decision_on(item, votes, outcome=outcome, reasons=reasons, on=on))
    if item.case:
        move(item.case, outcome, by=by, role=role, organisation=organisation)


def decision_on(item: OpenItem, votes: Totals, *, outcome: str, reasons: str, on: date) -> Decision:
    """What was decided, as a paper: totals only; who voted how stands in the minutes."""
    aside = tuple(StoodAside(member=each.member, action=each.action, because=each.because) for each in item.asides)
    cast = Votes(for_it=votes.for_it, against=votes.against, abstained=votes.abstained)
    body = Body(item.meeting.organisation_name, item.meeting.organisation)
    said = {"approved": "To go ahead", "declined": "Not to go ahead"}[outcome]
    ruling = Ruling(body=body, outcome=outcome, decided=on, option="go-ahead" if outcome == "approved" else "nothing",  # type: ignore[arg-type]
                    quorate=item.quorum.quorate, votes=cast, stood_aside=aside,
                    attended=item.quorum.counts_for_quorum)
    return Decision(
        header=Header(subject=item.case or item.subject, proposal_version=1 if item.case else None), title=item.title,
        outcome=outcome, option=ruling.option, rulings=(ruling,), together=True, reasons=reasons, challenges=(),  # type: ignore[arg-type]
        sentence=f"{said}: {votes.for_it} for, {votes.against} against, {votes.abstained} abstained. "
                 f"{item.meeting.organisation_name}, {item.meeting.title}.")


def _at(item: OpenItem, moment: str, otherwise: str) -> None:
    if item.moment != moment:
        raise refuse(otherwise, "nothing was changed")


