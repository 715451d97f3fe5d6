"""Run, p, u, c, t and g charts, against printed figures and sums in sight."""

from __future__ import annotations

from itertools import pairwise
from math import log, sqrt
from typing import Any

import pytest

from evenhand.evaluate import spc
from evenhand.evaluate.run_chart import crossings_limit, longest_run_limit


def chart(kind: str, values: list[float], sizes: list[float] | None = None, **options: Any) -> dict[str, Any]:
    table: dict[str, Any] = {"date": list(range(1, len(values) + 1)), "value": values}
    if sizes is not None:
        table["denominator"] = sizes
    return dict(spc(table, chart=kind, **options).fields["series"][0])


# Montgomery (2013) Introduction to Statistical Quality Control, 7th edition, tables 7.1, 7.7, 7.10 and 7.11.
CANS = [12.0, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
BOARDS = [21.0, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15]
SHIPMENTS = [2.0, 3, 8, 1, 1, 4, 1, 4, 5, 1, 8, 2, 4, 3, 4, 1, 8, 3, 7, 4]
CLOTH = ([14.0, 12, 20, 11, 7, 10, 21, 16, 19, 23], [10.0, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5])


def test_shares_of_leaking_cans_have_the_limits_montgomery_prints() -> None:
    one = chart("p", CANS, [50.0] * 30)
    point = one["points"][0]
    assert (point["mean"], point["lower"], point["upper"]) == pytest.approx((0.2313, 0.0524, 0.4102), abs=0.00006)
    outside = [place + 1 for place, each in enumerate(one["points"]) if each["rule"] == "outside_limits"]
    assert outside == [15, 23]


def test_counts_of_flaws_have_the_limits_montgomery_prints() -> None:
    one = chart("c", BOARDS)
    point = one["points"][0]
    assert (point["mean"], point["lower"], point["upper"]) == pytest.approx((19.85, 6.48, 33.22), abs=0.01)
    assert [place + 1 for place, each in enumerate(one["points"]) if each["rule"] == "outside_limits"] == [6, 20]


def test_rates_of_errors_have_the_limits_montgomery_prints_and_none_below_nought() -> None:
    point = chart("u", SHIPMENTS, [50.0] * 20)["points"][0]
    assert (point["mean"], point["upper"]) == pytest.approx((0.0740, 0.1894), abs=0.0001)
    assert point["lower"] != point["lower"]  # 0.074 - 3 √(0.074 / 50) is below nought


def test_limits_follow_the_size_of_each_roll_of_cloth_as_montgomery_prints() -> None:
    points = chart("u", *CLOTH)["points"]
    printed = {0: (0.29, 2.55), 1: (0.16, 2.68), 2: (0.43, 2.41), 9: (0.41, 2.43)}
    for place, limits in printed.items():
        assert (points[place]["lower"], points[place]["upper"]) == pytest.approx(limits, abs=0.011)


def test_a_rate_per_thousand_is_the_same_chart_in_other_units() -> None:
    plain, thousands = chart("u", *CLOTH)["points"], chart("u", *CLOTH, per=1000.0)["points"]
    for one, many in zip(plain, thousands, strict=True):
        assert many["upper"] == pytest.approx(1000 * one["upper"])
        assert many["rule"] == one["rule"]


def test_the_centre_of_shares_is_all_events_over_all_chances() -> None:
    point = chart("p", [1.0, 30], [10.0, 40])["points"][0]
    assert point["mean"] == pytest.approx(31 / 50)


def test_time_between_events_is_judged_on_the_scale_where_it_is_nearly_normal() -> None:
    days = [286.0, 948, 536, 124, 816, 729, 4, 143, 431, 8, 2837, 596, 81, 227, 603, 492, 1199, 1214, 2831, 96]
    scaled = [day ** (1 / 3.6) for day in days]
    mean = sum(scaled) / 20
    ranges = [abs(a - b) for a, b in pairwise(scaled)]
    upper = mean + 2.66 * sum(ranges) / 19  # none is 3.267 times the mean: nothing is set aside
    point = chart("t", days, direction="increase")["points"][0]
    assert (point["mean"], point["upper"]) == pytest.approx((mean**3.6, upper**3.6))
    assert point["lower"] != point["lower"]  # the lower limit is below nought before it is scaled back


def test_cases_between_events_have_the_limits_of_a_geometric_distribution() -> None:
    # Benneyan (2001): centre ḡ, upper limit ḡ + 3 √(ḡ (ḡ + 1)), no lower limit.
    cases = [3.0, 10, 2, 5, 0, 8, 4, 6, 1, 11]
    point = chart("g", cases)["points"][0]
    assert (point["mean"], point["upper"]) == pytest.approx((5, 5 + 3 * sqrt(5 * 6)))
    assert point["lower"] != point["lower"]


def test_a_shift_of_a_g_chart_is_judged_against_the_median() -> None:
    # Mean 5, median ln 0.5 / ln (5 / 6) - 1 = 2.8: a point of 4 lies above it, though below the mean.
    assert log(0.5) / log(5 / 6) - 1 == pytest.approx(2.80, abs=0.01)
    one = chart("g", [3.0, 10, 2, 5, 0, 8, 4, 6, 1, 11])
    assert [point["side"] for point in one["points"]][6] == "above"


def test_the_limits_of_a_run_chart_are_those_of_the_published_table() -> None:
    # Anhøj and Olesen (2014) PLOS ONE 9(11): e113825, table 1: points, longest run, crossings.
    for useful, longest, crossings in ((10, 6, 2), (15, 7, 4), (20, 7, 6), (24, 8, 8), (30, 8, 10)):
        assert (longest_run_limit(useful), crossings_limit(useful)) == (longest, crossings)


def test_a_run_chart_marks_a_run_that_is_too_long_and_points_on_the_median_are_no_part_of_it() -> None:
    values = [1.0, 9, 1, 9, 1, 5, 9, 1, *[9.0] * 4, 5, *[9.0] * 5, *[1.0, 1, 1, 1, 9, 1, 1, 1, 1, 9, 1, 1]]
    one = chart("run", values, direction="increase")
    assert one["run_rules"]["longest_run"] == 9
    assert one["run_rules"]["longest_run_limit"] == 8
    marked = [place for place, point in enumerate(one["points"]) if point["rule"] == "shift"]
    assert marked == [8, 9, 10, 11, 13, 14, 15, 16, 17]
    assert one["points"][8]["meaning"] == "improvement"
    assert one["points"][0]["upper"] != one["points"][0]["upper"]


def test_a_run_chart_crossed_too_seldom_says_so() -> None:
    values = [1.0] * 6 + [9.0, 9, 1] + [9.0] * 5 + [1.0, 1] + [9.0] * 3
    answer = spc({"date": list(range(19)), "value": values}, chart="run")
    assert answer.fields["series"][0]["run_rules"]["signal"] is (
        answer.fields["series"][0]["run_rules"]["crossings"]
        < answer.fields["series"][0]["run_rules"]["crossings_limit"]
    )
    assert any("the series has shifted at some time" in remark for remark in answer.remarks)


def test_every_kind_of_chart_is_drawn_with_its_sentence() -> None:
    for kind in ("run", "p", "u", "c", "t", "g"):
        table = {"date": list(range(1, 21)), "value": [place % 7 + 1 for place in range(20)], "denominator": [30] * 20}
        figure = spc(table, chart=kind, target=0.2).figure
        assert figure.svg().startswith("<svg")
        assert figure.sentence
        assert ("un chart" if kind == "run" else f"{kind} chart") in figure.note


def test_a_run_on_a_g_chart_is_told_against_the_median_that_it_was_judged_by():
    # With mean 20 the median of a geometric distribution is ln 0.5 / ln(20/21) - 1 = 13.2: 18 lies above it.
    values = [18, 19, 18, 19, 18, 19, 18, 19, 18, 34]
    answer = spc({"date": [f"2024-{at + 1:02d}" for at in range(10)], "value": values}, chart="g")
    assert answer.fields["series"][0]["points"][0]["mean"] == 20
    assert "in a row lie above their median of about 13.2" in answer.sentence
