"""The Quality and Outcomes Framework: registers of disease by practice and district, and their lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

from evenhand.data.importers import activity as long
from evenhand.data.importers.code_lists import rows_of
from evenhand.data.importers.importer import (
    OPEN_GOVERNMENT,
    Harvest,
    Importer,
    Published,
    Sieve,
    observations,
    refuse_duplicates,
)
from evenhand.data.importers.indicators import Line, indicator_rows, values_of
from evenhand.data.importers.organisation_lists import organisation_rows
from evenhand.data.importers.organisations_practices import PRACTICE, lookups
from evenhand.data.organisations import GROUP, tidy
from evenhand.terms import refuse

_PREVALENCE = ("PRACTICE_CODE", "GROUP_CODE", "REGISTER", "PATIENT_LIST_TYPE",
               "PRACTICE_LIST_SIZE|PATIENT_LIST_SIZE|LIST_SIZE")
_DISTRICTS = ("lad_code|ltla_code|lad19cd", "group_code", "register", "list", "prevalence")
_GEOGRAPHY = ("PRACTICE_CODE", "PRACTICE_NAME", "PCN_ODS_CODE", "PCN_NAME", "CCG_ODS_CODE|SUB_ICB_LOC_ODS_CODE",
              "CCG_NAME|SUB_ICB_LOC_NAME")
_INDICATORS = ("INDICATOR_CODE", "INDICATOR_POINT_VALUE", "GROUP_CODE", "GROUP_DESCRIPTION", "DOMAIN_DESCRIPTION",
               "PATIENT_LIST_TYPE")
_EXCLUDED = ("INDICATOR_CODE", "PCA_EXCL_NAME", "PCA_EXCL_DESCRIPTION", "TYPE", "PCA_CATEGORY_DESCRIPTION")
_POINTS = ("PRACTICE_CODE", "REVISED_MAXIMUM_POINTS")


def financial_year(file: Published) -> int:
    """The year in which a file's financial year begins, from its name: 2020_21, 2020-2021 and 2021 (for 20/21)."""
    for first, second in re.findall(r"(?<!\d)(?:20)?(\d{2})[_-]?(?:20)?(\d{2})(?!\d)", Path(file.name).name):
        if int(second) == int(first) + 1:
            return 2000 + int(first)
    raise refuse("the file does not say of which year it is",
                 "put it in the file's name, as in qof_2020_21_PREVALENCE.csv", file=file.name)


