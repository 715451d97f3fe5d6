"""A long table of measures by month and body, set out as a block of figures; missing is never zero."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from evenhand.catalogue import Input, InputColumn
from evenhand.data import tables
from evenhand.find.groups import Groups, alike, encoded, first_of_each
from evenhand.terms import Month, Problem, Refused, closest, refuse
from evenhand.terms.period import Span
from evenhand.terms.words import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

INPUT = Input("panel", "measures by month and body, one row each", (
    InputColumn("measure", "which measure; may be left out where there is only one", optional=True),
    InputColumn("month", "or period: 2016-04, or any spelling of a month"),
    InputColumn("unit", "or code: the body"),
    InputColumn("numerator", "amount or count in the month"),
    InputColumn("denominator", "patients, items or whatever it is per; 0 where the body is no more")))
"""The panel as a method says that it reads one."""
THE_MEASURE = "the measure"
_ALSO = {"unit": ("code", "pct", "pct_id", "organisation"), "month": ("period", "date")}
_FINANCIAL = re.compile(r"^\d{4}[/-](\d{2}|\d{4})$")
_YEAR = re.compile(r"^\d{4}$")
USUAL_MONTHS = 12


@dataclass(frozen=True)
class Panel:
    """Figures of every measure, body and month.

    ``numerator`` and ``denominator`` have the shape (measures, units, months), months running on without a break. Both
    are not a number where no figure is held, or where the denominator is 0: an abolished body is missing.
    """

    name: str
    digest: str
    measures: tuple[str, ...]
    units: tuple[str, ...]
    first: Month
    numerator: Floats
    denominator: Floats
    remarks: tuple[str, ...]

    @property
    def months(self) -> int:
        """How many months there are from the first to the last."""
        return int(self.numerator.shape[2])

    @property
    def last(self) -> Month:
        """The last month."""
        return self.first.plus(self.months - 1)

    def slice_of(self, span: Span) -> slice:
        """Where the months of a span lie on the last axis; months outside the panel are cut off."""
        return slice(max(span.first.index - self.first.index, 0), max(span.last.index - self.first.index + 1, 0))

    def last_month_of(self, unit: int) -> Month | None:
        """The last month for which any figure of a body is held."""
        import numpy as np

        there = np.flatnonzero(np.isfinite(self.denominator[:, unit, :]).any(axis=0))
        return self.first.plus(int(there[-1])) if len(there) else None


def read_panel(source: tables.Source, measure: str | None = None) -> Panel:
    """Read a long panel.

    Args:
        source: columns ``measure`` (may be left out where there is only one), ``month`` or ``period``, ``unit`` or
            ``code``, ``numerator``, ``denominator``.
        measure: only this one.

    Raises:
        Refused: missing columns, words for numbers, months that are none, negative figures, a body's month given
            twice, an unknown measure.
    """
    import numpy as np

    data = tables.read(source)
    unit_column, month_column = _column(data, "unit"), _column(data, "month")
    data.require("numerator", "denominator")
    remarks = []
    units = encoded(data.column(unit_column))
    nameless = np.array([not str(key[0]).strip() for key in units.keys])[units.codes]
    if nameless.any():
        remarks.append(f"{counted(int(nameless.sum()), 'row')} without a code of a body left out.")
    wanted = ~nameless
    if not wanted.any():
        raise refuse("no row names a body", "fill in the codes", file=data.name, column=unit_column)
    if "measure" in data:
        measures = encoded(data.column("measure"))
        if measure is not None:
            wanted &= measures.codes == _place_of(measure, [str(key[0]) for key in measures.keys], data.name)
    else:
        measures = Groups(np.zeros(len(data), dtype=np.int64), ((measure or THE_MEASURE,),))
    if not wanted.all():
        data = data.keep(wanted)
        measures, units = (Groups(each.codes[wanted], each.keys) for each in (measures, units))
    top = data.numbers("numerator", least=0, empty=np.nan)
    bottom = data.numbers("denominator", least=0, empty=np.nan)
    months = _months(data, month_column)
    _refuse_doubles(data, measures, units, months, unit_column)
    names, rows = _in_use(measures)
    bodies, columns = _in_use(units)
    first = int(months.min())
    shape = (len(names), len(bodies), int(months.max()) - first + 1)
    _refuse_scattered(shape, len(data), data.name)
    places = (rows, columns, months - first)
    numerator, denominator = np.full(shape, np.nan), np.full(shape, np.nan)
    there = np.isfinite(top) & np.isfinite(bottom) & (bottom > 0)
    if not there.any():
        raise refuse("no figure is held: every denominator is 0 or empty, or its numerator is empty",
                     "check that the right columns are read", file=data.name, column="denominator")
    numerator[places] = np.where(there, top, np.nan)
    denominator[places] = np.where(there, bottom, np.nan)
    return Panel(data.name, data.digest, names, bodies, Month.at(first), numerator, denominator, tuple(remarks))


def _column(data: tables.Table, name: str) -> str:
    for each in (name, *_ALSO[name]):
        if each in data:
            return each
    data.require(name)
    raise AssertionError("a missing column was refused")


def _place_of(measure: str, known: list[str], file: str) -> int:
    for fold in (str, str.casefold):
        if fold(measure) in [fold(each) for each in known]:
            return [fold(each) for each in known].index(fold(measure))
    near = closest(measure, known) or sorted(known)[:10]
    raise refuse("there is no such measure here", f"did you mean {' or '.join(near)}?", file=file, column="--measure",
                 value=measure)


def _months(data: tables.Table, column: str) -> NDArray[np.int64]:
    """The month of each row, counted from the year 0, shape (rows,)."""
    import numpy as np

    cells = encoded(data.column(column))
    indices, wrong = np.zeros(len(cells), dtype=np.int64), np.zeros(len(cells), dtype=bool)
    for place, (cell,) in enumerate(cells.keys):
        try:
            indices[place] = Month.parsed(cell).index
        except ValueError:
            wrong[place] = True
    data.refuse_rows(wrong[cells.codes], "this is not a month", "write it as 2016-04", column=column)
    return indices[cells.codes]


def _refuse_doubles(data: tables.Table, measures: Groups, units: Groups, months: NDArray[np.int64],
                    column: str) -> None:
    import numpy as np

    cells = alike(measures, units, Groups(months - months.min(), ((),) * int(months.max() - months.min() + 1)))
    firsts = first_of_each(cells)
    if len(firsts) == len(data):
        return
    again = np.flatnonzero(firsts[cells] != np.arange(len(data)))
    if "vintage" in data:
        releases = data.texts("vintage")
        both = sorted({releases[place] for place in again} | {releases[int(firsts[cells[place]])] for place in again})
        if len(both) > 1:
            raise refuse(f"{counted(len(again), 'figure stands', 'figures stand')} in more than one release, and what "
                         "a measure counts may differ between them",
                         f'keep one release: --where "vintage={both[-1]}"', file=data.name, column="vintage",
                         value=" and ".join(both))
    raise Refused(Problem(
        f"row {data.row_numbers[firsts[cells[place]]]} is for the same measure, body and month",
        "keep one of the two", data.name, int(data.row_numbers[place]), column,
        f"{units.keys[units.codes[place]][0]} {Month.at(int(months[place]))}")
        for place in again[:tables.MOST_PROBLEMS])


def _in_use(groups: Groups) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Names that occur, in alphabetical order, and each row's place among them."""
    import numpy as np

    used = np.unique(groups.codes)
    order = sorted(used.tolist(), key=lambda code: str(groups.keys[code][0]))
    place = np.zeros(len(groups), dtype=np.int64)
    place[order] = np.arange(len(order))
    return tuple(str(groups.keys[code][0]) for code in order), place[groups.codes]


