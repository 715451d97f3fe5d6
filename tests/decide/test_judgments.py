"""Three judgments as worked cases: met or not met for the reasons the courts gave, and silent where sources are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from decide.worked import complete, papers
from evenhand.decide import gate
from evenhand.papers import Header, Judgement, Source
from evenhand.record.casefile import case_in

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "judgments"
# By the rules in force when the year of the ruling began: when each was decided is not in the sources we hold.
CASES = {
    "leeds-2013": ("2013-01-01", {
        ("gunning", "reasons"): "sub-scores of the expert panel were withheld",
        ("irreproachable-case", "sub-scores"): "sub-scores of the expert panel were withheld",
        ("irreproachable-case", "scores-seen"): "those who decided did not consider the sub-scores"}, {}),
    "corby-2018": ("2018-01-01", {
        ("involvement", "while-developed"): "section 14Z2 was breached",
        ("irreproachable-case", "this-version"): "wrongly said that engagement had covered the specific proposal",
        ("equality", "each-option"): "the impact assessment was incomplete",
        ("irreproachable-case", "promises-kept"): "promised and not kept: To hold a consultation"},
        {("equality", "assessed"): "an equality assessment of this version"}),
    "south-tyneside-2020": ("2020-01-01", {}, {
        ("gunning", "formative"): "no duty to consult on options that were judged unviable"}),
}


def answers(name, **options):
    fields = gate(str(FOLDER / f"{name}.json"), on=CASES[name][0], **options).fields
    return fields, {(each["pack"], each["id"]): each for each in fields["tests"]}


@pytest.mark.parametrize("name", CASES)
def test_it_fails_or_passes_for_the_reasons_the_court_gave_and_for_no_others(name):
    fields, found = answers(name)
    _, wrong, right = CASES[name]
    assert {key for key, each in found.items() if each["answer"] == "not met"} == set(wrong)
    assert {key for key, each in found.items() if each["answer"] == "met"} == set(right)
    for key, words in {**wrong, **right}.items():
        assert words in found[key]["because"]
    assert fields["verdict"] == "not yet"
    if wrong:
        assert (fields["weakest"][0]["pack"], fields["weakest"][0]["id"]) in wrong


@pytest.mark.parametrize("name", CASES)
def test_where_the_sources_are_silent_no_evidence_is_held(name):
    fields, found = answers(name)
    _, wrong, right = CASES[name]
    silent = [each for key, each in found.items() if key not in wrong and key not in right]
    assert {each["answer"] for each in silent} <= {"no evidence held", "not applicable"}
    assert sum(each["answer"] == "no evidence held" for each in silent) >= 37
    assert "by when" not in fields["on_because"]


@pytest.mark.parametrize(("name", "owed_by", "court"), [
    ("leeds-2013", "primary care trust", "High Court"), ("corby-2018", "clinical commissioning group", "High Court"),
    ("south-tyneside-2020", "clinical commissioning group", "Court of Appeal")])
def test_asked_without_a_day_it_is_asked_by_the_rules_of_the_year_of_its_ruling(name, owed_by, court):
    answer = gate(str(FOLDER / f"{name}.json"))
    assert answer.fields["on"] == CASES[name][0]
    assert answer.fields["on_because"].startswith(f"the first day of the year in which the {court} ruled")
    assert {each["pack"] for each in answer.fields["tests"]}.isdisjoint({"provider-selection"})
    said = " ".join(each["owed_by"] or "" for each in answer.fields["tests"])
    assert owed_by in said
    assert "integrated care board" not in said
    assert any(f"the year in which the {court} ruled" in each for each in answer.remarks)


def test_a_case_with_no_day_and_no_ruling_is_asked_by_the_rules_of_today_and_says_so():
    bare = {"proposal": {"name": "proposal", "kind": "proposal", "version": 1, "content": {
        "title": "Something (invented)", "service": "Something", "bodies": [],
        "options": [{"id": "do", "title": "Do it"}, {"id": "nothing", "does_nothing": True}]}}}
    answer = gate(papers(bare))
    assert answer.fields["on"] is None
    assert answer.fields["on_because"] == "no day is held, so the rules of today"
    assert any("the rules of today were asked. Name its day with --on" in each for each in answer.remarks)


@pytest.mark.parametrize("name", CASES)
def test_every_paper_of_it_names_the_ruling_it_was_read_in(name):
    case = case_in((FOLDER / f"{name}.json").read_bytes(), name)
    assert len(case.papers) >= 4
    for each in case.papers:
        sources = each.paper().sources
        assert len(sources) == 1
        assert "EWHC" in sources[0].title or "EWCA" in sources[0].title
    document = json.loads((FOLDER / f"{name}.json").read_text())
    assert document["about"].startswith("Built only from what the ruling")


def test_a_ruling_settles_a_test_whatever_the_papers_show():
    found = Judgement(header=Header(subject="case/invented-stroke-unit", proposal_version=2), pack="gunning",
                      test="time", met=False, because="it ran over a holiday", signed_by="a court",
                      court="High Court (invented)", sources=(Source("R (Nobody) v Millbrook (invented)"),))
    fields = gate([*papers(complete()), found]).fields
    time = next(each for each in fields["tests"] if each["id"] == "time")
    assert (time["answer"], fields["verdict"]) == ("not met", "not yet")
    assert time["because"] == ("Found by the High Court (invented) (R (Nobody) v Millbrook (invented)): it ran over a "
                               "holiday.")


@pytest.mark.parametrize("lacking", [{"sources": ()}, {"because": " "}, {"met": None}])
def test_a_ruling_that_gives_no_source_or_no_reasons_settles_nothing(lacking):
    said = {"pack": "gunning", "test": "time", "met": False, "because": "it ran over a holiday", "signed_by": "a court",
            "court": "High Court (invented)", "sources": (Source("R (Nobody) v Millbrook (invented)"),), **lacking}
    found = Judgement(header=Header(subject="case/invented-stroke-unit", proposal_version=2), **said)
    assert gate([*papers(complete()), found]).fields["verdict"] == "irreproachable"


def excuse(**said):
    return Judgement(header=Header(subject="case/invented-stroke-unit", proposal_version=2), **{
        "pack": "service-change", "applies": False, "because": "No bed is moved", "signed_by": "person/2", **said})


def test_a_judgement_that_takes_a_whole_pack_away_is_shown_for_what_it_is():
    answer = gate([*papers(complete()), excuse()])
    excused = [each for each in answer.fields["tests"] if "The whole pack was judged not to" in each["because"]]
    assert len(excused) > 1
    assert {(each["pack"], each["answer"]) for each in excused} == {("service-change", "not applicable")}
    said = [each for each in answer.remarks if "the whole pack was judged not to apply" in each]
    assert len(said) == 1
    assert said[0].endswith(": the whole pack was judged not to apply, by person/2: No bed is moved.")


@pytest.mark.parametrize("lacking", [{"signed_by": "person/1"}, {"signed_by": None}, {"because": " "}])
def test_it_takes_nothing_away_unsigned_unreasoned_or_signed_by_whoever_wrote_the_proposal(lacking):
    answer = gate([*papers(complete()), excuse(**lacking)])
    asked = {each["id"]: each["answer"] for each in answer.fields["tests"] if each["pack"] == "service-change"}
    before = gate(papers(complete())).fields["tests"]
    assert asked == {each["id"]: each["answer"] for each in before if each["pack"] == "service-change"}
    assert not any("the whole pack was judged not to apply" in each for each in answer.remarks)
