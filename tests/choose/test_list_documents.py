"""What a list becomes on paper: Friday's page, a workbook that goes on calculating, proposals to go on with."""

from __future__ import annotations

import io
import re
import tomllib
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from choose.tracker import trackers
from choose.tracker.trackers import HEADS, scheme, workbook
from evenhand.choose import list_schemes
from evenhand.data.tables import Opened
from evenhand.documents.friday import DRAFT, friday_bytes, rounded_to_add_up
from evenhand.documents.tracker_workbook import tracker_workbook_bytes
from evenhand.figures import Answer
from evenhand.region.proposals import read_case


@pytest.fixture(scope="module")
def answer() -> Answer:
    return list_schemes(trackers.sixty().opened, today="2026-11-21", needed="£20m")


def report(answer: Answer) -> Any:
    return docx.Document(io.BytesIO(friday_bytes(answer)))


def words_of(document: Any) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_fridays_report_is_a_draft_until_somebody_signs(answer: Answer) -> None:
    document = report(answer)
    assert document.sections[0].header.paragraphs[0].text == DRAFT
    assert "Signed by: ____" in words_of(document)
    assert document.core_properties.author == ""


def test_it_opens_with_the_sentence_and_the_bridge(answer: Answer) -> None:
    document = report(answer)
    assert answer.sentence in [paragraph.text for paragraph in document.paragraphs[:4]]
    first = document.tables[0]
    assert [cell.text for cell in first.rows[0].cells] == ["Needed", "= Firm", "+ At risk", "+ Not found"]
    needed, firm, at_risk, not_found = (int(re.sub(r"\D", "", cell.text)) for cell in first.rows[1].cells)
    assert needed == 20_000_000
    assert abs(needed - firm - at_risk - not_found) <= 2


def test_it_says_what_must_be_mended_and_where_the_shortfall_comes_from(answer: Answer) -> None:
    said, missing = words_of(report(answer)), answer.fields["missing"]
    assert f"{missing['owner']} schemes have no owner." in said
    assert "1 scheme has no figure: treated as not found." in said
    assert "(National Audit Office, 2012)" in said
    assert "£8.921 million came of £10.549 million planned" in said


@given(st.lists(st.floats(0, 1e8), min_size=1, max_size=6))
def test_whole_pounds_add_up_to_their_sum(parts: list[float]) -> None:
    whole = rounded_to_add_up(parts, sum(parts))
    assert sum(whole) == round(sum(parts))
    assert all(abs(a - b) <= 1 for a, b in zip(whole, parts, strict=True))


def test_the_figures_in_the_report_add_up_as_they_are_printed(answer: Answer) -> None:
    needed, firm, at_risk, not_found = (int(cell.text.replace("£", "").replace(",", ""))
                                        for cell in report(answer).tables[0].rows[1].cells)
    assert firm + at_risk + not_found == needed


def test_a_finance_director_finds_what_comes_again_and_who_it_is_by(answer: Answer) -> None:
    said = words_of(report(answer))
    assert "Recurrent £" in said
    assert "non-recurrent £" in said
    assert "usual shortfall, leaves £" in said


def test_its_picture_says_in_words_what_it_shows(answer: Answer) -> None:
    (shape,) = report(answer).inline_shapes
    assert shape._inline.docPr.get("descr") == answer.figures[0].sentence


