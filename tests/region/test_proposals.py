"""A case in a region's folder may bring evidence, judgements and a plan for finding out whether it worked."""

import pytest

from evenhand.decide import gate
from evenhand.papers import Judgement, seal
from evenhand.region.proposals import read_case
from evenhand.terms import Refused

CASE = """
id = "invented-ward-3"
state = "proposed"

[proposal]
title = "Ward 3 (invented)"
service = "Rehabilitation"
proposal_version = 2
written_by = "person/1"
bodies = []
options = [{ id = "close", title = "Close it" }, { id = "nothing", does_nothing = true }]

[[evidence]]
source = { title = "Letters of practices (invented)" }
design = "letters"
says = "Nine of ten support it."

[[voices]]
proposal_version = 1
kind = "Public consultation"

[[judgements]]
pack = "irreproachable-case"
test = "clinicians"
met = true
because = "Nine of ten practices support it."
relies_on = ["evidence[0]"]
signed_by = "person/2"
"""


def answers(case):
    return {(each["pack"], each["id"]): each for each in gate(case.papers).fields["tests"]}


def test_a_judgement_rests_on_a_paper_of_the_same_file_by_its_place(tmp_path):
    path = tmp_path / "ward-3.toml"
    path.write_text(CASE)
    case = read_case(path)
    evidence = next(each for each in case.papers if each.paper == "evidence")
    judgement = next(each for each in case.papers if isinstance(each, Judgement))
    assert judgement.relies_on == (seal(evidence).digest,)
    assert answers(case)["irreproachable-case", "clinicians"]["answer"] == "met"


def test_a_consultation_on_an_earlier_version_is_kept_as_such(tmp_path):
    path = tmp_path / "ward-3.toml"
    path.write_text(CASE)
    found = answers(read_case(path))["irreproachable-case", "this-version"]
    assert found["answer"] == "no evidence held"
    assert "about version 1" in found["because"]


def test_what_a_judgement_cannot_say_is_refused_at_its_place(tmp_path):
    path = tmp_path / "ward-3.toml"
    path.write_text(CASE.replace("met = true", 'met = "perhaps"'))
    with pytest.raises(Refused, match=r"judgements\[0\]"):
        read_case(path)
