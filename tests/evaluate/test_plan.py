"""A plan for finding out: what it lacks is said, it is sealed only when whole, and nothing in it changes silently."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.evaluate.plans_for_tests import CASE, panel, plan

from evenhand.cli import main
from evenhand.evaluate.plan_draft import drafted, with_power
from evenhand.papers import Decision, Header, Option, PlannedOutcome, Proposal, Ruling, lacking, seal
from evenhand.papers.facts import Body
from evenhand.record import CaseFile, Workspace
from evenhand.record.casefile import kept_of
from evenhand.terms import Month, Refused, Span

AT = datetime(2028, 1, 10, 9, tzinfo=UTC)
WHOLE = """
measure = "admissions"
point = "Fewer people are taken from home."
comparator = "nearest in size"
compared_with = "those nearest in size"
starts = "2028-04"
baseline = "2026-04/2027-03"
smallest_effect = 0.1
looks = ["2029-04", "2030-04"]
worked_if = "the range lies below nought"
stop_if = "readmissions rise by 30%"
owner = "analyst"
power = { chance = 0.9, sentence = "Seen nine times in ten." }
primary = { measure = "admissions", direction = "decrease", kind = "patient outcome" }
safety = [{ measure = "readmissions", direction = "decrease", stop_at = 0.3, because = "sent home too soon" }]
"""


def proposal():
    return Proposal(header=Header(subject=CASE, proposal_version=1), title="Care at home", service="Care",
                    bodies=(Body("Town", "A"),), change_plan=None, spend=None,
                    options=(Option(id="do", title="Do it"), Option(id="no", title="Leave it", does_nothing=True)))


def case(*papers):
    return CaseFile(CASE, tuple(kept_of(seal(each).bytes) for each in (proposal(), *papers)))


# --- what it lacks ----------------------------------------------------------------------------------------------------


def test_a_whole_plan_lacks_nothing():
    assert lacking(plan()) == ()


@pytest.mark.parametrize(("without", "what"), [
    ({"point": " "}, "the point"), ({"primary": None}, "a patient outcome or experience as primary"),
    ({"safety": ()}, "a safety measure"), ({"starts": None}, "the start"), ({"power": None}, "the chance of seeing it"),
    ({"smallest_effect": None}, "the smallest effect"), ({"looks": ()}, "the looks"), ({"stop_if": None}, "stop"),
    ({"owner": ""}, "the owner"), ({"comparator": None}, "the rule by which"), ({"baseline": None}, "months before"),
    ({"worked_if": None}, "as having worked")])
def test_each_part_that_is_missing_is_named(without, what):
    (said,) = lacking(plan(**without))
    assert what in said


def test_money_saved_is_no_primary_outcome_and_the_reason_is_said():
    saved = PlannedOutcome(measure="spend", direction="decrease", kind="money")
    (said,) = lacking(plan(primary=saved))
    assert "money saved or a balance met is no success by itself" in said
    assert lacking(plan(primary=PlannedOutcome(measure="visits", direction="decrease", kind="use")))


def test_before_and_after_on_those_chosen_for_being_high_is_refused_with_the_reason():
    (said,) = lacking(plan(comparator="before and after"))
    assert "high figures come down by themselves" in said


# --- drafted ----------------------------------------------------------------------------------------------------------


def test_a_draft_fills_in_nothing_that_nobody_said():
    found = drafted(case(), {}, name="plan.toml")
    assert found.question == "Did “Care at home” change what it was for?"
    assert len(lacking(found)) >= 12
    assert found.header.made_from[0].digest == seal(proposal()).digest


@pytest.mark.parametrize(("settled", "why"), [
    ({"pionts": "x"}, "no such field"), ({"safety": "none"}, "a list is wanted"), ({"amends": "x"}, "no such field"),
    ({"smallest_effect": "a lot"}, "float is wanted"), ({"power": {"chance": 80, "sentence": "x"}}, "between 0 and 1")])
def test_what_is_not_shaped_as_a_plan_is_refused_with_its_place(settled, why):
    with pytest.raises(Refused, match=why):
        drafted(case(), settled, name="plan.toml")


def test_a_case_without_a_proposal_has_nothing_to_plan_for():
    with pytest.raises(Refused, match="holds no proposal"):
        drafted(CaseFile(CASE, ()), {}, name="plan.toml")


def test_power_and_the_months_before_are_worked_out_from_the_figures():
    bare = plan(power=None, baseline=None)
    found, why = with_power(bare, panel())
    assert why is None
    assert found.baseline == Span(Month(2026, 4), Month(2027, 3))
    assert found.power.chance > 0.9
    assert "by April 2030" in found.power.sentence
    small, _ = with_power(replace(bare, smallest_effect=0.02), panel())
    assert small.power.chance < 0.5
    assert "times as many people" in small.power.would_need
    nothing, why = with_power(plan("Z", power=None), panel())
    assert nothing.power is None
    assert "no figures" in why


def test_a_change_of_a_sealed_plan_needs_its_reason_and_works_its_power_out_again():
    held = plan()
    assert drafted(case(held), {}, name="x") == held
    assert drafted(case(held), {"smallest_effect": 0.1}, name="x") == held, "the same is no change"
    with pytest.raises(Refused, match="nothing in it changes silently"):
        drafted(case(held), {"smallest_effect": 0.05}, name="x")
    amended = drafted(case(held), {"smallest_effect": 0.05}, name="x", because="half would do")
    assert (amended.amends, amended.amendment_reason) == (seal(held).digest, "half would do")
    assert amended.power is None
    assert amended.safety == held.safety


# --- by command, and in the record ------------------------------------------------------------------------------------


@pytest.fixture
def workspace(tmp_path):
    Workspace.open(tmp_path).keep(proposal(), by="owen", at=AT)
    return tmp_path


def run(workspace, *words):
    return main(["evaluate", "plan", "ward-3", "--workspace", str(workspace), *words])


def test_the_command_says_what_lacks_and_seals_only_what_is_whole(workspace, tmp_path, capsys):
    assert run(workspace) == 0
    assert "nothing can be decided on it" in capsys.readouterr().out
    settings = tmp_path / "plan.toml"
    settings.write_text(WHOLE.replace('owner = "analyst"\n', ""))
    assert run(workspace, "--settings", str(settings), "--write") == 2
    told = capsys.readouterr()
    assert "the plan lacks the owner" in told.err
    assert not told.out
    settings.write_text(WHOLE)
    assert run(workspace, "--settings", str(settings)) == 0
    assert "Whole. Seal it with --write." in capsys.readouterr().out
    assert not Workspace.open(workspace).papers(CASE, "evaluation-plan")
    assert run(workspace, "--settings", str(settings), "--write") == 0
    assert run(workspace, "--settings", str(settings), "--write", "--json") == 0
    assert len(Workspace.open(workspace).papers(CASE, "evaluation-plan")) == 1, "written once"
    settings.write_text("smallest_effect = 0.05\npower = { chance = 0.4, sentence = 'Seen twice in five.' }\n")
    assert run(workspace, "--settings", str(settings), "--write") == 2
    assert run(workspace, "--settings", str(settings), "--because", "half would do", "--write") == 0
    assert "It amends the plan sha256:" in capsys.readouterr().out
    assert len(Workspace.open(workspace).papers(CASE, "evaluation-plan")) == 2


def test_nothing_is_approved_on_a_plan_that_is_not_whole(workspace):
    record = Workspace.open(workspace)
    for kind in (plan(stop_if=None), Decision(
            header=Header(subject=CASE, proposal_version=1), title="Care at home", outcome="approved", option="do",
            rulings=(Ruling(body=Body("Town", "A"), outcome="approved"),))):
        record.keep(kind, by="owen", at=AT)
    from evenhand.record import Draft

    record.enter(Draft(subject=CASE, by="owen", what="planned", kind="step"), at=AT)
    with pytest.raises(Refused, match="is not complete, so the case cannot become approved: it lacks what would make"):
        record.move(CASE, "approved", by="chair", role="chair", at=AT)


def test_run_says_which_cases_wait_and_why(workspace, capsys):
    assert main(["evaluate", "run", "--workspace", str(workspace)]) == 0
    assert "No case here holds a plan" in capsys.readouterr().out
    Workspace.open(workspace).keep(plan(), by="owen", at=AT)
    assert main(["evaluate", "run", "--workspace", str(workspace)]) == 0
    assert "ward-3: no figures of admissions are held." in capsys.readouterr().out
    assert main(["evaluate", "run", "--workspace", str(workspace), "--as-at", "soon"]) == 2
    assert "this is no day" in capsys.readouterr().err


def test_the_power_of_a_plan_beside_donors_comes_from_how_bodies_scatter():
    chances = [with_power(plan(comparator=rule, power=None), panel())[0].power.chance
               for rule in ("nearest in size", "weighted donors", "own past")]
    assert chances[0] == chances[1] != chances[2]
