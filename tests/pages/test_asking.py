"""The form of a method: what is typed becomes a question, and the question becomes a command."""

import shlex

import pytest

from evenhand.house import every_method, method
from evenhand.pages.asking import asked, example_of, pairs
from evenhand.terms import Refused

RATES = method("find", "rates")


@pytest.mark.parametrize("one", list(every_method()), ids=lambda one: one.full_name)
def test_the_example_of_a_method_becomes_the_same_command_again(one):
    given = shlex.split(example_of(one).command)
    again = example_of(one)
    assert given[:3] == ["evenhand", one.room, one.name]
    assert again.answer().document() == asked(one, again.query, {}).answer().document()


def test_only_what_differs_from_the_default_stands_in_the_command():
    question = asked(RATES, {"table": "sample:rates", "by": "area", "method": "crude", "per": "1000"}, {})
    assert question.command == "evenhand find rates sample:rates --by area --per 1000"


def test_a_name_with_spaces_is_quoted_as_a_shell_needs_it():
    names = "numerator=all events,denominator=people"
    question = asked(RATES, {"columns": names}, {"table": ("my file.csv", b"a,b\n")})
    assert question.command == "evenhand find rates 'my file.csv' --columns 'numerator=all events,denominator=people'"


def test_a_path_of_the_machine_is_no_input():
    question = asked(RATES, {"table": "/etc/hostname"}, {})
    assert not question.inputs
    with pytest.raises(Refused, match="there is no file for “table”"):
        question.answer()


@pytest.mark.parametrize("text", ["a", "a=", "=b", "a=b,c"])
def test_what_is_no_pair_of_names_is_refused(text):
    with pytest.raises(Refused, match="this is no pair of names"):
        pairs(text, "columns")


def test_pairs_may_have_spaces_round_them():
    assert pairs(" numerator = count , denominator=pop,", "columns") == {"numerator": "count", "denominator": "pop"}
