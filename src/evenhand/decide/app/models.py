"""Working tables of meetings. What was decided is sealed in a paper; these rows are how it came about."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from evenhand.decide.app.agenda_models import AgendaPaper, Dispatch, MeetingRules
from evenhand.decide.app.assurance_models import AssurerTime, Backing, BackingWord
from evenhand.decide.app.board_paper_models import AdoptedSection, PaperTemplate
from evenhand.decide.app.challenge_models import Challenged
from evenhand.decide.app.correction_models import PageCorrection
from evenhand.decide.app.draft_models import DecisionDraft
from evenhand.decide.app.interest_models import (
    AgreedStep,
    Declaration,
    InterestEnding,
    InterestReturn,
    InterestRuling,
    LateInterest,
    SameBody,
)
from evenhand.decide.app.minutes_models import AgreedAction, BetweenMeetings, Correction, ItemNote, Minutes
from evenhand.decide.app.question_models import PublicQuestion
from evenhand.decide.app.sitting_models import Attendance, CastingVote, Motion

# Django finds the tables of an app in its module of models; each subject's stand in a file of their own.
__all__ = ["AdoptedSection", "AgendaPaper", "AgreedAction", "AgreedStep", "AssurerTime", "Attendance", "Backing",
           "BackingWord", "BetweenMeetings", "CastingVote", "Challenged", "Correction", "DecisionDraft", "Declaration",
           "Dispatch", "Interest", "InterestEnding", "InterestReturn", "InterestRuling", "Item",
           "ItemNote", "LateInterest", "Meeting", "MeetingRules", "Minutes", "Motion", "PageCorrection",
           "PaperTemplate",
           "PublicQuestion", "SameBody", "Seat", "Vote"]


class Meeting(models.Model):
    """One meeting of one body, with its quorum and its policy on interests."""

    owned_by: ClassVar[str] = "organisation"

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="meetings")
    name = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    on = models.DateTimeField()
    quorum = models.PositiveSmallIntegerField()
    roles_needed = models.JSONField(default=list)
    ladder = models.JSONField(default=dict)
    place = models.CharField(max_length=200, blank=True)
    notice = models.DateTimeField(null=True)
    short_notice_because = models.TextField(blank=True)
    began = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-on",)


class Seat(models.Model):
    """Somebody at the table of one meeting."""

    owned_by: ClassVar[str] = "meeting.organisation"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="seats")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    roles = models.JSONField(default=list)
    chair = models.BooleanField(default=False)
    deputy_chair = models.BooleanField(default=False)
    voting = models.BooleanField(default=True)
    attending = models.BooleanField(default=True)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("meeting", "account"), name="one_seat_each"),)


class Item(models.Model):
    """One thing on the agenda. ``moment`` is declaring, then open, perhaps tied, then closed; it never goes back.

    ``kind`` is ``item``, or one of the standing ones: minutes, matters, questions, reported. ``ground`` is empty where
    the public may hear it, else the ground on which it is taken in private.
    """

    owned_by: ClassVar[str] = "meeting.organisation"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    asked_to = models.TextField()
    case = models.CharField(max_length=120, blank=True)
    bodies = models.JSONField(default=list)
    author = models.CharField(max_length=200, blank=True)
    paper_sent = models.DateField(null=True)
    moment = models.CharField(max_length=12, default="declaring")
    outcome = models.CharField(max_length=12, blank=True)
    reasons = models.TextField(blank=True)
    purpose = models.CharField(max_length=12, default="decision")
    kind = models.CharField(max_length=12, default="item")
    ground = models.CharField(max_length=20, blank=True)
    ground_because = models.TextField(blank=True)
    key = models.BooleanField(default=False)
    added = models.DateTimeField(null=True)
    urgent_because = models.TextField(blank=True)
    paper_owed_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("meeting", "number"), name="one_item_a_number"),)


class Interest(models.Model):
    """What a member has in a body that an item touches, declared by themself."""

    owned_by: ClassVar[str] = "meeting.organisation"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="interests")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    standing = models.CharField(max_length=12)
    body = models.CharField(max_length=80)
    whose = models.CharField(max_length=40)
    declared = models.DateField()

    class Meta:
        ordering = ("id",)


class Vote(models.Model):
    """One member's vote on one item, with the reason they gave."""

    owned_by: ClassVar[str] = "item.meeting.organisation"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="votes")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=8)
    reason = models.TextField()
    dissent = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("item", "account"), name="one_vote_each"),)
