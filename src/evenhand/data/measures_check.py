"""A document of measures looked over before anybody adopts it: what it lacks, and what it would give for all bodies."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evenhand.data.measures import Measure, Worked
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
WHOLE = "England"
"""Stands in some publications as a body among others, and is none."""


@dataclass(frozen=True)
class Preview:
    """What a measure gives over the last twelve months held: a value for each body, lowest first.

    ``held`` is the whole time for which any figure is held, ``short`` the bodies with figures in some of the twelve
    months only (left out of the values), ``empty`` the cells in them with no numerator or nothing to set it over.
    """

    measure: str
    span: Span
    values: tuple[tuple[str, float], ...]
    held: Span
    vintage: str = ""
    short: tuple[str, ...] = ()
    empty: int = 0

    @property
    def sentence(self) -> str:
        """How many bodies, and how far they lie apart."""
        if not self.values:
            return f"{self.measure}, {self.span.words}: no body has figures for all of these months"
        numbers = [value for _, value in self.values]
        (low, first), (high, last) = self.values[0], self.values[-1]
        middle = statistics.median(numbers)
        return (f"{self.measure}, {self.span.words}: {len(numbers)} bodies, the middle {middle:.6g}, from {first:.6g} "
                f"({low}) to {last:.6g} ({high})")


@dataclass(frozen=True)
class WorkedAgain:
    """A worked case worked through again from the figures held: ``value`` is missing where they do not reach."""

    said: Worked
    months: int
    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None
    is_the_file_named: bool = False

    @property
    def agrees(self) -> bool | None:
        """Whether the figures held give what the document says, to one in a thousand; unknown where they cannot."""
        return None if self.value is None else abs(self.value - self.said.value) <= CLOSE * abs(self.said.value)


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
    return previews([measure], workspace).get(measure.name)


def previews(measures: Sequence[Measure], workspace: Path) -> dict[str, Preview]:
    """The previews of several measures by name, asked of the engine at once; none of a measure without figures."""
    from evenhand.data import engine

    under = {each.name: each.denominator_kind == "stock" for each in measures}
    with engine.engine(workspace) as connection:
        connection.execute("CREATE TABLE asked AS SELECT unnest($names) AS measure", {"names": list(under)})
        rows = connection.execute(f"""
            WITH own AS (SELECT *, numerator IS NOT NULL AND coalesce(denominator, 0) > 0 AS is_held
                         FROM observations SEMI JOIN asked USING (measure) WHERE unit <> '{WHOLE}'),
            newest AS (SELECT measure, arg_max(vintage, (month, vintage)) AS vintage, max(month) AS last
                       FROM own WHERE is_held GROUP BY measure),
            release AS (SELECT own.*, newest.last FROM own JOIN newest USING (measure, vintage)),
            spans AS (SELECT measure, min(month) AS began FROM release WHERE is_held GROUP BY measure),
            year AS (SELECT * FROM release WHERE month > last - INTERVAL {MONTHS} MONTH AND month <= last)
            SELECT measure, any_value(vintage), any_value(began), any_value(last), unit,
                   count(*) FILTER (is_held), sum(numerator) FILTER (is_held), sum(denominator) FILTER (is_held),
                   count(*) FILTER (NOT is_held)
            FROM year JOIN spans USING (measure) GROUP BY measure, unit ORDER BY measure, unit""").fetchall()
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row[1:])
    return {name: _preview(name, own, is_stock=under[name]) for name, own in found.items()}


def _preview(name: str, rows: list[tuple[Any, ...]], *, is_stock: bool) -> Preview:
    vintage, began, last = rows[0][:3]
    values = [(unit, top / (under / months if is_stock else under))
              for *_, unit, months, top, under, _ in rows if months == MONTHS]
    return Preview(name, Span(Month.of(last).plus(1 - MONTHS), Month.of(last)),
                   tuple(sorted(values, key=lambda each: (each[1], each[0]))), Span(Month.of(began), Month.of(last)),
                   vintage, tuple(row[3] for row in rows if row[4] < MONTHS), sum(row[7] for row in rows))


def worked_again(measures: Sequence[Measure], workspace: Path) -> dict[str, WorkedAgain]:
    """The worked cases of measures worked through again from the figures held, by name; none of one without a case.

    The release of the file that a case names is asked; where that file is not held, the newest with all its months.
    """
    from evenhand.data import engine, holdings

    files: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for held in holdings.held_in(workspace):
        for measure, source, vintage in held.series:
            files.setdefault((measure, Path(held.file).name), set()).add((source, vintage))
    found = {}
    with engine.engine(workspace) as connection:
        for each in measures:
            if (said := each.worked) is None:
                continue
            rows = connection.execute(
                "SELECT source, vintage, count(*), sum(numerator), sum(denominator) FROM observations "
                "WHERE measure = $name AND unit = $unit AND month BETWEEN $first AND $last "
                "AND numerator IS NOT NULL AND denominator > 0 GROUP BY source, vintage ORDER BY vintage DESC",
                {"name": each.name, "unit": said.of, "first": said.span.first.first_day(),
                 "last": said.span.last.first_day()}).fetchall()
            found[each.name] = _worked_again(each, said, rows, files.get((each.name, Path(said.file).name), set()))
    return found


def _worked_again(measure: Measure, said: Worked, rows: list[tuple[Any, ...]],
                  named: set[tuple[str, str]]) -> WorkedAgain:
    if not rows:
        return WorkedAgain(said, 0)
    source, vintage, months, top, under = min(
        rows, key=lambda row: ((row[0], row[1]) not in named, row[2] < said.span.months))
    if months < said.span.months:
        return WorkedAgain(said, months)
    under = under / months if measure.denominator_kind == "stock" else under
    return WorkedAgain(said, months, top, under, top / under, (source, vintage) in named)


def document(measure: Measure, shown: Preview | None, again: WorkedAgain | None = None) -> dict[str, Any]:
    """A measure's preview as the JSON document gives it; ``agrees`` is empty where a case cannot be checked."""
    return {"measure": measure.name, "title": measure.title, "unit": measure.unit,
            "worked_again": None if again is None else {"agrees": again.agrees, "value": again.value,
                                                        "said": again.said.value},
            "months": None if shown is None else {"from": str(shown.span.first), "to": str(shown.span.last)},
            "values": [] if shown is None else [{"unit": unit, "value": value} for unit, value in shown.values]}
