"""Bytes into columns: the spellings that programs leave behind, read or refused in words."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from evenhand.data import tables
from evenhand.data.tables import Opened
from evenhand.terms import Refused


def of(folder, content, **how):
    path = folder / "t.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return tables.read(Opened(str(path), **how))


def refused(call):
    with pytest.raises(Refused) as caught:
        call()
    return "\n".join(caught.value.lines())


def test_lines_that_end_as_on_old_machines_are_read(tmp_path):
    assert of(tmp_path, "area,n\rA,3\rB,5\r").numbers("n").tolist() == [3, 5]
    assert of(tmp_path, "area,n\r\nA,3\r\nB,5\r\n").numbers("n").tolist() == [3, 5]


def test_a_heading_of_two_lines_within_quotation_marks_is_one_heading(tmp_path):
    table = of(tmp_path, '"Area\nname",n\nA,3\n')
    assert table.columns == ["Area name", "n"]
    assert table.numbers("n").tolist() == [3]


def test_a_stray_quotation_mark_in_the_heading_does_not_swallow_the_rows(tmp_path):
    assert len(of(tmp_path, 'ar"ea,n\n' + "A,3\n" * 200)) == 200


def test_rows_of_commas_under_a_table_are_no_rows(tmp_path):
    assert len(of(tmp_path, "area,n\nA,3\n,\n , \n")) == 1
    assert len(of(tmp_path, "area,n\nA,3\n,\nB,5\n")) == 3


def test_a_decimal_comma_is_not_read_as_thousands(tmp_path):
    table = of(tmp_path, "area;n\nA;3,5\nB;4\n")
    assert "t.csv:1:n: this is not a number (3,5 found); commas stand before every third digit only" in refused(
        lambda: table.numbers("n"))
    assert of(tmp_path, 'n\n"1,234"\n"12,345,678.5"\n').numbers("n").tolist() == [1234, 12_345_678.5]
    for wrong in ("1,23", "0,123", "1234,567", "1,,234"):
        assert "not a number" in refused(lambda wrong=wrong: of(tmp_path, f"n;m\n{wrong};1\n").numbers("n"))


def test_a_number_beyond_any_count_is_refused(tmp_path):
    assert "larger than any count" in refused(lambda: of(tmp_path, "n\n1e300\n").numbers("n"))


def test_a_sheet_or_range_of_a_file_that_has_none_is_not_passed_over(tmp_path):
    assert "--range: only a workbook has sheets" in refused(lambda: of(tmp_path, "n\n1\n", cells="A1:A2"))
    assert "--sheet: only a workbook has sheets" in refused(lambda: of(tmp_path, "n\n1\n", sheet="x"))


def test_a_workbook_that_begins_with_notes_names_its_other_sheets(tmp_path):
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Notes").write(0, 0, "What this is")
        sheet = book.add_worksheet("Figures")
        for row, cells in enumerate([["Title"], ["", ""], ["area", "n"], ["A", 3]]):
            sheet.write_row(row, 1, cells)
    assert "name another with --sheet: Figures" in refused(lambda: tables.read(str(path)))
    assert "--range B3:F20" in refused(lambda: tables.read(Opened(str(path), sheet="figures")).require("area"))
    assert tables.read(Opened(str(path), sheet="FIGURES", cells="B3:C4")).numbers("n").tolist() == [3]


def test_nhs_numbers_with_gaps_between_are_known_though_they_are_no_whole_numbers():
    numbers = [9434765919.0, None, 9434765870.0, 4010232137.0]
    assert "the check digits fit" in refused(lambda: tables.read(pd.DataFrame({"id": numbers, "n": [1, 2, 3, 4]})))


def test_a_frame_brings_its_named_index_its_periods_and_its_words_among_numbers():
    frame = pd.DataFrame({"area": ["A", "B"], "n": [3, 5], "month": pd.period_range("2020-01", periods=2, freq="M")})
    table = tables.read(frame.set_index("area"))
    assert table.texts("area") == ["A", "B"]
    assert table.texts("month") == ["2020-01", "2020-02"]
    mixed = tables.read(pd.DataFrame({"n": [3, "five"]}, dtype=object))
    assert "(five found)" in refused(lambda: mixed.numbers("n"))


def test_two_columns_of_one_name_in_a_frame_are_refused():
    frame = pd.DataFrame({"n": [1]})
    assert "two columns go by one name (n found)" in refused(lambda: tables.read(pd.concat([frame, frame], axis=1)))


def test_a_missing_column_is_not_said_to_be_one_that_is_asked_for_itself():
    table = tables.read({"denominator": [1], "area": ["A"]})
    said = refused(lambda: table.require("numerator", "denominator"))
    assert "numerator=denominator" not in said
    assert "there is no column “numerator”" in said


def test_a_cell_with_an_error_is_not_read_as_empty(tmp_path):
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Notes & more").write(0, 0, "x")
        sheet = book.add_worksheet("Figures & sums")
        for row, cells in enumerate([["area", "n", "note"], ["A", 3, ""], ["B", "", ""]]):
            sheet.write_row(row + 2, 1, cells)
        sheet.write_formula("C5", "=1/0", None, "#DIV/0!")
    table = tables.read(Opened(str(path), sheet="Figures & sums", cells="B3:D5"))
    assert "t.xlsx:2:n: this is not a number (#DIV/0! found)" in refused(lambda: table.numbers("n", empty=0))
    assert table.texts("area") == ["A", "B"]


def test_a_workbook_with_a_byte_changed_anywhere_is_read_or_refused_in_words(tmp_path):
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Figures")
        for row in range(30):
            sheet.write_row(row, 0, ["area", "n"] if row == 0 else [f"A{row}", row])
    content = path.read_bytes()
    refusals = 0
    for place in range(0, len(content), 23):
        altered = bytearray(content)
        altered[place] ^= 0xFF
        path.write_bytes(bytes(altered))
        try:
            tables.read(str(path)).numbers("n")
        except Refused:
            refusals += 1
    assert refusals > 50


def test_a_parquet_file_with_a_byte_changed_anywhere_is_read_or_refused_in_words(tmp_path):
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"area": [f"A{row}" for row in range(30)], "n": list(range(30))}), path)
    content = path.read_bytes()
    refusals = 0
    for place in range(0, len(content), 7):
        altered = bytearray(content)
        altered[place] ^= 0xFF
        path.write_bytes(bytes(altered))
        try:
            tables.read(str(path)).texts("area")
        except Refused:
            refusals += 1
    assert refusals > 20


def test_an_old_workbook_broken_off_is_refused_in_words(tmp_path):
    # The first 512 bytes of a compound file, its table of sectors pointing past the end.
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + bytes.fromhex("3e000300feff0900") + bytes(12)
    (tmp_path / "t.csv").write_bytes(head + b"\x01" + b"\x00" * 467 + b"\x00" * 700)
    assert "the workbook cannot be read" in refused(lambda: tables.read(str(tmp_path / "t.csv")))
