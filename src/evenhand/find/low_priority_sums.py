"""What is done against each policy: a table of measures or of codes set out as activity, spend and people by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from evenhand.data.reading import cell_text
from evenhand.data.tables import Table
from evenhand.find.groups import encoded
from evenhand.find.measures import MeasureNote
from evenhand.find.policies import Policy
from evenhand.terms import Month, refuse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

CODES = ("bnf_code", "item_code", "policy")
ACTIVITY = ("items", "activity", "count")
COST = ("cost", "actual_cost", "spend")
PEOPLE = ("denominator", "population", "registered_patients")
UNIT = ("unit", "code", "practice", "organisation")
MONTH = ("month", "period", "date")


@dataclass(frozen=True)
class Done:
    """What was done against the policies that figures can be linked to.

    ``activity``, ``spend``, ``exceptions`` and ``people`` have the shape (policies, units, months), not a number where
    no figure is held; ``links`` says of each policy by what its figures were found.
    """

    policies: tuple[Policy, ...]
    links: tuple[str, ...]
    units: tuple[str, ...]
    first: Month
    activity: Floats
    spend: Floats
    exceptions: Floats
    people: Floats
    is_measured: bool

    @property
    def months(self) -> int:
        """How many months there are."""
        return int(self.spend.shape[2])

    def over(self, figures: Floats, first: Month, last: Month, unit: str | None) -> list[float | None]:
        """The sum of each policy over some months, for one body or all; nothing where no figure is held."""
        import numpy as np

        months = slice(max(first.index - self.first.index, 0), max(last.index - self.first.index + 1, 0))
        units = slice(None) if unit is None else [self.units.index(unit)]
        part = figures[:, :, months][:, units]
        there = [bool(np.isfinite(each).any()) for each in part]
        return [float(np.nansum(each)) if held else None for each, held in zip(part, there, strict=True)]


def read_done(data: Table, policies: Sequence[Policy], notes: Mapping[str, MeasureNote]) -> Done:
    """Link the rows of a table to policies, by measure or by code.

    Args:
        data: ``month``, ``unit`` and either ``measure``, ``numerator``, ``denominator`` (as ``find gaps`` reads
            them) or ``bnf_code`` (or ``policy``: its id or title) with ``items`` or ``cost``; optional ``population``,
            ``exceptions``.
        policies: those in force.
        notes: what is known of the measures: which count pounds.

    Raises:
        Refused: missing columns, no row that any policy names, words for numbers, negative figures.
    """
    import numpy as np

    unit_column, month_column = _one_of(data, UNIT, "unit"), _one_of(data, MONTH, "month")
    by_measure = "measure" in data
    key = "measure" if by_measure else _one_of(data, CODES, "measure")
    names, place = _told_apart(data, key)
    links = _by_measure(names, policies) if by_measure else _by_code(key, names, policies)
    used = sorted({policy for found in links for policy in found})
    if not used:
        raise refuse("no row is under any policy of the register", f"the register's policies name measures and codes; "
                     f"{key} here holds {', '.join(names[:3])}", file=data.name, column=key)
    wanted = np.isin(place, [where for where, found in enumerate(links) if found])
    data, place = data.keep(wanted), place[wanted]
    months = _months(data, month_column)
    units, column = _told_apart(data, unit_column)
    first = int(months.min())
    shape = (len(used), len(units), int(months.max()) - first + 1)
    top = _numbers(data, ("numerator",)) if by_measure else None
    costs, counts = (None, None) if by_measure else (_numbers(data, COST), _numbers(data, ACTIVITY))
    if by_measure and top is None:
        data.require("numerator", "denominator")
    if not by_measure and costs is None and counts is None:
        raise refuse("there is neither a cost nor a count", "add a column items or cost", file=data.name)
    people, allowed = _numbers(data, PEOPLE), _numbers(data, ("exceptions",))
    blocks = {name: np.full(shape, np.nan) for name in ("activity", "spend", "exceptions", "people")}
    for where, found in enumerate(links):
        rows = np.flatnonzero(place == where) if found else ()
        for policy in found:
            at = (np.full(len(rows), used.index(policy)), column[rows], months[rows] - first)
            if by_measure and top is not None:
                pounds = notes.get(names[where], MeasureNote()).numerator_unit == "pounds"
                held = True if people is None else people[rows] > 0
                _add(blocks["spend" if pounds else "activity"], at, np.where(held, top[rows], np.nan))
            else:
                for name, figures in (("spend", costs), ("activity", counts)):
                    if figures is not None:
                        _add(blocks[name], at, figures[rows])
            if allowed is not None:
                _add(blocks["exceptions"], at, allowed[rows])
            if people is not None:
                # The people of a body are the same in every row of its month: taken once, never added up.
                blocks["people"][at] = np.where(people[rows] > 0, people[rows], np.nan)
    kept = tuple(policies[each] for each in used)
    how = tuple("measure" if by_measure else "policy" if key == "policy" else "code" for _ in used)
    return Done(kept, how, tuple(units), Month.at(first), **blocks, is_measured=by_measure)


@dataclass(frozen=True)
class Requests:
    """How many requests against one policy were allowed, and how many refused."""

    allowed: int
    refused: int


def read_requests(data: Table, policies: Sequence[Policy], unit: str | None) -> dict[str, Requests]:
    """The requests that were decided against each policy, by its id; of one body, or of all together.

    Args:
        data: ``policy`` (id or title), ``allowed``, ``refused``; optional ``unit``.
        policies: those in force.
        unit: the body; rows of others are left out where the table tells them apart.

    Raises:
        Refused: missing columns, words for numbers, negative figures, a policy that the register does not know.
    """
    data.require("policy", "allowed", "refused")
    by_name = {name.casefold(): each.id for each in policies for name in (each.title, each.id)}
    names = data.texts("policy", may_be_empty=False)
    data.refuse_rows([name.casefold() not in by_name for name in names], "no policy in force is called so",
                     "write its id or its title as the register has it", column="policy")
    allowed, refused = (data.numbers(each, least=0, whole=True, empty=0.0) for each in ("allowed", "refused"))
    units = data.texts("unit") if "unit" in data else [unit] * len(data)
    found: dict[str, Requests] = {}
    for name, own, yes, no in zip(names, units, allowed, refused, strict=True):
        if unit is None or own == unit:
            before = found.get(by_name[name.casefold()], Requests(0, 0))
            found[by_name[name.casefold()]] = Requests(before.allowed + int(yes), before.refused + int(no))
    return found


def _told_apart(data: Table, column: str) -> tuple[list[str], NDArray[np.int64]]:
    """The different texts of a column, sorted, and for each row the place of its text among them, shape (rows,)."""
    import numpy as np

    found = encoded(data.column(column))
    texts = [cell_text(key[0]).strip() for key in found.keys]
    names = sorted(set(texts))
    return names, np.array([names.index(each) for each in texts], dtype=np.int64)[found.codes]


def _months(data: Table, column: str) -> NDArray[np.int64]:
    """The month of each row, counted from the year 0, shape (rows,); refuses, row by row, what is none."""
    import numpy as np

    found = encoded(data.column(column))
    try:
        months = [Month.parsed(key[0]).index for key in found.keys]
    except ValueError:
        return np.array([each.index for each in data.months(column)], dtype=np.int64)
    return np.array(months, dtype=np.int64)[found.codes]


def _add(block: Floats, at: tuple[NDArray[np.int64], ...], figures: Floats) -> None:
    import numpy as np

    there = np.isfinite(figures)
    at = tuple(each[there] for each in at)
    block[at] = np.nan_to_num(block[at])
    np.add.at(block, at, figures[there])


def _one_of(data: Table, names: Sequence[str], wanted: str) -> str:
    for each in names:
        if each in data:
            return each
    data.require(wanted)
    raise AssertionError("a missing column was refused")


def _numbers(data: Table, names: Sequence[str]) -> Floats | None:
    import numpy as np

    return next((data.numbers(each, least=0, empty=np.nan) for each in names if each in data), None)


def _by_measure(names: list[str], policies: Sequence[Policy]) -> list[list[int]]:
    """For each measure the policies it counts against; a policy with several is counted by the first that is held."""
    first = [next((measure for measure in each.measures if measure in names), None) for each in policies]
    return [[place for place, measure in enumerate(first) if measure == name] for name in names]


def _by_code(key: str, names: list[str], policies: Sequence[Policy]) -> list[list[int]]:
    if key == "policy":
        return [[place for place, each in enumerate(policies)
                 if name.strip().casefold() in (each.id.casefold(), each.title.casefold())] for name in names]
    return [[place for place, each in enumerate(policies) if each.holds(name.strip())] for name in names]
