"""Synthetic control as a person meets it: known truth, published figures, checks, doubts, refusals, the command."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evenhand.cli import main
from evenhand.evaluate import synthetic
from evenhand.figures import Answer
from evenhand.terms import Refused

ASKED = {"treated": "A", "start": "21"}


def panel(
    effect: float = 0, donors: int = 20, points: int = 30, start: int = 20, scatter: float = 0.3, seed: int = 1
) -> dict[str, list[Any]]:
    """Units that follow two shared movements in shares of their own; A lies between the others, and changes at 21."""
    rng = np.random.default_rng(seed)
    shared = np.cumsum(rng.normal(size=(points, 2)), axis=0)
    loads = rng.uniform(0, 2, size=(donors + 1, 2))
    loads[0] = 1
    level = np.concatenate(([50.0], rng.uniform(40, 60, donors)))
    values = level + shared @ loads.T + scatter * rng.normal(size=(points, donors + 1))
    values[start:, 0] += effect
    names = ["A", *(f"D{each}" for each in range(1, donors + 1))]
    return {
        "unit": [name for name in names for _ in range(points)],
        "date": [place + 1 for _ in names for place in range(points)],
        "value": values.T.ravel().tolist(),
    }


def without(table: dict[str, list[Any]], *rows: int) -> dict[str, list[Any]]:
    return {name: [cell for place, cell in enumerate(cells) if place not in rows] for name, cells in table.items()}


def sales() -> dict[str, list[Any]]:
    """Packs sold a head, 39 states, 1970 to 2000, rounded to a tenth.

    Orzechowski and Walker, The Tax Burden on Tobacco; the panel of Abadie, Diamond and Hainmueller (2010), as it is
    published with synthdid (Arkhangelsky and others, 2021).
    """
    with (Path(__file__).parents[1] / "golden" / "cigarette_sales.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    return {name: [row[name] for row in rows] for name in ("state", "year", "packs")}


@pytest.fixture(scope="module")
def california() -> dict[str, Answer]:
    """Proposition 99 by each method."""
    named = {"unit": "state", "time": "year", "outcome": "packs", "treated": "California", "start": "1989"}
    return {
        method: synthetic(sales(), method=method, **named)
        for method in ("synthetic", "synthetic-difference", "augmented")
    }


# --- published figures --------------------------------------------------------------------------------------


def test_california_by_every_method_of_the_published_table(california: dict[str, Answer]) -> None:
    # Arkhangelsky and others (2021), table 1: -15.6 by synthetic difference-in-differences, -19.6 by synthetic control
    # matched to outcomes alone, -27.3 by difference-in-differences. Their standard error of 8.4 is by placebos drawn at
    # random; ours takes every placebo once.
    difference = california["synthetic-difference"].fields
    assert difference["mean_gap"] == pytest.approx(-15.6, abs=0.05)
    assert difference["standard_error"] == pytest.approx(8.4, abs=1.2)
    assert california["synthetic"].fields["mean_gap"] == pytest.approx(-19.6, abs=0.15)
    plain = {row["how"]: row["mean_gap"] for row in difference["checks"]}
    assert plain["plain difference-in-differences, donors alike"] == pytest.approx(-27.3, abs=0.1)


def test_california_is_a_mix_of_the_published_states(california: dict[str, Answer]) -> None:
    # Abadie, Diamond and Hainmueller (2010), table 2, with predictors: Utah, Nevada, Montana, Colorado, Connecticut.
    weights = california["synthetic"].fields["weights"]
    heavy = {state for state, weight in weights.items() if weight > 0.01}
    assert {"Utah", "Nevada", "Montana", "Connecticut", "Colorado"} <= heavy
    assert weights["Utah"] == max(weights.values())
    # Figure 2 and section 3.3: the fit before 1989 misses by a root mean square of under two packs.
    assert california["synthetic"].fields["pre_rmse"] < 1.9


# --- known truth --------------------------------------------------------------------------------------------


def test_an_effect_is_found_again_and_stands_out() -> None:
    answer = synthetic(panel(effect=-4), **ASKED)
    assert answer.fields["mean_gap"] == pytest.approx(-4, abs=0.5)
    assert answer.fields["placebo"]["rank"] == 1
    assert answer.fields["placebo"]["p"] == pytest.approx(1 / 21)
    assert answer.fields["verdict"] == "stands_out"
    assert "It stands out: set among the 20 donors, where nothing changed, it comes 1st of 21" in answer.sentence


@pytest.mark.parametrize("method", ["synthetic", "synthetic-difference", "augmented"])
def test_every_method_finds_it(method: str) -> None:
    answer = synthetic(panel(effect=-4), method=method, **ASKED)
    assert answer.fields["mean_gap"] == pytest.approx(-4, abs=0.6)
    assert answer.fields["verdict"] == "stands_out"


def test_where_nothing_happened_it_seldom_stands_out() -> None:
    ranks = [synthetic(panel(seed=seed, points=26), **ASKED).fields["verdict"] for seed in range(12)]
    # A chance of one in ten each: five or more of twelve would come up once in 230 times.
    assert ranks.count("stands_out") < 5


def test_the_exact_copy_of_a_donor_gets_all_the_weight() -> None:
    table = panel(donors=12)
    copied = table["value"][30:60]
    table["value"][:30] = copied
    answer = synthetic(table, **ASKED)
    assert answer.fields["weights"]["D1"] == pytest.approx(1)
    assert answer.fields["mean_gap"] == pytest.approx(0)
    assert "ran level with its comparator" in answer.sentence
    assert answer.fields["verdict"] == "does_not_stand_out"


def test_the_order_of_rows_and_the_unit_of_measurement_change_nothing() -> None:
    table = panel(effect=-4)
    plain = synthetic(table, **ASKED).fields
    order = np.random.default_rng(3).permutation(len(table["unit"]))
    turned = {name: [cells[place] for place in order] for name, cells in table.items()}
    turned["value"] = [1000 * each for each in turned["value"]]
    other = synthetic(turned, **ASKED).fields
    for donor, weight in plain["weights"].items():
        assert other["weights"][donor] == pytest.approx(weight, abs=1e-8)
    assert other["mean_gap"] == pytest.approx(1000 * plain["mean_gap"])
    assert other["placebo"]["rank"] == plain["placebo"]["rank"]
    assert other["fit_ratio"] == pytest.approx(plain["fit_ratio"])


def test_named_donors_are_the_only_ones() -> None:
    answer = synthetic(panel(), donors=("d3", "D5", "D9"), **ASKED)
    assert answer.fields["weights"].keys() == {"D3", "D5", "D9"}


# --- a set-up -----------------------------------------------------------------------------------------------


def with_predictor() -> dict[str, list[Any]]:
    """Units with a predictor of which A has a quarter of D1's and three quarters of D2's."""
    table = panel(donors=6)
    size = {"A": 17.5, "D1": 10, "D2": 20, "D3": 40, "D4": 50, "D5": 60, "D6": 70}
    table["beds"] = [size[unit] for unit in table["unit"]]
    return table


def test_a_setup_is_read_under_the_names_of_the_package_synth() -> None:
    setup = {
        "dependent": "value", "unit_variable": "unit", "time_variable": "date", "treatment_identifier": "A",
        "controls_identifier": ["D1", "D2"], "predictors": ["beds"], "predictors_op": "mean",
        "time_predictors_prior": [1, 2, 3], "special_predictors": [["value", [18, 19, 20], "mean"]],
        "time_optimize_ssr": list(range(1, 21)), "custom_V": [1, 0],
    }  # fmt: skip
    answer = synthetic(with_predictor(), setup=setup, start="21")
    # beds alone count: 10 x 1/4 + 20 x 3/4 = 17.5
    assert answer.fields["weights"]["D1"] == pytest.approx(0.25)
    assert answer.fields["weights"]["D2"] == pytest.approx(0.75)
    first, second = answer.fields["balance"]
    assert first == {
        "predictor": "beds, mean of 1 to 3", "importance": 1.0, "treated": 17.5, "synthetic": pytest.approx(17.5),
        "donors": 15.0,
    }  # fmt: skip
    assert second["predictor"] == "value, mean of 18 to 20"


def test_weights_of_predictors_are_searched_and_sum_to_one() -> None:
    setup = {
        "predictors": ["beds", "value"], "time_predictors_prior": list(range(1, 21)),
        "special_predictors": [["value", [20], "mean"]],
    }  # fmt: skip
    answer = synthetic(with_predictor(), setup=setup, **ASKED)
    importance = [row["importance"] for row in answer.fields["balance"]]
    assert sum(importance) == pytest.approx(1)
    assert min(importance) >= 0
    assert "predictors weighed by a longer search" in {row["how"] for row in answer.fields["checks"]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"predictors": ["bed"]}, "there is no column “bed”"),
        ({"time_predictors_prior": [99]}, "the periods of beds lie outside the panel"),
        ({"predictors_op": "mode"}, "this operation is not known (mode found); choose from mean, median"),
        ({"time_optimize_ssr": [20, 25]}, "the fit is judged by periods from the start on (25 found)"),
        ({"custom_V": [1, 2]}, "there are 1 predictors, and each has a weight of nought or more"),
        ({"optimiser": "BFGS"}, "the set-up has a part that is not known (optimiser found)"),
        ({"controls": ["D11"]}, "no row is for this unit (D11 found); did you mean D1"),
    ],
)
def test_a_setup_that_cannot_be_is_refused(change: dict[str, Any], message: str) -> None:
    setup = {"predictors": ["beds"], "time_predictors_prior": [1, 2, 3], **change}
    with pytest.raises(Refused) as refused:
        synthetic(with_predictor(), setup=setup, **ASKED)
    assert message in str(refused.value)


# --- what a careful reader asks -----------------------------------------------------------------------------


def test_the_smallest_chance_there_can_be_is_said_before_anything() -> None:
    answer = synthetic(panel(effect=-4, donors=10), **ASKED)
    assert answer.remarks[0] == (
        "With 10 donors the smallest chance that this test can give is 1 in 11 (9%), whatever the change did."
    )
    assert answer.fields["placebo"]["floor"] == pytest.approx(1 / 11)


def test_with_few_donors_it_cannot_be_told_however_large_the_effect() -> None:
    answer = synthetic(panel(effect=-40, donors=5), **ASKED)
    assert answer.fields["placebo"]["rank"] == 1
    assert answer.fields["verdict"] == "cannot_tell"
    assert answer.fields["mean_gap"] is not None
    assert answer.fields["doubts"][0] == "few_donors"
    assert answer.sentence.endswith(
        "Whether the change did it cannot be told: with 5 donors chance alone gives the first place 1 time in 6 (17%), "
        "and 10% was allowed."
    )


def test_with_one_donor_there_is_nobody_to_set_it_among() -> None:
    answer = synthetic(panel(effect=-4, donors=1), max_fit=50, **ASKED)
    assert answer.fields["verdict"] == "cannot_tell"
    assert answer.fields["weights"] == {"D1": 1.0}
    assert answer.fields["placebo"]["p"] == 1
    assert answer.remarks[0].startswith("With one donor there is nobody to set it among")


def test_where_no_mix_runs_as_the_unit_did_there_is_no_figure() -> None:
    table = panel(effect=-4)
    table["value"][:30] = [200 + each for each in table["value"][:30]]
    answer = synthetic(table, **ASKED)
    assert answer.fields["mean_gap"] is None
    assert answer.fields["verdict"] == "cannot_tell"
    assert "poor_fit" in answer.fields["doubts"]
    assert answer.sentence.startswith(
        "What the change did to value in A cannot be told: no mix of the donors runs as A did before the start; the "
        "best misses it by 1"
    )
    # Where levels may differ, the same unit can be judged.
    assert synthetic(table, method="synthetic-difference", **ASKED).fields["mean_gap"] == pytest.approx(-4, abs=0.6)


def test_scatter_alone_is_no_poor_fit() -> None:
    rng = np.random.default_rng(8)
    table = panel()
    table["value"] = (50 + rng.normal(size=len(table["value"]))).tolist()
    assert synthetic(table, **ASKED).fields["mean_gap"] is not None


def test_a_short_past_gives_no_figure() -> None:
    table = panel(effect=-4)
    late = [place for place, date in enumerate(table["date"]) if date < 17]
    answer = synthetic(without(table, *late), **ASKED)
    assert answer.fields["mean_gap"] is None
    assert answer.fields["cannot_tell"] == "4 dates before the start are too short a past to match, and 5 are needed"


@pytest.mark.parametrize("value", [0.0, 7.0])
def test_a_unit_that_does_not_vary_is_said(value: float) -> None:
    table = panel()
    table["value"][:30] = [value] * 30
    answer = synthetic(table, **ASKED)
    assert answer.fields["mean_gap"] is None
    assert answer.sentence == (
        f"What the change did to value in A cannot be told: it does not vary there, it is {value:.0f} throughout."
    )


def test_outcomes_that_are_all_nought_say_nothing() -> None:
    table = panel()
    table["value"] = [0.0] * len(table["value"])
    answer = synthetic(table, **ASKED)
    assert answer.fields["verdict"] == "cannot_tell"
    json.loads(answer.to_json())


def test_an_effect_in_a_heavy_donor_shows_when_it_is_left_out() -> None:
    answer = synthetic(panel(effect=-4), **ASKED)
    assert [row["without"] for row in answer.fields["leave_one_out"]] == [
        donor for donor, weight in sorted(answer.fields["weights"].items(), key=lambda each: -each[1]) if weight >= 0.01
    ]
    assert all(row["mean_gap"] == pytest.approx(-4, abs=1) for row in answer.fields["leave_one_out"])
    table = panel(donors=12)
    table["value"][:30] = table["value"][30:60]  # A is D1 to the letter, until D1 changes
    table["value"][50:60] = [each + 5 for each in table["value"][50:60]]
    leaning = synthetic(table, **ASKED)
    assert leaning.fields["mean_gap"] == pytest.approx(-5)
    assert {"leans_on_one", "one_donor"} <= set(leaning.fields["doubts"])


def test_the_start_moved_back_shows_what_comes_up_by_itself() -> None:
    answer = synthetic(panel(effect=-4), **ASKED)
    assert [row["start"] for row in answer.fields["in_time"]] == ["11", "14"]
    assert all(abs(row["mean_gap"]) < 1.5 for row in answer.fields["in_time"])
    assert "gap_in_time" not in answer.fields["doubts"]
    early = panel(effect=-1)
    early["value"][12:20] = [each - 4 for each in early["value"][12:20]]
    assert "gap_in_time" in synthetic(early, max_fit=5, **ASKED).fields["doubts"]


def test_placebos_that_fit_poorly_are_left_out_by_a_stated_rule_beside_the_test_of_all() -> None:
    placebo = synthetic(panel(effect=-4), placebo_fit=3, **ASKED).fields["placebo"]
    assert [each["times"] for each in placebo["after_exclusion"]] == [3, 20, 5, 2]
    for each in placebo["after_exclusion"]:
        assert each["of"] + len(each["excluded"]) == placebo["of"] == 21
        own = next(row["pre_rmse"] for row in placebo["units"] if row["unit"] == "A")
        assert set(each["excluded"]) == {
            row["unit"] for row in placebo["units"] if row["pre_rmse"] ** 2 > each["times"] * own**2
        }


# --- what cannot be -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (panel(), {"start": "21"}, "--treated: which unit did the change come to?"),
        (panel(), {"treated": "A"}, "--start: when did the change begin?"),
        (panel(), {"treated": "D33", "start": "21"}, "no row is for this unit (D33 found); did you mean D"),
        (panel(donors=0), ASKED, "the panel holds no unit but A, so there is nobody to compare it with"),
        (panel(), {"treated": "A", "start": "1"}, "nothing lies before the start, so there is no past to match"),
        (panel(), {"treated": "A", "start": "31"}, "nothing lies after the start yet"),
        (panel(), {"treated": "A", "start": "spring"}, "this is not a date like those of the table (spring found)"),
        (panel(), {**ASKED, "donors": ("A", "D1")}, "the treated unit cannot be a donor to itself"),
        (panel(), {**ASKED, "outcome": "vlue"}, "there is no column “vlue”; write --columns vlue=value"),
        (panel(), {**ASKED, "max_fit": 0.0}, "this lies above 0"),
        ({**panel(donors=1), "value": ["3", "n/a"] * 30}, ASKED, "the table:2:value: this is not a number (n/a found)"),
        (
            {name: [*cells, cells[31]] for name, cells in panel().items()},
            ASKED,
            "the table:631:unit: row 32 is for D1 at this time already".replace("unit", "date"),
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words(table: dict[str, Any], options: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused) as refused:
        synthetic(table, **options)
    assert message in str(refused.value)


def test_units_that_vanish_have_gaps_or_never_report_are_left_out_and_said() -> None:
    table = panel()
    for place in range(180, 210):  # D6
        table["value"][place] = 0.0
    table = without(table, *range(55, 60), 65, *range(90, 120))  # D1 ends at 25, D2 lacks 6, D3 is gone
    table["unit"].append("D3")
    table["date"].append(1)
    table["value"].append(None)
    answer = synthetic(table, **ASKED)
    assert not {"D1", "D2", "D3", "D6"} & set(answer.fields["weights"])
    said = " ".join(answer.remarks)
    assert "D1 (last seen at 25) vanishes before the end: left out as a donor." in said
    assert "D2 has gaps: left out as a donor." in said
    assert "D3 has no outcome: left out as a donor." in said
    assert "D6 is nought throughout, as if it did not report: left out as a donor." in said


def test_dates_without_the_treated_unit_are_left_out_and_said() -> None:
    answer = synthetic(without(panel(), 4, 5), **ASKED)
    assert answer.fields["periods_before"] == 18
    assert "A has no outcome at 2 dates, which are left out." in answer.remarks


def test_where_every_donor_has_gaps_the_remedy_is_said() -> None:
    with pytest.raises(Refused) as refused:
        synthetic(without(panel(donors=2), 35, 70), **ASKED)
    assert "no donor has an outcome at every date of the treated unit" in str(refused.value)


# --- the command --------------------------------------------------------------------------------------------


def test_the_command_reads_a_panel_and_a_setup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = with_predictor()
    lines = [",".join(table), *(",".join(map(str, row)) for row in zip(*table.values(), strict=True))]
    (tmp_path / "panel.csv").write_text("\n".join(lines))
    setup = {"setup": {"predictors": ["beds"], "time_predictors_prior": [1], "treated": "A"}}
    (tmp_path / "setup.json").write_text(json.dumps(setup))
    words = ["evaluate", "synthetic", str(tmp_path / "panel.csv"), "--start", "21", "--json", "--setup"]
    assert main([*words, str(tmp_path / "setup.json")]) == 0
    document = json.loads(capsys.readouterr().out)
    mixed = sum(document["weights"][name] * beds for name, beds in zip(
        ("D1", "D2", "D3", "D4", "D5", "D6"), (10, 20, 40, 50, 60, 70), strict=True))  # fmt: skip
    assert mixed == pytest.approx(17.5)
    assert {"weights", "gaps", "mean_gap", "pre_rmse", "placebo", "leave_one_out"} <= document.keys()
    assert len(document["made_from"]) == 2


def test_the_figures_show_the_pair_and_the_placebos() -> None:
    pair, gaps = synthetic("sample:panel", unit="area", time="quarter", outcome="admissions", treated="Northfield",
                           start="2017-Q1").figures  # fmt: skip
    assert pair.chart is not None
    assert gaps.chart is not None
    assert {row["line"] for row in pair.chart["layer"][0]["data"]["values"]} == {"Northfield", "comparator"}
    drawn = {row["unit"] for row in gaps.chart["layer"][0]["data"]["values"]}
    assert gaps.note.startswith(f"{20 - len(drawn)} donors whose squared gap before the start is more than 20 times")
    assert 'role="img"' in gaps.svg()


def test_a_small_chance_is_never_written_as_none() -> None:
    from evenhand.evaluate.synthetic_told import chance, floor_words

    assert chance(1, 39) == "1 in 39 (3%)"  # 1 / 39 = 0.0256
    assert "1 in 202 (0.5%)" in floor_words(201)  # 1 / 202 = 0.00495
