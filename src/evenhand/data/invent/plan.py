"""What each scheme would cost, ask of staff and move between bodies, and the limits that a plan has to keep."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from evenhand.data.invent.county import COMMUNITY, COUNCIL, FIRST, HOSPITAL, INFIRMARY, OURS
from evenhand.data.invent.people import CRITERIA
from evenhand.data.invent.programmes import START, Idea, Programme

if TYPE_CHECKING:
    import numpy as np

SPARE = 1.03
"""The limits hold what goes ahead and a little more: there is neither money nor staff for a tenth change."""
FLOORS = {INFIRMARY: -1_500_000, COMMUNITY: 0, COUNCIL: -60_000}
"""What these may lose over the plan, in pounds, before payments; the hospital, a little more than it must."""


def plan(programmes: Sequence[Programme], ideas: Sequence[Idea], scores: Iterable[Sequence[Any]],
         rng: np.random.Generator) -> dict[str, Any]:
    """``plan.json`` as ``evenhand choose portfolio`` reads it: pounds, staff, and pounds gained or lost by body.

    A scheme is worth its mean scores on the agreed weights, once for each body that it serves. ``scores`` are rows of
    person, role, option, criterion and score. What is no more than an idea yet would be tried by one body, and asks for
    more staff than the plan has left: so the nine go ahead that the county's other papers speak of.
    """
    years = [FIRST.plus(START + 12 * year).financial_year for year in range(2)]
    worth = _worth(scores)
    offered = [(each.id, each.idea, each.of, each.is_flagship) for each in programmes]
    going = {option for option, *_ in offered}
    offered += [(f"millbrook-{each.id}", each, OURS[:1], False) for each in ideas]
    schemes: list[dict[str, Any]] = []
    for option, idea, of, flagship in offered:
        cheapest, dearest, least, most = (90, 900, 1, 12) if option in going else (1_400, 1_900, 20, 28)
        first = 2_600_000 if flagship else round(float(rng.uniform(cheapest, dearest)), -1) * 1000
        staff = 40 if flagship else int(rng.integers(least, most))
        schemes.append({
            "id": option, "name": idea.title, "value": round(worth[option] * len(of), 1),
            "cost": {years[0]: round(first), years[1]: round(first * 0.75)},
            "staff": dict.fromkeys(years, staff),
            "gain": _flagship_gain() if flagship else _gain(idea, of, rng)})
    taken = [scheme for scheme in schemes if scheme["id"] in going]
    used = {name: [sum(scheme[name][year] for scheme in taken) for year in years] for name in ("cost", "staff")}
    hospital = sum(scheme["gain"].get(HOSPITAL, 0) for scheme in taken)
    limits = {"cost": [math.ceil(SPARE * each / 100_000) * 100_000 for each in used["cost"]],
              "staff": [math.ceil(SPARE * each) for each in used["staff"]]}
    return {"title": "Few changes, done well (invented county)",
            "value_units": "points, of up to 100 for each body that it serves",
            "units": {"cost": "pounds", "staff": "whole-time staff", "gain": "pounds"}, "years": years,
            "bodies": list(OURS), "schemes": schemes,
            "limits": {name: dict(zip(years, amounts, strict=True)) for name, amounts in limits.items()},
            "floors": {HOSPITAL: math.floor(SPARE * hospital / 100_000) * 100_000, **FLOORS}, "at_most": len(going)}


def _worth(scores: Iterable[Sequence[Any]]) -> dict[str, float]:
    """Mean score by criterion, weighted as agreed, by option: 0 to 100."""
    given: dict[tuple[str, str], list[float]] = defaultdict(list)
    for _, _, option, criterion, score in scores:
        given[option, criterion].append(float(score))
    return {option: round(sum(weight * sum(given[option, name]) / len(given[option, name])
                              for name, _, weight in CRITERIA) / sum(weight for _, _, weight in CRITERIA), 1)
            for option in dict.fromkeys(option for option, _ in given)}


def _flagship_gain() -> dict[str, int]:
    """The hospital keeps cost that it has no income for; the community provider is paid; commissioners pay less."""
    return {HOSPITAL: -5_600_000, INFIRMARY: -900_000, COMMUNITY: 1_400_000, COUNCIL: -40_000,
            **dict.fromkeys(OURS, 1_300_000)}


def _gain(idea: Idea, of: Sequence[str], rng: np.random.Generator) -> dict[str, int]:
    """Commissioners gain what is spent no longer; where admissions are spared, the hospital loses a part of it."""
    spared = round(float(rng.uniform(60, 700)), -1) * 1000
    found = {code: round(spared / len(of)) for code in of}
    if idea.measure.endswith(("admissions", "stays")):
        found[HOSPITAL] = -round(spared * 0.6)
    return found
