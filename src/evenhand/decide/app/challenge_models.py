"""Challenges to decisions: the grounds, by when an answer is owed, how each ended and what it led to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Challenged(models.Model):
    """One challenge to one decision. ``moment`` is received, then answered, then ended; it never goes back.

    ``route`` and ``grounds`` are names of the lists in ``decide.challenge_routes``. ``by_whom`` says what part the
    challenger plays, or which body it is: a member of the public is never named.
    """

    owned_by: ClassVar[str] = "organisation"

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="challenges")
    case = models.CharField(max_length=120, db_index=True)
    decided = models.DateField(null=True)
    route = models.CharField(max_length=40)
    grounds = models.JSONField(default=list)
    by_whom = models.CharField(max_length=200)
    what = models.TextField()
    received = models.DateField()
    answer_due = models.DateField()
    entered_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    moment = models.CharField(max_length=12, default="received")
    answer = models.TextField(blank=True)
    answered = models.DateField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    ended = models.DateField(null=True)
    consequence = models.TextField(blank=True)

    class Meta:
        """Latest first."""

        ordering = ("-received", "-id")
