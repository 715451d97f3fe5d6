"""Health boards of Scotland and Wales: waits, beds, and patients delayed in hospital."""

from __future__ import annotations

from typing import TypedDict

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
from evenhand.terms import Month
from evenhand.terms.words import counted

_SCOTTISH_CODE = "hb19_code|hb_code|hb14_code"
_SCOTTISH_BEDS = (_SCOTTISH_CODE, "date", "specialty", "average_number_available_staffed_beds",
                  "average_number_occupied_beds")


def _scottish(sieve: Sieve, column: str) -> None:
    """Leave out Scotland as a whole, the national hospital, and what is no board."""
    codes = sieve.table.texts(column)
    sieve.refuse([each == "S92000003" for each in codes], "this row is Scotland, a total over its boards",
                 column=column)
    sieve.refuse([each.startswith("SB08") for each in codes], "this is a national hospital or special board, which has "
                 "no population of its own", column=column)
    long.sift(sieve, column, long.SCOTTISH, "a Scottish health board")


def _read_scottish_beds(file: Published) -> Harvest:
    """Daily averages of a quarter by specialty; groups of specialties are sums of others and are left out."""
    import numpy as np
    import pyarrow as pa

    table = long.renamed(file.table, _SCOTTISH_BEDS)
    body = _SCOTTISH_CODE.split("|")[0]
    sieve = Sieve(table)
    _scottish(sieve, body)
    names = table.texts("specialty")
    totals = np.array([each.casefold() == "all specialties" for each in names], dtype=bool)
    before = sieve.mask.copy()
    sieve.refuse([each.casefold().startswith("all ") or each.casefold().endswith(" grouping") for each in names],
                 "this row is a sum over specialties beside it", column="specialty")
    read = {each: long.figures(table, each) for each in _SCOTTISH_BEDS[3:]}
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    refuse_duplicates(table.keep(before), body, "date", "specialty")
    said = long.total_remarks(table, before & totals, mask, {each: read[each].values for each in read})
    starts = long.days_in(kept, "date")
    kept.refuse_rows([each.day != 1 or each.month not in (1, 4, 7, 10) for each in starts],
                     "this is not the first day of a quarter", "write 2019-04-01", column="date")
    vintage = vintage_of(pa.array(starts, pa.date32()))
    rows = [long.activity(first=starts, last=long.quarter_ends(starts), commissioner=kept.texts(body),
                          specialty=kept.texts("specialty"), counted=what, count=read[column].values[mask],
                          count_unit="beds, daily average", hidden=long.held_back(read[column].keep(mask)),
                          source="scotland-beds", vintage=vintage)
            for column, what in ((_SCOTTISH_BEDS[3], "staffed beds open"), (_SCOTTISH_BEDS[4], "beds occupied"))]
    return Harvest({"activity": long.sorted_rows(*rows)}, len(table), len(kept), sieve.refusals,
                   (*said, "specialties were renamed over time"))


_DELAYED = ("hb_code|hb19_code", "date", "age_group", "delay_reason", "num_delayed_bed_days")
_ALL_AGES, _ALL_REASONS = "18plus", "all delay reasons"


def _read_delayed(file: Published) -> Harvest:
    """Bed days by age and reason, and all of them over the days of the month. Totals are checked and left out."""
    import numpy as np
    import pyarrow as pa

    table = long.renamed(file.table, _DELAYED)
    body = _DELAYED[0].split("|")[0]
    sieve = Sieve(table)
    _scottish(sieve, body)
    ages, reasons = table.texts("age_group"), table.texts("delay_reason")
    read = long.figures(table, _DELAYED[4], whole=True)
    older = np.array([each.casefold().replace(" ", "") in (_ALL_AGES, "18+", "all") for each in ages], dtype=bool)
    every = np.array([each.casefold() == _ALL_REASONS for each in reasons], dtype=bool)
    before = sieve.mask.copy()
    whole = before & older & every & read.there
    sieve.refuse(older, "this row is a total over the ages beside it", column="age_group")
    sieve.refuse(every, "this row is a total over the reasons beside it", column="delay_reason")
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    refuse_duplicates(table.keep(before), body, "date", "age_group", "delay_reason")
    said = long.total_remarks(table, whole, mask, {_DELAYED[4]: read.values})
    months = long.months_in(kept, "date")
    source, vintage, here = "scotland-delayed", vintage_of(months), read.keep(mask)
    rows = long.activity(first=months.to_pylist(), last=long.month_ends(months), commissioner=kept.texts(body),
                         age_band=kept.texts("age_group"), counted=[f"bed days delayed: {each}" for each in
                                                                    kept.texts("delay_reason")],
                         count=here.values, count_unit="bed days", hidden=long.held_back(here), source=source,
                         vintage=vintage)
    total = table.keep(whole)
    when = long.months_in(total, "date") if len(total) else pa.array([], pa.date32())
    days = [(Month.of(each).plus(1).first_day() - each).days for each in when.to_pylist()]
    found = observations(measure="beds-delayed", unit=total.texts(body), month=when, numerator=read.values[whole],
                         denominator=np.array(days, dtype=float), source=source, vintage=vintage)
    return Harvest({"observations": found, "activity": long.sorted_rows(rows)}, len(table), len(kept), sieve.refusals,
                   said)


