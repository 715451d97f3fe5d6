"""Units as a funnel needs them: what happened, out of how much, and which cannot be placed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from evenhand.data import tables
from evenhand.find.funnel_sums import Kind
from evenhand.terms import refuse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

ALSO_CALLED: Mapping[str, tuple[str, ...]] = {
    "numerator": ("observed", "obs", "events", "ev", "count", "cases"),
    "denominator": ("expected", "population", "n"),
}
"""Names that publications give these columns: taken where the plain name is not there, and said."""


@dataclass(frozen=True)
class Units:
    """Events and denominators by unit, shape (units,); ``placed`` marks those that have both."""

    names: tuple[str, ...]
    numerator: Floats
    denominator: Floats
    placed: NDArray[np.bool_]
    remarks: tuple[str, ...]


def read_units(table: tables.Table, kind: Kind, per: float) -> Units:
    """Read one row a unit.

    ``unit`` defaults to the row's number. Where a table of rates has no ``denominator`` but a ``rate``, the denominator
    is ``per`` times events over rate. Raises ``Refused`` for doubled units, words, negative counts, and a part above
    its whole.
    """
    import numpy as np

    remarks: list[str] = []
    names = (tuple(table.texts("unit", may_be_empty=False)) if "unit" in table
             else tuple(str(row) for row in table.row_numbers))
    if "unit" in table:
        table.refuse_duplicates("unit")
    top = _named(table, "numerator", remarks)
    numerator = table.numbers(top, least=0, empty=np.nan)
    if kind == "rate" and "denominator" not in table and "rate" in table:
        rate = table.numbers("rate", least=0, empty=np.nan)
        table.refuse_rows((rate == 0) & (numerator > 0), "a rate of nought with events behind it",
                          "correct one of the two, or give a denominator", column="rate")
        with np.errstate(divide="ignore", invalid="ignore"):
            denominator = np.where(rate > 0, per * numerator / rate, np.nan)
        remarks.append(f"The denominator was worked out from the rate: {per:,.10g} times events over rate.")
    else:
        denominator = table.numbers(_named(table, "denominator", remarks), least=0, empty=np.nan)
    if kind == "proportion":
        table.refuse_rows(numerator > denominator, "the numerator is above the denominator",
                          "a proportion counts part of a whole: correct one of the two, or use --kind ratio",
                          column=top)
    placed = np.isfinite(numerator) & np.isfinite(denominator) & (denominator > 0)
    if not placed.any():
        raise refuse("no unit has both events and a denominator", "fill in the figures", file=table.name)
    return Units(names, numerator, denominator, placed, tuple(remarks))


def _named(table: tables.Table, name: str, remarks: list[str]) -> str:
    if name in table:
        return name
    for other in ALSO_CALLED[name]:
        if other in table:
            remarks.append(f"The column “{other}” was taken for {name}.")
            return other
    table.require(name)
    raise AssertionError("a missing column was refused")
