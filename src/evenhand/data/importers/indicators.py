"""Figures by place and year that come without numerators: deprivation, health, demand, capacity, mortality."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from evenhand.data.importers import activity as long
from evenhand.data.importers.code_lists import rows_of
from evenhand.data.importers.importer import OPEN_GOVERNMENT, Harvest, Importer, Published, Sieve
from evenhand.data.tables import Table
from evenhand.terms import refuse

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

_NOTHING = {"na", "n/a", "nan", "null", "-", ":", "[x]"}
_CONTEXT = ("numerators and denominators are not published with these figures: no interval can be given; use them for "
            "context and to find bodies that are alike",)


@dataclass(frozen=True)
class Line:
    """One column of a wide table: its heading, what it is called, its unit, and what it may not fall outside."""

    column: str
    measure: str
    unit: str = ""
    least: float | None = None
    most: float | None = None


def indicator_rows(units: Sequence[str], years: Sequence[str], measures: Sequence[str] | str,
                   values: NDArray[np.float64], value_unit: str, source: str) -> pa.Table:
    """The long table of indicators: unit, year, measure, value, value_unit; rows without a value are left out."""
    import numpy as np
    import pyarrow as pa

    rows, there = len(units), np.isfinite(values)
    named = [measures] * rows if isinstance(measures, str) else measures
    return pa.table({
        "unit": pa.array(units, pa.string()), "year": pa.array(years, pa.string()),
        "measure": pa.array(named, pa.string()), "value": pa.array(values, pa.float64()),
        "value_unit": pa.array([value_unit] * rows, pa.string()), "source": pa.array([source] * rows, pa.string()),
    }).filter(pa.array(there))


def values_of(table: Table, line: Line) -> NDArray[np.float64]:
    """A column of figures, not a number where the publisher wrote that there is none. Refuses words."""
    import numpy as np
    import pyarrow as pa

    plain = ["" if each.casefold() in _NOTHING else each for each in table.texts(line.column)]
    read = Table(table.name, table.digest, pa.table({line.column: pa.array(plain, pa.string())}), table.row_numbers)
    return read.numbers(line.column, least=line.least, most=line.most, empty=np.nan)


def year_in(file: Published, remedy: str) -> str:
    """A year from a file's name; refuses a name that has none."""
    found = re.search(r"(?<!\d)((?:19|20)\d{2})(?!\d)", Path(file.name).name)
    if not found:
        raise refuse("the file does not say of which year it is", remedy, file=file.name)
    return found[1]


def _wide(file: Published, *, source: str, unit: str, year: Callable[[Published, Table], Sequence[str]],
          lines: Callable[[Table], Sequence[Line]], remarks: tuple[str, ...] = ()) -> Harvest:
    import numpy as np
    import pyarrow as pa

    table = file.table
    name = next(each for each in table.columns if long.squeezed(each) in {long.squeezed(one) for one in
                                                                          unit.split("|")})
    units, years = table.texts(name), list(year(file, table))
    sieve = Sieve(table)
    sieve.refuse([not each for each in units], "the code of the place is empty", column=table.columns[-1])
    wanted = lines(table)
    read = {line.column: values_of(table, line) for line in wanted}
    sieve.refuse(np.all([np.isnan(each) for each in read.values()], axis=0), "no figure is given", column=name)
    sieve.require_some()
    seen: set[tuple[str, str]] = set()
    doubled = []
    for place, cell in enumerate(zip(units, years, strict=True)):
        doubled.append(bool(sieve.mask[place]) and cell in seen)
        seen.add(cell)
    table.refuse_rows(doubled, "an earlier row is for the same place and year", "keep one of the two", column=name)
    at = sieve.mask
    kept_units, kept_years = sieve.kept.texts(name), [each for each, fine in zip(years, at, strict=True) if fine]
    found = pa.concat_tables([indicator_rows(kept_units, kept_years, line.measure, read[line.column][at], line.unit,
                                             source) for line in wanted])
    return Harvest({"indicators": found.sort_by([("measure", "ascending"), ("unit", "ascending"),
                                                 ("year", "ascending")])},
                   len(table), len(kept_units), sieve.refusals, remarks)


