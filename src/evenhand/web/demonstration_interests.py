"""What the demonstration's people have declared: one of everything that a register holds, one overdue, one late.

All of it is about invented people and bodies, and made by the same actions that people use.
"""

from __future__ import annotations

from datetime import date, timedelta

from evenhand.decide.app import interest_actions as actions
from evenhand.decide.app import interest_queries as queries
from evenhand.decide.app.interest_actions import Stated
from evenhand.web.demonstration_papers import County

LATE_BY = 41
"""Days between the beginning of one interest and its declaration: thirteen more than there are."""


def bring(commissioner: str, neighbour: str, county: County, *, today: date) -> None:
    """Fill the registers of two invented bodies, unless something is there already."""
    found = queries.register(commissioner, today)
    if found is None or any(each.declared or each.nil for each in found.people):
        return
    appointed = today - timedelta(days=365)
    soon = appointed + timedelta(days=20)
    practice = actions.declare(commissioner, Stated(
        "financial", "actual", "self", "partner in the practice", "Riverside surgery",
        began=appointed - timedelta(days=2_000)), by="mina-lee", on=soon)
    actions.agree_step(practice, step="leave", agreed_by="the chair", by="tom-doyle", on=soon,
                       words="Leaves for every item that touches the practice.")
    trustee = actions.declare(commissioner, Stated(
        "non-financial personal", "actual", "self", "trustee", "Fernhollow hospice",
        began=appointed - timedelta(days=700)), by="grace-hart", on=soon)
    actions.agree_step(trustee, step="speak_not_vote", agreed_by="the audit committee", by="tom-doyle", on=soon,
                       words="")
    began = today - timedelta(days=LATE_BY + 30)
    actions.declare(commissioner, Stated(
        "indirect", "actual", "family", "works there as a nurse", county.hospitals.code or county.hospitals.name,
        began=began), by="rosa-khan", on=began + timedelta(days=LATE_BY))
    actions.declare(commissioner, Stated(
        "non-financial personal", "perceived", "self", "came to its meetings for a year", "Riverside patients’ group",
        began=appointed - timedelta(days=400)), by="pat-byrne", on=soon)
    school = actions.declare(commissioner, Stated(
        "non-financial professional", "actual", "self", "school governor", county.council.code or county.council.name,
        began=appointed - timedelta(days=900)), by="pat-byrne", on=soon)
    actions.end(school, by="pat-byrne", last_day=today - timedelta(days=60), on=today - timedelta(days=58))
    actions.give_return(commissioner, by="femi-okoro", nil=True, on=today - timedelta(days=200))
    # Dr Hughes has said nothing, and stands on the register as overdue.
    actions.give_return(neighbour, by="kit-adams", nil=True, on=today - timedelta(days=100))
    actions.declare(neighbour, Stated(
        "financial", "potential", "partner", "sells hearing aids and may bid", "Clear Tone Ltd",
        began=today - timedelta(days=50)), by="una-grey", on=today - timedelta(days=40))
