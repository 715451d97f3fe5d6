"""A list of savings: what it comes to, what its schemes lack, and what is refused in words that say what to do."""

from __future__ import annotations

import csv
import io
import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from choose.tracker import trackers
from choose.tracker.trackers import HEADS, scheme, workbook
from evenhand.choose import list_schemes
from evenhand.choose.tracker.shortfall import PUBLISHED, usual_shortfall
from evenhand.cli import main
from evenhand.data.tables import Opened
from evenhand.terms import Refused

FULL_HEADS = ["Ref", "Scheme", "Lead", "Start", "Saving £000", "FYE £000", "Recurrent", "Cash releasing", "RAG", "KPI",
              "CCG", "QIPP category", "Actual YTD £000", "Hours"]


def full(number: int, value: Any, **changes: Any) -> list[Any]:
    """A row with everything, changed where told."""
    cells: dict[str, Any] = dict(zip(FULL_HEADS, [
        f"S{number}", f"Invented scheme {number}", "A. Field", date(2026, 4, 1), value, None, "R", "Y", "Green",
        "per 1,000", "North", "Productivity", None, 4], strict=True))
    return list((cells | {name.replace("_", " "): each for name, each in changes.items()}).values())


def listed(*rows: list[Any], name: str = "plan.xlsx", **settings: Any) -> dict[str, Any]:
    return list_schemes(Opened(name, content=workbook({"Plan": [FULL_HEADS, *rows]})), **settings).document()


# --- the bridge, with its sum in sight --------------------------------------------------------------------------------


def test_needed_is_firm_and_at_risk_and_not_found() -> None:
    found = listed(full(1, 600), full(2, 400, RAG="Amber"), full(3, "TBC"), full(4, 100, RAG="Pipeline"),
                   full(1, 600), needed="£2m", shortfall=0.1)["totals"]
    # Claimed: 600 + 400 + 100, and the 600 that stands twice.
    assert found["claimed"] == 1_700e3
    assert found["counted_twice"] == 600e3
    assert found["claimed_not_found"] == 100e3
    # A tenth of the 600 + 400 that is still open falls short.
    assert found["usual_shortfall"] == pytest.approx(100e3)
    assert found["firm"] == pytest.approx(540e3)
    assert found["at_risk"] == pytest.approx(360e3)
    assert found["not_found"] == pytest.approx(2_000e3 - 540e3 - 360e3)


def test_what_has_been_found_already_does_not_fall_short() -> None:
    half = {"Actual YTD £000": 250}
    found = listed([*full(1, 500)[:12], *half.values(), 4], shortfall=0.2)["totals"]
    assert found["firm"] == 500e3 - 0.2 * (500e3 - 250e3)
    assert found["found_so_far"] == 250e3


def test_a_cost_is_taken_off_in_full() -> None:
    found = listed(full(1, 500), full(2, -100), shortfall=0.1)
    assert found["totals"]["firm"] == pytest.approx(0.9 * 500e3 - 100e3)
    assert "its figure is below nought: a cost, taken off what the others claim" in found["schemes"][1]["problems"]


def test_more_than_is_needed_is_said() -> None:
    found = listed(full(1, 1_000), needed="500000", shortfall=0.0)["totals"]
    assert (found["not_found"], found["more_than_needed"]) == (0, 500e3)


def test_without_a_word_of_what_is_needed_it_is_the_claim_counted_once() -> None:
    found = listed(full(1, 600), full(1, 600))
    assert found["totals"]["needed"] == 600e3
    assert found["totals"]["needed_from"].startswith("nobody has said")
    assert any("say --needed" in remark for remark in found["remarks"])


def test_the_target_that_the_list_names_is_what_is_needed() -> None:
    rows = [["QIPP target", "£3.5m"], [], HEADS, scheme(1, 100)]
    found = list_schemes(Opened("t.xlsx", content=workbook({"Plan": rows}))).document()
    assert found["totals"]["needed"] == 3.5e6
    assert found["totals"]["needed_from"] == "the list's own: row 1 of “Plan”, “QIPP target”"
    below = [HEADS, scheme(1, 100), [None, "Savings required", None, None, 700]]
    assert list_schemes(Opened("t.xlsx", content=workbook({"Plan": below}))).document()["totals"]["needed"] == 700e3


