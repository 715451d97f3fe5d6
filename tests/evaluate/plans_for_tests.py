"""A plan and its panel for tests: the sample's bodies, A that worked, B that faded, C that did nothing."""

from evenhand.data import tables
from evenhand.evaluate import beside_panel
from evenhand.papers import EvaluationPlan, Header, PlannedOutcome, Power, Safety
from evenhand.terms import Estimate, Month, Span

CASE = "case/ward-3"


def panel():
    return beside_panel.read(tables.read("sample:programmes"), one_measure=False)


def plan(body="A", **changes):
    return EvaluationPlan(**{
        "header": Header(subject=CASE, proposal_version=1), "question": "Did it?", "measure": "admissions",
        "design": "beside others", "comparator": "nearest in size", "compared_with": "those nearest in size",
        "design_settings": {"of": [body], "leave_out": ["A", "B"], "prompted": "2027-04/2028-03",
                            "direction": "decrease", "place": "The town", "title": "admissions", "unit": "admissions"},
        "point": "Fewer people are taken from home.", "starts": Month(2028, 4), "ramp_months": 3,
        "primary": PlannedOutcome(measure="admissions", direction="decrease", kind="patient outcome"),
        "safety": (Safety(measure="readmissions", direction="decrease", stop_at=0.3, because="sent home too soon"),),
        "promised": Estimate(0.2, 0.2, 0.2), "smallest_effect": 0.1, "power": Power(chance=0.9, sentence="Seen."),
        "baseline": Span(Month(2026, 4), Month(2027, 3)), "looks": (Month(2029, 4), Month(2030, 4)),
        "worked_if": "the range lies below nought", "stop_if": "readmissions rise by 30%", "owner": "analyst",
        "scheme_kind": "care at home", "cost_pence": 10_000_000, **changes})
