"""What has changed: which series are alerts, how surprising, and that quiet panels stay quiet."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.evaluate import spc
from evenhand.find import alerts
from evenhand.find.alert_sums import looked_at
from evenhand.terms import Refused

MONTHS = [str(month) for month in pd.period_range("2023-01", periods=36, freq="M")]


def long(values, *, units=None, months=None, measure="m"):
    """A panel with denominator 1 from values of the shape (units, months)."""
    values = np.atleast_2d(values)
    units = units or [f"U{place:02d}" for place in range(len(values))]
    months = months or MONTHS[:values.shape[1]]
    return pd.DataFrame([(measure, month, unit, value, 1.0) for unit, row in zip(units, values, strict=True)
                         for month, value in zip(months, row, strict=True)],
                        columns=["measure", "month", "unit", "numerator", "denominator"])


def quiet(units=1, months=36, seed=3):
    return np.random.default_rng(seed).normal(100, 5, (units, months))


def refused(*arguments, **options) -> str:
    with pytest.raises(Refused) as refusal:
        alerts(*arguments, **options)
    return "\n".join(refusal.value.lines())


def test_the_usual_level_and_limits_come_from_the_points_before_the_latest_seven():
    values = quiet()
    values[0, -1] = 160
    row = alerts(long(values)).fields["rows"][0]
    before = values[0, :29]
    ranges = np.abs(np.diff(before))
    kept = ranges[ranges < 3.267 * ranges.mean()]
    assert row["usual"] == pytest.approx(before.mean())
    assert row["upper"] == pytest.approx(before.mean() + 2.66 * kept.mean())
    assert (row["value"], row["rule"], row["since"], row["months_ago"]) == (160, "outside_limits", "2025-12", 0)
    assert row["change"] == pytest.approx(160 - before.mean())


def test_the_limits_are_those_of_the_control_chart_of_the_same_points():
    values = quiet()
    values[0, -1] = 160
    row = alerts(long(values)).fields["rows"][0]
    chart = spc({"date": MONTHS, "value": values[0]}, baseline_points=29).fields["series"][0]["points"][-1]
    assert (row["usual"], row["lower"], row["upper"], row["rule"]) == pytest.approx(
        (chart["mean"], chart["lower"], chart["upper"], chart["rule"]))


def test_a_shift_is_told_from_its_first_point_with_its_size():
    values = quiet(6)
    values[4, -5:] += 40
    row, = alerts(long(values), direction="low").fields["rows"]
    assert (row["unit"], row["since"], row["points"]) == ("U04", "2025-08", 5)
    assert (row["way"], row["meaning"]) == ("up", "worse")
    assert row["change_share"] == pytest.approx(values[4, -5:].mean() / values[4, :29].mean() - 1)
    assert alerts(long(values), direction="high").fields["rows"][0]["meaning"] == "better"
    assert alerts(long(values)).fields["rows"][0]["meaning"] is None


def test_the_most_surprising_comes_first():
    values = quiet(20)
    values[3, -1] += 40
    values[7, -1] += 60
    values[9, -4:] -= 90
    rows = alerts(long(values)).fields["rows"]
    assert [row["unit"] for row in rows] == ["U09", "U07", "U03"]
    assert [row["p_value"] for row in rows] == sorted(row["p_value"] for row in rows)


@pytest.mark.parametrize("draw", [lambda r: r.normal(100, 5, (1000, 40)), lambda r: r.poisson(9, (1000, 40)) * 1.0,
                                  lambda r: r.gamma(4, 1.5, (1000, 40))], ids=["normal", "counts", "skew"])
def test_quiet_series_are_called_surprising_no_more_often_than_stated(draw):
    found = looked_at(draw(np.random.default_rng(7))[None], np.ones((1, 1000, 40)), within=3, baseline=None)
    # 50 of 1,000 at 5%: up to 64 within two standard errors; rules alone, without allowance, break in far more.
    assert 1 <= (found.p_value <= 0.05).sum() <= 64
    assert (found.at >= 0).sum() > 40
    assert (found.adjusted <= 0.05).sum() == 0


def test_of_what_is_listed_few_are_chance_where_some_series_changed():
    values = quiet(400, 40, seed=11)
    values[:40, -6:] += 12.5  # two and a half standard deviations
    rows = alerts(long(values, months=[str(each) for each in pd.period_range("2022-01", periods=40, freq="M")],
                       units=[f"U{place:03d}" for place in range(400)])).fields["rows"]
    true = sum(int(row["unit"][1:]) < 40 for row in rows)
    assert true >= 30
    assert len(rows) - true <= 4


def test_a_series_that_goes_on_falling_as_before_is_no_news():
    drift = 100 - np.arange(36) + np.random.default_rng(5).normal(0, 2, 36)
    assert alerts(long(drift)).fields["rows"] == []


def test_what_happened_everywhere_is_said_and_drops_out_against_others():
    values = quiet(12)
    values[:, -1] += 60
    values[5, -1] += 60
    own, others = alerts(long(values)), alerts(long(values), against="others")
    assert len(own.fields["rows"]) == 12
    assert own.fields["everywhere"][0]["share_of_bodies"] == 1
    assert any("happened everywhere" in remark for remark in own.remarks)
    assert [row["unit"] for row in others.fields["rows"]] == ["U05"]
    assert others.fields["rows"][0]["value"] == pytest.approx(values[5, -1])
    assert others.fields["rows"][0]["usual"] == pytest.approx(160, rel=0.06)


def test_short_sparse_and_ended_series_are_left_out_and_counted():
    table = long(quiet(5))
    short = table[(table.unit != "U01") | (table.month >= "2024-06")]
    ended = short[(short.unit != "U02") | (short.month < "2025-09")].copy()
    ended.loc[ended.unit == "U03", "numerator"] = 0.0
    counts = alerts(ended).fields["counts"]
    assert (counts["series"], counts["too_short"], counts["ended"], counts["too_sparse"]) == (2, 1, 1, 1)


def test_limits_from_fewer_than_twenty_points_are_on_trial():
    values = quiet(1, 25)
    values[0, -1] = 190
    answer = alerts(long(values))
    assert answer.fields["rows"][0]["trial"]
    assert "Trial limits in 1 of 1" in " ".join(answer.remarks)
    assert "on trial" in answer.table.to_csv()


def test_a_denominator_of_nought_is_missing_not_a_fall():
    table = long(quiet(3))
    table.loc[(table.unit == "U01") & (table.month == "2025-12"), ["numerator", "denominator"]] = 0.0
    assert alerts(table).fields["rows"] == []


@settings(max_examples=20, deadline=None)
@given(st.floats(0.001, 1e6), st.integers(0, 10_000))
def test_the_unit_of_the_figures_does_not_matter(scale, seed):
    values = np.random.default_rng(seed).normal(100, 5, (4, 36)) + 0.5
    values[2, -2:] += 45
    plain, scaled = alerts(long(values)).fields["rows"], alerts(long(values * scale)).fields["rows"]
    assert [(row["unit"], row["rule"], row["since"]) for row in plain] == [
        (row["unit"], row["rule"], row["since"]) for row in scaled]


def test_bad_input_is_refused_in_words():
    assert "there is no column “numerator”" in refused({"month": ["2025-01"], "unit": ["A"], "denominator": [1]})
    assert "no series is long enough" in refused(long(quiet(2, 10)))
    assert "did you mean U01" in refused(long(quiet(3)), of="U1")
    assert "--against own" in refused(long(quiet(3)), against="others")
    for option, value in (("within", 0), ("baseline", 5), ("confidence", 1), ("per", 0)):
        with pytest.raises(Refused):
            alerts(long(quiet(1)), **{option: value})


def test_the_command_gives_the_same_answer(capsys):
    assert main(["find", "alerts", "sample:alerts", "--direction", "low", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [(row["unit"], row["measure"], row["since"]) for row in document["rows"]] == [
        ("HART", "broad-antibiotics", "2025-06"), ("MERE", "pain-patches", "2025-05"),
        ("CRAN", "pain-patches", "2025-12")]


@pytest.mark.real
def test_alerts_of_england_in_2025_are_changes_one_can_see(real):
    panel = real / "sub-icb-measures" / "measures_2020-12_to_2025-12.parquet"
    rows = alerts(panel, direction="low").fields["rows"]
    first = next(row for row in rows if (row["measure"], row["unit"]) == ("glutenfree", "71E"))
    figures = pd.read_parquet(panel).query("measure == 'glutenfree' and code == '71E'")
    month = pd.to_datetime(figures["month"])
    value = (figures["numerator"] / figures["denominator"]).set_axis(month)
    # Lincolnshire's gluten-free prescribing all but ended in the summer of 2025.
    assert rows.index(first) < 10
    assert value["2025-08":"2025-12"].mean() < 0.4 * value["2024-06":"2025-05"].mean()
    assert first["value"] == pytest.approx(value["2025-12"].iloc[0])
    for row in rows[:20]:  # each stands clear of the range of the year and a half before
        own = pd.read_parquet(panel).query("measure == @row['measure'] and code == @row['unit']")
        series = (own["numerator"] / own["denominator"]).set_axis(pd.to_datetime(own["month"]))
        before, now = series[:"2025-05"].iloc[-18:], series[row["since"]:row["month"]].mean()
        assert now > before.max() or now < before.min(), (row["measure"], row["unit"])
