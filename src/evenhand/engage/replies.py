"""Replies and population as two tables give them: by group, by combination of groups, or one row a reply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evenhand.data import tables
from evenhand.data.tables import Source, Table
from evenhand.terms import Problem, Refused, closest, refuse
from evenhand.terms.words import counted, listed

# What people write where they would rather not say.
NOT_STATED = {"", "not stated", "prefer not to say", "rather not say", "not known", "unknown", "not answered",
              "no answer", "missing", "na", "n/a"}
COUNT_NAMES = ("replies", "count", "responses", "respondents", "number", "n")
PEOPLE_NAMES = ("population", "people", "pop", "count", "number", "n")
ONE_DIMENSION = "group"


@dataclass(frozen=True)
class Margins:
    """People by group, for each dimension (age, sex, area), under the names of the file."""

    name: str
    digest: str
    people: Mapping[str, Mapping[str, float]]
    named_dimensions: bool
    remarks: tuple[str, ...] = ()

    def share(self, dimension: str, group: str) -> float:
        """The group's share of the people of its dimension."""
        return self.people[dimension][group] / sum(self.people[dimension].values())


@dataclass(frozen=True)
class Replies:
    """Replies by group of each dimension, and by combination of groups where the table tells; ``None``: not stated.

    ``cells`` is ``None`` where the dimensions were counted one by one: then nothing is known of combinations.
    """

    name: str
    digest: str
    by_group: Mapping[str, Mapping[str | None, int]]
    cells: Mapping[tuple[str | None, ...], int] | None
    remarks: tuple[str, ...] = ()

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What the replies and the margins both speak of."""
        return tuple(self.by_group)

    @property
    def total(self) -> int:
        """All replies; where dimensions were counted one by one, the most that one of them counts."""
        return max(sum(counts.values()) for counts in self.by_group.values())


def folded(name: str) -> str:
    """A name as it is compared: no case, one kind of dash, single spaces."""
    plain = name.strip().casefold().replace("–", "-").replace("—", "-").replace("_", " ")
    return " ".join(plain.split()).replace(" - ", "-")


def read_margins(source: Source) -> Margins:
    """The population by group: ``dimension`` (may be left out where there is one), ``group``, ``population``."""
    table = tables.read(source, name="the margins")
    people_column, remarks = _count_column(table, PEOPLE_NAMES, "population")
    if people_column is None:
        table.require("group", "population")
    table.require("group")
    assert people_column is not None
    named = "dimension" in table
    table.refuse_duplicates(*(("dimension", "group") if named else ("group",)))
    dimensions = table.texts("dimension", may_be_empty=False) if named else [ONE_DIMENSION] * len(table)
    groups = table.texts("group", may_be_empty=False)
    numbers = table.numbers(people_column, least=0)
    people: dict[str, dict[str, float]] = {}
    titles: dict[str, str] = {}
    for dimension, group, number in zip(dimensions, groups, numbers, strict=True):
        title = titles.setdefault(folded(dimension), dimension)
        people.setdefault(title, {})[group] = float(number)
    for dimension, by_group in people.items():
        if not sum(by_group.values()):
            raise refuse(f"the population of {dimension} is nought in every group", "give the people in each group",
                         file=table.name, column=people_column)
        twice = [name for name, count in Counter(map(folded, by_group)).items() if count > 1]
        if twice:
            raise refuse(f"two groups of {dimension} differ only in spelling", "give each group once",
                         file=table.name, column="group", value=twice[0])
    return Margins(table.name, table.digest, people, named, (*remarks, *_unequal_totals(people)))


def _unequal_totals(people: Mapping[str, Mapping[str, float]]) -> tuple[str, ...]:
    totals = {dimension: sum(by_group.values()) for dimension, by_group in people.items()}
    if max(totals.values()) <= min(totals.values()) * 1.005:
        return ()
    said = listed([f"{dimension} {total:,.0f}" for dimension, total in totals.items()])
    return (f"The populations do not add up to one total ({said}): each is taken as shares of its own.",)


def read_replies(source: Source, margins: Margins) -> Replies:
    """The replies, in whichever of the three forms the table has."""
    table = tables.read(source, name="the replies")
    count_column, remarks = _count_column(table, COUNT_NAMES, "replies")
    if "dimension" in table:
        table.require("group")
        if count_column is None:
            table.require("replies")
        assert count_column is not None
        return _counted_apart(table, count_column, margins, remarks)
    return _by_cell(table, count_column, margins, remarks)


def _count_column(table: Table, names: Sequence[str], wanted: str) -> tuple[str | None, tuple[str, ...]]:
    spelt = {folded(each): each for each in table.columns}
    found = next((spelt[each] for each in names if each in spelt), None)
    if found is None or folded(found) == wanted:
        return found, ()
    return found, (f"The column “{found}” was taken for {wanted}.",)


def _counted_apart(table: Table, count_column: str, margins: Margins, remarks: tuple[str, ...]) -> Replies:
    table.refuse_duplicates("dimension", "group")
    names = {folded(each): each for each in margins.people}
    counts = table.numbers(count_column, least=0, whole=True)
    problems: list[Problem] = []
    found: dict[str, Counter[str | None]] = {}
    texts = zip(table.texts("dimension", may_be_empty=False), table.texts("group"), counts, table.row_numbers,
                strict=True)
    for written, group, count, row in texts:
        dimension = names.get(folded(written))
        if dimension is None:
            nearest = _nearest(written, list(margins.people))
            problems.append(Problem(f"the margins have no dimension of this name; {nearest}",
                                    "write it as in the margins, or add its people there", table.name, int(row),
                                    "dimension", written))
            continue
        found.setdefault(dimension, Counter())[_group(table, margins, dimension, group, int(row), "group",
                                                      problems)] += int(count)
    if problems:
        raise Refused(problems)
    by_group = {dimension: dict(found[dimension]) for dimension in margins.people if dimension in found}
    said = (*remarks, *_not_compared(margins, list(by_group)))
    only = next(iter(by_group.values()))
    cells: dict[tuple[str | None, ...], int] | None = ({(group,): count for group, count in only.items()}
                                                       if len(by_group) == 1 else None)
    return _checked(Replies(table.name, table.digest, by_group, cells, said), margins)


def _by_cell(table: Table, count_column: str | None, margins: Margins, remarks: tuple[str, ...]) -> Replies:
    columns = {folded(each): each for each in table.columns if each != count_column}
    used = {dimension: columns[folded(dimension)] for dimension in margins.people if folded(dimension) in columns}
    if not used and len(margins.people) == 1 and "group" in table:
        used = {next(iter(margins.people)): "group"}
    if not used:
        raise refuse("no column is a dimension of the margins",
                     f"name a column {listed(list(margins.people), joint='or')}, or say --columns, or give the columns "
                     f"dimension, group and replies (columns here: {', '.join(table.columns[:30])})",
                     file=table.name)
    counts = ([1] * len(table) if count_column is None
              else [int(each) for each in table.numbers(count_column, least=0, whole=True)])
    problems: list[Problem] = []
    groups = [[_group(table, margins, dimension, cell, int(row), column, problems)
               for cell, row in zip(table.texts(column), table.row_numbers, strict=True)]
              for dimension, column in used.items()]
    if problems:
        raise Refused(problems)
    if count_column is not None:
        table.refuse_duplicates(*(each for each in table.columns if each != count_column))
    cells: Counter[tuple[str | None, ...]] = Counter()
    by_group: dict[str, Counter[str | None]] = {dimension: Counter() for dimension in used}
    for keys, count in zip(zip(*groups, strict=True), counts, strict=True):
        cells[keys] += count
        for dimension, key in zip(used, keys, strict=True):
            by_group[dimension][key] += count
    said = (*remarks, *_not_compared(margins, list(used)))
    return _checked(Replies(table.name, table.digest, by_group, dict(cells), said), margins)


def _group(table: Table, margins: Margins, dimension: str, written: str, row: int, column: str,
           problems: list[Problem]) -> str | None:
    """The group as the margins spell it; a problem is noted where they do not have it."""
    known = {folded(each): each for each in margins.people[dimension]}
    if folded(written) in known:
        return known[folded(written)]
    if folded(written) in NOT_STATED:
        return None
    problems.append(Problem(f"the margins have no such group of {dimension}; {_nearest(written, list(known.values()))}",
                            "write it as in the margins, or add its people there", table.name, row, column, written))
    return None


def _nearest(written: str, known: Sequence[str]) -> str:
    near = closest(written, known)
    return f"the nearest is {listed(near, joint='or')}" if near else f"it has {listed(known[:8])}"


def _not_compared(margins: Margins, used: Sequence[str]) -> tuple[str, ...]:
    left = [each for each in margins.people if each not in used]
    return (f"The replies do not say {listed(left, joint='or')}: not compared.",) if left else ()


def _checked(replies: Replies, margins: Margins) -> Replies:
    problems = []
    if not replies.total:
        raise refuse("there is not a single reply", "give a table with at least one reply", file=replies.name)
    for dimension in replies.dimensions:
        counts = replies.by_group[dimension]
        for group, people in margins.people[dimension].items():
            if not people and counts.get(group):
                problems.append(Problem(
                    f"{group} ({dimension}) has {counted(counts[group], 'reply', 'replies')} and no people",
                    "give the people in this group, or join it with another", margins.name, None, "population", "0"))
        if not sum(count for group, count in counts.items() if group is not None):
            problems.append(Problem(f"no reply states {dimension}", "leave the column out, or fill it in",
                                    replies.name, None, dimension))
    if problems:
        raise Refused(problems)
    return replies
