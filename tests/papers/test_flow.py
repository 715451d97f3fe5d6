"""The two tables that everything obeys: who leaves and reads what, and the states of a case."""

import pytest

from evenhand.papers import KINDS, flow
from evenhand.terms import Refused


def test_every_paper_is_left_by_one_room_and_read_by_somebody():
    assert sorted(each.paper for each in flow.LEAVES) == sorted(kind.paper for kind in KINDS)
    assert all(each.read_by for each in flow.LEAVES)
    assert all(each.left_by in (*flow.ROOMS, "record") for each in flow.LEAVES)


def test_every_room_leaves_a_paper_and_reads_one():
    for room in flow.ROOMS:
        assert flow.leaves(room)
        assert flow.reads(room)
    assert flow.leaves("evaluate") == ("evaluation-plan", "finding")


def test_every_state_can_be_reached_and_only_closed_is_the_end():
    reached, frontier = {flow.FIRST}, [flow.FIRST]
    while frontier:
        onward = [step.new for step in flow.steps_from(frontier.pop()) if step.new not in reached]
        reached.update(onward)
        frontier += onward
    assert reached == set(flow.STATES)
    assert [state for state in flow.STATES if not flow.steps_from(state)] == ["closed"]


def test_a_decision_can_be_challenged_and_decided_again():
    for decided in flow.DECIDED:
        assert flow.step(decided, "challenged", role="councillor", held=("decision",))
        assert flow.step("challenged", decided, role="chair", held=("decision",))


@pytest.mark.parametrize(("old", "new", "role", "held", "why"), [
    ("raised", "approved", "chair", (), "cannot become approved"),
    ("closed", "raised", "chair", (), "closed"),
    ("raised", "explored", "councillor", ("opportunity",), "may not move"),
    ("raised", "explored", "analyst", (), "does not yet hold")])
def test_a_step_that_is_not_in_the_table_is_refused_with_the_way_on(old, new, role, held, why):
    with pytest.raises(Refused, match=why):
        flow.step(old, new, role=role, held=held)


def test_the_diagrams_are_made_from_the_tables():
    for step in flow.STEPS:
        assert f"{step.old} --> {step.new}: {', '.join(step.by)}" in flow.diagram_of_states()
    assert "find -- opportunity --> appraise" in flow.diagram_of_papers()
    assert flow.table_of_steps().count("\n") == len(flow.STEPS) + 2
