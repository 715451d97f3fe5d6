"""Waiting lists (referral to treatment): as published, the workbooks of old, flows by system, waits by region."""

from __future__ import annotations

import gzip
import io
import re
from itertools import pairwise
from typing import Any

from evenhand.data import reading
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
from evenhand.data.tables import Table
from evenhand.terms import Month, refuse

_PART = {"part_1a": "completed, admitted", "part_1b": "completed, not admitted", "part_2": "incomplete",
         "part_2a": "incomplete, admission decided", "part_3": "new"}
_WEEKS = re.compile(r"^(?:gt\s*|>)\s*(\d+)(?:\s*(?:to|-)\s*(\d+))?(?:\s*weeks.*)?$|^(\d+)\s*(?:plus|\+)$", re.I)
_PUBLISHED = ("Period", "Provider Org Code", "Commissioner Org Code", "RTT Part Type", "Treatment Function Code",
              "Treatment Function Name", "Total All")
OVER_18 = "waits-over-18-weeks"
_TOTAL_FUNCTION = re.compile(r"(C_|IP|AP|NP)?999|total", re.I)


def _week_columns(columns: list[str]) -> dict[str, int]:
    """Columns of pathways by weeks waited: heading to the whole weeks that they have waited more than."""
    found = {}
    for each in columns:
        if matched := _WEEKS.match(each.strip()):
            found[each] = int(matched[1] or matched[3])
    return found


def _is_published(file: Published) -> bool:
    there = {long.squeezed(each) for each in file.table.columns}
    return all(long.squeezed(each) in there for each in _PUBLISHED) and len(_week_columns(file.table.columns)) >= 18


def _read_published(file: Published) -> Harvest:
    """One row a provider, commissioner, part and treatment function, with a column for each week waited."""
    import numpy as np
    import pyarrow as pa

    table = file.table
    weeks = _week_columns(table.columns)
    plain = long.renamed(table, _PUBLISHED)
    sieve = Sieve(plain)
    long.sift(sieve, "Provider Org Code", long.PROVIDER, "an organisation")
    whole = long.figures(plain, "Total All", whole=True)
    by_week = {each: long.figures(table, each, whole=True).values for each in weeks}
    parts = [re.sub(r"[\s_-]+", "_", each.casefold()) for each in plain.texts("RTT Part Type")]
    functions = plain.texts("Treatment Function Code")
    is_total = np.array([bool(_TOTAL_FUNCTION.fullmatch(each)) for each in functions], dtype=bool)
    sieve.refuse([each not in _PART for each in parts], "the part is none of 1A, 1B, 2, 2A and 3",
                 column="RTT Part Type")
    sieve.refuse([not each for each in plain.texts("Commissioner Org Code")], "the commissioner's code is empty",
                 column="Commissioner Org Code")
    sieve.refuse(~whole.there, "the count of pathways is missing or held back", column="Total All")
    waited = np.nansum(list(by_week.values()), axis=0)
    split = np.any([np.isfinite(each) for each in by_week.values()], axis=0)
    plain.refuse_rows(split & whole.there & (waited > whole.values), "the pathways by week are more than all of them",
                      "correct it at the source", column="Total All")
    before = sieve.mask.copy()
    sieve.refuse(is_total, "this row is a total over the treatment functions beside it",
                 column="Treatment Function Code")
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    refuse_duplicates(plain.keep(before), "Period", "Provider Org Code", "Commissioner Org Code", "RTT Part Type",
                      "Treatment Function Code")
    said = long.total_remarks(plain, before & is_total, mask, {"Total All": whole.values})
    months, providers = long.months_in(kept, "Period"), kept.texts("Provider Org Code")
    kinds = [_PART[each] for each, fine in zip(parts, mask, strict=True) if fine]
    vintage, source = vintage_of(months), "rtt-as-published"
    names = kept.texts("Treatment Function Name")
    over = np.nansum([values for each, values in by_week.items() if weeks[each] >= 18], axis=0)
    rows = [long.activity(first=months.to_pylist(), last=long.month_ends(months), provider=providers,
                          commissioner=kept.texts("Commissioner Org Code"), specialty=names, point_of_delivery=kinds,
                          counted="pathways", count=whole.values[mask], count_unit="pathways", source=source,
                          vintage=vintage)]
    open_lists = mask & np.array([each == "part_2" for each in parts], dtype=bool) & split
    some = open_lists[mask]
    when = months.filter(pa.array(some))
    if some.any():
        chosen = plain.keep(open_lists)
        rows.append(long.activity(
            first=when.to_pylist(), last=long.month_ends(when), provider=chosen.texts("Provider Org Code"),
            commissioner=chosen.texts("Commissioner Org Code"), specialty=chosen.texts("Treatment Function Name"),
            point_of_delivery="incomplete", counted="pathways over 18 weeks", count=over[open_lists],
            count_unit="pathways", source=source, vintage=vintage))
    tables = {"activity": long.sorted_rows(*rows)}
    if some.any():
        summed = pa.table({"unit": plain.keep(open_lists).texts("Provider Org Code"), "month": when,
                           "over": over[open_lists], "all": waited[open_lists]}).group_by(
            ["unit", "month"], use_threads=False).aggregate([("over", "sum"), ("all", "sum")])
        summed = summed.filter(pa.array(summed.column("all_sum").to_numpy() > 0))
        tables["observations"] = observations(
            measure=OVER_18, unit=summed.column("unit"), month=summed.column("month").combine_chunks(),
            numerator=summed.column("over_sum").combine_chunks(), denominator=summed.column("all_sum").combine_chunks(),
            source=source, vintage=vintage)
    else:
        tables["observations"] = _nothing(source)
    return Harvest(tables, len(table), len(kept), sieve.refusals, (
        *said, "parts count different things (completed, waiting, new) and are never added up; a commissioner's whole "
               "list needs the files of all providers, so shares are given by provider"))


