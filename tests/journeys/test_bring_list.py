"""A programme manager on a Friday: sixty messy rows, a handful of clicks, and the report in her hands."""

import io
import time
from pathlib import Path

import docx
import openpyxl

from choose.tracker import trackers

MOST_CLICKS = 8
MILLBROOK = Path(__file__).resolve().parents[2] / "examples" / "millbrook" / "schemes.xlsx"


def test_sixty_rows_become_fridays_report_in_a_few_clicks(visit, tmp_path):
    # Given a tracker as they are
    tracker = trackers.sixty(5)
    path = tmp_path / tracker.name
    path.write_bytes(tracker.content)
    begun, clicks = time.perf_counter(), 0
    page = visit("/")
    # When she follows the menu, drops the file in and asks
    page.get_by_role("link", name="Bring your list").first.click()
    page.set_input_files("input[name=file-tracker]", str(path))
    page.get_by_label("How much is needed? (optional)").fill("£20m")
    page.get_by_role("button", name="See what it comes to").click()
    clicks += 3
    said = page.locator("main").inner_text()
    assert "Saved nowhere until you say" in said
    assert "£20.0 million =" in said
    # Then she sees who owns nothing, and puts the day right without sending the file again
    page.locator("summary", has_text="no owner").click()
    page.locator("summary", has_text="What it is held against").click()
    page.get_by_label("As of which day").fill("2026-12-31")
    page.get_by_role("button", name="Work it out again").click()
    clicks += 3
    # And takes the report away: a draft, with the figures of the page
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Write Friday’s report").click()
    clicks += 1
    waiting.value.save_as(tmp_path / "friday.docx")
    report = docx.Document(str(tmp_path / "friday.docx"))
    assert report.sections[0].header.paragraphs[0].text.startswith("DRAFT")
    sentence = page.locator(".eh-lede").inner_text()
    assert sentence in [paragraph.text for paragraph in report.paragraphs]
    assert "as of 2026-12-31" in report.paragraphs[1].text
    assert clicks <= MOST_CLICKS
    assert time.perf_counter() - begun < 120


def test_the_same_without_scripts(visit, tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(trackers.titles_parts_and_totals().content)
    page = visit("/bring-your-list/", scripts=False)
    page.set_input_files("input[name=file-tracker]", str(path))
    page.get_by_role("button", name="See what it comes to").click()
    assert "5 schemes, 3 totals, no duplicates" in page.locator("main").inner_text()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Workbook").click()
    assert waiting.value.suggested_filename == "our-list.xlsx"


def next_month(path, said):
    """The county's tracker a month on: one claim cut, one owner named."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    rows = {sheet.cell(row, 2).value: row for row in range(1, sheet.max_row + 1)}
    sheet.cell(rows["Single point of access, dermatology"], 7).value = said
    sheet.cell(rows["Care closer to home"], 3).value = "Mr Newly-Named"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_friday_again_on_a_phone(visit, tmp_path):
    # Given the county's tracker, and what was kept of it last month
    begun, clicks = time.perf_counter(), 0
    page = visit("/bring-your-list/", width=375)
    page.set_input_files("input[name=file-tracker]", str(MILLBROOK))
    page.get_by_label("As of which day").fill("2028-10-31")
    page.get_by_role("button", name="See what it comes to").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Keep what I said, for next month").click()
    waiting.value.save_as(tmp_path / "memory.json")
    (tmp_path / "november.xlsx").write_bytes(next_month(MILLBROOK, 700_000))
    # When the next month's tracker comes with it
    page.get_by_role("link", name="Bring another list").click()
    page.locator("summary", has_text="Last month’s list").click()
    page.set_input_files("input[name=file-tracker]", str(tmp_path / "november.xlsx"))
    page.set_input_files("input[name=file-memory]", str(tmp_path / "memory.json"))
    page.get_by_label("As of which day").fill("2028-11-30")
    page.get_by_role("button", name="See what it comes to").click()
    clicks += 6
    # Then what moved is told and asked about, and the answer goes into the story
    asked = page.get_by_label("Why did “Single point of access, dermatology” go from £800,000 to £700,000?")
    asked.fill("The clinic opens in January")
    page.get_by_role("button", name="Work it out again").click()
    assert "The clinic opens in January" in page.locator("main").inner_text()
    page.get_by_role("button", name="Each scheme’s story").click()
    assert "Owner nobody to Mr Newly-Named" in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.get_by_role("button", name="Back to your list").click()
    page.get_by_role("button", name="Letters to ask").click()
    assert "To the programme office" in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.get_by_role("button", name="Back to your list").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Write Friday’s report").click()
    clicks += 6
    waiting.value.save_as(tmp_path / "friday.docx")
    report = docx.Document(str(tmp_path / "friday.docx"))
    assert any("The clinic opens in January" in paragraph.text for paragraph in report.paragraphs)
    assert clicks <= 12
    assert time.perf_counter() - begun < 120
