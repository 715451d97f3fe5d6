"""Programmes: found beside promised, patients before money, what is doubtful, and a story nobody has to believe yet."""

import json
import math
import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from evenhand.papers import (
    Amendment,
    Body,
    Check,
    Decision,
    EvaluationPlan,
    Finding,
    GroupResult,
    Header,
    PlannedOutcome,
    Power,
    Ruling,
    Safety,
    SafetyResult,
)
from evenhand.record.app import actions as record
from evenhand.terms import Estimate, Month, Span
from evenhand.web.programmes import named
from evenhand.web.programmes_expected import expected_rows

pytestmark = pytest.mark.django_db
PAGE = "/programmes/"
MILLBROOK = "INV-MILL"
ASTHMA, INHALERS = "case/invented-asthma", "case/invented-inhalers"
TWO_YEARS = Span(Month(2024, 4), Month(2026, 3))


def said(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def enter(paper, by="owen-price"):
    return record.leave(paper, by=by, organisation=MILLBROOK)


def a_plan(about, measure, kind, **more):
    return EvaluationPlan(
        header=Header(subject=about, proposal_version=1), question="Did it do what it was for?", measure=measure,
        design="beside others", compared_with="four comparable invented places", starts=Month(2024, 4),
        promised=Estimate(0.2, 0.2, 0.2), promised_units="share of what it would have been",
        design_settings={"direction": "decrease"}, point="People breathe better.", owner="Ana Lewis",
        primary=PlannedOutcome(measure=measure, direction="decrease", kind=kind, measure_version="1"),
        safety=(Safety(measure="deaths", direction="decrease", stop_at=0.05, because="nobody may die of it",
                       title="Deaths"),),
        power=Power(chance=0.83, sentence="It would be seen five times in six."),
        looks=(Month(2025, 4), Month(2026, 4)), cost_pence=12_000_000, **more)


def a_finding(about, measure, verdict="worked", effect=None, **more):
    return Finding(
        header=Header(subject=about, proposal_version=1), question="Did it do what it was for?", verdict=verdict,
        because="clear beside others", measure=measure, period=TWO_YEARS,
        effect=Estimate(-0.14, -0.172, -0.106) if effect is None else effect,
        promised_effect=Estimate(-0.2, -0.2, -0.2),
        sentence="Admissions ran 14% below what was to be expected.", **more)


def a_decision(about, title):
    return Decision(
        header=Header(subject=about, proposal_version=1), title=title, outcome="approved", option="go",
        rulings=(Ruling(body=Body("Millbrook commissioner", MILLBROOK), outcome="approved", decided=date(2024, 2, 8)),),
        sentence="To go ahead from April 2024.")


@pytest.fixture
def asthma(site):
    """A programme for patients, looked at once, with everything a finding can say."""
    plan = enter(a_plan(ASTHMA, "invented-admissions", "patient outcome"))
    enter(a_decision(ASTHMA, "A plan for everybody with asthma"))
    enter(a_finding(
        ASTHMA, "invented-admissions", plan=plan.digest, point_served="yes",
        point_sentence="People with asthma say that they breathe better.",
        safety=(SafetyResult(measure="deaths", stop_at=0.05, sentence="Deaths ran 1% below.", passed_stop=False),),
        groups=(GroupResult(group="Under 18", effect=Estimate(-0.2, -0.3, -0.1), result="gained",
                            sentence="Children gained most."),
                GroupResult(group="Over 75", result="cannot tell", sentence="Too few to tell.")),
        cost_pence=11_800_000, cost_sentence="It cost £118,000, £2,000 less than planned.",
        doubts=("The winter of 2025 was mild.",),
        checks=(Check(name="own past", sentence="13% below its own past.", agrees=True),
                Check(name="without the first three months", sentence="Cannot be told.", agrees=None)),
        next_look=Month(2027, 4), figures={"answers": {"own past": {"counterfactual": [
            {"time": f"2024-{month:02d}", "observed": 100 - month, "counterfactual": None if month < 4 else 99.0,
             "lower": None if month < 4 else 96.0, "upper": None if month < 4 else 102.0}
            for month in range(1, 13)]}}}))


@pytest.fixture
def inhalers(site):
    """A programme about money, whose target was met and whose point was missed."""
    enter(a_plan(INHALERS, "invented-spend", "money"))
    enter(a_decision(INHALERS, "Cheaper inhalers"))
    enter(a_finding(INHALERS, "invented-spend", effect=Estimate(-0.21, -0.23, -0.19), point_served="no",
                    point_sentence="Nobody breathes better for it."))


def test_each_programme_stands_with_its_effect_beside_what_was_promised(signed_in, asthma):
    page = said(signed_in().get(PAGE))
    assert "A plan for everybody with asthma Worked." in page
    assert "14.0% less (range 10.6% to 17.2% less) than was to be expected; 20% less was promised." in page
    assert "Next look: April 2027." in page
    assert "Invented county" in page


def test_patients_come_before_money_and_nothing_is_added_up(signed_in, asthma, inhalers):
    page = said(signed_in().get(PAGE))
    assert page.index("What it did for patients") < page.index("A plan for everybody with asthma Worked")
    assert page.index("A plan for everybody with asthma Worked") < page.index("Cheaper inhalers Hit the target")
    assert "These are not added up" in page
    assert "saving" not in page.casefold()
    assert "total savings" not in page


def test_a_target_hit_with_the_point_missed_is_not_said_to_have_worked(signed_in, inhalers):
    page = said(signed_in().get(PAGE))
    assert "Cheaper inhalers Hit the target, missed the point." in page
    assert "1 hit the target and missed the point" in page
    own = said(signed_in().get(f"{PAGE}invented-inhalers/"))
    assert "Hit the target, missed the point. Nobody breathes better for it." in own


def test_among_equals_the_most_doubtful_stands_first(signed_in, site):
    for name, spread in (("clear", 0.02), ("doubtful", 0.18)):
        enter(a_plan(f"case/invented-{name}", "invented-admissions", "patient outcome"))
        enter(a_decision(f"case/invented-{name}", f"The {name} one"))
        enter(a_finding(f"case/invented-{name}", "invented-admissions",
                        effect=Estimate(-0.2, -0.2 - spread, -0.2 + spread)))
    page = said(signed_in().get(PAGE))
    assert page.index("The doubtful one Worked") < page.index("The clear one Worked")


def test_no_colour_stands_for_a_verdict_and_every_verdict_has_a_word(signed_in, asthma, inhalers):
    page = signed_in().get(PAGE).content.decode()
    picture = page[page.index("<svg", page.index("Found, beside what was promised")):]
    picture = picture[:picture.index("</svg>")]
    for traffic_light in ("green", "amber", "red", "#007f3b", "#d5281b", "#ffb81c"):
        assert traffic_light not in picture
    assert ">worked<" in picture
    assert ">missed<" in picture


def test_a_lay_member_reads_what_for_what_was_found_the_doubts_and_the_next_look(signed_in, asthma):
    page = said(signed_in().get(f"{PAGE}invented-asthma/"))
    for words in ("People breathe better.", "Worked. Admissions ran 14% below what was to be expected.",
                  "People with asthma say that they breathe better.", "The winter of 2025 was mild.",
                  "Under 18: Gained. Children gained most.", "Over 75: Cannot tell. Too few to tell.",
                  "Deaths ran 1% below.", "It cost £118,000, £2,000 less than planned.",
                  "Own past 13% below its own past. the same",
                  "Without the first three months Cannot be told. cannot tell",
                  "It would be seen five times in six.", "Deaths: stop at 5% worse",
                  "To be expected"):
        assert words in page, words
    order = ["what-for", "found", "doubts", "for-whom", "safety", "cost", "other-ways", "promised", "next-look",
             "story"]
    html = signed_in().get(f"{PAGE}invented-asthma/").content.decode()
    places = [html.index(f'<h2 id="{each}">') for each in order]
    assert places == sorted(places)


def test_the_sealed_plan_stands_beside_the_finding_with_every_change_and_its_reason(signed_in, asthma):
    first = named("invented-asthma").plans[0][0].digest
    enter(a_plan(ASTHMA, "invented-admissions", "patient outcome", amends=first,
                 amendment_reason="The hospital changed how it counts"))
    page = signed_in().get(f"{PAGE}invented-asthma/")
    assert "Changed after it was sealed:" in said(page)
    assert "The hospital changed how it counts" in said(page)
    assert first.removeprefix("sha256:") in page.content.decode()
    assert "four comparable invented places" in said(page)


def test_the_story_is_a_draft_until_somebody_puts_their_name_to_it(signed_in, asthma):
    address = f"{PAGE}invented-asthma/"
    page = said(signed_in().get(address))
    assert "DRAFT. Written from the record while it happens; adopted by nobody yet." in page
    told = [page.index(words) for words in (
        "8 February 2024: Decided by Millbrook commissioner", "April 2024: It was to begin.",
        "March 2026: Looked. Did it do what it was for? It worked: clear beside others.")]
    assert told == sorted(told)
    assert "Put my name" not in page
    assert "Put my name to this story" in said(signed_in("owen-price").get(address))
    assert signed_in("owen-price").post(f"{address}adopt/").status_code == 302
    page = said(signed_in().get(address))
    assert "Adopted by Owen Price" in page
    assert "DRAFT" not in page
    enter(a_finding(ASTHMA, "invented-admissions", "cannot tell", looked=Month(2027, 4)))
    page = said(signed_in().get(address))
    assert "DRAFT. Since then" in page
    assert "April 2027: Looked. Did it do what it was for? It could not be told" in page[page.index("DRAFT."):]


@pytest.mark.parametrize(("who", "status"), [("", 403), ("ana-lewis", 403), ("lee-novak", 403), ("kit-adams", 404)])
def test_nobody_else_adopts_it(signed_in, asthma, who, status):
    assert signed_in(who).post(f"{PAGE}invented-asthma/adopt/").status_code == status
    assert "DRAFT" in said(signed_in().get(f"{PAGE}invented-asthma/"))


def test_earlier_answers_stay_in_sight_and_the_latest_is_the_one_that_counts(signed_in, asthma):
    enter(a_finding(ASTHMA, "invented-admissions", "faded", effect=Estimate(-0.02, -0.06, 0.02), lasted=False,
                    looked=Month(2027, 4)))
    page = said(signed_in().get(PAGE))
    assert "Faded: it worked at first, and wore off." in page
    own = said(signed_in().get(f"{PAGE}invented-asthma/"))
    assert "Looked at before:" in own
    assert own.index("Faded: it worked at first") < own.index("Looked at before:")


def test_what_faded_is_told_from_what_worked_also_in_older_papers(signed_in, site):
    enter(a_plan(ASTHMA, "invented-admissions", "patient outcome"))
    enter(a_decision(ASTHMA, "A plan for everybody with asthma"))
    enter(a_finding(ASTHMA, "invented-admissions", "worked", lasted=False))
    assert "A plan for everybody with asthma Faded" in said(signed_in().get(PAGE))


def test_a_decision_without_any_way_of_knowing_is_named(signed_in, site):
    enter(a_decision("case/invented-blind", "A blind decision"))
    page = said(signed_in().get(PAGE))
    assert page.index("Decided, and nothing here shows how it would be known") < page.index("A blind decision")
    own = said(signed_in().get(f"{PAGE}invented-blind/"))
    assert "How those who decided meant to find out whether it worked: Not in the sources we hold" in own
    assert "None is set: nobody has said when this is looked at again." in own


def test_what_waits_for_its_first_look_stands_apart(signed_in, site):
    page = said(signed_in().get(PAGE))
    assert page.index("Waiting for a first look") < page.index("Ward 3: care at home instead of beds")
    assert "Nothing yet. The first look is due" in said(signed_in().get(f"{PAGE}invented-ward-3/"))


def test_a_name_that_is_none_is_not_found(signed_in, site):
    for name in ("nothing", "body-XXX", "body-", "case"):
        assert signed_in().get(f"{PAGE}{name}/").status_code == 404
        assert signed_in().get(f"{PAGE}{name}/figures.csv").status_code == 404


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "svg"])
def test_the_figures_can_be_had_as_a_file(signed_in, asthma, form):
    for address, name in ((f"{PAGE}figures.{form}", "programmes"),
                          (f"{PAGE}invented-asthma/figures.{form}", "programme-invented-asthma")):
        response = signed_in().get(address)
        assert response.status_code == 200
        assert f"{name}.{form}" in response["Content-Disposition"]
    assert signed_in().get(f"{PAGE}figures.pdf").status_code == 404


