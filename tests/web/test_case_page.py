"""What a case's page puts together from its papers: who may lose, how the options were compared, the last finding."""

import pytest
from django.urls import reverse

from evenhand.papers import (
    Appraisal,
    Assessment,
    Body,
    Criterion,
    Decision,
    Finding,
    Header,
    Impact,
    Lesson,
    Loser,
    Option,
    Proposal,
    Ruling,
    Score,
)
from evenhand.terms import Estimate, Suppressed
from evenhand.web.case_page import CasePage, Held, verdict_of
from evenhand.web.compared import compared
from evenhand.web.may_lose import assessed, losers

HEADER = Header(subject="case/invented-feet", proposal_version=1)
BODY = Body("Invented commissioner", "INV-1")


def page(*papers):
    held = tuple(Held(f"sha256:{number:064d}", paper) for number, paper in enumerate(papers))
    return CasePage("invented-feet", "delivering", held, (), True)


def proposal():
    return Proposal(header=HEADER, title="Feet", service="Feet", bodies=(BODY,), options=(
        Option(id="do", title="See feet early"), Option(id="nothing", title="Leave it", does_nothing=True)))


def decision(**more):
    return Decision(header=HEADER, title="Feet", outcome="approved", option="do",
                    rulings=(Ruling(body=BODY, outcome="approved"),), **more)


def finding(verdict, *, question="Did it work?", lasted=None):
    return Finding(header=HEADER, question=question, verdict=verdict, because="it was counted", lasted=lasted)


def appraisal(**more):
    criteria = (Criterion(id="feet", title="Feet kept", better="high", weight=0.75),
                Criterion(id="cost", title="Cost", better="low"))
    scores = (Score(option="do", criterion="feet", value=Estimate(40, 30, 50)),
              Score(option="nothing", criterion="feet", value=Estimate(0, 0, 0)),
              Score(option="do", criterion="cost", value=Suppressed("fewer than 5")))
    return Appraisal(header=HEADER, options=("do", "nothing"), criteria=criteria, scores=scores, **more)


def test_every_score_stands_with_its_range_and_its_weight_and_what_is_missing_says_so():
    shown = compared(page(proposal(), appraisal()))
    assert shown.options == ("See feet early", "Leave it")
    assert shown.rows == (
        ("Feet kept, more is better, weight 75%", ("40.0 (30.0 to 50.0)", "0")),
        ("Cost, less is better", ("Hidden: fewer than 5", "Not in the sources we hold")))
    assert compared(page(proposal())) is None


def test_who_may_lose_is_said_once_and_of_the_option_that_was_chosen():
    compared_with = appraisal(may_lose=(Loser(option="do", who="carers", how="more falls to them"),
                                        Loser(option="nothing", who="feet", how="lost")))
    found = losers(page(proposal(), compared_with, decision(may_lose=("More falls to them.", "the hospital"))))
    assert found == ("Carers: more falls to them", "The hospital")


def test_an_assessment_is_read_for_the_chosen_option():
    paper = Assessment(header=HEADER, kind="equality", made=True, impacts=(
        Impact(option="do", on="age", effect="better"), Impact(option="do", on="sex", effect="none"),
        Impact(option="do", on="disability", effect="worse"), Impact(option="do", on="race", effect=None),
        Impact(option="nothing", on="age", effect="worse")))
    (only,) = assessed(page(proposal(), paper, decision()))
    assert [impact.on for impact in only.worse] == ["disability"]
    assert (only.better, only.unchanged, only.unknown) == (("age",), ("sex",), ("race",))


def test_the_last_answer_to_each_question_stands_and_what_did_not_last_has_faded():
    first, last, other = finding("worked"), finding("worked", lasted=False), finding("cannot tell", question="And?")
    assert page(first, last, other).latest_findings == (last, other)
    assert verdict_of(last) == "faded"
    assert verdict_of(first) == "worked"


@pytest.mark.django_db
def test_a_draft_of_a_lesson_never_looks_like_one(signed_in):
    from evenhand.record.app import actions as record

    subject = "case/invented-ward-3"
    remark = "DRAFT, written by the program. It is no lesson until a named person has signed it."
    record.leave(Lesson(header=Header(subject=subject), title="DRAFT: Ward 3: it worked", what_happened="Fewer days.",
                        advice="Do it again.", remarks=(remark,)), by="ana-lewis", organisation="INV-MILL")
    said = signed_in().get(reverse("case", args=("invented-ward-3",))).content.decode()
    assert ">DRAFT</strong> Not learnt yet: Ward 3: it worked" in said
    assert remark in said
    assert "Learnt: DRAFT" not in said
