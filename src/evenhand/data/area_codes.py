"""One place of two names: the code of the Office for National Statistics, and the one that the service uses."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_PUBLISHED = Path(__file__).parent / "published" / "area-codes.csv"


@cache
def _pairs() -> dict[str, str]:
    with _PUBLISHED.open(encoding="utf-8", newline="") as file:
        return {row["published_code"]: row["code"] for row in csv.DictReader(file)}


def in_use(code: str) -> str:
    """The code that the service uses for an integrated care board or a sub-ICB location; any other as it is.

    ``E54000058`` is ``QJ2``, Derby and Derbyshire Integrated Care Board; ``E38000068`` is ``01F``. Where a boundary
    changed the statistics office gave a new code to the same board: both mean it.
    """
    return _pairs().get(code.strip().upper(), code)
