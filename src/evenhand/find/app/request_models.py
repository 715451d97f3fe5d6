"""Requests against a policy: for prior approval, or for an exception. Never about a named patient."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PolicyRequest(models.Model):
    """What a clinician asks to be done against a policy, for whom in general, why, and what was decided.

    ``moment`` is ``asked`` until it is decided, then ``allowed`` or ``refused``.
    """

    owned_by: ClassVar[str] = "organisation"

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="policy_requests")
    policy = models.CharField(max_length=120, db_index=True)
    title = models.CharField(max_length=200)
    route = models.CharField(max_length=16)
    cohort = models.TextField()
    why = models.TextField()
    benefit = models.TextField()
    pounds = models.PositiveIntegerField(null=True)
    asked_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    moment = models.CharField(max_length=12, default="asked")
    reasons = models.TextField(blank=True)
    decided_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+", null=True)
    decided_on = models.DateField(null=True)

    class Meta:
        """Latest first."""

        ordering = ("-asked_on", "-id")
