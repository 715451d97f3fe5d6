"""What counts of activity, waiting and beds have alike: their headings, cells, bodies, and the table they fill.

A heading is known whatever its case, spaces and points. A cell may say that a figure is missing (``NA``, ``-``) or
that it is hidden (``*``): neither is nought, and each is kept apart from the other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenhand.data.importers.importer import Published, Sieve, months_of
from evenhand.data.tables import Table
from evenhand.terms import Month

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

PROVIDER = re.compile(r"[0-9A-Z]{3,6}")
BOARD = re.compile(r"Q[0-9A-Z]{2}|E54\d{6}")
SUB_BOARD = re.compile(r"E38\d{6}|[0-9A-Z]{3}|[A-Z]\d[A-Z]\d[A-Z]")
SCOTTISH = re.compile(r"S080\d{5}")
WELSH = re.compile(r"7A[0-9A-Z]|W11\d{6}")
_MISSING = {"", "na", "n/a", "nan", "null", "-", "–", ".", ".."}
_HIDDEN = {"*", "c", "[c]", "<5", "<6", "<7", "<8", "<10", "5*", "x", "[x]", "#"}
_TOTALS = {"total", "totals", "grand total", "england", "england total"}


def squeezed(name: str) -> str:
    """A heading as it is compared: letters and digits only, and what hours are called is one."""
    return re.sub(r"[^a-z0-9+&>]", "", re.sub(r"\b(\d*)\s*(?:hours|hrs|hs)\b", r"\1h",
                                               name.casefold().replace("_", " ")))


def headed(headings: Sequence[str], *, also: Callable[[Published], bool] | None = None) -> Callable[[Published], bool]:
    """Whether a file has all these headings, not lost among many others; ``a|b`` is either."""

    def fits(file: Published) -> bool:
        columns = file.table.columns
        there = {squeezed(each) for each in columns}
        named = [each for each in columns if not each.startswith("column ")]
        lacking = [each for each in headings if not there & {squeezed(name) for name in each.split("|")}]
        return not lacking and 2 * len(headings) >= len(named) and (also is None or also(file))

    return fits


def renamed(table: Table, headings: Sequence[str]) -> Table:
    """The table with these columns only, under the first of their names."""
    found = []
    for heading in headings:
        names = heading.split("|")
        column = next((each for name in names for each in table.columns if squeezed(each) == squeezed(name)), None)
        if column is None:
            table.require(names[0])
        found.append(column)
    return Table(table.name, table.digest, table.arrow.select(found).rename_columns(
        [each.split("|")[0] for each in headings]), table.row_numbers)


@dataclass(frozen=True)
class Figures:
    """A column of figures: ``values`` (rows,), not a number where ``missing`` or ``hidden`` says why."""

    values: NDArray[np.float64]
    missing: NDArray[np.bool_]
    hidden: NDArray[np.bool_]

    @property
    def there(self) -> NDArray[np.bool_]:
        """Where there is a figure."""
        import numpy as np

        return np.isfinite(self.values)

    def keep(self, mask: Any) -> Figures:
        """The figures of some rows."""
        return Figures(self.values[mask], self.missing[mask], self.hidden[mask])


def figures(table: Table, column: str, *, whole: bool = False) -> Figures:
    """A column of counts as published. Refuses words, and figures below nought."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = table.column(column)
    if not (pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)):
        values = table.numbers(column, least=0, whole=whole, empty=math.nan)
        return Figures(values, np.isnan(values), np.zeros(len(table), dtype=bool))
    # A national file has twenty million cells: what is said in them is looked up by column, not by cell.
    words = pc.utf8_lower(pc.utf8_trim_whitespace(pc.fill_null(cells.cast(pa.string()), "")))
    missing = pc.is_in(words, value_set=pa.array(sorted(_MISSING)))
    hidden = pc.is_in(words, value_set=pa.array(sorted(_HIDDEN)))
    plain = pc.if_else(pc.or_(missing, hidden), "", cells.cast(pa.string()))
    read = Table(table.name, table.digest, pa.table({column: plain}), table.row_numbers)
    masks = [each.to_numpy(zero_copy_only=False).astype(bool) for each in (missing, hidden)]
    return Figures(read.numbers(column, least=0, whole=whole, empty=math.nan), *masks)


def not_above(table: Table, part: str, parts: Any, whole: str, wholes: Any) -> None:
    """Refuse the file where a part is larger than its whole, naming row and column. Missing figures are let be."""
    table.refuse_rows(parts > wholes + 1e-9, f"this is above “{whole}”, of which it is a part",
                      "correct one of the two at the source", column=part)


