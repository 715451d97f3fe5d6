"""Regression of one series on time: counts with a log link, or values with straight lines.

Own arithmetic, iteratively reweighted least squares (McCullagh and Nelder 1989, Generalized Linear Models, section
2.5); a test holds it against statsmodels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Family = Literal["poisson", "quasipoisson", "negative-binomial", "gaussian"]
MOST_ROUNDS = 200


class NoFit(Exception):
    """The model has no finite answer on these data; the message says why in a reader's words."""


@dataclass(frozen=True)
class Fit:
    """A fitted model.

    ``coefficients`` (shape terms) on the scale of the link; ``covariance`` (terms x terms) model-based, dispersion
    included; ``bread`` the same without it; ``scores`` (points x terms) each point's part of the slope of the
    likelihood; ``fitted`` and ``deviance_residuals`` (shape points); ``pearson_dispersion`` Pearson's chi-squared over
    the residual degrees of freedom; ``dispersion`` what the standard errors were multiplied by (squared);
    ``extra_variance`` the negative binomial's alpha: variance = mean + alpha x mean².
    """

    family: Family
    coefficients: NDArray[np.float64]
    covariance: NDArray[np.float64]
    bread: NDArray[np.float64]
    scores: NDArray[np.float64]
    fitted: NDArray[np.float64]
    deviance_residuals: NDArray[np.float64]
    deviance: float
    residual_df: int
    dispersion: float
    pearson_dispersion: float
    extra_variance: float | None = None

    @property
    def has_log_link(self) -> bool:
        """Whether effects multiply (counts) or add (gaussian)."""
        return self.family != "gaussian"

    @property
    def uses_t(self) -> bool:
        """Whether p-values come from Student's t, as the dispersion is estimated (as R's glm does)."""
        return self.family in ("gaussian", "quasipoisson")

    def predicted(self, design: NDArray[np.float64], offset: NDArray[np.float64]) -> NDArray[np.float64]:
        """The mean at other rows of a design (points x terms), with their logged offset."""
        import numpy as np

        line = design @ self.coefficients + offset
        return np.exp(line) if self.has_log_link else line

    def slopes(self, design: NDArray[np.float64], offset: NDArray[np.float64]) -> NDArray[np.float64]:
        """How each predicted mean moves with each coefficient (points x terms), for the delta method."""
        if not self.has_log_link:
            return design
        return self.predicted(design, offset)[:, None] * design


def fit(outcome: NDArray[np.float64], design: NDArray[np.float64], offset: NDArray[np.float64], family: Family) -> Fit:
    """Fit a model.

    Args:
        outcome: counts or values (shape points).
        design: columns of the model, the intercept among them (points x terms).
        offset: added to the line (shape points): the log of the denominator; noughts for gaussian.
        family: the distribution. Quasi-Poisson has the Poisson's estimates and a dispersion of its own.

    Raises:
        NoFit: fewer points than terms, terms that cannot be told apart, or no finite maximum.
    """
    import numpy as np

    points, terms = design.shape
    if points < terms:
        raise NoFit(f"the model has {terms} terms and the series {points} points")
    scale = np.sqrt((design**2).mean(axis=0))
    if (scale == 0).any() or np.linalg.matrix_rank(design / np.where(scale > 0, scale, 1)) < terms:
        raise NoFit("the terms of the model cannot be told apart on these dates")
    if family == "gaussian":
        return _straight(outcome, design)
    if not outcome.sum() > 0:
        raise NoFit("every outcome is nought")
    if family == "negative-binomial":
        return _negative_binomial(outcome, design, offset)
    return _counts(outcome, design, offset, family, 0.0)


