"""Monthly prescribing by commissioning group on the boundaries of the time, 2010 to 2019: seven working tables.

The commissioner's column is called ``pct`` or ``pct_id`` or ``code``, the month ``month`` or ``period``, with or
without a time zone. Rows are in no order; months without prescribing are missing, not nought.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from evenhand.data.importers import codes
from evenhand.data.importers.importer import (
    OPEN_GOVERNMENT,
    Harvest,
    Importer,
    Published,
    Sieve,
    months_of,
    observations,
    refuse_duplicates,
)
from evenhand.data.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa

SOURCE = "commissioner-panels"


def _named(table: Table) -> tuple[str, str]:
    """What this file calls its commissioner and its month."""
    return (next(each for each in ("pct", "pct_id", "code") if each in table),
            next(each for each in ("month", "period") if each in table))


def _sifted(table: Table, *, once: bool = True) -> Sieve:
    """The table's rows with bodies that are no commissioners left out; refused where a month is given twice."""
    unit, month = _named(table)
    if once:
        refuse_duplicates(table, unit, month)
    sieve = Sieve(table)
    codes.sift(sieve, unit)
    sieve.require_some()
    return sieve


def _long(kept: Table, **columns: Any) -> pa.Table:
    unit, month = _named(kept)
    return observations(unit=kept.texts(unit), month=months_of(kept, month), source=SOURCE, **columns)


def _joined(*tables: pa.Table) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables(tables)


def _not_above(table: Table, part: str, whole: str) -> None:
    above = table.numbers(part, least=0) > table.numbers(whole, least=0) * (1 + 1e-9)
    table.refuse_rows(above, f"this is above {whole}, of which it is a part", "correct one of the two at the source",
                      column=part)


def _amino_acid(file: Published) -> Harvest:
    table = file.table
    _not_above(table, "aaf_cost", "all_cost")
    sieve = _sifted(table)
    kept = sieve.kept
    cost, whole = kept.numbers("aaf_cost", least=0), kept.numbers("all_cost", least=0)
    some = whole > 0
    shares = kept.keep(some)
    return Harvest({"observations": _joined(
        _long(kept, measure="aminoacidformula", numerator=cost, denominator=None),
        _long(shares, measure="aminoacidshare", numerator=cost[some], denominator=whole[some]))},
        len(table), len(kept), sieve.refusals,
        ("the denominator of the cost per 1,000 patients is the registered list, which is another file",))


def _co_proxamol(file: Published) -> Harvest:
    import pyarrow as pa

    table = file.table
    unit, month = _named(table)
    refuse_duplicates(table, unit, month, "BNFCode")
    table.numbers("TotalItems", least=0, whole=True)
    table.numbers("TotalCost", least=0)
    sieve = _sifted(table, once=False)
    kept = sieve.kept
    summed = pa.table({"unit": kept.texts(unit), "month": months_of(kept, month), "items": kept.numbers("TotalItems"),
                       "cost": kept.numbers("TotalCost")}).group_by(["unit", "month"], use_threads=False).aggregate(
        [("items", "sum"), ("cost", "sum")])
    both = [observations(measure=measure, unit=summed.column("unit"), month=summed.column("month").combine_chunks(),
                         numerator=summed.column(column).combine_chunks(), denominator=None, source=SOURCE)
            for measure, column in (("coproxamol", "items_sum"), ("coproxamolcost", "cost_sum"))]
    return Harvest({"observations": _joined(*both)}, len(table), len(kept), sieve.refusals,
                   (f"products of one commissioner and month were added up: {len(kept):,} rows became "
                    f"{summed.num_rows:,}",))


def _dementia(file: Published) -> Harvest:
    table = file.table
    sieve = _sifted(table)
    sieve.refuse(table.numbers("dementia_register", least=0) == 0, "the dementia register is empty",
                 column="dementia_register")
    kept = sieve.kept
    return Harvest({"observations": _long(
        kept, measure="dementiadrugs", numerator=kept.numbers("cost", least=0),
        denominator=kept.numbers("dementia_register", least=0, whole=True))},
        len(table), len(kept), sieve.refusals, ("the register is one figure for each commissioner over all months",))


