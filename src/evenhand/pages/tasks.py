"""Work for the worker: what has to happen though nobody asks for a page."""

from __future__ import annotations

from django_tasks import task

from evenhand.pages import answers


@task()
def forget_old_answers() -> int:
    """Delete answers whose hour is over; says how many."""
    return answers.forget_old()
