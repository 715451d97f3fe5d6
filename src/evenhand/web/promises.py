"""What was promised in public: by whom, by when, and whether it was kept, from the papers of every case.

Promises are: what a decision said would be so, a benefit that a programme counts, a step that it has not taken yet, and
what was to be done for those who may lose. A decision's promise and the benefit that counts it are one promise.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from evenhand.papers import Benefit, Finding, Impact, Promise
from evenhand.papers.facts import When
from evenhand.terms import Estimate, Month
from evenhand.terms.words import NOT_HELD, counted, figure, listed, pounds_roughly
from evenhand.web.case_page import CasePage, verdict_of

Standing: TypeAlias = Literal["broken", "overdue", "wearing off", "due", "not known", "kept"]
ORDER: tuple[Standing, ...] = ("broken", "overdue", "wearing off", "due", "not known", "kept")
_BY_STATUS: dict[str, Standing] = {"kept": "kept", "broken": "broken", "waning": "wearing off", "late": "overdue",
                                   "not due": "due", "on course": "due", "at risk": "due"}
_BY_VERDICT: dict[str, Standing] = {"did not work": "broken", "faded": "wearing off"}
NOTHING_ENTERED = "Its day has passed, and nothing is entered that shows it."


@dataclass(frozen=True)
class Promised:
    """One promise: what, by whom, by when, how it stands, and why that is said."""

    what: str
    owner: str
    due: When | None
    standing: Standing
    because: str
    case: str
    title: str
    invented: bool

    @property
    def owed_by(self) -> str:
        """Who owes it; of a real body, that nobody is named may be our sources' silence and not its own."""
        return self.owner or ("Nobody named" if self.invented else f"Owner: {NOT_HELD[:1].lower()}{NOT_HELD[1:]}")

    @property
    def said(self) -> str:
        """How it stands, in a word or two with a capital."""
        return self.standing[:1].upper() + self.standing[1:]


def promised(page: CasePage, *, today: date, named: Callable[[str], str],
             measured: Callable[[str], str]) -> tuple[Promised, ...]:
    """The promises of one case. ``named`` says who an owner is, ``measured`` what a measure is called."""
    programme = page.programme
    # A county of another time has its own today: the last day on which its programme was looked at.
    as_at = max(today, programme.as_at) if programme else today
    benefits = list(programme.benefits or ()) if programme else []
    here = _record_is_the_source(page)
    found = []
    for promise in page.promises:
        counts = next((each for each in benefits if _counts(each, promise, measured)), None)
        if counts:
            benefits.remove(counts)
        found.append(_row(page, promise.what, promise.owner or (counts.owner if counts else None), promise.due,
                          _standing(page, promise, counts, as_at, here, measured), named))
    for each in benefits:
        found.append(_row(page, each.what, each.owner, each.due, _of_benefit(page, each, as_at, here), named))
    for step in (programme.milestones or ()) if programme else ():
        if step.done is None and not any(_plain(step.what) in _plain(row.what) for row in found):
            found.append(_row(page, step.what, step.owner, step.due, _by_day(step.due, as_at, here), named))
    for what, owner, due in _amends(page):
        found.append(_row(page, what, owner, due, _by_day(due, as_at, here), named))
    return tuple(found)


def _row(page: CasePage, what: str, owner: str | None, due: When | None, standing: tuple[Standing, str],
         named: Callable[[str], str]) -> Promised:
    return Promised(what, named(owner) if owner else "", due, *standing, page.name, page.title, page.invented)


def _plain(text: str) -> str:
    return text.casefold().rstrip(".")


def _record_is_the_source(page: CasePage) -> bool:
    """Whether silence here means that nothing was done: not of a real case whose papers were gathered afterwards."""
    return page.invented or bool(page.entries and page.entries[0].by != "command")


def _counts(benefit: Benefit, promise: Promise, measured: Callable[[str], str]) -> bool:
    title = measured(benefit.measure) if benefit.measure else ""
    return bool(title) and title.casefold() in promise.what.casefold()


