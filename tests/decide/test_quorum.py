"""The quorum of an item after interests: who stands aside, who counts, who takes the chair."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.decide import quorum
from evenhand.terms import Refused

LADDER = {"financial": "leave", "non-financial professional": "speak_not_vote",
          "non-financial personal": "speak_not_vote", "indirect": "note"}
FIVE = ("ann", "bob", "cat", "dan", "eve")


def meeting(*interests: dict[str, Any], members: Any = None, **parts: Any) -> dict[str, Any]:
    """Five voting members, Ann in the chair and Bob her deputy; one item that touches the mill."""
    people = members if members is not None else [
        {"id": each, "chair": each == "ann", "deputy_chair": each == "bob"} for each in FIVE]
    return {"members": people, "quorum": {"minimum": 3}, "interests": list(interests), "ladder": LADDER,
            "items": [{"id": "1", "title": "The mill", "for": "decision", "bodies": ["mill"]}], **parts}


def interest(member: str, kind: str = "financial", **more: Any) -> dict[str, Any]:
    return {"member": member, "type": kind, "standing": "actual", "body": "mill", "whose": "self", **more}


def the_item(document: dict[str, Any], **options: Any) -> dict[str, Any]:
    (item,) = quorum(document, **options).document()["items"]
    return item  # type: ignore[no-any-return]


# --- the contract -----------------------------------------------------------------------------------------------------

CONTRACT = {
    "members": [{"id": "lee", "name": "Dr Lee", "roles": ["clinical lead"], "chair": False, "deputy_chair": False,
                 "voting": True, "attending": True},
                *({"id": each, "name": each.title(), "roles": ["clinical lead"] if each == "ann" else [],
                   "chair": each == "ann", "deputy_chair": False, "voting": True, "attending": True}
                  for each in FIVE)],
    "quorum": {"minimum": 5, "must_include": [{"role": "clinical lead", "at_least": 1}]},
    "interests": [{"member": "lee", "type": "financial", "standing": "actual", "body": "riverside-surgery",
                   "declared": "2026-03-02", "whose": "self"}],
    "ladder": LADDER,
    "items": [{"id": "5", "title": "Ward 3", "for": "decision", "bodies": ["riverside-surgery"]}],
}


def test_who_may_not_vote_on_an_item_does_not_count_for_it() -> None:
    item = the_item(CONTRACT)
    assert item["stands_aside"] == [{
        "member": "lee", "action": "leave",
        "because": "actual financial interest in riverside-surgery, declared 2026-03-02 (the ladder)"}]
    assert item["may_vote"] == item["counts_for_quorum"] == list(FIVE)
    assert (item["chair"], item["quorate"], item["spare"]) == ("ann", True, 5 - 5)
    assert item["sentence"] == "5 may vote, 5 needed: one absence stops this item"


def test_the_fields_are_those_of_the_contract() -> None:
    assert {"id", "stands_aside", "may_vote", "counts_for_quorum", "chair", "quorate", "spare",
            "sentence"} <= set(the_item(CONTRACT))


# --- the ladder -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("action", "may_vote"), [
    ("note", True), ("speak_not_vote", False), ("leave", False), ("no_papers", False), ("removed", False)])
def test_every_step_but_a_note_takes_the_vote_and_the_place_in_the_quorum(action: str, may_vote: bool) -> None:
    item = the_item(meeting(interest("eve"), ladder={"financial": action}))
    assert ("eve" in item["may_vote"]) is ("eve" in item["counts_for_quorum"]) is may_vote
    listed = item["noted"] if may_vote else item["stands_aside"]
    assert [(each["member"], each["action"]) for each in listed] == [("eve", action)]


@pytest.mark.parametrize(("step", "below"), [
    ("removed", "no_papers"), ("no_papers", "leave"), ("leave", "speak_not_vote"), ("speak_not_vote", "note"),
    ("note", "note")])
def test_a_perceived_interest_takes_the_step_below(step: str, below: str) -> None:
    item = the_item(meeting(interest("eve", standing="perceived"), ladder={"financial": step}))
    assert [each["action"] for each in item["stands_aside"] + item["noted"]] == [below]


def test_a_potential_interest_takes_the_same_step_as_an_actual_one() -> None:
    (aside,) = the_item(meeting(interest("eve", standing="potential")))["stands_aside"]
    assert aside["action"] == "leave"
    assert aside["because"].startswith("potential financial interest")


def test_of_several_interests_the_highest_step_counts_and_each_is_said() -> None:
    (aside,) = the_item(meeting(interest("eve", "indirect"), interest("eve", "financial"),
                                interest("eve", "non-financial personal")))["stands_aside"]
    assert aside["action"] == "leave"
    assert aside["because"].count(" interest ") == 3


def test_what_the_chair_has_ruled_goes_before_the_ladder() -> None:
    item = the_item(meeting(interest("eve", action="note")))
    assert "eve" in item["may_vote"]
    assert "the chair's ruling" in item["noted"][0]["because"]


def test_an_interest_of_somebody_close_is_said_to_be_theirs() -> None:
    (aside,) = the_item(meeting(interest("eve", whose="sister")))["stands_aside"]
    assert "interest of their sister in mill" in aside["because"]


def test_an_interest_counts_only_where_the_item_touches_its_body() -> None:
    document = meeting(interest("eve"), items=[{"id": "1", "bodies": ["mill"]}, {"id": "2", "bodies": ["forge"]}])
    first, second = quorum(document).document()["items"]
    assert [each["member"] for each in first["stands_aside"]] == ["eve"]
    assert second["stands_aside"] == []


@pytest.mark.parametrize("spelt", ["Mill-House", "mill house", "MILL_HOUSE"])
def test_case_spaces_and_dashes_in_a_bodys_name_do_not_count(spelt: str) -> None:
    item = the_item(meeting(interest("eve", body=spelt), items=[{"id": "1", "bodies": ["mill-house"]}]))
    assert [each["member"] for each in item["stands_aside"]] == ["eve"]


def test_an_interest_may_name_several_bodies() -> None:
    one = {"member": "eve", "type": "financial", "bodies": ["forge", "mill"]}
    assert [each["member"] for each in the_item(meeting(one))["stands_aside"]] == ["eve"]


def test_an_interest_matched_beforehand_counts_on_its_items_alone() -> None:
    # The register knows that Weir Ltd is the mill's owner; item 2 names the mill as well, and was not matched.
    found = {"member": "eve", "type": "financial", "body": "Weir Ltd", "items": ["1"], "note": "on the register"}
    document = meeting(found, items=[{"id": "1", "bodies": ["mill"]}, {"id": "2", "bodies": ["mill"]}])
    first, second = quorum(document).document()["items"]
    assert first["stands_aside"][0]["because"] == (
        "actual financial interest in Weir Ltd, on the register (the ladder)")
    assert second["stands_aside"] == []


# --- who counts -------------------------------------------------------------------------------------------------------


def test_who_is_absent_or_has_no_vote_does_not_count() -> None:
    people = [{"id": "ann", "chair": True}, {"id": "bob", "attending": False}, {"id": "cat", "voting": False},
              {"id": "dan"}, {"id": "eve"}]
    item = the_item(meeting(members=people))
    assert item["counts_for_quorum"] == ["ann", "dan", "eve"]
    assert item["spare"] == 3 - 3


def test_an_absent_member_does_not_stand_aside_but_it_is_said_that_they_would() -> None:
    people = [{"id": each, "attending": each != "eve"} for each in FIVE]
    answer = quorum(meeting(interest("eve"), members=people))
    item = answer.document()["items"][0]
    assert item["stands_aside"] == []
    assert [each["member"] for each in item["would_stand_aside"]] == ["eve"]
    assert any("if they came they would stand aside" in remark for remark in answer.remarks)


def test_short_is_negative_and_says_how_many_more() -> None:
    item = the_item(meeting(interest("cat"), interest("dan"), interest("eve")))
    assert (item["quorate"], item["spare"]) == (False, 2 - 3)
    assert item["sentence"] == "2 may vote, 3 needed: one more must be there before this item can be decided"


def test_spare_is_how_many_there_are_above_the_quorum() -> None:
    item = the_item(meeting())
    assert (item["spare"], item["can_lose"]) == (5 - 3, 5 - 3)
    assert item["sentence"] == "5 may vote, 3 needed: two absences can be borne, one more stops this item"


def test_a_role_that_must_be_there_stops_the_item_when_its_holder_stands_aside() -> None:
    people = [{"id": each, "roles": ["nurse"] if each == "eve" else []} for each in FIVE]
    rule = {"minimum": 3, "must_include": [{"role": "Nurse", "at_least": 1}]}
    item = the_item(meeting(interest("eve"), members=people, quorum=rule))
    assert (item["quorate"], item["spare"], len(item["may_vote"])) == (False, -1, 4)
    assert item["missing_roles"] == [{"role": "nurse", "at_least": 1, "there": 0}]
    assert item["sentence"] == "4 may vote, 3 needed: one nurse must be there before this item can be decided"


def test_where_a_role_hangs_on_one_person_that_is_said() -> None:
    people = [{"id": each, "name": each.title(), "roles": ["nurse"] if each == "eve" else []} for each in FIVE]
    rule = {"minimum": 3, "must_include": [{"role": "nurse", "at_least": 1}]}
    item = the_item(meeting(members=people, quorum=rule))
    assert (item["quorate"], item["spare"], item["can_lose"]) == (True, 2, 0)
    assert item["sentence"].endswith("this item stops without one nurse, and Eve is the only one who may vote")


def test_a_role_that_nobody_holds_is_said_and_stops_every_item() -> None:
    answer = quorum(meeting(quorum={"minimum": 3, "must_include": [{"role": "auditor", "at_least": 1}]}))
    assert not answer.document()["items"][0]["quorate"]
    assert any("No member holds the role “auditor”" in remark for remark in answer.remarks)


# --- the chair --------------------------------------------------------------------------------------------------------


def test_a_conflicted_chair_hands_over_to_the_deputy() -> None:
    answer = quorum(meeting(interest("ann")))
    assert answer.document()["items"][0]["chair"] == "bob"
    assert "Item 1: ann stands aside, so bob takes the chair." in answer.remarks


def test_a_chair_whose_interest_is_only_noted_keeps_the_chair() -> None:
    assert the_item(meeting(interest("ann", "indirect")))["chair"] == "ann"


def test_where_the_deputy_may_not_either_the_members_choose() -> None:
    answer = quorum(meeting(interest("ann"), interest("bob", "non-financial personal")))
    assert answer.document()["items"][0]["chair"] is None
    assert any("the members present choose who does: cat, dan or eve." in remark for remark in answer.remarks)


def test_an_absent_chair_hands_over_too() -> None:
    assert the_item(meeting(), without=("ann",))["chair"] == "bob"


# --- properties -------------------------------------------------------------------------------------------------------

some_members = st.lists(st.fixed_dictionaries({
    "voting": st.booleans(), "attending": st.booleans(),
    "roles": st.lists(st.sampled_from(["nurse", "lay"]), unique=True)}), min_size=1, max_size=9)
some_interests = st.lists(st.fixed_dictionaries({
    "place": st.integers(0, 8), "type": st.sampled_from(sorted(LADDER)),
    "standing": st.sampled_from(["actual", "potential", "perceived"])}), max_size=8)


def drawn(people: list[dict[str, Any]], found: list[dict[str, Any]], minimum: int) -> dict[str, Any]:
    members = [{"id": f"m{place}", **each} for place, each in enumerate(people)]
    interests = [interest(f"m{each['place'] % len(members)}", each["type"], standing=each["standing"])
                 for each in found]
    return meeting(*interests, members=members,
                   quorum={"minimum": minimum, "must_include": [{"role": "nurse", "at_least": 1}]})


@given(some_members, some_interests, st.integers(1, 6))
def test_voters_attend_and_have_a_vote_and_only_they_count(
        people: list[dict[str, Any]], found: list[dict[str, Any]], minimum: int) -> None:
    document = drawn(people, found, minimum)
    item = the_item(document)
    there = {each["id"] for each in document["members"] if each["voting"] and each["attending"]}
    assert set(item["may_vote"]) <= there
    assert item["counts_for_quorum"] == item["may_vote"]
    assert not {each["member"] for each in item["stands_aside"]} & set(item["may_vote"])
    assert item["quorate"] == (item["spare"] >= 0)


@given(some_members, some_interests, some_interests, st.integers(1, 6))
def test_more_exclusions_never_make_an_inquorate_item_quorate(
        people: list[dict[str, Any]], found: list[dict[str, Any]], more: list[dict[str, Any]], minimum: int) -> None:
    before, after = (the_item(drawn(people, each, minimum)) for each in (found, found + more))
    assert after["quorate"] <= before["quorate"]
    assert after["spare"] <= before["spare"]


@given(some_members, some_interests, some_interests, st.integers(1, 6))
def test_one_more_interest_never_lets_anybody_more_vote(
        people: list[dict[str, Any]], found: list[dict[str, Any]], more: list[dict[str, Any]], minimum: int) -> None:
    before, after = (the_item(drawn(people, each, minimum)) for each in (found, found + more))
    assert set(after["may_vote"]) <= set(before["may_vote"])


some_rulings = st.lists(st.fixed_dictionaries({
    "place": st.integers(0, 8),
    "action": st.sampled_from(["note", "speak_not_vote", "leave", "no_papers", "removed"])}), max_size=4)


@given(some_members, some_interests, some_interests, some_rulings, st.integers(1, 6))
def test_with_any_rulings_one_more_interest_adds_no_voter_and_nobody_excluded_counts_or_takes_the_chair(
        people: list[dict[str, Any]], found: list[dict[str, Any]], more: list[dict[str, Any]],
        rulings: list[dict[str, Any]], minimum: int) -> None:
    items = []
    for interests in (found, found + more):
        document = drawn(people, interests, minimum)
        document["members"][0]["chair"] = True
        document["items"][0]["rulings"] = [
            {"member": f"m{each['place'] % len(people)}", "action": each["action"], "reason": "It was said."}
            for each in rulings]
        items.append(the_item(document))
    before, after = items
    assert set(after["may_vote"]) <= set(before["may_vote"])
    for item in items:
        excluded = {each["member"] for each in item["stands_aside"]}
        assert not excluded & set(item["counts_for_quorum"])
        assert item["chair"] not in excluded
        # The last ruling of several counts.
        last = {f"m{each['place'] % len(people)}": each["action"] for each in rulings}
        for each in (*item["stands_aside"], *item["noted"]):
            assert each["action"] == last.get(each["member"], each["action"])


@given(some_members, some_interests, st.integers(1, 6), st.randoms(use_true_random=False))
def test_the_order_in_which_interests_and_members_are_listed_changes_nothing(
        people: list[dict[str, Any]], found: list[dict[str, Any]], minimum: int, chance: Any) -> None:
    document = drawn(people, found, minimum)
    other = deepcopy(document)
    chance.shuffle(other["interests"])
    chance.shuffle(other["members"])
    one, two = the_item(document), the_item(other)
    assert set(one["may_vote"]) == set(two["may_vote"])
    assert (one["quorate"], one["spare"], one["can_lose"]) == (two["quorate"], two["spare"], two["can_lose"])
    assert ({(each["member"], each["action"]) for each in one["stands_aside"]}
            == {(each["member"], each["action"]) for each in two["stands_aside"]})


@given(some_members, some_interests, st.integers(1, 6), st.data())
def test_an_item_withstands_any_absences_up_to_what_it_can_lose(
        people: list[dict[str, Any]], found: list[dict[str, Any]], minimum: int, data: Any) -> None:
    document = drawn(people, found, minimum)
    item = the_item(document)
    if item["quorate"]:
        away = data.draw(st.lists(st.sampled_from(item["may_vote"]), unique=True, max_size=item["can_lose"]))
        assert the_item(document, without=tuple(away))["quorate"]


# --- what is wrong is said --------------------------------------------------------------------------------------------


def changed(path: str, value: Any) -> dict[str, Any]:
    document = deepcopy(CONTRACT)
    where: Any = document
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    for step in steps:
        where = where[step]
    where[last] = value
    return document


@pytest.mark.parametrize(("path", "value", "message"), [
    ("interests/0/member", "leee", "1:interests.member: no member has this id (leee found); did you mean lee"),
    ("interests/0/type", "finansial",
     "1:interests.type: this is no kind of interest (finansial found); did you mean financial?"),
    ("interests/0/standing", "sort of", "an interest is actual, potential or perceived (sort of found)"),
    ("interests/0/body", None, "1:interests.body: the interest names no body; say in which body it is"),
    ("ladder/finnancial", "leave", "this is no kind of interest (finnancial found); did you mean financial?"),
    ("ladder/financial", "leaves", "ladder.financial: this is no step of the ladder (leaves found); did you mean leav"),
    ("ladder", {"indirect": "note"}, "ladder: the ladder says nothing about this kind of interest (financial found)"),
    ("quorum/minimum", 2.5, "quorum.minimum: this is not a whole number of 1 or more (2.5 found)"),
    ("quorum/minimum", 0, "quorum.minimum: this is not a whole number of 1 or more (0 found)"),
    ("quorum", {"minumum": 3}, "quorum.minumum: this name is not known; did you mean minimum?"),
    ("members/0/attendng", False, "1:members.attendng: this name is not known; did you mean attending?"),
    ("members/0/attending", "no", "1:members.attending: this is neither true nor false (no found)"),
    ("members/1/id", "lee", "2:members.id: two members have this id (lee found)"),
    ("members/2/chair", True, "3:members.chair: there is a second chair (bob found)"),
    ("members/0/roles", "nurse", "1:members.roles: this is not a list of texts (nurse found)"),
    ("members", [], "members: the meeting has no members"),
    ("items", [], "items: the meeting has no items"),
    ("interests/0/declared", "31/02/2026",
     "1:interests.declared: this is no day (31/02/2026 found); write a day that there is, as 2026-03-02"),
    ("interests/0/declared", "last spring", "1:interests.declared: this is no day (last spring found)"),
    ("interests/0/to", "2026-13-01", "1:interests.to: this is no day (2026-13-01 found)"),
    ("date", "the ninth", "date: this is no day (the ninth found)"),
    ("members/0/absent", True, "1:members.absent: this name is not known; leave it out, or choose from id, name"),
    ("interests/0/ruling", "note", "1:interests.ruling: this name is not known; leave it out, or choose from member"),
    ("items/0/rulings", [{"member": "lee", "action": "note"}],
     "1:items.rulings.reason: there is no “reason”; give one"),
    ("items/0/rulings", [{"member": "zed", "action": "note", "reason": "none"}],
     "1:items.rulings.member: no member has this id (zed found); choose from lee"),
    ("items/0/rulings", [{"member": "lee", "action": "wave", "reason": "none"}],
     "1:items.rulings.action: this is no step of the ladder (wave found)"),
    ("items/0/for", "fun", "1:items.for: an item is for decision, discussion or information (fun found)"),
])
def test_what_is_wrong_in_the_meeting_is_said_with_its_place(path: str, value: Any, message: str) -> None:
    with pytest.raises(Refused) as refused:
        quorum(changed(path, value))
    assert message in str(refused.value)


def test_everything_wrong_is_said_at_once() -> None:
    document = changed("interests/0/member", "leee")
    document["ladder"]["financial"] = "vanish"
    with pytest.raises(Refused) as refused:
        quorum(document)
    assert len(refused.value.problems) == 2


def test_a_missing_part_is_named() -> None:
    with pytest.raises(Refused, match="the meeting has no “items”"):
        quorum({each: CONTRACT[each] for each in ("members", "quorum")})


def test_an_item_without_bodies_is_pointed_out() -> None:
    answer = quorum(meeting(interest("eve"), items=[{"id": "1"}]))
    assert any("Item 1 names no bodies" in remark for remark in answer.remarks)


def test_a_body_that_is_nearly_one_of_the_agendas_is_pointed_out() -> None:
    answer = quorum(meeting(interest("eve", body="riverside-surgey"),
                            items=[{"id": "1", "bodies": ["riverside-surgery"]}]))
    assert any("“riverside-surgery” is close to it" in remark for remark in answer.remarks)


def test_an_interest_with_a_last_day_is_still_applied_and_it_is_said() -> None:
    answer = quorum(meeting({**interest("eve"), "from": "2020-01-01", "to": "2021-01-01"}))
    assert answer.document()["items"][0]["stands_aside"]
    assert any("for the chair to rule" in remark for remark in answer.remarks)


def test_codes_that_differ_in_a_digit_are_two_bodies_and_no_slip() -> None:
    answer = quorum(meeting(interest("eve", body="ZP0004"), items=[{"id": "1", "bodies": ["ZP0001"]}]))
    assert not any("close to it" in remark for remark in answer.remarks)


def test_an_interest_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused, match="the interest ends before it begins"):
        quorum(meeting({**interest("eve"), "from": "2026-03-02", "to": "2026-03-01"}))


@pytest.mark.parametrize(("days", "said"), [
    ({"to": "2026-05-01"}, "over since 1 May 2026, before the meeting: still applied unless the chair rules otherwise"),
    ({"from": "1 July 2026"}, "begins only on 1 July 2026, after the meeting"),
    ({"declared": "10/06/2026"}, "declared on 10 June 2026, after the meeting: tell the chair, and minute it")])
def test_an_interests_days_are_held_against_the_day_of_the_meeting(days: dict[str, str], said: str) -> None:
    # The meeting is on 9 June 2026.
    (aside,) = the_item(meeting({**interest("eve"), **days}, date="2026-06-09"))["stands_aside"]
    assert said in aside["because"]


def test_an_interest_that_lasts_through_the_meeting_needs_no_word() -> None:
    (aside,) = the_item(meeting({**interest("eve"), "from": "2020-01", "to": "2026-06-09"},
                                date="2026-06-09"))["stands_aside"]
    assert aside["because"] == "actual financial interest in mill (the ladder)"


# --- what is not for decision -----------------------------------------------------------------------------------------


def test_of_an_item_for_information_nothing_is_decided_whoever_is_there() -> None:
    # Two may vote and three are needed; item 1 is for information, so that stops nothing.
    document = meeting(interest("cat"), interest("dan"), interest("eve"), items=[
        {"id": "1", "for": "information", "bodies": ["mill"]}, {"id": "2", "for": "decision", "bodies": ["forge"]}])
    answer = quorum(document)
    assert answer.document()["items"][0]["sentence"] == "for information: nothing to decide"
    assert answer.sentence.startswith("The one item for decision can be decided.")
    assert len(answer.figures[1].table.rows) == 1


def test_a_meeting_that_decides_nothing_says_so() -> None:
    answer = quorum(meeting(interest("eve"), items=[{"id": "1", "for": "discussion", "bodies": ["mill"]}]))
    assert answer.sentence == "Nothing here is for decision. Somebody stands aside on 1 item."
    assert [each["member"] for each in answer.document()["items"][0]["stands_aside"]] == ["eve"]


# --- the chair's ruling -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("action", "may_vote"), [("note", True), ("leave", False)])
def test_the_chairs_ruling_on_an_item_goes_before_the_ladder_up_or_down(action: str, may_vote: bool) -> None:
    # The ladder would have Eve (financial) leave and Dan (indirect) stay.
    ruling = [{"member": each, "action": action, "reason": "The contract ended in March."} for each in ("eve", "dan")]
    item = the_item(meeting(interest("eve"), interest("dan", "indirect"),
                            items=[{"id": "1", "bodies": ["mill"], "rulings": ruling}]))
    assert [each in item["may_vote"] for each in ("eve", "dan")] == [may_vote, may_vote]
    for each in (*item["stands_aside"], *item["noted"]):
        assert each["because"].endswith(", because The contract ended in March")


def test_the_chair_may_rule_where_nothing_was_declared_and_the_last_ruling_counts() -> None:
    rulings = [{"member": "eve", "action": "leave", "reason": "Her firm may bid."},
               {"member": "eve", "action": "note", "reason": "It will not bid."}]
    item = the_item(meeting(items=[{"id": "1", "bodies": [], "rulings": rulings}]))
    assert "eve" in item["may_vote"]
    assert [each["member"] for each in item["noted"]] == ["eve"]


@pytest.mark.parametrize(("options", "message"), [
    ({"without": ("anne",)}, "no member has this id (anne found); choose from ann"),
    ({"item": "9"}, "there is no such item (9 found); choose from 1")])
def test_an_unknown_member_or_item_in_the_settings_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused) as refused:
        quorum(meeting(), **options)
    assert message in str(refused.value)


# --- the command and the pictures -------------------------------------------------------------------------------------


def test_the_command_gives_the_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "meeting.json"
    path.write_text(json.dumps(CONTRACT))
    assert main(["decide", "quorum", str(path), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["items"][0]["sentence"] == "5 may vote, 5 needed: one absence stops this item"
    assert document["method"]["name"] == "decide quorum"
    assert document["settings"] == {"without": [], "item": None}


def test_the_example_runs_and_an_absence_can_be_tried(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decide", "quorum", "sample:meeting"]) == 0
    assert "2 of 3 items can be decided; item 5 cannot. One absence stops item 6." in capsys.readouterr().out
    assert main(["decide", "quorum", "sample:meeting", "--without", "novak", "--item", "6"]) == 0
    assert "The one item cannot be decided." in capsys.readouterr().out


def test_a_broken_file_is_refused_with_nothing_on_standard_output(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "meeting.json"
    path.write_text('{"members": [')
    assert main(["decide", "quorum", str(path), "--json"]) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert "this is not JSON" in error


def test_the_grid_says_in_words_what_its_colours_say() -> None:
    grid, bars = quorum("sample:meeting").figures
    cells = {(row["member"], row["item"]): row["shown"] for row in grid.table.rows}
    assert cells["Dr Lee", "5"] == "leaves"
    assert cells["Mrs Khan", "5"] == "votes, chair"
    assert cells["Ms Hughes", "6"] == "votes, noted"
    assert cells["Cllr Price", "4"] == "no vote"
    assert cells["Mr Wood", "4"] == "absent"
    assert "<svg" in grid.svg()
    assert "cannot be decided" in bars.svg()
