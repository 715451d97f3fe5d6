"""A programme manager on a Friday: sixty messy rows, a handful of clicks, and the report in her hands."""

import time

import docx

from choose.tracker import trackers

MOST_CLICKS = 8


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
