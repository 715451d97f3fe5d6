"""Lists of organisations: codes and names, commissioners and successions of the Organisation Data Service, lookups."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from evenhand.data import reading
from evenhand.data.importers.importer import OPEN_GOVERNMENT, Harvest, Importer, Published, Sieve
from evenhand.data.organisations import (
    BOARD,
    BOARDS_BEGAN,
    GROUP,
    LOCATION,
    SUCCESSION_BASIS,
    day_of,
    said,
    tidy,
)
from evenhand.data.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa

HUB, TRUST = "commissioning hub", "primary care trust"
ODS_COLUMNS = ("code", "name", "national grouping", "high level health geography", "address 1", "address 2",
               "address 3", "address 4", "address 5", "postcode", "opened", "closed", "status", "sub_type",
               *(f"column {number}" for number in range(15, 28)))
"""The 27 columns of an Organisation Data Service file, which has no heading line."""


def organisation_rows(rows: Iterable[tuple[str, str, str, date | None, date | None]], source: str) -> pa.Table:
    """The long table of organisations from code, name, kind, first and last day."""
    import pyarrow as pa

    ordered = sorted(set(rows), key=lambda row: row[0])
    return pa.table({"code": [row[0] for row in ordered], "name": [row[1] for row in ordered],
                     "kind": [row[2] for row in ordered],
                     "opened": pa.array([row[3] for row in ordered], pa.date32()),
                     "closed": pa.array([row[4] for row in ordered], pa.date32()),
                     "source": [source] * len(ordered)})


def _kind(code: str, name: str) -> str:
    if name.upper().endswith(" CCG"):
        return GROUP
    if name.upper().rstrip(" 0123456789").endswith("COMMISSIONING HUB"):
        return HUB
    return TRUST if re.fullmatch(r"5[0-9A-Z]{2}|TA[A-Z]", code) else ""


def _read_names(file: Published) -> Harvest:
    table = file.table
    table.refuse_duplicates("code")
    sieve = Sieve(table)
    sieve.refuse([not each for each in table.texts("code")], "the code is empty", column="name")
    sieve.refuse([not each for each in table.texts("name")], "the name is empty", column="code")
    sieve.require_some()
    kept = sieve.kept
    rows = [(code, tidy(name), _kind(code, name), None, None)
            for code, name in zip(kept.texts("code"), kept.texts("name"), strict=True)]
    return Harvest({"organisations": organisation_rows(rows, "names")}, len(table), len(kept), sieve.refusals)


def headed(file: Published) -> Table:
    """A file of the Organisation Data Service with the heading line it lacks."""
    import gzip

    import numpy as np

    content = gzip.decompress(file.content) if file.content[:2] == b"\x1f\x8b" else file.content
    plain = content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n ")
    first = plain.split(b"\n", 1)[0]
    separator = max((b",", b";", b"\t", b"|"), key=first.count)
    heading = separator.join(each.encode() for each in ODS_COLUMNS) + b"\n"
    arrow = reading.columns_of(heading + plain, file.name)
    return Table(file.name, file.digest, arrow, np.arange(1, arrow.num_rows + 1))


def is_headless(file: Published) -> bool:
    """Whether a file has the 27 columns of the Organisation Data Service and no heading line."""
    first = file.table.columns
    return (len(first) == len(ODS_COLUMNS) and bool(re.fullmatch(r"[0-9A-Z]{3,6}", first[0]))
            and bool(re.fullmatch(r"\d{8}", first[10])))


def _is_commissioners(file: Published) -> bool:
    """Neither practices nor trusts, which have the same layout."""
    return (is_headless(file) and file.table.columns[13].split(" ")[0] not in ("B", "Z")
            and not re.fullmatch(r"R[0-9A-Z]{2,4}", file.table.columns[0]))


def _read_ods(file: Published) -> Harvest:
    table = headed(file)
    table.refuse_duplicates("code")
    sieve = Sieve(table)
    days = {column: [day_of(each) for each in table.texts(column)] for column in ("opened", "closed")}
    sieve.refuse([day is None for day in days["opened"]], "the first day is no date", column="opened")
    sieve.refuse([each not in ("C", "H") for each in table.texts("sub_type")],
                 "this is neither a commissioning group (C) nor a commissioning hub (H)", column="sub_type")
    sieve.require_some()
    kinds = {"C": GROUP, "H": HUB}
    rows = [(code, tidy(name), kinds[kind], opened, closed) for code, name, kind, opened, closed, kept in zip(
        table.texts("code"), table.texts("name"), table.texts("sub_type"), days["opened"], days["closed"], sieve.mask,
        strict=True) if kept]
    return Harvest({"organisations": organisation_rows(rows, "commissioners")}, len(table), len(rows), sieve.refusals,
                   ("the file has no heading line: columns were read by the Organisation Data Service's layout",))


def _read_successions(file: Published) -> Harvest:
    import pyarrow as pa

    table = file.table
    table.refuse_duplicates("old_code", "new_code", "date")
    sieve = Sieve(table)
    old, new = table.texts("old_code"), table.texts("new_code")
    days = [day_of(each) for each in table.texts("date")]
    sieve.refuse([not each for each in old], "the old code is empty", column="new_code")
    sieve.refuse([not each for each in new], "the new code is empty", column="old_code")
    sieve.refuse([before == after for before, after in zip(old, new, strict=True)],
                 "the body is said to succeed itself", column="old_code")
    sieve.refuse([day is None for day in days], "the date is no date", column="date")
    sieve.require_some()
    rows = sorted((day, after, before) for before, after, day, kept in zip(old, new, days, sieve.mask, strict=True)
                  if kept and day)
    found = pa.table({"old": [row[2] for row in rows], "new": [row[1] for row in rows],
                      "date": pa.array([row[0] for row in rows], pa.date32()),
                      "share": pa.nulls(len(rows), pa.float64()), "basis": [SUCCESSION_BASIS] * len(rows),
                      "source": ["successions"] * len(rows)})
    last = rows[-1][0]
    remark = f"the list ends on {said(last)}"
    if last < BOARDS_BEGAN:
        remark += (": which integrated care board serves an area since July 2022 is not in it, and comes from the ONS "
                   "lookup")
    return Harvest({"lineage": found}, len(table), len(rows), sieve.refusals, (remark,))


def _small_area(table: Table) -> str:
    """The column of codes of small areas."""
    return next(each for each in table.columns if re.fullmatch(r"lsoa\d{2}_?(code|cd)", each.strip().casefold()))


def _lookup(year: int, location: str, place: str, board: str, board_name: str) -> Callable[[Published], Harvest]:
    def read(file: Published) -> Harvest:
        import pyarrow as pa

        table = file.table
        sieve = Sieve(table)
        codes, boards = table.texts(location), table.texts(board)
        sieve.refuse([not each for each in codes], "the code of the sub-ICB location is empty", column=board)
        sieve.refuse([not each for each in boards], "the code of the integrated care board is empty", column=location)
        sieve.require_some()
        rows = [row for row, kept in zip(zip(codes, table.texts(place), boards, table.texts(board_name), strict=True),
                                         sieve.mask, strict=True) if kept]
        pairs = sorted({(code, of, tidy(name)) for code, _, of, name in rows})
        basis = f"ONS lookup of small areas to sub-ICB locations and integrated care boards, {year}"
        served = pa.table({"code": [pair[0] for pair in pairs], "board": [pair[1] for pair in pairs],
                           "board_name": [pair[2] for pair in pairs], "basis": [basis] * len(pairs),
                           "source": [f"ons-lookup-{year}"] * len(pairs)})
        small = {area: code for area, code, kept in zip(table.texts(_small_area(table)), codes, sieve.mask, strict=True)
                 if kept and area}
        within = pa.table({"from": sorted(small), "to": [small[area] for area in sorted(small)],
                           "share": pa.array([1.0] * len(small), pa.float64()), "basis": [basis] * len(small),
                           "source": [f"ons-lookup-{year}"] * len(small)})
        bodies: list[Any] = [(code, tidy(name), LOCATION, None, None) for code, name, _, _ in rows]
        bodies += [(of, tidy(name), BOARD, None, None) for _, _, of, name in rows]
        return Harvest({"served": served, "organisations": organisation_rows(bodies, f"ons-lookup-{year}"),
                        "lookups": within}, len(table), len(rows), sieve.refusals,
                       (f"{len(rows):,} small areas came down to {len(pairs)} locations; which board serves them is an "
                        "arrangement, not a succession",))

    return read


IMPORTERS = (
    Importer(name="names", title="Codes and names of commissioners to 2019",
             publisher="NHS Business Services Authority, by way of the Bennett Institute", licence=OPEN_GOVERNMENT,
             next_release="closed; later names come with the Organisation Data Service's lists",
             headings=("code", "name"), gives=("organisations",), read=_read_names),
    Importer(name="commissioners", title="Commissioners of the Organisation Data Service (no heading line)",
             publisher="NHS Digital, Organisation Data Service", licence=OPEN_GOVERNMENT,
             next_release="NHS England Digital, Organisation Data Service, file eccg, every quarter", headings=(),
             gives=("organisations",), read=_read_ods, fits=_is_commissioners),
    Importer(name="successions", title="Successions of organisations", licence=OPEN_GOVERNMENT,
             publisher="NHS Digital, Organisation Data Service",
             next_release="NHS England Digital, Organisation Data Service, succession files, every quarter",
             headings=("old_code", "new_code", "date"), gives=("lineage",), read=_read_successions),
    *(Importer(name=f"ons-lookup-{year}", title=f"Small areas to sub-ICB locations and integrated care boards, {year}",
               publisher="Office for National Statistics", licence=OPEN_GOVERNMENT,
               next_release="ONS Open Geography Portal, lookups of lower layer super output areas, each April",
               headings=(*small, *columns), gives=("served", "organisations", "lookups"),
               read=_lookup(year, *columns), version="2")
      for year, small, columns in (
          (2022, ("lsoa11_code",), ("sicbl22_code_h", "sicbl22_name", "icb22_code_h", "icb22_name")),
          (2024, ("lsoa21_code",), ("sicbl24_code_nhs", "sicbl24_name", "icb24_code_nhs", "icb24_name")))),
)
