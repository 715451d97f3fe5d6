"""Meetings as everybody may read them: the forward plan, the agenda in public, and what of it is open data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localtime

from evenhand.decide.app import minutes_queries, queries
from evenhand.decide.app.agenda_queries import (
    Between,
    PaperTrail,
    key_due,
    notice_due,
    paper_due,
    reported_on,
    rules_of,
    trails_of,
)
from evenhand.decide.app.models import Item, Meeting
from evenhand.decide.app.queries import Sitting
from evenhand.decide.grounds import ground
from evenhand.decide.notice import Due, Rules, last_day

LONG = timedelta(hours=2)
"""How long a meeting is taken to last that has not ended."""


@dataclass(frozen=True)
class PlannedItem:
    """An item that the public may hear, without anything that its members alone may read."""

    number: int
    title: str
    asked_to: str
    purpose: str
    kind: str
    key: bool
    case: str
    author: str
    owed_by: str
    paper: Due | None
    announced: Due | None
    urgent_because: str
    papers: tuple[PaperTrail, ...]
    moment: str
    outcome: str
    reasons: str
    tally: str
    reports: tuple[Between, ...]

    def flags(self, today: date) -> tuple[str, ...]:
        """What is, or has come, too late, in words."""
        found = [each.sentence for each in (self.paper, self.announced) if each is not None and each.is_late(today)]
        return (*found, *([f"Taken without the notice due: {self.urgent_because}"] if self.urgent_because else []))


@dataclass(frozen=True)
class PlannedMeeting:
    """A meeting as everybody may read it. ``in_private`` are the grounds of the items the public does not hear."""

    sitting: Sitting
    notice: Due
    short_notice_because: str
    rules: Rules
    items: tuple[PlannedItem, ...]
    in_private: tuple[str, ...]
    questions_until: date
    minutes: str

    def flags(self, today: date) -> tuple[str, ...]:
        """What of its notice came, or can only come, too late."""
        if not self.notice.is_late(today):
            return ()
        because = f". Called at short notice: {self.short_notice_because}" if self.short_notice_because else ""
        return (self.notice.sentence + because,)

    @property
    def takes_questions(self) -> bool:
        """Whether it has an item at which questions are answered."""
        return any(each.kind == "questions" for each in self.items)


def planned(name: str) -> PlannedMeeting | None:
    """One meeting as everybody may read it."""
    row = Meeting.objects.filter(name=name).select_related("organisation").first()
    return None if row is None else _planned(row)


def to_come(now: datetime, organisation: str = "") -> list[PlannedMeeting]:
    """Meetings to come, the next first; of one body, or of all."""
    rows = _of(organisation).filter(on__gte=now - timedelta(hours=12), ended=None).order_by("on")
    return [_planned(row) for row in rows]


def gone_by(now: datetime, organisation: str = "") -> list[PlannedMeeting]:
    """Meetings that were, the last first."""
    rows = _of(organisation).order_by("-on")
    return [_planned(row) for row in rows if row.ended or row.on < now - timedelta(hours=12)]


def bodies_that_meet() -> list[tuple[str, str]]:
    """Code and name of every body that has a meeting here."""
    rows = Meeting.objects.order_by("organisation__name").values_list("organisation__code", "organisation__name")
    return list(dict.fromkeys(rows))


def _of(organisation: str) -> Any:
    rows = Meeting.objects.select_related("organisation")
    return rows.filter(organisation__code=organisation) if organisation else rows


def _planned(row: Meeting) -> PlannedMeeting:
    sitting = queries.meeting(row.name)
    assert sitting is not None, "its row was read a line above"
    rules = rules_of(row.organisation.code)
    items = list(row.items.select_related("meeting", "paper_owed_by"))
    minuted = minutes_queries.minutes(row.name)
    return PlannedMeeting(
        sitting, notice_due(row, rules), row.short_notice_because, rules,
        tuple(_item(each, rules) for each in items if not each.ground),
        tuple(ground(each.ground).words for each in items if each.ground),
        last_day(localtime(row.on).date(), rules.question_days), minuted.moment if minuted else "")


def _item(row: Item, rules: Rules) -> PlannedItem:
    trails = tuple(replace(each, versions=tuple(version for version in each.versions if version.counts))
                   for each in trails_of(row))
    owed = row.purpose == "decision" and row.kind == "item"
    found = queries.item(row.meeting.name, row.number) if row.moment == "closed" else None
    tally = queries.tally_of(found) if found and row.outcome != "deferred" else None
    return PlannedItem(
        row.number, row.title, row.asked_to, row.purpose, row.kind, row.key, row.case, row.author,
        row.paper_owed_by.name if row.paper_owed_by else "", paper_due(row, rules) if owed else None,
        key_due(row, rules), row.urgent_because, tuple(each for each in trails if each.versions), row.moment,
        row.outcome, row.reasons if row.moment == "closed" else "", tally.sentence if tally else "",
        tuple(each for each in reported_on(row) if not each.ground))


@dataclass(frozen=True)
class Owed:
    """A paper that somebody owes a meeting, and by when."""

    meeting: Sitting
    number: int
    title: str
    due: Due


def papers_owed(member: str, now: datetime) -> list[Owed]:
    """The papers that somebody owes meetings to come, the earliest due first."""
    rows = Item.objects.filter(paper_owed_by__identifier=member, papers=None, paper_sent=None, moment="declaring",
                               meeting__on__gte=now, meeting__ended=None).select_related("meeting__organisation")
    found = []
    for row in rows:
        sitting = queries.meeting(row.meeting.name)
        assert sitting is not None, "its item was read a line above"
        found.append(Owed(sitting, row.number, row.title, paper_due(row, rules_of(row.meeting.organisation.code))))
    return sorted(found, key=lambda each: each.due.last_day)


def rows_of(found: PlannedMeeting, today: date) -> list[dict[str, Any]]:
    """A meeting's public items as rows of open data."""
    sitting = found.sitting
    return [{"meeting": sitting.name, "title": sitting.title, "body": sitting.organisation_name,
             "code": sitting.organisation, "on": localtime(sitting.on).isoformat(), "place": sitting.place,
             "notice": found.notice.sentence, "item": each.number, "about": each.title, "asked_to": each.asked_to,
             "purpose": each.purpose, "key_decision": "yes" if each.key else "no", "paper_owed_by": each.owed_by,
             "paper_due": str(each.paper.last_day) if each.paper else "", "outcome": each.outcome,
             "too_late": "; ".join(each.flags(today)), "items_in_private": len(found.in_private),
             "invented": "yes" if sitting.invented else "no"} for each in found.items]
