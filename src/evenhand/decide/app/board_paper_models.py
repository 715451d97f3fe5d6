"""Working tables of board papers: who adopted which words, and bodies' own templates."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class AdoptedSection(models.Model):
    """That somebody took the program's sentences in one section for their own, by the digest of its words."""

    owned_by: ClassVar[str] = "item.meeting.organisation"

    item = models.ForeignKey("decide.Item", on_delete=models.PROTECT, related_name="adopted_sections")
    section = models.SlugField(max_length=40)
    digest = models.CharField(max_length=80)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        """The order of rows, and what there is only one of."""

        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("item", "section", "digest"), name="one_adoption_of_words"),)


class PaperTemplate(models.Model):
    """A body's own Word template, as it was checked and taken in; the newest is used."""

    owned_by: ClassVar[str] = "organisation"

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="paper_templates")
    file_name = models.CharField(max_length=120)
    content = models.BinaryField()
    digest = models.CharField(max_length=80)
    account = models.ForeignKey("people.Account", on_delete=models.PROTECT, related_name="+")
    added = models.DateTimeField()

    class Meta:
        """The order of rows."""

        ordering = ("id",)
