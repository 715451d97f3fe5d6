"""A secretary and a member run a meeting from the keyboard, at the width of a phone, without scripts."""

import re
from datetime import date, timedelta

import pytest

MEETING = "/meetings/millbrook-committee/"
MOST_STOPS = 140


def reach(page, test):
    """Press Tab until the focus stands on what the test says; gives how many stops it took."""
    for stops in range(1, MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate(f"(() => {{ const each = document.activeElement; return Boolean({test}); }})()"):
            return stops
    pytest.fail(f"the keyboard does not reach {test}")


def fits(page):
    # Without scripts nothing of ours runs, but the browser still answers a test's question.
    assert page.evaluate("document.documentElement.scrollWidth") <= 375, page.url


def test_a_secretary_arranges_adds_sends_and_opens_and_a_member_votes(visit):
    # Given the secretary on a phone, with a keyboard
    page = visit("/meetings/arrange/", who="tom-doyle", width=375, scripts=False)
    fits(page)
    # When he arranges a meeting as the last one was
    reach(page, "each.name === 'on'")
    on = date.today() + timedelta(days=40)
    page.keyboard.type(f"{on:%d%m%Y}")
    reach(page, "each.tagName === 'BUTTON' && each.textContent.includes('Arrange the meeting')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/")
    desk = page.url
    name = re.search(r"/meetings/([^/]+)/desk/", desk)[1]
    fits(page)
    # And puts an item on its agenda
    reach(page, "each.name === 'title' && each.form.id === 'add'")
    page.keyboard.type("Night nurses")
    reach(page, "each.name === 'asked_to'")
    page.keyboard.type("Decide whether two nurses stay on at night.")
    reach(page, "each.tagName === 'BUTTON' && each.value === 'add'")
    page.keyboard.press("Enter")
    page.get_by_text("It stands on the agenda as item 4.").first.wait_for()
    said = page.locator("main").inner_text()
    assert "It stands on the agenda as item 4." in said
    # And gives notice
    reach(page, "each.tagName === 'BUTTON' && each.value === 'notice'")
    page.keyboard.press("Enter")
    page.get_by_text("Notice: 39 clear days before, 3 clear days needed").first.wait_for()
    assert "Notice: 39 clear days before, 3 clear days needed" in page.locator("main").inner_text()
    # Then everybody can read it
    public = visit("/meetings/", width=375, scripts=False)
    fits(public)
    assert "Night nurses" in public.locator("main").inner_text()
    # But no vote on it is opened before its day
    page.goto(f"/meetings/{name}/4/")
    fits(page)
    reach(page, "each.tagName === 'BUTTON' && each.textContent.includes('Open the vote')")
    page.keyboard.press("Enter")
    page.get_by_text("a vote is opened when it has begun").first.wait_for()
    assert "a vote is opened when it has begun" in page.locator("main").inner_text()
    # When a vote is opened at the meeting of today
    page.goto(f"{MEETING}7/")
    fits(page)
    reach(page, "each.tagName === 'BUTTON' && each.textContent.includes('Open the vote')")
    page.keyboard.press("Enter")
    page.get_by_text("The vote is open.").first.wait_for()
    assert "The vote is open." in page.locator("main").inner_text()
    # Then a member votes from the keyboard, with a reason and her dissent
    member = visit(f"{MEETING}7/", who="rosa-khan", width=375, scripts=False)
    fits(member)
    reach(member, "each.name === 'choice'")
    member.keyboard.press("ArrowDown")
    reach(member, "each.name === 'reason'")
    member.keyboard.type("One nurse has not been tried.")
    reach(member, "each.name === 'dissent'")
    member.keyboard.press("Space")
    reach(member, "each.tagName === 'BUTTON' && each.textContent.includes('Cast my vote')")
    member.keyboard.press("Enter")
    member.get_by_text("You voted: against.").first.wait_for()
    said = member.locator("main").inner_text()
    assert "You voted: against." in said
    assert "One nurse has not been tried." in said
    # And nobody sees how it stands
    page.goto(f"{MEETING}7/")
    assert "One nurse" not in page.locator("main").inner_text()
    # Put off, so that other journeys find the county as it was
    page.get_by_text("Put this item off").click()
    page.get_by_label("Why is it put off?").fill("It was tried out.")
    page.get_by_role("button", name="Put it off").click()
    assert "Closed: put off" in page.locator("main").inner_text()


def test_the_pages_of_a_meeting_fit_a_phone_and_have_no_fault_that_axe_finds(visit):
    axe_of = pytest.importorskip("axe_playwright_python.sync_playwright").Axe
    for who, paths in (("", ("/meetings/", MEETING, "/meetings/millbrook-committee-before/minutes/", f"{MEETING}ask/")),
                       ("tom-doyle", (f"{MEETING}desk/", f"{MEETING}sit/", f"{MEETING}6/", f"{MEETING}1/",
                                      "/meetings/between/"))):
        page = visit("/", who=who, width=375)
        for path in paths:
            page.goto(path)
            fits(page)
            found = axe_of().run(page)
            assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
