"""An answer on a terminal, as JSON or CSV, or written into files."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from evenhand.catalogue import Method
from evenhand.terms import refuse

if TYPE_CHECKING:
    from evenhand.figures import Answer, Table

AT_MOST_ROWS = 40


def give(method: Method, answer: Answer, arguments: argparse.Namespace) -> None:
    """Print or write the answer as the options ask; files first, so that a printed answer means they are there."""
    if arguments.svg and answer.figure.chart is None:
        raise refuse("this answer has a table and no picture", "leave --svg out, or say --csv", column="--svg",
                     value=arguments.svg)
    if arguments.xlsx:
        from evenhand.documents.workbook import write_workbook

        write_workbook(answer, Path(arguments.xlsx))
    if arguments.svg:
        written(Path(arguments.svg), answer.figure.svg())
    if arguments.out:
        write_folder(answer, Path(arguments.out))
    if arguments.json:
        for remark in answer.remarks:
            print(remark, file=sys.stderr)
        print(answer.to_json())
    elif arguments.csv:
        for remark in answer.remarks:
            print(remark, file=sys.stderr)
        print(answer.table.to_csv(), end="")
    else:
        print(as_text(answer))


def write_folder(answer: Answer, folder: Path) -> None:
    """The answer as JSON, its tables as CSV and its figures as SVG, in a folder made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    written(folder / "answer.json", answer.to_json() + "\n")
    written(folder / "table.csv", answer.table.to_csv())
    for figure in answer.figures:
        name = figure.name.replace(" ", "-")
        written(folder / f"{name}.csv", figure.table.to_csv())
        if figure.chart is not None:
            written(folder / f"{name}.svg", figure.svg())


def written(path: Path, content: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(content, encoding="utf-8")
    part.replace(path)


def as_text(answer: Answer) -> str:
    """Sentence, table, remarks."""
    lines = [*wrapped(answer.sentence), "", *table_text(answer.table)]
    if answer.remarks:
        lines += ["", *(line for remark in answer.remarks for line in wrapped(remark, indent="- "))]
    return "\n".join(lines)


def wrapped(text: str, *, indent: str = "") -> list[str]:
    """Text folded to the terminal's width."""
    import textwrap

    width = max(40, min(shutil.get_terminal_size((100, 24)).columns, 110))
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=" " * len(indent)) or [""]


def table_text(table: Table) -> list[str]:
    """The table in aligned columns; a long one is cut and says so."""
    rows = table.written()[:AT_MOST_ROWS]
    heads = [column.heading for column in table.columns]
    widths = [min(44, max([len(head), *(len(row[place]) for row in rows)])) for place, head in enumerate(heads)]
    numeric = [column.is_numeric for column in table.columns]

    def line(cells: list[str]) -> str:
        return "  ".join(
            cell[:width].rjust(width) if right else cell[:width].ljust(width)
            for cell, width, right in zip(cells, widths, numeric, strict=True)).rstrip()

    lines = [line(heads), "  ".join("-" * width for width in widths), *map(line, rows)]
    rest = len(table) - AT_MOST_ROWS
    return [*lines, f"… and {rest:,} more rows (--csv or --xlsx gives all)"] if rest > 0 else lines
