"""The only reader of meetings: gives frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime

from evenhand.decide.app.agenda_queries import Between, PaperTrail, reported_on, rules_of, trails_of
from evenhand.decide.app.interest_queries import own, with_register
from evenhand.decide.app.models import Attendance, CastingVote, Interest, Item, Meeting, Motion, Vote
from evenhand.decide.meeting import read_meeting
from evenhand.decide.notice import clear_days
from evenhand.decide.quorum import ItemQuorum, item_quorum
from evenhand.decide.tally import Tally

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
    place: str = ""
    began: datetime | None = None
    ended: datetime | None = None


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
    dissent: bool = False


@dataclass(frozen=True)
class Moved:
    """A motion, or an amendment of one."""

    number: int
    words: str
    mover: str
    seconder: str
    amends: int | None
    moment: str
    settled_how: str


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
    purpose: str
    kind: str
    ground: str
    ground_because: str
    key: bool
    reasons: str
    urgent_because: str
    owed_by: str
    present: frozenset[str]
    papers: tuple[PaperTrail, ...]
    motions: tuple[Moved, ...]
    reports: tuple[Between, ...]
    casting_vote: bool

    @property
    def private(self) -> bool:
        """Whether the public is shut out while it is taken."""
        return bool(self.ground)

    @property
    def amendments_waiting(self) -> tuple[Moved, ...]:
        """Amendments that were moved and are neither agreed nor not."""
        return tuple(each for each in self.motions if each.amends is not None and each.moment == "moved")

    @property
    def motion(self) -> Moved | None:
        """What is voted on: the last amendment that was agreed, else the first motion that was not withdrawn."""
        standing = [each for each in self.motions if each.moment == ("moved" if each.amends is None else "agreed")]
        agreed = [each for each in standing if each.amends is not None]
        return agreed[-1] if agreed else standing[0] if standing else None

    @property
    def superseded(self) -> tuple[str, ...]:
        """Papers of which members do not have the newest version, in words; none where all is as it was sent."""
        return tuple(each.sentence for each in self.papers if not each.current)

    @property
    def proposal_version(self) -> int | None:
        """The version of the case's proposal that members were sent, or that was accepted."""
        trail = next((each for each in self.papers if each.name == "proposal"), None)
        return trail.effective.version if trail and trail.effective else None

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
                   row.organisation.invented, row.items.count(), row.place, row.began, row.ended)


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
    items = [{"id": str(each.number), "title": each.title, "for": each.purpose, "bodies": each.bodies}
             for each in row.items.all()]
    return with_register(row, {
        "title": row.title, "members": seats, "quorum": {"minimum": row.quorum, "must_include": row.roles_needed},
        "interests": interests, "ladder": row.ladder, "items": items})


def items(name: str, *, without: tuple[str, ...] = (), only: int | None = None) -> list[OpenItem]:
    """Every item of a meeting in order, with its quorum; as if members ``without`` had stayed away.

    ``only`` is the number of one that is asked for alone.
    """
    row = Meeting.objects.filter(name=name).select_related("organisation").first()
    if row is None:
        return []
    read = read_meeting(document(row))
    names = {member.id: member.name for member in read.members}
    rules, movements = rules_of(row.organisation.code), movements_of(row)
    found = []
    asked_for = row.items.all() if only is None else row.items.filter(number=only)
    for each in asked_for.select_related("paper_owed_by", "meeting"):
        here = frozenset(member.id for member in read.members if is_present(
            movements.get(member.id, []), each.number, expected=member.attending))
        at_item = replace(read, members=tuple(replace(member, attending=member.id in here) for member in read.members))
        worked_out = item_quorum(at_item, next(item for item in read.items if item.id == str(each.number)),
                                 without=without)
        asides = tuple(Aside(names[aside.member], aside.member, ACTIONS_IN_WORDS[aside.action],
                             aside.because.removesuffix(" (the ladder)")) for aside in worked_out.stands_aside)
        voted = frozenset(Vote.objects.filter(item=each).values_list("account__identifier", flat=True))
        clear = clear_days(each.paper_sent, localtime(row.on).date()) if each.paper_sent else None
        found.append(OpenItem(
            _sitting(row), each.number, each.title, each.asked_to, each.case, each.author, each.paper_sent, clear,
            each.moment, each.outcome, tuple(each.bodies), worked_out, asides, names, voted, each.purpose, each.kind,
            each.ground, each.ground_because, each.key, each.reasons, each.urgent_because,
            each.paper_owed_by.name if each.paper_owed_by else "", here, trails_of(each), motions_of(each),
            reported_on(each), rules.casting_vote))
    return found


