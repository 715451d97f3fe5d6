"""The only writer of requests against a policy: asked for in general terms, decided by somebody else, with reasons."""

from __future__ import annotations

from datetime import date

from evenhand.data.personal import signs_of_a_person
from evenhand.find.app.request_models import PolicyRequest
from evenhand.find.policies import Policy
from evenhand.people.app.models import Account, Organisation
from evenhand.record.app.actions import writing
from evenhand.terms import Problem, Refused, refuse

ROUTES = {"criteria": "prior approval", "not routinely": "exception"}
OUTCOMES = ("allowed", "refused")


def ask(organisation: str, policy: Policy, *, cohort: str, why: str, benefit: str, pounds: int | None, by: str,
        on: date) -> int:
    """Ask for prior approval or for an exception, without a word about one patient; gives its number.

    Raises ``Refused`` for a policy that asks for neither, an empty answer, and words that may point to a person.
    """
    if policy.kind not in ROUTES:
        raise refuse("this policy asks for no request", "it is done routinely, or its source does not say",
                     value=policy.title)
    texts = {"cohort": cohort, "why": why, "benefit": benefit}
    empty = [Problem("this is empty", "a sentence will do", column=name) for name, text in texts.items()
             if not text.strip()]
    if empty:
        raise Refused(empty)
    _nobody_named(**texts)
    with writing(f"body/{organisation}", by=by, what=f"{ROUTES[policy.kind]} asked for", organisation=organisation):
        row = PolicyRequest.objects.create(
            organisation=Organisation.objects.get(code=organisation), policy=policy.id, title=policy.title,
            route=ROUTES[policy.kind], cohort=cohort, why=why, benefit=benefit, pounds=pounds,
            asked_by=Account.objects.get(identifier=by), asked_on=on)
    return row.pk


def decide(key: int, outcome: str, *, reasons: str, by: str, on: date) -> None:
    """Allow or refuse a request, once, with reasons, and never one's own."""
    row = PolicyRequest.objects.select_related("organisation", "asked_by").get(pk=key)
    if outcome not in OUTCOMES:
        raise refuse("choose whether it is allowed", "allowed or refused", column="outcome", value=outcome)
    if not reasons.strip():
        raise refuse("whoever asked is owed the reasons", "a sentence will do", column="reasons")
    _nobody_named(reasons=reasons)
    if row.asked_by.identifier == by:
        raise refuse("nobody decides their own request", "somebody else with the right decides it", column="outcome")
    with writing(f"body/{row.organisation.code}", by=by, what=f"request {key} {outcome}", why=reasons,
                 organisation=row.organisation.code):
        changed = PolicyRequest.objects.filter(pk=key, moment="asked").update(
            moment=outcome, reasons=reasons, decided_by=Account.objects.get(identifier=by), decided_on=on)
        if not changed:
            raise refuse("this request has been decided already", "load the page again", column="outcome")


def _nobody_named(**texts: str) -> None:
    problems = [Problem(f"this may point to one person ({sign.what})", sign.instead, column=column, value=sign.found)
                for column, text in texts.items() for sign in signs_of_a_person(text)]
    if problems:
        raise Refused(problems)
