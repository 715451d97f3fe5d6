"""The only writer of what is sent before a meeting: rules, notice, items, papers, and decisions in between."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import PurePath

from django.db.models import QuerySet
from django.utils.timezone import localtime

from evenhand.decide.app.actions import Agreed, put_on_agenda
from evenhand.decide.app.agenda_queries import PROPOSAL, newest_proposal, notice_due, rules_of
from evenhand.decide.app.attempts import attempting
from evenhand.decide.app.models import AgendaPaper, BetweenMeetings, Dispatch, Item, Meeting, MeetingRules
from evenhand.decide.app.queries import OpenItem
from evenhand.decide.grounds import checked
from evenhand.decide.meeting import PURPOSES
from evenhand.decide.notice import Rules, due
from evenhand.papers import digest
from evenhand.people.app.models import Account, Organisation
from evenhand.record.app.actions import writing
from evenhand.terms import refuse
from evenhand.terms.words import counted

KINDS_OF_FILE = {".pdf": "application/pdf", ".txt": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8",
                 ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                 ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                 ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
                 ".odt": "application/vnd.oasis.opendocument.text"}
MOST_BYTES = 10 * 1024 * 1024
STANDING = (("minutes", "Minutes of the last meeting", "Say whether the minutes are right."),
            ("matters", "Matters arising and actions", "Hear what became of what was agreed."),
            ("questions", "Questions from the public", "Hear the questions sent in, and answer them."))
"""The items that every meeting begins with: kind, title, and what is asked."""
REPORTED = ("reported", "Decisions taken between meetings", "Hear what was decided because it could not wait.")


def set_rules(organisation: str, rules: Rules, *, by: str) -> None:
    """Set what a body's standing orders ask of its meetings, with where they say so."""
    if not rules.source.strip():
        raise refuse("rules need their source", "name the standing order or the law")
    with writing(f"body/{organisation}", by=by, what="rules of notice set", why=rules.source,
                 organisation=organisation):
        MeetingRules.objects.update_or_create(organisation=Organisation.objects.get(code=organisation), defaults={
            "notice_days": rules.notice_days, "papers_days": rules.papers_days, "key_days": rules.key_days,
            "question_days": rules.question_days, "casting_vote": rules.casting_vote, "source": rules.source})


def add_standing_items(name: str, *, by: str, at: datetime) -> None:
    """Put the items on an agenda that every meeting has, and what was decided since the last one."""
    meeting = _meeting(name)
    with writing(_subject(meeting), by=by, what="standing items put on the agenda", organisation=_code(meeting)):
        for kind, title, asked_to in STANDING:
            if not meeting.items.filter(kind=kind).exists():
                put_on_agenda(meeting, Agreed(_free_number(meeting), title, asked_to, (), kind=kind,
                                              purpose="discussion"), by=by, at=at)
        report_between(meeting, by=by, at=at)


def report_between(meeting: Meeting, *, by: str, at: datetime) -> None:
    """Report on an agenda every decision between meetings that none has told of; inside a block of the record."""
    waiting = BetweenMeetings.objects.filter(organisation=meeting.organisation, reported=None,
                                             on__lte=localtime(meeting.on).date())
    for ground in waiting.order_by("ground").values_list("ground", flat=True).distinct():
        kind, title, asked_to = REPORTED
        because = "It was decided in private for this reason." if ground else ""
        row = meeting.items.filter(kind=kind, ground=ground, moment="declaring").first() or put_on_agenda(
            meeting, Agreed(_free_number(meeting), title, asked_to, (), kind=kind, purpose="information",
                            ground=ground, ground_because=because), by=by, at=at)
        BetweenMeetings.objects.filter(organisation=meeting.organisation, reported=None, ground=ground,
                                       on__lte=localtime(meeting.on).date()).update(reported=row)


