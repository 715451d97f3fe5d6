"""Beds: open and occupied each month by trust, overnight beds each quarter by specialty, and who could go home."""

from __future__ import annotations

import re

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
from evenhand.terms import Month
from evenhand.terms.words import counted

_KINDS = {
    "general_acute_beds": ("general and acute", "general-acute-beds-occupied"),
    "adult_general_acute_beds": ("general and acute, adults", "adult-acute-beds-occupied"),
    "paediatric_general_acute_beds": ("general and acute, children", "childrens-acute-beds-occupied"),
    "adult_critical_care_beds": ("critical care, adults", "adult-critical-care-beds-occupied"),
    "paediatric_intensive_cared_beds": ("intensive care, children", "childrens-intensive-care-beds-occupied"),
    "neonatal_intensive_care_bed": ("intensive care, newborn", "newborn-intensive-care-beds-occupied"),
}
_TRUST = "nhs_trust22_code|nhs_trust_code|trust_code|org_code"
_TRUST_BEDS = (_TRUST, "date", *(f"{kind}_{what}" for kind in _KINDS for what in ("available", "occupied")))


def _read_trust(file: Published) -> Harvest:
    """Daily averages of the month by kind of bed. More beds occupied than open does happen, and stands."""
    import numpy as np
    import pyarrow as pa

    table = long.renamed(file.table, _TRUST_BEDS)
    body = _TRUST.split("|")[0]
    sieve = Sieve(table)
    long.sift(sieve, body, long.PROVIDER, "a trust")
    read = {each: long.figures(table, each) for each in _TRUST_BEDS[2:]}
    sieve.refuse(np.all([~each.there for each in read.values()], axis=0), "no figure of this row is there", column=body)
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    refuse_duplicates(kept, body, "date")
    months, units = long.months_in(kept, "date"), kept.texts(body)
    source, vintage, last = "trust-beds", vintage_of(months), long.month_ends(months)
    rates, rows = [], []
    crowded = 0
    for kind, (label, measure) in _KINDS.items():
        open_beds, occupied = read[f"{kind}_available"].keep(mask), read[f"{kind}_occupied"].keep(mask)
        some = open_beds.there & occupied.there & (open_beds.values > 0)
        crowded += int(np.sum(occupied.values[some] > open_beds.values[some]))
        rates.append(observations(measure=measure, unit=np.array(units)[some].tolist(),
                                  month=months.filter(pa.array(some)), numerator=occupied.values[some],
                                  denominator=open_beds.values[some], source=source, vintage=vintage))
        rows += [long.activity(first=months.to_pylist(), last=last, provider=units, point_of_delivery=label,
                               counted=what, count=figures.values, count_unit="beds, daily average",
                               hidden=long.held_back(figures), source=source, vintage=vintage)
                 for what, figures in (("beds open", open_beds), ("beds occupied", occupied))]
    remarks = [f"{counted(crowded, 'figure')} with more beds occupied than open, kept as published"] if crowded else []
    return Harvest({"observations": long.sorted_rows(*rates), "activity": long.sorted_rows(*rows)}, len(table),
                   len(kept), sieve.refusals, tuple(remarks))


_RESIDE = ("icb22_code|icb23_code|icb_code", "date", "do_not_meet_criteria_to_reside")


def _read_reside(file: Published) -> Harvest:
    """Patients in hospital each day who need not be; the monthly figure is their mean over the days reported."""
    import pyarrow as pa

    table = long.renamed(file.table, _RESIDE)
    body = _RESIDE[0].split("|")[0]
    sieve = Sieve(table)
    long.sift(sieve, body, long.BOARD, "an integrated care board")
    read = long.figures(table, _RESIDE[2], whole=True)
    sieve.refuse(read.missing, "the figure of this day is missing, not nought", column=_RESIDE[2])
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    refuse_duplicates(kept, body, "date")
    days, units, here = long.days_in(kept, "date"), kept.texts(body), read.keep(mask)
    months = pa.array([each.replace(day=1) for each in days], pa.date32())
    source, vintage = "criteria-to-reside", vintage_of(months)
    rows = long.activity(first=days, last=days, commissioner=units, counted="patients who need not be in hospital",
                         count=here.values, count_unit="patients", hidden=long.held_back(here), source=source,
                         vintage=vintage)
    shown = pa.table({"unit": units, "month": months, "patients": here.values}).filter(pa.array(here.there))
    summed = shown.group_by(["unit", "month"], use_threads=False).aggregate(
        [("patients", "sum"), ("patients", "count")])
    found = observations(measure="patients-who-could-leave", unit=summed.column("unit"),
                         month=summed.column("month").combine_chunks(),
                         numerator=summed.column("patients_sum").combine_chunks(),
                         denominator=summed.column("patients_count").combine_chunks().cast(pa.float64()),
                         source=source, vintage=vintage)
    held = dict(zip(zip(summed.column("unit").to_pylist(), summed.column("month").to_pylist(), strict=True),
                    summed.column("patients_count").to_pylist(), strict=True))
    short = sum(told < (Month.of(month).plus(1).first_day() - month).days for (_, month), told in held.items())
    remarks = ["daily counts are kept by day; the monthly figure is their mean over the days reported"]
    if short:
        remarks.append(f"{counted(short, 'month')} of a board lack some days")
    return Harvest({"observations": found, "activity": long.sorted_rows(rows)}, len(table), len(kept), sieve.refusals,
                   tuple(remarks))


