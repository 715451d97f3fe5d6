"""Cancer: how many were treated within 62 days of being referred, by trust and month."""

from __future__ import annotations

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

OVER = "cancer-over-62-days"
_HEADINGS = ("metric", "period_date|period_month", "org_code", "total_patients", "within_62d", "breached_62d")


def _read(file: Published) -> Harvest:
    """Patients may count as halves: where two trusts share one, each has half."""
    import numpy as np

    table = long.renamed(file.table, _HEADINGS)
    metrics = {each for each in table.texts("metric") if each}
    sieve = Sieve(table)
    totals = np.array([each.casefold() in ("total", "england") for each in table.texts("org_code")], dtype=bool)
    long.sift(sieve, "org_code", long.PROVIDER, "an organisation")
    sieve.refuse([each != "62d_combined" for each in table.texts("metric")], "this is no count of the combined 62-day "
                 "standard", column="metric")
    read = {each: long.figures(table, each) for each in _HEADINGS[3:]}
    whole, within, over = (read[each].values for each in _HEADINGS[3:])
    sieve.refuse(~read["total_patients"].there | ~read["breached_62d"].there, "a figure is missing or held back",
                 column="org_code")
    long.not_above(table, "breached_62d", over, "total_patients", whole)
    table.refuse_rows(np.abs(within + over - whole) > 1e-6, "patients within and over 62 days do not add up to all",
                      "correct it at the source", column="total_patients")
    sieve.refuse(whole == 0, "nobody was treated that month: the share is missing, not nought", column="org_code")
    sieve.require_some()
    kept, mask = sieve.kept, sieve.mask
    refuse_duplicates(kept, "period_date", "org_code")
    said = long.total_remarks(table, totals, mask, {"total_patients": whole, "breached_62d": over})
    months = long.months_in(kept, "period_date")
    found = observations(measure=OVER, unit=kept.texts("org_code"), month=months, numerator=over[mask],
                         denominator=whole[mask], source="cancer-62-days", vintage=vintage_of(months))
    remarks = [*said, "a patient whom two trusts share counts as half for each"]
    if len(metrics) > 1:
        remarks.append("only the combined 62-day standard is read")
    return Harvest({"observations": found}, len(table), len(kept), sieve.refusals, tuple(remarks))


IMPORTERS = (Importer(
    name="cancer-62-days", title="Cancer treatment within 62 days of referral by trust and month",
    publisher="NHS England, collected in nhs-cancer-waiting-times-pipeline", licence=OPEN_GOVERNMENT,
    next_release="NHS England, cancer waiting times, monthly provider-based workbooks "
                 "(england.nhs.uk/statistics/statistical-work-areas/cancer-waiting-times)",
    headings=_HEADINGS, gives=("observations",), read=_read, fits=long.headed(_HEADINGS)),)
