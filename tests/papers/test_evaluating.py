"""A plan for finding out, and what was found: old ones still read, an amendment bears its reason."""

import json

import pytest

from evenhand.papers import (
    Amendment,
    Check,
    EvaluationPlan,
    Finding,
    GroupResult,
    Header,
    PlannedOutcome,
    Power,
    Safety,
    SafetyResult,
    canonical_bytes,
    digest,
    opened,
    seal,
)
from evenhand.terms import Estimate, Month, Suppressed

HEADER = Header(subject="case/ward-3", proposal_version=1)


def plan(**changes):
    return EvaluationPlan(**{
        "header": HEADER, "question": "Did fewer people go into hospital?", "measure": "admissions",
        "design": "beside others", "point": "Fewer old people taken from home in the night.",
        "primary": PlannedOutcome(measure="admissions", direction="decrease", kind="patient outcome"),
        "safety": (Safety(measure="deaths", direction="decrease", stop_at=0.05, because="it may hide harm"),),
        "comparator": "nearest in size", "starts": Month(2028, 4), "ramp_months": 3, "smallest_effect": 0.05,
        "power": Power(chance=0.8, sentence="Seen four times in five."), "looks": (Month(2029, 4), Month(2030, 4)),
        **changes})


def test_a_plan_and_a_finding_come_back_as_they_went_in():
    finding = Finding(
        header=HEADER, question="Did it work?", verdict="faded", because="half was left", plan=digest(b"plan"),
        effect=Estimate(-0.1, -0.15, -0.05), promised_effect=Estimate(-0.2, -0.2, -0.2), point_served="no",
        safety=(SafetyResult(measure="deaths", stop_at=0.05, sentence="No change seen.", passed_stop=False),),
        groups=(GroupResult(group="85 and over", sentence="Too few.", effect=Suppressed("fewer than 5")),),
        amendments=(Amendment(plan=digest(b"second"), reason="the measure was redefined"),),
        checks=(Check(name="own past", sentence="6% below.", effect=Estimate(-0.06, -0.1, -0.02), agrees=True),),
        next_look=Month(2030, 4))
    for paper in (plan(), finding):
        assert opened(seal(paper).bytes) == paper


def older(paper, without):
    """The same paper as the first schema sealed it."""
    said = json.loads(seal(paper).bytes)
    said["header"]["schema"] = 1
    return canonical_bytes({"header": said["header"],
                            "content": {name: value for name, value in said["content"].items() if name not in without}})


def test_a_plan_of_the_first_schema_is_read_with_nothing_made_up():
    new = ("point", "scheme_kind", "primary", "others", "safety", "comparator", "ramp_months", "smallest_effect",
           "smallest_effect_units", "power", "looks", "cost_pence", "amends", "amendment_reason")
    read = opened(older(plan(), new))
    assert isinstance(read, EvaluationPlan)
    assert (read.point, read.primary, read.safety, read.power, read.looks) == (None, None, (), None, ())


def test_what_the_first_schema_called_worked_and_not_lasting_is_read_as_faded():
    new = ("plan", "design", "effect", "promised_effect", "point_served", "point_sentence", "safety", "groups",
           "cost_pence", "cost_sentence", "amendments", "doubts", "checks", "looked", "next_look")
    def said(**how):
        return opened(older(Finding(header=HEADER, question="Did it work?", because="it was", **how), new)).verdict
    assert said(verdict="worked", lasted=False) == "faded"
    assert said(verdict="worked", lasted=True) == "worked"
    assert said(verdict="cannot tell", lasted=False) == "cannot tell"


@pytest.mark.parametrize("half", [{"amends": digest(b"plan")}, {"amendment_reason": "because"},
                                  {"amends": digest(b"plan"), "amendment_reason": "  "}])
def test_an_amendment_needs_the_plan_it_amends_and_a_reason(half):
    with pytest.raises(ValueError, match="its reason"):
        plan(**half)


def test_thresholds_and_chances_are_shares():
    with pytest.raises(ValueError, match="between 0 and 1, not 5"):
        Safety(measure="deaths", direction="decrease", stop_at=5, because="5% was meant")
    with pytest.raises(ValueError, match="between 0 and 1, not 80"):
        Power(chance=80, sentence="80% was meant")