# --- how a scheme stands ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("changes", "status", "because"), [
    ({}, "firm", "its status is “Green”"),
    ({"RAG": None}, "firm", "it has a figure, an owner and a start, and nothing speaks against it"),
    ({"RAG": "Amber"}, "at_risk", "its status is “Amber”"),
    ({"RAG": "R"}, "at_risk", "its status is “R”"),
    ({"Lead": "TBC"}, "at_risk", "nobody owns it"),
    ({"Start": "TBC"}, "at_risk", "it has no start"),
    ({"RAG": "On hold"}, "not_found", "its status is “On hold”"),
    ({"Scheme": "Unidentified"}, "not_found", "it names no scheme: the money is still to be identified"),
    ({"RAG": "Red", "Actual YTD £000": 600}, "firm", "all of it has been found already"),
    ({"RAG": "Delivered"}, "firm", "its status is “Delivered”")])
def test_a_scheme_stands_as_its_row_says_and_the_reason_is_given(
        changes: dict[str, Any], status: str, because: str) -> None:
    (found,) = listed([{**dict(zip(FULL_HEADS, full(1, 600), strict=True)), **changes}[head] for head in FULL_HEADS]
                      )["schemes"]
    assert (found["status"], found["because"]) == (status, because)


def test_a_scheme_without_a_figure_is_not_found_and_not_nought() -> None:
    (found,) = listed(full(1, "TBC"))["schemes"]
    assert (found["value_pounds"], found["low"], found["status"]) == (None, None, "not_found")
    assert "amount: it says “TBC”" in found["problems"]


def test_what_is_missing_is_counted() -> None:
    bare = {"Lead": None, "Start": None, "KPI": "tbc"}
    row = [{**dict(zip(FULL_HEADS, full(2, "n/k"), strict=True)), **bare}[head] for head in FULL_HEADS]
    found = listed(full(1, 100), row)["missing"]
    assert {name: found[name] for name in ("owner", "measure", "start", "figures")} == {
        "owner": 1, "measure": 1, "start": 1, "figures": 1}
    assert found["should_have_started"] is None


def test_what_should_have_started_and_has_no_figures_depends_on_the_day() -> None:
    rows = [full(1, 100), full(2, 200)]
    rows[1][12] = 50
    assert listed(*rows, today="2026-03-31")["missing"]["should_have_started"] == 0
    later = listed(*rows, today="2026-11-21")
    assert later["missing"]["should_have_started"] == 1
    assert later["schemes"][0]["status"] == "at_risk"


def test_every_figure_says_where_it_was_read() -> None:
    found = listed(full(1, "£1.2m"), full(2, 450))["schemes"]
    assert found[0]["read_as"] == "E2 says “£1.2m”: £1,200,000"
    assert found[1]["read_as"] == "E3 says “450” (thousands): £450,000"


# --- groups -----------------------------------------------------------------------------------------------------------


def test_recurrent_full_year_and_cash_are_told_apart() -> None:
    row = full(1, 100)
    row[5] = 240
    found = listed(row, [*full(2, 50)[:6], "NR", "N", *full(2, 50)[8:]])
    assert found["recurrent"] == {"recurrent": 100e3, "non_recurrent": 50e3, "not_said": 0}
    assert found["cash_releasing"] == {"cash_releasing": 100e3, "not_cash_releasing": 50e3, "not_said": 0}
    assert found["full_year"]["full_year"] == 240e3
    assert found["full_year"]["carried_into_next_year"] == 140e3


def test_groups_add_up_to_the_whole() -> None:
    rows = [full(1, 100), full(2, 200), full(3, 300)]
    rows[1][10], rows[1][11], rows[2][11] = "South", "Prevention", None
    found = listed(*rows, shortfall=0.0)
    assert [(each["body"], each["claimed"]) for each in found["by_body"]] == [("North", 400e3), ("South", 200e3)]
    assert [(each["kind"], each["claimed"]) for each in found["by_kind"]] == [
        ("prevention", 200e3), ("productivity", 100e3), ("not said", 300e3)]
    for part in ("by_body", "by_kind", "by_year", "by_programme"):
        assert sum(each["firm"] for each in found[part]) == found["totals"]["firm"]


