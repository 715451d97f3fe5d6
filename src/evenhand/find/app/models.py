"""Working tables of finding: questions put to clinicians before a gap is called an opportunity."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Question(models.Model):
    """What somebody asks a body's clinical leads about a gap, and what they answer.

    ``moment`` is ``asked`` until it is answered, then ``answered``.
    """

    owned_by: ClassVar[str] = "organisation"

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="questions")
    measure = models.CharField(max_length=80)
    of = models.CharField(max_length=20)
    sentence = models.TextField()
    words = models.TextField()
    asked_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    moment = models.CharField(max_length=12, default="asked")
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+", null=True)
    answered_on = models.DateField(null=True)

    class Meta:
        ordering = ("-asked_on", "-id")
