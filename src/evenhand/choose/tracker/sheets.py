"""The cells of a tracker as they stand: every sheet of a workbook old or new, or a CSV in any spelling."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import PurePath
from typing import Any

from evenhand.choose.tracker.formatting import column_letters, column_number, marks_of
from evenhand.choose.tracker.marks import Marks
from evenhand.data import reading
from evenhand.terms import Problem, Refused, closest, refuse

Cell = Any
"""Text, a number, yes or no, a day, or an empty text. A day is a ``date`` or ``datetime``."""

_BASE, _LEAP = date(1899, 12, 30), date(1900, 3, 1)
_RANGE = re.compile(r"([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)")
_NUMERIC = re.compile(r"[\s£(~<>c.+-]*\d[\d.,\s]*[km)%]?\s*$", re.I)
_BEGINS, _GOES_ON = re.compile(r"[(+-]?\s*£?\s*\d{1,3}"), re.compile(r"\d{3}(\.\d+)?\)?")
WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows of cells, all of one length, and its marks.

    ``first_row`` is the number a person sees beside the first of ``rows``. ``merged`` are ranges of cells shown as one
    (first row, first column, last row, last column, from 0 within ``rows``). ``hidden`` sheets are not shown in the
    workbook.
    """

    name: str
    rows: tuple[list[Cell], ...]
    marks: Marks = field(default_factory=Marks, compare=False)
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    first_row: int = 1
    first_column: int = 0

    def number(self, row: int) -> int:
        """The number a person sees beside the row at this place."""
        return row + self.first_row

    def letters(self, column: int) -> str:
        """The letters above the column at this place."""
        return column_letters(column + self.first_column)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.rows[0]) if self.rows else 0


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing to read."""
    if type(cell) is str:
        return not cell or cell.isspace()
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Cell) -> str:
    """A cell as a person would type it, spaces and line breaks made single."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def serial_of(cell: Cell) -> float | None:
    """The number behind a cell that is shown as a day or a time, as spreadsheets count; ``None`` for other cells."""
    if isinstance(cell, timedelta):
        return cell.total_seconds() / 86_400
    if isinstance(cell, time):
        return (cell.hour * 3600 + cell.minute * 60 + cell.second) / 86_400
    if isinstance(cell, date):
        day = cell.date() if isinstance(cell, datetime) else cell
        # Spreadsheets count a 29 February 1900 that never was.
        number = float((day - _BASE).days - (day < _LEAP))
        return number + (serial_of(cell.time()) or 0.0) if isinstance(cell, datetime) else number
    return None


def sheets_of(content: bytes, name: str, *, sheet: str = "", cells: str = "") -> tuple[Sheet, ...]:
    """Every sheet of a tracker's bytes, or the one that is named, cut to a range such as ``B3:F20``.

    Raises ``Refused`` for what cannot be read: an empty or broken file, a password, no such sheet or range.
    """
    if not content.strip():
        raise refuse("the file is empty", "give a tracker with a heading line and rows", file=name)
    if content[:4] == b"\xd0\xcf\x11\xe0" or content[:2] == b"PK":
        found = _workbook(content, name)
    elif content[:4] == b"%PDF":
        raise refuse("this is a PDF, not a table", "ask for the spreadsheet that it was made from", file=name)
    elif PurePath(name).suffix.casefold() in WORKBOOK_ENDINGS:
        raise refuse(f"the file does not hold what its ending {PurePath(name).suffix} says",
                     "open it where it was made and save it again as .xlsx", file=name)
    else:
        found = (_separated(content, name),)
    if sheet:
        names = [each.name for each in found]
        chosen = [each for each in found if each.name.casefold() == sheet.strip().casefold()]
        if not chosen:
            near = closest(sheet, names) or names
            raise refuse("there is no such sheet", f"choose from {', '.join(near)}", file=name, column="--sheet",
                         value=sheet)
        found = tuple(replace(each, hidden=False) for each in chosen)
    return tuple(_cut(each, cells, name) for each in found) if cells else found


def _workbook(content: bytes, name: str) -> tuple[Sheet, ...]:
    import python_calamine as calamine

    if _is_encrypted(content):
        raise _locked(name)
    reading.refuse_boundless(content, name)
    with reading.damage_refused(name):
        try:
            book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        except calamine.PasswordError:
            raise _locked(name) from None
    try:
        marks = marks_of(content, name)
    except zipfile.BadZipFile:
        raise refuse("the workbook is broken off", "fetch it again, or open it and save it again", file=name) from None
    found = []
    for about in book.sheets_metadata:
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        with reading.damage_refused(name):
            there = book.get_sheet_by_name(about.name)
            rows = tuple(list(row) for row in there.to_python(skip_empty_area=False))
        merged = tuple((*first, *last) for first, last in there.merged_cell_ranges or ())
        found.append(_filled_down(Sheet(about.name, rows, marks.get(about.name, Marks()), merged,
                                        about.visible != calamine.SheetVisibleEnum.Visible)))
    return tuple(found)


def _locked(name: str) -> Exception:
    return refuse("the workbook has a password", "open it, save a copy without the password, and give that", file=name)


