"""Where national tools disagree, both answers can be had, and they differ as the page about it says."""

import pytest

from evenhand.evaluate import spc
from evenhand.find import funnel


def beyond(answer):
    return sum(row["signal"] in ("high_998", "low_998") for row in answer.fields["rows"])


@pytest.mark.reference
def test_two_national_allowances_call_eleven_and_thirty_one_of_the_same_136_departments_out(reference):
    import pandas as pd

    units = pd.read_csv(reference / "funnel_overdispersion" / "units.csv")
    units = units[units.dataset == "ae_admissions_expected"][["unit", "numerator", "denominator"]]
    assert len(units) == 136
    assert beyond(funnel(units, kind="ratio")) == 128
    assert beyond(funnel(units, kind="ratio", overdispersion="additive", transform="shmi")) == 11
    assert beyond(funnel(units, kind="ratio", overdispersion="additive", transform="cqc")) == 31


@pytest.mark.reference
def test_two_sets_of_rules_call_25_of_372_points_differently(reference):
    import pandas as pd

    charts = pd.read_csv(reference / "spc_xmr" / "series.csv").rename(columns={"x": "date", "y": "value"})
    points, apart = 0, {}
    for case, rows in charts.groupby("case"):
        ours, theirs = ([each["rule"] for each in spc(rows[["date", "value"]], **chosen).fields["series"][0]["points"]]
                        for chosen in ({}, {"variant": "making-data-count-excel"}))
        points += len(ours)
        apart[case] = sum(one != other for one, other in zip(ours, theirs, strict=True))
    assert points == 372
    assert sum(apart.values()) == 25
    assert apart["ae_england_performance_target95"] == 7
