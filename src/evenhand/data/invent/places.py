"""What invented bodies are like: people, age, deprivation, and how many live in the country, to find peers by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from evenhand.data.invent.county import MERGED, OURS, County

if TYPE_CHECKING:
    import numpy as np

COLUMNS = ("unit", "population", "share_over_65", "deprivation", "rurality")
OVER_65_BESIDE_75 = 2.05
"""So many people over 65 for each over 75."""
FIFTHS = (38.0, 28.0, 21.0, 15.0, 8.0)
"""Deprivation scores of the five fifths of practices, the most deprived first."""


def bodies(county: County, rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    """One row a body: people on its lists in the first month, shares between 0 and 1, a score of deprivation.

    The county's own bodies are what their practices are; the body that they became is what its people are.
    """
    rows: list[tuple[int, float, float, float]] = []
    for at, place in enumerate(county.commissioners):
        people = int(county.people[at, 0])
        country = float(rng.beta(1.4, 2.6))
        if place.code in OURS:
            theirs = [county.practices[each] for each in county.practices_of(place.code)]
            whole = sum(each.people for each in theirs)
            over_65 = OVER_65_BESIDE_75 * sum(each.people * each.over_75 for each in theirs) / whole
            poor = sum(each.people * FIFTHS[each.deprivation_fifth - 1] for each in theirs) / whole
        else:
            # The country is older and less deprived, as it mostly is.
            over_65 = min(0.33, max(0.08, 0.155 + 0.11 * country + float(rng.normal(0, 0.022))))
            poor = min(45.0, max(6.0, 27.0 - 14.0 * country + float(rng.normal(0, 6.0))))
        rows.append((people, over_65, poor, country))
    for place, row in zip(county.commissioners, rows, strict=True):
        yield _written(place.code, *row)
    own = rows[:len(OURS)]
    whole = sum(row[0] for row in own)
    yield _written(MERGED, whole, *(sum(row[0] * row[at] for row in own) / whole for at in (1, 2, 3)))


def _written(code: str, people: int, over_65: float, poor: float, country: float) -> tuple[Any, ...]:
    return code, people, f"{over_65:.3f}", f"{poor:.1f}", f"{country:.2f}"