def movements_of(row: Meeting) -> dict[str, list[tuple[int, str]]]:
    """Who came and left at which item, by member, in the order it was marked."""
    found: dict[str, list[tuple[int, str]]] = {}
    for each in Attendance.objects.filter(seat__meeting=row).select_related("seat__account"):
        found.setdefault(each.seat.account.identifier, []).append((each.number, each.what))
    return found


def is_present(movements: list[tuple[int, str]], number: int, *, expected: bool) -> bool:
    """Whether somebody is there as an item is taken: by what was last marked up to it, else by what was expected."""
    up_to = [what for at, what in sorted(movements, key=lambda each: each[0]) if at <= number]
    return up_to[-1] == "arrived" if up_to else expected


def motions_of(row: Item) -> tuple[Moved, ...]:
    """The motions on an item and their amendments, in the order they were moved."""
    rows = Motion.objects.filter(item=row).select_related("mover", "seconder", "amends")
    return tuple(Moved(each.number, each.words, each.mover.name, each.seconder.name if each.seconder else "",
                       each.amends.number if each.amends else None, each.moment, each.settled_how) for each in rows)


def item(name: str, number: int) -> OpenItem | None:
    """One item of a meeting."""
    return next(iter(items(name, only=number)), None)


def votes(name: str, number: int) -> list[Cast]:
    """How each member voted on a closed item; nothing while it is not closed."""
    rows = Vote.objects.filter(item__meeting__name=name, item__number=number, item__moment="closed")
    return [Cast(row.account.name, row.choice, row.reason, row.dissent) for row in rows.select_related("account")]


def own_vote(name: str, number: int, member: str) -> Cast | None:
    """One's own vote, which one may always read."""
    row = Vote.objects.filter(item__meeting__name=name, item__number=number, account__identifier=member).first()
    return None if row is None else Cast("You", row.choice, row.reason, row.dissent)


def totals(name: str, number: int) -> Totals | None:
    """The totals of a closed item; nothing while it is not closed."""
    closed = Item.objects.filter(meeting__name=name, number=number, moment="closed").first()
    if closed is None:
        return None
    choices = list(closed.votes.values_list("choice", flat=True))
    return Totals(choices.count("for"), choices.count("against"), choices.count("abstain"))


def tally_of(found: OpenItem) -> Tally | None:
    """How a closed vote came out, with its bases; nothing while it is not closed, or where nobody voted."""
    counted = totals(found.meeting.name, found.number)
    if counted is None or not found.voted:
        return None
    may_vote = len({*found.quorum.may_vote, *found.voted})
    given = casting_vote(found.meeting.name, found.number)
    return Tally(counted.for_it, counted.against, counted.abstained, may_vote, given.choice if given else "")


def casting_vote(name: str, number: int) -> Cast | None:
    """The casting vote on a closed item, if one was given."""
    row = CastingVote.objects.filter(item__meeting__name=name, item__number=number, item__moment="closed").first()
    return None if row is None else Cast(row.account.name, row.choice, row.reason)


def interests_of(member: str, meeting_name: str) -> list[str]:
    """What a member has declared for a meeting, and what of theirs stands on the body's register that day, in words."""
    rows = Interest.objects.filter(account__identifier=member, meeting__name=meeting_name)
    at_meeting = [f"{row.kind} interest ({row.standing}) in {row.body}, {_whose(row.whose)}" for row in rows]
    row = Meeting.objects.filter(name=meeting_name).select_related("organisation").first()
    if row is None:
        return at_meeting
    day = localtime(row.on).date()
    on_register = own(member, row.organisation.code, day).standing_on(day)
    return at_meeting + [f"{each.kind} interest ({each.standing}) in {each.body_name}, {each.whose_words}; on the "
                         "register" for each in on_register]


def _whose(whose: str) -> str:
    return "their own" if whose == "self" else f"their {whose}’s"


def waiting_on(member: str, organisations: frozenset[str]) -> list[OpenItem]:
    """Items of these bodies on which this member may still do something: declare, or vote."""
    return [one for each in meetings(organisations) for one in items(each.name) if _waits(one, member)]


def _waits(item: OpenItem, member: str) -> bool:
    if item.kind != "item":
        return False
    if item.moment == "declaring":
        return member in item.names
    return item.moment == "open" and item.may_vote(member) and member not in item.voted


@dataclass(frozen=True)
class Sitter:
    """A member of a meeting, and whether they are expected or were there at its beginning."""

    id: str
    name: str
    roles: tuple[str, ...]
    voting: bool
    attending: bool


def sitters(name: str) -> list[Sitter]:
    """Everybody who sits at a meeting."""
    found = Meeting.objects.filter(name=name).first()
    return [] if found is None else [
        Sitter(seat.account.identifier, seat.account.name, tuple(seat.roles), seat.voting, seat.attending)
        for seat in found.seats.select_related("account")]
