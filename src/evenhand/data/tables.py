"""A table as a method reads it: from a path, pandas, Polars or Arrow, with every complaint tied to its cell."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from evenhand.data import personal, reading
from evenhand.terms import Month, Problem, Refused, closest, refuse
from evenhand.terms.problems import MOST_GATHERED

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

Source: TypeAlias = Any
"""A path, ``sample:NAME``, a pandas or Polars frame, an Arrow table, a mapping of columns, or a ``Table``."""

SAMPLES = Path(__file__).parent / "samples"
MOST_PROBLEMS = MOST_GATHERED
LARGEST = 1e18
"""Beyond any count or amount of money, in any unit; sums and squares of what is below stay finite."""


@dataclass(frozen=True)
class Opened:
    """How a source is to be read: its file, the names its columns go by, and which rows are wanted.

    ``content`` holds the bytes themselves where they came by another way than a file, such as an upload.
    """

    path: str
    columns: Mapping[str, str] = field(default_factory=dict)
    where: tuple[tuple[str, str], ...] = ()
    sheet: str = ""
    cells: str = ""
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Table:
    """Columns of one source. Names ignore case; ``row_numbers`` are the source's own, counting data rows from 1."""

    name: str
    digest: str
    arrow: pa.Table
    row_numbers: NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.arrow.num_rows)

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(self.arrow.column_names)

    def __contains__(self, column: str) -> bool:
        return self._actual(column) is not None

    def _actual(self, column: str) -> str | None:
        if column in self.arrow.column_names:
            return column
        folded = _folded(column)
        return next((each for each in self.arrow.column_names if _folded(each) == folded), None)

    def require(self, *columns: str) -> None:
        """Refuse, naming each column that is missing and what stands nearest to it."""
        problems = []
        # A column that is asked for under its own name is no likely other name of a missing one.
        free = [each for each in self.columns if _folded(each) not in map(_folded, columns)]
        for column in columns:
            if column not in self:
                near = closest(column, free, count=1)
                hint = f"write --columns {column}={near[0]}" if near else f"add it, or say --columns {column}=NAME"
                if any(re.fullmatch(r"column \d+", each) for each in self.columns):
                    hint += "; where the table does not begin at the top of the sheet, say --range B3:F20"
                problems.append(Problem(f"there is no column “{column}”",
                                        f"{hint} (columns here: {', '.join(self.columns[:30])})", self.name))
        if problems:
            raise Refused(problems)

    def column(self, name: str) -> pa.ChunkedArray:
        """A column as it stands; refuses an unknown name."""
        self.require(name)
        return self.arrow.column(self._actual(name))

    def texts(self, column: str, *, may_be_empty: bool = True) -> list[str]:
        """A column as text, spaces at the ends taken off."""
        found = ["" if each is None else reading.cell_text(each).strip() for each in self.column(column).to_pylist()]
        if not may_be_empty:
            self._refuse_where(column, [not each for each in found], "this cell is empty", "fill it in")
        return found

    def numbers(self, column: str, *, least: float | None = None, most: float | None = None, whole: bool = False,
                empty: float | None = None) -> NDArray[np.float64]:
        """A column as numbers.

        Shape (rows,). Empty cells become ``empty`` (``math.nan`` keeps them missing); without it they are refused, as
        are cells that are no number, lie outside ``least`` to ``most``, or have decimals where ``whole`` is asked.
        """
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        values = self.column(column)
        if pa.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
            text = pc.utf8_trim_whitespace(values)
            blank = pc.fill_null(pc.equal(text, ""), True)
            plain = _without_thousands(pc.if_else(blank, None, text))
            try:
                found = pc.cast(plain, pa.float64()).to_numpy(zero_copy_only=False)
            except pa.ArrowInvalid:
                found = self._cell_by_cell(column, plain.to_pylist())
            blanks = blank.to_numpy(zero_copy_only=False).astype(bool)
        elif pa.types.is_boolean(values.type):
            found, blanks = values.cast(pa.int8()).to_numpy().astype(float), np.zeros(len(self), bool)
        else:
            try:
                found = values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
                raise refuse("this column is not made of numbers", "give counts or amounts", file=self.name,
                             column=column, value=values.type) from None
            blanks = np.asarray(pc.is_null(values, nan_is_null=True).to_numpy(zero_copy_only=False), bool)
        found = np.array(found, dtype=float)
        if empty is None:
            self._refuse_where(column, blanks, "this cell is empty", "fill it in, or leave the row out")
        found[blanks] = np.nan if empty is None else empty
        filled = ~blanks
        self._refuse_where(column, filled & ~np.isfinite(found), "this is not a finite number", "give a number")
        self._refuse_where(column, filled & (np.abs(found) > LARGEST), "this is larger than any count or amount",
                           "correct it at the source")
        if least is not None:
            what = "a count cannot be negative" if least == 0 else f"this is below {least:g}"
            self._refuse_where(column, filled & (found < least), what, "correct it at the source")
        if most is not None:
            self._refuse_where(column, filled & (found > most), f"this is above {most:g}", "correct it at the source")
        if whole:
            self._refuse_where(column, filled & (found != np.round(found)), "a count has no decimals",
                               "give the whole number")
        return found

    def _cell_by_cell(self, column: str, cells: Sequence[str | None]) -> list[float]:
        found, problems = [], []
        for place, cell in enumerate(cells):
            try:
                found.append(float("nan") if cell is None else float(cell))
            except ValueError:
                remedy = ("commas stand before every third digit only: write 3.5 with a point"
                          if "," in (cell or "") and not set("£$€%") & set(cell or "") else
                          "write digits only, without units or words")
                problems.append(Problem("this is not a number", remedy, self.name, int(self.row_numbers[place]), column,
                                        cell))
                if len(problems) >= MOST_PROBLEMS:
                    break
        if problems:
            raise Refused(problems)
        return found

    def months(self, column: str) -> list[Month]:
        """A column as months, in any spelling publications use; refuses what is none."""
        problems: list[Problem] = []
        read: dict[Any, Month | None] = {}
        found = []
        for place, cell in enumerate(self.column(column).to_pylist()):
            if cell not in read:
                try:
                    read[cell] = Month.parsed(cell)
                except ValueError:
                    read[cell] = None
            month = read[cell]
            if month is None:
                problems.append(Problem("this is not a month", "write it as 2016-04", self.name,
                                        int(self.row_numbers[place]), column, str(cell)))
            else:
                found.append(month)
        if problems:
            raise Refused(problems[:MOST_PROBLEMS])
        return found

    def _refuse_where(self, column: str, wrong: Any, what: str, remedy: str) -> None:
        import numpy as np

        places = np.flatnonzero(np.asarray(wrong, dtype=bool))
        if len(places):
            cells = self.column(column)
            raise Refused(
                Problem(what, remedy, self.name, int(self.row_numbers[place]), column,
                        "" if cells[int(place)].as_py() is None else str(cells[int(place)].as_py()))
                for place in places[:MOST_PROBLEMS])

    def refuse_rows(self, wrong: Any, what: str, remedy: str, *, column: str) -> None:
        """Refuse every row where ``wrong`` is true, showing its cell in ``column``."""
        self._refuse_where(column, wrong, what, remedy)

    def refuse_duplicates(self, *columns: str) -> None:
        """Refuse rows that say the same thing twice, naming the first of each pair."""
        seen: dict[tuple[str, ...], int] = {}
        problems = []
        cells = [self.texts(column) for column in columns]
        for place, key in enumerate(zip(*cells, strict=True)):
            row = int(self.row_numbers[place])
            if key in seen:
                problems.append(Problem(f"row {seen[key]} is for the same {', '.join(columns)}",
                                        "keep one of the two", self.name, row, columns[0], " ".join(key)))
            else:
                seen[key] = row
        if problems:
            raise Refused(problems[:MOST_PROBLEMS])

    def keep(self, mask: Any) -> Table:
        """The rows where the mask is true, their row numbers kept."""
        import numpy as np
        import pyarrow as pa

        wanted = np.asarray(mask, dtype=bool)
        return Table(self.name, self.digest, self.arrow.filter(pa.array(wanted)), self.row_numbers[wanted])

    def groups(self, columns: Sequence[str]) -> dict[tuple[str, ...], NDArray[np.int64]]:
        """Places of the rows of each group, in order of first appearance; one group where no column is named."""
        import numpy as np

        if not columns:
            return {(): np.arange(len(self))}
        cells = [self.texts(column) for column in columns]
        found: dict[tuple[str, ...], list[int]] = {}
        for place, key in enumerate(zip(*cells, strict=True)):
            found.setdefault(key, []).append(place)
        return {key: np.array(places) for key, places in found.items()}