@pytest.mark.parametrize("made", [trackers.sixty, trackers.plain, trackers.thirty_sheets, trackers.amounts_in_words])
def test_it_fits_on_a_page(made: Any) -> None:
    tracker = made()
    last = Opened("last.xlsx", content=trackers.sixty(2).content)
    document = report(list_schemes(tracker.opened, today="2026-11-21", last=last))
    # An A4 page between these margins holds 26.9 cm: lines by their size, the picture by its own, tables by their rows.
    page = document.sections[0]
    room = page.page_height.cm - page.top_margin.cm - page.bottom_margin.cm
    height = sum(shape.height.cm + 0.3 for shape in document.inline_shapes)
    for table in document.tables:
        for row in table.rows:
            lines = max(-(-len(cell.text) * 0.165 // cell.width.cm) for cell in row.cells)
            height += max(1, lines) * 0.36 + 0.05
    for paragraph in document.paragraphs:
        small = paragraph.runs and paragraph.runs[0].font.size and paragraph.runs[0].font.size.pt < 9
        a_line, per_line = (0.34, 125) if small else (0.41, 102)
        if paragraph.style.name == "Title":
            a_line = 0.9
        before_it = paragraph.style.paragraph_format.space_before.cm
        height += max(1, -(-len(paragraph.text) // per_line)) * a_line + before_it
    assert height <= room, f"{height:.1f} cm on a page of {room:.1f} cm"


def test_a_report_of_a_tracker_full_of_signs_can_be_written() -> None:
    rows = [HEADS, scheme(1, 100, name="Beds & <b>bold</b> \"quoted\" 😀", owner="O'Hara & Sons", rag="Amber")]
    answer = list_schemes(Opened("signs & marks.xlsx", content=workbook({"A & B": rows})))
    assert "Beds & <b>bold</b>" in words_of(report(answer))


# --- the workbook -----------------------------------------------------------------------------------------------------


def opened(answer: Answer, *, values: bool) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(tracker_workbook_bytes(answer)), data_only=values)


def test_the_sums_are_formulas_with_the_figures_of_the_answer_beside_them(answer: Answer) -> None:
    formulas, values = opened(answer, values=False)["Bridge"], opened(answer, values=True)["Bridge"]
    totals = answer.fields["totals"]
    lines = {formulas.cell(row, 1).value: row for row in range(4, 25) if formulas.cell(row, 1).value}
    for what, amount in (("Claimed", totals["claimed"]), ("less counted twice", -totals["counted_twice"]),
                         ("less usual shortfall", -totals["usual_shortfall"]), ("Firm", totals["firm"]),
                         ("At risk", totals["at_risk"]), ("Not found", totals["not_found"]),
                         ("Needed = firm + at risk + not found, less what is more", totals["needed"])):
        assert str(formulas.cell(lines[what], 2).value).startswith("=")
        assert values.cell(lines[what], 2).value == pytest.approx(amount, abs=0.01)


def worked_out(sheet: Any, share: float) -> dict[str, float]:
    """The formulas of the sheet of schemes worked out anew by hand, from its cells alone."""
    heads = {cell.value: cell.column for cell in sheet[3]}
    sums = {"firm": 0.0, "at risk": 0.0, "still": 0.0}
    for row in range(4, sheet.max_row + 1):
        claimed, twice, found = (float(sheet.cell(row, heads[name]).value or 0)
                                 for name in ("Claimed", "Counted twice", "Found so far"))
        status = sheet.cell(row, heads["Status"]).value
        still = 0.0 if status == "not found" else max(0.0, claimed - twice - max(0.0, found))
        assert sheet.cell(row, heads["Still open"]).value == pytest.approx(still)
        if status != "not found":
            sums[status] += claimed - twice - share * still
            sums["still"] += still
    return sums


def test_the_cells_give_the_same_bridge_when_worked_out_anew(answer: Answer) -> None:
    totals = answer.fields["totals"]
    sums = worked_out(opened(answer, values=True)["Schemes"], totals["usual_shortfall_share"])
    assert sums["firm"] == pytest.approx(totals["firm"])
    assert sums["at risk"] == pytest.approx(totals["at_risk"])
    assert sums["still"] * totals["usual_shortfall_share"] == pytest.approx(totals["usual_shortfall"])


def test_every_formula_points_at_the_rows_of_the_schemes(answer: Answer) -> None:
    book = opened(answer, values=False)
    last = 3 + len(answer.fields["schemes"])
    found = [str(cell.value) for sheet in ("Bridge", "By body", "By kind", "By programme")
             for row in book[sheet].iter_rows() for cell in row if cell.data_type == "f"]
    ranges = {(int(first), int(end)) for formula in found
              for first, end in re.findall(r"Schemes!\$[A-Z]\$(\d+):\$[A-Z]\$(\d+)", formula)}
    assert ranges == {(4, last)}


def test_every_change_made_to_what_was_read_is_listed(answer: Answer) -> None:
    sheet = opened(answer, values=True)["Every change"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert len(rows) == len(answer.fields["changes"])
    said = {(row[1], row[2]): (row[3], row[4]) for row in rows}
    for each in answer.fields["schemes"]:
        if each["value_pounds"] is None and ("amount: it says" in " ".join(each["problems"])):
            assert said[each["row"], "amount"][1].startswith("not known: it says")
    left_out = [row for row in rows if row[2] == "row"]
    assert len(left_out) == sum(each["because"] != "blank" for each in answer.fields["ignored_rows"])


def test_no_text_of_a_tracker_becomes_a_formula() -> None:
    text = ('Scheme,Lead,Saving £,Measure\n"=HYPERLINK(""http://example.org"")",=1+1,100,@SUM(1)\n'
            "+44 beds,-1,200,=cmd|x\nPlain,A. Field,TBC,none\n")
    answer = list_schemes(Opened("nasty.csv", content=text.encode()))
    book = opened(answer, values=False)
    ours = re.compile(r"=-?\(?(IF|SUM|SUMIFS|SUMPRODUCT|COUNTIFS|MAX|B\d)")
    assert all(ours.match(str(cell.value)) for sheet in book for row in sheet.iter_rows() for cell in row
               if cell.data_type == "f")
    assert book["Schemes"]["A4"].value == '=HYPERLINK("http://example.org")'
    assert book["Schemes"]["A4"].data_type == "s"


def test_the_same_answer_gives_the_same_workbook(answer: Answer) -> None:
    assert tracker_workbook_bytes(answer) == tracker_workbook_bytes(answer)


# --- proposals --------------------------------------------------------------------------------------------------------


def test_each_scheme_to_go_on_with_becomes_a_proposal_that_a_region_takes(answer: Answer, tmp_path: Path) -> None:
    assert answer.documents is not None
    files = {name: content for name, content in answer.documents(answer).items() if name.startswith("proposals/")}
    going_on = [each for each in answer.fields["schemes"] if each["status"] != "not_found"]
    assert len(files) == len(going_on)
    for name, content in files.items():
        path = tmp_path / "millbrook" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        case = read_case(path)
        assert (case.id, case.state) == (path.stem, "raised")
        said = tomllib.loads(content.decode())
        assert said["proposal"]["options"][-1]["does_nothing"]


def test_a_proposal_says_what_its_row_says_and_what_it_lacks() -> None:
    answer = list_schemes(Opened("plan.xlsx", content=workbook({"Plan": [HEADS, scheme(
        1, "£1.25m", name='Beds "and" \\ wards', owner=None, rag="Amber")]})))
    assert answer.documents is not None
    text = answer.documents(answer)["proposals/beds-and-wards.toml"].decode()
    said = tomllib.loads(text)
    assert said["proposal"]["title"] == 'Beds "and" \\ wards'
    assert said["proposal"]["spend"][0]["pounds"] == 1_250_000
    assert "change_plan" not in said["proposal"]
    assert "# - nobody owns it" in text
