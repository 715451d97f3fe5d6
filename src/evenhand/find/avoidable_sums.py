"""Activity set against lists of codes: what falls under each condition, for which body, among how many people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from evenhand.data.tables import Table
from evenhand.find.avoidable_ages import AGE, Ages, age_of, in_common, people_by_age, places_of, why_not
from evenhand.find.avoidable_lists import Entry, Lists
from evenhand.terms import Month, refuse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Flags: TypeAlias = NDArray[np.bool_]

UNIT = ("practice", "unit", "code", "organisation", "commissioner")
PRIMARY = ("diagnosis", "primary_diagnosis", "icd10")
PROCEDURE = ("procedure", "primary_procedure", "opcs4")
POINT = ("point_of_delivery", "admission_method")
PEOPLE = ("population", "people", "registered_patients", "patients")
UNKNOWN_SEX = ("", "persons", "all", "all persons", "total")
OF_POINTS = "points of delivery alone"
LONGEST_CODE = 12


@dataclass(frozen=True)
class Found:
    """One condition of one list, by body. Arrays have the shape (bodies,).

    ``admissions`` are all under the condition; ``avoidable`` the share of them that the list counts; ``squares`` the
    sum of each share squared times its admissions, for the interval. ``is_told`` is false where only the point of
    delivery is known. ``by_age`` and ``squares_by_age`` are the same by band of age, shape (bodies, bands), where the
    ages of activity and people are known.
    """

    list: str
    group: str
    condition: str
    template: str
    admissions: Floats
    avoidable: Floats
    squares: Floats
    cost: Floats
    is_told: bool = True
    by_age: Floats | None = None
    squares_by_age: Floats | None = None


@dataclass(frozen=True)
class Counted:
    """What was found, the bodies, their people (not a number where not known) and years of them.

    ``ages`` holds the people by age where rates can be standardised; ``no_ages`` says why they cannot.
    """

    units: tuple[str, ...]
    people: Floats
    years: float
    first: Month | None
    last: Month | None
    conditions: tuple[Found, ...]
    lists: tuple[Found, ...]
    not_told: tuple[str, ...]
    remarks: tuple[str, ...]
    has_cost: bool
    ages: Ages | None = None
    no_ages: str = ""


def one_of(table: Table, names: Sequence[str]) -> str | None:
    """The first of these columns that the table has."""
    return next((each for each in names if each in table), None)


def count(data: Table, lists: Lists, people: Table | None, by: str | None, first: Month | None, last: Month | None
          ) -> Counted:
    """Match every row to every condition of every list.

    Raises:
        Refused: no column for body or count, words for numbers, negative figures, no month held, a body in two
            others, differing people for one body and month.
    """
    import numpy as np

    finest = one_of(data, UNIT)
    if finest is None:
        data.require("practice")
        raise AssertionError("a missing column was refused")
    data.require("count", *([by] if by else []))
    diagnosis, named, point = one_of(data, PRIMARY), one_of(data, ("condition",)), one_of(data, POINT)
    if diagnosis is None and named is None and point is None:
        raise refuse("nothing says what people came for", "add a column diagnosis, condition or point_of_delivery",
                     file=data.name)
    years = 1.0
    if "month" in data:
        months = np.array([each.index for each in data.months("month")])
        end = last.index if last else int(months.max())
        begin = first.index if first else max(end - 11, int(months.min()))
        within = (months >= begin) & (months <= end)
        if not within.any():
            raise refuse("no row lies in these months", f"figures here run from {Month.at(int(months.min()))} to "
                         f"{Month.at(int(months.max()))}", file=data.name, column="--from", value=first or last)
        data, months, years = data.keep(within), months[within], (end - begin + 1) / 12
        first, last = Month.at(begin), Month.at(end)
    elif first or last:
        data.require("month")
    people_of = _people(data, people, finest, first, last)
    fine = data.texts(finest, may_be_empty=False)
    body = data.texts(by, may_be_empty=False) if by else fine
    over: dict[str, str] = {}
    for row, (small, large) in enumerate(zip(fine, body, strict=True)):
        if over.setdefault(small, large) != large:
            raise refuse(f"{small} stands under two bodies, {over[small]} and {large}", "put it under one",
                         file=data.name, row=int(data.row_numbers[row]), column=by or finest, value=large)
    units = sorted({*over.values(), *([] if by else people_of)})
    place = {unit: at for at, unit in enumerate(units)}
    total = np.full(len(units), np.nan)
    for small in {*over, *([] if by else people_of)}:
        at = place[over.get(small, small)]
        total[at] = np.nan_to_num(total[at]) + people_of.get(small, np.nan)
    where = np.array([place[each] for each in body])
    inside = {small: place[over.get(small, small)] for small in {*over, *([] if by else people_of)}}
    ages, of_row, lacking = _ages(data, people, finest, first, last, inside, len(units))
    rows = _Rows(data, where, len(units), diagnosis, named, point, of_row, len(ages.bands) if ages else 0)
    conditions, sums, untold, remarks = rows.conditions(lists) if diagnosis or named else rows.points()
    return Counted(tuple(units), total, years, first, last, tuple(conditions), tuple(sums), tuple(untold),
                   tuple(remarks), rows.cost is not None, ages, lacking)


def _ages(data: Table, people: Table | None, finest: str, first: Month | None, last: Month | None,
          place: Mapping[str, int], bodies: int) -> tuple[Ages | None, NDArray[np.int64] | None, str]:
    """People by age of each body, and the band of each row of the activity; or why there are none."""
    import numpy as np

    age = one_of(data, AGE)
    if people is None or one_of(people, AGE) is None:
        return None, None, "people by band of age are not given (--people, with a column age_band)"
    if age is None:
        return None, None, "the activity has no column age_band"
    key, column = finest if finest in people else one_of(people, UNIT) or finest, one_of(people, PEOPLE) or ""
    held = people_by_age(people, key, column, first, last)
    labels = data.texts(age)
    of_rows = age_of(labels)
    bands = in_common(of_rows, [band for _, band in held])
    lacking = why_not(of_rows, labels, bands)
    if lacking:
        return None, None, lacking
    among = np.zeros((bodies, len(bands)))
    inside = dict(zip((band for _, band in held), places_of([band for _, band in held], bands).tolist(), strict=True))
    for (unit, band), amount in held.items():
        if unit in place:
            among[place[unit], inside[band]] += amount
    return Ages(bands, among), places_of(of_rows, bands), ""


def _people(data: Table, people: Table | None, finest: str, first: Month | None, last: Month | None
            ) -> dict[str, float]:
    """How many people each body has: the mean of its months."""
    import numpy as np

    table = data if people is None else people
    column = one_of(table, PEOPLE)
    if column is None:
        if people is not None:
            people.require("people")
        return {}
    key = finest if finest in table else one_of(table, UNIT)
    if key is None:
        table.require(finest)
    amounts, bodies = table.numbers(column, least=0, empty=np.nan), table.texts(key or finest)
    months = [each.index for each in table.months("month")] if "month" in table else [0] * len(table)
    dated = "month" in table and first is not None and last is not None
    if one_of(table, AGE) is not None and people is not None:
        by_age = people_by_age(table, key or finest, column, first, last)
        if by_age:
            total: dict[str, float] = {}
            for (unit, _), amount in by_age.items():
                total[unit] = total.get(unit, 0.0) + amount
            return total
    held: dict[str, dict[int, float]] = {}
    for row, (unit, month, amount) in enumerate(zip(bodies, months, amounts.tolist(), strict=True)):
        if amount != amount or (dated and first and last and not first.index <= month <= last.index):
            continue
        if held.setdefault(unit, {}).setdefault(month, amount) != amount:
            raise refuse(f"{unit} has two different figures of people at one time", "give all of its people in every "
                         "row, or a table of people of its own", file=table.name, row=int(table.row_numbers[row]),
                         column=column, value=amount)
    return {unit: sum(by_month.values()) / len(by_month) for unit, by_month in held.items()}


class _Rows:
    """The rows of a table, and which of them fit a condition."""

    def __init__(self, data: Table, body: NDArray[np.int64], bodies: int, diagnosis: str | None, named: str | None,
                 point: str | None, band: NDArray[np.int64] | None = None, bands: int = 0) -> None:
        import numpy as np

        self.data, self.body, self.bodies = data, body, bodies
        self.band, self.bands = band, bands
        self.named, self.point = named, point
        self.count = data.numbers("count", least=0, empty=0.0)
        spent = one_of(data, ("cost", "spend", "pounds"))
        self.cost = None if spent is None else data.numbers(spent, least=0, empty=0.0)
        self.columns = {"primary_diagnosis": diagnosis, "secondary_diagnosis": one_of(data, ("secondary_diagnosis",)),
                        "primary_procedure": one_of(data, PROCEDURE),
                        "secondary_procedure": one_of(data, ("secondary_procedure",))}
        self._codes: dict[str, tuple[list[str], NDArray[np.int64]]] = {}
        self._hits: dict[tuple[str, str], Flags] = {}
        sexes = [each.casefold() for each in data.texts("sex")] if "sex" in data else [""] * len(data)
        men, women = ("men", "male", "m", "1"), ("women", "female", "f", "2")
        self.sex = np.array(["men" if each in men else "women" if each in women else "" for each in sexes])
        data.refuse_rows([each not in (*men, *women, *UNKNOWN_SEX) for each in sexes], "this sex is not known",
                         "write men, women or nothing", column="sex") if "sex" in data else None
        labels = data.texts(one_of(data, AGE) or "") if one_of(data, AGE) else []
        starts = [re.match(r"(?:age )?(\d+)", each) for each in labels] or [None] * len(data)
        self.age = np.array([-1 if each is None else int(each[1]) for each in starts])
        kinds = [each.casefold() for each in data.texts(point)] if point else []
        self.emergency = np.array([_is_admission(each) for each in kinds], dtype=bool) if point else None

    def _fits(self, field: str, pattern: re.Pattern[str]) -> Flags | None:
        """Which rows hold a code that fits; ``None`` where the table has no column for it."""
        import numpy as np

        if field.startswith("any_"):
            kind = field.removeprefix("any_")
            parts = [each for each in (self._fits(f"primary_{kind}", pattern), self._fits(f"secondary_{kind}", pattern))
                     if each is not None]
            return np.logical_or.reduce(parts) if parts else None
        column = self.columns[field]
        if column is None:
            return None
        if (key := (column, pattern.pattern)) not in self._hits:
            if column not in self._codes:
                held, where = np.unique(np.array(self.data.texts(column), dtype=object).astype(str),
                                        return_inverse=True)
                self._codes[column] = ([str(each) for each in held], where)
            held_codes, where = self._codes[column]
            self._hits[key] = np.array([_holds(each, pattern) for each in held_codes], dtype=bool)[where]
        return self._hits[key]

    def _entry(self, entry: Entry) -> tuple[Flags, Flags] | None:
        """Which rows may fall under an entry, and which of them only for all that is known; ``None``: not told."""
        import numpy as np

        found: Flags | None = None
        if entry.is_told and self.columns["primary_diagnosis"]:
            parts = [self._fits(*term) for term in entry.includes]
            if all(each is not None for each in parts):
                found = np.logical_and.reduce([each for each in parts if each is not None])
                for term in entry.excludes:
                    if (out := self._fits(*term)) is not None:
                        found = found & ~out
        if self.named:
            wanted = entry.condition.casefold()
            by_name = np.array([each.casefold() == wanted for each in self.data.texts(self.named)])
            found = by_name if found is None else found | by_name
        if found is None:
            return None
        if entry.emergency is not None and self.emergency is not None:
            found = found & (self.emergency == entry.emergency)
        vague = np.zeros(len(found), dtype=bool)
        if entry.sex:
            found, vague = found & np.isin(self.sex, (entry.sex, "")), vague | (self.sex == "")
        if (entry.age_from, entry.age_to) != (0, 200):
            known = self.age >= 0
            found = found & (~known | ((self.age >= entry.age_from) & (self.age <= entry.age_to)))
            vague = vague | ~known
        return found, vague

    def conditions(self, lists: Lists) -> tuple[list[Found], list[Found], list[str], list[str]]:
        """Every condition of every list with a row in the table; every list; what cannot be told; remarks."""
        import numpy as np

        groups: dict[tuple[str, str], list[Entry]] = {}
        for entry in lists.entries:
            groups.setdefault((entry.list, entry.condition), []).append(entry)
        found: list[Found] = []
        best: dict[str, Floats] = {}
        untold, guessed = list[str](), False
        for (name, condition), entries in groups.items():
            high, low = np.zeros(len(self.count)), np.full(len(self.count), np.inf)
            unsure, told = np.zeros(len(self.count), dtype=bool), False
            for entry in entries:
                fits = self._entry(entry)
                if fits is None:
                    continue
                told = True
                high = np.where(fits[0], np.maximum(high, entry.fraction), high)
                low = np.where(fits[0], np.minimum(low, entry.fraction), low)
                unsure |= fits[0] & fits[1]
            if not told:
                untold.append(condition)
                continue
            share = np.where(unsure, np.where(np.isfinite(low), low, 0.0), high)
            under = np.isfinite(low)
            if not under.any():
                continue
            guessed = guessed or bool((unsure & under).any())
            found.append(self._found(entries[0], share, under))
            best[name] = np.maximum(best.get(name, np.zeros(len(share))), share)
        sums = [self._found(next(each for each in lists.entries if each.list == name), share, share > 0, whole=True)
                for name, share in best.items()]
        return found, sums, untold, self._said(lists, guessed)

    def points(self) -> tuple[list[Found], list[Found], list[str], list[str]]:
        """Where only points of delivery are known: unplanned ones as they are, none of them told to be avoidable."""
        import numpy as np

        kinds = np.array(self.data.texts(self.point or ""), dtype=object).astype(str)
        unplanned = [each for each in np.unique(kinds).tolist() if _is_unplanned(each.casefold())]
        if not unplanned:
            raise refuse("no point of delivery here is unplanned", "give emergency admissions, or diagnoses",
                         file=self.data.name, column=self.point or "")
        found = [self._found(Entry(OF_POINTS, "", kind, (), (), None, "", 0, 200, 1.0, "ambulatory-emergency-care"),
                             np.ones(len(kinds)), kinds == kind, told=False) for kind in unplanned]
        return found, [], [], []

    def _found(self, entry: Entry, share: Floats, under: Flags, *, whole: bool = False, told: bool = True) -> Found:
        import numpy as np

        def summed(figures: Floats) -> Floats:
            return np.asarray(np.bincount(self.body, weights=np.where(under, figures, 0.0), minlength=self.bodies),
                              dtype=float)

        def by_age(figures: Floats) -> Floats | None:
            if self.band is None:
                return None
            cells = np.bincount(self.body * self.bands + self.band, weights=np.where(under, figures, 0.0),
                                minlength=self.bodies * self.bands)
            return np.asarray(cells.reshape(self.bodies, self.bands), dtype=float)

        return Found(entry.list, "" if whole else entry.group, "the whole list" if whole else entry.condition,
                     entry.template, summed(self.count), summed(self.count * share), summed(self.count * share**2),
                     summed((np.zeros(len(share)) if self.cost is None else self.cost) * share), told,
                     by_age(self.count * share), by_age(self.count * share**2))

    def _said(self, lists: Lists, guessed: bool) -> list[str]:
        said = []
        if self.emergency is None and any(each.emergency is not None for each in lists.entries):
            said.append("No column says how people came in: every row is taken as an emergency admission.")
        if guessed:
            said.append("Age or sex is not known for some rows: where a list's share turns on it, the lowest is taken, "
                        "and a limit of age is not applied.")
        fields = {field for each in lists.entries for field, _ in (*each.includes, *each.excludes)}
        if self.columns["secondary_diagnosis"] is None and "any_diagnosis" in fields:
            said.append("Only the first diagnosis is known: what a list looks for in any diagnosis is counted too low.")
        if self.columns["primary_procedure"] is None and any("procedure" in field for field in fields):
            said.append("Operations are not known: those that a list leaves out because of one are still in.")
        return said


def _holds(cell: str, pattern: re.Pattern[str]) -> bool:
    """Whether one of the codes in a cell fits, its dot taken off; one of three characters stands with an X too."""
    for each in re.split(r"[;,|\s]+", cell.upper()):
        code = each.replace(".", "")[:LONGEST_CODE]
        if code and (pattern.match(code) or (len(code) == 3 and pattern.match(f"{code}X"))):
            return True
    return False


def _is_admission(kind: str) -> bool:
    """An emergency admission, in words or by the code of its method (21 to 2D)."""
    if re.fullmatch(r"2[0-9a-d]", kind):
        return True
    return "non-elective" in kind or ("emergency" in kind and not any(
        word in kind for word in ("non-emergency", "accident", "department")))


def _is_unplanned(kind: str) -> bool:
    return _is_admission(kind) or ("emergency" in kind and "non-emergency" not in kind) or "a&e" in kind
