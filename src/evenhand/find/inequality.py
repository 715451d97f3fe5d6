"""Slope and relative index of inequality: how far the least and the most deprived are apart, everybody counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.tables import Source
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.find import inequality_sums as sums
from evenhand.find import show_inequality
from evenhand.find.inequality_groups import Ordered, read_sets
from evenhand.find.inequality_sums import Line, Range
from evenhand.terms import refuse
from evenhand.terms.words import counted, figure, per_cent

if TYPE_CHECKING:
    import numpy as np

SOURCE = ("Pamuk (1985), Population Studies 39:17-31; Low and Low (2004), Journal of Public Health 26:390-395; "
          "transformed forms and simulated limits as PHEindicatormethods 2.1; ratio limits: Fieller (1954), Journal of "
          "the Royal Statistical Society B 16:175-185")
NAME = MethodName("find inequality", "1", SOURCE)
INDICES = ("slope_index", "relative_index")


@dataclass(frozen=True)
class Settings:
    """What the values are, and how the slope is drawn."""

    value_type: Literal["normal", "rate", "proportion"] = setting(
        "normal", "What the values are", "normal: such as life expectancy; rate: events for so many people; "
        "proportion: between 0 and 1", common=True)
    transform: Literal["none", "log", "logit"] = setting(
        "none", "Scale on which the line is straight", "log for rates, logit for proportions, where values bend",
        common=True)
    multiplier: float = setting(1.0, "Slope index times this", "100 gives percentage points; negative turns both "
                                "indices round, so that more is worse")
    by: tuple[str, ...] = setting((), "Columns that make a set of groups", "an index for each set", common=True)
    error_scale: Literal["natural", "log", "logit"] | None = setting(
        None, "Scale of the standard errors", "natural unless told; limits are used instead where the table has them "
        "and this is not given")
    per: float = setting(100_000.0, "So many people a rate is for", "where numerator and denominator are given")
    confidence: tuple[float, ...] = setting((0.95,), "Confidence of the intervals", "between 0 and 1")
    draws: int = setting(100_000, "Draws where an interval is simulated", "at least 1,000")
    seed: int = setting(1, "Seed of the draws", "the same seed gives the same answer")

    def __post_init__(self) -> None:
        if self.multiplier == 0:
            raise refuse("a multiplier of nought leaves nothing", "write --multiplier 1", column="--multiplier",
                         value="0")
        if self.per <= 0:
            raise refuse("a rate is for a positive number of people", "write --per 100000", column="--per",
                         value=f"{self.per:g}")
        fitting = {"none": ("normal", "rate", "proportion"), "log": ("rate",), "logit": ("proportion",)}
        if self.value_type not in fitting[self.transform]:
            raise refuse(f"the {self.transform} scale is for {'rates' if self.transform == 'log' else 'proportions'}",
                         "say --transform none, or another --value-type", column="--transform", value=self.transform)
        for each in self.confidence:
            if not 0 < each < 1:
                raise refuse("a confidence lies between 0 and 1", "write 0.95 for 95%", column="--confidence",
                             value=f"{each:g}")
        if not self.confidence:
            raise refuse("no confidence is given", "write --confidence 0.95", column="--confidence")
        if not 1_000 <= self.draws <= 10_000_000:
            raise refuse("draws lie between 1,000 and 10,000,000", "write --draws 100000", column="--draws",
                         value=f"{self.draws}")
        if self.seed < 0:
            raise refuse("a seed is a whole number from 0 up", "write --seed 1", column="--seed", value=f"{self.seed}")


def inequality(table: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """How far the least and the most deprived ends of a population are apart, as a difference and as a ratio.

    Args:
        table: one row a group from the most to the least deprived (numbered groups are put in order): ``group``,
            ``population``, ``value``, and ``lower`` and ``upper`` (95% limits) or ``standard_error``; or ``numerator``
            and ``denominator`` in place of the value.
        settings: all settings; single ones may be given by keyword (``value_type="rate"``).
        **options: settings by name.

    Returns:
        ``rows``, one a set, and for a single set the same fields by themselves: ``slope_index`` (least minus most
        deprived end, times the multiplier, in units of the value), ``relative_index`` (least over most; inverted by a
        negative multiplier), ``intercept`` (height at the most deprived end, in units of the value), ``intervals`` by
        index and confidence, and ``interval_method``: exact or simulated, for each index.

    Raises:
        Refused: missing columns, words for numbers, fewer than three groups, doubled groups, rates not above nought,
            proportions not between 0 and 1, values outside their limits, and scales that do not fit.

    Source: Pamuk (1985); Low and Low (2004). Intervals are exact where the index is linear in normal values (and, for
    the ratio, by Fieller 1954; for a line through logarithms, its slope); elsewhere simulated as by
    PHEindicatormethods 2.1: values drawn on the logarithmic (rates) or logit scale (proportions), lines refitted.
    """
    import numpy as np

    chosen = with_options(Settings, settings, options)
    data = tables.read(table)
    sets, remarks = read_sets(data, chosen.by, chosen.value_type, chosen.error_scale, chosen.per)
    rows = []
    for one in sets:
        # Each set has the same draws, so that its answer does not hang on which others stand in the table.
        rows.append(_row(one, chosen, np.random.default_rng(chosen.seed)))
    said = [f"{_name(row, chosen)}: {row['remark']}" if chosen.by else row["remark"] for row in rows if row["remark"]]
    fields: dict[str, Any] = {"rows": rows}
    if len(rows) == 1:
        fields |= {name: rows[0][name] for name in (*INDICES, "intercept", "intervals", "interval_method")}
    if chosen.multiplier < 0:
        remarks.append("The multiplier is negative: both indices are turned round, so that more means that the most "
                       "deprived have more.")
    return Answer(NAME, settings_document(chosen), (MadeFrom(data.name, data.digest),), _sentence(rows, chosen), fields,
                  _table(rows, chosen), (*dict.fromkeys(remarks), *said[:10]), draw=show_inequality.inequality)


def _row(one: Ordered, chosen: Settings, rng: np.random.Generator) -> dict[str, Any]:
    line = sums.fitted(one.values, one.population, chosen.transform)
    ranges = _ranges(line, one, chosen, rng)
    meaningful = line.start > 0 and line.finish > 0
    ratios = ranges["relative_index"] if meaningful else [None] * len(chosen.confidence)
    relative = line.relative_index if meaningful else None
    if chosen.multiplier < 0 and relative is not None:
        relative = 1 / relative
        ratios = [None if each is None or each.low <= 0 else Range(1 / each.high, 1 / each.low, each.how)
                  for each in ratios]
    slopes = [sorted((each.low * chosen.multiplier, each.high * chosen.multiplier))
              for each in ranges["slope_index"] if each is not None]
    names = [f"{each:g}" for each in chosen.confidence]
    remark = None
    if not meaningful:
        remark = "An end of the line lies at or below nought, so no ratio can be given."
    elif any(each is None for each in ratios):
        remark = "The most deprived end may be nought, so the ratio has no interval."
    first = ranges["slope_index"][0]
    curve = [float(each) for each in _curve(line, chosen)]
    return {
        **dict(zip(chosen.by, one.key, strict=True)), "slope_index": line.slope_index * chosen.multiplier,
        "relative_index": relative, "intercept": line.start,
        "intervals": {"slope_index": dict(zip(names, slopes, strict=True)),
                      "relative_index": {name: None if each is None else [each.low, each.high]
                                         for name, each in zip(names, ratios, strict=True)}},
        "interval_method": {"slope_index": first.how if first is not None else None,
                            "relative_index": ratios[0].how if ratios[0] is not None else None},
        "groups": [{"group": name, "population": float(one.population[place]), "rank": float(line.rank[place]),
                    "value": float(one.values[place]), "interval": [float(one.low[place]), float(one.high[place])]}
                   for place, name in enumerate(one.groups)],
        "line": curve, "remark": remark}


def _curve(line: Line, chosen: Settings) -> Any:
    """The fitted line at 21 ranks from 0 to 1, in natural units."""
    import numpy as np

    ends = sums.forward(np.array([line.start, line.finish]), chosen.transform)
    return sums.backward(np.linspace(ends[0], ends[1], 21), chosen.transform)


def _ranges(line: Line, one: Ordered, chosen: Settings, rng: np.random.Generator) -> dict[str, list[Range | None]]:
    """Intervals of both indices at each confidence: exact where there is such a thing, else simulated."""
    if chosen.value_type == "normal":
        return {"slope_index": [sums.exact_slope(line, one.errors, each) for each in chosen.confidence],
                "relative_index": [sums.exact_ratio(line, one.errors, each) for each in chosen.confidence]}
    drawn = sums.simulated(line, one.values, one.errors, chosen.value_type, chosen.transform, chosen.confidence,
                           chosen.draws, rng)
    ranges: dict[str, list[Range | None]] = {name: list(each) for name, each in drawn.items()}
    if chosen.transform == "log":
        ranges["relative_index"] = [sums.exact_ratio_of_logs(line, one.errors, each) for each in chosen.confidence]
    return ranges


def _name(row: dict[str, Any], chosen: Settings) -> str:
    return ", ".join(str(row[name]) for name in chosen.by)


def _sentence(rows: list[dict[str, Any]], chosen: Settings) -> str:
    level = f"{chosen.confidence[0]:g}"
    words = f"{chosen.confidence[0] * 100:g}% interval"
    if len(rows) > 1:
        away = sum(not low <= 0 <= high for low, high in (row["intervals"]["slope_index"][level] for row in rows))
        widest = max(rows, key=lambda row: abs(row["slope_index"]))
        return (f"In {away:,} of {counted(len(rows), 'set')} the two ends of deprivation differ by more than chance; "
                f"furthest apart are those of {_name(widest, chosen)}, by {figure(widest['slope_index'])}.")
    (row,) = rows
    low, high = row["intervals"]["slope_index"][level]
    first, last = row["line"][0], row["line"][-1]
    share = chosen.value_type == "proportion"
    ends = [per_cent(each, digits=1) if share else figure(each) for each in (first, last)]
    certain = "" if not low <= 0 <= high else "; this could be chance"
    ratio = ""
    if row["relative_index"] is not None:
        pair = row["intervals"]["relative_index"][level]
        inside = f" ({words} {pair[0]:.3g} to {pair[1]:.3g})" if pair else ""
        ratio = f" The relative index is {row['relative_index']:.3g}{inside}."
    return (f"From the most to the least deprived end the value goes from {ends[0]} to {ends[1]}: a slope index of "
            f"{figure(row['slope_index'])} ({words} {figure(low)} to {figure(high)}){certain}.{ratio}")


def _table(rows: list[dict[str, Any]], chosen: Settings) -> Table:
    columns = [*(Column(name) for name in chosen.by), Column("slope_index", "Slope index", "number")]
    levels = [f"{each:g}" for each in chosen.confidence]
    for name, title in (("slope_index", "slope"), ("relative_index", "ratio")):
        if name == "relative_index":
            columns.append(Column(name, "Relative index", "number"))
        columns += [Column(f"{name}_{each.removeprefix('0.')}", f"{float(each) * 100:g}% interval of the {title}",
                           "interval") for each in levels]
    columns += [Column("intercept", "At the most deprived end", "number"), Column("how", "Intervals")]
    flat = []
    for row in rows:
        cells = {f"{name}_{each.removeprefix('0.')}": row["intervals"][name][each] and tuple(
            row["intervals"][name][each]) for name in INDICES for each in levels}
        how = row["interval_method"]
        alike = how["slope_index"] == how["relative_index"] or how["relative_index"] is None
        said = how["slope_index"] if alike else f"slope {how['slope_index']}, ratio {how['relative_index']}"
        flat.append({**row, **cells, "how": said})
    return Table.of(flat, columns, title="Slope and relative index of inequality")


METHOD = Method(
    room="find", name="inequality", title="Slope index of inequality",
    question="How far are the most and the least deprived apart?",
    function=inequality, settings=Settings,
    inputs=(Input("table", "one row a group, from the most to the least deprived", (
        InputColumn("group", "fifth, tenth or other group; 1 is the most deprived where groups are numbered"),
        InputColumn("population", "people of the group"),
        InputColumn("value", "what is compared: life expectancy, a rate, a proportion", optional=True),
        InputColumn("lower", "lower 95% limit of the value", optional=True),
        InputColumn("upper", "upper 95% limit of the value", optional=True),
        InputColumn("standard_error", "in place of limits; see --error-scale", optional=True),
        InputColumn("numerator", "events, in place of value", optional=True),
        InputColumn("denominator", "people or the whole, in place of value", optional=True))),),
    outputs=(
        Output("rows", "one a set: the columns of --by, slope_index, relative_index, intercept, intervals (by index "
               "and confidence: low and high), interval_method (exact or simulated), groups (with rank), line, remark"),
        Output("slope_index", "least minus most deprived end of the line", sometimes=True),
        Output("relative_index", "least over most deprived end of the line", sometimes=True),
        Output("intercept", "height of the line at the most deprived end", sometimes=True),
        Output("intervals", "by index and confidence: low and high", sometimes=True),
        Output("interval_method", "exact or simulated, by index", sometimes=True)),
    source=SOURCE, version="1",
    cannot_tell=(
        "Why the ends differ: deprivation travels with age, work, housing and access to care.",
        "About people within a group: a poor person in a well-off area counts with the area.",
        "What a straight line misses, where only the most deprived group stands apart.",
        "Whether inequality grew, unless both years are measured in the same way."),
    example="find inequality sample:inequality --value-type normal", uses_chance=True)
