"""Least squares on the simplex is exact: the conditions of a minimum hold, and nothing that should not matters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from evenhand.cli import main
from evenhand.evaluate import synthetic
from evenhand.evaluate.synthetic_weights import nested, on_simplex, scaled, weighted_match

numbers = st.integers(0, 2**32 - 1)


def problem(seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Columns and what is wanted of them: at times inside their hull, at times outside, at times with columns alike."""
    rng = np.random.default_rng(seed)
    rows, donors = rng.integers(1, 25), rng.integers(1, 40)
    columns = rng.normal(rng.normal() * 10, 10 ** rng.uniform(-3, 3), (rows, donors))
    if donors > 2 and seed % 3 == 0:
        columns[:, 1] = columns[:, 0]
    inside = columns @ rng.dirichlet(np.ones(donors))
    return columns, inside if seed % 2 else inside + columns.std() * rng.normal(size=rows)


@given(numbers)
def test_the_conditions_of_a_minimum_hold(seed: int) -> None:
    columns, wanted = problem(seed)
    weights = on_simplex(columns, wanted)
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1)
    # Karush, Kuhn and Tucker: donors with weight share one slope, and none without weight has a lower one.
    slope = columns.T @ (columns @ weights - wanted)
    size = float(np.abs(columns - wanted[:, None]).max()) ** 2 * columns.shape[0]
    held = slope[weights > 1e-9]
    assert held.max() - held.min() <= 1e-7 * size + 1e-12
    assert slope.min() >= held.min() - 1e-7 * size - 1e-12


@given(numbers, st.floats(1e-3, 10))
def test_with_a_ridge_they_hold_too(seed: int, ridge: float) -> None:
    columns, wanted = problem(seed)
    ridge *= columns.std() ** 2 + 1e-9
    weights = on_simplex(columns, wanted, ridge=ridge)
    slope = columns.T @ (columns @ weights - wanted) + ridge * weights
    held = slope[weights > 1e-9]
    size = float(np.abs(columns - wanted[:, None]).max()) ** 2 * columns.shape[0] + ridge
    assert held.max() - held.min() <= 1e-7 * size
    assert slope.min() >= held.min() - 1e-7 * size


@given(numbers)
def test_no_other_mix_lies_nearer(seed: int) -> None:
    columns, wanted = problem(seed)
    best = np.linalg.norm(columns @ on_simplex(columns, wanted) - wanted)
    others = np.random.default_rng(seed).dirichlet(np.full(columns.shape[1], 0.3), 200)
    assert best <= np.linalg.norm(others @ columns.T - wanted, axis=1).min() * (1 + 1e-9) + 1e-12


@given(numbers, st.floats(1e-3, 1e3), st.floats(-1e3, 1e3))
def test_order_unit_and_origin_do_not_matter_to_the_mix(seed: int, unit: float, shift: float) -> None:
    columns, wanted = problem(seed)
    order = np.random.default_rng(seed).permutation(columns.shape[1])
    plain = columns @ on_simplex(columns, wanted)
    other = columns[:, order] @ on_simplex(shift + unit * columns[:, order], shift + unit * wanted)
    size = np.abs(columns).max() + np.abs(shift / unit)
    assert other == pytest.approx(plain, abs=1e-6 * size)


def test_a_sum_by_hand() -> None:
    # Nearest to (1, 1) among mixes of (0, 0), (4, 0) and (0, 2): 1/4 of the first, 1/4 and 1/2 of the others.
    columns = np.array([[0.0, 4.0, 0.0], [0.0, 0.0, 2.0]])
    assert on_simplex(columns, np.array([1.0, 1.0])) == pytest.approx([0.25, 0.25, 0.5])
    # Nearest to (-1, 1), which lies outside: half-way along the side from (0, 0) to (0, 2).
    assert on_simplex(columns, np.array([-1.0, 1.0])) == pytest.approx([0.5, 0, 0.5])