def _column_year(file: Published, table: Table) -> Sequence[str]:
    name = next(each for each in table.columns if each.casefold() == "year")
    years = table.texts(name)
    table.refuse_rows([not re.fullmatch(r"(19|20)\d{2}", each) for each in years], "this is not a year",
                      "write it as 2019", column=name)
    return years


# --- deprivation ------------------------------------------------------------------------------------------------------

_SMALL = r"lsoa(\d{2})_?(?:code|cd)"
_INDEX = {"11": "2019", "21": "2025"}


def _small_area(columns: Sequence[str]) -> str:
    return next((each for each in columns if re.fullmatch(_SMALL, each.casefold())), "")


def _is_deprivation(file: Published) -> bool:
    columns = {each.casefold() for each in file.table.columns}
    return bool(_small_area(file.table.columns)) and {"imd_decile", "imd_rank"} <= columns


def _deprivation_lines(table: Table) -> Sequence[Line]:
    found = []
    for column in table.columns:
        kind = re.fullmatch(r"(.+)_(decile|rank|score)", column, re.I)
        if kind:
            name, what = kind[1].replace("_", " "), kind[2].casefold()
            limits = {"decile": (1.0, 10.0), "rank": (1.0, None), "score": (None, None)}[what]
            found.append(Line(column, f"{name}: {what}", f"{what}, 1 is most deprived" if what != "score" else
                              "score, higher is more deprived", *limits))
    return found


def _read_deprivation(file: Published) -> Harvest:
    column = _small_area(file.table.columns)
    stated = re.search(r"imd_?(\d{4})", Path(file.name).name.casefold())
    short = re.fullmatch(_SMALL, column.casefold())
    year = stated[1] if stated else _INDEX.get(short[1] if short else "", "")
    if not year:
        raise refuse("the file does not say of which year the index is", "put it in the file's name, as in "
                     "imd2025_lsoa21.csv", file=file.name)
    return _wide(file, source="deprivation", unit=column, year=lambda _, table: [year] * len(table),
                 lines=_deprivation_lines, remarks=(
                     f"index of {year}, small areas of 20{short[1] if short else ''}: join it with the lookup of the "
                     "same areas; averages for larger places need populations, which are not in this file",))


_BOARD = "icb22_code|icb23_code|icb24_code|icb25_code"


def _is_board_deprivation(file: Published) -> bool:
    columns = {each.casefold() for each in file.table.columns}
    return bool(columns & set(_BOARD.split("|"))) and "imd_average_rank" in columns


def _board_lines(table: Table) -> Sequence[Line]:
    return [Line(column, column.replace("lso_as", "lsoas").replace("_", " "),
                 "rank, 1 is most deprived" if "rank" in column.casefold() and not column.casefold().endswith(
                     "average_rank") else "")
            for column in table.columns if not re.match(r"icb\d|column ", column.casefold())]


def _board_year(file: Published, table: Table) -> Sequence[str]:
    found = next((said[1] for each in table.columns if (said := re.match(r"imd_(\d{4})_", each.casefold()))), "")
    return [found or year_in(file, "put it in the file's name, as in imd2025_icb24.csv")] * len(table)


# --- boards and commissioning groups over years -----------------------------------------------------------------------

_HEALTH = {"overall_score": "Health Index: overall", "healthy_people_domain": "Health Index: healthy people",
           "healthy_lives_domain": "Health Index: healthy lives",
           "healthy_places_domain": "Health Index: healthy places"}
_MORTALITY = {
    "Treatable_Mortality_Rate": ("mortality from treatable causes", "per 100,000, age-standardised"),
    "Preventatable_Mortality_Rate": ("mortality from preventable causes", "per 100,000, age-standardised"),
    "treatable_mortality_deaths": ("deaths from treatable causes", "deaths"),
    "CCGpop": ("population of the commissioning group", "persons"),
    "Est_Population": ("population of the matching local authority", "persons"),
    "Unemployment_percent": ("unemployment", "per cent"),
    "Qual_lvl4_percent": ("qualified to level 4", "per cent"),
    "BAME_percent": ("ethnic minority population", "per cent"), "Claimant_percent": ("claimants", "per cent"),
    "professional_and_managerial": ("professional and managerial occupations", "per cent"),
    "GDHI_per_person": ("disposable household income a person", "pounds"),
    "Local_Authority_Spend_per_pop": ("spending of the local authority a person", ""),
    "IMD_2019_Extent": ("deprivation 2019: extent", "share"), "over70": ("aged over 70", "per cent"),
    "over75": ("aged over 75", "per cent"), "over80": ("aged over 80", "per cent")}
