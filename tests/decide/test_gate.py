"""What must be shown first: the verdict, the weakest links, versions, the record, and what is refused."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decide.worked import changed, complete, papers, recorded
from evenhand.cli import main
from evenhand.data.tables import Opened
from evenhand.decide import gate
from evenhand.decide.pack import pack_in, packs, packs_on
from evenhand.decide.pack_words import Spoken, of_whom
from evenhand.papers import kind_named, seal
from evenhand.record import Workspace
from evenhand.terms import Refused

PROJECT = Path(__file__).resolve().parents[2]
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
OWN = """
id = "own"
title = "A rule of our own"
source = "Standing orders (invented)"
[[test]]
id = "why"
question = "Is it said why?"
link = "evidence"
missing = "The reasons"
owed_by = "chair of the {commissioner}"
due = "before the decision"
needs = [{ check = "said", paper = "proposal", field = "why", what = "why it is proposed" }]
"""


def test(answer, pack, name):
    return next(each for each in answer.fields["tests"] if (each["pack"], each["id"]) == (pack, name))


test.__test__ = False


def test_the_weakest_links_are_what_is_contradicted_first_from_three_links_of_the_case():
    # One plain contradiction of little weight, one silence of great weight in two packs of one link, one elsewhere.
    case = changed(complete(), {"set": {"equality.content.signed_by": ["person/1"]},
                                "without": ["voices", "evaluation"]})
    weakest = gate(papers(case)).fields["weakest"]
    assert [each["answer"] for each in weakest] == ["not met", "no evidence held", "no evidence held"]
    assert weakest[0]["id"] == "own-hands"
    assert len({each["link"] for each in weakest}) == 3


def test_a_case_of_papers_that_say_nothing_gets_no_not_met():
    bare = {"proposal": {"name": "proposal", "kind": "proposal", "version": 1, "content": {
        "title": "Something (invented)", "service": "Something", "bodies": [],
        "options": [{"id": "do", "title": "Do it"}, {"id": "nothing", "does_nothing": True}]}}}
    answer = gate(papers(bare), on="2026-01-01")
    assert answer.fields["counts"]["not met"] == 0
    assert answer.fields["counts"]["met"] == 0
    assert answer.fields["verdict"] == "not yet"


def test_every_field_emptied_of_what_it_says_gives_no_not_met():
    # Whatever a paper may leave out is left out: what stays is what a paper cannot be written without.
    case = complete()
    for each in case.values():
        must = {one.name for one in fields(kind_named(each["kind"])) if one.default is MISSING
                and one.default_factory is MISSING}
        optional = {"made": None, "design": None, "measure": None, "criteria": None, "scores": None}
        each["content"] = {name: optional.get(name, value) for name, value in each["content"].items() if name in must}
        each["made_from"] = []
    case["decision"]["content"]["rulings"] = [{"body": {"name": "Millbrook (invented)"}, "outcome": "approved"}]
    answer = gate(papers(case))
    assert [each["id"] for each in answer.fields["tests"] if each["answer"] == "not met"] == []
    assert answer.fields["verdict"] == "not yet"


@settings(max_examples=30)
@given(st.data())
def test_whatever_is_left_unsaid_nothing_becomes_not_met(data):
    # Any fields of any papers go missing, any papers too: silence alone makes no "not met" of a case without a fault.
    case = complete()
    gone = data.draw(st.sets(st.sampled_from([name for name in case if name != "proposal"])))
    for name in case.keys() - gone:
        may_go = [each.name for each in fields(kind_named(case[name]["kind"]))
                  if each.name in case[name]["content"] and each.default is None]
        for each in data.draw(st.sets(st.sampled_from(may_go)) if may_go else st.just(set())):
            del case[name]["content"][each]
    answer = gate(papers({name: each for name, each in case.items() if name not in gone}))
    assert [(each["id"], each["because"]) for each in answer.fields["tests"] if each["answer"] == "not met"] == []


def test_papers_about_another_version_are_named_and_do_not_count():
    case = changed(complete(), {"set": {"voices.version": 1}})
    found = test(gate(papers(case)), "irreproachable-case", "this-version")
    assert found["answer"] == "no evidence held"
    assert [(each["version"], each["counts"]) for each in found["evidence"]] == [(1, False)]
    assert "about version 1, so it does not count for version 2" in found["because"]


def test_of_two_assessments_the_newest_in_the_record_counts():
    case = complete()
    older = {**case["equality"], "name": "older", "content": {**case["equality"]["content"], "impacts": []}}
    first = {"proposal": case["proposal"], "older": older}
    assert test(gate(recorded({**first, **case}, "2026-06-01")), "equality", "each-option")["answer"] == "met"
    last = recorded({**case, "older": older}, "2026-06-01", last="older")
    assert test(gate(last), "equality", "each-option")["answer"] == "not met"
    # Without the record nobody knows which is newer: the one that shows least is taken, and that is said.
    loose = gate(papers({**case, "older": older}))
    assert test(loose, "equality", "each-option")["answer"] == "not met"
    assert any("their order is not known" in remark for remark in loose.remarks)


def test_who_owes_what_is_missing_and_by_when_can_be_recorded():
    owed = {"name": "owed", "kind": "judgement", "version": 2, "content": {
        "pack": "gunning", "test": "conscience", "owed_by": "person/8", "due": "2026-06-30"}}
    case = changed(complete(), {"without": ["voices"], "add": [owed]})
    found = test(gate(papers(case)), "gunning", "conscience")
    assert (found["owed_by"], found["due"]) == ("person/8", "2026-06-30")
    assert test(gate(papers(changed(complete(), {"without": ["voices"]}))), "gunning", "conscience")["owed_by"] \
        == "programme office of the integrated care board"


def test_an_invented_countys_commissioner_is_called_none_of_englands_kinds():
    told = changed(complete(), {"without": ["voices"], "add": [
        {"name": "told", "kind": "opportunity", "version": None, "content": {
            "body": {"name": "Millbrook commissioner"}, "title": "Feet", "measure": "feet", "period": "2025-01/2025-12",
            "against": "peers", "gap": None, "gap_units": "",
            "sure": "fair", "remarks": ["Invented county: nobody and nothing here is real."]}}]})
    assert test(gate(papers(told)), "gunning", "conscience")["owed_by"] == "programme office of the commissioner"
    owed = "chair of the integrated care board's board"
    assert of_whom(owed, invented=True) == "chair of the commissioner's board"
    assert of_whom(owed, invented=False) == owed


@pytest.mark.parametrize(("day", "commissioner", "assurer"), [
    ("2012-06-01", "primary care trust", "strategic health authority"),
    ("2014-06-01", "clinical commissioning group", "area team"),
    ("2016-06-01", "clinical commissioning group", "regional office"),
    ("2022-06-30", "clinical commissioning group", "regional office"),
    ("2022-07-01", "integrated care board", "regional office"),
])
def test_bodies_are_called_what_they_were_called_then(day, commissioner, assurer):
    spoken = Spoken.of(date.fromisoformat(day))
    assert spoken.said("{commissioner}, {assurer}") == f"{commissioner}, {assurer}"


def test_the_rules_of_the_day_are_asked():
    def ids(day):
        return {(pack.id, pack.version) for pack in packs_on(date.fromisoformat(day))}

    assert ("scrutiny", "2013") in ids("2024-01-30")
    assert ("scrutiny", "2024") in ids("2024-01-31")
    assert ("scrutiny", "2013") not in ids("2024-01-31")
    assert ("service-change", "2010") in ids("2017-03-31")
    assert ("service-change", "2017") in ids("2017-04-01")
    assert ("service-change", "2010") not in ids("2017-04-01")
    assert ("provider-selection", "1") not in ids("2023-12-31")
    assert ("provider-selection", "1") in ids("2024-01-01")
    assert [version for pack, version in ids("2013-03-31") if pack in ("involvement", "scrutiny")] != []
    for day in ("2010-06-21", "2013-03-31", "2013-04-01", "2022-06-30", "2022-07-01", "2024-01-31", "2026-11-22"):
        found = [pack for pack, _ in ids(day)]
        assert len(found) == len(set(found)), f"two versions of one pack on {day}"


def test_a_pack_asked_for_by_name_says_that_it_was_not_in_force():
    answer = gate(papers(complete()), pack=["service-change"], on="2009-01-01")
    assert {each["answer"] for each in answer.fields["tests"]} == {"not applicable"}
    assert answer.fields["verdict"] == "not yet"
    assert "from 21 June 2010" in answer.fields["tests"][0]["because"]


def test_a_rule_pack_of_ones_own_is_a_file_and_no_code(tmp_path, capsys):
    path = tmp_path / "own.toml"
    path.write_text(OWN)
    assert main(["decide", "gate", "sample:case", "--pack-file", str(path), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [(each["pack"], each["id"], each["answer"]) for each in document["tests"]] == [("own", "why", "met")]
    assert document["verdict"] == "irreproachable"


def test_a_local_pack_changes_a_number_and_nothing_else():
    local = pack_in(b'based_on = "gunning"\nid = "ours"\ntitle = "Ours"\nsource = "Ours (invented)"\n'
                    b"[numbers]\nleast_days = 42\n", "ours.toml")
    base = next(pack for pack in packs() if pack.id == "gunning")
    assert local.tests == base.tests
    assert (base.number("least_days"), local.number("least_days")) == (84, 42)
    assert local.in_force == base.in_force
    assert not local.usual


@pytest.mark.parametrize(("change", "said"), [
    (('check = "said"', 'check = "sayd"'), "is no check; there are said"),
    (('paper = "proposal"', 'paper = "propsal"'), "there is no paper called 'propsal'"),
    (('field = "why", what', 'feild = "why", what'), "there is no such member in a Said"),
    ((', what = "why it is proposed"', ""), "this member is missing"),
    (('link = "evidence"', 'link = "weather"'), "there is no such link of a case"),
    (("{commissioner}", "{queen}"), "the vocabulary has no such word"),
    (('needs = [{ check = "said", paper = "proposal", field = "why", what = "why it is proposed" }]', ""),
     "nothing is said of what must be shown"),
    (('[[test]]', '[[tset]]'), "at least one [[test]]"),
    (('id = "own"', 'id = "own'), "this is not TOML"),
    (('source = "Standing orders (invented)"', ""), "source"),
])
def test_a_pack_that_is_not_written_as_one_is_refused_where_it_is_wrong(change, said):
    text = OWN.replace(*change)
    with pytest.raises(Refused) as refused:
        pack_in(text.encode(), "own.toml")
    assert said in str(refused.value)
    assert "own.toml" in str(refused.value)


@pytest.mark.parametrize(("change", "said"), [
    (('field = "why"', 'field = "wy"'), "has no field 'wy'; it has why"),
    (('field = "why"', 'field = "options.colour"'), "does not have"),
    (('check = "said", paper = "proposal", field = "why"',
      'check = "lasted", paper = "proposal", first = "title", last = "why", days = 3'),
     "a day where the paper holds something else"),
    (('check = "said", paper = "proposal", field = "why"', 'check = "covers", paper = "proposal", field = "why"'),
     "a list where the paper holds something else"),
    (('paper = "proposal", field', 'paper = "proposal", where = { colour = ["red"] }, field'), "has no field 'colour'"),
])
def test_a_pack_that_asks_papers_for_what_they_cannot_hold_is_refused(change, said):
    with pytest.raises(Refused) as refused:
        gate("sample:case", pack_file=Opened("own.toml", content=OWN.replace(*change).encode()))
    assert said in str(refused.value)


def test_a_case_can_be_a_folder_a_pack_an_id_or_a_document(tmp_path, capsys):
    record = Workspace.open(tmp_path / "held")
    for each in papers(complete()):
        record.keep(each, by="person/7", at=NOON)
    (tmp_path / "case.zip").write_bytes(record.pack(["case/invented-stroke-unit"]))
    folder = tmp_path / "loose"
    folder.mkdir()
    for number, each in enumerate(papers(complete())):
        (folder / f"{number}.json").write_bytes(seal(each).bytes)
    assert main(["record", "show", "invented-stroke-unit", "--workspace", str(tmp_path / "held"), "--json"]) == 0
    (tmp_path / "case.json").write_text(capsys.readouterr().out)
    for words in (["invented-stroke-unit", "--workspace", str(tmp_path / "held")], [str(tmp_path / "case.zip")],
                  [str(folder)], [str(tmp_path / "case.json")], [str(tmp_path / "held")]):
        assert main(["decide", "gate", *words, "--json"]) == 0, words
        document = json.loads(capsys.readouterr().out)
        assert document["verdict"] == "irreproachable", words
        assert document["proposal_version"] == 2


def test_the_answer_has_the_fields_it_promises(capsys):
    assert main(["decide", "gate", "sample:case", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["verdict"] == "not yet"
    assert len(document["weakest"]) == 3
    wanted = {"pack", "id", "question", "answer", "because", "evidence", "owed_by", "due"}
    assert all(wanted <= each.keys() for each in document["tests"])
    assert {each["answer"] for each in document["tests"]} == {"met", "not met", "not applicable", "no evidence held"}
    assert sum(document["counts"].values()) == len(document["tests"])
    assert document["on"] is None


def test_a_terminal_shows_every_test_and_every_question_to_its_end(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["decide", "gate", "sample:case"]) == 0
    shown = capsys.readouterr().out
    table = shown.split("Not shown for want of room")[0].split("---\n")[1]
    # Answers take 16 signs and two between; questions the next 32.
    said = " ".join(" ".join(line[18:50] for line in table.splitlines()).split())
    asked = gate("sample:case").fields["tests"]
    assert len(asked) > 40
    assert [each["question"] for each in asked if each["question"] not in said] == []
    assert "more row" not in shown
    assert "…" not in table
    assert all(len(line) <= 100 for line in shown.splitlines())


@pytest.mark.parametrize(("words", "said"), [
    (["--pack", "guning"], "choose from gunning"),
    (["--on", "yesterday"], "write it as 2018-06-30"),
    (["--proposal-version", "7"], "versions held: 1, 2"),
])
def test_what_is_not_there_is_refused_with_what_is(words, said, capsys):
    assert main(["decide", "gate", "sample:case", *words]) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.out == ""


@pytest.mark.parametrize(("text", "said"), [
    ("{", "this is not JSON"), ("[]", "no list of papers"), ('{"papers": []}', "it holds no case"),
    ('{"papers": [{"header": {}, "content": {}}]}', "no such kind of paper"),
    ('{"papers": [3]}', "no list of papers"), ("[" * 90_000, "this is not JSON"),
    ('{"papers": [{"header": {"settings": ' + '{"a":' * 900 + "1" + "}" * 900 + "}}]}", "papers"),
    ('{"papers": [{"header": {"paper": "\\ud800"}, "content": {}}]}', "papers"),
    ('{"papers": [], "entries": [{"number": "one"}]}', "an entry of the record is not shaped as one"),
    ('{"papers": [{"header": {"paper": "proposal", "schema": 1, "subject": "case/x"}, "content": {}}]}',
     "not shaped as one"),
])
def test_a_document_that_is_no_case_is_refused(text, said, tmp_path, capsys):
    path = tmp_path / "case.json"
    path.write_text(text)
    assert main(["decide", "gate", str(path)]) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert str(path) in shown.err
    assert "Traceback" not in shown.err


def test_papers_of_two_cases_are_refused():
    with pytest.raises(Refused, match="not of one case"):
        gate([*papers(complete()), *papers(complete(), subject="case/another")])


def test_the_real_decision_gets_honest_answers(tmp_path, capsys):
    """Derbyshire, 2017: what is held of it is little, and silence is never taken for a no."""
    assert main(["run", str(PROJECT / "examples" / "derbyshire"), "--workspace", str(tmp_path)]) == 0
    capsys.readouterr()
    assert main(["decide", "gate", "derbyshire-gluten-free", "--workspace", str(tmp_path), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["verdict"] == "not yet"
    assert document["on"] == "2017-12-31"
    assert document["counts"]["not met"] == 0
    assert document["counts"]["no evidence held"] > 25
    met = {(each["pack"], each["id"]) for each in document["tests"] if each["answer"] == "met"}
    # 27 February to 15 August 2017 is 169 days; the decisions came in November and December.
    assert met == {("gunning", "formative"), ("gunning", "time"), ("equality", "assessed"),
                   ("irreproachable-case", "this-version"), ("involvement", "while-developed"),
                   # It was bound to an option of the one version there is, and promised things for later only.
                   ("irreproachable-case", "option-open"),
                   ("irreproachable-case", "promises-kept")}
    assert all("clinical commissioning group" in each["owed_by"] for each in document["tests"] if each["owed_by"])
