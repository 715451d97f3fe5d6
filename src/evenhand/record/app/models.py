"""The record's tables as Django sees them, for keys to point at. Nothing is written through these."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Paper(models.Model):
    """A sealed paper. Rooms' tables may point at one by its digest."""

    owned_by: ClassVar[str] = "the organisations of the entries that tell of it"

    digest = models.TextField(primary_key=True)
    kind = models.TextField()
    subject = models.TextField()
    bytes = models.BinaryField()

    class Meta:
        managed = False
        db_table = "record"

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject}"


class Entry(models.Model):
    """One entry of one subject's chain."""

    owned_by: ClassVar[str] = "organisation"

    hash = models.TextField(primary_key=True)
    subject = models.TextField()
    number = models.IntegerField()
    previous = models.TextField()
    at = models.TextField()
    by = models.TextField()
    organisation = models.TextField()
    kind = models.TextField()
    what = models.TextField()
    papers = models.TextField()
    commitments = models.TextField()

    class Meta:
        managed = False
        db_table = "entry"

    def __str__(self) -> str:
        return f"{self.subject}, entry {self.number}"


class Words(models.Model):
    """What somebody wrote, beside the chain, where it can be erased."""

    owned_by: ClassVar[str] = "the organisation of the entry that speaks of them"

    commitment = models.TextField(primary_key=True)
    subject = models.TextField()
    salt = models.TextField(null=True)
    words = models.TextField(null=True)

    class Meta:
        managed = False
        db_table = "words"

    def __str__(self) -> str:
        return self.commitment
