"""How a change will be managed is a paper of its own, and nothing is approved before it is whole."""

from dataclasses import replace

import pytest

from evenhand.papers import (
    ChangePlan,
    Doing,
    Header,
    PlannedChange,
    Resistance,
    canonical_bytes,
    opened,
    seal,
    unplanned,
)
from record.made import proposal

WHOLE = ChangePlan(purpose="Beds that nobody needs are closed.", led_by="clinical lead", steps=("look", "close"),
                   differently=(Doing(who="ward doctors", what="name the day of leaving"),), levers=("workforce",),
                   technique="One ward first.", resistance=(), held_by="Its chart stays on the board's page.")
HEADER = Header(subject="case/ward-3", proposal_version=1)


def test_a_whole_change_plan_lacks_nothing_and_says_so_of_no_resistance():
    assert unplanned(WHOLE) == ()


@pytest.mark.parametrize(("left_out", "said"), [
    ({"purpose": " "}, "its purpose"), ({"led_by": None}, "who leads it"), ({"steps": ()}, "its steps"),
    ({"differently": None}, "who must do what differently"), ({"levers": ()}, "the levers it uses"),
    ({"technique": None}, "the way of working towards it"),
    ({"resistance": None}, "the resistance expected, or that none is"), ({"held_by": ""}, "how it will be held")])
def test_each_part_that_is_left_out_is_named(left_out, said):
    assert unplanned(replace(WHOLE, **left_out)) == (said,)


def test_it_is_sealed_and_opened_again_as_it_was():
    paper = PlannedChange(header=HEADER, written_by="person/1", change=replace(
        WHOLE, resistance=(Resistance(by="the hospital", because="income", answer="paid for a year"),)))
    assert opened(seal(paper).bytes) == paper


def test_it_is_of_one_version_of_a_proposal():
    with pytest.raises(ValueError, match="give its proposal_version"):
        PlannedChange(header=Header(subject="case/ward-3"), change=WHOLE)


def test_a_proposal_sealed_before_opens_with_what_it_did_not_say_unsaid():
    old = canonical_bytes(proposal()).replace(b'"schema":2', b'"schema":1')
    assert opened(old) == proposal()
