"""Decisions made before: which are like one at hand, and nothing said of them but what their sources say."""

import csv

import pytest

from evenhand.decide import precedents
from evenhand.decide.precedents import Precedent, published, register, similar
from evenhand.papers import Body, Challenge, Decision, Header, Ruling
from record.made import proposal

HEARING = Precedent("hearing", "Town", "Hearing aids", kind="stop", proposal="End hearing aids", codes=("A",),
                    year=2014, decision="Stopped.")
FEET = Precedent("feet", "Ashdale", "Podiatry", kind="reduce", proposal="Reduce podiatry clinics", year=2016)
TEETH = Precedent("teeth", "Linnet", "Dentistry", kind="move", proposal="Move dentistry", today=("B",), year=2019)


def test_ten_real_decisions_come_with_the_program_each_with_where_it_was_read():
    assert len(published()) == 10
    assert all(each.sources and each.codes and not each.invented for each in published())


def test_what_a_source_does_not_say_stays_unsaid():
    assert {each.id: each for each in published()}["mid-notts-ivf"].decision is None
    assert {each.id: each for each in published()}["luton-gluten-free-otc"].replies is None


def test_like_decisions_are_found_by_the_words_of_the_service_and_say_why():
    found = similar("Gluten-free foods", "Stop gluten-free foods", published())
    assert [each.precedent.id for each in found] == [
        "derbyshire-gluten-free", "luton-gluten-free-otc", "st-helens-referral-pause"]
    assert found[0].because == "both speak of foods and gluten-free; both would stop"


def test_words_that_every_health_service_uses_make_nothing_alike():
    assert not similar("Hospital care after 80", "Ward 3: care at home", published())
    assert not similar("Dressings", "One list of dressings", published())


def test_the_same_body_or_what_is_done_adds_to_words_but_makes_nothing_alike_alone():
    among = (HEARING, FEET, TEETH)
    assert not similar("Wheelchairs", "End wheelchairs", among, codes=["A"])
    plain, same = (similar("Hearing", "Move hearing tests", [*among, *published()], codes=codes)[0]
                   for codes in ((), ("A",)))
    assert same.weight == pytest.approx(plain.weight + 0.5)
    assert "the same body, or one it came from" in same.because


def test_a_case_is_not_its_own_precedent():
    assert "hearing" not in [each.precedent.id for each in similar("Hearing aids", "End hearing aids",
                                                                   [*published(), HEARING], without="hearing")]


def test_of_two_with_one_name_the_later_source_stands_and_keeps_what_only_the_earlier_says():
    later = Precedent("hearing", "Town", "Hearing aids", decision="Stopped, then paused.")
    (one,) = register([HEARING], [later])
    assert (one.decision, one.year) == ("Stopped, then paused.", 2014)


def test_a_case_of_the_record_becomes_a_precedent_when_it_is_decided():
    assert precedents.from_case("ward-3", [proposal()]) is None
    decision = Decision(
        header=Header(subject="case/ward-3", proposal_version=1), title="Ward 3", outcome="approved", option="close",
        rulings=(Ruling(body=Body("Town", "A"), outcome="approved"),), sentence="To go ahead.",
        challenges=(Challenge(by="The council", what="asked for more time.", result="Refused."),))
    found = precedents.from_case("ward-3", [proposal(), decision])
    assert found is not None
    assert (found.case, found.decision, found.year) == ("ward-3", "To go ahead.", None)
    assert found.challenge == "The council: asked for more time. Refused."
    assert found.followed is None


@pytest.mark.real
def test_the_ten_agree_with_the_published_table(real):
    with (real / "cases" / "service_decisions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    read = {each.id: each for each in precedents.from_rows(rows)}
    ours = {each.id: each for each in published()}
    assert set(read) == set(ours)
    for name, one in read.items():
        assert (ours[name].codes, ours[name].today, ours[name].year) == (one.codes, one.today, one.year)
        assert ours[name].sources == one.sources
        for part in ("options", "engagement", "replies", "result", "money", "decision", "challenge", "followed"):
            assert bool(getattr(ours[name], part)) == bool(getattr(one, part)), f"{name}: {part}"
