"""Groups of opinion: votes laid on a plane of two axes, near ones joined, and how well the groups hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENTRY, TOP_UP, CLUSTERS, MOST_GROUPS, RESTARTS, TURNS = 7, 15, 100, 5, 10, 100
NEARLY = 0.03
PART_KEPT = 0.8


@dataclass(frozen=True)
class Laid:
    """Where participants lie: shape (participants, 2), and what share of the spread of votes the two axes hold."""

    places: NDArray[np.float64]
    share: float


def entered(votes: NDArray[np.float64], least: int) -> NDArray[np.bool_]:
    """Who voted often enough to be grouped: at least ``least`` votes, or as many as there are statements where those
    are fewer; where this leaves fewer than fifteen, those with the most votes are taken in up to fifteen.
    """
    import numpy as np

    counts = np.sum(~np.isnan(votes), axis=1)
    inside = counts >= min(least, votes.shape[1])
    if inside.sum() < TOP_UP:
        for place in np.argsort(-counts, kind="stable")[:TOP_UP]:
            inside[place] |= counts[place] > 0
    return np.asarray(inside)


def laid(votes: NDArray[np.float64]) -> Laid:
    """Principal components of votes (1, 0, -1; nan not seen), two axes, those with few votes pushed outwards.

    Unseen votes stand at the statement's mean, which is nought once centred; the projection is stretched by the square
    root of statements over votes seen, so that a participant is not drawn to the middle for having seen little
    (Small and others 2021, Recerca 26(2), section 4; Pearson 1901, Philosophical Magazine 2, 559-572).
    """
    import numpy as np

    seen = ~np.isnan(votes)
    means = np.where(seen.any(axis=0), np.nansum(votes, axis=0) / np.maximum(seen.sum(axis=0), 1), 0.0)
    centred = np.where(seen, votes - means, 0.0)
    _, spread, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:2]
    if axes.shape[0] < 2:
        axes = np.vstack([axes, np.zeros((2 - axes.shape[0], axes.shape[1]))])
    # The sign of an axis is arbitrary: its largest part is made positive, so that the picture never flips.
    largest = np.abs(axes).argmax(axis=1)
    axes = axes * np.where(axes[np.arange(2), largest] < 0, -1.0, 1.0)[:, None]
    stretched = np.sqrt(votes.shape[1] / np.maximum(seen.sum(axis=1), 1))
    total = float((spread**2).sum())
    return Laid(centred @ axes.T * stretched[:, None], float((spread[:2] ** 2).sum()) / total if total else 0.0)


def grouped(places: NDArray[np.float64], groups: int | None, seed: int) -> tuple[NDArray[np.int64], dict[int, float]]:
    """The group of each place, 0 the largest, and the silhouette of each number of groups that was tried.

    Places are first joined into at most 100 small clusters; these are grouped by weighted means for 2 up to
    min(5, 2 + clusters / 12) groups. Unless ``groups`` says a number, it is the one with the best silhouette, or the
    fewest groups whose silhouette is less than 0.03 below it: a further group must show.
    """
    import numpy as np

    generator = np.random.default_rng(seed)
    distinct, of = np.unique(places, axis=0, return_inverse=True)
    of = of.ravel()
    if len(distinct) > CLUSTERS:
        of = _means(places, np.ones(len(places)), CLUSTERS, generator, restarts=1)
    sizes = np.bincount(of).astype(float)
    kept = np.flatnonzero(sizes)
    of, sizes = np.searchsorted(kept, of), sizes[kept]
    centres = np.stack([np.bincount(of, places[:, axis]) / sizes for axis in range(2)], axis=1)
    most = min(MOST_GROUPS, 2 + len(centres) // 12)
    told: dict[int, float] = {}
    tried: dict[int, NDArray[np.int64]] = {}
    for number in [groups] if groups else range(2, most + 1):
        if len(centres) < number:
            continue
        found = _means(centres, sizes, number, generator, restarts=RESTARTS)
        told[number], tried[number] = silhouette(centres, found), found
    fewest = min((number for number, value in told.items() if value >= max(told.values()) - NEARLY), default=0)
    member = (tried[fewest] if fewest else np.zeros(len(centres), dtype=np.int64))[of]
    count = np.bincount(member)
    order = sorted(range(len(count)), key=lambda each: (-count[each], int(np.flatnonzero(member == each)[0])
                                                        if count[each] else len(member)))
    rank = np.empty(len(count), dtype=np.int64)
    rank[order] = np.arange(len(count))
    return rank[member], told


def _means(points: NDArray[np.float64], weights: NDArray[np.float64], number: int, generator: np.random.Generator, *,
           restarts: int) -> NDArray[np.int64]:
    """K-means by Lloyd (1982, IEEE Transactions on Information Theory 28, 129-137), from starts spread out as by Arthur
    and Vassilvitskii (2007, Symposium on Discrete Algorithms 18, 1027-1035); the best of some.
    """
    import numpy as np

    best, least = np.zeros(len(points), dtype=np.int64), np.inf
    for _ in range(restarts):
        centres = points[[generator.choice(len(points), p=weights / weights.sum())]]
        while len(centres) < number:
            far = np.min(_squares(points, centres), axis=1) * weights
            if not far.sum():
                break
            centres = np.vstack([centres, points[generator.choice(len(points), p=far / far.sum())]])
        member = np.full(len(points), -1)
        for _ in range(TURNS):
            now = _squares(points, centres).argmin(axis=1)
            if (now == member).all():
                break
            member = now
            size = np.bincount(member, weights, minlength=len(centres))
            filled = size > 0
            for axis in range(points.shape[1]):
                sums = np.bincount(member, weights * points[:, axis], minlength=len(centres))
                centres[filled, axis] = sums[filled] / size[filled]
        lost = float((_squares(points, centres).min(axis=1) * weights).sum())
        if lost < least - 1e-12:
            best, least = member, lost
    return best


def _squares(points: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    return np.asarray(((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2))


def silhouette(points: NDArray[np.float64], member: NDArray[np.int64]) -> float:
    """The mean silhouette: how much nearer points lie to their own group than to the next, from -1 to 1.

    Rousseeuw (1987), Journal of Computational and Applied Mathematics 20, 53-65, section 2. A lone point counts nought.
    """
    import numpy as np

    names = np.unique(member)
    if len(names) < 2:
        return 0.0
    far = np.sqrt(_squares(points, points))
    sums = np.stack([far[:, member == each].sum(axis=1) for each in names], axis=1)
    counts = np.array([(member == each).sum() for each in names])
    own = np.searchsorted(names, member)
    row = np.arange(len(points))
    within = sums[row, own] / np.maximum(counts[own] - 1, 1)
    others = sums / counts
    others[row, own] = np.inf
    nearest = others.min(axis=1)
    larger = np.maximum(within, nearest)
    single = np.where((larger > 0) & (counts[own] > 1), (nearest - within) / np.where(larger > 0, larger, 1), 0.0)
    return float(single.mean())


def stability(votes: NDArray[np.float64], member: NDArray[np.int64], repeats: int, seed: int) -> list[float]:
    """How well each group is found again among random four fifths of its participants: the mean overlap, 0 to 1.

    The overlap is what two sets share over what they make together (Hennig 2007, Computational Statistics & Data
    Analysis 52, 258-271, section 2), with the group most like it.
    """
    import numpy as np

    generator = np.random.default_rng(seed)
    number = int(member.max()) + 1
    overlaps: list[list[float]] = [[] for _ in range(number)]
    for turn in range(repeats):
        drawn = np.sort(generator.choice(len(votes), max(number, round(PART_KEPT * len(votes))), replace=False))
        again, _ = grouped(laid(votes[drawn]).places, number, seed + turn + 1)
        before = member[drawn]
        for each in range(number):
            inside = before == each
            if inside.any():
                overlaps[each].append(max(float((inside & (again == other)).sum() / (inside | (again == other)).sum())
                                          for other in np.unique(again)))
    return [float(np.mean(each)) if each else float("nan") for each in overlaps]