def _straight(outcome: NDArray[np.float64], design: NDArray[np.float64]) -> Fit:
    import numpy as np

    points, terms = design.shape
    orthogonal, triangle = np.linalg.qr(design)
    coefficients = np.linalg.solve(triangle, orthogonal.T @ outcome)
    back = np.linalg.inv(triangle)
    bread = back @ back.T
    fitted = design @ coefficients
    residuals = outcome - fitted
    # Residuals that only rounding leaves are none: a straight line through its own points.
    residuals = np.where(np.abs(residuals) < 1e-12 * max(1e-300, float(np.abs(outcome).max())), 0.0, residuals)
    deviance = float(residuals @ residuals)
    spare = points - terms
    variance = deviance / spare if spare else float("nan")
    return Fit("gaussian", coefficients, bread * variance, bread, design * residuals[:, None], fitted, residuals,
               deviance, spare, variance, variance)


def _counts(outcome: NDArray[np.float64], design: NDArray[np.float64], offset: NDArray[np.float64], family: Family,
            alpha: float) -> Fit:
    import numpy as np

    points, terms = design.shape
    mean = (outcome + outcome.mean()) / 2
    line = np.log(mean)
    before, last = np.inf, np.zeros(terms)
    for _ in range(MOST_ROUNDS):
        weight = np.sqrt(mean / (1 + alpha * mean))
        working = line - offset + (outcome - mean) / mean
        coefficients, *_ = np.linalg.lstsq(design * weight[:, None], working * weight, rcond=None)
        line = np.clip(design @ coefficients + offset, -700, 700)
        mean = np.exp(line)
        deviance = float(_deviances(outcome, mean, alpha).sum())
        if abs(deviance - before) <= 1e-13 * (abs(deviance) + 0.1) or (
                np.abs(design @ (coefficients - last)).max() < 1e-11):
            break
        before, last = deviance, coefficients
    else:
        raise NoFit("the estimates run away without end")
    if np.ptp(design @ coefficients) > 20:  # means hundreds of millions of times apart: one is heading for nought
        raise NoFit("the estimates run away without end")
    weight = np.sqrt(mean / (1 + alpha * mean))
    _, triangle = np.linalg.qr(design * weight[:, None])
    back = np.linalg.inv(triangle)
    bread = back @ back.T
    spare = points - terms
    chi_squared = float((((outcome - mean) ** 2) / (mean * (1 + alpha * mean))).sum())
    pearson = chi_squared / spare if spare else float("nan")
    dispersion = pearson if family == "quasipoisson" else 1.0
    residuals = np.sign(outcome - mean) * np.sqrt(np.maximum(_deviances(outcome, mean, alpha), 0))
    scores = design * ((outcome - mean) / (1 + alpha * mean))[:, None]
    return Fit(family, coefficients, bread * dispersion, bread, scores, mean, residuals, deviance, spare, dispersion,
               pearson, alpha if family == "negative-binomial" else None)


def _deviances(outcome: NDArray[np.float64], mean: NDArray[np.float64], alpha: float) -> NDArray[np.float64]:
    import numpy as np

    positive = np.where(outcome > 0, outcome, 1.0)
    first = np.where(outcome > 0, outcome * np.log(positive / mean), 0.0)
    if alpha <= 0:
        return np.asarray(2 * (first - (outcome - mean)))
    # log1p keeps the digits where alpha is next to nothing
    return np.asarray(2 * (first - (outcome + 1 / alpha) * np.log1p(alpha * (outcome - mean) / (1 + alpha * mean))))


def _negative_binomial(outcome: NDArray[np.float64], design: NDArray[np.float64], offset: NDArray[np.float64]) -> Fit:
    """Estimates by maximum likelihood; the standard errors take alpha as known (as MASS::glm.nb in R)."""
    from scipy.optimize import minimize_scalar

    def lost(log_alpha: float) -> float:
        alpha = 10.0**log_alpha
        try:
            found = _counts(outcome, design, offset, "negative-binomial", alpha)
        except NoFit:
            return float("inf")
        return -_log_likelihood(outcome, found.fitted, alpha)

    best = minimize_scalar(lost, bounds=(-8, 2), method="bounded", options={"xatol": 1e-9})
    return _counts(outcome, design, offset, "negative-binomial", 10.0 ** float(best.x))


