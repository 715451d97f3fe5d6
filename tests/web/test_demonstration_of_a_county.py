"""The demonstration in an invented county of its own: its people belong to that county, and to no second one."""

from datetime import date
from pathlib import Path

import pytest

TODAY = date(2026, 11, 21)
REGION = Path(__file__).resolve().parents[2] / "examples" / "millbrook"


pytestmark = pytest.mark.django_db


@pytest.fixture
def made(db):
    """The demonstration of examples/millbrook, taken back afterwards."""
    from evenhand.web import demonstration

    assert demonstration.make(TODAY, region=REGION)
    return demonstration


def test_its_people_belong_to_the_countys_present_body_and_no_other_has_nearly_its_name(made):
    from evenhand.people.app import queries

    bodies = {body.code: body.name for body in queries.organisations()}
    assert bodies["ZM10"] == "Millbrook Commissioning Group"
    assert {"ZH01", "ZL01", "ZV01"} <= set(bodies)
    # Millbrook's own bodies are five; the demonstration's bodies of the same names are not there beside them.
    assert not {"INV-MILL", "INV-OLD", "INV-HOSP", "INV-COUN", "INV-VOL"} & set(bodies)
    held = queries.person(queries.demonstration_key("ana-lewis"), on=TODAY).memberships
    assert [(each.role, each.organisation) for each in held] == [("analyst", "ZM10")]
    assert made.first_page_for("cas-ward")["href"] == "/who-may-do-what/ZM10/"
    # A second run finds everything.
    assert not made.make(TODAY, region=REGION)


def test_its_case_is_the_countys_and_brings_no_second_plan_of_five_changes(made):
    from evenhand.decide.app import queries as sittings
    from evenhand.record.app import queries as record

    assert record.state("case/invented-ward-3") == "planned"
    (plan,) = [kept.paper() for kept in record.papers("case/invented-ward-3", "plan")]
    assert ([body.code for body in plan.bodies], len(plan.schemes)) == (["ZM10"], 1)
    (proposal,) = [kept.paper() for kept in record.papers("case/invented-ward-3", "proposal")]
    assert [body.code for body in proposal.bodies] == ["ZM10", "ZH01"]
    assert sittings.item(made.MEETING, 5) is not None


def test_its_concerns_are_those_of_the_countys_practices(made):
    from evenhand.find.app import queries

    concerns = queries.concerns(frozenset({"ZM10"}))
    # The latest of the 77 in the county's folder; most of these are about mental health crisis, which swells.
    assert len(concerns) == 26
    assert sum("mental health crisis" in each.words for each in concerns) > 8
    assert all(not each.practice.startswith("ZP") for each in concerns)
