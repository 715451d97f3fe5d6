"""Organisations, accounts and roles: entered by one writer, recorded, with dates."""

from datetime import date

import pytest

from evenhand.terms import Refused

pytestmark = pytest.mark.django_db
BY = "keeper"


@pytest.fixture
def body(db):
    from evenhand.people.app import actions

    actions.add_organisation("T-1", "First body", kind="commissioner", by=BY, opened=date(2020, 4, 1), invented=True)
    return "T-1"


def test_a_body_is_entered_once_and_the_record_says_by_whom(body):
    from evenhand.people.app import actions, queries
    from evenhand.record.app import queries as record

    (entry,) = record.entries("body/T-1")
    assert (entry.by, entry.organisation) == (BY, "T-1")
    assert queries.organisation("T-1").opened == date(2020, 4, 1)
    with pytest.raises(Refused, match="a body with this code already"):
        actions.add_organisation("T-1", "Another", kind="commissioner", by=BY)


def test_a_role_holds_from_its_first_day_to_its_last(body):
    from evenhand.people.app import actions, queries
    from evenhand.people.app.models import Account

    actions.add_account("one", "One", "one", by=BY, organisation=body)
    actions.give_role("one", "analyst", body, since=date(2026, 1, 1), by=BY)
    actions.end_role("one", "analyst", body, until=date(2026, 6, 30), by=BY)
    key = Account.objects.get(identifier="one").pk
    held = {day: bool(queries.person(key, on=day).memberships)
            for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))}
    assert list(held.values()) == [False, True, True, False]


def test_an_unknown_role_is_refused_naming_what_there_is(body):
    from evenhand.people.app import actions

    actions.add_account("one", "One", "one", by=BY, organisation=body)
    with pytest.raises(Refused, match="choose from analyst"):
        actions.give_role("one", "king", body, since=date(2026, 1, 1), by=BY)


def test_an_account_without_a_password_cannot_be_signed_in_to(body):
    from evenhand.people.app import actions
    from evenhand.people.app.models import Account

    actions.add_account("one", "One", "one", by=BY, organisation=body)
    account = Account.objects.get(identifier="one")
    assert not account.has_usable_password()
    assert not account.check_password("")


def test_a_weak_password_is_not_taken(body):
    from django.core.exceptions import ValidationError

    from evenhand.people.app import actions

    with pytest.raises(ValidationError):
        actions.add_account("one", "One", "one", by=BY, organisation=body, password="password1234")


def test_nothing_is_written_but_inside_a_block_that_enters_it(body):
    from evenhand.people.app.models import Organisation
    from evenhand.record.app.guard import Unrecorded

    with pytest.raises(Unrecorded):
        Organisation.objects.filter(code="T-1").update(name="Renamed in passing")


def test_who_came_after_whom_is_kept_with_its_day(body):
    from evenhand.people.app import actions, queries

    actions.add_organisation("T-2", "Second body", kind="commissioner", by=BY)
    actions.add_succession("T-1", "T-2", on=date(2026, 4, 1), by=BY, share=1.0, basis="whole")
    ((after, day),) = queries.successors("T-1")
    assert (after.code, day) == ("T-2", date(2026, 4, 1))
