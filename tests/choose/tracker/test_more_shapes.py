"""Further layouts met in working trackers: each read as a careful person would, or asked about."""

from __future__ import annotations

import contextlib
import random
from typing import Any

import pytest

from choose.tracker.trackers import workbook, xls
from evenhand.choose import list_schemes
from evenhand.data.tables import Opened
from evenhand.terms import Refused

K = 1e3
MONTHS = ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
Rows = list[list[Any]]

# Each: what it is, its rows, the schemes with their pounds, and ranges of merged cells.
SHEETS: dict[str, tuple[Rows, dict[str, float | None], list[str]]] = {
    "months, their sum and a full year": (
        [["PLAN 2026/27, PHASED (£'000)"], ["Scheme", "Lead", *MONTHS, "Total 26/27", "FYE"],
         ["Heart failure at home", "JK", *[10] * 12, 120, 150], ["Hip triage", "LM", *[0] * 3, *[5] * 9, 45, 60],
         ["TOTAL", None, *[10] * 3, *[15] * 9, 165, 210]],
        {"Heart failure at home": 120 * K, "Hip triage": 45 * K}, ["A1:P1"]),
    "recurrent and not, under bare headings": (
        [["Project", "Manager", "Recurrent £k", "Non-recurrent £k"], ["Rebate", "A", 0, 80],
         ["Formulary", "B", 120, None], ["Estates", "C", 30, 20]],
        {"Rebate": 80 * K, "Formulary": 120 * K, "Estates": 50 * K}, []),
    "years with units for headings, parts merged beside them": (
        [["Programme", "Scheme", "Owner", "26/27 £000s", "27/28 £000s"], ["Planned care", "Hips", "A", 100, 120],
         [None, "Knees", "B", 80, 90], ["Planned care Total", None, None, 180, 210],
         ["Medicines", "Statins", "C", 50, 55], [None, "Insulin", "D", 40, 60],
         ["Medicines Total", None, None, 90, 115], ["Grand Total", None, None, 270, 325]],
        {"Hips": 100 * K, "Knees": 80 * K, "Statins": 50 * K, "Insulin": 40 * K}, ["A2:A3", "A5:A6"]),
    "calendar years for headings": (
        [["£000"], ["Scheme", "Owner", 2026, 2027], ["Alpha", "A", 100, 120], ["Beta", "B", 10, 50]],
        {"Alpha": 100 * K, "Beta": 10 * K}, []),
    "years and their sum": (
        [["Scheme", "Owner", "2026/27", "2027/28", "2028/29", "Total"],
         ["Alpha", "A", 100_000, 120_000, 120_000, 340_000], ["Beta", "B", 0, 50_000, 60_000, 110_000]],
        {"Alpha": 100_000, "Beta": 0}, []),
    "a column for each body and no sum": (
        [["Scheme", "Owner", "North CCG £k", "South CCG £k", "West CCG £k"], ["Alpha", "A", 10, 20, 30],
         ["Beta", "B", 5, 5, 5]], {"Alpha": 60 * K, "Beta": 15 * K}, []),
    "a column for each body and their sum": (
        [["Scheme", "Owner", "North CCG £k", "South CCG £k", "Total £k"], ["Alpha", "A", 10, 20, 30],
         ["Beta", "B", 5, 5, 10]], {"Alpha": 30 * K, "Beta": 10 * K}, []),
    "units in a column of their own": (
        [["Scheme", "Owner", "Saving", "Unit"], ["Alpha", "A", 1.2, "£m"], ["Beta", "B", 450, "£k"],
         ["Gamma", "C", 20_000, "£"]], {"Alpha": 1.2e6, "Beta": 450e3, "Gamma": 20e3}, []),
    "sums labelled under the owner": (
        [["Scheme", "Owner", "Saving £k", "Programme"], ["Alpha", "A", 100, "Med"], ["Beta", "B", 200, "Med"],
         [None, "Total Med", 300], ["Gamma", "C", 50, "Pla"], [None, "Total Pla", 50], [None, "Overall", 350],
         [None, "% of target", 0.7]], {"Alpha": 100 * K, "Beta": 200 * K, "Gamma": 50 * K}, []),
    "money still to be identified that happens to equal what is": (
        [["Scheme", "Owner", "£k"], ["QIPP target", None, 1000], ["Alpha", "A", 300], ["Beta", "B", 200],
         ["Unidentified", None, 500], ["Total identified", None, 500], ["Gap", None, 500]],
        {"Alpha": 300 * K, "Beta": 200 * K, "Unidentified": 500 * K}, []),
    "two lists beside each other": (
        [["Planned care", None, None, None, "Medicines"], ["Scheme", "Owner", "£k", None, "Scheme", "Owner", "£k"],
         ["Hips", "A", 100, None, "Statins", "D", 30], ["Knees", "B", 50, None, "Insulin", "E", 20],
         ["Total", None, 150, None, "Total", None, 50]],
        {"Hips": 100 * K, "Knees": 50 * K, "Statins": 30 * K, "Insulin": 20 * K}, []),
    "footnotes and their marks": (
        [["Scheme*", "Owner", "Saving (£k)"], ["Alpha", "A", "100*"], ["Beta", "B", "200 †"],
         ["Gamma", "C", "50 (est)"], [], ["* includes drugs"], ["† subject to audit"], ["Page 1 of 2"]],
        {"Alpha": 100 * K, "Beta": 200 * K, "Gamma": 50 * K}, []),
    "pairs of plan and actual under months": (
        [["£000s"], ["Scheme", "Lead", *[cell for month in MONTHS for cell in (month, None)], "Full year", None],
         [None, None, *["Plan", "Actual"] * 12, "Plan", "Forecast"],
         ["Alpha", "A", *[10, 8] * 3, *[10, None] * 9, 120, 100], ["Beta", "B", *[5, 5] * 3, *[5, None] * 9, 60, 60]],
        {"Alpha": 120 * K, "Beta": 60 * K}, []),
    "to date beside the year": (
        [["Scheme", "Lead", "YTD Plan £k", "YTD Actual £k", "YTD Var £k", "Annual Plan £k", "FOT £k", "FOT Var £k"],
         ["Alpha", "A", 50, 40, -10, 200, 180, -20], ["Beta", "B", 10, 10, 0, 100, 100, 0]],
        {"Alpha": 200 * K, "Beta": 100 * K}, []),
    "last year before this year": (
        [["Scheme", "Owner", "2025/26 actual £k", "2026/27 plan £k", "2027/28 plan £k"], ["Alpha", "A", 50, 100, 110],
         ["Beta", "B", 40, 80, 90]], {"Alpha": 100 * K, "Beta": 80 * K}, []),
    "names that hold figures": (
        [["Scheme", "Owner", "£k"], ["Save £1m on drugs", "A", 1000], ["10% off agency", "B", 50],
         ["24/7 crisis line", "C", 10]],
        {"Save £1m on drugs": 1e6, "10% off agency": 50 * K, "24/7 crisis line": 10 * K}, []),
}