_ANTIBIOTICS = {
    "items": ("antibiotic items", "items a year"), "rate": ("antibiotic items", "per 1,000 patients a year"),
    "total_items": ("items of all medicines", "items a year"),
    "mean_percentile": ("mean percentile among practices", "0 to 1"), "Value_imd": ("deprivation score", "score"),
    "rural_urban_code": ("rural or urban, class", "1 to 8"), "num_gps_june": ("general practitioners, June", "persons"),
    "Value_satisfaction": ("patients satisfied", "per cent"),
    "Value_long_term_health": ("patients with a long-term condition", "per cent"),
    "Value_over_65": ("patients over 65", "per cent"), "Value_under_18": ("patients under 18", "per cent"),
    "CL": ("quality points: clinical", "points"), "PH": ("quality points: public health", "points"),
    "TOTAL": ("quality points: all", "points"), "dispensing_patients": ("patients the practice dispenses to",
                                                                       "persons")}


def _named(names: Mapping[str, tuple[str, str] | str], *, optional: bool = True,
           least: float | None = 0) -> Callable[[Table], Sequence[Line]]:
    def lines(table: Table) -> Sequence[Line]:
        found = []
        for column, said in names.items():
            there = next((each for each in table.columns if each.casefold() == column.casefold()), None)
            if there is None and not optional:
                table.require(column)
            if there is not None:
                measure, unit = (said, "") if isinstance(said, str) else said
                found.append(Line(there, measure if unit != "per 1,000 patients a year" else f"{measure} by list",
                                  unit, least))
        return found

    return lines


_LONG = ("year", "org", "metric", "value", "domain")


def _read_long(file: Published) -> Harvest:
    import numpy as np

    table = long.renamed(file.table, _LONG)
    years, units, metrics = _column_year(file, table), table.texts("org"), table.texts("metric")
    values = values_of(table, Line("value", ""))
    sieve = Sieve(table)
    sieve.refuse([not each for each in units], "the code of the board is empty", column="metric")
    sieve.refuse([not each for each in metrics], "the metric has no name", column="org")
    sieve.refuse(np.isnan(values), "the value is missing, not nought", column="metric")
    sieve.require_some()
    kept, at = sieve.kept, sieve.mask
    kept.refuse_duplicates("year", "org", "metric")
    found = indicator_rows(kept.texts("org"), [each for each, fine in zip(years, at, strict=True) if fine],
                           kept.texts("metric"), values[at], "as the name of the measure says", "board-indicators")
    return Harvest({"indicators": found.sort_by([("measure", "ascending"), ("unit", "ascending"),
                                                 ("year", "ascending")])},
                   len(table), len(kept), sieve.refusals,
                   (*_CONTEXT, "values for boards before 2022 are made up backwards from groups and trusts by the "
                               "collectors"))


def _read_catalogue(file: Published) -> Harvest:
    table = file.table
    sieve = Sieve(table)
    metrics = table.texts("metric")
    sieve.refuse([not each for each in metrics], "the metric has no name", column="domain")
    sieve.require_some()
    rows = [{"list": "metrics of demand, capacity and performance", "version": "not stated in the file",
             "group": f"{domain}: {theme}", "title": metric, "code": metric,
             "applies_to": f"{over} over {under} ({status})" if under else f"{over} ({status})"}
            for domain, theme, metric, over, under, status, kept in zip(
                table.texts("domain"), table.texts("theme"), metrics, table.texts("numerator_description"),
                table.texts("denominator_description"), table.texts("status"), sieve.mask, strict=True) if kept]
    return Harvest({"codes": rows_of(rows, "board-metrics")}, len(table), len(rows), sieve.refusals,
                   ("in brackets the collectors' own word on each metric: include, modelled, remove",))


_DEPRIVATION = "Ministry of Housing, Communities and Local Government"
_NEXT_INDEX = "gov.uk, English indices of deprivation, every four to six years; last in 2025"
_ANTIBIOTIC_YEAR = "put the year in its name, as in antibiotics_by_practice_2017.csv"


