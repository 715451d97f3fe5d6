"""Concerns from practices: put together by subject, screened for patients, hidden where few, exact where they rise."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.find import concerns
from evenhand.find.concern_sums import rate_ratio
from evenhand.find.concerns import said_of
from evenhand.terms import Refused, Suppressed


def table(*rows, columns=("date", "practice", "service", "text", "what_became_of_it")):
    return {name: [row[at] if at < len(row) else "" for row in rows] for at, name in enumerate(columns)}


def some(subject, months, practices=("A", "B", "C")):
    return [(f"2030-{month:02d}-10", practices[at % len(practices)], subject) for at, month in enumerate(months)]


def row_of(answer, subject):
    return next(row for row in answer.fields["rows"] if row["subject"] == subject)


# --- grouping ---------------------------------------------------------------------------------------------------------


def test_concerns_are_put_together_by_what_they_are_about_and_by_how_many_practices_said_so():
    answer = concerns(table(*some("podiatry", (1, 2, 3, 4)), *some("hearing", (1, 2, 3, 4), "AABC")))
    assert [(row["subject"], row["concerns"], row["practices"]) for row in answer.fields["rows"]] == [
        ("hearing", 4, 3), ("podiatry", 4, 3)]
    assert (answer.fields["concerns"], answer.fields["practices"]) == (8, 3)


def test_a_measure_says_what_a_concern_is_about_and_a_service_where_there_is_no_measure():
    answer = concerns({"date": ["2030-01-01"] * 3, "practice": list("ABC"), "measure": ["falls", "", "falls"],
                       "service": ["", "podiatry", "walking"]}, fewest=1)
    assert {row["subject"]: row["concerns"] for row in answer.fields["rows"]} == {"falls": 2, "podiatry": 1}


def test_each_reporter_can_be_told_how_many_others_said_so_and_what_became_of_it():
    rows = [(*each, "", end) for each, end in zip(some("podiatry", (1, 2, 3, 4), "ABCD"),
                                                  ("answered", "answered", "waiting", ""), strict=True)]
    answer = concerns(table(*rows))
    assert said_of(row_of(answer, "podiatry"), "Feet") == (
        "Feet: 4 concerns from 4 practices; each of them can be told that 3 other practices said so too; of them "
        "2 answered and 1 waiting.")
    assert "Of 1 concern nobody has written down what became of it." in answer.remarks


# --- rising -----------------------------------------------------------------------------------------------------------


def test_two_counts_beside_each_other_are_as_the_reference_works_them_out():
    """R (stats 4.x), example of poisson.test: 11 events in 800 years beside 21 in 3011 (McNeil 1996, page 19)."""
    found = rate_ratio(11, 21, 800, 3011)
    assert found.ratio == pytest.approx(1.971488, abs=5e-7)
    assert (found.low, found.high) == pytest.approx((0.8584264, 4.2772659), abs=5e-7)


def test_the_chance_of_so_many_lately_is_a_binomial_tail():
    # 3 of 4 in a quarter of the days: 4 * 0.25**3 * 0.75 + 0.25**4 = 13 / 256
    assert rate_ratio(3, 1, 1, 3).p == pytest.approx(13 / 256)
    assert rate_ratio(0, 5, 1, 3).p == 1.0
    assert rate_ratio(4, 0, 1, 3) == pytest.approx(rate_ratio(4, 0, 1, 3))
    assert (rate_ratio(4, 0, 1, 3).ratio, rate_ratio(4, 0, 1, 3).high) == (None, None)


@given(st.integers(0, 60), st.integers(0, 60), st.floats(1, 400), st.floats(1, 400))
def test_the_range_holds_the_ratio_and_a_smaller_chance_goes_with_more_lately(lately, before, days, earlier):
    found = rate_ratio(lately, before, days, earlier)
    assert 0 <= found.p <= 1
    if found.ratio is not None:
        assert found.low <= found.ratio * (1 + 1e-9)
        assert found.high is None or found.ratio <= found.high * (1 + 1e-9)
    assert rate_ratio(lately + 1, before, days, earlier).p <= found.p + 1e-12


def test_a_subject_rises_only_where_it_is_more_than_chance_among_all_looked_at():
    steady = some("podiatry", range(1, 13))
    burst = some("letters", (2, 10, 10, 11, 11, 11, 12, 12, 12, 12), "ABCDE")
    answer = concerns(table(*steady, *burst))
    assert row_of(answer, "letters")["rising"] is True
    assert row_of(answer, "podiatry")["rising"] is False
    # 9 of 10 in 92 of 365 days beside 1 in 273
    assert row_of(answer, "letters")["ratio"] == pytest.approx(9 / 92 / (1 / 273))
    assert row_of(answer, "letters")["adjusted"] == pytest.approx(2 * row_of(answer, "letters")["p_value"])
    assert answer.sentence.startswith(
        "22 concerns from 5 practices, January 2030 to December 2030, are about 2 subjects. 1 subject came up more "
        "than before: letters, 9 of them lately and 1 in all the time before, 26.7 times as often")


def test_without_months_before_nothing_can_rise():
    answer = concerns(table(*some("podiatry", (1, 2, 3))))
    assert row_of(answer, "podiatry")["rising"] is None
    assert "There are no months before the last 3, so nothing can be said to rise." in answer.remarks


def test_when_everything_rises_the_answer_says_that_reporting_may_have_become_easier():
    answer = concerns(table(*some("podiatry", (1, *[12] * 9)), *some("letters", (1, *[12] * 9))))
    assert any("reporting may have become easier" in each for each in answer.remarks)


# --- patients and small numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Born 3/5/1940, sent home", "Lives at DE1 2QY", "See 943 476 5919"])
def test_words_that_may_point_to_a_patient_are_counted_and_never_shown(text):
    rows = [(*each, text if not at else "Nobody rings back") for at, each in enumerate(some("visits", (1, 2, 3)))]
    answer = concerns(table(*rows), quotations=5)
    assert row_of(answer, "visits")["quotations"] == ["Nobody rings back"]
    assert row_of(answer, "visits")["concerns"] == 3
    assert answer.fields["texts_withheld"] == 1
    assert text not in json.dumps(answer.document(), default=str)


def test_a_subject_of_few_practices_is_hidden_and_cannot_be_worked_out_from_the_total():
    answer = concerns(table(*some("podiatry", (1, 2, 3, 4)), *some("letters", (1, 2), "A")))
    assert isinstance(row_of(answer, "letters")["concerns"], Suppressed)
    assert isinstance(answer.fields["concerns"], Suppressed)
    assert answer.fields["became"] is None
    two = concerns(table(*some("podiatry", (1, 2, 3, 4)), *some("letters", (1, 2), "A"), *some("buses", (3,), "B")))
    assert two.fields["concerns"] == 7
    assert said_of(row_of(two, "buses")) == "buses: raised by too few practices to say how often."


def test_the_figures_leave_the_hidden_out():
    answer = concerns(table(*some("podiatry", (1, 2, 3, 4, 9)), *some("letters", (1, 2), "A")))
    drawn = json.dumps(answer.figures[0].chart, default=str)
    assert "podiatry" in drawn
    assert "letters" not in drawn


# --- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("given", "why"), [
    ({"date": ["2030-01-01"], "practice": ["A"]}, "there is no column “measure”"),
    ({"date": ["3rd of May"], "practice": ["A"], "service": ["x"]}, "this is not a day"),
    ({"date": ["2030-01-01"], "practice": [""], "service": ["x"]}, "this cell is empty"),
    ({"date": ["2030-01-01"], "practice": ["A"], "service": [""]}, "does not say what it is about"),
    ({"date": ["2030-01-01"], "practice": ["A"], "service": ["Mr born 3/5/1940"]}, "may point to a patient"),
    ({"id": ["1", "1"], "date": ["2030-01-01"] * 2, "practice": ["A"] * 2, "service": ["x"] * 2}, "for the same id")])
def test_what_cannot_be_used_is_refused_in_words(given, why):
    with pytest.raises(Refused, match=why):
        concerns(given)


@pytest.mark.parametrize(("setting", "why"), [
    ({"months": 0}, "this is at least 1"), ({"confidence": 1.0}, "between 0 and 1"),
    ({"to_month": "soon"}, "not a month"),
    ({"from_month": "2035-01", "to_month": "2035-02"}, "no concern was reported")])
def test_a_setting_out_of_bounds_is_refused(setting, why):
    with pytest.raises(Refused, match=why):
        concerns(table(*some("podiatry", (1, 2))), **setting)


def test_concerns_outside_the_months_asked_for_are_left_out_and_said():
    answer = concerns(table(*some("podiatry", range(1, 13))), from_month="2030-02", to_month="2030-11")
    assert answer.fields["concerns"] == 10
    assert "2 concerns outside 2030-02 to 2030-11 left out." in answer.remarks


def test_the_command_reads_its_sample_and_hides_what_must_be_hidden(capsys):
    assert main(["find", "concerns", "sample:concerns", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [row["subject"] for row in document["rows"] if row["rising"]] == ["discharge letters"]
    assert document["texts_withheld"] == 1
    assert date.fromisoformat(f"{document['to']}-01") > date.fromisoformat(f"{document['from']}-01")
