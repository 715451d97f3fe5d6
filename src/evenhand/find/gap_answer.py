"""The answer to where to look first: rows, sentence, table and remarks, from what was worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from evenhand.figures import Column, Table
from evenhand.find import gap_words as words
from evenhand.find.benchmarks import WORDS
from evenhand.find.bodies import Bodies
from evenhand.find.gap_sums import GapSums, Question
from evenhand.find.measures import MeasureNote
from evenhand.find.panel import Panel
from evenhand.stats import shrinkage
from evenhand.terms.period import Span
from evenhand.terms.words import counted, listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

Row: TypeAlias = dict[str, Any]
EVEN_ODDS = 0.5
"""What is likelier than this is raised: a false one costs as much as a missed one."""


@dataclass(frozen=True)
class Findings:
    """What was asked and worked out, before it is put in words. ``unit`` is missing where all bodies are asked for."""

    panel: Panel
    span: Span
    bodies: Bodies
    notes: Mapping[str, MeasureNote]
    sums: GapSums
    question: Question
    shared: Mapping[str, tuple[str, ...]]
    wholes: Mapping[str, tuple[str, ...]]
    year_before: Floats | None
    unit: str | None
    directions_given: bool
    with_likely: bool = True

    @property
    def against(self) -> str:
        """What bodies are set against, in words."""
        return WORDS[self.question.against]

    def set_against(self, bodies: int) -> str:
        """The same, with how many bodies it is of."""
        if self.question.against == "national":
            return f"{counted(bodies, 'body', 'bodies')} taken together"
        if self.question.against == "peers":
            return f"the middle of {counted(int(self.question.peers[0].sum()), 'named peer')}"
        return f"{self.against} of {counted(bodies, 'body', 'bodies')}"

    def title(self, measure: str) -> str:
        """The measure's name for readers."""
        return self.notes[measure].title or measure


def rows_of(found: Findings, confidence: float, wider: Mapping[float, Findings] = MappingProxyType({})) -> list[Row]:
    """One row for each measure and body asked for that has figures, in order: pounds first, then the largest gap."""
    import numpy as np

    sums = found.sums
    asked = np.zeros_like(sums.compared)
    if found.unit is None:
        asked |= sums.compared
    else:
        asked[:, found.panel.units.index(found.unit)] = True
    places = np.argwhere(asked & np.isfinite(sums.value) & np.isfinite(sums.benchmark.value)[:, None])
    adjusted = shrinkage.false_discovery(sums.p_value[places[:, 0], places[:, 1]])
    levels = {confidence: found, **wider}
    rows = [{**_row(found, int(measure), int(unit), float(p), confidence), "intervals": {
                f"{level:g}": [_number(each.sums.gap_low[measure, unit]), _number(each.sums.gap_high[measure, unit])]
                for level, each in levels.items()}}
            for (measure, unit), p in zip(places.tolist(), adjusted, strict=True)]
    return sorted(rows, key=lambda row: (row["numerator_unit"] != "pounds", row["numerator_unit"] or "~", -row["gap"]))


