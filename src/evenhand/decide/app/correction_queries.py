"""The only reader of corrections: gives frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenhand.decide.app.correction_models import PageCorrection


@dataclass(frozen=True)
class CorrectionHeld:
    """One correction, as pages show it."""

    key: int
    case: str
    organisation: str
    invented: bool
    sentence: str
    otherwise: str
    source: str
    received: date
    moment: str
    accepted: bool | None
    answer: str
    answered_on: date | None


def corrections(case: str) -> list[CorrectionHeld]:
    """Every correction to the page of a case, the latest first."""
    return [_held(row) for row in PageCorrection.objects.filter(case=case).select_related("organisation")]


def settled(case: str) -> list[CorrectionHeld]:
    """Those that were settled: what has not been looked at yet is shown to nobody else."""
    return [each for each in corrections(case) if each.moment == "settled"]


def correction(key: int) -> CorrectionHeld | None:
    """One correction."""
    row = PageCorrection.objects.filter(pk=key).select_related("organisation").first()
    return None if row is None else _held(row)


def _held(row: PageCorrection) -> CorrectionHeld:
    return CorrectionHeld(row.pk, row.case, row.organisation.code, row.organisation.invented, row.sentence,
                          row.otherwise, row.source, row.received, row.moment, row.accepted, row.answer,
                          row.answered_on)