def _log_likelihood(outcome: NDArray[np.float64], mean: NDArray[np.float64], alpha: float) -> float:
    import numpy as np
    from scipy.special import gammaln

    size = 1 / alpha
    return float((gammaln(outcome + size) - gammaln(size) - gammaln(outcome + 1)
                  + outcome * np.log(alpha * mean / (1 + alpha * mean)) - size * np.log1p(alpha * mean)).sum())


def newey_west(found: Fit, lag: int) -> NDArray[np.float64]:
    """Covariance that allows neighbours in time to resemble each other (terms x terms).

    Bartlett weights 1 - l / (lag + 1) on the products of scores up to ``lag`` steps apart, times n / (n - terms).

    Source: Newey and West (1987) A simple, positive semi-definite, heteroskedasticity and autocorrelation consistent
    covariance matrix, Econometrica 55(3): 703-708, equation 5.
    """
    import numpy as np

    scores = found.scores
    middle = scores.T @ scores
    for step in range(1, min(lag, len(scores) - 1) + 1):
        product = scores[step:].T @ scores[:-step]
        middle += (1 - step / (lag + 1)) * (product + product.T)
    covariance = found.bread @ middle @ found.bread
    return np.asarray(covariance * len(scores) / max(1, found.residual_df))


_FIXED_B = ((0.80, 1.2816, (1.3040, 0.5135, -0.3386)), (0.90, 1.6449, (2.1859, 0.3142, -0.3427)),
            (0.95, 1.9600, (2.9694, 0.4160, -0.5324)), (0.98, 2.3263, (4.1618, 0.5368, -0.9060)))
"""Confidence, normal reach, and how the reach grows with the share of the series that the lag takes (Bartlett)."""


def wider(confidence: float, lag: int, points: int) -> float:
    """How many times the usual reach an interval on ``newey_west`` errors needs: the errors are themselves uncertain.

    Source: Kiefer and Vogelsang (2005) A new asymptotic theory for heteroskedasticity-autocorrelation robust tests,
    Econometric Theory 21(6): 1130-1164, table 1, Bartlett kernel; between their levels on a straight line.
    """
    import numpy as np

    share = min(1.0, (lag + 1) / points)
    factors = [1 + sum(each * share**power for power, each in enumerate(terms, 1)) / normal
               for _, normal, terms in _FIXED_B]
    return float(np.interp(confidence, [level for level, _, _ in _FIXED_B], factors))


def usual_lag(points: int) -> int:
    """How many steps apart Newey and West (1994) look by default: 4 (n / 100)^(2/9), rounded down."""
    return max(1, int(4 * (points / 100) ** (2 / 9)))


def autocorrelation(residuals: NDArray[np.float64], most: int = 12) -> list[float | None]:
    """Correlation of residuals with those 1, 2, ... steps before, about their mean, over all n (as R's acf)."""
    import numpy as np

    centred = residuals - residuals.mean()
    total = float(centred @ centred)
    lags = range(1, min(most, len(residuals) - 1) + 1)
    return [float(np.dot(centred[lag:], centred[:-lag])) / total if total > 0 else None for lag in lags]


def two_sided(statistic: NDArray[np.float64], df: int | None) -> NDArray[np.float64]:
    """Two-sided p-values from Student's t, or from the normal distribution where ``df`` is None."""
    import numpy as np
    from scipy.special import ndtr, stdtr

    size = -np.abs(statistic)
    return np.asarray(2 * (ndtr(size) if df is None else stdtr(df, size)))


def critical(confidence: float, df: int | None) -> float:
    """How many standard errors an interval of this confidence reaches either side."""
    from scipy.special import ndtri, stdtrit

    upper = (1 + confidence) / 2
    return float(ndtri(upper) if df is None else stdtrit(df, upper))
