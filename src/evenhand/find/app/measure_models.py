"""What a body decided about the description of a measure: to make it its own, or not, and why."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class MeasureDecision(models.Model):
    """One decision about one wording of a measure; of several by one body the latest stands.

    ``outcome`` is ``adopted`` or ``declined``; ``fingerprint`` tells which words were in front of whoever decided.
    """

    owned_by: ClassVar[str] = "organisation"

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="measure_decisions")
    measure = models.CharField(max_length=80, db_index=True)
    fingerprint = models.CharField(max_length=80)
    outcome = models.CharField(max_length=12)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField()

    class Meta:
        """Latest first."""

        ordering = ("-id",)
