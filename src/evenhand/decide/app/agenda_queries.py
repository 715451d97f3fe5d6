"""What is sent before a meeting, read: rules of notice, papers by version, what was between meetings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models.functions import Length
from django.utils.timezone import localtime

from evenhand.decide.app.agenda_models import AgendaPaper, Dispatch, MeetingRules
from evenhand.decide.app.minutes_models import BetweenMeetings
from evenhand.decide.app.models import Item, Meeting
from evenhand.decide.notice import USUAL, Due, Rules, due
from evenhand.papers import Proposal
from evenhand.record.app import queries as record

PROPOSAL = "proposal"
"""The name under which a case's proposal stands among an item's papers; its version is the proposal's own."""


@dataclass(frozen=True)
class PaperVersion:
    """One version of a paper. ``file_name`` is empty where the record holds the paper rather than the meeting."""

    key: int
    version: int
    digest: str
    file_name: str
    size: int
    standing: str
    because: str
    added: datetime
    added_by: str
    sent: datetime | None
    accepted: datetime | None
    accepted_because: str

    @property
    def counts(self) -> bool:
        """Whether a vote may go by it: members were sent it, or the body recorded that it goes by it."""
        return self.sent is not None or self.accepted is not None


@dataclass(frozen=True)
class PaperTrail:
    """One paper for an item with all its versions, the earliest first; ``newest`` may be held by the case alone."""

    name: str
    title: str
    versions: tuple[PaperVersion, ...]
    newest: int

    @property
    def effective(self) -> PaperVersion | None:
        """The version that a vote would go by."""
        return next((each for each in reversed(self.versions) if each.counts), None)

    @property
    def current(self) -> bool:
        """Whether the version that a vote would go by is the newest."""
        return self.effective is not None and self.effective.version == self.newest

    @property
    def sentence(self) -> str:
        """Which version members have, in words; empty where it is the newest."""
        if self.current:
            return ""
        if self.effective is None:
            return f"{self.title}: members have not been sent it"
        had = "accepted" if self.effective.sent is None else "were sent"
        who = "the version that was accepted is" if had == "accepted" else "the paper members were sent is version"
        return f"{self.title}: {who} {self.effective.version}; the newest is {self.newest}"


@dataclass(frozen=True)
class Between:
    """A decision taken between meetings."""

    key: int
    title: str
    what: str
    by: str
    power: str
    because: str
    on: date
    ground: str
    reported: bool


@dataclass(frozen=True)
class Sending:
    """Papers as they went out: when, by whom, how many, and why late if they were."""

    at: datetime
    by: str
    papers: int
    late_because: str


def rules_of(organisation: str) -> Rules:
    """A body's own rules of notice, or the usual ones."""
    row = MeetingRules.objects.filter(organisation__code=organisation).first()
    return USUAL if row is None else Rules(row.notice_days, row.papers_days, row.key_days, row.question_days,
                                           row.casting_vote, row.source)


def newest_proposal(case: str) -> tuple[int, str] | None:
    """The number and fingerprint of a case's newest proposal."""
    found = [(paper.version, kept.digest) for kept in (record.papers(case, "proposal") if case else ())
             if isinstance(paper := kept.paper(), Proposal)]
    return max(found) if found else None


def trails_of(item: Item) -> tuple[PaperTrail, ...]:
    """The papers of an item, by name, with every version."""
    rows = AgendaPaper.objects.filter(item=item).select_related("added_by").defer("content").annotate(
        size=Length("content"))
    by_name: dict[str, list[Any]] = {}
    for row in rows:
        by_name.setdefault(row.name, []).append(row)
    held = newest_proposal(item.case) if PROPOSAL in by_name else None
    return tuple(PaperTrail(
        name, some[-1].title, tuple(_version(row, row.size or 0) for row in some),
        max(some[-1].version, held[0] if held and name == PROPOSAL else 0)) for name, some in by_name.items())


def _version(row: AgendaPaper, size: int) -> PaperVersion:
    return PaperVersion(row.pk, row.version, row.digest, row.file_name, size, row.standing, row.because, row.added,
                        row.added_by.name, row.sent, row.accepted, row.accepted_because)


def paper_file(meeting: str, number: int, key: int) -> tuple[str, str, bytes] | None:
    """A paper as it was brought: file name, media type, bytes; nothing for one that the record holds."""
    row = AgendaPaper.objects.filter(pk=key, item__meeting__name=meeting, item__number=number).first()
    if row is None or row.content is None:
        return None
    return row.file_name, row.media_type, bytes(row.content)


def sendings(meeting: str) -> list[Sending]:
    """Each time papers of a meeting went out."""
    rows = Dispatch.objects.filter(meeting__name=meeting).select_related("by")
    return [Sending(row.at, row.by.name, len(row.papers), row.late_because) for row in rows]


def paper_due(row: Item, rules: Rules) -> Due:
    """When an item's paper must be out, and when the first of it was."""
    sent = AgendaPaper.objects.filter(item=row, sent__isnull=False).order_by("sent").first()
    on = localtime(sent.sent).date() if sent and sent.sent else row.paper_sent
    return due("Paper", meeting=localtime(row.meeting.on).date(), needed=rules.papers_days, on=on)


def notice_due(row: Meeting, rules: Rules) -> Due:
    """When notice of a meeting must be given, and when it was."""
    on = localtime(row.notice).date() if row.notice else None
    return due("Notice", meeting=localtime(row.on).date(), needed=rules.notice_days, on=on)


def key_due(row: Item, rules: Rules) -> Due | None:
    """When a key decision must stand on the forward plan, and since when it does; nothing for any other item."""
    if not (row.key and rules.key_days):
        return None
    on = localtime(row.added).date() if row.added else None
    return due("Key decision announced", meeting=localtime(row.meeting.on).date(), needed=rules.key_days, on=on)


def between(organisation: str) -> list[Between]:
    """A body's decisions between meetings, the earliest first."""
    rows = BetweenMeetings.objects.filter(organisation__code=organisation).select_related("decided_by")
    return [_between(row) for row in rows]


def reported_on(item: Item) -> tuple[Between, ...]:
    """The decisions between meetings that an item reports."""
    rows = BetweenMeetings.objects.filter(reported=item).select_related("decided_by")
    return tuple(_between(row) for row in rows)


def _between(row: BetweenMeetings) -> Between:
    return Between(row.pk, row.title, row.what, row.decided_by.name, row.power, row.because, row.on, row.ground,
                   row.reported_id is not None)
