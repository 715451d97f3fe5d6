"""A table of events and people as rates need it: one cell for each group and age band, doubts said aloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from evenhand.data import tables
from evenhand.find.groups import Groups, alike, by_columns, encoded, first_of_each, together, unnamed
from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import counted, listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Places: TypeAlias = NDArray[np.int64]

ALSO_CALLED: Mapping[str, tuple[str, ...]] = {
    "numerator": ("count", "persons", "observed", "events", "cases", "x"),
    "denominator": ("pop", "population", "n"),
    "age_band": ("ageband", "agegroup", "age_group", "age"),
    "standard_population": ("stdpop",),
    "reference_numerator": ("refcount",),
    "reference_denominator": ("refpop",),
    "events_per_person": ("frequency", "eventfreq"),
}
"""Names that publications give these columns: taken where the plain name is not there, and said."""


@dataclass(frozen=True)
class Strata:
    """Events and people by cell (a group and a stratum within it); arrays have the shape (cells,).

    ``repeats`` is the variance of the events: their number, or the sum of frequency squared times people where one
    person can have several. ``blank`` marks cells without a count, ``unpeopled`` those without a denominator.
    ``in_order`` says whether every group has the same strata in the same order.
    """

    groups: Groups
    labels: tuple[str, ...]
    group: Places
    stratum: Places
    events: Floats
    repeats: Floats
    people: Floats
    blank: NDArray[np.bool_]
    unpeopled: NDArray[np.bool_]
    first_row: Places
    in_order: bool
    are_repeated: bool
    remarks: tuple[str, ...]

    def by_group(self, values: Floats) -> Floats:
        """The sum of a cell's figure over each group, shape (groups,)."""
        return _sums(self.group, values, len(self.groups))

    def labels_where(self, chosen: NDArray[np.bool_]) -> dict[int, list[str]]:
        """The strata for which something holds, by group; groups without one are left out."""
        import numpy as np

        found: dict[int, list[str]] = {}
        for cell in np.flatnonzero(chosen):
            found.setdefault(int(self.group[cell]), []).append(self.labels[self.stratum[cell]])
        return found

    def missing(self) -> dict[int, list[str]]:
        """Strata that other groups have and a group has not, by group."""
        import numpy as np

        sizes = np.bincount(self.group, minlength=len(self.groups))
        short = np.flatnonzero(sizes < len(self.labels))
        there: dict[int, set[int]] = {int(group): set() for group in short}
        for cell in np.flatnonzero(np.isin(self.group, short)):
            there[int(self.group[cell])].add(int(self.stratum[cell]))
        return {group: [label for place, label in enumerate(self.labels) if place not in held]
                for group, held in there.items()}


def named(table: tables.Table, name: str, remarks: list[str]) -> str | None:
    """The column of that name, or one that publications give in its place (with a remark); nothing where none is."""
    if name in table:
        return name
    for other in ALSO_CALLED.get(name, ()):
        if other in table:
            remarks.append(f"The column “{other}” was taken for {name}.")
            return other
    return None


def required(table: tables.Table, name: str, remarks: list[str]) -> str:
    """As ``named``; refuses where there is no such column."""
    found = named(table, name, remarks)
    if found is None:
        table.require(name)
        raise AssertionError("a missing column was refused")
    return found


def read_strata(table: tables.Table, by: Sequence[str], *, standardised: bool, proportion: bool) -> Strata:
    """Read events and people, added up to one cell for each group and stratum.

    Args:
        table: with ``numerator``, ``denominator``; optional ``age_band``, ``events_per_person``.
        by: columns whose cells make a group; ``row`` gives each row its own group where no column is called so.
        standardised: whether strata matter. Without them the rows of a group are added up.
        proportion: whether a numerator may not pass its denominator.

    Raises:
        Refused: missing columns, words for numbers, negative counts, rows given twice, one denominator given
            differently in the rows of one band.
    """
    import numpy as np

    remarks: list[str] = []
    both = ("numerator", "denominator")
    missing = [each for each in both if named(table, each, []) is None]
    if missing:
        # All that is missing at once, and neither proposed as the other.
        table.require(*missing, *(each for each in both if each in table))
    top, bottom = required(table, "numerator", remarks), required(table, "denominator", remarks)
    frequency = named(table, "events_per_person", remarks)
    age = named(table, "age_band", remarks) if standardised or frequency else None
    count = table.numbers(top, least=0, empty=np.nan)
    people = table.numbers(bottom, least=0, empty=np.nan)
    times = np.ones(len(table)) if frequency is None else table.numbers(frequency, least=1)
    if proportion:
        table.refuse_rows(count * times > people, "the numerator is above the denominator",
                          "a proportion counts part of a whole: correct one of the two, or use --method crude",
                          column=top)
    groups = _groups(table, by)
    if standardised and age is None and frequency is not None:
        raise refuse("events_per_person needs the column age_band", "name it with --columns age_band=NAME",
                     file=table.name)
    strata = _strata(table, age, groups, standardised)
    cells = unnamed(groups, strata)
    firsts = cells.firsts()
    if frequency is None:
        if standardised or by != ("row",):
            _refuse_doubles(table, cells, groups, strata, by, age, count, people, remarks, standardised)
    else:
        _refuse_repeated(table, together(cells, encoded(table.column(frequency))), (*by, *([age] if age else []),
                                                                                  frequency))
    given = np.where(np.isfinite(count), count, 0.0)
    unpeopled = _sums(cells.codes, ~np.isfinite(people), len(cells)) > 0
    if frequency is None:
        held = _sums(cells.codes, np.where(np.isfinite(people), people, 0.0), len(cells))
        blank = _sums(cells.codes, ~np.isfinite(count), len(cells)) > 0
    else:
        held = _once(table, cells, people, bottom)
        blank = np.zeros(len(cells), dtype=bool)  # nobody with so many events: the contract's reading of a blank
    return Strata(
        groups, tuple(_label(key[0]) for key in strata.keys), groups.codes[firsts], strata.codes[firsts],
        _sums(cells.codes, given * times, len(cells)), _sums(cells.codes, given * times**2, len(cells)),
        np.where(unpeopled, np.nan, held), blank, unpeopled, firsts,
        _in_order(groups, strata, cells, firsts), frequency is not None, tuple(remarks))


