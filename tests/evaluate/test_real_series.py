"""Published series of Derbyshire and England: the answer is what a careful reader would conclude."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evenhand.evaluate import interrupted, spc

FOUR = ("03X", "03Y", "04J", "04R")


def trimethoprim(real: Path, code: str) -> Any:
    import pandas as pd

    table = pd.read_csv(real / "commissioner-monthly-2010-2019" / "trimethoprim_nitrofurantoin_items.csv.gz")
    own = table if code == "England" else table[table.pct == code]
    monthly = own.groupby("period")[["trimethoprim_items", "all_items"]].sum().reset_index()
    return monthly.assign(share=monthly.trimethoprim_items / monthly.all_items)


def asked(table: Any, **options: Any) -> Any:
    return interrupted(
        table,
        outcome="share",
        time="period",
        start="2017-04",
        family="gaussian",
        slope=True,
        errors="newey-west",
        label="the trimethoprim share",
        **options,
    )


def step(answer: Any, name: str) -> tuple[float, list[float]]:
    (row,) = [row for row in answer.fields["coefficients"] if row["term"] == name]
    return row["estimate"], row["interval"]


@pytest.mark.real
def test_england_falls_faster_from_april_2017_and_was_bending_before(real: Path) -> None:
    table = trimethoprim(real, "England")
    shares = dict(zip(table.period, table.share.round(2), strict=True))
    assert (shares["2016-04-01"], shares["2017-04-01"], shares["2017-11-01"]) == (0.58, 0.50, 0.38)
    answer = asked(table, first="2014-04")
    slope, (_, high) = step(answer, "slope_change")
    assert slope == pytest.approx(-0.0139, abs=0.0005)  # 1.4 points a month faster than before
    assert high < -0.01
    assert {"bend_before", "better_date"} <= set(answer.fields["doubts"])
    assert "A change in February 2017, 2 months before the start, fits the series best" in " ".join(answer.remarks)
    assert "Part of that may have been under way already" in answer.sentence


@pytest.mark.real
def test_in_the_four_the_fall_was_under_way_long_before_april_2017(real: Path) -> None:
    best = {}
    for code in FOUR:
        answer = asked(trimethoprim(real, code))
        assert "bend_before" in answer.fields["doubts"], code
        assert "better_date" in answer.fields["doubts"], code
        best[code] = next(remark for remark in answer.remarks if remark.startswith("A change in"))
    assert [best[code].split(",")[0] for code in FOUR] == [
        "A change in March 2014",
        "A change in October 2015",
        "A change in February 2016",
        "A change in December 2015",
    ]


@pytest.mark.real
def test_in_erewash_of_2014_on_there_is_hardly_more_than_the_fall_that_was_coming(real: Path) -> None:
    # 03X had fallen by a point a month since the spring of 2014; from April 2017 three points lower than that, not
    # told from nothing, and no faster.
    answer = asked(trimethoprim(real, "03X"), first="2014-04")
    low, _ = answer.fields["averted"]["per_point_interval"]
    assert answer.fields["averted"]["per_point"] == pytest.approx(0.0313, abs=0.0005)
    assert low < 0
    _, (slope_low, slope_high) = step(answer, "slope_change")
    assert slope_low < 0 < slope_high
    southern = asked(trimethoprim(real, "04R"), first="2014-04")
    assert southern.fields["averted"]["per_point"] == pytest.approx(0.0870, abs=0.0005)
    assert step(southern, "slope_change")[1][1] < 0


@pytest.mark.real
def test_england_is_no_comparator_for_a_change_that_reached_all_of_it(real: Path) -> None:
    england = trimethoprim(real, "England").set_index("period").share.rename("england")
    for code in FOUR:
        beside = asked(trimethoprim(real, code).join(england, on="period"), control=("england",))
        assert "comparator_moved" in beside.fields["doubts"], code
        assert any("The comparator england changes at the start too" in remark for remark in beside.remarks)


@pytest.mark.real
def test_the_share_is_no_steady_process_on_a_control_chart(real: Path) -> None:
    table = trimethoprim(real, "04J")
    answer = spc({"date": table.period, "value": table.share}, direction="decrease")
    (one,) = answer.fields["series"]
    assert one["variation"] == "improvement_low"
    assert any("this is not one steady process" in remark for remark in answer.remarks)
    recent = spc(
        {"date": table.period, "value": table.share},
        direction="decrease",
        rebase=("2017-06",),
        rebase_reason="the fall of 2017",
    )
    assert [each["trial"] for each in recent.fields["series"][0]["segments"]] == [False, True]


def gluten_free(real: Path) -> Any:
    import pandas as pd

    table = pd.read_parquet(real / "sub-icb-measures" / "measures_2018-01_to_2023-01.parquet")
    return table[(table.measure == "glutenfree") & (table.code == "15M")].sort_values("month")


@pytest.mark.real
@pytest.mark.parametrize("family", ["gaussian", "quasipoisson"])
@pytest.mark.parametrize(("start", "before"), [("2018-02", 1), ("2018-06", 5)])
def test_the_fall_of_gluten_free_cost_cannot_be_sized_by_its_own_past(
    real: Path, family: str, start: str, before: int
) -> None:
    table = gluten_free(real)
    assert table.numerator.round().iloc[[0, 4]].tolist() == [1366, 44]
    answer = interrupted(
        table,
        outcome="numerator",
        time="month",
        start=start,
        offset="denominator",
        family=family,
        label="gluten-free cost per 1,000 patients",
    )
    assert answer.fields["points_before"] == before
    assert answer.fields["averted"]["value"] is None
    assert answer.fields["rate_ratio"] is None
    assert "cannot be told" in answer.sentence
    assert answer.fields["doubts"][0] == "short_past"


@pytest.mark.real
def test_the_fall_of_gluten_free_cost_lasted(real: Path) -> None:
    table = gluten_free(real)
    answer = spc(
        {"date": table.month, "value": table.numerator},
        direction="decrease",
        rebase=("2018-06",),
        rebase_reason="the fall between January and May 2018",
        label="Gluten-free cost",
    )
    first, second = answer.fields["series"][0]["segments"]
    assert (first["points"], first["trial"]) == (5, True)
    assert first["mean"] == pytest.approx(489, abs=1)
    assert second["mean"] == pytest.approx(11.2, abs=0.1)
    assert table.numerator.iloc[-36:].max() == 0
