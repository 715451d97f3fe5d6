"""A randomised trial of visits to commissioners on low-priority prescribing, 2018: the draw, and the visits."""

from __future__ import annotations

from typing import Any

from evenhand.data.importers import codes
from evenhand.data.importers.importer import OPEN_GOVERNMENT, Harvest, Importer, Published, Sieve
from evenhand.data.tables import Table

_ARMS = {"I": "invited", "con": "control"}
_ABOUT: dict[str, Any] = {"publisher": "Bennett Institute, University of Oxford (protocol: figshare 7201079)",
                          "licence": OPEN_GOVERNMENT, "next_release": "closed"}


def _read_arms(file: Published) -> Harvest:
    import pyarrow as pa

    table = file.table
    table.refuse_duplicates("joint_id")
    sieve = Sieve(table)
    codes.sift(sieve, "joint_id")
    sieve.refuse([each not in _ARMS for each in table.texts("allocation")], "not in the trial: no allocation",
                 column="joint_id")
    sieve.require_some()
    kept = sieve.kept
    found = pa.table({"unit": kept.texts("joint_id"), "arm": [_ARMS[each] for each in kept.texts("allocation")],
                      "cost_pounds": kept.numbers("numerator", least=0),
                      "patients_thousands_times_months": kept.numbers("denominator", least=0),
                      "baseline": kept.numbers("baseline", least=0)}).sort_by("unit")
    return Harvest({"trial_arms": found}, len(table), len(kept), sieve.refusals,
                   ("a unit may stand for several commissioners that share a medicines team, under one member's code",))


def _read_visits(file: Published) -> Harvest:
    from datetime import date

    import pyarrow as pa

    table = file.table
    table.refuse_duplicates("joint_id")
    sieve = Sieve(table)
    codes.sift(sieve, "joint_id")
    sieve.require_some()
    kept = sieve.kept
    days = [_day(kept, place, each) for place, each in enumerate(kept.texts("date"))]
    found = pa.table({"unit": kept.texts("joint_id"), "visited": pa.array(days, pa.date32())}).sort_by("unit")
    held = [day for day in days if isinstance(day, date)]
    return Harvest({"trial_visits": found}, len(table), len(kept), sieve.refusals,
                   (f"{len(held)} of {len(days)} invited units had a visit; an empty date means that none took place",))


def _day(table: Table, place: int, text: str) -> object:
    from datetime import datetime

    if not text:
        return None
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()
    except ValueError:
        import numpy as np

        table.refuse_rows(np.arange(len(table)) == place, "this is not a day", "write it day first, as 15/11/2018",
                          column="date")
        raise


IMPORTERS = (
    Importer(name="visit-trial", title="Trial of visits: the randomisation", gives=("trial_arms",), read=_read_arms,
             headings=("joint_id", "numerator", "denominator", "baseline", "rand_num", "allocation"), **_ABOUT),
    Importer(name="visit-trial-visits", title="Trial of visits: when visits took place", gives=("trial_visits",),
             headings=("joint_id", "date"), read=_read_visits, **_ABOUT),
)
