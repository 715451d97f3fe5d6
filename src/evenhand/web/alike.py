"""Peers of a place that a method chooses: its similar ten as published, or ours for one measure."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenhand.data import tables
from evenhand.data.likeness import characteristics
from evenhand.data.reading import digest_of
from evenhand.data.tables import Table
from evenhand.find import peers
from evenhand.terms import Span, refuse
from evenhand.terms.words import listed, per_cent
from evenhand.web import loaded
from evenhand.web.loaded import Release
from evenhand.web.region_here import characteristics_path
from evenhand.web.set_against import OURS

if TYPE_CHECKING:
    from evenhand.figures import Answer

COUNT, SHOWN_APART = 10, 2
NOT_HELD = "too little is held here of what these places are like for a method to choose peers"
WANTED = ("load a file with at least two characteristics of them, such as people on lists by age or indicators "
          "published for them (evenhand data load FILE); until then name peers, or look at the middle of all")
NOT_THE_LIST = ("The method is the published one: characteristics are standardised, and their squared differences "
                "count the same. The characteristics are those held here, for the published list of them is not.")


@dataclass(frozen=True)
class Alike:
    """Peers that a method chose: their codes, the nearest first, why these, and how to choose them again."""

    codes: tuple[str, ...]
    answer: Answer
    sentence: str
    rows: tuple[tuple[str, str, str], ...]
    remarks: tuple[str, ...]
    command: str


def alike(kind: str, release: Release, of: str, span: Span, measure: str) -> Alike:
    """The peers of a place by one of the methods. Raises ``Refused`` where too little is held to tell."""
    return loaded.remembered(("alike", *loaded.mark(), kind, release.name, of, span, measure),
                             lambda: _alike(kind, release, of, span, measure))


def table_of(release: Release, span: Span, measure: str) -> Table | None:
    """What the places of a release are like, with the measure's value beside it where one is named."""
    values = _values(release, span, measure)
    path = characteristics_path()
    if path is not None:
        own = tables.read(path)
        there = [unit in values for unit in own.texts("unit")]
        table = Table(own.name, own.digest, own.arrow.rename_columns([each.replace("_", " ") for each in own.columns]),
                      own.row_numbers).keep(there)
    else:
        held = characteristics(loaded.home(), values.keys(), span.last.year)
        if held is None:
            return None
        table = held
    return _with_value(table, measure, values) if measure else table


def _with_value(table: Table, measure: str, values: Mapping[str, float]) -> Table:
    import pyarrow as pa

    cells = pa.array([values.get(unit) for unit in table.texts("unit")], pa.float64())
    arrow = table.arrow.append_column(measure, cells)
    return Table(table.name, digest_of(str(arrow.to_pylist()).encode()), arrow, table.row_numbers)


def _values(release: Release, span: Span, measure: str) -> dict[str, float]:
    """The value of every place with figures in these months: of one measure, or nought where none is named."""
    rows = loaded.observations(release, first=span.first, last=span.last, measure=measure).to_pydict()
    sums: dict[str, list[float]] = {}
    for unit, top, under in zip(rows["unit"], rows["numerator"], rows["denominator"], strict=True):
        if top is not None and under:
            total = sums.setdefault(unit, [0.0, 0.0])
            sums[unit] = [total[0] + top, total[1] + under]
    return {unit: top / under for unit, (top, under) in sums.items()}


def _alike(kind: str, release: Release, of: str, span: Span, measure: str) -> Alike:
    ours = kind == OURS
    table = table_of(release, span, measure)
    if table is None:
        raise refuse(NOT_HELD, WANTED)
    using = tuple(each for each in table.columns if each not in ("unit", measure))
    answer = peers(table, of=of, count=COUNT, measure=measure if ours else None, using=using)
    fields = answer.fields
    name = loaded.bodies().name
    apart: dict[str, float] = {}
    for row in fields["rows"]:
        for column, share in row["shares"].items():
            apart[column] = apart.get(column, 0.0) + share * row["distance"]
    shown = [name(code) for code in fields["peers"]]
    whole = sum(apart.values())
    most = sorted(apart, key=lambda column: -apart[column])[:SHOWN_APART]
    by = "by what tells most of this measure" if ours else "with every characteristic counting the same"
    sentence = (f"Most like {name(of)} {by} ({listed(list(fields['weights']))}): "
                f"{listed(shown)}.")
    if whole:
        sentence += (" What sets them apart is most of all "
                     f"{listed([f'{each} ({per_cent(apart[each] / whole)} of the distance)' for each in most])}.")
    rows = tuple((loaded.bodies().title(row["unit"]), f"{row['distance']:.2f}", _apart(row["shares"]))
                 for row in fields["rows"])
    command = ["evenhand", "find", "peers", f"{measure or release.source}-alike-{of}.csv", "--of", of,
               *(["--measure", measure] if ours else ["--using", ",".join(using)])]
    return Alike(tuple(fields["peers"]), answer, sentence, rows,
                 (*(() if ours else (NOT_THE_LIST,)), *answer.remarks), shlex.join(command))


def _apart(shares: Mapping[str, float]) -> str:
    """The characteristics in which a peer differs most, with their shares of its distance."""
    most: Sequence[tuple[str, Any]] = sorted(shares.items(), key=lambda each: -each[1])[:SHOWN_APART]
    said = [f"{column} ({per_cent(share)})" for column, share in most if share > 0]
    return listed(said) if said else "nothing"

