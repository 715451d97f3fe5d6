"""A region's folder that runs as it stands, written for one commissioner from the published files at hand."""

from __future__ import annotations

import json
import re
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evenhand.data import engine, reading, region_files
from evenhand.data.importers import IMPORTERS, Importer, Published
from evenhand.data.load import load, recognised
from evenhand.data.organisations import BOARD, Organisations, organisations
from evenhand.data.tables import Table
from evenhand.terms import Month, Refused, refuse
from evenhand.terms.words import counted, listed

ENDINGS = (".csv", ".csv.gz", ".parquet", ".xlsx")
HEAD = 65_536
SMALLEST = 30
"""Commissioners with fewer registered patients, in thousands, are left out of the peers: mostly chance."""
GIVES = {"observations", "population", "money", "lineage", "served"}
_TITLES = {"sub-icb-measures": "prescribing measures by sub-ICB location",
           "commissioner-panels": "monthly prescribing by commissioning group"}
# The one change that touched every commissioner in England at once, and for which the older panels hold the months.
_TRIMETHOPRIM = """
# A reward that began for every commissioner in England in the same month.

[[evaluate]]
id = "trimethoprim"
kind = "turning point"
question = "Did the share of trimethoprim fall faster from April 2017, when a national reward for a lower share began?"
measure = "trimethoprim"
of = %s
beside = "England"
figures = [{ source = "commissioner-panels", title = "monthly prescribing by commissioning group" }]
from = "2014-04"
to = "2017-11"
start = "2017-04"
direction = "decrease"
doubts = [
  "The reward began for every commissioner in the same month, so no untouched place is left to compare with.",
  "The series ends in November 2017, eight months in: whether the fall lasted cannot be seen here.",
]
"""


@dataclass(frozen=True)
class _Look:
    id: str
    title: str
    of: tuple[str, ...]
    source: str
    vintage: str
    first: Month
    last: Month


def write_region(code: str, *, data: Path, out: Path | None = None) -> list[str]:
    """Write ``region.toml``, ``SOURCES.md`` and ``README.md`` for a commissioner, and say what is left to add.

    Args:
        code: a commissioner's code of any time, or an integrated care board's; a body that closed is carried to the
            one that stands today.
        data: the folder of published files; every file in it that we can read is named by its path.
        out: the folder to write; by default named for the place, in the current folder.

    Raises:
        Refused: an unknown code, a folder without a file that we can read, or a folder that is there already.
    """
    known = organisations()
    code = known[code].code
    bodies = _bodies(known, code)
    today = bodies[-1]
    name = known[code].name.removesuffix(" Integrated Care Board") if known.kind(code) == BOARD else known.name(today)
    slug = "-".join(re.findall(r"[a-z0-9]+", name.casefold()))
    folder = out or Path(slug)
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise refuse("there is something here already", "name another folder with --out", file=str(folder))
    files = list(files_in(data))
    if not files:
        raise refuse("no file here is one that we can read", "evenhand data sources lists what can be read",
                     file=str(data))
    with tempfile.TemporaryDirectory() as temporary:
        workspace = Path(temporary)
        files, left = _that_load(files, data, workspace)
        looks = [*_looks(workspace, known, bodies, today)]
        held = _sources_with(workspace, "trimethoprim", bodies)
    text = _region_toml(name, slug, bodies, today, files, data, looks, held)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "region.toml").write_text(text, encoding="utf-8")
    (folder / "SOURCES.md").write_text(_sources_md(name, files, data), encoding="utf-8")
    (folder / "README.md").write_text(region_files.read_first(name), encoding="utf-8")
    (folder / "proposals").mkdir()
    said = [f"{folder} describes {name}: {listed([known.title(each) for each in bodies])}.",
            f"It names {counted(len(files), 'file')} of {data} and asks where to look first on "
            f"{counted(len(looks), 'set')} of boundaries."]
    said += [f"Left out: {reason}" for reason in left]
    said += ["No proposal is in it yet: proposals/NAME.toml adds one, examples/derbyshire/proposals shows how.",
             "README.md in it lists what else may be put there, and what each file allows.",
             f"Run it with: evenhand run {folder} --data {data}"]
    return said


