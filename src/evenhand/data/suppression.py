"""Small numbers, hidden or rounded by a named rule, on every way out.

A regime says which counts may not be shown and how the others are rounded. It is named and dated, and stands on what
was made with it. A hidden count is a ``Suppressed``: never nought, never missing. What a reader could still work out
from totals is another question: see ``data.protection``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from evenhand.catalogue import Catalogue
from evenhand.figures import Table
from evenhand.terms import Suppressed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HIDDEN = Suppressed("Hidden, so that nobody can be recognised")


@dataclass(frozen=True)
class Regime:
    """A rule for counts of people: from ``least`` to ``most`` they are hidden, the others rounded.

    ``rounding`` is to the nearest multiple of ``base``, or to the middle of its band of ``base`` counts, or none.
    Nought stays nought under every regime, so a hidden count is known to be at least one.
    """

    name: str
    version: str
    title: str
    source: str
    most: int = 0
    rounding: Literal["none", "nearest", "midpoint"] = "none"
    base: int = 1
    least: int = 1

    @property
    def hides(self) -> bool:
        """Whether any count is hidden."""
        return self.most >= self.least

    def is_small(self, count: float) -> bool:
        """Whether a count may not be shown."""
        return self.least <= count <= self.most

    def released(self, count: float | None) -> int | Suppressed | None:
        """What may be shown of a count: itself, a rounded one, or that it is hidden; missing stays missing.

        Raises ``ValueError`` for what is no count: a negative number or one with decimals.
        """
        if count is None or math.isnan(count):
            return None
        if count < 0 or count != math.floor(count):
            raise ValueError(f"not a count of people: {count}")
        return HIDDEN if self.is_small(count) else self.rounded(int(count))

    def rounded(self, count: int) -> int:
        """A count rounded by the rule, without hiding."""
        if self.rounding == "none" or count == 0:
            return count
        if self.rounding == "midpoint":
            return math.ceil(count / self.base) * self.base - self.base // 2
        return (2 * count + self.base) // (2 * self.base) * self.base

    def known(self, count: int) -> tuple[int, int]:
        """What a reader knows of a count that is shown: the least and the most it can have been."""
        shown = self.rounded(count)
        if self.rounding == "none" or count == 0:
            return shown, shown
        if self.rounding == "midpoint":
            top = shown + self.base // 2
            return max(self.most + 1, top - self.base + 1), top
        low = shown - (self.base - 1) // 2 if self.base % 2 else shown - self.base // 2
        return max(self.most + 1, 1, low), shown + (self.base - 1) // 2

    def share(self, numerator: float | None, denominator: float | None) -> float | Suppressed | None:
        """A share of two counts, taken after both were treated; hidden where either is, missing over nought."""
        parts = (self.released(numerator), self.released(denominator))
        if None in parts:
            return None
        above, below = parts
        if isinstance(above, Suppressed) or isinstance(below, Suppressed):
            return HIDDEN
        return above / below if above is not None and below else None

    def released_many(self, counts: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Many counts at once: what is shown (not a number where hidden or missing), and which are hidden."""
        import numpy as np

        filled = np.where(np.isnan(counts), 0, counts)
        if ((filled < 0) | (filled != np.floor(filled))).any():
            raise ValueError("not counts of people: negative, or with decimals")
        hidden = (filled >= self.least) & (filled <= self.most)
        shown = counts.astype(float)
        if self.rounding == "nearest":
            shown = np.floor((2 * counts + self.base) / (2 * self.base)) * self.base
        elif self.rounding == "midpoint":
            shown = np.where(counts > 0, np.ceil(counts / self.base) * self.base - self.base // 2, counts)
        return np.where(hidden, np.nan, shown), hidden


REGIMES = Catalogue("suppression regime", [
    Regime("hes-2018", "1", "Hospital episodes, 2018: 1 to 7 hidden, others to the nearest 5",
           "NHS Digital (2018), Hospital Episode Statistics: disclosure control of sub-national counts",
           most=7, rounding="nearest", base=5),
    Regime("under-10", "1", "Fewer than 10 hidden, others as they are",
           "Office for Health Improvement and Disparities, Fingertips: no rate from fewer than 10 events", most=9),
    Regime("strictest", "1", "Fewer than 10 hidden, others to the nearest 5",
           "the stricter of hes-2018 and under-10, part by part: for figures of one's own whose rule nobody stated",
           most=9, rounding="nearest", base=5),
    Regime("midpoint-6", "1", "Rounded to the middle of bands of six; nothing hidden",
           "OpenSAFELY, updated disclosure control guidance: midpoint 6 rounding", rounding="midpoint", base=6),
    Regime("none", "1", "Nothing hidden, nothing rounded", "For figures that are public already, or not about people"),
])


def released_rows(rows: Iterable[Mapping[str, Any]], regime: Regime, counts: Sequence[str], *,
                  shares: Mapping[str, tuple[str, str]] | None = None,
                  follows: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Rows as they may be shown.

    Args:
        rows: rows of named cells.
        regime: the rule.
        counts: the columns that count people.
        shares: columns to be worked out anew from two counts: ``{"share": ("numerator", "denominator")}``.
        follows: columns hidden where a count is: ``{"rate": "numerator", "interval": "numerator"}``.

    Returns:
        New rows; cells already hidden stay so.
    """
    found = []
    for row in rows:
        shown = dict(row)
        for column in counts:
            if not isinstance(row.get(column), Suppressed):
                shown[column] = regime.released(row.get(column))
        for column, (above, below) in (shares or {}).items():
            if isinstance(row.get(above), Suppressed) or isinstance(row.get(below), Suppressed):
                shown[column] = HIDDEN
            else:
                shown[column] = regime.share(row.get(above), row.get(below))
        for column, count in (follows or {}).items():
            if isinstance(shown.get(count), Suppressed) and shown.get(column) is not None:
                shown[column] = HIDDEN
        found.append(shown)
    return found


def suppressed(table: Table, regime: Regime, counts: Sequence[str], *,
               shares: Mapping[str, tuple[str, str]] | None = None,
               follows: Mapping[str, str] | None = None) -> Table:
    """A table as it may be shown, with the regime named in its notes; arguments as in ``released_rows``."""
    rows = tuple(released_rows(table.rows, regime, counts, shares=shares, follows=follows))
    note = f"{regime.title} ({regime.name}, version {regime.version})."
    return replace(table, rows=rows, notes=(*table.notes, note) if regime.name != "none" else table.notes)
