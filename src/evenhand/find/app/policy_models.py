"""A body's own register of policies, and what became of each policy of those who came before it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class PolicyHeld(models.Model):
    """One wording of one policy of a body; ``ended_on`` is the day on which another took its place, or none did.

    Dates a source gives are as it gives them: a day, a month or a year. Codes and measures stand with semicolons
    between.
    """

    owned_by: ClassVar[str] = "organisation"

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="policies")
    key = models.CharField(max_length=120, db_index=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, blank=True)
    begins = models.CharField(max_length=10, blank=True)
    ends = models.CharField(max_length=10, blank=True)
    updated = models.CharField(max_length=10, blank=True)
    source = models.TextField(blank=True)
    exceptions = models.TextField(blank=True)
    codes = models.TextField(blank=True)
    measures = models.TextField(blank=True)
    entered_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    entered_on = models.DateField()
    ended_on = models.DateField(null=True)
    why_ended = models.TextField(blank=True)

    class Meta:
        """By title; one wording of a policy stands at a time."""

        ordering = ("title", "id")
        constraints = (models.UniqueConstraint(fields=("organisation", "key"), condition=models.Q(ended_on=None),
                                               name="one_wording_stands"),)


class PolicyInherited(models.Model):
    """One policy of a predecessor, as it was brought in, and what became of it.

    ``became`` is empty until it is settled, then ``kept``, ``changed`` or ``dropped``; ``reason`` says why it was
    dropped. ``document`` is the policy as the file had it.
    """

    owned_by: ClassVar[str] = "organisation"

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="policies_inherited")
    predecessor = models.CharField(max_length=200)
    file = models.CharField(max_length=200)
    digest = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    document = models.JSONField()
    became = models.CharField(max_length=12, blank=True)
    held_as = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)
    brought_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    brought_on = models.DateField()
    settled_by = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+", null=True)
    settled_on = models.DateField(null=True)

    class Meta:
        """In the order of the file."""

        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("organisation", "predecessor", "key"),
                                               name="one_fate_of_a_policy"),)
