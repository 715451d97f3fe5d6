"""A paper has one form and one digest, comes back as it went in, and old schemas are read without sealing again."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from evenhand.papers import (
    KINDS,
    Assessment,
    Body,
    ChangePlan,
    Decision,
    Header,
    MadeFrom,
    Method,
    Opportunity,
    Option,
    Promise,
    Proposal,
    Ruling,
    Source,
    Stated,
    Theme,
    Voices,
    canonical_bytes,
    digest,
    opened,
    seal,
    subject,
)
from evenhand.papers.shape import Misshapen, taken
from evenhand.terms import Estimate, Month, Refused, Span, Suppressed

FOUR = tuple(Body(name, code) for name, code in [
    ("Erewash", "03X"), ("Hardwick", "03Y"), ("North Derbyshire", "04J"), ("Southern Derbyshire", "04R")])
GLUTEN_FREE = subject("case", "derbyshire-gluten-free")
LATE_2017 = Span(Month(2017, 11), Month(2017, 12))
NEWS = Source("Derbyshire commissioners confirm no change to the policy for gluten-free foods")


def gluten_free_proposal(**changes):
    return Proposal(**{
        "header": Header(subject=GLUTEN_FREE, proposal_version=1), "title": "Gluten-free foods on prescription",
        "service": "Prescribing", "bodies": FOUR, "options": (
            Option(id="stop", title="Stop altogether"),
            Option(id="eight-units", title="Eight units a month for all eligible"),
            Option(id="third", title=None),
            Option(id="as-now", title="Leave as it is", does_nothing=True)),
        "spend": (
            Stated("gluten-free foods", 65_000_000, "pence", "more than", Span(Month(2016, 12), Month(2017, 11)), NEWS),
            Stated("of which bread and mixes", 52_800_000, "pence", "about")),
        "change_plan": None, **changes})


def gluten_free_decision():
    return Decision(
        header=Header(subject=GLUTEN_FREE, proposal_version=1), title="Gluten-free foods on prescription",
        outcome="approved", option="stop", together=False,
        rulings=tuple(Ruling(body=body, outcome="approved", decided=LATE_2017, option="stop") for body in FOUR),
        promises=(Promise(what="Review after six months", kept_when=date(2018, 12, 13)),), sources=(NEWS,))


def test_a_real_case_goes_in_and_comes_back_as_it_was():
    for paper in (
            gluten_free_proposal(), gluten_free_decision(),
            Voices(header=Header(subject=GLUTEN_FREE, proposal_version=1), kind="formal consultation",
                   opened=date(2017, 2, 27), closed=date(2017, 8, 15), led_by=FOUR[2],
                   ways=("survey", "public events", "letters", "telephone", "social media"),
                   themes=(Theme(title="Cost of food", replies=Suppressed("fewer than 5")),)),
            Assessment(header=Header(subject=GLUTEN_FREE, proposal_version=1), kind="equality", made=True)):
        assert opened(seal(paper).bytes) == paper


def test_the_same_paper_has_the_same_digest_in_another_process():
    here = seal(gluten_free_proposal()).digest
    there = subprocess.run(
        [sys.executable, "-c", "from tests.papers.test_papers import *; print(seal(gluten_free_proposal()).digest)"],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]).stdout.strip()
    assert here == there == digest(canonical_bytes(gluten_free_proposal()))


def test_the_digest_covers_what_it_was_made_from_and_how():
    def found(**header):
        return seal(Opportunity(header=Header(subject="body/04J", **header), body=FOUR[2], measure="amino-acid-formula",
                                title="Amino acid formula", period=Span.financial_year("2016/17"), against="median",
                                gap=Estimate(71_740, 50_000, 90_000), gap_units="pounds a year")).digest

    asked = Method("find gaps", "1", "Spiegelhalter 2005")
    assert len({found(), found(seed=1), found(method=asked), found(settings={"per": 1000}),
                found(made_from=(MadeFrom(digest(b"a file"), "a file"),)), found(proposal_version=1)}) == 6


def test_not_held_stays_apart_from_none_there_were():
    held = Ruling(body=FOUR[0], outcome="approved", stood_aside=())
    not_held = Ruling(body=FOUR[0], outcome="approved")
    assert canonical_bytes(held) != canonical_bytes(not_held)
    assert taken(Ruling, json.loads(canonical_bytes(held))).stood_aside == ()
    assert taken(Ruling, json.loads(canonical_bytes(not_held))).stood_aside is None


def test_a_decision_of_the_first_schema_is_read_with_one_ruling_and_keeps_its_digest():
    # Schema 1, as it was sealed: one body, one day, no list of rulings.
    old = canonical_bytes({
        "header": {"paper": "decision", "schema": 1, "subject": "case/ward-3", "proposal_version": 2, "made_from": [],
                   "method": None, "settings": {}, "seed": None},
        "content": {"title": "Ward 3", "outcome": "approved", "option": "close",
                    "body": {"name": "Millbrook", "code": "MIL"}, "decided": "2026-03-02", "power": None,
                    "quorate": True, "votes": {"for_it": 5, "against": 1, "abstained": 0}, "stood_aside": []}})
    decision = opened(old)
    assert isinstance(decision, Decision)
    (ruling,) = decision.rulings
    assert (ruling.body.code, ruling.decided, ruling.votes.for_it, ruling.stood_aside) == (
        "MIL", date(2026, 3, 2), 5, ())
    assert ruling.attended is None
    # Sealing it again would make another paper; the record therefore keeps and cites the bytes as they were.
    assert seal(decision).digest != digest(old)


@pytest.mark.parametrize("wrong", [
    b"", b"not json", b"[]", b"{}", b"\xff\xfe", b'{"content":{},"header":{}}',
    seal(gluten_free_proposal()).bytes + b" ", seal(gluten_free_proposal()).bytes[:-1],
    seal(gluten_free_proposal()).bytes.replace(b'"paper":"proposal"', b'"paper":"proposed"'),
    seal(gluten_free_proposal()).bytes.replace(b'"schema":2', b'"schema":9'),
    seal(gluten_free_proposal()).bytes.replace(b'"service":', b'"servixe":'),
    b"[" * 100_000])
def test_bytes_that_are_no_paper_are_refused_in_words(wrong):
    with pytest.raises(Refused) as refusal:
        opened(wrong)
    assert "Traceback" not in str(refusal.value)
    assert ";" in str(refusal.value)


def test_a_proposal_always_holds_doing_nothing():
    with pytest.raises(ValueError, match="doing nothing"):
        gluten_free_proposal(options=(Option(id="stop", title="Stop"),))


def test_a_proposal_has_a_number():
    with pytest.raises(ValueError, match="numbered from 1"):
        gluten_free_proposal(header=Header(subject=GLUTEN_FREE))


@pytest.mark.parametrize("name", ["ward 3", "case/", "case/../x", "person/lee", "case/a/b", "", "Installation"])
def test_a_subject_is_a_case_a_meeting_a_body_or_a_plan(name):
    with pytest.raises(Refused, match="does not name a case"):
        Header(subject=name)


def test_money_is_in_whole_pence():
    with pytest.raises(ValueError, match="whole pence"):
        Stated("spend", 10.5, "pence")


@pytest.mark.parametrize(("kind", "value", "place"), [
    (Option, {"title": "a"}, "id"), (Option, {"id": 3, "title": None}, "id"),
    (Option, {"id": "a", "title": None, "closed": "2017-13-01"}, "closed"),
    (ChangePlan, {"steps": ["one", 2]}, r"steps\[1\]")])
def test_a_value_of_the_wrong_shape_is_named_by_its_place(kind, value, place):
    with pytest.raises(Misshapen, match=place):
        taken(kind, value)


def test_every_kind_has_its_own_name_and_an_upgrade_from_each_older_schema():
    assert len({kind.paper for kind in KINDS}) == len(KINDS)
    for kind in KINDS:
        assert set(kind.upgrades) == set(range(1, kind.schema))
        assert kind.__doc__


def test_papers_need_neither_the_site_nor_heavy_libraries():
    loaded = subprocess.run(
        [sys.executable, "-c", "import evenhand.papers.flow, sys; print(*sys.modules)"],
        capture_output=True, text=True, check=True).stdout.split()
    assert not {"django", "numpy", "pandas", "scipy"} & set(loaded)
