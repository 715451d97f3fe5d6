"""One comparator for one treated unit, by each of the three methods: its weights, its path and the gaps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from evenhand.evaluate.synthetic_panel import Panel, Predictors
from evenhand.evaluate.synthetic_weights import nested, on_simplex, scaled, weighted_match

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Kind = Literal["synthetic", "synthetic-difference", "augmented"]
PENALTIES = 20
"""Ridge penalties that are tried, from the largest squared singular value down to a hundred-millionth of it."""


@dataclass(frozen=True)
class Fitted:
    """A comparator: ``weights`` (shape donors), ``synthetic`` and ``gaps`` (observed less synthetic; shape periods).

    ``importance`` (shape predictors), ``time_weights`` (shape periods before the start) and ``penalty`` are there where
    the method has them.
    """

    weights: NDArray[np.float64]
    synthetic: NDArray[np.float64]
    gaps: NDArray[np.float64]
    importance: NDArray[np.float64] | None = None
    time_weights: NDArray[np.float64] | None = None
    penalty: float | None = None

    def mean_gap(self, panel: Panel) -> float:
        """The mean of the gaps from the start on."""
        return float(self.gaps[~panel.before].mean())

    def mean_square(self, panel: Panel) -> tuple[float, float]:
        """Mean squared gap before the start and from it on."""
        return float((self.gaps[panel.before] ** 2).mean()), float((self.gaps[~panel.before] ** 2).mean())


def fit(panel: Panel, kind: Kind = "synthetic", *, thorough: bool = False, penalty: float | None = None) -> Fitted:
    """The comparator of a panel's first unit; ``penalty`` keeps that of another fit, for placebos."""
    if kind == "synthetic":
        return _synthetic(panel, thorough)
    return _difference(panel, penalty) if kind == "synthetic-difference" else _augmented(panel, penalty)


def _synthetic(panel: Panel, thorough: bool) -> Fitted:
    """Abadie, Diamond and Hainmueller (2010): matched by predictors, or by every outcome of the periods of the fit."""
    outcomes = panel.outcomes[panel.fitted]
    if panel.predictors is None:
        return _with_path(panel, on_simplex(outcomes[:, 1:], outcomes[:, 0]))
    predictors = scaled(panel.predictors.values)
    if panel.importance is not None:
        importance = panel.importance
    elif panel.training is not None:
        trained, periods = panel.training
        importance = nested(scaled(trained.values), panel.outcomes[periods], thorough=thorough).importance
    else:
        found = nested(predictors, outcomes, thorough=thorough)
        return replace(_with_path(panel, found.weights), importance=found.importance)
    return replace(_with_path(panel, weighted_match(predictors, importance)), importance=importance)


def _with_path(panel: Panel, weights: NDArray[np.float64], shift: float = 0.0) -> Fitted:
    synthetic = panel.outcomes[:, 1:] @ weights + shift
    return Fitted(weights, synthetic, panel.outcomes[:, 0] - synthetic)


def _difference(panel: Panel, penalty: float | None) -> Fitted:
    """Synthetic difference-in-differences.

    Source:
        Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021) American Economic Review 111(12): 4088-4118,
        algorithm 1: weights of units with an intercept and a ridge of (treated x periods after)^(1/4) x the standard
        deviation of the donors' first differences; weights of periods with an intercept and a ridge of a millionth
        of it.
    """
    import numpy as np

    past, later = panel.outcomes[panel.before], panel.outcomes[~panel.before]
    donors = past[:, 1:]
    noise = float(np.diff(donors, axis=0).std(ddof=1)) if donors.size > donors.shape[1] + 1 else 0.0
    size = later.shape[0] ** 0.25 * noise if penalty is None else penalty
    # An intercept is free, so that each column may be taken from its own mean.
    centred = past - past.mean(axis=0)
    weights = on_simplex(centred[:, 1:], centred[:, 0], ridge=size ** 2 * len(past))
    periods = donors.T - donors.T.mean(axis=0)
    target = later[:, 1:].mean(axis=0)
    over_time = on_simplex(periods, target - target.mean(), ridge=(1e-6 * noise) ** 2 * donors.shape[1])
    shift = float(over_time @ (past[:, 0] - donors @ weights))
    return replace(_with_path(panel, weights, shift), time_weights=over_time, penalty=size)


def _augmented(panel: Panel, penalty: float | None) -> Fitted:
    """Ridge augmented synthetic control.

    Source:
        Ben-Michael, Feller and Rothstein (2021) Journal of the American Statistical Association 116(536): 1789-1803,
        equation 8, with the penalty by leaving out one period at a time: the largest within one standard error of the
        least error, as their package augsynth has it.
    """
    import numpy as np

    past = panel.outcomes[panel.fitted]
    centred = past - past[:, 1:].mean(axis=1, keepdims=True)
    treated, donors = centred[:, 0], centred[:, 1:]
    weights = on_simplex(donors, treated)
    size = _ridge_penalty(treated, donors) if penalty is None else penalty
    return replace(_with_path(panel, weights + _bridge(treated, donors, weights, np.array([size]))[0]), penalty=size)


def _bridge(treated: NDArray[np.float64], donors: NDArray[np.float64], weights: NDArray[np.float64],
            penalties: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the ridge adds to the weights for each penalty, shape (penalties, donors)."""
    import numpy as np

    left, sizes, right = np.linalg.svd(donors, full_matrices=False)
    rest = left.T @ (treated - donors @ weights)
    bottom = sizes ** 2 + penalties[:, None]
    return np.asarray((sizes * rest / np.where(bottom > 0, bottom, 1.0)) @ right)


def _ridge_penalty(treated: NDArray[np.float64], donors: NDArray[np.float64]) -> float:
    import numpy as np

    largest = float(np.linalg.svd(donors, compute_uv=False)[0] ** 2)
    ratio = 1e-8 ** (1 / PENALTIES)
    penalties = largest * ratio ** (np.arange(PENALTIES + 1) - 1.0)
    if len(treated) < 3 or largest == 0:
        return float(penalties[0])
    errors = []
    for held in range(len(treated) - 1):
        kept = np.arange(len(treated)) != held
        base = on_simplex(donors[kept], treated[kept])
        mixed = base + _bridge(treated[kept], donors[kept], base, penalties)
        errors.append((treated[held] - mixed @ donors[held]) ** 2)
    means, spread = np.mean(errors, axis=0), np.std(errors, axis=0, ddof=1) / np.sqrt(len(errors))
    return float(penalties[means <= means.min() + spread[means.argmin()]].max())


def with_units(panel: Panel, columns: list[int]) -> Panel:
    """The panel of some of its units, the first of them as the treated one."""
    def narrowed(given: Predictors) -> Predictors:
        return replace(given, values=given.values[:, columns])

    return replace(panel, units=tuple(panel.units[each] for each in columns),
                   outcomes=panel.outcomes[:, columns],
                   predictors=None if panel.predictors is None else narrowed(panel.predictors),
                   training=None if panel.training is None else (narrowed(panel.training[0]), panel.training[1]))
