"""Five oral anticoagulants by sub-ICB location and month, October 2017 to September 2022."""

from __future__ import annotations

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
    vintage_of,
)
from evenhand.terms.words import counted

SOURCE = "anticoagulants"
_SHARES = {"Apixaban": "apixabanshare", "Dabigatran etexilate": "dabigatranshare", "Edoxaban": "edoxabanshare",
           "Rivaroxaban": "rivaroxabanshare", "Warfarin sodium": "warfarinshare"}


def _read(file: Published) -> Harvest:
    """Shares of items and cost per 1,000 patients, for the months in which all five are there."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table = file.table
    refuse_duplicates(table, "date", "chemical", "ods_code")
    sieve = Sieve(table)
    codes.sift(sieve, "ods_code")
    sieve.refuse([each not in _SHARES for each in table.texts("chemical")], "this is none of the five medicines",
                 column="chemical")
    sieve.refuse(table.numbers("total_list_size", least=0) == 0, "the list size is nought", column="ods_code")
    sieve.require_some()
    kept = sieve.kept
    months = months_of(kept, "date")
    rows = pa.table({"unit": kept.texts("ods_code"), "month": months,
                     "measure": [_SHARES[each] for each in kept.texts("chemical")],
                     "items": kept.numbers("items", least=0), "cost": kept.numbers("actual_cost", least=0),
                     "list": kept.numbers("total_list_size")})
    sums = rows.group_by(["unit", "month"], use_threads=False).aggregate(
        [("items", "sum"), ("cost", "sum"), ("list", "max"), ("items", "count")])
    whole = sums.filter(pc.equal(sums.column("items_count"), len(_SHARES)))
    joined = rows.join(whole, ["unit", "month"], join_type="inner", use_threads=False).combine_chunks()
    vintage = vintage_of(months)
    shares = observations(measure=joined.column("measure"), unit=joined.column("unit"),
                          month=joined.column("month").combine_chunks(),
                          numerator=joined.column("items").combine_chunks(),
                          denominator=joined.column("items_sum").combine_chunks(), source=SOURCE, vintage=vintage)
    cost = observations(measure="anticoagulantcost", unit=whole.column("unit"),
                        month=whole.column("month").combine_chunks(),
                        numerator=whole.column("cost_sum").combine_chunks(),
                        denominator=pc.divide(whole.column("list_max").combine_chunks(), 1_000.0), source=SOURCE,
                        vintage=vintage)
    short = sums.num_rows - whole.num_rows
    remarks = ["costs are at list price: confidential national rebates are not in them"]
    if short:
        remarks.append(f"{counted(short, 'month')} of a location without one of the five medicines: no share is given "
                       "there, for the whole would be too small")
    return Harvest({"observations": pa.concat_tables([shares, cost])}, len(table), len(kept), sieve.refusals,
                   tuple(remarks))


IMPORTERS = (Importer(
    name=SOURCE, title="Oral anticoagulants by sub-ICB location and month",
    publisher="NHS Business Services Authority, by way of OpenPrescribing; collected by the National Institute for "
              "Health and Care Excellence", licence=f"{OPEN_GOVERNMENT} (collection MIT)",
    next_release="closed series; later months from OpenPrescribing by chemical (openprescribing.net)",
    headings=("date", "chemical", "ods_code", "items", "quantity", "actual_cost", "total_list_size"),
    gives=("observations",), read=_read),)