def _standing(page: CasePage, promise: Promise, counts: Benefit | None, as_at: date, here: bool,
              measured: Callable[[str], str]) -> tuple[Standing, str]:
    if promise.kept is not None:
        when = f"On {due_in_words(promise.kept_when)}." if promise.kept_when else ""
        return ("kept" if promise.kept else "broken", f"{when} {promise.how or ''}".strip())
    if counts:
        return _of_benefit(page, counts, as_at, here)
    for each in reversed(page.findings):
        title = measured(each.measure).casefold() if each.measure else ""
        if title and title in promise.what.casefold() and verdict_of(each) in _BY_VERDICT:
            return (_BY_VERDICT[verdict_of(each)], _found(each))
    standing, because = _by_day(promise.due, as_at, here)
    return (standing, promise.how or because)


def _of_benefit(page: CasePage, benefit: Benefit, as_at: date, here: bool) -> tuple[Standing, str]:
    """As the finding has it where one answers the same measure: it looked beside others, the count did not."""
    counted_so = _seen(benefit)
    finding = next((each for each in reversed(page.findings) if each.measure == benefit.measure), None)
    if finding and verdict_of(finding) in _BY_VERDICT:
        disagrees = benefit.status in ("kept", "late")
        joint = "Against its own past" if disagrees else ""
        said = f"{joint} {counted_so[:1].lower() if joint else counted_so[:1]}{counted_so[1:]}".strip()
        return (_BY_VERDICT[verdict_of(finding)], f"{said} {_found(finding)}".strip())
    if benefit.status:
        return (_BY_STATUS[benefit.status], counted_so)
    standing, because = _by_day(benefit.due, as_at, here)
    return (standing, counted_so or because)


def _seen(benefit: Benefit) -> str:
    if not isinstance(benefit.promised, Estimate) or not isinstance(benefit.seen, Estimate):
        return ""
    seen, of = benefit.seen.central, benefit.promised.central
    if benefit.units == "£":
        return f"{pounds_roughly(seen)} of {pounds_roughly(of)} seen so far."
    return f"{figure(seen)} of {figure(of)} {benefit.units or ''}".strip() + " seen so far."


def _found(finding: Finding) -> str:
    return f"Set beside what was to be expected: {finding.because.rstrip('.')}."


def _by_day(due: When | None, as_at: date, here: bool) -> tuple[Standing, str]:
    if due is None:
        return ("not known", "No day was given." if here else "")
    if last_day(due) > as_at:
        return ("due", "")
    return ("overdue", NOTHING_ENTERED) if here else ("not known", "")


def _amends(page: CasePage) -> list[tuple[str, str | None, When | None]]:
    """What was to be done for those who may lose by the option that was chosen."""
    if not page.decision or page.decision.outcome != "approved":
        return []
    found = [(_amend(impact), impact.mitigation_owner, impact.mitigation_due)
             for each in page.assessments for impact in each.impacts or ()
             if impact.mitigation and impact.option == page.decision.option]
    return list(dict.fromkeys(found))


def _amend(impact: Impact) -> str:
    because = f" ({impact.because.rstrip('.')})" if impact.because else ""
    return f"{impact.mitigation}: for {impact.on}{because}"


def last_day(due: When) -> date:
    """The last day of a day, a month or a span of months."""
    if isinstance(due, date):
        return due
    month = due if isinstance(due, Month) else due.last
    return date(month.year, month.number, monthrange(month.year, month.number)[1])


def in_order(rows: Iterable[Promised]) -> tuple[Promised, ...]:
    """Broken and overdue first; among those that stand alike the earliest due first."""
    return tuple(sorted(rows, key=lambda each: (
        ORDER.index(each.standing), last_day(each.due) if each.due else date.max, each.title, each.what)))


def totals(rows: Sequence[Promised]) -> str:
    """How many promises there are and how they stand, in a sentence."""
    if not rows:
        return ""
    numbers = {standing: sum(each.standing == standing for each in rows) for standing in ORDER}
    parts = [f"{number} {standing}" for standing, number in numbers.items() if number]
    return f"{counted(len(rows), 'promise').capitalize()}: {listed(parts)}."


def owner_in_words(owner: str, *, known: Callable[[str], str | None], roles: Iterable[str]) -> str:
    """A person's or a body's name where it is known; the part they play; else as the paper has it."""
    if found := known(owner):
        return found
    return f"The {owner}" if owner in set(roles) else owner


def due_in_words(due: When | None) -> str:
    """By when, or that no day is held."""
    if due is None:
        return NOT_HELD
    return f"{due.day} {Month.of(due).words}" if isinstance(due, date) else due.words
