"""What a synthetic control must stand up to: placebos among the donors and in time, and donors left out one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from evenhand.evaluate.synthetic_fit import Fitted, Kind, fit, with_units
from evenhand.evaluate.synthetic_panel import Panel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORTH_LEAVING_OUT = 0.01
"""Donors with a smaller weight are not left out one by one: nothing would change."""
EXCLUSIONS = (20.0, 5.0, 2.0)
"""Abadie, Diamond and Hainmueller (2010) leave out placebos whose mean squared gap before the start is so many times
the treated unit's."""
MOST_DONORS_COMPARED = 250
"""Beyond so many the other methods are not run beside the one asked for: their sums grow with the cube."""


@dataclass(frozen=True)
class Placebos:
    """Each unit in turn as if the change had come to it (the treated one first), fitted from the donors alone.

    Arrays have shape units: ``ratio`` of the mean squared gap from the start on over that before; ``past`` and
    ``later``, those two; ``mean_gap``; ``gaps`` has shape (periods, units).
    """

    units: tuple[str, ...]
    ratio: NDArray[np.float64]
    past: NDArray[np.float64]
    later: NDArray[np.float64]
    mean_gap: NDArray[np.float64]
    gaps: NDArray[np.float64]
    by: str

    @property
    def size(self) -> NDArray[np.float64]:
        """What units are ranked by."""
        import numpy as np

        return self.ratio if self.by == "ratio" else np.abs(self.mean_gap)

    def rank(self, kept: NDArray[np.bool_] | None = None) -> tuple[int, int]:
        """Place of the treated unit among those kept, the largest first, ties against it; and of how many."""
        import numpy as np

        among = np.ones(len(self.units), bool) if kept is None else kept
        size = self.size[among]
        return int((size >= self.size[0] * (1 - 1e-9)).sum()), int(among.sum())


def placebos(panel: Panel, found: Fitted, kind: Kind) -> Placebos:
    """Placebos in space.

    Source:
        Abadie, Diamond and Hainmueller (2010), section 3.3: the ratio needs no cut-off for poor fits, as each unit's
        own fit stands below the line. The other two methods fit the past with an intercept or past the simplex; their
        units are ranked by the size of the mean gap, as Arkhangelsky and others (2021), algorithm 4.
    """
    import numpy as np

    every = [found]
    # A donor by itself has nobody to be mixed from.
    for column in range(1, len(panel.units) if len(panel.units) > 2 else 1):
        others = [place for place in range(1, len(panel.units)) if place != column]
        every.append(fit(with_units(panel, [column, *others]), kind,
                         penalty=found.penalty if kind == "synthetic-difference" else None))
    gaps = np.column_stack([each.gaps for each in every])
    past, later = (gaps[panel.before] ** 2).mean(axis=0), (gaps[~panel.before] ** 2).mean(axis=0)
    # What rounding leaves of an exact fit is no gap.
    dust = 1e-18 * np.maximum((panel.outcomes[:, :len(every)] ** 2).mean(axis=0), 1e-280)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(later <= dust, 0.0, np.where(past <= dust, np.inf, later / np.maximum(past, dust)))
    return Placebos(panel.units[:len(every)], ratio, past, later, gaps[~panel.before].mean(axis=0), gaps,
                    "ratio" if kind == "synthetic" else "mean_gap")


def standing(found: Placebos, times_worse: float) -> dict[str, Any]:
    """Where the treated unit stands among the placebos, all of them and after leaving out those that fit poorly."""
    rank, of = found.rank()
    exclusions = []
    for limit in dict.fromkeys((times_worse, *EXCLUSIONS)):
        kept = found.past <= limit * found.past[0]
        kept[0] = True
        own, many = found.rank(kept)
        exclusions.append({"times": limit, "excluded": [unit for unit, stays in zip(found.units, kept, strict=True)
                                                        if not stays], "rank": own, "of": many, "p": own / many})
    return {"rank": rank, "of": of, "p": rank / of, "floor": 1 / of, "by": found.by, "after_exclusion": exclusions}


