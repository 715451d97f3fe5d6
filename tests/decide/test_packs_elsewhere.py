"""Rules of another nation, or other local bands, are a file: a made-up nation's pack, and packs written badly."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decide.worked import changed, complete, papers
from evenhand.cli import main
from evenhand.data.tables import Opened
from evenhand.decide import gate
from evenhand.decide.pack import pack_in
from evenhand.terms import Refused

RURITANIA = (Path(__file__).parent / "elsewhere" / "ruritania.toml").read_text()


def asked(pack, case=None, **options):
    return gate(papers(case or complete()), pack_file=Opened("own.toml", content=pack.encode()), **options).fields


def test_of(fields, name):
    return next(each for each in fields["tests"] if each["id"] == name)


test_of.__test__ = False


def judgement(name, **content):
    return {"name": name, "kind": "judgement", "version": 2, "content": {
        "pack": "ruritania", "test": "near-or-fast", "because": "As the letters say", "signed_by": "person/2",
        "relies_on": ["@letters"], **content}}


def test_its_tests_numbers_bands_and_words_are_its_own():
    fields = asked(RURITANIA)
    heard = test_of(fields, "heard")
    # 1 February to 1 May 2026 is 89 days, and 20 are asked for there.
    assert (heard["answer"], heard["question"]) == (
        "met", "Did the people's health office ask the people, and hold a hearing?")
    assert "an asking of the people's health office that was long enough" in heard["because"]
    # 2 times 3 is 6 and 3 times 3 is 9: both above 5, and called red there.
    risks = test_of(fields, "risks")
    assert risks["answer"] == "met"
    assert "one-unit on experience: 3 times 3 is 9, red" in risks["because"]
    assert fields["packs"][0]["title"] == "Duties of a people's health office (Ruritania, made up)"
    assert fields["packs"][0]["in_force"] == "from 1 January 1931 until 31 December 2039"


def test_its_words_follow_its_dates_and_its_end_is_kept():
    assert "crown health office" in test_of(asked(RURITANIA, on="1940-01-01"), "heard")["question"]
    later = asked(RURITANIA, on="2040-01-01")
    assert {each["answer"] for each in later["tests"]} == {"not applicable"}


def test_what_is_missing_is_owed_by_those_it_names():
    fields = asked(RURITANIA, changed(complete(), {"without": ["voices"]}))
    heard = test_of(fields, "heard")
    assert (heard["answer"], heard["owed_by"], heard["due"]) == (
        "no evidence held", "clerk of the people's health office", "before the ombudsman of Strelsau is told")
    ward = test_of(fields, "near-or-fast")
    assert (ward["answer"], ward["owed_by"]) == ("no evidence held", "ombudsman of Strelsau")
    assert "whether the people's health office closes a ward" in ward["because"]


@pytest.mark.parametrize(("said", "answer"), [
    ([{"applies": False}], "not applicable"), ([{"applies": True}], "no evidence held"),
    ([{"applies": True}, {"limb": "fast", "met": True}], "met"),
    ([{"applies": True}, {"limb": "near", "met": True}], "met"),
    ([{"applies": True}, {"limb": "near", "met": False}, {"limb": "fast", "met": False}], "not met"),
    ([{"applies": True}, {"limb": "near", "met": True, "signed_by": "person/1"}], "no evidence held"),
])
def test_either_of_its_limbs_is_enough_once_it_is_judged_to_apply(said, answer):
    case = changed(complete(), {"add": [judgement(f"j{at}", **each) for at, each in enumerate(said)]})
    assert test_of(asked(RURITANIA, case), "near-or-fast")["answer"] == answer


@pytest.mark.parametrize(("signed", "answer"), [(date(2026, 3, 13), "not met"), (date(2026, 3, 14), "met")])
def test_its_standstill_leaves_its_own_days_off_out(signed, answer):
    # Notice on Monday 2 March 2026, on which it begins there; 3 4 5 6, 9, out the 10th, 11 12 13.
    choice = {"name": "choice-of-provider", "kind": "provider-selection", "version": 2, "content": {
        "title": "Care at home (invented)", "process": "competitive", "signed": signed, "representations": [],
        "notices": [{"kind": "intention to award", "published": date(2026, 3, 2), "address": "https://example.org"}]}}
    assert test_of(asked(RURITANIA, changed(complete(), {"add": [choice]})), "standstill")["answer"] == answer


def test_it_is_asked_from_the_command_line_too(tmp_path, capsys):
    (tmp_path / "ruritania.toml").write_text(RURITANIA)
    assert main(["decide", "gate", "sample:case", "--pack-file", str(tmp_path / "ruritania.toml"), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {each["pack"] for each in document["tests"]} == {"ruritania"}
    assert document["packs"][0]["digest"].startswith("sha256:")


def test_local_bands_change_what_a_score_is_called_and_from_where_it_is_asked():
    # Worked example: likelihood 3 times consequence 3 is 9, above 8 in Derbyshire and not above 9 in Airedale.
    bare = changed(complete(), {"remove": ["quality.content.impacts.2.mitigation_owner"]})
    local = 'based_on = "quality"\nid = "ours"\ntitle = "Ours"\nsource = "Ours (made up)"\n[numbers]\nfull_above = {}\n'
    strict, lenient = (asked(local.format(above), bare) for above in (8, 9))
    assert test_of(strict, "full-where-high")["answer"] == "no evidence held"
    assert test_of(lenient, "full-where-high")["answer"] == "met"
    named = asked(local.format(8) + "[bands]\nquiet = 8\nloud = 25\n")
    assert "is 9, loud" in test_of(named, "full-where-high")["because"]


@pytest.mark.parametrize(("change", "said"), [
    (("{scrutineer} is told", "{scrutinee} is told"), "the vocabulary has no such word"),
    (("closes a ward", "closes a {ward"), "a brace stands in this text"),
    (("from = 1950-01-01\nword", "word"), "run from oldest to newest"),
    (("[[vocabulary.scrutineer]]", "[vocabulary.scrutineer]"), "has at least one row"),
    (('word = "ombudsman of Strelsau"', 'wort = "ombudsman"'), "there is no such member in a Word"),
    (("red = 25", "red = 20"), "the bands run from the lowest to the highest"),
    (("green = 5", "green = 30"), "the bands run from the lowest to the highest"),
    (("least_days = 20", "fewest_days = 20"), "no number of this name stands under [numbers]"),
    (("days_after_answer = 3\n", ""), "no number of this name"),
    (("gravity = 3", "gravity = 7"), "1, 2 or 3"),
    (('applies_what = "the {commissioner} closes a ward"', ""), "does not say what is judged"),
    (('applies_paper = "provider-selection"', ""), "does not say which"),
    (('applies_paper = "provider-selection"', 'applies_paper = "tender"'), "there is no paper called 'tender'"),
    (('id = "near-or-fast"', 'id = "heard"'), "two tests have this id"),
    (("days_off = [2026-03-10]", 'days_off = ["Tuesday"]'), "days_off"),
    (("days_off = [2026-03-10]", "days_off = [2026-03-10T09:00:00]"), "days_off"),
    (("in_force = { from = 1931-01-01, to", "in_force = { since = 1931-01-01, to"), "in_force"),
    (('needs = [{ check = "judged", limb = "near"', 'neds = [{ check = "judged", limb = "near"'), "no such member"),
    (('field = "impacts"', 'field = "impact"'), "has no field 'impact'; it has impacts"),
    (('which = "any", first', 'which = "some", first'), "'some' is none of newest, any, every"),
    (('link = "engagement"', 'link = "engagment"'), "no such link"),
    (('id = "ruritania"\n', ""), "id"),
    (('version = "1931"', "version = nan"), "own.toml"),
    (('version = "1931"', "version = 1931"), "version"),
    (('version = "1931"', 'applies_as = "x"'), "no such member in a Pack"),
    (('due = "before the contract"', 'due = "before the contract"\napplies_as = "nowhere"'), "to apply as"),
])
def test_a_pack_that_is_not_written_well_is_refused_by_name_and_place(change, said):
    assert change[0] in RURITANIA
    with pytest.raises(Refused) as refused:
        asked(RURITANIA.replace(*change, 1))
    assert said in str(refused.value)
    assert "own.toml" in str(refused.value)


@pytest.mark.parametrize(("text", "said"), [
    ('based_on = "weather"', "a pack that does not come with the program"),
    ('based_on = "quality"\nid = "o"\ntitle = "O"\nsource = "O"\n[numbers]\nabove = 3', "quality has no such number"),
    ('based_on = "quality"\nid = "o"\ntitle = "O"\nsource = "O"\nnumbers = 3', "numbers stand by name"),
    ('based_on = "quality"\nid = "o"\ntitle = "O"\nsource = "O"\n[[test]]\nid = "x"', "takes its tests from there"),
    ('based_on = "quality"\nid = "o"\ntitle = "O"\nsource = "O"\nbands = { low = 3 }', "the bands run"),
    ('based_on = "quality"\nid = "o"\ntitle = "O"', "source"),
    ("test = [3]", "a test is a table of its own"),
    ("", "at least one [[test]]"),
])
def test_a_local_pack_that_is_not_written_well_is_refused(text, said):
    with pytest.raises(Refused) as refused:
        asked(text)
    assert said in str(refused.value)
    assert "own.toml" in str(refused.value)


def read_or_refused(content):
    try:
        return pack_in(content, "own.toml")
    except Refused as refused:
        return str(refused)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(RURITANIA.encode()) - 1), st.integers(0, 7))
def test_a_flipped_bit_is_read_as_another_pack_or_refused_by_name_and_never_breaks(at, bit):
    content = bytearray(RURITANIA.encode())
    content[at] ^= 1 << bit
    whole = pack_in(RURITANIA.encode(), "own.toml")
    said = read_or_refused(bytes(content))
    if isinstance(said, str):
        assert "own.toml" in said
    else:
        assert said.digest != whole.digest
        gate("sample:case", pack_file=Opened("own.toml", content=bytes(content)))


def test_the_made_up_pack_is_toml_and_nothing_else():
    assert {*tomllib.loads(RURITANIA)} == {"id", "title", "source", "version", "in_force", "days_off", "numbers",
                                           "bands", "vocabulary", "test"}
