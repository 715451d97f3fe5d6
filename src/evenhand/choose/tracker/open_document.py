"""Marks of an OpenDocument sheet (.ods): struck-through text, fills, bold, formulas, hidden rows."""

from __future__ import annotations

from xml.etree import ElementTree

from evenhand.choose.tracker.marks import Look, Marks
from evenhand.choose.tracker.markup import tree

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_LOOK = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
# Empty rows and columns are repeated to the edge of the sheet; marks there mean nothing.
MOST_REPEATED = 1_000


def marks_of_ods(content: bytes) -> dict[str, Marks]:
    """The marks of every table of ``content.xml``, by the table's name."""
    document = tree(content)
    looks = {style.get(f"{_STYLE}name", ""): _look(style) for style in document.iter(f"{_STYLE}style")}
    return {table.get(f"{_TABLE}name", ""): _of_table(table, looks) for table in document.iter(f"{_TABLE}table")}


def _look(style: ElementTree.Element) -> Look:
    text = style.find(f"{_STYLE}text-properties")
    cell = style.find(f"{_STYLE}table-cell-properties")
    line = "" if text is None else text.get(f"{_STYLE}text-line-through-style", "")
    weight = "" if text is None else text.get(f"{_LOOK}font-weight", "")
    fill = ("" if cell is None else cell.get(f"{_LOOK}background-color", "")).lstrip("#").upper()
    return Look(line not in ("", "none"), weight == "bold", fill if len(fill) == 6 and fill != "FFFFFF" else "")


def _of_table(table: ElementTree.Element, looks: dict[str, Look]) -> Marks:
    marks = Marks(known=True)
    row_place = 0
    for row in table.iter(f"{_TABLE}table-row"):
        rows = int(row.get(f"{_TABLE}number-rows-repeated", "1"))
        if row.get(f"{_TABLE}visibility") in ("collapse", "filter"):
            marks.hidden_rows.update(range(row_place, row_place + min(rows, MOST_REPEATED)))
        column_place = 0
        for cell in row:
            if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            columns = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
            if min(rows, columns) < MOST_REPEATED and max(rows, columns) < MOST_REPEATED:
                for down in range(rows):
                    for along in range(columns):
                        _mark(marks, (row_place + down, column_place + along), cell, looks)
            column_place += columns
        row_place += rows
    return marks


def _mark(marks: Marks, place: tuple[int, int], cell: ElementTree.Element, looks: dict[str, Look]) -> None:
    look = looks.get(cell.get(f"{_TABLE}style-name", ""), Look())
    spans = [span for span in cell.iter(f"{_TEXT}span") if "".join(span.itertext()).strip()]
    in_spans = "".join("".join(span.itertext()) for span in spans)
    whole = "".join("".join(line.itertext()) for line in cell.iter(f"{_TEXT}p"))
    all_struck = bool(spans) and in_spans == whole and all(
        looks.get(span.get(f"{_TEXT}style-name", ""), Look()).struck for span in spans)
    if look.struck or all_struck:
        marks.struck.add(place)
    if look.bold:
        marks.bold.add(place)
    if look.fill:
        marks.fills[place] = look.fill
    formula = cell.get(f"{_TABLE}formula")
    if formula is not None:
        marks.formulas[place] = formula.partition(":")[2].lstrip("=")
        if cell.get(f"{_OFFICE}value") is None and cell.get(f"{_OFFICE}value-type") != "string" and not whole:
            marks.without_value.add(place)
