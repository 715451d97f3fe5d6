"""Our own long table of observations, as ``evenhand data observations --out`` writes it: bodies of every kind."""

from __future__ import annotations

import math

from evenhand.data import area_codes
from evenhand.data.importers import codes
from evenhand.data.importers.importer import (
    OWN,
    Harvest,
    Importer,
    Published,
    Sieve,
    months_of,
    refuse_duplicates,
)
from evenhand.data.tables import Table

COLUMNS = ("measure", "unit", "month", "numerator", "denominator", "vintage", "source")
ENGLAND = "England"


def _read(file: Published) -> Harvest:
    import pyarrow as pa

    table = file.table
    refuse_duplicates(table, "measure", "unit", "month", "vintage", "source")
    for column in ("measure", "vintage", "source"):
        table.texts(column, may_be_empty=False)
    under = table.numbers("denominator", least=0, empty=math.nan)
    table.numbers("numerator", least=0)
    sieve = Sieve(table)
    codes.sift(sieve, "unit", also=(ENGLAND,), bodies=file.bodies, every_kind=True)
    sieve.refuse(under == 0, "the denominator is nought: the measure is missing, not nought", column="unit")
    sieve.require_some()
    kept = sieve.kept
    below = [None if math.isnan(each) else each for each in kept.numbers("denominator", empty=math.nan)]
    # A board by the code of the statistics office and by its own is one place: two would be compared with each other.
    units = [area_codes.in_use(each) for each in kept.texts("unit")]
    _refuse_one_place_twice(kept, units)
    found = pa.table({
        "measure": kept.texts("measure"), "unit": units, "month": months_of(kept, "month"),
        "numerator": kept.numbers("numerator"), "denominator": pa.array(below, pa.float64()),
        "vintage": kept.texts("vintage"), "source": kept.texts("source")})
    order = [(column, "ascending") for column in ("measure", "unit", "month", "vintage")]
    return Harvest({"observations": found.sort_by(order)}, len(table), len(kept), sieve.refusals)


def _refuse_one_place_twice(kept: Table, units: list[str]) -> None:
    """Refuse figures of one place under both of its codes."""
    seen: dict[tuple[str, ...], int] = {}
    others = [kept.texts(each) for each in ("measure", "month", "vintage", "source")]
    wrong = []
    for row, key in enumerate(zip(units, *others, strict=True)):
        wrong.append(key in seen)
        seen.setdefault(key, row)
    kept.refuse_rows(wrong, "this place has a figure under another of its codes", "keep one of the two", column="unit")


IMPORTERS = (Importer(
    name="observations", title="Observations written by evenhand data observations", publisher="whoever wrote the file",
    licence="that of the publications named in its source column", next_release="load the publications, write it again",
    headings=COLUMNS, gives=("observations",), read=_read, small_numbers=OWN),)
