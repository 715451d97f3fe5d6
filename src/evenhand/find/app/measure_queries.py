"""The only reader of decisions about measures: gives frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenhand.find.app.measure_models import MeasureDecision


@dataclass(frozen=True)
class Decided:
    """What a body decided about a measure, by whom and when."""

    measure: str
    organisation: str
    organisation_name: str
    invented: bool
    outcome: str
    fingerprint: str
    reason: str
    by: str
    on: date

    @property
    def is_adopted(self) -> bool:
        """Whether the body made it its own."""
        return self.outcome == "adopted"


def decisions(measure: str = "") -> list[Decided]:
    """What stands: the latest decision of each body on each measure (or on one), by measure and body."""
    rows = MeasureDecision.objects.filter(measure=measure) if measure else MeasureDecision.objects.all()
    latest: dict[tuple[str, int], MeasureDecision] = {}
    for row in rows.select_related("organisation", "decided_by"):
        latest.setdefault((row.measure, row.organisation_id), row)
    return sorted((_decided(row) for row in latest.values()), key=lambda each: (each.measure, each.organisation_name))


def history(measure: str, organisation: str) -> list[Decided]:
    """Everything a body decided about a measure, the latest first."""
    rows = MeasureDecision.objects.filter(measure=measure, organisation__code=organisation)
    return [_decided(row) for row in rows.select_related("organisation", "decided_by")]


def _decided(row: MeasureDecision) -> Decided:
    return Decided(row.measure, row.organisation.code, row.organisation.name, row.organisation.invented, row.outcome,
                   row.fingerprint, row.reason, row.decided_by.name, row.decided_on)
