"""Plans beside the best one: as good with fewer schemes, next best, and the best that a few would give."""

from __future__ import annotations

from typing import Any

from evenhand.choose.programme import Plan, Programme, Row
from evenhand.choose.search import Effort, Found, best_plan, rows_of, solve, structure

STEPS_OF_CURVE = 12


def fewest(programme: Programme, found: Found, effort: Effort) -> Found:
    """Of plans that are proved worth the same, one with the fewest schemes: a few done well."""
    import numpy as np

    if found.stop != "proved" or found.plan is None:
        return found
    size = float(np.abs(programme.values()).max(initial=0.0)) or 1.0
    enough = Row(tuple(programme.values().tolist()), found.plan.value - 1e-9 * size, None)
    solved = solve(-np.ones(len(programme.columns)), [*rows_of(programme.rules), *structure(programme), enough],
                   nodes=2_000, seconds=effort.seconds)
    if solved.point is None:
        return found
    plan = Plan.of(programme, [place for place, taken in enumerate(solved.point) if taken > 0.5])
    kept = (plan.value >= found.plan.value - 1e-9 * size and len(plan.columns) < len(found.plan.columns)
            and all(programme.keeps(plan.columns, rule) for rule in programme.rules))
    return Found(plan, max(found.bound or plan.value, plan.value), found.stop) if kept else found


def _without(programme: Programme, plan: Plan) -> Row:
    """The row that keeps one set of schemes out: at least one scheme differs."""
    taken = set(plan.schemes(programme))
    uses = tuple(-1.0 if column.scheme in taken else 1.0 for column in programme.columns)
    return Row(uses, 1.0 - len(taken), None)


def next_best(programme: Programme, found: Found, count: int, effort: Effort) -> list[Found]:
    """The best plans that take another set of schemes, best first."""
    assert found.plan is not None
    known: list[Plan] = [found.plan]
    others: list[Found] = []
    for _ in range(count):
        other = best_plan(programme, effort, also=[_without(programme, each) for each in known], quick=True)
        if other.plan is None:
            break
        known.append(other.plan)
        others.append(other)
    return sorted(others, key=lambda each: -each.plan.value if each.plan else 0.0)


def by_number(programme: Programme, found: Found, effort: Effort) -> list[dict[str, Any]]:
    """The best value with at most so many schemes, up to the plan's own number, and to the most allowed."""
    assert found.plan is not None
    own = len(found.plan.schemes(programme))
    steps = (list(range(1, own + 1)) if own <= STEPS_OF_CURVE
             else sorted({round(own * place / STEPS_OF_CURVE) for place in range(1, STEPS_OF_CURVE + 1)}))
    allowed = [int(rule.bound) for rule in programme.rules if rule.name == "number of schemes, at most"]
    rows = []
    for number in steps:
        at = found if number == own else best_plan(
            programme, effort, also=[Row(tuple(1.0 for _ in programme.columns), None, float(number))], quick=True)
        rows.append(_curve_row(programme, number, at))
    more = range(own + 1, min([*allowed, len(programme.schemes)]) + 1) if allowed and found.gap == 0.0 else ()
    return [*rows, *(_curve_row(programme, number, found) for number in list(more)[:STEPS_OF_CURVE])]


def _curve_row(programme: Programme, number: int, at: Found) -> dict[str, Any]:
    if at.plan is None:
        return {"schemes": number, "value": None, "chosen": None, "gap": None,
                "remark": "No plan with so few keeps the rules." if at.stop == "infeasible"
                else "None was found before the search stopped."}
    return {"schemes": number, "value": at.plan.value, "chosen": at.plan.keys(programme), "gap": at.gap, "remark": None}
