"""Working tables of the meeting itself: who came and left when, what was moved, and the chair's casting vote."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Attendance(models.Model):
    """Somebody came, or left, as an item was reached. ``what`` is ``arrived`` or ``left``."""

    owned_by: ClassVar[str] = "seat.meeting.organisation"

    seat = models.ForeignKey("decide.Seat", on_delete=models.PROTECT, related_name="movements")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=8)
    at = models.DateTimeField()

    class Meta:
        """The order of rows, and what there is only one of."""

        ordering = ("id",)


class Motion(models.Model):
    """Words put before the body. One that ``amends`` another is settled before the vote on the item opens.

    ``moment`` is moved, then agreed, not agreed or withdrawn; an agreed amendment changes what is voted on.
    """

    owned_by: ClassVar[str] = "item.meeting.organisation"

    item = models.ForeignKey("decide.Item", on_delete=models.PROTECT, related_name="motions")
    number = models.PositiveSmallIntegerField()
    words = models.TextField()
    mover = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    seconder = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+", null=True)
    amends = models.ForeignKey("self", on_delete=models.PROTECT, related_name="amendments", null=True)
    moment = models.CharField(max_length=12, default="moved")
    settled_how = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        """The order of rows, and what there is only one of."""

        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("item", "number"), name="one_motion_a_number"),)


class CastingVote(models.Model):
    """The vote of whoever is in the chair where for and against are equal and the body's rules give one."""

    owned_by: ClassVar[str] = "item.meeting.organisation"

    item = models.OneToOneField("decide.Item", on_delete=models.PROTECT, related_name="casting_vote")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=8)
    reason = models.TextField()