_SCOTTISH_WAITS = (_SCOTTISH_CODE, "date", "specialty", "waits_over_18_weeks_count", "waits_over_18_weeks_percent")


def _read_scottish_waits(file: Published) -> Harvest:
    """The whole is not published; count divided by share gives it, to the last patient, wherever some waited long."""
    import numpy as np
    import pyarrow as pa

    table = long.renamed(file.table, _SCOTTISH_WAITS)
    body = _SCOTTISH_CODE.split("|")[0]
    sieve = Sieve(table)
    _scottish(sieve, body)
    sieve.refuse([each.casefold() != "all specialties" for each in table.texts("specialty")],
                 "this is one specialty, part of the row for all", column="specialty")
    count = long.figures(table, _SCOTTISH_WAITS[3], whole=True)
    share = long.figures(table, _SCOTTISH_WAITS[4])
    table.refuse_rows(share.values > 1, "this share is above 1", "give shares between 0 and 1",
                      column=_SCOTTISH_WAITS[4])
    sieve.refuse(~count.there | ~share.there, "a figure is missing or held back", column=_SCOTTISH_WAITS[4])
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    refuse_duplicates(kept, body, "date", "specialty")
    months, units = long.months_in(kept, "date"), kept.texts(body)
    over, part = count.values[mask], share.values[mask]
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = over / part
        # Rounded shares would give a whole with decimals: then it is not known.
        known = np.isfinite(whole) & (over > 0) & (np.abs(whole - np.round(whole)) < 0.01)
    source, vintage = "scotland-waits", vintage_of(months)
    rows = long.activity(first=months.to_pylist(), last=long.month_ends(months), commissioner=units,
                         specialty="All Specialties", counted="pathways completed after more than 18 weeks", count=over,
                         count_unit="pathways", source=source, vintage=vintage)
    found = observations(measure="waited-over-18-weeks-scotland", unit=np.array(units)[known].tolist(),
                         month=months.filter(pa.array(known)), numerator=over[known],
                         denominator=np.round(whole[known]), source=source, vintage=vintage)
    remarks = ["all pathways are the count divided by its share, which gives whole patients"]
    if not known.all():
        remarks.append(f"{counted(int(np.sum(~known)), 'figure')} without a share, as nobody waited longer or the "
                       "share is rounded, so that the whole cannot be told")
    return Harvest({"observations": found, "activity": long.sorted_rows(rows)}, len(table), len(kept), sieve.refusals,
                   tuple(remarks))


_WELSH_BEDS = ("health_board_code", "date", "specialism", "daily_beds_available", "daily_beds_occupied")


def _read_welsh_beds(file: Published) -> Harvest:
    """Daily averages of a month. All specialties hold more than those named, and so stand apart from them."""
    import numpy as np
    import pyarrow as pa

    table = long.renamed(file.table, _WELSH_BEDS)
    sieve = Sieve(table)
    long.sift(sieve, "health_board_code", long.WELSH, "a Welsh health board")
    read = {each: long.figures(table, each) for each in _WELSH_BEDS[3:]}
    sieve.refuse(np.any([~each.there for each in read.values()], axis=0), "a figure of this row is missing",
                 column="health_board_code")
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    refuse_duplicates(kept, "health_board_code", "date", "specialism")
    months, units = long.months_in(kept, "date"), kept.texts("health_board_code")
    kinds = [each.replace("_", " ") for each in kept.texts("specialism")]
    source, vintage = "wales-beds", vintage_of(months)
    open_beds, occupied = (read[each].values[mask] for each in _WELSH_BEDS[3:])
    rows = [long.activity(first=months.to_pylist(), last=long.month_ends(months), commissioner=units, specialty=kinds,
                          counted=what, count=values, count_unit="beds, daily average", source=source, vintage=vintage)
            for what, values in (("beds open", open_beds), ("beds occupied", occupied))]
    every = np.array([each == "all specialties" for each in kinds], dtype=bool) & (open_beds > 0)
    found = observations(measure="beds-occupied-wales", unit=np.array(units)[every].tolist(),
                         month=months.filter(pa.array(every)), numerator=occupied[every], denominator=open_beds[every],
                         source=source, vintage=vintage)
    return Harvest({"observations": found, "activity": long.sorted_rows(*rows)}, len(table), len(kept), sieve.refusals,
                   ("“all specialties” holds more than the specialties named here: never add the two",))


_WELSH_WAITS = ("lhb22_code|lhb_code", "date", "pathway_stage", "waits_over_18_weeks", "waits_over_53_weeks",
                "total_waits")


