"""An item's board paper and brief on the site: read, adopted, signed once, kept from whom it must be kept from."""

import io
import re
from html import unescape

import pytest
from docx import Document

from evenhand.decide.app import board_paper_queries as queries
from evenhand.decide.app import queries as meetings
from evenhand.papers import SignedDocument, digest
from evenhand.record.app import queries as record

pytestmark = pytest.mark.django_db
ITEM = "/meetings/millbrook-committee/5/"
CASE = "case/invented-ward-3"


def said(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def item():
    return meetings.item("millbrook-committee", 5)


def adopt_all(client):
    for section in queries.board_paper(item()).paper.sections:
        if section.is_marked:
            sent = client.post(f"{ITEM}paper/adopt/", {"section": section.id, "words": section.digest})
            assert sent.status_code == 302, said(sent)


def test_the_paper_says_what_is_asked_who_stands_aside_and_that_it_is_a_draft(signed_in):
    page = said(signed_in("rosa-khan").get(f"{ITEM}paper/"))
    assert "DRAFT: not signed by anybody yet" in page
    assert "You are asked to" in page
    assert "Dr Mina Lee leaves the room" in page
    assert "Who comes at night?" in page
    assert "Carers" in page


def test_word_and_pdf_are_given_to_a_member_and_to_nobody_outside(signed_in):
    word = signed_in("rosa-khan").get(f"{ITEM}paper.docx")
    assert Document(io.BytesIO(word.content)).core_properties.title == "Ward 3: care at home instead of beds"
    assert signed_in("rosa-khan").get(f"{ITEM}paper.pdf").content.startswith(b"%PDF")
    assert signed_in("rosa-khan").get(f"{ITEM}paper.exe").status_code == 404
    for address in ("paper/", "paper.pdf", "brief/", "brief.pdf"):
        assert signed_in().get(f"{ITEM}{address}").status_code == 302, "the public is asked to sign in"


def test_whose_interest_keeps_the_papers_from_them_cannot_fetch_them(signed_in, monkeypatch):
    from dataclasses import replace

    whole = meetings.item

    def kept_from_them(name, number):
        found = whole(name, number)
        aside = tuple(replace(each, action="no_papers") for each in found.quorum.stands_aside)
        return replace(found, quorum=replace(found.quorum, stands_aside=aside))

    assert signed_in("mina-lee").get(f"{ITEM}paper/").status_code == 200, "who leaves the room has the papers"
    monkeypatch.setattr(meetings, "item", kept_from_them)
    for address in ("paper/", "paper.docx", "brief/", "brief.pdf"):
        assert signed_in("mina-lee").get(f"{ITEM}{address}").status_code == 403
        assert signed_in("rosa-khan").get(f"{ITEM}{address}").status_code == 200


def test_a_section_is_adopted_as_it_was_read_by_those_who_may(signed_in):
    section = queries.board_paper(item()).paper.section("gate")
    assert section.is_marked
    body = {"section": "gate", "words": section.digest}
    assert signed_in("rosa-khan").post(f"{ITEM}paper/adopt/", body).status_code == 403, "a member only reads"
    stale = signed_in("tom-doyle").post(f"{ITEM}paper/adopt/", {**body, "words": "sha256:" + "0" * 64})
    assert "its words have changed since you read them" in said(stale)
    assert signed_in("tom-doyle").post(f"{ITEM}paper/adopt/", body).status_code == 302
    adopted = queries.board_paper(item()).paper.section("gate")
    assert not adopted.is_marked
    assert adopted.adopted_by.startswith("Tom Doyle on ")
    again = signed_in("tom-doyle").post(f"{ITEM}paper/adopt/", body)
    assert "nothing in this section waits" in said(again)


def test_a_paper_is_signed_once_adopted_its_digests_are_recorded_and_a_change_makes_a_new_draft(signed_in):
    client = signed_in("tom-doyle")
    words = queries.board_paper(item()).paper.digest
    early = client.post(f"{ITEM}paper/sign/", {"words": words})
    assert "wait to be adopted" in said(early)
    adopt_all(client)
    sent = {"words": words, "because": "The programme office finished it today."}
    assert signed_in("rosa-khan").post(f"{ITEM}paper/sign/", sent).status_code == 403
    signed = client.post(f"{ITEM}paper/sign/", sent)
    assert signed.status_code == 302, said(signed)
    page = said(client.get(f"{ITEM}paper/"))
    assert "Signed by Tom Doyle on" in page
    kept = record.papers(CASE, "signed-document")
    assert len(kept) == 1
    paper = kept[0].paper()
    assert isinstance(paper, SignedDocument)
    assert paper.signed_by == "tom-doyle"
    assert paper.content == words
    # The very bytes that were signed come out, and the record knows them.
    for ending in ("pdf", "docx"):
        content = client.get(f"{ITEM}paper.{ending}").content
        assert digest(content) in {each.digest for each in paper.files}
    assert "signed already" in said(client.post(f"{ITEM}paper/sign/", sent))
    # Somebody declares an interest: who may vote is another, so the paper is another.
    declared = signed_in("pat-byrne").post(f"{ITEM}interest/", {
        "body": "Riverside surgery", "kind": "financial", "standing": "actual", "whose": "partner"})
    assert declared.status_code == 302
    page = said(client.get(f"{ITEM}paper/"))
    assert "DRAFT" in page
    assert "The papers have changed since" in page


def test_a_bodys_own_template_is_checked_and_used(signed_in):
    client = signed_in("tom-doyle")

    def send(*texts):
        document = Document()
        for text in texts:
            document.add_paragraph(text)
        out = io.BytesIO()
        document.save(out)
        out.seek(0)
        out.name = "ours.docx"
        return client.post(f"{ITEM}paper/template/", {"template": out})

    wrong = send("Our heading", "{{ title }}")
    assert wrong.status_code == 400
    assert "the template lacks {{ status }}, {{ mark }}" in said(wrong)
    assert "Choose a Word file" in said(client.post(f"{ITEM}paper/template/", {}))
    assert send("Our heading", "{{ title }} {{ status }} {{ mark }}", "{{ paper }}").status_code == 302
    texts = [each.text for each in Document(io.BytesIO(client.get(f"{ITEM}paper.docx").content)).paragraphs]
    assert texts[0] == "Our heading"
    assert "DRAFT" in texts[1]


def test_the_brief_is_one_page_of_eight_parts(signed_in):
    page = said(signed_in("rosa-khan").get(f"{ITEM}brief/"))
    for title in ("You are asked to", "The best case for", "The best case against", "Who may be worse off", "How sure",
                  "What would change the answer", "Three questions to ask", "Last time we tried this"):
        assert title in page
    assert "Four hours a week more" in page
    assert signed_in("rosa-khan").get(f"{ITEM}brief.pdf").content.startswith(b"%PDF")


def test_an_item_about_no_case_says_that_its_paper_comes_as_a_file(signed_in):
    others = [each for each in meetings.items("millbrook-committee") if not each.case]
    assert others
    page = signed_in("rosa-khan").get(f"/meetings/millbrook-committee/{others[0].number}/paper/")
    assert page.status_code == 200
    assert "bring its paper as a file" in said(page)


def test_the_public_page_of_a_case_gives_a_draft_without_peoples_own_words(signed_in):
    from evenhand.papers import Header, Theme, Voices
    from evenhand.record.app.actions import leave, writing

    with writing(CASE, by="wren-cole", what="reply taken down", organisation="INV-MILL") as block:
        block.say("reply", "My mother fell at night.")
    commitment = block.entry.commitments["reply"]
    leave(Voices(header=Header(subject=CASE, proposal_version=1), kind="Letters",
                 themes=(Theme(title="Falls", replies=40, quotations=(commitment,)),)), by="wren-cole")

    def text(client, address):
        document = Document(io.BytesIO(client.get(address).content))
        return "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)

    inside, outside = text(signed_in("rosa-khan"), f"{ITEM}paper.docx"), text(
        signed_in(), "/decisions/invented-ward-3/board-paper.docx")
    assert "My mother fell at night." in inside
    assert "Falls (replies: 40" in outside
    assert "My mother fell at night." not in outside
    # Who sits and votes on the item is the members' paper, not the public draft's.
    assert "Rosa Khan" not in outside
