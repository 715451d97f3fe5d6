"""Our regression against statsmodels, and its errors against their definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from evenhand.evaluate import regression
from evenhand.evaluate.regression import NoFit


def invented(seed: int = 3, points: int = 60) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Counts with a trend, a step and a wave, scattering more than Poisson; the design; the logged denominator."""
    rng = np.random.default_rng(seed)
    time = np.arange(1.0, points + 1)
    design = np.column_stack([np.ones(points), time > 40, time, np.sin(np.pi * time / 6)])
    offset = np.log(1000 + 3 * time)
    mean = np.exp(design @ [-2.5, -0.3, 0.01, 0.2] + offset)
    return rng.negative_binomial(20, 20 / (20 + mean)).astype(float), design, offset


@pytest.mark.parametrize(
    ("family", "theirs", "scale"),
    [("poisson", "Poisson", None), ("quasipoisson", "Poisson", "X2"), ("gaussian", "Gaussian", None)],
)
def test_estimates_and_errors_are_those_of_statsmodels(family: Any, theirs: str, scale: str | None) -> None:
    import statsmodels.api as sm

    outcome, design, offset = invented()
    offset = offset if family != "gaussian" else np.zeros(len(outcome))
    found = regression.fit(outcome, design, offset, family)
    other = sm.GLM(outcome, design, family=getattr(sm.families, theirs)(), offset=offset).fit(scale=scale, tol=1e-12)
    assert found.coefficients == pytest.approx(other.params, rel=1e-8)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(other.bse, rel=1e-7)
    assert found.deviance == pytest.approx(other.deviance, rel=1e-8)
    assert found.deviance_residuals == pytest.approx(other.resid_deviance, abs=1e-6)


@pytest.mark.parametrize("family", ["poisson", "gaussian"])
def test_newey_west_errors_are_those_of_statsmodels(family: Any) -> None:
    import statsmodels.api as sm

    outcome, design, offset = invented()
    offset = offset if family != "gaussian" else np.zeros(len(outcome))
    found = regression.fit(outcome, design, offset, family)
    own = sm.families.Poisson() if family == "poisson" else sm.families.Gaussian()
    other = sm.GLM(outcome, design, family=own, offset=offset).fit(
        tol=1e-12, cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": True}
    )
    assert np.sqrt(np.diag(regression.newey_west(found, 4))) == pytest.approx(other.bse, rel=1e-6)


def test_the_negative_binomial_is_the_likeliest_and_given_its_spread_that_of_statsmodels() -> None:
    import statsmodels.api as sm

    outcome, design, offset = invented()
    found = regression.fit(outcome, design, offset, "negative-binomial")
    assert found.extra_variance is not None
    likeliest = sm.NegativeBinomial(outcome, design, offset=offset).fit(disp=0, method="nm", maxiter=20000, xtol=1e-10)
    assert found.extra_variance == pytest.approx(likeliest.params[-1], rel=1e-3)
    assert found.coefficients == pytest.approx(likeliest.params[:-1], abs=1e-4)
    given = sm.GLM(outcome, design, offset=offset, family=sm.families.NegativeBinomial(alpha=found.extra_variance)).fit(
        tol=1e-12
    )
    assert found.coefficients == pytest.approx(given.params, rel=1e-6)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(given.bse, rel=1e-5)


def test_quasi_poisson_errors_are_poisson_errors_times_the_root_of_the_dispersion() -> None:
    outcome, design, offset = invented()
    plain = regression.fit(outcome, design, offset, "poisson")
    quasi = regression.fit(outcome, design, offset, "quasipoisson")
    assert plain.dispersion == 1
    assert quasi.dispersion == pytest.approx(plain.pearson_dispersion)
    assert np.diag(quasi.covariance) == pytest.approx(np.diag(plain.covariance) * quasi.dispersion)


def test_slopes_for_the_delta_method_are_those_of_small_steps() -> None:
    from dataclasses import replace

    outcome, design, offset = invented()
    found = regression.fit(outcome, design, offset, "poisson")
    small = 1e-6
    for term in range(4):
        moved = found.coefficients.copy()
        moved[term] += small
        step = (replace(found, coefficients=moved).predicted(design, offset) - found.fitted) / small
        assert found.slopes(design, offset)[:, term] == pytest.approx(step, rel=1e-4)


def test_autocorrelation_is_about_the_mean_over_all_points() -> None:
    # 1, 2, 3, 4 about 2.5: products -1.5 x -0.5 + -0.5 x 0.5 + 0.5 x 1.5 = 1.25, over 5.
    assert regression.autocorrelation(np.array([1.0, 2, 3, 4]), 1) == [pytest.approx(0.25)]
    assert regression.autocorrelation(np.zeros(4), 1) == [None]


def test_the_usual_lag_is_that_of_newey_and_west() -> None:
    assert regression.usual_lag(100) == 4
    assert regression.usual_lag(60) == 3
    assert regression.usual_lag(5) == 2


@pytest.mark.parametrize(
    ("outcome", "design", "words"),
    [
        ([1.0, 2], [[1.0, 0, 1], [1, 0, 2]], "the model has 3 terms and the series 2 points"),
        ([1.0, 2, 3], [[1.0, 1], [1, 1], [1, 1]], "cannot be told apart"),
        ([0.0, 0, 0], [[1.0, 1], [1, 2], [1, 3]], "every outcome is nought"),
        ([4.0, 5, 0, 0], [[1.0, 0], [1, 0], [1, 1], [1, 1]], "run away"),
    ],
)
def test_a_model_without_an_answer_says_why(outcome: list[float], design: list[list[float]], words: str) -> None:
    with pytest.raises(NoFit, match=words):
        regression.fit(np.array(outcome), np.array(design), np.zeros(len(outcome)), "poisson")
