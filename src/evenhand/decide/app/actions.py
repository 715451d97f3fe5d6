"""The only writer of meetings: who did what, recorded with it or not done at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.utils.timezone import get_current_timezone, localdate, localtime

from evenhand.decide.app.agenda_queries import PROPOSAL, newest_proposal
from evenhand.decide.app.attempts import attempting
from evenhand.decide.app.draft_queries import drafted, relied_on
from evenhand.decide.app.models import AgendaPaper, CastingVote, Interest, Item, Meeting, Seat, Vote
from evenhand.decide.app.queries import OpenItem
from evenhand.decide.grounds import checked
from evenhand.decide.interest_dates import in_words
from evenhand.decide.meeting import PURPOSES
from evenhand.decide.tally import Tally
from evenhand.papers import Body, Decision, Header, MadeFrom, Ruling, StoodAside, Votes, flow, unready
from evenhand.people.app.models import Account, Organisation
from evenhand.record.app import queries as held_by
from evenhand.record.app.actions import Block, move, writing
from evenhand.terms import Refused, refuse
from evenhand.terms.words import listed


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
    """An item that is to stand on the agenda. ``ground`` is empty where the public may hear it."""

    number: int
    title: str
    asked_to: str
    bodies: tuple[str, ...]
    case: str = ""
    author: str = ""
    paper_sent: date | None = None
    purpose: str = "decision"
    ground: str = ""
    ground_because: str = ""
    key: bool = False
    paper_owed_by: str = ""
    kind: str = "item"
    urgent_because: str = ""


def arrange(name: str, title: str, *, organisation: str, on: datetime, quorum: int, ladder: Mapping[str, str],
            roles_needed: Sequence[Mapping[str, Any]], seats: Sequence[Seated], items: Sequence[Agreed],
            by: str, at: datetime | None = None, place: str = "") -> None:
    """Arrange a meeting with its members and its agenda. ``at`` is when it is arranged."""
    if Meeting.objects.filter(name=name).exists():
        raise refuse("there is a meeting of this name already", "give each meeting its own", value=name)
    with writing(f"meeting/{name}", by=by, what="meeting arranged", organisation=organisation):
        meeting = Meeting.objects.create(
            organisation=Organisation.objects.get(code=organisation), name=name, title=title, on=on, quorum=quorum,
            roles_needed=[dict(each) for each in roles_needed], ladder=dict(ladder), place=place)
        for seat in seats:
            Seat.objects.create(meeting=meeting, account=Account.objects.get(identifier=seat.member),
                                roles=list(seat.roles), chair=seat.chair, deputy_chair=seat.deputy_chair,
                                voting=seat.voting, attending=seat.attending)
        for item in items:
            put_on_agenda(meeting, item, by=by, at=at)


def put_on_agenda(meeting: Meeting, item: Agreed, *, by: str, at: datetime | None) -> Item:
    """Make an item's row, inside a block of the record; a case's newest proposal is the first of its papers."""
    ground, because = checked(item.ground, item.ground_because)
    if item.purpose not in PURPOSES:
        raise refuse("an item is for decision, discussion or information", "choose one of them", value=item.purpose)
    owed_by = Account.objects.get(identifier=item.paper_owed_by) if item.paper_owed_by else None
    row = Item.objects.create(
        meeting=meeting, number=item.number, title=item.title, asked_to=item.asked_to, case=item.case,
        author=item.author or (owed_by.name if owed_by else ""), paper_sent=item.paper_sent, bodies=list(item.bodies),
        purpose=item.purpose, ground=ground, ground_because=because, key=item.key, added=at, kind=item.kind,
        paper_owed_by=owed_by, urgent_because=item.urgent_because)
    if (newest := newest_proposal(item.case)) is not None:
        day = item.paper_sent
        sent = datetime.combine(day, time(9), tzinfo=get_current_timezone()) if day else None
        AgendaPaper.objects.create(
            item=row, name=PROPOSAL, title="Proposal", version=newest[0], digest=newest[1], sent=sent,
            standing="with the agenda" if sent else "", added=at or sent or meeting.on,
            added_by=Account.objects.get(identifier=by))
    return row


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


def open_vote(item: OpenItem, *, by: str, on: date | None = None) -> None:
    """Open the vote on an item, on a day (by default, today where the site is).

    Raises:
        Refused: before the meeting's day unless it has begun, where too few may vote, or members lack the newest
            papers.
    """
    with _attempting(item, by, "to open a vote"):
        _at(item, "declaring", "this vote has been opened already")
        held = localtime(item.meeting.on).date()
        if item.meeting.began is None and (on or localdate()) < held:
            raise refuse(f"this meeting is on {in_words(held)}: a vote is opened when it has begun",
                         "a decision that cannot wait is taken between meetings, with its reason")
        if item.purpose != "decision":
            raise refuse(f"this item is for {item.purpose}: no vote is taken on it", "make it one for decision first")
        if not item.quorum.quorate:
            raise refuse(f"this item cannot be decided: {item.quorum.sentence}", "put it off, or find who is wanting")
        if item.amendments_waiting:
            raise refuse(f"amendment {item.amendments_waiting[0].number} is neither agreed nor not",
                         "settle it first: it changes what is voted on")
        newest_papers_needed(item)
        with writing(item.subject, by=by, what=f"vote opened, item {item.number}",
                     organisation=item.meeting.organisation):
            # Asked of the database, not of what was read before: two people may press the button at once.
            if not Item.objects.filter(meeting__name=item.meeting.name, number=item.number,
                                       moment="declaring").update(moment="open"):
                raise refuse("this vote has been opened already", "load the page again")


def newest_papers_needed(item: OpenItem) -> None:
    """Refuse where a vote would go by a paper that members were not sent, or that a newer one has replaced."""
    if item.superseded:
        raise refuse(item.superseded[0], "send members the newest, or have it recorded that the body accepts it; once "
                                         "a vote is open it can only be put off")


def cast_vote(item: OpenItem, *, by: str, choice: str, reason: str, dissent: bool = False) -> None:
    """Vote, once. With ``dissent`` the reason stands on the decision. Raises ``Refused`` for who may not, or has."""
    with _attempting(item, by, "to vote", reason):
        _at(item, "open", "the vote on this item is closed" if item.moment in ("tied", "closed")
            else "the vote on this item is not open")
        if not item.may_vote(by):
            aside = next((each for each in item.asides if each.member == by), None)
            why = f": {aside.because}" if aside else "" if by in item.present or by not in item.names else (
                ": you are not marked as present for it")
            raise refuse(f"you may not vote on this item{why}", "nothing was changed")
        newest_papers_needed(item)
        with writing(item.subject, by=by, what=f"vote cast, item {item.number}", why=reason,
                     organisation=item.meeting.organisation):
            row = Item.objects.select_for_update().get(meeting__name=item.meeting.name, number=item.number)
            if row.moment != "open":
                raise refuse("the vote on this item is closed", "nothing was changed")
            if row.votes.filter(account__identifier=by).exists():
                raise refuse("you have voted on this item",
                             "a vote stands as it was cast; ask the chair to minute a change")
            Vote.objects.create(item=row, account=Account.objects.get(identifier=by), choice=choice, reason=reason,
                                dissent=dissent and choice != "for")


def close_vote(item: OpenItem, *, by: str, role: str, reasons: str, on: date) -> str:
    """Close the vote, and leave the decision as a paper; gives the outcome. A majority of those who voted decides.

    A tie declines, unless the body's rules give whoever is in the chair a casting vote: then the item is ``tied`` until
    it is given, or declined. ``role`` is the one in which the vote is closed. Where the item is about a case, and heard
    in public, the case moves on with it.
    """
    with _attempting(item, by, "to close a vote", reasons):
        _at(item, "open", "the vote on this item is not open")
        newest_papers_needed(item)
        # The votes are read inside, where nobody can add one.
        with writing(_subject(item), by=by, what=f"vote closed, item {item.number}",
                     organisation=item.meeting.organisation) as record:
            row = Item.objects.select_for_update().get(meeting__name=item.meeting.name, number=item.number)
            tally = _tally(row, item)
            if row.moment != "open":
                raise refuse("the vote on this item is closed already", "nothing was changed")
            # Whoever declared an interest after voting has voted, and does not count for the quorum.
            aside = [each.member for each in (*item.quorum.stands_aside, *item.quorum.would_stand_aside)]
            voted = row.votes.exclude(account__identifier__in=aside).count()
            if voted < row.meeting.quorum:
                late = tally.voted - voted
                raise refuse(f"{voted} have voted and {row.meeting.quorum} are needed"
                             + (f" ({late} more voted who stand aside since)" if late else ""),
                             "wait for the others, have the chair rule on who may vote, or put the item off")
            if tally.tied and item.casting_vote:
                Item.objects.filter(pk=row.pk).update(moment="tied", reasons=reasons)
                return "tied"
            outcome = _settle(item, row, tally, reasons, on, record)
        _move(item, outcome, by=by, role=role)
    return outcome


def give_casting_vote(item: OpenItem, *, by: str, role: str, choice: str, reason: str, on: date) -> str:
    """Decide a tie from the chair, or (``none``) decline to: then the motion falls. Gives the outcome."""
    with _attempting(item, by, "to give a casting vote", reason):
        _at(item, "tied", "the votes on this item are not equal, or are not closed")
        if by != item.quorum.chair:
            raise refuse("only whoever is in the chair for this item has a casting vote", "nothing was changed")
        if choice not in ("for", "against", "none"):
            raise refuse("a casting vote is for or against, or is not given", "choose one of them", value=choice)
        with writing(_subject(item), by=by, what=f"casting vote, item {item.number}", why=reason,
                     organisation=item.meeting.organisation) as record:
            row = Item.objects.select_for_update().get(meeting__name=item.meeting.name, number=item.number)
            if row.moment != "tied":
                raise refuse("the casting vote has been given already", "nothing was changed")
            if choice != "none":
                CastingVote.objects.create(item=row, account=Account.objects.get(identifier=by), choice=choice,
                                           reason=reason)
            tally = replace(_tally(row, item), casting="" if choice == "none" else choice)
            outcome = _settle(item, row, tally, row.reasons, on, record)
        _move(item, outcome, by=by, role=role)
    return outcome


def put_off(item: OpenItem, *, by: str, role: str, reasons: str, on: date) -> None:
    """Close an item undecided: deferred, with the reason. Votes cast so far are kept, and decide nothing."""
    with _attempting(item, by, "to put an item off", reasons):
        if item.moment not in ("declaring", "open", "tied"):
            raise refuse("this item is closed", "nothing was changed")
        if item.purpose != "decision":
            raise refuse(f"this item is for {item.purpose}: there is nothing to put off", "nothing was changed")
        moves = bool(item.case) and not item.private and _may_move(item, "deferred", role)
        with writing(item.case if moves else item.subject, by=by, what=f"item {item.number} put off", why=reasons,
                     organisation=item.meeting.organisation) as record:
            row = Item.objects.select_for_update().get(meeting__name=item.meeting.name, number=item.number)
            changed = Item.objects.filter(pk=row.pk, moment__in=("declaring", "open", "tied")).update(
                moment="closed", outcome="deferred", reasons=reasons)
            if not changed:
                raise refuse("this item is closed", "nothing was changed")
            record.leave(decision_on(item, _tally(row, item), outcome="deferred", reasons=reasons, on=on,
                                     subject=item.case if moves else item.subject))
        if moves:
            move(item.case, "deferred", by=by, role=role, organisation=item.meeting.organisation)


def _subject(item: OpenItem) -> str:
    """Whose chain tells of the decision: the case's, unless the public was shut out; then the meeting's own."""
    return item.subject if item.private or not item.case else item.case


def _tally(row: Item, item: OpenItem) -> Tally:
    choices = list(row.votes.values_list("choice", flat=True))
    may_vote = {*item.quorum.may_vote, *row.votes.values_list("account__identifier", flat=True)}
    return Tally(choices.count("for"), choices.count("against"), choices.count("abstain"), len(may_vote))


def _settle(item: OpenItem, row: Item, tally: Tally, reasons: str, on: date, record: Block) -> str:
    outcome = "approved" if tally.carried else "declined"
    Item.objects.filter(pk=row.pk).update(moment="closed", outcome=outcome, reasons=reasons)
    decision = decision_on(item, tally, outcome=outcome, reasons=reasons, on=on, subject=_subject(item))
    if outcome == "approved" and item.case and (lacks := unready(decision)):
        raise refuse(f"it has the votes, but it cannot be approved yet: it lacks {listed(list(lacks))}",
                     "prepare the decision, then close the vote; every vote stays as it was cast")
    record.leave(decision)
    return outcome


def decision_if_approved(item: OpenItem) -> Decision:
    """The decision as it would stand if it were approved, without its votes and its reasons."""
    return decision_on(item, Tally(0, 0, 0, 0), outcome="approved", reasons="", on=date.min)


def _move(item: OpenItem, outcome: str, *, by: str, role: str) -> None:
    if item.case and not item.private:
        move(item.case, outcome, by=by, role=role, organisation=item.meeting.organisation)


def _may_move(item: OpenItem, to: str, role: str) -> bool:
    """Whether the case stands where this step may follow; a decision to defer is among the papers then."""
    held = (*(kept.kind for kept in held_by.papers(item.case)), "decision")
    try:
        flow.step(held_by.state(item.case), to, role=role, held=held)
    except Refused:
        return False
    return True


def decision_on(item: OpenItem, tally: Tally, *, outcome: str, reasons: str, on: date, subject: str = "") -> Decision:
    """What was decided, as a paper: totals, and dissent in the words of who asked that it be recorded."""
    aside = tuple(StoodAside(member=each.member, action=each.action, because=each.because) for each in item.asides)
    cast = Votes(for_it=tally.for_it, against=tally.against, abstained=tally.abstained)
    body = Body(item.meeting.organisation_name, item.meeting.organisation)
    said = {"approved": "To go ahead", "declined": "Not to go ahead", "deferred": "Put off"}[outcome]
    counted = "" if outcome == "deferred" else f": {tally.sentence}"
    option = {"approved": "go-ahead", "declined": "nothing"}.get(outcome)
    ruling = Ruling(body=body, outcome=outcome, decided=on, option=option,  # type: ignore[arg-type]
                    quorate=item.quorum.quorate, votes=None if outcome == "deferred" else cast, stood_aside=aside,
                    attended=item.quorum.counts_for_quorum)
    made_from = tuple(MadeFrom(trail.effective.digest, f"{trail.title}, version {trail.effective.version}")
                      for trail in item.papers if trail.effective)
    held = newest_proposal(item.case)
    version = item.proposal_version or (held[0] if held else None)
    rests_on = relied_on(item.case, version) if item.case else ()
    made_from += tuple(each for each in rests_on if each.digest not in {one.digest for one in made_from})
    draft = drafted(item.meeting.name, item.number)
    decision = Decision(
        header=Header(subject=subject or _subject(item), made_from=made_from, proposal_version=version),
        title=item.title, outcome=outcome, option=ruling.option, rulings=(ruling,), together=True, reasons=reasons,  # type: ignore[arg-type]
        dissent=_dissent(item), challenges=(),
        sentence=f"{said}{counted or '.'} {item.meeting.organisation_name}, {item.meeting.title}.",
        relies_on=tuple(each.digest for each in rests_on) if item.case else None,
        remarks=tuple(f"{item.names[each.member]} stayed and could vote; the interest is minuted: {each.because}."
                      for each in item.quorum.noted))
    return draft.into(decision) if draft else decision


def _dissent(item: OpenItem) -> str | None:
    rows = Vote.objects.filter(item__meeting__name=item.meeting.name, item__number=item.number, dissent=True)
    return " ".join(f"{row.account.name}: “{row.reason}”" for row in rows.select_related("account")) or None


def _attempting(item: OpenItem, by: str, what: str, words: str = "") -> AbstractContextManager[None]:
    return attempting(f"{what}, item {item.number}", subject=item.subject, by=by, words=words,
                      organisation=item.meeting.organisation)


def _at(item: OpenItem, moment: str, otherwise: str) -> None:
    if item.moment != moment:
        raise refuse(otherwise, "nothing was changed")
