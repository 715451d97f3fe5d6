"""What an importer is, what it is given, and what it gives back.

A publication is recognised by its headings and read as published. Two things can be wrong with it. A row that the
publisher is known to mix in (a hospital among commissioners, a body that no longer exists) is refused by itself, with a
reason that is counted and shown. A thing that cannot be (words for numbers, a negative count, the same cell twice)
refuses the whole file: nothing is loaded from a file that is not what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from evenhand.data.organisations import Organisations
from evenhand.data.tables import Table
from evenhand.terms import Problem, Refused

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

EXAMPLES = 3
OPEN_GOVERNMENT = "Open Government Licence v3.0"


@dataclass(frozen=True)
class Published:
    """A file at the door: its name, digest and bytes, and its columns where the first line is a heading.

    ``bodies`` are the organisations whose codes it may hold, where they are not those of the published lists.
    """

    name: str
    digest: str
    content: bytes
    table: Table
    bodies: Organisations | None = None


@dataclass(frozen=True)
class Refusal:
    """Rows refused for one reason: how many, and the first few with their place and value."""

    reason: str
    count: int
    examples: tuple[Problem, ...]


@dataclass(frozen=True)
class Harvest:
    """What came of a file: long tables by name, rows refused by reason, and what a reader should know."""

    tables: Mapping[str, pa.Table]
    rows_read: int
    rows_kept: int
    refusals: tuple[Refusal, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class SmallNumbers:
    """By whose rule small counts of a publication are shown, and why.

    ``whose`` is ``publisher`` where the publisher has hidden or rounded them by a rule of its own, which is kept;
    ``open`` where they are published as they are, and are public: only a place's own rule hides any; ``own`` where
    nobody has published them: the place's rule, and unless it states one the strictest.
    """

    whose: Literal["publisher", "open", "own"]
    because: str


PUBLISHED_OPENLY = SmallNumbers("open", "published as it is under an open licence, no rule stated with it")
OWN = SmallNumbers("own", "nobody has published it: the place's rule, or the strictest")


@dataclass(frozen=True)
class Importer:
    """One publication that we can read.

    ``headings`` are the columns it is recognised by (case, spaces and order ignored; ``pct|code`` is either name);
    ``fits`` decides where a file has no heading line. ``gives`` names the tables it fills. ``version`` changes when the
    same file would be read otherwise. ``small_numbers`` says by whose rule its small counts are shown.
    """

    name: str
    title: str
    publisher: str
    licence: str
    next_release: str
    headings: tuple[str, ...]
    gives: tuple[str, ...]
    read: Callable[[Published], Harvest]
    version: str = "1"
    fits: Callable[[Published], bool] | None = field(default=None, compare=False)
    small_numbers: SmallNumbers = PUBLISHED_OPENLY

    def missing(self, columns: Iterable[str]) -> list[str]:
        """Headings that a file's columns lack."""
        there = {folded(each) for each in columns}
        return [each for each in self.headings if not there & {folded(name) for name in each.split("|")}]

    def recognises(self, file: Published) -> bool:
        """Whether a file is this publication: every heading there, and not lost among many others."""
        if self.fits is not None:
            return self.fits(file)
        named = [each for each in file.table.columns if not each.startswith("column ")]
        return not self.missing(named) and 2 * len(self.headings) >= len(named)


def folded(name: str) -> str:
    """A heading as it is compared: case, spaces and hyphens do not count."""
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


