"""The form of a method: what is typed becomes a question, and the question becomes a command."""

import shlex

import pytest

from evenhand.house import every_method, method
from evenhand.pages.asking import as_on_the_form, asked, example_of, pairs
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


@pytest.mark.parametrize(("room", "name", "line", "said"), [
    ("find", "peers", "--of: whose peers is not said; write --of CODE", "write CODE under “"),
    ("evaluate", "interrupted", "--start: when did the change begin?; give the first date after it, such as "
     "--start 2017-04", "“First date after the change”: when did the change begin?; give the first date after it, such "
     "as 2017-04 under “First date after the change”"),
    ("find", "rates", "r.xlsx: the sheet is empty; name another with --sheet",
     "r.xlsx: the sheet is empty; name another with “Which sheet of a workbook”"),
    ("find", "rates", "see evenhand --help", "see evenhand --help")])
def test_a_refusal_names_settings_as_the_form_does(room, name, line, said):
    words = as_on_the_form(method(room, name), line)
    assert said in words
    assert "--" not in words or said == line
