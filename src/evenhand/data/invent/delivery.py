"""What was promised and seen month by month, the flagship's staff and stranded cost, and who is paid on which terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from evenhand.data.invent.activity import PRICES, pods
from evenhand.data.invent.county import COMMUNITY, FIRST, HOSPITAL, INFIRMARY, MERGED, OURS, County
from evenhand.data.invent.measures import (
    BY_NAME,
    PLACE_OF,
    Figures,
    Truth,
    expected,
    weighted,
)
from evenhand.data.invent.people import Person
from evenhand.data.invent.programmes import START, WATCHED_TO, Programme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STAFF = 40.0
RELEASED = (0.3, 0.55)
"""Share of a spared admission's price that the hospital stops spending: in the first year, and after it."""
BENEFITS = ("benefit", "owner", "unit", "month", "promised", "seen")
FLAGSHIP = ("month", "staff_in_post", "staff_planned", "patients_moved", "income_lost", "cost_released",
            "stranded_cost")


def benefits(programmes: Sequence[Programme], figures: Figures, people: Sequence[Person],
             rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    """Promised and seen, as ``evenhand deliver benefits`` reads it.

    Seen is reckoned as boards do: the same month of the year before the start, less the month itself. So a bad year
    that passed looks like a benefit here.
    """
    owners = [each.name for each in people if each.role == "programme office"]
    for at, each in enumerate(programmes):
        k, places = PLACE_OF[each.measure], [OURS.index(code) for code in each.of]
        kind = BY_NAME[each.measure]
        over = figures.numerator[k, places].sum(axis=0)
        under = figures.denominator[k, places].sum(axis=0)
        owner = "" if rng.random() < 0.15 else owners[at % len(owners)]
        for month in range(START, WATCHED_TO + 1):
            same = START - 12 + (month - START) % 12
            usual = float(over[same] / under[same] * under[month])
            seen: Any = "" if rng.random() < 0.05 else round(usual - float(over[month]), 1)
            yield (f"{each.idea.title}: {kind.title.lower()} spared", owner, "£" if kind.price else kind.counted,
                   FIRST.plus(month), round(usual * each.promised, 1), seen)


def flagship(county: County, truth: Truth, programme: Programme) -> Iterator[tuple[Any, ...]]:
    """Capacity first, then patients, then cost: true figures of every month.

    A spared admission costs the hospital its price at once; what it stops spending comes later and is less. The
    difference is stranded until beds and staff follow.
    """
    moved = patients_moved(county, truth, programme)
    in_post = programme.capacity() * STAFF
    for month in range(START - 12, WATCHED_TO + 1):
        lost = float(moved[month]) * PRICES["emergency admission"]
        released = lost * RELEASED[int(month >= START + 12)]
        yield (FIRST.plus(month), round(float(in_post[month]), 1), STAFF if month >= START - 1 else 0.0,
               round(float(moved[month]), 1), round(lost), round(released), round(lost - released))


def patients_moved(county: County, truth: Truth, programme: Programme) -> Floats:
    """Admissions that did not come about because of the flagship, by month, all bodies together (shape months)."""
    places = [OURS.index(code) for code in programme.of]
    k = PLACE_OF[programme.measure]
    done, _ = weighted(county, expected(county, truth))
    undone, _ = weighted(county, expected(county, truth, with_programmes=False))
    found: Floats = (undone[k, places] - done[k, places]).sum(axis=0)
    return found


def flagship_truth(county: County, truth: Truth, programme: Programme) -> dict[str, Any]:
    """The flagship's sums over the two years."""
    rows = list(flagship(county, truth, programme))
    return {"staff": STAFF, "patients_moved": round(sum(row[3] for row in rows), 1),
            "income_lost": sum(row[4] for row in rows), "cost_released": sum(row[5] for row in rows),
            "stranded_cost": sum(row[6] for row in rows)}


def contracts(county: County, figures: Figures) -> Iterator[tuple[str, dict[str, Any]]]:
    """Three contracts of the last year before the merger: per case with a cap and collar, blended, and block."""
    named = {each.code: each.name for each in county.providers}
    year = slice(WATCHED_TO - 11, WATCHED_TO + 1)
    planned = {pod: round(float(figures.numerator[k, :len(OURS), year].sum()) * 0.98, -2) for k, pod in pods()}
    hospital = ("emergency admission", "accident and emergency", "first outpatient", "follow-up outpatient",
                "planned stay", "day case")
    for code, share, terms in ((HOSPITAL, 0.72, "cap and collar"), (INFIRMARY, 0.28, "blended"),
                               (COMMUNITY, 1.0, "block")):
        lines = hospital if code != COMMUNITY else ("community contact",)
        rows: list[dict[str, Any]] = [
            {"point_of_delivery": pod, "planned": round(planned[pod] * share), "price": PRICES[pod]} for pod in lines]
        whole = round(sum(row["planned"] * row["price"] for row in rows))
        settings: dict[str, Any] = {
            "cap and collar": {"cap": 1.02, "collar": 0.98}, "blended": {"fixed_share": 0.8, "marginal_rate": 0.5},
            "block": {}}[terms]
        yield f"{code.lower()}.json", {
            "title": f"Invented county: {named[code]}, {FIRST.plus(WATCHED_TO).financial_year}", "provider": code,
            "commissioners": list(OURS), "passes_to": MERGED, "from": str(FIRST.plus(WATCHED_TO - 11)),
            "to": str(FIRST.plus(WATCHED_TO)), "terms": terms, **settings, "planned_pounds": whole, "lines": rows}
