"""A document of measures looked over before anybody adopts it: what it lacks, and what it would give for all bodies."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evenhand.data.measures import Measure
from evenhand.terms import Month, Problem, Span

ASKED_FOR: Mapping[str, str] = {
    "title": "its name for readers", "why": "why it matters, in a sentence or two", "unit": "what a value is in",
    "numerator": "what is counted", "numerator_unit": "pounds, items, days…", "denominator": "what it is set over",
    "source": "who publishes the figures", "author": "who wrote the description", "checker": "who has read it",
    "next_review": "when it is read again, as 2027-11", "change_log": "what changed, and when",
    "traps": "what to beware of", "worked": "one body's figure worked through"}
CHOICES: Mapping[str, tuple[str, ...]] = {"direction": ("low", "high", "neutral"),
                                          "denominator_kind": ("stock", "flow")}
MONTHS = 12
CLOSE = 1e-3


@dataclass(frozen=True)
class Preview:
    """What a measure gives over the last twelve months held: a value for each body, lowest first."""

    measure: str
    span: Span
    values: tuple[tuple[str, float], ...]

    @property
    def sentence(self) -> str:
        """How many bodies, and how far they lie apart."""
        numbers = [value for _, value in self.values]
        (low, first), (high, last) = self.values[0], self.values[-1]
        middle = statistics.median(numbers)
        return (f"{self.measure}, {self.span.words}: {len(numbers)} bodies, the middle {middle:.6g}, from {first:.6g} "
                f"({low}) to {last:.6g} ({high})")


def faults(measure: Measure, file: str = "") -> list[Problem]:
    """What a measure's document lacks or says wrongly, each with what to write."""
    found = [Problem("this is not said", f"write {what}", file, column=f"{measure.name}.{name}")
             for name, what in ASKED_FOR.items() if not getattr(measure, name)]
    found += [Problem("this word is not known here", f"write {', '.join(allowed[:-1])} or {allowed[-1]}", file,
                      column=f"{measure.name}.{name}", value=getattr(measure, name))
              for name, allowed in CHOICES.items() if getattr(measure, name) not in allowed]
    if (worked := measure.worked) is not None:
        if worked.denominator <= 0 or abs(worked.numerator / worked.denominator - worked.value) > CLOSE * abs(
                worked.value):
            found.append(Problem("numerator over denominator is not the value", "work it through again", file,
                                 column=f"{measure.name}.worked", value=f"{worked.value:g}"))
        if measure.is_share and worked.numerator > worked.denominator:
            found.append(Problem("a share cannot be above one", "see which is the whole", file,
                                 column=f"{measure.name}.worked", value=f"{worked.value:g}"))
    return found


def preview(measure: Measure, workspace: Path) -> Preview | None:
    """What the figures of a workspace give for every body over the last twelve months held; nothing where none are.

    Over a stock numerators are summed and divided by the mean of the denominators, over a flow by their sum. Bodies
    without all twelve months are left out; of several releases the newest is taken.
    """
    from evenhand.data import engine

    table = engine.observations(workspace, measure=[measure.name]).to_pydict()
    rows = [(str(vintage), str(unit), Month.of(month), top, under) for vintage, unit, month, top, under in zip(
        table["vintage"], table["unit"], table["month"], table["numerator"], table["denominator"], strict=True)
        if top is not None and under]
    if not rows:
        return None
    last, newest = max((month, vintage) for vintage, _, month, _, _ in rows)
    span = Span(last.plus(1 - MONTHS), last)
    sums: dict[str, list[tuple[float, float]]] = {}
    for vintage, unit, month, top, under in rows:
        if vintage == newest and month in span:
            sums.setdefault(unit, []).append((top, under))
    values = [(unit, _value(measure, pairs)) for unit, pairs in sums.items() if len(pairs) == MONTHS]
    return Preview(measure.name, span, tuple(sorted(values, key=lambda each: (each[1], each[0])))) if values else None


def _value(measure: Measure, pairs: list[tuple[float, float]]) -> float:
    under = sum(each for _, each in pairs)
    return sum(top for top, _ in pairs) / (under / len(pairs) if measure.denominator_kind == "stock" else under)


def document(measure: Measure, shown: Preview | None) -> dict[str, Any]:
    """A measure's preview as the JSON document gives it."""
    return {"measure": measure.name, "title": measure.title, "unit": measure.unit,
            "months": None if shown is None else {"from": str(shown.span.first), "to": str(shown.span.last)},
            "values": [] if shown is None else [{"unit": unit, "value": value} for unit, value in shown.values]}
