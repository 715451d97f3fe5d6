"""Prescribing measures by sub-ICB location and month, as the OpenPrescribing radar publishes them: two vintages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.data.importers import codes
from evenhand.data.importers.importer import (
    OPEN_GOVERNMENT,
    Harvest,
    Importer,
    Published,
    Sieve,
    months_of,
    observations,
    refuse_duplicates,
    vintage_of,
)
from evenhand.data.measures import measures
from evenhand.data.organisations import organisations
from evenhand.data.tables import Table
from evenhand.terms import refuse
from evenhand.terms.words import counted, listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SOURCE = "sub-icb-measures"


def _read(file: Published) -> Harvest:
    table = file.table
    refuse_duplicates(table, "measure", "code", "month")
    return _harvest(table, table.texts("measure", may_be_empty=False), SOURCE)


def _read_one(file: Published) -> Harvest:
    name = Path(file.name).name.split("_")[0].split(".")[0]
    if name not in measures():
        raise refuse("the file does not say which measure it holds",
                     "begin its name with the measure and a low line, as in glutenfree_2018-01_to_2023-01.csv",
                     file=file.name, value=Path(file.name).name)
    refuse_duplicates(file.table, "code", "month")
    early = min(file.table.months("month")).year < 2018
    return _harvest(file.table, [name] * len(file.table), "commissioner-panels" if early else SOURCE)


def _harvest(table: Table, names: list[str], source: str) -> Harvest:
    """Rows with a denominator of nought are left out: the measure is then missing, neither nought nor infinite."""
    import numpy as np

    vintage = vintage_of(months_of(table, "month"))
    numerator = table.numbers("numerator", least=0)
    denominator = table.numbers("denominator", least=0)
    shares = {name for name in set(names) if name in measures() and measures()[name].is_share}
    over = np.array([name in shares for name in names]) & (numerator > denominator) & (denominator > 0)
    table.refuse_rows(over, "the numerator is above the denominator, of which it is a part",
                      "correct one of the two at the source", column="numerator")
    sieve = Sieve(table)
    codes.sift(sieve, "code")
    nothing = denominator == 0
    sieve.refuse(nothing & (numerator > 0), "there is a numerator and its denominator is nought", column="code")
    sieve.refuse(nothing & _closed(table), "the body has been abolished and its denominator is nought: the measure is "
                 "missing, not nought", column="code")
    sieve.refuse(nothing, "nothing was counted that month (denominator nought): the measure is missing, not nought",
                 column="code")
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    measure = np.array(names)[mask]
    found = observations(measure=measure.tolist(), unit=kept.column("code"), month=months_of(kept, "month"),
                         numerator=numerator[mask], denominator=denominator[mask], source=source, vintage=vintage)
    return Harvest({"observations": found}, len(table), len(kept), sieve.refusals,
                   _remarks(sorted(set(names)), vintage))


def _closed(table: Table) -> NDArray[np.bool_]:
    import numpy as np

    listing = organisations()
    return np.array([listing.closed(code) is not None for code in table.texts("code")], dtype=bool)


def _remarks(names: list[str], vintage: str) -> tuple[str, ...]:
    said: list[str] = [f"{counted(len(names), 'measure')}, {vintage}"]
    unknown = [name for name in names if name not in measures()]
    if unknown:
        said.append(f"not described by us yet, so no direction or overlap is known: {listed(unknown)}")
    return tuple(said)


_ABOUT: dict[str, Any] = {
    "publisher": "NHS Business Services Authority (English Prescribing Dataset) and NHS England (list sizes); measures "
                 "by the Bennett Institute, University of Oxford",
    "licence": f"{OPEN_GOVERNMENT}; measure definitions MIT",
    "gives": ("observations",),
}
IMPORTERS = (
    Importer(
        name="sub-icb-measures", title="Prescribing measures by sub-ICB location and month",
        next_release="OpenPrescribing, measures by sub-ICB location (openprescribing.net), all in one long table",
        headings=("measure", "month", "code", "numerator", "denominator"), read=_read, **_ABOUT),
    Importer(
        name="one-measure", title="One prescribing measure by commissioner and month",
        next_release="OpenPrescribing, one measure for all sub-ICB locations (openprescribing.net); keep the measure's "
                     "name at the start of the file's name",
        headings=("month", "code", "numerator", "denominator"), read=_read_one, **_ABOUT),
)
