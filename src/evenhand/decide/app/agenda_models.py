"""Working tables of what is sent before a meeting: the body's rules of notice, the papers, and each sending."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class MeetingRules(models.Model):
    """What a body's standing orders say of its meetings. A body without a row goes by ``notice.USUAL``."""

    owned_by: ClassVar[str] = "organisation"

    organisation = models.OneToOneField("people.Organisation", on_delete=models.PROTECT, related_name="meeting_rules")
    notice_days = models.PositiveSmallIntegerField()
    papers_days = models.PositiveSmallIntegerField()
    key_days = models.PositiveSmallIntegerField()
    question_days = models.PositiveSmallIntegerField()
    casting_vote = models.BooleanField(default=False)
    source = models.CharField(max_length=300)


class AgendaPaper(models.Model):
    """One version of one paper for an item, by its digest. ``content`` is empty where the record holds the paper.

    ``standing`` is with the agenda, late or supplementary. ``accepted`` is when the body recorded that it goes by this
    version although members were not sent it in time.
    """

    owned_by: ClassVar[str] = "item.meeting.organisation"

    item = models.ForeignKey("decide.Item", on_delete=models.PROTECT, related_name="papers")
    name = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    version = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=80)
    file_name = models.CharField(max_length=120, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    content = models.BinaryField(null=True)
    standing = models.CharField(max_length=16)
    because = models.TextField(blank=True)
    added = models.DateTimeField()
    added_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    sent = models.DateTimeField(null=True)
    accepted = models.DateTimeField(null=True)
    accepted_because = models.TextField(blank=True)

    class Meta:
        """The order of rows, and what there is only one of."""

        ordering = ("name", "version")
        constraints = (models.UniqueConstraint(fields=("item", "name", "version"), name="one_paper_a_version"),)


class Dispatch(models.Model):
    """Papers sent to members: when, by whom, and which versions by digest."""

    owned_by: ClassVar[str] = "meeting.organisation"

    meeting = models.ForeignKey("decide.Meeting", on_delete=models.PROTECT, related_name="dispatches")
    at = models.DateTimeField()
    by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    papers = models.JSONField(default=list)
    late_because = models.TextField(blank=True)

    class Meta:
        """The order of rows, and what there is only one of."""

        ordering = ("at", "id")
