"""Every rule pack against its worked cases: met, not met, not applicable, no evidence held, for the reason given."""

from __future__ import annotations

import tomllib

import pytest

from decide.worked import PACKS, changed, complete, papers, recorded
from evenhand.decide.gate import gate
from evenhand.decide.pack import packs

WORKED = {path.stem: tomllib.loads(path.read_text()) for path in sorted(PACKS.glob("*.toml"))
          if path.stem != "complete"}
SEEN = {(document["pack"], case["test"], case["answer"]) for document in WORKED.values() for case in document["case"]}
CASES = [pytest.param(file, case, id=f"{file}: {case['test']}: {case['name']}")
         for file, document in WORKED.items() for case in document["case"]]


def answer_of(file, case):
    named = changed(complete(), case)
    on = case.get("on", WORKED[file].get("on"))
    held = (recorded(named, case["entered_on"].isoformat(), case.get("entered_last", "")) if "entered_on" in case
            else papers(named))
    answer = gate(held, pack=[WORKED[file]["pack"]], **({"on": on.isoformat()} if on else {}))
    return next(each for each in answer.fields["tests"] if each["id"] == case["test"])


@pytest.mark.parametrize(("file", "case"), CASES)
def test_a_worked_case_gets_its_answer(file, case):
    found = answer_of(file, case)
    assert found["answer"] == case["answer"], found["because"]
    assert case.get("says", "") in found["because"]
    if case.get("passed_over"):
        assert any(not each["counts"] and each["version"] == 1 for each in found["evidence"])
    if found["answer"] in ("not met", "no evidence held"):
        assert found["missing"]
        assert found["owed_by"]
        assert found["due"]


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: f"{pack.id}-{pack.version}")
def test_every_test_of_every_pack_is_met_somewhere_and_unanswered_somewhere(pack):
    for rule in pack.tests:
        assert (pack.id, rule.id, "met") in SEEN, rule.id
        assert (pack.id, rule.id, "no evidence held") in SEEN, rule.id


def test_every_usual_pack_has_a_case_that_is_not_met_for_a_fact_that_is_held():
    contradicted = {pack for pack, _, answer in SEEN if answer == "not met"}
    assert {pack.id for pack in packs() if pack.usual} <= contradicted


def test_the_complete_case_is_irreproachable_and_taking_any_paper_away_is_caught():
    whole = complete()
    assert gate(papers(whole)).fields["verdict"] == "irreproachable"
    # Without the decision nothing is wrong yet: the tests of a decision do not apply.
    assert gate(papers(changed(whole, {"without": ["decision"]}))).fields["verdict"] == "irreproachable"
    for name in whole:
        if name in ("decision", "letters", "trial"):
            continue
        assert gate(papers(changed(whole, {"without": [name]}))).fields["verdict"] == "not yet", name
