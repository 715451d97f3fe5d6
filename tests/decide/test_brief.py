"""The brief for a lay member: eight parts, drawn from papers alone, in plain words, on one page."""

from __future__ import annotations

import re

import pytest

from documents.boarded import SUBJECT, awkward, case_of, empty
from evenhand.data import reading
from evenhand.data.tables import sample
from evenhand.decide.board_paper import told_of
from evenhand.decide.brief import TITLES, brief, earlier_cases
from evenhand.documents.board_paper import BoardPaper, Lines
from evenhand.documents.board_paper_pdf import pages
from evenhand.papers import Decision, Finding, Header, Lesson, Option, Proposal, Ruling
from evenhand.papers.facts import Body
from evenhand.record import case_in
from evenhand.terms.words import NOT_HELD

EARLIER = "case/earlier"


def words_of(paper: BoardPaper, name: str) -> list[str]:
    return [f"{each.label} {each.text}".strip() for block in paper.section(name).blocks if isinstance(block, Lines)
            for each in block.said]


def earlier(service: str = "Hospital care after 80", verdict: str = "did not work"):
    header = Header(subject=EARLIER, proposal_version=1)
    return case_of(
        Proposal(header=header, title="The first home team", service=service, bodies=(Body("Two Vales", "V2"),),
                 options=(Option(id="nothing", title="Nothing", does_nothing=True),)),
        Decision(header=header, title="The first home team", outcome="approved", option=None,
                 rulings=(Ruling(body=Body("Two Vales", "V2"), outcome="approved"),), sentence="To go ahead in 2019."),
        Finding(header=header, question="Did it work?", verdict=verdict,
                because="No fewer days were spent in hospital"),
        Lesson(header=header, title="Nurses first", what_happened="Nobody was hired.", advice="Hire nurses first."),
        subject=EARLIER)


@pytest.fixture(scope="module")
def page() -> BoardPaper:
    told = told_of(awkward())
    return brief(told, earlier_cases([earlier(), awkward()], "hospital care  AFTER 80", but=SUBJECT))


def test_it_has_eight_parts_in_the_order_in_which_a_member_asks(page):
    assert [(each.id, each.title) for each in page.sections] == list(TITLES)


def test_where_the_papers_are_silent_it_says_so_and_adds_nothing():
    silent = brief(told_of(empty()))
    for name in ("for", "against", "worse-off", "how-sure", "turns-on", "questions", "last-time"):
        assert words_of(silent, name) == [f"{NOT_HELD}."], name
    assert words_of(silent, "asked") == ["Nothing has been proposed yet, so there is nothing to decide."]


def test_the_best_case_either_way_is_where_the_option_differs_most_from_doing_nothing(page):
    # Days at home go from 0 to 8.4, weight 0.7; cost rises from 2.1 to 2.76 million pounds, weight 0.3.
    assert any(each.startswith("Days at home: 8.4 (5.9 to 10.8) days. Doing nothing: 0")
               for each in words_of(page, "for"))
    against = words_of(page, "against")
    assert against[0] == "The staff will not be found, & nobody has said how."
    assert any(each.startswith("Cost: £2.8 million") for each in against)


def test_who_may_be_worse_off_stands_with_what_is_done_about_it(page):
    said = words_of(page, "worse-off")
    assert said == ["People who live alone: Nobody is there between visits. What is done: a call each evening.",
                    "Carers: Four hours a week more."]


def test_the_three_questions_are_the_weakest_links_of_the_gate(page):
    told = told_of(awkward())
    asked = words_of(page, "questions")
    assert len(asked) == 3
    assert [each["question"] for each in told.gate.fields["weakest"]] == [
        re.split(r" What is missing:", each)[0] for each in asked]


def test_a_case_with_nothing_open_asks_who_watches_and_who_asks_those_that_lose():
    told = told_of(case_in(reading.bytes_of(sample("sample:case")), "sample:case"))
    questions = words_of(brief(told), "questions")
    assert questions
    assert all("?" in each for each in questions)


def test_last_time_is_told_by_the_findings_and_lessons_of_cases_about_the_same_service(page):
    said = words_of(page, "last-time")
    assert said == ["The first home team: To go ahead in 2019.",
                    "The first home team: It did not work: no fewer days were spent in hospital.",
                    "The first home team: Hire nurses first."]
    assert earlier_cases([earlier(service="Foot clinics")], "Hospital care after 80", but=SUBJECT) == ()


def test_small_counts_are_hidden_here_too(page):
    # 50 spoke of nights, 7 of staying at home: the 7 are too few to show.
    said = [each.split(":")[0] for each in words_of(page, "against") if each.startswith("Said by")]
    assert said == ["Said by 50", "Said by too few to show"]


def test_the_programs_own_sentences_are_short_and_plain(page):
    told = told_of(case_in(reading.bytes_of(sample("sample:case")), "sample:case"))
    own = [each.text for paper in (page, brief(told)) for section in paper.sections for block in section.blocks
           if isinstance(block, Lines) for each in block.said if each.drafted and section.id != "questions"]
    assert own
    sentences = [each for text in own for each in re.split(r"(?<=[.!?;:])\s+", text)]
    lengths = [len(each.split()) for each in sentences]
    assert max(lengths) <= 35
    assert sum(lengths) / len(lengths) <= 16, "a reader of 12 reads sentences of 16 words"
    letters = [len(word.strip(".,:;()“”")) for each in sentences for word in each.split()]
    assert sum(letters) / len(letters) < 5.5


def test_it_is_printed_on_one_page_even_where_much_is_held(page):
    assert len(pages(page)) == 1


def test_a_long_text_is_cut_at_the_end_of_a_sentence():
    header = Header(subject=SUBJECT, proposal_version=1)
    long = " ".join(f"This is reason number {number} of very many." for number in range(40))
    told = told_of(case_of(Proposal(header=header, title="T", service="S", bodies=(Body("B"),), why=long,
                                    options=(Option(id="nothing", title="Nothing", does_nothing=True),))))
    (said,) = words_of(brief(told), "for")
    assert said.endswith("of very many.")
    assert len(said) <= 260
