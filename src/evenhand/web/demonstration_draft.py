"""The invented county's decision on ward 3, as its programme office prepared it before the vote."""

from __future__ import annotations

from datetime import date, timedelta

from evenhand.decide.app import draft_actions, draft_queries
from evenhand.decide.drafting import Draft
from evenhand.papers import Promise

ITEM = 5


def bring(meeting: str, *, today: date) -> None:
    """Keep what the decision will promise if it is approved, who may lose, and the case against it."""
    if draft_queries.drafted(meeting, ITEM) is not None:
        return
    draft_actions.prepare(meeting, ITEM, Draft(
        option="go-ahead",
        promises=(Promise(what="No bed closes before both home teams are full", owner="programme office",
                          due=today + timedelta(days=300)),
                  Promise(what="Two weeks’ respite a year for every carer who asks", owner="Millbrook county council",
                          due=today + timedelta(days=180))),
        conditions=("No bed closes between November and March.",),
        may_lose=("Carers, who are tired already", "People who live alone"),
        loss_answered="Respite for carers; a nurse to ring by night; a visit on the day of leaving for whoever lives "
                      "alone.",
        what_changed="A night nurse was added to each team, respite was planned, and no bed closes in winter.",
        objection="Beds are a safety net that can be seen. Home teams are short of nurses already, and a bed once "
                  "closed does not come back in the winter in which it is needed.",
        objection_answered="That is why the teams come first and beds close only when they are full, never in winter; "
                           "the promise is looked at in public before the second twelve beds.",
        turns_on="Whether twelve nurses can be hired: with half of them, one team and twelve beds would do better.",
        duties_considered=("Involving the public", "Equality", "Health inequalities", "Wider effects"),
        review_due=today + timedelta(days=365),
        how_to_challenge="Ask the commissioner first. Anybody may ask the Secretary of State to call it in; whoever "
                         "has enough interest may go to court promptly and within three months."),
        by="owen-price", on=today)
