"""Appointments in general practice by commissioning group and month, as NHS Digital published them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evenhand.data.importers import activity as long
from evenhand.data.importers.importer import (
    OPEN_GOVERNMENT,
    Harvest,
    Importer,
    Published,
    Sieve,
    observations,
    vintage_of,
)
from evenhand.data.tables import Table
from evenhand.terms import Problem, Refused

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

_HEADINGS = ("CCG_CODE|SUB_ICB_LOCATION_CODE", "Appointment_Month", "APPT_STATUS", "HCP_TYPE", "APPT_MODE",
             "TIME_BETWEEN_BOOK_AND_APPT", "COUNT_OF_APPOINTMENTS")
_KEY = ("CCG_CODE", "Appointment_Month", "APPT_STATUS", "HCP_TYPE", "APPT_MODE", "TIME_BETWEEN_BOOK_AND_APPT")
_UNKNOWN = ("unknown", "unknown / data issue", "unmapped", "")


def _read(file: Published) -> Harvest:
    """Rows for the groups that later merged stand under the successor's code: they are added up, and said."""
    import pyarrow as pa

    table = _single_spaced(long.renamed(file.table, _HEADINGS))
    sieve = Sieve(table)
    long.sift(sieve, "CCG_CODE", long.SUB_BOARD, "a commissioning group")
    read = long.figures(table, "COUNT_OF_APPOINTMENTS", whole=True)
    sieve.refuse(~read.there, "the count is missing or held back", column="COUNT_OF_APPOINTMENTS")
    finer = any(long.squeezed(each) == "nationalcategory" for each in file.table.columns)
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    months = long.months_in(kept, "Appointment_Month")
    rows = pa.table({"unit": kept.texts("CCG_CODE"), "month": months,
                     **{each: kept.texts(each) for each in _KEY[2:]}, "count": read.values[mask],
                     "row": kept.row_numbers})
    # Later releases part a cell by national category: there like counts stand side by side, and none is there twice.
    if finer:
        file.table.keep(_kept_rows(file.table, kept)).refuse_duplicates(
            *(each for each in file.table.columns if long.squeezed(each) != "countofappointments"))
    else:
        _refuse_doubled(rows, kept)
    summed = rows.group_by(["unit", "month", *_KEY[2:]], use_threads=False).aggregate([("count", "sum")])
    source, vintage = "gp-appointments", vintage_of(months)
    when = summed.column("month").combine_chunks()
    found = long.activity(first=when.to_pylist(), last=long.month_ends(when),
                          commissioner=summed.column("unit").to_pylist(),
                          point_of_delivery=[f"general practice, {each.casefold()}" for each in
                                             summed.column("APPT_MODE").to_pylist()],
                          specialty=summed.column("HCP_TYPE").to_pylist(),
                          counted=[f"appointments, {_status(status)}, booked {time.casefold()} before"
                                   for status, time in zip(summed.column("APPT_STATUS").to_pylist(),
                                       summed.column("TIME_BETWEEN_BOOK_AND_APPT").to_pylist(), strict=True)],
                          count=summed.column("count_sum").to_pylist(), count_unit="appointments", source=source,
                          vintage=vintage)
    rates = long.sorted_rows(
        _share(summed, "gp-missed", "APPT_STATUS", lambda cell: cell == "dna", source, vintage),
        _share(summed, "gp-same-day", "TIME_BETWEEN_BOOK_AND_APPT", lambda cell: cell == "same day", source, vintage),
        _share(summed, "gp-face-to-face", "APPT_MODE", lambda cell: cell == "face-to-face", source, vintage))
    remarks = ["experimental statistics: practice systems record differently, and not every practice is in them"]
    if summed.num_rows < len(kept):
        what = "rows of several national categories" if finer else (
            "rows of groups that later merged stand under one code and")
        remarks.insert(0, f"{what} were added up: {len(kept):,} rows became {summed.num_rows:,}")
    return Harvest({"observations": rates, "activity": long.sorted_rows(found)}, len(table), len(kept), sieve.refusals,
                   tuple(remarks))


def _kept_rows(table: Table, kept: Table) -> NDArray[np.bool_]:
    import numpy as np

    return np.isin(table.row_numbers, kept.row_numbers)


def _status(cell: str) -> str:
    return "not attended" if cell.casefold() == "dna" else cell.casefold()


def _single_spaced(table: Table) -> Table:
    import pyarrow as pa

    return Table(table.name, table.digest, pa.table({each: pa.array([" ".join(cell.split()) for cell in
                 table.texts(each)], pa.string()) for each in table.columns}), table.row_numbers)


def _refuse_doubled(rows: pa.Table, kept: Table) -> None:
    """Refuse rows given twice. A group that took in others has several rows a cell, with differing counts; where every
    row is there an even number of times, or the only repeats are alike to the last digit, they were doubled.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    key = ["unit", "month", *_KEY[2:]]
    alike = rows.group_by([*key, "count"], use_threads=False).aggregate([("row", "count"), ("row", "max")])
    cells = alike.group_by(key, use_threads=False).aggregate([("row_count", "sum"), ("row_count", "count")])
    blocks = ["unit", "month"]
    merged = cells.filter(pc.greater(cells.column("row_count_count"), 1)).group_by(blocks).aggregate([])
    merged_blocks = set(zip(merged.column("unit").to_pylist(), merged.column("month").to_pylist(), strict=True))
    odd = alike.filter(pc.equal(pc.bit_wise_and(alike.column("row_count"), 1), 1)).group_by(blocks).aggregate([])
    odd_blocks = set(zip(odd.column("unit").to_pylist(), odd.column("month").to_pylist(), strict=True))
    twice = alike.filter(pc.greater(alike.column("row_count"), 1))
    problems = [Problem("this row is there twice", "keep one of the two", kept.name, int(row["row_max"]), "CCG_CODE",
                        f"{row['unit']} {row['month']:%Y-%m}")
                for row in twice.to_pylist() if (row["unit"], row["month"]) not in merged_blocks & odd_blocks]
    if problems:
        raise Refused(sorted(problems, key=lambda each: each.row or 0)[:20])
    assert isinstance(rows, pa.Table)


def _share(summed: pa.Table, measure: str, column: str, is_part: Any, source: str, vintage: str) -> pa.Table:
    """Appointments of a kind over those of which it is known."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = [each.casefold() for each in summed.column(column).to_pylist()]
    known = pa.array([each not in _UNKNOWN for each in cells])
    counts = summed.column("count_sum").combine_chunks()
    part = pc.if_else(pa.array([bool(is_part(each)) for each in cells]), counts, 0.0)
    table = pa.table({"unit": summed.column("unit"), "month": summed.column("month"), "part": part, "all": counts})
    by = table.filter(known).group_by(["unit", "month"], use_threads=False).aggregate([("part", "sum"), ("all", "sum")])
    by = by.filter(pc.greater(by.column("all_sum"), 0))
    return observations(measure=measure, unit=by.column("unit"), month=by.column("month").combine_chunks(),
                        numerator=by.column("part_sum").combine_chunks(),
                        denominator=by.column("all_sum").combine_chunks(), source=source, vintage=vintage)


IMPORTERS = (Importer(
    name="gp-appointments", title="Appointments in general practice by commissioning group and month",
    publisher="NHS England (formerly NHS Digital)", licence=OPEN_GOVERNMENT,
    next_release="NHS England Digital, Appointments in General Practice, each month, a CSV for each region "
                 "(digital.nhs.uk)", headings=_HEADINGS, gives=("activity", "observations"), read=_read,
    fits=long.headed(_HEADINGS)),)
