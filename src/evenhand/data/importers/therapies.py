"""Talking therapies (formerly IAPT) by sub-board location and month, in a long table of counts and percentages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evenhand.data.importers import activity as long
from evenhand.data.importers.importer import (
    OPEN_GOVERNMENT,
    Harvest,
    Importer,
    Published,
    Sieve,
    SmallNumbers,
    observations,
    refuse_duplicates,
    vintage_of,
)

if TYPE_CHECKING:
    import pyarrow as pa

_HEADINGS = ("sicbl22_code|sicbl23_code|sicbl_code", "date", "name", "value")
_COUNTS = {"Count_ReferralsReceived": "referrals received", "Count_AccessingServices": "people who entered treatment",
           "Count_EndedReferrals": "referrals ended", "Count_FinishedCourseTreatment": "courses of treatment finished",
           "Count_Deterioration": "people who reliably got worse"}
_SHARES = (("therapies-entered", "Count_AccessingServices", "Count_ReferralsReceived"),
           ("therapies-finished", "Count_FinishedCourseTreatment", "Count_EndedReferrals"),
           ("therapies-worse", "Count_Deterioration", "Count_FinishedCourseTreatment"))


def _read(file: Published) -> Harvest:
    """Counts are rounded to fives and hidden below five; a percentage stands without its counts, and is kept as one."""
    import numpy as np

    table = long.renamed(file.table, _HEADINGS)
    body = _HEADINGS[0].split("|")[0]
    sieve = Sieve(table)
    long.sift(sieve, body, long.SUB_BOARD, "a sub-board location")
    names = table.texts("name")
    shares = np.array([each.startswith("Percentage_") for each in names], dtype=bool)
    sieve.refuse([not each for each in names], "the name of the figure is empty", column="name")
    sieve.refuse([not share and each not in _COUNTS for each, share in zip(names, shares, strict=True)],
                 "the figure is neither a percentage nor a count that we know", column="name")
    read = long.figures(table, "value")
    table.refuse_rows(shares & (read.values > 100), "this percentage is above 100", "correct it at the source",
                      column="value")
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    refuse_duplicates(kept, body, "date", "name")
    months, units, here = long.months_in(kept, "date"), kept.texts(body), read.keep(mask)
    source, vintage, wanted = "talking-therapies", vintage_of(months), kept.texts("name")
    # The publication gives no figure where it counts fewer than five, and says NA.
    held = ["suppressed by the publisher, or fewer than five" if not there else None for there in here.there]
    percent = shares[mask]
    rows = [long.activity(first=np.array(months.to_pylist())[chosen].tolist(),
                          last=np.array(long.month_ends(months))[chosen].tolist(),
                          commissioner=np.array(units)[chosen].tolist(), point_of_delivery="talking therapies",
                          counted=[_worded(each) for each in np.array(wanted)[chosen]], count=here.values[chosen],
                          count_unit=each, hidden=np.array(held, dtype=object)[chosen], source=source, vintage=vintage)
            for chosen, each in ((~percent, "people, rounded to five"), (percent, "per cent, as published"))]
    found = {(unit, month, name): value for unit, month, name, value in
             zip(units, months.to_pylist(), wanted, here.values, strict=True) if np.isfinite(value)}
    rates = [_share(measure, part, whole, found, source, vintage) for measure, part, whole in _SHARES]
    return Harvest({"observations": long.sorted_rows(*rates), "activity": long.sorted_rows(*rows)}, len(table),
                   len(kept), sieve.refusals, (
        "counts are rounded to the nearest five, and none is given below five",
        "percentages come without their counts: they can be shown, not added up or set in a range"))


def _share(measure: str, part: str, whole: str, found: dict[tuple[str, object, str], float], source: str,
           vintage: str) -> pa.Table:
    import pyarrow as pa

    # Who enters treatment this month may have been referred before, so that entries can be more than referrals.
    freely = measure == "therapies-entered"
    keys = sorted((unit, month) for unit, month, name in found if name == part
                  if found.get((unit, month, whole), 0) >= (1 if freely else max(found[unit, month, part], 1)))
    return observations(measure=measure, unit=[unit for unit, _ in keys],
                        month=pa.array([month for _, month in keys], pa.date32()),
                        numerator=[found[*key, part] for key in keys], denominator=[found[*key, whole] for key in keys],
                        source=source, vintage=vintage)


def _worded(name: str) -> str:
    if name in _COUNTS:
        return _COUNTS[name]
    words = re.sub(r"(?<=[a-z])(?=[A-Z0-9])|(?<=\d)(?=[A-Z])", " ", name.removeprefix("Percentage_"))
    return f"{words.casefold()}, per cent"


IMPORTERS = (Importer(
    name="talking-therapies", title="Talking therapies for anxiety and depression by sub-board location and month",
    publisher="NHS England (formerly NHS Digital), collected in healthyr",
    licence=f"{OPEN_GOVERNMENT} (collection MIT)",
    next_release="NHS England Digital, NHS Talking Therapies monthly statistics (digital.nhs.uk)", headings=_HEADINGS,
    gives=("activity", "observations"), read=_read, small_numbers=SmallNumbers(
        "publisher", "NHS England hides counts below five and rounds the others to fives"), fits=long.headed(
        _HEADINGS, also=lambda file: any(each in _COUNTS or each.startswith("Percentage_") for each in
                                         long.renamed(file.table, _HEADINGS).texts("name")[:500]))),)