def _read_welsh_waits(file: Published) -> Harvest:
    """Stages of a pathway are parts of one list: they add up to it."""
    import numpy as np
    import pyarrow as pa

    table = long.renamed(file.table, _WELSH_WAITS)
    body = _WELSH_WAITS[0].split("|")[0]
    sieve = Sieve(table)
    long.sift(sieve, body, long.WELSH, "a Welsh health board")
    sieve.refuse([not each or each.casefold() == "total" for each in table.texts("pathway_stage")],
                 "this row is a total over the stages beside it", column="pathway_stage")
    read = {each: long.figures(table, each, whole=True) for each in _WELSH_WAITS[3:]}
    over, longest, whole = (read[each].values for each in _WELSH_WAITS[3:])
    long.not_above(table, _WELSH_WAITS[3], over, _WELSH_WAITS[5], whole)
    long.not_above(table, _WELSH_WAITS[4], longest, _WELSH_WAITS[3], over)
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    refuse_duplicates(kept, body, "date", "pathway_stage")
    months, units = long.months_in(kept, "date"), kept.texts(body)
    source, vintage = "wales-waits", vintage_of(months)
    rows = []
    for column, what in ((_WELSH_WAITS[5], "pathways"), (_WELSH_WAITS[3], "pathways over 18 weeks"),
                         (_WELSH_WAITS[4], "pathways over 53 weeks")):
        here = read[column].keep(mask)
        hidden = ["fewer than five, not published" if not there else None for there in here.there]
        rows.append(long.activity(first=months.to_pylist(), last=long.month_ends(months), commissioner=units,
                                  point_of_delivery=kept.texts("pathway_stage"), counted=what, count=here.values,
                                  count_unit="pathways", hidden=hidden, source=source, vintage=vintage))
    summed = pa.table({"unit": units, "month": months, "over": over[mask], "all": whole[mask]}).group_by(
        ["unit", "month"], use_threads=False).aggregate([("over", "sum"), ("all", "sum")])
    sums = [summed.column(each).to_numpy() for each in ("over_sum", "all_sum")]
    some = np.isfinite(sums[0]) & np.isfinite(sums[1]) & (sums[1] > 0)
    found = observations(measure="waits-over-18-weeks-wales", unit=summed.column("unit").filter(pa.array(some)),
                         month=summed.column("month").combine_chunks().filter(pa.array(some)), numerator=sums[0][some],
                         denominator=sums[1][some], source=source, vintage=vintage)
    hidden_rows = int(np.sum(~np.isfinite(longest[mask])))
    return Harvest({"observations": found, "activity": long.sorted_rows(*rows)}, len(table), len(kept), sieve.refusals,
                   (f"{counted(hidden_rows, 'count')} over 53 weeks below five and not published: hidden, not nought",
                    "the Welsh target is 26 weeks"))


class _From(TypedDict):
    """Who published a file, and under which licence."""

    publisher: str
    licence: str


_SCOTLAND: _From = {"publisher": "Public Health Scotland, collected in healthyr",
                    "licence": f"{OPEN_GOVERNMENT} (collection MIT)"}
_WALES: _From = {"publisher": "Welsh Government (StatsWales), collected in healthyr",
                 "licence": f"{OPEN_GOVERNMENT} (collection MIT)"}
IMPORTERS = (
    Importer(name="scotland-beds", title="Hospital beds by Scottish health board, specialty and quarter",
             next_release="Public Health Scotland, acute hospital activity and NHS beds, each quarter "
                          "(opendata.nhs.scot)",
             headings=_SCOTTISH_BEDS, gives=("activity",), read=_read_scottish_beds,
             fits=long.headed(_SCOTTISH_BEDS), **_SCOTLAND),
    Importer(name="scotland-delayed", title="Delayed discharges by Scottish health board, age, reason and month",
             next_release="Public Health Scotland, delayed discharges, each month (opendata.nhs.scot)",
             headings=_DELAYED, gives=("activity", "observations"), read=_read_delayed, fits=long.headed(_DELAYED),
             **_SCOTLAND),
    Importer(name="scotland-waits", title="Waits over 18 weeks by Scottish health board and month",
             next_release="Public Health Scotland, 18 weeks referral to treatment, each quarter (opendata.nhs.scot)",
             headings=_SCOTTISH_WAITS, gives=("activity", "observations"), read=_read_scottish_waits,
             fits=long.headed(_SCOTTISH_WAITS), **_SCOTLAND),
    Importer(name="wales-beds", title="Hospital beds by Welsh health board, specialism and month",
             next_release="StatsWales, NHS beds by month (statswales.gov.wales)", headings=_WELSH_BEDS,
             gives=("activity", "observations"), read=_read_welsh_beds, fits=long.headed(_WELSH_BEDS), **_WALES),
    Importer(name="wales-waits", title="Waiting lists by Welsh health board, stage and month",
             next_release="StatsWales, referral to treatment, each month (statswales.gov.wales)",
             headings=_WELSH_WAITS, gives=("activity", "observations"), read=_read_welsh_waits,
             fits=long.headed(_WELSH_WAITS), **_WALES,
             small_numbers=SmallNumbers("publisher", "counts over 53 weeks below five are not given")),
)
