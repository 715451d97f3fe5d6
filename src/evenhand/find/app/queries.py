"""The only reader of questions put to clinicians and of concerns: gives frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from evenhand.find.app.models import Concern, Question
from evenhand.find.concern_words import ENDS, OPEN
from evenhand.people.app.models import Membership, Organisation, Support
from evenhand.people.app.queries import holding


@dataclass(frozen=True)
class Asked:
    """A question, and its answer once there is one."""

    key: int
    organisation: str
    organisation_name: str
    invented: bool
    measure: str
    of: str
    sentence: str
    words: str
    asked_by: str
    asked_on: date
    moment: str
    answer: str
    answered_by: str
    answered_on: date | None


def questions(organisations: frozenset[str]) -> list[Asked]:
    """The questions put to these bodies, the latest first."""
    rows = Question.objects.filter(organisation__code__in=organisations)
    return [_asked(row) for row in rows.select_related("organisation", "asked_by", "answered_by")]


def question(key: int) -> Asked | None:
    """One question."""
    row = Question.objects.filter(pk=key).select_related("organisation", "asked_by", "answered_by").first()
    return None if row is None else _asked(row)


def _asked(row: Question) -> Asked:
    return Asked(row.pk, row.organisation.code, row.organisation.name, row.organisation.invented, row.measure, row.of,
                 row.sentence, row.words, row.asked_by.name, row.asked_on, row.moment, row.answer,
                 row.answered_by.name if row.answered_by else "", row.answered_on)


# --- concerns ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taker:
    """A body that takes concerns, and who of it answers."""

    code: str
    name: str
    invented: bool
    who: str


@dataclass(frozen=True)
class Raised:
    """A concern, and what became of it."""

    key: int
    code: str
    organisation: str
    organisation_name: str
    invented: bool
    said_by: str
    service: str
    about: str
    practice: str
    words: str
    received: date
    due: date
    moment: str
    read_on: date | None
    measure: str
    case: str
    joined_to: str
    answer: str
    answered_by: str
    answered_on: date | None

    @property
    def waits(self) -> bool:
        """Whether its answer is still owed."""
        return self.moment in OPEN

    def is_overdue(self, today: date) -> bool:
        """Whether its answer is owed and late."""
        return self.waits and self.due < today

    @property
    def end(self) -> str:
        """What became of it, as counted; empty while it waits."""
        return "waiting" if self.waits else ENDS[self.moment].casefold()


def takers(on: date) -> list[Taker]:
    """The commissioners that take concerns on a day: those with somebody there to answer, by name."""
    offices = set(holding(Membership.objects.filter(role="programme office"), on).values_list(
        "organisation_id", flat=True))
    units = {each.customer_id: each.unit.name for each in holding(Support.objects.select_related("unit"), on)}
    rows = Organisation.objects.filter(Q(closed__isnull=True) | Q(closed__gt=on), kind="commissioner",
                                       pk__in=offices | set(units))
    return [Taker(row.code, row.name, row.invented, f"The programme office of {row.name}" if row.pk in offices
                  else f"{units[row.pk]}, for {row.name}") for row in rows]


def concerns(organisations: frozenset[str]) -> list[Raised]:
    """The concerns sent to these bodies, the earliest first."""
    rows = Concern.objects.filter(organisation__code__in=organisations)
    return [_raised(row) for row in rows.select_related("organisation", "joined_to", "answered_by")]


def concern(key: int) -> Raised | None:
    """One concern by its number."""
    return _one(Concern.objects.filter(pk=key).select_related("organisation", "joined_to", "answered_by").first())


def followed(code: str) -> Raised | None:
    """One concern by its code."""
    return _one(Concern.objects.filter(code=code).select_related("organisation", "joined_to", "answered_by").first())


def others_who_said_so(found: Raised) -> int:
    """How many other practices said the same to the same body."""
    rows = Concern.objects.filter(organisation__code=found.organisation, about=found.about).exclude(practice="")
    return len({name.casefold() for name in rows.values_list("practice", flat=True)} - {found.practice.casefold()})


def _one(row: Concern | None) -> Raised | None:
    return None if row is None else _raised(row)


def _raised(row: Concern) -> Raised:
    return Raised(row.pk, row.code, row.organisation.code, row.organisation.name, row.organisation.invented,
                  row.said_by, row.service, row.about, row.practice, row.words, row.received, row.due, row.moment,
                  row.read_on, row.measure, row.case, row.joined_to.code if row.joined_to else "", row.answer,
                  row.answered_by.name if row.answered_by else "", row.answered_on)
