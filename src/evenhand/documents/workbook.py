"""An answer as an Excel workbook: the answer, a sheet for each figure, and how we know.

Laid out as the Government Analysis Function asks of published spreadsheets (2021, "Releasing statistics in
spreadsheets"): one table to a sheet, marked as a table, nothing merged, what a blank means said above it. The same
answer gives the same bytes.
"""

from __future__ import annotations

import io
import math
import os
import re
import shlex
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.terms import Month, Suppressed, refuse

if TYPE_CHECKING:
    from evenhand.figures import Answer, Column, Table

MOST_ROWS = 1_000_000
MOST_LETTERS = 32_000
LINE = 110
WIDEST, NARROWEST = 60, 9
# A workbook must carry a day of making; a fixed one keeps the bytes the same from run to run.
MADE = datetime(1980, 1, 1)


def write_workbook(answer: Answer, path: Path, *, command: str = "") -> None:
    """Write the answer to a workbook, whole or not at all. ``command`` is the line that made it, where it is known."""
    content = workbook_bytes(answer, command=command)
    part = path.with_name(f".{path.name}.{os.getpid()}.part") if path.name else path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError as trouble:
        with suppress(OSError):
            part.unlink()
        raise refuse(f"the workbook cannot be written: {trouble.strerror}", "name another file with --xlsx",
                     file=str(path)) from None


def workbook_bytes(answer: Answer, *, command: str = "") -> bytes:
    """The workbook's bytes.

    Sheets: "Answer" (sentence, remarks, table), one for each further table and figure, "How we know" (method, version,
    source, settings, inputs with their digests, the command). Numbers are unrounded and shown rounded; missing is an
    empty cell; hidden is the word "hidden". No cell is ever a formula. Raises ``Refused`` above a million rows.
    """
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "default_date_format": "dd mmm yyyy"})
    book.set_properties({"title": answer.method.name, "subject": answer.sentence[:250], "created": MADE})
    pages = _Pages(book)
    pages.add("Answer", answer.sentence, answer.remarks, answer.table)
    for table in answer.more_tables:
        pages.add(table.title or "Table", table.title, (), table)
    for figure in answer.figures:
        notes = (figure.note,) if figure.note else ()
        pages.add(figure.title or figure.name, figure.sentence, notes, figure.table)
    pages.add_how_we_know(answer, command or command_of(answer))
    book.close()
    return out.getvalue()


def command_of(answer: Answer) -> str:
    """The command line that gives this answer again, as far as the answer itself tells.

    Every setting is written out. An input that came from memory has no file to name, and an answer does not say under
    which option a second input was given; then the line is empty, for a wrong one would be worse than none.
    """
    if len(answer.made_from) != 1 or answer.made_from[0].what.startswith(("the ", "standard input")):
        return ""
    words = ["evenhand", *answer.method.name.split(), answer.made_from[0].what]
    for name, value in answer.settings.items():
        option = "--" + name.replace("_", "-")
        if isinstance(value, bool):
            words.append(option if value else option.replace("--", "--no-", 1))
        elif isinstance(value, list | tuple):
            words += [option, ",".join(map(str, value))] if value else []
        elif value is not None and value != "":
            words += [option, str(value)]
    return shlex.join(words)


@dataclass(frozen=True)
class _Cells:
    """One column of a sheet: its heading, its cells, and how they are shown."""

    heading: str
    cells: tuple[Any, ...]
    shown: str


