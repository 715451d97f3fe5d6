"""Ranges of a series whose neighbours resemble each other: by hand where it can be, and against generalised sums."""

import numpy as np
import pytest
from numpy.typing import NDArray

from evenhand.evaluate import regression
from evenhand.evaluate.neighbours import RESEMBLE, autoregressive, spread


def carried(points: int, rho: float, seed: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=points)
    for place in range(1, points):
        noise[place] = rho * noise[place - 1] + np.sqrt(1 - rho**2) * noise[place]
    return noise


def test_the_error_of_a_mean_is_that_of_correlated_points() -> None:
    # One term, a mean: its variance is s2 / n^2 times the sum of all rho^|i - j|, here written out.
    values = carried(200, 0.6, 3)
    found = regression.fit(values, np.ones((200, 1)), np.zeros(200), "gaussian")
    rho, covariance, spare = autoregressive(found, np.ones((200, 1)))
    whole = rho ** np.abs(np.subtract.outer(np.arange(200), np.arange(200)))
    left = 200 - whole.sum() / 200
    by_hand = found.deviance / left * whole.sum() / 200**2
    assert covariance[0, 0] == pytest.approx(by_hand, rel=2e-3)  # the points left over stand on a grid
    assert spare == round(200 * (1 - rho) / (1 + rho) - 1)


def test_what_the_terms_took_from_the_correlation_is_given_back() -> None:
    # Residuals about a line and a step resemble each other less than the points: 0.5 looks like 0.4 in 48 months.
    columns = np.column_stack([np.ones(48), np.arange(48) >= 24, np.arange(48)]).astype(float)
    seen, told = [], []
    for seed in range(200):
        found = regression.fit(carried(48, 0.5, seed), columns, np.zeros(48), "gaussian")
        seen.append(regression.autocorrelation(found.deviance_residuals, 1)[0])
        told.append(autoregressive(found, columns)[0])
    assert np.mean([each or 0.0 for each in seen]) < 0.42
    assert np.median(told) == pytest.approx(0.5, abs=0.05)


def test_ranges_are_left_alone_where_neighbours_hardly_resemble_each_other() -> None:
    columns = np.column_stack([np.ones(120), np.arange(120)]).astype(float)
    values = np.tile([1.0, -1.0, -1.0, 1.0, 0.5, -0.5], 20)
    found = regression.fit(values, columns, np.zeros(120), "gaussian")
    made = spread(found, columns, "model", (0.95,))
    assert made.correlation <= RESEMBLE
    assert made.allowing is None
    assert made.covariance is found.covariance


def test_no_range_is_narrower_than_the_models_own() -> None:
    for seed in range(20):
        columns = np.column_stack([np.ones(60), np.arange(60), np.sin(np.arange(60) * np.pi / 2)]).astype(float)
        mean = np.exp(4 + 0.1 * carried(60, 0.7, seed))
        found = regression.fit(np.round(mean * 5), columns, np.zeros(60), "quasipoisson")
        _, covariance, _ = autoregressive(found, columns)
        assert (np.diag(covariance) >= np.diag(found.covariance) * (1 - 1e-12)).all()


def test_a_series_with_nothing_left_over_is_left_alone() -> None:
    columns = np.column_stack([np.ones(4), np.arange(4)]).astype(float)
    found = regression.fit(np.array([1.0, 2, 3, 4]), columns, np.zeros(4), "gaussian")
    assert autoregressive(found, columns)[0] == 0.0
