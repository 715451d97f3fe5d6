"""Allocations to clinical commissioning groups with distance from target, as NHS England set them in January 2016.

The copy in circulation names bodies and has no codes, and its last two headings are wrong: "Final per capita growth"
holds the closing distance from target and "Final closing DfT" the registered population. That is not taken on trust:
the allocation divided by the population must give the allocation per head that stands in the same row.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from evenhand.data.importers.importer import OPEN_GOVERNMENT, Harvest, Importer, Published, Sieve
from evenhand.data.importers.names import codes_of
from evenhand.data.tables import Table
from evenhand.terms import refuse
from evenhand.terms.words import listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SOURCE = "allocations"
TOTAL_2018_19 = 74_878_653
"""Thousands of pounds, as the file adds up; the file itself does not state its year."""
_LINES = (("opening distance from target", "Opening DfT", "per cent"), ("growth", "Final growth", "per cent"))


def _read(file: Published) -> Harvest:
    import numpy as np
    import pyarrow as pa

    table = file.table
    allocation = _amounts(table, "Final allocation")
    per_head = _amounts(table, "Per capita allocation")
    closing, people, remarks = _last_two(table, allocation, per_head)
    sieve = Sieve(table)
    names = table.texts("CCG")
    sieve.refuse([not name for name in names], "the name is empty", column="CCG")
    repeated = np.zeros(len(table), bool)
    repeated[1:] = [names[place] != names[place - 1] and allocation[place] == allocation[place - 1]
                    and people[place] == people[place - 1] for place in range(1, len(table))]
    sieve.refuse(repeated, "the figures are those of the row above under another name: a slip in the published file",
                 column="CCG")
    matches = codes_of(name for name, kept in zip(names, sieve.mask, strict=True) if kept)
    sieve.refuse([name not in matches for name in names], "no commissioning group in the lists has this name",
                 column="CCG", remedy="load a list of organisations that has it")
    off = np.abs(allocation * 1_000 / people - per_head) > 1
    sieve.refuse(off, "allocation divided by population does not give the allocation per head", column="CCG")
    sieve.require_some()
    table.keep(sieve.mask).refuse_duplicates("CCG")
    mask, year = sieve.mask, _year(file, allocation)
    units = [matches[name].code for name, kept in zip(names, mask, strict=True) if kept]
    lines = [("allocation", allocation * 1_000, "pounds"), ("allocation per head", per_head, "pounds per patient"),
             ("registered population", people, "patients"), ("closing distance from target", closing, "per cent"),
             *((line, _per_cents(table, column), unit) for line, column, unit in _LINES)]
    money = pa.concat_tables(pa.table({
        "unit": units, "year": [year] * len(units), "line": [line] * len(units), "amount": amounts[mask],
        "amount_unit": [unit] * len(units), "recurrent": pa.array([None] * len(units), pa.bool_()),
        "source": [SOURCE] * len(units)}) for line, amounts, unit in lines)
    taken = [f"{match.name} for {match.listed_as} ({match.code})" for name, match in matches.items() if match.listed_as]
    if taken:
        remarks.append(f"names spelt differently in the lists were taken as the same body: {listed(taken)}")
    order = [("line", "ascending"), ("unit", "ascending")]
    return Harvest({"money": money.sort_by(order)}, len(table), int(mask.sum()), sieve.refusals, tuple(remarks))


def _last_two(table: Table, allocation: NDArray[np.float64],
              per_head: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    """Closing distance from target (per cent), registered population, and what was found out about the headings."""
    import numpy as np

    for closing, people in (("Final per capita growth", "Final closing DfT"),
                            ("Final closing DfT", "Registered population")):
        if people not in table or "%" in "".join(table.texts(people)):
            continue
        counts = _amounts(table, people)
        with np.errstate(divide="ignore", invalid="ignore"):
            fits = np.abs(allocation * 1_000 / counts - per_head) <= 1
        if fits.mean() > 0.95:
            said = [] if people == "Registered population" else [
                "two headings are wrong and were read by what their columns hold: “Final per capita growth” is the "
                "closing distance from target, “Final closing DfT” the registered population (allocation divided by it "
                f"gives the allocation per head in {int(fits.sum())} of {len(fits)} rows)"]
            return _per_cents(table, closing), counts, said
    raise refuse("no column gives the allocation per head when the allocation is divided by it, so the registered "
                 "population cannot be told", "fetch the file again from NHS England", file=table.name)


def _amounts(table: Table, column: str) -> NDArray[np.float64]:
    return table.numbers(column, least=0)


def _per_cents(table: Table, column: str) -> NDArray[np.float64]:
    import pyarrow as pa

    plain = [each.removesuffix("%") for each in table.texts(column)]
    return Table(table.name, table.digest, pa.table({column: plain}), table.row_numbers).numbers(column)


def _year(file: Published, allocation: NDArray[np.float64]) -> str:
    found = re.search(r"(20\d\d)[_-](\d\d)(?!\d)", Path(file.name).name)
    if found:
        return f"{found[1]}/{found[2]}"
    if round(float(allocation.sum())) == TOTAL_2018_19:
        return "2018/19"
    raise refuse("the file does not say of which year it is", "put the year in its name, as in allocations_2018_19.csv",
                 file=file.name)


IMPORTERS = (Importer(
    name="allocations", title="Allocations and distance from target by commissioning group",
    publisher="NHS England", licence=OPEN_GOVERNMENT,
    next_release="NHS England, allocations (england.nhs.uk/allocations): a workbook for each round",
    headings=("CCG", "Opening DfT", "Final allocation", "Per capita allocation", "Final closing DfT"),
    gives=("money",), read=_read),)
