"""Real decisions to stop or change services, and savings plans with figures, gathered by hand from public papers.

An empty field means that the source read did not say: it stays empty, and a reader sees "Not in the sources we hold".
"""

from __future__ import annotations

from evenhand.data.importers.importer import Harvest, Importer, Published, Sieve
from evenhand.data.organisations import organisations
from evenhand.data.tables import Table

DECISIONS = ("case_id", "commissioner", "commissioner_code", "successor_code", "year", "service", "kind", "proposal",
             "options", "engagement", "responses", "result", "saving_or_spend", "decision", "scrutiny_or_challenge",
             "what_followed", "source_url")
PLANS = ("commissioner", "commissioner_code", "period", "scheme_or_theme", "plan_gbp_k", "actual_or_forecast_gbp_k",
         "basis", "note", "source_url")


def _sifted(table: Table) -> Sieve:
    sieve = Sieve(table)
    listing = organisations()
    codes = table.texts("commissioner_code")
    sieve.refuse([not code for code in codes], "the commissioner code is empty", column="commissioner")
    sieve.refuse([any(each.strip() not in listing for each in code.split(";")) for code in codes],
                 "the code is not a commissioning group", column="commissioner_code")
    sieve.refuse([not each for each in table.texts("source_url")],
                 "no source is given, and nothing about a real body is kept without one", column="commissioner")
    return sieve


def _read_decisions(file: Published) -> Harvest:
    import pyarrow as pa

    table = file.table
    table.refuse_duplicates("case_id")
    sieve = _sifted(table)
    sieve.require_some()
    kept = sieve.kept
    found = pa.table({column: kept.texts(column) for column in DECISIONS}).sort_by("case_id")
    return Harvest({"decisions": found}, len(table), len(kept), sieve.refusals,
                   ("an empty field means that the source read did not say, not that there was none",))


def _read_plans(file: Published) -> Harvest:
    import math

    import pyarrow as pa

    table = file.table
    table.refuse_duplicates("commissioner_code", "period", "scheme_or_theme")
    sieve = _sifted(table)
    sieve.require_some()
    kept = sieve.kept
    columns = {column: kept.texts(column) for column in PLANS if not column.endswith("_gbp_k")}
    pounds = {name: [None if math.isnan(each) else each * 1_000 for each in kept.numbers(column, empty=math.nan)]
              for name, column in (("plan_pounds", "plan_gbp_k"), ("seen_pounds", "actual_or_forecast_gbp_k"))}
    found = pa.table({**columns, **{name: pa.array(each, pa.float64()) for name, each in pounds.items()}})
    return Harvest({"savings_plans": found}, len(table), len(kept), sieve.refusals,
                   ("plans and results are as reported at the time, not audited",))


IMPORTERS = (
    Importer(name="decisions", title="Real decisions to stop or change services",
             publisher="gathered by hand from board papers, consultation reports and the press", licence="facts",
             next_release="add a row with its source", headings=DECISIONS, gives=("decisions",), read=_read_decisions),
    Importer(name="savings-plans", title="Savings plans of commissioners, planned and reported",
             publisher="gathered by hand from board papers", licence="facts", next_release="add a row with its source",
             headings=PLANS, gives=("savings_plans",), read=_read_plans),
)
