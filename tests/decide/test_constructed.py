"""Whole cases of four years with one duty missing each: that duty is named, who owes it, and by when."""

from __future__ import annotations

import json

import pytest

from decide.constructed import CALLED, irreproachable
from decide.worked import changed, papers, recorded
from evenhand.cli import main
from evenhand.decide import gate
from evenhand.papers import seal

SPONSOR = "person/1"
BROUGHT = {2016: "clinical commissioning group", 2019: "clinical commissioning group", 2023: "integrated care board",
           2025: "integrated care board"}
HELD, NOT = "no evidence held", "not met"
PROMISE = {"what": "To ask again before anything is decided", "owner": "person/6", "due": "{year}-06-01", "kept": False}


def earlier(year, promise):
    return {"name": "earlier", "kind": "decision", "version": 1, "content": {
        "title": "Put off", "outcome": "deferred", "option": "nothing", "promises": [
            {**promise, "due": promise["due"].format(year=year)}],
        "rulings": [{"body": {"name": CALLED[year]}, "outcome": "deferred", "decided": f"{year - 1}-11-01"}]}}


def newer(year):
    return {"name": "newer", "kind": "proposal", "version": 3, "content": {
        "title": "One unit", "service": "Stroke", "bodies": [], "raised": f"{year}-06-20",
        "options": [{"id": "one-unit"}, {"id": "nothing", "does_nothing": True}]}}


def sponsored(name):
    return {"set": {f"{name}.content.signed_by": SPONSOR}}


