"""The dates of a series, in any spelling a publication uses, put in order: days, months, quarters, years, numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from evenhand.data.tables import Table
from evenhand.terms import Month, Problem, Refused, refuse
from evenhand.terms.period import NAMES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Kind = Literal["day", "month", "quarter", "year", "number"]
FROM_TO_WORDS = {
    "month": "month-to-month", "week": "week-to-week", "day": "day-to-day", "quarter": "quarter-to-quarter",
    "year": "year-to-year", "number": "point-to-point"}
ONE_OF = {"month": "month", "week": "week", "day": "day", "quarter": "quarter", "year": "year", "number": "point"}

_ISO_DAY = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ][\d:.]*(?:Z|[+-]\d\d:?\d\d)?)?$")
_RUN_TOGETHER = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?: 0?0:00(?::00)?)?$")
_DAY_NAMED = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[-/. ]*([a-z]{3,9})[-/., ]*(\d{4}|\d{2})$", re.I)
_QUARTER = re.compile(
    r"^(?:(\d{4})(?:[-/](\d{2}|\d{4}))?[-/ ]*Q([1-4])|Q([1-4])[-/ ]*(\d{4})(?:[-/](\d{2}|\d{4}))?)$", re.I)
_FINANCIAL_YEAR = re.compile(r"^(\d{4})[-/](\d{2}|\d{4})$")
_NUMBER = re.compile(r"^[+-]?\d+(?:\.\d+)?$")
_CALENDAR_YEAR = re.compile(r"^(?:1[89]|20)\d\d$")
_MONTH_NUMBERS = {name[:3]: number for number, name in enumerate(NAMES, start=1)}


@dataclass(frozen=True)
class Moment:
    """One date: where it stands (``place``, in steps of its kind) and how it is written."""

    place: float
    label: str


@dataclass(frozen=True)
class Times:
    """The dates of the rows of a table.

    ``places`` (shape rows) order them: days and months counted through the calendar, so that a gap shows; plain
    numbers as given. ``labels`` (shape rows) are the same dates written one way.
    """

    kind: Kind
    places: NDArray[np.float64]
    labels: NDArray[np.object_]

    def moment(self, text: str, option: str) -> Moment:
        """A date typed by a person, read as this column is read; refuses another kind of date."""
        reader = _READERS[self.kind]
        found = reader(text.strip())
        if found is None and self.kind == "day":
            found = _first_day(_month(text.strip()))
        if found is None:
            raise refuse("this is not a date like those of the table", f"write it like {self.labels[0]}",
                         column=option, value=text)
        return found

    def rhythm(self) -> str:
        """The step from one point to the next: month, week, day, quarter, year, or number where none is known."""
        import numpy as np

        if self.kind not in ("day", "month"):
            return self.kind
        places = np.unique(self.places)
        months = _months_of(places) if self.kind == "day" else places
        if months is None:
            return "week" if len(places) > 1 and bool(np.all(np.mod(np.diff(places), 7) == 0)) else "day"
        apart = np.diff(months)
        for rhythm, each in (("year", 12), ("quarter", 3)):
            if len(apart) > 1 and bool(np.all(np.mod(apart, each) == 0)):
                return rhythm
        return "month"

    def steps(self) -> NDArray[np.float64]:
        """The dates counted in their rhythm (shape rows): months for monthly days, weeks for weekly ones."""
        import numpy as np

        rhythm = self.rhythm()
        if self.kind == "day" and rhythm == "week":
            return np.asarray(np.floor((self.places - self.places.min()) / 7))
        if self.kind not in ("day", "month") or rhythm == "day":
            return self.places
        months = self.places
        if self.kind == "day":
            distinct, where = np.unique(self.places, return_inverse=True)
            months = _month_indices(distinct)[where]
        return np.asarray(np.floor(months / {"month": 1, "quarter": 3, "year": 12}[rhythm]))


def _month_indices(days: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    return np.array([float(Month.of(date.fromordinal(int(day))).index) for day in days])


def _months_of(days: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Months of distinct days in order, where each month has one day and it is always the same, or always the last."""
    read = [date.fromordinal(int(day)) for day in days]
    same = len({day.day for day in read}) == 1
    last = all(date.fromordinal(day.toordinal() + 1).day == 1 for day in read)
    if len(read) < 2 or not (same or last):
        return None
    return _month_indices(days)


