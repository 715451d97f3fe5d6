"""A change beside the changes of bodies left alone: every sum in sight, and no verdict where there can be none."""

import math

import numpy as np
import pytest

from evenhand.cli import main
from evenhand.evaluate import beside as asked_beside
from evenhand.evaluate.beside_checks import agree
from evenhand.evaluate.beside_series import Series
from evenhand.evaluate.beside_sums import (
    Asked,
    Changes,
    Stretches,
    answered,
    as_share,
    averted,
    beside,
    change,
    changes,
    expected_return,
    stretches_of,
    verdict_of,
)
from evenhand.terms import Estimate, Month, Refused, Span

START = Month(2028, 4)


def test_a_change_less_that_of_others_with_the_range_of_one_more_body_left_alone():
    found = beside(-0.20, [0.00, 0.02, -0.02])
    # mean 0, standard deviation 0.02, t with 2 degrees of freedom 4.302653, root of 1 + 1/3
    reach = 4.302653 * 0.02 * math.sqrt(4 / 3)
    assert found.central == pytest.approx(-0.20)
    assert (found.low, found.high) == pytest.approx((-0.20 - reach, -0.20 + reach), abs=1e-6)


def series(unit, values, under=100.0):
    months = tuple(Month(2026, 4).plus(at) for at in range(len(values)))
    return Series(unit, "figures", months, tuple(float(value) for value in values), (under,) * len(values))


def test_a_change_is_the_log_of_the_rates_and_nothing_where_a_month_is_lacking():
    one = series("x", [10, 10, 5, 5])
    first, last = (Month(2026, 4), Month(2026, 5)), (Month(2026, 6), Month(2026, 7))
    assert change(one, first, last) == pytest.approx(math.log(0.5))
    assert change(one, first, (Month(2026, 6), Month(2026, 8))) is None
    assert change(series("x", [10, 10, 0, 0]), first, last) is None


def test_what_falls_everywhere_is_not_a_programmes_doing():
    others = {f"b{at:02d}": series(f"b{at:02d}", [100 + at] * 12 + [80 + 0.8 * at + 0.1 * (at % 3)] * 24)
              for at in range(12)}
    mine = series("own", [120] * 12 + [96] * 24)
    stretches = Stretches((Month(2026, 4), Month(2027, 3)), (Month(2027, 4), Month(2028, 3)),
                          (Month(2028, 4), Month(2029, 3)), (Month(2027, 4), Month(2029, 3)))
    found = changes(mine, others, stretches)
    assert found.whole.central == pytest.approx(0, abs=0.002)
    assert not found.whole.excludes_zero
    assert len(found.others) == 12
    assert changes(mine, dict(list(others.items())[:9]), stretches) is None, "nine others are too few"


def logs(whole, first, later, wore_off, reach=0.05):
    def one(middle):
        return None if middle is None else Estimate(middle, middle - reach, middle + reach)

    return Changes(one(whole), one(first), one(later), one(wore_off), ())


@pytest.mark.parametrize(("found", "promised", "verdict", "lasted"), [
    (logs(-0.20, -0.20, -0.20, 0.00), 0.2, "worked", True),
    (logs(-0.12, -0.24, -0.02, 0.22), 0.2, "faded", False),
    (logs(-0.12, -0.24, -0.04, 0.20), 0.2, "faded", False),
    (logs(-0.08, -0.12, -0.04, 0.04), 0.2, "worked", None),
    (logs(-0.20, -0.20, None, None), 0.2, "worked", None),
    (logs(-0.02, -0.02, -0.02, 0.00), 0.2, "did not work", None),
    (logs(+0.15, +0.15, +0.15, 0.00), 0.2, "did not work", None),
    (logs(-0.04, -0.04, -0.04, 0.00), 0.1, "cannot tell", None),
    (logs(-0.02, -0.02, -0.02, 0.00), None, "cannot tell", None)])
def test_the_verdict_follows_from_the_ranges(found, promised, verdict, lasted):
    assert verdict_of(found, down=True, promised=promised)[:2] == (verdict, lasted)


def test_more_is_what_was_wanted_where_the_measure_is_to_rise():
    found = logs(0.20, 0.20, 0.20, 0.0)
    assert verdict_of(found, down=False, promised=0.2)[:2] == ("worked", True)
    assert verdict_of(found, down=True, promised=0.2)[0] == "did not work"


