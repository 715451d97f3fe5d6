"""Lists that a finance director, a programme office or a support unit brings: what each must be told, and asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from choose.tracker.trackers import workbook
from evenhand.choose import list_schemes
from evenhand.data.tables import Opened
from evenhand.documents.friday import before_it_goes_further
from evenhand.figures import Answer
from evenhand.terms import Refused

TODAY = "2026-11-21"


def read(*sheets: tuple[str, list[list[Any]]], **options: Any) -> Answer:
    content = workbook(dict(sheets))
    return list_schemes(Opened("list.xlsx", content=content), today=TODAY, **options)


OFFICE = [["Project title", "Project manager", "Go-live", "In-year saving 26/27", "KPI"],
          ["Virtual outpatients", "Kit", "Oct 2026", "£480k", "follow-ups"],
          ["Frailty front door", "Mo", "Nov 2026", "560", "admissions"],
          ["Placements back home", "Ali", "Apr 2026", "£2m", "bed days"]]


def test_a_small_plain_figure_among_thousands_is_asked_about() -> None:
    answer = read(("Tracker", OFFICE))
    asked = next(each for each in answer.fields["questions"] if each["key"] == "units:frailty-front-door")
    assert "“560” where others say “£480k”. It is read as £560: or is it £560,000?" in asked["text"]
    assert answer.fields["totals"]["claimed"] == 480_000 + 560 + 2_000_000


def test_ruled_thousands_it_counts_as_thousands_and_is_not_asked_again() -> None:
    answer = read(("Tracker", OFFICE), answer=("units:frailty-front-door=thousands",))
    assert answer.fields["totals"]["claimed"] == 480_000 + 560_000 + 2_000_000
    assert not [each for each in answer.fields["questions"] if each["key"].startswith("units:")]
    change = next(each for each in answer.fields["changes"] if each["said"] == "560")
    assert "a person said that it is thousands" in change["read_as"]


def test_a_chart_of_months_with_crosses_says_nothing_of_money() -> None:
    months = [dt.date(2026, month, 1) for month in range(4, 13)]
    chart = [["Project", *months], *([row[0], *["x"] * 3] for row in OFFICE[1:])]
    answer = read(("Tracker", OFFICE), ("Gantt", chart))
    assert len(answer.fields["schemes"]) == 3
    assert not any("the months are added up" in each for each in answer.remarks)


def test_the_words_of_plans_as_they_ripen_say_how_schemes_stand() -> None:
    answer = read(("Plan", [
        ["Initiative", "Accountable", "26/27 £k net", "Maturity", "Date of first benefit"],
        ["Skin pictures", "M", 140, "Fully developed", "May 2026"],
        ["Home heart traces", "M", 85, "Plans in progress", "Oct 2026"],
        ["Falls", "S", 60, "Opportunity", ""],
        ["Gap still to find", None, 285, None, None]]))
    assert {each["name"]: (each["status"], each["start"]) for each in answer.fields["schemes"]} == {
        "Skin pictures": ("firm", "2026-05"), "Home heart traces": ("at_risk", "2026-10"),
        "Falls": ("not_found", None), "Gap still to find": ("not_found", None)}


def test_names_under_item_are_names() -> None:
    answer = read(("Practice", [["Item", "£ saving", "Who", "When"],
                                ["Switch of inhalers", 500, "PB", "Apr 26"],
                                ["Switch of statins", 700, "PB", "Apr 26"]]))
    assert [each["name"] for each in answer.fields["schemes"]] == ["Switch of inhalers", "Switch of statins"]


def test_firm_is_said_to_be_only_written_down_where_no_column_says_how_schemes_stand() -> None:
    rows = [["Scheme", "Owner", "Start", "Saving £"], ["Alpha", "A Lee", "Apr 2026", 9_000],
            ["Beta", "B Lee", "Apr 2026", 11_000]]
    answer = read(("List", rows))
    assert any(each.startswith("No column says how schemes stand") for each in answer.remarks)
    assert any(each.startswith("No column says how schemes stand") for each in before_it_goes_further(answer.fields))
    with_status = read(("List", [[*row, said] for row, said in zip(rows, ("Status", "Green", "Green"), strict=True)]))
    assert not any(each.startswith("No column says") for each in with_status.remarks)


def test_a_column_that_is_not_there_is_said_once_and_not_laid_at_each_scheme() -> None:
    answer = read(("Month 7", [["Scheme", "SRO", "Annual plan £", "YTD actual £"],
                               ["Switching", "J Patel", 12_000, 6_000], ["Reviews", "L Owusu", 24_000, None]]))
    said = before_it_goes_further(answer.fields)
    assert "The list has no column of measures: nobody will know if its schemes worked." in said
    assert "The list has no column of starts: nobody can say what is late." in said
    asked = {each["schemes"][0]["name"]: each["schemes"][0]["asked"] for each in answer.fields["letters"]}
    assert not any("start" in question for question in asked["Switching"])
    assert "When does it start?" in asked["Reviews"]


@pytest.mark.parametrize("rows", [
    [["", "Alpha", "Beta"], ["Lead", "Ann", "Bob"], ["Saving £k", 100, 250], ["Start", "Apr", "Jul"]],
    [["Scheme name", "Alpha"], ["Lead", "Ann"], ["Saving 2026/27", 100_000], ["Start date", "Apr 2026"]]])
def test_forms_with_headings_down_the_side_are_refused_with_what_to_do(rows: list[list[Any]]) -> None:
    with pytest.raises(Refused, match="copy them into one table, a row for each scheme"):
        read(("Form", rows))


def test_lists_put_together_on_one_sheet_are_no_second_claim() -> None:
    head = ["Ref", "Scheme", "Owner", "Start", "Saving £"]
    north = [["N1", "Alpha", "A", "Apr 2026", 9_000], ["N2", "Beta", "B", "Apr 2026", 8_000]]
    south = [["S1", "Gamma", "C", "May 2026", 7_000], ["S2", "Delta", "D", "May 2026", 6_000]]
    together = [["CCG", *head], *(["North", *row] for row in north), *(["South", *row] for row in south)]
    answer = read(("All", together), ("North", [head, *north]), ("South", [head, *south]))
    assert len(answer.fields["schemes"]) == 4
    assert (answer.fields["totals"]["claimed"], answer.fields["totals"]["counted_twice"]) == (30_000, 0)


def test_a_scheme_on_two_lists_of_which_each_has_others_is_claimed_twice_and_said_so() -> None:
    head = ["Scheme", "Owner", "Start", "Saving £"]
    shared = ["Alpha", "A", "Apr 2026", 9_000]
    answer = read(("North", [head, shared, ["Beta", "B", "Apr 2026", 8_000], ["Delta", "D", "Apr 2026", 5_000]]),
                  ("South", [head, shared, ["Gamma", "C", "May 2026", 7_000], ["Zeta", "E", "Apr 2026", 4_000]]))
    assert (answer.fields["totals"]["claimed"], answer.fields["totals"]["counted_twice"]) == (42_000, 9_000)
    assert "of £33,000 claimed, each scheme once, £" in answer.sentence


REALISED = {"kinds": [
    {"kind": "prescribing", "schemes": 5, "ratio": 0.43, "low": 0.08, "high": 0.78},
    {"kind": "all kinds", "schemes": 9, "ratio": 0.6, "low": 0.2, "high": 1.1}]}


def test_what_came_of_a_bodys_own_promises_takes_the_place_of_the_published_record() -> None:
    rows = [["Scheme", "Owner", "Start", "Saving £"], ["Alpha", "A Lee", "May 2027", 9_000],
            ["Beta", "B Lee", "May 2027", 11_000]]
    answer = read(("List", rows), usual=REALISED)
    # 1 - 0.6 of 20,000; the range from nought (more came than was promised) to 1 - 0.2
    totals = answer.fields["totals"]
    assert totals["usual_shortfall"] == pytest.approx(8_000)
    assert (totals["usual_shortfall_low"], totals["usual_shortfall_high"]) == (0, pytest.approx(16_000))
    assert totals["usual_shortfall_from"].startswith("what came of this body's own promises: 9 schemes evaluated")
    assert totals["firm"] + totals["at_risk"] == pytest.approx(12_000)


@pytest.mark.parametrize(("given", "options", "why"), [
    ({"months": []}, {}, "no record of what came of promises"),
    ({"kinds": [{"kind": "all kinds", "schemes": 9}]}, {}, "no record of what came of promises"),
    (REALISED, {"shortfall": 0.2}, "given twice")])
def test_another_file_or_two_shortfalls_are_refused(given: dict[str, Any], options: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        read(("List", [["Scheme", "Saving £"], ["Alpha", 9], ["Beta", 8]]), usual=given, **options)