def _said(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"


def _read_prevalence(file: Published, *, headings: Sequence[str], source: str, remark: str) -> Harvest:
    import numpy as np
    import pyarrow as pa

    year = financial_year(file)
    table = long.renamed(file.table, headings)
    if source == "quality-prevalence":
        code, group, over, under = (headings[place].split("|")[0] for place in (0, 1, 2, 4))
    else:
        code, group, over, under = (each.split("|")[0] for each in headings[:4])
    codes, groups = table.texts(code), table.texts(group)
    sieve = Sieve(table)
    sieve.refuse([not each for each in codes], "the code of the place is empty", column=group)
    sieve.refuse([not each for each in groups], "the condition has no code", column=code)
    registers, lists = long.figures(table, over), long.figures(table, under)
    sieve.refuse(~registers.there | ~lists.there, "a figure is missing, not nought", column=over)
    sieve.refuse(lists.values == 0, "nobody of these ages is on the list: the share is missing, not nought",
                 column=under)
    sieve.refuse(registers.values > lists.values, "more people are on the register than on the list of the practice",
                 column=over)
    sieve.require_some()
    kept, at = sieve.kept, sieve.mask
    refuse_duplicates(kept, code, group)
    month = pa.array([date(year + 1, 3, 1)] * len(kept), pa.date32())
    found = observations(measure=[f"prevalence-{each.casefold()}" for each in kept.texts(group)],
                         unit=kept.texts(code), month=month, numerator=registers.values[at],
                         denominator=np.asarray(lists.values[at]), source=source,
                         vintage=f"Quality and Outcomes Framework {_said(year)}")
    return Harvest({"observations": found}, len(table), len(kept), sieve.refusals,
                   (remark, f"registers at the end of {_said(year)} stand at March {year + 1}"))


def _read_geography(file: Published) -> Harvest:
    table = long.renamed(file.table, _GEOGRAPHY)
    practice, name, network, network_name, group, group_name = (table.texts(each.split("|")[0]) for each in _GEOGRAPHY)
    sieve = Sieve(table)
    sieve.refuse([not each for each in practice], "the practice has no code", column="PRACTICE_NAME")
    sieve.refuse([not each for each in group], "the practice has no commissioner", column="PRACTICE_CODE")
    sieve.require_some()
    sieve.kept.refuse_duplicates("PRACTICE_CODE")
    source, bodies, belongs = "quality-geography", [], []
    for place, code in enumerate(practice):
        if not sieve.mask[place]:
            continue
        bodies += [(code, tidy(name[place]), PRACTICE, None, None),
                   (group[place], tidy(group_name[place]), GROUP, None, None)]
        belongs.append((code, group[place], 1.0, "commissioner in the Quality and Outcomes Framework"))
        if re.fullmatch(r"U\d{5}", network[place]):
            bodies.append((network[place], tidy(network_name[place]), "primary care network", None, None))
            belongs.append((code, network[place], 1.0, "primary care network in the Quality and Outcomes Framework"))
    return Harvest({"organisations": organisation_rows(bodies, source), "lookups": lookups(belongs, source)},
                   len(table), int(sieve.mask.sum()), sieve.refusals)


def _read_indicators(file: Published) -> Harvest:
    table = long.renamed(file.table, _INDICATORS)
    codes, points = table.texts("INDICATOR_CODE"), values_of(table, Line("INDICATOR_POINT_VALUE", "", least=0))
    sieve = Sieve(table)
    sieve.refuse([not each for each in codes], "the indicator has no code", column="GROUP_CODE")
    sieve.require_some()
    rows = [{"list": "indicators of the Quality and Outcomes Framework", "version": _version(file), "code": code,
             "group": f"{domain}: {group}", "title": said, "applies_to": f"list {ages}",
             "value": float(value) if value == value else None}
            for code, domain, group, said, ages, value, kept in zip(
                codes, table.texts("DOMAIN_DESCRIPTION"), table.texts("GROUP_CODE"), table.texts("GROUP_DESCRIPTION"),
                table.texts("PATIENT_LIST_TYPE"), points, sieve.mask, strict=True) if kept]
    return Harvest({"codes": rows_of(rows, "quality-indicators")}, len(table), len(rows), sieve.refusals)


def _read_excluded(file: Published) -> Harvest:
    table = long.renamed(file.table, _EXCLUDED)
    codes = table.texts("INDICATOR_CODE")
    sieve = Sieve(table)
    sieve.refuse([not each for each in codes], "the indicator has no code", column="PCA_EXCL_NAME")
    sieve.require_some()
    rows = [{"list": "who is left out of indicators of the Quality and Outcomes Framework", "version": _version(file),
             "code": code, "group": kind, "title": said, "excludes": name, "applies_to": why}
            for code, kind, said, name, why, kept in zip(
                codes, table.texts("TYPE"), table.texts("PCA_EXCL_DESCRIPTION"), table.texts("PCA_EXCL_NAME"),
                table.texts("PCA_CATEGORY_DESCRIPTION"), sieve.mask, strict=True) if kept]
    return Harvest({"codes": rows_of(rows, "quality-exclusions")}, len(table), len(rows), sieve.refusals)


def _version(file: Published) -> str:
    return _said(financial_year(file))


def _read_points(file: Published) -> Harvest:
    import numpy as np

    year = financial_year(file)
    table = long.renamed(file.table, _POINTS)
    codes, points = table.texts("PRACTICE_CODE"), values_of(table, Line("REVISED_MAXIMUM_POINTS", "", least=0))
    sieve = Sieve(table)
    sieve.refuse([not each for each in codes], "the practice has no code", column="REVISED_MAXIMUM_POINTS")
    sieve.refuse(np.isnan(points), "the figure is missing, not nought", column="PRACTICE_CODE")
    sieve.require_some()
    kept = sieve.kept
    kept.refuse_duplicates("PRACTICE_CODE")
    found = indicator_rows(kept.texts("PRACTICE_CODE"), [_said(year)] * len(kept), "quality points that can be had",
                           points[sieve.mask], "points", "quality-points")
    return Harvest({"indicators": found}, len(table), len(kept), sieve.refusals)


_DIGITAL = "NHS Digital, Quality and Outcomes Framework"
_NEXT = "NHS England Digital, Quality and Outcomes Framework, each autumn: the raw data as CSV"
IMPORTERS = (
    Importer(name="quality-prevalence", title="Registers of disease by practice (Quality and Outcomes Framework)",
             publisher=_DIGITAL, licence=OPEN_GOVERNMENT, next_release=_NEXT, headings=_PREVALENCE,
             gives=("observations",), fits=long.headed(_PREVALENCE),
             read=partial(_read_prevalence, headings=_PREVALENCE, source="quality-prevalence",
                          remark="the list differs by condition: each register has its own ages")),
    Importer(name="quality-prevalence-by-district", title="Registers of disease by district, estimated",
             publisher="House of Commons Library", licence="Open Parliament Licence v3.0",
             next_release="github.com/houseofcommonslibrary/local-health-data-from-QOF", headings=_DISTRICTS,
             gives=("observations",), fits=long.headed(_DISTRICTS),
             read=partial(_read_prevalence, headings=_DISTRICTS, source="quality-prevalence-by-district",
                          remark="registers are spread over districts by where patients live, hence the decimals: an "
                                 "estimate")),
    Importer(name="quality-geography", title="Practices with their networks and commissioners (Quality and Outcomes "
                                             "Framework)", publisher=_DIGITAL, licence=OPEN_GOVERNMENT,
             next_release=_NEXT, headings=_GEOGRAPHY, gives=("organisations", "lookups"), read=_read_geography,
             fits=lambda file: not [each for each in _GEOGRAPHY if not {one.casefold() for one in each.split("|")} & {
                 column.casefold() for column in file.table.columns}]),
    Importer(name="quality-indicators", title="Indicators of the Quality and Outcomes Framework and their points",
             publisher=_DIGITAL, licence=OPEN_GOVERNMENT, next_release=_NEXT, headings=_INDICATORS, gives=("codes",),
             read=_read_indicators, fits=long.headed(_INDICATORS)),
    Importer(name="quality-exclusions", title="Who is left out of indicators of the Quality and Outcomes Framework",
             publisher=_DIGITAL, licence=OPEN_GOVERNMENT, next_release=_NEXT, headings=_EXCLUDED, gives=("codes",),
             read=_read_excluded, fits=long.headed(_EXCLUDED)),
    Importer(name="quality-points", title="Points that each practice can have (Quality and Outcomes Framework)",
             publisher=_DIGITAL, licence=OPEN_GOVERNMENT, next_release=_NEXT, headings=_POINTS, gives=("indicators",),
             read=_read_points, fits=long.headed(_POINTS)),
)
