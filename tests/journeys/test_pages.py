"""Every page in a browser: an accessibility checker, a phone's width, and no word from the content security policy."""

import re
from html import unescape

import pytest

PUBLIC = ["/", "/promises/", "/plan/invented-ward-3/", "/decisions/",
          "/decisions/derbyshire-gluten-free/", "/decisions/derbyshire-over-the-counter/",
          "/decisions/invented-ward-3/", "/programmes/", "/programmes/derbyshire-gluten-free/",
          "/programmes/body-15M/", "/programmes/invented-ward-3/", "/where-to-look/", "/where-to-look/?of=07V",
          "/where-to-look/?of=07V&view=then",
          "/where-to-look/?of=15M", "/where-to-look/?of=QJ2", "/where-to-look/before/?measure=glutenfree", "/measures/",
          "/bring-your-list/", "/bring-your-list/?tracker=sample:tracker",
          "/measures/glutenfree/?of=15M", "/measures/aminoacidformula/?of=04J", "/methods/", "/methods/find/rates/",
          "/methods/find/rates/?table=sample:rates&by=area", "/methods/decide/quorum/?meeting=sample:meeting",
          "/interests/", "/interests/INV-MILL/", "/about/",
          "/sources/", "/words/", "/accessibility/", "/privacy/", "/sign-in/"]
SIGNED_IN = [("ana-lewis", "/my-work/"), ("ana-lewis", "/where-to-look/raise/?of=15M&measure=lpdronedarone"),
             ("ana-lewis", "/where-to-look/ask/?of=15M&measure=lpdronedarone"), ("jo-marsh", "/my-customers/"),
             ("jo-marsh", "/my-customers/INV-MILL/"), ("rosa-khan", "/meetings/"),
             ("rosa-khan", "/meetings/millbrook-committee/"), ("rosa-khan", "/meetings/millbrook-committee/4/"),
             ("rosa-khan", "/meetings/millbrook-committee/5/"), ("tom-doyle", "/meetings/millbrook-committee/5/"),
             ("tom-doyle", "/meetings/millbrook-committee/interests/"), ("pat-byrne", "/interests/INV-MILL/mine/"),
             ("tom-doyle", "/interests/INV-MILL/keep/"),
             ("mina-lee", "/questions/1/"), ("cas-ward", "/who-may-do-what/INV-MILL/")]
ALL = [("", path) for path in PUBLIC] + SIGNED_IN
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FORBIDDEN = ("digest", "gate", "smaa", "chain", "room", "flip weight")


def named(value):
    return f"{value[0] or 'public'} {value[1]}" if isinstance(value, tuple) else str(value)


@pytest.mark.parametrize("page_of", ALL, ids=named)
def test_a_page_is_accessible_fits_a_phone_and_speaks_in_public_words(visit, page_of):
    from axe_playwright_python.sync_playwright import Axe

    who, path = page_of
    page = visit(path, who=who)
    for details in page.locator("main details").all():
        details.evaluate("each => { each.open = true }")
    found = Axe().run(page, options={"runOnly": STANDARDS})
    assert [(each["id"], each["nodes"][0]["html"][:160]) for each in found.response["violations"]] == []
    page.set_viewport_size({"width": 375, "height": 800})
    # The menu folds a moment after the width changes.
    for _ in range(20):
        if (wide := page.evaluate("document.documentElement.scrollWidth")) <= 375:
            break
        page.wait_for_timeout(100)
    assert wide <= 375
    if not who and "/methods/" not in path:
        # What has to be typed letter by letter is not speech.
        page.evaluate("document.querySelectorAll('code, pre, svg').forEach(each => each.remove())")
        said = unescape(page.locator("body").inner_text())
        assert [word for word in FORBIDDEN if re.search(rf"\b{word}s?\b", said, flags=re.I)] == []


def test_every_paper_of_the_real_case_leads_down_to_the_source_file(visit):
    page = visit("/decisions/derbyshire-gluten-free/")
    links = page.locator("#how-we-know a[href^='/papers/']").evaluate_all("all => all.map(each => each.href)")
    assert len(links) >= 6
    files = 0
    for link in links:
        page.goto(link)
        assert page.locator("h1").inner_text()
        files += page.locator("main").inner_text().count("(a file)")
    assert files > 0


def test_what_a_paper_is_called_by_is_the_hash_of_what_is_downloaded(visit, address):
    import hashlib

    page = visit("/decisions/derbyshire-gluten-free/")
    link = page.locator("#how-we-know a[href^='/papers/']").first.get_attribute("href")
    content = page.request.get(f"{link.rstrip('/')}.json").body()
    assert hashlib.sha256(content).hexdigest() == link.strip("/").rpartition("/")[2]


def test_everything_about_a_case_can_be_taken_away_and_verifies_elsewhere(visit, tmp_path):
    from datetime import UTC, datetime

    from evenhand.record import Workspace

    page = visit("/decisions/derbyshire-gluten-free/")
    content = page.request.get("/decisions/derbyshire-gluten-free/everything.zip").body()
    elsewhere = Workspace.open(tmp_path)
    elsewhere.unpack(content, by="successor", at=datetime(2026, 11, 21, tzinfo=UTC))
    assert elsewhere.verify() == ()
    assert "decision" in {kept.kind for kept in elsewhere.papers("case/derbyshire-gluten-free")}
