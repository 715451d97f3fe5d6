"""Control charts as a person meets them: published figures, refusals, sentences, the command."""

from __future__ import annotations

import json
from typing import Any

import pytest

from evenhand.cli import main
from evenhand.evaluate import spc
from evenhand.evaluate.spc import METHOD, Settings
from evenhand.terms import Refused


def months(count: int, year: int = 2020) -> list[str]:
    return [f"{year + place // 12}-{place % 12 + 1:02d}" for place in range(count)]


def only(values: list[float], **options: Any) -> dict[str, Any]:
    answer = spc({"date": months(len(values)), "value": values}, **options)
    (one,) = answer.fields["series"]
    return dict(one)


def rules(one: dict[str, Any]) -> list[str]:
    return [point["rule"] for point in one["points"]]


# --- published figures --------------------------------------------------------------------------------------

# NHS-R community (2025) NHSRplotthedots, tests of the screening of outliers and of two-in-three: printed figures.
OUTLIER = [1.0, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]


def test_a_large_jump_does_not_widen_the_limits_as_nhsrplotthedots_prints() -> None:
    one = only(OUTLIER)["segments"][0]
    assert (round(one["mean"], 3), round(one["upper"], 2), round(one["lower"], 2)) == (1.944, 4.60, -0.72)


def test_without_screening_it_does_as_nhsrplotthedots_prints() -> None:
    for options in ({"screen": False}, {"variant": "making-data-count-excel"}):
        one = only(OUTLIER, **options)["segments"][0]
        assert (round(one["mean"], 3), round(one["upper"], 2), round(one["lower"], 2)) == (1.944, 6.95, -3.06)


def test_two_points_near_opposite_limits_are_usual_as_nhsrplotthedots_says() -> None:
    values = [1.0, -1.0] * 8
    values[14], values[15] = 5.5, -5.5
    assert rules(only(values))[-2:] == ["none", "none"]


def test_the_limits_of_mortgage_costs_are_those_montgomery_prints() -> None:
    # Montgomery (2013) Introduction to Statistical Quality Control, example 6.5: 300.5, limits 279.78 and 321.22.
    costs = [310.0, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304]
    one = only(costs)["segments"][0]
    assert one["mean"] == pytest.approx(300.5)
    assert (one["lower"], one["upper"]) == pytest.approx((279.78, 321.22), abs=0.005)


# --- rules and verdicts, with the sum in sight --------------------------------------------------------------


def test_a_single_jump_is_outside_the_limits_and_judged_by_direction() -> None:
    values = [10.0, 11] * 8 + [20.0]
    # Mean 188 / 17, moving ranges fifteen of 1 and one of 9: 9 is below 3.267 x 1.5 = 4.9? No: it is set aside.
    mean = (16 * 10.5 + 20) / 17
    one = only(values, direction="decrease")
    assert one["points"][-1]["upper"] == pytest.approx(mean + 2.66 * 1)
    assert (one["points"][-1]["rule"], one["points"][-1]["meaning"]) == ("outside_limits", "concern")
    assert one["variation"] == "concern_high"
    assert only(values, direction="increase")["variation"] == "improvement_high"
    assert only(values)["variation"] == "neutral_high"


def test_seven_points_below_the_mean_make_a_shift_and_six_can_be_asked_for() -> None:
    values = [8.0, 12] * 6 + [9.9] * 6 + [12.0, 8]
    assert "shift" not in rules(only(values))
    assert rules(only(values, shift=6)).count("shift") == 6


@pytest.mark.parametrize(
    ("direction", "target", "assurance"),
    [
        ("increase", 20, "consistent_fail"),
        ("increase", 2, "consistent_pass"),
        ("increase", 10, "inconsistent"),
        ("decrease", 20, "consistent_pass"),
        ("decrease", 2, "consistent_fail"),
        ("decrease", 10, "inconsistent"),
        ("neutral", 20, "none"),
        ("increase", None, "none"),
    ],
)
def test_the_target_is_set_against_the_latest_limits(direction: str, target: float | None, assurance: str) -> None:
    # Values 10 and 11 in turn: mean 10.5, limits 10.5 ± 2.66.
    assert only([10.0, 11] * 8, direction=direction, target=target)["assurance"] == assurance


def test_limits_start_afresh_at_a_persons_date_only_and_the_old_stay_in_the_answer() -> None:
    values = [10.0, 11] * 7 + [20.0, 21] * 7
    answer = spc({"date": months(28), "value": values}, rebase=("2021-03",), rebase_reason="Second clinic opened")
    first, second = answer.fields["series"][0]["segments"]
    assert (first["mean"], second["mean"]) == (10.5, 20.5)
    assert (first["end"], second["start"]) == ("2021-02", "2021-03")
    assert answer.fields["series"][0]["points"][0]["mean"] == 10.5
    assert "The limits start afresh from March 2021: Second clinic opened. The earlier limits stay on the chart." in (
        answer.remarks
    )
    assert len(only(values)["segments"]) == 1


