"""Load published files into a workspace: recognised by their headings, checked, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evenhand.data import holdings, personal, reading
from evenhand.data.holdings import Held
from evenhand.data.importers import IMPORTERS, Harvest, Importer, Published
from evenhand.data.organisations import Organisations
from evenhand.data.tables import Table
from evenhand.terms import Problem, Refused
from evenhand.terms.words import counted, listed


@dataclass(frozen=True)
class Loaded:
    """What came of one file; ``already`` where the workspace held it before."""

    held: Held
    already: bool

    @property
    def sentence(self) -> str:
        """What happened, for a reader."""
        title = IMPORTERS[self.held.source].title
        refused = self.held.rows_read - self.held.rows_kept
        if self.already:
            return f"{self.held.file} is {_lowered(title)}, and was loaded before."
        left = f", {counted(refused, 'row')} refused" if refused else ", none refused"
        return f"{self.held.file} is {_lowered(title)}: {counted(self.held.rows_kept, 'row')} kept{left}."


@dataclass(frozen=True)
class LoadReport:
    """What came of a load, file by file, and what the files say of each other."""

    loaded: tuple[Loaded, ...]
    remarks: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """As ``--json`` gives it."""
        return {"method": {"name": "data load", "version": "1", "source": "published files, as published"},
                "made_from": [each.held.digest for each in self.loaded],
                "files": [{**each.held.document(), "already_held": each.already} for each in self.loaded],
                "remarks": list(self.remarks)}


MOST_OF_ONE_PIECE = 20_000_000


def load(files: Sequence[Path | str], into: Path, *, source: str = "",
         bodies: Organisations | None = None) -> LoadReport:
    """Load files into a workspace folder, all of them or, where one cannot be used, none.

    Args:
        files: published files as they are.
        into: the workspace; its ``data`` folder is made if need be.
        source: what the files are, where their headings do not say (a name from ``IMPORTERS``).
        bodies: organisations whose codes the files may hold, where they are not those of the published lists.

    Raises:
        Refused: every problem of every file, each with its file, row and column. Nothing is changed then.
    """
    importer = IMPORTERS[source] if source else None
    harvests, seen = [], set[str]()
    problems: list[Problem] = []
    for name in files:
        try:
            file = replace(opened(Path(name)), bodies=bodies)
            if file.digest in seen:
                continue
            seen.add(file.digest)
            chosen = importer or recognised(file)
            if importer is not None and (lacking := importer.missing(file.table.columns)):
                raise Refused(Problem(f"a column is missing for {importer.name}: {_spelt(lacking)}",
                                      "check what the file is, or leave --as out", file.name))
            harvests.append((file, chosen, _before(into, file, chosen)))
        except Refused as refused:
            problems += refused.in_file(str(name)).problems
    read = []
    for file, chosen, before in harvests:
        try:
            read.append((file, chosen, before, None if before else chosen.read(file)))
        except Refused as refused:
            problems += refused.in_file(file.name).problems
    if problems:
        raise Refused(problems)
    loaded, fresh = [], []
    for file, chosen, before, harvest in read:
        if before is not None or harvest is None:
            assert before is not None
            loaded.append(Loaded(before, True))
            continue
        held = Held(Path(file.name).name, chosen.name, chosen.version, file.digest,
                    {name: table.num_rows for name, table in harvest.tables.items()}, harvest.rows_read,
                    harvest.rows_kept, tuple(_refusal(each) for each in harvest.refusals), harvest.remarks,
                    _series(harvest))
        loaded.append(Loaded(held, False))
        fresh.append((held, harvest))
    if fresh:
        with holdings.writing(into) as stage:
            for held, harvest in fresh:
                holdings.put(stage, held, harvest.tables)
            others = [each for each in holdings.held_in(into)
                      if all((each.source, each.digest) != (held.source, held.digest) for held, _ in fresh)]
            holdings.agree(into, stage, [*others, *(held for held, _ in fresh)])
    return LoadReport(tuple(loaded), _between(into))


def _before(into: Path, file: Published, chosen: Importer) -> Held | None:
    return next((each for each in holdings.held_in(into)
                 if (each.source, each.version, each.digest) == (chosen.name, chosen.version, file.digest)), None)


def _series(harvest: Harvest) -> tuple[tuple[str, ...], ...]:
    table = harvest.tables.get("observations")
    if table is None:
        return ()
    names = ["measure", "source", "vintage"]
    return tuple(sorted(tuple(row[name] for name in names)
                        for row in table.select(names).group_by(names).aggregate([]).to_pylist()))


def _refusal(each: Any) -> dict[str, Any]:
    return {"reason": each.reason, "count": each.count,
            "examples": [{"row": one.row, "column": one.column, "value": one.value} for one in each.examples]}


def _lowered(title: str) -> str:
    return title[0].lower() + title[1:] if not title[1:2].isupper() else title


def _between(workspace: Path) -> tuple[str, ...]:
    """What releases of one measure say of each other."""
    from evenhand.data.vintages import compare_vintages

    return tuple(each.sentence for each in compare_vintages(workspace) if not each.agrees)


def opened(path: Path) -> Published:
    """A file at the door, or a refusal: unreadable, empty, or about single people."""
    import numpy as np

    content = reading.bytes_of(path)
    if (known := _in_one_piece(path, content)) is not None:
        return known
    try:
        arrow = reading.columns_of(content, str(path))
    except Refused:
        _refuse_strange_heading(content, str(path))
        raise
    problems = list(personal.signs_in_columns(arrow, file=str(path)))
    if problems:
        raise Refused(problems)
    if not arrow.num_rows:
        raise Refused(Problem("there are headings and no rows", "give a table with at least one row", str(path)))
    digest = reading.digest_of(content)
    return Published(str(path), digest, content, Table(str(path), digest, arrow, np.arange(1, arrow.num_rows + 1)))


def _in_one_piece(path: Path, content: bytes) -> Published | None:
    """A file that is no table (JSON) and that a publication is known by: its importer reads the whole of it."""
    import gzip

    import numpy as np
    import pyarrow as pa

    try:
        plain = gzip.decompress(content[:MOST_OF_ONE_PIECE]) if content[:2] == b"\x1f\x8b" else content
    except (OSError, EOFError):
        return None
    if plain.lstrip()[:1] not in (b"{", b"[") or len(content) > MOST_OF_ONE_PIECE:
        return None
    file = Published(str(path), reading.digest_of(content), content,
                     Table(str(path), "", pa.table({"the whole file": ["one piece"]}), np.array([1])))
    return file if any(each.fits is not None and each.recognises(file) for each in IMPORTERS) else None


def _refuse_strange_heading(content: bytes, name: str) -> None:
    """Say that a file is no publication at all rather than how its rows are torn."""
    import gzip

    import numpy as np

    try:
        plain = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        arrow = reading.columns_of(plain.lstrip(b"\r\n ").split(b"\n", 1)[0] + b"\n", name)
    except (Refused, OSError, EOFError):
        return
    recognised(Published(name, "", content, Table(name, "", arrow, np.arange(0))))


def recognised(file: Published) -> Importer:
    """The publication a file is, by its headings. Raises ``Refused``, naming the nearest, where it is none we read."""
    fitting = [each for each in IMPORTERS if each.recognises(file)]
    if fitting:
        return max(fitting, key=lambda each: len(each.headings))
    columns = file.table.columns
    near = min((each for each in IMPORTERS if each.headings),
               key=lambda each: (len(each.missing(columns)) / len(each.headings), -len(each.headings)))
    lacking = near.missing(columns)
    shown = ", ".join(columns[:12]) + (" …" if len(columns) > 12 else "")
    remedy = "evenhand data sources lists what can be read"
    if not lacking:
        remedy = f"the nearest is {near.name} ({near.title}), which has only {_spelt(near.headings)}; {remedy}"
    elif len(lacking) < len(near.headings):
        remedy = f"the nearest is {near.name} ({near.title}), which also needs {_spelt(lacking)}; {remedy}"
    raise Refused(Problem("this is no publication that we can read: its heading line is not one we know", remedy,
                          file.name, None, "", shown))


def _spelt(headings: Sequence[str]) -> str:
    return listed([each.replace("|", " or ") for each in headings])
