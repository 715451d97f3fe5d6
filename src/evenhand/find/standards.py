"""Standard populations, and age bands however a table spells them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from evenhand.terms import Problem, Refused
from evenhand.terms.words import listed


@dataclass(frozen=True)
class Standard:
    """A standard population: first ages of its finest bands, people in each, and the bands usually published.

    ``usual`` is how many bands a table in the usual order has: used where its strata carry no ages.
    """

    name: str
    title: str
    source: str
    starts: tuple[int, ...]
    people: tuple[int, ...]
    usual: int

    @property
    def ends(self) -> tuple[float, ...]:
        """One past the last age of each finest band; the last is open."""
        return (*self.starts[1:], inf)

    def people_between(self, first: float, end: float) -> float | None:
        """People from age ``first`` up to, not including, ``end``; nothing where the band cuts one of the standard."""
        if first not in self.starts or end not in self.ends:
            return None
        return float(sum(each for start, stop, each in zip(self.starts, self.ends, self.people, strict=True)
                         if first <= start and stop <= end))

    def usual_bands(self) -> tuple[Band, ...]:
        """The bands usually published: five years each, the last one open."""
        last = 5 * (self.usual - 1)
        return (*(Band(start, start + 5) for start in range(0, last, 5)), Band(last, inf))


@dataclass(frozen=True, order=True)
class Band:
    """Ages from ``first`` up to, not including, ``end``; an open band ends at infinity."""

    first: float
    end: float

    def __str__(self) -> str:
        if self.end == inf:
            return f"{self.first:g}+"
        return f"{self.first:g}" if self.end == self.first + 1 else f"{self.first:g}–{self.end - 1:g}"


ESP2013 = Standard(
    "esp2013", "European Standard Population 2013",
    "Eurostat (2013), Revision of the European Standard Population, report of the task force",
    (0, 1, *range(5, 100, 5)),
    (1_000, 4_000, 5_500, 5_500, 5_500, 6_000, 6_000, 6_500, 7_000, 7_000, 7_000, 7_000, 6_500, 6_000, 5_500, 5_000,
     4_000, 2_500, 1_500, 800, 200), usual=19)

ESP1976 = Standard(
    "esp1976", "European Standard Population 1976",
    "Waterhouse, Muir, Correa and Powell (1976), Cancer Incidence in Five Continents III, page 456",
    (0, 1, *range(5, 90, 5)),
    (1_600, 6_400, 7_000, 7_000, 7_000, 7_000, 7_000, 7_000, 7_000, 7_000, 7_000, 7_000, 6_000, 5_000, 4_000, 3_000,
     2_000, 1_000, 1_000), usual=18)

STANDARDS = {each.name: each for each in (ESP2013, ESP1976)}

_NOISE = re.compile(r"\b(aged?|ages|years?|yrs?|old|persons?|people|males?|females?)\b|[\"'\[\]()]")
_RANGE = re.compile(r"^(\d{1,3})(?:\s*(?:-|to|:|,)\s*|\s+)(\d{1,3})$")
_PAIR = re.compile(r"^(\d\d)(\d\d)$")
_OPEN = re.compile(r"^(?:>=|≥)?\s*(\d{1,3})\s*-?\s*"
                   r"(?:\+|plus|(?:(?:and|or|&)\s*)?(?:over|above|older|more|up(?:wards)?))?$")
_UNDER = re.compile(r"^(?:<|under|below|less than|up to)\s*(\d{1,3})$")
_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)}
_DAY = re.compile(r"^(\d{1,2})[- ]([a-z]{3})$")
_YEAR = re.compile(r"^([a-z]{3})[- ](\d{2})$")
OPEN_FROM = 99


def band_of(label: str) -> Band | None:
    """The ages a label means: ``0-4``, ``0–4``, ``00-04``, ``0004``, ``5 to 9 years``, ``Under 1``, ``<5``, ``90+``.

    Also ``90 and over``, ``85 years or older``, a single age, and what a spreadsheet makes of ``5-9`` and ``10-14``
    (``05-Sep``, ``Oct-14``). Nothing where the label is no age.
    """
    words = label.strip().casefold()
    words = re.sub(r"[‐‑‒–—−]", "-", words).replace("_", " ")
    words = " ".join(_NOISE.sub(" ", words).split()).replace("- ", "-").replace(" -", "-")
    for date in (_DAY.match(words), _YEAR.match(words)):
        if date and (month := _MONTHS.get(date[1]) or _MONTHS.get(date[2])):
            number = int(date[2] if date[1] in _MONTHS else date[1])
            return _between(min(month, number), max(month, number))
    if found := _RANGE.match(words) or _PAIR.match(words):
        return _between(int(found[1]), int(found[2]))
    if found := _UNDER.match(words):
        return Band(0, int(found[1])) if int(found[1]) else None
    if found := _OPEN.match(words):
        age = int(found[1])
        single = words.isdigit()
        return Band(age, age + 1) if single else Band(age, inf)
    return None


def _between(first: int, last: int) -> Band | None:
    if last < first:
        return None
    return Band(first, inf if last >= OPEN_FROM else last + 1)


@dataclass(frozen=True)
class Weighted:
    """What each stratum weighs, and what a reader should know about how that was found."""

    weights: tuple[float, ...]
    remarks: tuple[str, ...]


def weights_for(labels: Sequence[str], standard: Standard, *, file: str, column: str, in_order: bool) -> Weighted:
    """People of the standard population in each band.

    Args:
        labels: every band that occurs, in order of first appearance.
        standard: the standard population.
        file: what a refusal calls the table.
        column: what a refusal calls the column.
        in_order: whether every group has the same bands in the same order, so that places can stand for ages.

    Raises:
        Refused: a label is no age, bands overlap, or a band cuts one of the standard in two.
    """
    bands = [band_of(label) for label in labels]
    by_place = in_order and len(labels) == standard.usual
    usual = standard.usual_bands()
    amiss = [place for place, band in enumerate(bands) if band != usual[place]] if by_place else []
    if by_place and amiss and (len(amiss) == 1 or not any(bands)):
        people = tuple(_people(standard, each) for each in usual)
        if len(amiss) == 1:
            place = amiss[0]
            note = f"The band “{labels[place]}” stands where {usual[place]} belongs, and was taken for it."
        else:
            note = (f"The strata carry no ages. They were taken in order for the {standard.usual} bands of the "
                    f"{standard.title}, 0–4 to {usual[-1]}.")
        return Weighted(people, (note,))
    problems = [Problem("this is no age band", "write it as 5-9 or 90+, or give the column standard_population and say "
                        "--standard column", file, None, column, label)
                for label, band in zip(labels, bands, strict=True) if band is None]
    if problems:
        raise Refused(problems)
    ages = [band for band in bands if band is not None]
    in_age = sorted(range(len(ages)), key=lambda place: ages[place])
    problems = [Problem(f"this band overlaps with “{labels[left]}”", "give each age once", file, None, column,
                        labels[right])
                for left, right in pairwise(in_age) if ages[right].first < ages[left].end]
    held = [standard.people_between(band.first, band.end) for band in ages]
    problems += [Problem(f"the {standard.title} has no figure for this band", _finer(standard), file, None, column,
                         label) for label, each in zip(labels, held, strict=True) if each is None]
    if problems:
        raise Refused(problems)
    weights = tuple(each for each in held if each is not None)
    return Weighted(weights, tuple(_remarks(ages, weights, standard, in_age)))


def _people(standard: Standard, band: Band) -> float:
    found = standard.people_between(band.first, band.end)
    assert found is not None, "a usual band is made of the standard's own"
    return found


def _finer(standard: Standard) -> str:
    return f"use bands that begin and end where its five-year bands do, the last one {standard.starts[-1]}+ or lower"


def _remarks(ages: list[Band], weights: tuple[float, ...], standard: Standard, in_age: list[int]) -> list[str]:
    usual = set(standard.usual_bands())
    wide = [place for place in in_age
            if ages[place] not in usual and (ages[place].end == inf or ages[place].end - ages[place].first > 5)]
    remarks = []
    if wide:
        sums = listed([f"{ages[place]} is {weights[place]:,.0f}" for place in wide])
        remarks.append(f"Some bands are wider than the standard's, so its people were added up: {sums} of 100,000.")
    missing = 100_000 - sum(weights)
    if missing:
        covered = f"{ages[in_age[0]]} to {ages[in_age[-1]]}"
        remarks.append(f"The bands ({covered}) leave out {missing:,.0f} of the standard's 100,000 people: the rate is "
                       "for the ages given only.")
    return remarks
