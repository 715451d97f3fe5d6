"""Registered patients by practice, sex and age, and a standard population to weigh ages by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.data.importers import activity as long
from evenhand.data.importers.code_lists import rows_of
from evenhand.data.importers.importer import OPEN_GOVERNMENT, Harvest, Importer, Published, Sieve
from evenhand.data.importers.organisations_practices import lookups
from evenhand.data.organisations import organisations
from evenhand.data.tables import Table
from evenhand.terms import refuse
from evenhand.terms.words import counted

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

ALL, FEMALE, MALE = "all", "female", "male"
_SEXES = {"all": "", "persons": "", "total": "", "female": FEMALE, "f": FEMALE, "2": FEMALE, "male": MALE, "m": MALE,
          "1": MALE}
_SHAPES = ("%Y-%m-%d", "%d%b%Y", "%d %b %Y", "%d %B %Y", "%d/%m/%Y", "%Y%m%d")


def population(unit: Sequence[str], month: Any, group: Any, persons: Any, source: str) -> pa.Table:
    """The long table of people: unit, month (first day), group (``all``, ``female``, ``female 85+``), persons."""
    import pyarrow as pa

    rows = len(unit)
    months = pa.array([month] * rows if isinstance(month, date) else month, pa.date32())
    groups = pa.array([group] * rows if isinstance(group, str) else group, pa.string())
    return pa.table({"unit": pa.array(unit, pa.string()), "month": months, "group": groups,
                     "persons": pa.array(persons, pa.float64()), "source": pa.array([source] * rows, pa.string())})


def joined(parts: Sequence[pa.Table]) -> pa.Table:
    """Tables of people as one, sorted."""
    import pyarrow as pa

    return pa.concat_tables(parts).sort_by([("group", "ascending"), ("unit", "ascending"), ("month", "ascending")])


def band(text: str) -> str:
    """An age band as it is kept: ``0_4``, ``0-4 years`` and ``0 to 4`` are 0-4; ``75+`` and ``75 and over`` 75+."""
    plain = re.sub(r"\s*(years?|yrs)$", "", text.strip().casefold())
    plain = re.sub(r"\s*(?:_|–|\bto\b|-)\s*", "-", plain)
    return re.sub(r"\s*(\+|and over|or over|ov|plus)$", "+", plain)


def _month_of(text: str) -> date | None:
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text.strip(), flags=re.I)
    for shape in _SHAPES:
        try:
            return datetime.strptime(plain.split("T")[0], shape).date().replace(day=1)
        except ValueError:
            continue
    return None


def _months(table: Table, column: str) -> list[date]:
    cells = table.texts(column)
    read = {each: _month_of(each) for each in set(cells)}
    table.refuse_rows([read[each] is None for each in cells], "this is not a day", "write it as 2016-04-01",
                      column=column)
    return [day for each in cells if (day := read[each]) is not None]


# --- practices in rows, sexes and bands in columns --------------------------------------------------------------------

_LISTS = "patient-list-sizes"
_CODE, _COMMISSIONER = "Practice Code", "PCO Code"


def _sex_and_band(column: str) -> str:
    found = re.fullmatch(r"(male|female)[ _]+(\d.*)", column.strip().casefold())
    return f"{found[1]} {band(found[2])}" if found else ""


def _is_lists(file: Published) -> bool:
    groups = {each for each in map(_sex_and_band, file.table.columns) if each}
    return len(groups) >= 4 and long.headed((_CODE, _COMMISSIONER), also=None)(_only(file, (_CODE, _COMMISSIONER)))


def _only(file: Published, names: Sequence[str]) -> Published:
    from dataclasses import replace

    wanted = {long.squeezed(each) for each in names}
    kept = [each for each in file.table.columns if long.squeezed(each) in wanted]
    return replace(file, table=Table(file.table.name, file.table.digest, file.table.arrow.select(kept),
                                     file.table.row_numbers))


def _quarter(file: Published) -> date:
    found = re.search(r"(?<!\d)(\d{4})[_-](\d{2})[_-](\d{2})(?!\d)", Path(file.name).name)
    if not found or int(found[2]) not in (1, 4, 7, 10) or int(found[3]) != int(found[2]) + 2:
        raise refuse("the file does not say of which quarter it is",
                     "put it in the file's name, as in Patient_List_Size_2016_01-03.csv", file=file.name)
    return date(int(found[1]), int(found[2]), 1)


def _read_lists(file: Published) -> Harvest:
    import numpy as np

    month = _quarter(file)
    table = file.table
    named = {column: group for column in table.columns if (group := _sex_and_band(column))}
    twice = [column for column in named if list(named.values()).count(named[column]) > 1]
    if twice:
        raise refuse("two columns are for the same sex and ages", "keep one of the two", file=file.name,
                     column=twice[0])
    code, of = (next(each for each in table.columns if long.squeezed(each) == long.squeezed(name))
                for name in (_CODE, _COMMISSIONER))
    codes, commissioners = np.array(table.texts(code)), np.array(table.texts(of))
    figures = {group: long.figures(table, column, whole=True) for column, group in named.items()}
    sieve = Sieve(table)
    sieve.refuse(codes == "", "the practice has no code", column=of)
    for column, group in named.items():
        sieve.refuse(~figures[group].there, "a count is missing, not nought", column=column)
    whole = np.sum([each.values for each in figures.values()], axis=0)
    sieve.refuse(whole == 0, "nobody is registered there: a service that prescribes, or a list that closed",
                 column=code)
    sieve.require_some()
    sieve.kept.refuse_duplicates(code)
    at = sieve.mask
    groups: dict[str, NDArray[np.float64]] = {ALL: whole[at]}
    for sex in (FEMALE, MALE):
        groups[sex] = np.sum([each.values[at] for group, each in figures.items() if group.startswith(f"{sex} ")],
                             axis=0)
    groups |= {group: each.values[at] for group, each in figures.items()}
    bodies = file.bodies if file.bodies is not None else organisations()
    plain = [each.removesuffix("00") if len(each) == 5 else each for each in commissioners[at]]
    known = sorted({each for each in plain if each in bodies})
    place = {each: number for number, each in enumerate(known)}
    here = np.array([place.get(each, -1) for each in plain])
    parts = []
    for group, persons in groups.items():
        parts.append(population(codes[at].tolist(), month, group, persons, _LISTS))
        summed = np.bincount(here[here >= 0], weights=persons[here >= 0], minlength=len(known))
        parts.append(population(known, month, group, summed, _LISTS))
    belongs = [(practice, body, 1.0, f"commissioner in the list sizes of {month:%Y-%m}")
               for practice, body in zip(codes[at].tolist(), plain, strict=True) if body]
    return Harvest({"population": joined(parts), "lookups": lookups(belongs, _LISTS)}, len(table), int(at.sum()),
                   sieve.refusals,
                   (f"{whole[at].sum():,.0f} people; {counted(len(known), 'commissioner')} were added up from their "
                    "practices: people registered there, not people who live there",
                    "the figures are of a quarter and stand at its first month"))


# --- sexes and bands in rows ------------------------------------------------------------------------------------------

_FIVES = ("EXTRACT_DATE", "ORG_CODE|CODE", "SEX", "AGE_GROUP_5|AGE|AGE_GROUP", "NUMBER_OF_PATIENTS|PATIENTS")
_NETWORKS = ("EXTRACT_DATE", "ODS_Code", "Sex", "Age_group", "Patients", "PCN_Code")


def _read_rows(file: Published, *, headings: tuple[str, ...], source: str) -> Harvest:
    import numpy as np

    table = long.renamed(file.table, headings)
    day, code, sex, age, count, *network = (each.split("|")[0] for each in headings)
    persons = long.figures(table, count, whole=True)
    sexes, ages, codes = table.texts(sex), table.texts(age), table.texts(code)
    sieve = Sieve(table)
    sieve.refuse([not each for each in codes], "the code of the body is empty", column=age)
    sieve.refuse([each.casefold() not in _SEXES for each in sexes], "this is neither male, female nor all", column=sex)
    sieve.refuse(~persons.there, "the count is missing, not nought", column=count)
    groups = [_group(_SEXES.get(one.casefold(), ""), band(other)) for one, other in zip(sexes, ages, strict=True)]
    said: list[str] = []
    if network:
        first: dict[tuple[str, ...], float] = {}
        again = np.zeros(len(table), dtype=bool)
        for place, key in enumerate(zip(codes, groups, table.texts(day), strict=True)):
            if sieve.mask[place]:
                value = float(persons.values[place])
                again[place] = key in first and first[key] == value
                first.setdefault(key, value)
        sieve.refuse(again, "the row is there twice with one count, mostly under another network: it is counted once",
                     column=network[0])
    sieve.require_some()
    kept, at = sieve.kept, sieve.mask
    months = _months(kept, day)
    units, said_groups = kept.texts(code), [group for group, fine in zip(groups, at, strict=True) if fine]
    seen: set[tuple[str, str, date]] = set()
    doubled = []
    for cell in zip(units, said_groups, months, strict=True):
        doubled.append(cell in seen)
        seen.add(cell)
    kept.refuse_rows(doubled, "an earlier row is for the same body, sex and ages", "keep one of the two", column=count)
    values = persons.values[at]
    parts = [population(units, months, said_groups, values, source)]
    if ALL not in said_groups:
        parts += _summed(units, months, said_groups, values)
    else:
        said += _checked(units, months, said_groups, values)
    tables = {"population": joined(parts)}
    if network:
        tables["lookups"] = lookups([(unit, of, 1.0, "primary care network in the list of patients") for unit, of in
                                     zip(units, kept.texts(network[0]), strict=True) if of], source)
    return Harvest(tables, len(table), len(kept), sieve.refusals, tuple(said))


def _group(sex: str, ages: str) -> str:
    everybody = ages in ("all", "total", "all ages", "")
    return ((sex or ALL) if everybody else f"{sex} {ages}".strip())


def _totals(units: Sequence[str], months: Sequence[date], groups: Sequence[str],
            values: NDArray[np.float64]) -> dict[tuple[str, date, str], float]:
    """People by body, month and sex, added up over the bands of ages."""
    found: dict[tuple[str, date, str], float] = {}
    for unit, month, group, persons in zip(units, months, groups, values, strict=True):
        sex, _, ages = group.partition(" ")
        if sex in (FEMALE, MALE) and ages:
            for of in (sex, ALL):
                found[unit, month, of] = found.get((unit, month, of), 0.0) + float(persons)
    return found


def _summed(units: Sequence[str], months: Sequence[date], groups: Sequence[str],
            values: NDArray[np.float64]) -> list[pa.Table]:
    found = _totals(units, months, groups, values)
    return [population([key[0] for key in found], [key[1] for key in found], [key[2] for key in found],
                       list(found.values()), _NETWORK_LISTS)] if found else []


def _checked(units: Sequence[str], months: Sequence[date], groups: Sequence[str],
             values: NDArray[np.float64]) -> list[str]:
    """Where the bands of a body do not add up to its own total."""
    stated = {(unit, month, group): float(persons) for unit, month, group, persons in
              zip(units, months, groups, values, strict=True) if group in (ALL, FEMALE, MALE)}
    wrong = [key for key, persons in _totals(units, months, groups, values).items()
             if abs(stated.get(key, persons) - persons) > 0.5]
    if not wrong:
        return []
    unit, month, group = wrong[0]
    return [f"{counted(len(wrong), 'total')} not equal to the sum of its ages, the first {group} at {unit} in "
            f"{month:%Y-%m}"]


# --- groups that overlap, as quality payments use them ----------------------------------------------------------------

_AGES = {"TOTAL": ALL, "16OV": "16+", "17OV": "17+", "18OV": "18+", "30_74": "30-74", "50OV": "50+", "0_64": "0-64",
         "65OV": "65+"}


def _read_ages(file: Published) -> Harvest:
    import numpy as np

    code = "PRACTICE_CODE"
    found = re.search(r"(?<!\d)(20\d{2})(?:[_-]?(0[1-9]|1[0-2]))?(?!\d)", Path(file.name).name)
    if not found:
        raise refuse("the file does not say of which year it is",
                     "put it in the file's name, as in practice_age_groups_2020.csv", file=file.name)
    month = date(int(found[1]), int(found[2] or 4), 1)
    table = long.renamed(file.table, (code, *_AGES))
    sieve = Sieve(table)
    codes = table.texts(code)
    figures = {column: long.figures(table, column) for column in _AGES}
    sieve.refuse([not each for each in codes], "the practice has no code", column="TOTAL")
    for column in _AGES:
        sieve.refuse(~figures[column].there, "a count is missing, not nought", column=column)
    whole = figures["TOTAL"].values
    sieve.refuse(np.abs(figures["0_64"].values + figures["65OV"].values - whole) > 0.5,
                 "those under 65 and those over do not add up to all", column="TOTAL")
    sieve.require_some()
    kept, at = sieve.kept, sieve.mask
    kept.refuse_duplicates(code)
    for column in _AGES:
        long.not_above(kept, column, figures[column].values[at], "TOTAL", whole[at])
    tables = [population(kept.texts(code), month, group, figures[column].values[at], "practice-age-groups")
              for column, group in _AGES.items()]
    said = [] if found[2] else [f"the file says only the year: the figures stand at April {month.year}"]
    parts = np.any([each.values[at] != np.round(each.values[at]) for each in figures.values()], axis=0)
    if parts.any():
        said.append(f"{counted(int(parts.sum()), 'practice')} have counts with decimals: estimates of the publisher")
    return Harvest({"population": joined(tables)}, len(table), len(kept), sieve.refusals, tuple(said))


def _read_standard(file: Published) -> Harvest:
    table = file.table
    table.refuse_duplicates("age_band")
    sieve = Sieve(table)
    bands, people = table.texts("age_band"), long.figures(table, "standard_population")
    sieve.refuse([not each for each in bands], "the row has no ages", column="standard_population")
    sieve.refuse(~people.there, "the count is missing, not nought", column="standard_population")
    sieve.require_some()
    rows = [{"list": "European standard population", "version": "2013", "title": "persons of each 100,000",
             "code": band(each), "value": float(value)}
            for each, value, kept in zip(bands, people.values, sieve.mask, strict=True) if kept]
    total = sum(row["value"] for row in rows if isinstance(row["value"], float))
    said = () if total == 100_000 else (f"the ages add up to {total:,.0f} and not to 100,000",)
    return Harvest({"codes": rows_of(rows, "european-standard-population")}, len(table), len(rows), sieve.refusals,
                   said)


_DIGITAL = "NHS Digital, Patients Registered at a GP Practice"
_NEXT = "NHS England Digital, Patients Registered at a GP Practice, each month"
_NETWORK_LISTS = "network-list-sizes"
IMPORTERS = (
    Importer(name=_LISTS, title="Registered patients by practice, sex and ten bands of ages, a quarter",
             publisher="NHS Business Services Authority", licence=OPEN_GOVERNMENT,
             next_release="NHS Business Services Authority, Patient List Size, each quarter; later quarters come from "
                          f"{_NEXT}",
             headings=(_COMMISSIONER, _CODE, *(f"{sex} {ages}" for ages in ("0-4", "5-14", "75+")
                                               for sex in ("Male", "Female"))),
             gives=("population", "lookups"), read=_read_lists, fits=_is_lists),
    Importer(name="practice-list-sizes", title="Registered patients by practice, sex and five-year ages, a month",
             publisher=_DIGITAL, licence=OPEN_GOVERNMENT, next_release=_NEXT, headings=_FIVES, gives=("population",),
             read=partial(_read_rows, headings=_FIVES, source="practice-list-sizes"), fits=long.headed(_FIVES)),
    Importer(name=_NETWORK_LISTS, title="Registered patients by practice, network, sex and five-year ages, a month",
             publisher=f"{_DIGITAL}, collected by West Sussex County Council", licence=f"{OPEN_GOVERNMENT} (collection "
             "MIT)", next_release=_NEXT, headings=_NETWORKS, gives=("population", "lookups"),
             read=partial(_read_rows, headings=_NETWORKS, source=_NETWORK_LISTS), fits=long.headed(_NETWORKS)),
    Importer(name="practice-age-groups", title="Registered patients by practice in the ages of quality payments",
             publisher="NHS Digital, Quality and Outcomes Framework, by way of West Sussex County Council",
             licence=f"{OPEN_GOVERNMENT} (collection MIT)", next_release=_NEXT, headings=("PRACTICE_CODE", *_AGES),
             gives=("population",), read=_read_ages, fits=long.headed(("PRACTICE_CODE", *_AGES))),
    Importer(name="european-standard-population", title="European standard population by age, 2013",
             publisher="Eurostat", licence="published constant of Eurostat", next_release="none planned",
             headings=("age_band", "standard_population"), gives=("codes",), read=_read_standard),
)