def _bodies(known: Organisations, code: str) -> tuple[str, ...]:
    """The bodies of the region, those that closed first and the one that stands today last."""
    today = known.served(code) if known.kind(code) == BOARD else known.current(code)
    if len(today) > 1:
        choice = listed([known.title(each) for each in today], joint="or")
        raise refuse("this board has several locations, and a region is one", f"give one of {choice}", column="--of",
                     value=code)
    before = {each for end in today for each in known.ancestors(end)}
    return (*sorted(before, key=lambda each: (known.closed(each) or date.max, each)), *today)


def files_in(folder: Path) -> Iterator[tuple[Path, Importer]]:
    """Every file under a folder that we can read and that a region uses, with what it is; by its heading alone."""
    if not folder.is_dir():
        raise refuse("there is no such folder of published files", "name the folder with --data", file=str(folder))
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name.endswith(ENDINGS):
            try:
                found = recognised(_head_of(path))
            except Refused:
                continue
            if GIVES & set(found.gives):
                yield path, found


def _head_of(path: Path) -> Published:
    """The columns of a file without its rows."""
    import numpy as np

    if path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            arrow = pq.read_schema(path).empty_table()
        except pa.ArrowException:
            raise refuse("the Parquet file is broken", "fetch it again", file=str(path)) from None
        return Published(str(path), "", b"", Table(str(path), "", arrow, np.arange(0)))
    if path.suffix == ".xlsx":
        content = path.read_bytes()
    else:
        with path.open("rb") as file:
            start = file.read(HEAD)
        try:
            plain = zlib.decompressobj(31).decompress(start) if start[:2] == b"\x1f\x8b" else start
        except zlib.error:
            raise refuse("the file is compressed and broken off", "fetch it again", file=str(path)) from None
        content = plain.lstrip(b"\r\n ").split(b"\n", 1)[0] + b"\n"
    arrow = reading.columns_of(content, str(path).removesuffix(".gz"))
    return Published(str(path), "", content, Table(str(path), "", arrow, np.arange(0)))


def _that_load(files: Sequence[tuple[Path, Importer]], data: Path,
               workspace: Path) -> tuple[list[tuple[Path, Importer]], list[str]]:
    """The files that load, in a workspace that is thrown away, and why others do not."""
    try:
        load([path for path, _ in files], workspace)
        return list(files), []
    except Refused:
        # One of them at least is not what its heading says: find out which.
        kept, left = [], []
    for path, importer in files:
        try:
            load([path], workspace, source=importer.name)
            kept.append((path, importer))
        except Refused as refused:
            left.append(f"{path.relative_to(data)}, because {refused.problems[0].what}")
    return kept, left


def _looks(workspace: Path, known: Organisations, bodies: Sequence[str], today: str) -> Iterator[_Look]:
    """Where to look first: on the boundaries of the time, the year with most held; on today's, the last whole year."""
    with engine.engine(workspace) as connection:
        then = connection.execute(
            """SELECT year(month - INTERVAL 3 MONTH) AS began, count(DISTINCT (measure, month)) AS months,
                      list(DISTINCT unit ORDER BY unit)
               FROM observations WHERE source = 'commissioner-panels' AND unit IN (SELECT unnest($bodies))
                    AND denominator > 0
               GROUP BY began ORDER BY months DESC, began DESC LIMIT 1""", {"bodies": list(bodies)}).fetchone()
        now = connection.execute(
            """SELECT vintage, max(month) FROM observations WHERE source = 'sub-icb-measures' AND unit = $today
               GROUP BY vintage ORDER BY max(month) DESC, vintage LIMIT 1""", {"today": today}).fetchone()
    if then:
        first = Month(then[0], 4)
        # The publisher has carried some bodies back to before they were: a question is asked of those that were there.
        of = tuple(code for code in then[2] if (known.opened(code) or date.max) <= first.first_day()
                   and (known.closed(code) or date.max) >= first.plus(11).first_day())
        if of:
            yield _Look(first.financial_year.replace("/", "-"), f"On the boundaries of {first.financial_year}", of,
                        "commissioner-panels", "", first, first.plus(11))
    if now:
        year = now[1].year if now[1].month == 12 else now[1].year - 1
        yield _Look(str(year), f"On the boundaries of {year}", (today,), "sub-icb-measures", now[0], Month(year, 1),
                    Month(year, 12))


