"""The only reader of assurance: requests for backing, and how an assurer itself does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from statistics import median

from evenhand.decide.app.assurance_models import AssurerTime, Backing, BackingWord
from evenhand.decide.working_days import is_working_day
from evenhand.people.app.models import Membership, Organisation
from evenhand.people.app.queries import holding
from evenhand.terms.words import counted


@dataclass(frozen=True)
class Said:
    """A question or an offer of help, and the answer to it."""

    key: int
    kind: str
    words: str
    on: date
    answer: str
    answered: date | None


@dataclass(frozen=True)
class Asked:
    """One request for backing."""

    key: int
    case: str
    version: int
    organisation: str
    organisation_name: str
    assurer: str
    assurer_name: str
    invented: bool
    words: str
    asked: date
    due: date | None
    moment: str
    outcome: str
    answered: date | None
    took: int
    said: tuple[Said, ...]
    today: date

    @property
    def days_late(self) -> int:
        """How many days past its own time the answer came, or has not come."""
        end = self.answered or self.today
        return max((end - self.due).days, 0) if self.due else 0

    @property
    def standing(self) -> str:
        """Where it stands, in words."""
        late = f", {counted(self.days_late, 'day')} late" if self.days_late else ""
        if self.moment == "answered":
            return f"{self.outcome} after {counted(self.took, 'working day')}{late}"
        return f"waits for an answer{late}"


@dataclass(frozen=True)
class AssurerDoes:
    """How one assurer does, reckoned from the requests put to it."""

    code: str
    name: str
    invented: bool
    working_days: int | None
    asked: tuple[Asked, ...]

    @property
    def answered(self) -> tuple[Asked, ...]:
        """Those it has answered."""
        return tuple(each for each in self.asked if each.moment == "answered")

    @property
    def waiting(self) -> tuple[Asked, ...]:
        """Those it has not."""
        return tuple(each for each in self.asked if each.moment != "answered")

    @property
    def overdue(self) -> tuple[Asked, ...]:
        """Those that wait past its own time."""
        return tuple(each for each in self.waiting if each.days_late)

    @property
    def middle(self) -> float | None:
        """The middle number of working days that its answers took."""
        return median(each.took for each in self.answered) if self.answered else None

    @property
    def in_time(self) -> int:
        """How many answers came within its own time, of those that had one."""
        return sum(not each.days_late for each in self.answered if each.due)

    @property
    def with_time(self) -> int:
        """How many answers had a day they were due by."""
        return sum(each.due is not None for each in self.answered)

    @property
    def backed(self) -> int:
        """How many it backed, on conditions or without."""
        return sum(each.outcome.startswith("backed") for each in self.answered)

    @property
    def questions(self) -> int:
        """How many questions it put."""
        return sum(one.kind == "question" for each in self.asked for one in each.said)

    @property
    def offers(self) -> int:
        """How often it offered help."""
        return sum(one.kind == "support" for each in self.asked for one in each.said)

    @property
    def sentence(self) -> str:
        """How it does, in words."""
        if not self.asked:
            return f"{self.name} has not been asked to back anything yet."
        said = f"{self.name} has answered {len(self.answered)} of {counted(len(self.asked), 'request')} for backing"
        if self.with_time:
            said += f", {self.in_time} of {self.with_time} within its own time"
        if self.overdue:
            said += f"; {len(self.overdue)} {'waits' if len(self.overdue) == 1 else 'wait'} past it"
        return f"{said}."


def requests(*, today: date, case: str = "", assurer: str = "") -> list[Asked]:
    """Requests for backing, the latest first; of one case, or to one assurer."""
    rows = Backing.objects.select_related("organisation", "assurer").prefetch_related("said")
    rows = rows.filter(case=case) if case else rows
    return [_asked(row, today) for row in (rows.filter(assurer__code=assurer) if assurer else rows)]


def request(key: int, *, today: date) -> Asked | None:
    """One request."""
    row = Backing.objects.select_related("organisation", "assurer").prefetch_related("said").filter(pk=key).first()
    return None if row is None else _asked(row, today)


def request_of(said: int) -> int | None:
    """The number of the request that a question or an offer belongs to."""
    return BackingWord.objects.filter(pk=said).values_list("backing_id", flat=True).first()


def assurers(*, today: date) -> list[AssurerDoes]:
    """Every body that somebody assures for, or that was ever asked, with how it does."""
    codes = set(holding(Membership.objects.filter(role="assurer"), today).values_list("organisation__code", flat=True))
    codes |= set(Backing.objects.values_list("assurer__code", flat=True))
    every = requests(today=today)
    return [AssurerDoes(row.code, row.name, row.invented, _time(row, today),
                        tuple(each for each in every if each.assurer == row.code))
            for row in Organisation.objects.filter(code__in=codes)]


def _time(row: Organisation, today: date) -> int | None:
    held = AssurerTime.objects.filter(organisation=row, since__lte=today).last()
    return held.working_days if held else None


def working_days_between(first: date, last: date) -> int:
    """How many working days there are after one day, up to and with another."""
    return sum(is_working_day(date.fromordinal(day)) for day in range(first.toordinal() + 1, last.toordinal() + 1))


def _asked(row: Backing, today: date) -> Asked:
    said = tuple(Said(one.pk, one.kind, one.words, one.on, one.answer, one.answered) for one in row.said.all())
    return Asked(row.pk, row.case, row.version, row.organisation.code, row.organisation.name, row.assurer.code,
                 row.assurer.name, row.organisation.invented, row.words, row.asked, row.due, row.moment, row.outcome,
                 row.answered, working_days_between(row.asked, row.answered or today), said, today)
