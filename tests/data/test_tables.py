"""What a method is given, in every form a person may bring it."""

import gzip

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from evenhand.data import tables
from evenhand.data.tables import Opened
from evenhand.terms import Refused

COLUMNS = {"area": ["A", "B"], "numerator": [3, 5], "denominator": [10, 20]}
CSV = "area,numerator,denominator\nA,3,10\nB,5,20\n"


def a_file(folder, form):
    path = folder / f"t.{form}"
    if form == "csv":
        path.write_text(CSV)
    elif form == "csv.gz":
        path.write_bytes(gzip.compress(CSV.encode()))
    elif form == "semicolon.csv":
        path.write_text(CSV.replace(",", ";"))
    elif form == "utf16.csv":
        path.write_text(CSV, encoding="utf-16")
    elif form == "parquet":
        pq.write_table(pa.table(COLUMNS), path)
    elif form == "xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("figures")
            for row, cells in enumerate([list(COLUMNS), *zip(*COLUMNS.values(), strict=True)]):
                sheet.write_row(row, 0, cells)
    return path


@pytest.mark.parametrize("form", ["csv", "csv.gz", "semicolon.csv", "utf16.csv", "parquet", "xlsx"])
def test_a_file_of_any_form_gives_the_same_columns(tmp_path, form):
    table = tables.read(a_file(tmp_path, form))
    assert table.texts("area") == ["A", "B"]
    assert table.numbers("NUMERATOR").tolist() == [3, 5]


@pytest.mark.parametrize("frame", [pd.DataFrame(COLUMNS), pl.DataFrame(COLUMNS), pa.table(COLUMNS), COLUMNS])
def test_a_frame_of_any_library_gives_the_same_columns_and_digest(frame):
    table = tables.read(frame)
    assert table.numbers("denominator").tolist() == [10, 20]
    assert table.digest == tables.read(COLUMNS).digest


def refusal(source, *asked):
    with pytest.raises(Refused) as caught:
        table = tables.read(source)
        for ask in asked:
            ask(table)
    return "\n".join(caught.value.lines())


def test_a_word_among_numbers_is_named_with_its_row_and_column(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("area,numerator\nA,3\nB,about five\n")
    assert refusal(path, lambda t: t.numbers("numerator")) == (
        f"{path}:2:numerator: this is not a number (about five found); write digits only, without units or words")


def test_row_numbers_survive_leaving_rows_out(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("area,numerator\nA,1\nB,2\nA,-3\n")
    message = refusal(Opened(str(path), where=(("area", "a"),)), lambda t: t.numbers("numerator", least=0))
    assert f"{path}:3:numerator: a count cannot be negative (-3 found)" in message


@pytest.mark.parametrize(("content", "said"), [
    (b"", "the file is empty"),
    (b"area,numerator\n", "there are headings and no rows"),
    (b"\x00\x01\x02rubbish\xff", "holds bytes that are not text"),
    (b"\x1f\x8b\x08broken", "compressed and broken off"),
    (b"PAR1 not really", "the Parquet file is broken"),
    (b"a,b\n1,2\n1,2,3\n", "this row has 3 cells and the heading 2"),
])
def test_a_broken_file_is_refused_in_words(tmp_path, content, said):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    message = refusal(path)
    assert said in message
    assert str(path) in message


def test_a_missing_file_names_its_neighbours(tmp_path):
    (tmp_path / "figures.csv").write_text(CSV)
    assert "there are figures.csv" in refusal(tmp_path / "figure.csv")


def test_a_missing_column_names_the_nearest_and_how_to_map_it():
    message = refusal({"numeratr": [1]}, lambda t: t.require("numerator"))
    assert "there is no column “numerator”" in message
    assert "--columns numerator=numeratr" in message


def test_a_mapped_column_goes_by_the_name_the_method_knows(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("area,count,numerator\nA,3,99\n")
    table = tables.read(Opened(str(path), columns={"numerator": "count"}))
    assert table.numbers("numerator").tolist() == [3]


def test_the_same_row_twice_is_named():
    assert "row 1 is for the same area" in refusal({"area": ["A", "A"]}, lambda t: t.refuse_duplicates("area"))


def test_a_column_of_nhs_numbers_is_refused_before_anything_is_read():
    valid = ["9434765919", "9434765870", "4010232137"]
    assert "the check digits fit" in refusal({"id": valid, "numerator": [1, 1, 1]})


def test_ten_digit_codes_without_the_check_digit_are_no_nhs_numbers():
    assert len(tables.read({"id": ["1234567890", "1234567891", "1234567892"]})) == 3


@pytest.mark.parametrize("heading", ["NHS Number", "Date of Birth", "DOB", "Surname", "patient_postcode"])
def test_a_heading_about_a_person_is_refused(heading):
    assert "load counts by place and period" in refusal({heading: ["x"], "n": [1]})


def test_doubled_headings_are_told_apart(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("n,n,\n1,2,3\n")
    assert tables.read(path).columns == ["n", "n (2)", "column 3"]


def test_a_workbook_sheet_and_range_can_be_named(tmp_path):
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("cover").write(0, 0, "Title page")
        sheet = book.add_worksheet("figures")
        for row, cells in enumerate([["numerator", "x"], [3, 1], [5, 1], ["Total", 8]]):
            sheet.write_row(row + 2, 1, cells)
    table = tables.read(Opened(str(path), sheet="figures", cells="B3:B5"))
    assert table.numbers("numerator").tolist() == [3, 5]
    assert "choose from cover, figures" in refusal(Opened(str(path), sheet="figure"))


def test_numbers_with_thousands_commas_and_spaces_are_numbers():
    assert tables.read({"n": [" 1,234 ", "5"]}).numbers("n").tolist() == [1234, 5]


def test_a_column_of_numbers_and_words_names_the_word():
    assert "(about five found)" in refusal({"n": [3, "about five"]}, lambda t: t.numbers("n"))
    assert "(about five found)" in refusal([{"n": 3}, {"n": "about five"}], lambda t: t.numbers("n"))


def test_a_single_value_is_no_column():
    assert "a: this column is one value and no list" in refusal({"a": 3})
    assert "a: this column is one value and no list" in refusal({"a": "three"})


def test_columns_of_different_lengths_are_no_table():
    assert "not all of one length" in refusal({"a": [1, 2], "b": [1]})


def test_an_empty_cell_is_missing_only_where_that_is_allowed():
    table = tables.read({"n": ["1", ""]})
    assert table.numbers("n", empty=0).tolist() == [1, 0]
    assert "this cell is empty" in refusal({"n": ["1", ""]}, lambda t: t.numbers("n"))
