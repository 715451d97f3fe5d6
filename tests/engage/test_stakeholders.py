"""Who must be heard: where each stands on a day, how to work with them, and what is refused."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.engage import stakeholders
from evenhand.engage.stakeholders import approach_of, standing_of
from evenhand.terms import Refused

DAYS = st.none() | st.dates(date(2027, 1, 1), date(2028, 12, 31))


def table(*rows, columns=("who", "due", "done")):
    return {name: [row[at] if at < len(row) else "" for row in rows] for at, name in enumerate(columns)}


@pytest.mark.parametrize(("due", "done", "at", "standing"), [
    ("2027-05-01", "2027-04-30", "2027-06-01", "heard"), ("2027-05-01", "2027-05-02", "2027-06-01", "heard late"),
    (None, "2027-05-02", "2027-06-01", "heard"), ("2027-05-01", None, "2027-06-01", "overdue"),
    ("2027-06-01", None, "2027-06-01", "due"), ("2027-05-01", None, None, "due"),
    (None, None, "2027-06-01", "no date")])
def test_where_each_stands_on_a_day(due, done, at, standing):
    days = [date.fromisoformat(each) if each else None for each in (due, done, at)]
    assert standing_of(*days) == standing


@given(DAYS, DAYS, DAYS)
def test_nobody_is_heard_without_a_day_and_nobody_overdue_without_one_set(due, done, at):
    standing = standing_of(due, done, at)
    assert (standing in ("heard", "heard late")) == (done is not None)
    assert standing != "overdue" or due is not None


@pytest.mark.parametrize(("interest", "influence", "approach"), [
    (4, 4, "work with closely"), (3, 5, "keep content"), (5, 3, "keep informed"), (1, 1, "watch"), (None, 5, None)])
def test_how_to_work_with_somebody_follows_interest_and_influence(interest, influence, approach):
    assert approach_of(interest, influence, 4) == approach


def test_the_sentence_counts_who_was_heard_and_names_who_was_not():
    answer = stakeholders(table(("Carers", "2027-05-01", "2027-04-02"), ("Students", "2027-05-01"),
                                ("Staff", "2027-09-01"), ("Drivers",)), as_at="2027-06-01")
    assert answer.sentence == ("Of 4 who must be heard, by 1 June 2027, 1 has been, 1 is overdue (Students), 1 is "
                               "still to come and for 1 no day is set.")
    assert answer.fields["begins"] == "2027-04-02"
    assert sum(answer.fields["standings"].values()) == 4


def test_who_is_asked_after_the_options_stood_is_said():
    given = table(("Carers", "2027-05-01", "2027-04-02"), ("Students", "2027-05-01", "2027-08-02"))
    late = stakeholders(given, settled="2027-07-01")
    assert late.fields["after_options"] == ["Students"]
    assert "1 of them is asked only after the options stood (1 July 2027)." in late.sentence
    early = stakeholders(given, settled="2027-09-01")
    assert early.sentence.endswith("All with a day are asked before the options stood (1 September 2027).")


def test_those_touched_most_who_can_do_least_are_named_while_they_are_not_heard():
    answer = stakeholders({"who": ["Carers", "Council"], "interest": [5, 5], "influence": [1, 5]})
    assert answer.fields["touched_most_not_heard"] == ["Carers"]


@pytest.mark.parametrize(("given", "why"), [
    ({"name": ["x"]}, "there is no column “who”"), ({"who": [""]}, "this cell is empty"),
    ({"who": ["a", "a"]}, "for the same who"), ({"who": ["a"], "interest": [6]}, "above 5"),
    ({"who": ["a"], "influence": ["much"]}, "not a number"), ({"who": ["a"], "due": ["soon"]}, "not a day"),
    ({"who": ["a"], "done": ["2030-01-01"]}, "the day looked at")])
def test_what_cannot_be_used_is_refused_in_words(given, why):
    with pytest.raises(Refused, match=why):
        stakeholders(given, as_at="2027-06-01")


@pytest.mark.parametrize("setting", [{"as_at": "today"}, {"settled": "soon"}, {"high": 1}])
def test_a_setting_out_of_bounds_is_refused(setting):
    with pytest.raises(Refused):
        stakeholders({"who": ["a"]}, **setting)


def test_the_command_reads_its_sample(capsys):
    assert main(["engage", "stakeholders", "sample:stakeholders", "--as-at", "2031-02-01", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["not_heard"] == ["Students and young workers"]
    assert document["standings"]["no date"] == 1
