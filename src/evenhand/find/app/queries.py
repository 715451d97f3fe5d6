"""The only reader of questions put to clinicians: gives frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenhand.find.app.models import Question


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