def decide_between(organisation: str, *, title: str, what: str, decided_by: str, power: str, because: str, on: date,
                   by: str, at: datetime, ground: str = "") -> None:
    """Enter a decision that could not wait. It goes on the agenda of the next meeting by itself."""
    for words, said in ((title, "what it is about"), (what, "what was decided"), (power, "under which power"),
                        (because, "why it could not wait")):
        if not words.strip():
            raise refuse(f"a decision between meetings says {said}", "write a sentence")
    if ground:
        checked(ground, because)
    if on > localtime(at).date():
        raise refuse("a decision is entered once it is taken", "give the day it was taken", value=str(on))
    with writing(f"body/{organisation}", by=by, what="decision taken between meetings", why=because,
                 organisation=organisation):
        body = Organisation.objects.get(code=organisation)
        BetweenMeetings.objects.create(organisation=body, title=title, what=what, power=power, because=because, on=on,
                                       decided_by=Account.objects.get(identifier=decided_by), ground=ground)
    upcoming = Meeting.objects.filter(organisation=body, on__gte=at, ended=None).order_by("on").first()
    if upcoming is not None:
        with writing(_subject(upcoming), by=by, what="decision between meetings put on the agenda",
                     organisation=organisation):
            report_between(upcoming, by=by, at=at)


def give_notice(name: str, *, by: str, at: datetime, because: str = "") -> str:
    """Tell the public of a meeting; gives a flag in words where it came too late.

    Raises:
        Refused: with less notice than the body's rules ask for and no reason why; the attempt is entered.
    """
    meeting = _meeting(name)
    asked = rules_of(_code(meeting))
    with attempting("to give notice", subject=_subject(meeting), by=by, organisation=_code(meeting), words=because):
        if meeting.notice is not None:
            raise refuse("notice of this meeting was given already", "nothing was changed")
        meeting.notice = at
        found = notice_due(meeting, asked)
        if not found.in_time and not because.strip():
            raise refuse(found.sentence, "move the meeting, or say why it must be called at shorter notice")
        with writing(_subject(meeting), by=by, what="notice given" if found.in_time else "notice given, too short",
                     why=because, organisation=_code(meeting)):
            meeting.short_notice_because = "" if found.in_time else because.strip()
            meeting.save(update_fields=("notice", "short_notice_because"))
    return "" if found.in_time else found.sentence


def add_item(name: str, *, title: str, asked_to: str, purpose: str, by: str, at: datetime, case: str = "",
             bodies: tuple[str, ...] = (), paper_owed_by: str = "", ground: str = "", ground_because: str = "",
             key: bool = False, urgent_because: str = "") -> int:
    """Put an item on an agenda; gives its number.

    Raises:
        Refused: for an item that comes after the day papers must be out, or a key decision with less than the days it
            asks for, where it is not said why it cannot wait; the attempt is entered.
    """
    meeting = _meeting(name)
    rules = rules_of(_code(meeting))
    with attempting("to add an item", subject=_subject(meeting), by=by, organisation=_code(meeting), words=title):
        if meeting.ended is not None:
            raise refuse("this meeting is over", "put it on the next agenda")
        day, today = localtime(meeting.on).date(), localtime(at).date()
        late = [each.sentence for each in (
            due("The agenda", meeting=day, needed=rules.papers_days, on=today),
            *([due("A key decision", meeting=day, needed=rules.key_days, on=today)] if key and rules.key_days else []))
            if not each.in_time]
        if late and not urgent_because.strip():
            raise refuse(late[-1], "put it on the next agenda, or say why it cannot wait: the chair must agree, and "
                                   "the reason is minuted")
        with writing(_subject(meeting), by=by, what="item added" if not late else "item added without the notice due",
                     why=urgent_because, organisation=_code(meeting)):
            # A secretary may put in a row while another does: numbers are given inside.
            number = (meeting.items.order_by("-number").values_list("number", flat=True).first() or 0) + 1
            put_on_agenda(meeting, Agreed(
                number, title, asked_to, bodies, case=case, purpose=purpose, ground=ground, key=key,
                ground_because=ground_because, paper_owed_by=paper_owed_by,
                urgent_because=urgent_because.strip() if late else ""), by=by, at=at)
    return number


