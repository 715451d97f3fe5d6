"""Synthetic control with weights of predictors and every placebo: 39 units, 31 years, 7 predictors, as in the textbook
case. To be 20 times as fast as pysyncon, with the same answer.

pysyncon is no part of this project. Where the environment variable EVENHAND_BENCH_PYTHON names a Python that has it
(``python -m venv``, ``pip install pysyncon``), it is run there. It takes half a minute a unit, so that the first stands
for all 39. Both are timed in seconds of the processor.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import numpy as np
from numpy.typing import NDArray

from bench.measurement import Measurement
from evenhand.evaluate.synthetic_weights import nested, scaled

UNITS, YEARS, BEFORE, COMPARED = 39, 31, 19, 1
WORSE_BY_AT_MOST = 1.01  # the search ends within a hundredth of the same squared gap, or below it

THEIRS = """
import json, sys, time
import numpy as np, pandas as pd
from pysyncon import Synth
given = json.load(sys.stdin)
found, started = [], time.process_time()
for predictors, outcomes in given:
    x, z = pd.DataFrame(predictors), pd.DataFrame(outcomes)
    one = Synth()
    one.fit(X0=x.iloc[:, 1:], X1=x.iloc[:, 0], Z0=z.iloc[:, 1:], Z1=z.iloc[:, 0])
    found.append(one.loss_V)
print(json.dumps([time.process_time() - started, found]))
"""


def panel() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """An invented panel: predictors (7 x 39) and outcomes before the start (19 x 39); units share three movements."""
    rng = np.random.default_rng(1989)
    loads = rng.dirichlet(np.ones(3), UNITS)
    movements = 110 + np.cumsum(rng.normal(-0.5, 3, size=(YEARS, 3)), axis=0) + rng.normal(0, 25, 3)
    outcomes = (movements @ loads.T + rng.normal(0, 1.5, size=(YEARS, UNITS)))[:BEFORE]
    traits = loads @ rng.normal(size=(3, 4)) + rng.normal(0, 0.1, size=(UNITS, 4))
    return np.vstack([traits.T, outcomes[[5, 10, 18]]]), outcomes


def ours(predictors: NDArray[np.float64], outcomes: NDArray[np.float64], units: int) -> list[float]:
    """Each of the first units in turn as the treated one, the first left out of the others' donors; squared gaps."""
    losses = []
    for columns in turns(units):
        own = outcomes[:, columns]
        weights = nested(scaled(predictors[:, columns]), own).weights
        losses.append(float(((own[:, 0] - own[:, 1:] @ weights) ** 2).mean()))
    return losses


def turns(units: int) -> list[list[int]]:
    """The columns of each fit, the treated unit of it first."""
    first = [list(range(UNITS))]
    return first + [[unit, *(each for each in range(1, UNITS) if each != unit)] for unit in range(1, units)]


def all_placebos() -> Measurement | None:
    """Every placebo by us; the first few by pysyncon, times as many as there are."""
    other = os.environ.get("EVENHAND_BENCH_PYTHON")
    if not other:
        print("synthetic control: not measured (EVENHAND_BENCH_PYTHON names no Python with pysyncon)", file=sys.stderr)
        return None
    predictors, outcomes = panel()
    ours(predictors, outcomes, 1)
    start = time.process_time()
    losses = ours(predictors, outcomes, UNITS)
    taken = time.process_time() - start
    given = json.dumps([[predictors[:, columns].tolist(), outcomes[:, columns].tolist()]
                        for columns in turns(COMPARED)])
    run = subprocess.run([other, "-c", THEIRS], input=given, capture_output=True, text=True, check=True)
    seconds, theirs = json.loads(run.stdout)
    worse = [place for place, (a, b) in enumerate(zip(losses, theirs, strict=False)) if a > b * WORSE_BY_AT_MOST]
    assert not worse, f"our fit of units {worse} is worse: {losses[:COMPARED]} beside {theirs}"
    return Measurement(f"synthetic control, {UNITS} units, all placebos", taken, seconds * UNITS / COMPARED,
                       f"pysyncon ({COMPARED} of {UNITS} fits, times {UNITS / COMPARED:g}); our fit is as good")
