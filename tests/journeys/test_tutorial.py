"""A newcomer follows the tutorial through the invented county, page by page; its pictures are taken on the way."""

import os
import re

import pytest

from evenhand.house import ROOMS
from evenhand.web.demonstration import PEOPLE
from evenhand.web.glossary import NEVER_PUBLIC
from journeys.tutorial import PAGE, steps

PICTURES = PAGE.parents[1] / "pictures"
MOST_BYTES = 150_000


def test_the_tutorial_has_a_step_on_a_page_and_a_command_for_every_question_of_the_house():
    text = PAGE.read_text("utf-8")
    sections = {section.split("\n", 1)[0]: section for section in re.split(r"^## ", text, flags=re.M)[1:]}
    for room in ROOMS:
        (section,) = [section for heading, section in sections.items() if heading.endswith(room.question)]
        assert "\nOpen `/" in section, room.question
        assert "```console\n$ evenhand" in section, room.question
    assert [step.path for step in steps()][:1] == ["/"]
    # A step that is written in another way would not be walked.
    assert len(steps()) == len(re.findall(r"^Open `", text, flags=re.M)) == text.count("*Notice:*")
    assert all(step.quoted for step in steps())


def test_the_pictures_of_the_tutorial_are_there_and_small():
    for step in steps():
        assert step.picture.is_file(), step.picture
        assert step.picture.stat().st_size < MOST_BYTES, step.picture


@pytest.mark.long
def test_the_tutorial_can_be_followed_and_its_pictures_are_taken_here(visit_county, tmp_path):
    """The pictures are renewed in docs/pictures where EVENHAND_PICTURES is set, and only tried elsewhere."""
    folder = PICTURES if "EVENHAND_PICTURES" in os.environ else tmp_path
    known = {one.name: one.id for one in PEOPLE}
    for step in steps():
        # Given the page that the tutorial names, as the person it names
        page = visit_county(step.path, who=known[step.name] if step.name else "", width=1000)
        said = " ".join(page.locator("main").inner_text().split())
        # Then what it tells the reader to notice stands there
        missing = [words for words in step.quoted if words.casefold() not in said.casefold()]
        assert missing == [], (step.path, missing)
        assert "Invented county." in page.locator("body").inner_text(), step.path
        if not step.name and "/methods/" not in step.path:
            assert [word for word in NEVER_PUBLIC if re.search(rf"\b{word}s?\b", said, flags=re.I)] == [], step.path
        _pictured(page, step, folder)


def _pictured(page, step, folder):
    """The part of the page that a fragment of the address names, else its top."""
    mark = step.path.partition("#")[2]
    part = page.locator(f"section:has(> #{mark}), section:has(> div > #{mark})").first if mark else None
    page.set_viewport_size({"width": 1000, "height": 760})
    target = folder / step.picture.name
    if part is not None and part.count():
        part.scroll_into_view_if_needed()
        page.evaluate("mark => document.getElementById(mark).scrollIntoView()", mark)
    page.screenshot(path=target)
    assert target.stat().st_size < MOST_BYTES, step.path


@pytest.mark.long
@pytest.mark.parametrize("path", ["/", "/plan/millbrook/", "/promises/", "/decisions/",
                                  "/decisions/millbrook-care-closer-to-home/", "/decisions/millbrook-night-line/"])
def test_a_page_of_the_county_is_light_quick_and_fits_a_phone(visit_county, path):
    visit_county(path)
    page = visit_county(path, width=375, scripts=False)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    weight = page.evaluate("""() => performance.getEntriesByType('navigation')[0].decodedBodySize
        + performance.getEntriesByType('resource').reduce((sum, each) => sum + each.encodedBodySize, 0)""")
    assert weight < MOST_BYTES, weight
    took = page.evaluate("() => { const it = performance.getEntriesByType('navigation')[0];"
                         " return it.responseEnd - it.requestStart }")
    assert took < 300, took