def sift(sieve: Sieve, column: str, pattern: re.Pattern[str], what: str) -> None:
    """Leave out total rows, rows without a code, and codes that are of no such body, each with its reason."""
    codes = sieve.table.texts(column)
    sieve.refuse([each.casefold() in _TOTALS for each in codes], "this row is a total over the rows beside it",
                 column=column)
    sieve.refuse([not each for each in codes], "the code of the body is empty", column=column)
    sieve.refuse([not pattern.fullmatch(each) for each in codes], f"this is no code of {what}", column=column)


def total_remarks(table: Table, totals: Any, kept: Any, columns: Mapping[str, Any]) -> tuple[str, ...]:
    """Where a file's own total row differs from the sum of its rows, which column and by how much.

    ``totals`` and ``kept`` are masks of rows; ``columns`` the figures (rows,) by heading. Nothing where they agree.
    """
    import numpy as np

    if not np.any(totals):
        return ()
    said = []
    for name, values in columns.items():
        stated, summed = float(np.nansum(values[totals])), float(np.nansum(values[kept]))
        if abs(stated - summed) > 0.5:
            said.append(f"the file's total row says {stated:,.0f} for “{name}” and its rows add up to {summed:,.0f}: "
                        "rows are missing or were changed since")
    return tuple(said)


def month_ends(months: pa.Array) -> list[Any]:
    """The last day of each month, from its first."""
    from datetime import timedelta

    last = {each: Month.of(each).plus(1).first_day() - timedelta(days=1) for each in set(months.to_pylist())}
    return [last[each] for each in months.to_pylist()]


def quarter_ends(firsts: Sequence[Any]) -> list[Any]:
    """The last day of each quarter, from its first."""
    from datetime import timedelta

    return [Month.of(each).plus(3).first_day() - timedelta(days=1) for each in firsts]


def months_in(table: Table, column: str) -> pa.Array:
    """A column of months as first days."""
    return months_of(table, column)


def days_in(table: Table, column: str) -> list[Any]:
    """A column of days; refuses what is none, naming row and column."""
    from datetime import date, datetime

    def day(cell: str) -> date | None:
        for shape in ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d-%m-%Y", "%d-%b-%Y",
                      "%d %B %Y", "%Y%m%d"):
            try:
                return datetime.strptime(cell, shape).date()
            except ValueError:
                continue
        return None

    cells = table.texts(column)
    read = {each: day(each) for each in set(cells)}
    table.refuse_rows([read[each] is None for each in cells], "this is not a day", "write it as 2016-04-01",
                      column=column)
    return [read[each] for each in cells]


def activity(*, first: Sequence[Any], last: Sequence[Any], counted: Any, count: Any, count_unit: str, source: str,
             vintage: str, hidden: Any = None, commissioner: Any = None, provider: Any = None, practice: Any = None,
             point_of_delivery: Any = None, specialty: Any = None, age_band: Any = None) -> pa.Table:
    """The long table of activity, one row a body, period and thing counted.

    ``first`` and ``last`` are the days that the count covers (a day, a month, a quarter: as published). ``count`` is
    empty where the figure is missing, and ``hidden`` then says whether it was held back. ``count_unit`` says what one
    is: attendances, or beds as a daily average. What a publication does not tell (sex, cost) stays empty.
    """
    import pyarrow as pa

    rows = len(first)

    def text(values: Any) -> pa.Array:
        if values is None or isinstance(values, str):
            return pa.array([values] * rows, pa.string())
        return pa.array(list(values), pa.string())

    counts = [None if each is None or math.isnan(each) else float(each) for each in count]
    return pa.table({
        "commissioner": text(commissioner), "provider": text(provider), "practice": text(practice),
        "point_of_delivery": text(point_of_delivery), "specialty": text(specialty),
        "first": pa.array(list(first), pa.date32()), "last": pa.array(list(last), pa.date32()),
        "sex": pa.nulls(rows, pa.string()), "age_band": text(age_band), "deprivation_fifth": pa.nulls(rows, pa.int32()),
        "counted": text(counted), "count": pa.array(counts, pa.float64()), "count_unit": text(count_unit),
        "hidden": pa.array([None if hidden is None or not each else str(each) for each in
                            (hidden if hidden is not None else [None] * rows)], pa.string()),
        "cost": pa.nulls(rows, pa.float64()), "vintage": text(vintage), "source": text(source)})


def held_back(shown: Figures) -> list[str | None]:
    """For the column ``hidden``: why a figure is not there, where the publication holds it back."""
    return ["suppressed by the publisher" if each else None for each in shown.hidden]


def sorted_rows(*tables: pa.Table) -> pa.Table:
    """Tables of one shape as one, in a fixed order, so that a file gives the same bytes whatever its rows' order."""
    import pyarrow as pa

    joined = pa.concat_tables(tables)
    wanted = ["measure", "unit", "month"] if "measure" in joined.column_names else [
        "commissioner", "provider", "practice", "first", "point_of_delivery", "specialty", "age_band", "counted"]
    return joined.sort_by([(name, "ascending") for name in wanted])