# What is broken; the tests that must then be open and no others, each with its answer; who owes it; by when.
# In a change, {year} stands for the year of the case.
BROKEN = {
    "the public was asked about version 1": (
        {"set": {"voices.version": 1}},
        {"gunning/formative": HELD, "gunning/reasons": HELD, "gunning/time": HELD, "gunning/conscience": HELD,
         "involvement/while-developed": HELD, "irreproachable-case/this-version": HELD,
         "irreproachable-case/all-heard": HELD, "service-change/engagement": HELD},
        "communications lead", "before the decision"),
    "people were asked after the decision": (
        {"set": {"voices.content.opened": "{year}-07-10", "voices.content.closed": "{year}-10-10"}},
        {"gunning/formative": NOT, "gunning/conscience": NOT, "involvement/while-developed": NOT},
        "communications lead", "before the decision"),
    "the consultation ended after the decision": (
        {"set": {"voices.content.closed": "{year}-07-20"}}, {"gunning/conscience": NOT}, "programme office",
        "before the decision"),
    "a second consultation was open when it was decided": (
        {"add": [{"name": "second", "kind": "voices", "version": 2, "content": {
            "kind": "Survey of patients", "opened": "{year}-06-01", "closed": "{year}-08-01"}}]},
        {"gunning/conscience": NOT}, "programme office", "before the decision"),
    "six weeks only, and nobody says why that was enough": (
        {"set": {"voices.content.closed": "{year}-03-15"}}, {"gunning/time": NOT}, "communications lead",
        "before the consultation closes"),
    "no choice was left when people were asked": (
        {"set": {"proposal.content.options.0.closed": "{year}-01-02", "proposal.content.options.0.closed_because": "No",
                 "proposal.content.options.1.closed": "{year}-01-02", "proposal.content.options.1.closed_because": "No",
                 "decision.content.option": "nothing", "decision.content.rulings.0.option": "nothing"}},
        # With nothing left open there is nothing to assess and score but doing nothing.
        {"gunning/formative": NOT, "equality/each-option": HELD, "quality/scored": HELD}, "communications lead",
        "before the decision"),
    "one theme has no answer": (
        {"remove": ["voices.content.themes.0.answer"]}, {"gunning/conscience": HELD}, "programme office",
        "before the decision"),
    "nobody says what changed": (
        {"remove": ["voices.content.what_changed"]}, {"gunning/conscience": HELD, "service-change/engagement": HELD},
        "programme office", "before the decision"),
    "nobody judged whether people were told enough": (
        {"without": ["enough-said"]}, {"gunning/reasons": HELD}, "communications lead",
        "before the consultation opens"),
    "the sponsor judged whether people were told enough": (
        sponsored("enough-said"), {"gunning/reasons": NOT}, "communications lead", "before the consultation opens"),
    "it is not known who was not heard": (
        {"remove": ["voices.content.not_heard"]}, {"irreproachable-case/all-heard": HELD}, "communications lead",
        "before the decision"),
    "replies are not counted by group": (
        {"remove": ["voices.content.groups"]}, {"irreproachable-case/all-heard": HELD}, "communications lead",
        "before the decision"),
    "an option was closed without a reason": (
        {"remove": ["proposal.content.options.2.closed_because"]}, {"irreproachable-case/alternatives": HELD},
        "programme office", "before the consultation opens"),
    "an option was closed on no day": (
        {"remove": ["proposal.content.options.2.closed"]}, {"irreproachable-case/alternatives": HELD},
        "programme office", "before the consultation opens"),
    "no evidence has a grade": (
        {"remove": ["letters.content.grade", "trial.content.grade"]},
        {"irreproachable-case/evidence-graded": HELD, "service-change/clinical-evidence": HELD}, "clinical lead",
        "before"),
    "one of two pieces of evidence has no grade": (
        {"remove": ["letters.content.grade"]},
        {"irreproachable-case/evidence-graded": HELD, "service-change/clinical-evidence": HELD}, "clinical lead",
        "before"),
    "nobody says what the evidence cannot tell": (
        {"set": {"letters.content.limits": []}}, {"irreproachable-case/evidence-graded": HELD}, "clinical lead",
        "before the decision"),
    "clinicians' support is signed by nobody": (
        {"remove": ["clinicians.content.signed_by"]}, {"irreproachable-case/clinicians": HELD}, "clinical lead",
        "before the decision"),
    "clinicians' support is signed by the sponsor": (
        sponsored("clinicians"), {"irreproachable-case/clinicians": NOT}, "clinical lead", "before the decision"),
    "practices' support is signed by the sponsor": (
        sponsored("support"), {"service-change/clinical-support": NOT}, "clinical lead", "before the consultation"),
    "clinicians' support rests on no paper": (
        {"set": {"clinicians.content.relies_on": []}}, {"irreproachable-case/clinicians": HELD}, "clinical lead",
        "before the decision"),
    "clinicians' support gives no reasons": (
        {"set": {"clinicians.content.because": " "}}, {"irreproachable-case/clinicians": HELD}, "clinical lead",
        "before the decision"),
    "clinicians' support was judged after the decision": (
        {"set": {"clinicians.content.judged": "{year}-09-01"}}, {"irreproachable-case/clinicians": HELD},
        "clinical lead", "before the decision"),
    "clinicians were judged not to support it": (
        {"set": {"clinicians.content.met": False}}, {"irreproachable-case/clinicians": NOT}, "clinical lead",
        "before the decision"),
    "choice before and after was never judged": (
        {"without": ["choice"]}, {"service-change/choice": HELD}, "programme office", "before the consultation opens"),
    "sub-scores are missing": (
        {"null": ["appraisal.content.scores"]}, {"irreproachable-case/sub-scores": HELD}, "analyst",
        "before the decision"),
    "one sub-score is missing": (
        {"remove": ["appraisal.content.scores.3"]}, {"irreproachable-case/sub-scores": NOT}, "analyst",
        "before the decision"),
    "one criterion has no weight": (
        {"remove": ["appraisal.content.criteria.0.weight"]}, {"irreproachable-case/sub-scores": HELD}, "analyst",
        "before the decision"),
    "how the change will be managed is not planned": (
        {"remove": ["proposal.content.change_plan"]}, {"irreproachable-case/change-planned": HELD}, "programme office",
        "before the decision"),
    "the plan of the change does not say how it will be held": (
        {"remove": ["proposal.content.change_plan.held_by"]}, {"irreproachable-case/change-planned": HELD},
        "programme office", "before the decision"),
    "those who decided did not have the scores before them": (
        {"set": {"decision.made_from": ["@evaluation", "@equality"]}}, {"irreproachable-case/scores-seen": HELD},
        "secretary", "with the decision"),
    "it is not said who may be worse off": (
        {"remove": ["appraisal.content.may_lose"]}, {"irreproachable-case/who-may-lose": HELD}, "analyst",
        "before the decision"),
    "no equality assessment was made": (
        {"without": ["equality"]},
        {"equality/assessed": HELD, "equality/each-option": HELD, "equality/what-is-done": HELD,
         "equality/in-time": HELD, "equality/own-hands": HELD, "equality/in-substance": HELD,
         "equality/before-them": HELD, "equality/goes-on": HELD}, "programme office", "before the decision"),
    "the equality assessment came after the decision": (
        {"set": {"equality.content.made_when": "{year}-08-01"}}, {"equality/in-time": NOT}, "programme office",
        "before the decision"),
    "an empty equality assessment came in time, and the whole one after the decision": (
        {"set": {"equality.content.made_when": "{year}-08-01"}, "add": [{
            "name": "shell", "kind": "assessment", "version": 2, "content": {
                "kind": "equality", "made": True, "made_when": "{year}-05-01"}}]},
        {"equality/in-time": HELD, "equality/each-option": HELD, "equality/what-is-done": HELD,
         "equality/own-hands": HELD, "equality/goes-on": HELD}, "programme office", "before the decision"),
    "the equality assessment leaves one characteristic of one option out": (
        {"remove": ["equality.content.impacts.12"]}, {"equality/each-option": NOT}, "programme office",
        "before the decision"),
    "the equality assessment is of version 1": (
        {"set": {"equality.version": 1}},
        {"equality/assessed": HELD, "equality/each-option": HELD, "equality/what-is-done": HELD,
         "equality/in-time": HELD, "equality/own-hands": HELD, "equality/in-substance": HELD,
         "equality/before-them": HELD, "equality/goes-on": HELD}, "programme office", "before the decision"),
    "who may be worse off has no mitigation with a day": (
        {"remove": ["equality.content.impacts.0.mitigation_due"]}, {"equality/what-is-done": HELD}, "programme office",
        "before the decision"),
    "the equality assessment is signed by the sponsor": (
        {"set": {"equality.content.signed_by": [SPONSOR]}}, {"equality/own-hands": NOT}, "chair",
        "before the decision"),
    "nobody says that the equality duty was weighed in substance": (
        {"without": ["in-substance"]}, {"equality/in-substance": HELD}, "chair", "before the decision"),
    "the decision does not name the equality assessment": (
        {"set": {"decision.made_from": ["@appraisal", "@evaluation"]}}, {"equality/before-them": HELD}, "secretary",
        "with the decision"),
    "no day of the next look at equality is held": (
        {"remove": ["equality.content.next_review"]}, {"equality/goes-on": HELD}, "programme office",
        "before the decision"),
    "those who decided did not have equality in mind": (
        {"set": {"decision.content.duties_considered": ["involvement", "health inequalities", "wider effects"]}},
        {"equality/in-mind": NOT}, "secretary", "with the minutes"),
    "nor inequalities": (
        {"set": {"decision.content.duties_considered": ["involvement", "equality", "wider effects"]}},
        {"inequalities/in-mind": NOT}, "secretary", "with the minutes"),
    "nor the duty to involve": (
        {"set": {"decision.content.duties_considered": ["health inequalities", "equality", "wider effects"]}},
        {"involvement/in-the-decision": NOT}, "secretary", "with the minutes"),
    "the quality assessment leaves one side of one option out": (
        {"remove": ["quality.content.impacts.4"]}, {"quality/scored": NOT}, "programme office", "before the decision"),
    "the quality assessment came after the decision": (
        {"set": {"quality.content.made_when": "{year}-08-01"}}, {"quality/in-time": NOT}, "programme office",
        "before the decision"),
    "a high risk has no owner": (
        {"remove": ["quality.content.impacts.2.mitigation_owner"]}, {"quality/full-where-high": HELD},
        "programme office", "before the decision"),
    "the quality assessment has one signature": (
        {"set": {"quality.content.signed_by": ["person/2"]}}, {"quality/two-signatures": NOT},
        "medical and nursing directors", "before the decision"),
    "one of the two signatures is the sponsor's": (
        {"set": {"quality.content.signed_by": ["person/2", SPONSOR]}}, {"quality/two-signatures": NOT},
        "medical and nursing directors", "before the decision"),
    "nobody judged whether the change is substantial": (
        {"without": ["substantial"]}, {"scrutiny/council-consulted": HELD}, "programme office", "before the decision"),
    "the sponsor judged that the change is not substantial": (
        {"set": {"substantial.content.applies": False, "substantial.content.signed_by": SPONSOR}},
        {"scrutiny/council-consulted": HELD}, "programme office", "before the decision"),
    "the council's committee was not asked": (
        {"without": ["committee"]}, {"scrutiny/council-consulted": HELD}, "programme office", "before the decision"),
    "no plan for finding out": (
        {"without": ["evaluation"]},
        {f"evaluation-plan/{each}": HELD for each in (
            "what-is-measured", "point-and-patients", "safety", "can-be-seen", "looks", "worked-or-stop",
            "sealed-first", "owner-and-day")}, "clinical lead", "before the decision"),
    "the programme is to be judged by money": (
        {"set": {"evaluation.content.primary.kind": "money"}}, {"evaluation-plan/point-and-patients": NOT},
        "clinical lead", "before the decision"),
    "nothing would stop it": (
        {"remove": ["evaluation.content.stop_if"]}, {"evaluation-plan/worked-or-stop": HELD}, "clinical lead",
        "before the decision"),
    "nothing is said to be safe": (
        {"set": {"evaluation.content.safety": []}}, {"evaluation-plan/safety": HELD}, "clinical lead",
        "before the decision"),
    "nobody owns the evaluation": (
        {"remove": ["evaluation.content.owner"]}, {"evaluation-plan/owner-and-day": HELD}, "programme office",
        "before the decision"),
    "one promise has no owner": (
        {"remove": ["decision.content.promises.0.owner"]}, {"evaluation-plan/promises": HELD}, "programme office",
        "with the decision"),
    "one promise has no day": (
        {"remove": ["decision.content.promises.0.due"]}, {"evaluation-plan/promises": HELD}, "programme office",
        "with the decision"),
    "no day is set to look at the decision again": (
        {"remove": ["decision.content.review_due"]}, {"evaluation-plan/promises": HELD}, "programme office",
        "with the decision"),
    "a promise made with version 1 was broken": (
        {"add": ["earlier"]}, {"irreproachable-case/promises-kept": NOT}, "chair", "before the decision"),
    "a newer version had been put forward": (
        {"add": ["newer"]}, {"irreproachable-case/newest-version": NOT}, "secretary", "before anything is done on it"),
    "the option decided on had been closed": (
        {"set": {"decision.content.option": "close-both", "decision.content.rulings.0.option": "close-both"}},
        {"irreproachable-case/option-open": NOT}, "chair", "with the decision"),
    "who stood aside is not on record": (
        {"remove": ["decision.content.rulings.0.stood_aside"]}, {"irreproachable-case/conflicts": HELD}, "secretary",
        "with the minutes"),
    "too few were left to decide": (
        {"set": {"decision.content.rulings.0.quorate": False}}, {"irreproachable-case/conflicts": NOT}, "secretary",
        "with the minutes"),
    "the reasons are not given": (
        {"remove": ["decision.content.reasons"]}, {"irreproachable-case/reasons-and-dissent": HELD}, "chair",
        "with the decision"),
    "the case against is not given": (
        {"remove": ["decision.content.dissent"]}, {"irreproachable-case/reasons-and-dissent": HELD}, "chair",
        "with the decision"),
}
LATER = {
    "nobody judged whether beds fall": (2017, {"without": ["beds-fall", "beds-a"]}, {"service-change/beds": HELD},
                                        "clinical lead", "before the consultation opens"),
    "beds fall, and none of the three conditions is shown": (
        2017, {"without": ["beds-a"]}, {"service-change/beds": HELD}, "clinical lead", "before the consultation opens"),
    "the sponsor judged the condition": (2017, sponsored("beds-a"), {"service-change/beds": HELD}, "clinical lead",
                                         "before the consultation opens"),
    "wider effects were not weighed": (
        2023, {"set": {"decision.content.duties_considered": ["involvement", "equality", "health inequalities"]}},
        {"inequalities/wider-effects": NOT}, "secretary", "with the minutes"),
    "the Secretary of State was not told": (
        2025, {"remove": ["notified.content.met"]}, {"scrutiny/secretary-of-state": HELD}, "secretary",
        "before the decision"),
    "nobody is told that a call-in may be asked for": (
        2025, {"set": {"decision.content.how_to_challenge": "Write to the secretary within three months."}},
        {"scrutiny/call-in": NOT}, "secretary", "with the decision"),
    "whether a provider is chosen is not on record": (
        2025, {"without": ["selection"]}, {"provider-selection/process": HELD}, "contract lead",
        "before the process begins"),
    "one key criterion was not considered": (
        2025, {"remove": ["selection.content.considered.4"]}, {"provider-selection/key-criteria": NOT},
        "contract lead", "before the notice of the intention to award"),
    "the contract was signed in the standstill": (
        2025, {"set": {"selection.content.signed": "2025-07-28"}}, {"provider-selection/standstill": NOT},
        "contract lead", "before the contract is signed"),
    "the contract was signed with a representation open": (
        2025, {"remove": ["selection.content.representations.0.answered"]},
        {"provider-selection/standstill": NOT, "provider-selection/representations": HELD}, "contract lead", "before"),
    "no notice of the intention to award": (
        2025, {"remove": ["selection.content.notices.0"]},
        {"provider-selection/standstill": NOT, "provider-selection/intention-to-award": HELD}, "contract lead",
        "before"),
    "no notice of the award": (
        2025, {"remove": ["selection.content.notices.1"]}, {"provider-selection/award-notice": HELD}, "contract lead",
        "within 30 days of the contract"),
    "conflicts in choosing the provider are not on record": (
        2025, {"remove": ["selection.content.conflicts"]}, {"provider-selection/internal-record": HELD},
        "contract lead", "before the contract is signed"),
}
IN_EVERY_YEAR = ("the public was asked about version 1", "the consultation ended after the decision",
                 "the equality assessment came after the decision", "one promise has no owner",
                 "an option was closed without a reason", "sub-scores are missing")
