"""A panel of units through time: read, checked, the treated unit beside its donors, with the predictors of a set-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from evenhand.data.tables import Table
from evenhand.evaluate import times
from evenhand.terms import Problem, Refused, closest, refuse
from evenhand.terms.words import counted, listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Predictors:
    """What units are matched by: values of shape (predictors, units), the treated unit first, under their names."""

    names: tuple[str, ...]
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Panel:
    """The outcome of units through time, complete.

    ``outcomes`` has shape (periods, units), the treated unit in the first column; ``before`` and ``fitted`` (shape
    periods) say which periods lie before the start, and which of them the fit is judged by. ``importance`` holds
    weights of predictors that were given; ``training`` the predictors and the periods that they are to be chosen on.
    """

    units: tuple[str, ...]
    labels: tuple[str, ...]
    outcomes: NDArray[np.float64]
    before: NDArray[np.bool_]
    fitted: NDArray[np.bool_]
    rhythm: str
    start: str
    predictors: Predictors | None = None
    importance: NDArray[np.float64] | None = None
    training: tuple[Predictors, NDArray[np.bool_]] | None = None
    remarks: tuple[str, ...] = field(default=())

    @property
    def treated(self) -> str:
        """The unit that the change came to."""
        return self.units[0]

    @property
    def donors(self) -> tuple[str, ...]:
        """The units that it did not come to."""
        return self.units[1:]


@dataclass(frozen=True)
class Asked:
    """Which columns, which unit, when, and who may be a donor (all others where none is named)."""

    unit: str
    time: str
    outcome: str
    treated: str
    start: str
    donors: Sequence[str] = ()


def read(table: Table, asked: Asked) -> tuple[Panel, Grid]:
    """Read a panel, and the grid from which a set-up takes its predictors.

    Periods in which the treated unit has no outcome, and donors that lack one in any other, are left out and said.
    Raises ``Refused`` for columns that are missing, cells that are no numbers or dates, a unit twice at one time, a
    treated unit that is not there or stands alone, and a start outside the panel.
    """
    import numpy as np

    table.require(asked.unit, asked.time, asked.outcome)
    names = table.texts(asked.unit, may_be_empty=False)
    values = table.numbers(asked.outcome, empty=float("nan"))
    dates = times.read(table, asked.time)
    units = list(dict.fromkeys(names))
    treated = found_unit(asked.treated, units, table.name, "--treated")
    wanted = [found_unit(each, units, table.name, "--donors") for each in asked.donors]
    if treated in wanted:
        raise refuse("the treated unit cannot be a donor to itself", "leave it out of the donors", column="--donors",
                     value=treated)
    donors = list(dict.fromkeys(wanted)) or [each for each in units if each != treated]
    if not donors:
        raise refuse(f"the panel holds no unit but {treated}, so there is nobody to compare it with",
                     "add rows of units that the change did not come to", file=table.name, column=asked.unit)
    every = [treated, *donors]
    places, label_of = _calendar(dates)
    grid = Grid(table, names, dates, every, places, asked)
    matrix = grid.of(values)
    remarks: list[str] = []
    kept = ~np.isnan(matrix[:, 0])
    if not kept.any():
        raise refuse("the treated unit has no outcome at all", "fill it in", file=table.name, column=asked.outcome,
                     value=treated)
    if not kept.all():
        remarks.append(f"{treated} has no outcome at {counted(int((~kept).sum()), 'date')}, which "
                       f"{'is' if (~kept).sum() == 1 else 'are'} left out.")
    begins = dates.moment(asked.start, "--start")
    _refuse_outside(table, places[kept], label_of, begins)
    used = _complete(table, every, matrix[kept], [label_of[place] for place in places[kept]], remarks)
    within = places[kept]
    rhythm = times.Times(dates.kind, within, np.array([label_of[each] for each in within], dtype=object)).rhythm()
    before = within < begins.place
    panel = Panel(tuple(every[each] for each in used), tuple(label_of[each] for each in within),
                  matrix[kept][:, used], before, before.copy(), rhythm, label_of[within[~before][0]])
    remarks += _gap_remark(dates, within, rhythm)
    return replace(panel, remarks=tuple(remarks)), grid


def found_unit(name: str, units: Sequence[str], file: str, option: str) -> str:
    """The unit as the panel writes it; refuses one that is not there, with those nearest to it."""
    if name in units:
        return name
    folded = {each.casefold(): each for each in units}
    if name.strip().casefold() in folded:
        return folded[name.strip().casefold()]
    near = closest(name, units)
    what = f"did you mean {listed(near, joint='or')}?" if near else (
        f"there are {', '.join(units[:8])}{' and others' if len(units) > 8 else ''}")
    raise refuse("no row is for this unit", what, file=file, column=option, value=name)


class Grid:
    """Any column of the table as a matrix of periods and units."""

    def __init__(self, table: Table, names: Sequence[str], dates: times.Times, units: Sequence[str],
                 places: NDArray[np.float64], asked: Asked) -> None:
        import numpy as np

        self.table, self.dates, self.units, self.places, self.asked = table, dates, list(units), places, asked
        self.label_of = _calendar(dates)[1]
        column_of = {name: place for place, name in enumerate(units)}
        self._column = np.array([column_of.get(name, -1) for name in names])
        self._row = np.searchsorted(places, dates.places)
        self._used = self._column >= 0
        self._refuse_doubles(names)

    def _refuse_doubles(self, names: Sequence[str]) -> None:
        import numpy as np

        rows = np.flatnonzero(self._used)
        key = self._row[rows] * len(self.units) + self._column[rows]
        order = np.argsort(key, kind="stable")
        same = np.flatnonzero(key[order][1:] == key[order][:-1]) + 1
        if len(same):
            raise Refused(
                Problem(f"row {int(self.table.row_numbers[rows[order[at - 1]]])} is for {names[rows[order[at]]]} at "
                        "this time already", "keep one of the two, or add them up first", self.table.name,
                        int(self.table.row_numbers[rows[order[at]]]), self.asked.time,
                        str(self.dates.labels[rows[order[at]]])) for at in same[:1000])

    def of(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The matrix (periods, units) of a column's numbers; what no row gives is missing."""
        import numpy as np

        matrix = np.full((len(self.places), len(self.units)), np.nan)
        matrix[self._row[self._used], self._column[self._used]] = values[self._used]
        return matrix


