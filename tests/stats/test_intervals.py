"""Limits of counts and shares agree with the figures their authors and public health publish."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.stats import intervals

# PHEindicatormethods 2.1.0 (UK Health Security Agency), test data of its interval functions.
BYAR = [(65, 0.95, 50.163187710459454, 82.84913854593984), (1045, 0.95, 982.5932018073325, 1110.33121298565),
        (1, 0.95, 0.01307213290150435, 5.5637555824752605), (10, 0.998, 2.916318374695686, 24.193724927880535)]
WILSON = [(65, 100, 0.95, 0.5525444329688797, 0.7363575175690247),
          (1045, 5000, 0.998, 0.19179381799015244, 0.22731562902525818)]


@pytest.mark.parametrize(("events", "confidence", "low", "high"), BYAR)
def test_byars_limits_are_those_public_health_publishes(events, confidence, low, high):
    assert np.allclose(intervals.byar(events, confidence), (low, high), rtol=1e-12)


@pytest.mark.parametrize(("part", "whole", "confidence", "low", "high"), WILSON)
def test_wilsons_limits_are_those_public_health_publishes(part, whole, confidence, low, high):
    assert np.allclose(intervals.wilson(part, whole, confidence), (low, high), rtol=1e-12)


def test_exact_limits_of_no_event_are_nought_and_the_rule_of_three_and_a_bit():
    # With no event, exp(-U) = 0.025, so U = -ln(0.025) = 3.6889.
    assert np.allclose(intervals.exact_poisson(0), (0.0, -np.log(0.025)))


def test_exact_limits_of_five_events_are_garwoods():
    # Garwood (1936), Biometrika 28:437-442, table 1: 1.6235 and 11.6683.
    assert np.allclose(intervals.exact_poisson(5), (1.6235, 11.6683), atol=5e-5)


def test_counts_are_exact_below_ten_and_byars_from_ten_on():
    low, high = intervals.poisson([9, 10])
    assert (low[0], high[0]) == tuple(float(each) for each in intervals.exact_poisson(9))
    assert (low[1], high[1]) == tuple(float(each) for each in intervals.byar(10))


def test_a_missing_count_has_missing_limits():
    assert np.isnan(intervals.poisson([np.nan, 12])[0][0])
    assert np.isnan(intervals.wilson(1, 0)[1])


def test_dobsons_limits_are_byars_stretched_to_the_rate():
    # One stratum of weight 1: the variance of x/n is x/n^2, so the limits are Byar's over n.
    low, high = intervals.dobson(65 / 1000, 65 / 1000**2, 65)
    assert np.allclose((low, high), np.array(intervals.byar(65)) / 1000)


def test_the_range_of_a_difference_of_shares_is_newcombes():
    # Newcombe (1998), Statistics in Medicine 17:873-890, table II, method 10: 56/70 - 48/80 gives 0.0524 to 0.3339.
    low, high = intervals.difference(56 / 70, intervals.wilson(56, 70), 48 / 80, intervals.wilson(48, 80))
    assert (round(float(low), 4), round(float(high), 4)) == (0.0524, 0.3339)


def test_a_quantile_is_bounded_by_ranks_of_the_sign_test():
    # 100 values, the middle: ranks 40 and 61 (Conover 1999, table A3), counted here from 0.
    assert intervals.quantile_places(100, 0.5) == (39, 60, True)


def test_five_values_cannot_bound_their_middle_at_ninety_five_per_cent():
    # The two outermost of five enclose the middle with probability 1 - 2 / 2**5 = 0.9375.
    assert intervals.quantile_places(5, 0.5) == (0, 4, False)
    assert intervals.quantile_places(6, 0.5) == (0, 5, True)


@given(st.integers(0, 10_000), st.sampled_from([0.8, 0.95, 0.998]))
def test_limits_enclose_the_count_and_widen_with_confidence(events, confidence):
    for limits in (intervals.poisson, intervals.exact_poisson):
        low, high = limits(events, confidence)
        wider_low, wider_high = limits(events, 0.999)
        assert 0 <= wider_low <= low <= events <= high <= wider_high


@given(st.integers(1, 5_000), st.data())
def test_a_share_and_its_rest_have_mirrored_limits_between_nought_and_one(whole, data):
    part = data.draw(st.integers(0, whole))
    low, high = intervals.wilson(part, whole)
    assert 0 <= low <= part / whole <= high <= 1
    assert np.allclose(intervals.wilson(whole - part, whole), (1 - high, 1 - low))


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_outside_nought_and_one_is_refused(confidence):
    with pytest.raises(ValueError, match="between 0 and 1"):
        intervals.normal_quantile(confidence)


@pytest.mark.reference
def test_every_published_case_agrees(reference: Path):
    with (reference / "confidence_intervals" / "byars_wilson.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        confidence = float(row["confidence"].rstrip("%")) / 100
        found = (intervals.byar(float(row["x"]), confidence) if row["method"] == "Byars"
                 else intervals.wilson(float(row["x"]), float(row["n"]), confidence))
        for limit, column in zip(found, ("lowercl", "uppercl"), strict=True):
            if row[column]:
                assert float(limit) == pytest.approx(float(row[column]), rel=1e-9, abs=1e-12)
