"""Weights and scores drawn many times over, in blocks, and what came of it counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.appraise.smaa_model import Uncertain
from evenhand.appraise.smaa_weights import Knowledge

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# So many numbers at once: about 32 MB an array, a handful of which are alive together.
AT_ONCE = 4_000_000
NEAR = 1e-9
PAIRS_UP_TO = 30
ALL_DRAWS_UP_TO = 20
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Laid:
    """Scores on their scales, more always being better: certain ones as they are, the others as what to draw.

    ``exact`` has shape (alternatives, criteria), 0 where a score is drawn or does not apply; ``applies`` likewise.
    ``at`` are the places of drawn scores in the flattened table; ``kinds`` 1 interval, 2 normal, 3 lognormal.
    """

    exact: NDArray[np.float64]
    applies: NDArray[np.bool_]
    at: NDArray[np.int64]
    kinds: NDArray[np.int64]
    first: NDArray[np.float64]
    second: NDArray[np.float64]
    worst: NDArray[np.float64]
    span: NDArray[np.float64]

    def drawn(self, draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Values of every option on every criterion, shape (draws, alternatives, criteria)."""
        import numpy as np

        values = np.empty((draws, self.exact.size))
        values[:] = self.exact.ravel()
        if len(self.at):
            chance = np.empty((draws, len(self.at)))
            spread = self.kinds != 1
            chance[:, spread] = rng.standard_normal((draws, int(spread.sum())))
            chance[:, ~spread] = rng.random((draws, int((~spread).sum())))
            chance *= self.second
            chance += self.first
            curved = self.kinds == 3
            if curved.any():
                chance[:, curved] = np.exp(chance[:, curved])
            chance -= self.worst
            chance /= self.span
            values[:, self.at] = chance
        return values.reshape(draws, *self.exact.shape)


@dataclass(frozen=True)
class Counted:
    """What came of the draws. Shapes: ranks (alternatives, ranks); central and its spread (alternatives, criteria),
    missing where an option was never first; confidence (alternatives,); mean_weights (criteria,); better
    (alternatives, alternatives) or ``None``. All but the weights are shares of the draws.
    """

    draws: int
    confidence_draws: int
    ranks: NDArray[np.float64]
    central: NDArray[np.float64]
    central_half_width: NDArray[np.float64]
    confidence: NDArray[np.float64]
    mean_weights: NDArray[np.float64]
    mean_half_width: NDArray[np.float64]
    better: NDArray[np.float64] | None
    tied: float


def laid(model: Uncertain, ends: Sequence[tuple[float, float]]) -> Laid:
    """The model's scores on scales with these ends, the worst first."""
    import numpy as np

    kinds = {"interval": 1, "normal": 2, "lognormal": 3}
    shape = (len(model.options.alternatives), len(model.options.criteria))
    exact, applies = np.zeros(shape), np.ones(shape, dtype=bool)
    rows: list[tuple[int, int, float, float, float, float]] = []
    for row, cells in enumerate(model.measured):
        for place, cell in enumerate(cells):
            worst, best = ends[place]
            if cell is None:
                applies[row, place] = False
            elif best == worst:
                # Nothing tells the options apart on this criterion.
                continue
            elif cell.is_certain:
                exact[row, place] = (cell.central - worst) / (best - worst)
            else:
                width = cell.second - cell.first if cell.kind == "interval" else cell.second
                rows.append((row * shape[1] + place, kinds[cell.kind], cell.first, width, worst, best - worst))
    table = np.array(rows, dtype=float).reshape(-1, 6)
    return Laid(exact, applies, table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2], table[:, 3],
                table[:, 4], table[:, 5])


