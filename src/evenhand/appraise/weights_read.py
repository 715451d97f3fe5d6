"""What people answered about weights: points, ranks or comparisons in pairs, by person and group."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenhand.appraise.weights_rules import Consistency, of_comparisons, of_ranks, shares
from evenhand.data import tables
from evenhand.data.models import Model, read_model
from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Two words with capitals read as somebody's name; an identifier such as p17 or "GP 3" does not.
NAME_LIKE = re.compile(r"^(?:(?:Dr|Mr|Mrs|Ms|Miss|Prof)\.?\s+)?[A-Z][a-z'’-]+(?:\s+[A-Z]\.?)?\s+[A-Z][A-Za-z'’-]+$")
MOST_TIMES = 1e6
POINTS = ("points", "weight", "swing")


@dataclass(frozen=True)
class Person:
    """One person's weights, in the order of the criteria, summing to 1. ``given`` is the sum of what they gave."""

    person: str
    group: str
    weights: tuple[float, ...]
    given: float | None = None
    most: float | None = None
    consistency: Consistency | None = None


@dataclass(frozen=True)
class Answers:
    """Everybody's weights. ``ends`` holds the worst and best of each criterion in words, where the table says them."""

    name: str
    digest: str
    criteria: tuple[str, ...]
    people: tuple[Person, ...]
    has_groups: bool
    ends: Mapping[str, tuple[str, str]]
    remarks: tuple[str, ...] = ()


def as_model(source: tables.Source) -> Model | None:
    """The source as a JSON model, where it is one; ``None`` for a table."""
    if isinstance(source, Model):
        return source
    if isinstance(source, Mapping):
        return read_model(source) if {"criteria_comparisons", "n_criteria"} & set(source) else None
    path = source.path if isinstance(source, tables.Opened) else str(source)
    return read_model(source) if path.casefold().endswith(".json") else None


def of_model(model: Model) -> Answers:
    """One person's comparisons from a model: ``criteria`` and ``criteria_comparisons``, a square of numbers."""
    import numpy as np

    names, cells = model.content.get("criteria"), model.content.get("criteria_comparisons")
    if not isinstance(names, list) or not names or not all(isinstance(each, str) and each for each in names):
        raise refuse("the model has no list “criteria”", "name the criteria in a list", file=model.name,
                     column="criteria")
    square = isinstance(cells, list) and len(cells) == len(names) and all(
        isinstance(row, list) and len(row) == len(names) for row in cells)
    if not isinstance(cells, list) or not square:
        raise refuse("“criteria_comparisons” is not a square with a row and a column for each criterion",
                     f"give {len(names)} rows of {len(names)} numbers", file=model.name, column="criteria_comparisons")
    problems = [Problem("a comparison is not a number above 0", "say how many times as much the row counts as the "
                        "column", model.name, row, names[column], str(cell))
                for row, cells_of_row in enumerate(cells, start=1) for column, cell in enumerate(cells_of_row)
                if not _is_times(cell)]
    if problems:
        raise Refused(problems)
    matrix = np.array(cells, dtype=float)
    for one in range(len(names)):
        for other in range(one, len(names)):
            if abs(matrix[one, other] * matrix[other, one] - 1) > 0.01:
                raise refuse(f"{names[one]} beside {names[other]} and the other way round do not agree",
                             "one must be 1 divided by the other", file=model.name, column="criteria_comparisons",
                             value=f"{matrix[one, other]:g} and {matrix[other, one]:g}")
    weights, consistency = of_comparisons(matrix)
    remarks = ("The comparisons of the alternatives are not read: this command gives weights of criteria.",
               ) if "alternative_comparisons" in model.content else ()
    return Answers(model.name, model.digest, tuple(names),
                   (Person("the model", "", tuple(weights), consistency=consistency),), False, {}, remarks)


def _is_times(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool) and 1 / MOST_TIMES <= cell <= MOST_TIMES


def of_table(source: tables.Source, method: str) -> Answers:
    """Everybody's weights from a table. Raises ``Refused`` for answers that are missing, twice there, or no numbers."""
    table = tables.read(source, name="the answers")
    pairs = method == "pairwise"
    table.require(*(("first", "second", "times") if pairs else ("criterion",)))
    people = table.texts("person", may_be_empty=False) if "person" in table else ["everyone"] * len(table)
    named = [bool(NAME_LIKE.match(each)) for each in people]
    if any(named):
        table.refuse_rows(named, "this looks like somebody's name", "give an identifier, such as p1, and keep the list "
                          "of who is who elsewhere", column="person")
    groups = table.texts("group", may_be_empty=False) if "group" in table else [""] * len(table)
    _one_group_each(table, people, groups)
    read = _compared(table, people) if pairs else _said(table, people, method)
    criteria, found = read
    return Answers(table.name, table.digest, criteria, tuple(
        _with_group(each, groups[people.index(each.person)]) for each in found), "group" in table,
        {} if pairs else _ends(table, criteria))


