"""The ranges of gaps are as sure as they say, tried on invented bodies whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from evenhand.find import gap_sums, variation
from evenhand.stats import intervals, shrinkage

MEASURES, BODIES, MONTHS = 60, 50, 12


def asked(shape, *, stock=True, low=True, against="median", per=1.0, confidence=0.95):
    measures, bodies = shape[:2]
    everyone = np.ones((measures, bodies), dtype=bool)
    return gap_sums.Question(np.full(measures, stock), np.full(measures, low), everyone, everyone, against, per,
                             confidence)


def populations(generator):
    return np.exp(generator.normal(5, 0.8, (MEASURES, BODIES, 1))) * np.ones((1, 1, MONTHS))


def counts(generator, people, rates):
    return generator.poisson(rates[:, :, None] * people).astype(float)


def costs(generator, people, rates):
    """Money in lumps of 50 on average, some far dearer."""
    lumps = generator.poisson(rates[:, :, None] * people)
    return np.where(lumps > 0, generator.gamma(np.maximum(lumps, 1), 50), 0.0)


def lingering(generator, people, rates):
    """Counts whose level is disturbed by a fifth, four fifths of which is left a month later."""
    shock = generator.normal(size=people.shape)
    level = np.empty_like(shock)
    level[:, :, 0] = shock[:, :, 0]
    for month in range(1, MONTHS):
        level[:, :, month] = 0.8 * level[:, :, month - 1] + 0.6 * shock[:, :, month]
    return generator.poisson(rates[:, :, None] * people * np.exp(0.2 * level - 0.02)).astype(float)


def within(low, truth, high) -> float:
    return float(((low <= truth) & (truth <= high)).mean())


@pytest.mark.parametrize(("made", "unit", "least"), [(counts, 1, 0.95), (costs, 50, 0.95), (lingering, 1, 0.87)])
@pytest.mark.parametrize("spread", [0.0, 0.2])
def test_ranges_hold_the_truth_as_often_as_they_say(made, unit, least, spread):
    generator = np.random.default_rng(2)
    people = populations(generator)
    rates = 0.3 * np.exp(generator.normal(0, spread, (MEASURES, BODIES)))
    found = gap_sums.gaps_of(made(generator, people, rates), people, asked(people.shape))
    truth = 12 * rates * unit
    assert within(found.value_low, truth, found.value_high) >= least
    gap = (truth - np.median(truth, axis=1, keepdims=True)) * people[:, :, 0]
    assert within(found.gap_low, gap, found.gap_high) >= least


@pytest.mark.parametrize("made", [counts, costs])
def test_bodies_that_differ_by_chance_alone_are_hardly_ever_called_different(made):
    generator = np.random.default_rng(3)
    people = populations(generator)
    found = gap_sums.gaps_of(made(generator, people, np.full((MEASURES, BODIES), 0.3)), people, asked(people.shape))
    assert (found.p_value < 0.05).mean() < 0.05
    # Each body looks at every measure at once: one false signal among all its looks in at most one body of twenty.
    flagged = [(shrinkage.false_discovery(found.p_value[:, body]) <= 0.05).any() for body in range(BODIES)]
    assert np.mean(flagged) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / BODIES)


def test_bodies_that_truly_differ_are_found():
    generator = np.random.default_rng(4)
    people = np.full((1, BODIES, MONTHS), 300.0)
    rates = np.full((1, BODIES), 0.3)
    rates[0, 0] = 0.45
    found = gap_sums.gaps_of(counts(generator, people, rates), people, asked(people.shape))
    assert found.p_value[0, 0] < 0.001
    assert found.rank[0, 0] == 1


def test_shrinkage_comes_nearer_to_the_truth_than_the_figures_as_they_stand():
    generator = np.random.default_rng(5)
    people = populations(generator)
    rates = 0.3 * np.exp(generator.normal(0, 0.1, (MEASURES, BODIES)))
    found = gap_sums.gaps_of(costs(generator, people, rates), people, asked(people.shape))
    truth = 12 * rates * 50
    assert ((found.shrunk_value - truth) ** 2).mean() < 0.7 * ((found.value - truth) ** 2).mean()


def test_the_largest_gap_of_a_list_is_partly_luck_and_shrinkage_takes_it_off():
    generator = np.random.default_rng(6)
    people = populations(generator)
    rates = 0.3 * np.exp(generator.normal(0, 0.1, (MEASURES, BODIES)))
    found = gap_sums.gaps_of(costs(generator, people, rates), people, asked(people.shape))
    truth = 12 * rates * 50
    highest = (np.arange(MEASURES), found.value.argmax(axis=1))
    overshoot, left = (found.value - truth)[highest].mean(), (found.shrunk_value - truth)[highest].mean()
    assert overshoot > 0
    assert abs(left) < overshoot / 2


# --- sums in sight ----------------------------------------------------------------------------------------------------


def test_a_stock_gives_a_years_numerator_over_the_mean_denominator():
    # Ten a month from 200, 220, ... patients: 120 a year over the mean of 310.
    people = np.arange(200, 440, 20, dtype=float)[None, None, :]
    found = gap_sums.gaps_of(np.full((1, 1, 12), 10.0), people, asked((1, 1)))
    assert found.value[0, 0] == pytest.approx(120 / 310)


def test_a_stock_with_missing_months_is_scaled_to_a_year():
    numerator = np.full((1, 1, 12), 10.0)
    numerator[0, 0, 3:6] = np.nan
    found = gap_sums.gaps_of(numerator, np.full((1, 1, 12), 100.0), asked((1, 1)))
    assert found.value[0, 0] == pytest.approx(9 * 10 * 12 / 9 / 100)
    assert found.months[0, 0] == 9


def test_a_flow_is_a_ratio_of_sums_and_its_gap_counts_a_whole_year():
    # Six months: 30 of 120 here, 10 % in the middle; a year has 240, so 0.25 x 240 - 0.10 x 240 = 36.
    numerator = np.array([[[5.0] * 6, [2.0] * 6, [2.0] * 6]])
    found = gap_sums.gaps_of(numerator, np.full((1, 3, 6), 20.0), asked((1, 3), stock=False))
    assert found.value[0].tolist() == pytest.approx([0.25, 0.1, 0.1])
    assert found.gap[0, 0] == pytest.approx(36)


def test_a_gap_counts_towards_the_worse_side():
    numerator, people = np.array([[[8.0] * 12, [10.0] * 12, [12.0] * 12]]), np.full((1, 3, 12), 100.0)
    low = gap_sums.gaps_of(numerator, people, asked((1, 3)))
    high = gap_sums.gaps_of(numerator, people, asked((1, 3), low=False))
    assert low.gap[0].tolist() == pytest.approx([-24, 0, 24])
    assert high.gap[0].tolist() == pytest.approx([24, 0, -24])
    assert (low.gap_low <= low.gap).all()
    assert (high.gap <= high.gap_high).all()


def test_rank_one_is_the_highest_value_and_equals_share_the_better_rank():
    numerator = np.array([[[1.0] * 12, [3.0] * 12, [3.0] * 12, [2.0] * 12]])
    found = gap_sums.gaps_of(numerator, np.full((1, 4, 12), 100.0), asked((1, 4)))
    assert found.rank[0].tolist() == [4, 1, 1, 3]


def test_all_bodies_together_are_a_ratio_of_sums():
    numerator, people = np.array([[[5.0] * 12, [30.0] * 12]]), np.array([[[100.0] * 12, [300.0] * 12]])
    found = gap_sums.gaps_of(numerator, people, asked((1, 2), against="national"))
    assert found.benchmark.value[0] == pytest.approx(12 * 35 / 400)


def test_the_best_tenth_is_at_the_good_end():
    numerator = np.arange(1.0, 12)[None, :, None] * np.ones((1, 1, 12))
    people = np.full((1, 11, 12), 12.0)
    low, high = (gap_sums.gaps_of(numerator, people, asked((1, 11), low=low, against="best-decile"))
                 for low in (True, False))
    assert (low.benchmark.value[0], high.benchmark.value[0]) == (pytest.approx(2), pytest.approx(10))


def test_a_body_without_figures_stays_missing_through_every_sum():
    numerator, people = np.full((1, 4, 12), 5.0), np.full((1, 4, 12), 50.0)
    numerator[0, 2], people[0, 2] = np.nan, np.nan
    found = gap_sums.gaps_of(numerator, people, asked((1, 4)))
    for each in (found.value, found.gap, found.gap_low, found.shrunk_value, found.p_value, found.numerator):
        assert np.isnan(each[0, 2])
    assert (found.rank[0, 2], found.of[0]) == (0, 3)


# --- lumps ------------------------------------------------------------------------------------------------------------


def test_a_plain_count_has_the_range_of_a_plain_count():
    low, high = variation.total_interval(np.array([5.0, 65.0]), np.array([1.0, 1.0]),
                                         np.full(2, intervals.normal_quantile(0.95)))
    published_low, published_high = intervals.poisson([5, 65])
    assert np.allclose(low, published_low)
    assert np.allclose(high, published_high)


def test_money_in_lumps_has_the_range_of_its_lumps():
    # £6,500 in lumps of £100 is 65 lumps: Byar's 50.163 to 82.849, times £100.
    low, high = variation.total_interval(np.array([6_500.0]), np.array([100.0]), np.array([1.959964]))
    assert (float(low[0]), float(high[0])) == (pytest.approx(5_016.3, abs=0.1), pytest.approx(8_284.9, abs=0.1))


def test_the_lumps_are_found_in_the_figures():
    generator = np.random.default_rng(7)
    people = np.full((1, BODIES, MONTHS), 400.0)
    numerator = 80.0 * generator.poisson(0.2 * people)
    found = variation.month_to_month(numerator, people, shares=np.array([False]), counts=np.array([False]),
                                     compared=np.ones((1, BODIES), dtype=bool))
    assert np.median(found.dispersion) == pytest.approx(80, rel=0.15)


def test_counts_never_vary_less_than_poisson():
    steady = np.full((1, BODIES, MONTHS), 20.0)
    steady[:, :, ::2] = 21.0
    found = variation.month_to_month(steady, np.full_like(steady, 100.0), shares=np.array([False]),
                                     counts=np.array([True]), compared=np.ones((1, BODIES), dtype=bool))
    assert (found.dispersion >= 1).all()


# --- trends -----------------------------------------------------------------------------------------------------------


def test_a_steady_rise_is_a_trend_of_twelve_months_steps():
    slope, p = gap_sums.trends(np.arange(12.0)[None, None, :])
    assert slope[0, 0] == 12
    assert p[0, 0] < 0.001


def test_one_wild_month_is_no_trend():
    series = np.array([5, 5.2, 4.9, 5.1, 5, 4.8, 5.1, 5, 4.9, 5.2, 5, 60])
    slope, p = gap_sums.trends(series[None, None, :])
    assert abs(slope[0, 0]) < 0.5
    assert p[0, 0] > 0.05


def test_five_months_are_too_few_for_a_trend():
    slope, p = gap_sums.trends(np.arange(5.0)[None, None, :])
    assert np.isnan(slope[0, 0])
    assert np.isnan(p[0, 0])
