"""Bytes into columns: CSV in its many spellings, Parquet, Excel old and new. Nothing is guessed silently."""

from __future__ import annotations

import csv
import gzip
import hashlib
import html
import io
import os
import re
import struct
import sys
import threading
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import counted

if TYPE_CHECKING:
    import pyarrow as pa
    import python_calamine as calamine

WORKBOOKS = (".xlsx", ".xls", ".ods", ".xlsm", ".xlsb")
MOST_HEADING_LINES = 50
MANY_ROWS, MOST_ROWS, MOST_CELLS = 250_000, 600_000, 100_000_000
_FAR_COLUMN = re.compile(rb'<c r="[A-Z]{3}\d+"[^>]*(?<!/)>')
_FILLED_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*(?<!/)>')


def digest_of(content: bytes) -> str:
    """The digest by which an input is known."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def bytes_of(path: Path) -> bytes:
    """The bytes of a file, of standard input for ``-``, or a refusal that says why not."""
    if str(path) == "-":
        return sys.stdin.buffer.read()
    if path.is_dir():
        raise refuse("this is a folder", "name a file in it", file=str(path))
    try:
        return path.read_bytes()
    except FileNotFoundError:
        near = sorted(each.name for each in path.parent.glob(f"*{path.suffix}"))[:5] if path.parent.is_dir() else []
        there = f"; there are {', '.join(near)}" if near else ""
        raise refuse("there is no such file", f"check the name{there}", file=str(path)) from None
    except OSError as trouble:
        raise refuse(f"the file cannot be read: {trouble.strerror}", "check that you may open it",
                     file=str(path)) from None


def columns_of(content: bytes, name: str, *, sheet: str = "", cells: str = "") -> pa.Table:
    """The columns of a file's bytes, by what they are (signature first, ending second). All text stays text."""
    suffix = Path(name.removesuffix(".gz")).suffix.casefold()
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, gzip.zlib.error):  # type: ignore[attr-defined]
            raise refuse("the file is compressed and broken off", "fetch it again", file=name) from None
    if not content.strip():
        raise refuse("the file is empty", "give a file with a heading line and rows", file=name)
    if content[:4] == b"\xd0\xcf\x11\xe0" or (content[:2] == b"PK" and zipfile.is_zipfile(io.BytesIO(content))):
        return _workbook(content, name, sheet, cells)
    if sheet or cells:
        raise refuse("only a workbook has sheets and ranges", "leave it out, or give an Excel file", file=name,
                     column="--sheet" if sheet else "--range", value=sheet or cells)
    if content[:4] == b"PAR1":
        return _parquet(content, name)
    if suffix in WORKBOOKS or suffix == ".parquet":
        raise refuse(f"the file does not hold what its ending {suffix} says", "save it again from the program it is of",
                     file=name)
    return _separated(_decoded(content, name), name)


def _parquet(content: bytes, name: str) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # Not read_table: that imports the dataset module and, with it, pandas.
        table = pq.ParquetFile(pa.BufferReader(content)).read()
        # Text that is none is found here, or it would stop whoever asks for a cell.
        table.validate(full=True)
        return table
    except (pa.ArrowException, OSError, ValueError):
        raise refuse("the Parquet file is broken", "fetch or write it again", file=name) from None


def _decoded(content: bytes, name: str) -> str:
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refuse("this is not a table: it holds bytes that are not text", "give a CSV, Parquet or Excel file",
                     file=name)
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse("the text cannot be read", "save the file as CSV in UTF-8", file=name)


def _separated(text: str, name: str) -> pa.Table:
    import pyarrow as pa
    import pyarrow.csv as pc

    head, rest = _heading(text)
    separator = max((",", ";", "\t", "|"), key=head.count)
    names = [" ".join(each.split()) for each in next(csv.reader(head.splitlines(keepends=True), delimiter=separator),
                                                     [])]
    if sum(map(len, names)) and not any(character.isalnum() for character in head):
        raise refuse("the first line is no heading", "give a file whose first line names the columns", file=name)
    names = _told_apart(names)
    ragged: list[Problem] = []

    def note(row: pc.InvalidRow) -> str:
        ragged.append(Problem(
            f"this row has {counted(row.actual_columns, 'cell')} and the heading {row.expected_columns}",
            "put quotation marks round text with commas, or mend the row", name,
            row.number, "", (row.text or "")[:60]))
        return "skip"

    content = rest.encode()
    if not content.strip():
        return pa.table({each: pa.array([], pa.string()) for each in names})
    try:
        table = pc.read_csv(
            pa.BufferReader(content),
            read_options=pc.ReadOptions(column_names=names, use_threads=False),
            parse_options=pc.ParseOptions(delimiter=separator, newlines_in_values=True, invalid_row_handler=note),
            convert_options=pc.ConvertOptions(column_types=dict.fromkeys(names, pa.string()),
                                              strings_can_be_null=False))
    except pa.ArrowInvalid as trouble:
        raise refuse(f"the rows cannot be read as columns ({str(trouble).splitlines()[0]})",
                     "save the file again as CSV with a heading line", file=name) from None
    if ragged:
        raise Refused(ragged)
    filled = table.num_rows
    # Programs leave rows of commas behind under a table.
    while filled and not any(column[filled - 1].as_py().strip() for column in table.columns):
        filled -= 1
    return table.slice(0, filled)


