"""Messy trackers of every shape: what is a scheme, what is not, and what it all comes to."""

from __future__ import annotations

import io
import json
import math
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from choose.tracker import trackers
from choose.tracker.trackers import HEADS, Tracker, scheme, workbook
from evenhand.choose import list_schemes
from evenhand.cli import main
from evenhand.data.tables import Opened
from evenhand.terms import Refused

BECAUSE = {"title", "heading", "total", "blank", "duplicate", "note"}
FLAT = (trackers.plain, trackers.amounts_in_words, trackers.gross_and_cost, trackers.recurrent_and_once,
        trackers.savings_below_nought, trackers.copied_rows, trackers.years_side_by_side)


def answer(tracker: Tracker) -> dict[str, Any]:
    return list_schemes(tracker.opened, **tracker.settings).document()


@pytest.fixture(params=trackers.SHAPES, ids=lambda shape: shape.__name__)
def shape(request: pytest.FixtureRequest) -> Tracker:
    made: Callable[[], Tracker] = request.param
    return made()


def test_every_scheme_is_found_with_its_amount(shape: Tracker) -> None:
    found = {each["name"]: each["value_pounds"] for each in answer(shape)["schemes"]}
    assert found == {name: None if value is None else pytest.approx(value) for name, value in shape.schemes.items()}


def test_every_other_row_is_left_out_with_the_reason(shape: Tracker) -> None:
    ignored = answer(shape)["ignored_rows"]
    assert {(each["sheet"], each["row"]): each["because"] for each in ignored} == dict(shape.ignored)
    assert all(each["detail"] and each["because"] in BECAUSE for each in ignored)


def test_the_claim_counts_no_total_and_counts_what_stands_twice_as_claimed_twice(shape: Tracker) -> None:
    totals = answer(shape)["totals"]
    assert totals["claimed"] == pytest.approx(shape.claimed)
    once = sum(value or 0.0 for value in shape.schemes.values())
    assert totals["counted_twice"] == pytest.approx(shape.claimed - once)


def test_the_bridge_adds_up(shape: Tracker) -> None:
    holds_together(answer(shape)["totals"])


def holds_together(totals: dict[str, Any]) -> None:
    counted_on = (totals["claimed"] - totals["counted_twice"] - totals["claimed_not_found"]
                  - totals["usual_shortfall"])
    assert totals["firm"] + totals["at_risk"] == pytest.approx(counted_on, abs=0.01)
    assert totals["needed"] == pytest.approx(
        totals["firm"] + totals["at_risk"] + totals["not_found"] - totals["more_than_needed"], abs=0.01)


@pytest.mark.parametrize("seed", range(1, 13))
def test_sixty_rows_as_they_come(seed: int) -> None:
    tracker = trackers.sixty(seed)
    found = answer(tracker)
    assert {each["name"]: each["value_pounds"] for each in found["schemes"]} == {
        name: None if value is None else pytest.approx(value) for name, value in tracker.schemes.items()}
    assert {(each["sheet"], each["row"]): each["because"] for each in found["ignored_rows"]} == dict(tracker.ignored)
    assert found["totals"]["claimed"] == pytest.approx(tracker.claimed)
    assert found["totals"]["needed"] == 12e6
    assert all(abs(each["differs_by"]) < 1 for each in found["stated_totals"])
    holds_together(found["totals"])


# --- the order of rows and of sheets does not matter ------------------------------------------------------------------


