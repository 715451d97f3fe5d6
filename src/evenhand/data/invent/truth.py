"""What is really so in the invented county: which gaps are real, which programmes worked, and by how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evenhand.data.invent.county import FIRST, MERGED, MERGED_AT, OURS, County
from evenhand.data.invent.measures import (
    KINDS,
    LOOKS,
    PLACE_OF,
    REAL,
    SLIGHT,
    Kind,
    Truth,
    expected,
    weighted,
    with_the_merged,
)
from evenhand.data.invent.programmes import START, WATCHED_TO, Programme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

GAP_KINDS = {"real": "the body really lies on the worse side of the middle, by 5% or more",
             "slight": "it really lies 2% to 5% on the worse side: counted neither way",
             "one bad year": "the year was bad and the next was not: by itself the gap goes",
             "none": "nothing but chance"}


def gaps_truth(county: County, truth: Truth) -> list[dict[str, Any]]:
    """For each look, body and measure: the kind of gap, its true size, and how far above the middle it really lies.

    ``none`` is left out: every measure of a body that is not listed has no real gap.
    """
    import numpy as np

    over, under = (with_the_merged(each) for each in weighted(county, expected(county, truth)))
    weights = with_the_merged(weighted(county, np.ones_like(truth.done))[0])
    with_bad = with_the_merged(weighted(county, truth.bad_year)[0]) / weights
    found = []
    for look, first, last in LOOKS:
        months = slice(first, last + 1)
        places = bodies_at(county, first)
        n, d = over[:, :, months].sum(axis=2), under[:, :, months].sum(axis=2)
        values = n / d
        for code, u in _asked(county, first):
            for k, kind in enumerate(KINDS):
                middle = float(np.median(values[k, places]))
                above = _above(kind, float(values[k, u]), middle)
                bad = float(with_bad[k, u, months].mean())
                named = ("real" if above >= REAL else "one bad year" if bad >= REAL else
                         "slight" if above >= SLIGHT else "none")
                if named != "none":
                    size = abs(float(values[k, u]) - middle) * float(d[k, u])
                    found.append({"look": look, "from": str(FIRST.plus(first)), "to": str(FIRST.plus(last)),
                                  "unit": code, "measure": kind.name, "kind": named, "share_above": round(above, 4),
                                  "gap_a_year": round(size if above > 0 else -size, 1)})
    return found


def bodies_at(county: County, month: int) -> list[int]:
    """Which rows stand in a month: the neighbours, and the five or the one they became (the last row)."""
    everybody = list(range(len(county.commissioners) + 1))
    return everybody[:-1] if month < MERGED_AT else everybody[len(OURS):]


def _asked(county: County, month: int) -> list[tuple[str, int]]:
    if month < MERGED_AT:
        return [(code, at) for at, code in enumerate(OURS)]
    return [(MERGED, len(county.commissioners))]


def _above(kind: Kind, value: float, middle: float) -> float:
    """How far on the worse side, as a share of what nobody wants: the value, the shortfall, or what is not done."""
    if kind.good == "low":
        return value / middle - 1
    if kind.is_share:
        return (1 - value) / (1 - middle) - 1
    return middle / value - 1


def programmes_truth(county: County, truth: Truth, programmes: tuple[Programme, ...]) -> list[dict[str, Any]]:
    """For each programme: its kind, and the change it really made, in its first year, in the second, and in all.

    ``change`` is the share by which the numerator differs from what it would have been without it; ``averted`` the
    numerator that did not come about, over the two years.
    """
    done, _ = weighted(county, expected(county, truth))
    undone, _ = weighted(county, expected(county, truth, with_programmes=False))
    found = []
    for each in programmes:
        k, places = PLACE_OF[each.measure], [OURS.index(code) for code in each.of]

        def change(first: int, last: int, k: int = k, places: list[int] = places) -> float:
            months = slice(first, last + 1)
            return round(float(done[k, places][:, months].sum() / undone[k, places][:, months].sum()) - 1, 4)

        months = slice(START, WATCHED_TO + 1)
        averted = float((undone[k, places][:, months] - done[k, places][:, months]).sum())
        found.append({"id": each.id, "title": each.idea.title, "measure": each.measure, "of": list(each.of),
                      "start": str(FIRST.plus(START)), "kind": each.kind, "promised": -each.promised,
                      "change_first_year": change(START, START + 11),
                      "change_second_year": change(START + 12, WATCHED_TO), "change": change(START, WATCHED_TO),
                      "averted": round(averted, 1), "flagship": each.is_flagship})
    return found