def _heading(text: str) -> tuple[str, str]:
    """The heading, which may have lines within quotation marks, and the rows under it."""
    if "\n" not in text:
        text = text.replace("\r", "\n")
    text = text.lstrip("\r\n ")
    first = end = text.find("\n")
    for _ in range(MOST_HEADING_LINES):
        if end < 0 or text.count('"', 0, end) % 2 == 0:
            break
        end = text.find("\n", end + 1)
    else:
        end = first
    return (text[:end].rstrip("\r"), text[end + 1:]) if end >= 0 else (text, "")


def _told_apart(names: list[str]) -> list[str]:
    """Doubled headings get a number, empty ones their place, so that no column hides another."""
    seen: dict[str, int] = {}
    unique = []
    for place, name in enumerate(names, start=1):
        plain = name or f"column {place}"
        seen[plain] = seen.get(plain, 0) + 1
        unique.append(plain if seen[plain] == 1 else f"{plain} ({seen[plain]})")
    return unique


def _workbook(content: bytes, name: str, sheet: str, cells: str) -> pa.Table:
    import pyarrow as pa

    rows = workbook_rows(content, name, sheet=sheet, cells=cells)
    while rows and not any(cell not in ("", None) for cell in rows[0]):
        rows = rows[1:]
    if not rows:
        raise refuse("the sheet is empty", "name another with --sheet", file=name, column=sheet)
    names = _told_apart(["" if cell is None else str(cell).strip() for cell in rows[0]])
    kept = [row for row in rows[1:] if any(cell not in ("", None) for cell in row)]
    others = _book(content, name).sheet_names[1:] if not kept and not sheet else []
    if others:
        raise refuse("the first sheet has no table with rows", f"name another with --sheet: {', '.join(others)}",
                     file=name)
    return pa.table({each: pa.array([cell_text(row[place]) if place < len(row) else "" for row in kept], pa.string())
                     for place, each in enumerate(names)})


def workbook_rows(content: bytes, name: str, *, sheet: str = "", cells: str = "") -> list[list[object]]:
    """The rows of one sheet as they stand, cut to a range such as ``B3:F20``. The first sheet unless one is named."""
    book = _book(content, name)
    if not book.sheet_names:
        raise refuse("the workbook has no sheets", "open it and save it again as .xlsx", file=name)
    named = {each.casefold(): each for each in book.sheet_names} | {each: each for each in book.sheet_names}
    if sheet and sheet not in named and sheet.casefold() not in named:
        raise refuse("there is no such sheet", f"choose from {', '.join(book.sheet_names)}", file=name,
                     column="--sheet", value=sheet)
    wanted = named.get(sheet) or named.get(sheet.casefold()) or book.sheet_names[0]
    with damage_refused(name):
        rows: list[list[object]] = [list(row) for row in
                                    book.get_sheet_by_name(wanted).to_python(skip_empty_area=False)]
        errors = _errors(content, wanted)
    for line, place, error in errors:
        if line < len(rows) and place < len(rows[line]):
            rows[line][place] = error
    return _cut(rows, cells, name) if cells else rows


