"""A table of named columns that knows how each figure is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from evenhand.terms import Month, Suppressed
from evenhand.terms.words import figure, per_cent, pounds

if TYPE_CHECKING:
    import pandas
    import pyarrow

Kind = Literal["text", "count", "number", "pounds", "share", "month", "sign", "interval", "rank"]
Cell = str | int | float | bool | Month | Suppressed | tuple[float | None, float | None] | None


@dataclass(frozen=True)
class Column:
    """One column: its name for machines, its title for readers, and how its figures are written."""

    name: str
    title: str = ""
    kind: Kind = "text"
    digits: int = 3

    @property
    def heading(self) -> str:
        """The title, or the name made readable."""
        return self.title or self.name.replace("_", " ").capitalize()

    @property
    def is_numeric(self) -> bool:
        """Whether it is set to the right."""
        return self.kind not in ("text", "month", "sign")

    def written(self, cell: Cell) -> str:
        """The cell as a reader sees it; missing (none, or not a number) reads as a dash, hidden as "hidden"."""
        if cell is None or cell != cell:
            return "–"
        if isinstance(cell, Suppressed):
            return str(cell)
        if isinstance(cell, tuple):
            low, high = cell
            return f"{self._number(low)} to {self._number(high)}"
        if isinstance(cell, bool):
            return "yes" if cell else "no"
        if isinstance(cell, int | float):
            return self._number(cell)
        return str(cell)

    def _number(self, value: float | None) -> str:
        if value is None or value != value:
            return "–"
        if self.kind == "pounds":
            return pounds(value)
        if self.kind == "share":
            return per_cent(value, digits=1)
        if self.kind in ("count", "rank"):
            return f"{value:,.0f}"
        return figure(float(value), digits=self.digits)


@dataclass(frozen=True)
class Table:
    """Rows under named columns, in order. ``whole`` is for sentences: a terminal folds them and leaves no row out."""

    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]
    title: str = ""
    notes: tuple[str, ...] = field(default=())
    whole: bool = False

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], columns: Sequence[Column | str], *, title: str = "",
           notes: Sequence[str] = ()) -> Table:
        """A table from rows of named cells; a column given by name alone is text."""
        named = tuple(each if isinstance(each, Column) else Column(each) for each in columns)
        return cls(named, tuple(rows), title, tuple(notes))

    def __len__(self) -> int:
        return len(self.rows)

    def written(self) -> list[list[str]]:
        """Every cell as a reader sees it."""
        return [[column.written(row.get(column.name)) for column in self.columns] for row in self.rows]

    def _plain(self, row: Mapping[str, Any]) -> list[Any]:
        """One row for machines: an interval becomes two cells."""
        cells: list[Any] = []
        for column in self.columns:
            cell = row.get(column.name)
            if column.kind == "interval":
                cells += list(cell) if isinstance(cell, tuple | list) else [cell, cell]
            else:
                cells.append(str(cell) if isinstance(cell, Month) else cell)
        return [None if isinstance(cell, float) and cell != cell else cell for cell in cells]

    @property
    def plain_names(self) -> list[str]:
        """Column names for machines, an interval as NAME_low and NAME_high."""
        names: list[str] = []
        for column in self.columns:
            names += [f"{column.name}_low", f"{column.name}_high"] if column.kind == "interval" else [column.name]
        return names

    def plain_rows(self) -> list[list[Any]]:
        """Unrounded cells under ``plain_names``."""
        return [self._plain(row) for row in self.rows]

    def to_csv(self) -> str:
        """Comma-separated text: missing is empty, hidden is the word "hidden", numbers unrounded."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.plain_names)
        for cells in self.plain_rows():
            writer.writerow(["" if cell is None else _safe_for_sheets(cell) for cell in cells])
        return out.getvalue()

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas frame; hidden cells become missing."""
        import pandas as pd

        rows = [[None if isinstance(cell, Suppressed) else cell for cell in cells] for cells in self.plain_rows()]
        return pd.DataFrame(rows, columns=self.plain_names)

    def to_arrow(self) -> pyarrow.Table:
        """An Arrow table, which Polars, DuckDB and R take as it is."""
        import pyarrow as pa

        return pa.Table.from_pandas(self.to_pandas(), preserve_index=False)

    def _repr_html_(self) -> str:
        from evenhand.figures.html import table_html

        return table_html(self)


def _safe_for_sheets(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula is written with a leading apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "@", "\t", "\r") else cell