def test_the_file_says_what_the_page_says(signed_in, asthma, inhalers):
    document = json.loads(signed_in().get(f"{PAGE}figures.json").content)
    rows = {row["programme"]: row for row in document["programmes"]}
    assert rows["A plan for everybody with asthma"]["effect"] == pytest.approx(0.14)
    assert rows["A plan for everybody with asthma"]["promised"] == pytest.approx(0.2)
    assert rows["Cheaper inhalers"]["about"] == "Money"
    assert document["sentence"] in said(signed_in().get(PAGE))


def test_the_decision_leads_to_whether_it_worked(signed_in, asthma):
    page = signed_in().get(reverse("case", args=("invented-asthma",))).content.decode()
    assert f'href="{PAGE}invented-asthma/"' in page


def test_a_finding_about_a_body_alone_has_a_page_too(signed_in, site):
    enter(Finding(header=Header(subject=f"body/{MILLBROOK}"), question="Did the share fall faster?",
                  verdict="cannot tell", because="no place was untouched", measure="trimethoprim", amendments=(
                      Amendment(plan="sha256:" + "0" * 64, reason="none"),)))
    page = said(signed_in().get(PAGE))
    assert "Cannot tell." in page
    assert signed_in().get(f"{PAGE}body-{MILLBROOK}/").status_code == 200


