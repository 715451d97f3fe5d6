"""Working tables of the register of interests. Nothing is deleted: what was wrong or is over, a further row says."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Declaration(models.Model):
    """What somebody declared to the register of one body about themselves or somebody close to them.

    ``whose`` is a relation, never a name; ``part`` is what they are in the body that the interest is in. A row that
    ``corrects`` another takes its place on the register.
    """

    owned_by: ClassVar[str] = "organisation"

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="declarations")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="declarations")
    kind = models.CharField(max_length=40)
    standing = models.CharField(max_length=12)
    whose = models.CharField(max_length=40)
    part = models.CharField(max_length=200)
    body_code = models.CharField(max_length=20, blank=True)
    body_name = models.CharField(max_length=200)
    what = models.TextField(blank=True)
    began = models.DateField(null=True)
    ended = models.DateField(null=True)
    declared = models.DateField()
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, related_name="corrected_by", null=True)

    class Meta:
        """In the order in which they were declared."""

        ordering = ("id",)


class InterestEnding(models.Model):
    """That an interest is over, said by whoever declared it."""

    owned_by: ClassVar[str] = "declaration.organisation"

    declaration = models.OneToOneField(Declaration, on_delete=models.PROTECT, related_name="ending")
    last_day = models.DateField()
    said = models.DateField()


class AgreedStep(models.Model):
    """What was agreed to be done about an interest, by whom. The latest of several counts."""

    owned_by: ClassVar[str] = "declaration.organisation"

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=16)
    words = models.TextField(blank=True)
    agreed_by = models.CharField(max_length=200)
    entered_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        """The latest last."""

        ordering = ("id",)


class InterestReturn(models.Model):
    """Somebody's yearly word to the register: that they have no interest (``nil``), or that what stands is all."""

    owned_by: ClassVar[str] = "organisation"

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="interest_returns")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="interest_returns")
    nil = models.BooleanField()
    on = models.DateField()

    class Meta:
        """In the order in which they were made."""

        ordering = ("id",)


class LateInterest(models.Model):
    """An interest that was declared when the vote on an item it touches was open, or over.

    ``voted`` is whether its owner had voted by then; ``held`` whether, by its days, they had the interest at the time.
    """

    owned_by: ClassVar[str] = "item.meeting.organisation"

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="late_for")
    item = models.ForeignKey("decide.Item", on_delete=models.PROTECT, related_name="late_interests")
    moment = models.CharField(max_length=12)
    voted = models.BooleanField()
    held = models.BooleanField()

    class Meta:
        """One a declaration and item."""

        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("declaration", "item"), name="late_once"),)


class InterestRuling(models.Model):
    """What whoever was in the chair ruled for one member on one item, and why. The latest of several counts."""

    owned_by: ClassVar[str] = "item.meeting.organisation"

    item = models.ForeignKey("decide.Item", on_delete=models.PROTECT, related_name="rulings")
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=16)
    reason = models.TextField()
    entered_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        """The latest last."""

        ordering = ("id",)


class SameBody(models.Model):
    """Whether a body that somebody declared and one that an item names are the same, as a person settled it."""

    owned_by: ClassVar[str] = "declaration.organisation"

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="settled")
    name = models.CharField(max_length=200)
    same = models.BooleanField()
    why = models.TextField()
    by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        """The latest last."""

        ordering = ("id",)
