"""The board paper: what it says, what it keeps silent about, and the two files it is set in."""

from __future__ import annotations

import io
import re
from datetime import date
from itertools import pairwise

import pytest
from docx import Document
from docx.oxml.ns import qn

from documents.boarded import ARABIC, HEBREW, LONG, QUOTES, awkward, body_of, empty, pdf_text, word_parts
from evenhand.data.suppression import REGIMES
from evenhand.decide.board_paper import paper_of, told_of
from evenhand.documents.board_paper import (
    DRAFT,
    MARK,
    BoardPaper,
    Grid,
    Lines,
    Section,
    Signature,
    drafted,
    legible,
    lines,
    right_to_left,
    sentence,
)
from evenhand.documents.board_paper_pdf import pages, pdf_bytes
from evenhand.documents.board_paper_word import word_bytes
from evenhand.documents.board_paper_words import HIDDEN, measured, shown
from evenhand.documents.board_paper_written import SECTIONS
from evenhand.terms import Estimate, Refused, Suppressed
from evenhand.terms.words import NOT_HELD


def text_of(section: Section) -> str:
    found: list[str] = []
    for block in section.blocks:
        if isinstance(block, Lines):
            found += [f"{each.label} {each.text}" for each in block.said]
        elif isinstance(block, Grid):
            found += [block.title, *block.headings, *(cell for row in block.rows for cell in row)]
    return "\n".join(found)


@pytest.fixture(scope="module")
def paper() -> BoardPaper:
    return paper_of(awkward())


@pytest.fixture(scope="module")
def word(paper: BoardPaper) -> bytes:
    return word_bytes(paper)


@pytest.fixture(scope="module")
def pdf(paper: BoardPaper) -> bytes:
    return pdf_bytes(paper)


# --- what it says -----------------------------------------------------------------------------------------------------


def test_sections_stand_in_the_order_in_which_a_board_asks(paper):
    order = [name for name, _, _ in SECTIONS]
    assert [each.id for each in paper.sections] == [name for name in order if paper.section(name)]
    assert order[:4] == ["asked", "summary", "why", "options"]
    # What has come of it is left out: nothing has yet.
    assert paper.section("since") is None


def test_an_empty_case_says_of_each_thing_that_it_is_not_held():
    paper = paper_of(empty())
    assert "nothing to decide" in text_of(paper.section("asked"))
    for name in ("options", "heard", "scores", "may-lose", "equality", "change", "promises", "knowing", "challenge"):
        assert NOT_HELD in text_of(paper.section(name)), name


def test_scores_stand_with_their_ranges_beside_the_weights(paper):
    said = text_of(paper.section("scores"))
    assert "70%" in said
    assert "8.4 (5.9 to 10.8)" in said
    assert "£2.8 million (£2.5 million to £3.0 million)" in said
    assert "Two teams" in said, "why a score is what it is"


def test_the_objection_stands_in_full_beside_the_reasons(paper):
    grid = next(each for each in paper.section("objections").blocks if isinstance(each, Grid))
    assert grid.rows == (("Home is better.", "The staff will not be found, & nobody has said how."),)


def test_what_was_heard_about_another_version_does_not_count_and_says_so(paper):
    said = text_of(paper.section("heard"))
    assert "Early listening asked about version 1" in said
    assert "900" not in said
    listed = text_of(paper.section("how-we-know"))
    assert "Does not count: another version" in listed


def test_an_earlier_version_can_be_asked_for_and_one_not_held_is_refused():
    assert paper_of(awkward(), 1).title == "First thoughts"
    with pytest.raises(Refused, match="no proposal of this version"):
        paper_of(awkward(), 7)


def test_every_paper_is_named_by_its_whole_fingerprint(paper):
    said = text_of(paper.section("how-we-know"))
    assert all(each.digest.removeprefix("sha256:") in said for each in awkward().papers)


def test_the_verdict_and_three_weakest_links_come_from_the_gate(paper):
    said = text_of(paper.section("gate"))
    grid = next(each for each in paper.section("gate").blocks if isinstance(each, Grid))
    assert "Not yet" in said
    assert len(grid.rows) == 3
    assert len(paper.section("tests").blocks[0].rows) > 10