def _without_thousands(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers with the commas taken out that part thousands, and no others: 1,234 is a number, 3,5 is not."""
    import pyarrow.compute as pc

    if not pc.any(pc.match_substring(text, ",")).as_py():
        return text
    parted = pc.match_substring_regex(text, r"^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$")
    return pc.if_else(parted, pc.replace_substring(text, ",", ""), text)


def _folded(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


def read(source: Source, *, name: str = "") -> Table:
    """Open a source as a table, refusing what holds information about single people.

    Raises ``Refused`` for what cannot be read, for an empty table, and for columns that look like patients.
    """
    import numpy as np

    if isinstance(source, Table):
        return source
    opened = source if isinstance(source, Opened) else None
    if isinstance(source, str | Path):
        opened = Opened(str(source))
    if opened is not None:
        table, digest, label = _from_file(opened)
    else:
        table, digest, label = _from_memory(source), "", name or "the table"
    problems = list(personal.signs_in_columns(table, file=label))
    if problems:
        raise Refused(problems)
    if not table.num_rows:
        raise refuse("there are headings and no rows", "give a table with at least one row", file=label)
    rows = np.arange(1, table.num_rows + 1)
    result = Table(label, digest or _digest_of_columns(table), table, rows)
    return _narrowed(result, opened) if opened is not None else result


def _from_file(opened: Opened) -> tuple[pa.Table, str, str]:
    if opened.content is not None:
        content, label = opened.content, opened.path
    elif opened.path == "-":
        content, label = sys.stdin.buffer.read(), "standard input"
    elif opened.path.startswith("sample:"):
        path, label = sample(opened.path), opened.path
        content = reading.bytes_of(path)
    else:
        content, label = reading.bytes_of(Path(opened.path)), opened.path
    named = label if opened.path.startswith("sample:") is False else str(sample(opened.path))
    try:
        table = reading.columns_of(content, named, sheet=opened.sheet, cells=opened.cells)
    except Refused as refused:
        raise Refused(_renamed(each, named, label) for each in refused.problems) from None
    return table, reading.digest_of(content), label


def _renamed(problem: Problem, named: str, label: str) -> Problem:
    from dataclasses import replace

    return replace(problem, file=label) if problem.file == named else problem


def sample(name: str) -> Path:
    """Where a small table that comes with the program lies, from ``sample:NAME``."""
    wanted = name.removeprefix("sample:")
    known = {each.name.split(".")[0]: each for each in sorted(SAMPLES.iterdir()) if each.is_file()}
    if wanted not in known:
        raise refuse("there is no such sample", f"choose from {', '.join(known)}", value=wanted)
    return known[wanted]


def _from_memory(source: Source) -> pa.Table:
    import pyarrow as pa

    if isinstance(source, pa.Table):
        return source
    if isinstance(source, Mapping):
        single = [str(key) for key, column in source.items()
                  if isinstance(column, str | bytes) or not hasattr(column, "__iter__")]
        if single:
            raise refuse("this column is one value and no list", "give a list with a cell for every row",
                         column=single[0])
        columns = {str(key): list(column) for key, column in source.items()}
        if len({len(column) for column in columns.values()}) > 1:
            raise refuse("the columns are not all of one length", "give every column a cell in every row",
                         value=", ".join(f"{name} {len(column)}" for name, column in columns.items()))
        return pa.table({name: _array(column) for name, column in columns.items()})
    if isinstance(source, list | tuple) and source and isinstance(source[0], Mapping):
        names = list(dict.fromkeys(str(name) for row in source for name in row))
        return pa.table({name: _array([row.get(name) for row in source]) for name in names})
    if type(source).__module__.startswith("pandas"):
        return _from_pandas(source)
    if hasattr(source, "__arrow_c_stream__"):
        return pa.table(source)
    raise refuse("this is not a table", "give a path, a pandas or Polars frame, an Arrow table or a mapping of columns",
                 value=type(source).__name__)


def _from_pandas(frame: Any) -> pa.Table:
    """A pandas frame, with its index where that has a name; periods as they are written."""
    import pyarrow as pa

    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    frame = frame.rename(columns=str)
    doubled = [each for each in dict.fromkeys(frame.columns) if list(frame.columns).count(each) > 1]
    if doubled:
        raise refuse("two columns go by one name", "give each its own", value=", ".join(doubled))
    periods = {each: frame[each].astype(str) for each in frame.columns if str(frame[each].dtype).startswith("period")}
    frame = frame.assign(**periods)
    try:
        return pa.Table.from_pandas(frame, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.table({each: _array(list(frame[each])) for each in frame.columns})


def _array(cells: list[Any]) -> pa.Array:
    """A column of values; where numbers and words are mixed, all as text, so that a complaint can name the cell."""
    import pyarrow as pa

    try:
        return pa.array(cells, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if cell is None else reading.cell_text(cell) for cell in cells], pa.string())


def _digest_of_columns(table: pa.Table) -> str:
    """A digest of what a table in memory says, whatever its types are called."""
    import hashlib
    import json

    total = hashlib.sha256()
    for name in table.column_names:
        total.update(json.dumps([name, [None if each is None else str(each) for each in
                                        table.column(name).to_pylist()]]).encode())
    return "sha256:" + total.hexdigest()


def _narrowed(table: Table, opened: Opened) -> Table:
    for wanted, actual in opened.columns.items():
        table.require(actual)
        there = table._actual(actual)
        kept = [each for each in table.columns if _folded(each) != _folded(wanted) or each == there]
        arrow = table.arrow.select(kept).rename_columns([wanted if each == there else each for each in kept])
        table = Table(table.name, table.digest, arrow, table.row_numbers)
    for column, value in opened.where:
        cells = table.texts(column)
        table_kept = table.keep([cell.casefold() == value.strip().casefold() for cell in cells])
        if not len(table_kept):
            near = closest(value, set(cells)) or sorted(set(cells))[:5]
            raise refuse(f"no row has {column} equal to this", f"there are {', '.join(near)}", file=table.name,
                         column=column, value=value)
        table = table_kept
    return table