def test_years_side_by_side_are_years_of_one_plan() -> None:
    found = list_schemes(trackers.years_side_by_side().opened).document()
    assert [(each["year"], each["claimed"]) for each in found["by_year"]] == [
        ("2026/27", 150e3), ("2027/28", 200e3), ("2028/29", 360e3)]
    later = list_schemes(trackers.years_side_by_side().opened, year="2028/29").document()
    assert later["totals"]["claimed"] == 360e3


def test_fewer_schemes_give_most_of_the_money_for_part_of_the_hours() -> None:
    found = listed(full(1, 600), full(2, 300), full(3, 100), shortfall=0.0)["fewer"]
    assert [(each["schemes"], each["share"], each["hours"]) for each in found] == [
        (1, 0.6, 4), (2, 0.9, 8), (3, 1.0, 12)]


def test_hours_are_unknown_as_soon_as_one_is_unless_a_number_is_given_for_all() -> None:
    row = full(2, 300)
    row[13] = None
    assert [each["hours"] for each in listed(full(1, 600), row)["fewer"]] == [4, None]
    assert [each["hours"] for each in listed(full(1, 600), row, hours=10.0)["fewer"]] == [4, 14]


# --- the usual shortfall ----------------------------------------------------------------------------------------------


def test_the_usual_shortfall_is_the_middle_of_what_has_been_published() -> None:
    # Hammersmith and Fulham CCG, 2013/14, month 12: plan £10,549,000, delivered £8,921,000.
    # NHS England's direct commissioning, first quarter of 2013/14: £48.1m short of £374m.
    # National Audit Office (2012): of £5.8bn claimed for 2011-12, £3.4bn could be substantiated.
    shares = sorted([1 - 8_921 / 10_549, 48.1 / 374, 1 - 3.4 / 5.8])
    usual = usual_shortfall()
    assert (usual.low, usual.share, usual.high) == pytest.approx(tuple(shares))
    assert [round(100 * share, 1) for share in shares] == [12.9, 15.4, 41.4]


@pytest.mark.real
def test_the_published_plan_is_as_the_table_of_savings_plans_has_it(real: Path) -> None:
    with (real / "cases" / "savings_plans.csv").open(encoding="utf-8") as opened:
        both = [row for row in csv.DictReader(opened) if row["actual_or_forecast_gbp_k"]]
    ours = {(record.planned / 1e3, record.came / 1e3) for record in PUBLISHED}
    assert both
    assert all((float(row["plan_gbp_k"]), float(row["actual_or_forecast_gbp_k"])) in ours for row in both)


def test_a_bodys_own_record_takes_the_place_of_the_published_one() -> None:
    found = listed(full(1, 100), shortfall=0.25)
    assert found["totals"]["usual_shortfall"] == 25e3
    assert found["totals"]["usual_shortfall_from"] == "this body's own record, as given"


def test_a_range_that_the_list_states_is_kept_and_another_comes_from_the_record() -> None:
    found = listed(full(1, "£100k to £200k"), full(2, 100))["schemes"]
    assert (found[0]["low"], found[0]["value_pounds"], found[0]["high"]) == (100e3, 150e3, 200e3)
    assert (found[1]["low"], found[1]["high"]) == (pytest.approx(100e3 * 3.4 / 5.8), 100e3)


# --- columns ----------------------------------------------------------------------------------------------------------


def test_columns_are_guessed_with_how_sure_and_a_person_can_say_otherwise() -> None:
    rows = [["Ref", "Thing", "Who knows", "Estimate", "Saving £000"], ["1", "Shorter stays", "A. Field", 900, 300],
            ["2", "Follow-ups", "B. Marsh", 800, 200]]
    content = workbook({"Plan": rows})
    guessed = {each["name"]: each for each in list_schemes(Opened("p.xlsx", content=content)).document()["columns"]}
    assert (guessed["value"]["heading"], guessed["value"]["how_sure"]) == ("Saving £000", "sure")
    assert (guessed["name"]["heading"], guessed["name"]["how_sure"]) == ("Thing", "a guess")
    said = list_schemes(Opened("p.xlsx", {"value": "Estimate", "owner": "C"}, content=content)).document()
    assert [each["value_pounds"] for each in said["schemes"]] == [900, 800]
    assert said["schemes"][0]["owner"] == "A. Field"
    assert {each["name"] for each in said["columns"] if each["confirmed"]} == {"value", "owner"}


