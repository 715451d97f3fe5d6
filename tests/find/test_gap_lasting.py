"""Whether a gap is more likely than not there, and lasts: sums in sight, and what must hold whatever the figures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.find import gaps
from evenhand.find.gap_lasting import LEAST_SPREAD, lasting, odds, year_of
from evenhand.terms import Refused

LOW, WHOLE = np.array([True]), np.array([False])


def a_year(values, *, people=1000.0, lump=1.0, shares=WHOLE, low=LOW):
    """One measure: values per head of so many people each, in lumps of one size."""
    value = np.atleast_2d(np.asarray(values, dtype=float))
    top, under = value * people, np.full(value.shape, people)
    return year_of(top, under, np.full(value.shape, lump), np.isfinite(value), shares=shares, low_is_good=low)


def test_a_body_lies_off_the_middle_as_a_share_of_it_and_chance_is_that_of_a_body_in_the_middle():
    # 1, 2 and 3 a head of 1,000 people: the middle is 2, so 3 is 50% off; Poisson: 2 x 1,000 / 1,000^2 / 2^2 = 1/2,000
    year = a_year([1.0, 2.0, 3.0])
    assert year.off[0].tolist() == pytest.approx([-0.5, 0.0, 0.5])
    assert year.noise[0].tolist() == pytest.approx([1 / 2000] * 3)
    # in lumps of four the variance is four times as large
    assert a_year([1.0, 2.0, 3.0], lump=4.0).noise[0, 0] == pytest.approx(4 / 2000)


def test_where_a_high_share_is_good_the_shortfall_counts():
    # 80%, 90%, 95%: the middle falls short by 10%, so 80% is 100% worse, 95% is 50% better; binomial: .9 x .1 / 1,000
    year = a_year([0.8, 0.9, 0.95], shares=np.array([True]), low=np.array([False]))
    assert year.off[0].tolist() == pytest.approx([1.0, 0.0, -0.5])
    assert year.noise[0].tolist() == pytest.approx([0.9 * 0.1 / 1000 / 0.1**2] * 3)


def test_from_one_year_the_level_keeps_the_share_of_its_distance_that_is_not_chance():
    # Five bodies, 1.6 to 2.4 of middle 2: off -.2, -.1, 0, .1, .2; squares sum to .10, mean .02; noise 1/2,000 each, so
    # bodies lie .02 - .0005 = .0195 apart, and .2 keeps .0195 / .02 = .975 of itself
    found = lasting([a_year([1.6, 1.8, 2.0, 2.2, 2.4])])
    assert found.between[0] == pytest.approx(0.0195)
    assert found.of_a_year[0] == 0
    assert found.level[0, 4] == pytest.approx(0.2 * 0.975)
    assert found.error[0, 4] == pytest.approx(np.sqrt(0.0195 * 0.0005 / 0.02))


def test_what_the_year_before_does_not_bear_out_does_not_last():
    rng = np.random.default_rng(7)
    theta = rng.normal(0, 0.05, 400)
    now, before = (2 * (1 + theta + rng.normal(0, 0.1, 400)) for _ in range(2))
    now[0], before[0], now[1], before[1] = 2.6, 2.6, 2.6, 2.0
    found = lasting([a_year(now, people=1e6), a_year(before, people=1e6)])
    assert found.between[0] == pytest.approx(0.05**2, rel=0.4)
    assert found.of_a_year[0] == pytest.approx(0.1**2, rel=0.25)
    assert found.level[0, 0] > 1.7 * found.level[0, 1] > 0


def test_a_measure_too_rare_to_say_how_far_bodies_lie_apart_learns_it_from_the_others():
    rng = np.random.default_rng(3)
    theta = rng.normal(0, 0.08, (6, 60))
    people = np.array([1e6] * 5 + [10.0])[:, None]
    top = rng.poisson(2 * (1 + theta) * people).astype(float)
    # the rare one happens to differ a little less than Poisson: by itself it would say that bodies are all alike
    top[5] = 20 + np.round(4.3 * np.sin(np.arange(60)) * np.sqrt(2))
    under = np.broadcast_to(people, top.shape)

    def between(rows):
        year = year_of(top[rows], under[rows], np.ones_like(top[rows]), np.ones(top[rows].shape, dtype=bool),
                       shares=np.zeros(len(top[rows]), dtype=bool), low_is_good=np.ones(len(top[rows]), dtype=bool))
        return lasting([year]).between

    assert between(slice(5, 6))[0] == pytest.approx(LEAST_SPREAD**2)
    assert between(slice(0, 6))[5] > 0.05**2


def test_fewer_than_five_bodies_teach_nothing_and_nothing_is_likely():
    year = a_year([1.0, 2.0, 3.0, 4.0])
    found = lasting([year])
    assert np.isnan(odds(found, year, np.array([2.5]), np.array([0.0]), 0.02, low_is_good=LOW)).all()


def test_odds_are_even_where_the_level_lies_just_so_far_off_as_is_worth_raising():
    year = a_year([1.6, 1.8, 2.0, 2.2, 2.4])
    found = lasting([year])
    # the best guess of the last is .195 above the middle: even odds that it is worth 19.5%; more for less
    even = odds(found, year, np.array([2.0]), np.array([0.0]), 0.195, low_is_good=LOW)
    assert even[0, 4] == pytest.approx(0.5)
    # against 1.8, a tenth below the middle: 1.195 / .9 - 1 = 32.8% above it
    below = odds(found, year, np.array([1.8]), np.array([0.0]), 1.195 / 0.9 - 1, low_is_good=LOW)
    assert below[0, 4] == pytest.approx(0.5)
    # a benchmark that is itself in doubt draws all odds towards even
    sure, unsure = (odds(found, year, np.array([2.0]), np.array([each]), 0.02, low_is_good=LOW) for each in (0.0, 0.5))
    assert sure[0, 4] > unsure[0, 4] > 0.5


@given(st.lists(st.floats(0.5, 2.0), min_size=5, max_size=30), st.floats(0.0, 0.3))
@settings(max_examples=60, deadline=None)
def test_the_worse_a_body_the_likelier_and_the_more_is_asked_the_less_likely(values, worth):
    year = a_year(values)
    found = lasting([year])
    likely = odds(found, year, year.middle, np.array([0.01]), worth, low_is_good=LOW)[0]
    order = np.argsort(values, kind="stable")
    assert (np.diff(likely[order]) >= -1e-12).all()
    assert (odds(found, year, year.middle, np.array([0.01]), worth + 0.1, low_is_good=LOW)[0] <= likely).all()
    assert (np.abs(found.level) <= np.abs(year.off) + 1e-12).all(), "nothing is drawn away from the middle"


# --- as find gaps raises it -------------------------------------------------------------------------------------------


def panel(own, others=(8, 9, 10, 11, 12, 9, 10, 11, 10), months=12, people=100.0):
    """One measure: bodies with so many events in each month, and US with ``own``; events vary by one up and down."""
    rows = []
    for unit, level in [("US", own), *((f"B{at}", each) for at, each in enumerate(others))]:
        rows += [{"measure": "falls", "month": f"2025-{month:02d}", "unit": unit, "denominator": people,
                  "numerator": float(level + (-1) ** month * (2 if unit == "US" else 3))}
                 for month in range(1, months + 1)]
    return {name: [row[name] for row in rows] for name in rows[0]}


def test_what_is_likely_is_raised_though_chance_could_show_as_much_and_says_so():
    found = gaps(panel(11.2), of="US")
    (row,) = found.fields["rows"]
    assert not row["signal"]
    assert row["likely"] > 0.5
    assert row["raised"]
    assert row["sure"] == "low"
    assert row["because"].startswith("more likely than not (")
    assert found.fields["counts"]["raised"] == 1


def test_only_what_is_more_than_chance_is_raised_where_that_is_asked():
    (row,) = gaps(panel(11.2), of="US", raised="sure").fields["rows"]
    assert not row["raised"]
    (row,) = gaps(panel(30), of="US", raised="sure").fields["rows"]
    assert row["raised"] is row["signal"] is True


def test_nothing_is_raised_on_the_better_side():
    (row,) = gaps(panel(7), of="US").fields["rows"]
    assert row["likely"] < 0.5
    assert not row["raised"]


def test_a_share_that_cannot_be_is_refused():
    with pytest.raises(Refused, match="smallest gap worth raising"):
        gaps(panel(11), of="US", worth=1.5)