CASES = [*(pytest.param(2019, *said, id=f"2019: {name}") for name, said in BROKEN.items()),
         *(pytest.param(year, *BROKEN[name], id=f"{year}: {name}") for year in (2016, 2023, 2025)
           for name in IN_EVERY_YEAR),
         *(pytest.param(max(first, 2019), *said, id=f"{max(first, 2019)}: {name}")
           for name, (first, *said) in LATER.items())]


def dated(change, year):
    made = json.loads(json.dumps(change).replace("{year}", str(year)))
    known = {"earlier": lambda: earlier(year, PROMISE), "newer": lambda: newer(year)}
    return {**made, "add": [known[each]() if isinstance(each, str) else each for each in made.get("add", [])]}


def broken(year, change):
    # A newer version has none of the other papers: the one that was decided is asked about.
    version = {"proposal_version": 2} if "newer" in change.get("add", []) else {}
    return gate(papers(changed(irreproachable(year), dated(change, year))), **version).fields


@pytest.mark.parametrize("year", CALLED)
def test_the_complete_case_is_irreproachable_by_the_rules_of_its_day(year):
    fields = gate(papers(irreproachable(year))).fields
    assert [each["because"] for each in fields["tests"] if each["answer"] not in ("met", "not applicable")] == []
    assert fields["verdict"] == "irreproachable"
    assert fields["on"] == f"{year}-07-01"
    asked = {each["pack"] for each in fields["tests"]}
    assert ("provider-selection" in asked) == (year == 2025)
    assert ("beds" in {each["id"] for each in fields["tests"]}) == (year > 2016)
    assert ("call-in" in {each["id"] for each in fields["tests"]}) == (year == 2025)


