"""Group-time average effects with their influence functions: whom to compare, when, and with what adjustment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evenhand.evaluate.difference_panel import NEVER, Panel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Control = Literal["never", "not-yet"]
Estimator = Literal["doubly-robust", "regression", "weighting"]
Base = Literal["universal", "varying"]
ALMOST_CERTAIN = 0.995
"""Untreated units as likely as this to be treated are set aside, or one of them would outweigh all others (DRDID)."""


@dataclass(frozen=True)
class Design:
    """Who is compared with whom.

    ``brought_forward`` pretends that treatment began so many steps earlier and looks at the steps between: a placebo.
    """

    control: Control = "never"
    estimator: Estimator = "doubly-robust"
    base: Base = "varying"
    anticipation: int = 0
    brought_forward: int = 0
    after_only: bool = False


@dataclass(frozen=True)
class Effects:
    """Group-time average effects, one a cell.

    ``group``, ``time``, ``before`` (cells): places of the first treated period, of the period looked at and of the one
    it is compared with; ``estimate`` (cells), not a number where there is none; ``influence`` (units x cells), so that
    the standard error is the root of the sum of squares over the number of units; ``treated``, ``controls`` (cells):
    how many units stand on either side; ``set_aside`` controls without a treated likeness.
    """

    group: NDArray[np.int64]
    time: NDArray[np.int64]
    before: NDArray[np.int64]
    estimate: NDArray[np.float64]
    influence: NDArray[np.float64]
    treated: NDArray[np.int64]
    controls: NDArray[np.int64]
    set_aside: int = 0

    def __len__(self) -> int:
        return len(self.group)

    def only(self, cells: NDArray[np.bool_]) -> Effects:
        """The cells where ``cells`` is true."""
        return Effects(self.group[cells], self.time[cells], self.before[cells], self.estimate[cells],
                       self.influence[:, cells], self.treated[cells], self.controls[cells], self.set_aside)


@dataclass(frozen=True)
class NoComparison(Exception):
    """Covariates leave nothing to compare: too few controls, or treated units unlike any other."""

    why: str


def group_time(panel: Panel, design: Design) -> Effects:
    """Every group-time average effect that the panel can give.

    ``ATT(g, t) = E[Y_t - Y_b | G = g] - E[Y_t - Y_b | C]``, where b is the last period before g (and before the effect
    was expected), or for periods before that the one just before t (varying base). C: never treated, or not yet treated
    at t and b. Covariates are taken at the earlier of the two periods, as in the R package did.

    Source: Callaway and Sant'Anna (2021), Journal of Econometrics 225:200-230, theorem 1 and section 4.
    """
    import numpy as np

    found = [part for group in panel.groups for part in _of_group(panel, design, int(group))]
    if not found:
        empty = np.zeros(0, dtype=np.int64)
        return Effects(empty, empty, empty, np.zeros(0), np.zeros((len(panel), 0)), empty, empty)
    return Effects(
        np.concatenate([each.group for each in found]), np.concatenate([each.time for each in found]),
        np.concatenate([each.before for each in found]), np.concatenate([each.estimate for each in found]),
        np.concatenate([each.influence for each in found], axis=1), np.concatenate([each.treated for each in found]),
        np.concatenate([each.controls for each in found]), max(each.set_aside for each in found))


def _times_of(panel: Panel, design: Design, group: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The periods looked at for a group, and the period each is compared with."""
    import numpy as np

    steps = panel.steps
    begins = steps[group] - design.anticipation
    past = np.flatnonzero(steps < begins - design.brought_forward)
    if not len(past):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    base = int(past[-1])
    every = np.arange(len(steps))
    if design.brought_forward:
        looked = every[(every > base) & (steps < begins)]
        return looked, np.full(len(looked), base)
    if design.after_only:
        looked = every[group:]
        return looked, np.full(len(looked), base)
    if design.base == "universal":
        return every, np.full(len(every), base)
    looked = every[1:]
    return looked, np.where(steps[looked] < begins, looked - 1, base)


