"""Which looks of a plan are due, and which plan of a case counts: the newest, its amendments shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from evenhand.evaluate.beside_series import Series
from evenhand.evaluate.running_parts import Panel
from evenhand.papers import Amendment, EvaluationPlan
from evenhand.record.reading import Kept
from evenhand.terms import Month, Span


@dataclass(frozen=True)
class SealedPlan:
    """The plan of a case that counts, by its digest, and every amendment on the way to it, oldest first."""

    plan: EvaluationPlan
    digest: str
    amendments: tuple[Amendment, ...] = ()


def plan_in(papers: Iterable[Kept]) -> SealedPlan | None:
    """The newest plan of a case. A later plan that names none it amends is passed over: nothing changes silently."""
    counts: SealedPlan | None = None
    for each in papers:
        if each.kind != EvaluationPlan.paper:
            continue
        paper = each.paper()
        assert isinstance(paper, EvaluationPlan)
        if counts is None:
            counts = SealedPlan(paper, each.digest)
        elif paper.amends == counts.digest and paper.amendment_reason:
            amended = Amendment(plan=each.digest, reason=paper.amendment_reason)
            counts = SealedPlan(paper, each.digest, (*counts.amendments, amended))
        elif paper.header.proposal_version != counts.plan.header.proposal_version:
            counts = SealedPlan(paper, each.digest)
    return counts


def month_of(when: date | Month | Span) -> Month:
    """The month of a look: of a span its last."""
    return when.last if isinstance(when, Span) else when if isinstance(when, Month) else Month.of(when)


def looks_of(plan: EvaluationPlan) -> tuple[Month, ...]:
    """The looks of a plan as months, in order, each once."""
    return tuple(sorted({month_of(each) for each in plan.looks}, key=lambda each: each.index))


def held_to(panel: Panel, measure: str) -> Month | None:
    """The last month for which any body has a figure of the measure."""
    ends = [one.months[-1] for one in panel.get(measure, {}).values() if one.months]
    return max(ends, key=lambda each: each.index) if ends else None


def due(plan: EvaluationPlan, panel: Panel, as_at: Month | None = None) -> tuple[Month, ...]:
    """The looks whose figures have come: a look in April uses those to March, and never a later one's."""
    last = held_to(panel, plan.measure or "")
    if last is None:
        return ()
    return tuple(each for each in looks_of(plan) if each.plus(-1) <= last and (as_at is None or each <= as_at))


def up_to(panel: Panel, last: Month) -> dict[str, dict[str, Series]]:
    """The panel as it stood: no figure of a later month."""
    return {measure: {code: one.between(None, last) for code, one in by_unit.items()
                      if one.months and one.months[0] <= last} for measure, by_unit in panel.items()}


def next_look(looks: Sequence[Month], looked: Month) -> Month | None:
    """The look after this one."""
    return next((each for each in looks if looked < each), None)

