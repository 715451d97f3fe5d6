"""Funnel plots: who lies outside by more than chance, judged by size, with and without an allowance."""

from __future__ import annotations

import io
import json
from math import asin, exp, sin, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from evenhand.cli import main
from evenhand.find import funnel
from evenhand.find.funnel_sums import limits_by_tails
from evenhand.terms import Refused

Z95, Z998 = 1.959963984540054, 3.090232306167813


def row_of(answer, unit):
    return next(row for row in answer.fields["rows"] if row["unit"] == unit)


def refused(*arguments, **options) -> str:
    with pytest.raises(Refused) as refusal:
        funnel(*arguments, **options)
    return "\n".join(refusal.value.lines())


# --- published figures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("observed", "expected", "signal"), [
    (8, 6.239860227, "none"), (151, 106.4429719, "high_998"), (159, 232.9329036, "low_998"),
    (191, 184.096386, "none"), (124, 183.894409, "low_998")])
def test_ratios_stand_out_as_public_health_publishes(observed: int, expected: float, signal: str):
    # PHEindicatormethods 2.1 (UK Health Security Agency), test data of phe_funnel_ratio_significance.
    answer = funnel({"unit": ["a"], "observed": [observed], "expected": [expected]}, kind="ratio")
    assert row_of(answer, "a")["signal"] == signal


# FunnelPlotR 0.6.0 (Mainey), its own example of six units: phi 2.9480331751, tau squared 0.019477530578.
SIX = {"unit": list("abcdef"), "numerator": [100, 150, 180, 80, 120, 225],
       "denominator": [108, 112, 165, 95, 100, 220]}


def test_the_allowance_of_the_national_mortality_indicator():
    answer = funnel(SIX, kind="ratio", overdispersion="additive", transform="shmi")
    assert answer.fields["dispersion"] == pytest.approx(2.9480331751, rel=1e-9)
    assert answer.fields["tau_squared"] == pytest.approx(0.019477530578, rel=1e-9)
    row = row_of(answer, "a")
    assert row["limits"]["0.95"] == pytest.approx([0.71730674928, 1.3941037095], rel=1e-7)
    assert row["unadjusted_limits"]["0.95"] == pytest.approx([0.82031938249, 1.2073399101], rel=1e-7)


def test_the_allowance_of_the_care_quality_commission():
    answer = funnel(SIX, kind="ratio", overdispersion="additive", transform="cqc", trim=0.05, per=100)
    assert answer.fields["dispersion"] == pytest.approx(2.7467826115, rel=1e-9)
    assert answer.fields["tau_squared"] == pytest.approx(0.0044059759793, rel=1e-9)
    assert row_of(answer, "a")["limits"]["0.95"] == pytest.approx([83.9321309797, 116.0678690203], rel=1e-7)
    assert row_of(answer, "b")["signal"] == "high_998"
    assert any("without squaring" in each for each in answer.remarks)


# --- sums in sight ----------------------------------------------------------------------------------------------------


def test_a_proportions_limits_are_the_target_and_so_many_standard_errors():
    table = {"unit": ["a", "b", "c"], "numerator": [50, 90, 160], "denominator": [100, 200, 300]}
    answer = funnel(table)
    target = 300 / 600
    assert answer.fields["target"] == target
    for unit, size in (("a", 100), ("b", 200)):
        half = sqrt(target * (1 - target) / size)
        assert row_of(answer, unit)["limits"]["0.95"] == pytest.approx([target - Z95 * half, target + Z95 * half])
        assert row_of(answer, unit)["limits"]["0.998"] == pytest.approx([target - Z998 * half, target + Z998 * half])


