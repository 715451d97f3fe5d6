"""Saying how a change will be managed, on the site: kept as a paper, seen on the case's page, needed to approve."""

import pytest
from django.urls import reverse

from evenhand.papers import PlannedChange
from evenhand.record.app import queries as record

pytestmark = pytest.mark.django_db
CASE = "invented-ward-3"
WHOLE = {"purpose": "People are home the same week.", "led_by": "femi-okoro",
         "differently": "Ward doctors: name the day of leaving\nPractices: take over within a day",
         "needed_first": "Twelve nurses", "steps": "One team\nA second", "levers": ["workforce", "contract"],
         "own_levers": "a pooled budget with the council", "technique": "One team first.",
         "resistance": "The hospital: income falls: paid for two years", "held_by": "The chart stays.", "hours": "22"}


def page():
    return reverse("change-plan", kwargs={"name": CASE})


def plans():
    return [each.paper() for each in record.papers(f"case/{CASE}", "change-plan")]


def test_the_programme_office_says_it_and_it_is_kept_beside_the_proposal(signed_in):
    site = signed_in("owen-price")
    before = len(plans())
    answer = site.post(page(), WHOLE)
    assert answer.status_code == 302
    paper = plans()[-1]
    assert len(plans()) == before + 1
    assert isinstance(paper, PlannedChange)
    assert paper.header.proposal_version == 1
    assert paper.change.levers == ("workforce", "contract", "a pooled budget with the council")
    assert paper.change.resistance[0].answer == "paid for two years"
    shown = site.get(reverse("case", kwargs={"name": CASE})).content.decode()
    assert "name the day of leaving" in shown
    assert "How that is met: paid for two years" in shown


def test_what_is_not_said_yet_is_named_on_the_page(signed_in):
    site = signed_in("owen-price")
    site.post(page(), {**WHOLE, "held_by": "", "technique": ""})
    said = site.get(page()).content.decode()
    assert "this is still to be said: the way of working towards it and how it will be held" in " ".join(said.split())


@pytest.mark.parametrize(("wrong", "said"), [
    ({"differently": "Ward doctors"}, "This line does not say who and what (“Ward doctors”)"),
    ({"hours": "many"}, "This is no number of hours a week (“many”)"),
    ({"own_levers": "peer comparisons"}, "choose “peer comparison” there"),
    ({"levers": ["magic"]}, "There is no such lever (“magic”)"),
    ({"purpose": "x" * 1_501}, "This is too long")])
def test_what_cannot_be_read_is_said_beside_its_question_and_nothing_is_kept(signed_in, wrong, said):
    site = signed_in("owen-price")
    before = len(plans())
    answer = site.post(page(), {**WHOLE, **wrong})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert len(plans()) == before


def test_others_may_not_write_it(signed_in):
    assert signed_in().post(page(), WHOLE).status_code in (302, 403), "the public is asked to sign in"
    site = signed_in("pat-byrne")
    assert site.post(page(), WHOLE).status_code == 403
    site = signed_in("lee-novak")
    assert site.post(page(), WHOLE).status_code in (403, 404)


def test_the_levers_page_says_what_was_never_tried_here(signed_in):
    said = signed_in().get(reverse("levers")).content.decode()
    assert "Never tried here" in said
    assert "No difference was seen." in said
    assert "Not in the sources we hold." in said
