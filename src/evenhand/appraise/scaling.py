"""Scores in many units turned into values that can be added."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

from evenhand.appraise.options import Options, Scaling
from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import listed

TOP = 100.0


@dataclass(frozen=True)
class Scaled:
    """Values on the criteria's scales, shape (alternatives, criteria), more always being better."""

    how: str
    values: tuple[tuple[float | None, ...], ...]
    ends: tuple[tuple[float, float] | None, ...]
    remarks: tuple[str, ...]


def scaled(read: Options, how: Scaling) -> Scaled:
    """The model's scores as values.

    ``range``: a straight line from 0 at the worst end of each scale to 100 at the best, the ends being the model's or,
    without one, the worst and the best score found. ``given``: values already. ``sum`` and ``maximum``: divided by the
    column's, the reciprocal first where less is better.
    """
    remarks: list[str] = []
    columns: list[list[float | None]] = []
    ends: list[tuple[float, float] | None] = []
    for place, criterion in enumerate(read.criteria):
        column = [row[place] for row in read.scores]
        if how == "range":
            found = _ends(read, place, remarks)
            ends.append(found)
            worst, best = found
            columns.append([None if cell is None else TOP * (cell - worst) / (best - worst) if best != worst else 0.0
                            for cell in column])
            continue
        ends.append(None)
        if how == "given":
            if criterion.better == "low":
                raise refuse(f"the values of {criterion.name} are given as they are, and less is said to be better",
                             "turn the values round, or say --scaling range", file=read.name, column="criteria")
            columns.append(list(column))
        else:
            columns.append(_divided(read, place, how))
    if how == "range":
        _say_hull(read, remarks)
    elif how != "given":
        remarks.append("Scores are divided by the " + ("sum" if how == "sum" else "largest") + " of their column: "
                       "adding a constant to a criterion, or an option to the list, would change the result.")
    if any(cell is None for row in read.scores for cell in row):
        remarks.append("Where a criterion does not apply to an option, its weight is shared among the option's others, "
                       "in proportion.")
    return Scaled(how, tuple(zip(*columns, strict=True)), tuple(ends), tuple(remarks))


def _ends(read: Options, place: int, remarks: list[str]) -> tuple[float, float]:
    criterion = read.criteria[place]
    filled = [row[place] for row in read.scores if row[place] is not None]
    cells = [each for each in filled if each is not None]
    if criterion.worst is not None and criterion.best is not None:
        low, high = sorted((criterion.worst, criterion.best))
        outside = [name for name, row in zip(read.alternatives, read.scores, strict=True)
                   if (cell := row[place]) is not None and not low <= cell <= high]
        if outside:
            remarks.append(f"On {criterion.name}, {listed(outside)} {'lies' if len(outside) == 1 else 'lie'} outside "
                           f"the scale of {low:g} to {high:g}: the line is drawn on, but the weight was given for that "
                           "range.")
        return criterion.worst, criterion.best
    if not cells:
        raise refuse(f"no option has a {criterion.name} score", "score one, or take the criterion out",
                     file=read.name, column="matrix")
    low, high = min(cells), max(cells)
    if low == high:
        remarks.append(f"All options score the same on {criterion.name}: it decides nothing here.")
    return (low, high) if criterion.better == "high" else (high, low)


def _say_hull(read: Options, remarks: list[str]) -> None:
    hulls = [each.name for each in read.criteria if each.worst is None]
    if hulls:
        which = ("No criterion has a scale" if len(hulls) == len(read.criteria)
                 else f"No scale is given for {listed(hulls)}")
        remarks.insert(0, f"{which}: it runs from the worst to the best score found here. A weight means a step from "
                          "one end of a scale to the other, so give the scale that the weights were agreed for.")


def _divided(read: Options, place: int, how: str) -> list[float | None]:
    criterion = read.criteria[place]
    column = [row[place] for row in read.scores]
    if criterion.better == "low":
        wrong = [name for name, cell in zip(read.alternatives, column, strict=True) if cell is not None and cell <= 0]
        if wrong:
            raise Refused(Problem(f"the {criterion.name} score of {name} is not above 0, so it cannot be turned round "
                                  "by dividing", "say --scaling range", read.name, None, "matrix") for name in wrong)
        column = [None if cell is None else 1 / cell for cell in column]
    filled = [cell for cell in column if cell is not None]
    whole = fsum(filled) if how == "sum" else max(filled, default=0.0)
    if whole <= 0 or min(filled) < 0:
        raise refuse(f"{criterion.name} has scores that cannot be divided by their {how}", "say --scaling range",
                     file=read.name, column="matrix")
    return [None if cell is None else cell / whole for cell in column]
