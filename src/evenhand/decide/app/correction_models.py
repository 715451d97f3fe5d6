"""Corrections to the page of a decision: what somebody says is wrong, and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PageCorrection(models.Model):
    """One sentence said to be wrong, what it should say, where that can be read. ``moment``: received, then settled.

    ``form`` marks the form it came by, so that pressing Send twice sends once.
    """

    owned_by: ClassVar[str] = "organisation"

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="corrections")
    case = models.CharField(max_length=120, db_index=True)
    form = models.CharField(max_length=64, unique=True)
    sentence = models.TextField()
    otherwise = models.TextField()
    source = models.TextField(blank=True)
    received = models.DateField()
    moment = models.CharField(max_length=12, default="received")
    accepted = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+", null=True)
    answered_on = models.DateField(null=True)

    class Meta:
        """Latest first."""

        ordering = ("-received", "-id")
