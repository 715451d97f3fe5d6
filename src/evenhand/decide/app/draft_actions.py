"""The only writer of drafts of decisions."""

from __future__ import annotations

from datetime import date

from evenhand.decide.app.draft_models import DecisionDraft
from evenhand.decide.app.models import Item
from evenhand.decide.drafting import Draft, kept_as
from evenhand.people.app.models import Account
from evenhand.record.app.actions import writing
from evenhand.terms import refuse


def prepare(meeting: str, number: int, draft: Draft, *, by: str, on: date) -> None:
    """Keep what a decision will say if it is approved. Raises ``Refused`` once the item is closed."""
    row = Item.objects.select_related("meeting__organisation").get(meeting__name=meeting, number=number)
    with writing(f"meeting/{meeting}", by=by, what=f"decision prepared, item {number}",
                 organisation=row.meeting.organisation.code):
        held = Item.objects.select_for_update().get(pk=row.pk)
        if held.moment == "closed":
            raise refuse("this item is closed, and its decision stands", "nothing was changed")
        DecisionDraft.objects.update_or_create(item=held, defaults={
            "parts": kept_as(draft), "by": Account.objects.get(identifier=by), "on": on})