def _controls(panel: Panel, design: Design, group: int, time: NDArray[np.int64],
              before: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Who may stand for the group's own untreated course (units x periods looked at)."""
    import numpy as np

    if design.control == "never":
        return np.repeat((panel.start == NEVER)[:, None], len(time), axis=1)
    later = np.append(panel.steps, np.inf)[panel.start.clip(max=len(panel.steps))]
    untouched = later[:, None] > np.maximum(panel.steps[time], panel.steps[before])[None, :] + design.anticipation
    return np.asarray(untouched & (panel.start != group)[:, None])


def _of_group(panel: Panel, design: Design, group: int) -> Iterator[Effects]:
    import numpy as np

    time, before = _times_of(panel, design, group)
    if not len(time):
        return
    change = panel.outcome[:, time] - panel.outcome[:, before]
    inside = (panel.start == group)[:, None]
    against = _controls(panel, design, group, time, before)
    seen = np.isfinite(change)
    if len(panel.covariate_names):
        seen &= np.isfinite(panel.covariates[:, :, np.minimum(time, before)]).all(axis=0)
    treated, controls = inside & seen, against & seen
    there = treated.any(axis=0) & controls.any(axis=0)
    if not there.any():
        return
    time, before, change = time[there], before[there], np.where(seen, change, 0.0)[:, there]
    treated, controls = treated[:, there], controls[:, there]
    set_aside = 0
    if len(panel.covariate_names):
        estimate, influence, set_aside = _adjusted(panel, design, np.minimum(time, before), change, treated, controls)
    else:
        estimate, influence = _plain(panel.weights, change, treated, controls)
    # A period compared with itself differs by nothing: the reference of a universal base.
    influence[:, time == before] = 0.0
    estimate[time == before] = 0.0
    yield Effects(np.full(len(time), group), time, before, estimate, influence, treated.sum(axis=0),
                  controls.sum(axis=0), set_aside)


def _plain(weights: NDArray[np.float64], change: NDArray[np.float64], treated: NDArray[np.bool_],
           controls: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Differences of mean changes with their influence, one column a cell."""
    estimate: NDArray[np.float64] | float = 0.0
    influence: NDArray[np.float64] | float = 0.0
    for side, sign in ((treated, 1.0), (controls, -1.0)):
        share = side * weights[:, None]
        share = share / share.sum(axis=0)
        mean = (share * change).sum(axis=0)
        estimate = estimate + sign * mean
        influence = influence + sign * len(weights) * share * (change - mean)
    return estimate, influence  # type: ignore[return-value]


def _adjusted(panel: Panel, design: Design, earlier: NDArray[np.int64], change: NDArray[np.float64],
              treated: NDArray[np.bool_], controls: NDArray[np.bool_]
              ) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """The same with covariates; cells that share units and covariates share one model."""
    import numpy as np

    alike: dict[bytes, list[int]] = {}
    for cell in range(change.shape[1]):
        base = panel.covariates[:, :, earlier[cell]]
        key = treated[:, cell].tobytes() + controls[:, cell].tobytes() + base.tobytes()
        alike.setdefault(key, []).append(cell)
    estimate = np.full(change.shape[1], np.nan)
    influence = np.zeros(change.shape)
    set_aside = 0
    for cells in alike.values():
        inside = treated[:, cells[0]]
        rows = np.flatnonzero(inside | controls[:, cells[0]])
        beside = np.column_stack([np.ones(len(rows)), panel.covariates[:, rows, earlier[cells[0]]].T])
        try:
            one = _Sample(beside, inside[rows].astype(float), panel.weights[rows], change[rows][:, cells])
            values, scores, aside = one.answer(design.estimator)
        except NoComparison:
            continue
        estimate[cells] = values
        influence[rows[:, None], np.array(cells)] = scores * len(panel) / len(rows)
        set_aside = max(set_aside, aside)
    return estimate, influence, set_aside


@dataclass(frozen=True)
class _Sample:
    """One comparison with covariates: ``beside`` (units x covariates, ones first), ``inside`` (units, 1 if treated),
    ``weights`` (units), ``change`` (units x cells).
    """

    beside: NDArray[np.float64]
    inside: NDArray[np.float64]
    weights: NDArray[np.float64]
    change: NDArray[np.float64]

    def answer(self, estimator: Estimator) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
        """Effects (cells), their influence (units x cells), and how many controls were set aside.

        Source: Sant'Anna and Zhao (2020), Journal of Econometrics 219:101-122: doubly robust equation 2.6 with the
        influence function of section 3.1 (logit and least squares), outcome regression equation 2.2, inverse
        probability weighting with weights that sum to one (equation 2.4, as Hajek). Estimated logit and regression add
        their own terms to the influence.
        """
        if estimator == "regression":
            values, scores = self._regression()
            return values, scores, 0
        chance, of_chance = self._logit()
        kept = (self.inside > 0) | (chance < ALMOST_CERTAIN)
        aside = int((~kept).sum())
        like = kept * self.weights * chance * (1 - self.inside) / (1 - chance)
        if not like.sum() > 0:
            raise NoComparison("no untreated unit resembles the treated")
        if estimator == "weighting":
            values, scores = self._weighting(like, of_chance)
        else:
            values, scores = self._doubly_robust(like, of_chance)
        return values, scores, aside

    def _outcome(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Changes foretold by the controls, and what is needed to carry the error of foretelling on: the inverse of
        the controls' covariate products, and each unit's score (units x covariates x cells is never formed).
        """
        import numpy as np

        count = len(self.inside)
        size = self.weights * (1 - self.inside)
        products = (self.beside * size[:, None]).T @ self.beside / count
        inverse = _inverse(products, "the controls are too few, or too alike, for these covariates")
        slopes = inverse @ ((self.beside * size[:, None]).T @ self.change / count)
        foretold = self.beside @ slopes
        return foretold, inverse, np.asarray(size[:, None] * (self.change - foretold))

    def _logit(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The chance of being treated given covariates, and its estimator's influence (units x covariates)."""
        import numpy as np

        scale = np.maximum(np.abs(self.beside).max(axis=0), 1e-300)
        beside = self.beside / scale
        coefficients = np.zeros(beside.shape[1])
        chance = np.full(len(beside), 0.5)
        for _ in range(60):
            spread = self.weights * chance * (1 - chance)
            inverse = _inverse((beside * spread[:, None]).T @ beside, "no untreated unit resembles the treated")
            move = inverse @ (beside.T @ (self.weights * (self.inside - chance)))
            coefficients = coefficients + move
            chance = 1 / (1 + np.exp(-np.clip(beside @ coefficients, -40, 40)))
            if np.abs(move).max() < 1e-12 * (1 + np.abs(coefficients).max()):
                break
        else:
            raise NoComparison("the covariates part treated from untreated without remainder")
        chance = np.minimum(chance, 1 - 1e-6)
        spread = self.weights * chance * (1 - chance)
        information = _inverse((beside * spread[:, None]).T @ beside / len(beside),
                               "no untreated unit resembles the treated")
        scores = (self.weights * (self.inside - chance))[:, None] * beside
        return chance, (scores @ information) / scale

    def _mean(self, size: NDArray[np.float64], values: NDArray[np.float64]
              ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """A weighted mean (cells) and its influence (units x cells)."""
        mean = (size[:, None] * values).sum(axis=0) / size.sum()
        return mean, size[:, None] * (values - mean) / size.mean()

    def _regression(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        foretold, inverse, errors = self._outcome()
        own = self.weights * self.inside
        mean, scores = self._mean(own, self.change - foretold)
        pull = (own[:, None] * self.beside).mean(axis=0) / own.mean()
        return mean, scores - (self.beside @ (inverse @ pull))[:, None] * errors

    def _weighting(self, like: NDArray[np.float64], of_chance: NDArray[np.float64]
                   ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        own = self.weights * self.inside
        mean, scores = self._mean(own, self.change)
        other, other_scores = self._mean(like, self.change)
        pull = self.beside.T @ (like[:, None] * (self.change - other)) / len(like) / like.mean()
        return mean - other, scores - other_scores - of_chance @ pull

    def _doubly_robust(self, like: NDArray[np.float64], of_chance: NDArray[np.float64]
                       ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        foretold, inverse, errors = self._outcome()
        own, left = self.weights * self.inside, self.change - foretold
        mean, scores = self._mean(own, left)
        other, other_scores = self._mean(like, left)
        through_chance = self.beside.T @ (like[:, None] * (left - other)) / len(like) / like.mean()
        pull = ((own[:, None] * self.beside).mean(axis=0) / own.mean()
                - (like[:, None] * self.beside).mean(axis=0) / like.mean())
        through_outcome = (self.beside @ (inverse @ pull))[:, None] * errors
        return mean - other, scores - other_scores - of_chance @ through_chance - through_outcome


def _inverse(matrix: NDArray[np.float64], why: str) -> NDArray[np.float64]:
    """The inverse of a symmetric matrix, or no comparison where it has none to speak of."""
    import numpy as np

    scale = np.sqrt(np.diag(matrix))
    if not np.isfinite(matrix).all() or not (scale > 0).all():
        raise NoComparison(why)
    balanced = matrix / np.outer(scale, scale)
    if np.linalg.cond(balanced) > 1e13:
        raise NoComparison(why)
    return np.asarray(np.linalg.inv(balanced) / np.outer(scale, scale))
