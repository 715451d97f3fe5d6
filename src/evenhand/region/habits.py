"""Today's habits, each by its usual rule, so that our methods can be set beside them: no chance, no comparison."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Literal

from evenhand.catalogue import Catalogue
from evenhand.data import tables
from evenhand.data.measures import Measure
from evenhand.data.tables import Source
from evenhand.find import peers
from evenhand.stats import intervals

WORST = 10
RED_FROM, AMBER_TO = 0.05, 0.05
FELT = 0.02
"""A year that differs by less than this from the one before counts as no change."""
PLACES = 10
SIMILAR, BEST = 10, 5
TOGETHER = "these bodies together"

Told = Literal["worked", "did not work", "cannot tell"]


@dataclass(frozen=True)
class Rates:
    """A year's value by measure and body; ``sums`` holds the numerator and denominator that it is made of."""

    by_measure: Mapping[str, Mapping[str, float]]
    sums: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def worst_ten(self, measures: Catalogue[Measure]) -> set[tuple[str, str]]:
        """The league table: body and measure, where the body is among the worst ten."""
        found = set()
        for name, values in self.by_measure.items():
            worst = sorted(values, key=lambda unit, values=values, name=name: (  # type: ignore[misc]
                -worse(measures[name], values[unit], 1.0), unit))[:WORST]
            found |= {(unit, name) for unit in worst}
        return found

    def red(self, measures: Catalogue[Measure]) -> set[tuple[str, str]]:
        """Red against a target: body and measure, where the value is 5% or more worse than the middle of all."""
        found = set()
        for name, values in self.by_measure.items():
            target = median(values.values())
            found |= {(unit, name) for unit, value in values.items()
                      if worse(measures[name], value, target) >= RED_FROM}
        return found

    def behind_best_similar(self, measures: Catalogue[Measure],
                            similar: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], float]:
        """The similar ten: body and measure with its opportunity, where a body is beyond the best five of its ten.

        The benchmark is the plain mean of the five best values among the similar ten. The opportunity is the own value
        less the benchmark, times the own denominator, in units of the numerator. It is raised where the body is worse
        and a simple interval of its own value does not hold the benchmark: Wilson's for a share, Byar's for all else,
        pounds counted as if each were an event. The benchmark itself is taken as certain.

        Source: NHS RightCare, Commissioning for Value packs (2013-2019); criticism: Dropkin (2017), Journal of Public
        Health, fdx136.
        """
        found = {}
        for name, values in self.by_measure.items():
            measure = measures[name]
            limits = _of_share if measure.is_share else _of_count
            for unit, codes in similar.items():
                best = sorted((values[each] for each in codes if each in values),
                              reverse=measure.direction == "high")[:BEST]
                if unit not in values or len(best) < BEST:
                    continue
                benchmark, own = sum(best) / BEST, values[unit]
                low, high = limits(*self.sums[name, unit])
                beyond = own < benchmark if measure.direction == "high" else own > benchmark
                if beyond and not low <= benchmark <= high:
                    found[unit, name] = abs(own - benchmark) * self.sums[name, unit][1]
        return found


def _of_count(numerator: float, denominator: float) -> tuple[float, float]:
    """Byar's limits of a count, over its denominator."""
    low, high = intervals.byar(numerator)
    return float(low) / denominator, float(high) / denominator


def _of_share(numerator: float, denominator: float) -> tuple[float, float]:
    low, high = intervals.wilson(numerator, denominator)
    return float(low), float(high)


def similar_tens(characteristics: Source, of: Iterable[str], there: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The ten bodies most like each one, every standardised characteristic counting the same.

    Args:
        characteristics: one row a body: ``unit`` and a column for each characteristic.
        of: whose similar ten.
        there: bodies that have figures; no other is taken.

    Raises:
        Refused: the table does not hold a body, or cannot be used.
    """
    table = tables.read(characteristics)
    table.require("unit")
    units = table.texts("unit")
    return {code: tuple(peers(characteristics, of=code, count=SIMILAR, without=tuple(
        each for each in units if each not in there and each != code)).fields["peers"]) for code in of}


def rates_of(rows: Iterable[Mapping[str, Any]], *, together: Sequence[str] = ()) -> Rates:
    """The sum of numerators over the sum of denominators, by measure and body; ``together`` are added up as one."""
    sums: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        if not row["denominator"]:
            continue
        unit = TOGETHER if row["unit"] in together else row["unit"]
        total = sums.setdefault((row["measure"], unit), [0.0, 0.0])
        total[0] += row["numerator"]
        total[1] += row["denominator"]
    found: dict[str, dict[str, float]] = {}
    for (measure, unit), (top, under) in sums.items():
        found.setdefault(measure, {})[unit] = top / under
    return Rates(found, {key: (top, under) for key, (top, under) in sums.items()})


def worse(measure: Measure, value: float, than: float) -> float:
    """By which share a value is worse than another: of what nobody wants, where the measure is a share."""
    if measure.direction != "high":
        return value / than - 1
    if measure.is_share and than < 1:
        return (1 - value) / (1 - than) - 1
    return (than - value) / than if measure.is_share else than / value - 1


def judgements(measure: Measure, years: Sequence[Rates], *, promised: float) -> tuple[Told, Told, Told]:
    """What the year after, red-amber-green and the league table say of a programme.

    Args:
        measure: what it is judged by.
        years: the year before, the first year after, and the latest, the programme's bodies added up as one.
        promised: the share by which it was to get better.

    Returns:
        Before and after: worked, where the first year is better than the year before by 2%. Red, amber and green:
        worked, where the latest year reached the target, no answer within 5% of it. League table: worked, where the
        bodies moved ten places for the better.
    """
    before, after, latest = (year.by_measure[measure.name] for year in years)
    better = -worse(measure, after[TOGETHER], before[TOGETHER])
    target = before[TOGETHER] * (1 + promised if measure.direction == "high" else 1 - promised)
    off = worse(measure, latest[TOGETHER], target)
    moved = _place(measure, before) - _place(measure, latest)
    return ("worked" if better >= FELT else "did not work",
            "worked" if off <= 0 else "cannot tell" if off <= AMBER_TO else "did not work",
            "worked" if moved >= PLACES else "did not work")


def _place(measure: Measure, values: Mapping[str, float]) -> int:
    """The place in the league table, 1 the best."""
    return 1 + sum(worse(measure, value, values[TOGETHER]) < 0 for value in values.values())
