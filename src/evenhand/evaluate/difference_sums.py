"""What group-time effects add up to: simple, by group, by time since the start, by calendar; and how sure each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from evenhand.evaluate.difference_effects import Effects
from evenhand.evaluate.difference_panel import Panel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Summary = Literal["group", "simple", "dynamic", "calendar"]
DUST = 1e-10
UNITS_FOR_EACH = 10
"""A test of several effects at once needs so many units in a group for each of them; with fewer it finds too much."""
DRAWS_AT_ONCE = 64


@dataclass(frozen=True)
class Sum:
    """An average of effects: what it is of, its value, its influence (units), and the cells it is an average of."""

    of: Any
    estimate: float
    influence: NDArray[np.float64]
    cells: NDArray[np.int64]

    @property
    def standard_error(self) -> float:
        """The root of the sum of squared influence over the number of units (clustered at the unit)."""
        import numpy as np

        return float(np.sqrt(self.influence @ self.influence) / len(self.influence))


@dataclass(frozen=True)
class Sums:
    """One way of adding up: ``overall`` (none where nothing can be added) and its ``parts``."""

    overall: Sum | None
    parts: tuple[Sum, ...]


class Adding:
    """Adds up group-time effects, carrying along that the sizes of the groups are estimates too.

    Source: Callaway and Sant'Anna (2021), section 3.2 and corollary 2; table 1 names the averages.
    """

    def __init__(self, panel: Panel, effects: Effects) -> None:
        import numpy as np

        known = effects.only(np.isfinite(effects.estimate))
        self.panel, self.effects = panel, known
        self.groups = panel.groups
        member = (panel.start[:, None] == self.groups[None, :]) * panel.weights[:, None]
        self.shares = member.mean(axis=0)
        self._scatter = member - self.shares
        self._place = np.searchsorted(self.groups, known.group)
        self.after = known.time >= known.group
        self.event = np.array([panel.event(int(group), int(time))
                               for group, time in zip(known.group, known.time, strict=True)])

    def _by_size(self, of: Any, cells: NDArray[np.int64]) -> Sum:
        """Cells weighed by the size of their group; the sizes' own uncertainty is carried along."""
        share = self.shares[self._place[cells]]
        total = share.sum()
        weights = share / total
        values = self.effects.estimate[cells]
        estimate = float(weights @ values)
        influence = (self.effects.influence[:, cells] @ weights
                     + self._scatter[:, self._place[cells]] @ ((values - estimate) / total))
        return Sum(of, estimate, influence, cells)

    def _mean(self, of: Any, parts: Sequence[Sum]) -> Sum | None:
        import numpy as np

        if not parts:
            return None
        return Sum(of, float(np.mean([each.estimate for each in parts])),
                   np.mean([each.influence for each in parts], axis=0),
                   np.concatenate([each.cells for each in parts]))

    def simple(self) -> Sum | None:
        """Every group-time effect after the start, weighed by the size of the group."""
        import numpy as np

        cells = np.flatnonzero(self.after)
        return self._by_size("simple", cells) if len(cells) else None

    def group(self) -> Sums:
        """Each group's mean effect since its start; overall weighed by the size of the group."""
        import numpy as np

        parts, places = [], []
        for place, group in enumerate(self.groups):
            cells = np.flatnonzero(self.after & (self.effects.group == group))
            if len(cells):
                parts.append(Sum(int(group), float(self.effects.estimate[cells].mean()),
                                 self.effects.influence[:, cells].mean(axis=1), cells))
                places.append(place)
        if not parts:
            return Sums(None, ())
        share = self.shares[places]
        values = np.array([each.estimate for each in parts])
        estimate = float(share @ values / share.sum())
        influence = (np.column_stack([each.influence for each in parts]) @ (share / share.sum())
                     + self._scatter[:, places] @ ((values - estimate) / share.sum()))
        return Sums(Sum("group", estimate, influence, np.concatenate([each.cells for each in parts])), tuple(parts))

    def dynamic(self) -> Sums:
        """By steps since the start, negative before it; overall the plain mean from the start on."""
        import numpy as np

        parts = [self._by_size(float(event), np.flatnonzero(self.event == event)) for event in np.unique(self.event)]
        return Sums(self._mean("dynamic", [each for each in parts if each.of >= 0]), tuple(parts))

    def calendar(self) -> Sums:
        """By period, over the groups treated by then; overall the plain mean."""
        import numpy as np

        times = np.unique(self.effects.time[self.after])
        parts = [self._by_size(int(time), np.flatnonzero(self.after & (self.effects.time == time))) for time in times]
        return Sums(self._mean("calendar", parts), tuple(parts))

    def cells(self) -> tuple[Sum, ...]:
        """Each group-time effect by itself."""
        import numpy as np

        return tuple(Sum(cell, float(self.effects.estimate[cell]), self.effects.influence[:, cell], np.array([cell]))
                     for cell in range(len(self.effects)))

    def overall(self, summary: Summary) -> Sum | None:
        """The one figure that a way of adding up gives."""
        ways = {"group": self.group, "dynamic": self.dynamic, "calendar": self.calendar}
        return self.simple() if summary == "simple" else ways[summary]().overall

    def of_all(self) -> Sum | None:
        """Every cell there is, weighed by the size of its group: what a placebo adds up to."""
        import numpy as np

        return self._by_size("placebo", np.arange(len(self.effects))) if len(self.effects) else None

    def standard_error(self, one: Sum) -> float | None:
        """Its standard error; none where nothing varies, or where most of it rests on single units.

        A group of one unit, or a lone control, shows no scatter of its own: an error made without it would be too
        small.
        """
        treated, controls = self.effects.treated[one.cells], self.effects.controls[one.cells]
        alone = (treated == 1) | (controls == 1)
        error = one.standard_error
        if treated[alone].sum() > treated.sum() / 2 or error <= DUST * (1 + abs(one.estimate)):
            return None
        return error


