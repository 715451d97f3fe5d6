"""The small table of figures that shows a region where the published files are not at hand.

It holds what the folder's own questions read, and no more: the bodies' series beside England's, and the panels of
"where to look first" with every commissioner, so that the ranks can be worked out again.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from evenhand.data import engine
from evenhand.data.importers.money_kept import COLUMNS as MONEY
from evenhand.data.importers.own_panel import COLUMNS as OBSERVED
from evenhand.region.folder import Folder, open_folder
from evenhand.region.series import ENGLAND, series_of
from evenhand.terms import Month

NUMERATORS, DENOMINATORS = 2, 3
"""Decimals kept: pence, and single patients where the denominator is in thousands."""


def keep_figures(path: Path, workspace: Path) -> tuple[Path, ...]:
    """Write the folder's ``figures`` from what a workspace holds; the same figures give the same bytes."""
    folder = open_folder(path)
    files = {"observations.csv.gz": (OBSERVED, observed(folder, workspace)),
             "money.csv.gz": (MONEY, _money(folder, workspace))}
    written = []
    for name, (columns, rows) in files.items():
        folder.kept.mkdir(exist_ok=True)
        part = folder.kept / f".{name}.{os.getpid()}.part"
        part.write_bytes(_bytes(columns, rows))
        part.replace(folder.kept / name)
        written.append(folder.kept / name)
    return tuple(written)


def observed(folder: Folder, workspace: Path) -> list[dict[str, Any]]:
    """The observations that the folder's questions read, England's as one row a month."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for look in folder.region.find:
        table = engine.observations(workspace, source=look.figures.source, vintage=look.figures.vintage or "",
                                    first=Month.parsed(look.first), last=Month.parsed(look.last))
        _add(found, table.to_pylist())
    for watch in folder.region.evaluate:
        first = Month.parsed(watch.first) if watch.first else None
        last = Month.parsed(watch.last) if watch.last else None
        for version in watch.figures:
            rows = engine.observations(workspace, measure=[watch.measure], source=version.source,
                                       vintage=version.vintage or "", first=first, last=last).to_pylist()
            _add(found, (row for row in rows if row["unit"] in watch.of))
            if watch.beside == ENGLAND:
                _add(found, _england(rows))
    return [found[key] for key in sorted(found)]


def _add(found: dict[tuple[str, ...], dict[str, Any]], rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        if row["denominator"]:
            plain = {**row, "month": f"{Month.parsed(row['month'])}", "numerator": round(row["numerator"], NUMERATORS),
                     "denominator": round(row["denominator"], DENOMINATORS)}
            found[tuple(plain[name] for name in ("source", "vintage", "measure", "unit", "month"))] = plain


def _england(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    one = series_of(rows, ENGLAND, "")
    about = {name: rows[0][name] for name in ("measure", "vintage", "source")}
    return [{**about, "unit": ENGLAND, "month": str(month), "numerator": top, "denominator": under}
            for month, top, under in zip(one.months, one.numerators, one.denominators, strict=True)]


def _money(folder: Folder, workspace: Path) -> list[dict[str, Any]]:
    return [row for row in engine.rows_of(workspace, "money") if row["unit"] in folder.region.bodies]


def _bytes(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(["" if row[name] is None else row[name] for name in columns] for row in rows)
    return gzip.compress(out.getvalue().encode(), 9, mtime=0)