def test_a_new_start_without_a_reason_is_said() -> None:
    answer = spc({"date": months(28), "value": [1.0, 2] * 14}, rebase=("2021-03",))
    assert any("No reason is given" in remark for remark in answer.remarks)


def test_baseline_points_fix_the_limits_and_few_are_on_trial() -> None:
    values = [10.0, 11] * 6 + [30.0, 40] * 6
    answer = spc({"date": months(24), "value": values}, baseline_points=12)
    (segment,) = answer.fields["series"][0]["segments"]
    assert (segment["mean"], segment["trial"]) == (10.5, True)
    assert any(remark.startswith("Trial limits: they rest on 12 points") for remark in answer.remarks)
    assert not any(
        remark.startswith("Trial") for remark in spc({"date": months(13), "value": [1.0] * 6 + [2.0] * 7}).remarks
    )


def test_a_series_of_equal_values_has_its_limits_on_the_mean() -> None:
    answer = spc({"date": months(20), "value": [0.1] * 20})
    (one,) = answer.fields["series"]
    assert rules(one) == ["none"] * 20
    assert one["segments"][0]["lower"] == one["segments"][0]["upper"] == pytest.approx(0.1)
    assert "All values are equal: limits and mean are one line." in answer.remarks


def test_one_point_says_nothing_about_variation() -> None:
    answer = spc({"date": ["2020-01"], "value": [5.0]}, direction="increase", target=4)
    (one,) = answer.fields["series"]
    assert (one["variation"], one["assurance"]) == (None, "none")
    assert answer.sentence == "One point (5 in January 2020) says nothing about variation."
    assert json.loads(answer.to_json())["series"][0]["points"][0]["upper"] is None


def test_missing_values_and_gaps_are_said_and_not_taken_for_nought() -> None:
    answer = spc({"date": months(15), "value": ["5", "6", "", *["5", "6"] * 6]})
    assert len(answer.fields["series"][0]["points"]) == 14
    assert answer.remarks[0] == "1 point without a value was left out."
    assert any(
        remark.startswith("1 month between the first point and the last has no point") for remark in answer.remarks
    )


def test_a_denominator_of_nought_is_no_value_neither_nought_nor_infinity() -> None:
    answer = spc({"date": months(14), "value": [5.0] * 14, "denominator": [10.0] * 13 + [0.0]})
    assert len(answer.fields["series"][0]["points"]) == 13
    assert answer.fields["series"][0]["points"][0]["value"] == 0.5
    assert any("neither nought nor infinity" in remark for remark in answer.remarks)


def test_rows_in_any_order_make_the_same_chart() -> None:
    dates, values = months(20), [float((7 * place) % 11) for place in range(20)]
    there = spc({"date": dates, "value": values}).fields
    back = spc({"date": dates[::-1], "value": values[::-1]}).fields
    assert there == back


def test_an_unsteady_series_is_not_said_to_foretell_anything() -> None:
    answer = spc({"date": months(30), "value": [float(place) for place in range(30)]}, direction="increase")
    assert any("this is not one steady process" in remark for remark in answer.remarks)


# --- sentences ----------------------------------------------------------------------------------------------


def test_the_sentence_says_usual_variation_with_its_range() -> None:
    answer = spc({"date": months(16), "value": [10.0, 11] * 8}, direction="increase", target=20, label="Patients seen")
    # 10.5 ± 2.66 x 1
    assert answer.sentence == (
        "Patients seen: 11 in April 2021: no more than the usual month-to-month variation (7.84 to 13.2). "
        "Unless something changes, the target of 20 will be missed every month."
    )


def test_the_sentence_says_why_a_point_stands_out() -> None:
    answer = spc({"date": months(17), "value": [10.0, 11] * 8 + [20.0]}, direction="decrease")
    assert answer.sentence == (
        "20 in May 2021: more than the usual month-to-month variation, as it lies above the upper "
        "limit of 13.7; a concern. 16 earlier points of 16 stand out."
    )


def test_many_series_are_said_together() -> None:
    dates = months(17)
    answer = spc(
        {
            "series": ["Ashby"] * 17 + ["Beeley"] * 17,
            "date": dates * 2,
            "value": [10.0, 11] * 8 + [20.0] + [10.0, 11] * 8 + [10.0],
        },
        direction="decrease",
    )
    assert answer.sentence == (
        "Of 2 series, at their latest point 1 shows a concern (Ashby); 1 no more than the usual variation."
    )
    assert [row["series"] for row in answer.table.rows] == ["Ashby", "Beeley"]
    assert len(answer.figures) == 3


