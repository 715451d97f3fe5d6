"""Working tables of what follows a meeting: minutes with their corrections, actions, and decisions in between."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ItemNote(models.Model):
    """What the secretary notes of an item for the minutes. A later note stands beside it; none is taken back."""

    owned_by: ClassVar[str] = "item.meeting.organisation"

    item = models.ForeignKey("decide.Item", on_delete=models.PROTECT, related_name="notes")
    words = models.TextField()
    by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The order of rows, and what there is only one of."""

        ordering = ("id",)


class Minutes(models.Model):
    """Minutes drafted from the record, by version. ``moment`` is draft, then confirmed."""

    owned_by: ClassVar[str] = "meeting.organisation"

    meeting = models.ForeignKey("decide.Meeting", on_delete=models.PROTECT, related_name="minutes")
    version = models.PositiveSmallIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=80)
    drafted = models.DateTimeField()
    drafted_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    moment = models.CharField(max_length=12, default="draft")
    confirmed = models.DateTimeField(null=True)
    confirmed_at = models.ForeignKey("decide.Meeting", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        """The order of rows, and what there is only one of."""

        ordering = ("version",)
        constraints = (models.UniqueConstraint(fields=("meeting", "version"), name="one_draft_a_version"),)


class Correction(models.Model):
    """What a later meeting said the minutes should say. It stands beside them; they are not changed."""

    owned_by: ClassVar[str] = "minutes.meeting.organisation"

    minutes = models.ForeignKey(Minutes, on_delete=models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField(null=True)
    words = models.TextField()
    at_meeting = models.ForeignKey("decide.Meeting", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """The order of rows, and what there is only one of."""

        ordering = ("id",)


class AgreedAction(models.Model):
    """Something a meeting asked somebody to do, by a day."""

    owned_by: ClassVar[str] = "item.meeting.organisation"

    item = models.ForeignKey("decide.Item", on_delete=models.PROTECT, related_name="agreed_actions")
    what = models.TextField()
    owner = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    due = models.DateField()
    done = models.DateField(null=True)
    done_how = models.TextField(blank=True)

    class Meta:
        """The order of rows, and what there is only one of."""

        ordering = ("due", "id")


class BetweenMeetings(models.Model):
    """A decision that could not wait: under which power, by whom, why; reported at the next meeting."""

    owned_by: ClassVar[str] = "organisation"

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    what = models.TextField()
    decided_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    power = models.CharField(max_length=300)
    because = models.TextField()
    on = models.DateField()
    ground = models.CharField(max_length=20, blank=True)
    reported = models.ForeignKey("decide.Item", on_delete=models.PROTECT, related_name="reports", null=True)

    class Meta:
        """The order of rows, and what there is only one of."""

        ordering = ("on", "id")
