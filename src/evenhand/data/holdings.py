"""What a workspace holds of published data: one folder a file, and one list that says which folders count.

The list is replaced in one step at the end of a load. A folder that the list does not name is left over from a load
that was cut off, and is read by nobody.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.terms import refuse

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER, LIST = "data", "held.json"


@dataclass(frozen=True)
class Held:
    """One file that was loaded: what it was recognised as, its digest, and what came of it.

    ``series`` are the measure, source and vintage of every series of observations in it.
    """

    file: str
    source: str
    version: str
    digest: str
    tables: Mapping[str, int]
    rows_read: int
    rows_kept: int
    refusals: tuple[Mapping[str, Any], ...] = ()
    remarks: tuple[str, ...] = ()
    series: tuple[tuple[str, ...], ...] = ()

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return f"{self.source}-{self.digest.removeprefix('sha256:')[:16]}-{self.version}"

    def document(self) -> dict[str, Any]:
        """As it stands in the list and in ``--json``."""
        return {"file": self.file, "source": self.source, "version": self.version, "digest": self.digest,
                "tables": dict(self.tables), "rows_read": self.rows_read, "rows_kept": self.rows_kept,
                "refusals": [dict(each) for each in self.refusals], "remarks": list(self.remarks),
                "series": [list(each) for each in self.series]}


def held_in(workspace: Path) -> tuple[Held, ...]:
    """The files a workspace holds, by source and digest; none where nothing was ever loaded."""
    path = workspace / FOLDER / LIST
    if not path.is_file():
        return ()
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return tuple(Held(**{**each, "refusals": tuple(each["refusals"]), "remarks": tuple(each["remarks"]),
                             "series": tuple(tuple(one) for one in each["series"])}) for each in said["held"])
    except (ValueError, KeyError, TypeError):
        raise refuse("the list of what is held is broken", "remove the folder data of the workspace and load the "
                     "published files again", file=str(path)) from None


def files_of(workspace: Path, table: str) -> list[Path]:
    """The Parquet files of one table, in the order of the list."""
    return [workspace / FOLDER / held.folder / f"{table}.parquet" for held in held_in(workspace)
            if table in held.tables]


@contextmanager
def writing(workspace: Path) -> Iterator[Path]:
    """A folder to write into while nobody else loads; what is left in it at the end is thrown away."""
    import fcntl

    folder = workspace / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".lock").touch()
    except OSError as trouble:
        raise refuse(f"the workspace cannot be written: {trouble.strerror}", "name another with --workspace DIR",
                     file=str(workspace)) from None
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stage = folder / ".part"
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir()
        try:
            yield stage
        finally:
            shutil.rmtree(stage, ignore_errors=True)


def put(stage: Path, held: Held, tables: Mapping[str, pa.Table]) -> None:
    """Write the tables of one file into the stage, the same bytes for the same rows."""
    import pyarrow.parquet as pq

    folder = stage / held.folder
    folder.mkdir(parents=True)
    for name, table in tables.items():
        with (folder / f"{name}.parquet").open("wb") as file:
            pq.write_table(table.replace_schema_metadata(None), file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())


def agree(workspace: Path, stage: Path, held: Sequence[Held]) -> None:
    """Move the staged folders in and replace the list: from here on they count."""
    folder = workspace / FOLDER
    for each in sorted(stage.iterdir()):
        if each.is_dir():
            shutil.rmtree(folder / each.name, ignore_errors=True)
            each.rename(folder / each.name)
    ordered = sorted(held, key=lambda each: (each.source, each.digest, each.version))
    text = json.dumps({"held": [each.document() for each in ordered]}, indent=1, ensure_ascii=False)
    part = stage / LIST
    with part.open("w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / LIST)
