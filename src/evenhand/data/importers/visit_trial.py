"""A randomised trial of visits to commissioners on low-priority prescribing, 2018: the draw, and the visits."""

from __future__ import annotations

from functools import partial
from typing import Any

from evenhand.data.importers import codes
from evenhand.data.importers.importer import OPEN_GOVERNMENT, Harvest, Importer, Published, Sieve
from evenhand.data.importers.indicators import Line, indicator_rows, values_of
from evenhand.data.importers.organisations_practices import lookups
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


def _read_invited(file: Published) -> Harvest:
    """The invited units by name; what they cost before is in the randomisation."""
    import pyarrow as pa

    table = file.table
    table.refuse_duplicates("joint_id")
    sieve = Sieve(table)
    codes.sift(sieve, "joint_id")
    sieve.require_some()
    units = sieve.kept.texts("joint_id")
    nothing = pa.nulls(len(units), pa.float64())
    found = pa.table({"unit": units, "arm": ["invited"] * len(units), "cost_pounds": nothing,
                      "patients_thousands_times_months": nothing, "baseline": nothing}).sort_by("unit")
    return Harvest({"trial_arms": found}, len(table), len(units), sieve.refusals,
                   ("these are the invited units only: the controls are in the randomisation",))


def _read_belonging(file: Published, *, start: str, end: str, basis: str, source: str) -> Harvest:
    """Which team or commissioner a body belongs to."""
    table = file.table
    sieve = Sieve(table)
    froms, tos = table.texts(start), [each.strip('"') for each in table.texts(end)]
    sieve.refuse([not each for each in froms], "the code of the body is empty", column=end)
    sieve.refuse([not each for each in tos], "what it belongs to is empty", column=start)
    sieve.require_some()
    sieve.kept.refuse_duplicates(start)
    rows = [(one, other, 1.0, basis) for one, other, kept in zip(froms, tos, sieve.mask, strict=True) if kept]
    return Harvest({"lookups": lookups(rows, source)}, len(table), len(rows), sieve.refusals)


def _read_people(file: Published, *, columns: dict[str, tuple[str, str]], source: str) -> Harvest:
    """Registered patients of commissioners in the year of the trial."""
    import numpy as np
    import pyarrow as pa

    table = file.table
    table.refuse_duplicates("pct_id")
    sieve = Sieve(table)
    codes.sift(sieve, "pct_id")
    read = {column: values_of(table, Line(column, "", least=0)) for column in columns}
    sieve.refuse(np.any([np.isnan(each) for each in read.values()], axis=0), "a figure is missing, not nought",
                 column="pct_id")
    sieve.require_some()
    units = sieve.kept.texts("pct_id")
    found = pa.concat_tables([indicator_rows(units, ["2018"] * len(units), measure, read[column][sieve.mask], unit,
                                             source) for column, (measure, unit) in columns.items()])
    return Harvest({"indicators": found}, len(table), len(units), sieve.refusals,
                   ("the file does not say of which month it is: the figures stand at the year of the trial",))


IMPORTERS = (
    Importer(name="visit-trial", title="Trial of visits: the randomisation", gives=("trial_arms",), read=_read_arms,
             headings=("joint_id", "numerator", "denominator", "baseline", "rand_num", "allocation"), **_ABOUT),
    Importer(name="visit-trial-visits", title="Trial of visits: when visits took place", gives=("trial_visits",),
             headings=("joint_id", "date"), read=_read_visits, **_ABOUT),
    Importer(name="visit-trial-invited", title="Trial of visits: who was invited", gives=("trial_arms",),
             headings=("joint_id", "name", "joint_team", "CCGs_included"), read=_read_invited, **_ABOUT),
    Importer(name="visit-trial-teams", title="Trial of visits: commissioners that share a medicines team",
             gives=("lookups",), headings=("ccg_id", "joint_team"),
             read=partial(_read_belonging, start="ccg_id", end="joint_team", source="visit-trial-teams",
                          basis="medicines team in the trial of visits, 2018"), **_ABOUT),
    Importer(name="visit-trial-practices", title="Trial of visits: practices and their commissioning groups",
             gives=("lookups",), headings=("ccg_id", "code"),
             read=partial(_read_belonging, start="code", end="ccg_id", source="visit-trial-practices",
                          basis="commissioning group in the trial of visits, 2018"), **_ABOUT),
    Importer(name="visit-trial-populations", title="Trial of visits: registered patients, all and over 65",
             gives=("indicators",), headings=("pct_id", "over_65", "total_list_size"),
             read=partial(_read_people, source="visit-trial-populations", columns={
                 "over_65": ("registered patients over 65", "thousands"),
                 "total_list_size": ("registered patients", "persons")}), **_ABOUT),
    Importer(name="visit-trial-lists", title="Trial of visits: registered patients", gives=("indicators",),
             headings=("pct_id", "list_size"),
             read=partial(_read_people, source="visit-trial-lists",
                          columns={"list_size": ("registered patients", "persons")}), **_ABOUT),
)