def move_item(item: OpenItem, *, up: bool, by: str) -> None:
    """Take an item one place up or down the agenda, until papers are sent: then members hold its number."""
    meeting = _meeting(item.meeting.name)
    _before_sending(meeting)
    rows = meeting.items.filter(number__lt=item.number) if up else meeting.items.filter(number__gt=item.number)
    other = rows.order_by("-number" if up else "number").first()
    if other is None:
        raise refuse("it stands at the end already", "nothing was changed")
    if other.moment != "declaring" or item.moment != "declaring":
        raise refuse("one of the two items has been opened already", "nothing was changed")
    with writing(_subject(meeting), by=by, organisation=_code(meeting),
                 what=f"items {min(item.number, other.number)} and {max(item.number, other.number)} changed places"):
        own, theirs = Item.objects.get(meeting=meeting, number=item.number), other.number
        Item.objects.filter(pk=own.pk).update(number=0)
        Item.objects.filter(pk=other.pk).update(number=item.number)
        Item.objects.filter(pk=own.pk).update(number=theirs)


def set_purpose(item: OpenItem, purpose: str, *, by: str) -> None:
    """Say what an item is for: decision, discussion or information."""
    if purpose not in PURPOSES:
        raise refuse("an item is for decision, discussion or information", "choose one of them", value=purpose)
    _still_to_come(item)
    with writing(item.subject, by=by, what=f"item {item.number} made for {purpose}",
                 organisation=item.meeting.organisation):
        _rows(item).update(purpose=purpose)


def set_privacy(item: OpenItem, ground: str, because: str, *, by: str) -> None:
    """Take an item in private on a ground, with the reason; or, with neither, in public."""
    ground, because = checked(ground, because)
    _still_to_come(item)
    said = f"item {item.number} to be taken in {'private: ' + ground if ground else 'public'}"
    with writing(item.subject, by=by, what=said, why=because, organisation=item.meeting.organisation):
        _rows(item).update(ground=ground, ground_because=because)


# --- papers -----------------------------------------------------------------------------------------------------------


def attach(item: OpenItem, *, title: str, file_name: str, content: bytes, by: str, at: datetime,
           because: str = "") -> int:
    """Bring a paper for an item, or a newer version of the one of that title; gives its version.

    After papers have been sent, why it comes now is asked for and stands beside it.

    Raises:
        Refused: for a kind of file that is not taken, an empty or too large one, the same bytes again, or while a vote
            is open.
    """
    ending = PurePath(file_name).suffix.casefold()
    if ending not in KINDS_OF_FILE:
        raise refuse("papers are PDF, Word, Excel, PowerPoint, OpenDocument, text or CSV", "save it as PDF, and send "
                     "that", value=file_name)
    if not content:
        raise refuse("this file is empty", "choose it again", value=file_name)
    if len(content) > MOST_BYTES:
        raise refuse("this file is larger than 10 MB", "make its pictures smaller, or send it in parts",
                     value=file_name)
    name = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:60]
    if not name or name == PROPOSAL:
        raise refuse("the paper needs a title of its own", "a case’s proposal comes by itself" if name else "give one",
                     value=title)
    with attempting(f"to bring a paper, item {item.number}", subject=item.subject, by=by, words=title,
                    organisation=item.meeting.organisation):
        if item.moment != "declaring":
            raise refuse("the vote on this item has been opened: its papers stand as they are",
                         "put the item off if it cannot be decided on them")
        meeting, row = _meeting(item.meeting.name), _rows(item).get()
        sent_before = meeting.dispatches.exists()
        earlier = row.papers.filter(name=name).order_by("-version").first()
        mark = digest(content)
        if earlier is not None and earlier.digest == mark:
            raise refuse("this is the version that is held already", "choose the newer file", value=file_name)
        if sent_before and not because.strip():
            raise refuse("members have had their papers", "say why this comes now: it stands beside the paper")
        version = earlier.version + 1 if earlier else 1
        with writing(item.subject, by=by, what=f"paper brought, item {item.number}, version {version}", why=because,
                     organisation=item.meeting.organisation):
            AgendaPaper.objects.create(
                item=row, name=name, title=title.strip(), version=version, digest=mark, content=content,
                file_name=_safe(file_name), media_type=KINDS_OF_FILE[ending], standing="", because=because.strip(),
                added=at, added_by=Account.objects.get(identifier=by))
    return version


