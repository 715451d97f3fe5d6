"""The only reader of challenges: gives frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenhand.decide.app.challenge_actions import OUTCOMES
from evenhand.decide.app.challenge_models import Challenged
from evenhand.decide.challenge_routes import GROUNDS, routes
from evenhand.terms.words import counted


@dataclass(frozen=True)
class ChallengeHeld:
    """One challenge, as pages show it."""

    key: int
    case: str
    organisation: str
    organisation_name: str
    invented: bool
    route: str
    grounds: tuple[str, ...]
    by_whom: str
    what: str
    received: date
    answer_due: date
    moment: str
    answer: str
    answered: date | None
    outcome: str
    ended: date | None
    consequence: str
    today: date

    @property
    def is_overdue(self) -> bool:
        """Whether the day of the answer has passed without one."""
        return self.moment == "received" and self.answer_due < self.today

    @property
    def standing(self) -> str:
        """Where it stands, in words."""
        if self.moment == "ended":
            return OUTCOMES[self.outcome]
        if self.moment == "answered":
            return "answered, not ended"
        if self.is_overdue:
            return f"no answer, {counted((self.today - self.answer_due).days, 'day')} late"
        return "waits for an answer"


def challenges(*, today: date, case: str = "") -> list[ChallengeHeld]:
    """Every challenge, the latest first; of one case where one is named."""
    rows = Challenged.objects.select_related("organisation")
    titles = {each.id: each.title for each in routes()}
    return [_held(row, titles, today) for row in (rows.filter(case=case) if case else rows)]


def challenge(key: int, *, today: date) -> ChallengeHeld | None:
    """One challenge."""
    row = Challenged.objects.select_related("organisation").filter(pk=key).first()
    return None if row is None else _held(row, {each.id: each.title for each in routes()}, today)


def _held(row: Challenged, titles: dict[str, str], today: date) -> ChallengeHeld:
    return ChallengeHeld(
        row.pk, row.case, row.organisation.code, row.organisation.name, row.organisation.invented,
        titles.get(row.route, row.route), tuple(GROUNDS.get(each, each) for each in row.grounds), row.by_whom, row.what,
        row.received, row.answer_due, row.moment, row.answer, row.answered, row.outcome, row.ended, row.consequence,
        today)