class Sieve:
    """Rows of a table, each kept or refused once, for the first reason that fits."""

    def __init__(self, table: Table) -> None:
        import numpy as np

        self.table = table
        self._kept = np.ones(len(table), dtype=bool)
        self._refusals: list[Refusal] = []

    def refuse(self, wrong: Any, reason: str, *, column: str,
               remedy: str = "nothing to do: the row is left out") -> None:
        """Leave out the rows where ``wrong`` is true and that no earlier reason took."""
        import numpy as np

        places = np.flatnonzero(self._kept & np.asarray(wrong, dtype=bool))
        if not len(places):
            return
        cells = self.table.column(column)
        shown = tuple(Problem(reason, remedy, self.table.name, int(self.table.row_numbers[place]), column,
                              str(cells[int(place)].as_py() or "")) for place in places[:EXAMPLES])
        self._refusals.append(Refusal(reason, len(places), shown))
        self._kept[places] = False

    @property
    def kept(self) -> Table:
        """The rows that passed."""
        return self.table.keep(self._kept)

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Which rows passed."""
        return self._kept

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """What was left out, by reason, in order."""
        return tuple(self._refusals)

    def require_some(self) -> None:
        """Refuse the file where every row was left out."""
        if not self._kept.any():
            shown = [example for refusal in self._refusals for example in refusal.examples[:1]]
            raise Refused([Problem("no row of this file can be used", "see the reasons below", self.table.name),
                           *shown])


def months_of(table: Table, column: str) -> pa.Array:
    """A column of months as first days (Arrow date32), each spelling read once.

    Refuses cells that are no month, and a column that writes months in two ways: day and month may have changed places.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = table.column(column).combine_chunks()
    if pa.types.is_date(cells.type) or pa.types.is_timestamp(cells.type):
        cells = cells.cast(pa.date32(), safe=False)
    encoded = cells.dictionary_encode()
    small = Table(table.name, table.digest, pa.table({column: encoded.dictionary}), _first_rows(table, encoded))
    read = [month.first_day().replace(day=1) for month in small.months(column)]
    _refuse_two_spellings(small, column)
    if encoded.null_count:
        empty = pc.is_null(cells).to_numpy(zero_copy_only=False)
        table.refuse_rows(empty, "the month is missing", "write it as 2016-04", column=column)
    return pa.array(read, pa.date32()).take(encoded.indices)


def _first_rows(table: Table, encoded: pa.DictionaryArray) -> NDArray[np.int64]:
    import numpy as np

    indices = encoded.indices.fill_null(len(encoded.dictionary)).to_numpy(zero_copy_only=False)
    values, first = np.unique(indices, return_index=True)
    return table.row_numbers[first[values < len(encoded.dictionary)]]


def _refuse_two_spellings(small: Table, column: str) -> None:
    import re

    first: tuple[str, str] | None = None
    problems = []
    for row, cell in zip(small.row_numbers, small.texts(column), strict=True):
        shape = re.sub(r"[A-Za-z]+", "a", re.sub(r"\d", "9", cell))
        if first is None:
            first = shape, cell
        elif shape != first[0]:
            problems.append(Problem(f"months are written in two ways in this column ({first[1]} above)",
                                    "write every month as 2016-04", small.name, int(row), column, cell))
    if problems:
        raise Refused(problems)


def refuse_duplicates(table: Table, *columns: str) -> None:
    """As ``Table.refuse_duplicates``, quick where there are none."""
    import pyarrow as pa

    keys = table.arrow.select([next(each for each in table.columns if folded(each) == folded(name))
                               for name in columns])
    if keys.group_by(keys.column_names).aggregate([]).num_rows != keys.num_rows:
        table.refuse_duplicates(*columns)
    assert isinstance(keys, pa.Table)


def vintage_of(months: pa.Array) -> str:
    """The span a release covers, by which it is told from other releases: 2018-01 to 2023-01."""
    import pyarrow.compute as pc

    bounds = pc.min_max(months)
    return f"{bounds['min'].as_py():%Y-%m} to {bounds['max'].as_py():%Y-%m}"


def observations(*, measure: Any, unit: Any, month: pa.Array, numerator: Any, denominator: Any, source: str,
                 vintage: str = "") -> pa.Table:
    """The long table of observations, sorted by measure, unit and month.

    ``measure`` is one name or a column; ``denominator`` is ``None`` where it is to be taken from the registered list.
    ``month`` is the first day of the month.
    """
    import pyarrow as pa

    rows = len(month)
    texts = [pa.array([measure] * rows, pa.string()) if isinstance(measure, str) else _text(measure), _text(unit)]
    under = pa.nulls(rows, pa.float64()) if denominator is None else pa.array(denominator, pa.float64())
    said = vintage or vintage_of(month)
    return pa.table({
        "measure": texts[0], "unit": texts[1], "month": month, "numerator": pa.array(numerator, pa.float64()),
        "denominator": under, "vintage": pa.array([said] * rows, pa.string()),
        "source": pa.array([source] * rows, pa.string()),
    }).sort_by([("measure", "ascending"), ("unit", "ascending"), ("month", "ascending")])


def _text(column: Any) -> pa.Array:
    import pyarrow as pa

    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    return column.cast(pa.string()) if isinstance(column, pa.Array) else pa.array(list(column), pa.string())
