"""The pages' own tables. They hold nothing that anybody decided, so nothing of them stands in the record."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class KeptAnswer(models.Model):
    """What a method answered to somebody's own table, kept for an hour under an address nobody can guess.

    The table itself is not kept.
    """

    owned_by: ClassVar[str] = "nobody: it belongs to whoever has its address, and is gone in an hour"
    unrecorded: ClassVar[str] = "an answer to one person's question, deleted after an hour; nothing was decided"

    token = models.CharField(max_length=64, primary_key=True)
    until = models.DateTimeField(db_index=True)
    method = models.CharField(max_length=80)
    shown = models.TextField()
    csv = models.TextField()
    document = models.TextField()
    workbook = models.BinaryField()
