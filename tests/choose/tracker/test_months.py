"""Friday again: last month's tracker beside this month's, and what was confirmed remembered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from choose.tracker.trackers import workbook
from evenhand.choose import list_schemes
from evenhand.choose.tracker.memory import FORMAT
from evenhand.choose.tracker.months import likeness, moves
from evenhand.choose.tracker.schemes import Scheme
from evenhand.cli import main
from evenhand.data.tables import Opened
from evenhand.terms import Refused

HEADS = ["Ref", "Scheme", "Lead", "Start", "Saving £000", "RAG", "Comments"]
MAY: list[list[Any]] = [
    ["R1", "Referral advice", "A. Field", "Apr-26", 500, "Green", ""],
    ["R2", "Care homes support", "B. Marsh", "Jul-26", 450, "Amber", ""],
    ["R3", "Repeat prescribing review", "C. Hill", "Apr-26", 300, "Green", ""],
    ["R4", "Wound dressings formulary", "C. Hill", "Apr-26", 120, "Green", ""],
    ["R5", "Dressings direct supply", "C. Hill", "Apr-26", 80, "Green", ""],
    ["R6", "Estates rationalisation", "D. Brook", "Oct-26", 200, "Red", ""],
    ["R7", "Digital letters", "E. Wood", "Sep-26", 60, "Amber", ""]]
JUNE: list[list[Any]] = [
    ["R1", "Referral advice", "A. Field", "Apr-26", 430, "Amber", "Two practices have not begun"],
    ["R2a", "Care homes: falls", "B. Marsh", "Jul-26", 200, "Amber", ""],
    ["R2b", "Care homes: medicines", "B. Marsh", "Sep-26", 250, "Amber", ""],
    ["R3", "Repeat prescribing and review", "C. Hill", "Apr-26", 300, "Green", ""],
    ["R4", "Wound dressings: formulary and supply", "C. Hill", "Apr-26", 200, "Green", ""],
    ["R7", "Digital letters", "E. Wood", "Dec-26", 60, "Amber", ""],
    ["R8", "Community stroke beds", "F. Lane", "Jan-27", 150, "Amber", ""]]


def tracker(rows: list[list[Any]], name: str) -> Opened:
    return Opened(name, content=workbook({"Plan": [HEADS, *rows]}))


def moved(now: list[list[Any]] = JUNE, last: list[list[Any]] = MAY, **settings: Any) -> dict[str, dict[str, Any]]:
    found = list_schemes(tracker(now, "june.xlsx"), last=tracker(last, "may.xlsx"), **settings).document()["moved"]
    return {(each["before"] or each["now"])[0]["name"]: each for each in found}


def test_every_scheme_of_last_month_is_followed() -> None:
    found = moved()
    assert {name: each["what"] for name, each in found.items()} == {
        "Referral advice": "changed", "Care homes support": "split", "Repeat prescribing review": "renamed",
        "Wound dressings formulary": "merged", "Estates rationalisation": "vanished", "Digital letters": "changed",
        "Community stroke beds": "new"}
    assert [each["name"] for each in found["Care homes support"]["now"]] == [
        "Care homes: falls", "Care homes: medicines"]
    assert {each["name"] for each in found["Wound dressings formulary"]["before"]} == {
        "Wound dressings formulary", "Dressings direct supply"}


def test_a_move_says_by_how_much_and_why_or_asks() -> None:
    found = moved()
    assert (found["Referral advice"]["change_pounds"], found["Referral advice"]["why"]) == (
        -70e3, "Two practices have not begun")
    assert found["Referral advice"]["asked"] is None
    assert found["Digital letters"]["asked"] == "Why did the start of “Digital letters” move from 2026-09 to 2026-12?"
    assert found["Estates rationalisation"]["asked"] == (
        "“Estates rationalisation” (£200,000) is gone: given up, finished, or under another name?")
    assert found["Care homes support"]["asked"].startswith("Was “Care homes support” split into")


def test_the_sentence_says_where_the_claim_went() -> None:
    answer = list_schemes(tracker(JUNE, "june.xlsx"), last=tracker(MAY, "may.xlsx"))
    assert answer.remarks[-1] == ("Since last month the schemes' claims went from £1.7 million to £1.6 million: "
                                  "2 changed, 1 renamed, 1 split, 1 merged, 1 vanished and 1 new.")


def test_a_person_can_say_what_became_of_a_scheme() -> None:
    ruled = moved(answer=("match:estates-rationalisation=Community stroke beds",))
    assert ruled["Estates rationalisation"]["what"] == "renamed"
    assert "Community stroke beds" not in ruled
    given_up = moved(answer=("match:estates-rationalisation=given up",))
    assert (given_up["Estates rationalisation"]["why"], given_up["Estates rationalisation"]["asked"]) == (
        "given up", None)


def test_the_same_tracker_again_has_not_moved() -> None:
    assert moved(MAY, MAY) == {}
    assert moved(list(reversed(MAY)), MAY) == {}


def test_references_that_were_numbered_anew_mislead_nobody() -> None:
    anew = [[str(number), *row[1:]] for number, row in enumerate(reversed(MAY), start=1)]
    plain = [[str(number), *row[1:]] for number, row in enumerate(MAY, start=1)]
    assert moved(anew, plain) == {}


def test_a_reference_given_to_another_scheme_is_no_new_name_for_the_old_one() -> None:
    last = [["R1", "Diagnostics: medicines", "A. Field", "Apr-26", 500, "Green", ""]]
    now = [["R1", "Wound care: medicines", "A. Field", "Apr-26", 120, "Green", ""]]
    assert {each["what"] for each in moved(now, last).values()} == {"vanished", "new"}


amounts = st.integers(1, 900)


@given(st.lists(st.tuples(st.sampled_from("abcdefghij"), amounts), max_size=8),
       st.lists(st.tuples(st.sampled_from("abcdefghij"), amounts), max_size=8))
def test_every_scheme_of_both_months_stands_in_exactly_one_move(
        before: list[tuple[str, int]], after: list[tuple[str, int]]) -> None:
    old, new = ([Scheme("Plan", row, f"Invented thing {letter * 3}", amount * 1e3)
                 for row, (letter, amount) in enumerate(side, start=2)] for side in (before, after))
    found = moves(old, new, {})
    assert sorted(each.at for move in found for each in move.before) == sorted(each.at for each in old)
    assert sorted(each.at for move in found for each in move.now) == sorted(each.at for each in new)


def test_names_are_alike_by_letters_or_by_the_words_they_share() -> None:
    assert likeness("Care homes support", "Care home support") > 0.9
    assert likeness("Repeat prescribing review", "Review of repeat prescribing") == 1
    assert likeness("Digital letters", "Wound dressings") < 0.5


# --- remembered for next month ----------------------------------------------------------------------------------------


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """A tracker whose columns nobody could guess."""
    path = tmp_path / "june.csv"
    path.write_text("Thing,Estimate,Saving £\nShorter stays,900,300\nFollow-ups,800,TBC\n", encoding="utf-8")
    return path


def test_what_a_person_confirmed_is_used_next_month(odd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    memory = odd.with_name("memory.json")
    assert main(["choose", "list", str(odd), "--columns", "name=Thing,value=Estimate", "--memory", str(memory),
                 "--today", "2026-06-30", "--json"]) == 0
    assert "There was no memory yet" in capsys.readouterr().err
    assert json.loads(memory.read_text())["columns"] == {"name": "Thing", "value": "Estimate"}
    odd.write_text(odd.read_text().replace("900", "950"), encoding="utf-8")
    assert main(["choose", "list", str(odd), "--memory", str(memory), "--today", "2026-07-31", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["totals"]["claimed"] == 1_750
    assert {each["name"] for each in document["columns"] if each["confirmed"]} == {"name", "value"}
    assert [(each["as_of"], each["value_pounds"]) for each in document["story"]["shorter stays"]] == [
        ("2026-06-30", 900), ("2026-07-31", 950)]


def test_a_ruling_is_remembered_and_the_story_goes_on_under_a_new_name(tmp_path: Path) -> None:
    first = list_schemes(tracker(MAY, "may.xlsx"), today="2026-05-31", memory={"format": FORMAT})
    kept = json.loads(first.documents(first)["memory.json"])  # type: ignore[misc]
    second = list_schemes(tracker(JUNE, "june.xlsx"), today="2026-06-30", last=tracker(MAY, "may.xlsx"), memory=kept,
                          answer=("match:repeat-prescribing-review=Repeat prescribing and review",))
    story = second.document()["story"]
    assert [each["name"] for each in story["repeat prescribing and review"]] == [
        "Repeat prescribing review", "Repeat prescribing and review"]
    again = json.loads(second.documents(second)["memory.json"])  # type: ignore[misc]
    assert again["rulings"] == {"match:repeat-prescribing-review": "Repeat prescribing and review"}


def test_the_same_month_read_twice_is_one_entry_of_the_story() -> None:
    first = list_schemes(tracker(MAY, "may.xlsx"), today="2026-05-31", memory={"format": FORMAT})
    kept = json.loads(first.documents(first)["memory.json"])  # type: ignore[misc]
    second = list_schemes(tracker(MAY, "may.xlsx"), today="2026-05-31", memory=kept)
    assert json.loads(second.documents(second)["memory.json"]) == kept  # type: ignore[misc]


@pytest.mark.parametrize(("content", "message"), [
    ({"format": "something else"}, "this is not the memory of a tracker (something else found)"),
    ({"format": FORMAT, "columns": {"valu": "Net"}}, "this column is not one that is known (valu found)"),
    ({"format": FORMAT, "rulings": {"a": 1}}, "a ruling is not a text"),
    ({"format": FORMAT, "story": {"a": "b"}}, "a story is not a list of months"),
    ({"format": FORMAT, "columns": []}, "“columns” is not a mapping")])
def test_a_memory_that_is_none_is_refused(content: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused) as refused:
        list_schemes(tracker(MAY, "may.xlsx"), memory=content)
    assert message in str(refused.value)