def _row(found: Findings, m: int, u: int, adjusted: float, confidence: float) -> Row:
    sums, name, unit = found.sums, found.panel.measures[m], found.panel.units[u]
    note = found.notes[name]
    gap, benchmark = float(sums.gap[m, u]), float(sums.benchmark.value[m])
    signal = bool(adjusted <= 1 - confidence)
    months, likely = int(sums.months[m, u]), _number(sums.likely[m, u])
    favoured = likely is not None and likely > EVEN_ODDS and gap > 0
    sure = words.sureness(
        signal=signal, worse=gap > 0,
        clear_of_it=not float(sums.value_low[m, u]) <= benchmark <= float(sums.value_high[m, u]),
        worse_months=int(sums.worse_months[m, u]), months=months,
        asked_months=found.span.months, lately_worse=bool(sums.lately_worse[m, u]),
        own_share=float(sums.own_share[m, u]), lumps=float(sums.lumps[m, u]), leaning=float(sums.leaning[m]),
        against=found.against, likely=likely if favoured and not signal else None)
    value = float(sums.value[m, u])
    before = None if found.year_before is None else _number(found.year_before[m, u])
    trend = words.trend_words(float(sums.trend[m, u]), float(sums.trend_p[m, u]), value,
                              float(sums.benchmark_trend[m]), benchmark, found.span.months, found.against)
    return {
        "measure": name, "title": found.title(name), "unit": unit, "name": found.bodies.name(unit),
        "value": value, "value_interval": [_number(sums.value_low[m, u]), _number(sums.value_high[m, u])],
        "value_unit": note.unit or None,
        "benchmark": benchmark,
        "benchmark_interval": [float(sums.benchmark.low[m]), float(sums.benchmark.high[m])],
        "gap": gap, "interval": [_number(sums.gap_low[m, u]), _number(sums.gap_high[m, u])],
        "numerator_unit": note.numerator_unit or None,
        "share_of_benchmark": value / benchmark if benchmark > 0 else None,
        "shrunk_value": _number(sums.shrunk_value[m, u]), "shrunk_gap": _number(sums.shrunk_gap[m, u]),
        "rank": int(sums.rank[m, u]) or None, "of": int(sums.of[m]),
        "trend": {"slope": _number(sums.trend[m, u]), "p_value": _number(sums.trend_p[m, u]), "words": trend,
                  "year_before": before},
        "signal": signal, "p_value": _number(sums.p_value[m, u]), "adjusted_p_value": _number(adjusted),
        "likely": likely, "raised": gap > 0 and (signal or (favoured and found.with_likely)),
        "sure": sure.sure, "because": sure.because,
        "worse_months": int(sums.worse_months[m, u]), "months": months,
        "numerator": float(sums.numerator[m, u]), "mean_denominator": float(sums.denominator[m, u]) / months,
        "denominator_kind": "stock" if found.question.stock[m] else "flow",
        "direction": "low" if found.question.low_is_good[m] else "high",
        "overlaps_with": list(found.shared[name]), "remark": _remark(found, m, u)}


def _number(value: Any) -> float | None:
    number = float(value)
    return number if number == number else None


def _remark(found: Findings, m: int, u: int) -> str | None:
    sums, name = found.sums, found.panel.measures[m]
    parts = []
    held_in = [whole for whole, held in found.wholes.items() if name in held]
    twins = [other for other in found.shared[name] if other not in held_in and other not in found.wholes.get(name, ())]
    if name in found.wholes:
        held = [found.title(each) for each in found.wholes[name]]
        parts.append(f"Do not add: it holds {counted(len(held), 'other measure')} ({words.names_in(held, at_most=3)}).")
    if held_in:
        parts.append(f"Part of {listed([found.title(each) for each in held_in])}: do not add the two.")
    if twins:
        parts.append(f"Do not add to {listed([found.title(each) for each in twins])}: they count the same things.")
    months = int(sums.months[m, u])
    if months < found.span.months:
        scaled = "; scaled to a year" if found.question.stock[m] or found.span.months != months else ""
        parts.append(f"Figures for {months} of {found.span.months} months{scaled}.")
    if not sums.compared[m, u]:
        why = "too small" if not found.question.allowed[m, u] else "too few months"
        parts.append(f"Not ranked: {why} to be compared.")
    if not sums.benchmark.reached[m]:
        parts.append(f"Too few bodies for a sure range of {found.against}.")
    return " ".join(parts) or None


def _is_whole(found: Findings, row: Row) -> bool:
    return row["measure"] in found.wholes


def leading(found: Findings, rows: Sequence[Row]) -> Row | None:
    """The row to speak of first: the largest gap on the worse side that is more than chance and no sum of others."""
    worse = [row for row in rows if row["gap"] > 0 and row["signal"]]
    single = [row for row in worse if not _is_whole(found, row)]
    return next(iter(single or worse), None)


