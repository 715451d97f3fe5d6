"""What was promised and seen month by month, the flagship's staff and stranded cost, and who is paid on which terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from evenhand.data.invent.activity import PRICES, split_ours
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
MILESTONES = ("programme", "milestone", "owner", "due", "done")
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


def milestones(programmes: Sequence[Programme], people: Sequence[Person],
               rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    """What had to happen, by when, and when it did: what is needed first comes first, and some of it comes late."""
    owners = [each.name for each in people if each.role == "programme office"]
    seen_to = FIRST.plus(WATCHED_TO)
    for at, each in enumerate(programmes):
        owner = owners[at % len(owners)]
        steps = _flagship_steps() if each.is_flagship else (
            (each.idea.needed_first, START - 1, int(rng.integers(-1, 3))), ("Begun", START, int(rng.integers(0, 3))),
            ("Looked at with those who may lose", START + 6, int(rng.integers(0, 5))),
            ("Looked at after a year", START + 12, int(rng.integers(0, 3))),
            ("What came of it is published", WATCHED_TO + 3, 0))
        for what, due, late in steps:
            done = FIRST.plus(due + late)
            yield each.idea.title, what, owner, FIRST.plus(due), "" if done.index > seen_to.index else done


def _flagship_steps() -> tuple[tuple[str, int, int], ...]:
    """Capacity first, then patients, then beds: as the flagship's own months have it."""
    return (("Half of the forty nurses and therapists in post", START - 4, 0),
            ("All forty nurses and therapists in post and trained", START - 1, 0),
            ("The first patients looked after at home instead", START, 0),
            ("As many patients a month as meant", START + 5, 0),
            ("The first ward closed, twenty beds", START + 12, 0),
            ("The second ward closed, eighteen beds", START + 20, 6),
            ("Looked at by the council's scrutiny committee", START + 18, 1),
            ("What came of it is published", WATCHED_TO + 3, 0))


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


def contracts(county: County, figures: Figures, rng: np.random.Generator) -> Iterator[tuple[str, dict[str, Any]]]:
    """Three contracts of the last year before the merger: per case with a cap and collar, blended, and block.

    What is planned is what was done the year before, to the next ten. ``rng`` is the one that activity is drawn with.
    """
    named = {each.code: each.name for each in county.providers}
    before = slice(WATCHED_TO - 23, WATCHED_TO - 11)
    planned: dict[tuple[str, str], int] = {}
    for each in split_ours(county, figures, rng):
        for place, code in enumerate(each.providers):
            done = int(each.counts[:, place, before].sum())
            planned[code, each.pod] = planned.get((code, each.pod), 0) + done
    hospital = ("emergency admission", "accident and emergency", "first outpatient", "follow-up outpatient",
                "planned stay", "day case")
    for code, terms in ((HOSPITAL, "cap and collar"), (INFIRMARY, "blended"), (COMMUNITY, "block")):
        lines = hospital if code != COMMUNITY else ("community contact",)
        rows: list[dict[str, Any]] = [
            {"point_of_delivery": pod, "planned": round(planned[code, pod], -1), "price": PRICES[pod]} for pod in lines]
        whole = round(sum(row["planned"] * row["price"] for row in rows))
        by_terms: dict[str, dict[str, Any]] = {
            "cap and collar": {"cap": 1.02, "collar": 0.98, "provider_share": 0.4, "provider_share_of_loss": 0.4},
            "blended": {"marginal_rate": 0.5},
            "block": {"at_risk": 0.03, "outcomes": [
                {"name": "seen at home within two hours", "weight": 2, "baseline": 0.55, "target": 0.8, "seen": 0.76},
                {"name": "still at home after a month", "weight": 1, "baseline": 0.7, "target": 0.8, "seen": 0.74}]},
        }
        settings = by_terms[terms]
        yield f"{code.lower()}.json", {
            "title": f"Invented county: {named[code]}, {FIRST.plus(WATCHED_TO).financial_year}", "provider": code,
            "commissioners": list(OURS), "passes_to": MERGED, "from": str(FIRST.plus(WATCHED_TO - 11)),
            "to": str(FIRST.plus(WATCHED_TO)), "terms": terms, **settings, "planned_pounds": whole, "lines": rows}