def _list_sizes(file: Published) -> Harvest:
    import pyarrow as pa

    table = file.table
    everyone = table.numbers("total_list_size", least=0, whole=True)
    _not_above(table, "list_size_over_55", "total_list_size")
    sieve = _sifted(table, once=False)
    sieve.refuse(everyone == 0, "the list size is nought", column="total_list_size")
    kept = sieve.kept
    # Rows without a code repeat the month, and are out by now.
    unit, month = _named(table)
    refuse_duplicates(kept, unit, month)
    months = months_of(kept, month)
    groups = [pa.table({"unit": kept.texts(unit), "month": months, "group": pa.array([group] * len(kept)),
                        "persons": kept.numbers(column), "source": pa.array([SOURCE] * len(kept))})
              for group, column in (("all", "total_list_size"), ("over 55", "list_size_over_55"))]
    found = _joined(*groups).sort_by([("group", "ascending"), ("unit", "ascending"), ("month", "ascending")])
    return Harvest({"population": found}, len(table), len(kept), sieve.refusals)


def _sip_feeds(file: Published) -> Harvest:
    table = file.table
    sieve = _sifted(table)
    kept = sieve.kept
    return Harvest({"observations": _long(kept, measure="sipfeeds", numerator=kept.numbers("actual_cost", least=0),
                                          denominator=None)}, len(table), len(kept), sieve.refusals)


def _trimethoprim(file: Published) -> Harvest:
    table = file.table
    _not_above(table, "trimethoprim_items", "all_items")
    sieve = _sifted(table)
    sieve.refuse(table.numbers("all_items", least=0) == 0, "neither medicine was prescribed: the share is missing",
                 column="all_items")
    kept = sieve.kept
    return Harvest({"observations": _long(
        kept, measure="trimethoprim", numerator=kept.numbers("trimethoprim_items", least=0, whole=True),
        denominator=kept.numbers("all_items", least=0, whole=True))}, len(table), len(kept), sieve.refusals,
        ("the national Quality Premium began to reward a lower ratio in April 2017",))


def _vitamin_b(file: Published) -> Harvest:
    table = file.table
    sieve = _sifted(table)
    sieve.refuse(table.numbers("total_list_size", least=0) == 0, "the list size is nought", column="total_list_size")
    kept = sieve.kept
    return Harvest({"observations": _long(
        kept, measure="vitaminb", numerator=kept.numbers("items", least=0, whole=True),
        denominator=kept.numbers("total_list_size", least=0, whole=True) / 1_000)},
        len(table), len(kept), sieve.refusals)


def _declared(name: str, title: str, headings: tuple[str, ...], read: Callable[[Published], Harvest],
              gives: str = "observations") -> Importer:
    return Importer(name=name, title=title, headings=headings, gives=(gives,), read=read,
                    publisher="NHS Business Services Authority; NHS Digital (registered patients)",
                    licence=OPEN_GOVERNMENT,
                    next_release="closed series; later months are in the English Prescribing Dataset "
                                 "(opendata.nhsbsa.net)")


IMPORTERS = (
    _declared("amino-acid-formula", "Amino acid formula, items and cost by commissioning group and month",
              ("month|period", "pct|pct_id|code", "aaf_items", "aaf_cost", "all_items", "all_cost"), _amino_acid),
    _declared("co-proxamol", "Co-proxamol, items and cost by commissioning group, product and month",
              ("pct|pct_id|code", "month|period", "BNFCode", "BNFName", "TotalItems", "TotalCost"), _co_proxamol),
    _declared("dementia", "Dementia medicines and registers by commissioning group and month",
              ("month|period", "pct|pct_id|code", "dementia_register", "items", "cost"), _dementia),
    _declared("list-sizes", "Registered patients, all and over 55, by commissioning group and month",
              ("pct|pct_id|code", "month|period", "total_list_size", "list_size_over_55"), _list_sizes, "population"),
    _declared("sip-feeds", "Sip feeds, items and cost by commissioning group and month",
              ("month|period", "pct|pct_id|code", "items", "actual_cost"), _sip_feeds),
    _declared("trimethoprim", "Trimethoprim and nitrofurantoin, items by commissioning group and month",
              ("month|period", "pct|pct_id|code", "trimethoprim_items", "nitrofurantoin_items", "all_items"),
              _trimethoprim),
    _declared("vitamin-b", "Vitamin B complex, items and list by commissioning group and month",
              ("month|period", "pct|pct_id|code", "items", "total_list_size"), _vitamin_b),
)