def sentence_of(found: Findings, rows: Sequence[Row], confidence: float) -> str:
    """One sentence for a reader who reads no further."""
    when = found.span.words
    if not rows:
        return f"No figures for {when} can be compared here."
    first = leading(found, rows)
    bodies = max(row["of"] for row in rows)
    if bodies < 2 and found.question.against != "peers":
        return f"For {when} there is one body with figures here, so there is nothing to set it against."
    if len(found.panel.measures) == 1 and found.unit is not None:
        return _sentence_of_one(found, rows[0], confidence)
    if found.unit is None:
        if first is None:
            return f"Over {when}, no body lies on the worse side of {found.set_against(bodies)} by more than chance."
        who = f"{found.bodies.title(first['unit'])} on {first['title']}"
        flagged = sum(row["signal"] and row["gap"] > 0 for row in rows)
        return (f"Over {when}, the largest of {counted(flagged, 'gap')} that are more than chance is that of {who}: "
                f"{_gap(first, found, confidence)}.")
    body = found.bodies.title(found.unit)
    flagged = sum(row["signal"] and row["gap"] > 0 for row in rows)
    many = f"{flagged:,}" if flagged else "none"
    opening = (f"Over {when}, {body} lies on the worse side of {found.set_against(bodies)} by more than chance "
               f"in {many} of {counted(len(rows), 'measure')}")
    more = sum(row["raised"] and not row["signal"] for row in rows)
    opening += f", and more likely than not in {more:,} more" if more else ""
    if first is None:
        return f"{opening}."
    rank = f", {words.rank_words(first['rank'], first['of'])}" if first["rank"] else ""
    where = "The first to look at" if first["numerator_unit"] == "pounds" else "The largest gap"
    return (f"{opening}. {where} is {first['title']}: {_gap(first, found, confidence)}{rank}; sure: {first['sure']}.")


def _gap(row: Row, found: Findings, confidence: float) -> str:
    low, high = _ends(row)
    return words.gap_words(row["gap"], low, high, row["numerator_unit"] or "", found.against, confidence,
                           low_is_good=row["direction"] == "low")


def _sentence_of_one(found: Findings, row: Row, confidence: float) -> str:
    unit, is_share = row["numerator_unit"] or "", row["denominator_kind"] == "flow" and found.question.per == 1
    value, benchmark = (words.value_words(row[each], unit, row["value_unit"] or "", is_share)
                        for each in ("value", "benchmark"))
    title = row["title"][0].upper() + row["title"][1:]
    rank = f", {words.rank_words(row['rank'], row['of'])}" if row["rank"] else ""
    low, high = _ends(row)
    side = words.side(row["gap"], row["direction"] == "low")
    chance = "" if row["signal"] else "; chance alone could show as much"
    return (f"{title} in {found.bodies.title(row['unit'])}, {found.span.words}: {value}{_per(row)}{rank}, with "
            f"{found.against} at {benchmark}. The gap is {words.exact_amount(abs(row['gap']), unit)} a year {side} it "
            f"({confidence * 100:g}% range {words.facing(row['gap'], low, high, unit)}){chance}.")


def _ends(row: Row) -> tuple[float, float]:
    low, high = row["interval"]
    return (float("nan"), float("nan")) if low is None or high is None else (low, high)


def _per(row: Row) -> str:
    unit = row["value_unit"] or ""
    return f" {unit.removeprefix('£').removeprefix('pounds').strip()}" if unit else ""


def fields_of(found: Findings, rows: Sequence[Row]) -> dict[str, Any]:
    """The body of the JSON document."""
    worse = sum(row["signal"] and row["gap"] > 0 for row in rows)
    better = sum(row["signal"] and row["gap"] <= 0 for row in rows)
    there = {row["measure"] for row in rows}
    fields: dict[str, Any] = {
        "rows": list(rows),
        "period": period_of(found.span),
        "against": found.question.against,
        "counts": {"measures": len(there), "worse": worse, "better": better,
                   "no_more_than_chance": len(rows) - worse - better,
                   "raised": sum(row["raised"] for row in rows)},
        "do_not_add": [{"measure": whole, "holds": list(parts)} for whole, parts in found.wholes.items()
                       if whole in there],
        "left_out": left_out(found),
        "not_held": [name for name in found.panel.measures if name not in there]}
    if len(found.panel.measures) == 1:
        fields |= {"ranked": ranked(found, 0), "by_month": by_month(found, 0, found.unit)}
    return fields


