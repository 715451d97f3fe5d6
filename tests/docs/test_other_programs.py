"""What the pages on R, Excel and Power BI say of our files is so: the columns, and the answer of their one job."""

import csv
import re
from pathlib import Path

import pytest

from evenhand.cli import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = {name: (ROOT / "docs" / "how-to" / f"{name}.md").read_text() for name in ("from-r", "from-excel",
                                                                                  "from-power-bi")}
PANEL = {"measure", "unit", "month", "numerator", "denominator", "vintage", "source"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The files that the pages make, by the command they give."""
    folder = tmp_path_factory.mktemp("made")
    assert main(["find", "gaps", str(ROOT / "examples/derbyshire/figures/observations.csv.gz"), "--where",
                 "vintage=2020-12 to 2025-12", "--from", "2025-01", "--to", "2025-12", "--of", "15M",
                 "--smallest", "30", "--out", str(folder / "gaps-15M"), "--xlsx", str(folder / "gaps-15M.xlsx")]) == 0
    return folder


def rows_of(made):
    with (made / "gaps-15M" / "table.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_one_job_comes_out_as_the_pages_say(made):
    worse = [row for row in rows_of(made)
             if float(row["gap"]) > 0 and row["signal"] == "True" and row["numerator_unit"] == "pounds"]
    worse.sort(key=lambda row: -float(row["gap"]))
    shown = [(row["title"].split(" ")[0], round(float(row["gap"])), round(float(row["interval_low"])),
              round(float(row["interval_high"]))) for row in worse]
    assert shown == [("Dronedarone", 14_835, 10_987, 19_281), ("Homeopathy", 399, 209, 686)]
    for page in PAGES.values():
        assert "£14,835" in page
        assert "£399" in page


def test_every_column_that_the_pages_name_is_in_the_files(made):
    columns = set(rows_of(made)[0])
    r = set(re.findall(r"select = c\(([^)]*)\)", PAGES["from-r"])[0].replace(" ", "").split(","))
    power = set(re.findall(r'\{"(\w+)", (?:type|Int64)', PAGES["from-power-bi"])) | {"numerator_unit", "remark"}
    assert len(r) == 7
    assert len(power) == 8
    assert r | power <= columns
    assert set(re.findall(r'"(\w+)"', PAGES["from-power-bi"].split("ExpandTableColumn")[1].split("in\n")[0])) - {
        "Panel"} == PANEL


def test_the_json_has_the_fields_that_the_page_on_r_reads(made):
    import json

    answer = json.loads((made / "gaps-15M" / "answer.json").read_text())
    assert {"sentence", "made_from"} <= set(answer)
    assert {"measure", "gap", "shrunk_gap", "p_value", "because"} <= set(answer["rows"][0])
    dronedarone = next(row for row in answer["rows"] if row["measure"] == "lpdronedarone")
    assert round(dronedarone["value"], 2) == 22.34


def test_the_workbook_has_numbers_under_the_headings_that_the_page_on_excel_filters_by(made):
    from openpyxl import load_workbook

    book = load_workbook(made / "gaps-15M.xlsx")
    found = {}
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value in ("In", "Gap a year", "More than chance", "Remark"):
                    found[cell.value] = (sheet, cell)
    assert set(found) == {"In", "Gap a year", "More than chance", "Remark"}
    sheet, heading = found["Gap a year"]
    assert isinstance(sheet.cell(heading.row + 1, heading.column).value, float)
