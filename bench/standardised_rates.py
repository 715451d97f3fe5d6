"""Directly standardised rates, with their limits, of every practice of a country in every month of two years.

3 million rows of events and people by age: what two shared cores hold beside other work. To be 3 times as fast as
pandas over 100 million rows of activity, in under 1 GiB; ``find rates`` holds its table in memory and is not for those,
so that this shows how far off it is at a thirtieth of the size.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import chi2

from bench.measurement import Measurement, seconds
from evenhand.find import rates
from evenhand.find.standards import STANDARDS

PRACTICES, MONTHS, AGES = 6_500, 24, 19
PEOPLE = {"0-4": 5_000, "5-9": 5_500, "10-14": 5_500, "15-19": 5_500, "20-24": 6_000, "25-29": 6_000, "30-34": 6_500,
          "35-39": 7_000, "40-44": 7_000, "45-49": 7_000, "50-54": 7_000, "55-59": 6_500, "60-64": 6_000,
          "65-69": 5_500, "70-74": 5_000, "75-79": 4_000, "80-84": 2_500, "85-89": 1_500, "90+": 1_000}
"""European Standard Population 2013 (Eurostat 2013), as an analyst types it in."""


def written(path: Path) -> None:
    """Invented events and people by practice, month and age."""
    rng = np.random.default_rng(2013)
    rows = PRACTICES * MONTHS * AGES
    people = rng.integers(50, 600, rows)
    old = np.tile(np.linspace(0.005, 0.12, AGES), PRACTICES * MONTHS)
    pd.DataFrame({
        "practice": np.repeat([f"P{at:05d}" for at in range(PRACTICES)], MONTHS * AGES),
        "month": np.tile(np.repeat([f"{2024 + at // 12}-{at % 12 + 1:02d}" for at in range(MONTHS)], AGES), PRACTICES),
        "age_band": np.tile(list(PEOPLE), PRACTICES * MONTHS), "numerator": rng.poisson(people * old),
        "denominator": people}).to_parquet(path, index=False)


def by_pandas(path: Path) -> pd.DataFrame:
    """The same rates with Dobson's limits (Dobson and others 1991), over whole columns, as an analyst writes them."""
    table = pd.read_parquet(path)
    weight = table["age_band"].map(PEOPLE)
    share = weight / table["denominator"]
    table = table.assign(weight=weight, rate=share * table["numerator"], variance=share**2 * table["numerator"])
    sums = table.groupby(["practice", "month"], sort=False)[["numerator", "weight", "rate", "variance"]].sum()
    events, rate = sums["numerator"], sums["rate"] / sums["weight"]
    apart = np.sqrt(sums["variance"] / sums["weight"] ** 2 / events)
    found = pd.DataFrame({"value": rate * 100_000})
    for level in (0.95, 0.998):
        tail = (1 - level) / 2
        found[f"low {level}"] = (rate + apart * (chi2.ppf(tail, 2 * events) / 2 - events)) * 100_000
        found[f"high {level}"] = (rate + apart * (chi2.ppf(1 - tail, 2 * events + 2) / 2 - events)) * 100_000
    return found


def first_time() -> Measurement:
    """From a Parquet file to every rate with its limits, by us and by pandas, with the same figures."""
    assert sum(PEOPLE.values()) == sum(STANDARDS["esp2013"].people)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "counts.parquet"
        written(path)
        found = rates(str(path), method="direct", by=("practice", "month")).fields["rows"]
        told = [row["value"] for row in found]
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        theirs = by_pandas(path)["value"].to_numpy()
        shown = np.array([each is not None for each in told])
        assert shown.mean() > 0.99
        assert np.allclose(np.array(told, dtype=float)[shown], theirs[shown], rtol=1e-9), "pandas finds other rates"
        ours = seconds(lambda: rates(str(path), method="direct", by=("practice", "month")), times=3)
        otherwise = seconds(lambda: by_pandas(path), times=3)
    print(f"standardised rates: {most:.1f} GiB at the most, with writing the file", file=sys.stderr)
    return Measurement(f"standardised rates, {PRACTICES * MONTHS * AGES:,} rows", ours, otherwise,
                       "pandas over whole columns; same rates, no checks, no words")


if __name__ == "__main__":
    from bench.__main__ import row

    print(row(first_time()))