def _is_encrypted(content: bytes) -> bool:
    return content[:4] == b"\xd0\xcf\x11\xe0" and "EncryptedPackage".encode("utf-16-le") in content


def _filled_down(sheet: Sheet) -> Sheet:
    """Words in a cell that spans several rows belong to each of them; an amount there is one amount and stays one."""
    for top, left, bottom, _ in sheet.merged:
        if bottom <= top or top >= len(sheet.rows) or left >= sheet.width:
            continue
        cell = sheet.rows[top][left]
        if isinstance(cell, str) and cell.strip() and not _NUMERIC.match(cell):
            for row in range(top + 1, min(bottom + 1, len(sheet.rows))):
                sheet.rows[row][left] = cell
    return sheet


def _separated(content: bytes, name: str) -> Sheet:
    text = _decoded(content, name)
    separator = _separator(text)
    csv.field_size_limit(10_000_000)
    try:
        rows = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error as trouble:
        raise refuse(f"the rows cannot be read as columns ({trouble})", "save the tracker again as CSV or .xlsx",
                     file=name) from None
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    width = max((len(row) for row in rows), default=0)
    if width < 2:
        raise refuse("there is one column only", "give a tracker with at least a name and an amount for each scheme",
                     file=name)
    if separator == ",":
        _refuse_split_amounts(rows, name)
    label = PurePath(name).stem if not name.startswith("sample:") else name.removeprefix("sample:")
    return Sheet(label, tuple(row + [""] * (width - len(row)) for row in rows))


def _refuse_split_amounts(rows: Sequence[Sequence[str]], name: str) -> None:
    """Refuse rows whose amounts the file itself cut in two: ``£1,200`` without quotation marks is two cells.

    Told by a row that runs beyond its heading, with a short number followed by exactly three digits: read as it stands
    it would say £1 where the writer meant £1,200.
    """
    heading = next((len(row) for row in rows if sum(bool(cell.strip()) for cell in row) > 1
                    and not any(each.isdigit() for cell in row for each in cell)), None)
    problems = [Problem("this row runs beyond the heading, and an amount in it is cut in two at its comma",
                        "put quotation marks round amounts with commas, or save it as a workbook", name, number,
                        "", f"{row[place].strip()},{row[place + 1].strip()}")
                for number, row in enumerate(rows, start=1)
                if heading is not None and len(row) > heading and any(cell.strip() for cell in row[heading:])
                for place in range(len(row) - 1)
                if _BEGINS.fullmatch(row[place].strip()) and _GOES_ON.fullmatch(row[place + 1].strip())]
    if problems:
        raise Refused(problems)


def _decoded(content: bytes, name: str) -> str:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in content[:4096] and not wide:
        raise refuse("this is not a table: it holds bytes that are not text", "give a CSV or a workbook", file=name)
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse("the text cannot be read", "save the tracker as .xlsx or as CSV in UTF-8", file=name)


def _separator(text: str) -> str:
    """The separator that cuts the first lines into the same number of cells most often."""
    lines = [line for line in text.splitlines()[:200] if line.strip()]

    def steadiness(separator: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator)]
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        return (0, 0) if usual < 2 and max(widths) < 2 else (widths.count(usual) if usual > 1 else 1, usual)

    try:
        return max((",", ";", "\t", "|"), key=steadiness)
    except csv.Error:
        return ","


def columns_of(sheet: Sheet, left: int, right: int) -> Sheet:
    """Some columns of a sheet as a sheet of their own, called by their letters; ``right`` is not included."""
    part = _cut_to(sheet, 0, len(sheet.rows), left, right)
    name = f"{sheet.name}, columns {sheet.letters(left)} to {sheet.letters(right - 1)}"
    return replace(part, name=name, first_row=sheet.first_row, first_column=sheet.first_column + left)


def _cut(sheet: Sheet, cells: str, name: str) -> Sheet:
    found = _RANGE.fullmatch(cells.strip().upper())
    if not found:
        raise refuse("this is no range of cells", "write it as B3:F20", file=name, column="--range", value=cells)
    top, bottom = int(found[2]) - 1, int(found[4])
    left, right = column_number(found[1]), column_number(found[3]) + 1
    return _cut_to(sheet, top, bottom, left, right)


def _cut_to(sheet: Sheet, top: int, bottom: int, left: int, right: int) -> Sheet:
    """Rows and columns from the first named to before the last, with their marks."""
    def moved(place: tuple[int, int]) -> tuple[int, int]:
        return place[0] - top, place[1] - left

    def moved_all(places: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
        return {moved(place) for place in places}

    own = sheet.marks
    marks = Marks(own.known, moved_all([*own.struck]), moved_all([*own.bold]),
                  {moved(place): fill for place, fill in own.fills.items()},
                  {moved(place): formula for place, formula in own.formulas.items()},
                  moved_all([*own.without_value]), {row - top for row in own.hidden_rows})
    merged = tuple((a - top, b - left, c - top, d - left) for a, b, c, d in sheet.merged if a >= top and b >= left)
    return Sheet(sheet.name, tuple(row[left:right] for row in sheet.rows[top:bottom]), marks, merged, sheet.hidden,
                 top + 1, left)
