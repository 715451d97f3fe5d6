"""Difference-in-differences beside published figures and an independently computed case."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from evenhand.cli import main
from evenhand.evaluate import difference

# Means of log teenage employment in 500 counties by the year their state raised its minimum wage, from
# the data mpdta of the R package did (Callaway and Sant'Anna 2021); the effects need no more than these.
SIZES = {"2004": 20, "2006": 40, "2007": 131, "": 309}
MEANS = {
    "": (5.654630, 5.592000, 5.604808, 5.638896, 5.661133),
    "2004": (6.179697, 6.106564, 6.059452, 6.026704, 6.085388),
    "2006": (6.573994, 6.517884, 6.527941, 6.557435, 6.543041),
    "2007": (5.842906, 5.810783, 5.820866, 5.823866, 5.820048),
}
# Printed by the package's README: ATT(g, t) without covariates.
PRINTED = {
    ("2004", "2004"): -0.0105, ("2004", "2005"): -0.0704, ("2004", "2006"): -0.1373, ("2004", "2007"): -0.1008,
    ("2006", "2004"): 0.0065, ("2006", "2005"): -0.0028, ("2006", "2006"): -0.0046, ("2006", "2007"): -0.0412,
    ("2007", "2004"): 0.0305, ("2007", "2005"): -0.0027, ("2007", "2006"): -0.0311, ("2007", "2007"): -0.0261,
}  # fmt: skip
# Printed for log population as a covariate, doubly robust (dripw), by csdid for Stata (Rios-Avila, Sant'Anna and
# Callaway 2021), which says that its estimates are those of the R package did: ATT(g, t) and analytic standard error.
WITH_POPULATION = {
    ("2004", "2004"): (-0.0145297, 0.0221292), ("2004", "2005"): (-0.0764219, 0.0286713),
    ("2004", "2006"): (-0.1404483, 0.0353782), ("2004", "2007"): (-0.1069039, 0.0328865),
    ("2006", "2004"): (-0.0004721, 0.0222234), ("2006", "2005"): (-0.0062025, 0.0184957),
    ("2006", "2006"): (0.0009606, 0.0194002), ("2006", "2007"): (-0.0412939, 0.0197211),
    ("2007", "2004"): (0.0267278, 0.0140657), ("2007", "2005"): (-0.0045766, 0.0157178),
    ("2007", "2006"): (-0.0284475, 0.0181809), ("2007", "2007"): (-0.0287814, 0.0162390),
}  # fmt: skip
EVENTS_WITH_POPULATION = {
    -3: (0.0267278, 0.0140657), -2: (-0.0036165, 0.0129283), -1: (-0.0232440, 0.0144851), 0: (-0.0210604, 0.0114942),
    1: (-0.0530032, 0.0163465), 2: (-0.1404483, 0.0353782), 3: (-0.1069039, 0.0328865),
}  # fmt: skip


def printed_here(answer: Any) -> dict[tuple[str, str], float]:
    return {(row["group"], row["time"]): row["estimate"] for row in answer.fields["group_time"]}


def test_the_effects_printed_for_minimum_wages_follow_from_the_means_of_the_groups() -> None:
    rows = [(began, 2003 + place, mean) for began, means in MEANS.items() for place, mean in enumerate(means)]
    table = {
        "unit": [began or "never" for began, _, _ in rows],
        "time": [year for _, year, _ in rows],
        "outcome": [mean for _, _, mean in rows],
        "first_treated": [began for began, _, _ in rows],
        "counties": [SIZES[began] for began, _, _ in rows],
    }
    answer = difference(table, weights="counties")
    assert printed_here(answer) == pytest.approx(PRINTED, abs=6e-5)
    assert answer.fields["simple"]["estimate"] == pytest.approx(-0.0400, abs=6e-5)
    assert answer.fields["group"]["estimate"] == pytest.approx(-0.0310, abs=6e-5)
    assert answer.fields["dynamic"]["estimate"] == pytest.approx(-0.0772, abs=6e-5)
    assert [row["estimate"] for row in answer.fields["dynamic"]["rows"]] == pytest.approx(
        [0.0305, -0.0006, -0.0245, -0.0199, -0.0510, -0.1373, -0.1008], abs=6e-5
    )
    assert [row["estimate"] for row in answer.fields["group"]["rows"]] == pytest.approx(
        [-0.0797, -0.0229, -0.0261], abs=6e-5
    )


def test_fast_food_employment_in_two_states() -> None:
    """Card and Krueger (1994), American Economic Review 84:772-793, table 3, rows 1 and 2: full-time equivalents a
    store fell from 23.33 to 21.17 in Pennsylvania and rose from 20.44 to 21.03 in New Jersey; difference 2.76.
    """
    table = {
        "unit": ["Pennsylvania", "Pennsylvania", "New Jersey", "New Jersey"],
        "time": [1, 2, 1, 2],
        "outcome": [23.33, 21.17, 20.44, 21.03],
        "first_treated": ["", "", 2, 2],
    }
    answer = difference(table)
    assert answer.fields["simple"]["estimate"] == pytest.approx(2.76, abs=0.015)
    assert answer.fields["simple"]["interval"] is None


WORDS = ["--unit", "countyreal", "--time", "year", "--outcome", "lemp", "--first-treated", "first.treat"]


def check(found: dict[str, Any], expected: list[float], tolerance: dict[str, float]) -> None:
    estimate, error = expected
    assert found["estimate"] == pytest.approx(estimate, abs=tolerance["att_absolute_vs_computed"])
    assert found["standard_error"] == pytest.approx(error, rel=tolerance["analytic_se_relative"])


@pytest.mark.reference
def test_effects_and_errors_agree_by_command_and_by_function(
    reference: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = reference / "difference_in_differences"
    case = json.loads((folder / "expected.json").read_text())
    expected, tolerance = case["computed_full_precision_with_analytic_se"], case["tolerance"]
    assert main(["evaluate", "difference", str(folder / "mpdta.csv"), *WORDS, "--json"]) == 0
    by_command = json.loads(capsys.readouterr().out)
    by_function = difference(folder / "mpdta.csv", unit="countyreal", time="year", outcome="lemp",
                             first_treated="first.treat").document()
    for found in (by_command, by_function):
        cells = {(row["group"], row["time"]): row for row in found["group_time"]}
        assert len(cells) == len(expected["att_gt"])
        for row in expected["att_gt"]:
            check(cells[str(row["group"]), str(row["time"])], [row["att"], row["se"]], tolerance)
        check(found["simple"], expected["simple"], tolerance)
        check(found["dynamic"], expected["dynamic_overall"], tolerance)
        check(found["group"], expected["group_overall"], tolerance)
        assert found["calendar"]["estimate"] == pytest.approx(expected["calendar_overall_att"], abs=1e-9)
        for name, label in (("dynamic", "event"), ("group", "group"), ("calendar", "time")):
            rows = {str(row[label]): row for row in found[name]["rows"]}
            assert rows.keys() == expected[name].keys()
            for key, values in expected[name].items():
                check(rows[key], values, tolerance)
        check(found["two_way"], [expected["twfe"]["att"], expected["twfe"]["se_clustered_no_small_sample"]], tolerance)
        printed = case["published_rounded_4dp_with_bootstrap_se"]
        assert found["pre_test"]["p_value"] == pytest.approx(printed["pre_test_p"], abs=5e-6)


@pytest.mark.reference
def test_with_population_as_a_covariate_the_printed_figures_come_out(reference: Path) -> None:
    path = reference / "difference_in_differences" / "mpdta.csv"
    answer = difference(path, unit="countyreal", time="year", outcome="lemp", first_treated="first.treat",
                        covariates=("lpop",))
    cells = {(row["group"], row["time"]): (row["estimate"], row["standard_error"])
             for row in answer.fields["group_time"]}
    assert cells.keys() == WITH_POPULATION.keys()
    for key, values in WITH_POPULATION.items():
        assert cells[key] == pytest.approx(values, abs=6e-8)
    events = {row["event"]: (row["estimate"], row["standard_error"]) for row in answer.fields["dynamic"]["rows"]}
    for event, values in EVENTS_WITH_POPULATION.items():
        assert events[event] == pytest.approx(values, abs=6e-8)
    simple = answer.fields["simple"]
    assert (simple["estimate"], simple["standard_error"]) == pytest.approx((-0.0417518, 0.0115028), abs=6e-8)
    # Printed by the vignette of the R package: P-value for pre-test of parallel trends assumption: 0.23267.
    assert answer.fields["pre_test"]["p_value"] == pytest.approx(0.23267, abs=6e-6)


@pytest.mark.reference
def test_the_doubly_robust_influence_function_is_that_of_a_jackknife(reference: Path) -> None:
    """Errors of the doubly robust estimator beside leaving out each county in turn: they know nothing of each other."""
    with (reference / "difference_in_differences" / "mpdta.csv").open() as opened:
        rows = [row for row in csv.DictReader(opened) if row["year"] in ("2006", "2007")
                and row["first.treat"] in ("0", "2007")]
    counties = sorted({row["countyreal"] for row in rows})[::4]
    rows = [row for row in rows if row["countyreal"] in counties]

    def asked(left_out: str = "") -> dict[str, Any]:
        kept = [row for row in rows if row["countyreal"] != left_out]
        table = {"unit": [row["countyreal"] for row in kept], "time": [row["year"] for row in kept],
                 "outcome": [row["lemp"] for row in kept], "lpop": [row["lpop"] for row in kept],
                 "first_treated": [row["first.treat"] for row in kept]}
        return dict(difference(table, covariates=("lpop",), draws=99).fields["simple"])

    without = [asked(county)["estimate"] for county in counties]
    mean, count = sum(without) / len(without), len(without)
    jackknife = ((count - 1) / count * sum((each - mean) ** 2 for each in without)) ** 0.5
    assert asked()["standard_error"] == pytest.approx(jackknife, rel=0.06)