def test_what_was_to_be_expected_is_the_own_level_moved_as_the_others_moved():
    # Before: 10 here and 20 elsewhere. Then elsewhere 22, a tenth more: 11 was to be expected, and 9.9 came.
    months = ["2024-03", "2024-04"]
    change = {"log": math.log(0.9), "interval": [math.log(0.8), math.log(1.0)]}
    finding = Finding(
        header=Header(subject="case/x", proposal_version=1), question="Did it?", verdict="cannot tell", because="wide",
        figures={"series": [{"unit": "own", "figures": "f", "months": months, "numerators": [10, 9.9],
                             "denominators": [1, 1]},
                            {"unit": "others", "figures": "f", "months": months, "numerators": [200, 220],
                             "denominators": [10, 10]}],
                 "answers": {"beside others": {"changes": {"whole": change}, "stretches": {
                     "before": ["2024-03", "2024-03"], "whole": ["2024-04", "2024-04"]}}}})
    before, after = expected_rows(finding)
    assert before["expected"] is None
    assert after["expected"] == pytest.approx(11)
    # Had nothing changed at all the 9.9 would have been expected; had a fifth gone, 12.375.
    assert (after["low"], after["high"]) == pytest.approx((9.9, 12.375))
    assert expected_rows(replace(finding, figures={})) == []
