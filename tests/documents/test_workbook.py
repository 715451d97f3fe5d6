"""An answer as a workbook: what stands in its cells, and what can never stand there."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.documents.workbook import command_of, workbook_bytes, write_workbook
from evenhand.figures import Answer, Column, Figure, MadeFrom, MethodName, Table
from evenhand.terms import Month, Refused, Suppressed

COLUMNS = (
    Column("place", "Place"), Column("value", "Rate per 1,000", "number"), Column("range", "Range", "interval"),
    Column("share", "Share", "share"), Column("cost", "Cost", "pounds"), Column("month", "Month", "month"),
)
ROWS: tuple[dict[str, Any], ...] = (
    {"place": "Ashford", "value": 12.3456, "range": (10.5, 14.25), "share": 0.4567, "cost": 71_740.2,
     "month": Month(2016, 4)},
    {"place": "=HYPERLINK(\"x\")", "value": None, "range": None, "share": Suppressed("fewer than 8 people"),
     "cost": 12.5, "month": None},
)


def answer(rows: tuple[dict[str, Any], ...] = ROWS, **changes: Any) -> Answer:
    table = Table.of(rows, COLUMNS, title="Rates")
    made = Answer(MethodName("find rates", "1", "A source (2001)"),
                  {"method": "crude", "by": ("area",), "confidence": (0.95,), "from": None, "screen": False},
                  (MadeFrom("rates by area.csv", "sha256:abc"),), "Ashford has 12.3 per 1,000.", {"rows": list(rows)},
                  table, ("One row was dropped.",),
                  lambda given: (Figure("rates", "Rates: by [place]", "A picture in words.", given.table),))
    return replace(made, **changes)


def opened(made: Answer, **options: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(made, **options)))


def cells_below(sheet: Any, heading: str) -> list[Any]:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == heading:
                return [sheet.cell(cell.row + step, cell.column) for step in (1, 2)]
    raise AssertionError(f"no heading {heading}")


def test_the_first_sheet_says_the_sentence_then_the_remarks_then_the_table() -> None:
    sheet = opened(answer())["Answer"]
    words = [row[0].value for row in sheet.iter_rows(max_row=4)]
    assert words[0] == "Ashford has 12.3 per 1,000."
    assert "One row was dropped." in words
    assert [cell.value for cell in cells_below(sheet, "Place")] == ["Ashford", "=HYPERLINK(\"x\")"]


def test_there_is_a_sheet_for_each_figure_and_one_for_how_we_know() -> None:
    book = opened(answer())
    assert book.sheetnames == ["Answer", "Rates by place", "How we know"]
    assert book["Rates by place"]["A1"].value == "A picture in words."


def test_numbers_are_unrounded_and_shown_as_a_reader_wants_them() -> None:
    sheet = opened(answer())["Answer"]
    value, share, cost, month = (cells_below(sheet, head)[0]
                                 for head in ("Rate per 1,000", "Share", "Cost", "Month"))
    assert (value.value, value.number_format) == (12.3456, "#,##0.0")
    assert (share.value, share.number_format) == (0.4567, "0.0%")
    assert (cost.value, cost.number_format) == (71_740.2, "£#,##0")
    assert (month.value, month.number_format) == (datetime(2016, 4, 1), "mmm yyyy")


def test_an_interval_has_two_columns() -> None:
    sheet = opened(answer())["Answer"]
    assert cells_below(sheet, "Range, low")[0].value == 10.5
    assert cells_below(sheet, "Range, high")[0].value == 14.25


def test_missing_is_an_empty_cell_and_hidden_says_so_and_why() -> None:
    sheet = opened(answer())["Answer"]
    assert cells_below(sheet, "Rate per 1,000")[1].value is None
    assert cells_below(sheet, "Share")[1].value == "hidden"
    assert "hidden: fewer than 8 people" in [row[0].value for row in sheet.iter_rows(max_row=8)]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+cmd", "@SUM(A1)", "{=1}", "http://example.org", "\t=1", "1234"])
def test_text_that_looks_like_a_formula_a_link_or_a_number_stays_text(text: str) -> None:
    sheet = opened(answer(({**ROWS[0], "place": text}, ROWS[1])))["Answer"]
    cell = cells_below(sheet, "Place")[0]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_headings_stay_in_sight_and_the_table_is_marked_as_one() -> None:
    sheet = opened(answer())["Answer"]
    (table,) = sheet.tables.values()
    top = int(table.ref.split(":")[0].strip("ABCDEFGH"))
    assert sheet.freeze_panes == f"B{top + 1}"
    assert not sheet.merged_cells.ranges


def test_how_we_know_gives_method_settings_digests_and_the_command() -> None:
    rows = {row[0].value: row[1].value for row in opened(answer())["How we know"].iter_rows(max_col=2)}
    assert rows["Method"] == "find rates"
    assert rows["Source"] == "A source (2001)"
    assert rows["Setting: by"] == "area"
    assert rows["Setting: from"] == "not set"
    assert rows["Made from rates by area.csv"] == "sha256:abc"
    assert rows["Command"] == ("evenhand find rates 'rates by area.csv' --method crude --by area --confidence 0.95 "
                               "--no-screen")


def test_a_command_that_is_known_is_written_as_it_was_given() -> None:
    rows = {row[0].value: row[1].value
            for row in opened(answer(), command="evenhand find rates x.csv")["How we know"].iter_rows(max_col=2)}
    assert rows["Command"] == "evenhand find rates x.csv"


@pytest.mark.parametrize("made_from", [(), (MadeFrom("the table", "sha256:1"),),
                                       (MadeFrom("a.csv", "sha256:1"), MadeFrom("b.csv", "sha256:2"))])
def test_no_command_is_made_up_where_the_answer_does_not_tell(made_from: tuple[MadeFrom, ...]) -> None:
    assert command_of(answer(made_from=made_from)) == ""


def test_the_same_answer_gives_the_same_bytes() -> None:
    assert workbook_bytes(answer()) == workbook_bytes(answer())


def test_a_table_without_rows_keeps_its_headings() -> None:
    sheet = opened(answer(()))["Answer"]
    assert "Place" in [cell.value for row in sheet.iter_rows() for cell in row]


def test_sheets_and_headings_of_one_name_are_told_apart() -> None:
    table = Table.of(ROWS, (Column("value", "Value"), Column("share", "value")), title="answer")
    book = opened(answer(table=table, more_tables=(table, table)))
    assert book.sheetnames[:3] == ["Answer", "answer 2", "answer 3"]
    (marked,) = book["Answer"].tables.values()
    assert marked.column_names == ["Value", "value (2)"]


def test_a_reader_in_rust_sees_the_same_figures() -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes(answer())))
    cells = [cell for row in book.get_sheet_by_name("Answer").to_python() for cell in row]
    assert {12.3456, 0.4567, 71_740.2, "hidden"} <= set(cells)


def test_a_workbook_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new" / "answer.xlsx"
    write_workbook(answer(), path)
    assert path.read_bytes() == workbook_bytes(answer())
    assert [each.name for each in path.parent.iterdir()] == ["answer.xlsx"]
    folder = tmp_path / "taken.xlsx"
    folder.mkdir()
    with pytest.raises(Refused, match="cannot be written"):
        write_workbook(answer(), folder)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["new", "taken.xlsx"]
    shutil.rmtree(folder)


def test_more_rows_than_a_sheet_holds_are_refused_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenhand.documents.workbook.MOST_ROWS", 1)
    with pytest.raises(Refused, match="2 rows, more than a sheet can hold"):
        workbook_bytes(answer())


@given(st.lists(st.one_of(st.none(), st.text(max_size=40), st.floats(), st.integers(-10**15, 10**15), st.booleans(),
                          st.just(Suppressed("few"))), min_size=1, max_size=5))
def test_any_cell_can_be_written_and_none_becomes_a_formula(cells: list[Any]) -> None:
    rows = tuple({"place": cell, "value": cell} for cell in cells)
    book = opened(answer(rows, table=Table.of(rows, (Column("place"), Column("value", kind="number")))))
    assert all(cell.data_type != "f" for row in book["Answer"].iter_rows() for cell in row)


def test_the_workbook_of_a_command_carries_the_line_that_makes_the_answer_again(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "list.csv"
    path.write_text("old_code,new_code,date\nA,B,2001-04-01\n")
    line = ["remember", "lineage", "A", "--successions", str(path)]
    assert main([*line, "--json", "--xlsx", str(tmp_path / "a.xlsx"), "--out", str(tmp_path / "out")]) == 0
    capsys.readouterr()
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["How we know"]
    command = {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2)}["Command"]
    assert command == " ".join(["evenhand", *line])
    assert main(command.split()[1:]) == 0
