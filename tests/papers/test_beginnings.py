"""The papers that a decision begins from: who must be heard, and the list that schemes came from."""

from datetime import date

import pytest

from evenhand.papers import (
    Body,
    EngagementPlan,
    Header,
    ListedScheme,
    SchemeList,
    Stakeholder,
    flow,
    opened,
    seal,
)


def test_a_plan_of_who_must_be_heard_is_sealed_and_read_back_whole():
    paper = EngagementPlan(
        header=Header(subject="case/ward-3"), title="Ward 3", as_at=date(2027, 11, 1), begins=date(2027, 3, 1),
        stakeholders=(Stakeholder(who="Carers", organisation=Body("Carers of Quillmere", "ZV01"), interest=5,
                                  influence=2, due=date(2027, 9, 1), done=date(2027, 8, 20), standing="heard"),
                      Stakeholder(who="Students", due=date(2027, 10, 1), standing="overdue")),
        heard=1, overdue=1, not_heard=("Students",))
    assert opened(seal(paper).bytes) == paper


def test_a_list_of_schemes_is_sealed_and_read_back_whole():
    paper = SchemeList(
        header=Header(subject="plan/millgate"), title="Tracker", body=None,
        schemes=(ListedScheme(title="Podiatry", sheet="One", row=5, claimed_pence=None, status="not found",
                              lacks=("owner", "start")),),
        needed_pence=1_200_000_000, claimed_pence=900_000_000, counted_twice_pence=0, firm_pence=100_000_000,
        at_risk_pence=500_000_000, not_found_pence=600_000_000, cases=(), without_case=1)
    assert opened(seal(paper).bytes) == paper


@pytest.mark.parametrize(("given", "why"), [
    ({"interest": 6, "standing": "due"}, "run from 1 to 5"),
    ({"standing": "heard"}, "has the day of it"),
    ({"standing": "due", "done": date(2027, 1, 1)}, "nobody else has")])
def test_a_stakeholder_that_contradicts_itself_is_refused(given, why):
    with pytest.raises(ValueError, match=why):
        Stakeholder(who="Carers", **given)


def test_engage_plans_before_it_listens_and_choose_begins_from_a_list():
    assert flow.leaves("engage") == ("engagement-plan", "voices")
    assert flow.leaves("choose") == ("scheme-list", "plan")
    assert "engagement-plan" in flow.reads("decide")
