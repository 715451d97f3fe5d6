"""When no plan keeps all the rules: which few of them clash, and what it would take to let one through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.choose.programme import Plan, Programme, Row, Rule
from evenhand.choose.search import rows_of, solve, structure

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_SETS = 10
MOST_ROUNDS = 400
LEAST = 1e-9


@dataclass(frozen=True)
class Change:
    """One rule let out: to a new size, or dropped where it has none."""

    rule: Rule
    to: float | None

    @property
    def by(self) -> float | None:
        """How far its size moves."""
        return None if self.to is None else self.to - self.rule.bound


@dataclass(frozen=True)
class Relaxation:
    """Changes that together let a plan through, and the plan worth most of those they let through at that size."""

    changes: tuple[Change, ...]
    plan: Plan


def witness(programme: Programme, rules: Sequence[Rule]) -> Plan | None:
    """Any plan that keeps these rules; ``None`` where there is none."""
    import numpy as np

    solved = solve(np.zeros(len(programme.columns)), [*rows_of(rules), *structure(programme)])
    if solved.point is None:
        return None
    return Plan.of(programme, [place for place, taken in enumerate(solved.point) if taken > 0.5])


def clashing_sets(programme: Programme) -> list[tuple[Rule, ...]]:
    """The smallest sets of rules that cannot be kept together, smallest first, at most ten.

    Each is irreducible: leave out any one of its rules and a plan exists that keeps the others. Found by the duality
    of what clashes and what must give way: a smallest set of rules that touches every way out found so far either
    clashes (then it is one of the answers) or shows another way out.

    Source: Ignatiev, Previti, Liffiton & Marques-Silva (2015), Smallest MUS extraction with minimal hitting set
    dualization, CP 2015, 173-182; Chinneck (2008), Feasibility and Infeasibility in Optimization.
    """
    rules = programme.rules
    ways_out: list[set[int]] = []
    found: list[set[int]] = []
    for _ in range(MOST_ROUNDS):
        seed = _smallest_touching(len(rules), ways_out, found)
        if seed is None or len(found) >= MOST_SETS:
            break
        plan = witness(programme, [rules[place] for place in sorted(seed)])
        if plan is None:
            found.append(seed)
            continue
        ways_out.append(set(range(len(rules))) - _grown(programme, seed, plan))
    return [tuple(rules[place] for place in sorted(each)) for each in found]


def _smallest_touching(count: int, sets: Sequence[set[int]], known: Sequence[set[int]]) -> set[int] | None:
    """A smallest set that has a rule of each of ``sets`` and holds none of ``known`` whole; ``None``: there is none."""
    import numpy as np

    rows = [Row(tuple(float(place in each) for place in range(count)), 1.0, None) for each in sets]
    rows += [Row(tuple(float(place in each) for place in range(count)), None, len(each) - 1.0) for each in known]
    solved = solve(-np.ones(count), rows)
    return None if solved.point is None else {place for place, taken in enumerate(solved.point) if taken > 0.5}


def _grown(programme: Programme, seed: Iterable[int], plan: Plan) -> set[int]:
    """As many rules as a plan can keep along with the seed, none left that could be added."""
    rules = programme.rules

    def kept_by(one: Plan) -> set[int]:
        return {place for place, rule in enumerate(rules) if programme.keeps(one.columns, rule)}

    kept = set(seed) | kept_by(plan)
    for place in range(len(rules)):
        if place not in kept:
            more = witness(programme, [rules[each] for each in sorted(kept | {place})])
            if more is not None:
                kept |= kept_by(more) | {place}
    return kept


# --- what would let a plan through ------------------------------------------------------------------------------------


def relaxations(programme: Programme, sets: Sequence[Sequence[Rule]]) -> list[Relaxation]:
    """The cheapest ways to let a plan through: one rule changed as little as will do, or several where one cannot.

    Single rules are those that lie in every set that clashes. Sizes of different rules are compared as shares of the
    rule's own size. The plan that comes with each is the one worth most at exactly that size.
    """
    shared = [rule for rule in programme.rules if all(rule in each for each in sets)]
    single = [each for rule in shared if (each := _single(programme, rule)) is not None]
    single.sort(key=lambda each: _size(each.changes[0]))
    if single:
        return single
    together = _together(programme)
    return [together] if together is not None else []


def _size(change: Change) -> float:
    """How large a change is beside the rule's size; dropping a rule counts as one whole size."""
    return 1.0 if change.by is None else abs(change.by) / _unit(change.rule)


