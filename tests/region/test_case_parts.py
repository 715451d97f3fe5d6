"""Parts of a case's file beyond one proposal and one decision: earlier versions, scores, decisions put off."""

import pytest

from evenhand.papers import Appraisal, Decision, Proposal, seal
from evenhand.region.proposals import read_case
from evenhand.terms import Refused

CASE = """
id = "ward"
state = "approved"

[[earlier_proposals]]
proposal_version = 1
title = "Close the ward"
service = "Wards"
bodies = [{ name = "A body" }]
options = [{ id = "close", title = "Close it" }, { id = "nothing", does_nothing = true }]

[proposal]
proposal_version = 2
title = "Close half of the ward"
service = "Wards"
bodies = [{ name = "A body" }]
options = [{ id = "close", title = "Close half" }, { id = "nothing", does_nothing = true }]

[appraisal]
options = ["close", "nothing"]
ranking = ["close", "nothing"]

[[decisions]]
title = "Close half of the ward"
outcome = "deferred"
rulings = [{ body = { name = "A body" }, outcome = "deferred", decided = 2027-02-10, quorate = false }]

[[decisions]]
title = "Close half of the ward"
outcome = "approved"
option = "close"
made_from = ["appraisal"]
rulings = [{ body = { name = "A body" }, outcome = "approved", decided = 2027-03-10, quorate = true }]
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "proposals" / "ward.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path
    return write


def test_earlier_versions_scores_and_several_decisions_come_in_their_order(written):
    case = read_case(written(CASE))
    assert [each.paper for each in case.papers] == ["proposal", "proposal", "appraisal", "decision", "decision"]
    assert [each.version for each in case.papers if isinstance(each, Proposal)] == [1, 2]
    assert case.title == "Close half of the ward"
    put_off, last = (each for each in case.papers if isinstance(each, Decision))
    assert (put_off.outcome, put_off.option, last.outcome) == ("deferred", None, "approved")


def test_a_decision_names_the_digest_of_the_scores_it_was_made_from(written):
    case = read_case(written(CASE))
    scores = next(each for each in case.papers if isinstance(each, Appraisal))
    last = case.papers[-1]
    assert last.header.made_from[1].digest == seal(scores).digest
    assert last.header.made_from[1].what == "appraisal"


def test_what_a_file_leaves_out_is_not_held_and_what_cannot_be_silent_is_asked_for(written):
    scores = next(each for each in read_case(written(CASE)).papers if isinstance(each, Appraisal))
    assert scores.scores is None
    assert scores.criteria is None
    with pytest.raises(Refused, match=r"appraisal\.options"):
        read_case(written(CASE.replace('options = ["close", "nothing"]\nranking', "ranking")))


def test_a_paper_that_is_not_there_cannot_be_named(written):
    with pytest.raises(Refused, match="no paper of that name stands before this one") as refused:
        read_case(written(CASE.replace('["appraisal"]', '["apraisal"]')))
    assert "decisions[1].made_from" in str(refused.value)
