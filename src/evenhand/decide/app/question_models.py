"""The working table of questions that the public puts to a meeting."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PublicQuestion(models.Model):
    """A question to a meeting, and its answer. ``moment`` is received, then taken or not taken, then answered.

    ``form`` marks the form it came by, so that pressing Send twice sends once. ``asker`` is empty where the question
    came without a name.
    """

    owned_by: ClassVar[str] = "meeting.organisation"

    meeting = models.ForeignKey("decide.Meeting", on_delete=models.PROTECT, related_name="questions")
    form = models.CharField(max_length=64, unique=True)
    code = models.CharField(max_length=20, unique=True)
    asker = models.CharField(max_length=80, blank=True)
    words = models.TextField()
    received = models.DateTimeField()
    moment = models.CharField(max_length=12, default="received")
    not_taken_because = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+", null=True)
    answered_on = models.DateField(null=True)

    class Meta:
        """The order of rows, and what there is only one of."""

        ordering = ("received", "id")
