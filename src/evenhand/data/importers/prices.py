"""What things cost: the Drug Tariff, the National Cost Collection, and price per dose."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.data.importers.importer import OPEN_GOVERNMENT, Harvest, Importer, Published, Sieve
from evenhand.terms import refuse

if TYPE_CHECKING:
    import pyarrow as pa

NOT_STATED = "not stated in the file"


def _prices(table: dict[str, Any], source: str, as_at: str) -> pa.Table:
    import pyarrow as pa

    count = len(table["code"])
    return pa.table({
        **{name: pa.array(table[name], pa.string()) for name in ("code", "name", "group", "pack")},
        "price": pa.array(table["price"], pa.float64()), "counted": pa.array(table["counted"], pa.float64()),
        "as_at": pa.array([as_at] * count, pa.string()), "source": pa.array([source] * count, pa.string())}).sort_by(
        [("group", "ascending"), ("code", "ascending"), ("name", "ascending"), ("pack", "ascending")])


def _tariff(file: Published) -> Harvest:
    """Basic prices in pounds a pack; the file has pence."""
    import numpy as np

    table = file.table
    sieve = Sieve(table)
    pence = table.numbers("basic_price_in_p", least=0, empty=np.nan)
    sieve.refuse(np.isnan(pence), "no price is given", column="basic_price_in_p")
    sieve.require_some()
    kept = sieve.kept
    packs = [f"{size} {unit}" for size, unit in zip(kept.texts("pack_size"), kept.texts("unit_of_measure"),
                                                    strict=True)]
    found = _prices({"code": kept.texts("vmpp_snomed_code"), "name": kept.texts("medicine"),
                     "group": kept.texts("drug_tariff_category"), "pack": packs,
                     "price": kept.numbers("basic_price_in_p") / 100, "counted": np.full(len(kept), np.nan)},
                    "drug-tariff", _month_in(file.name))
    return Harvest({"prices": found}, len(table), len(kept), sieve.refusals,
                   ("prices were pence a pack in the file and are pounds a pack here",))


def _costs(file: Published) -> Harvest:
    """Mean unit cost by department and currency, with how many were counted."""
    import numpy as np

    table = file.table
    activity, unit, cost = (table.numbers(each, least=0, empty=np.nan) for each in ("activity", "unit_cost", "cost"))
    sieve = Sieve(table)
    sieve.refuse(np.isnan(unit) | np.isnan(activity), "activity or unit cost is empty", column="unit_cost")
    with np.errstate(invalid="ignore"):
        off = np.abs(activity * unit - cost) > np.maximum(1.0, 0.005 * np.abs(cost))
    sieve.refuse(off, "activity times unit cost does not give the cost in the same row", column="cost")
    sieve.require_some()
    kept = sieve.kept
    found = _prices({"code": kept.texts("currency_code"), "name": kept.texts("currency_desc"),
                     "group": kept.texts("department_code"), "pack": ["one"] * len(kept),
                     "price": kept.numbers("unit_cost"), "counted": kept.numbers("activity")},
                    "national-cost-collection", _year_in(file.name))
    return Harvest({"prices": found}, len(table), len(kept), sieve.refusals,
                   ("average costs: what one more or one fewer would cost is another matter",))


def _doses(file: Published) -> Harvest:
    """Price per dose paid by one commissioner in one month, with the price that the cheapest tenth reach."""
    import numpy as np
    import pyarrow as pa

    table = file.table
    table.refuse_duplicates("bnf_code", "pct")
    sieve = Sieve(table)
    sieve.refuse([not each for each in table.texts("price_per_dose")], "no price is given", column="price_per_dose")
    flags = [each for each in table.columns if each.startswith("flag_")]
    for flag in flags:
        sieve.refuse([each not in ("", "0", "0.0") for each in table.texts(flag)],
                     f"flagged by the publisher as no real saving ({flag.removeprefix('flag_').replace('_', ' ')})",
                     column=flag)
    sieve.require_some()
    kept = sieve.kept
    paid, lowest = (kept.numbers(each, least=0) for each in ("price_per_dose", "lowest_decile"))
    quantity = kept.numbers("quantity", least=0)
    as_at = _month_in(file.name)
    names, codes, units = kept.texts("bnf_presentation"), kept.texts("bnf_code"), kept.texts("pct")
    tables = [_prices({"code": codes, "name": names, "group": [f"{what} {unit}" for unit in units],
                       "pack": ["one dose"] * len(kept), "price": price, "counted": quantity}, "price-per-dose", as_at)
              for what, price in (("paid by", paid), ("lowest tenth, set beside", lowest))]
    saved = float(np.maximum(kept.numbers("possible_savings"), 0).sum())
    return Harvest({"prices": pa.concat_tables(tables)}, len(table), len(kept), sieve.refusals,
                   (f"the publisher's possible savings on the rows kept add up to £{saved:,.0f}; they are headroom, "
                    "not money: some switches are no real alternative",))


def _month_in(name: str) -> str:
    found = re.search(r"(20\d\d)[_-]?(0[1-9]|1[0-2])(?!\d)", Path(name).name)
    return f"{found[1]}-{found[2]}" if found else NOT_STATED


def _year_in(name: str) -> str:
    found = re.search(r"(20\d\d)[_-](\d\d)(?!\d)", Path(name).name)
    if found is None:
        raise refuse("the file does not say of which year it is",
                     "put the year in its name, as in national_cost_collection_2024_25.csv", file=name)
    return f"{found[1]}/{found[2]}"


IMPORTERS = (
    Importer(name="drug-tariff", title="Basic prices of medicines (Drug Tariff, part VIIIA)",
             publisher="NHS Business Services Authority", licence=OPEN_GOVERNMENT,
             next_release="nhsbsa.nhs.uk, Drug Tariff part VIII, monthly",
             headings=("drug_tariff_category", "medicine", "pack_size", "unit_of_measure", "basic_price_in_p",
                       "vmpp_snomed_code"), gives=("prices",), read=_tariff),
    Importer(name="national-cost-collection", title="Unit costs by currency (National Cost Collection)",
             publisher="NHS England", licence=OPEN_GOVERNMENT,
             next_release="england.nhs.uk/costing-in-the-nhs, yearly",
             headings=("department_code", "currency_code", "currency_desc", "activity", "unit_cost", "cost"),
             gives=("prices",), read=_costs),
    Importer(name="price-per-dose", title="Price per dose by commissioner, and the cheapest tenth",
             publisher="NHS Business Services Authority, by way of OpenPrescribing", licence=OPEN_GOVERNMENT,
             next_release="closed series (September 2016); OpenPrescribing shows later months",
             headings=("bnf_code", "bnf_presentation", "pct", "lowest_decile", "quantity", "price_per_dose",
                       "possible_savings", "category", "formulation_swap"), gives=("prices",), read=_doses))