def _unit(rule: Rule) -> float:
    """What a rule's size is measured against: itself, or where that is nought, the largest single use."""
    (row,) = rule.rows
    return abs(rule.bound) or max(map(abs, row.uses)) or 1.0


def _single(programme: Programme, rule: Rule) -> Relaxation | None:
    others = [each for each in programme.rules if each is not rule]
    if not rule.is_amount:
        plan = _best(programme, others)
        return None if plan is None else Relaxation((Change(rule, None),), plan)
    point = _elastic(programme, [rule], others)
    if point is None:
        return None
    change = Change(rule, _end(rule, point[len(programme.columns)]))
    plan = _best(programme, [*others, _moved(change)])
    return None if plan is None else Relaxation((change,), plan)


def _together(programme: Programme) -> Relaxation | None:
    """The least total change, in shares of each rule's size, over all rules at once."""
    columns = len(programme.columns)
    point = _elastic(programme, programme.rules, [])
    if point is None:
        return None
    changes = [Change(rule, _end(rule, point[columns + place]) if rule.is_amount else None)
               for place, rule in enumerate(programme.rules) if point[columns + place] > LEAST]
    moved = {id(change.rule): change for change in changes}
    kept = [_moved(moved[id(rule)]) if id(rule) in moved else rule for rule in programme.rules
            if id(rule) not in moved or rule.is_amount]
    plan = _best(programme, kept)
    return None if plan is None else Relaxation(tuple(changes), plan)


def _elastic(programme: Programme, loose: Sequence[Rule], firm: Sequence[Rule]) -> NDArray[np.float64] | None:
    """The point at which the loose rules give least, each by one more column: shares of its size, or 0-1 to drop it."""
    import numpy as np

    columns = len(programme.columns)
    width = columns + len(loose)
    rows = [Row((*row.uses, *([0.0] * len(loose))), row.low, row.high)
            for row in [*rows_of(firm), *structure(programme)]]
    upper = [1.0] * columns
    for place, rule in enumerate(loose):
        reaches = [sum(map(abs, row.uses)) + abs(row.low or 0.0) + abs(row.high or 0.0) for row in rule.rows]
        upper.append(max(reaches) / _unit(rule) if rule.is_amount else 1.0)
        for row, reach in zip(rule.rows, reaches, strict=True):
            gives = _unit(rule) if rule.is_amount else reach
            tail = [0.0] * len(loose)
            if row.high is not None:
                tail[place] = -gives
                rows.append(Row((*row.uses, *tail), None, row.high))
            if row.low is not None:
                tail[place] = gives
                rows.append(Row((*row.uses, *tail), row.low, None))
    values = np.zeros(width)
    values[columns:] = -1.0
    whole = [True] * columns + [not rule.is_amount for rule in loose]
    return solve(values, rows, integral=whole, upper=upper).point


def _end(rule: Rule, share: float) -> float:
    """The size a rule is let out to, by a share of its unit."""
    (row,) = rule.rows
    by = share * _unit(rule)
    moved = rule.bound + by if row.high is not None else rule.bound - by
    # Whole numbers stay whole, and what the arithmetic left beyond nine figures is no part of the answer.
    return float(round(moved)) if abs(moved - round(moved)) <= LEAST * max(1.0, abs(moved)) else float(f"{moved:.12g}")


def _moved(change: Change) -> Rule:
    rule = change.rule
    (row,) = rule.rows
    end = change.to
    assert end is not None
    moved = Row(row.uses, None, end) if row.high is not None else Row(row.uses, end, None)
    return Rule(rule.name, rule.words, rule.kind, (moved,))


def _best(programme: Programme, rules: Sequence[Rule]) -> Plan | None:
    solved = solve(programme.values(), [*rows_of(rules), *structure(programme)], nodes=2_000)
    if solved.point is None:
        return None
    return Plan.of(programme, [place for place, taken in enumerate(solved.point) if taken > 0.5])
