"""What practices and commissioners prescribed, by presentation or section, as published."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from evenhand.data.importers.importer import OPEN_GOVERNMENT, Harvest, Importer, Published, Sieve, months_of
from evenhand.data.importers.names import codes_of

if TYPE_CHECKING:
    import pyarrow as pa

PRACTICE = re.compile(r"[A-Z][0-9]{5}")
NOBODY = "no practice wrote these items, or none that is told"


def rows(*, unit: Any, month: Any, code: Any, name: Any, items: Any, quantity: Any, cost: Any, source: str) -> pa.Table:
    """The long table of prescribing: pounds actually paid, items, and quantity in the presentation's own units."""
    import pyarrow as pa

    count = len(month)
    found = pa.table({
        "unit": pa.array(unit, pa.string()), "month": month, "code": pa.array(code, pa.string()),
        "name": pa.array(name, pa.string()), "items": pa.array(items, pa.float64()),
        "quantity": pa.nulls(count, pa.float64()) if quantity is None else pa.array(quantity, pa.float64()),
        "cost": pa.array(cost, pa.float64()), "source": pa.array([source] * count, pa.string())})
    keys = ["unit", "month", "code", "name", "source"]
    summed = found.group_by(keys, use_threads=False).aggregate(
        [("items", "sum"), ("quantity", "sum"), ("cost", "sum")]).rename_columns([*keys, "items", "quantity", "cost"])
    return summed.sort_by([(each, "ascending") for each in ("unit", "month", "code", "name")])


def _dataset(file: Published) -> Harvest:
    """The English Prescribing Dataset: one row for each practice, presentation and quantity; summed over quantities."""
    table = file.table
    sieve = Sieve(table)
    practices, codes = table.texts("PRACTICE_CODE"), table.texts("BNF_CODE")
    sieve.refuse([each in ("", "-") for each in practices], NOBODY, column="PRACTICE_CODE")
    sieve.refuse([not PRACTICE.fullmatch(each) for each in practices],
                 "the code is no practice: clinics, hospices and services prescribe under codes of their own",
                 column="PRACTICE_CODE")
    sieve.refuse([not each for each in codes], "the medicine has no code", column="BNF_CODE")
    sieve.require_some()
    kept = sieve.kept
    found = rows(unit=kept.texts("PRACTICE_CODE"), month=months_of(kept, "YEAR_MONTH"), code=kept.texts("BNF_CODE"),
                 name=kept.texts("BNF_DESCRIPTION"), items=kept.numbers("ITEMS", least=0),
                 quantity=kept.numbers("TOTAL_QUANTITY", least=0), cost=kept.numbers("ACTUAL_COST", least=0),
                 source="prescribing-dataset")
    return Harvest({"prescribing": found}, len(table), len(kept), sieve.refusals,
                   ("rows of one practice and presentation that differ only in quantity were added up",))


def _sections(file: Published) -> Harvest:
    """Items and cost by section of the formulary and month, for commissioners that are named, not coded."""
    table = file.table
    table.refuse_duplicates("date", "BNF_Section_Code", "BNF_Section", "Area")
    names = table.texts("Area")
    matches = codes_of(names)
    sieve = Sieve(table)
    sieve.refuse([each not in matches for each in names], "no commissioning group in the lists has this name",
                 column="Area", remedy="load a list of organisations that has it")
    sieve.require_some()
    kept = sieve.kept
    found = rows(unit=[matches[each].code for each in kept.texts("Area")], month=months_of(kept, "date"),
                 code=kept.texts("BNF_Section_Code"), name=kept.texts("BNF_Section"),
                 items=kept.numbers("items", least=0), quantity=None, cost=kept.numbers("actual_cost", least=0),
                 source="prescribing-sections")
    return Harvest({"prescribing": found}, len(table), len(kept), sieve.refusals)


_BUSINESS = "NHS Business Services Authority"
IMPORTERS = (
    Importer(
        name="prescribing-dataset", title="Presentations by practice and month (English Prescribing Dataset)",
        publisher=_BUSINESS, licence=OPEN_GOVERNMENT,
        next_release="NHS Business Services Authority open data portal (opendata.nhsbsa.net), monthly",
        headings=("YEAR_MONTH", "PRACTICE_CODE", "BNF_CODE", "BNF_DESCRIPTION", "ITEMS", "TOTAL_QUANTITY", "NIC",
                  "ACTUAL_COST", "PCO_CODE", "QUANTITY", "ADQUSAGE", "PRACTICE_NAME", "POSTCODE"),
        gives=("prescribing",), read=_dataset),
    Importer(
        name="prescribing-sections", title="Prescribing by section of the formulary, commissioner and month",
        publisher=f"{_BUSINESS}, collected by West Sussex County Council's public health team",
        licence=OPEN_GOVERNMENT, next_release="closed extract; later months from the English Prescribing Dataset",
        headings=("date", "BNF_Section", "BNF_Section_Code", "items", "actual_cost", "Area"),
        gives=("prescribing",), read=_sections))
