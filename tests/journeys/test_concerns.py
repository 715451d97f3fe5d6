"""A GP between two patients, on a phone: what keeps going wrong is said in two minutes and answered in public words."""

import re
import time

MOST_PRESSES = 6
MINUTES = 4


def test_a_gp_says_what_goes_wrong_on_a_phone_and_reads_what_became_of_it(visit):
    # Given a phone, no account and no scripts
    begun, presses = time.perf_counter(), 0
    page = visit("/concerns/?for=INV-MILL", width=375, scripts=False)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    # When she writes, by mistake, of a patient
    page.get_by_label("What keeps going wrong?").fill("Mrs Okafor, 84 years old, came home without a letter.")
    page.get_by_label("Which service?").fill("discharge letters")
    page.get_by_label("Your practice").fill("Millpond surgery")
    page.get_by_label("A GP practice").check()
    page.wait_for_timeout(2_100)
    page.get_by_role("button", name="Send").click()
    presses += 5
    # Then she is told kindly what it was, and her words are still there
    said = page.locator("main").inner_text()
    assert "Please say it without pointing to one person" in said
    assert "Mrs Okafor" in said
    assert page.get_by_label("Which service?").input_value() == "discharge letters"
    # When she says it of letters rather than of somebody
    page.get_by_label("What keeps going wrong?").fill("Letters come a week after people are home.")
    page.get_by_role("button", name="Send").click()
    presses += 1
    said = page.locator("main").inner_text()
    code = re.search(r"MILL \d{4} \d{3}", said)[0]
    assert "The programme office of Millbrook commissioner answers by" in said
    assert "other practices said this." in said
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert presses <= MOST_PRESSES
    # And the office answers from its own work
    office = visit("/concerns/board/", who="owen-price")
    office.locator("#waiting + ul li", has_text=code).get_by_role("link").click()
    office.get_by_label("Answered", exact=True).check()
    office.get_by_label("Your words to whoever sent it").fill("The hospital sends them by evening from next month.")
    office.get_by_role("button", name="Send the answer").click()
    # Then her code tells her so, however she types it
    page.goto("/concerns/follow/")
    page.get_by_label("Your code").fill(code.lower().replace(" ", ""))
    page.get_by_role("button", name="See what became of it").click()
    assert "The hospital sends them by evening from next month." in page.locator("main").inner_text()
    assert time.perf_counter() - begun < MINUTES * 60


def test_the_whole_form_can_be_filled_in_from_the_keyboard(visit):
    page = visit("/concerns/?for=INV-MILL", width=375)
    page.get_by_label("What keeps going wrong?").focus()
    page.keyboard.type("Nobody rings back about a visit.")
    page.keyboard.press("Tab")
    page.keyboard.type("district nursing")
    page.keyboard.press("Tab")
    page.keyboard.type("Lakeside surgery")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    # The field for machines is never reached: the next stop is the button.
    page.wait_for_timeout(2_100)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "send"
    page.keyboard.press("Enter")
    page.wait_for_url("**/concerns/follow/**")
    assert re.search(r"MILL \d{4} \d{3}", page.locator("main").inner_text())