@pytest.mark.parametrize(("year", "change", "wanted", "owed_by", "due"), CASES)
def test_one_missing_duty_is_named_with_who_owes_it_and_by_when(year, change, wanted, owed_by, due):
    fields = broken(year, change)
    found = {f"{each['pack']}/{each['id']}": each for each in fields["tests"] if each["answer"] in (HELD, NOT)}
    assert {name: each["answer"] for name, each in found.items()} == wanted
    assert fields["verdict"] == "not yet"
    first = fields["weakest"][0]
    assert f"{first['pack']}/{first['id']}" in wanted
    assert any(owed_by in each["owed_by"] and due in each["due"] for each in found.values())
    for each in found.values():
        assert each["missing"]
        assert BROUGHT[year] in each["owed_by"]
        assert "{" not in "".join((each["question"], each["because"], each["missing"], each["owed_by"], each["due"]))


@pytest.mark.parametrize("year", CALLED)
def test_a_plan_sealed_after_the_decision_is_named(year):
    case = irreproachable(year)
    case["decision"]["made_from"] = ["@appraisal", "@equality"]
    assert gate(recorded(case, f"{year}-06-20")).fields["verdict"] == "irreproachable"
    fields = gate(recorded(case, f"{year}-06-20", last="evaluation")).fields
    late = [each for each in fields["tests"] if each["answer"] in (HELD, NOT)]
    assert [(each["id"], each["answer"], each["due"]) for each in late] == [
        ("sealed-first", NOT, "before the decision")]
    assert late[0]["owed_by"].startswith("secretary")