def counted(scores: Laid, known: Sequence[Knowledge], draws: int, rng: np.random.Generator) -> Counted:
    """Draw so many sets of weights and scores, an even share for each of ``known``, and count the ranks.

    Where options tie, lot decides between them, so that each rank is held by one option in every draw.
    """
    import numpy as np

    options, criteria = scores.exact.shape
    ranks = np.zeros((options, options))
    sums, squares, firsts = np.zeros((options, criteria)), np.zeros((options, criteria)), np.zeros(options)
    total, total_squares = np.zeros(criteria), np.zeros(criteria)
    better = np.zeros((options, options)) if options <= PAIRS_UP_TO else None
    tied = 0
    for weights in _blocks(scores, known, draws, rng):
        values = _values(scores, weights, rng)
        order, ties = _ordered(values, rng)
        tied += ties
        flat = (order * options + np.arange(options)).ravel()
        ranks += np.bincount(flat, minlength=options * options).reshape(options, options)
        first = order[:, 0]
        firsts += np.bincount(first, minlength=options)
        for place in range(criteria):
            column = weights[:, place]
            sums[:, place] += np.bincount(first, weights=column, minlength=options)
            squares[:, place] += np.bincount(first, weights=column * column, minlength=options)
        total += weights.sum(axis=0)
        total_squares += (weights * weights).sum(axis=0)
        if better is not None:
            for one in range(options):
                gaps = values[:, [one]] - values
                near = NEAR * np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-300)
                better[one] += (gaps > near).sum(axis=0) + 0.5 * (np.abs(gaps) <= near).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        central = sums / firsts[:, None]
        spread = np.sqrt(np.maximum(squares / firsts[:, None] - central**2, 0) / firsts[:, None])
    mean = total / draws
    tries = draws if options <= ALL_DRAWS_UP_TO else max(10_000, draws * ALL_DRAWS_UP_TO // options)
    tries = min(tries, draws) if len(scores.at) else 1
    return Counted(draws, tries, ranks / draws, central, Z95 * spread, _confidence(scores, central, tries, rng), mean,
                   Z95 * np.sqrt(np.maximum(total_squares / draws - mean**2, 0) / draws),
                   None if better is None else better / draws, tied / draws)


def _blocks(scores: Laid, known: Sequence[Knowledge], draws: int,
            rng: np.random.Generator) -> Iterator[NDArray[np.float64]]:
    """Sets of weights, block by block, an even share for each of what is known."""
    import numpy as np

    per_draw = scores.exact.size if len(scores.at) else sum(scores.exact.shape)
    size = max(1, AT_ONCE // per_draw)
    shares = np.diff(np.linspace(0, draws, len(known) + 1).round().astype(int))
    for each, share in zip(known, shares, strict=True):
        done = 0
        while done < share:
            now = int(min(size, share - done))
            yield each.drawn(now, rng)
            done += now


def _values(scores: Laid, weights: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """The value of every option, shape (draws, alternatives)."""
    import numpy as np

    if len(scores.at):
        values = np.matmul(scores.drawn(len(weights), rng), weights[:, :, None])[:, :, 0]
    else:
        values = weights @ scores.exact.T
    if not scores.applies.all():
        # What does not apply to an option gives its weight to the option's other criteria, in proportion.
        applying = weights @ scores.applies.T.astype(float)
        values = np.divide(values, applying, out=np.zeros_like(values), where=applying > 0)
    return np.asarray(values)


def _ordered(values: NDArray[np.float64], rng: np.random.Generator) -> tuple[NDArray[np.int64], int]:
    """Options from first to last in each draw, and in how many draws some tied."""
    import numpy as np

    order = np.argsort(-values, axis=1)
    sorted_values = np.take_along_axis(values, order, axis=1)
    near = NEAR * np.maximum(np.abs(sorted_values[:, [0, -1]]).max(axis=1), 1e-300)
    ties = (sorted_values[:, :-1] - sorted_values[:, 1:] <= near[:, None]).any(axis=1)
    if ties.any():
        lots = rng.random((int(ties.sum()), values.shape[1])) * (100 * near[ties])[:, None]
        order[ties] = np.argsort(-(values[ties] + lots), axis=1)
    return order, int(ties.sum())


def _confidence(scores: Laid, central: NDArray[np.float64], draws: int,
                rng: np.random.Generator) -> NDArray[np.float64]:
    """How often each option is first with its own central weights; missing for those never first."""
    import numpy as np

    there = np.flatnonzero(~np.isnan(central).any(axis=1))
    share = np.full(len(central), np.nan)
    wins = np.zeros(len(there))
    weights = central[there]
    applying = scores.applies.astype(float) @ weights.T
    size = max(1, AT_ONCE // (scores.exact.size + len(central) * len(there)))
    done = 0
    while done < draws:
        now = min(size, draws - done)
        values = scores.drawn(now, rng) @ weights.T
        values = np.divide(values, applying, out=np.zeros_like(values), where=applying > 0)
        top = values.max(axis=1)
        close = values >= (top - NEAR * np.maximum(np.abs(top), 1e-300))[:, None, :]
        own = close[:, there, np.arange(len(there))]
        wins += (own / close.sum(axis=1)).sum(axis=0)
        done += now
    share[there] = wins / draws
    return share
