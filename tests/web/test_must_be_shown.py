"""What must be shown, on a page of its own; judgements signed there by who may; and a drafted lesson signed."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from evenhand.papers import Body, Decision, Header, Judgement, Lesson, Option, Proposal, Ruling
from evenhand.record.app import actions as record_actions
from evenhand.record.app import queries as record
from web.test_words import forbidden_in, words_of

pytestmark = pytest.mark.django_db
CASE = "invented-night-cover"
SUBJECT = f"case/{CASE}"
LIST = reverse("must-be-shown", args=(CASE,))


def sign_page(pack="irreproachable-case", test="clinicians", case=CASE):
    return reverse("sign-judgement", args=(case, pack, test))


@pytest.fixture
def case(site):
    """A case of Millbrook on its way: a proposal written by a clinical lead, and letters of the practices."""
    from evenhand.papers import Evidence, Source

    options = (Option(id="do", title="Do it"), Option(id="nothing", does_nothing=True))
    record_actions.leave(Proposal(
        header=Header(subject=SUBJECT, proposal_version=1), title="Night cover (invented)", service="Nights",
        bodies=(Body("Millbrook commissioner", "INV-MILL"),), options=options, written_by="femi-okoro",
    ), by="owen-price", organisation="INV-MILL")
    letters = Evidence(header=Header(subject=SUBJECT, proposal_version=1), design="letters",
                       source=Source("Letters of the practices (invented)"), says="Nine of ten support it.")
    return record_actions.leave(letters, by="owen-price", organisation="INV-MILL").digest.removeprefix("sha256:")


def judgements():
    return [paper for each in record.papers(SUBJECT, "judgement") if isinstance(paper := each.paper(), Judgement)]


def said(letters, **changed):
    return {"met": "yes:", "because": "Nine of ten practices wrote in support.", "relies_on": [letters], **changed}


def test_the_page_opens_with_the_verdict_then_the_weakest_then_test_by_test(signed_in, case):
    response = signed_in().get(LIST)
    words = " ".join(words_of(response).split())
    assert forbidden_in(words) == []
    assert words.index("Not yet.") < words.index("The weakest links") < words.index("Test by test")
    assert "Owed by the" in words
    assert "Judge this and sign" not in words, "the public signs nothing"
    assert "Invented county" in words


def test_a_clinical_lead_signs_and_the_test_is_met(signed_in, case):
    site = signed_in("mina-lee")
    assert "Judge this and sign" in site.get(LIST).content.decode()
    assert "Letters of the practices (invented)" in site.get(sign_page()).content.decode()
    assert site.post(sign_page(), said(case)).status_code == 302
    paper = judgements()[-1]
    assert (paper.test, paper.met, paper.signed_by) == ("clinicians", True, "mina-lee")
    assert paper.header.proposal_version == 1
    assert paper.relies_on == (f"sha256:{case}",)
    assert record.entries(SUBJECT)[-1].what == "judgement signed: irreproachable-case, clinicians"
    assert "Judged by Dr Mina Lee on" in site.get(LIST).content.decode().replace("judged by", "Judged by")


def test_whoever_wrote_the_proposal_may_not_sign_it(signed_in, case):
    answer = signed_in("femi-okoro").post(sign_page(), said(case))
    assert answer.status_code == 400
    assert "You wrote the proposal, so somebody else has to sign this" in answer.content.decode()
    no = signed_in("femi-okoro").post(sign_page("service-change", "beds"), {"applies": "no", "because": "No beds."})
    assert no.status_code == 400
    assert judgements() == []


@pytest.mark.parametrize(("wrong", "words"), [
    ({"because": " "}, "A judgement without reasons counts for nothing"),
    ({"relies_on": []}, "A judgement that rests on no paper counts for nothing"),
    ({"relies_on": ["0" * 64]}, "It rests on a paper that is not held about version 1"),
    ({"met": "", "because": "", "relies_on": []}, "Nothing is judged"),
    ({"met": "yes:near"}, "nobody&#39;s judgement"),
    ({"due": "soon"}, "This is not a day"),
    ({"because": "Mrs Jones, NHS number 943 476 5919, was told"}, "may point to one person"),
])
def test_what_would_not_count_is_said_and_nothing_is_kept(signed_in, case, wrong, words):
    answer = signed_in("mina-lee").post(sign_page(), said(case, **wrong))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert judgements() == []


def test_that_a_test_does_not_apply_and_who_owes_what_is_missing_are_signed_too(signed_in, case):
    site = signed_in("grace-hart")
    assert site.post(sign_page("service-change", "beds"), {"applies": "no", "because": "No bed is touched."}
                     ).status_code == 302
    assert site.post(sign_page(), {"owed_by": "clinical lead of the north", "due": "2026-12-24"}).status_code == 302
    page = " ".join(words_of(site.get(LIST)).split())
    assert "No bed is touched" in page
    assert "Owed by the clinical lead of the north, by 24 December 2026" in page


def test_others_may_not_sign_and_what_cannot_be_judged_is_not_there(signed_in, case):
    assert signed_in().get(sign_page()).status_code == 302, "the public is asked to sign in"
    assert signed_in("ana-lewis").post(sign_page(), said(case)).status_code == 403
    assert signed_in("una-grey").post(sign_page(), said(case)).status_code == 404, "another body's clinical lead"
    assert signed_in("mina-lee").get(sign_page("irreproachable-case", "sub-scores")).status_code == 404
    assert signed_in("mina-lee").get(sign_page("no-such", "test")).status_code == 404
    assert signed_in("mina-lee").get(sign_page(case="no-such-case")).status_code == 404
    assert judgements() == []


def test_a_decided_case_takes_no_judgement_that_would_come_too_late(signed_in, case):
    ruling = Ruling(body=Body("Millbrook commissioner", "INV-MILL"), outcome="approved", decided=date(2026, 1, 15))
    record_actions.leave(Decision(header=Header(subject=SUBJECT, proposal_version=1), title="Night cover (invented)",
                                  outcome="approved", option="do", rulings=(ruling,)), by="tom-doyle",
                         organisation="INV-MILL")
    site = signed_in("mina-lee")
    answer = site.post(sign_page(), said(case))
    assert answer.status_code == 400
    assert "This was decided on 15 January 2026: what is judged afterwards does not count" in answer.content.decode()
    # What is wrong may still be said afterwards.
    assert site.post(sign_page(), said(case, met="no:")).status_code == 302
    assert "by the rules of 15 January 2026" in " ".join(words_of(site.get(LIST)).split())


# --- lessons ----------------------------------------------------------------------------------------------------------

LESSON = {"title": "Staff the nights first", "what_happened": "It was done, and no difference was seen.",
          "advice": "Find the staff before the beds close.", "circumstances": "Two small hospitals.",
          "may_not_hold": ""}


@pytest.fixture
def draft(case):
    return record_actions.leave(Lesson(
        header=Header(subject=SUBJECT, proposal_version=1), title="DRAFT: Night cover: no effect was found",
        what_happened="No effect was found.", advice="Do not begin it again.", figures={"draft": True},
        remarks=("DRAFT, written by the program from the findings.",)), by="command")


def test_a_drafted_lesson_is_read_mended_and_signed(signed_in, draft):
    site = signed_in("owen-price")
    case_page, page = reverse("case", args=(CASE,)), reverse("sign-lesson", args=(CASE,))
    assert "Read, mend and sign this lesson" in site.get(case_page).content.decode()
    assert "Read, mend and sign" not in signed_in().get(case_page).content.decode()
    assert "No effect was found." in site.get(page).content.decode()
    assert site.post(page, LESSON).status_code == 302
    lesson = record.papers(SUBJECT, "lesson")[-1].paper()
    assert isinstance(lesson, Lesson)
    assert (lesson.title, lesson.remarks, lesson.figures["draft"]) == ("Staff the nights first", (), False)
    assert lesson.header.made_from[0].digest == draft.digest
    assert record.entries(SUBJECT)[-1].by == "owen-price"
    shown = words_of(site.get(case_page))
    assert "Staff the nights first" in shown
    assert "DRAFT" not in shown
    assert site.get(page).status_code == 404, "it is signed, once"


def test_a_lesson_that_says_nothing_or_names_a_patient_is_not_signed(signed_in, draft):
    site, page = signed_in("owen-price"), reverse("sign-lesson", args=(CASE,))
    before = len(record.papers(SUBJECT, "lesson"))
    for wrong in ({"advice": " "}, {"title": "DRAFT: as it was"}, {"what_happened": "NHS number 943 476 5919"}):
        assert site.post(page, {**LESSON, **wrong}).status_code == 400
    assert signed_in("rosa-khan").post(page, LESSON).status_code == 403
    assert len(record.papers(SUBJECT, "lesson")) == before
