"""From last month's sums to this month's: every pound of the difference is told, once."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from choose.tracker.trackers import workbook
from evenhand.choose import list_schemes
from evenhand.choose.tracker import sums
from evenhand.choose.tracker.months import moves
from evenhand.choose.tracker.movement import NAMES, steps_between
from evenhand.choose.tracker.rows import Ignored
from evenhand.choose.tracker.schemes import Scheme
from evenhand.choose.tracker.shortfall import usual_shortfall
from evenhand.data.tables import Opened
from evenhand.documents.friday import friday_bytes
from evenhand.documents.tracker_workbook import tracker_workbook_bytes

HEADS = ["Ref", "Scheme", "Lead", "Start", "Saving £000", "Actual", "RAG", "Comments"]
MAY: list[list[Any]] = [
    ["R1", "Referral advice", "A. Field", "Apr-26", 500, 100, "Green", ""],
    ["R2", "Care homes support", "B. Marsh", "Jul-26", 450, 0, "Amber", ""],
    ["R6", "Estates", "D. Brook", "Oct-26", 200, 0, "Red", ""],
    ["R7", "Digital letters", "E. Wood", "Sep-26", 60, 0, "Pipeline", ""]]
JUNE: list[list[Any]] = [
    ["R1", "Referral advice", "A. Field", "Apr-26", 430, 150, "Green", "Two practices have not begun"],
    ["R2a", "Care homes: falls", "B. Marsh", "Jul-26", 200, 0, "Amber", ""],
    ["R2b", "Care homes: medicines", "B. Marsh", "Sep-26", 250, 0, "Amber", ""],
    ["R7", "Digital letters", "E. Wood", "Sep-26", 60, 0, "Green", ""],
    ["R8", "Community stroke beds", "F. Lane", "Jan-27", 150, 0, "Amber", ""]]


def opened(rows: list[list[Any]], name: str) -> Opened:
    return Opened(name, content=workbook({"Plan": [HEADS, *rows]}))


def june(**more: Any) -> Any:
    return list_schemes(opened(JUNE, "june.xlsx"), last=opened(MAY, "may.xlsx"), today="2026-06-30", shortfall=0.2,
                        needed="£2m", **more)


def test_each_sort_of_change_is_told_in_pounds() -> None:
    rows = {each["what"]: each for each in june().fields["since_last"]["rows"]}
    # 500 + 450 + 200 + 60 = 1,210; new 150, gone 200, cut 70: 1,090 thousand.
    assert {what: round(row["claimed"]) for what, row in rows.items()} == {
        "last": 1_210_000, "new": 150_000, "gone": -200_000, "split": 0, "less": -70_000, "found": 0, "standing": 0,
        "now": 1_090_000}
    # Digital letters, 60 of pipeline, is green now: 60 less a fifth is firm.
    assert rows["standing"]["firm"] == pytest.approx(48_000)
    assert rows["standing"]["claimed_not_found"] == pytest.approx(-60_000)
    # 50 more found of Referral advice: a fifth of it can fall short no more.
    assert rows["found"]["firm"] == pytest.approx(10_000)
    assert rows["gone"]["at_risk"] == pytest.approx(-160_000)


schemes = st.builds(
    lambda letter, row, value, actual, twice, status: Scheme(
        "Plan", row, f"Invented thing {letter * 3}", value, actual_pounds=actual, status=status,
        counted_twice_pounds=min(twice, max(0.0, value or 0.0))),
    st.sampled_from("abcdefgh"), st.integers(2, 10_000), st.none() | st.integers(-100, 900).map(float),
    st.none() | st.integers(0, 900).map(float), st.integers(0, 300).map(float),
    st.sampled_from(["firm", "at_risk", "not_found"]))


def sensible(side: list[Scheme]) -> list[Scheme]:
    """As the reader of rows leaves them: each in a row of its own, and not found where there is no figure."""
    return [replace(each, row=row, status="not_found" if each.value_pounds is None else each.status)
            for row, each in enumerate(side, start=2)]


@given(st.lists(schemes, max_size=7), st.lists(schemes, max_size=7), st.integers(0, 500), st.integers(0, 500))
def test_any_two_months_are_reconciled_to_the_pound(
        before: list[Scheme], after: list[Scheme], twice_before: int, twice_after: int) -> None:
    old, new = sensible(before), sensible(after)
    usual = usual_shortfall(0.15)
    last, now = (sums.totals(side, [Ignored("Plan", 99, "duplicate", "", float(twice))], 5_000.0, usual)
                 for side, twice in ((old, twice_before), (new, twice_after)))
    steps = steps_between(moves(old, new, {}), last, now, usual.share)
    for name in NAMES:
        told = sum(getattr(step.change, name) for step in steps)
        assert getattr(last, name) + told == pytest.approx(getattr(now, name), abs=1e-6), name
    for step in steps:
        change = step.change
        left = change.claimed - change.counted_twice - change.claimed_not_found - change.usual_shortfall
        assert left == pytest.approx(change.firm + change.at_risk, abs=1e-6)


def test_the_memory_alone_knows_last_month() -> None:
    first = list_schemes(opened(MAY, "may.xlsx"), today="2026-05-31", needed="£2m", shortfall=0.2,
                         memory={"format": "evenhand tracker memory, version 1"})
    kept = json.loads(first.documents(first)["memory.json"])
    second = list_schemes(opened(JUNE, "june.xlsx"), today="2026-06-30", needed="£2m", shortfall=0.2, memory=kept)
    as_given = june().fields
    assert second.fields["since_last"]["last"] == "may.xlsx"
    assert second.fields["since_last"]["rows"] == as_given["since_last"]["rows"]
    assert [each["what"] for each in second.fields["moved"]] == [each["what"] for each in as_given["moved"]]
    given_as_last = list_schemes(opened(JUNE, "june.xlsx"), today="2026-06-30", needed="£2m", shortfall=0.2, last=kept)
    assert given_as_last.fields["since_last"]["rows"] == as_given["since_last"]["rows"]


def test_the_command_takes_the_memory_for_last_month(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    from evenhand.cli import main

    may, now, memory = (tmp_path / name for name in ("may.xlsx", "june.xlsx", "list.json"))
    may.write_bytes(opened(MAY, "may.xlsx").content or b"")
    now.write_bytes(opened(JUNE, "june.xlsx").content or b"")
    assert main(["choose", "list", str(may), "--memory", str(memory), "--today", "2026-05-31", "--json"]) == 0
    capsys.readouterr()
    assert main(["choose", "list", str(now), "--last", str(memory), "--today", "2026-06-30", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert round(told["since_last"]["rows"][0]["claimed"]) == 1_210_000
    assert main(["choose", "list", str(now), "--memory", str(memory), "--today", "2026-06-30", "--json"]) == 0
    story = json.loads(capsys.readouterr().out)["story"]["referral advice"]
    assert [each["value_pounds"] for each in story] == [500e3, 430e3]
    assert story[1]["why"] == "Two practices have not begun"
    assert story[1]["changes"] == "claim £500,000 to £430,000; found so far £100,000 to £150,000"


def test_two_schemes_of_one_name_have_a_story_each() -> None:
    rows = [["R1", "Ward review", "A. Field", "Apr-26", 500, 0, "Green", ""],
            ["R2", "Ward review", "B. Marsh", "Apr-26", 300, 0, "Green", ""]]
    first = list_schemes(opened(rows, "may.xlsx"), today="2026-05-31",
                         memory={"format": "evenhand tracker memory, version 1"})
    kept = json.loads(first.documents(first)["memory.json"])
    assert sorted(each["value_pounds"] for months in kept["story"].values() for each in months) == [300e3, 500e3]


def test_no_to_a_split_leaves_the_schemes_apart() -> None:
    moved = {each["what"] for each in june(answer=("split:care-homes-support=no",)).fields["moved"]}
    assert "split" not in moved
    assert {"vanished", "new"} <= moved


def test_another_scheme_is_no_new_name() -> None:
    last = [["R1", "Wound dressings direct supply", "A. Field", "Apr-26", 500, 0, "Green", ""]]
    now = [["R9", "Wound dressings direct advice", "A. Field", "Apr-26", 500, 0, "Green", ""]]
    plain = list_schemes(opened(now, "june.xlsx"), last=opened(last, "may.xlsx"))
    (question,) = [each for each in plain.fields["questions"] if each["key"].startswith("match:")]
    assert question["choices"] == ["Wound dressings direct advice", "another scheme"]
    ruled = list_schemes(opened(now, "june.xlsx"), last=opened(last, "may.xlsx"),
                         answer=(f"{question['key']}=another scheme",))
    assert {each["what"] for each in ruled.fields["moved"]} == {"vanished", "new"}


def test_the_report_reconciles_the_two_months() -> None:
    answer = june()
    document = docx.Document(io.BytesIO(friday_bytes(answer)))
    (table,) = [each for each in document.tables if each.cell(1, 0).text.startswith("Last month")]
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells[0] == ["", "Claimed", "Firm", "At risk", "To count on"]
    assert cells[1][:2] == ["Last month (4)", "£1,210,000"]
    assert ["Claims cut (1)", "−£70,000"] in [row[:2] for row in cells]
    assert cells[-1][:2] == ["This month (5)", "£1,090,000"]


def test_the_workbook_adds_the_months_up_in_its_own_cells() -> None:
    answer = june()
    content = io.BytesIO(tracker_workbook_bytes(answer))
    formulas = openpyxl.load_workbook(content)["Since last month"]
    values = openpyxl.load_workbook(content, data_only=True)["Since last month"]
    rows = answer.fields["since_last"]["rows"]
    last = 3 + len(rows)
    assert formulas.cell(last, 3).value == f"=SUM(C4:C{last - 1})"
    assert sum(values.cell(row, 3).value for row in range(4, last)) == pytest.approx(rows[-1]["claimed"])
    assert formulas.cell(last, 9).value == f"=G{last}+H{last}"
    assert values.cell(3, 7).value == "Firm"