def _sources_with(workspace: Path, measure: str, bodies: Sequence[str]) -> tuple[str, ...]:
    """The bodies for which a measure is held on the boundaries of its time."""
    with engine.engine(workspace) as connection:
        rows = connection.execute(
            """SELECT DISTINCT unit FROM observations WHERE measure = $measure AND source = 'commissioner-panels'
               AND unit IN (SELECT unnest($bodies)) ORDER BY 1""",
            {"measure": measure, "bodies": list(bodies)}).fetchall()
    return tuple(row[0] for row in rows)


# --- the two files ----------------------------------------------------------------------------------------------------


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _list(words: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, words))}]"


def _region_toml(name: str, slug: str, bodies: Sequence[str], today: str, files: Sequence[tuple[Path, Importer]],
                 data: Path, looks: Sequence[_Look], trimethoprim: Sequence[str]) -> str:
    lines = [f"# {name}: written by evenhand data new-region. Everything in it may be changed.",
             "# Paths under [[data]] are looked for in the folder given by --data; SOURCES.md: where each comes from.",
             "", f"name = {_quoted(name)}", f"slug = {_quoted(slug)}", "invented = false",
             f"bodies = {_list(bodies)}", f"today = {_quoted(today)}",
             'price_base = "pounds of the month, as paid: not adjusted for prices"', 'suppression = "none"',
             'suppression_because = "every figure is a published total of a whole commissioner, none of them about few '
             'people"']
    for path, importer in files:
        title = importer.title[0].lower() + importer.title[1:] if not importer.title[1].isupper() else importer.title
        lines += ["", "[[data]]", f"name = {_quoted(f'{title} ({path.name})')}",
                  f"path = {_quoted(path.relative_to(data).as_posix())}"]
    for look in looks:
        vintage = f", vintage = {_quoted(look.vintage)}" if look.vintage else ""
        title = _quoted(_TITLES.get(look.source, look.source))
        lines += ["", "[[find]]", f"id = {_quoted(look.id)}", f"title = {_quoted(look.title)}",
                  f"of = {_list(look.of)}",
                  f"figures = {{ source = {_quoted(look.source)}{vintage}, title = {title} }}",
                  f"from = {_quoted(str(look.first))}", f"to = {_quoted(str(look.last))}",
                  f"smallest = {SMALLEST}  # thousand registered patients"]
    text = "\n".join(lines) + "\n"
    return text + (_TRIMETHOPRIM % _list(trimethoprim) if trimethoprim else "")


def _sources_md(name: str, files: Sequence[tuple[Path, Importer]], data: Path) -> str:
    lines = [f"# Where everything about {name} comes from", "",
             "The published files are not kept here. Contains public sector information licensed under the",
             "[Open Government Licence v3.0](https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/).",
             "", "| file | what | publisher | licence | where the next comes from |", "|---|---|---|---|---|"]
    lines += [f"| `{path.relative_to(data).as_posix()}` | {each.title} | {each.publisher} | {each.licence} | "
              f"{each.next_release} |" for path, each in files]
    used = {each.name for _, each in files}
    lines += ["", "Publications that could be added:", ""]
    lines += [f"- {each.title}: {each.next_release}" for each in IMPORTERS
              if each.name not in used and GIVES & set(each.gives) and each.name not in ("observations", "money-kept")]
    return "\n".join(lines) + "\n"