def test_the_year_that_prompted_it_is_in_no_baseline():
    mine = series("own", [1] * 48)
    found = stretches_of(mine, Asked(START, Span(Month(2027, 4), Month(2028, 3))))
    assert found.before == (Month(2026, 4), Month(2027, 3))
    assert found.first_year == (Month(2028, 4), Month(2029, 3))
    assert found.later == (Month(2029, 4), Month(2030, 3))
    assert stretches_of(mine, Asked(START)).before == (Month(2026, 4), Month(2028, 3))
    assert stretches_of(mine, Asked(START, Span(Month(2026, 6), Month(2028, 3)))) == (
        "only 2 months before the year that prompted it is held")
    assert stretches_of(series("own", [1] * 10), Asked(START)) == "nothing is held from the start on"


def test_where_the_whole_range_lies_on_the_wrong_side_it_did_not_work():
    assert verdict_of(logs(0.15, 0.15, 0.15, 0.0), down=True, promised=None) == (
        "did not work", None, "it went the other way, beside others, and clearly")


def test_the_smallest_effect_that_matters_comes_before_half_of_what_was_promised():
    found = logs(-0.04, -0.04, -0.04, 0.0)  # at best 9% less
    assert verdict_of(found, down=True, promised=0.3, smallest=0.05)[0] == "cannot tell"
    assert verdict_of(found, down=True, promised=0.1, smallest=0.1)[0] == "did not work"


def test_what_was_averted_is_what_was_expected_less_what_was_seen():
    # 80 seen where a fifth less than expected: 100 expected, 20 averted
    found = averted(Estimate(math.log(0.8), math.log(0.7), math.log(0.9)), 80.0, down=True)
    assert found.central == pytest.approx(20)
    assert (found.low, found.high) == pytest.approx((80 / 0.9 - 80, 80 / 0.7 - 80))
    assert as_share(Estimate(math.log(0.8), math.log(0.7), math.log(0.9))).central == pytest.approx(-0.2)


# --- regression to the mean -------------------------------------------------------------------------------------------


def test_a_body_picked_for_one_high_year_comes_back_and_one_that_is_always_high_does_not():
    first, picked = (Month(2026, 4), Month(2027, 3)), (Month(2027, 4), Month(2028, 3))
    levels = [100 + 3 * at for at in range(12)]
    lasting = {f"b{at}": series(f"b{at}", [level] * 24) for at, level in enumerate(levels)}
    always = series("own", [160.0] * 24)
    assert expected_return(always, lasting, first, picked) == pytest.approx(0, abs=1e-9), "correlation 1"
    rng = np.random.default_rng(5)
    chance = {f"b{at}": series(f"b{at}", [*[100 * math.exp(rng.normal(0, 0.1))] * 12,
                                          *[100 * math.exp(rng.normal(0, 0.1))] * 12]) for at in range(400)}
    once = series("own", [100.0] * 12 + [130.0] * 12)
    # years that do not resemble each other: all of the distance from the mean goes by itself
    assert expected_return(once, chance, first, picked) == pytest.approx(-math.log(1.3), abs=0.05)
    assert expected_return(once, dict(list(chance.items())[:5]), first, picked) is None


# --- where there can be no answer -------------------------------------------------------------------------------------


def others(count=12, months=36, level=100.0):
    rng = np.random.default_rng(1)
    return {f"b{at:02d}": series(f"b{at:02d}", rng.poisson(level, months)) for at in range(count)}


def own(values):
    return series("own", values)


@pytest.mark.parametrize(("mine", "beside_it", "why"), [
    ([0.0] * 36, others(), "nought"),
    ([100.0] * 24 + [0.0] * 12, others(), "nought"),
    ([100.0] * 36, {f"b{at}": series(f"b{at}", [50.0] * 36) for at in range(12)}, "never vary"),
    ([100.0] * 36, others(9), "fewer than 10 bodies"),
    ([100.0] * 20, others(), "nothing is held from the start on")])
def test_no_false_answer_is_given_where_nothing_can_be_told(mine, beside_it, why):
    told = answered(own(mine), beside_it, Asked(START))
    assert told.verdict == "cannot tell"
    assert told.changes is None
    assert why in told.because


