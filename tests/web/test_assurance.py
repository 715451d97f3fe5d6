"""Assurance both ways: a version put to the regional office, questions and help, a statement; how the office does."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from evenhand.decide.app import assurance_actions as actions
from evenhand.decide.app import assurance_queries as queries
from evenhand.papers import Statement
from evenhand.record.app import queries as record
from evenhand.terms import Refused

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
CASE = "invented-ward-3"


def request_held():
    return queries.requests(today=TODAY)[0]


def statements():
    return [each.paper() for each in record.papers(f"case/{CASE}", "statement")]


def state(**other):
    said = {"outcome": "backed", "reasons": "The teams come first.", "conditions": (), "rests_on": (), "figures": {},
            "newest": 1, "by": "ray-burn", "on": TODAY}
    actions.state(request_held().key, **{**said, **other})


def test_the_day_an_answer_is_owed_is_reckoned_in_working_days_from_the_published_time(site):
    # Asked twelve days before Saturday 21 November 2026, on Monday 9 November: fifteen working days end on the 30th.
    one = request_held()
    assert (one.asked, one.due) == (date(2026, 11, 9), date(2026, 11, 30))


def test_the_office_signs_a_statement_and_it_is_bound_to_the_version(site, signed_in):
    answer = signed_in("ray-burn").post(
        reverse("issue-statement", kwargs={"key": request_held().key}),
        {"outcome": "backed on conditions", "reasons": "The teams come first.", "conditions": "A look in January"})
    assert answer.status_code == 302
    (paper,) = statements()
    assert isinstance(paper, Statement)
    assert (paper.header.proposal_version, paper.conditions) == (1, ("A look in January",))
    assert paper.figures["verdict"] == "not yet"
    assert paper.supports == ("Two of our clinicians can sit with the home teams for their first month.",)
    shown = signed_in().get(reverse("case", kwargs={"name": CASE})).content.decode()
    assert "version 1 is backed on conditions" in shown
    assert "A look in January" in shown


@pytest.mark.parametrize(("wrong", "said"), [
    ({"reasons": " "}, "owed the reasons"), ({"outcome": "directed"}, "choose whether it is backed"),
    ({"outcome": "backed on conditions"}, "no condition is given"),
    ({"conditions": ("A look",)}, "not backed on conditions"), ({"newest": 2}, "has been replaced by version 2")])
def test_a_statement_without_what_it_needs_is_refused_and_nothing_is_left(site, wrong, said):
    with pytest.raises(Refused, match=said):
        state(**wrong)
    assert not statements()
    assert request_held().moment == "asked"


def test_a_statement_is_given_once(site):
    state()
    with pytest.raises(Refused, match="answered already"):
        state()


def test_one_version_is_put_to_an_office_once_and_the_next_may_be_again(site):
    again = {"organisation": "INV-MILL", "assurer": "INV-REG", "words": "", "by": "owen-price", "on": TODAY}
    with pytest.raises(Refused, match="put to it already"):
        actions.ask(CASE, version=1, **again)
    actions.ask(CASE, version=2, **again)
    assert len(queries.requests(today=TODAY)) == 2


def test_how_the_office_does_is_public_and_says_what_is_late(site, signed_in):
    late = date(2026, 12, 4)
    state(on=late)
    (office,) = queries.assurers(today=late)
    assert (office.in_time, office.with_time, office.middle, office.questions, office.offers) == (0, 1, 19, 1, 1)
    assert office.sentence == ("Invented regional office has answered 1 of 1 request for backing, "
                               "0 of 1 within its own time.")
    assert "4 days late" in queries.requests(today=late)[0].standing
    assert statements()[0].sentence.endswith("It came 4 days after its own time.")
    page = signed_in().get(reverse("assurance")).content.decode()
    assert "0 of 1 within its own time" in page


def test_a_new_time_holds_for_what_is_asked_from_then_on(site):
    actions.say_time("INV-REG", working_days=5, since=TODAY, by="ray-burn")
    assert request_held().due == date(2026, 11, 30)
    actions.ask(CASE, version=2, organisation="INV-MILL", assurer="INV-REG", words="", by="owen-price", on=TODAY)
    assert request_held().due == TODAY + timedelta(days=7)
    with pytest.raises(Refused, match="no time within which"):
        actions.say_time("INV-REG", working_days=0, since=TODAY, by="ray-burn")


def test_only_the_office_that_was_asked_answers_and_only_those_concerned_read(site, signed_in):
    backing = reverse("backing", kwargs={"key": request_held().key})
    assert signed_in().get(backing).status_code == 302
    assert signed_in("owen-price").get(backing).status_code == 200
    assert signed_in("ray-burn").get(backing).status_code == 200
    assert signed_in("lee-novak").get(backing).status_code in (403, 404)
    said = {"outcome": "backed", "reasons": "Because."}
    for other in ("owen-price", "grace-hart", "jo-marsh", "max-wood"):
        answer = signed_in(other).post(reverse("issue-statement", kwargs={"key": request_held().key}), said)
        assert answer.status_code in (403, 404), other
    assert not statements()


def test_the_commissioner_answers_what_the_office_asked(site, signed_in):
    offer = next(each for each in request_held().said if not each.answered)
    page = reverse("answer-assurer", kwargs={"key": offer.key})
    assert signed_in("owen-price").post(page, {"answer": ""}).status_code == 400
    assert signed_in("owen-price").post(page, {"answer": "Gladly, from January."}).status_code == 302
    assert signed_in("owen-price").post(page, {"answer": "Again."}).status_code == 400
    assert all(each.answered for each in request_held().said)
    assert signed_in("ray-burn").post(reverse("question-case", kwargs={"key": request_held().key}),
                                      {"kind": "question", "words": "And in spring?"}).status_code == 302


def test_the_programme_office_puts_a_case_to_the_office_from_its_page(site, signed_in):
    owen = signed_in("owen-price")
    ask = reverse("ask-for-backing", kwargs={"name": CASE})
    assert f'href="{ask}"' in owen.get(reverse("case", kwargs={"name": CASE})).content.decode()
    twice = owen.post(ask, {"assurer": "INV-REG"})
    assert twice.status_code == 400
    assert "has been put to it already" in twice.content.decode()
    assert "There is no such regional office" in owen.post(ask, {"assurer": "INV-HOSP-X"}).content.decode()


def test_the_open_data_hold_no_words_that_were_exchanged(site, signed_in):
    table = signed_in().get(reverse("assurance-file", kwargs={"form": "csv"})).content.decode()
    assert "Invented regional office" in table
    assert "short of nurses" not in table
