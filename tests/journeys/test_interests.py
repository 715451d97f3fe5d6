"""A lay member and a secretary: an interest from the keyboard to the item it stops, without scripts and on a phone."""


def test_a_member_declares_from_the_keyboard_and_the_item_shows_what_it_means(visit):
    # Given Dr Hughes, who has said nothing yet, on a phone without scripts
    page = visit("/my-work/", who="isla-hughes", width=375, scripts=False)
    assert "Overdue" in page.locator("main").inner_text()
    page.get_by_role("link", name="My interests at Millbrook commissioner").first.click()
    # When she declares a practice that the meeting's item touches, pressing keys alone
    page.get_by_label("In which body?").focus()
    page.keyboard.type("riverside SURGERY")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # my own
    page.keyboard.press("Tab")
    page.keyboard.type("salaried doctor")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # financial
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # actual
    page.keyboard.press("Tab")
    page.keyboard.type("31 February 2026")
    page.keyboard.press("Enter")
    # Then the day that is none is said, and nothing she wrote is lost
    page.get_by_text("is no day.").first.wait_for()
    assert "“31 February 2026” is no day." in page.locator("main").inner_text()
    assert page.get_by_label("What part is played there?").input_value() == "salaried doctor"
    page.get_by_label("Since when?").fill("2026-01")
    page.keyboard.press("Enter")
    page.get_by_text("Your interest is on the register.").first.wait_for()
    said = page.locator("main").inner_text()
    assert "Your interest is on the register." in said
    assert "days after it began" in said
    # And the public reads it
    page.goto("/interests/INV-MILL/#isla-hughes")
    assert "Salaried doctor: riverside surgery" in page.locator("main").inner_text().replace("SURGERY", "surgery")
    # And the secretary sees that the item has lost its quorum, and why
    office = visit("/meetings/millbrook-committee/interests/", who="tom-doyle", width=375, scripts=False)
    said = office.locator("main").inner_text()
    assert "Dr Isla Hughes leaves the room: actual financial interest in Riverside surgery" in said
    assert "4 may vote, 5 needed: one more must be there before this item can be decided" in said
    # When he enters the chair's ruling, with its reason, the item can be decided again
    office.locator("summary", has_text="Enter the chair’s ruling on item 5").focus()
    office.keyboard.press("Enter")
    office.locator("#member-5").select_option(label="Dr Isla Hughes")
    office.locator("#step-5").select_option(label="Noted, stays and votes")
    office.locator("#reason-5").fill("She left the practice in spring, and the entry will be corrected.")
    office.locator("#reason-5").press("Enter")
    office.get_by_text("because She left the practice").first.wait_for()
    said = office.locator("main").inner_text()
    assert "5 may vote, 5 needed: one absence stops this item" in said
    assert "because She left the practice in spring" in said