def test_a_gap_in_its_own_months_is_named():
    whole = own([100.0] * 36)
    places = [at for at in range(36) if at != 30]
    gap = Series("own", "figures", *(tuple(each[at] for at in places) for each in (
        whole.months, whole.numerators, whole.denominators)))
    assert answered(gap, others(), Asked(START)).because == "its figures for October 2028 are not held"


def test_of_bodies_where_nothing_happened_no_more_than_one_in_forty_is_praised():
    rng = np.random.default_rng(7)
    praised = 0
    for _ in range(400):
        rates = rng.poisson(200, (21, 48))
        every = [series(f"b{at:02d}", rates[at]) for at in range(21)]
        told = answered(every[0], {one.unit: one for one in every[1:]}, Asked(START))
        praised += told.verdict in ("worked", "faded")
    # one side of a 95% range, and the first year alone: 2.5% and a little; 400 draws have a standard error of 0.9%
    assert praised / 400 <= 0.05


# --- the method -------------------------------------------------------------------------------------------------------


def ask(**more):
    return asked_beside("sample:programmes", measure="admissions", start="2028-04", prompted="2027-04/2028-03",
                        promised=0.2, leave_out=("A", "B"), **more)


def test_what_worked_what_faded_and_what_did_nothing_are_told_apart():
    assert [ask(of=(one,)).fields["verdict"] for one in "ABC"] == ["worked", "faded", "did not work"]


def test_the_same_is_asked_in_other_ways_and_all_of_them_are_shown():
    found = ask(of=("A",), ramp=3).fields["checks"]
    assert [each["name"] for each in found] == [
        "with the year that prompted it among the months before", "without its first 3 months",
        "interrupted, by its own past", "interrupted, with others as control"]
    assert found[3]["agrees"]
    assert found[2]["change"] < found[3]["change"], "its own past holds the bad year, and praises too much"


def test_ranges_that_merely_touch_are_no_agreement():
    # 32% below (60% to 4% below) beside 1% above (5% below to 7% above): nobody would call that the same.
    none, wild = Estimate(0.009, -0.052, 0.075), Estimate(-0.321, -0.602, -0.04)
    assert agree(none, wild) is False
    assert agree(none, Estimate(0.013, -0.099, 0.124)) is True
    assert agree(none, None) is None


def table(**more):
    rows = {"unit": ["A"] * 24, "month": [f"{2026 + at // 12}-{at % 12 + 1:02d}" for at in range(24)],
            "numerator": [5] * 24, "denominator": [10] * 24}
    return {**rows, **more}


@pytest.mark.parametrize(("changed", "options", "why"), [
    ({"month": ["2026-01"] * 24}, {}, "row 1 is for the same unit, month"),
    ({"vintage": ["old"] * 12 + ["new"] * 12}, {}, "two definitions stand in one series: new and old"),
    ({"numerator": [-1] * 24}, {}, "cannot be negative"),
    ({"numerator": ["many"] * 24}, {}, "not a number"),
    ({}, {"start": "2031-01"}, "the start lies outside the figures"),
    ({}, {"start": "2026-01"}, "the start lies outside the figures"),
    ({}, {"of": "Z"}, "no figures of this body"),
    ({}, {"measure": "x"}, "no figures of this measure"),
    ({"measure": ["a"] * 12 + ["b"] * 12}, {}, "several measures stand here"),
    ({}, {"promised": 20.0}, "between 0 and 1"),
    ({}, {"prompted": "2026-02/2027-06"}, "before its start"),
    ({}, {"nearest": 3}, "fewer than 10 others")])
def test_what_cannot_be_is_refused_in_words(changed, options, why):
    with pytest.raises(Refused, match=why):
        asked_beside(table(**changed), **{"of": "A", "start": "2027-01", **options})


def test_a_column_that_is_missing_is_named():
    rows = table()
    del rows["denominator"]
    with pytest.raises(Refused, match="denominator"):
        asked_beside(rows, of="A", start="2027-01")


def test_the_command_says_it(capsys):
    assert main(["evaluate", "beside", "sample:programmes", "--measure", "admissions", "--of", "A", "--start",
                 "2028-04", "--leave-out", "B"]) == 0
    assert "what was to be expected" in capsys.readouterr().out
