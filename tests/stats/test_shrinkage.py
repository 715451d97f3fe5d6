"""Values move towards the middle as far as chance warrants, and many looks are allowed for."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evenhand.stats import shrinkage


def test_a_value_keeps_the_share_of_its_distance_that_is_not_noise():
    # Weights 1 each: spread (9 + 1 + 1 + 9) / 4 = 5, chance 1, so V = 4 and each keeps 4 / (4 + 1) of its distance.
    found = shrinkage.towards_the_middle([[7.0, 9.0, 11.0, 13.0]], [[1.0, 1.0, 1.0, 1.0]], [10.0])
    assert found.variance_between.tolist() == [4.0]
    assert np.allclose(found.values, [[10 - 3 * 0.8, 10 - 0.8, 10 + 0.8, 10 + 3 * 0.8]])


def test_values_that_differ_no_more_than_chance_all_move_to_the_middle():
    found = shrinkage.towards_the_middle([[9.0, 10.0, 11.0]], [[4.0, 4.0, 4.0]], [10.0])
    assert found.values.tolist() == [[10.0, 10.0, 10.0]]


def test_a_small_body_moves_further_than_a_large_one():
    found = shrinkage.towards_the_middle([[20.0, 20.0, 0.0, 10.0]], [[1.0, 50.0, 1.0, 1.0]], [10.0])
    assert found.values[0, 1] < found.values[0, 0] < 20


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(0.1, 100)), min_size=2, max_size=30))
def test_no_value_moves_past_the_middle_or_away_from_it(pairs):
    values, variances = np.array(pairs).T
    middle = float(np.median(values))
    found = shrinkage.towards_the_middle(values[None], variances[None], [middle])
    assert (np.abs(found.values - middle) <= np.abs(values - middle) + 1e-9).all()
    assert ((found.values - middle) * (values - middle) >= -1e-9).all()
    assert ((found.own_share >= 0) & (found.own_share <= 1)).all()


def test_a_missing_value_stays_missing_and_teaches_nothing():
    with_it = shrinkage.towards_the_middle([[7.0, np.nan, 13.0]], [[1.0, 1.0, 1.0]], [10.0])
    without = shrinkage.towards_the_middle([[7.0, 13.0]], [[1.0, 1.0]], [10.0])
    assert np.isnan(with_it.values[0, 1])
    assert with_it.variance_between == without.variance_between


def test_the_looks_of_benjamini_and_hochberg_are_allowed_for_as_they_did():
    # Benjamini and Hochberg (1995), section 3.2, fifteen p-values: at 0.05 the first four are kept.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590,
         1.0]
    adjusted = shrinkage.false_discovery(p)
    assert (adjusted <= 0.05).tolist() == [True] * 4 + [False] * 11
    assert adjusted[3] == 0.0095 * 15 / 4


def test_a_missing_look_is_no_look():
    assert shrinkage.false_discovery([0.01, np.nan])[0] == 0.01


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_adjusted_values_keep_their_order_and_never_shrink(p):
    adjusted = shrinkage.false_discovery(p)
    assert (adjusted >= np.array(p) - 1e-12).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= -1e-12).all()