def _with_group(person: Person, group: str) -> Person:
    from dataclasses import replace

    return replace(person, group=group)


def _one_group_each(table: tables.Table, people: Sequence[str], groups: Sequence[str]) -> None:
    of: dict[str, str] = {}
    problems = [Problem(f"{person} is in the group {of[person]} elsewhere", "give each person one group", table.name,
                        int(table.row_numbers[row]), "group", group)
                for row, (person, group) in enumerate(zip(people, groups, strict=True))
                if of.setdefault(person, group) != group]
    if problems:
        raise Refused(problems)


# --- points and ranks -------------------------------------------------------------------------------------------------


def _said(table: tables.Table, people: Sequence[str], method: str) -> tuple[tuple[str, ...], list[Person]]:
    ranks = method not in ("swing", "points")
    column = "rank" if ranks else next((each for each in POINTS if each in table), "points")
    table.require(column)
    table.refuse_duplicates(*(["person", "criterion"] if "person" in table else ["criterion"]))
    names = table.texts("criterion", may_be_empty=False)
    numbers = table.numbers(column, least=1 if ranks else 0)
    criteria = tuple(dict.fromkeys(names))
    cells: dict[str, dict[str, float]] = {}
    for person, name, number in zip(people, names, numbers.tolist(), strict=True):
        cells.setdefault(person, {})[name] = number
    _all_there(table, {person: [each for each in criteria if each not in row] for person, row in cells.items()},
               column)
    nothing = [person for person, row in cells.items() if not ranks and sum(row.values()) <= 0]
    if nothing:
        raise refuse(f"{listed(nothing)} gave nothing to any criterion", "give at least one some, or leave them out",
                     file=table.name, column=column)
    found = []
    for person, row in cells.items():
        given = [row[each] for each in criteria]
        weights = of_ranks(given, method) if ranks else shares(given)
        found.append(Person(person, "", tuple(weights), None if ranks else sum(given), None if ranks else max(given)))
    return criteria, found


def _all_there(table: tables.Table, missing: Mapping[str, Sequence[str]], column: str) -> None:
    problems = [Problem(f"{person} says nothing of {listed(list(names))}", "give an answer for each, or leave the "
                        "person out", table.name, None, column) for person, names in missing.items() if names]
    if problems:
        raise Refused(problems)


def _ends(table: tables.Table, criteria: Sequence[str]) -> dict[str, tuple[str, str]]:
    if "worst" not in table or "best" not in table:
        return {}
    names, worst, best = table.texts("criterion"), table.texts("worst"), table.texts("best")
    found: dict[str, tuple[str, str]] = {}
    for row, name in enumerate(names):
        ends = (worst[row], best[row])
        if not any(ends):
            continue
        if found.setdefault(name, ends) != ends:
            raise refuse(f"{name} has other ends elsewhere: {found[name][0]} to {found[name][1]}",
                         "weights can be put together only where everybody had the same ends in mind",
                         file=table.name, row=int(table.row_numbers[row]), column="worst",
                         value=f"{ends[0]}, {ends[1]}")
    return {each: found[each] for each in criteria if each in found}


# --- comparisons in pairs ---------------------------------------------------------------------------------------------


def _compared(table: tables.Table, people: Sequence[str]) -> tuple[tuple[str, ...], list[Person]]:
    first, second = table.texts("first", may_be_empty=False), table.texts("second", may_be_empty=False)
    times = table.numbers("times", least=1 / MOST_TIMES, most=MOST_TIMES)
    criteria = tuple(dict.fromkeys(each for pair in zip(first, second, strict=True) for each in pair))
    table.refuse_rows([one == other for one, other in zip(first, second, strict=True)],
                      "a criterion is compared with itself", "leave the row out", column="second")
    cells: dict[str, dict[tuple[str, str], float]] = {}
    problems = []
    for row, (person, one, other, number) in enumerate(zip(people, first, second, times.tolist(), strict=True)):
        mine = cells.setdefault(person, {})
        if (one, other) in mine:
            problems.append(Problem(f"{person} has compared {one} with {other} already", "keep one of the two",
                                    table.name, int(table.row_numbers[row]), "first"))
        mine[one, other], mine[other, one] = number, 1 / number
    if problems:
        raise Refused(problems)
    _all_there(table, {person: [f"{one} beside {other}" for place, one in enumerate(criteria)
                                for other in criteria[place + 1:] if (one, other) not in mine]
                       for person, mine in cells.items()}, "times")
    found = []
    for person, mine in cells.items():
        weights, consistency = of_comparisons(_matrix(criteria, mine))
        found.append(Person(person, "", tuple(weights), consistency=consistency))
    return criteria, found


def _matrix(criteria: Sequence[str], mine: Mapping[tuple[str, str], float]) -> NDArray[np.float64]:
    import numpy as np

    return np.array([[1.0 if one == other else mine[one, other] for other in criteria] for one in criteria])
