"""A long panel of one measure, read into each body's series; what would make two things look like one is refused."""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.data.tables import Table
from evenhand.evaluate.beside_series import Series, series_of
from evenhand.terms import Month, closest, refuse
from evenhand.terms.words import listed

VERSIONS = ("measure_version", "definition", "vintage", "source")
"""Columns that say which definition a figure was made by: one series has one."""


def read(table: Table, measure: str | None = None, *, first: Month | None = None, last: Month | None = None,
         one_measure: bool = True) -> dict[str, dict[str, Series]]:
    """Series by measure and body: columns ``measure`` (where there are several), ``unit`` or ``code``, ``month`` or
    ``period``, ``numerator``, ``denominator``.

    A row without numerator or denominator is a month that is not held. Raises ``Refused`` for missing columns, words
    for numbers, negative figures, a body and month that stand twice, two definitions in one series, and where
    ``one_measure`` is wanted and several stand there unnamed.
    """
    import math

    unit = "unit" if "unit" in table or "code" not in table else "code"
    time = "month" if "month" in table or "period" not in table else "period"
    table.require(unit, time, "numerator", "denominator")
    if not len(table):
        raise refuse("the table has no rows", "give one row a body and month", file=table.name)
    measures = table.texts("measure") if "measure" in table else [""] * len(table)
    known = sorted(set(measures))
    if measure is not None and measure not in known:
        raise refuse("no figures of this measure are here", f"choose from {listed(closest(measure, known) or known)}",
                     file=table.name, column="--measure", value=measure)
    if measure is None and one_measure and len(known) > 1:
        raise refuse("several measures stand here", f"name one with --measure: {listed(known)}", file=table.name,
                     column="measure")
    wanted = [measure is None or each == measure for each in measures]
    kept = table.keep(wanted)
    kept.refuse_duplicates(*(["measure"] if "measure" in table else []), unit, time,
                           *[each for each in VERSIONS if each in kept])
    _refuse_two_definitions(kept)
    months, units = kept.months(time), kept.texts(unit, may_be_empty=False)
    tops = kept.numbers("numerator", least=0, empty=math.nan)
    unders = kept.numbers("denominator", least=0, empty=math.nan)
    named = kept.texts("measure") if "measure" in table else [""] * len(kept)
    rows: dict[str, dict[str, list[dict[str, object]]]] = {}
    for name, code, month, top, under in zip(named, units, months, tops.tolist(), unders.tolist(), strict=True):
        if (first is None or first <= month) and (last is None or month <= last):
            held = rows.setdefault(name, {}).setdefault(code, [])
            if not math.isnan(top) and not math.isnan(under):
                held.append({"unit": code, "month": str(month), "numerator": top, "denominator": under})
    return {name: {code: series_of(held, code, table.name) for code, held in by_unit.items()}
            for name, by_unit in rows.items()}


def _refuse_two_definitions(table: Table) -> None:
    measures = table.texts("measure") if "measure" in table else [""] * len(table)
    for column in VERSIONS:
        if column not in table:
            continue
        by_measure: dict[str, set[str]] = {}
        for name, version in zip(measures, table.texts(column), strict=True):
            by_measure.setdefault(name, set()).add(version)
        for name, versions in by_measure.items():
            if len(versions) > 1:
                raise refuse(
                    f"{f'{name}: ' if name else ''}two definitions stand in one series: {listed(sorted(versions))}",
                    f"keep them apart, for example --where {column}={min(versions)}: what changed may be the counting",
                    file=table.name, column=column)


def together(series: dict[str, Series], codes: Sequence[str], name: str) -> Series:
    """Several bodies as one, over the months that all of them hold. Raises ``Refused`` for one that is not there."""
    for code in codes:
        if code not in series:
            near = closest(code, series) or sorted(series)[:20]
            raise refuse("no figures of this body are here", f"choose from {listed(near)}", column="--of", value=code)
    everywhere = set.intersection(*(set(series[code].months) for code in codes)) if codes else set()
    rows = [{"unit": name, "month": str(month), "numerator": top, "denominator": under}
            for code in codes for month, top, under in zip(
                series[code].months, series[code].numerators, series[code].denominators, strict=True)
            if month in everywhere]
    return series_of(rows, name, series[codes[0]].source if codes else "")
