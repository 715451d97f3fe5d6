"""One measurement, and the way a time is taken."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measurement:
    """Seconds taken by us and by what a user would otherwise pick, for the same work; nothing where there is none."""

    work: str
    ours: float
    otherwise: float | None
    what_otherwise: str


def seconds(work: Callable[[], object], *, times: int = 7) -> float:
    """The median of several runs, after one that fills the caches."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)
