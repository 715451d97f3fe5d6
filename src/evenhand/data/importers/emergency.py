"""Accident and emergency departments: as NHS England publishes each month, and the collections made from it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from evenhand.data.importers import activity as long
from evenhand.data.importers.importer import (
    OPEN_GOVERNMENT,
    Harvest,
    Importer,
    Published,
    Sieve,
    observations,
    refuse_duplicates,
    vintage_of,
)
from evenhand.terms.words import counted

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

OVER, WAITED_4, WAITED_12, ADMITTED = "ae-over-4-hours", "ae-4-hours-for-a-bed", "ae-12-hours-for-a-bed", "ae-admitted"
_KINDS = {"1": "type 1 (major)", "2": "type 2 (single specialty)", "other": "other (minor injury, walk-in)"}
_ATTENDED = tuple(f"A&E attendances {kind}|Number of A&E attendances {kind}"
                  for kind in ("Type 1", "Type 2", "Other A&E Department"))
_BOOKED = tuple(f"A&E attendances Booked Appointments {kind}|Number of A&E attendances Booked Appointments {kind}"
                for kind in ("Type 1", "Type 2", "Other Department"))
_OVER = tuple(f"Attendances over 4hrs {kind}|Number of attendances over 4hrs {kind}"
              for kind in ("Type 1", "Type 2", "Other Department"))
_OVER_BOOKED = tuple(f"Attendances over 4hrs Booked Appointments {kind}|"
                     f"Number of attendances over 4hrs Booked Appointments {kind}"
                     for kind in ("Type 1", "Type 2", "Other Department"))
_BED_4 = "Patients who have waited 4-12 hs from DTA to admission"
_BED_12 = "Patients who have waited 12+ hrs from DTA to admission"
_ADMITTED = tuple(f"Emergency admissions via A&E - {kind}" for kind in ("Type 1", "Type 2", "Other A&E department"))
_OTHER_ADMITTED = "Other emergency admissions"
_COUNTS = (*_ATTENDED, *_OVER, _BED_4, _BED_12, *_ADMITTED, _OTHER_ADMITTED)
_MONTHLY = ("Period", "Org Code", *_COUNTS)


def _first(name: str) -> str:
    return name.split("|")[0]


def _rate(measure: str, unit: Any, month: pa.Array, part: NDArray[np.float64], whole: NDArray[np.float64],
          source: str) -> pa.Table:
    """Observations where both figures are there and the whole is above nought."""
    import numpy as np
    import pyarrow as pa

    with np.errstate(invalid="ignore"):
        there = np.isfinite(part) & np.isfinite(whole) & (whole > 0)
    return observations(measure=measure, unit=[each for each, kept in zip(unit, there, strict=True) if kept],
                        month=month.filter(pa.array(there)), numerator=part[there], denominator=whole[there],
                        source=source, vintage=vintage_of(month))


def _read_monthly(file: Published) -> Harvest:
    import numpy as np

    # Booked appointments are counted apart since 2020; the published shares count them in.
    there = {long.squeezed(each) for each in file.table.columns}
    booked = all(there & {long.squeezed(name) for name in each.split("|")} for each in (*_BOOKED, *_OVER_BOOKED))
    wanted = (*_MONTHLY, *_BOOKED, *_OVER_BOOKED) if booked else _MONTHLY
    table = long.renamed(file.table, wanted)
    sieve = Sieve(table)
    periods = np.array([each.casefold() == "total" for each in table.texts("Period")], dtype=bool)
    totals = periods | np.array([each.casefold() in ("total", "england") for each in table.texts("Org Code")])
    sieve.refuse(totals, "this row is a total over the rows beside it", column="Period")
    long.sift(sieve, "Org Code", long.PROVIDER, "an organisation")
    names = [_first(each) for each in wanted[2:]]
    read = {each: long.figures(table, each, whole=True) for each in names}
    values = {each: read[each].values for each in names}
    gone = np.any([~each.there for each in read.values()], axis=0)
    sieve.refuse(gone, "a figure of this row is missing or held back: its sums would be too small", column="Org Code")
    pairs = [*zip(_OVER, _ATTENDED, strict=True), *(zip(_OVER_BOOKED, _BOOKED, strict=True) if booked else ())]
    for part, whole in pairs:
        long.not_above(table, _first(part), values[_first(part)], _first(whole), values[_first(whole)])
    sieve.require_some()
    mask = sieve.mask.copy()
    refuse_duplicates(table.keep(mask), "Period", "Org Code")
    said = long.total_remarks(table, totals, mask, values)
    kept = table.keep(mask)
    months, units = long.months_in(kept, "Period"), kept.texts("Org Code")
    last, vintage = long.month_ends(months), vintage_of(months)

    def added(columns: tuple[str, ...]) -> NDArray[np.float64]:
        return np.asarray(np.sum([values[_first(each)][mask] for each in columns], axis=0), dtype=float)

    attended = added(_ATTENDED + (_BOOKED if booked else ()))
    through = added(_ADMITTED)
    admitted = through + values[_OTHER_ADMITTED][mask]
    bed_12 = values[_BED_12][mask]
    bed_4 = values[_BED_4][mask] + bed_12
    source = "ae-monthly"
    rates = long.sorted_rows(
        _rate(OVER, units, months, added(_OVER + (_OVER_BOOKED if booked else ())), attended, source),
        _rate(WAITED_4, units, months, bed_4, np.where(bed_4 > admitted, 0, admitted), source),
        _rate(WAITED_12, units, months, bed_12, np.where(bed_12 > admitted, 0, admitted), source),
        _rate(ADMITTED, units, months, through, np.where(through > attended, 0, attended), source))
    labels = {**_labelled(_ATTENDED, "attendances"), **_labelled(_OVER, "attendances over four hours"),
              **_labelled(_ADMITTED, "emergency admissions"),
              **(_labelled(_BOOKED, "attendances, booked") if booked else {}),
              **(_labelled(_OVER_BOOKED, "attendances over four hours, booked") if booked else {}),
              _BED_4: ("", "waited 4 to 12 hours from decision to admit", "patients"),
              _BED_12: ("", "waited 12 hours or more from decision to admit", "patients"),
              _OTHER_ADMITTED: ("not through A&E", "emergency admissions", "admissions")}
    rows = [long.activity(first=months.to_pylist(), last=last, provider=units, counted=said_of,
                          point_of_delivery=f"A&E {kind}" if kind in _KINDS.values() else kind or "A&E",
                          count=values[column][mask], count_unit=each, source=source, vintage=vintage)
            for column, (kind, said_of, each) in labels.items()]
    over = int(np.sum((bed_4 > admitted) | (through > attended)))
    remarks = [*said, *((f"{counted(over, 'provider')} with more waits or admissions than it has a whole for: no share "
                         "is given there",) if over else ())]
    if booked:
        remarks.append("booked appointments are counted in, as in the published share within four hours")
    return Harvest({"observations": rates, "activity": long.sorted_rows(*rows)}, len(table), len(kept), sieve.refusals,
                   tuple(remarks))


def _labelled(columns: tuple[str, ...], what: str) -> dict[str, tuple[str, str, str]]:
    each = "admissions" if "admissions" in what else "attendances"
    return {_first(column): (kind, what, each) for column, kind in zip(columns, _KINDS.values(), strict=True)}


_BY_TYPE = ("period", "org_code", "type", "attendances", "breaches", "admissions")


def _read_by_type(file: Published) -> Harvest:
    import numpy as np
    import pyarrow as pa

    table = long.renamed(file.table, _BY_TYPE)
    sieve = Sieve(table)
    long.sift(sieve, "org_code", long.PROVIDER, "an organisation")
    kinds = [re.sub(r"^type\s*", "", each.casefold()).removesuffix(".0") for each in table.texts("type")]
    sieve.refuse([each not in _KINDS for each in kinds], "the type is none of 1, 2 and other", column="type")
    read = {each: long.figures(table, each, whole=True) for each in _BY_TYPE[3:]}
    long.not_above(table, "breaches", read["breaches"].values, "attendances", read["attendances"].values)
    sieve.refuse(np.any([~each.there for each in read.values()], axis=0), "a figure of this row is missing",
                 column="org_code")
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    refuse_duplicates(kept, "period", "org_code", "type")
    months, units = long.months_in(kept, "period"), kept.texts("org_code")
    source, vintage, last = "ae-by-organisation", vintage_of(months), long.month_ends(months)
    rows = [long.activity(first=months.to_pylist(), last=last, provider=units, counted=what,
                          point_of_delivery=[f"A&E {_KINDS[kind]}" for kind, fine in zip(kinds, mask, strict=True)
                                             if fine],
                          count=read[column].values[mask], count_unit=each, source=source, vintage=vintage)
            for column, what, each in (("attendances", "attendances", "attendances"),
                                       ("breaches", "attendances over four hours", "attendances"),
                                       ("admissions", "emergency admissions", "admissions"))]
    summed = pa.table({"unit": units, "month": months, **{each: read[each].values[mask] for each in read}}).group_by(
        ["unit", "month"], use_threads=False).aggregate([(each, "sum") for each in read])
    total = {each: summed.column(f"{each}_sum").to_numpy() for each in read}
    bodies, when = summed.column("unit").to_pylist(), summed.column("month").combine_chunks()
    whole = np.where(total["admissions"] > total["attendances"], 0, total["attendances"])
    rates = long.sorted_rows(_rate(OVER, bodies, when, total["breaches"], total["attendances"], source),
                             _rate(ADMITTED, bodies, when, total["admissions"], whole, source))
    more = int(np.sum(read["admissions"].values[mask] > read["attendances"].values[mask]))
    remarks = (f"{counted(more, 'row')} with more admissions than attendances, kept as published",) if more else ()
    return Harvest({"observations": rates, "activity": long.sorted_rows(*rows)}, len(table), len(kept), sieve.refusals,
                   remarks)


_COLLECTED = ("total_attendances", "attendances_over_4hours", "total_emergency_admissions",
              "emergency_admissions_over_4hours")
_BODY = {"ae-by-trust": "nhs_trust22_code|nhs_trust_code|trust_code|org_code",
         "ae-by-board": "icb22_code|icb23_code|icb_code"}


def _read_collected(file: Published, source: str) -> Harvest:
    import numpy as np

    heading = _BODY[source]
    body = _first(heading)
    by_board = source == "ae-by-board"
    table = long.renamed(file.table, (heading, "date", *_COLLECTED))
    sieve = Sieve(table)
    long.sift(sieve, body, long.BOARD if by_board else long.PROVIDER, "an integrated care board" if by_board else
              "an organisation")
    read = {each: long.figures(table, each, whole=True) for each in _COLLECTED}
    values = {each: read[each].values for each in _COLLECTED}
    long.not_above(table, _COLLECTED[1], values[_COLLECTED[1]], _COLLECTED[0], values[_COLLECTED[0]])
    long.not_above(table, _COLLECTED[3], values[_COLLECTED[3]], _COLLECTED[2], values[_COLLECTED[2]])
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    refuse_duplicates(kept, body, "date")
    months, units = long.months_in(kept, "date"), kept.texts(body)
    vintage, last = vintage_of(months), long.month_ends(months)
    at = {each: values[each][mask] for each in _COLLECTED}
    ending = "-by-board" if by_board else ""
    rates = long.sorted_rows(_rate(OVER + ending, units, months, at[_COLLECTED[1]], at[_COLLECTED[0]], source),
                             _rate(WAITED_4 + ending, units, months, at[_COLLECTED[3]], at[_COLLECTED[2]], source))
    labels = {_COLLECTED[0]: ("attendances", "attendances"), _COLLECTED[1]: ("attendances over four hours",
              "attendances"), _COLLECTED[2]: ("emergency admissions", "admissions"), _COLLECTED[3]:
              ("waited four hours or more from decision to admit", "patients")}
    rows = [long.activity(first=months.to_pylist(), last=last, commissioner=units if by_board else None,
                          provider=None if by_board else units, point_of_delivery="A&E", counted=what,
                          count=at[column], count_unit=each, hidden=long.held_back(read[column].keep(mask)),
                          source=source, vintage=vintage) for column, (what, each) in labels.items()]
    gone = int(np.sum(~np.isfinite(at[_COLLECTED[1]])))
    remarks = [f"{counted(gone, 'figure')} of attendances over four hours missing, not nought"] if gone else []
    remarks.append("14 trusts reported no four-hour waits for some time between 2019 and 2023"
                   + (": sums for their boards are too low in those months" if by_board else ""))
    return Harvest({"observations": rates, "activity": long.sorted_rows(*rows)}, len(table), len(kept), sieve.refusals,
                   tuple(remarks))


def _read_trust(file: Published) -> Harvest:
    return _read_collected(file, "ae-by-trust")


def _read_board(file: Published) -> Harvest:
    return _read_collected(file, "ae-by-board")


_HOSPITAL = ("month_start", "att_all", "within_4h", "over_4h", "e_adm_over_4h", "e_adm_via_ed")
UNNAMED = "hospital not named"


def _read_hospital(file: Published) -> Harvest:
    import pyarrow as pa

    from evenhand.terms import Month

    table = long.renamed(file.table, _HOSPITAL)
    sieve = Sieve(table)
    sieve.refuse([not each for each in table.texts("month_start")], "the month is empty", column="month_start")
    read = {each: long.figures(table, each, whole=True).values for each in _HOSPITAL[1:]}
    long.not_above(table, "over_4h", read["over_4h"], "att_all", read["att_all"])
    long.not_above(table, "e_adm_over_4h", read["e_adm_over_4h"], "e_adm_via_ed", read["e_adm_via_ed"])
    off = abs(read["within_4h"] + read["over_4h"] - read["att_all"]) > 0
    table.refuse_rows(off & sieve.mask, "attendances within and over four hours do not add up to all of them",
                      "correct it at the source", column="att_all")
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    refuse_duplicates(kept, "month_start")
    days = long.days_in(kept, "month_start")
    nexts = [Month.of(each).plus(1).first_day() for each in days]
    # Midnight of the first in British Summer Time was written as the day before: 31 May is the start of June.
    eves = [3 <= each.month <= 9 and (later - each).days == 1 for each, later in zip(days, nexts, strict=True)]
    kept.refuse_rows([each.day != 1 and not eve for each, eve in zip(days, eves, strict=True)],
                     "this is neither the first day of a month nor, in summer, its eve", "write the first day",
                     column="month_start")
    shifted = [later if eve else each for each, later, eve in zip(days, nexts, eves, strict=True)]
    moved = sum(eves)
    if len(set(shifted)) < len(shifted):
        kept.refuse_rows([shifted.index(each) != place for place, each in enumerate(shifted)],
                         "this is the month of an earlier row", "keep one of the two", column="month_start")
    months = pa.array(shifted, pa.date32())
    units = [UNNAMED] * len(kept)
    source = "ae-one-hospital"
    at = {each: read[each][mask] for each in read}
    rates = long.sorted_rows(_rate(OVER, units, months, at["over_4h"], at["att_all"], source),
                             _rate(ADMITTED, units, months, at["e_adm_via_ed"], at["att_all"], source))
    remarks = ["the file does not say which hospital it is"]
    if moved:
        remarks.append(f"{counted(moved, 'month')} written as the eve of the first (a clock an hour behind in summer) "
                       "and read as the month that began the day after")
    return Harvest({"observations": rates}, len(table), len(kept), sieve.refusals, tuple(remarks))


_NEXT = ("NHS England, A&E attendances and emergency admissions, each month "
         "(england.nhs.uk/statistics/statistical-work-areas/ae-waiting-times-and-activity)")
IMPORTERS = (
    Importer(name="ae-monthly", title="Emergency departments (A&E) by provider, one month as published",
             publisher="NHS England", licence=OPEN_GOVERNMENT, next_release=_NEXT + ": Monthly A&E, CSV",
             headings=_MONTHLY, gives=("activity", "observations"), read=_read_monthly, fits=long.headed(_MONTHLY)),
    Importer(name="ae-by-organisation", title="Emergency departments (A&E) by organisation, type and month",
             publisher="NHS England, collected by NHS-R (NHSRdatasets)", licence=f"{OPEN_GOVERNMENT} (collection CC0)",
             next_release=_NEXT, headings=_BY_TYPE, gives=("activity", "observations"), read=_read_by_type,
             fits=long.headed(_BY_TYPE)),
    Importer(name="ae-by-trust", title="Emergency departments (A&E) by trust and month",
             publisher="NHS England, collected in healthyr",
             licence=f"{OPEN_GOVERNMENT} (collection MIT)", next_release=_NEXT,
             headings=(_BODY["ae-by-trust"], "date", *_COLLECTED), gives=("activity", "observations"),
             read=_read_trust, fits=long.headed((_BODY["ae-by-trust"], "date", *_COLLECTED))),
    Importer(name="ae-by-board", title="Emergency departments (A&E) by integrated care board and month",
             publisher="NHS England, collected in healthyr",
             licence=f"{OPEN_GOVERNMENT} (collection MIT)", next_release=_NEXT,
             headings=(_BODY["ae-by-board"], "date", *_COLLECTED), gives=("activity", "observations"),
             read=_read_board, fits=long.headed((_BODY["ae-by-board"], "date", *_COLLECTED))),
    Importer(name="ae-one-hospital", title="One emergency department (A&E) by month",
             publisher="NHS England, by way of autospc", licence=OPEN_GOVERNMENT,
             next_release="closed series; " + _NEXT, headings=_HOSPITAL, gives=("observations",),
             read=_read_hospital, fits=long.headed(_HOSPITAL)),
)
