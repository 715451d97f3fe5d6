"""Difference-in-differences: what a change did where it began, against places where it did not, or not yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.tables import Source
from evenhand.evaluate import difference_checks, difference_doubts, difference_show, difference_told
from evenhand.evaluate.difference_effects import Base, Control, Design, Effects, Estimator, group_time
from evenhand.evaluate.difference_panel import NEVER, Columns, Panel
from evenhand.evaluate.difference_panel import read as read_panel
from evenhand.evaluate.difference_sums import Adding, Sum, Summary, Sums, band_widths, by_event, pre_test
from evenhand.evaluate.difference_trends import sensitivity
from evenhand.figures import Answer, MadeFrom, MethodName
from evenhand.terms import refuse

SOURCE = ("Callaway and Sant'Anna (2021) Difference-in-differences with multiple time periods, Journal of Econometrics "
          "225(2): 200-230; Sant'Anna and Zhao (2020) Doubly robust difference-in-differences estimators, Journal of "
          "Econometrics 219(1): 101-122; Rambachan and Roth (2023) A more credible approach to parallel trends, Review "
          "of Economic Studies 90(5): 2555-2591")
METHOD_NAME = MethodName("evaluate difference", "1", SOURCE)


@dataclass(frozen=True)
class Settings:
    """What is asked of a panel."""

    unit: str = setting("unit", "Column of the units", "practices, places, wards", common=True)
    time: str = setting("time", "Column of the time", common=True)
    outcome: str = setting("outcome", "Column of the outcome", common=True)
    first_treated: str = setting("first_treated", "Column of when each unit began",
                                 "empty, 0 or never where it did not", common=True)
    treated: str | None = setting(None, "Column that says whether a unit is treated in the period",
                                  "1 or 0; used instead of the column of when each unit began")
    control: Control = setting("never", "Compared with",
                               "never: those that never began; not-yet: also those that had not begun so far",
                               common=True)
    covariates: tuple[str, ...] = setting((), "Columns to be alike in",
                                          "known before the start; taken from the earlier of two periods", common=True)
    estimator: Estimator = setting("doubly-robust", "How likeness is made",
                                   "used with covariates: right if either the regression or the weighting is")
    anticipation: int = setting(0, "Periods before the start in which it may already be felt")
    base: Base = setting("varying", "What periods before the start are compared with",
                         "varying: the period before each; universal: the last one before the start")
    weights: str | None = setting(None, "Column of weights", "people in each unit, for an average over people")
    summary: Summary = setting("group", "Which average heads the answer",
                               "group: over treated units; simple: over unit-periods; dynamic: over time since the "
                               "start; calendar: over periods")
    gaps: Literal["drop", "keep"] = setting("drop", "Units that are not seen in every period",
                                            "keep: each comparison uses those seen at both of its times")
    first: str | None = setting(None, "First date used", option="from")
    last: str | None = setting(None, "Last date used", option="to")
    confidence: tuple[float, ...] = setting((0.95,), "How sure the ranges are")
    draws: int = setting(999, "Draws for the bands that hold all at once")
    seed: int = setting(1, "Seed of the draws", "the same seed gives the same bands")
    label: str | None = setting(None, "What is measured", "for the sentence and the figures")

    def __post_init__(self) -> None:
        taken: dict[str, str] = {}
        named = [("--unit", self.unit), ("--time", self.time), ("--outcome", self.outcome),
                 ("--treated", self.treated) if self.treated else ("--first-treated", self.first_treated),
                 *(("--covariates", name) for name in self.covariates)]
        for option, name in named:
            if name in taken:
                raise refuse(f"this column is given as {taken[str(name)]} already", "name another column",
                             column=option, value=name)
            taken[str(name)] = option
        if not 0 <= self.anticipation <= 1000:
            raise refuse("it may be felt 0 or more periods early", "0 is usual", column="--anticipation",
                         value=self.anticipation)
        if not 99 <= self.draws <= 100_000:
            raise refuse("draws are 99 to 100,000", "999 is usual", column="--draws", value=self.draws)
        if self.seed < 0:
            raise refuse("a seed is 0 or more", "1 is usual", column="--seed", value=self.seed)
        if not self.confidence or any(not 0.5 <= each < 1 for each in self.confidence):
            raise refuse("a range is 0.5 to 0.999 sure", "0.95 is usual", column="--confidence",
                         value=",".join(f"{each:g}" for each in self.confidence))

    def design(self) -> Design:
        """Who is compared with whom."""
        return Design(self.control, self.estimator, self.base, self.anticipation)


def difference(table: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """What a change did in the units where it began, against how units changed where it did not.

    Args:
        table: one row for each unit and time: the outcome, and when the unit was first treated (empty if never).
        settings: which columns, who is compared with whom, and what they are to be alike in; single ones by keyword.

    Returns:
        An answer with ``group_time`` (an effect for each group of starters and time) and what these add up to:
        ``simple``, ``group``, ``dynamic`` (by time since the start) and ``calendar``, each in units of the outcome with
        standard error, interval and the band that holds all of a kind at once; ``pre_test``; ``sensitivity`` to trends
        that are not parallel; ``checks``: the same question asked in other ways; ``two_way``, the older figure, as a
        contrast. Where one unit is treated, or one is untreated, no standard error or interval is given.

    Raises:
        Refused: a column is missing, a cell cannot be read, a unit stands twice at one time or has two starts,
            treatment is switched off again, nobody is treated within the series, or nobody is left to compare with.

    Source:
        Callaway and Sant'Anna (2021); with covariates Sant'Anna and Zhao (2020). Standard errors from influence
        functions, clustered at the unit, as in the R package did with its bootstrap switched off.
    """
    chosen = with_options(Settings, settings, options)
    data = tables.read(table)
    columns = Columns(chosen.unit, chosen.time, chosen.outcome, chosen.first_treated, chosen.treated, chosen.covariates,
                      chosen.weights)
    panel = read_panel(data, columns, anticipation=chosen.anticipation, gaps=chosen.gaps, first=chosen.first,
                       last=chosen.last)
    _refuse_without_comparison(panel, chosen)
    fields = _result(panel, chosen)
    label = chosen.label or chosen.outcome.replace("_", " ")
    remarks = (*panel.remarks, *fields.pop("remarks"))
    return Answer(method=METHOD_NAME, settings=settings_document(chosen), made_from=(MadeFrom(data.name, data.digest),),
                  sentence=difference_told.sentence(fields, label=label, control=chosen.control),
                  fields=fields, table=difference_told.averages_table(fields), remarks=remarks,
                  draw=difference_show.difference,
                  more_tables=(difference_told.event_table(fields), difference_told.checks_table(fields),
                               difference_told.sensitivity_table(fields), difference_told.group_time_table(fields)))


def _refuse_without_comparison(panel: Panel, chosen: Settings) -> None:
    column = "--treated" if chosen.treated else "--first-treated"
    if not panel.treated_count:
        raise refuse("no unit begins within the series, after its first period", "give the units where it began, and "
                     "the periods before and after", column=column, value=chosen.treated or chosen.first_treated)
    if chosen.control == "never" and not (panel.start == NEVER).any():
        remedy = ("add --control not-yet to compare with those that began later" if len(panel.groups) > 1 else
                  "give units where it did not begin; without any this method has no answer (see evaluate interrupted)")
        raise refuse("every unit is treated in the end, so none can stand for what would have happened", remedy,
                     column="--control", value=chosen.control)
    if not (panel.start == NEVER).any() and len(panel.groups) == 1:
        raise refuse("every unit begins at the same time, so none can stand for what would have happened",
                     "give units where it did not begin, or began later", column="--control", value=chosen.control)


def _result(panel: Panel, chosen: Settings) -> dict[str, Any]:
    import numpy as np

    design = chosen.design()
    effects = group_time(panel, design)
    adding = Adding(panel, effects)
    constant = float(np.nanmax(panel.outcome)) == float(np.nanmin(panel.outcome))
    headline = adding.overall(chosen.summary)
    if constant:
        why = f"{chosen.outcome} never varies: it is {float(np.nanmax(panel.outcome)):g} throughout"
    else:
        why = "" if headline is not None else "nothing is left to compare with"
        if headline is None and len(panel.covariate_names):
            why = "no treated unit has a likeness among the others for these covariates"
    if why:
        return {**_about(panel), **_empty(chosen), "cannot_tell": why, "doubts": [], "remarks": []}
    assert headline is not None
    tables_of = {"group_time": Sums(None, adding.cells()), "group": adding.group(), "dynamic": adding.dynamic(),
                 "calendar": adding.calendar()}
    errors = {name: [(part, adding.standard_error(part)) for part in sums.parts] for name, sums in tables_of.items()}
    widths = dict(zip(errors, band_widths(list(errors.values()), confidence=chosen.confidence[0], draws=chosen.draws,
                                          seed=chosen.seed), strict=True))
    rows = {name: [{**_named(panel, adding.effects, name, part),
                    **_measured(part, error, chosen.confidence, widths[name])} for part, error in parts]
            for name, parts in errors.items()}
    fields = {
        **_about(panel), "group_time": rows["group_time"], "simple": _overall(adding, adding.simple(), chosen),
        **{name: {**_overall(adding, tables_of[name].overall, chosen), "rows": rows[name]}
           for name in ("group", "dynamic", "calendar")},
        "summary": chosen.summary, "effect": _overall(adding, headline, chosen),
        "pre_test": {**pre_test(panel, effects, chosen.anticipation),
                     "by_event": by_event(adding, errors["dynamic"], chosen.anticipation, draws=chosen.draws,
                                          seed=chosen.seed)},
        "sensitivity": sensitivity(panel, design, chosen.confidence[0]),
        "checks": [_check(check, chosen.confidence[0])
                   for check in difference_checks.run(panel, design, chosen.summary, effects)],
        "two_way": _two_way(panel, chosen),
        "bands": {"widths": widths, "draws": chosen.draws, "seed": chosen.seed, "confidence": chosen.confidence[0],
                  "method": "multiplier bootstrap of the influence functions, Mammen's weights"},
        "cannot_tell": None}
    doubts = difference_doubts.standing(panel, effects, fields)
    codes = [*panel.doubts, *(doubt.code for doubt in doubts)]
    return {**fields, "doubts": codes, "remarks": [doubt.sentence for doubt in doubts]}


def _about(panel: Panel) -> dict[str, Any]:
    return {"units": len(panel), "treated_units": panel.treated_count,
            "never_treated": int((panel.start == NEVER).sum()),
            "groups": [{"group": panel.labels[group], "units": int((panel.start == group).sum())}
                       for group in panel.groups],
            "periods": len(panel.labels), "rhythm": panel.rhythm}


def _named(panel: Panel, effects: Effects, name: str, part: Sum) -> dict[str, Any]:
    """What a row is of, as a reader of the document finds it."""
    import numpy as np

    cells = part.cells
    if name == "dynamic":
        groups = np.unique(effects.group[cells])
        return {"event": _whole(part.of), "groups": len(groups),
                "treated": int(np.isin(panel.start, groups).sum())}
    if name in ("group", "calendar"):
        treated = int(np.isin(panel.start, np.unique(effects.group[cells])).sum())
        return {"group" if name == "group" else "time": panel.labels[part.of], "treated": treated}
    cell = int(cells[0])
    group, time = int(effects.group[cell]), int(effects.time[cell])
    return {"group": panel.labels[group], "time": panel.labels[time], "event": _whole(panel.event(group, time)),
            "compared_with": panel.labels[int(effects.before[cell])], "after": time >= group,
            "treated": int(effects.treated[cell]), "controls": int(effects.controls[cell])}


def _whole(step: float) -> float:
    return int(step) if step == int(step) else step


def _overall(adding: Adding, one: Sum | None, chosen: Settings) -> dict[str, Any]:
    if one is None:
        return {"estimate": None, "standard_error": None, "interval": None}
    return _measured(one, adding.standard_error(one), chosen.confidence)


def _measured(one: Sum, error: float | None, confidence: Sequence[float], width: float | None = None) -> dict[str, Any]:
    from evenhand.stats.intervals import normal_quantile

    found: dict[str, Any] = {"estimate": one.estimate + 0.0, "standard_error": error, "interval": None}
    if error is not None:
        intervals = {f"{each:g}": _either_side(one.estimate, normal_quantile(each) * error) for each in confidence}
        found["interval"] = next(iter(intervals.values()))
        if len(intervals) > 1:
            found["intervals"] = intervals
    if width is not None:
        found["band"] = None if error is None else _either_side(one.estimate, width * error)
    return found


def _either_side(value: float, reach: float) -> list[float]:
    return [value - reach, value + reach]


def _check(check: difference_checks.Check, confidence: float) -> dict[str, Any]:
    from evenhand.stats.intervals import normal_quantile

    interval = None
    if check.estimate is not None and check.standard_error is not None:
        interval = _either_side(check.estimate, normal_quantile(confidence) * check.standard_error)
    return {"check": check.code, "what": check.what, "estimate": check.estimate, "standard_error": check.standard_error,
            "interval": interval, "treated": check.treated, "placebo": check.placebo, "because": check.because}


def _two_way(panel: Panel, chosen: Settings) -> dict[str, Any] | None:
    import numpy as np

    found = difference_checks.two_way(panel)
    if found is None:
        return None
    estimate, influence = found
    return _measured(Sum("two-way", estimate, influence, np.zeros(0, dtype=np.int64)),
                     Sum("two-way", estimate, influence, np.zeros(0, dtype=np.int64)).standard_error or None,
                     chosen.confidence)


def _empty(chosen: Settings) -> dict[str, Any]:
    """The fields where there is no answer."""
    none = {"estimate": None, "standard_error": None, "interval": None}
    return {"group_time": [], "simple": none,
            **{name: {**none, "rows": []} for name in ("group", "dynamic", "calendar")},
            "summary": chosen.summary, "effect": none,
            "pre_test": {"statistic": None, "degrees_of_freedom": 0, "p_value": None, "rough": False,
                         "because": "nothing to test", "by_event": None},
            "sensitivity": None, "checks": [], "two_way": None, "bands": None}


METHOD = Method(
    room="evaluate", name="difference", title="Difference-in-differences",
    question="Did it do better where it began than where it did not, beyond how both were changing anyway?",
    function=difference, settings=Settings,
    inputs=(Input("table", "a table with one row for each unit and time", (
        InputColumn("unit", "the unit, or the column named by --unit"),
        InputColumn("time", "the time, or the column named by --time: dates, months, quarters, years or numbers"),
        InputColumn("outcome", "the outcome, or the column named by --outcome"),
        InputColumn("first_treated", "when the unit began, or the column named by --first-treated; empty, 0 or never "
                    "where it did not"))),),
    outputs=(
        Output("group_time", "group, time, event, compared_with, after, treated, controls, estimate, standard_error, "
               "interval, band"),
        Output("simple", "estimate, standard_error, interval: every unit and period since its start counts the same"),
        Output("group", "the same, every treated unit counting the same; rows by group of starters"),
        Output("dynamic", "the same, every step since the start counting the same; rows by event: steps since the "
               "start"),
        Output("calendar", "the same, every period counting the same; rows by time"),
        Output("pre_test", "statistic, degrees_of_freedom, p_value: are all effects before the start nought? because, "
               "where it cannot be tested; rough, where groups are too small for it; by_event: largest and p_value of "
               "the steps before the start"),
        Output("sensitivity", "first and average effect if trends were not parallel: relative (by ratio to the largest "
               "step before) and smooth (by bend), each with rows and breakdown; method says how"),
        Output("checks", "check, what, estimate, standard_error, interval, treated, placebo, because"),
        Output("two_way", "the older two-way fixed effects figure, as a contrast; null where there are gaps"),
        Output("bands", "how the bands that hold all of a kind at once were drawn: widths, draws, seed"),
        Output("effect", "the average that heads the answer; summary says which it is"),
        Output("doubts", "codes of the doubts that the remarks put in words"),
        Output("cannot_tell", "why no figure is given; null where one is"),
        Output("units", "units compared; treated_units, never_treated, groups, periods, rhythm beside it")),
    source=SOURCE, version="1",
    cannot_tell=(
        "Whether the two sides would have gone on alike: that they did before does not prove it (see sensitivity).",
        "What else began at the same time in the same units.",
        "Whether units where it did not begin were touched by it too: patients or staff who move, lessons that spread.",
        "That the people within the units stayed the same: a change of who is counted reads as an effect.",
        "Chance, where one or two units are treated: the errors need many (see evaluate synthetic)."),
    example="evaluate difference sample:practices-by-quarter --unit practice --time quarter --outcome visits "
            "--first-treated began", uses_chance=True)