def _sums(codes: Places, values: NDArray[np.generic], count: int) -> Floats:
    """The sum of the values under each number from 0 up to ``count``."""
    import numpy as np

    return np.asarray(np.bincount(codes, weights=values, minlength=count), dtype=float)


def _groups(table: tables.Table, by: Sequence[str]) -> Groups:
    import numpy as np

    if tuple(by) == ("row",) and "row" not in table:
        return Groups(np.arange(len(table)), tuple((int(row),) for row in table.row_numbers))
    return by_columns(table, by)


def _strata(table: tables.Table, age: str | None, groups: Groups, standardised: bool) -> Groups:
    import numpy as np

    if age is not None:
        return encoded(table.column(age))
    if not standardised:
        return Groups(np.zeros(len(table), dtype=np.int64), (("",),))
    within = groups.places_within()
    return Groups(within, tuple((f"row {place + 1} of its group",) for place in range(int(within.max()) + 1)))


def _label(cell: Any) -> str:
    return cell if isinstance(cell, str) else f"{cell:g}" if isinstance(cell, float) else str(cell)


def _in_order(groups: Groups, strata: Groups, cells: Groups, firsts: Places) -> bool:
    """Whether the strata of every group come as they first appeared, none left out."""
    import numpy as np

    if len(cells) != len(groups) * len(strata):
        return False
    own = Groups(groups.codes[firsts], groups.keys)
    return bool(np.array_equal(own.places_within(), strata.codes[firsts]))


def _once(table: tables.Table, cells: Groups, people: Floats, column: str) -> Floats:
    """The denominator of each cell, which its rows must agree on."""
    import numpy as np

    known = np.isfinite(people)
    least, most = np.full(len(cells), np.inf), np.full(len(cells), -np.inf)
    np.minimum.at(least, cells.codes[known], people[known])
    np.maximum.at(most, cells.codes[known], people[known])
    table.refuse_rows(known & (people != most[cells.codes]),
                      "the rows of one band have different denominators", "with events_per_person each row of a band "
                      "repeats the people of the whole band", column=column)
    return np.where(np.isfinite(least), least, np.nan)


def _refuse_repeated(table: tables.Table, cells: Groups, columns: Sequence[str]) -> None:
    import numpy as np

    if len(cells) == len(table):
        return
    first = cells.firsts()
    again = np.flatnonzero(first[cells.codes] != np.arange(len(table)))
    raise Refused(Problem(f"row {table.row_numbers[first[cells.codes[place]]]} is for the same {listed(list(columns))}",
                          "keep one of the two", table.name, int(table.row_numbers[place]), columns[0])
                  for place in again[:tables.MOST_PROBLEMS])


def _refuse_doubles(table: tables.Table, cells: Groups, groups: Groups, strata: Groups, by: Sequence[str],
                    age: str | None, count: Floats, people: Floats, remarks: list[str], standardised: bool) -> None:
    """Refuse what looks like one thing said twice; say how many rows were added up otherwise.

    Rows are meant to be added up where a table goes into more detail than the question (by sex, by practice). Then
    most cells have several. A few doubled cells among single ones, or rows that agree in every column, are a slip.
    """
    import numpy as np

    extra = len(table) - len(cells)
    if extra == 0:
        return
    whole = alike(*(encoded(table.column(each)) for each in table.columns))
    first = first_of_each(whole)[whole]
    same = (first != np.arange(len(table))) & ~(people == 1)
    tells_apart = len(table.columns) > 2  # two columns of numbers may well agree by chance
    if tells_apart and same.sum() >= extra / 2:
        raise Refused(Problem(f"this row repeats row {table.row_numbers[first[place]]} in every column",
                              "keep one of the two; if both are meant, add a column that tells them apart",
                              table.name, int(table.row_numbers[place]))
                      for place in np.flatnonzero(same)[:tables.MOST_PROBLEMS])
    if standardised and extra < len(cells) / 2:
        _refuse_repeated(table, cells, tuple([*by, *([age] if age else [])]) or ("age_band",))
    what = "group and age band" if standardised and age else "group"
    many = "groups and age bands" if standardised and age else "groups"
    remarks.append(f"{counted(len(table), 'row')} were added up to {counted(len(cells), what, many)}.")
    if tells_apart and same.any():
        remarks.append(f"{counted(int(same.sum()), 'row repeats', 'rows repeat')} an earlier one in every column; all "
                       "were added up: check that they are not doubles.")
