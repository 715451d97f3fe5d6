"""The invented county's regional office: its published time, what it asked of the case, and what it offered."""

from __future__ import annotations

from datetime import date, timedelta

from evenhand.decide.app import assurance_actions as assurance
from evenhand.decide.app import assurance_queries as queries

OFFICE, ASSURER = "INV-REG", "ray-burn"
CASE = "invented-ward-3"


def bring(commissioner: str, *, today: date) -> None:
    """Ward 3 is put to the office; it asks one thing and offers another, and has yet to say whether it backs it."""
    if queries.requests(today=today):
        return
    assurance.say_time(OFFICE, working_days=15, since=today - timedelta(days=90), by=ASSURER)
    asked = today - timedelta(days=12)
    key = assurance.ask(CASE, version=1, organisation=commissioner, assurer=OFFICE, by="owen-price", on=asked,
                        words="The beds close only when the home teams are full. We should like your view on that.")
    question = assurance.say(key, kind="question", by=ASSURER, on=asked + timedelta(days=3),
                             words="What happens in a winter in which a team is short of nurses?")
    assurance.reply(question, by="owen-price", on=asked + timedelta(days=5),
                    words="No bed closes between November and March; after that the promise on numbers holds.")
    assurance.say(key, kind="support", by=ASSURER, on=asked + timedelta(days=6),
                  words="Two of our clinicians can sit with the home teams for their first month.")