class _Pages:
    """The sheets of one workbook, their names told apart."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.names: set[str] = set()
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, **what: Any) -> Any:
        """A cell format, made once."""
        key = tuple(sorted(what.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(what)
        return self.formats[key]

    def sheet(self, title: str) -> Any:
        """A sheet under a name that Excel allows and that no other sheet has."""
        plain = " ".join(re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).split()).strip("'")[:31].strip(" '") or "Sheet"
        name, number = plain, 1
        while name.casefold() in self.names or name.casefold() == "history":
            number += 1
            name = f"{plain[:31 - len(str(number)) - 1].strip()} {number}"
        self.names.add(name.casefold())
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        return sheet

    def add(self, title: str, sentence: str, remarks: Sequence[str], table: Table) -> None:
        """A sheet with a sentence, its remarks and one table whose headings stay in sight."""
        if len(table) > MOST_ROWS:
            raise refuse(f"the table has {len(table):,} rows, more than a sheet can hold", "write it with --csv")
        sheet = self.sheet(title)
        columns = _columns_of(table)
        hidden = {cell.reason for column in columns for cell in column.cells if isinstance(cell, Suppressed)}
        notes = [*remarks, *table.notes, "An empty cell is a figure that is not known; it is not nought."]
        notes += [f"hidden: {reason}" for reason in sorted(hidden)]
        row = self._words(sheet, 0, (sentence or title,), bold=True, font_size=13)
        row = self._words(sheet, row, notes) + 1
        self._table(sheet, row, columns)
        sheet.freeze_panes(row + 1, 1 if len(columns) > 3 else 0)
        sheet.repeat_rows(row)

    def _words(self, sheet: Any, row: int, paragraphs: Iterable[str], **look: Any) -> int:
        for paragraph in paragraphs:
            # Broken by hand: a merged cell would trip screen readers and filters.
            for line in textwrap.wrap(paragraph, LINE) or [""]:
                sheet.write_string(row, 0, line, self.format(**look) if look else None)
                row += 1
        return row

    def _table(self, sheet: Any, top: int, columns: Sequence[_Cells]) -> None:
        heads = _told_apart([column.heading for column in columns])
        heading = self.format(bold=True, text_wrap=True, valign="top", bottom=1)
        rows = len(columns[0].cells) if columns else 0
        if rows:
            sheet.add_table(top, 0, top + rows, len(columns) - 1, {
                "style": "Table Style Light 1",
                "columns": [{"header": head, "header_format": heading} for head in heads]})
        for place, (column, head) in enumerate(zip(columns, heads, strict=True)):
            if not rows:
                sheet.write_string(top, place, head, heading)
            look = self.format(num_format=column.shown) if column.shown else None
            longest = len(head) if len(head) < 20 else 20
            for step, cell in enumerate(column.cells, start=1):
                longest = max(longest, self._write(sheet, top + step, place, cell, look))
            sheet.set_column(place, place, max(NARROWEST, min(WIDEST, longest + 2)))

    def _write(self, sheet: Any, row: int, place: int, cell: Any, look: Any) -> int:
        """Write one cell by its type, never by its looks, and give the width it needs."""
        if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
            return 0
        if isinstance(cell, Suppressed):
            sheet.write_string(row, place, str(cell), self.format(italic=True, font_color="#4c6272", align="right"))
            return len(str(cell))
        if isinstance(cell, bool):
            sheet.write_string(row, place, "yes" if cell else "no")
            return 3
        if isinstance(cell, int | float):
            sheet.write_number(row, place, cell, look)
            return len(f"{cell:,.0f}") + 4
        if isinstance(cell, Month):
            sheet.write_datetime(row, place, datetime(cell.year, cell.number, 1), self.format(num_format="mmm yyyy"))
            return 9
        if isinstance(cell, date):
            sheet.write_datetime(row, place, cell, self.format(num_format="d mmm yyyy"))
            return 12
        text = str(cell)
        text = text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"
        wraps = len(text) > WIDEST
        sheet.write_string(row, place, text, self.format(text_wrap=True, valign="top") if wraps else None)
        return min(len(text), WIDEST)

    def add_how_we_know(self, answer: Answer, command: str) -> None:
        """The sheet that lets a stranger trust the answer or do it again."""
        sheet = self.sheet("How we know")
        bold, wrapped = self.format(bold=True, valign="top"), self.format(text_wrap=True, valign="top")
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 90)
        row = self._words(sheet, 0, ("How we know",), bold=True, font_size=13) + 1
        parts: list[tuple[str, str]] = [("Method", answer.method.name), ("Version", answer.method.version),
                                        ("Source", answer.method.source)]
        parts += [(f"Setting: {name.replace('_', ' ')}", _setting_text(value))
                  for name, value in answer.settings.items()]
        parts += [(f"Made from {each.what}", each.digest) for each in answer.made_from]
        parts += [("Command", command)] if command else []
        for name, value in parts:
            sheet.write_string(row, 0, name[:MOST_LETTERS], bold)
            sheet.write_string(row, 1, value[:MOST_LETTERS], wrapped)
            row += 1


def _setting_text(value: Any) -> str:
    if value is None or value == () or value == []:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={each}" for name, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _told_apart(heads: Sequence[str]) -> list[str]:
    """Headings of a table must differ, whatever their case."""
    seen: set[str] = set()
    unique = []
    for head in heads:
        name, number = head or "Column", 1
        while name.casefold() in seen:
            number += 1
            name = f"{head} ({number})"
        seen.add(name.casefold())
        unique.append(name)
    return unique


def _columns_of(table: Table) -> list[_Cells]:
    """The table turned on its side, an interval as two columns."""
    found = []
    for column in table.columns:
        cells = [row.get(column.name) for row in table.rows]
        if column.kind == "interval":
            for side, word in enumerate(("low", "high")):
                ends = tuple(cell[side] if isinstance(cell, tuple | list) else cell for cell in cells)
                found.append(_Cells(f"{column.heading}, {word}", ends, _shown(column, ends)))
        else:
            plain = tuple(_ends_in_words(column, cell) for cell in cells)
            found.append(_Cells(column.heading, plain, _shown(column, plain)))
    return found


def _ends_in_words(column: Column, cell: Any) -> Any:
    """A pair in a column that is no interval is written as it reads: a spreadsheet holds one figure to a cell."""
    if hasattr(cell, "item"):
        cell = cell.item()
    if isinstance(cell, tuple):
        return column.written(cell)
    if isinstance(cell, list | set | frozenset):
        return ", ".join(map(str, cell))
    return cell


def _shown(column: Column, cells: Sequence[Any]) -> str:
    """The number format of a column: as exact as its middle figure needs, whole thousands kept."""
    sizes = sorted(abs(cell) for cell in cells
                   if isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell) and cell)
    if not sizes or not column.is_numeric:
        return ""
    if column.kind in ("count", "rank"):
        return "#,##0"
    if column.kind == "share":
        return "0.0%"
    if column.kind == "pounds":
        return "£#,##0.00" if sizes[-1] < 100 else "£#,##0"
    places = max(0, min(10, column.digits - 1 - math.floor(math.log10(sizes[len(sizes) // 2]))))
    return "#,##0" + ("." + "0" * places if places else "")
