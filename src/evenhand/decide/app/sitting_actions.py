"""The only writer of the meeting while it sits: its beginning and end, who comes and goes, what is moved."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localtime

from evenhand.decide.app.models import Attendance, Item, Meeting, Motion, Seat
from evenhand.decide.app.queries import OpenItem, is_present, movements_of
from evenhand.decide.interest_dates import in_words
from evenhand.people.app.models import Account
from evenhand.record.app.actions import writing
from evenhand.terms import refuse

SETTLED = ("agreed", "not agreed", "withdrawn")


def begin(name: str, *, present: frozenset[str], by: str, at: datetime) -> None:
    """Begin a meeting with those who are there; everybody else who sits at it has not come."""
    meeting = _meeting(name)
    if meeting.began is not None:
        raise refuse("this meeting has begun already", "mark who comes and goes by item")
    held = localtime(meeting.on).date()
    if localtime(at).date() < held:
        raise refuse(f"this meeting is on {in_words(held)}: it has not begun",
                     "begin it on its day, or arrange another for the day on which members meet")
    members = set(Seat.objects.filter(meeting=meeting).values_list("account__identifier", flat=True))
    if strangers := sorted(present - members):
        raise refuse("somebody marked as present does not sit at this meeting", "choose from its members",
                     value=strangers[0])
    if not present:
        raise refuse("nobody is marked as present", "mark who is there")
    with writing(f"meeting/{name}", by=by, what="meeting begun", organisation=meeting.organisation.code):
        if not Meeting.objects.filter(pk=meeting.pk, began=None).update(began=at):
            raise refuse("this meeting has begun already", "load the page again")
        Seat.objects.filter(meeting=meeting).update(attending=False)
        Seat.objects.filter(meeting=meeting, account__identifier__in=present).update(attending=True)


def mark(name: str, member: str, *, what: str, number: int, by: str, at: datetime) -> None:
    """Mark that somebody arrived, or left, as an item was reached; every later item is reckoned with it.

    Raises:
        Refused: where it would change who could vote on an item that has been opened or closed.
    """
    meeting = _meeting(name)
    seat = Seat.objects.filter(meeting=meeting, account__identifier=member).first()
    if seat is None:
        raise refuse("nobody of this name sits at this meeting", "choose from its members", value=member)
    if what not in ("arrived", "left"):
        raise refuse("somebody arrives or leaves", "choose one of them", value=what)
    if not meeting.items.filter(number=number).exists():
        raise refuse("there is no such item", "choose one from the agenda", value=str(number))
    if meeting.ended is not None:
        raise refuse("this meeting is over", "correct the minutes at the next")
    there = is_present(movements_of(meeting).get(member, []), number, expected=seat.attending)
    if there == (what == "arrived"):
        raise refuse(f"they are marked as {'there' if there else 'away'} at item {number} already",
                     "nothing was changed")
    touched = meeting.items.filter(number__gte=number, purpose="decision").exclude(moment="declaring")
    if (settled := touched.order_by("number").last()) is not None:
        raise refuse(f"the vote on item {settled.number} has been opened: who could vote on it stands",
                     f"mark it from a later item than {settled.number}")
    with writing(f"meeting/{name}", by=by, what=f"a member {what}, item {number}",
                 organisation=meeting.organisation.code):
        Attendance.objects.create(seat=seat, number=number, what=what, at=at)


def end(name: str, *, by: str, at: datetime) -> None:
    """End a meeting. Items for decision that were neither decided nor put off are named, and must be first."""
    meeting = _meeting(name)
    if meeting.began is None:
        raise refuse("this meeting has not begun", "begin it with who is there")
    left = meeting.items.filter(purpose="decision", kind="item").exclude(moment="closed").order_by("number").first()
    if left is not None:
        raise refuse(f"item {left.number} is neither decided nor put off",
                     "close its vote, or put it off with a reason")
    with writing(f"meeting/{name}", by=by, what="meeting ended", organisation=meeting.organisation.code):
        if not Meeting.objects.filter(pk=meeting.pk, ended=None).update(ended=at):
            raise refuse("this meeting is over already", "load the page again")


def move_motion(item: OpenItem, *, words: str, mover: str, seconder: str, amends: int | None, by: str,
                at: datetime) -> int:
    """Enter a motion, or an amendment of one, with who moved and seconded it; gives its number."""
    if not words.strip():
        raise refuse("a motion has its words", "write what is moved")
    if item.moment != "declaring":
        raise refuse("the vote on this item has been opened: what is voted on stands", "nothing was changed")
    row = Item.objects.get(meeting__name=item.meeting.name, number=item.number)
    barred = {each.member for each in item.asides}
    for part, who in (("mover", mover), ("seconder", seconder)):
        if who and (who not in item.present or who in barred):
            raise refuse(f"the {part} takes no part in this item" if who in barred else
                         f"the {part} is not present for this item", "name somebody who is", value=item.names.get(who))
    if mover == seconder:
        raise refuse("nobody seconds their own motion", "name somebody else, or leave it out")
    amended = row.motions.filter(number=amends, amends=None, moment="moved").first() if amends else None
    if amends and amended is None:
        raise refuse("there is no such motion to amend", "choose a motion that stands", value=str(amends))
    if amends is None and row.motions.filter(amends=None, moment="moved").exists():
        raise refuse("a motion stands on this item already", "move an amendment of it, or withdraw it first")
    with writing(item.subject, by=by, why=words, organisation=item.meeting.organisation,
                 what=f"{'amendment' if amends else 'motion'} moved, item {item.number}"):
        number = (row.motions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        Motion.objects.create(item=row, number=number, words=words.strip(), amends=amended, at=at,
                              mover=Account.objects.get(identifier=mover),
                              seconder=Account.objects.get(identifier=seconder) if seconder else None)
    return number


def settle_motion(item: OpenItem, number: int, *, moment: str, how: str, by: str) -> None:
    """Say that an amendment was agreed or not (by a show of hands, with the numbers), or a motion withdrawn."""
    if item.moment != "declaring":
        raise refuse("the vote on this item has been opened: what is voted on stands", "nothing was changed")
    found = next((each for each in item.motions if each.number == number), None)
    if found is None or found.moment != "moved":
        raise refuse("there is no such motion that stands", "load the page again", value=str(number))
    if moment not in SETTLED or (found.amends is None and moment != "withdrawn"):
        raise refuse("an amendment is agreed, not agreed or withdrawn; a motion itself is put to the vote or withdrawn",
                     "choose one of them", value=moment)
    if moment != "withdrawn" and not how.strip():
        raise refuse("it is not said how it was settled", "write for example: by a show of hands, 4 to 2")
    with writing(item.subject, by=by, why=how, what=f"motion {number} {moment}, item {item.number}",
                 organisation=item.meeting.organisation):
        Motion.objects.filter(item__meeting__name=item.meeting.name, item__number=item.number, number=number,
                              moment="moved").update(moment=moment, settled_how=how.strip())


def _meeting(name: str) -> Meeting:
    return Meeting.objects.select_related("organisation").get(name=name)
