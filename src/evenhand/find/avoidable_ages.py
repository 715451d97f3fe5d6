"""Rates as if bodies had people of the same ages: where activity and people are both given by age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from evenhand.data.tables import Table
from evenhand.find.standards import ESP2013, Band, band_of
from evenhand.stats import intervals
from evenhand.terms import Month, refuse
from evenhand.terms.words import counted, listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from evenhand.find.avoidable_sums import Found

    Floats: TypeAlias = NDArray[np.float64]

Kind = Literal["crude", "indirect", "direct"]
AGE = ("age_band", "age")
FEWEST_EVENTS = 10
"""Below so many admissions no directly standardised rate is given, as in ``find rates``."""
EVERYBODY = ("", "all", "all ages", "persons", "total", "all persons")


@dataclass(frozen=True)
class Ages:
    """Ages that activity and people have in common: ``people`` has the shape (bodies, bands)."""

    bands: tuple[Band, ...]
    people: Floats


@dataclass(frozen=True)
class Rated:
    """A condition's rates, shape (bodies,), not a number where there is none.

    ``one`` is by how much one admission raises the rate; ``together`` the rate of all bodies together; ``expected``
    the admissions that each would have at the rates of all together, age by age; ``wide`` the limits at 99.8%.
    """

    kind: Kind
    rate: Floats
    limits: tuple[Floats, Floats]
    wide: tuple[Floats, Floats]
    one: Floats
    together: float
    expected: Floats | None


def age_of(labels: Sequence[str]) -> list[Band | None]:
    """The ages of each label; nothing for what is no age, such as all ages together."""
    known = {label: None if label.casefold().strip() in EVERYBODY else band_of(label) for label in set(labels)}
    return [known[label] for label in labels]


def in_common(*lists: Sequence[Band | None]) -> tuple[Band, ...]:
    """The finest bands into which every one of these falls whole: those that overlap are put together."""
    found: list[Band] = []
    for band in sorted({each for bands in lists for each in bands if each is not None}):
        if found and band.first < found[-1].end:
            found[-1] = Band(found[-1].first, max(found[-1].end, band.end))
        else:
            found.append(band)
    return tuple(found)


def places_of(ages: Sequence[Band | None], bands: Sequence[Band]) -> NDArray[np.int64]:
    """In which band each age lies, −1 for none; shape (ages,)."""
    import numpy as np

    where = {each: next((at for at, band in enumerate(bands) if band.first <= each.first < band.end), -1)
             for each in set(ages) if each is not None}
    return np.array([-1 if each is None else where[each] for each in ages], dtype=np.int64)


def people_by_age(table: Table, key: str, column: str, first: Month | None,
                  last: Month | None) -> dict[tuple[str, Band], float]:
    """People by body and band of age: the mean of the months, both sexes together. Rows of all ages are left out.

    Raises:
        Refused: a body's band given twice for one sex and month.
    """
    import numpy as np

    age = next(each for each in AGE if each in table)
    bands, bodies = age_of(table.texts(age)), table.texts(key)
    amounts = table.numbers(column, least=0, empty=np.nan).tolist()
    sexes = [each.casefold().strip() for each in table.texts("sex")] if "sex" in table else [""] * len(table)
    both = {each for each in sexes if each not in EVERYBODY}
    months = [each.index for each in table.months("month")] if "month" in table else [0] * len(table)
    dated = "month" in table and first is not None and last is not None
    held: dict[tuple[str, Band], dict[int, dict[str, float]]] = {}
    for row, (unit, band, sex, month, amount) in enumerate(zip(bodies, bands, sexes, months, amounts, strict=True)):
        if band is None or amount != amount or (both and sex not in both):
            continue
        if dated and first and last and not first.index <= month <= last.index:
            continue
        of_sex = held.setdefault((unit, band), {}).setdefault(month, {})
        if sex in of_sex:
            raise refuse(f"{unit} has two figures of people of one age at one time", "give each band of age once",
                         file=table.name, row=int(table.row_numbers[row]), column=column, value=amount)
        of_sex[sex] = amount
    return {each: sum(sum(of_sex.values()) for of_sex in by_month.values()) / len(by_month)
            for each, by_month in held.items()}


def why_not(rows: Sequence[Band | None], labels: Sequence[str], bands: Sequence[Band]) -> str:
    """Why rates cannot be standardised, in words; nothing where they can."""
    lacking = sum(each is None for each in rows)
    if lacking:
        example = next(label for label, each in zip(labels, rows, strict=True) if each is None)
        shown = f", such as “{example}”" if example.strip() else ""
        return f"{counted(lacking, 'row')} of the activity {'has' if lacking == 1 else 'have'} no age{shown}"
    if len(bands) < 2:
        return "the ages of the activity and of the people have no two bands in common"
    return ""


def standardised(found: Found, ages: Ages, kind: Kind, per: float, years: float, confidence: float,
                 sure: float) -> Rated:
    """Rates for every ``per`` people a year with the effect of age taken out.

    Indirect: admissions over those expected at all bodies' rates together, age by age, times the rate of all together.
    Direct: what all would have with each band's own rate and the ages of the European Standard Population 2013, none
    given below ten admissions. Limits as for crude ones: a weighted count's.

    Source: as ``find rates``; Dobson, Kuulasmaa, Eberle and Scherer (1991), Statistics in Medicine 10:457-462.
    """
    import numpy as np

    assert found.by_age is not None
    assert found.squares_by_age is not None
    among = np.where(np.isfinite(ages.people), ages.people, 0.0) * years
    total, squares = found.by_age, found.squares_by_age
    known = among.sum(axis=1) > 0
    everybody = among[known].sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        usual = np.where(everybody > 0, total[known].sum(axis=0) / everybody, 0.0)
        overall = float(total[known].sum() / everybody.sum()) * per
        expected = np.where(known, among @ usual, np.nan)
        if kind == "indirect":
            one = np.where(expected > 0, overall / expected, np.nan)
            rate, squared, together = found.avoidable * one, found.squares * one**2, overall
        else:
            weights = _weights(ages.bands)
            lacking = (among <= 0).any(axis=1) | (found.admissions < FEWEST_EVENTS)
            share = np.where(among > 0, weights / weights.sum() * per / among, 0.0)
            rate = np.where(lacking, np.nan, (share * total).sum(axis=1))
            squared = (share**2 * squares).sum(axis=1)
            one = np.where(found.avoidable > 0, rate / found.avoidable, np.nan)
            together = float((weights * usual).sum() / weights.sum() * per)

        def limits(level: float) -> tuple[Floats, Floats]:
            low, high = intervals.poisson(found.admissions, level)
            # None at all has no variance of its own: each that there might be counts as one.
            width = np.where(found.admissions > 0, np.sqrt(squared / found.admissions), one)
            return (np.maximum(rate + width * (low - found.admissions), 0.0), rate + width * (high - found.admissions))

        return Rated(kind, rate, limits(confidence), limits(sure), one, together,
                     expected if kind == "indirect" else None)


def fits_the_standard(bands: Sequence[Band]) -> str:
    """Why the European Standard Population has no figures for these bands; nothing where it has."""
    wrong = [str(band) for band in bands if ESP2013.people_between(band.first, band.end) is None]
    return f"the {ESP2013.title} has no figure for {listed(wrong[:5])}" if wrong else ""


def _weights(bands: Sequence[Band]) -> Floats:
    import numpy as np

    return np.array([ESP2013.people_between(band.first, band.end) for band in bands], dtype=float)