def period_of(span: Span) -> dict[str, Any]:
    """First and last month, and how many."""
    return {"first": str(span.first), "last": str(span.last), "months": span.months}


def left_out(found: Findings) -> list[dict[str, Any]]:
    """Bodies with figures that are compared on no measure, and why."""
    import numpy as np

    held = found.sums.months > 0
    out = np.flatnonzero(held.any(axis=0) & ~found.sums.compared.any(axis=0))
    small = np.asarray(~(found.question.allowed & held).any(axis=0))
    return [{"unit": found.panel.units[place], "name": found.bodies.name(found.panel.units[place]),
             "because": "too small" if small[place] else "too few months"} for place in out]


def ranked(found: Findings, measure: int) -> list[Row]:
    """Every compared body's value on one measure with its range, the highest first."""
    import numpy as np

    sums = found.sums
    keep = np.flatnonzero(sums.compared[measure])
    order = keep[np.argsort(-sums.value[measure, keep], kind="stable")]
    return [{"unit": found.panel.units[u], "name": found.bodies.name(found.panel.units[u]),
             "value": float(sums.value[measure, u]),
             "value_interval": [_number(sums.value_low[measure, u]), _number(sums.value_high[measure, u])],
             "shrunk_value": _number(sums.shrunk_value[measure, u]), "rank": int(sums.rank[measure, u])} for u in order]


def by_month(found: Findings, measure: int, unit: str | None) -> list[Row]:
    """The value of a body in each month beside the benchmark and the tenths of the compared bodies."""
    import numpy as np

    sums = found.sums
    series = sums.monthly[measure]
    keep = series[sums.compared[measure]]
    rows = []
    for t in range(series.shape[1]):
        there = keep[:, t][np.isfinite(keep[:, t])]
        tenths = np.quantile(there, (0.1, 0.9)).tolist() if len(there) else [None, None]
        rows.append({
            "month": str(found.span.first.plus(t) if found.span.first >= found.panel.first
                         else found.panel.first.plus(t)),
            "value": None if unit is None else _number(series[found.panel.units.index(unit), t]),
            "benchmark": _number(sums.benchmark.monthly[measure, t]), "tenth": tenths[0], "nine_tenths": tenths[1]})
    return rows


def table_of(found: Findings, rows: Sequence[Row], confidence: float) -> Table:
    """What a reader or a spreadsheet wants of the answer."""
    units = {row["numerator_unit"] for row in rows}
    kind: Literal["pounds", "number"] = "pounds" if units == {"pounds"} else "number"
    several = len(found.panel.measures) > 1
    columns = [Column("title", "Measure")] if several else []
    if found.unit is None:
        columns += [Column("unit", "Code"), Column("name", "Body")]
    columns += [Column("gap", "Gap a year", kind), Column("interval", f"{confidence * 100:g}% range", "interval")]
    if kind != "pounds" and units != {None}:
        columns.append(Column("numerator_unit", "In"))
    columns += [Column("rank", "Rank", "rank"), Column("of", "Of", "count"), Column("sure", "Sure"),
                Column("shrunk_gap", "Gap less luck", kind), Column("value", "Value", "number", digits=4),
                Column("benchmark", f"{found.against.capitalize()}", "number", digits=4),
                Column("signal", "More than chance", "sign"), Column("likely", "Likely", "number", digits=2),
                Column("raised", "Raised", "sign"), Column("trend", "Trend"), Column("because", "Because"),
                Column("remark", "Remark")]
    flat = [{**row, "interval": None if row["interval"][0] is None else tuple(row["interval"]),
             "trend": row["trend"]["words"]} for row in rows]
    return Table.of(flat, columns, title=f"Gaps to {found.against}, {found.span.words}")


def no_rows() -> Table:
    """The empty table of an answer about a body without figures."""
    return Table.of([], [Column("title", "Measure"), Column("gap", "Gap a year", "number")], title="No figures")
