"""Control charts: which points of a series are more than its usual variation, and what that says."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.tables import Source
from evenhand.evaluate import fresh_start, show, times, verdicts
from evenhand.evaluate import series as reading
from evenhand.evaluate.charts import Charts, Variant, judged
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.stats import signals
from evenhand.stats.control_limits import Chart
from evenhand.terms import refuse
from evenhand.terms.words import counted, listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENOUGH_POINTS = 13
"""Below so many points the limits are on trial (Making Data Count shows none; Provost and Murray ask for 20 to 30)."""
SOURCE = ("NHS England, Making Data Count: XmR charts as in NHSRplotthedots 0.2.2 (NHS-R community, 2025); Wheeler "
          "(1993) Understanding Variation; Nelson (1982; 1994) Journal of Quality Technology 14(3) and 26(3); "
          "Montgomery (2013) Introduction to Statistical Quality Control, chapter 7 (p, u, c); Benneyan (2001) Health "
          "Care Management Science 4: 305-318 (g); Anhøj and Olesen (2014) PLOS ONE 9(11): e113825 (run)")
METHOD_NAME = MethodName("evaluate spc", "1", SOURCE)


@dataclass(frozen=True)
class Settings:
    """How a control chart is drawn and judged."""

    direction: Literal["increase", "decrease", "neutral"] = setting(
        "neutral", "Which way is better", "increase: more is better; decrease: less is better", common=True)
    target: float | None = setting(None, "Target", "set against the latest limits, in the units of the chart",
                                   common=True)
    chart: Chart = setting(
        "xmr", "Kind of chart", "xmr: any value; run: median only; p: share; u: rate; c: count; t: time between rare "
        "events; g: cases between rare events", common=True)
    rebase: tuple[str, ...] = setting((), "Dates from which the limits start afresh",
                                      "a judgement that the process has changed: say why; never done for you",
                                      common=True)
    rebase_reason: str | None = setting(None, "Why the limits start afresh", "who judged so, on what evidence")
    baseline_points: int | None = setting(None, "Points that set the limits",
                                          "the first so many of each stretch; all where empty")
    screen: bool = setting(True, "Set aside large jumps",
                           "moving ranges of 3.267 times their mean or more do not widen the limits (xmr and t)")
    variant: Variant = setting(
        "nhsrplotthedots", "Whose rules",
        "making-data-count-excel: no jumps set aside; a point beyond a limit counts towards two of three; an "
        "improvement comes before a concern")
    shift: int = setting(7, "Points on one side that make a shift", unit="points")
    trend: int = setting(7, "Points in a row that make a trend", unit="points")
    per: float = setting(1.0, "Rate per", "the value divided by the denominator is multiplied by this")
    label: str | None = setting(None, "What is measured", "for the sentence and the figure")

    def __post_init__(self) -> None:
        if self.baseline_points is not None and self.baseline_points < 2:
            raise refuse("limits need two points at the least", "give 13 or more", column="--baseline-points",
                         value=self.baseline_points)
        for name in ("shift", "trend"):
            if not 3 <= getattr(self, name) <= 20:
                raise refuse(f"a {name} is made of 3 to 20 points", "7 is usual, 6 or 8 in some tools",
                             column=f"--{name}", value=getattr(self, name))
        if not self.per > 0:
            raise refuse("a rate is per something above nought", "give 1, 1000 or 100000", column="--per",
                         value=self.per)
        if self.per != 1 and self.chart in ("p", "c", "t", "g"):
            raise refuse(f"a {self.chart} chart has no rate per so many", "leave it out, or use --chart u",
                         column="--per", value=f"{self.per:g}")
        if self.variant == "making-data-count-excel":
            object.__setattr__(self, "screen", False)


def spc(table: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """Control charts of one or many series, with what their latest points say.

    Args:
        table: rows with ``date`` and ``value``, and where there are several series a column ``series``; with
            ``denominator`` the point is value / denominator. Dates are days, months, quarters, financial years or plain
            numbers; within a series each stands once. Rows without a value are left out and said.
        settings: how it is drawn and judged; single settings may be given by keyword.

    Returns:
        An answer whose ``series`` holds, for each, its points with mean, limits, rule and meaning; its segments; and
        the verdict on variation (from the last point) and on the target (from the last limits).

    Raises:
        Refused: a column is missing, a date cannot be read or stands twice, a value is no number or cannot be.

    Source:
        XmR: limits are mean ± 2.66 x mean moving range (Wheeler 1993); classes point for point as NHSRplotthedots
        0.2.2. The other charts: see the modules ``limits`` and ``run_chart`` beside this one.
    """
    chosen = with_options(Settings, settings, options)
    data = tables.read(table)
    found = reading.read(data, chosen.chart, per=chosen.per)
    segment, remarks = _segments(found, chosen)
    charts = judged(chosen.chart, found.value, segment, sizes=found.size, baseline_points=chosen.baseline_points,
                    screen=chosen.screen, variant=chosen.variant, shift=chosen.shift, trend=chosen.trend,
                    improvement=verdicts.WAY[chosen.direction])
    rows = _documents(found, charts, chosen)
    if chosen.chart in ("xmr", "c") and len(rows) <= fresh_start.MOST_SERIES:
        rows = [one if (at := fresh_start.suggested(one["points"])) is None else {**one, "suggested_rebase": at}
                for one in rows]
    remarks = [*found.remarks, *remarks, *_remarks(rows, found, chosen)]
    label = chosen.label or ""
    if len(rows) == 1:
        said = verdicts.sentence(rows[0], rhythm=found.rhythm, chart=chosen.chart, target=chosen.target,
                                 lengths=(chosen.shift, chosen.trend), label=label)
        tables_given: tuple[Table, ...] = (points_table(rows[0], chosen),)
    else:
        said = verdicts.sentence_of_many(rows, label)
        tables_given = (summary_table(rows), points_of_many(rows))
    said = said[:1].upper() + said[1:]
    return Answer(method=METHOD_NAME, settings=settings_document(chosen), made_from=(MadeFrom(data.name, data.digest),),
                  sentence=said, fields={"series": rows, "rhythm": found.rhythm}, table=tables_given[0],
                  remarks=tuple(remarks), draw=show.spc, more_tables=tables_given[1:])


def _segments(found: reading.Series, chosen: Settings) -> tuple[NDArray[np.int64], list[str]]:
    """The stretch each point belongs to, numbered through all series."""
    import numpy as np

    moments = sorted((found.dates.moment(text, "--rebase") for text in chosen.rebase), key=lambda each: each.place)
    for moment in moments:
        if not found.place.min() < moment.place <= found.place.max():
            raise refuse("the limits cannot start afresh outside the series",
                         f"choose a date after {found.label[found.place.argmin()]} and up to "
                         f"{found.label[found.place.argmax()]}", column="--rebase", value=moment.label)
    stretch = np.searchsorted(np.array([moment.place for moment in moments]), found.place, side="right")
    new = (found.code[1:] != found.code[:-1]) | (stretch[1:] != stretch[:-1])
    segment = np.concatenate(([0], np.cumsum(new)))
    if not moments:
        return segment, []
    dates = listed([times.said(moment.label, found.rhythm) for moment in moments])
    why = (f": {chosen.rebase_reason.rstrip('.')}." if chosen.rebase_reason else
           ". No reason is given for it; readers will ask (--rebase-reason).")
    return segment, [f"The limits start afresh from {dates}{why} The earlier limits stay on the chart."]


def _documents(found: reading.Series, charts: Charts, chosen: Settings) -> list[dict[str, Any]]:
    """Each series as the answer gives it."""
    import numpy as np

    improvement = verdicts.WAY[chosen.direction]
    meanings = [verdicts.meaning(way, improvement) for way in (-1, 0, 1)]
    sides = ["below", None, "above"]
    columns = zip(found.label.tolist(), found.value.tolist(), charts.lines.centre.tolist(), charts.lines.lower.tolist(),
                  charts.lines.upper.tolist(), charts.rule.tolist(), charts.direction.tolist(), charts.side.tolist(),
                  charts.segment.tolist(), strict=True)
    points = [{"date": date, "value": value, "mean": mean, "lower": lower, "upper": upper, "rule": signals.RULES[rule],
               "side": sides[side + 1], "meaning": meanings[way + 1], "segment": segment}
              for date, value, mean, lower, upper, rule, way, side, segment in columns]
    begins = np.concatenate(([0], np.flatnonzero(found.code[1:] != found.code[:-1]) + 1, [len(points)])).tolist()
    rows = []
    for start, end in pairwise(begins):
        own, last = points[start:end], points[end - 1]
        first_segment = own[0]["segment"]
        runs = charts.runs[last["segment"]] if charts.runs else None
        one: dict[str, Any] = {
            "series": found.names[int(found.code[start])],
            "variation": None if len(own) < 2 else verdicts.variation(int(charts.direction[end - 1]), improvement),
            "assurance": verdicts.assurance(chosen.target, last["lower"], last["upper"], improvement),
            "segments": _stretches(own, chosen.baseline_points), "points": own}
        if runs is not None:
            one["run_rules"] = {"useful_points": runs.useful, "longest_run": runs.longest_run,
                                "longest_run_limit": runs.longest_run_limit, "crossings": runs.crossings,
                                "crossings_limit": runs.crossings_limit, "signal": runs.signal}
        for point in own:
            point["segment"] -= first_segment
        rows.append(one)
    return rows


def _stretches(points: list[dict[str, Any]], baseline_points: int | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for point in points:
        if not found or found[-1]["segment"] != point["segment"]:
            found.append({"segment": point["segment"], "start": point["date"], "points": 0})
        found[-1] |= {"end": point["date"], "points": found[-1]["points"] + 1, "mean": point["mean"],
                      "lower": point["lower"], "upper": point["upper"]}
    for place, each in enumerate(found):
        each["segment"] = place
        each["baseline_points"] = min(each["points"], baseline_points or each["points"])
        each["trial"] = each["baseline_points"] < ENOUGH_POINTS
    return found


def _remarks(rows: list[dict[str, Any]], found: reading.Series, chosen: Settings) -> list[str]:
    """What a reader should know before trusting the limits."""
    remarks = []
    short = [one for one in rows if one["segments"][-1]["trial"]]
    if short and chosen.chart != "run":
        fewest = min(one["segments"][-1]["baseline_points"] for one in short)
        many = "" if len(rows) == 1 else f" ({len(short):,} of {len(rows):,} series)"
        remarks.append(f"Trial limits: they rest on {counted(fewest, 'point')}{' at the fewest' if many else ''}, and "
                       f"{ENOUGH_POINTS} or more are wanted{many}. They will move as points come in.")
    wanted = chosen.baseline_points or 0
    fewer = [one for one in rows if one["segments"][-1]["points"] < wanted]
    if fewer:
        of = f" in {len(fewer):,} of {len(rows):,} series" if len(rows) > 1 else ""
        remarks.append(f"There are fewer than the {wanted:,} points that were to set the limits{of}: all there are set "
                       "them, and they will move as points come in.")
    still = [one for one in rows if len(one["points"]) > 1 and len({point["value"] for point in one["points"]}) == 1]
    if still:
        names = listed([one["series"] for one in still][:5])
        remarks.append("All values are equal: limits and mean are one line."
                       + (f" ({names})" if len(rows) > 1 and names else ""))
    restless = [one for one in rows if chosen.chart != "run" and _restless(one)]
    if restless:
        which = "" if len(rows) == 1 else f" in {len(restless):,} of {len(rows):,} series"
        remarks.append(f"More than a third of the points stand out{which}: this is not one steady process, and the "
                       "limits foretell little. Where it is known when and why it changed, start them afresh "
                       "(--rebase).")
    remarks += _suggestions(rows, found)
    ended = _ended(rows, found)
    if ended:
        remarks.append(ended)
    crossed = [one for one in rows if "run_rules" in one and one["run_rules"]["crossings"]
               < one["run_rules"]["crossings_limit"]]
    if crossed:
        rules = crossed[0]["run_rules"]
        of = f" ({counted(len(crossed), 'series', 'series')})" if len(rows) > 1 else ""
        remarks.append(f"The middle line is crossed {rules['crossings']} times, and chance would cross it "
                       f"{rules['crossings_limit']} times or more: the series has shifted at some time{of}.")
    gaps = _gaps(found)
    if gaps:
        remarks.append(f"{counted(gaps, times.ONE_OF[found.rhythm])} between the first point and the last "
                       f"{'has' if gaps == 1 else 'have'} no point; the points on either side are taken as neighbours.")
    if chosen.target is not None and chosen.direction == "neutral":
        remarks.append("The target is drawn and not judged: say with --direction whether more or less is better.")
    return remarks


def _suggestions(rows: list[dict[str, Any]], found: reading.Series) -> list[str]:
    """Where a person might start the limits afresh; nothing is done, and many suggestions are only counted."""
    moved = [one for one in rows if one.get("suggested_rebase")]
    if not moved:
        return []
    if len(moved) > 3:
        return [f"In {len(moved):,} of {len(rows):,} series the level moved and stayed (suggested_rebase names each "
                "date). Whether to start the limits afresh is a person's judgement; nothing was done."]
    said = []
    for one in moved:
        at = one["suggested_rebase"]
        of = f"{one['series']}: " if len(rows) > 1 else ""
        said.append(
            f"{of}the level moved {times.when(at['date'], found.rhythm)}, from about {verdicts.written(at['before'])} "
            f"to {verdicts.written(at['after'])}, and has stayed for {counted(at['points'], 'point')}. If somebody "
            f"knows what changed then, and expects it to last, the limits may start afresh: --rebase {at['date']} with "
            "--rebase-reason. Suggested only; nothing was done.")
    return [each[:1].upper() + each[1:] if len(rows) == 1 else each for each in said]


def _ended(rows: list[dict[str, Any]], found: reading.Series) -> str | None:
    """Which series end before the others do: a unit that has vanished is not a unit without news."""
    import numpy as np

    if len(rows) < 2 or found.rhythm == "number":
        return None
    last = np.full(len(rows), -np.inf)
    np.maximum.at(last, found.code, found.place)
    gone = [one["series"] for one, place in zip(rows, last[np.unique(found.code)], strict=True) if place < last.max()]
    if not gone:
        return None
    some = listed(gone) if len(gone) <= 4 else f"{', '.join(gone[:3])} and {len(gone) - 3:,} more"
    return (f"{counted(len(gone), 'series', 'series')} {'ends' if len(gone) == 1 else 'end'} before the last date "
            f"({some}): the latest point there is not the latest of the others.")


def _restless(one: dict[str, Any]) -> bool:
    """Whether more than a third of the points of the last stretch stand out, where there are enough to say so."""
    own = [point for point in one["points"] if point["segment"] == one["segments"][-1]["segment"]]
    return len(own) >= ENOUGH_POINTS and sum(point["rule"] != "none" for point in own) > len(own) / 3


def _gaps(found: reading.Series) -> int:
    """Steps of the calendar with no point, over all series; none where the rhythm is not known."""
    import numpy as np

    if found.rhythm in ("number", "day"):
        return 0
    steps = found.dates.steps()
    jump = np.diff(steps)[found.code[1:] == found.code[:-1]]
    return int(np.sum(jump[jump > 1] - 1))


def points_table(one: dict[str, Any], chosen: Settings) -> Table:
    """One series as a reader wants it: a row a point."""
    kind: Literal["share", "number"] = "share" if chosen.chart == "p" else "number"
    middle = "Median" if chosen.chart == "run" else "Mean"
    rows = [{**point, "rule": verdicts.RULE_WORDS[point["rule"]], "meaning": verdicts.MEANING_WORDS[point["meaning"]]}
            for point in one["points"]]
    return Table.of(rows, [Column("date", "Date"), Column("value", chosen.label or "Value", kind),
                           Column("mean", middle, kind), Column("lower", "Lower limit", kind),
                           Column("upper", "Upper limit", kind), Column("rule", "What stands out"),
                           Column("meaning", "Meaning")], title=one["series"])


def summary_table(rows: list[dict[str, Any]]) -> Table:
    """Many series as a reader wants them: a row a series, with its latest point and the verdicts."""
    found = []
    for one in rows:
        last = one["points"][-1]
        found.append({"series": one["series"], "points": len(one["points"]), "date": last["date"],
                      "value": last["value"], "mean": last["mean"], "lower": last["lower"], "upper": last["upper"],
                      "rule": verdicts.RULE_WORDS[last["rule"]],
                      "variation": verdicts.VARIATION_WORDS.get(one["variation"] or "", "too few points"),
                      "assurance": verdicts.ASSURANCE_WORDS[one["assurance"]]})
    return Table.of(found, [Column("series", "Series"), Column("points", "Points", "count"), Column("date", "Latest"),
                            Column("value", "Value", "number"), Column("mean", "Mean", "number"),
                            Column("lower", "Lower limit", "number"), Column("upper", "Upper limit", "number"),
                            Column("rule", "What stands out"), Column("variation", "Variation"),
                            Column("assurance", "Target")])


def points_of_many(rows: list[dict[str, Any]]) -> Table:
    """Every point of every series, for a workbook; the rules under their names in the answer."""
    names = ("date", "value", "mean", "lower", "upper", "rule", "meaning")
    numbers = names[1:5]
    return Table.of(({"series": one["series"], **{name: point[name] for name in names}}
                     for one in rows for point in one["points"]),
                    [Column("series", "Series"), *(Column(name, kind="number" if name in numbers else "text")
                                                   for name in names)], title="Points")


METHOD = Method(
    room="evaluate", name="spc", title="Control charts",
    question="Is this change more than the usual variation?",
    function=spc, settings=Settings,
    inputs=(Input("table", "a table with one row a date, and a series", (
        InputColumn("date", "day, month, quarter, financial year or plain number"),
        InputColumn("value", "the value; the number of events for p, u and c; what lies between events for t and g"),
        InputColumn("series", "which series the row belongs to", optional=True),
        InputColumn("denominator", "what the value is out of; needed for p and u", optional=True))),),
    outputs=(
        Output("series", "one entry a series: series, variation, assurance, segments, points (and run_rules for run)"),
        Output("series.points", "date, value, mean, lower, upper, rule (none, outside_limits, trend, two_of_three, "
               "shift), side, meaning (improvement, concern, neutral, common_cause), segment"),
        Output("series.variation", "improvement_high, improvement_low, concern_high, concern_low, neutral_high, "
               "neutral_low or common_cause, from the last point"),
        Output("series.assurance", "consistent_pass, consistent_fail, inconsistent or none, from the last limits"),
        Output("series.suggested_rebase", "where the level moved and stayed: date, before, after, points; a "
               "suggestion, never done (xmr and c, up to 500 series)", sometimes=True),
        Output("series.segments", "start, end, points, baseline_points, mean, lower, upper, trial (fewer than 13 "
               "points)"),
        Output("rhythm", "the step from one point to the next: month, week, day, quarter, year or number")),
    source=SOURCE, version="1",
    cannot_tell=(
        "Why a point stands out: a chart says that something changed, not what.",
        "Whether a change would have come anyway: for that set a comparator beside it (evaluate interrupted).",
        "Much from fewer than 13 points, or where the definition of the measure changed on the way.",
        "About seasons: a series that rises every winter breaks the rules every winter.",
        "That something happened wherever a point stands out: on a steady process the latest point does by chance "
        "about once in sixty charts, and any of 24 points about once in five, any of 60 about once in two."),
    example="evaluate spc sample:waits_by_month --direction decrease --target 60")
