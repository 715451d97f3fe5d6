"""What commissioners paid: payments over £25,000 by month, and with private suppliers over years."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.data.importers import codes
from evenhand.data.importers.importer import OPEN_GOVERNMENT, Harvest, Importer, Published, Sieve, folded
from evenhand.data.importers.names import codes_of
from evenhand.data.organisations import day_of
from evenhand.terms import Month, Problem, Refused, refuse

if TYPE_CHECKING:
    import pyarrow as pa

    from evenhand.data.tables import Table

SOURCE = "payments-over-25000"
MOST_PROBLEMS = 20
NAMES = {"NCL": "North Central London", "SWL": "South West London"}
_NOT_KEPT = ("suppliers' names are not kept, for some are people; credits (amounts below nought) were taken off",)


def money(lines: dict[tuple[str, str, str], float], source: str, unit: str) -> pa.Table:
    """The long table of money from sums by body, year and line."""
    import pyarrow as pa

    keys = sorted(lines)
    return pa.table({
        **{name: pa.array([key[place] for key in keys], pa.string())
           for place, name in enumerate(("unit", "year", "line"))},
        "amount": pa.array([lines[key] for key in keys], pa.float64()),
        "amount_unit": pa.array([unit] * len(keys), pa.string()), "recurrent": pa.nulls(len(keys), pa.bool_()),
        "source": pa.array([source] * len(keys), pa.string())})


def _published(file: Published) -> Harvest:
    """One month as a body publishes it: entity, date, expense type and area, supplier, amount."""
    table = file.table
    names = table.texts("Entity")
    return _summed(file, units=names, day="Date", kind="Expense Type", amount="Amount")


def _collected(file: Published) -> Harvest:
    """Months collected from the pages of one body, which the file's own name tells."""
    stem = Path(file.name).name.upper()
    of = next((name for short, name in NAMES.items() if f"_{short}_" in stem), None)
    if of is None:
        raise refuse("the file does not say whose payments these are",
                     "put the body's letters in its name, as in spend_over_25k_NCL_2020_21.csv", file=file.name)
    return _summed(file, units=[of] * len(file.table), day="date", kind="expensetype", amount="amount")


def _summed(file: Published, *, units: list[str], day: str, kind: str, amount: str) -> Harvest:
    import numpy as np
    import pyarrow as pa

    table = file.table
    matches = codes_of(units)
    sieve = Sieve(table)
    entity = next((each for each in table.columns if folded(each) == "entity"), kind)
    sieve.refuse([each not in matches for each in units], "no commissioning group in the lists has this name",
                 column=entity, remedy="load a list of organisations that has it")
    written = table.texts(amount)
    sieve.refuse([set(each) == {"#"} for each in written],
                 "a spreadsheet wrote #### in place of an amount that did not fit its column", column=amount,
                 remedy="ask the publisher for the amount")
    plain = ["" if set(each) == {"#"} else each for each in written]
    amounts = replace(table, arrow=pa.table({amount: plain})).numbers(amount, empty=np.nan)
    sieve.refuse(np.isnan(amounts), "no amount is given", column=amount)
    days = _days(table, day)
    sieve.require_some()
    lines: dict[tuple[str, str, str], float] = defaultdict(float)
    for each, when, what, paid, kept in zip(units, days, table.texts(kind), amounts, sieve.mask, strict=True):
        if kept:
            year = Month.of(when).financial_year
            lines[matches[each].code, year, f"payments over £25,000: {what.strip() or 'kind not given'}"] += float(paid)
    return Harvest({"money": money(lines, SOURCE, "pounds")}, len(table), int(sieve.mask.sum()), sieve.refusals,
                   _NOT_KEPT)


def _days(table: Table, column: str) -> list[date]:
    """The day of each row: day first, as commissioners write it, unless a part can only be read month first.

    A collection puts parts of unlike spelling together (``file`` names the part). Within a part all days are read one
    way, so that 2/3/2021 cannot be February in one row and March in the next.
    """
    parts = table.texts("file") if "file" in table else [""] * len(table)
    texts = table.texts(column)
    month_first = {part for part, text in zip(parts, texts, strict=True)
                   if _day(text, "%d/%m/%Y") is None and _day(text, "%m/%d/%Y") is not None}
    found = [(_day(text, "%m/%d/%Y") if part in month_first else _day(text, "%d/%m/%Y")) or day_of(text)
             for part, text in zip(parts, texts, strict=True)]
    problems = [Problem("this is not a date, or not written as the others are", "write it as 31/01/2021", table.name,
                        int(row), column, text)
                for row, text, day in zip(table.row_numbers, texts, found, strict=True) if day is None]
    if problems:
        raise Refused(problems[:MOST_PROBLEMS])
    return [day for day in found if day is not None]


def _day(text: str, spelling: str) -> date | None:
    try:
        return datetime.strptime(text.strip(), spelling).date()
    except ValueError:
        return None


_LINES: tuple[tuple[str, str, float], ...] = (
    ("Value (m)", "payments over £25,000 with a known supplier", 1_000_000),
    ("Value (%)", "share of it paid to private companies, by value", 1))


