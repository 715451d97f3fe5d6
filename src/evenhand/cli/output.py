"""An answer on a terminal, as JSON or CSV, or written into files."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from evenhand.catalogue import Method
from evenhand.terms import refuse
from evenhand.terms.words import counted

if TYPE_CHECKING:
    from evenhand.figures import Answer, Table

LONGEST_NAME = 120
AT_MOST_ROWS, TEXT_WIDTH, FEWEST_COLUMNS = 40, 32, 3
EMPTY = "–"


def give(method: Method, answer: Answer, arguments: argparse.Namespace, *, command: str = "") -> None:
    """Print or write the answer as the options ask; files first, so that a printed answer means they are there.

    ``command`` is the line that makes the answer again; a workbook carries it.
    """
    if arguments.svg and answer.figure.chart is None:
        raise refuse("this answer has a table and no picture", "leave --svg out, or say --csv", column="--svg",
                     value=arguments.svg)
    if arguments.xlsx:
        from evenhand.documents.workbook import write_workbook

        write_workbook(answer, Path(arguments.xlsx), command=command)
    if arguments.svg:
        written(Path(arguments.svg), answer.figure.svg())
    if arguments.out:
        write_folder(answer, Path(arguments.out))
    for path, text in answer.keeps.items():
        written(Path(path), text)
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
    """The answer as JSON, its tables as CSV, its figures as SVG and its documents, in a folder made if need be."""
    # Made before anything is written, so that a document that cannot be made leaves nothing half done.
    documents = {} if answer.documents is None else answer.documents(answer)
    if folder.exists() and not folder.is_dir():
        raise refuse("this is a file, not a folder", "name a folder, or one that is yet to be made", column="--out",
                     value=folder)
    for name, content in documents.items():
        written(folder / name, content)
    written(folder / "answer.json", answer.to_json() + "\n")
    written(folder / "table.csv", answer.table.to_csv())
    names = file_names([figure.name for figure in answer.figures], taken=("answer", "table"))
    for name, figure in zip(names, answer.figures, strict=True):
        written(folder / f"{name}.csv", figure.table.to_csv())
        if figure.chart is not None:
            written(folder / f"{name}.svg", figure.svg())


def file_names(names: Sequence[str], *, taken: Sequence[str] = ()) -> list[str]:
    """Names of figures as names of files: no two alike, none too long for a disk."""
    used = {each.casefold() for each in taken}
    found = []
    for name in names:
        plain = re.sub(r'[\s/\\:*?"<>|]+', "-", name)[:LONGEST_NAME]
        told_apart, number = plain, 1
        while told_apart.casefold() in used:
            number += 1
            told_apart = f"{plain}-{number}"
        used.add(told_apart.casefold())
        found.append(told_apart)
    return found


def written(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all. Raises ``Refused`` where that place cannot be written to."""
    part = path.with_name(f".{path.name[:LONGEST_NAME]}.{os.getpid()}.part") if path.name else path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content.encode() if isinstance(content, str) else content)
        part.replace(path)
    except OSError as trouble:
        with suppress(OSError):
            part.unlink()
        raise refuse(f"this cannot be written: {trouble.strerror}", "name another place, or see to your rights there",
                     file=str(path)) from None


def as_text(answer: Answer) -> str:
    """Sentence, table, remarks."""
    lines = [*wrapped(answer.sentence), "", *table_text(answer.table)]
    if answer.remarks:
        lines += ["", *(line for remark in answer.remarks for line in wrapped(remark, indent="- "))]
    return "\n".join(lines)


def terminal_width() -> int:
    """The width to write for: the terminal's, within reason."""
    return max(40, min(shutil.get_terminal_size((100, 24)).columns, 160))


def wrapped(text: str, *, indent: str = "") -> list[str]:
    """Text folded to the terminal's width."""
    return textwrap.wrap(text, terminal_width(), initial_indent=indent, subsequent_indent=" " * len(indent)) or [""]


def table_text(table: Table) -> list[str]:
    """The table in aligned columns that fit the terminal; what is cut, in rows or columns, is said."""
    written = table.written() if table.whole else table.written()[:AT_MOST_ROWS]
    columns = list(range(len(table.columns)))
    heads = [column.heading for column in table.columns]
    full = [max([len(head), *(len(row[place]) for row in written)]) for place, head in enumerate(heads)]
    widths = [width if table.columns[place].is_numeric else min(width, TEXT_WIDTH) for place, width in enumerate(full)]
    shown = [place for place in columns if any(row[place] != EMPTY for row in written)] or columns
    while sum(widths[place] + 2 for place in shown) - 2 > terminal_width() and len(shown) > FEWEST_COLUMNS:
        shown = shown[:-1]

    if table.whole:
        # The last sentence shown takes the room that is left.
        room = terminal_width() - sum(widths[place] + 2 for place in shown[:-1])
        widths[shown[-1]] = max(widths[shown[-1]], min(full[shown[-1]], room))

    def line(cells: list[str]) -> str:
        return "  ".join(_fitted(cells[place], widths[place], table.columns[place].is_numeric)
                         for place in shown).rstrip()

    def folded(cells: list[str]) -> list[str]:
        """One row on as many lines as its longest cell needs."""
        if not table.whole:
            return [line(cells)]
        parts = {place: textwrap.wrap(cells[place], widths[place]) or [""] for place in shown}
        return [line([parts[place][number] if number < len(parts.get(place, ())) else "" for place in columns])
                for number in range(max(map(len, parts.values())))]

    lines = [line(heads), "  ".join("-" * widths[place] for place in shown),
             *(each for cells in written for each in folded(cells))]
    hidden = [heads[place] for place in columns if place not in shown and any(row[place] != EMPTY for row in written)]
    rest = len(table) - len(written)
    if rest > 0:
        lines.append(f"… and {counted(rest, 'more row')} (--csv or --xlsx gives all)")
    if hidden:
        lines += wrapped(f"Not shown for want of room: {', '.join(hidden)} (--csv or --xlsx gives all).")
    return lines


def _fitted(cell: str, width: int, to_the_right: bool) -> str:
    cut = cell if len(cell) <= width else f"{cell[: width - 1]}…"
    return cut.rjust(width) if to_the_right else cut.ljust(width)
