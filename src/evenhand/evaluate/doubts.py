"""What a careful reader asks of an interrupted series before believing it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from evenhand.evaluate import regression, times
from evenhand.evaluate.regression import Family, Fit, NoFit
from evenhand.evaluate.timeline import Terms, Timeline, design
from evenhand.terms.words import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENOUGH_BEFORE = 12
"""Fewer points before the start than this do not show where a series was heading."""
FEW_AFTER = 6
RARE = 2.6
"""Standard errors from nought that chance reaches about once in a hundred times."""
RARE_GAIN = 10.0
"""A fall of the deviance, in units of the residual variance, that searching all dates seldom finds by chance."""
TRIED_AT_MOST = 400
"""Longer series are not searched for a better date: daily series of years would take minutes."""


@dataclass(frozen=True)
class Doubt:
    """One reason to believe an answer less: a code for programs, a sentence for readers."""

    code: Literal["few_after", "long_forecast", "resembling_neighbours", "season_left_out", "extra_scatter",
                  "bend_before", "stood_out_before", "slope_left_out", "better_date", "comparator_moved"]
    sentence: str


@dataclass(frozen=True)
class Question:
    """What is asked of a series: its points, the family, and the terms of the model."""

    line: Timeline
    family: Family
    terms: Terms

    @property
    def logged(self) -> bool:
        """Whether the model is on the log scale."""
        return self.family != "gaussian"

    def outcome(self) -> NDArray[np.float64]:
        """What the model explains: counts, or for gaussian the value over its denominator (shape points)."""
        return self.line.outcome if self.logged else self.line.outcome / self.line.offset

    def offset(self) -> NDArray[np.float64]:
        """The logged denominator for counts; noughts for gaussian (shape points)."""
        import numpy as np

        return np.log(self.line.offset) if self.logged else np.zeros(len(self.line))

    def fitted(self, columns: NDArray[np.float64]) -> Fit:
        """The model with these columns (points x terms)."""
        return regression.fit(self.outcome(), columns, self.offset(), self.family)


def too_short(line: Timeline, terms: Terms) -> str | None:
    """Why the past is too short to size a change by, or None: 12 points, and two whole periods where it has waves."""
    needed = max(ENOUGH_BEFORE, round(2 * terms.period) if terms.harmonics else 0)
    if line.before_count >= needed:
        return None
    why = ", two whole periods of the seasonal pattern" if needed > ENOUGH_BEFORE else ""
    there = counted(line.before_count, times.ONE_OF[line.rhythm])
    return f"only {there} before the start, and {needed} are needed{why}"


def standing(question: Question) -> list[Doubt]:
    """Doubts that follow from the points alone, whatever the model says."""
    line = question.line
    one = times.ONE_OF[line.rhythm]
    found = []
    if line.after_count < FEW_AFTER:
        found.append(Doubt("few_after", f"Only {counted(line.after_count, one)} from the start on: whether the change "
                                        "lasts cannot be seen yet."))
    if line.after_count > 2 * line.before_count >= 2 * ENOUGH_BEFORE:
        found.append(Doubt("long_forecast", f"The past is carried on for {line.after_count} {one}s, more than twice as "
                                            f"long as it was watched ({line.before_count}): the further from the "
                                            "start, the less it is worth."))
    return found


def of_fit(question: Question, fit: Fit, errors: str) -> list[Doubt]:
    """Doubts about a fitted model: what its residuals, the bend before the start and other dates say."""
    every = (_resembling_neighbours(question, fit, errors), _season_left_out(question, fit), _extra_scatter(fit),
             _bend_before(question), _stood_out_before(question, fit), _slope_left_out(question),
             _better_date(question), *_comparators_moved(question))
    return [doubt for doubt in every if doubt is not None]


def _resembling_neighbours(question: Question, fit: Fit, errors: str) -> Doubt | None:
    first = (regression.autocorrelation(fit.deviance_residuals, 1) or [None])[0]
    if first is None or first <= 2 / len(question.line) ** 0.5:
        return None
    said = (f"Neighbouring {times.ONE_OF[question.line.rhythm]}s resemble each other beyond what the model explains "
            f"(correlation of residuals {first:.2f})")
    if errors == "model":
        seasonal = "" if question.terms.harmonics else ", or --harmonics 2 where the pattern is seasonal"
        return Doubt("resembling_neighbours", f"{said}: the range of the whole is wider for it, those of single terms "
                                              f"are too narrow. Use --errors autoregressive{seasonal}.")
    if first > 0.3 and errors == "newey-west":
        return Doubt("resembling_neighbours", f"{said}; the ranges allow for it in part only.")
    return None


def _season_left_out(question: Question, fit: Fit) -> Doubt | None:
    apart = round(question.terms.period)
    correlation = regression.autocorrelation(fit.deviance_residuals, apart)
    if question.terms.harmonics or len(correlation) < apart:
        return None
    season = correlation[apart - 1]
    if season is None or season <= 2 / len(question.line) ** 0.5:
        return None
    return Doubt("season_left_out",
                 f"Values {apart} {times.ONE_OF[question.line.rhythm]}s apart resemble each other (correlation of "
                 f"residuals {season:.2f}): there is a seasonal pattern that the model leaves out. Use --harmonics 2.")


def _extra_scatter(fit: Fit) -> Doubt | None:
    if fit.family != "poisson" or not fit.pearson_dispersion > 1.5:
        return None
    return Doubt("extra_scatter", f"The counts scatter {fit.pearson_dispersion:.1f} times as much as chance alone "
                                  "would have it: the ranges are too narrow. Use --family quasipoisson.")


def _strength(question: Question, terms: Terms, name: str) -> tuple[float, Fit, tuple[str, ...]] | None:
    """How many Newey-West standard errors a term is from nought, with the fit it stands in."""
    names, columns = design(question.line, terms, logged=question.logged)
    try:
        fit = question.fitted(columns)
    except NoFit:
        return None
    place = names.index(name)
    variance = float(regression.newey_west(fit, regression.usual_lag(len(question.line)))[place, place])
    return (float(fit.coefficients[place]) / variance**0.5, fit, names) if variance > 0 else None


def _bend_before(question: Question) -> Doubt | None:
    """Whether the line before the start was straight at all: the whole forecast hangs on it."""
    past = replace(question, line=question.line.only(~question.line.after))
    if not question.terms.trend or len(past.line) < ENOUGH_BEFORE:
        return None
    found = _strength(past, replace(question.terms, step=False, slope=False, bend=True), "bend")
    if found is None or abs(found[0]) < RARE:
        return None
    way = "downwards" if found[0] < 0 else "upwards"
    return Doubt("bend_before",
                 f"Before the start the line was already bending {way}, so a straight one carried on is not what would "
                 "have happened: part of the difference may not be due to the change. Try a later --from, and set it "
                 "beside a comparator (--control).")


def _stood_out_before(question: Question, fit: Fit) -> Doubt | None:
    """Whether the points that may have prompted the change stood out from those before them, the other way.

    What stands out comes back towards the usual by itself: Barnett, van der Pols and Dobson (2005) Regression to the
    mean: what it is and how to deal with it, International Journal of Epidemiology 34(1): 215-220.
    """
    line = question.line
    points = min(round(question.terms.period) if question.terms.period >= 4 else 12, line.before_count // 3)
    if points < 3 or line.before_count - points < ENOUGH_BEFORE:
        return None
    past = line.only(~line.after)
    raised = replace(past, after=past.step > past.step[-points - 1])
    found = _strength(replace(question, line=raised), replace(question.terms, step=True, slope=False), "step")
    names, columns = design(line, question.terms, logged=question.logged)
    if found is None or abs(found[0]) < RARE:
        return None
    effect = float(fit.fitted[line.after].sum()) - _unchanged_sum(question, fit, names, columns)
    if (found[0] > 0) == (effect > 0):
        return None
    way = "above" if found[0] > 0 else "below"
    return Doubt("stood_out_before",
                 f"The last {counted(points, times.ONE_OF[line.rhythm])} before the start ran {way} where the series "
                 "had been heading. If that is why something was done, part of what follows is a return to the usual "
                 "that would have come by itself: set a comparator beside it (--control).")


def _unchanged_sum(question: Question, fit: Fit, names: tuple[str, ...], columns: NDArray[np.float64]) -> float:
    unchanged = columns.copy()
    for name in ("step", "slope_change"):
        if name in names:
            unchanged[:, names.index(name)] = 0
    return float(fit.predicted(unchanged, question.offset())[question.line.after].sum())


def _slope_left_out(question: Question) -> Doubt | None:
    """Whether the gap grows or shrinks after the start, where the model has a single step."""
    line = question.line
    if question.terms.slope or line.after_count < FEW_AFTER:
        return None
    found = _strength(question, replace(question.terms, slope=True), "slope_change")
    if found is None or abs(found[0]) < RARE:
        return None
    _, fit, names = found
    step, slope = fit.coefficients[names.index("step")], fit.coefficients[names.index("slope_change")]
    end = step + slope * (line.step[-1] - line.step[~line.after].max())
    changes = "grows" if abs(end) > abs(step) else "changes"
    return Doubt("slope_left_out",
                 f"The difference {changes} as time goes on, and a single step hides it: --slope shows it.")


def _better_date(question: Question) -> Doubt | None:
    """Whether a change at another date fits the series much better than one at the start."""
    best = best_date(question)
    if best is None:
        return None
    label, at_start, at_best, spare = best
    line = question.line
    away = float(line.step[int((line.label == label).argmax())] - line.step[line.after][0])
    if abs(away) < 2 or not at_best > 0 or (at_start - at_best) / (at_best / spare) < RARE_GAIN:
        return None
    steps = counted(int(abs(away)), times.ONE_OF[line.rhythm])
    side = "before" if away < 0 else "after"
    return Doubt("better_date", f"A change {times.when(label, line.rhythm)}, {steps} {side} the start, fits the series "
                                "best: ask what happened then.")


def _comparators_moved(question: Question) -> list[Doubt]:
    """Which comparators change at the start themselves, and so take part of the change away with them."""
    import numpy as np

    line, found = question.line, []
    names = [name for name in ("step", "slope_change") if name == "step" or question.terms.slope]
    for place, comparator in enumerate(line.control_names):
        alone = replace(line, outcome=line.controls[:, place], offset=np.ones(len(line)), control_names=(),
                        controls=np.zeros((len(line), 0)))
        family: Family = "quasipoisson" if question.logged else "gaussian"
        own = Question(alone, family, question.terms)
        terms, columns = design(alone, question.terms, logged=own.logged)
        try:
            fit = own.fitted(columns)
        except NoFit:
            continue
        where = [terms.index(name) for name in names]
        moved = fit.coefficients[where]
        covariance = regression.newey_west(fit, regression.usual_lag(len(line)))[np.ix_(where, where)]
        rare = (6.63, 9.21)[len(where) - 1]  # one in a hundred, chi-squared with one or two degrees of freedom
        if np.linalg.cond(covariance) < 1e12 and moved @ np.linalg.solve(covariance, moved) > rare:
            found.append(Doubt("comparator_moved",
                               f"The comparator {comparator} changes at the start too. If the change reached it, it "
                               "takes part of the effect away with it: choose one that the change left alone."))
    return found


def best_date(question: Question) -> tuple[str, float, float, int] | None:
    """The date at which a step and a change of slope fit best.

    Gives its label, the deviance of a change at the start, the deviance at the best date, and the residual degrees of
    freedom; None where too few dates can be tried (6 points are kept on either side, or those after the start).
    """
    import numpy as np

    line = question.line
    if len(line) > TRIED_AT_MOST:
        return None
    edge_after = min(FEW_AFTER, line.after_count)
    family: Family = "gaussian" if question.family == "gaussian" else "poisson"
    tried = replace(question, family=family, terms=replace(question.terms, slope=line.after_count > 1))
    found: dict[int, float] = {}
    spare = 0
    start = line.before_count
    for place in sorted({start, *range(FEW_AFTER, len(line) - edge_after + 1)}):
        after = np.arange(len(line)) >= place
        _, columns = design(line, tried.terms, logged=tried.logged, after=after,
                            last_before=float(line.step[place - 1]))
        try:
            fit = tried.fitted(columns)
        except NoFit:
            continue
        found[place], spare = fit.deviance, fit.residual_df
    if start not in found or spare < 1:
        return None
    best = min(found, key=lambda place: found[place])
    return str(line.label[best]), found[start], found[best], spare
