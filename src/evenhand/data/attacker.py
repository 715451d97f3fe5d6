"""A reader who puts together all that was ever said about some counts, and finds how little each hidden one can vary.

Whatever is released says something linear of the true counts: a count shown lies between two bounds, a hidden one
within the rule's, parts add up to their total, a share written to so many decimals holds its numerator near its
denominator, a ranking puts one count above another. The least and the most that a count can be are two linear
programmes over all of it together (Willenborg and de Waal 2001, Elements of Statistical Disclosure Control, chapter 1;
Fischetti and Salazar-González 2001, Management Science 47:1008-1027). Nothing here knows the true counts.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evenhand.data.suppression import Regime


class Impossible(ValueError):
    """No counts at all fit what was said: two releases contradict each other."""


@dataclass(frozen=True)
class Said:
    """That a weighted sum of counts lies between ``low`` and ``high``."""

    terms: Mapping[Hashable, float]
    low: float
    high: float


def shown(cell: Hashable, count: int, regime: Regime) -> Said:
    """A count stands in a table as the regime rounds it."""
    return Said({cell: 1.0}, *map(float, regime.known(count)))


def hidden(cell: Hashable, regime: Regime, *, small: bool | None = None) -> Said:
    """A count is hidden; ``small`` says what the reader knows of why: for being small, for protecting, or neither."""
    if small is None:
        return Said({cell: 1.0}, regime.least, math.inf)
    return Said({cell: 1.0}, regime.least, regime.most) if small else Said({cell: 1.0}, regime.most + 1, math.inf)


def adds_up(parts: Iterable[Hashable], total: Hashable, *, all_listed: bool = True) -> Said:
    """Parts add up to a total, or to no more than it where some are not listed."""
    terms: dict[Hashable, float] = dict.fromkeys(parts, -1.0)
    terms[total] = terms.get(total, 0.0) + 1
    return Said(terms, 0, 0 if all_listed else math.inf)


def share(part: Hashable, whole: Hashable, value: float, *, decimals: int) -> tuple[Said, Said]:
    """A share of two true counts, as a fraction rounded to so many decimals (a whole per cent has two)."""
    half = 0.5 * 10.0 ** -decimals
    return (Said({part: 1.0, whole: -(value + half)}, -math.inf, 0),
            Said({part: 1.0, whole: half - value}, 0, math.inf))


def ranked(cells: Sequence[Hashable]) -> tuple[Said, ...]:
    """Counts stand in this order, the largest first; equal ones may stand either way."""
    return tuple(Said({more: 1.0, less: -1.0}, 0, math.inf) for more, less in itertools.pairwise(cells))


def bounds(said: Sequence[Said], cells: Iterable[Hashable], *,
           whole: bool = True) -> dict[Hashable, tuple[float, float]]:
    """The least and the most that each of these counts can be, given everything said.

    Args:
        said: all statements, of all releases.
        cells: the counts to attack.
        whole: counts of people are whole, and the reader knows it; without it the programmes are quicker and the
            ranges at least as wide.

    Returns:
        For each cell its least and most; the most is infinite where nothing bounds it.

    Raises:
        Impossible: no counts fit all that was said.

    Source: Willenborg and de Waal (2001), chapter 1.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    place: dict[Hashable, int] = {}
    for each in said:
        for cell in each.terms:
            place.setdefault(cell, len(place))
    low, high = np.zeros(len(place)), np.full(len(place), np.inf)
    ties = []
    for each in said:
        if len(each.terms) == 1 and next(iter(each.terms.values())) == 1:
            at = place[next(iter(each.terms))]
            low[at], high[at] = max(low[at], each.low), min(high[at], each.high)
        else:
            ties.append(each)
    rows = [(row, place[cell], weight) for row, each in enumerate(ties) for cell, weight in each.terms.items()]
    constraints: Any = ()
    if ties:
        where = ([row for row, _, _ in rows], [at for _, at, _ in rows])
        matrix = csr_array(([weight for _, _, weight in rows], where), shape=(len(ties), len(place)))
        constraints = LinearConstraint(matrix, [each.low for each in ties], [each.high for each in ties])
    if (low > high).any():
        raise Impossible("one count was said to be two different things")
    found: dict[Hashable, tuple[float, float]] = {}
    for cell in cells:
        if cell not in place:
            found[cell] = (0.0, math.inf)
            continue
        ends = []
        for sign in (1.0, -1.0):
            cost = np.zeros(len(place))
            cost[place[cell]] = sign
            solved = milp(cost, integrality=np.full(len(place), int(whole)), bounds=Bounds(low, high),
                          constraints=constraints)
            if solved.status == 2 or (solved.x is None and sign > 0):
                raise Impossible("what was said contradicts itself")
            end = math.inf if solved.x is None else float(solved.x[place[cell]])
            ends.append(float(round(end)) if whole and math.isfinite(end) else end)
        found[cell] = (ends[0], ends[1])
    return found


def given_away(said: Sequence[Said], cells: Iterable[Hashable], *,
               width: float) -> dict[Hashable, tuple[float, float]]:
    """Those of the cells that can be narrowed to a range smaller than ``width``, with the range."""
    return {cell: (low, high) for cell, (low, high) in bounds(said, cells).items() if high - low < width}