# --- refusals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        ({"month": ["2020-01"], "value": [1]}, {}, "there is no column “date”"),
        (
            {"date": ["2020-01", "2020-01"], "value": [1, 2]},
            {},
            "the table:2:date: row 1 gives this date already (2020-01 found); keep one of the two, or add a series",
        ),
        ({"date": ["2020-01"], "value": ["many"]}, {}, "the table:1:value: this is not a number (many found)"),
        ({"date": ["2020-01"], "value": [-1]}, {"chart": "c"}, "a count cannot be negative"),
        ({"date": ["2020-01"], "value": [1.5]}, {"chart": "c"}, "a count has no decimals"),
        ({"date": ["2020-01"], "value": [3], "denominator": [2]}, {"chart": "p"}, "there are more events than chances"),
        ({"date": ["2020-01"], "value": [3]}, {"chart": "u"}, "there is no column “denominator”"),
        ({"date": ["2020-01"], "value": [0]}, {"chart": "t"}, "the time between two events cannot be nought"),
        ({"date": ["2020-01"], "value": [""]}, {}, "no row has a value"),
        ({"date": [], "value": []}, {}, "there are headings and no rows"),
        (
            {"date": ["2020-01", "2020-02"], "value": [1, 2]},
            {"rebase": ("2019-01",)},
            "the limits cannot start afresh outside the series",
        ),
        (
            {"date": ["2020-01", "2020-02"], "value": [1, 2]},
            {"rebase": ("soon",)},
            "--rebase: this is not a date like those of the table",
        ),
        ({"date": ["2020-01"], "value": [1]}, {"baseline_points": 1}, "limits need two points at the least"),
        ({"date": ["2020-01"], "value": [1]}, {"shift": 2}, "a shift is made of 3 to 20 points"),
        ({"date": ["2020-01"], "value": [1]}, {"per": 0.0}, "a rate is per something above nought"),
        ({"date": ["2020-01"], "value": [1]}, {"per": 1000.0, "chart": "c"}, "a c chart has no rate per so many"),
    ],
)
def test_what_cannot_be_charted_is_refused_in_words(
    table: dict[str, Any], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(Refused) as refused:
        spc(table, **options)
    assert message in str(refused.value)


# --- the command --------------------------------------------------------------------------------------------


def test_the_example_runs_and_says_what_is_seen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(METHOD.example.split()) == 0
    assert "usual month-to-month variation" in capsys.readouterr().out


def test_the_command_answers_the_documented_fields(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(
            [
                "evaluate",
                "spc",
                "sample:waits_by_month",
                "--direction",
                "decrease",
                "--target",
                "60",
                "--rebase",
                "2025-01",
                "--no-screen",
                "--baseline-points",
                "12",
                "--json",
            ]
        )
        == 0
    )
    document = json.loads(capsys.readouterr().out)
    (one,) = document["series"]
    assert set(one) == {"series", "points", "variation", "assurance", "segments"}
    assert set(one["points"][0]) == {"date", "value", "mean", "lower", "upper", "rule", "side", "meaning", "segment"}
    assert document["settings"]["screen"] is False
    assert document["settings"]["rebase"] == ["2025-01"]


def test_a_bad_table_leaves_with_two_and_says_where(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("date,value\n2020-01,5\n2020-01,6\n")
    assert main(["evaluate", "spc", str(path), "--json"]) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert f"{path}:2:date: row 1 gives this date already" in out.err


def test_the_excel_variant_never_screens() -> None:
    assert Settings(variant="making-data-count-excel").screen is False


def test_a_series_of_any_name_makes_figures_that_can_be_files() -> None:
    dates = months(14)
    answer = spc({"series": ["../A & B"] * 14 + ["Beeley"] * 14, "date": dates * 2, "value": [1.0, 2] * 14})
    assert [figure.name for figure in answer.figures] == ["control chart A-B", "control chart Beeley",
                                                              "icons"]
    assert answer.figures[0].title == "../A & B"


def test_the_workbook_gets_every_point_of_every_series() -> None:
    dates = months(14)
    answer = spc({"series": ["Ashby"] * 14 + ["Beeley"] * 14, "date": dates * 2, "value": [1.0, 2] * 14})
    (points,) = answer.more_tables
    assert len(points) == 28


def test_the_arithmetic_takes_thousands_of_series_at_once() -> None:
    import time

    import numpy as np

    from evenhand.evaluate.charts import judged

    values = np.random.default_rng(1).normal(size=20_000 * 60)
    begun = time.perf_counter()
    found = judged("xmr", values, np.repeat(np.arange(20_000), 60))
    # A loop over series does a few thousand a second at best; this machine does about 40,000.
    assert time.perf_counter() - begun < 5
    assert len(found.rule) == len(values)


def test_a_baseline_longer_than_the_series_is_said() -> None:
    answer = spc({"date": months(20), "value": [float(each % 5) for each in range(20)]}, baseline_points=24)
    assert any("fewer than the 24 points that were to set the limits" in each for each in answer.remarks)