def pre_test(panel: Panel, effects: Effects, anticipation: int) -> dict[str, Any]:
    """Whether the group-time effects before the start are all nought, taken together (Wald).

    ``statistic`` is chi-square on ``degrees_of_freedom`` if they are. ``p_value`` is null, with ``because``, where
    there is nothing to test or the effects hang together too closely to be tested at once.

    Source: Callaway and Sant'Anna (2021), section 4; as the R package did prints it.
    """
    import numpy as np
    from scipy.special import chdtrc

    early = (panel.steps[effects.time] < panel.steps[effects.group] - anticipation) & (effects.time != effects.before)
    cells = np.flatnonzero(early & np.isfinite(effects.estimate))
    none = {"statistic": None, "degrees_of_freedom": len(cells), "p_value": None, "rough": False}
    if not len(cells):
        return {**none, "because": "no group has two periods before its start"}
    values, influence = effects.estimate[cells], effects.influence[:, cells]
    covariance = influence.T @ influence / len(panel) ** 2
    spread = np.sqrt(np.diag(covariance))
    if not (spread > DUST * (1 + np.abs(values))).all():
        return {**none, "because": "some effects before the start do not vary at all"}
    alike = covariance / np.outer(spread, spread)
    if len(cells) >= len(panel) or np.linalg.cond(alike) > 1e12:
        return {**none, "because": "there are more effects before the start than the units can tell apart"}
    scaled = values / spread
    statistic = float(scaled @ np.linalg.solve(alike, scaled))
    return {"statistic": statistic, "degrees_of_freedom": len(cells), "p_value": float(chdtrc(len(cells), statistic)),
            "rough": _rough(effects.only(early & np.isfinite(effects.estimate))), "because": None}


def _rough(early: Effects) -> bool:
    """Whether a group has fewer units than a test of its effects before the start at once needs."""
    import numpy as np

    groups, tested = np.unique(early.group, return_counts=True)
    fewest = np.array([early.treated[early.group == group].min() for group in groups])
    return bool((fewest < UNITS_FOR_EACH * tested).any() or early.controls.min() < UNITS_FOR_EACH * tested.max())


def by_event(adding: Adding, parts: Sequence[tuple[Sum, float | None]], anticipation: int, *, draws: int,
             seed: int) -> dict[str, Any] | None:
    """Whether any step before the start stands out: the largest in standard errors, and how often chance gets so far.

    Steadier than the test of all group-time effects at once where groups are small. None where no step before the
    start has an error.

    Source: as ``band_widths``.
    """
    import numpy as np

    early = [(part, error) for part, error in parts if part.of < -anticipation and error is not None]
    if not early:
        return None
    # A group of n shows (n - 1)/n of its scatter: with groups of ten a twentieth of every error is missing.
    treated = adding.effects.treated
    largest = max(abs(part.estimate) / error * np.sqrt(1 - len(part.cells) / treated[part.cells].sum())
                  for part, error in early)
    (drawn,) = _largest_draws([early], draws=draws, seed=seed)
    assert drawn is not None
    beyond = int(np.sum(drawn >= largest))
    return {"largest": float(largest), "steps": len(early), "p_value": (1 + beyond) / (draws + 1)}


def band_widths(sums: Sequence[Sequence[tuple[Sum, float | None]]], *, confidence: float, draws: int,
                seed: int) -> list[float | None]:
    """For each list of averages with their errors, how many errors reach all of them at once (none without any).

    A multiplier bootstrap of the influence functions with Mammen's two-point weights: the quantile of the largest
    studentised draw.

    Source: Callaway and Sant'Anna (2021), algorithm 1; Mammen (1993), Annals of Statistics 21:255-285.
    """
    import numpy as np

    from evenhand.stats.intervals import normal_quantile

    least = normal_quantile(confidence)
    return [None if drawn is None else max(least, float(np.quantile(drawn, confidence)))
            for drawn in _largest_draws(sums, draws=draws, seed=seed)]


def _largest_draws(sums: Sequence[Sequence[tuple[Sum, float | None]]], *, draws: int,
                   seed: int) -> list[NDArray[np.float64] | None]:
    """For each list, the largest studentised draw of every multiplier (draws)."""
    import numpy as np

    rng = np.random.default_rng(seed)
    columns, which = [], []
    for place, every in enumerate(sums):
        for one, error in every:
            if error is not None:
                columns.append(one.influence / (error * len(one.influence)))
                which.append(place)
    if not columns:
        return [None] * len(sums)
    scaled, of = np.column_stack(columns), np.array(which)
    largest = np.zeros((draws, len(sums)))
    root = np.sqrt(5.0)
    for first in range(0, draws, DRAWS_AT_ONCE):
        many = min(DRAWS_AT_ONCE, draws - first)
        low = rng.random((many, len(scaled))) < (root + 1) / (2 * root)
        drawn = np.abs(np.where(low, (1 - root) / 2, (1 + root) / 2) @ scaled)
        for place in set(which):
            largest[first:first + many, place] = drawn[:, of == place].max(axis=1)
    return [largest[:, place] if place in which else None for place in range(len(sums))]
