"""What a body's avoidable care is set against: the middle, the best tenth, all together, or the ten most like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from evenhand.data.tables import Table
from evenhand.find import peers_sums
from evenhand.find.avoidable_ages import Rated
from evenhand.find.peers_units import read_characteristics
from evenhand.stats import intervals
from evenhand.terms import refuse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

FEWEST_BODIES = 3
PEERS = 10


@dataclass(frozen=True)
class Beside:
    """What each body is set against and the range of that, shape (bodies,); not a number where there is nothing.

    ``usual`` is the level that a signal must clear: the same, or that of all together where the middle is nought.
    """

    middle: Floats
    low: Floats
    high: Floats
    usual: Floats


def alike(table: Table, units: Sequence[str]) -> Mapping[str, tuple[int, ...]]:
    """The ten bodies most like each, every characteristic counting the same, as places among ``units``.

    Raises:
        Refused: the table cannot be used, or holds fewer than three of the bodies.
    """
    import numpy as np

    table = _with_unit(table)
    there = {each.casefold(): at for at, each in enumerate(units)}
    names = table.texts("unit")
    known = [each for each in names if each.casefold() in there]
    if len(known) < FEWEST_BODIES:
        raise refuse("fewer than three of the bodies here are in the table of what bodies are like",
                     f"it names {', '.join(names[:3])}; the activity {', '.join(units[:3])}", file=table.name,
                     column="unit")
    read = read_characteristics(table, known[0], (), None, [each for each in names if each.casefold() not in there])
    places = [there[each.casefold()] for each in read.units]
    standard = peers_sums.standardised(read.values)
    equal = np.ones(standard.shape[1])
    found = {}
    for row, place in enumerate(places):
        distance = peers_sums.parts(standard, standard[row], equal).sum(axis=1)
        order = [at for at in np.argsort(distance, kind="stable").tolist() if at != row]
        found[units[place]] = tuple(places[at] for at in order[:PEERS])
    return found


def _with_unit(table: Table) -> Table:
    """The table with its column of bodies called ``unit``, as lists of practices call it otherwise."""
    if "unit" in table:
        return table
    named = next((each for each in ("practice", "code", "commissioner") if each in table), None)
    if named is None:
        table.require("unit")
        raise AssertionError("a missing column was refused")
    headings = ["unit" if each.strip().casefold() == named else each for each in table.columns]
    return Table(table.name, table.digest, table.arrow.rename_columns(headings), table.row_numbers)


def beside(rated: Rated, units: Sequence[str], against: str, confidence: float, per: float, amounts: Floats,
           years: Floats, peers: Mapping[str, tuple[int, ...]]) -> Beside:
    """What each body's rate is set against, with the range that chance leaves it; nothing below three bodies."""
    import numpy as np

    rate, count = rated.rate, len(units)
    known = np.flatnonzero(np.isfinite(rate))
    nothing = np.full(count, np.nan)
    if len(known) < FEWEST_BODIES:
        return Beside(nothing, nothing, nothing, nothing)
    if against == "peers":
        ends = np.full((3, count), np.nan)
        for at, unit in enumerate(units):
            theirs = [place for place in peers.get(unit, ()) if np.isfinite(rate[place])]
            if len(theirs) >= FEWEST_BODIES:
                ends[:, at] = _quantile(rate[theirs], 0.5, confidence)
        middle, low, high = ends
    else:
        if against == "all":
            held = np.isfinite(years) & (years > 0)
            whole = float(amounts[held].sum())
            low_count, high_count = (float(end[0]) for end in intervals.poisson(np.array([whole]), confidence))
            value = rated.together
            share = value / whole if whole > 0 else per / float(years[held].sum())
            found = (value, low_count * share, high_count * share)
        else:
            found = _quantile(rate[known], 0.5 if against == "median" else 0.1, confidence)
        middle, low, high = (np.full(count, each) for each in found)
    # Where most bodies have none, the middle is nought and a single admission would lie above it: all together instead.
    return Beside(middle, low, high, np.where(middle == 0, rated.together, middle))


def _quantile(rates: Floats, share: float, confidence: float) -> tuple[float, float, float]:
    import numpy as np

    ordered = np.sort(rates)
    value = float(np.quantile(ordered, share))
    first, last, _ = intervals.quantile_places(len(ordered), share, confidence)
    return value, min(float(ordered[first]), value), max(float(ordered[last]), value)
