"""Working tables of finding: questions put to clinicians before a gap is called an opportunity."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from evenhand.find.app.measure_models import MeasureDecision
from evenhand.find.app.policy_models import PolicyHeld, PolicyInherited
from evenhand.find.app.request_models import PolicyRequest

# Django finds the tables of an app in its module of models; some stand in files of their own.
__all__ = ["Concern", "MeasureDecision", "PolicyHeld", "PolicyInherited", "PolicyRequest", "Question"]


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


class Concern(models.Model):
    """What somebody says keeps going wrong, and what became of it.

    ``moment`` is ``received``, then ``read``, then one of the ends of ``concern_words.ENDS``. ``form`` marks the form
    it came by, so that pressing Send twice sends once. Its words can be emptied at any time.
    """

    owned_by: ClassVar[str] = "organisation"

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="concerns")
    form = models.CharField(max_length=64, unique=True)
    code = models.CharField(max_length=20, unique=True)
    said_by = models.CharField(max_length=12)
    service = models.CharField(max_length=120)
    about = models.CharField(max_length=120, db_index=True)
    practice = models.CharField(max_length=120, blank=True)
    words = models.TextField(blank=True)
    received = models.DateField()
    due = models.DateField()
    moment = models.CharField(max_length=12, default="received")
    read_on = models.DateField(null=True)
    measure = models.CharField(max_length=80, blank=True)
    case = models.CharField(max_length=120, blank=True)
    joined_to = models.ForeignKey("self", on_delete=models.PROTECT, related_name="joined", null=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+", null=True)
    answered_on = models.DateField(null=True)

    class Meta:
        ordering = ("received", "id")
