"""From what a person hands over to sheets: a path, an upload, a sample, standard input, or a table in memory."""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evenhand.choose.tracker.sheets import Sheet, is_blank, sheets_of, text_of
from evenhand.choose.tracker.tables import known_role
from evenhand.choose.tracker.vocabulary import ROLES
from evenhand.data import personal, reading, tables
from evenhand.data.tables import Opened, Source
from evenhand.terms import Problem, Refused, closest, refuse

SAMPLED = 5_000
FEWEST_NUMBERS = 3


@dataclass(frozen=True)
class OpenedTracker:
    """A tracker's sheets with the name and digest it is known by, and what a person said about its columns."""

    name: str
    digest: str
    sheets: tuple[Sheet, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    where: tuple[tuple[str, str], ...] = ()


def opened_tracker(source: Source | OpenedTracker) -> OpenedTracker:
    """Open a tracker. Raises ``Refused`` for what cannot be read and for numbers of single patients."""
    if isinstance(source, OpenedTracker):
        return source
    if isinstance(source, str | Path):
        source = Opened(str(source))
    if not isinstance(source, Opened):
        return _from_memory(source)
    content, label, file_name = _content(source)
    if content[:2] == b"\x1f\x8b":
        content = _unpacked(content, label)
    try:
        sheets = sheets_of(content, file_name, sheet=source.sheet, cells=source.cells)
    except Refused as refused:
        raise Refused(replace(each, file=label) for each in refused.problems) from None
    _refuse_patients(sheets, label)
    return OpenedTracker(label, reading.digest_of(content), sheets, roles_named(source.columns, label), source.where)


def _content(source: Opened) -> tuple[bytes, str, str]:
    """The bytes, the name for a reader, and the name that shows what kind of file it is."""
    if source.content is not None:
        return source.content, source.path, source.path
    if source.path == "-":
        return sys.stdin.buffer.read(), "standard input", "standard input"
    if source.path.startswith("sample:"):
        path = tables.sample(source.path)
        return reading.bytes_of(path), source.path, path.name
    return reading.bytes_of(Path(source.path)), source.path, source.path.removesuffix(".gz")


def _unpacked(content: bytes, label: str) -> bytes:
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, ValueError):
        raise refuse("the file is compressed and broken off", "fetch it again", file=label) from None


def _from_memory(source: Any) -> OpenedTracker:
    table = tables.read(source, name="the tracker")
    columns = [column.to_pylist() for column in table.arrow.columns]
    rows: list[list[Any]] = [list(table.columns)]
    rows += [["" if cell is None else cell for cell in row] for row in zip(*columns, strict=True)]
    return OpenedTracker(table.name, table.digest, (Sheet("the tracker", tuple(rows)),))


def roles_named(columns: Mapping[str, str], label: str) -> dict[str, str]:
    """What a person said that columns are, under our own names. Raises ``Refused`` for a name that means nothing."""
    found, problems = {}, []
    for name, heading in columns.items():
        role = known_role(name)
        if role is None:
            names = [each.name for each in ROLES]
            near = closest(name, names) or names
            problems.append(Problem("no column of a tracker is called so", f"choose from {', '.join(near)}", label,
                                    None, "--columns", name))
        else:
            found[role] = heading
    if problems:
        raise Refused(problems)
    return found


def _refuse_patients(sheets: Sequence[Sheet], label: str) -> None:
    """A column of ten-digit numbers whose check digits fit holds patients, and has no place in a tracker."""
    problems = []
    for sheet in sheets:
        for column in range(sheet.width):
            filled = [text_of(row[column]) for row in sheet.rows[:SAMPLED] if not is_blank(row[column])]
            ten = [text for text in filled if re.fullmatch(r"\d{3}[ -]?\d{3}[ -]?\d{4}", text)]
            if len(ten) >= FEWEST_NUMBERS and sum(map(personal.is_nhs_number, ten)) >= 0.8 * len(ten):
                problems.append(Problem("this column looks like NHS numbers: the check digits fit", personal.ADVICE,
                                        label, None, f"{sheet.name}!{sheet.letters(column)}"))
    if problems:
        raise Refused(problems)
