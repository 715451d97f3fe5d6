"""The reference that indirect standardisation compares with: columns beside the counts, or a table of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from evenhand.data import tables
from evenhand.find.standards import band_of
from evenhand.find.strata import Strata, named
from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]


def beside(table: tables.Table, strata: Strata, remarks: list[str]) -> tuple[Floats, Floats]:
    """The reference's rate by cell and in all by group, from ``reference_numerator`` and ``reference_denominator``."""
    import numpy as np

    top, bottom = _columns(table, remarks)
    counts = table.numbers(top, least=0, empty=0.0)[strata.first_row]
    people = table.numbers(bottom, least=0, empty=0.0)[strata.first_row]
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = np.where(people > 0, counts / people, np.nan)
        overall = strata.by_group(counts) / strata.by_group(people)
    return rates, overall


def apart(reference: tables.Table, strata: Strata, has_bands: bool, remarks: list[str]) -> tuple[Floats, Floats]:
    """The reference's rate by cell and in all by group, from a table joined on the band's label or in its order.

    Labels are compared as they stand, then as ages (``0-4`` and ``00–04`` are one band). Where one of the tables has
    no labels the rows are taken in order.
    """
    import numpy as np

    top, bottom = _columns(reference, remarks)
    counts, people = (reference.numbers(each, least=0, empty=0.0) for each in (top, bottom))
    age = named(reference, "age_band", remarks)
    if age is None or not has_bands:
        places = _in_order(reference, strata, remarks)
    else:
        labels = reference.texts(age, may_be_empty=False)
        _refuse_twice(reference, age, labels)
        places = _by_label(reference, age, labels, strata, remarks)
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = np.where(people > 0, counts / people, np.nan)[places][strata.stratum]
    unused = sorted(set(range(len(reference))) - set(places.tolist()))
    if unused:
        remarks.append(f"{len(unused)} rows of the reference have no band here and were left out.")
    total = counts[places].sum() / people[places].sum() if people[places].sum() > 0 else np.nan
    return rates, np.full(len(strata.groups), total)


def _columns(table: tables.Table, remarks: list[str]) -> tuple[str, str]:
    found = []
    for name, plain in (("reference_numerator", "numerator"), ("reference_denominator", "denominator")):
        column = named(table, name, remarks) or named(table, plain, remarks)
        if column is None:
            table.require(name)
            raise AssertionError("a missing column was refused")
        found.append(column)
    return found[0], found[1]


def _in_order(reference: tables.Table, strata: Strata, remarks: list[str]) -> NDArray[np.int64]:
    import numpy as np

    if len(reference) != len(strata.labels) or not strata.in_order:
        raise refuse(f"the reference has {len(reference)} rows and the groups up to {len(strata.labels)} strata",
                     "name the bands of both tables in a column age_band", file=reference.name)
    remarks.append("The reference was joined by the order of its rows: there was no age band in both tables.")
    return np.arange(len(reference))


def _refuse_twice(reference: tables.Table, column: str, labels: Sequence[str]) -> None:
    doubled = [place for place, label in enumerate(labels) if label in labels[:place]]
    if doubled:
        raise Refused(Problem("this band stands in the reference twice", "keep one row a band", reference.name,
                              int(reference.row_numbers[place]), column, labels[place]) for place in doubled)


def _by_label(reference: tables.Table, column: str, labels: Sequence[str], strata: Strata,
              remarks: list[str]) -> NDArray[np.int64]:
    import numpy as np

    exact = {label.casefold(): place for place, label in enumerate(labels)}
    by_age = {band: place for place, label in enumerate(labels) if (band := band_of(label)) is not None}
    places: list[int] = []
    lost = []
    for label in strata.labels:
        place = exact.get(label.casefold())
        if place is None and (band := band_of(label)) is not None:
            place = by_age.get(band)
        places.append(-1 if place is None else place)
        if place is None:
            lost.append(label)
    if lost and len(lost) == len(labels) == len(strata.labels) and strata.in_order:
        remarks.append(f"No band of the reference is called as one here ({labels[0]}, {strata.labels[0]}): the two "
                       "were joined in their order.")
        return np.arange(len(labels))
    if lost:
        raise refuse(f"the reference has no row for {listed(lost)}", f"add it, or spell the bands alike (there are "
                     f"{', '.join(labels[:25])})", file=reference.name, column=column)
    return np.array(places)
