"""Whether a declared interest touches an item: certain, near, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.decide.interest_match import Bodies, Match, Touched, matched, nearness, plain

# Two bodies became one; a practice, a hospital, and a hospital of another county with the same name.
BODIES = Bodies(
    names={"Z1": "Old Mill Commissioning Group", "Z2": "Old Weir Commissioning Group", "Z9": "New Vale Board",
           "P1": "Riverside Surgery", "H1": "Vale Hospitals NHS Trust", "H2": "Vale Hospitals Ltd"},
    followed=(("Z1", "Z9"), ("Z2", "Z9")))


def one(code: str, name: str, touched: Touched) -> Match | None:
    return next(iter(matched(code, name, [touched], BODIES)), None)


def certain(code: str, name: str, touched: Touched) -> bool | None:
    """True for a match that is applied, False for one to be settled by a person, None for none."""
    found = one(code, name, touched)
    return None if found is None else found.certain


@pytest.mark.parametrize(("code", "name", "touched", "expected"), [
    ("P1", "", Touched("Riverside Surgery", "P1"), True),
    ("P1", "", Touched("p1"), True),
    ("P1", "", Touched("RIVERSIDE  surgery."), True),
    ("", "riverside surgery", Touched("P1"), True),
    ("", "The Hilltop Care Co. Ltd", Touched("Hilltop Care Co Limited"), True),
    ("", "Mills & Daughters", Touched("Mills and Daughters"), True),
    ("", "St. Luke’s Hospice", Touched("St Luke's hospice"), True),
    ("", "Care closer to home", Touched("Care Closer to Home", named_by="the title of the case"), True),
    ("", "Riverside", Touched("Riverside Surgery"), False),
    ("", "Riversde Surgery", Touched("Riverside Surgery"), False),
    ("", "Vale Hospitals", Touched("somewhere", "H1"), True),
    ("P1", "", Touched("Vale Hospitals NHS Trust", "H1"), None),
    ("", "Hilltop Care", Touched("Riverside Surgery"), None),
    ("", "ZP0004", Touched("ZP0001"), None),
    ("", "The Forge Medical Group", Touched("Riverside Medical Group"), None),
])
def test_a_body_is_known_by_code_and_by_name_however_it_is_spelt(
        code: str, name: str, touched: Touched, expected: bool | None) -> None:
    assert certain(code, name, touched) is expected


def test_an_interest_passes_to_the_body_that_followed_and_from_the_one_before() -> None:
    # Old Mill (Z1) became part of New Vale (Z9).
    after = one("Z1", "", Touched("New Vale Board", "Z9"))
    assert after == Match(Touched("New Vale Board", "Z9"), "New Vale Board followed Old Mill Commissioning Group", True)
    before = one("Z9", "", Touched("Old Mill", "Z1"))
    assert before is not None
    assert before.how == "Old Mill Commissioning Group came before New Vale Board"


def test_two_bodies_that_became_one_are_not_each_other() -> None:
    assert one("Z1", "", Touched("Old Weir Commissioning Group", "Z2")) is None


def test_two_codes_with_one_name_are_for_a_person_to_settle() -> None:
    # H1 and H2 are both “Vale Hospitals” once legal endings are left out.
    found = one("H1", "", Touched("Vale Hospitals Ltd", "H2"))
    assert found is not None
    assert (found.certain, found.how) == (False, "the name is the same, the code is not")


def test_a_body_that_a_paper_merely_names_is_a_question_and_no_exclusion() -> None:
    found = one("P1", "", Touched("Riverside Surgery", "P1", "the voices of the case", sure=False))
    assert found is not None
    assert (found.certain, found.how) == (False, "named in the voices of the case")


def test_a_line_of_bodies_that_goes_in_a_ring_ends() -> None:
    ring = Bodies({"A": "Anvil", "B": "Bellows"}, (("A", "B"), ("B", "A")))
    assert [each.certain for each in matched("A", "", [Touched("Bellows")], ring)] == [True]


def test_words_that_every_body_has_make_none_alike() -> None:
    assert nearness("Community Health Services", "Health Care Group") == ""


def test_a_countys_name_in_every_bodys_name_makes_none_alike() -> None:
    county = Bodies({"A": "Vale hospitals", "B": "Vale council", "C": "Vale carers"})
    assert nearness("Vale hospitals", "Vale", county.common) == ""
    assert nearness("Vale hospitals", "Vale") == "one name holds the other"
    assert matched("", "Vale orchestra", [Touched("Vale hospitals", "A")], county) == []


names = st.text("abcdefg hijk", min_size=1, max_size=20).filter(lambda text: bool(text.strip()))


@given(names, names)
def test_being_near_does_not_depend_on_which_name_comes_first(first: str, second: str) -> None:
    def found(name: str, other: str) -> bool | None:
        match = next(iter(matched("", name, [Touched(other)], Bodies())), None)
        return None if match is None else match.certain

    if plain(first) == plain(second):
        assert found(first, second) is found(second, first) is True
    assert (found(first, second) is True) == (found(second, first) is True)


@given(names)
def test_a_body_always_matches_itself(name: str) -> None:
    assert [each.certain for each in matched("", name, [Touched(name.upper())], Bodies())] == [True]