def _nothing(source: str) -> Any:
    import pyarrow as pa

    return observations(measure=OVER_18, unit=[], month=pa.array([], pa.date32()), numerator=[], denominator=[],
                        source=source, vintage="nothing")


_LEVELS = ("commissioner", "provider")


def _is_workbook(file: Published) -> bool:
    if not any(long.squeezed(each) == "title" for each in file.table.columns):
        return False
    said = " ".join(str(each) for each in [*file.table.columns, *file.table.texts(file.table.columns[0])[:12]])
    return "rtt" in said.casefold() or "referral to treatment" in said.casefold()


def _read_workbook(file: Published) -> Harvest:
    """One sheet a level, with a preamble above its heading line; the most detailed level is read, the rest checked."""
    import numpy as np
    import pyarrow as pa

    content = gzip.decompress(file.content) if file.content[:2] == b"\x1f\x8b" else file.content
    level, sheet, month = _sheet_of(content, file.name)
    names = sheet.columns
    unit = next((each for each in names if re.fullmatch(rf"({'|'.join((*_LEVELS, 'ccg'))})( org)? code", each, re.I)),
                "")
    total = next((each for each in names if each.casefold().startswith("total number of")), "")
    within = next((each for each in names if re.search(r"within 18 weeks", each, re.I) and "%" not in each), "")
    for wanted, found in (("CCG Code or Provider Code", unit), ("Total number of … pathways", total)):
        if not found:
            raise refuse(f"the sheet “{level}” has no column “{wanted}”", "fetch the workbook again", file=file.name)
    sieve = Sieve(sheet)
    long.sift(sieve, unit, long.PROVIDER, "an organisation")
    weeks = {each: at for each, at in _week_columns(names).items()}
    by_week = {each: long.figures(sheet, each, whole=True).values for each in weeks}
    whole = long.figures(sheet, total, whole=True)
    is_total = np.array([bool(_TOTAL_FUNCTION.fullmatch(each)) for each in sheet.texts("Treatment Function Code")],
                        dtype=bool)
    sieve.refuse(~whole.there, "the count of pathways is missing or held back", column=total)
    waited = np.nansum(list(by_week.values()), axis=0)
    sheet.refuse_rows(whole.there & (np.abs(waited - whole.values) > 0.5), f"the weeks do not add up to “{total}”",
                      "correct it at the source", column=total)
    if within:
        early = np.nansum([values for each, values in by_week.items() if weeks[each] < 18], axis=0)
        stated = long.figures(sheet, within, whole=True)
        sheet.refuse_rows(stated.there & (np.abs(early - stated.values) > 0.5),
                          f"the first 18 weeks do not add up to “{within}”", "correct it at the source", column=within)
    before = sieve.mask.copy()
    sieve.refuse(is_total, "this row is a total over the treatment functions beside it",
                 column="Treatment Function Code")
    sieve.require_some()
    refuse_duplicates(sheet.keep(before), unit, "Treatment Function Code")
    kept, mask = sieve.kept, sieve.mask
    over = np.nansum([values for each, values in by_week.items() if weeks[each] >= 18], axis=0)
    said = long.total_remarks(sheet, before & is_total, mask, {total: whole.values})
    months = pa.array([month.first_day()] * len(kept), pa.date32())
    source, vintage, bodies = "rtt-workbook", vintage_of(months), kept.texts(unit)
    rows = [long.activity(first=months.to_pylist(), last=long.month_ends(months), point_of_delivery="incomplete",
                          commissioner=bodies if level == "commissioner" else None,
                          provider=bodies if level == "provider" else None,
                          specialty=kept.texts("Treatment Function"), counted=what, count=values[mask],
                          count_unit="pathways", source=source, vintage=vintage)
            for what, values in (("pathways", whole.values), ("pathways over 18 weeks", over))]
    summed = pa.table({"unit": bodies, "month": months, "over": over[mask], "all": whole.values[mask]}).group_by(
        ["unit", "month"], use_threads=False).aggregate([("over", "sum"), ("all", "sum")])
    summed = summed.filter(pa.array(summed.column("all_sum").to_numpy() > 0))
    found = observations(measure=OVER_18 + ("" if level == "provider" else "-by-commissioner"),
                         unit=summed.column("unit"), month=summed.column("month").combine_chunks(),
                         numerator=summed.column("over_sum").combine_chunks(),
                         denominator=summed.column("all_sum").combine_chunks(), source=source, vintage=vintage)
    return Harvest({"observations": found, "activity": long.sorted_rows(*rows)}, len(sheet), len(kept), sieve.refusals,
                   (*said, f"the sheet of {level}s is read; those above it are its sums",
                    "providers that sent nothing are missing, as the sheet Notes says"))


