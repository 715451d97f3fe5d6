"""The fuller reference cases, by function and by command."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from evenhand.cli import main
from evenhand.data.tables import Opened
from evenhand.evaluate import interrupted, spc

# NHSRplotthedots' names for a special cause, by how they begin.
RULES = {
    "Common Cause": "none",
    "Above UCL": "outside_limits",
    "Below LCL": "outside_limits",
    "7 Point Trend": "trend",
    "2 in 3": "two_of_three",
    "7 Points": "shift",
}
SIDES = {1: "above", -1: "below", 0: None}


def expected_rule(words: str) -> str:
    return next(rule for begins, rule in RULES.items() if words.startswith(begins))


def spc_words(case: dict[str, Any], dates: list[str]) -> list[str]:
    """The options of the command for the settings of a case."""
    params = case["params"]
    words = ["--direction", params["improvement_direction"]]
    if params["target"] is not None:
        words += ["--target", str(params["target"])]
    if params["fix_after_n_points"]:
        words += ["--baseline-points", str(params["fix_after_n_points"])]
    if params["rebase_at_rows_1_based"]:
        words += ["--rebase", ",".join(dates[row - 1] for row in params["rebase_at_rows_1_based"])]
    return words if params["screen_outliers"] else [*words, "--no-screen"]


def check_spc(one: dict[str, Any], case: dict[str, Any], tolerance: float) -> None:
    points = case["points"]
    assert [each["rule"] for each in one["points"]] == [expected_rule(each) for each in points["special_cause_type"]]
    assert [each["meaning"] for each in one["points"]] == [
        "neutral" if each.startswith("special_cause_neutral") else each.removeprefix("special_cause_")
        for each in points["point_type"]
    ]
    assert [each["side"] for each in one["points"]] == [SIDES[each] for each in points["relative_to_mean"]]
    assert [each["segment"] for each in one["points"]] == points["segment"]
    segments = case["segments"]
    assert [each["points"] for each in one["segments"]] == segments["n"]
    assert [each["start"] for each in one["segments"]] == segments["start"]
    for ours, theirs in (("mean", "mean"), ("lower", "lpl"), ("upper", "upl")):
        assert [each[ours] for each in one["segments"]] == pytest.approx(segments[theirs], rel=tolerance)
    assert one["variation"] == case["variation_icon"]
    assert one["assurance"] == (case["assurance"] or "none")


@pytest.mark.reference
def test_every_control_chart_agrees_by_command_and_by_function(
    reference: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = reference / "spc_xmr"
    expected = json.loads((folder / "expected.json").read_text())
    with (folder / "series.csv").open() as opened:
        rows = list(csv.DictReader(opened))
    tolerance = expected["tolerance"]["limits_relative"]
    assert len(expected["cases"]) >= 13
    columns = "series=case,date=x,value=y"
    for name, case in expected["cases"].items():
        dates = [row["x"] for row in rows if row["case"] == name]
        words = spc_words(case, dates)
        assert (
            main(
                [
                    "evaluate",
                    "spc",
                    str(folder / "series.csv"),
                    "--columns",
                    columns,
                    "--where",
                    f"series={name}",
                    "--json",
                    *words,
                ]
            )
            == 0
        )
        (by_command,) = json.loads(capsys.readouterr().out)["series"]
        check_spc(by_command, case, tolerance)
        params = case["params"]
        source = Opened(
            str(folder / "series.csv"), dict(pair.split("=") for pair in columns.split(",")), (("series", name),)
        )
        answer = spc(
            source,
            direction=params["improvement_direction"],
            target=params["target"],
            screen=params["screen_outliers"],
            baseline_points=params["fix_after_n_points"],
            rebase=tuple(dates[row - 1] for row in params["rebase_at_rows_1_based"] or ()),
        )
        check_spc(answer.fields["series"][0], case, tolerance)


@pytest.mark.reference
def test_all_series_in_one_table_get_what_each_gets_alone(reference: Path) -> None:
    folder = reference / "spc_xmr"
    expected = json.loads((folder / "expected.json").read_text())
    together = spc(
        Opened(str(folder / "series.csv"), {"series": "case", "date": "x", "value": "y"}), direction="decrease"
    ).fields["series"]
    plain = 0
    for one in together:
        case = expected["cases"][one["series"]]
        params = case["params"]
        if (
            params["improvement_direction"] == "decrease"
            and params["screen_outliers"]
            and not (params["fix_after_n_points"] or params["rebase_at_rows_1_based"])
        ):
            assert [each["rule"] for each in one["points"]] == [
                expected_rule(each) for each in case["points"]["special_cause_type"]
            ]
            plain += 1
    assert plain >= 3


MODELS: dict[str, tuple[str, list[str]]] = {
    "poisson_step": ("poisson", []),
    "quasipoisson_step": ("quasipoisson", []),
    "quasipoisson_step_harmonic2": ("quasipoisson", ["--harmonics", "2"]),
    "quasipoisson_step_slope_harmonic2": ("quasipoisson", ["--harmonics", "2", "--slope"]),
}


@pytest.mark.reference
@pytest.mark.parametrize("model", list(MODELS))
def test_the_smoking_ban_in_sicily_agrees_with_the_tutorial(
    reference: Path, model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = reference / "interrupted_time_series"
    document = json.loads((folder / "expected.json").read_text())
    expected, tolerance = document["expected"][model], document["tolerance"]
    family, more = MODELS[model]
    assert (
        main(
            [
                "evaluate",
                "interrupted",
                str(folder / "sicily.csv"),
                "--outcome",
                "aces",
                "--time",
                "time",
                "--start",
                "37",
                "--offset",
                "stdpop",
                "--family",
                family,
                "--json",
                *more,
            ]
        )
        == 0
    )
    answer = json.loads(capsys.readouterr().out)
    rows = {row["term"]: row for row in answer["coefficients"]}
    for name, estimate in expected["coefficients"].items():
        row = rows[name.removesuffix("_per_month")]
        assert row["estimate"] == pytest.approx(estimate, abs=tolerance["coefficients_absolute"])
        assert row["standard_error"] == pytest.approx(expected["se"][name], rel=tolerance["se_relative"])
        assert row["p_value"] == pytest.approx(expected["p"][name], abs=1e-6)
        assert row["ratio"] == pytest.approx(expected["ratio"][name], rel=1e-6)
        assert row["ratio_interval"] == pytest.approx(
            [expected["ratio_lower"][name], expected["ratio_upper"][name]], rel=1e-5
        )
    assert len(rows) == len(expected["coefficients"])
    assert answer["dispersion"] == pytest.approx(expected["dispersion"], rel=tolerance["dispersion_relative"])
    assert answer["deviance"] == pytest.approx(expected["deviance"], rel=1e-8)
    assert answer["residual_df"] == expected["df_residual"]


@pytest.mark.reference
def test_the_counterfactual_and_the_autocorrelation_of_sicily_agree(reference: Path) -> None:
    folder = reference / "interrupted_time_series"
    document = json.loads((folder / "expected.json").read_text())
    expected, tolerance = document["expected"], document["tolerance"]
    options: dict[str, Any] = {"outcome": "aces", "time": "time", "start": "37", "offset": "stdpop"}
    for harmonics, name in ((0, "residual_acf_model2"), (2, "residual_acf_model3")):
        answer = interrupted(folder / "sicily.csv", harmonics=harmonics, **options)
        assert answer.fields["autocorrelation"] == pytest.approx(expected[name], abs=tolerance["acf_absolute"])
    averted, theirs = answer.fields["averted"], expected["counterfactual_model3"]
    assert averted["observed"] == theirs["observed_post"]
    assert averted["expected"] == pytest.approx(theirs["expected_post"], rel=tolerance["counterfactual_relative"])
    assert averted["difference"] == pytest.approx(theirs["difference"], rel=1e-5)
    after = [row["counterfactual"] for row in answer.fields["counterfactual"] if row["after"]]
    assert sum(after) == pytest.approx(averted["expected"])


# Cobb (1978) The problem of the Nile, Biometrika 65(2): 243-251: yearly flow at Aswan, 1871 to 1970, in 100 million
# cubic metres. He puts the change after 1898; the means before and since are 1097.75 and 849.97.
NILE = [
    1120,
    1160,
    963,
    1210,
    1160,
    1160,
    813,
    1230,
    1370,
    1140,
    995,
    935,
    1110,
    994,
    1020,
    960,
    1180,
    799,
    958,
    1140,
    1100,
    1210,
    1150,
    1250,
    1260,
    1220,
    1030,
    1100,
    774,
    840,
    874,
    694,
    940,
    833,
    701,
    916,
    692,
    1020,
    1050,
    969,
    831,
    726,
    456,
    824,
    702,
    1120,
    1100,
    832,
    764,
    821,
    768,
    845,
    864,
    862,
    698,
    845,
    744,
    796,
    1040,
    759,
    781,
    865,
    845,
    944,
    984,
    897,
    822,
    1010,
    771,
    676,
    649,
    846,
    812,
    742,
    801,
    1040,
    860,
    874,
    848,
    890,
    744,
    749,
    838,
    1050,
    918,
    986,
    797,
    923,
    975,
    815,
    1020,
    906,
    901,
    1170,
    912,
    746,
    919,
    718,
    714,
    740,
]


def test_the_fall_of_the_nile_is_the_one_that_is_published() -> None:
    table = {"date": [str(year) for year in range(1871, 1971)], "value": NILE}
    answer = interrupted(table, start="1899", family="gaussian", trend=False, label="the flow")
    rows = {row["term"]: row["estimate"] for row in answer.fields["coefficients"]}
    assert rows["intercept"] == pytest.approx(1097.75)
    assert rows["step"] == pytest.approx(849.972 - 1097.75, abs=0.001)
    assert "better_date" not in answer.fields["doubts"]
    late = interrupted(table, start="1920", family="gaussian", trend=False)
    assert any(
        "A change in 1899, 21 points before the start, fits the series best" in remark for remark in late.remarks
    )


@pytest.mark.reference
def test_comparators_tell_the_same_story_as_causal_impact(reference: Path, tmp_path: Path) -> None:
    import pandas as pd

    folder = reference / "causal_impact"
    for case in json.loads((folder / "expected.json").read_text())["cases"]:
        first, last = case["post_rows_0_based_inclusive"]
        table = pd.read_csv(folder / case["input"]).iloc[: last + 1].assign(place=range(1, last + 2))
        answer = interrupted(
            table,
            outcome=case["outcome"],
            time="place",
            start=str(first + 1),
            family="gaussian",
            control=tuple(case["covariates"]),
            trend=False,
            errors="newey-west",
        )
        theirs = case["expected_from_R_CausalImpact"]
        effect = -answer.fields["averted"]["per_point"]
        high, low = (-end for end in answer.fields["averted"]["per_point_interval"])
        assert (effect < 0) == (theirs["abs_effect"] < 0)
        assert low < theirs["abs_ci"][1]
        assert theirs["abs_ci"][0] < high
