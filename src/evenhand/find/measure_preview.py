"""What a description of a measure would say before a body makes it its own: what it lacks, gives and disagrees with."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass

from evenhand.data.measures import Measure
from evenhand.data.measures_check import Preview, WorkedAgain, faults
from evenhand.data.reading import digest_of
from evenhand.figures import Column, Figure, Table
from evenhand.figures.chart import BLUE, ORANGE, rows_of
from evenhand.terms.words import counted, figure, listed

NOBODY = "not yet checked"
MOST_NAMED = 5


@dataclass(frozen=True)
class BeforeAdoption:
    """Everything that whoever approves a measure reads first.

    ``lacks`` is what its description does not say, or what the figures here leave out; ``disagrees`` where the figures
    here give something else than its worked case. Either asks whoever adopts it all the same for the reason.
    """

    measure: Measure
    fingerprint: str
    sentence: str
    lacks: tuple[str, ...]
    again: str
    disagrees: bool
    figure: Figure | None

    @property
    def needs_a_reason(self) -> bool:
        """Whether nobody should adopt it without saying why."""
        return bool(self.lacks) or self.disagrees


def fingerprint(measure: Measure) -> str:
    """What tells one wording of a description from another: whoever adopts it adopts these words."""
    return digest_of(json.dumps(asdict(measure), sort_keys=True, default=str, ensure_ascii=False).encode())


def before_adoption(measure: Measure, shown: Preview | None, worked: WorkedAgain | None,
                    name_of: Callable[[str], str] = str) -> BeforeAdoption:
    """What a measure's description would say of the figures held.

    Args:
        measure: the description.
        shown: what it gives over the last twelve months held; nothing where no figures are.
        worked: its worked case, worked through again; nothing where it has none.
        name_of: a body's name for readers, from its code.
    """
    return BeforeAdoption(measure, fingerprint(measure), _sentence(measure, shown, name_of),
                          tuple(_lacks(measure, shown)), *_again(measure, worked), _figure(measure, shown, name_of))


def _sentence(measure: Measure, shown: Preview | None, name_of: Callable[[str], str]) -> str:
    if shown is None:
        return "No figures are held here that it could be tried on."
    if not shown.values:
        return (f"No body has figures for all months of {shown.span.words}; figures here run over {shown.held.words}.")
    numbers = [value for _, value in shown.values]
    (low, first), (high, last) = shown.values[0], shown.values[-1]
    return (f"Over {shown.span.words} it would give a value for {counted(len(numbers), 'body', 'bodies')}: "
            f"{_said(statistics.median(numbers))} in the middle, from {_said(first)} ({name_of(low)}) to "
            f"{_said(last)} ({name_of(high)}), in {measure.unit}. Figures are held for "
            f"{counted(shown.held.months, 'month')}, {shown.held.words}.")


def _said(value: float) -> str:
    return figure(value, digits=4)


def _lacks(measure: Measure, shown: Preview | None) -> list[str]:
    said = [f"{_title(each.column)}: {each.what}; {each.remedy}." for each in faults(measure)]
    if measure.checker == NOBODY:
        said.append("Nobody of the field has read the description yet.")
    if not measure.definition_held:
        said.append("The publisher’s definition is not in the sources we hold: what it means is read from its name and "
                    "the size of its figures.")
    if shown is None:
        return [*said, "No figures are held here: nobody can say what it would show."]
    if shown.short:
        named = listed(list(shown.short[:MOST_NAMED]))
        more = f" and {len(shown.short) - MOST_NAMED:,} more" if len(shown.short) > MOST_NAMED else ""
        said.append(f"{counted(len(shown.short), 'body has', 'bodies have')} figures for some of the twelve months "
                    f"only, and {'is' if len(shown.short) == 1 else 'are'} left out: {named}{more}.")
    if shown.empty:
        said.append(f"{counted(shown.empty, 'cell')} of those months {'has' if shown.empty == 1 else 'have'} no "
                    "figure, or nothing to set it over.")
    return said


def _title(column: str) -> str:
    """The field of ``visits.next_review`` for readers: Next review."""
    words = column.rpartition(".")[2].replace("_", " ")
    return words[:1].upper() + words[1:]


def _again(measure: Measure, worked: WorkedAgain | None) -> tuple[str, bool]:
    if worked is None:
        return "It has no worked case, so that nobody can check a figure of it by hand.", False
    if worked.value is None or worked.numerator is None or worked.denominator is None:
        held = (f"{counted(worked.months, 'month')} of it {'is' if worked.months == 1 else 'are'} held here"
                if worked.months else "no figures of that body and those months are held here")
        return f"It cannot be checked: {held}.", False
    top = f"£{worked.numerator:,.2f}" if measure.numerator_unit == "pounds" else f"{worked.numerator:,.10g}"
    sum_of = f"{top} over {worked.denominator:,.10g}"
    file = "the file it names" if worked.is_the_file_named else "another file than it names"
    if worked.agrees:
        return f"The figures held here, from {file}, give the same: {sum_of} is {_said(worked.value)}.", False
    return (f"The figures held here, from {file}, disagree: {sum_of} is {_said(worked.value)}, and the "
            f"description says {_said(worked.said.value)}.", True)


def _figure(measure: Measure, shown: Preview | None, name_of: Callable[[str], str]) -> Figure | None:
    if shown is None or not shown.values:
        return None
    rows = [{"place": place, "body": name_of(unit), "code": unit, "value": value}
            for place, (unit, value) in enumerate(shown.values, start=1)]
    middle = statistics.median(value for _, value in shown.values)
    chart = {"height": 220, "layer": [
        {"data": rows_of(rows), "mark": {"type": "bar", "color": BLUE}, "encoding": {
            "x": {"field": "place", "type": "ordinal", "axis": {"labels": False, "ticks": False},
                  "title": "Each body, lowest first"},
            "y": {"field": "value", "type": "quantitative", "title": measure.unit}}},
        {"data": rows_of([{"value": middle}]), "mark": {"type": "rule", "color": ORANGE, "strokeDash": [6, 4]},
         "encoding": {"y": {"field": "value", "type": "quantitative"}}}]}
    table = Table.of(rows, columns=[Column("body", "Body"), Column("code", "Code"),
                                    Column("value", measure.unit[:1].upper() + measure.unit[1:], "number", digits=4)])
    sentence = (f"{counted(len(rows), 'body', 'bodies')} over {shown.span.words}; the dashed line is the middle, "
                f"{_said(middle)}.")
    return Figure("before-adoption", "What it would give for every body", sentence, table, chart)
