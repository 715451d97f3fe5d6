"""Units with their characteristics as peers need them: numbers only, nothing missing, nothing that is all alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from evenhand.data import tables
from evenhand.terms import Refused, closest, refuse
from evenhand.terms.words import counted, listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

FEWEST_UNITS = 3


@dataclass(frozen=True)
class Characteristics:
    """Units and what they are like: ``values`` has the shape (units, columns); ``measure`` (units,), missing where not
    known, or nothing where none is named.
    """

    units: tuple[str, ...]
    columns: tuple[str, ...]
    values: Floats
    measure: Floats | None
    own: int
    remarks: tuple[str, ...]

    def place(self, unit: str, option: str) -> int:
        """Where a unit stands; refuses one that is not there, naming the nearest."""
        folded = [each.casefold() for each in self.units]
        if unit.casefold() not in folded:
            near = closest(unit, self.units) or self.units[:5]
            raise refuse("there is no such unit, or its figures are missing", f"choose from {listed(list(near))}",
                         column=option, value=unit)
        return folded.index(unit.casefold())


def read_characteristics(table: tables.Table, of: str, using: Sequence[str], measure: str | None,
                         without: Sequence[str]) -> Characteristics:
    """Read one row a unit.

    The characteristics are ``using``, or every column of numbers but the measure; units with a cell missing are left
    out and said, columns that are the same everywhere or hold words likewise.
    """
    import numpy as np

    table.require("unit", *using, *([measure] if measure else []))
    remarks: list[str] = []
    units = table.texts("unit", may_be_empty=False)
    table.refuse_duplicates("unit")
    columns, values, worded = _columns(table, using, measure)
    if worded:
        remarks.append(f"Not numbers, so not compared: {listed(worded)}.")
    if not columns:
        raise refuse("there is no column of numbers to compare units by", "add characteristics, such as the share of "
                     "people over 75", file=table.name)
    grid = np.column_stack(values)
    wanted = {each.casefold() for each in without}
    unknown = wanted - {each.casefold() for each in units}
    if unknown:
        raise refuse("there is no such unit to leave out", "name units as the table does", column="--without",
                     value=", ".join(sorted(unknown)))
    if of.casefold() in wanted:
        raise refuse("the body whose peers are sought is left out", "take it off the list", column="--without",
                     value=of)
    full: NDArray[np.bool_] = np.asarray(np.isfinite(grid).all(axis=1))
    named = np.array([each.casefold() not in wanted for each in units])
    lacking = [unit for unit, one in zip(units, full.tolist(), strict=True) if not one]
    if lacking:
        remarks.append(f"Left out for a missing figure: {_few(lacking)}.")
    kept = np.flatnonzero(full & named)
    if len(kept) < FEWEST_UNITS:
        raise refuse(f"only {counted(len(kept), 'unit')} {'has' if len(kept) == 1 else 'have'} every figure",
                     f"give at least {FEWEST_UNITS}", file=table.name)
    grid = grid[kept]
    varying = grid.std(axis=0) > 1e-12 * np.maximum(np.abs(grid).max(axis=0), 1e-300)
    if not varying.all():
        remarks.append(f"The same everywhere, so not compared: "
                       f"{listed([name for name, one in zip(columns, varying.tolist(), strict=True) if not one])}.")
    if not varying.any():
        raise refuse("every characteristic is the same everywhere", "give columns in which units differ",
                     file=table.name)
    told = table.numbers(measure, empty=np.nan)[kept] if measure else None
    found = Characteristics(
        tuple(units[place] for place in kept),
        tuple(name for name, one in zip(columns, varying.tolist(), strict=True) if one), grid[:, varying], told, 0,
        tuple(remarks))
    return Characteristics(found.units, found.columns, found.values, found.measure, found.place(of, "--of"),
                           found.remarks)


def _columns(table: tables.Table, using: Sequence[str],
             measure: str | None) -> tuple[list[str], list[Floats], list[str]]:
    """Columns of numbers in order, their values, and the columns that hold words."""
    import numpy as np

    apart = {"unit", *([measure.casefold()] if measure else [])}
    if measure and measure.casefold() in {each.casefold() for each in using}:
        raise refuse("the measure cannot be among its own characteristics", "take it off the list", column="--using",
                     value=measure)
    names, values, worded = [], [], []
    for name in (using or [each for each in table.columns if each.strip().casefold() not in apart]):
        try:
            column = table.numbers(name, empty=np.nan)
        except Refused as refused:
            # A column named by the reader must be numbers; among all columns one of nothing but words is a label,
            # and one of mostly numbers has a slip that the reader should know of.
            if using or len(refused.problems) < len(table) / 2:
                raise
            worded.append(name)
            continue
        if not np.isfinite(column).any():
            worded.append(name)
            continue
        names.append(name)
        values.append(column)
    return names, values, worded


def _few(names: Sequence[str]) -> str:
    return listed(list(names)) if len(names) <= 5 else f"{', '.join(names[:5])} and {len(names) - 5:,} more"
