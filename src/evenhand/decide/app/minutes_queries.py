"""What follows a meeting, read: minutes drafted from the record, corrections, actions, the public's questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime

from evenhand.decide.app import queries
from evenhand.decide.app.agenda_queries import notice_due, rules_of
from evenhand.decide.app.models import AgreedAction, Attendance, Item, ItemNote, Meeting, Minutes, PublicQuestion, Seat
from evenhand.decide.app.queries import OpenItem
from evenhand.decide.grounds import ground
from evenhand.terms.words import counted


@dataclass(frozen=True)
class Put:
    """A question from the public, with its answer."""

    key: int
    code: str
    asker: str
    words: str
    received: datetime
    moment: str
    not_taken_because: str
    answer: str
    answered_by: str
    answered_on: date | None
    meeting: str
    meeting_title: str
    organisation: str
    invented: bool

    @property
    def who(self) -> str:
        """Whose question it is, as everybody reads it."""
        return self.asker or "A member of the public"


@dataclass(frozen=True)
class ToDo:
    """An action that a meeting agreed."""

    key: int
    what: str
    owner: str
    owner_id: str
    due: date
    done: date | None
    done_how: str
    meeting: str
    meeting_title: str
    organisation: str
    number: int
    private: bool

    def is_overdue(self, today: date) -> bool:
        """Whether it is not done and its day is over."""
        return self.done is None and self.due < today


@dataclass(frozen=True)
class Corrected:
    """A correction of minutes: of which item, in which words, at which meeting."""

    number: int | None
    words: str
    at: datetime
    at_meeting: str
    private: bool


@dataclass(frozen=True)
class Minuted:
    """Minutes of one version."""

    meeting: str
    title: str
    version: int
    content: Mapping[str, Any]
    digest: str
    drafted: datetime
    drafted_by: str
    moment: str
    confirmed: datetime | None
    confirmed_at: str
    corrections: tuple[Corrected, ...]

    def in_public(self) -> Minuted:
        """Without what was taken in private: of that, only how many items and on which grounds."""
        from dataclasses import replace

        kept = [each for each in self.content["items"] if not each["ground"]]
        shut = [each["ground_words"] for each in self.content["items"] if each["ground"]]
        return replace(self, content={**self.content, "items": kept, "in_private": shut},
                       corrections=tuple(each for each in self.corrections if not each.private))


def minutes(name: str) -> Minuted | None:
    """The newest minutes of a meeting."""
    row = Minutes.objects.filter(meeting__name=name).select_related("meeting", "drafted_by", "confirmed_at").last()
    if row is None:
        return None
    private = set(row.meeting.items.exclude(ground="").values_list("number", flat=True))
    corrections = tuple(Corrected(each.number, each.words, each.at, each.at_meeting.title, each.number in private)
                        for each in row.corrections.select_related("at_meeting"))
    return Minuted(name, row.meeting.title, row.version, row.content, row.digest, row.drafted, row.drafted_by.name,
                   row.moment, row.confirmed, row.confirmed_at.title if row.confirmed_at else "", corrections)


def last_before(name: str) -> queries.Sitting | None:
    """The meeting of the same body that came before this one."""
    row = Meeting.objects.get(name=name)
    earlier = Meeting.objects.filter(organisation=row.organisation, on__lt=row.on).exclude(ended=None).first()
    return None if earlier is None else queries.meeting(earlier.name)


def drafted(name: str) -> dict[str, Any]:
    """The minutes as the record gives them: attendance, interests and what was done about them, motions, votes."""
    row = Meeting.objects.select_related("organisation").get(name=name)
    seats = list(Seat.objects.filter(meeting=row).select_related("account"))
    movements = list(Attendance.objects.filter(seat__meeting=row).select_related("seat__account"))
    came = {each.seat_id for each in movements if each.what == "arrived"}
    notice = notice_due(row, rules_of(row.organisation.code))
    return {
        "meeting": name, "title": row.title, "body": row.organisation.name, "on": _moment(row.on), "place": row.place,
        "began": _clock(row.began), "ended": _clock(row.ended),
        "notice": notice.sentence if notice.on else "", "short_notice_because": row.short_notice_because,
        "present": [{"name": each.account.name, "roles": list(each.roles), "voting": each.voting, "chair": each.chair}
                    for each in seats if each.attending or each.pk in came],
        "apologies": [each.account.name for each in seats if not each.attending and each.pk not in came],
        "movements": [f"{each.seat.account.name} {each.what} at item {each.number}" for each in movements],
        "items": [_item(each) for each in queries.items(name)]}


def _item(item: OpenItem) -> dict[str, Any]:
    tally = queries.tally_of(item)
    casting = queries.casting_vote(item.meeting.name, item.number)
    return {
        "number": item.number, "title": item.title, "purpose": item.purpose, "kind": item.kind, "ground": item.ground,
        "ground_words": ground(item.ground).words if item.ground else "", "ground_because": item.ground_because,
        "asked_to": item.asked_to, "author": item.author, "case": item.case, "urgent_because": item.urgent_because,
        "papers": [{"title": each.title, "version": version.version, "digest": version.digest,
                    "standing": version.standing, "because": version.because or version.accepted_because}
                   for each in item.papers for version in each.versions if version.counts],
        "asides": [{"name": each.name, "what": each.action, "because": each.because} for each in item.asides],
        "noted": [{"name": item.names[each.member], "because": each.because} for each in item.quorum.noted],
        "chair": item.names.get(item.quorum.chair or "", ""), "quorum": item.quorum.sentence,
        "motions": [{"number": each.number, "words": each.words, "mover": each.mover, "seconder": each.seconder,
                     "amends": each.amends, "moment": each.moment, "settled_how": each.settled_how}
                    for each in item.motions],
        "votes": [{"name": each.name, "choice": each.choice, "reason": each.reason, "dissent": each.dissent}
                  for each in queries.votes(item.meeting.name, item.number)],
        "tally": tally.sentence if tally and item.outcome != "deferred" else "",
        "casting": {"name": casting.name, "choice": casting.choice, "reason": casting.reason} if casting else None,
        "outcome": item.outcome, "reasons": item.reasons,
        "notes": notes_of(item.meeting.name, item.number),
        "actions": [{"what": each.what, "owner": each.owner, "due": _day(each.due)}
                    for each in actions_of(item.meeting.name) if each.number == item.number],
        "reports": [{"title": each.title, "what": each.what, "by": each.by, "power": each.power,
                     "because": each.because, "on": _day(each.on)} for each in item.reports],
        "questions": [{"who": each.who, "words": each.words, "answer": each.answer}
                      for each in questions(item.meeting.name) if each.moment in ("taken", "answered")]
        if item.kind == "questions" else [], "lines": _lines(item)}


def _lines(item: OpenItem) -> list[str]:
    """What the standing items came to: the minutes that were confirmed, what arose from earlier meetings."""
    name = item.meeting.name
    last = last_before(name) if item.kind == "minutes" else None
    if last is not None:
        looked_at = minutes(last.name)
        day = _day(localtime(last.on).date())
        if looked_at is None or looked_at.moment != "confirmed":
            return [f"The minutes of {day} were not confirmed."]
        how = f" with {counted(len(looked_at.corrections), 'correction')}" if looked_at.corrections else ""
        return [f"The minutes of {day} were confirmed{how}."]
    if item.kind == "matters":
        return [f"{each.what}: {each.owner}, due {_day(each.due)}. " + (
            f"Done: {each.done_how}" if each.done else "Not done yet.") for each in actions_arising(name)
            if not each.private]
    return []


def notes_of(name: str, number: int) -> list[str]:
    """What was noted on an item, the earliest first."""
    return [each.words for each in ItemNote.objects.filter(item__meeting__name=name, item__number=number)]


def questions(name: str) -> list[Put]:
    """Questions from the public to a meeting, the earliest first."""
    return [_put(row) for row in _questions().filter(meeting__name=name)]


def question(key: int) -> Put | None:
    """One question."""
    row = _questions().filter(pk=key).first()
    return None if row is None else _put(row)


def question_of(code: str) -> Put | None:
    """The question of a code, however it was typed."""
    digits = "".join(letter for letter in code if letter.isdigit())
    row = _questions().filter(code=f"ASK {digits[:4]} {digits[4:]}").first() if len(digits) == 8 else None
    return None if row is None else _put(row)


def questions_waiting(organisations: frozenset[str]) -> list[Put]:
    """Questions to these bodies that nobody has looked at, or that are not answered."""
    return [_put(row) for row in _questions().filter(meeting__organisation__code__in=organisations,
                                                     moment__in=("received", "taken"))]


def _questions() -> Any:
    return PublicQuestion.objects.select_related("meeting__organisation", "answered_by")


def _put(row: PublicQuestion) -> Put:
    return Put(row.pk, row.code, row.asker, row.words, row.received, row.moment, row.not_taken_because, row.answer,
               row.answered_by.name if row.answered_by else "", row.answered_on, row.meeting.name, row.meeting.title,
               row.meeting.organisation.code, row.meeting.organisation.invented)


def actions_of(name: str) -> list[ToDo]:
    """What one meeting agreed."""
    return [_to_do(row) for row in _actions().filter(item__meeting__name=name)]


def actions_arising(name: str) -> list[ToDo]:
    """What earlier meetings of the body agreed that is not done, or was done since the last of them."""
    meeting = Meeting.objects.get(name=name)
    rows = _actions().filter(item__meeting__organisation=meeting.organisation, item__meeting__on__lt=meeting.on)
    last = last_before(name)
    since = localtime(last.on).date() if last else None
    return [each for each in map(_to_do, rows) if each.done is None or (since and each.done >= since)]


def actions_for(owner: str) -> list[ToDo]:
    """What somebody is still to do, the earliest due first."""
    return [_to_do(row) for row in _actions().filter(owner__identifier=owner, done=None)]


def action(key: int) -> ToDo | None:
    """One action."""
    row = _actions().filter(pk=key).first()
    return None if row is None else _to_do(row)


def _actions() -> Any:
    return AgreedAction.objects.select_related("owner", "item__meeting__organisation")


def _to_do(row: AgreedAction) -> ToDo:
    item: Item = row.item
    return ToDo(row.pk, row.what, row.owner.name, row.owner.identifier, row.due, row.done, row.done_how,
                item.meeting.name, item.meeting.title, item.meeting.organisation.code, item.number, bool(item.ground))


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def _moment(at: datetime) -> str:
    local = localtime(at)
    return f"{_day(local.date())}, {local:%H:%M}"


def _clock(at: datetime | None) -> str:
    return f"{localtime(at):%H:%M}" if at else ""