def read(rows: Rows, merged: list[str], **settings: Any) -> dict[str, Any]:
    tracker = Opened("plan.xlsx", content=workbook({"Plan": rows}, merged={"Plan": merged}))
    return list_schemes(tracker, today="2026-06-01", **settings).document()


@pytest.mark.parametrize("layout", SHEETS)
def test_every_scheme_is_found_with_its_amount(layout: str) -> None:
    rows, wanted, merged = SHEETS[layout]
    found = read(rows, merged)
    assert {each["name"]: each["value_pounds"] for each in found["schemes"]} == wanted
    assert found["totals"]["claimed"] == pytest.approx(sum(value or 0.0 for value in wanted.values()))


def test_the_two_parts_of_a_saving_are_told_apart_in_the_sums() -> None:
    rows, _, _ = SHEETS["recurrent and not, under bare headings"]
    # 120 + 30 come again, 80 + 20 only once.
    assert read(rows, [])["recurrent"] == {"recurrent": 150 * K, "non_recurrent": 100 * K, "not_said": 0}


def test_savings_of_a_month_are_read_as_they_stand_until_a_person_says_what_they_are() -> None:
    rows: Rows = [["Scheme", "Owner", "Saving per month £"], ["Alpha", "A", 1000], ["Beta", "B", 500]]
    plain = read(rows, [])
    (question,) = plain["questions"]
    assert question["choices"] == ["as it stands", "times twelve"]
    assert plain["totals"]["claimed"] == 1500
    assert read(rows, [], answer=(f"{question['key']}=times twelve",))["totals"]["claimed"] == 18_000


@pytest.mark.parametrize(("said", "start", "in_place"), [
    ("Month 7", "2026-10", False), ("M3", "2026-06", False), ("end of Q2", "2026-09", False),
    ("2026-27", "2026-04", False), ("Ongoing since 2024", None, True), ("Wk commencing 6/4/26", "2026-04-06", False),
    ("31/04/2026", None, False), ("asap", None, False), ("1st Oct '26", "2026-10-01", False)])
def test_starts_are_read_as_they_are_written(said: str, start: str | None, in_place: bool) -> None:
    (scheme,) = read([["Scheme", "Owner", "Start", "2026/27 £k"], ["Alpha", "A", said, 100]], [])["schemes"]
    assert (scheme["start"], scheme["in_place"]) == (start, in_place)


def test_a_list_turned_on_its_side_is_refused_and_not_guessed_at() -> None:
    rows: Rows = [["Scheme", "Frailty", "Falls", "Hips"], ["Owner", "A", "B", "C"], ["Saving £k", 100, 200, 300]]
    with pytest.raises(Refused, match="no sheet has a list of schemes with names and amounts"):
        read(rows, [])


def test_a_damaged_old_workbook_is_read_or_refused_in_words_and_nothing_else_is_said(
        capfd: pytest.CaptureFixture[str]) -> None:
    whole = xls([["Scheme", "Lead", "Value £"], ["Drug switch", "A", 50_000], ["Clinic", "B", "n/a"]])
    for seed in (*range(20), 87, 116, 190):
        chance, damaged = random.Random(seed), bytearray(whole)
        for _ in range(6):
            damaged[chance.randrange(512, len(damaged))] = chance.randrange(256)
        with contextlib.suppress(Refused):
            list_schemes(Opened("plan.xls", content=bytes(damaged)))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("corner", ["A1048576", "XFD1048576"])
def test_a_stray_cell_at_the_far_end_of_a_sheet_is_named_and_not_walked_to(corner: str) -> None:
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(workbook({"Plan": [["Scheme", "Saving £"], ["Alpha", 1], ["Beta", 2]]})))
    book["Plan"][corner] = "x"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Refused, match="a sheet reaches down to row 1,048,576"):
        list_schemes(Opened("far.xlsx", content=out.getvalue()))
