"""Waiting lists: six published sums, what surrounds them, and what cannot be."""

from __future__ import annotations

import io
import json
from math import exp
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.find import waiting
from evenhand.terms import Refused

# Fong and others (2022), the ear, nose and throat list of their paper: 1,200 waiting, 30 join and 27 are seen a week,
# a target of 52 weeks, a mean wait of 63.
PUBLISHED = {"demand": [30], "capacity": [27], "queue": [1200], "target_wait": [52], "mean_wait": [63]}


def refused(*arguments, **options) -> str:
    with pytest.raises(Refused) as refusal:
        waiting(*arguments, **options)
    return "\n".join(refusal.value.lines())


def test_the_published_list_has_the_published_sums():
    fields = waiting(PUBLISHED).fields
    assert fields["queue_load"] == pytest.approx(30 / 27)
    assert fields["target_mean_wait"] == 52 / 4 == 13
    assert fields["target_queue"] == 30 * 52 / 4 == 390
    assert fields["relief_capacity"] == pytest.approx(30 + (1200 - 390) / 26)
    assert fields["relief_capacity"] == pytest.approx(61.153846, rel=1e-7)
    assert fields["pressure"] == pytest.approx(2 * 63 / 52)


def test_what_it_takes_to_keep_a_list_at_its_target():
    fields = waiting({**PUBLISHED, "factor": [3], "cv_demand": [1.1], "cv_capacity": [1.2]}).fields
    assert fields["target_capacity"] == pytest.approx(30 + (1.1**2 + 1.2**2) / 2 * 3 / 52)
    assert fields["target_capacity"] == pytest.approx(30.076442, rel=1e-7)


def test_a_growing_list_says_so_and_never_reaches_its_target():
    answer = waiting(PUBLISHED)
    assert answer.fields["weeks_as_things_are"] is None
    assert answer.fields["rows"][0]["remark"] == "grows by 3.00 a week"
    assert answer.sentence == (
        "A list of 1,200 is longer than the 390 at which few wait longer than 52 weeks; seeing 61.2 a week brings it "
        "there in 26 weeks, 34.2 more than now; 30 join and 27 are seen a week, so the list grows without end.")


def test_a_shrinking_list_says_when_it_will_be_there():
    fields = waiting({**PUBLISHED, "capacity": [35]}).fields
    assert fields["weeks_as_things_are"] == (1200 - 390) / (35 - 30)
    assert fields["relief_beyond_capacity"] == pytest.approx(30 + 810 / 26 - 35)


def test_a_mean_wait_that_is_not_given_is_queue_over_capacity_and_said():
    answer = waiting({name: column for name, column in PUBLISHED.items() if name != "mean_wait"})
    assert answer.fields["mean_wait"] == pytest.approx(1200 / 27)
    assert answer.fields["share_over_target"] == pytest.approx(exp(-52 * 27 / 1200))
    assert "Where no mean wait is given it is the queue over the people seen a week." in answer.remarks


def test_each_result_needs_only_its_own_columns():
    fields = waiting({"demand": [30], "capacity": [27]}).fields
    assert fields["queue_load"] == pytest.approx(30 / 27)
    assert fields["target_queue"] is None
    assert fields["relief_capacity"] is None
    assert waiting({"target_wait": [52]}).fields["target_mean_wait"] == 13


def test_an_empty_cell_takes_the_setting_or_leaves_the_result_out():
    rows = waiting({"list": ["a", "b"], "demand": [30, None], "target_wait": [52, 52], "factor": [None, 6]},
                   factor=4).fields["rows"]
    assert [row["target_mean_wait"] for row in rows] == [13, 52 / 6]
    assert [row["target_queue"] for row in rows] == [390, None]


def test_a_list_nobody_is_seen_from_has_no_load():
    fields = waiting({"demand": [5], "capacity": [0], "queue": [10], "target_wait": [18]}).fields
    assert fields["queue_load"] is None
    assert fields["mean_wait"] is None
    assert fields["rows"][0]["remark"] == "grows by 5.00 a week"