def _errors(content: bytes, sheet: str) -> list[tuple[int, int, str]]:
    """Row, column (from 0) and text of every cell of a sheet that holds an error, such as #DIV/0!.

    The reader of workbooks gives them as empty, and an error is neither missing nor nought.
    """
    if content[:2] != b"PK":
        return []
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = set(parts.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return []
        book, links = (parts.read(each).decode("utf-8", "replace")
                       for each in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"))
        link = next((_attribute(each, "r:id") for each in re.findall(r"<sheet\b[^>]*>", book)
                     if _attribute(each, "name") == sheet), "")
        target = next((_attribute(each, "Target") for each in re.findall(r"<Relationship\b[^>]*>", links)
                       if link and _attribute(each, "Id") == link), "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        text = parts.read(part).decode("utf-8", "replace") if part in names else ""
    found = []
    for opening, inside in re.findall(r'(<c\b[^>]*\bt="e"[^>]*>)(.*?)</c>', text, re.DOTALL):
        where, said = re.fullmatch(r"([A-Z]+)(\d+)", _attribute(opening, "r")), re.search(r"<v>(.*?)</v>", inside)
        if where:
            found.append((int(where[2]) - 1, _column_number(where[1]) - 1, said[1] if said else "#ERROR!"))
    return found


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


def _column_number(letters: str) -> int:
    return sum((ord(letter) - 64) * 26**place for place, letter in enumerate(reversed(letters)))


def _book(content: bytes, name: str) -> calamine.CalamineWorkbook:
    import python_calamine as calamine

    refuse_boundless(content, name)
    with damage_refused(name):
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))


def refuse_boundless(content: bytes, name: str) -> None:
    """Refuse a workbook whose sheets reach further than memory does, before its reader makes room for all of it.

    An old workbook that is damaged may state billions of rows; a new one may hold a stray cell in its last corner.
    """
    if content[:4] == b"\xd0\xcf\x11\xe0":
        for mark, shape in ((b"\x00\x02\x0e\x00", "<IIHHH"), (b"\x00\x02\x0a\x00", "<HHHHH")):
            place = content.find(mark)
            while 0 <= place <= len(content) - 4 - struct.calcsize(shape):
                first, rows, left, columns, reserved = struct.unpack_from(shape, content, place + 4)
                if reserved == 0 and (rows > 65_536 or columns > 256 or first > rows or left > columns):
                    raise refuse("the workbook cannot be read", "open it and save it again as .xlsx", file=name)
                place = content.find(mark, place + 4)
    elif content[:2] == b"PK":
        # What is broken is told by those who read it afterwards.
        with suppress(zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                sheets = [parts.read(part) for part in parts.namelist()
                          if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part)]
            for text in sheets:
                _refuse_boundless_sheet(text, name)


def _refuse_boundless_sheet(text: bytes, name: str) -> None:
    last = re.search(rb'<row\b[^>]*?\br="(\d+)"', text[max(0, text.rfind(b"<row ")):])
    if (last is None or int(last[1]) <= MANY_ROWS) and not _FAR_COLUMN.search(text):
        return
    cells = _FILLED_CELL.findall(text)
    rows = max((int(number) for _, number in cells), default=0)
    columns = max((_column_number(letters.decode()) for letters in {letters for letters, _ in cells}), default=0)
    if rows * columns > MOST_CELLS or rows > MOST_ROWS:
        raise refuse(f"a sheet reaches down to row {rows:,} and across {columns:,} columns",
                     "delete the stray cells at its far end, save it and give it again", file=name)


@contextmanager
def damage_refused(name: str) -> Iterator[None]:
    """Whatever the reader of workbooks says of a broken one, said in our words."""
    import python_calamine as calamine

    broken = refuse("the workbook cannot be read", "open it and save it again as .xlsx", file=name)
    try:
        with _no_words_of_its_own():
            yield
    except calamine.PasswordError:
        raise refuse("the workbook has a password", "save a copy without it", file=name) from None
    except (calamine.CalamineError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError,
            RuntimeError):
        raise broken from None
    except BaseException as stopped:
        # At some broken files it stops in a way of its own, which is no Exception.
        if type(stopped).__name__ != "PanicException":
            raise
        raise broken from None


class _SetAside:
    """Standard error set aside while a workbook is read, by as many threads as read one."""

    def __init__(self) -> None:
        self.lock, self.readers = threading.Lock(), 0
        self.kept, self.aside = -1, -1

    def begin(self) -> None:
        with self.lock:
            self.readers += 1
            if self.readers == 1:
                self.kept, self.aside = os.dup(2), os.memfd_create("aside") if hasattr(os, "memfd_create") else (
                    os.open(os.devnull, os.O_RDWR))
                os.dup2(self.aside, 2)

    def end(self) -> None:
        with self.lock:
            self.readers -= 1
            if self.readers == 0:
                os.dup2(self.kept, 2)
                os.lseek(self.aside, 0, os.SEEK_SET)
                written = os.read(self.aside, 1 << 20)
                os.close(self.kept)
                os.close(self.aside)
                if written and b"panicked at" not in written:
                    os.write(2, written)


_ASIDE = _SetAside()


@contextmanager
def _no_words_of_its_own() -> Iterator[None]:
    """Where the reader of workbooks stops in its own way it writes of it to standard error itself; nobody reads that.

    What else was written meanwhile is let through.
    """
    try:
        _ASIDE.begin()
    except OSError:
        # There is no standard error to set aside.
        yield
        return
    try:
        yield
    finally:
        _ASIDE.end()


def _cut(rows: list[list[object]], cells: str, name: str) -> list[list[object]]:
    found = re.fullmatch(r"([A-Z]+)(\d+):([A-Z]+)(\d+)", cells.strip().upper())
    if not found:
        raise refuse("this is no range of cells", "write it as B3:F20", file=name, column="--range", value=cells)
    left, right = _column_number(found[1]), _column_number(found[3])
    return [row[left - 1:right] for row in rows[int(found[2]) - 1:int(found[4])]]


def cell_text(cell: object) -> str:
    """A workbook's cell as text: whole numbers without a point, days as 2016-04-01."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell == int(cell) and abs(cell) < 1e15:
        return str(int(cell))
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat())
    return str(cell)