def _private(file: Published) -> Harvest:
    """Payments of each body from 2013 to 2020 and the share that went to private companies."""
    import pyarrow as pa

    table = file.table
    names = table.texts("ccg19nm")
    matches = codes_of(names)
    sieve = Sieve(table)
    sieve.refuse([each not in matches for each in names], "no commissioning group in the lists has this name",
                 column="ccg19nm", remedy="load a list of organisations that has it")
    sieve.require_some()
    kept = sieve.kept
    kept.refuse_duplicates("ccg19nm")
    tables = []
    for column, line, times in _LINES:
        sums = {(matches[name].code, "2013/14 to 2019/20", line): float(amount) * times
                for name, amount in zip(kept.texts("ccg19nm"), kept.numbers(column, least=0), strict=True)}
        tables.append(money(sums, "private-suppliers", "pounds" if times > 1 else "per cent"))
    return Harvest({"money": pa.concat_tables(tables)}, len(table), len(kept), sieve.refusals,
                   ("how completely each body published its payments differs: set no body beside another by this",))


_PREGABALIN = (("numerator_items", "Lyrica, items", "items"), ("denominator_items", "pregabalin, items", "items"),
               ("numerator_cost", "Lyrica, cost", "pounds"), ("denominator_cost", "pregabalin, cost", "pounds"))


def _pregabalin(file: Published) -> Harvest:
    """Pregabalin by brand and commissioner; the file does not say of which months."""
    import pyarrow as pa

    table = file.table
    table.refuse_duplicates("pct_id")
    sieve = Sieve(table)
    codes.sift(sieve, "pct_id")
    sieve.require_some()
    kept = sieve.kept
    tables = [money({(unit, "not stated in the file", line): float(amount) for unit, amount in
                     zip(kept.texts("pct_id"), kept.numbers(column, least=0), strict=True)}, "pregabalin-savings", what)
              for column, line, what in _PREGABALIN]
    return Harvest({"money": pa.concat_tables(tables)}, len(table), len(kept), sieve.refusals,
                   ("the publisher's possible savings by tenths are not kept: they compare whole bodies with the "
                    "cheapest tenth",))


_WEIGHTED = (("pop 2022/23", "registered population, projected", "persons"),
             ("G&A WP", "weighted population, general and acute", "weighted persons"),
             ("CS WP", "weighted population, community services", "weighted persons"),
             ("MH WP", "weighted population, mental health", "weighted persons"),
             ("Mat WP", "weighted population, maternity", "weighted persons"),
             ("Health Ineq WP", "weighted population, health inequalities", "weighted persons"),
             ("Prescr WP", "weighted population, prescribing", "weighted persons"),
             ("Final WP", "weighted population, all core services", "weighted persons"),
             ("Primary Medical Care WP", "weighted population, primary medical care before adjustment",
              "weighted persons"), ("Final PMC WP", "weighted population, primary medical care", "weighted persons"))


def _weighted(file: Published) -> Harvest:
    """Need by practice as the allocation formula weighs it: England adds up to the registered population."""
    import numpy as np
    import pyarrow as pa

    from evenhand.data.importers.prices import _year_in

    table = file.table
    table.refuse_duplicates("Practice_Code")
    sieve = Sieve(table)
    practices = table.texts("Practice_Code")
    sieve.refuse([not each for each in practices], "the practice has no code", column="Practice_Code")
    sieve.require_some()
    kept, year = sieve.kept, _year_in(file.name)
    columns = {folded(each.strip()): each for each in table.columns}
    tables = []
    for heading, line, unit in _WEIGHTED:
        if (column := columns.get(folded(heading))) is None:
            continue
        amounts = kept.numbers(column, least=0, empty=np.nan)
        sums = {(code, year, line): float(amount) for code, amount in
                zip(kept.texts("Practice_Code"), amounts, strict=True) if amount == amount}
        tables.append(money(sums, "weighted-populations", unit))
    return Harvest({"money": pa.concat_tables(tables)}, len(table), len(kept), sieve.refusals,
                   ("weighted populations are need beside England's; they become money only with the national sum",))


def _importer(name: str, title: str, headings: tuple[str, ...], read: Any, publisher: str, following: str) -> Importer:
    return Importer(name=name, title=title, publisher=publisher, licence=OPEN_GOVERNMENT, next_release=following,
                    headings=headings, gives=("money",), read=read)


_PAGES = "each commissioner's own website, payments over £25,000, monthly"
IMPORTERS = (
    _importer(SOURCE, "Payments over £25,000, as a commissioner publishes them",
              ("Department Family", "Entity", "Date", "Expense Type", "Expense Area", "Supplier", "Transaction Number",
               "Amount"), _published, "the commissioners themselves", _PAGES),
    _importer(f"{SOURCE}-collected", "Payments over £25,000, collected from a commissioner's pages",
              ("date", "expensetype", "supplier", "transactionnumber", "amount", "expensearea", "negative"), _collected,
              "the commissioners themselves, collected by the NHSSpend project", _PAGES),
    _importer("private-suppliers", "Payments to private suppliers by commissioning group, 2013 to 2020",
              ("ccg19nm", "Count", "Value (m)", "Value (%)", "Number of Company Suppliers"), _private,
              "the commissioners themselves, collected by the NHSSpend project", "closed series"),
    _importer("pregabalin-savings", "Pregabalin by brand and commissioning group",
              ("pct_id", "numerator_items", "denominator_items", "numerator_cost", "denominator_cost", "savings_10",
               "savings_50", "measure_id"), _pregabalin, "OpenPrescribing", "openprescribing.net, measure Lyrica"),
    _importer("weighted-populations", "Weighted populations by practice, behind the allocations",
              ("Practice_Code", "GP_Practice_Name", "G&A WP", "MH WP", "Mat WP", "Final WP", "ICS22", "LOC22",
               "Practice_Postcode", "PCN_Code", "Region22", "LAD21", "UTLA21", "CCG21", "pop 2022/23"), _weighted,
              "NHS England, tool for allocations to places", "england.nhs.uk/allocations, with each round"))