def _sheet_of(content: bytes, name: str) -> tuple[str, Table, Month]:
    import numpy as np
    import pyarrow as pa
    import python_calamine as calamine

    reading.refuse_boundless(content, name)
    with reading.damage_refused(name):
        sheets = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    level, chosen = next(((level, each) for level in _LEVELS for each in sheets if each.casefold().strip() == level),
                         ("", ""))
    if not chosen:
        raise refuse("no sheet is called Commissioner or Provider", "fetch the workbook again", file=name,
                     value=", ".join(sheets))
    rows = reading.workbook_rows(content, name, sheet=chosen)
    head = next((place for place, row in enumerate(rows) if any(
        reading.cell_text(cell).strip().casefold() == "treatment function code" for cell in row)), None)
    if head is None:
        raise refuse(f"the sheet “{chosen}” has no line with “Treatment Function Code”", "fetch the workbook again",
                     file=name)
    period = next((reading.cell_text(cell) for row in rows[:head] for before, cell in pairwise(row)
                   if reading.cell_text(before).strip().rstrip(":").casefold() == "period"), "")
    try:
        month = Month.parsed(period)
    except ValueError:
        raise refuse("the workbook does not say of which month it is", "write it beside Period:, as March 2015",
                     file=name, value=period) from None
    names = [" ".join(reading.cell_text(cell).split()) or f"column {place}" for place, cell in enumerate(rows[head], 1)]
    body = [row for row in rows[head + 1:] if any(reading.cell_text(cell).strip() for cell in row)]
    arrow = pa.table({each: pa.array([reading.cell_text(row[place]) if place < len(row) else "" for row in body],
                                     pa.string()) for place, each in enumerate(names)})
    return level, Table(f"{name}, sheet {chosen}", "", arrow, np.arange(1, len(body) + 1)), month


_FLOW = ("stp20_nhs_code|stp_code|icb_code", "date", "completed", "incomplete", "new")