def test_the_variance_between_units_is_what_is_left_after_chance():
    top, bottom = np.array([30, 60, 200, 90]), np.array([100, 100, 400, 300])
    answer = funnel({"numerator": top, "denominator": bottom}, overdispersion="additive", trim=0)
    target = 380 / 900
    weight = 4 * bottom
    z = (np.arcsin(np.sqrt(top / bottom)) - asin(sqrt(target))) * 2 * np.sqrt(bottom)
    phi = (z**2).sum() / 4
    tau = (4 * phi - 3) / (weight.sum() - (weight**2).sum() / weight.sum())
    assert answer.fields["dispersion"] == pytest.approx(phi)
    assert answer.fields["tau_squared"] == pytest.approx(tau)
    low, high = row_of(answer, "1")["limits"]["0.95"]
    half = Z95 * sqrt(1 / (4 * 100) + tau)
    assert (low, high) == pytest.approx((sin(asin(sqrt(target)) - half) ** 2, sin(asin(sqrt(target)) + half) ** 2))


def test_a_ratio_of_counts_is_judged_on_the_logarithm():
    answer = funnel({"unit": ["a", "b", "c"], "numerator": [40, 30, 30], "denominator": [100, 150, 150]},
                    kind="count-ratio")
    target = 100 / 400
    error = sqrt(1 / (target * 100) + 1 / 100)
    assert row_of(answer, "a")["limits"]["0.95"] == pytest.approx(
        [target * exp(-Z95 * error), target * exp(Z95 * error)])


def test_a_rate_without_a_denominator_has_it_from_the_rate():
    answer = funnel({"events": [20, 40], "rate": [50, 80]}, kind="rate")
    assert [row["denominator"] for row in answer.fields["rows"]] == [100_000 * 20 / 50, 100_000 * 40 / 80]
    assert answer.fields["target"] == pytest.approx(100_000 * 60 / 90_000)
    assert any("worked out from the rate" in each for each in answer.remarks)


def test_fewer_than_ten_events_are_judged_exactly():
    # The exact lower limit of 5 events is 1.6235; Byar's would be 1.6112.
    inside = funnel({"observed": [5], "expected": [1.63]}, kind="ratio")
    outside = funnel({"observed": [5], "expected": [1.615]}, kind="ratio")
    assert inside.fields["rows"][0]["signal"] == "none"
    assert outside.fields["rows"][0]["signal"] == "high_95"


@given(expected=st.floats(0.5, 5_000), tail=st.sampled_from([0.025, 0.001]))
def test_counts_beyond_the_limits_of_a_ratio_are_as_rare_as_they_should_be(expected: float, tail: float):
    low, high = (float(each[0]) * expected for each in limits_by_tails(
        "ratio", np.array([expected]), 1.0, 1 - 2 * tail))
    assert poisson.sf(np.floor(high), expected) <= tail * (1 + 1e-9)
    assert poisson.cdf(np.ceil(low) - 1, expected) <= tail * (1 + 1e-9)


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(501, 5_000)), min_size=3, max_size=20),
       st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(units, random):
    mixed = list(enumerate(units))
    random.shuffle(mixed)

    def signals(rows):
        answer = funnel({"unit": [f"u{place}" for place, _ in rows], "numerator": [top for _, (top, _) in rows],
                         "denominator": [bottom for _, (_, bottom) in rows]}, overdispersion="additive")
        assert answer.fields["tau_squared"] >= 0
        return {row["unit"]: row["signal"] for row in answer.fields["rows"]}

    assert signals(list(enumerate(units))) == signals(mixed)


def test_an_allowance_never_narrows_what_chance_allows():
    answer = funnel(SIX, kind="ratio", overdispersion="additive", transform="shmi")
    low, high = row_of(answer, "f")["limits"]["0.998"]
    assert low < exp(-Z998 / sqrt(220))
    assert high > exp(Z998 / sqrt(220))


def test_where_units_differ_no_more_than_chance_the_unadjusted_limits_judge():
    answer = funnel({"unit": list("abc"), "observed": [100, 101, 99], "expected": [100, 100, 100]}, kind="ratio",
                    overdispersion="additive")
    assert answer.fields["tau_squared"] == 0
    assert answer.fields["signal_by"] == "unadjusted limits"
    assert any("not above 1" in each for each in answer.remarks)


