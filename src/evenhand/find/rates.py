"""Rates of events by place or group, fit to be set side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.find import rate_sums, reference_rates, show
from evenhand.find.rate_sums import RateSums
from evenhand.find.standards import STANDARDS, weights_for
from evenhand.find.strata import Strata, named, read_strata, required
from evenhand.terms import refuse
from evenhand.terms.words import counted, figure, listed, per_cent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

SOURCE = ("Association of Public Health Observatories (2008), Technical Briefing 3, as kept by PHEindicatormethods 2.1;"
          " Dobson et al. (1991); Byar in Breslow and Day (1987); Garwood (1936); Wilson (1927); European Standard "
          "Population: Eurostat (2013), Waterhouse et al. (1976)")
NAME = MethodName("find rates", "1", SOURCE)
ANSWERED = frozenset({"numerator", "denominator", "expected", "ratio", "reference_rate", "value", "intervals",
                      "ratio_intervals", "interval_method", "remark"})
"""What every row of the answer holds; no group may go by such a name."""


@dataclass(frozen=True)
class Settings:
    """What kind of rate, for whom, and how sure."""

    method: Literal["crude", "proportion", "direct", "indirect"] = setting(
        "crude", "Kind of rate", "crude: events over people; proportion: a part over its whole; direct, indirect: "
        "made comparable between areas of different ages", common=True)
    by: tuple[str, ...] = setting((), "Columns that make a group", "a rate for each; “row” for every row; without it, "
                                  "one for the whole table", common=True)
    per: float | None = setting(None, "So many people a rate is for", "100,000 unless told; 1 for a proportion")
    standard: Literal["esp2013", "esp1976", "column"] | None = setting(
        None, "Standard population", "for direct; the column standard_population where there is one, else esp2013")
    confidence: tuple[float, ...] = setting((0.95, 0.998), "Confidence of the intervals", "between 0 and 1")

    def __post_init__(self) -> None:
        for place, name in enumerate(self.by):
            if name.casefold() in ANSWERED or name in self.by[:place]:
                raise refuse("the answer already has a column of this name", f"give it another: --columns group={name} "
                             "--by group", column="--by", value=name)
        if self.per is not None and self.per <= 0:
            raise refuse("a rate is for a positive number of people", "write --per 100000", column="--per",
                         value=self.per)
        for each in self.confidence:
            if not 0 < each < 1:
                raise refuse("a confidence lies between 0 and 1", "write 0.95 for 95%", column="--confidence",
                             value=f"{each:g}")
        if not self.confidence:
            raise refuse("no confidence is given", "write --confidence 0.95", column="--confidence")


def rates(table: Source, settings: Settings | None = None, /, *, reference: Source | None = None,
          **options: Any) -> Answer:
    """Crude, directly or indirectly standardised rates and proportions by group, with their intervals.

    Args:
        table: rows of ``numerator`` (events) and ``denominator`` (people, or the whole), added up to the groups of
            ``by``. Standardised rates also need ``age_band``, or the same strata in the same order in every group.
            ``events_per_person`` makes ``numerator`` count persons who had so many events each.
        settings: all settings; single ones may be given by keyword (``method="direct"``).
        reference: for indirect rates, events and people of the reference by ``age_band``; not needed where the table
            has ``reference_numerator`` and ``reference_denominator``.
        **options: settings by name.

    Returns:
        ``rows`` with ``value`` in events for ``per`` people (a part of ``per`` for proportions), not given, with a
        ``remark``, where it would mislead: no denominator; fewer than 10 events for a directly standardised rate.

    Raises:
        Refused: missing columns, words for numbers, negative counts, doubled rows, a part above its whole, bands that
            are no ages, overlap, or are not in the reference.

    Source: direct rates and their limits, Dobson et al. (1991); limits of counts, Byar from 10 events on and Garwood
    (1936) below; proportions, Wilson (1927); the whole as in PHEindicatormethods 2.1, with which it agrees.
    """
    chosen = with_options(Settings, settings, options)
    data = tables.read(table)
    other = tables.read(reference, name="the reference") if reference is not None else None
    if other is not None and chosen.method != "indirect":
        raise refuse("a reference table is only for indirect rates", "say --method indirect, or leave it out",
                     column="--reference")
    standardised = chosen.method in ("direct", "indirect")
    strata = read_strata(data, chosen.by, standardised=standardised, proportion=chosen.method == "proportion")
    chosen = _filled_in(chosen, data)
    assert chosen.per is not None
    remarks = list(strata.remarks)
    if chosen.method == "crude":
        sums = rate_sums.crude(strata, chosen.per, chosen.confidence)
    elif chosen.method == "proportion":
        sums = rate_sums.proportion(strata, chosen.per, chosen.confidence)
    elif chosen.method == "direct":
        weights = _weights(data, strata, chosen, remarks)
        sums = rate_sums.direct(strata, weights, chosen.per, chosen.confidence)
    else:
        lambdas, overall = _reference(data, other, strata, remarks)
        sums = rate_sums.indirect(strata, lambdas, overall, chosen.per, chosen.confidence)
    rows = _rows(strata, sums, chosen)
    remarks += _said(sums, rows, chosen)
    made_from = (MadeFrom(data.name, data.digest), *(() if other is None else (MadeFrom(other.name, other.digest),)))
    return Answer(NAME, settings_document(chosen), made_from, _sentence(rows, chosen), {"rows": rows},
                  _table(rows, chosen), tuple(dict.fromkeys(remarks)), draw=show.rates)


def _filled_in(chosen: Settings, data: tables.Table) -> Settings:
    """The settings with what was left open decided, as the answer shows them."""
    per = chosen.per if chosen.per is not None else 1.0 if chosen.method == "proportion" else 100_000.0
    standard = chosen.standard
    if chosen.method == "direct" and standard is None:
        standard = "column" if named(data, "standard_population", []) else "esp2013"
    return replace(chosen, per=per, standard=standard)


def _weights(data: tables.Table, strata: Strata, chosen: Settings, remarks: list[str]) -> Floats:
    """People of the standard population in the stratum of each cell, shape (cells,)."""
    import numpy as np

    if chosen.standard == "column":
        column = required(data, "standard_population", remarks)
        people = data.numbers(column, least=0)[strata.first_row]
        least, most = np.full(len(strata.labels), np.inf), np.full(len(strata.labels), -np.inf)
        np.minimum.at(least, strata.stratum, people)
        np.maximum.at(most, strata.stratum, people)
        if (least != most).any():
            remarks.append("The standard population is not the same in every group, so rates of groups with different "
                           "standards cannot be compared.")
        return np.asarray(people, dtype=float)
    assert chosen.standard is not None
    standard = STANDARDS[chosen.standard]
    age = named(data, "age_band", [])
    labels = strata.labels if age else tuple("" for _ in strata.labels)
    if age is None and (len(labels) != standard.usual or not strata.in_order):
        raise refuse("there is no column “age_band”",
                     f"add it, or give every group its {standard.usual} bands in order", file=data.name)
    found = weights_for(labels, standard, file=data.name, column=age or "age_band", in_order=strata.in_order)
    remarks += found.remarks
    return np.array(found.weights)[strata.stratum]


def _reference(data: tables.Table, other: tables.Table | None, strata: Strata,
               remarks: list[str]) -> tuple[Floats, Floats]:
    if other is not None:
        return reference_rates.apart(other, strata, named(data, "age_band", []) is not None, remarks)
    if named(data, "reference_numerator", []) is None:
        raise refuse("an indirect rate needs a reference to compare with",
                     "give --reference TABLE, or columns reference_numerator and reference_denominator", file=data.name)
    return reference_rates.beside(data, strata, remarks)


def _rows(strata: Strata, sums: RateSums, chosen: Settings) -> list[dict[str, Any]]:
    columns: dict[str, list[Any]] = {}
    keys = strata.groups.keys
    for place, name in enumerate(chosen.by):
        columns[name] = [key[place] for key in keys]
    columns |= {"numerator": _cells(sums.numerator), "denominator": _cells(sums.denominator)}
    if sums.expected is not None and sums.ratio is not None and sums.reference_rate is not None:
        columns |= {"expected": _cells(sums.expected), "ratio": _cells(sums.ratio),
                    "reference_rate": _cells(sums.reference_rate)}
    columns |= {"value": _cells(sums.value), "intervals": _pairs(sums.limits)}
    if sums.ratio_limits:
        columns["ratio_intervals"] = _pairs(sums.ratio_limits)
    columns["interval_method"] = list(sums.interval_method)
    columns["remark"] = [sums.withheld.get(place) or sums.notes.get(place) for place in range(len(keys))]
    names = list(columns)
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _cells(values: Floats) -> list[float | None]:
    return [each if each == each else None for each in values.tolist()]


def _pairs(limits: rate_sums.Limits) -> list[dict[str, list[float | None]]]:
    names = [f"{each:g}" for each in limits]
    ends = [map(list, zip(_cells(low), _cells(high), strict=True)) for low, high in limits.values()]
    return [dict(zip(names, row, strict=True)) for row in zip(*ends, strict=True)]


def _said(sums: RateSums, rows: list[dict[str, Any]], chosen: Settings) -> list[str]:
    """Remarks on rows without a value and on doubtful ones, the first few by name."""
    remarks = []
    for what, found in (("has no value", sums.withheld), ("needs care", sums.notes)):
        by_reason: dict[str, list[str]] = {}
        for place, reason in found.items():
            by_reason.setdefault(reason, []).append(_title(rows[place], chosen))
        for reason, titles in list(by_reason.items())[:10]:
            shown = listed(titles[:5]) if len(titles) <= 5 else f"{', '.join(titles[:5])} and {len(titles) - 5:,} more"
            verb = what if len(titles) == 1 else what.replace("has", "have").replace("needs", "need")
            remarks.append(f"{shown} {verb}: {reason}.")
        if len(by_reason) > 10:
            remarks.append(f"{len(by_reason) - 10:,} further reasons stand in the column remark.")
    if chosen.method == "crude" and len(rows) > 1:
        remarks.append("Crude rates are not adjusted for age: an area with more old people will differ for that alone.")
    if sums.expected is not None and len(rows) > 1:
        remarks.append("Each indirectly standardised rate compares its group with the reference, not with other "
                       "groups.")
    return remarks


def _title(row: Mapping[str, Any], chosen: Settings) -> str:
    cells = [str(row[name]) for name in chosen.by]
    return ", ".join(cell or "(empty)" for cell in cells) if cells else "the whole table"


def _said_value(row: Mapping[str, Any], chosen: Settings) -> str:
    """12.3 per 100,000 (95% interval 11.0 to 13.8), or a percentage."""
    assert chosen.per is not None
    confidence = chosen.confidence[0]
    low, high = row["intervals"][f"{confidence:g}"]
    level = f"{confidence * 100:g}% interval"
    if chosen.method == "proportion":
        value, low, high = (per_cent(each / chosen.per, digits=1) for each in (row["value"], low, high))
        return f"{value} ({level} {low} to {high})"
    digits = 4
    return (f"{figure(row['value'], digits=digits)} per {chosen.per:,g} ({level} {figure(low, digits=digits)} to "
            f"{figure(high, digits=digits)})").replace("1e+05", "100,000").replace("1e+06", "1,000,000")


_KINDS = {"crude": "crude rate", "proportion": "share", "direct": "directly standardised rate",
          "indirect": "indirectly standardised rate"}


def _sentence(rows: list[dict[str, Any]], chosen: Settings) -> str:
    given = [row for row in rows if row["value"] is not None]
    kind = _KINDS[chosen.method]
    if not given:
        return f"No {kind} can be given: {rows[0]['remark']}."
    if len(rows) == 1:
        row = rows[0]
        subject = _title(row, chosen)
        article = "an" if kind[0] in "aeiou" else "a"
        words = f"{subject[0].upper()}{subject[1:]} has {article} {kind} of {_said_value(row, chosen)}"
        if row.get("ratio") is not None:
            words += f", {figure(row['ratio'])} times what the reference leads one to expect"
        return f"{words}."
    if len(given) == 1:
        return (f"Of {counted(len(rows), 'group')}, only {_title(given[0], chosen)} has a {kind}: "
                f"{_said_value(given[0], chosen)}.")
    highest, lowest = max(given, key=lambda row: row["value"]), min(given, key=lambda row: row["value"])
    none = len(rows) - len(given)
    tail = f"; {counted(none, 'has', 'have')} no value" if none else ""
    if highest["value"] == lowest["value"]:
        return (f"{counted(len(given), 'group').capitalize()} have the same {kind}, "
                f"{_said_value(highest, chosen).split(' (')[0]}{tail}.")
    return (f"Of {counted(len(rows), 'group')}, {_title(highest, chosen)} has the highest {kind}: "
            f"{_said_value(highest, chosen)}; {_title(lowest, chosen)} the lowest: "
            f"{_said_value(lowest, chosen)}{tail}.")


def _table(rows: list[dict[str, Any]], chosen: Settings) -> Table:
    assert chosen.per is not None
    shares = chosen.method == "proportion" and chosen.per == 1
    kind: Literal["share", "number"] = "share" if shares else "number"
    value = {"crude": "Rate", "proportion": "Share", "direct": "Standardised rate",
             "indirect": "Standardised rate"}[chosen.method]
    unit = "" if shares else f" per {chosen.per:,.10g}"
    columns = [*(Column(name) for name in chosen.by), Column("numerator", "Events", "count"),
               Column("denominator", "Of", "count")]
    indirect = chosen.method == "indirect"
    if indirect:
        columns += [Column("expected", "Expected", "number", digits=4), Column("ratio", "Ratio", "number")]
        columns += [Column(f"ratio_interval_{_level(each)}", f"Ratio, {each * 100:g}% interval", "interval")
                    for each in chosen.confidence]
    columns.append(Column("value", value + unit, kind, digits=4))
    levels = [Column(f"interval_{_level(each)}", f"{each * 100:g}% interval", "interval", digits=4)
              for each in chosen.confidence]
    columns += [*levels, Column("interval_method", "Method of the interval"), Column("remark", "Remark")]
    flat = [{**row, **{name: str(row[name]) for name in chosen.by}} for row in rows]
    for each in chosen.confidence:
        level, confidence = _level(each), f"{each:g}"
        for row in flat:
            low, high = row["intervals"][confidence]
            row[f"interval_{level}"] = None if low is None else (low, high)
        for row in flat if indirect else ():
            low, high = row["ratio_intervals"][confidence]
            row[f"ratio_interval_{level}"] = None if low is None else (low, high)
    return Table.of(flat, columns, title=f"{value}{unit}")


def _level(confidence: float) -> str:
    """95 for 0.95, 998 for 0.998: fit for the name of a column."""
    return f"{confidence:g}".removeprefix("0.")


METHOD = Method(
    room="find", name="rates", title="Rates by place or group",
    question="How often does it happen here, and is that more than elsewhere?",
    function=rates, settings=Settings,
    inputs=(
        Input("table", "events and people, one row for each group (and age band)", (
            InputColumn("numerator", "events (or persons, with events_per_person)"),
            InputColumn("denominator", "people, or the whole that the numerator is part of"),
            InputColumn("age_band", "age band, as 5-9 or 90+, for standardised rates", optional=True),
            InputColumn("standard_population", "people of the standard population in the band", optional=True),
            InputColumn("events_per_person", "how many events each of these persons had", optional=True),
            InputColumn("reference_numerator", "events of the reference in the band, for indirect", optional=True),
            InputColumn("reference_denominator", "people of the reference in the band", optional=True))),
        Input("reference", "events and people of the reference, by band", (
            InputColumn("age_band", "age band, spelt as in the table", optional=True),
            InputColumn("reference_numerator", "events (numerator will do)"),
            InputColumn("reference_denominator", "people (denominator will do)")), optional=True)),
    outputs=(
        Output("rows", "one a group: the columns of --by, numerator, denominator, value, intervals (by confidence: "
               "low and high), interval_method, remark; for indirect also expected, ratio, ratio_intervals, "
               "reference_rate"),),
    source=SOURCE, version="1",
    cannot_tell=(
        "Whether a difference is good or bad, or who should act on it: a rate says how often, not why.",
        "Anything about deprivation or illness that age does not carry: only age is made equal.",
        "How two indirectly standardised areas compare: each is set against the reference alone.",
        "What lies behind blank counts: a count hidden to protect people reads as no events in a standardised rate."),
    example="find rates sample:rates --method direct --by area")
