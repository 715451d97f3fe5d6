"""What each group of people knows or thinks of the weights, from a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import evenhand.data.tables as tables
from evenhand.appraise.smaa_weights import Knowledge, as_exact, as_intervals, as_order
from evenhand.terms import Problem, Refused, closest, refuse
from evenhand.terms.words import listed


@dataclass(frozen=True)
class Group:
    """People who answer together: what is known of the weights of each."""

    name: str
    people: int
    weights: tuple[Knowledge, ...]


def read_groups(source: tables.Source, criteria: Sequence[str]) -> tuple[tuple[Group, ...], tables.Table]:
    """Groups in order of appearance. Raises ``Refused`` for a criterion that is missing, unknown or given twice."""
    table = tables.read(source, name="the groups")
    table.require("group", "criterion")
    forms = [form for form in (("weight",), ("low", "high"), ("rank",)) if all(each in table for each in form)]
    if len(forms) != 1:
        raise refuse("the table does not say the weights in one way", "give one of: a column weight; columns low and "
                     "high; a column rank, 1 for the heaviest", file=table.name,
                     value=listed([" and ".join(form) for form in forms]) or "none")
    groups = table.texts("group", may_be_empty=False)
    people = table.texts("person", may_be_empty=False) if "person" in table else [""] * len(table)
    names = table.texts("criterion", may_be_empty=False)
    table.refuse_duplicates(*(["group", "person", "criterion"] if "person" in table else ["group", "criterion"]))
    problems = [Problem("this is no criterion of the model", _near(name, criteria), table.name,
                        int(table.row_numbers[row]), "criterion", name)
                for row, name in enumerate(names) if name not in criteria]
    if problems:
        raise Refused(problems)
    numbers = [table.numbers(column, least=1 if column == "rank" else 0) for column in forms[0]]
    places: dict[str, dict[str, dict[str, int]]] = {}
    for row, (group, person, name) in enumerate(zip(groups, people, names, strict=True)):
        places.setdefault(group, {}).setdefault(person, {})[name] = row
    problems = [Problem(f"{' '.join(filter(None, (group, person)))} says nothing of {listed(missing)}",
                        "give every criterion a row", table.name, None, "criterion")
                for group, members in places.items() for person, rows in members.items()
                if (missing := [each for each in criteria if each not in rows])]
    if problems:
        raise Refused(problems)
    found = []
    for group, members in places.items():
        known = []
        for rows in members.values():
            cells = [[float(column[rows[each]]) for column in numbers] for each in criteria]
            known.append(ranked([each for each, in cells]) if forms[0] == ("rank",)
                         else _known(cells, file=table.name, names=criteria))
        found.append(Group(group, len(members), tuple(known)))
    return tuple(found), table


def _known(cells: Sequence[Sequence[float]], *, file: str, names: Sequence[str]) -> Knowledge:
    if len(cells[0]) == 2:
        wrong = next((name for name, (low, high) in zip(names, cells, strict=True) if high < low), None)
        if wrong:
            raise refuse(f"the weight of {wrong} has its low end above its high end", "swap the two", file=file,
                         column="low")
        return as_intervals([(low, high) for low, high in cells], file=file, names=names)
    return as_exact([each for each, in cells], file=file)


def ranked(ranks: Sequence[float]) -> Knowledge:
    """The order that ranks say, 1 being the heaviest; nothing is known between equals."""
    levels = [[place for place, rank in enumerate(ranks) if rank == each] for each in sorted(set(ranks))]
    return as_order(levels, count=len(ranks))


def _near(name: str, criteria: Sequence[str]) -> str:
    near = closest(name, criteria, count=1)
    return f"did you mean {near[0]}?" if near else f"there are {listed(list(criteria))}"
