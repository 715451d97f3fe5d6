"""The only writer of decisions about measures: adopted, or declined with a reason, by somebody who answers for it."""

from __future__ import annotations

from datetime import date

from evenhand.find.app.measure_models import MeasureDecision
from evenhand.find.measure_preview import BeforeAdoption
from evenhand.people.app.models import Account, Organisation
from evenhand.record.app.actions import writing
from evenhand.terms import refuse

OUTCOMES = ("adopted", "declined")
MOST_LETTERS_SHOWN = 12


def decide(organisation: str, before: BeforeAdoption, outcome: str, *, seen: str, reason: str, by: str,
           on: date) -> None:
    """Adopt a measure's description for a body, or decline it.

    ``seen`` is the fingerprint of the words that were read: where they have changed since, nothing is decided. A
    reason is needed to decline, and to adopt what lacks something or disagrees with its worked case.
    """
    name, reason = before.measure.name, reason.strip()
    if outcome not in OUTCOMES:
        raise refuse("choose whether it is adopted", "adopt it or decline it", column="outcome", value=outcome)
    if seen != before.fingerprint:
        raise refuse("its description has changed since you opened this page", "read it again, then decide",
                     column="outcome")
    if not reason and outcome == "declined":
        raise refuse("whoever wrote it is owed the reason", "a sentence will do", column="reason")
    if not reason and before.needs_a_reason:
        raise refuse("something is missing or does not agree", "say why it is adopted all the same", column="reason")
    last = MeasureDecision.objects.filter(organisation__code=organisation, measure=name).first()
    if last is not None and (last.outcome, last.fingerprint) == (outcome, seen):
        raise refuse(f"it has been {outcome} already, in these words", "load the page again", column="outcome")
    words = seen.removeprefix("sha256:")[:MOST_LETTERS_SHOWN]
    with writing(f"body/{organisation}", by=by, what=f"measure {outcome}: {name}, words {words}", why=reason,
                 organisation=organisation):
        MeasureDecision.objects.create(
            organisation=Organisation.objects.get(code=organisation), measure=name, fingerprint=seen, outcome=outcome,
            reason=reason, decided_by=Account.objects.get(identifier=by), decided_on=on)