def read(table: Table, column: str) -> Times:
    """Read a column of dates.

    Every cell must be of one kind; the kind that reads them all is taken, the finest first. Raises ``Refused`` for
    each cell that is no date, or no date like the others.
    """
    import numpy as np
    import pyarrow as pa

    cells = table.column(column)
    encoded = cells.combine_chunks()
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode(null_encoding="encode")
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    distinct = [_plain(cell) for cell in encoded.dictionary.to_pylist()]
    codes = np.asarray(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
    if (codes < 0).any():
        distinct.append("")
        codes = np.where(codes < 0, len(distinct) - 1, codes)
    kind, moments = _read_all(distinct)
    wrong = np.array([moment is None for moment in moments])
    if wrong.any():
        among = "" if wrong.all() else f" a {kind}" if kind != "number" else " a number"
        raise Refused(
            Problem(*_complaint(distinct[codes[row]], kind, among), table.name, int(table.row_numbers[row]), column,
                    str(distinct[codes[row]]))
            for row in np.flatnonzero(wrong[codes])[:1000])
    known = [moment for moment in moments if moment is not None]
    labels = np.empty(len(known), dtype=object)
    labels[:] = [moment.label for moment in known]
    return Times(kind, np.array([moment.place for moment in known])[codes], labels[codes])


def words(label: str) -> str:
    """A date's label as a reader says it: April 2016, 1 April 2016, quarter 2 of 2016; others as they stand."""
    if found := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", label):
        return f"{int(found[3])} {NAMES[int(found[2]) - 1].capitalize()} {found[1]}"
    if found := re.fullmatch(r"(\d{4})-(\d{2})", label):
        return Month(int(found[1]), int(found[2])).words
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", label):
        return f"quarter {found[2]} of {found[1]}"
    return label


def said(label: str, rhythm: str) -> str:
    """A date's label as a reader says it; a monthly or quarterly series dated by days is said in months."""
    if rhythm in ("month", "quarter", "year") and re.fullmatch(r"\d{4}-\d{2}-\d{2}", label):
        return words(label[:7])
    return f"point {label}" if rhythm == "number" and not _CALENDAR_YEAR.match(label) else words(label)


def when(label: str, rhythm: str) -> str:
    """A date's label with its preposition: in March 2019, on 3 March 2019, at point 12."""
    written = said(label, rhythm)
    before = {"day": "on", "week": "on", "number": "at"}.get(rhythm, "in")
    return f"{'in' if written == label and rhythm == 'number' else before} {written}"


def _plain(cell: Any) -> Any:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return str(cell).strip()


def _complaint(cell: Any, kind: Kind, among: str) -> tuple[str, str]:
    if cell == "":
        return "there is no date", "fill it in, or leave the row out"
    likes = {"day": "2016-04-01", "month": "2016-04", "quarter": "2016-Q2", "year": "2016/17", "number": "1, 2, 3"}
    what = f"this is not{among} as the others are" if among else "this is not a date"
    return what, f"write it as {likes[kind]}"


def _read_all(cells: Sequence[Any]) -> tuple[Kind, list[Moment | None]]:
    """The kind that reads every cell; failing that, the kind that reads most, with what it could not read."""
    best: tuple[Kind, list[Moment | None]] = ("day", [None] * len(cells))
    fewest = len(cells)
    for kind in _ORDER:
        found = [_READERS[kind](cell) for cell in cells]
        unread = sum(moment is None for moment in found)
        if unread < fewest:
            best, fewest = (kind, found), unread
        if unread == 0:
            break
    return best


def _day(cell: Any) -> Moment | None:
    if isinstance(cell, datetime | date):
        day = date(cell.year, cell.month, cell.day)
        return Moment(day.toordinal(), day.isoformat())
    parts: tuple[int, int, int] | None = None
    if found := _ISO_DAY.match(cell) or _RUN_TOGETHER.match(cell):
        parts = int(found[1]), int(found[2]), int(found[3])
    elif found := _DAY_FIRST.match(cell):
        parts = _century(found[3]), int(found[2]), int(found[1])
    elif (found := _DAY_NAMED.match(cell)) and found[2][:3].casefold() in _MONTH_NUMBERS:
        parts = _century(found[3]), _MONTH_NUMBERS[found[2][:3].casefold()], int(found[1])
    if parts is None:
        return None
    try:
        day = date(*parts)
    except ValueError:
        return None
    return Moment(day.toordinal(), day.isoformat())


def _century(text: str) -> int:
    return int(text) if len(text) > 2 else 2000 + int(text)


def _month(cell: Any) -> Moment | None:
    if isinstance(cell, str) and (_NUMBER.match(cell) and not re.fullmatch(r"(?:19|20)\d{4}(?:\d\d)?", cell)):
        return None
    named_a_day = isinstance(cell, str) and any(
        pattern.match(cell) for pattern in (_ISO_DAY, _RUN_TOGETHER, _DAY_FIRST, _DAY_NAMED))
    if named_a_day and _day(cell) is None:  # 31 February is no month either
        return None
    try:
        month = Month.parsed(cell)
    except ValueError:
        return None
    return Moment(month.index, str(month))


def _first_day(month: Moment | None) -> Moment | None:
    if month is None:
        return None
    day = Month.at(int(month.place)).first_day()
    return Moment(day.toordinal(), day.isoformat())


def _quarter(cell: Any) -> Moment | None:
    found = _QUARTER.match(cell) if isinstance(cell, str) else None
    if not found:
        return None
    year, ending, number = (found[1], found[2], found[3]) if found[3] else (found[5], found[6], found[4])
    place = int(year) * 4 + int(number) - 1
    if ending is not None:  # a quarter of a financial year: the first is April to June
        if (int(year) + 1) % 100 != int(ending) % 100:
            return None
        place += 1
        return Moment(place, f"{year}/{int(ending) % 100:02d}-Q{number}")
    return Moment(place, f"{year}-Q{number}")


def _year(cell: Any) -> Moment | None:
    found = _FINANCIAL_YEAR.match(cell) if isinstance(cell, str) else None
    if not found or (int(found[1]) + 1) % 100 != int(found[2]) % 100:
        return None
    return Moment(int(found[1]), f"{found[1]}/{int(found[2]) % 100:02d}")


def _number(cell: Any) -> Moment | None:
    return Moment(float(cell), cell) if isinstance(cell, str) and _NUMBER.match(cell) else None


_READERS: dict[Kind, Callable[[Any], Moment | None]] = {
    "year": _year, "quarter": _quarter, "day": _day, "month": _month, "number": _number}
_ORDER: tuple[Kind, ...] = ("year", "quarter", "day", "month", "number")
