"""Activity by practice, provider and point of delivery, which adds up to what the commissioners' measures count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenhand.data.invent.county import (
    COMMUNITY,
    FIRST,
    HOSPITAL,
    INFIRMARY,
    MERGED,
    MERGED_AT,
    MONTHS,
    OURS,
    PEOPLE_TO_A_PRACTICE,
    County,
)
from evenhand.data.invent.measures import KINDS, Figures

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]

PRICES = {"emergency admission": 2_450.0, "accident and emergency": 168.0, "first outpatient": 172.0,
          "follow-up outpatient": 91.0, "planned stay": 3_900.0, "day case": 1_150.0, "community contact": 62.0,
          "practice appointment": 42.0}
"""Pounds for one, in the first year: invented, of the size that such things cost."""
YEARLY_RISE = 0.018
PRACTICE_PODS, COMMUNITY_PODS = ("practice appointment",), ("community contact",)
COLUMNS = ("commissioner", "provider", "practice", "point_of_delivery", "month", "count", "cost")
ELSEWHERE = "ZH90"
"""The one provider to which the neighbours' activity is put down where neighbours have practices."""


@dataclass(frozen=True)
class Split:
    """One commissioner's activity of one point of delivery, shape (practices, providers, months), whole numbers."""

    commissioner: str
    pod: str
    practices: tuple[str, ...]
    providers: tuple[str, ...]
    counts: Counts


def pods() -> list[tuple[int, str]]:
    """The measures that count a point of delivery, by their place among the measures."""
    return [(at, kind.pod) for at, kind in enumerate(KINDS) if kind.pod]


def split_ours(county: County, figures: Figures, rng: np.random.Generator) -> Iterator[Split]:
    """Share out what each of the five bodies counted among its practices and providers. Nothing is lost."""
    import numpy as np

    for u, code in enumerate(OURS):
        own = county.practices_of(code)
        people = county.practice_people[own][:, 0]
        old = np.array([county.practices[at].over_75 for at in own])
        near = float(rng.uniform(0.55, 0.9))
        for k, pod in pods():
            weights = people * np.exp(rng.normal(0.0, 0.12, len(own)))
            if pod in ("emergency admission", "community contact"):
                weights = weights * old
            names = tuple(county.practices[at].place.code for at in own)
            yield _split(code, pod, names, weights, near, figures.numerator[k, u].astype(np.int64), rng)


def split_neighbours(county: County, figures: Figures, rng: np.random.Generator) -> Iterator[Split]:
    """The same for every neighbour, one at a time, for the size in which neighbours have practices."""
    import numpy as np

    at = len(county.practices)
    for u in range(len(OURS), len(county.commissioners)):
        number = max(2, round(int(county.people[u, 0]) / PEOPLE_TO_A_PRACTICE))
        names = tuple(f"ZP{at + each + 1:04d}" for each in range(number))
        at += number
        weights = rng.lognormal(0.0, 0.4, number)
        for k, pod in pods():
            counts = figures.numerator[k, u].astype(np.int64)
            shared = rng.multinomial(counts, weights / weights.sum()).T.astype(np.int64)
            yield Split(county.commissioners[u].code, pod, names, (ELSEWHERE,), shared[:, None, :])


def _split(code: str, pod: str, names: tuple[str, ...], weights: NDArray[Any], near: float, counts: Counts,
           rng: np.random.Generator) -> Split:
    import numpy as np

    shared = rng.multinomial(counts, weights / weights.sum()).T.astype(np.int64)
    if pod in PRACTICE_PODS:
        return Split(code, pod, names, ("",), shared[:, None, :])
    if pod in COMMUNITY_PODS:
        return Split(code, pod, names, (COMMUNITY,), shared[:, None, :])
    at_hospital = rng.binomial(shared, near).astype(np.int64)
    return Split(code, pod, names, (HOSPITAL, INFIRMARY), np.stack([at_hospital, shared - at_hospital], axis=1))


def table_of(split: Split) -> pa.Table:
    """A split as long rows; a month at which nothing was done has no row. Cost is in pounds.

    A practice's own appointments have the practice for a provider. From the merger on, the commissioner is the body
    that the five became.
    """
    import numpy as np
    import pyarrow as pa

    practice, provider, month = np.nonzero(split.counts)
    counts = split.counts[practice, provider, month]
    price = PRICES[split.pod] * (1 + YEARLY_RISE) ** (np.arange(MONTHS) // 12)
    names = np.array(split.practices, dtype=object)[practice]
    by = np.array(split.providers, dtype=object)[provider]
    by = np.where(by == "", names, by)
    months = np.array([str(FIRST.plus(each)) for each in range(MONTHS)], dtype=object)[month]
    commissioner = np.full(len(counts), split.commissioner, dtype=object)
    if split.commissioner in OURS:
        commissioner[month >= MERGED_AT] = MERGED
    return pa.table({
        "commissioner": pa.array(commissioner, pa.string()), "provider": pa.array(by, pa.string()),
        "practice": pa.array(names, pa.string()),
        "point_of_delivery": pa.array([split.pod] * len(counts), pa.string()), "month": pa.array(months, pa.string()),
        "count": counts, "cost": np.round(counts * price[month], 2)})