def test_a_plan_amended_after_the_decision_was_still_sealed_before_it():
    case = irreproachable(2019)
    case["decision"]["made_from"] = ["@appraisal", "@equality"]
    first = next(each for each in papers(case) if each.paper == "evaluation-plan")
    amended = {**case["evaluation"], "name": "amended", "content": {
        **case["evaluation"]["content"], "amends": seal(first).digest, "amendment_reason": "The unit opened later."}}
    fields = gate(recorded({**case, "amended": amended}, "2019-06-20", last="amended")).fields
    assert fields["verdict"] == "irreproachable"


@pytest.mark.parametrize("year", CALLED)
def test_the_same_is_found_in_the_document_that_the_record_shows(year, tmp_path, capsys):
    """A case kept in a workspace, shown as JSON, and asked again from that document by the command."""
    from datetime import UTC, datetime

    from evenhand.record import Workspace

    for name, change, verdict in (("whole", {}, "irreproachable"),
                                  ("late", BROKEN["the equality assessment came after the decision"][0], "not yet")):
        record = Workspace.open(tmp_path / name)
        for each in papers(changed(irreproachable(year), dated(change, year))):
            record.keep(each, by="person/7", at=datetime(year, 6, 20, 12, tzinfo=UTC))
        assert main(["record", "show", "invented-stroke-unit", "--workspace", str(tmp_path / name), "--json"]) == 0
        document = tmp_path / f"{name}.json"
        document.write_text(capsys.readouterr().out)
        assert main(["decide", "gate", str(document), "--json"]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert answer["verdict"] == verdict
        assert [each["id"] for each in answer["tests"] if each["answer"] == NOT] == (
            [] if verdict == "irreproachable" else ["in-time"])
