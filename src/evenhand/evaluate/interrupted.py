"""Interrupted time series: what a change did, judged by where the series was heading before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.tables import Source
from evenhand.evaluate import doubts, regression, robustness, show, times, told
from evenhand.evaluate import marks as happened
from evenhand.evaluate.averted import averted, in_pounds, not_sized, total, with_amount
from evenhand.evaluate.doubts import Question
from evenhand.evaluate.neighbours import Errors, Spread, spread
from evenhand.evaluate.regression import Family, Fit, NoFit
from evenhand.evaluate.timeline import Terms, Timeline, design
from evenhand.evaluate.timeline import read as read_timeline
from evenhand.figures import Answer, MadeFrom, MethodName
from evenhand.terms import refuse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SOURCE = ("Lopez Bernal, Cummins and Gasparrini (2017) Interrupted time series regression for the evaluation of public "
          "health interventions: a tutorial, International Journal of Epidemiology 46(1): 348-355, with its "
          "correction; Newey and West (1987) Econometrica 55(3): 703-708; Kiefer and Vogelsang (2005) Econometric "
          "Theory 21(6): 1130-1164")
METHOD_NAME = MethodName("evaluate interrupted", "1", SOURCE)
MOST_IN_A_PERIOD = 100_000


@dataclass(frozen=True)
class Settings:
    """What is asked of an interrupted series."""

    outcome: str = setting("value", "Column of the outcome", common=True)
    time: str = setting("date", "Column of the time", common=True)
    start: str | None = setting(None, "First date after the change", "written as in the table", common=True)
    offset: str | None = setting(None, "Column of the denominator",
                                 "logged for counts; a gaussian outcome is divided by it", common=True)
    family: Family = setting("quasipoisson", "What the outcome is",
                             "counts: quasipoisson (allows for extra scatter), poisson, negative-binomial; rates, "
                             "shares and money: gaussian", common=True)
    harmonics: int = setting(0, "Seasonal waves", "pairs of sine and cosine a period; 2 for a yearly pattern")
    period: float = setting(12.0, "Points in a period", "12 for months, 4 for quarters")
    trend: bool = setting(True, "Let the series have a trend")
    slope: bool = setting(False, "Let the change grow with time", "a change of slope from the start on")
    control: tuple[str, ...] = setting((), "Columns of comparators",
                                       "what the same weather moves and the change does not", common=True)
    errors: Errors = setting("model", "Kind of standard errors", "of each term: newey-west or autoregressive where "
                             "neighbours in time resemble each other; the range of the whole allows for that anyway")
    lag: int | None = setting(None, "Steps apart that may resemble each other",
                              "for newey-west; by the length of the series where empty")
    confidence: tuple[float, ...] = setting((0.95,), "How sure the ranges are")
    first: str | None = setting(None, "First date used", option="from")
    last: str | None = setting(None, "Last date used", option="to")
    unit_cost: float | None = setting(None, "Pounds for each one averted",
                                      "what one less saves, which is seldom the average cost", unit="pounds")
    selected: bool = setting(False, "Chosen because its figures stood out",
                             "what stood out comes back by itself: then no size is given without a comparator")
    checks: bool = setting(True, "Ask in other ways too", "all of them are shown")
    label: str | None = setting(None, "What is measured", "for the sentence and the figure")

    def __post_init__(self) -> None:
        # A series set beside itself fits every point, and reads as a change of nothing.
        taken = {self.outcome: "--outcome", self.time: "--time"}
        for option, names in (("--offset", (self.offset,) if self.offset else ()), ("--control", self.control)):
            for name in names:
                if name in taken:
                    raise refuse(f"this column is given as {taken[name]} already", "name another column", column=option,
                                 value=name)
        if self.outcome == self.time:
            raise refuse("the outcome and the time are one column", "name the column of what was measured",
                         column="--outcome", value=self.outcome)
        if self.harmonics < 0 or self.harmonics > 6:
            raise refuse("seasonal waves are 0 to 6 pairs", "2 is usual for months", column="--harmonics",
                         value=self.harmonics)
        if self.period > MOST_IN_A_PERIOD:
            raise refuse(f"a period has {MOST_IN_A_PERIOD:,} points at the most", "12 for months, 4 for quarters",
                         column="--period", value=f"{self.period:g}")
        if not self.period > 1 or self.harmonics > self.period / 2:
            raise refuse("a period has two points for each pair of waves at the least", "12 for months, 4 for quarters",
                         column="--period", value=f"{self.period:g}")
        if self.lag is not None and self.lag < 1:
            raise refuse("neighbours are one step apart at the least", "leave it out, or give 1 or more",
                         column="--lag", value=self.lag)
        if self.lag is not None and self.errors != "newey-west":
            kind = "errors from the model" if self.errors == "model" else f"{self.errors} errors"
            raise refuse(f"--lag has no meaning for {kind}", "add --errors newey-west", column="--lag", value=self.lag)
        if self.unit_cost is not None and not 0 < self.unit_cost < 1e9:
            raise refuse("a cost for each is above nought", "give pounds, such as 210", column="--unit-cost",
                         value=f"{self.unit_cost:g}")
        if not self.confidence or any(not 0.5 <= each < 1 for each in self.confidence):
            raise refuse("a range is 0.5 to 0.999 sure", "0.95 is usual", column="--confidence",
                         value=",".join(f"{each:g}" for each in self.confidence))


def interrupted(table: Source, settings: Settings | None = None, /, *, marks: Source | None = None,
                **options: Any) -> Answer:
    """What a change did to a series, against where the series was heading before it.

    Args:
        table: one row a date: the outcome, the time, and where wanted a denominator and comparators.
        settings: which columns, when the change began, and what the model allows; single ones by keyword.
        marks: what else happened, a row each: ``date``, ``what``, and where wanted ``kind`` (definition, merger,
            other).

    Returns:
        An answer with ``coefficients``, ``rate_ratio``, ``dispersion``, ``autocorrelation``, ``counterfactual`` (a row
        a date) and ``averted``: expected less observed from the start on, in units of the outcome and, with a unit
        cost, in pounds. ``checks`` asks the same in other ways. Where fewer than 12 points lie before the start (two
        whole periods with seasonal waves), where a definition changed or bodies merged inside the series, or where it
        was chosen because it stood out and has no comparator, ``rate_ratio`` and ``averted`` hold no figure.

    Raises:
        Refused: a column is missing, a cell cannot be read, a date stands twice, a count is negative, or the start
            lies outside the series.

    Source:
        Lopez Bernal, Cummins and Gasparrini (2017), model: log mean = log offset + intercept + step + trend (+ waves +
        slope change). Ranges of the averted total by the delta method: on the difference between the model's
        totals with and without the change, or for counts on the log of their ratio; wider where neighbours resemble
        each other (Cochrane and Orcutt 1949; see ``neighbours`` beside this module).
    """
    chosen = with_options(Settings, settings, options)
    if chosen.start is None:
        raise refuse("when did the change begin?", "give the first date after it, such as --start 2017-04",
                     column="--start")
    data = tables.read(table)
    line = read_timeline(data, outcome=chosen.outcome, time=chosen.time, start=chosen.start, offset=chosen.offset,
                         controls=chosen.control, family=chosen.family, first=chosen.first, last=chosen.last)
    if chosen.slope and line.after_count < 2:
        raise refuse("a change of slope needs two points from the start on", "leave out --slope", column="--start",
                     value=line.start)
    question = Question(line, chosen.family, Terms(True, chosen.trend, chosen.slope, chosen.harmonics, chosen.period))
    dates = times.read(data, chosen.time)
    found = () if marks is None else happened.inside(
        happened.read(tables.read(marks, name="the marks"), dates), dates, line)
    blocked = _blocked(question, chosen, found)
    result = _result(question, chosen, blocked)
    fields = {**result, "start": line.start, "points_before": line.before_count, "points_after": line.after_count,
              "rhythm": line.rhythm, "marks": happened.documents(found)}
    remarks = (*line.remarks, *happened.remarks(found, dates, line, controlled=bool(chosen.control)),
               *fields.pop("remarks"))
    label = chosen.label or chosen.outcome.replace("_", " ")
    said = told.sentence(fields, label=label, logged=question.logged, controlled=bool(chosen.control))
    if "pounds" in fields["averted"]:
        said += told.in_pounds(fields["averted"])
    more = (told.checks_table(fields["checks"]),) if fields["checks"] else ()
    return Answer(method=METHOD_NAME, settings=settings_document(chosen), made_from=(MadeFrom(data.name, data.digest),),
                  sentence=said, fields=fields, table=told.coefficients_table(fields, logged=question.logged),
                  remarks=remarks, draw=show.interrupted, more_tables=(told.series_table(fields, label), *more))


def _blocked(question: Question, chosen: Settings, marks: tuple[happened.Mark, ...]) -> tuple[str, str, str] | None:
    """Why no size may be given: a code, the reason, and what follows from it; ``None`` where one may."""
    short = doubts.too_short(question.line, question.terms)
    if short:
        return "short_past", short, "The past is too short to size the change by."
    broken = happened.breaks(marks, question.line.rhythm)
    if broken:
        kind = next(each.kind for each in marks if each.kind != "other")
        return ("definition_changed" if kind == "definition" else "merger", broken,
                "Keep to one side with --from or --to, or carry the figures onto one definition and one set of bodies "
                "first.")
    if chosen.selected and not chosen.control:
        return ("selected", "it was chosen because its figures stood out, and what stands out comes back towards the "
                "usual by itself (regression to the mean)",
                "Set others beside it that stood out as much and had no such change (--control).")
    return None


def _result(question: Question, chosen: Settings, blocked: tuple[str, str, str] | None) -> dict[str, Any]:
    """The fields of the answer; where the model has no answer, nulls and a remark that says why."""
    import numpy as np

    line = question.line
    found_doubts = doubts.standing(question)
    code, short, follows = blocked or ("", None, "")
    remarks = [f"Cannot tell: {short}. {follows}"] if short else []
    remarks += [doubt.sentence for doubt in found_doubts]
    codes: dict[str, Any] = {"doubts": [code] * bool(short) + [doubt.code for doubt in found_doubts], "checks": []}
    values = question.outcome()
    if question.logged and not values[line.after].any() and values.any():
        return {**_fallen_to_nothing(question, chosen, short, remarks), **codes}
    names, columns = design(line, question.terms, logged=question.logged)
    try:
        if line.before_count < 3:
            raise NoFit(f"{line.before_count} points before the start show no trend" if line.before_count > 1 else
                        "one point before the start shows no trend")
        if question.logged and not values[~line.after].any():
            raise NoFit("every outcome before the start is nought")
        found = question.fitted(columns)
    except NoFit as why:
        return {**_empty(question, names), **codes, "cannot_tell": short or str(why),
                "remarks": [*remarks, f"No model could be fitted: {why}."]}
    sure = spread(found, columns, chosen.errors, chosen.confidence, chosen.lag)
    if found.deviance <= 1e-10 * float(np.abs(values).sum()):
        remarks.append("The model goes through every point: nothing is left to judge chance by, and the ranges have no "
                       "width." if values.std() else "The series never varies.")
    elif not short:
        more = doubts.of_fit(question, found, chosen.errors)
        remarks += [doubt.sentence for doubt in more]
        codes["doubts"] += [doubt.code for doubt in more]
        if chosen.checks:
            codes["checks"] = robustness.checks(question, chosen.errors, chosen.confidence[0])
            remarks += robustness.remarks(codes["checks"])
    return {**_measured(question, chosen, found, names, columns, sure, sized=not short), **codes,
            "cannot_tell": short, "remarks": remarks}


def _measured(question: Question, chosen: Settings, found: Fit, names: tuple[str, ...], columns: NDArray[np.float64],
              sure: Spread, *, sized: bool) -> dict[str, Any]:
    """Every figure that a fitted model gives."""
    import numpy as np

    df = found.residual_df if found.uses_t else None
    error = np.sqrt(np.diag(sure.covariance))
    with np.errstate(invalid="ignore", divide="ignore"):
        p_values = regression.two_sided(found.coefficients / error, df)
    rows = [_coefficient(name, float(found.coefficients[place]), float(error[place]), float(p_values[place]),
                         sure.reach, found.has_log_link) for place, name in enumerate(names)]
    unchanged = columns.copy()
    for name in ("step", "slope_change"):
        if name in names:
            unchanged[:, names.index(name)] = 0
    step = rows[names.index("step")]
    ratio = {"term": "step", "value": step["ratio"], "interval": step["ratio_interval"],
             "intervals": step["ratio_intervals"]} if found.has_log_link and sized else None
    return {
        "coefficients": rows, "rate_ratio": ratio, "dispersion": found.dispersion,
        "pearson_dispersion": found.pearson_dispersion, "extra_variance": found.extra_variance,
        "deviance": found.deviance, "residual_df": found.residual_df,
        "autocorrelation": regression.autocorrelation(found.deviance_residuals),
        "neighbours": sure.correlation,
        "counterfactual": _counterfactual(question, found, unchanged, sure, sized=sized),
        "averted": _priced(averted(question, found, columns, unchanged, sure), chosen) if sized else
        not_sized(question)}


def _priced(given: dict[str, Any], chosen: Settings) -> dict[str, Any]:
    """The total with its pounds, where a cost for each is given."""
    return given if chosen.unit_cost is None else {**given, "pounds": in_pounds(given, chosen.unit_cost)}


def _coefficient(name: str, estimate: float, error: float, p_value: float, reach: Mapping[str, float],
                 logged: bool) -> dict[str, Any]:
    from math import exp

    intervals = {level: [estimate - far * error, estimate + far * error] for level, far in reach.items()}
    row = {"term": name, "estimate": estimate, "standard_error": error, "p_value": p_value,
           "interval": next(iter(intervals.values())), "intervals": intervals}
    if logged:
        ratios = {level: [exp(min(end, 700)) for end in ends] for level, ends in intervals.items()}
        row |= {"ratio": exp(min(estimate, 700)), "ratio_interval": next(iter(ratios.values())),
                "ratio_intervals": ratios}
    return row


def _counterfactual(question: Question, found: Fit, unchanged: NDArray[np.float64], sure: Spread, *,
                    sized: bool) -> list[dict[str, Any]]:
    """A row a date: observed, fitted, and from the start on what the past foretold, with its range."""
    import numpy as np

    line, offset = question.line, question.offset()
    expected = found.predicted(unchanged, offset)
    far = next(iter(sure.reach.values())) * sure.widest(unchanged)
    base = np.log(expected) if found.has_log_link else expected
    low, high = base - far, base + far
    if found.has_log_link:
        low, high = np.exp(low), np.exp(high)
    rows = []
    for place in range(len(line)):
        after = bool(line.after[place])
        shown = after and sized
        rows.append({"time": line.label[place], "after": after, "observed": float(question.outcome()[place]),
                     "fitted": float(found.fitted[place]), "counterfactual": float(expected[place]) if shown else None,
                     "lower": float(low[place]) if shown else None, "upper": float(high[place]) if shown else None})
    return rows


def _fallen_to_nothing(question: Question, chosen: Settings, short: str | None, remarks: list[str]) -> dict[str, Any]:
    """Counts that are all nought from the start on: the past is modelled alone, and the ratio is nought."""
    line = question.line
    names, _ = design(line, question.terms, logged=True)
    remarks = [*remarks, "Every count from the start on is nought: the rate ratio is 0, and no range can be put on it."]
    past_terms = replace(question.terms, step=False, slope=False)
    past = Question(line.only(~line.after), question.family, past_terms)
    past_names, past_columns = design(past.line, past_terms, logged=True)
    try:
        if short:
            raise NoFit(short)
        found = past.fitted(past_columns)
    except NoFit as why:
        return {**_empty(question, names), "cannot_tell": str(why), "remarks": remarks}
    sure = spread(found, past_columns, chosen.errors, chosen.confidence, chosen.lag)
    _, whole = design(line, past_terms, logged=True)
    return {**_past_alone(question, chosen, found, past_names, whole, sure), "cannot_tell": None,
            "remarks": remarks}


def _past_alone(question: Question, chosen: Settings, found: Fit, names: tuple[str, ...], whole: NDArray[np.float64],
                sure: Spread) -> dict[str, Any]:
    import numpy as np

    line, offset = question.line, question.offset()
    reach = sure.reach
    error = np.sqrt(np.diag(sure.covariance))
    p_values = regression.two_sided(found.coefficients / error, found.residual_df if found.uses_t else None)
    rows = [_coefficient(name, float(found.coefficients[place]), float(error[place]), float(p_values[place]), reach,
                         True) for place, name in enumerate(names)]
    rows.insert(1, {**dict.fromkeys(rows[0]), "term": "step"})
    series = _counterfactual(question, replace(found, fitted=np.where(line.after, 0.0, found.predicted(whole, offset))),
                             whole, sure, sized=True)
    expected = float(found.predicted(whole, offset)[line.after].sum())
    moves = found.slopes(whole, offset)[line.after].sum(axis=0)
    wide = float(sure.widest(moves)[0])
    intervals = {level: [expected - far * wide, expected + far * wide] for level, far in reach.items()}
    given = _priced(with_amount(total(0.0, expected, intervals, {}, line.after_count), line.outcome_name), chosen)
    return {
        "coefficients": rows, "rate_ratio": {"term": "step", "value": 0.0, "interval": None, "intervals": {}},
        "dispersion": found.dispersion, "pearson_dispersion": found.pearson_dispersion,
        "extra_variance": found.extra_variance, "deviance": found.deviance, "residual_df": found.residual_df,
        "autocorrelation": regression.autocorrelation(found.deviance_residuals), "neighbours": sure.correlation,
        "counterfactual": series,
        "averted": {**given, "ratio": 0.0, "ratio_interval": None}}


def _empty(question: Question, names: tuple[str, ...]) -> dict[str, Any]:
    line: Timeline = question.line
    blank = ["estimate", "standard_error", "p_value", "interval"] + ["ratio", "ratio_interval"] * question.logged
    unknown = dict.fromkeys(("fitted", "counterfactual", "lower", "upper"))
    return {
        "coefficients": [{"term": name, **dict.fromkeys(blank)} for name in names], "rate_ratio": None,
        "dispersion": None, "pearson_dispersion": None, "extra_variance": None, "deviance": None, "residual_df": None,
        "autocorrelation": [], "neighbours": None,
        "counterfactual": [{"time": line.label[place], "after": bool(line.after[place]),
                            "observed": float(question.outcome()[place]), **unknown} for place in range(len(line))],
        "averted": not_sized(question)}


METHOD = Method(
    room="evaluate", name="interrupted", title="Interrupted time series",
    question="Did the change do it, or was the series heading there anyway?",
    function=interrupted, settings=Settings,
    inputs=(Input("table", "a table with one row a date", (
        InputColumn("value", "the outcome, or the column named by --outcome"),
        InputColumn("date", "the time, or the column named by --time"))),
        Input("marks", "what else happened", (
            InputColumn("date", "when, written as in the table"), InputColumn("what", "what happened, in a few words"),
            InputColumn("kind", "definition (of the measure), merger (of bodies) or other", optional=True)),
            optional=True)),
    outputs=(
        Output("coefficients", "term (intercept, step, trend, sin1, cos1, ..., slope_change, control), estimate, "
               "standard_error, p_value, interval; for counts also ratio, ratio_interval"),
        Output("rate_ratio", "value and interval of the step, for counts; null where the past is too short"),
        Output("dispersion", "what the variance was multiplied by; pearson_dispersion beside it"),
        Output("autocorrelation", "correlation of deviance residuals 1, 2, ... 12 steps apart"),
        Output("neighbours", "correlation of neighbours that the ranges of the whole allow for where it is above 0.2"),
        Output("counterfactual", "time, after, observed, fitted, counterfactual, lower, upper"),
        Output("averted", "observed, expected, value (expected less observed), interval, interval_method, per_point, "
               "amount (value and interval in units of the outcome's column), with --unit-cost also pounds"),
        Output("checks", "the same asked in other ways: check, words, change, interval, says, agrees, because; the "
               "last counts dates before the start at which the model finds a change (found, of)"),
        Output("marks", "what else happened inside the series: date, what, kind"),
        Output("doubts", "codes of the doubts that the remarks put in words: short_past, definition_changed, merger, "
               "selected, few_after, long_forecast, resembling_neighbours, season_left_out, extra_scatter, "
               "bend_before, stood_out_before, slope_left_out, better_date, comparator_moved"),
        Output("cannot_tell", "why no figure is given; null where one is"),
        Output("start", "the first date after the change; points_before, points_after, rhythm beside it")),
    source=SOURCE, version="1",
    cannot_tell=(
        "What else happened at the same time: a law, a price, another scheme; name it (--marks), and set a comparator "
        "beside it (--control).",
        "Anything from fewer than 12 points before the start (two whole periods with seasonal waves).",
        "That the definition of the measure changed or bodies merged on the way: look at the source's notes, and say "
        "so (--marks).",
        "Whether something was done because the figures stood out, so that they would have come back by themselves "
        "(--selected).",
        "Whether a straight line would have gone on: the further from the start, the less it is worth."),
    example="evaluate interrupted sample:referrals_by_month --outcome referrals --time month --start 2017-04 "
            "--offset patients --harmonics 2")
