"""A decision as it is prepared before the vote."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DecisionDraft(models.Model):
    """What an item's decision will say if it is approved, as last prepared; the record tells of every change."""

    owned_by: ClassVar[str] = "item.meeting.organisation"

    item = models.OneToOneField("decide.Item", on_delete=models.PROTECT, related_name="draft")
    parts = models.JSONField(default=dict)
    by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