def test_units_come_from_the_heading_unless_a_person_says() -> None:
    rows = [["Scheme", "Saving"], ["Shorter stays", 300], ["Follow-ups", 1200]]
    content = workbook({"Plan": rows})
    plain = list_schemes(Opened("p.xlsx", content=content)).document()
    assert plain["totals"]["claimed"] == 1_500
    assert any("say --units thousands" in remark for remark in plain["remarks"])
    assert list_schemes(Opened("p.xlsx", content=content), units="thousands").document()["totals"]["claimed"] == 1.5e6


def test_an_amount_written_out_under_a_heading_of_thousands_is_pounds() -> None:
    found = listed(full(1, 450), full(2, 300), full(3, "£250,000"), full(4, "£1,200"))["schemes"]
    assert [each["value_pounds"] for each in found] == [450e3, 300e3, 250e3, 1.2e6]


def test_only_the_rows_wanted_are_read() -> None:
    rows = [full(1, 100), full(2, 200)]
    rows[1][10] = "South"
    content = workbook({"Plan": [FULL_HEADS, *rows]})
    found = list_schemes(Opened("p.xlsx", where=(("CCG", "south"),), content=content)).document()
    assert [each["row"] for each in found["schemes"]] == [3]
    assert {each["because"] for each in found["ignored_rows"]} == {"heading", "note"}


def test_a_frame_in_memory_is_read_like_a_file() -> None:
    import pandas as pd

    frame = pd.DataFrame({"Scheme": ["Shorter stays", "Follow-ups"], "Saving £k": ["450", "TBC"]})
    found = list_schemes(frame).document()
    assert [each["value_pounds"] for each in found["schemes"]] == [450e3, None]


# --- refused, in words that say what to do ----------------------------------------------------------------------------


def unworked() -> bytes:
    return workbook({"Plan": [HEADS, scheme(1, "=100+20"), scheme(2, 200), scheme(3, "=A1")]})


def never_calculated() -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Plan")
    sheet.write_row(0, 0, ["Scheme", "Saving £"])
    sheet.write_string(1, 0, "Shorter stays")
    sheet.write_formula(1, 1, "=100*3")
    book.close()
    return out.getvalue()


def patients() -> bytes:
    return workbook({"Plan": [["Scheme", "Saving £", "Who"], ["Shorter stays", 1, "943 476 5919"],
                              ["Follow-ups", 2, "9434765870"], ["Falls", 3, "943-476-5838"]]})


@pytest.mark.parametrize(("name", "content", "message"), [
    ("locked.xlsx", trackers.with_a_password(), "the workbook has a password; open it, save a copy without"),
    ("unworked.xlsx", unworked(), "the amount in E2 of “Plan” and 1 more cell like it is a formula that was never"),
    ("never.xlsx", never_calculated(), "is a formula that was never worked out; open the workbook in Excel"),
    ("empty.xlsx", b"", "the file is empty"),
    ("report.pdf", b"%PDF-1.7 ...", "this is a PDF, not a table; ask for the spreadsheet"),
    ("broken.xlsx", b"PK\x03\x04 broken off", "the workbook cannot be read; open it and save it again"),
    ("text.xlsx", b"not a workbook", "the file does not hold what its ending .xlsx says"),
    ("letter.csv", b"Dear all,\nplease send your savings\n", "no sheet has a list of schemes"),
    ("one.csv", b"Scheme\nShorter stays\n", "there is one column only"),
    ("bytes.csv", b"\x00\xff\x01" * 50, "it holds bytes that are not text"),
    ("blank.xlsx", workbook({"Plan": []}), "every sheet is empty"),
    ("heads.xlsx", workbook({"Plan": [HEADS]}), "there are headings and no schemes below them"),
    ("patients.xlsx", patients(), "this column looks like NHS numbers")])
def test_what_cannot_be_read_is_refused(name: str, content: bytes, message: str) -> None:
    with pytest.raises(Refused) as refused:
        list_schemes(Opened(name, content=content))
    assert message in str(refused.value)
    assert str(refused.value).startswith(name)