def test_a_sentence_of_the_programs_own_is_marked_until_its_section_is_adopted(paper):
    asked = paper.section("asked")
    assert asked.is_marked
    assert not paper.adopted({"asked": "Eve Stone on 2 May 2027"}).section("asked").is_marked
    why = paper.section("why")
    assert not why.is_marked, "the bodies' own words carry no mark"


def test_a_paper_is_a_draft_until_it_is_signed_and_not_signed_while_marked(paper):
    assert paper.status == DRAFT
    signature = Signature("Eve Stone", date(2027, 5, 2))
    with pytest.raises(ValueError, match="nobody adopted"):
        paper.signed(signature)
    adopted = paper.adopted({each.id: "Eve Stone" for each in paper.sections})
    assert adopted.signed(signature).status == "Signed by Eve Stone on 2 May 2027"


def test_adopting_and_signing_leave_the_content_as_it_was_and_a_changed_word_does_not(paper):
    adopted = paper.adopted({each.id: "Eve Stone" for each in paper.sections})
    assert adopted.signed(Signature("Eve Stone", date(2027, 5, 2))).digest == paper.digest
    assert paper_of(awkward(), 1).digest != paper.digest


# --- small counts -----------------------------------------------------------------------------------------------------


def test_small_counts_are_hidden_on_the_way_out_with_the_share_that_would_tell_them(paper):
    said = text_of(paper.section("heard"))
    # Of 100 replies 4 are from the over-80s; 36 are hidden too, else 100 - 36 - 60 would tell the 4.
    rows = next(each for each in paper.section("heard").blocks if isinstance(each, Grid)).rows
    assert [row[1] for row in rows] == ["Hidden: too few people", "Hidden: too few people", "60"]
    assert rows[0][2] == rows[1][2] == "Hidden: too few people"
    assert "4%" not in said
    assert "People moved: Hidden" in text_of(paper.section("why"))


def test_a_lone_hidden_count_takes_the_next_smallest_with_it_only_where_a_total_is_known():
    regime = REGIMES["under-10"]
    assert shown([4, 36, 60], 100, regime) == [HIDDEN, HIDDEN, "60"]
    assert shown([4, 36, 60], None, regime) == [HIDDEN, "36", "60"]
    assert shown([0, 12, Suppressed("few")], 20, regime) == ["0", HIDDEN, HIDDEN]
    assert shown([None, 12], 20, regime) == [NOT_HELD, "12"]


def test_another_rule_for_small_counts_may_be_named_and_an_unknown_one_is_refused():
    groups = next(each for each in paper_of(awkward(), regime="none").section("heard").blocks if isinstance(each, Grid))
    assert groups.rows[0][1] == "4"
    with pytest.raises(Refused, match="no such rule"):
        told_of(awkward(), regime="under-ten")


def test_a_share_is_written_per_cent_and_money_roughly():
    assert measured(Estimate(0.12, 0.1, 0.14), "share of what it was") == "12% (10% to 14%) of what it was"
    assert measured(Estimate(2_760_000, 2_760_000, 2_760_000), "pounds a year") == "£2.8 million a year"
    assert measured(Estimate(11, 8, 14), "hours a week") == "11 (8 to 14) hours a week"
    assert measured(Estimate(0, 0, 0), "days") == "0 days"
    assert measured(None) == NOT_HELD
    assert measured(Suppressed("few")) == HIDDEN


# --- the Word file ----------------------------------------------------------------------------------------------------


def test_the_same_papers_give_the_same_bytes(paper, word, pdf):
    again = paper_of(awkward())
    assert (word_bytes(again), pdf_bytes(again)) == (word, pdf)


