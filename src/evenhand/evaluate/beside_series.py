"""One measure at one place, month by month: what comparing places is done on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evenhand.terms import Month, Span

ENGLAND = "England"


@dataclass(frozen=True)
class Series:
    """Numerators and denominators of one place on one definition, months in order; a month not held is not there."""

    unit: str
    source: str
    months: tuple[Month, ...]
    numerators: tuple[float, ...]
    denominators: tuple[float, ...]

    @property
    def span(self) -> Span:
        """From the first month to the last."""
        return Span(self.months[0], self.months[-1])

    @property
    def values(self) -> tuple[float, ...]:
        """Numerator over denominator, month by month."""
        return tuple(each / under for each, under in zip(self.numerators, self.denominators, strict=True))

    def at(self, month: Month) -> tuple[float, float]:
        """Numerator and denominator of one month. Raises ``KeyError`` where it is not held."""
        where = {each: place for place, each in enumerate(self.months)}[month]
        return self.numerators[where], self.denominators[where]

    def between(self, first: Month | None, last: Month | None) -> Series:
        """The months from first to last, both included; ``None`` leaves that end open."""
        kept = [place for place, month in enumerate(self.months)
                if (first is None or first <= month) and (last is None or month <= last)]
        return Series(self.unit, self.source, *(tuple(each[place] for place in kept) for each in (
            self.months, self.numerators, self.denominators)))  # type: ignore[arg-type]

    def rate(self, year: int) -> float | None:
        """The calendar year's sum of numerators per mean denominator; ``None`` unless all twelve months are held."""
        held = [place for place, month in enumerate(self.months) if month.year == year]
        if len(held) != 12:
            return None
        return sum(self.numerators[place] for place in held) / (sum(self.denominators[place] for place in held) / 12)


def series_of(rows: Iterable[Mapping[str, Any]], unit: str, source: str) -> Series:
    """One place's series from observations; ``England`` is the sum over all places, unless it is given as one.

    An abolished body has denominators of nought: it is missing, and adds neither people nor money to the sum.
    """
    held = list(rows)
    whole = unit == ENGLAND and not any(row["unit"] == ENGLAND for row in held)
    sums: dict[Month, list[float]] = {}
    for row in held:
        if not (whole or row["unit"] == unit) or not row["denominator"]:
            continue
        total = sums.setdefault(Month.parsed(row["month"]), [0.0, 0.0])
        total[0] += row["numerator"] or 0.0
        total[1] += row["denominator"]
    months = sorted(sums)
    return Series(unit, source, tuple(months), tuple(sums[each][0] for each in months),
                  tuple(sums[each][1] for each in months))


def gaps_in(series: Series) -> list[Month]:
    """Months between the first and the last that are not held."""
    held = set(series.months)
    every = (Month.at(index) for index in range(series.span.first.index, series.span.last.index + 1))
    return [month for month in every if month not in held]


def rows_of(all_series: Sequence[Series]) -> list[dict[str, Any]]:
    """Series as rows for a table or a chart."""
    return [{"source": each.source, "unit": each.unit, "month": str(month), "numerator": top, "denominator": under,
             "value": top / under}
            for each in all_series
            for month, top, under in zip(each.months, each.numerators, each.denominators, strict=True)]