def _read_flow(file: Published) -> Harvest:
    import numpy as np
    import pyarrow as pa

    table = long.renamed(file.table, _FLOW)
    sieve = Sieve(table)
    long.sift(sieve, "stp20_nhs_code", long.BOARD, "a local health system")
    read = {each: long.figures(table, each, whole=True) for each in _FLOW[2:]}
    sieve.refuse(np.any([~each.there for each in read.values()], axis=0), "a figure of this row is missing",
                 column="stp20_nhs_code")
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    refuse_duplicates(kept, "stp20_nhs_code", "date")
    months, units = long.months_in(kept, "date"), kept.texts("stp20_nhs_code")
    source, vintage = "rtt-flow", vintage_of(months)
    at = {each: read[each].values[mask] for each in read}
    rows = [long.activity(first=months.to_pylist(), last=long.month_ends(months), commissioner=units,
                          point_of_delivery=each, counted="pathways", count=at[each], count_unit="pathways",
                          source=source, vintage=vintage) for each in at]
    some = at["completed"] > 0
    found = observations(measure="months-of-waiting", unit=np.array(units)[some].tolist(),
                         month=months.filter(pa.array(some)), numerator=at["incomplete"][some],
                         denominator=at["completed"][some], source=source, vintage=vintage)
    return Harvest({"observations": found, "activity": long.sorted_rows(*rows)}, len(table), len(kept), sieve.refusals)


_REGION = ("nhs_region20_name|nhs_region_name|region", "date", "treatment", "waits_over_18_weeks",
           "waits_over_52_weeks")


def _read_region(file: Published) -> Harvest:
    import numpy as np

    table = long.renamed(file.table, _REGION)
    sieve = Sieve(table)
    long.sift(sieve, _REGION[0].split("|")[0], re.compile(r"\D{4,}"), "a region")
    read = {each: long.figures(table, each, whole=True) for each in _REGION[3:]}
    values = {each: read[each].values for each in read}
    long.not_above(table, _REGION[4], values[_REGION[4]], _REGION[3], values[_REGION[3]])
    is_total = np.array([each.casefold() == "total" for each in table.texts("treatment")], dtype=bool)
    before = sieve.mask.copy()
    sieve.refuse(is_total, "this row is a total over the treatments beside it", column="treatment")
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    region = _REGION[0].split("|")[0]
    refuse_duplicates(table.keep(before), region, "date", "treatment")
    said = long.total_remarks(table, before & is_total, mask, values)
    months = long.months_in(kept, "date")
    rows = [long.activity(first=months.to_pylist(), last=long.month_ends(months), commissioner=kept.texts(region),
                          specialty=kept.texts("treatment"), point_of_delivery="incomplete", counted=what,
                          count=values[column][mask], count_unit="pathways",
                          hidden=long.held_back(read[column].keep(mask)), source="rtt-by-region",
                          vintage=vintage_of(months))
            for column, what in ((_REGION[3], "pathways over 18 weeks"), (_REGION[4], "pathways over 52 weeks"))]
    return Harvest({"activity": long.sorted_rows(*rows)}, len(table), len(kept), sieve.refusals, (
        *said, "all on the list are not counted here, so no share can be given",
        "treatment functions were renamed in April 2021 (Cardiology became Cardiology Service)"))


_NEXT = ("NHS England, referral to treatment waiting times, each month "
         "(england.nhs.uk/statistics/statistical-work-areas/rtt-waiting-times)")
IMPORTERS = (
    Importer(name="rtt-as-published", title="Referral to treatment waiting times by provider and commissioner",
             publisher="NHS England", licence=OPEN_GOVERNMENT, next_release=_NEXT + ": Full CSV data file",
             headings=_PUBLISHED, gives=("activity", "observations"), read=_read_published, fits=_is_published),
    Importer(name="rtt-workbook", title="Referral to treatment, incomplete pathways, a workbook of one month",
             publisher="NHS England", licence=OPEN_GOVERNMENT, next_release=_NEXT + ": Incomplete Commissioner (XLS)",
             headings=(), gives=("activity", "observations"), read=_read_workbook, fits=_is_workbook),
    Importer(name="rtt-flow", title="Referral to treatment, completed, waiting and new, by local health system",
             publisher="NHS England, collected in healthyr", licence=f"{OPEN_GOVERNMENT} (collection MIT)",
             next_release=_NEXT, headings=_FLOW, gives=("activity", "observations"), read=_read_flow,
             fits=long.headed(_FLOW)),
    Importer(name="rtt-by-region", title="Referral to treatment, long waits by region and treatment",
             publisher="NHS England, collected in healthyr", licence=f"{OPEN_GOVERNMENT} (collection MIT)",
             next_release=_NEXT, headings=_REGION, gives=("activity",), read=_read_region, fits=long.headed(_REGION)),
)