def shuffled(content: bytes, seed: int, *, first: int = 2) -> bytes:
    """The workbook with the rows below its heading in another order."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=first)]
        random.Random(seed).shuffle(rows)
        for number, row in enumerate(rows, start=first):
            for place, value in enumerate(row, start=1):
                sheet.cell(number, place).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("made", FLAT, ids=lambda made: made.__name__)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_rows_in_another_order_give_the_same_totals(made: Callable[[], Tracker], seed: int) -> None:
    tracker = made()
    other = list_schemes(Opened(tracker.name, content=shuffled(tracker.content, seed))).document()
    first = answer(tracker)
    for part in ("totals", "missing", "by_kind", "by_year", "recurrent", "cash_releasing"):
        assert other[part] == first[part]


@pytest.mark.parametrize("made", [trackers.sheets_and_a_summary, trackers.thirty_sheets, trackers.a_sheet_a_month])
def test_sheets_in_another_order_give_the_same_totals(made: Callable[[], Tracker]) -> None:
    import openpyxl

    tracker = made()
    book = openpyxl.load_workbook(io.BytesIO(tracker.content))
    random.Random(7).shuffle(book._sheets)
    out = io.BytesIO()
    book.save(out)
    assert list_schemes(Opened(tracker.name, content=out.getvalue())).document()["totals"] == answer(tracker)["totals"]


amounts = st.one_of(st.integers(-500, 5_000), st.sampled_from(["TBC", "£1.2m", "450k", None, "(30)", "5%", "£1m-£2m"]))
some_rows = st.lists(st.tuples(
    amounts, st.sampled_from(["A. Field", "B. Marsh", None, "TBC"]), st.sampled_from(["Apr-26", "Q2 2026/27", None]),
    st.sampled_from(["Green", "Amber", "Red", None, "Pipeline"])), min_size=1, max_size=12)


@given(some_rows, st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=40)
def test_any_rows_are_schemes_once_and_add_up_in_any_order(
        drawn: list[tuple[Any, ...]], rng: random.Random, with_total: bool) -> None:
    rows = [scheme(number, value, owner=owner, start=start, rag=rag)
            for number, (value, owner, start, rag) in enumerate(drawn, start=1)]
    total = [[None, "Total", None, None, 999_999]] if with_total else []
    mixed = [*rows, *total]
    rng.shuffle(mixed)
    before, after = (list_schemes(Opened("drawn.xlsx", content=workbook({"Plan": [HEADS, *each]}))).document()
                     for each in ([*rows, *total], mixed))
    assert before["totals"] == after["totals"]
    assert len(before["schemes"]) == len(drawn)
    assert len(before["schemes"]) + len(before["ignored_rows"]) == len(drawn) + 1 + with_total
    assert before["totals"]["claimed"] == pytest.approx(
        math.fsum(each["value_pounds"] or 0.0 for each in before["schemes"]))
    holds_together(before["totals"])


cells = st.one_of(st.none(), st.text(max_size=12), st.integers(-10**6, 10**6), st.floats(-1e6, 1e6),
                  st.sampled_from(["Scheme", "Lead", "Saving £000", "Total", "Start", "TBC", "£1.2m", "RAG", "450k"]))


@given(st.lists(st.lists(cells, min_size=2, max_size=5), min_size=1, max_size=15))
@settings(max_examples=150)
def test_any_sheet_is_refused_or_every_row_of_it_accounted_for(rows: list[list[Any]]) -> None:
    import csv

    out = io.StringIO()
    csv.writer(out).writerows(rows)
    try:
        found = list_schemes(Opened("any.csv", content=out.getvalue().encode("utf-8", "replace"))).document()
    except Refused:
        return
    numbers = sorted(each["row"] for each in (*found["schemes"], *found["ignored_rows"]))
    assert numbers == list(range(1, len(numbers) + 1))
    holds_together(found["totals"])


# --- what is only seen, and what is asked -----------------------------------------------------------------------------


def test_a_row_struck_through_is_left_out_and_asked_about_and_a_person_can_bring_it_back() -> None:
    tracker = trackers.struck_and_coloured()
    found = answer(tracker)
    (asked,) = [each for each in found["questions"] if each["key"].startswith("struck:")]
    assert "(£300,000), is struck through" in asked["text"]
    ruled = list_schemes(tracker.opened, answer=("struck:invented-scheme-3=scheme",)).document()
    back = next(each for each in ruled["schemes"] if each["row"] == 4)
    assert (back["name"], back["status"]) == ("Invented scheme 3", "not_found")
    assert "amount: its figure is struck through" in back["problems"]


def test_a_coloured_row_is_read_and_its_colour_asked_about_and_a_person_can_leave_it_out() -> None:
    tracker = trackers.struck_and_coloured()
    (asked,) = [each for each in answer(tracker)["questions"] if each["key"].startswith("colour:")]
    assert "1 row (row 6) is filled amber" in asked["text"]
    assert asked["rows"] == [{"sheet": "Plan", "row": 6}]
    ruled = list_schemes(tracker.opened, answer=(f"{asked['key']}=leave out",)).document()
    assert "Invented scheme 5" not in {each["name"] for each in ruled["schemes"]}


def test_a_status_that_is_only_a_colour_is_read_from_it() -> None:
    found = {each["name"]: (each["status"], each["because"]) for each in answer(trackers.coloured_status())["schemes"]}
    assert found["Invented scheme 1"] == ("firm", "its status is coloured green")
    assert found["Invented scheme 2"] == ("at_risk", "its status is coloured amber")
    assert found["Invented scheme 3"] == ("at_risk", "its status is coloured red")


def test_a_hidden_sheet_is_named_and_can_be_read_by_name() -> None:
    tracker = trackers.a_hidden_sheet()
    assert any("“Last year” is hidden" in each["text"] for each in answer(tracker)["questions"])
    alone = list_schemes(Opened(tracker.name, content=tracker.content, sheet="Last year")).document()
    assert {each["sheet"] for each in alone["schemes"]} == {"Last year"}


def test_the_lists_own_sums_are_set_beside_ours() -> None:
    rows = [HEADS, scheme(1, 100), scheme(2, 200), [None, "Total", None, None, 400]]
    found = list_schemes(Opened("wrong.xlsx", content=workbook({"Plan": rows}))).document()
    assert [(each["stated"], each["ours"], each["differs_by"]) for each in found["stated_totals"]] == [
        (4e5, 3e5, 1e5)]
    assert any("says £400,000; the rows add up to £300,000" in remark for remark in found["remarks"])


def test_one_name_with_one_amount_in_other_hands_is_asked_about_and_not_taken_off() -> None:
    rows = [HEADS, scheme(1, 100, name="Rebates", owner="A. Field"), scheme(2, 100, name="Rebates", owner="B. Marsh"),
            scheme(3, 250, name="Care homes: falls"), scheme(4, 250, name="Care home falls", owner="B. Marsh")]
    tracker = Opened("twins.xlsx", content=workbook({"Plan": rows}))
    found = list_schemes(tracker).document()
    assert found["totals"]["counted_twice"] == 0
    keys = {each["key"] for each in found["questions"]}
    assert keys == {"twice:rebates:100000", "twice:care-home-falls:care-homes-falls"}
    ruled = list_schemes(tracker, answer=tuple(f"{key}=same" for key in sorted(keys))).document()
    assert ruled["totals"]["counted_twice"] == 100e3 + 250e3
    assert len(ruled["schemes"]) == 2


def test_what_the_list_says_is_counted_elsewhere_is_taken_off() -> None:
    rows = [["Scheme", "Lead", "Saving £000", "Double count £000"], ["Referral advice", "A. Field", 500, 120],
            ["Follow-ups", "B. Marsh", 300, None], ["Digital letters", "C. Hill", 80, 0]]
    found = list_schemes(Opened("overlap.xlsx", content=workbook({"Plan": rows}))).document()
    assert found["totals"]["counted_twice"] == 120e3
    assert "the list says £120,000 of it is counted elsewhere" in found["schemes"][0]["problems"]
    rows[0] = ["Scheme", "Lead", "Saving £000", "Overlaps with"]
    rows[1][3] = "Follow-ups"
    named = list_schemes(Opened("overlap.xlsx", content=workbook({"Plan": rows}))).document()
    assert named["totals"]["counted_twice"] == 500e3


def test_figures_of_a_row_that_do_not_fit_each_other_are_said() -> None:
    rows = [["Scheme", "Lead", "Apr", "May", "Saving £000"], ["Shorter stays", "A. Field", 10, 20, 30],
            ["Follow-ups", "B. Marsh", 10, 20, 45]]
    found = list_schemes(Opened("months.xlsx", content=workbook({"Plan": rows}))).document()["schemes"]
    assert not any("add up" in problem for problem in found[0]["problems"])
    assert "its months add up to £30,000" in found[1]["problems"]
    net = [["Scheme", "Gross saving £", "Investment £", "Net saving £"], ["Shorter stays", 100, 30, 70],
           ["Follow-ups", 100, 30, 90]]
    found = list_schemes(Opened("net.xlsx", content=workbook({"Plan": net}))).document()["schemes"]
    assert "its gross saving less its cost is £70" in found[1]["problems"]


def test_a_further_list_on_the_sheet_is_read_with_its_own_columns_and_under_its_own_words() -> None:
    rows = [["Scheme", "Lead", "Saving £k"], ["Shorter stays", "A. Field", 100], ["Total", None, 100], [],
            ["Pipeline ideas"], ["Idea", "Possible value £k", "Owner"], ["Digital letters", 500, "C. Hill"]]
    found = list_schemes(Opened("two.xlsx", content=workbook({"Plan": rows}))).document()
    digital = found["schemes"][1]
    assert (digital["value_pounds"], digital["owner"], digital["programme"]) == (500e3, "C. Hill", "Pipeline ideas")
    assert (digital["status"], digital["because"]) == ("not_found", "it stands under “Pipeline ideas”")
    assert [each["because"] for each in found["ignored_rows"]] == ["heading", "total", "blank", "heading", "heading"]


def test_line_breaks_in_headings_and_columns_left_empty_do_no_harm() -> None:
    rows: list[list[Any]] = [
        [], [None, None, "Plan of the county 2026-27"], [],
        [None, None, "Scheme\nName", "Exec\nLead", "Net\nSaving\n£'000"],
        [], [None, None, "Shorter stays", "Dr Able", 125], [], [None, None, "Follow-ups", None, "TBC"], [],
        [None, None, "Planned Care Total", None, 125], [None, None, "QIPP Requirement", None, 2000],
        [None, None, "Gap", None, 1875]]
    found = list_schemes(Opened("breaks.xlsx", content=workbook({"Plan": rows}))).document()
    assert [(each["name"], each["value_pounds"]) for each in found["schemes"]] == [
        ("Shorter stays", 125e3), ("Follow-ups", None)]
    assert found["totals"]["needed"] == 2e6
    assert [each["row"] for each in found["ignored_rows"] if each["because"] == "total"] == [10, 11, 12]
    assert found["year"] == "2026/27"


def test_a_row_again_under_another_name_is_counted_once_until_somebody_says_otherwise() -> None:
    heads = ["Scheme", "Lead", "Provider", "Start", "Saving £", "RAG", "KPI"]
    row: list[Any] = ["Fewer pain clinics", "A. Field", "Infirmary", "Apr-26", 220_000, "G", "admissions"]
    rows = [heads, row, ["Reducing pain clinics", *row[1:]], ["Pain clinics nearer home", "B. Marsh", *row[2:]]]
    tracker = Opened("again.xlsx", content=workbook({"Plan": rows}))
    found = list_schemes(tracker).document()
    assert (found["totals"]["claimed"], found["totals"]["counted_twice"]) == (660e3, 220e3)
    (asked,) = found["questions"]
    assert asked["taken"] == "same"
    assert asked["text"].endswith("have the same amount and agree in all else: one scheme, or two?")
    apart = list_schemes(tracker, answer=(f"{asked['key']}=different",)).document()
    assert apart["totals"]["counted_twice"] == 0
    holds_together(found["totals"])


def test_what_stands_on_a_sheet_of_closed_schemes_is_not_found_and_asked_about() -> None:
    tracker = Opened("closed.xlsx", content=workbook({
        "Plan": [HEADS, scheme(1, 100)], "Closed - do not use": [HEADS, scheme(2, 200)]}))
    found = list_schemes(tracker).document()
    assert [each["status"] for each in found["schemes"]] == ["firm", "not_found"]
    (asked,) = found["questions"]
    assert asked["key"] == "closed:closed-do-not-use"
    counted = list_schemes(tracker, answer=("closed:closed-do-not-use=still claimed",)).document()
    assert [each["status"] for each in counted["schemes"]] == ["firm", "firm"]


def test_the_invented_countys_tracker_is_read_as_its_truth_has_it() -> None:
    import json
    from pathlib import Path

    folder = Path(__file__).resolve().parents[3] / "examples" / "millbrook"
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["tracker"]
    found = list_schemes(folder / "schemes.xlsx").document()
    known = {(each["sheet"], each["row"]): each for each in truth["schemes"] if not each["struck"]}
    assert {(each["sheet"], each["row"]): (each["value_pounds"], each["owner"]) for each in found["schemes"]} == {
        place: (each["pounds"], each["owner"]) for place, each in known.items()}
    assert {(each["sheet"], each["row"]) for each in found["ignored_rows"] if each["because"] == "total"} == {
        (each["sheet"], each["row"]) for each in truth["totals"]}
    assert found["totals"]["needed"] == truth["needed"]
    names = {each["name"]: each for each in known.values()}
    again = sum(each["pounds"] or 0 for each in known.values() if each["counts_again"] in names)
    assert found["totals"]["counted_twice"] == again


def test_an_amount_that_the_file_cut_in_two_is_refused_and_not_read_as_a_smaller_one(tmp_path, capsys):
    path = tmp_path / "q.csv"
    path.write_text("Scheme,Owner,Savings\nA,B,£1,000\nC,D,£2,500\nE,F,700\n")
    assert main(["choose", "list", str(path), "--needed", "12m"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"{path}:2: this row runs beyond the heading" in shown.err
    assert "(£1,000 found); put quotation marks round amounts with commas" in shown.err


def test_an_amount_in_quotation_marks_keeps_its_comma(tmp_path, capsys):
    path = tmp_path / "q.csv"
    path.write_text('Scheme,Owner,Savings\nA,B,"£1,000"\nC,D,"£2,500"\nE,F,700\n')
    assert main(["choose", "list", str(path), "--needed", "12000", "--json"]) == 0
    assert [each["value_pounds"] for each in json.loads(capsys.readouterr().out)["schemes"]] == [1000, 2500, 700]
