"""Allocations that a region's folder keeps: our own extract of a published file, read back as it was."""

from __future__ import annotations

from evenhand.data.importers import codes
from evenhand.data.importers.importer import OPEN_GOVERNMENT, Harvest, Importer, Published, Sieve, refuse_duplicates

COLUMNS = ("unit", "year", "line", "amount", "amount_unit", "recurrent", "source")


def _money(file: Published) -> Harvest:
    import pyarrow as pa

    table = file.table
    refuse_duplicates(table, "unit", "year", "line", "source")
    table.numbers("amount")
    sieve = Sieve(table)
    codes.sift(sieve, "unit", bodies=file.bodies)
    sieve.require_some()
    kept = sieve.kept
    found = pa.table({**{name: pa.array(kept.texts(name), pa.string()) for name in ("unit", "year", "line")},
                      "amount": kept.numbers("amount"),
                      "amount_unit": pa.array(kept.texts("amount_unit"), pa.string()),
                      "recurrent": pa.nulls(len(kept), pa.bool_()),
                      "source": pa.array(kept.texts("source"), pa.string())})
    return Harvest({"money": found}, len(table), len(kept), sieve.refusals)


IMPORTERS = (Importer(
    name="money-kept", title="Allocations kept in a region's folder",
    publisher="computed from published files, named in the folder's SOURCES.md", licence=OPEN_GOVERNMENT,
    next_release="evenhand run REGION --data DIR --keep makes it again from the published files",
    headings=COLUMNS, gives=("money",), read=_money),)