@pytest.mark.parametrize(("options", "message"), [
    ({"needed": "lots"}, "--needed: an amount is needed (lots found); write for example £12m"),
    ({"needed": "0"}, "--needed: what is needed is more than nought"),
    ({"today": "Friday"}, "--today: this is not a day (Friday found); write for example 2026-11-21"),
    ({"year": "2026"}, "--year: this is not a financial year"),
    ({"shortfall": 1.5}, "--shortfall: a share lies between 0 and 1"),
    ({"hours": 0.0}, "--hours: hours are more than nought"),
    ({"answer": ("yes",)}, "--answer: this is not a ruling (yes found); write QUESTION=ANSWER")])
def test_settings_that_cannot_be_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused) as refused:
        list_schemes(trackers.plain().opened, **options)
    assert message in str(refused.value)


def test_a_column_that_is_not_there_is_refused_with_those_that_are() -> None:
    tracker = trackers.plain()
    with pytest.raises(Refused, match="no list has such a column .*Net.* found.*choose from Ref, Scheme, Lead"):
        list_schemes(Opened(tracker.name, {"value": "Net worth"}, content=tracker.content))
    with pytest.raises(Refused, match="no column of a tracker is called so .*choose from owner"):
        list_schemes(Opened(tracker.name, {"ownr": "Lead"}, content=tracker.content))
    with pytest.raises(Refused, match="no such sheet .*choose from Plan"):
        list_schemes(Opened(tracker.name, sheet="Plann", content=tracker.content))


def test_a_hundred_thousand_rows_are_read_in_bounded_time() -> None:
    lines = ["Ref,Scheme,Lead,Start,Saving £k,RAG"]
    lines += [f"S{n},Invented scheme {n},A. Field,Apr-26,{n % 900 + 1},Green" for n in range(100_000)]
    # The processor's time, not the clock's: other work on the machine is none of this test's business.
    begun = time.process_time()
    found = list_schemes(Opened("many.csv", content="\n".join(lines).encode()))
    assert len(found.fields["schemes"]) == 100_000
    assert found.fields["totals"]["claimed"] == sum(n % 900 + 1 for n in range(100_000)) * 1e3
    assert time.process_time() - begun < 120


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_command_gives_the_document_and_writes_the_folder(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tracker = trackers.titles_parts_and_totals()
    path = tmp_path / tracker.name
    path.write_bytes(tracker.content)
    assert main(["choose", "list", str(path), "--needed", "£4m", "--today", "2026-11-21", "--json", "--out",
                 str(tmp_path / "out")]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["totals"]["needed"] == 4e6
    assert document["settings"]["needed"] == "£4m"
    first = document["schemes"][0]
    assert {name: first[name] for name in ("row", "sheet", "name", "owner", "start", "value_pounds", "status")} == {
        "row": 6, "sheet": "Tracker", "name": "Invented scheme 1", "owner": "A. Field", "start": "2026-04-01",
        "value_pounds": 450e3, "status": "firm"}
    out = tmp_path / "out"
    written = {each.relative_to(out).as_posix() for each in out.rglob("*") if each.is_file()}
    assert {"answer.json", "friday.docx", "workbook.xlsx", "memory.json", "bridge.svg",
            "proposals/invented-scheme-1.toml"} <= written
    assert "proposals/invented-scheme-3.toml" not in written


def test_a_correction_on_the_command_line_is_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("Thing,Estimate,Saving £\nShorter stays,900,300\nFollow-ups,800,200\n", encoding="utf-8")
    assert main(["choose", "list", str(path), "--columns", "name=Thing,value=Estimate", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["totals"]["claimed"] == 1_700


def test_the_same_list_gives_the_same_answer() -> None:
    opened = trackers.sixty().opened
    one, other = (list_schemes(opened, today="2026-11-21").to_json() for _ in range(2))
    assert one == other


def test_a_refusal_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "locked.xlsx"
    path.write_bytes(trackers.with_a_password())
    assert main(["choose", "list", str(path), "--json", "--out", str(tmp_path / "out"), "--memory",
                 str(tmp_path / "memory.json")]) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert error.startswith(f"{path}: the workbook has a password")
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "memory.json").exists()