_OVERNIGHT = ("quarter", "period_start", "period_end", "org_code", "specialty_group", "available_total",
              "occupied_total", "specialty_code", "specialty_name", "occupied")
_QUARTER = re.compile(r"(\d{4})-?/?(\d{2})\s*Q([1-4])", re.I)


def _read_overnight(file: Published) -> Harvest:
    """Overnight beds by quarter; open beds are told by group of specialties only, occupied ones by specialty."""
    import numpy as np
    import pyarrow as pa

    table = long.renamed(file.table, _OVERNIGHT)
    sieve = Sieve(table)
    long.sift(sieve, "org_code", long.PROVIDER, "an organisation")
    read = {each: long.figures(table, each) for each in ("available_total", "occupied_total", "occupied")}
    sieve.refuse(np.any([~each.there for each in read.values()], axis=0), "a figure of this row is missing",
                 column="org_code")
    long.not_above(table, "occupied", read["occupied"].values - 0.5, "occupied_total", read["occupied_total"].values)
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    refuse_duplicates(kept, "period_start", "org_code", "specialty_group", "specialty_code")
    starts, ends = long.days_in(kept, "period_start"), long.days_in(kept, "period_end")
    kept.refuse_rows([later != quarter for later, quarter in zip(ends, long.quarter_ends(starts), strict=True)],
                     "the period is no quarter: its last day is not the end of the third month", "correct the dates",
                     column="period_end")
    wrong = {label for label, start in zip(kept.texts("quarter"), starts, strict=True) if not _fits(label, start)}
    at = {each: read[each].values[mask] for each in read}
    units, groups = kept.texts("org_code"), [each.replace("_", " ") for each in kept.texts("specialty_group")]
    source = "overnight-beds"
    vintage = vintage_of(pa.array(starts, pa.date32()))
    by_specialty = long.activity(first=starts, last=ends, provider=units, point_of_delivery=groups,
                                 specialty=kept.texts("specialty_name"), counted="overnight beds occupied",
                                 count=at["occupied"], count_unit="beds, daily average", source=source, vintage=vintage)
    firsts: dict[tuple[object, ...], int] = {}
    for place, key in enumerate(zip(starts, units, groups, strict=True)):
        before = firsts.setdefault(key, place)
        if any(at[each][before] != at[each][place] for each in ("available_total", "occupied_total")):
            kept.refuse_rows(np.arange(len(kept)) == place, "the total of this group differs from that of its first "
                             "row", "correct it at the source", column="available_total")
    once = list(firsts.values())
    totals = [long.activity(first=[starts[each] for each in once], last=[ends[each] for each in once],
                            provider=[units[each] for each in once], point_of_delivery=[groups[each] for each in once],
                            specialty="all of the group", counted=what, count=at[column][once],
                            count_unit="beds, daily average", source=source, vintage=vintage)
              for column, what in (("available_total", "overnight beds open, all specialties"),
                                   ("occupied_total", "overnight beds occupied, all specialties"))]
    remarks = []
    if wrong:
        remarks.append(f"{counted(len(wrong), 'label')} of a quarter (such as {min(wrong)}) do not fit the dates "
                       "beside them: the dates are read")
    return Harvest({"activity": long.sorted_rows(by_specialty, *totals)}, len(table), len(kept), sieve.refusals,
                   tuple(remarks))


def _fits(label: str, start: object) -> bool:
    found = _QUARTER.search(label)
    if not found:
        return True
    first = Month(int(found[1]), 4).plus(3 * (int(found[3]) - 1)).first_day()
    return first == start


_BEDS = "england.nhs.uk/statistics/statistical-work-areas/bed-availability-and-occupancy"
IMPORTERS = (
    Importer(name="trust-beds", title="Hospital beds open and occupied by trust, kind and month",
             publisher="NHS England, collected in healthyr", licence=f"{OPEN_GOVERNMENT} (collection MIT)",
             next_release=f"NHS England, critical care and general and acute beds, each month ({_BEDS})",
             headings=_TRUST_BEDS, gives=("activity", "observations"), read=_read_trust, fits=long.headed(_TRUST_BEDS)),
    Importer(name="criteria-to-reside", title="Patients who no longer meet the criteria to stay in hospital, by board "
             "and day", publisher="NHS England, collected in healthyr", licence=f"{OPEN_GOVERNMENT} (collection MIT)",
             next_release="NHS England, discharge delays, daily figures published each month (england.nhs.uk/statistics"
                          "/statistical-work-areas/discharge-delays)",
             headings=_RESIDE, gives=("activity", "observations"), read=_read_reside, fits=long.headed(_RESIDE)),
    Importer(name="overnight-beds", title="Overnight beds by trust, specialty and quarter (KH03)",
             publisher="NHS England, collected by NHS-R", licence=f"{OPEN_GOVERNMENT} (collection MIT)",
             next_release=f"NHS England, bed availability and occupancy, each quarter ({_BEDS})",
             headings=_OVERNIGHT, gives=("activity",), read=_read_overnight, fits=long.headed(_OVERNIGHT)),
)