def dispatch(name: str, *, by: str, at: datetime, because: str = "") -> str:
    """Send members every paper they have not had, with the moment and the digests; gives a flag where it was late.

    Raises:
        Refused: with nothing to send, or fewer clear days than the rules ask for and no reason why; entered as tried.
    """
    meeting = _meeting(name)
    rules, subject = rules_of(_code(meeting)), _subject(meeting)
    with attempting("to send the papers", subject=subject, by=by, organisation=_code(meeting), words=because):
        found = due("Papers", meeting=localtime(meeting.on).date(), needed=rules.papers_days, on=localtime(at).date())
        late, first = not found.in_time, not meeting.dispatches.exists()
        with writing(subject, by=by, organisation=_code(meeting), why=because,
                     what="papers sent late" if late else "papers sent") as block:
            _bring_newest_proposals(meeting, by=by, at=at)
            rows = list(AgendaPaper.objects.filter(item__meeting=meeting, sent=None, item__moment="declaring")
                        .select_related("item").defer("content"))
            if not rows:
                raise refuse("there is no paper that members have not had", "bring one first")
            if late and not because.strip():
                raise refuse(found.sentence, "say why they come late: it stands beside each of them")
            for row in rows:
                row.standing = "late" if late else "with the agenda" if first else "supplementary"
                row.because, row.sent = row.because or because.strip(), at
                row.save(update_fields=("standing", "because", "sent"))
                Item.objects.filter(pk=row.item_id, paper_sent=None).update(paper_sent=localtime(at).date())
            Dispatch.objects.create(
                meeting=meeting, at=at, by=Account.objects.get(identifier=by), late_because=because if late else "",
                papers=[{"item": row.item.number, "paper": row.name, "version": row.version, "digest": row.digest}
                        for row in rows])
            block.say("sent", "; ".join(f"item {row.item.number}: {row.name} version {row.version} {row.digest}"
                                        for row in rows))
    return found.sentence if late else f"{counted(len(rows), 'paper')} sent".capitalize()


def accept_newest(item: OpenItem, *, by: str, at: datetime, because: str) -> None:
    """Record that the body goes by the newest papers although members were not sent them in time."""
    if not because.strip():
        raise refuse("that the body accepts a changed paper is recorded with its reason", "write a sentence")
    _still_to_come(item)
    if not item.superseded:
        raise refuse("members have the newest of every paper", "nothing was changed")
    with writing(item.subject, by=by, what=f"newest papers accepted, item {item.number}", why=because,
                 organisation=item.meeting.organisation):
        _bring_newest_proposals(_meeting(item.meeting.name), by=by, at=at)
        AgendaPaper.objects.filter(item=_rows(item).get(), sent=None, accepted=None).update(
            accepted=at, accepted_because=because.strip(), standing="late")


def _bring_newest_proposals(meeting: Meeting, *, by: str, at: datetime) -> None:
    """Put a case's newest proposal among its item's papers where an older one stands there."""
    for row in meeting.items.filter(moment="declaring").exclude(case=""):
        newest = newest_proposal(row.case)
        if newest and not row.papers.filter(name=PROPOSAL, version=newest[0]).exists():
            AgendaPaper.objects.create(item=row, name=PROPOSAL, title="Proposal", version=newest[0], digest=newest[1],
                                       added=at, added_by=Account.objects.get(identifier=by), standing="")


# --- parts ------------------------------------------------------------------------------------------------------------


def _meeting(name: str) -> Meeting:
    return Meeting.objects.select_related("organisation").get(name=name)


def _rows(item: OpenItem) -> QuerySet[Item]:
    return Item.objects.filter(meeting__name=item.meeting.name, number=item.number)


def _code(meeting: Meeting) -> str:
    return meeting.organisation.code


def _subject(meeting: Meeting) -> str:
    return f"meeting/{meeting.name}"


def _free_number(meeting: Meeting) -> int:
    taken = set(meeting.items.values_list("number", flat=True))
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def _safe(file_name: str) -> str:
    """A file's name that any archive and any browser takes."""
    path = PurePath(file_name.replace("\\", "/"))
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip("-.")[:80]
    return f"{stem or 'paper'}{path.suffix.casefold()}"


def _before_sending(meeting: Meeting) -> None:
    if meeting.dispatches.exists():
        raise refuse("members have the agenda with its numbers", "take the item in another order at the meeting")


def _still_to_come(item: OpenItem) -> None:
    if item.moment != "declaring":
        raise refuse("the vote on this item has been opened already", "nothing was changed")