def test_the_search_finds_predictors_that_foretell_the_outcome() -> None:
    rng = np.random.default_rng(2)
    shares = rng.dirichlet(np.ones(3), 12).T
    shares[:, 0] = 1 / 3
    outcomes = rng.normal(size=(15, 3)) @ shares
    predictors = scaled(np.vstack([shares[:2], rng.normal(size=(2, 12))]))
    equal = weighted_match(predictors, np.full(4, 0.25))
    found = nested(predictors, outcomes)
    gap = outcomes[:, 0] - outcomes[:, 1:] @ found.weights
    plain = outcomes[:, 0] - outcomes[:, 1:] @ equal
    assert gap @ gap < 0.1 * (plain @ plain)
    assert found.importance[:2].sum() > 0.5
    longer = nested(predictors, outcomes, thorough=True)
    again = outcomes[:, 0] - outcomes[:, 1:] @ longer.weights
    assert again @ again <= gap @ gap


# --- the reference cases ------------------------------------------------------------------------------------


def cases(reference: Path) -> dict[str, Any]:
    """The cases by name, and their tolerance."""
    document = json.loads((reference / "synthetic_control" / "expected.json").read_text())
    return {case["id"]: case for case in document["cases"]} | {"tolerance": document["tolerance"]}


def test_the_basque_country_agrees(reference: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case, tolerance = (cases(reference)[name] for name in ("basque", "tolerance"))
    (tmp_path / "setup.json").write_text(json.dumps(case["setup"]))
    path = str(reference / "synthetic_control" / case["input"])
    words = ["evaluate", "synthetic", path, "--setup", str(tmp_path / "setup.json"), "--start", "1975", "--json"]
    assert main(words) == 0
    answer = json.loads(capsys.readouterr().out)
    expected = case["expected"]
    for unit, weight in answer["weights"].items():
        assert weight == pytest.approx(expected["weights"].get(unit, 0), abs=tolerance["weights_absolute"])
    assert answer["mean_gap"] == pytest.approx(expected["att"], rel=tolerance["att_relative"])
    assert answer["pre_mspe"] == pytest.approx(expected["mspe_pre"], rel=tolerance["mspe_relative"])
    assert answer["placebo"]["p"] == pytest.approx(
        expected["placebo_p_value"], abs=tolerance["placebo_p_absolute"]
    )
    for unit, gaps in expected["placebo_gaps"].items():
        ours = [answer["placebo"]["gaps"][unit][str(int(float(year)))] for year in gaps]
        near = np.allclose(ours, list(gaps.values()), atol=tolerance["placebo_gap_absolute"])
        assert near or np.mean(np.square(ours)) < np.mean(np.square(list(gaps.values())))


def test_west_germany_agrees_or_fits_better(reference: Path) -> None:
    case, tolerance = (cases(reference)[name] for name in ("germany", "tolerance"))
    path = str(reference / "synthetic_control" / case["input"])
    expected = case["expected"]
    window = list(range(1971, 1981))
    training = {
        "predictors": ["gdp", "trade", "infrate"], "time_predictors_prior": window,
        "special_predictors": [["industry", window, "mean"], ["schooling", [1970, 1975], "mean"],
                               ["invest70", [1980], "mean"]],
        "time_optimize_ssr": list(range(1981, 1991)),
    }  # fmt: skip
    trained = synthetic(path, setup={**case["setup"], "training": training}, start="1990").fields
    for unit, weight in trained["weights"].items():
        assert weight == pytest.approx(expected["weights"].get(unit, 0), abs=tolerance["weights_absolute"])
    assert trained["mean_gap"] == pytest.approx(expected["att"], rel=tolerance["att_relative"])
    plain = synthetic(path, setup=case["setup"], start="1990").fields
    assert plain["pre_mspe"] < trained["pre_mspe"]
    assert plain["placebo"]["rank"] == 1
