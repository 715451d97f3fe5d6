"""A further question about a country, from what the load kept: every measure of one body against other peers.

England-sized: 106 commissioners, 24 measures, 60 months, from ``data invent --size england``. To be 50 times as
fast as pandas and under a second. The load reads and checks the file once; an analyst's script reads it every time.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import cycle
from pathlib import Path

import numpy as np
import pandas as pd

from bench.measurement import Measurement, seconds
from evenhand.data import engine
from evenhand.data.invent import write_region
from evenhand.data.load import load
from evenhand.find import gaps
from evenhand.region.folder import open_folder
from evenhand.region.own import bodies_of
from evenhand.terms import Month

OF, FIRST, LAST = "ZM10", "2030-04", "2031-03"


def by_pandas(path: Path, peers: list[str]) -> pd.Series:
    """The same gaps without ranges, odds or remarks, as an analyst works them out from the file."""
    table = pd.read_csv(path)
    year = table[table["month"].between(FIRST, LAST)]
    sums = year.groupby(["measure", "unit"])[["numerator", "denominator"]].agg({
        "numerator": "sum", "denominator": "sum"})
    value = (sums["numerator"] / sums["denominator"]).unstack()
    return value[OF] - value[peers].median(axis=1)


def other_peers() -> Measurement:
    """Other peers each time, so that no answer is there already."""
    with tempfile.TemporaryDirectory() as folder:
        region, workspace = Path(folder) / "region", Path(folder) / "workspace"
        write_region(region, size="england", seed=1)
        path = region / "figures" / "observations.csv.gz"
        load([path], workspace, bodies=bodies_of(open_folder(region)))
        panel = engine.observations(workspace, first=Month.parsed(FIRST).plus(-12), last=Month.parsed(LAST))
        units = sorted(set(panel["unit"].to_pylist()) - {OF, "ZM01", "ZM02", "ZM03", "ZM04", "ZM05"})
        rng = np.random.default_rng(10)
        peers = cycle([sorted(rng.choice(units, 10, replace=False).tolist()) for _ in range(100)])

        def ours() -> object:
            held = engine.observations(workspace, first=Month.parsed(FIRST).plus(-12), last=Month.parsed(LAST))
            return gaps(held, of=OF, against="peers", peers=tuple(next(peers)), from_month=FIRST, to_month=LAST,
                        direction="low")

        taken, otherwise = seconds(ours), seconds(lambda: by_pandas(path, next(peers)))
    print("further question: pandas gives differences only; ours with ranges, odds, ranks and trends", file=sys.stderr)
    return Measurement("a further question, England's commissioners", taken, otherwise,
                       "pandas from the file each time: differences only")


if __name__ == "__main__":
    from bench.__main__ import row

    print(row(other_peers()))