def _calendar(dates: times.Times) -> tuple[NDArray[np.float64], dict[float, str]]:
    import numpy as np

    places, first = np.unique(dates.places, return_index=True)
    # A year that a spreadsheet wrote as 1955.0 reads as 1955.
    tidy = {float(place): str(dates.labels[at]).removesuffix(".0") if dates.kind == "number" else str(dates.labels[at])
            for place, at in zip(places, first, strict=True)}
    return places, tidy


def _refuse_outside(table: Table, places: NDArray[np.float64], label_of: Mapping[float, str],
                    begins: times.Moment) -> None:
    first, last = float(places[0]), float(places[-1])
    if begins.place <= first:
        raise refuse("nothing lies before the start, so there is no past to match",
                     f"the treated unit begins with {label_of[first]}: give a later start", file=table.name,
                     column="--start", value=begins.label)
    if begins.place > last:
        raise refuse("nothing lies after the start yet", f"the treated unit ends with {label_of[last]}: give an "
                     "earlier start", file=table.name, column="--start", value=begins.label)


def _complete(table: Table, units: Sequence[str], matrix: NDArray[np.float64], labels: Sequence[str],
              remarks: list[str]) -> list[int]:
    """Columns that have an outcome at every date; the treated unit's first. What is left out is said."""
    import numpy as np

    missing = np.isnan(matrix)
    vanish, gaps, empty, nought = [], [], [], []
    kept = [0]
    for place in range(1, len(units)):
        lacks = missing[:, place]
        if lacks.all():
            empty.append(units[place])
        elif lacks.any():
            last = int(np.flatnonzero(~lacks)[-1])
            if last < len(labels) - 1 and not lacks[:last].any():
                vanish.append(f"{units[place]} (last seen at {labels[last]})")
            else:
                gaps.append(units[place])
        elif not matrix[:, place].any() and matrix[:, 0].any():
            nought.append(units[place])
        else:
            kept.append(place)
    for names, one, many in ((vanish, "vanishes before the end", "vanish before the end"),
                             (gaps, "has gaps", "have gaps"), (empty, "has no outcome", "have no outcome"),
                             (nought, "is nought throughout, as if it did not report",
                              "are nought throughout, as if they did not report")):
        if names:
            remarks.append(f"{listed(names[:5]) if len(names) <= 5 else ', '.join(names[:5]) + ' and others'} "
                           f"{one if len(names) == 1 else many}: left out as "
                           f"{'a donor' if len(names) == 1 else f'donors ({len(names):,})'}.")
    if len(kept) == 1:
        raise refuse("no donor has an outcome at every date of the treated unit",
                     "fill the gaps, or give the part of the panel that is complete (--where)", file=table.name,
                     value=listed([*vanish, *gaps, *empty, *nought][:5]))
    return kept


def _gap_remark(dates: times.Times, places: NDArray[np.float64], rhythm: str) -> list[str]:
    import numpy as np

    if rhythm in ("day", "number"):
        return []
    steps = times.Times(dates.kind, places, np.empty(len(places), dtype=object)).steps()
    jumps = np.diff(steps)
    gaps = int((jumps[jumps > 1] - 1).sum())
    if not gaps:
        return []
    return [f"{counted(gaps, times.ONE_OF[rhythm])} between the first and the last {'has' if gaps == 1 else 'have'} no "
            "row of the treated unit; the periods on either side are taken as neighbours."]
