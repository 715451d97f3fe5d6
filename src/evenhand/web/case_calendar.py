"""What is due in one case, for a calendar that follows it: promises, looks, reviews and last days to challenge it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from evenhand.documents.calendar import Event
from evenhand.terms import Month, Span
from evenhand.web.case_page import CasePage
from evenhand.web.challenges import ways
from evenhand.web.promises import Promised


def events(page: CasePage, promised: tuple[Promised, ...], *, address: str, today: date) -> tuple[Event, ...]:
    """Every day on which something is due, each with what and who owes it. A month without a day is its last day."""
    changed = max((datetime.fromisoformat(each.at) for each in page.entries),
                  default=datetime(today.year, today.month, today.day, tzinfo=UTC))
    found = []
    for number, (day, title, words) in enumerate(_due(page, promised, today)):
        found.append(Event(uid=f"{page.name}-{number}-{day.isoformat()}@evenhand", title=f"{page.title}: {title}",
                           begins=day, changed=changed, words=words, address=address))
    return tuple(found)


def _due(page: CasePage, promised: tuple[Promised, ...], today: date) -> Iterator[tuple[date, str, str]]:
    for each in promised:
        if day := _day(each.due):
            yield day, f"promise due: {each.what}", f"Owed by {each.owed_by}."
    if page.decision and (day := _day(page.decision.review_due)):
        yield day, "the decision is looked at again", ""
    for plan in page.evaluation_plans[-1:]:
        for look in plan.looks:
            if day := _day(look):
                yield day, "a look at whether it worked", plan.question
    for way in ways(page, today=today):
        if way.last_day and not way.is_over:
            yield way.last_day, f"last day to {way.route.title[:1].lower()}{way.route.title[1:]}", way.route.how


def _day(when: date | Month | Span | None) -> date | None:
    if isinstance(when, Span):
        when = when.last
    if isinstance(when, Month):
        following = when.plus(1)
        return date.fromordinal(date(following.year, following.number, 1).toordinal() - 1)
    return when
