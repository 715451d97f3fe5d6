"""The same question asked in other ways that are as fair: an answer that holds only in one of them is weak."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evenhand.evaluate import times
from evenhand.evaluate.difference_effects import Design, Effects, group_time
from evenhand.evaluate.difference_panel import NEVER, Panel
from evenhand.evaluate.difference_sums import Adding, Sum, Summary
from evenhand.terms.words import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEFT_OUT_WHOLLY = 12
"""With more groups than this a group left out still serves as a comparator, or the sum would be made anew for each."""
YEAR = {"month": 12, "quarter": 4, "year": 1}


@dataclass(frozen=True)
class Check:
    """One other way of asking: a code, what was changed in words, the result or why there is none, its weight.

    ``treated``: how many treated units it rests on; ``placebo`` where nought is the answer hoped for.
    """

    code: str
    what: str
    estimate: float | None = None
    standard_error: float | None = None
    treated: int = 0
    because: str | None = None
    placebo: bool = False


def run(panel: Panel, design: Design, summary: Summary, effects: Effects) -> list[Check]:
    """Every check, in order; those that cannot be made say why."""
    quick = replace(design, after_only=True)
    checks = [_other_control(panel, quick, summary), *_without_each_group(panel, quick, summary, effects),
              _placebo(panel, design), _later_base(panel, quick, summary)]
    if len(panel.covariate_names):
        bare = replace(panel, covariates=panel.covariates[:0], covariate_names=())
        checks.append(_made("without_covariates", "without covariates", bare, quick, summary))
        words = {"doubly-robust": "by regression and weighting together", "regression": "by regression alone",
                 "weighting": "by weighting alone"}
        checks += [_made(name, said, panel, replace(quick, estimator=name), summary)  # type: ignore[arg-type]
                   for name, said in words.items() if name != design.estimator]
    if (panel.weights != panel.weights[0]).any():
        even = replace(panel, weights=panel.weights * 0 + 1.0)
        checks.append(_made("without_weights", "each unit counting the same", even, quick, summary))
    return checks


def _made(code: str, what: str, panel: Panel, design: Design, summary: Summary) -> Check:
    adding = Adding(panel, group_time(panel, design))
    return _checked(code, what, adding, adding.overall(summary))


def _checked(code: str, what: str, adding: Adding, found: Sum | None, *, placebo: bool = False) -> Check:
    import numpy as np

    if found is None:
        return Check(code, what, because="nothing is left to compare", placebo=placebo)
    groups = np.unique(adding.effects.group[found.cells])
    return Check(code, what, found.estimate, adding.standard_error(found),
                 int(np.isin(adding.panel.start, groups).sum()), placebo=placebo)


def _other_control(panel: Panel, design: Design, summary: Summary) -> Check:
    if design.control == "never":
        words = "compared with those not yet treated as well"
        if len(panel.groups) < 2:
            return Check("other_control", words, because="all start at one time, so nobody is treated later")
        return _made("other_control", words, panel, replace(design, control="not-yet"), summary)
    words = "compared with the never treated alone"
    if not (panel.start == NEVER).any():
        return Check("other_control", words, because="everybody is treated in the end")
    return _made("other_control", words, panel, replace(design, control="never"), summary)


def _without_each_group(panel: Panel, design: Design, summary: Summary, effects: Effects) -> Iterator[Check]:
    groups = panel.groups
    if len(groups) < 2:
        yield Check("without_group", "leaving out each group in turn", because="there is one group")
        return
    for group in groups:
        said = times.said(panel.labels[group], panel.rhythm)
        code, words = f"without_group {panel.labels[group]}", f"without those that started {_in(panel, said)}"
        if design.control == "not-yet" and len(groups) <= LEFT_OUT_WHOLLY:
            yield _made(code, words, panel.only(panel.start != group), design, summary)
        else:
            adding = Adding(panel, effects.only(effects.group != group))
            yield _checked(code, words, adding, adding.overall(summary))


def _in(panel: Panel, said: str) -> str:
    return f"at {said}" if said.startswith("point") else f"in {said}"


def placebo_steps(panel: Panel, anticipation: int) -> int:
    """How many steps earlier a placebo pretends to begin: half of the usual past, a year at the most."""
    import numpy as np

    past = np.array([(panel.steps < panel.steps[start] - anticipation).sum()
                     for start in panel.start[panel.start < NEVER]])
    usual = int(np.median(past)) if len(past) else 0
    return min(max(1, usual // 2), YEAR.get(panel.rhythm, 12 if usual > 24 else max(1, usual // 2)))


def _placebo(panel: Panel, design: Design) -> Check:
    steps = placebo_steps(panel, design.anticipation)
    one = times.ONE_OF[panel.rhythm]
    words = f"a placebo: as if begun {counted(steps, one)} earlier, looking only at the time before it was"
    adding = Adding(panel, group_time(panel, replace(design, brought_forward=steps, after_only=False)))
    found = adding.of_all()
    if found is None:
        return Check("placebo_in_time", words, because="the past before the start is too short", placebo=True)
    return _checked("placebo_in_time", words, adding, found, placebo=True)


def _later_base(panel: Panel, design: Design, summary: Summary) -> Check:
    one = times.ONE_OF[panel.rhythm]
    words = (f"leaving out the last {one} before the start, in case it was felt early" if not design.anticipation else
             f"felt {counted(design.anticipation + 1, one)} before the start")
    moved = replace(design, anticipation=design.anticipation + 1)
    adding = Adding(panel, group_time(panel, moved))
    found = adding.overall(summary)
    if found is None:
        return Check("anticipation", words, because="the past before the start is too short")
    return _checked("anticipation", words, adding, found)


def two_way(panel: Panel) -> tuple[float, NDArray[np.float64]] | None:
    """The older two-way fixed effects figure with its influence (units): a contrast, and no answer of ours.

    It compares late starters with early ones as if these were untreated, and may even have the wrong sign. None where
    the panel has gaps.

    Source: Goodman-Bacon (2021), Journal of Econometrics 225:254-277.
    """
    import numpy as np

    if not np.isfinite(panel.outcome).all():
        return None
    on = (np.arange(len(panel.labels))[None, :] >= panel.start[:, None]).astype(float)
    share = panel.weights[:, None] / panel.weights.sum()

    def parted(values: NDArray[np.float64]) -> NDArray[np.float64]:
        own = values - values.mean(axis=1, keepdims=True)
        return np.asarray(own - (share * own).sum(axis=0))

    on, outcome = parted(on), parted(panel.outcome)
    size = float((panel.weights[:, None] * on**2).sum())
    if size < 1e-12:
        return None
    estimate = float((panel.weights[:, None] * on * outcome).sum() / size)
    left = outcome - estimate * on
    return estimate, np.asarray(len(panel) * panel.weights * (on * left).sum(axis=1) / size)
