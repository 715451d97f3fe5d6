"""Journeys through the demonstration, in given, when, then."""

import os
from pathlib import Path

from journeys.tutorial import steps

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"


def test_the_command_says_what_is_in_it_and_who_to_sign_in_as(home):
    said = (home / "said.txt").read_text()
    assert "Gluten-free foods on prescription, Derbyshire: To stop." in said
    assert "Ana Lewis" in said
    assert "/where-to-look/" in said
    assert oct(home.stat().st_mode)[-3:] == "700"
    assert oct((home / "secret-key").stat().st_mode)[-3:] == "600"


def test_a_councillor_reads_one_real_decision_from_why_to_what_happened(visit):
    # Given the front page, when she follows the decision
    page = visit("/")
    page.get_by_role("link", name="Gluten-free foods on prescription, Derbyshire").first.click()
    # Then the page tells it in the public order
    labels = page.locator(".eh-line > h2").all_inner_texts()
    assert [each.upper() for each in labels] == ["DECIDED", "WHY", "CHOICES", "HEARD", "WHO", "MAY LOSE", "TURNS ON",
                                                 "PROMISE", "SINCE", "CHALLENGE"]
    said = page.locator("main").inner_text()
    assert "more than £650,000" in said
    assert "Not in the sources we hold" in said
    assert "13 December 2018" in said
    assert page.locator("svg[role=img]").count() >= 1


def test_everything_can_be_reached_with_the_keyboard_alone(visit):
    page = visit("/")
    # When she presses Tab once and Enter, she is past the menu
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "maincontent"
    # When she goes on with Tab she reaches a decision, and opens what is folded there
    for _ in range(12):
        page.keyboard.press("Tab")
        if "Gluten-free" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/decisions/derbyshire-gluten-free/**")
    summary = page.locator("#how-we-know > summary")
    for _ in range(60):
        page.keyboard.press("Tab")
        if summary.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.press("Enter")
    assert page.locator("#how-we-know").evaluate("each => each.open")


def test_without_scripts_a_member_signs_in_and_an_analyst_raises_a_case(visit):
    page = visit("/where-to-look/?of=36L", scripts=False)
    # Given no scripts, when the public asks to make a case of the first line, they are asked to sign in
    page.get_by_role("link", name="Make this a case").first.click()
    page.locator("form:has(input[value='ana-lewis']) button").click()
    # Then she is where she wanted to be, and the case is raised
    assert "Make this a case" in page.locator("h1").inner_text()
    page.get_by_label("Why this one? (optional)").fill("The largest, and sure.")
    page.get_by_role("button", name="Raise the case").click()
    assert "The case is raised" in page.locator("main").inner_text()
    page.goto("/decisions/")
    assert "South West London" in page.locator("main").inner_text()
    page.goto("/my-work/")
    assert "South West London" in page.locator("main").inner_text()


def test_an_analyst_drops_in_a_table_of_her_own_and_takes_the_answer_away(visit, tmp_path):
    path = tmp_path / "my areas.csv"
    path.write_text("area,count,people\nNorth,12,1000\nSouth,30,2000\n")
    page = visit("/methods/find/rates/")
    page.set_input_files("input[type=file] >> nth=0", str(path))
    page.get_by_role("button", name="Work it out").click()
    # Then what is wrong is said, with the focus on it
    assert "There is something to mend" in page.locator("main").inner_text()
    assert "nhsuk-error-summary" in page.evaluate("document.activeElement.className")
    page.set_input_files("input[type=file] >> nth=0", str(path))
    page.get_by_label("Columns that make a group").fill("area")
    page.get_by_label("Columns that go by other names in your file").fill("numerator=count,denominator=people")
    page.get_by_role("button", name="Work it out").click()
    assert "Kept for one hour" in page.locator("main").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert "North" in download.value.path().read_text("utf-8-sig")
    command = page.locator(".eh-code code").first.inner_text()
    assert command == "evenhand find rates 'my areas.csv' --by area --columns numerator=count,denominator=people"


def test_the_pictures_of_the_documentation_are_taken_here(visit, tmp_path):
    """They are renewed in docs/pictures where EVENHAND_PICTURES is set, and only tried elsewhere."""
    folder = PICTURES if "EVENHAND_PICTURES" in os.environ else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    for name, path, who in (("decision", "/decisions/derbyshire-gluten-free/", ""),
                            ("where-to-look-first", "/where-to-look/?of=07V", ""),
                            ("measure", "/measures/glutenfree/?of=15M", ""),
                            ("method", "/methods/find/rates/?table=sample:rates&by=area", ""),
                            ("meeting", "/meetings/millbrook-committee/5/", "rosa-khan")):
        visit(path, who=who, width=1100).screenshot(path=folder / f"{name}.png")
    visit("/decisions/derbyshire-gluten-free/", width=375).screenshot(path=folder / "decision-on-a-phone.png")
    # The tutorial through the invented county takes its own.
    taken = {path.name for path in folder.glob("*.png")} | {step.picture.name for step in steps()}
    assert {path.name for path in PICTURES.glob("*.png")} <= taken
