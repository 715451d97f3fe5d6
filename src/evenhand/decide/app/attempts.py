"""What somebody tried and was refused is entered too: nothing was changed by it, and it is not lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from evenhand.record.app.actions import writing
from evenhand.record.entry import MOST_LETTERS_OF_WHAT
from evenhand.terms import Refused


@contextmanager
def attempting(what: str, *, subject: str, by: str, organisation: str, words: str = "") -> Iterator[None]:
    """Do the work inside wholly or not at all; where it is refused, enter that it was tried, why not, what was written.

    The entry stands after whatever the work began is undone. ``words`` and the reasons lie beside the chain.
    """
    try:
        with transaction.atomic():
            yield
    except Refused as refused:
        with writing(subject, by=by, what=f"refused: {what}"[:MOST_LETTERS_OF_WHAT],
                     organisation=organisation) as block:
            block.say("refused because", "; ".join(refused.lines()))
            if words.strip():
                block.say("words", words)
        raise
