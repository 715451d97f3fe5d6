"""The only reader of meetings: gives frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from evenhand.decide.app.models import Interest, Item, Meeting, Vote
from evenhand.decide.meeting import read_meeting
from evenhand.decide.quorum import ItemQuorum, item_quorum

ACTIONS_IN_WORDS = {"note": "stays and votes; the interest is minuted", "speak_not_vote": "may speak, does not vote",
                    "leave": "leaves the room", "no_papers": "leaves, and is not sent the papers",
                    "removed": "takes no part in this work"}


@dataclass(frozen=True)
class Sitting:
    """A meeting, for a list."""

    name: str
    title: str
    on: datetime
    organisation: str
    organisation_name: str
    invented: bool
    items: int


@dataclass(frozen=True)
class Aside:
    """Somebody who takes no part, or part of a part, and why."""

    name: str
    member: str
    action: str
    because: str


@dataclass(frozen=True)
class Cast:
    """A vote as it may be read once the item is closed."""

    name: str
    choice: str
    reason: str


@dataclass(frozen=True)
class Totals:
    """How a vote came out."""

    for_it: int
    against: int
    abstained: int


@dataclass(frozen=True)
class OpenItem:
    """One item with everything its page says."""

    meeting: Sitting
    number: int
    title: str
    asked_to: str
    case: str
    author: str
    paper_sent: date | None
    clear_days: int | None
    moment: str
    outcome: str
    bodies: tuple[str, ...]
    quorum: ItemQuorum
    asides: tuple[Aside, ...]
    names: dict[str, str]
    voted: frozenset[str]

    @property
    def subject(self) -> str:
        """What its entries in the record are about."""
        return f"meeting/{self.meeting.name}"

    def may_vote(self, member: str) -> bool:
        """Whether this member has a vote on this item, as things stand."""
        return member in self.quorum.may_vote

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """Names of those who may vote and have not; whether, never how."""
        return tuple(self.names[each] for each in self.quorum.may_vote if each not in self.voted)


def meetings(organisations: frozenset[str]) -> list[Sitting]:
    """The meetings of these bodies, the latest first."""
    rows = Meeting.objects.filter(organisation__code__in=organisations).select_related("organisation")
    return [_sitting(row) for row in rows]


def _sitting(row: Meeting) -> Sitting:
    return Sitting(row.name, row.title, row.on, row.organisation.code, row.organisation.name,
                   row.organisation.invented, row.items.count())


def meeting(name: str) -> Sitting | None:
    """One meeting."""
    row = Meeting.objects.filter(name=name).select_related("organisation").first()
    return None if row is None else _sitting(row)


def document(row: Meeting) -> dict[str, Any]:
    """The meeting as ``decide quorum`` reads it."""
    seats = [{"id": seat.account.identifier, "name": seat.account.name, "roles": seat.roles, "chair": seat.chair,
              "deputy_chair": seat.deputy_chair, "voting": seat.voting, "attending": seat.attending}
             for seat in row.seats.select_related("account")]
    interests = [{"member": each.account.identifier, "type": each.kind, "standing": each.standing, "body": each.body,
                  "declared": f"{each.declared.day} {each.declared:%B %Y}", "whose": each.whose}
                 for each in row.interests.select_related("account")]
    items = [{"id": str(each.number), "title": each.title, "for": "decision", "bodies": each.bodies}
             for each in row.items.all()]
    return {"title": row.title, "members": seats, "quorum": {"minimum": row.quorum, "must_include": row.roles_needed},
            "interests": interests, "ladder": row.ladder, "items": items}


def items(name: str) -> list[OpenItem]:
    """Every item of a meeting in order, with its quorum."""
    row = Meeting.objects.filter(name=name).select_related("organisation").first()
    if row is None:
        return []
    read = read_meeting(document(row))
    names = {member.id: member.name for member in read.members}
    found = []
    for each in row.items.all():
        worked_out = item_quorum(read, next(item for item in read.items if item.id == str(each.number)))
        asides = tuple(Aside(names[aside.member], aside.member, ACTIONS_IN_WORDS[aside.action],
                             aside.because.removesuffix(" (the ladder)")) for aside in worked_out.stands_aside)
        voted = frozenset(Vote.objects.filter(item=each).values_list("account__identifier", flat=True))
        # Clear days: neither the day it was sent nor the day of the meeting counts.
        clear = (row.on.date() - each.paper_sent).days - 1 if each.paper_sent else None
        found.append(OpenItem(_sitting(row), each.number, each.title, each.asked_to, each.case, each.author,
                              each.paper_sent, clear, each.moment, each.outcome, tuple(each.bodies), worked_out, asides,
                              names, voted))
    return found


def item(name: str, number: int) -> OpenItem | None:
    """One item of a meeting."""
    return next((each for each in items(name) if each.number == number), None)


def votes(name: str, number: int) -> list[Cast]:
    """How each member voted on a closed item; nothing while it is not closed."""
    rows = Vote.objects.filter(item__meeting__name=name, item__number=number, item__moment="closed")
    return [Cast(row.account.name, row.choice, row.reason) for row in rows.select_related("account")]


def own_vote(name: str, number: int, member: str) -> Cast | None:
    """One's own vote, which one may always read."""
    row = Vote.objects.filter(item__meeting__name=name, item__number=number, account__identifier=member).first()
    return None if row is None else Cast("You", row.choice, row.reason)


def totals(name: str, number: int) -> Totals | None:
    """The totals of a closed item; nothing while it is not closed."""
    closed = Item.objects.filter(meeting__name=name, number=number, moment="closed").first()
    if closed is None:
        return None
    choices = list(closed.votes.values_list("choice", flat=True))
    return Totals(choices.count("for"), choices.count("against"), choices.count("abstain"))


def interests_of(member: str, meeting_name: str) -> list[str]:
    """What a member has declared for a meeting, in words."""
    rows = Interest.objects.filter(account__identifier=member, meeting__name=meeting_name)
    return [f"{row.kind} interest ({row.standing}) in {row.body}, {_whose(row.whose)}"
            for row in rows]


def _whose(whose: str) -> str:
    return "their own" if whose == "self" else f"their {whose}’s"


def waiting_on(member: str, organisations: frozenset[str]) -> list[OpenItem]:
    """Items of these bodies on which this member may still do something: declare, or vote."""
    return [one for each in meetings(organisations) for one in items(each.name) if _waits(one, member)]


def _waits(item: OpenItem, member: str) -> bool:
    if item.moment == "declaring":
        return member in item.names
    return item.moment == "open" and item.may_vote(member) and member not in item.voted