def moved_back(panel: Panel, starts: Sequence[int], kind: Kind) -> list[dict[str, Any]]:
    """Placebos in time: the start moved back to periods where nothing happened, the periods after the real one unseen.

    Each is fitted to every outcome before the moved start. A gap as large as the real one is a warning.
    """
    import numpy as np

    rows = []
    past = np.flatnonzero(panel.before)
    for start in starts:
        before = np.arange(len(past)) < start
        earlier = replace(panel, labels=tuple(panel.labels[at] for at in past), outcomes=panel.outcomes[past],
                          before=before, fitted=before, start=panel.labels[past[start]], predictors=None,
                          importance=None, training=None)
        found = fit(earlier, kind)
        own_past, own_later = found.mean_square(earlier)
        rows.append({"start": earlier.start, "periods_before": int(before.sum()), "periods": int((~before).sum()),
                     "mean_gap": found.mean_gap(earlier), "pre_rmse": own_past ** 0.5, "rmse": own_later ** 0.5})
    return rows


def moved_starts(panel: Panel, least: int) -> list[int]:
    """Places to move the start back to: half-way and two thirds through the past, where enough lies on either side."""
    many = int(panel.before.sum())
    return [place for place in dict.fromkeys((many // 2, 2 * many // 3)) if place >= least and many - place >= 2]


def left_out(panel: Panel, found: Fitted, kind: Kind) -> list[dict[str, Any]]:
    """The mean gap with each donor that carries weight left out in turn, the heaviest first."""
    import numpy as np

    rows: list[dict[str, Any]] = []
    if len(panel.donors) < 2:
        return rows
    for place in np.argsort(-np.abs(found.weights), kind="stable"):
        if abs(found.weights[place]) < WORTH_LEAVING_OUT:
            break
        others = [column for column in range(len(panel.units)) if column != place + 1]
        narrowed = with_units(panel, others)
        again = fit(narrowed, kind)
        rows.append({"without": panel.donors[place], "weight": float(found.weights[place]),
                     "mean_gap": again.mean_gap(narrowed), "pre_rmse": again.mean_square(narrowed)[0] ** 0.5})
    return rows


def other_ways(panel: Panel, kind: Kind) -> list[dict[str, Any]]:
    """The mean gap by the other methods, by outcomes alone, by a longer search, and against donors all alike."""
    rows: list[dict[str, Any]] = []

    def add(how: str, one: Fitted, given: Panel) -> None:
        rows.append({"how": how, "mean_gap": one.mean_gap(given), "pre_rmse": one.mean_square(given)[0] ** 0.5})

    import numpy as np

    if panel.predictors is not None and kind == "synthetic":
        bare = replace(panel, predictors=None, importance=None, training=None)
        add("matched by the outcome alone", fit(bare), bare)
        if panel.importance is None:
            add("predictors weighed by a longer search", fit(panel, thorough=True), panel)
    if len(panel.donors) <= MOST_DONORS_COMPARED:
        for other, how in (("synthetic", "synthetic control"), ("augmented", "augmented synthetic control"),
                           ("synthetic-difference", "synthetic difference-in-differences")):
            if other != kind:
                add(how, fit(panel, other), panel)  # type: ignore[arg-type]
    gap = panel.outcomes[:, 0] - panel.outcomes[:, 1:].mean(axis=1)
    gap = gap - gap[panel.before].mean()
    many = len(panel.donors)
    add("plain difference-in-differences, donors alike", Fitted(np.full(many, 1 / many), gap, gap), panel)
    return rows


def systematic(gaps: NDArray[np.float64]) -> float:
    """How much larger the gaps are than their own step-to-step jitter accounts for: about 1 for gaps of pure chance."""
    import numpy as np

    size = float(np.sqrt((gaps ** 2).mean()))
    if len(gaps) < 2 or size == 0:
        return 1.0
    jitter = float(np.sqrt((np.diff(gaps) ** 2).mean() / 2))
    return size / jitter if jitter > 0 else float("inf")


def usual_difference(panel: Panel) -> float:
    """The usual difference between donors before the start: their standard deviation at a period, root mean square."""
    import numpy as np

    donors = panel.outcomes[panel.before][:, 1:]
    if donors.shape[1] > 1:
        return float(np.sqrt(donors.var(axis=1, ddof=1).mean()))
    return float(donors.std())
