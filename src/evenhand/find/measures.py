"""What is known of each measure: its title, which way is good, what it is counted in, what it shares with others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from evenhand.data import tables
from evenhand.terms import Problem, Refused

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

STEADIEST = 0.01
"""A denominator that moves by less than this from month to month is a stock, such as registered patients."""

SHARE_THAT_CONVINCES = 0.5
"""The published descriptions are used where at least this share of a panel's measures is among them."""

# Publications in which one measure is the sum of others, by the beginning of their names.
WHOLES: Mapping[str, str] = {"lpzomnibus": "lp"}


@dataclass(frozen=True)
class MeasureNote:
    """What a table of measures says of one; empty where it is silent."""

    title: str = ""
    unit: str = ""
    direction: Literal["low", "high", ""] = ""
    denominator: Literal["stock", "flow", ""] = ""
    part_of: tuple[str, ...] = ()
    numerator_unit: str = ""


def read_measures(source: tables.Source) -> tuple[dict[str, MeasureNote], tables.Table]:
    """Read a table of measures.

    Columns ``measure``; optional ``title``, ``unit`` (of the value: £ per 1,000 patients), ``direction`` (``low`` or
    ``high`` is good), ``denominator`` (``stock`` or ``flow``), ``part_of`` (a measure, or several with semicolons),
    ``numerator_unit`` (pounds, items). Raises ``Refused`` for a measure given twice and for unknown words.
    """
    data = tables.read(source, name="the table of measures")
    data.require("measure")
    data.refuse_duplicates("measure")

    def column(name: str) -> list[str]:
        return data.texts(name) if name in data else [""] * len(data)

    problems = []
    for name, allowed in (("direction", ("low", "high", "")), ("denominator", ("stock", "flow", ""))):
        problems += [Problem("this word is not known here", f"write {allowed[0]} or {allowed[1]}, or leave it empty",
                             data.name, int(row), name, cell)
                     for row, cell in zip(data.row_numbers, column(name), strict=True)
                     if cell.casefold() not in allowed]
    if problems:
        raise Refused(problems)
    notes = {}
    for name, title, unit, direction, denominator, parts, numerator_unit in zip(
            data.texts("measure", may_be_empty=False), column("title"), column("unit"), column("direction"),
            column("denominator"), column("part_of"), column("numerator_unit"), strict=True):
        wholes = tuple(part.strip() for part in parts.replace(",", ";").split(";") if part.strip())
        pounds = numerator_unit.casefold() in ("£", "pound", "pounds", "gbp", "cost", "cost (£)")
        notes[name] = MeasureNote(title, unit, direction.casefold(), denominator.casefold(),
                                  wholes, "pounds" if pounds else numerator_unit)
    return notes, data


def published_notes(names: Sequence[str]) -> dict[str, MeasureNote]:
    """What the program itself knows of these measures, where most of them are of the publications it reads.

    A panel of one's own may use a name by chance: unless half of its measures are known, none is taken as known.
    """
    from evenhand.data.measures import as_table, measures

    known = sum(name in measures() for name in names)
    if known < SHARE_THAT_CONVINCES * len(names):
        return {}
    return {name: note for name, note in read_measures(as_table())[0].items() if name in names}


def overlaps(measures: Sequence[str], notes: Mapping[str, MeasureNote],
             totals: Floats) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Which measures count, in part or whole, what another counts.

    Args:
        measures: their names.
        notes: what is known of them: ``part_of`` makes an overlap.
        totals: the numerator of every body over the period, shape (measures, units), not a number where missing:
            measures whose totals agree for every body count the same things over different denominators.

    Returns:
        For each measure the others it overlaps with; and for each whole its parts, which are not to be added to it.
    """
    import numpy as np

    parts: dict[str, list[str]] = {}
    for name in measures:
        for whole in notes[name].part_of if name in notes else ():
            if whole in measures and whole != name:
                parts.setdefault(whole, []).append(name)
    for whole, beginning in WHOLES.items():
        if whole in measures and whole not in parts:
            held = [name for name in measures if name.startswith(beginning) and name != whole]
            if held:
                parts[whole] = held
    found: dict[str, list[str]] = {name: [] for name in measures}
    for whole, held in parts.items():
        found[whole] += held
        for name in held:
            found[name].append(whole)
    alike: dict[bytes, list[str]] = {}
    for place, name in enumerate(measures):
        figures = np.where(np.isfinite(totals[place]), np.round(totals[place], 6), -1.0)
        if (figures > 0).any():
            alike.setdefault(figures.tobytes(), []).append(name)
    for twins in alike.values():
        for name in twins:
            found[name] += [other for other in twins if other != name and other not in found[name]]
    return ({name: tuple(others) for name, others in found.items()},
            {whole: tuple(held) for whole, held in parts.items()})


def are_stocks(denominator: Floats) -> NDArray[np.bool_]:
    """Whether each measure's denominator stands still from month to month, as a population does, shape (measures,).

    Args:
        denominator: shape (measures, units, months), not a number where missing.
    """
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.abs(np.diff(denominator, axis=2)) / denominator[:, :, :-1]
    found = np.zeros(len(denominator), dtype=bool)
    for row, each in enumerate(steps):
        moved = each[np.isfinite(each)]
        found[row] = bool(len(moved)) and float(np.median(moved)) < STEADIEST
    return found
