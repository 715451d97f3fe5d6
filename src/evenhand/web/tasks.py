"""Work for the worker that concerns the whole site."""

from __future__ import annotations

from django.utils.timezone import localdate, now
from django_tasks import task

from evenhand.record.app.site import Site


@task()
def close_day() -> str:
    """Enter the last entry of every subject, to be published: whoever holds a copy can prove what stood here today."""
    paper = Site().close_day(localdate(), by="worker", at=now())
    return f"{len(paper.heads)} subjects on {paper.day}"