def _fixed_unit(source: str, unit: str, names: Mapping[str, tuple[str, str] | str],
                year: Callable[[Published, Table], Sequence[str]], said: tuple[str, ...]
                ) -> Callable[[Published], Harvest]:
    return partial(_wide, source=source, unit=unit, year=year, lines=_named(names), remarks=said)


IMPORTERS = (
    Importer(name="deprivation", title="Index of multiple deprivation by small area, with its domains",
             publisher=_DEPRIVATION, licence=f"{OPEN_GOVERNMENT} (collection MIT)", next_release=_NEXT_INDEX,
             headings=("lsoa11_code|lsoa21_code", "IMD_decile", "IMD_rank"), gives=("indicators",),
             read=_read_deprivation, fits=_is_deprivation),
    Importer(name="deprivation-by-board", title="Index of multiple deprivation by integrated care board",
             publisher=_DEPRIVATION, licence=f"{OPEN_GOVERNMENT} (collection MIT)", next_release=_NEXT_INDEX,
             headings=(_BOARD, "imd_average_rank"), gives=("indicators",), fits=_is_board_deprivation,
             read=partial(_wide, source="deprivation-by-board", unit=_BOARD, year=_board_year, lines=_board_lines)),
    Importer(name="health-index", title="Index of health by integrated care board and year (England 2015 is 100)",
             publisher="Office for National Statistics", licence=f"{OPEN_GOVERNMENT} (collection MIT)",
             next_release="Office for National Statistics, Health Index; closed after 2021",
             headings=(_BOARD, "year", *_HEALTH), gives=("indicators",), fits=long.headed((_BOARD, "year", *_HEALTH)),
             read=_fixed_unit("health-index", _BOARD, _HEALTH, _column_year, _CONTEXT)),
    Importer(name="board-indicators", title="Demand, capacity and performance by integrated care board and year",
             publisher="NHS England, NHS Digital and the Office for Health Improvement and Disparities, collected by "
                       "NHS Bristol, North Somerset and South Gloucestershire", licence=OPEN_GOVERNMENT,
             next_release="github.com/nhs-bnssg-analytics/fpt_analysis, and the publishers it names", headings=_LONG,
             gives=("indicators",), read=_read_long, fits=long.headed(_LONG)),
    Importer(name="board-metrics", title="Metrics of demand, capacity and performance: what each one counts",
             publisher="NHS Bristol, North Somerset and South Gloucestershire", licence=OPEN_GOVERNMENT,
             next_release="github.com/nhs-bnssg-analytics/fpt_analysis",
             headings=("theme", "metric", "domain", "numerator_description", "denominator_description", "status"),
             gives=("codes",), read=_read_catalogue),
    Importer(name="treatable-mortality", title="Treatable and preventable mortality by commissioning group and year",
             publisher="Office for Health Improvement and Disparities and the Office for National Statistics, "
                       "collected for a study of outsourcing (Goodair)", licence=OPEN_GOVERNMENT,
             next_release="fingertips.phe.org.uk, mortality from causes considered treatable and preventable",
             headings=("ccg19cd", "year", "Treatable_Mortality_Rate", "Preventatable_Mortality_Rate"),
             gives=("indicators",),
             fits=lambda file: {"ccg19cd", "year", "treatable_mortality_rate"} <= {
                 each.casefold() for each in file.table.columns},
             read=_fixed_unit("treatable-mortality", "ccg19cd", _MORTALITY, _column_year, (
                 "figures of local authorities, apportioned to groups by the collectors", *_CONTEXT))),
    Importer(name="antibiotics-with-context", title="Antibiotics by practice over a year, with what may explain them",
             publisher="NHS Business Services Authority and Public Health England, joined by the Bennett Institute",
             licence=OPEN_GOVERNMENT, next_release="closed; practice profiles at fingertips.phe.org.uk",
             headings=("practice", "pct", "items", "rate", "mean_percentile", "Value_imd"), gives=("indicators",),
             fits=lambda file: {"practice", "pct", "items", "rate", "value_imd"} <= {
                 each.casefold() for each in file.table.columns},
             read=_fixed_unit("antibiotics-with-context", "practice", _ANTIBIOTICS,
                              lambda file, table: [year_in(file, _ANTIBIOTIC_YEAR)] * len(table),
                              ("practices with closed or very small lists give extreme rates",))),
)