def test_too_much_difference_for_chance_is_said():
    answer = funnel(SIX, kind="ratio")
    assert any("dispersion is 2.95" in each and "--overdispersion additive" in each for each in answer.remarks)


def test_a_target_may_be_given_in_the_units_of_the_answer():
    answer = funnel({"numerator": [30, 50], "denominator": [100, 100]}, per=100, target=50)
    assert answer.fields["target"] == 50
    assert answer.fields["rows"][0]["signal"] == "low_998"
    assert answer.fields["rows"][1]["signal"] == "none"


def test_a_unit_without_figures_has_no_value_and_says_why():
    answer = funnel({"unit": ["a", "b", "c"], "numerator": [3, None, 4], "denominator": [10, 10, 0]}, kind="ratio")
    assert [row["remark"] for row in answer.fields["rows"]] == [
        None, "the number of events is missing", "there is no denominator, or it is nought"]
    assert answer.fields["rows"][1]["value"] is None
    assert "b and c have no value: events or denominator are missing." in answer.remarks


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "options", "said"), [
    ({"numerator": [1], "people": [2]}, {}, "there is no column “denominator”"),
    ({"numerator": [1, "many"], "denominator": [2, 3]}, {}, "2:numerator: this is not a number (many found)"),
    ({"numerator": [-1], "denominator": [2]}, {}, "a count cannot be negative"),
    ({"numerator": [3], "denominator": [2]}, {}, "the numerator is above the denominator"),
    ({"unit": ["a", "a"], "numerator": [1, 1], "denominator": [2, 2]}, {}, "row 1 is for the same unit"),
    ({"numerator": [0, 0], "denominator": [2, 2]}, {}, "there are no events at all"),
    ({"numerator": [2, 2], "denominator": [2, 2]}, {}, "there are nothing but events"),
    ({"numerator": [1, 1], "denominator": [2, 2]}, {"overdispersion": "additive"}, "too few units"),
    ({"numerator": [None], "denominator": [2]}, {}, "no unit has both"),
    ({"numerator": [3], "rate": [0]}, {"kind": "rate"}, "a rate of nought with events behind it"),
    (SIX, {"trim": 0.5}, "--trim: the share left out at each end"),
    (SIX, {"confidence": (95.0,)}, "--confidence: a confidence lies between 0 and 1 (95 found)"),
    (SIX, {"per": 0.0}, "--per: this must be above nought"),
    (SIX, {"at": (0.0,)}, "--at: a size must be above nought"),
    (SIX, {"target": 2.0}, "--target: a share lies below the whole")])
def test_what_cannot_be_is_refused_in_words(table, options, said):
    assert said in refused(table, **options)


# --- the command and the picture --------------------------------------------------------------------------------------


def test_the_command_answers_as_the_function_does(capsys, monkeypatch):
    text = "place,hits,of\n" + "\n".join(
        f"{unit},{top},{bottom}" for unit, top, bottom in zip(*SIX.values(), strict=True))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert main(["find", "funnel", "-", "--kind", "ratio", "--overdispersion", "additive", "--columns",
                 "unit=place,numerator=hits,denominator=of", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    own = funnel(SIX, kind="ratio", overdispersion="additive").document()
    assert found["rows"] == own["rows"]
    assert found["settings"]["transform"] == "shmi"


def test_the_figure_names_those_outside_and_tells_them_by_shape():
    answer = funnel("sample:funnel", kind="proportion", per=100)
    drawn = answer.figure.svg()
    assert ">Rushmere<" in drawn
    assert ">Coldwater<" in drawn
    assert ">Elmstead<" not in drawn
    (points,) = [layer for layer in answer.figure.chart["layer"] if "shape" in layer.get("encoding", {})]
    scale = points["encoding"]["shape"]["scale"]
    assert len(set(scale["range"])) == len(scale["domain"]) == 4
    assert "Rushmere lies above the 99.8% limits" in answer.sentence