def _refuse_scattered(shape: tuple[int, int, int], rows: int, file: str) -> None:
    """A block hundreds of times larger than its rows means that months or codes were misread."""
    if shape[0] * shape[1] * shape[2] > max(20_000_000, 200 * rows):
        raise refuse(f"{rows:,} rows are spread over {shape[0]:,} measures, {shape[1]:,} bodies and {shape[2]:,} "
                     "months", "check that the columns for measure, unit and month hold what their names say",
                     file=file)


def span_of(panel: Panel, first: str | None, last: str | None) -> Span:
    """The months asked for: ``2016-04`` to ``2017-03``, ``2016/17``, ``2025``; without, the last twelve held.

    Raises ``Refused`` for what is no month, for an end before its beginning, and where no figure is held.
    """
    held = f"figures here run from {panel.first} to {panel.last}"
    begins = _span(first, "--from") if first else None
    ends = _span(last, "--to") if last else None
    if begins is not None and ends is not None:
        if ends.last < begins.first:
            raise refuse("the last month comes before the first", f"the first is {begins.first}", column="--to",
                         value=last)
        span = Span(begins.first, ends.last)
    elif begins is not None:  # a year alone is meant whole; a month alone begins a span to the last held
        span = begins if begins.months > 1 else Span(begins.first, max(panel.last, begins.first))
    elif ends is not None:
        span = ends if ends.months > 1 else Span(ends.first.plus(1 - USUAL_MONTHS), ends.last)
    else:
        span = Span(max(panel.last.plus(1 - USUAL_MONTHS), panel.first), panel.last)
    if span.last < panel.first or span.first > panel.last:
        raise refuse(f"no figure is held for {span.words}", held, file=panel.name, column="--from", value=first or last)
    return span


def _span(text: str, option: str) -> Span:
    words = text.strip()
    try:
        if _FINANCIAL.match(words) and ("/" in words or int(words[5:]) > 12):  # 2011-12 is a month, 2011/12 a year
            return Span.financial_year(words)
        if _YEAR.match(words):
            return Span(Month(int(words), 1), Month(int(words), 12))
        month = Month.parsed(words)
        return Span(month, month)
    except ValueError:
        raise refuse("this is not a month", "write it as 2016-04, or a year as 2016/17 or 2025", column=option,
                     value=text) from None
