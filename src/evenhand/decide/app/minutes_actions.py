"""The only writer of what follows a meeting: notes, minutes and corrections, agreed actions."""

from __future__ import annotations

from datetime import date, datetime

from evenhand.decide.app.minutes_queries import drafted
from evenhand.decide.app.models import AgreedAction, Correction, Item, ItemNote, Meeting, Minutes
from evenhand.decide.app.queries import OpenItem
from evenhand.papers import canonical_bytes, digest
from evenhand.people.app.models import Account
from evenhand.record.app.actions import writing
from evenhand.terms import refuse


def note(item: OpenItem, words: str, *, by: str, at: datetime) -> None:
    """Note what was said on an item, for the minutes."""
    if not words.strip():
        raise refuse("the note has no words", "write what was said")
    with writing(item.subject, by=by, what=f"noted for the minutes, item {item.number}", why=words,
                 organisation=item.meeting.organisation):
        ItemNote.objects.create(item=_row(item), words=words.strip(), by=Account.objects.get(identifier=by), at=at)


def agree_action(item: OpenItem, *, what: str, owner: str, due: date, by: str, on: date) -> None:
    """Enter what the meeting asked somebody to do, and by when."""
    if not what.strip():
        raise refuse("the action has no words", "write what is to be done")
    if due < on:
        raise refuse("an action is due on a day to come", "give one", value=f"{due.day} {due:%B %Y}")
    with writing(item.subject, by=by, what=f"action agreed, item {item.number}", why=what,
                 organisation=item.meeting.organisation):
        AgreedAction.objects.create(item=_row(item), what=what.strip(), due=due,
                                    owner=Account.objects.get(identifier=owner))


def finish_action(key: int, *, how: str, by: str, on: date) -> None:
    """Say that an action is done, and how; it stays with the minutes it was agreed in."""
    row = AgreedAction.objects.select_related("item__meeting__organisation").get(pk=key)
    if not how.strip():
        raise refuse("it is not said what was done", "write a sentence")
    with writing(f"meeting/{row.item.meeting.name}", by=by, what=f"action {key} done", why=how,
                 organisation=row.item.meeting.organisation.code):
        if not AgreedAction.objects.filter(pk=key, done=None).update(done=on, done_how=how.strip()):
            raise refuse("this action is done already", "nothing was changed")


def draft(name: str, *, by: str, at: datetime) -> int:
    """Draft the minutes from the record; gives the version. A later draft stands beside the one before."""
    meeting = Meeting.objects.select_related("organisation").get(name=name)
    if meeting.ended is None:
        raise refuse("this meeting is not over", "end it first: minutes are drafted from all of it")
    latest = meeting.minutes.last()
    if latest is not None and latest.moment == "confirmed":
        raise refuse("these minutes are confirmed", "what is wrong in them is corrected at a meeting")
    content = drafted(name)
    mark = digest(canonical_bytes(content))
    if latest is not None and latest.digest == mark:
        raise refuse("nothing has changed since the last draft", "nothing was changed")
    version = latest.version + 1 if latest else 1
    with writing(f"meeting/{name}", by=by, what=f"minutes drafted, version {version}",
                 organisation=meeting.organisation.code) as block:
        Minutes.objects.create(meeting=meeting, version=version, content=content, digest=mark, drafted=at,
                               drafted_by=Account.objects.get(identifier=by))
        block.say("digest", mark)
    return version


def correct(name: str, *, at_meeting: str, words: str, number: int | None, by: str, at: datetime) -> None:
    """Enter what a later meeting says the minutes should say. It stands beside them."""
    minutes, sitting = _minutes(name), _later(name, at_meeting)
    if not words.strip():
        raise refuse("the correction has no words", "write what the minutes should say")
    if number is not None and not minutes.meeting.items.filter(number=number).exists():
        raise refuse("those minutes have no such item", "choose one of theirs", value=str(number))
    with writing(f"meeting/{name}", by=by, what=f"minutes corrected, version {minutes.version}", why=words,
                 organisation=minutes.meeting.organisation.code):
        Correction.objects.create(minutes=minutes, number=number, words=words.strip(), at_meeting=sitting, at=at,
                                  by=Account.objects.get(identifier=by))


def confirm(name: str, *, at_meeting: str, by: str, at: datetime) -> None:
    """Confirm the minutes at a later meeting of the same body, as they stand with their corrections."""
    minutes, sitting = _minutes(name), _later(name, at_meeting)
    if sitting.began is None:
        raise refuse("the meeting that confirms them has not begun", "begin it first")
    with writing(f"meeting/{name}", by=by, what=f"minutes confirmed, version {minutes.version}",
                 organisation=minutes.meeting.organisation.code) as block:
        if not Minutes.objects.filter(pk=minutes.pk, moment="draft").update(
                moment="confirmed", confirmed=at, confirmed_at=sitting):
            raise refuse("these minutes are confirmed already", "nothing was changed")
        block.say("digest", minutes.digest)


def _minutes(name: str) -> Minutes:
    found = Minutes.objects.filter(meeting__name=name).select_related("meeting__organisation").last()
    if found is None:
        raise refuse("there are no minutes of that meeting", "draft them first", value=name)
    return found


def _later(name: str, at_meeting: str) -> Meeting:
    """The meeting that looks at the minutes: of the same body, and after the one they are of."""
    first, later = Meeting.objects.get(name=name), Meeting.objects.get(name=at_meeting)
    if first.organisation_id != later.organisation_id or later.on <= first.on:
        raise refuse("minutes are looked at by a later meeting of the same body", "choose one", value=at_meeting)
    return later


def _row(item: OpenItem) -> Item:
    return Item.objects.get(meeting__name=item.meeting.name, number=item.number)
