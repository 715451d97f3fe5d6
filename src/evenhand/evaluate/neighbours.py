"""How far ranges reach where neighbours in time resemble each other: a month that stands out is seldom alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evenhand.evaluate import regression
from evenhand.evaluate.regression import Fit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Errors = Literal["model", "newey-west", "autoregressive"]
RESEMBLE = 0.2
"""Correlation of neighbours up to which the ranges of a whole are left as they are: chance alone reaches it often."""
_GRID = 20


@dataclass(frozen=True)
class Spread:
    """What ranges are made of.

    ``covariance`` (terms x terms) of the coefficients as asked; ``reach`` standard errors either side by confidence;
    ``allowing`` a second covariance for the same reach that allows for neighbours, ``None`` where they hardly resemble
    each other; ``correlation`` of neighbours, what the model's own terms took from it given back.
    """

    covariance: NDArray[np.float64]
    reach: Mapping[str, float]
    allowing: NDArray[np.float64] | None = None
    correlation: float = 0.0

    def widest(self, *moves: NDArray[np.float64]) -> NDArray[np.float64]:
        """The larger standard error of each sum of coefficients (moves: sums x terms, or one sum)."""
        import numpy as np

        rows = np.atleast_2d(np.asarray(moves[0] if len(moves) == 1 else moves, dtype=float))
        held = [self.covariance] if self.allowing is None else [self.covariance, self.allowing]
        variances = np.array([np.einsum("ij,jk,ik->i", rows, each, rows) for each in held])
        return np.asarray(np.sqrt(np.maximum(variances, 0)).max(axis=0))


def spread(found: Fit, columns: NDArray[np.float64], errors: Errors, confidence: Sequence[float],
           lag: int | None = None) -> Spread:
    """Covariance and reach of a fitted model (columns: points x terms), for each confidence.

    Student's t for gaussian, the normal for counts, as the tutorial has it; errors of Newey and West reach further, as
    they are themselves uncertain; autoregressive ones take Student's t with the points that the series is worth.
    """
    points = len(found.fitted)
    df = found.residual_df if found.family == "gaussian" else None
    if errors == "autoregressive":
        correlation, covariance, spare = autoregressive(found, columns)
        return Spread(covariance, {f"{each:g}": regression.critical(each, spare) for each in confidence},
                      correlation=correlation)
    covariance = found.covariance
    reach = {f"{each:g}": regression.critical(each, df) for each in confidence}
    if errors == "newey-west":
        lag = lag or regression.usual_lag(points)
        covariance = regression.newey_west(found, lag)
        reach = {f"{each:g}": reach[f"{each:g}"] * regression.wider(each, lag, points) for each in confidence}
    correlation, allowing, spare = autoregressive(found, columns)
    if correlation <= RESEMBLE:
        return Spread(covariance, reach, None, correlation)
    sure = confidence[0]
    return Spread(covariance, reach, allowing * (regression.critical(sure, spare) / reach[f"{sure:g}"])**2, correlation)


def autoregressive(found: Fit, columns: NDArray[np.float64]) -> tuple[float, NDArray[np.float64], int]:
    """Correlation of neighbours, the covariance of the coefficients that it implies, and the points left over.

    The correlation is that at which residuals of such a series would on average resemble each other as much as these
    do: residuals do so less than the points themselves, as the terms of the model have followed them. With it, the
    covariance of least squares under errors correlated as rho^|i - j|, and an effective number of points
    n (1 - rho) / (1 + rho). Never narrower than the model's own.

    Source: Cochrane and Orcutt (1949) Journal of the American Statistical Association 44(245): 32-61 (errors that
    carry over); Bayley and Hammersley (1946) Supplement to the Journal of the Royal Statistical Society 8(2): 184-197
    (effective number of points); Zeger (1988) Biometrika 75(4): 621-629 (counts).
    """
    import numpy as np
    from scipy.linalg import matmul_toeplitz

    points, terms = columns.shape
    residuals, weighted = _standard(found, columns)
    total = float(residuals @ residuals)
    own = (0.0, found.covariance, max(1, found.residual_df))
    if found.residual_df < 3 or not total > 0 or not np.isfinite(found.covariance).all():
        return own
    seen = float(residuals[1:] @ residuals[:-1]) / total
    if seen + terms / points <= 0:
        return own
    basis, _ = np.linalg.qr(weighted)
    expected, left = [], []
    grid = np.linspace(0, 0.95, _GRID)
    for each in grid:
        moved = matmul_toeplitz(each ** np.arange(points), basis)
        inner = basis.T @ moved
        left.append(points - float(np.trace(inner)))
        apart = ((points - 1) * each - (basis[:-1] * moved[1:]).sum() - (moved[:-1] * basis[1:]).sum()
                 + ((basis[:-1] @ inner) * basis[1:]).sum())
        expected.append(float(apart) / left[-1])
    rho = float(np.interp(seen, np.maximum.accumulate(expected), grid))
    if not rho > 0:
        return own
    spare = float(np.interp(rho, grid, left))
    pulls = weighted @ found.bread
    middle = pulls.T @ matmul_toeplitz(rho ** np.arange(points), pulls)
    variance = found.dispersion * found.residual_df / spare
    worth = points * (1 - rho) / (1 + rho)
    covariance = np.asarray(middle * variance)
    # An alternating pattern of terms may come out surer than without any resemblance: that is not believed.
    raised = np.sqrt(np.maximum(1.0, np.diag(found.covariance) / np.diag(covariance)))
    return rho, covariance * np.outer(raised, raised), max(2, round(worth - terms))


def _standard(found: Fit, columns: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Residuals in units of their own spread, and the columns weighted as the fit weighted them."""
    import numpy as np

    if not found.has_log_link:
        return found.deviance_residuals, columns
    weight = np.sqrt(found.fitted / (1 + (found.extra_variance or 0.0) * found.fitted))
    return found.deviance_residuals, columns * weight[:, None]
