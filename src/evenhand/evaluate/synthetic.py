"""Synthetic control: what a change did to one unit, against a mix of units that it did not come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import models, tables
from evenhand.data.tables import Source
from evenhand.evaluate import synthetic_checks as checks
from evenhand.evaluate import synthetic_panel as reading
from evenhand.evaluate import synthetic_setup, synthetic_show
from evenhand.evaluate import synthetic_told as told
from evenhand.evaluate.synthetic_fit import Fitted, Kind, fit
from evenhand.evaluate.synthetic_panel import Asked, Panel
from evenhand.evaluate.verdicts import written
from evenhand.figures import Answer, MadeFrom, MethodName
from evenhand.terms import refuse
from evenhand.terms.words import counted, per_cent

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCE = ("Abadie, Diamond and Hainmueller (2010) Journal of the American Statistical Association 105(490): 493-505; "
          "Abadie (2021) Journal of Economic Literature 59(2): 391-425; Arkhangelsky, Athey, Hirshberg, Imbens and "
          "Wager (2021) American Economic Review 111(12): 4088-4118; Ben-Michael, Feller and Rothstein (2021) Journal "
          "of the American Statistical Association 116(536): 1789-1803")
METHOD_NAME = MethodName("evaluate synthetic", "1", SOURCE)
MORE_THAN_JITTER = 1.5


@dataclass(frozen=True)
class Settings:
    """What is asked of a synthetic control."""

    unit: str | None = setting(None, "Column of the units", "area, practice or trust: unit where empty", common=True)
    time: str | None = setting(None, "Column of the time", "date where empty", common=True)
    outcome: str | None = setting(None, "Column of the outcome", "value where empty", common=True)
    treated: str | None = setting(None, "Unit that the change came to", "as the table writes it", common=True)
    start: str | None = setting(None, "First date after the change", "written as in the table", common=True)
    method: Kind = setting(
        "synthetic", "Which method", "synthetic: a mix of donors; synthetic-difference: levels may differ, and recent "
        "periods count more; augmented: mends what the mix cannot match, at the price of negative shares", common=True)
    donors: tuple[str, ...] = setting((), "Units to compare with", "all others where empty; leave out those that the "
                                      "change reached too")
    max_fit: float = setting(0.25, "Worst fit that is judged", "gap before the start, root mean square, over the usual "
                             "difference between donors; beyond it, where chance does not explain it: cannot tell")
    placebo_fit: float = setting(20.0, "Placebos left out beyond", "mean squared gap before the start, times that of "
                                 "the treated unit; they stay in the test, and the one without them is shown beside it")
    level: float = setting(0.1, "How rare stands out", "0.1: a place that chance gives one time in ten or less")
    confidence: float = setting(0.95, "How sure the range is", "for synthetic-difference")
    label: str | None = setting(None, "What is measured", "for the sentence and the figure")

    def __post_init__(self) -> None:
        for name, low, high in (("max_fit", 0.0, 100.0), ("placebo_fit", 1.0, 1e6)):
            if not low < getattr(self, name) <= high:
                raise refuse(f"this lies above {low:g} and is {high:g} at the most", "leave it out for the usual one",
                             column=f"--{name.replace('_', '-')}", value=getattr(self, name))
        if not 0.001 <= self.level <= 0.5:
            raise refuse("rare is 0.001 to 0.5", "0.1 is usual with few donors, 0.05 with many", column="--level",
                         value=self.level)
        if not 0.5 <= self.confidence < 1:
            raise refuse("a range is 0.5 to 0.999 sure", "0.95 is usual", column="--confidence", value=self.confidence)


def synthetic(panel: Source, settings: Settings | None = None, /, *, setup: Source | None = None,
              **options: Any) -> Answer:
    """What a change did to one unit, against a mix of other units that ran as it did before.

    Args:
        panel: one row a unit and date: the outcome, and where a set-up asks for them the predictors.
        settings: which columns, which unit, when, and how; single settings may be given by keyword.
        setup: predictors and periods as the package Synth has them (``predictors``, ``predictors_op``,
            ``time_predictors_prior``, ``special_predictors``, ``time_optimize_ssr``, ``controls``, ``treated``);
            without it every outcome before the start is matched, all alike.

    Returns:
        An answer with ``weights`` (by donor), ``gaps`` (a row a date), ``mean_gap``, ``pre_rmse``, ``placebo`` (rank,
        of, p and its floor), ``in_time``, ``leave_one_out``, ``checks`` and ``balance``. ``mean_gap`` holds no figure
        where the past is short or not matched.

    Raises:
        Refused: a column is missing, a cell cannot be read, a unit stands twice at one date, the treated unit is not
            there or has no donor, or the start lies outside the panel.

    Source:
        Abadie, Diamond and Hainmueller (2010), with placebos ranked by the mean squared gap after over before; weights
        on the simplex exactly, weights of predictors by a search. Other methods: see ``synthetic_fit`` beside this.
    """
    chosen = with_options(Settings, settings, options)
    data = tables.read(panel)
    made = [MadeFrom(data.name, data.digest)]
    content: Mapping[str, Any] | None = None
    file = ""
    if setup is not None:
        model = models.read_model(setup, name="the set-up")
        content, file = synthetic_setup.read(model.content, model.name), model.name
        made.append(MadeFrom(model.name, model.digest))
    asked = _asked(chosen, content or {}, file)
    used, grid = reading.read(data, asked)
    if content is not None:
        used = synthetic_setup.applied(content, used, grid, file)
    label = chosen.label or asked.outcome.replace("_", " ")
    fields, remarks = _result(used, chosen)
    said = told.sentence(fields, label, chosen.level)
    return Answer(method=METHOD_NAME,
                  settings={**settings_document(chosen), "unit": asked.unit, "time": asked.time, "outcome":
                            asked.outcome, "treated": used.treated, "start": asked.start},
                  made_from=tuple(made), sentence=said[:1].upper() + said[1:], fields=fields,
                  table=told.gaps_table(fields, label), remarks=tuple(remarks), draw=synthetic_show.synthetic,
                  more_tables=(told.weights_table(fields), told.placebo_table(fields), told.checks_table(fields),
                               told.balance_table(fields["balance"])))


def _asked(chosen: Settings, setup: Mapping[str, Any], file: str) -> Asked:
    """Columns, unit and start: as the command says, else as the set-up says, else under their plain names."""
    treated = synthetic_setup.unit_in(setup, "treated", chosen.treated)
    start = synthetic_setup.unit_in(setup, "start", chosen.start)
    if treated is None:
        raise refuse("which unit did the change come to?", "name it as the table does, such as --treated Northfield",
                     column="--treated")
    if start is None:
        raise refuse("when did the change begin?", "give the first date after it, such as --start 2017-04",
                     column="--start")
    donors = chosen.donors or synthetic_setup.names(synthetic_setup.told(setup, "donors") or (), "the donors", file)
    columns = [synthetic_setup.unit_in(setup, word, given) or usual for word, given, usual in (
        ("unit", chosen.unit, "unit"), ("time", chosen.time, "date"), ("outcome", chosen.outcome, "value"))]
    if len(set(columns)) < 3:
        raise refuse("unit, time and outcome are three columns", "name each", column="--outcome", value=columns[2])
    return Asked(columns[0], columns[1], columns[2], treated, start, donors)


def _result(panel: Panel, chosen: Settings) -> tuple[dict[str, Any], list[str]]:
    """The fields of the answer, and the remarks, the floor of the test before all others."""
    found = fit(panel, chosen.method)
    placed = checks.placebos(panel, found, chosen.method)
    stands = checks.standing(placed, chosen.placebo_fit)
    later = found.mean_square(panel)[1]
    fitted = found.gaps[panel.fitted]
    own = fitted - fitted.mean() if chosen.method == "synthetic-difference" else fitted
    usual = checks.usual_difference(panel)
    pre_rmse = float((own ** 2).mean()) ** 0.5
    fit_ratio = pre_rmse / usual if usual > 0 else None
    unusable = _unusable(panel, chosen, pre_rmse, fit_ratio, checks.systematic(own))
    gap = found.mean_gap(panel)
    few = stands["floor"] > chosen.level
    alone = "with one donor there is nobody to set it among" if len(panel.donors) == 1 else None
    why = unusable[1] if unusable else alone or (
        f"with {counted(len(panel.donors), 'donor')} chance alone gives the first place 1 time in "
        f"{stands['of']:,} ({per_cent(stands['floor'])}), and {per_cent(chosen.level)} was allowed" if few else None)
    verdict = "cannot_tell" if why else "stands_out" if stands["p"] <= chosen.level else "does_not_stand_out"
    error, interval = _error(placed, gap, chosen)
    fields: dict[str, Any] = {
        "treated": panel.treated, "start": panel.start, "rhythm": panel.rhythm, "method_used": chosen.method,
        "level": chosen.level, "verdict": verdict, "cannot_tell": why,
        "weights": dict(zip(panel.donors, found.weights.tolist(), strict=True)),
        "gaps": _gap_rows(panel, found), "mean_gap": None if unusable else gap, "computed_gap": gap,
        "standard_error": None if unusable else error, "interval": None if unusable else interval,
        "mean_synthetic": float(found.synthetic[~panel.before].mean()), "pre_rmse": pre_rmse, "pre_mspe": pre_rmse ** 2,
        "post_rmse": later ** 0.5, "fit_ratio": fit_ratio, "periods_before": int(panel.before.sum()),
        "periods_fitted": int(panel.fitted.sum()), "periods_after": int((~panel.before).sum()),
        "donors": len(panel.donors), "placebo": {**stands, **_placebo_rows(panel, placed)},
        "in_time": checks.moved_back(panel, checks.moved_starts(panel, told.ENOUGH_BEFORE), chosen.method),
        "leave_one_out": checks.left_out(panel, found, chosen.method),
        "checks": checks.other_ways(panel, chosen.method), "balance": _balance(panel, found, chosen.method)}
    standing_doubts = told.doubts(fields)
    fields["doubts"] = [code for code, there in (
        (unusable[0] if unusable else "", unusable), ("few_donors", few)) if there] + [
        code for code, _ in standing_doubts]
    remarks = [told.floor_words(len(panel.donors))]
    if why:
        remarks.append(f"Cannot tell: {why}.")
    remarks += panel.remarks
    if chosen.method != "synthetic" and panel.predictors is not None:
        remarks.append("The predictors of the set-up are for the method synthetic alone; outcomes were matched here.")
    return fields, remarks + [words for _, words in standing_doubts]


def _unusable(panel: Panel, chosen: Settings, pre_rmse: float, fit_ratio: float | None,
              systematic: float) -> tuple[str, str] | None:
    """Why no figure is given, with its code."""
    if not (panel.outcomes[:, 0] != panel.outcomes[0, 0]).any():
        return "constant", f"it does not vary there, it is {written(float(panel.outcomes[0, 0]))} throughout"
    many = int(panel.fitted.sum())
    if many < told.ENOUGH_BEFORE:
        return "short_past", (f"{counted(many, 'date')} before the start {'is' if many == 1 else 'are'} too short a "
                              f"past to match, and {told.ENOUGH_BEFORE} are needed")
    poor = pre_rmse > 0 if fit_ratio is None else fit_ratio > chosen.max_fit and systematic > MORE_THAN_JITTER
    if poor:
        far = "" if fit_ratio is None else (
            f", {per_cent(fit_ratio)} of the usual difference between donors; {per_cent(chosen.max_fit)} is allowed")
        return "poor_fit", (f"no mix of the donors runs as {panel.treated} did before the start; the best misses it by "
                            f"{written(pre_rmse)} on root mean square{far}")
    return None


def _error(placed: checks.Placebos, gap: float, chosen: Settings) -> tuple[float | None, list[float] | None]:
    """Standard error from the placebos, and the range, for synthetic difference-in-differences.

    Source: Arkhangelsky and others (2021), algorithm 4, over every donor once. With one treated unit there is no
    jackknife.
    """
    if chosen.method != "synthetic-difference" or len(placed.units) < 3:
        return None, None
    from evenhand.evaluate.regression import critical

    error = float(placed.mean_gap[1:].std())
    far = critical(chosen.confidence, None)
    return error, [gap - far * error, gap + far * error]


def _gap_rows(panel: Panel, found: Fitted) -> list[dict[str, Any]]:
    return [{"time": time, "after": not before, "observed": observed, "synthetic": path, "gap": gap}
            for time, before, observed, path, gap in zip(
                panel.labels, panel.before.tolist(), panel.outcomes[:, 0].tolist(), found.synthetic.tolist(),
                found.gaps.tolist(), strict=True)]


def _placebo_rows(panel: Panel, placed: checks.Placebos) -> dict[str, Any]:
    import numpy as np

    order = np.argsort(-placed.size, kind="stable")
    rows = [{"rank": place, "unit": placed.units[at], "ratio": float(placed.ratio[at]),
             "mean_gap": float(placed.mean_gap[at]), "pre_rmse": float(placed.past[at] ** 0.5),
             "post_rmse": float(placed.later[at] ** 0.5)} for place, at in enumerate(order, start=1)]
    gaps = {unit: dict(zip(panel.labels, placed.gaps[:, at].tolist(), strict=True))
            for at, unit in enumerate(placed.units) if at}
    return {"units": rows, "gaps": gaps}


def _balance(panel: Panel, found: Fitted, kind: Kind) -> list[dict[str, Any]]:
    """What the units were matched by: predictors with their weights, or the outcome at each date of the fit."""
    if panel.predictors is not None and kind == "synthetic":
        names, values = panel.predictors.names, panel.predictors.values
        importance = found.importance.tolist() if found.importance is not None else [None] * len(names)
    else:
        import numpy as np

        names = tuple(panel.labels[at] for at in np.flatnonzero(panel.fitted))
        values, importance = panel.outcomes[panel.fitted], [1 / len(names)] * len(names)
    return [{"predictor": name, "importance": weight, "treated": float(row[0]),
             "synthetic": float(row[1:] @ found.weights), "donors": float(row[1:].mean())}
            for name, weight, row in zip(names, importance, values, strict=True)]


METHOD = Method(
    room="evaluate", name="synthetic", title="Synthetic control",
    question="Did the one place that changed fare differently from a mix of places that did not?",
    function=synthetic, settings=Settings,
    inputs=(
        Input("panel", "a table with one row a unit and date", (
            InputColumn("unit", "the unit, or the column named by --unit"),
            InputColumn("date", "the time, or the column named by --time"),
            InputColumn("value", "the outcome, or the column named by --outcome"))),
        Input("setup", "predictors and periods, as the package Synth has them", kind="model", optional=True)),
    outputs=(
        Output("weights", "the share of each donor in the comparator"),
        Output("gaps", "time, after, observed, synthetic, gap"),
        Output("mean_gap", "observed less comparator from the start on; null where the past is short or not matched"),
        Output("interval", "its range, for synthetic-difference; standard_error beside it"),
        Output("pre_rmse", "root mean square of the gap over the periods of the fit; pre_mspe is its square, fit_ratio "
               "it over the usual difference between donors"),
        Output("placebo", "rank, of, p (rank over of), floor (the smallest p there can be), by (ratio or mean_gap), "
               "after_exclusion (times, excluded, rank, of, p), units (rank, unit, ratio, mean_gap, pre_rmse, "
               "post_rmse), gaps (by unit and date)"),
        Output("in_time", "the start moved back to where nothing happened: start, periods, mean_gap, pre_rmse, rmse"),
        Output("leave_one_out", "without, weight, mean_gap, pre_rmse: each donor with a share left out in turn"),
        Output("checks", "how, mean_gap, pre_rmse: by the other methods and the plain difference"),
        Output("balance", "predictor, importance (its weight), treated, synthetic, donors"),
        Output("verdict", "stands_out, does_not_stand_out, cannot_tell; cannot_tell says why"),
        Output("doubts", "codes of the doubts that the remarks put in words: constant, short_past, poor_fit, "
               "few_donors, leans_on_one, gap_in_time, ways_disagree, poor_placebos, one_donor")),
    source=SOURCE, version="1",
    cannot_tell=(
        "More than the number of donors allows: with ten of them the smallest chance the test can give is 1 in 11.",
        "Anything where no mix of the donors ran as the treated unit did before the start; then no figure is given.",
        "What else happened to the treated unit at the same time, or to a donor that carries much of the mix.",
        "Whether the change spilt over to the donors: leave out neighbours that it may have reached (--donors)."),
    example="evaluate synthetic sample:panel --unit area --time quarter --outcome admissions --treated Northfield "
            "--start 2017-Q1")
