"""What a careful reader asks of a difference-in-differences before believing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenhand.evaluate.difference_effects import Effects
from evenhand.evaluate.difference_panel import Panel
from evenhand.terms.words import counted, listed

FEW = 5
"""Fewer treated units, or untreated ones, than this give ranges that are too narrow."""
SOME = 10
UNLIKELY = 0.05


@dataclass(frozen=True)
class Doubt:
    """One reason to believe an answer less: a code for programs, a sentence for readers."""

    code: str
    sentence: str


def standing(panel: Panel, effects: Effects, fields: Mapping[str, Any]) -> list[Doubt]:
    """Every doubt that the panel, the effects and the checks give rise to."""
    return [*_few(panel, effects, fields), *_likeness(effects), *_before(fields), *_swayed(fields),
            *_fragile(fields)]


def _few(panel: Panel, effects: Effects, fields: Mapping[str, Any]) -> list[Doubt]:
    import numpy as np

    treated = panel.treated_count
    controls = int(effects.controls[effects.time >= effects.group].min(initial=len(panel)))
    found = []
    if fields["effect"]["standard_error"] is None:
        if treated == 1:
            said = "One unit is treated: how far chance alone moves such a unit cannot be seen from it"
            found.append(Doubt("one_treated", f"{said}, so no range is given (see evaluate synthetic)."))
        elif controls == 1:
            found.append(Doubt("one_control", "One unit stands for the untreated: how far chance moves it cannot be "
                               "seen from it, so no range is given."))
        elif (effects.treated == 1).any():
            found.append(Doubt("lone_groups", "Most treated units began alone at their time: their own scatter cannot "
                               "be seen, so no range is given. Joining starts into longer periods helps."))
        else:
            found.append(Doubt("no_scatter", "Nothing is left to judge chance by: units on each side change by the "
                               "same amount, and the ranges have no width."))
        return found
    if treated < FEW:
        found.append(Doubt("few_treated", f"Only {counted(treated, 'unit')} {'is' if treated == 1 else 'are'} treated: "
                           "the ranges are too narrow, and one unit decides much (see evaluate synthetic)."))
    elif treated < SOME:
        found.append(Doubt("few_treated", f"Only {counted(treated, 'unit')} are treated: the ranges are somewhat too "
                           "narrow."))
    if controls < FEW:
        found.append(Doubt("few_controls", f"At times only {counted(controls, 'unit')} "
                           f"{'stands' if controls == 1 else 'stand'} for the untreated: the ranges are too narrow."))
    alone = [panel.labels[group] for group in panel.groups if (panel.start == group).sum() == 1]
    if alone and treated > 1:
        several = len(alone) > 1
        found.append(Doubt("lone_groups", f"{counted(len(alone), 'group')} {'have' if several else 'has'} one unit "
                           f"({listed(alone[:5])}{' and others' if len(alone) > 5 else ''}): "
                           f"{'their own figures have' if several else 'its own figure has'} no range, and the "
                           "averages do not see that unit's scatter."))
    if not np.isfinite(effects.estimate).all():
        lost = int((~np.isfinite(effects.estimate)).sum())
        found.append(Doubt("no_likeness", f"{counted(lost, 'effect')} of {len(effects)} could not be estimated with "
                           "these covariates, for want of untreated units that resemble the treated; the averages are "
                           "over the rest."))
    return found


def _likeness(effects: Effects) -> list[Doubt]:
    if not effects.set_aside:
        return []
    return [Doubt("set_aside", f"Up to {counted(effects.set_aside, 'untreated unit')} at a time "
                  f"{'was' if effects.set_aside == 1 else 'were'} set aside as all but certain to be treated by the "
                  "covariates: treated and untreated overlap little.")]


def _before(fields: Mapping[str, Any]) -> list[Doubt]:
    test = fields["pre_test"]
    event = test["by_event"]
    if test["p_value"] is None and event is None:
        return [Doubt("not_tested", "Whether both sides moved alike before the start could not be tested: "
                      f"{test['because']}.")]
    found = []
    together = test["p_value"] is not None and not test["rough"]
    if (test if together or event is None else event)["p_value"] < UNLIKELY:
        found.append(Doubt("moved_apart", "The two sides already moved apart before the start: the difference since "
                           "may be more of the same."))
    if test["p_value"] is None:
        found.append(Doubt("rough_test", f"The effects before the start cannot be tested together: {test['because']}. "
                           "They were tested step by step."))
    elif test["rough"]:
        found.append(Doubt("rough_test", "The groups are too small for a test of all effects before the start at once "
                           "(it would find too much too often): they were tested step by step."))
    return found


def _sign(row: Mapping[str, Any]) -> int:
    """Up, down, or not to be told from nought."""
    if row["interval"] is None:
        return 0
    low, high = row["interval"]
    return 1 if low > 0 else -1 if high < 0 else 0


def _swayed(fields: Mapping[str, Any]) -> list[Doubt]:
    found = []
    for row in fields["checks"]:
        if row["placebo"] and _sign(row):
            found.append(Doubt("placebo", "The placebo finds an effect where there was none yet: the method, or the "
                               "comparison, cannot be trusted here."))
    mine = _sign(fields["effect"])
    other = [row for row in fields["checks"] if not row["placebo"] and row["interval"] is not None
             and row["check"] not in ("regression", "weighting", "doubly-robust") and _sign(row) != mine]
    if other and fields["effect"]["interval"] is not None:
        told = ("Asked in another way it can no longer be told from none" if mine else
                "Asked in another way an effect can be told")
        named = [row["what"] for row in other[:4]] + ([f"{len(other) - 4} more"] if len(other) > 4 else [])
        found.append(Doubt("swayed", f"{told}: {'; '.join(named)}."))
    return found


def _fragile(fields: Mapping[str, Any]) -> list[Doubt]:
    sensitivity = fields["sensitivity"]
    if sensitivity["because"]:
        return [Doubt("not_stressed", "How far from parallel the trends may run could not be worked out: "
                      f"{sensitivity['because']}.")]
    if not _sign(fields["effect"]):
        return []
    ends = [sensitivity[target]["relative"]["breakdown"] for target in ("first", "average")]
    if any(end is None or end >= 1 for end in ends):
        return []
    first = ("the first period's effect cannot be told from none as it is" if ends[0] == 0 else
             f"a drift apart of {ends[0]:.1f} times the largest step seen before the start undoes the first period's "
             "effect")
    after = " the largest step seen before the start" if ends[0] == 0 else ""
    return [Doubt("fragile", f"It would take little to undo this: {first}, and a drift of {ends[1]:.1f} times{after} "
                  "in every period undoes the average since.")]