def test_the_word_file_says_its_title_its_language_and_the_number_of_its_pages(word):
    document = Document(io.BytesIO(word))
    assert document.core_properties.title == QUOTES
    assert document.core_properties.language == "en-GB"
    languages = {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    footer = document.sections[0].footer._element.xml
    assert " PAGE " in footer
    assert " NUMPAGES " in footer


def test_headings_go_down_one_level_at_a_time(word):
    styles = [each.style.name for each in Document(io.BytesIO(word)).paragraphs]
    assert styles[0] == "Title"
    levels = [int(each[-1]) for each in styles if each.startswith("Heading")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_table_repeats_its_headings_says_what_it_holds_and_keeps_its_rows_whole(word):
    tables = Document(io.BytesIO(word)).tables
    assert len(tables) > 8
    for table in tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        assert all(cell.text.strip() for row in table.rows for cell in row.cells), "no cell is left empty"


def test_every_picture_has_a_title_and_says_what_it_shows(word):
    pictures = list(body_of(word).iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"))
    assert len(pictures) == 1
    assert "8.40" in pictures[0].get("descr")
    assert pictures[0].get("title") == "What each option scores, with ranges"


def test_nothing_a_person_wrote_is_taken_for_mark_up(word):
    text = "".join(body_of(word).itertext())
    assert QUOTES in text
    assert LONG in text
    assert "People wait & wait; <nobody> is \"home\"." in text


def test_text_read_from_the_right_is_set_from_the_right(word):
    for each in Document(io.BytesIO(word)).element.body.iter(qn("w:p")):
        said = "".join(text.text or "" for text in each.iter(qn("w:t")))
        if said in (ARABIC, HEBREW):
            assert each.pPr.find(qn("w:bidi")) is not None
    assert right_to_left(ARABIC)
    assert right_to_left(f"12. {HEBREW}")
    assert not right_to_left("Ward 3")


def test_a_draft_says_so_on_every_page_and_a_signed_one_says_who_signed(paper, word):
    assert DRAFT.encode() in word_parts(word)["word/header1.xml"]
    signed = paper.adopted({each.id: "Eve Stone" for each in paper.sections}).signed(
        Signature("Eve Stone", date(2027, 5, 2)))
    parts = word_parts(word_bytes(signed))
    assert b"Signed by Eve Stone on 2 May 2027" in parts["word/header1.xml"]
    assert MARK.encode() not in parts["word/document.xml"]


# --- the PDF ----------------------------------------------------------------------------------------------------------


def test_the_pdf_is_tagged_and_says_its_title_and_language(pdf):
    said = pdf_text(pdf)
    assert re.search(r"/Marked true", said)
    assert "/StructTreeRoot" in said
    assert re.search(r"/Lang\s*\(en-GB\)", said)
    assert "pdfuaid:part" in said, "it claims PDF/UA, which the setter refuses to claim of what breaks it"
    assert "/DisplayDocTitle true" in said
    kinds = set(re.findall(r"/S\s*/(\w+)", said))
    assert {"H1", "Table", "TH", "TD", "L", "LI", "Figure", "P"} <= kinds
    assert "/Alt" in said


def test_a_signed_pdf_has_fewer_words_across_its_pages_and_a_draft_has_draft(paper):
    signed = paper.adopted({each.id: "Eve Stone" for each in paper.sections}).signed(
        Signature("Eve Stone", date(2027, 5, 2)))
    assert pdf_bytes(signed) != pdf_bytes(paper)


def test_a_letter_that_no_font_here_has_is_named_or_found_among_the_machines_own():
    strange = BoardPaper("Board paper", "A \U000f1234 title", (), (Section("why", "Why", lines("Words.")),))
    with pytest.raises(Refused, match="cannot show these letters"):
        pdf_bytes(strange)


def test_pages_can_be_looked_at_as_pictures(paper):
    found = pages(BoardPaper("Board paper", "Short", (), (Section("why", "Why", lines(drafted("Words"))),)))
    assert len(found) == 1
    assert found[0].startswith(b"\x89PNG")


# --- sentences --------------------------------------------------------------------------------------------------------


def test_a_sentence_has_a_capital_and_an_end_and_a_file_keeps_its_name():
    assert sentence("to go ahead") == "To go ahead."
    assert sentence("millbrook/criteria.toml, agreed") == "millbrook/criteria.toml, agreed."
    assert sentence("Why?") == "Why?"
    assert legible("a\x00b\x0bc\ud800") == "abc"
