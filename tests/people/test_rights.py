"""The table of rights, asked: what is not in it is not allowed."""

from hypothesis import given
from hypothesis import strategies as st

from evenhand.people.rights import (
    ACTIONS,
    RIGHTS,
    THE_PUBLIC,
    Membership,
    Person,
    Whose,
    bodies_for,
    may,
    may_somewhere,
    whose,
)
from evenhand.people.roles import ROLES


def somebody(role, body="OWN", customers=()):
    return Person("somebody", "Somebody", (Membership(role, body),), frozenset(customers))


def test_the_public_reads_what_is_public_and_does_nothing_else():
    allowed = {action for action in ACTIONS if may_somewhere(THE_PUBLIC, action)}
    assert allowed == {"read public pages", "use a method", "sign in", "send a concern",
                       "put a question to a meeting", "correct a page"}


def test_a_member_votes_in_their_own_body_while_the_vote_is_open_and_never_else():
    member = somebody("committee member")
    assert may(member, "vote", "OWN", moment="open")
    assert not may(member, "vote", "OWN", moment="declaring")
    assert not may(member, "vote", "OWN", moment="closed")
    assert not may(member, "vote", "OTHER", moment="open")


def test_a_support_unit_works_for_its_customers_and_votes_for_none():
    unit = somebody("support unit", "UNIT", ["A", "B"])
    assert may(unit, "raise a case", "A")
    assert may(unit, "read an item", "B")
    assert not may(unit, "raise a case", "C")
    assert not any(may(unit, "vote", body, moment="open") for body in ("UNIT", "A", "B"))
    assert bodies_for(unit, "raise a case") == ("UNIT", "A", "B")


def test_an_analyst_of_one_customer_is_a_stranger_to_the_other():
    analyst = somebody("analyst", "A")
    assert whose(analyst, "B") is Whose.OTHER
    assert not may(analyst, "read a meeting", "B")
    assert not may(analyst, "raise a case", "B")


def test_who_keeps_the_accounts_sees_no_votes_and_no_papers():
    keeper = somebody("administrator")
    for action in ("read a meeting", "read an item", "read votes", "vote", "open a vote", "close a vote"):
        assert not any(may(keeper, action, "OWN", moment=moment) for moment in ("", "declaring", "open", "closed"))


def test_while_a_vote_is_open_nobody_reads_it():
    for role in ROLES.names:
        assert not may(somebody(role), "read votes", "OWN", moment="open")
        assert not may(somebody(role), "read an outcome", "OWN", moment="open")


def test_every_role_can_do_something_when_it_has_signed_in():
    assert all(may_somewhere(somebody(role), "read my work") for role in ROLES.names)


@given(role=st.sampled_from(ROLES.names), action=st.sampled_from(sorted(ACTIONS)),
       moment=st.sampled_from(["", "asked", "declaring", "open", "closed"]))
def test_nobody_may_do_to_anothers_row_what_they_may_not_do_to_their_own(role, action, moment):
    person = somebody(role)
    if may(person, action, "OTHER", moment=moment):
        assert may(person, action, "OWN", moment=moment)


@given(action=st.sampled_from(sorted(ACTIONS)), moment=st.sampled_from(["", "open", "closed"]))
def test_an_account_without_a_role_is_no_more_than_the_public(action, moment):
    assert may(Person("nobody"), action, "OWN", moment=moment) == may(THE_PUBLIC, action, "OWN", moment=moment)


def test_every_line_of_the_table_names_an_action_that_is_said_in_words():
    assert {right.action for right in RIGHTS} == set(ACTIONS)
    assert all(words[0].isupper() for words in ACTIONS.values())
