"""Backing that a commissioner asked its regional office for: by when, what was asked and offered, and the answer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class AssurerTime(models.Model):
    """Within how many working days an assurer says it answers, from a day on. The newest that has begun holds."""

    owned_by: ClassVar[str] = "organisation"

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    working_days = models.PositiveSmallIntegerField()
    since = models.DateField()

    class Meta:
        """Oldest first."""

        ordering = ("since", "id")


class Backing(models.Model):
    """One request for backing of one version of a case. ``moment`` is asked, then answered.

    ``organisation`` asks and ``assurer`` answers; ``due`` was reckoned on the day it was asked.
    """

    owned_by: ClassVar[str] = "organisation"

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="backing_asked")
    assurer = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="backing_owed")
    case = models.CharField(max_length=120, db_index=True)
    version = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    asked_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    asked = models.DateField()
    due = models.DateField(null=True)
    moment = models.CharField(max_length=12, default="asked")
    outcome = models.CharField(max_length=24, blank=True)
    answered = models.DateField(null=True)

    class Meta:
        """Latest first."""

        ordering = ("-asked", "-id")
        constraints = (models.UniqueConstraint(fields=("case", "version", "assurer"), name="asked_once_a_version"),)


class BackingWord(models.Model):
    """A question the assurer put, or help it offered, with what the commissioner answered."""

    owned_by: ClassVar[str] = "backing.organisation"

    backing = models.ForeignKey(Backing, on_delete=models.PROTECT, related_name="said")
    kind = models.CharField(max_length=10)
    words = models.TextField()
    on = models.DateField()
    by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    answered = models.DateField(null=True)

    class Meta:
        """In the order they were said."""

        ordering = ("id",)