@given(demand=st.floats(0.1, 1e4), queue=st.floats(0, 1e5), target=st.floats(1, 104), factor=st.floats(1, 10),
       weeks=st.floats(1, 200))
def test_relief_brings_the_list_to_its_target_in_the_weeks_asked(demand, queue, target, factor, weeks):
    table = {"demand": [demand], "queue": [queue], "target_wait": [target]}
    fields = waiting(table, factor=factor, weeks_to_target=weeks).fields
    after = queue + (demand - fields["relief_capacity"]) * weeks
    assert after == pytest.approx(fields["target_queue"], rel=1e-6, abs=1e-6 * (1 + queue))


def test_at_the_target_list_the_mean_wait_is_the_target_mean_wait():
    fields = waiting({"demand": [30], "capacity": [30], "queue": [390], "target_wait": [52]}).fields
    assert fields["mean_wait"] == fields["target_mean_wait"] == 13
    assert fields["pressure"] == 0.5
    assert fields["share_over_target"] == pytest.approx(exp(-4))
    assert fields["rows"][0]["remark"] == "never shrinks: as many join as are seen"


@pytest.mark.parametrize(("factor", "share"), [
    (4, "about 1 in 55 then"), (13, "about 1 in 442,413 then"), (14, "fewer than 1 in a million then"),
    (1e308, "fewer than 1 in a million then")])
def test_the_share_still_waiting_is_said_for_any_factor(factor, share):
    assert any(share in remark for remark in waiting(PUBLISHED, factor=factor).remarks)


@pytest.mark.parametrize(("table", "options", "said"), [
    ({"people": [1]}, {}, "nothing can be worked out from these columns"),
    ({"demand": [3]}, {}, "nothing can be worked out from these columns"),
    ({**PUBLISHED, "demand": ["many"]}, {}, "1:demand: this is not a number (many found)"),
    ({**PUBLISHED, "queue": [-1]}, {}, "a count cannot be negative"),
    ({**PUBLISHED, "target_wait": [0]}, {}, "1:target_wait: this must be above nought"),
    ({"list": ["a", "a"], "demand": [1, 1], "capacity": [1, 1]}, {}, "row 1 is for the same list"),
    (PUBLISHED, {"factor": 0.0}, "--factor: this must be above nought (0 found)"),
    (PUBLISHED, {"weeks_to_target": -1.0}, "--weeks-to-target: this must be above nought"),
    (PUBLISHED, {"cv_demand": -1.0}, "--cv-demand: a variation cannot be negative")])
def test_what_cannot_be_is_refused_in_words(table, options, said):
    assert said in refused(table, **options)


def test_the_figure_of_one_list_ends_at_its_target_and_of_many_sets_each_beside_it():
    path = waiting(PUBLISHED).figure
    relief = [row for row in path.table.rows if row["way"] == "seeing what relief needs"]
    assert relief[0]["people"] == 1200
    assert [row["people"] for row in relief if row["week"] >= 26] == [390] * sum(row["week"] >= 26 for row in relief)
    assert any(row["week"] == 26 for row in relief)
    answer = waiting("sample:waiting")
    assert ">Cataract<" in answer.figure.svg()
    assert "5 are longer than the target wait allows" in answer.sentence
    assert waiting({"demand": [30], "capacity": [27]}).figures == ()


@pytest.mark.reference
def test_every_reference_case_by_function_and_by_command(reference: Path, capsys, monkeypatch):
    cases = json.loads((reference / "waiting_lists" / "expected.json").read_text(encoding="utf-8"))["cases"]
    assert len(cases) == 8
    names = {"waiting_list_pressure": "pressure", "target_queue_size": "target_queue"}
    for case in cases:
        given_here, field = case["input"], names.get(case["measure"], case["measure"])
        own = waiting({name: [value] for name, value in given_here.items()})
        assert own.fields[field] == pytest.approx(case["expected"], rel=1e-6), case
        text = f"{','.join(given_here)}\n{','.join(map(str, given_here.values()))}\n"
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert main(["find", "waiting", "-", "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found[field] == found["rows"][0][field] == own.fields[field]
