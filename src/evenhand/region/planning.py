"""How we shall know: every question about a case, with its design, written down before it is answered."""

from __future__ import annotations

import json
from typing import Any

from evenhand.data import engine
from evenhand.evaluate.beside_panel import together
from evenhand.evaluate.beside_series import ENGLAND, Series, series_of
from evenhand.evaluate.power import looked, sentence_of, would_need
from evenhand.papers import (
    ComparatorRule,
    Decision,
    EvaluationPlan,
    Header,
    MadeFrom,
    Power,
    Proposal,
    lacking,
    subject,
)
from evenhand.region.folder import Watch
from evenhand.region.job import Done, Job
from evenhand.region.proposals import read_case
from evenhand.terms import Estimate, Month, Refused, Span
from evenhand.terms.words import counted, listed, per_cent

ROOM = "How we shall know"
_DESIGN = {"beside others": "change of its bodies beside others of like size that had no such programme",
           "interrupted": "interrupted time series on the body's own past",
           "lasted": "whether it stopped and stayed stopped, month by month",
           "turning point": "whether the trend turned"}
_RULE: dict[str, ComparatorRule] = {"beside others": "nearest in size", "interrupted": "own past"}


def planned(job: Job) -> Done:
    """Leave a plan for every question about a case, before its decision and its finding: the record shows the order.

    Where a real case was decided before its papers came here, the questions are ours and not the deciders': no plan is
    left for it, for that would read as theirs. A plan that lacks something is not sealed, and what it lacks is said.
    """
    asked = [watch for watch in job.folder.region.evaluate if watch.case]
    if not asked:
        return Done(ROOM, ("Not planned: region.toml has no [[evaluate]] with a case.",))
    if not job.folder.region.invented:
        decided = _decided(job)
        if all(watch.case in decided for watch in asked):
            return Done(ROOM, ("How those who decided meant to find out whether it worked is not in the sources we "
                               "hold. The questions asked here afterwards are ours.",))
        asked = [watch for watch in asked if watch.case not in decided]
    versions = _versions(job)
    plans = [plan_of(job, watch, versions.get(watch.case or "", 1)) for watch in asked]
    whole = [plan for plan in plans if not lacking(plan)]
    open_ones = tuple(f"{plan.question} Its plan is not sealed, and nothing can be decided on it: it lacks "
                      f"{'; '.join(lacking(plan))}." for plan in plans if lacking(plan))
    papers = tuple(job.keep(plan) for plan in whole)
    chances = [plan.power.chance for plan in whole if plan.power]
    seen = sum(chance >= 0.8 for chance in chances)
    said = [f"{counted(len(papers), 'plan')} sealed before the decisions, each with its point, a patient outcome, a "
            f"safety measure that stops it, and the days on which somebody looks. In {seen} of {len(chances)} the "
            "smallest effect that matters would be seen four times in five or more."] if papers else []
    return Done(ROOM, (*said, *open_ones), papers)


def _decided(job: Job) -> frozenset[str]:
    """The cases whose decision came with them."""
    cases = [read_case(path) for path in job.folder.proposals]
    return frozenset(case.id for case in cases if any(isinstance(paper, Decision) for paper in case.papers))


def _versions(job: Job) -> dict[str, int]:
    """The version of the proposal that each case was decided on."""
    cases = [read_case(path) for path in job.folder.proposals]
    return {case.id: max(paper.version for paper in case.papers if isinstance(paper, Proposal)) for case in cases}


def plan_of(job: Job, watch: Watch, version: int = 1) -> EvaluationPlan:
    """The plan of one question, its power worked out from the months before the start; sealed or not is not said."""
    start = _month(watch.start)
    source = watch.figures[0]
    unit = job.measures[watch.measure].numerator_unit if watch.measure in job.measures else None
    region = job.folder.region
    settings = {"kind": watch.kind, "of": list(watch.of), "figures": [each.title for each in watch.figures],
                "source": source.source, "vintage": source.vintage, "from": watch.first, "to": watch.last,
                "start": watch.start, "settled": watch.settled, "direction": watch.direction,
                "prompted": f"{watch.prompted.first}/{watch.prompted.last}" if watch.prompted else None,
                "leave_out": sorted({*region.bodies, ENGLAND} - set(watch.of)),
                "place": _place(job, watch), "title": job.title(watch.measure).lower(),
                "unit": unit,
                "marks": [{"month": each.month, "what": each.what} for each in watch.marks] or None,
                "groups": {name: list(codes) for name, codes in watch.groups.items()} or None}
    return EvaluationPlan(
        header=Header(subject=subject("case", watch.case) if watch.case else subject("body", region.today),
                      proposal_version=version if watch.case else None, made_from=_made_from(job)),
        question=watch.question, measure=watch.measure, design=_DESIGN[watch.kind],
        design_settings={name: value for name, value in settings.items() if value is not None},
        compared_with=_compared(job, watch), baseline=_baseline(job, watch, start), starts=start,
        promised=None if watch.promised is None else Estimate(watch.promised, watch.promised, watch.promised),
        promised_units=None if watch.promised is None else "share of what it would have been",
        worked_if=_worked_if(watch), stop_if=watch.stop_if or _stop_if(job, watch),
        review_due=_month(watch.looks[-1]) if watch.looks else None, owner=watch.owner, point=watch.point,
        scheme_kind=watch.scheme_kind, primary=watch.primary, safety=watch.safety,
        comparator=watch.comparator or _RULE.get(watch.kind), ramp_months=watch.ramp_months,
        smallest_effect=_smallest(watch), smallest_effect_units="share of what it would have been",
        power=_power(job, watch, start), looks=tuple(Month.parsed(each) for each in watch.looks),
        cost_pence=_cost(job, watch),
        remarks=("Taken from region.toml, and left before the decision's papers and the finding.", *watch.doubts))


def _made_from(job: Job) -> tuple[MadeFrom, ...]:
    return job.folder.as_sources("region.toml")


def _month(text: str | None) -> Month | None:
    return Month.parsed(text) if text else None


def _place(job: Job, watch: Watch) -> str:
    return job.name(watch.of[0]) if len(watch.of) == 1 else f"The {counted(len(watch.of), 'body', 'bodies')}"


def _smallest(watch: Watch) -> float | None:
    """Half of what was promised, unless the folder says what would matter."""
    return watch.smallest_effect if watch.smallest_effect is not None or watch.promised is None else watch.promised / 2


def _stop_if(job: Job, watch: Watch) -> str | None:
    if not watch.safety:
        return None
    return "; ".join(f"{(each.title or job.title(each.measure)).lower()} get worse by {per_cent(each.stop_at)} or "
                     "more, and chance does not explain it" for each in watch.safety)


def _cost(job: Job, watch: Watch) -> int | None:
    """What the folder's plan of schemes says it costs, all years together, in pence."""
    if watch.cost_pounds is not None:
        return watch.cost_pounds * 100
    path = job.folder.path / "plan.json"
    if not path.is_file() or watch.case is None:
        return None
    for scheme in json.loads(path.read_text(encoding="utf-8")).get("schemes", []):
        if scheme.get("id") == watch.case and isinstance(scheme.get("cost"), dict):
            return round(100 * sum(float(each) for each in scheme["cost"].values()))
    return None


def panel_of(job: Job, watch: Watch, measure: str) -> dict[str, Series]:
    """Every body's series of one measure, on the figures that the question names. Raises ``Refused`` if none."""
    version = watch.figures[0]
    rows = engine.observations(job.workspace, measure=[measure], source=version.source, vintage=version.vintage or "",
                               first=_month(watch.first), last=_month(watch.last)).to_pylist()
    by_unit: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_unit.setdefault(row["unit"], []).append(row)
    return {code: series_of(held, code, version.title) for code, held in by_unit.items() if code != ENGLAND}


def _power(job: Job, watch: Watch, start: Month | None) -> Power | None:
    """The chance of seeing the smallest effect that matters by the last look; nothing where it cannot be told."""
    smallest = _smallest(watch)
    if start is None or smallest is None or not watch.looks or watch.kind not in _RULE:
        return None
    try:
        panel = panel_of(job, watch, watch.measure)
        mine = together(panel, [code for code in watch.of if code in panel], "own")
    except Refused:
        return None
    if not mine.months:
        return None
    others = {code: one for code, one in panel.items() if code not in {*watch.of, *job.folder.region.bodies}
              and one.months}
    last = Month.parsed(watch.looks[-1])
    down = watch.direction != "increase"
    found = looked(mine, others, start=start, prompted=watch.prompted, months=last.index - start.index,
                   smallest=smallest, design="beside others" if watch.kind == "beside others" else "interrupted",
                   down=down, confidence=1 - 0.1 / max(len(watch.looks), 2))
    if isinstance(found, str):
        return Power(chance=0.0, sentence=f"Whether it can be seen here cannot be told: {found}.")
    return Power(chance=found.seen.chance, smallest_seen=found.seen.smallest, would_need=would_need(found),
                 sentence=sentence_of(found, smallest, by=f"by {last.words}", down=down))


def _baseline(job: Job, watch: Watch, start: Month | None) -> Span | None:
    """The months held before the change; those whose figures prompted it belong to no baseline."""
    if start is None:
        return None
    last = (watch.prompted.first if watch.prompted else start).plus(-1)
    rows = engine.observations(job.workspace, measure=[watch.measure], unit=list(watch.of),
                               source=watch.figures[0].source, vintage=watch.figures[0].vintage or "",
                               first=_month(watch.first)).to_pylist()
    months = [month for month in (Month.parsed(str(row["month"])[:7]) for row in rows) if month.index <= last.index]
    return Span(min(months, key=lambda each: each.index), last) if months else None


def _compared(job: Job, watch: Watch) -> str:
    if watch.kind == "beside others":
        return "the bodies nearest in size that belong to no programme here"
    own = f"the past of {listed([job.name(code) for code in watch.of])}"
    return f"{own}, and {watch.beside}" if watch.beside else own


def _worked_if(watch: Watch) -> str:
    if watch.kind == "lasted":
        return f"no month after {watch.settled} passes {per_cent(watch.stopped_below)} of the first month held"
    above = ((watch.kind == "beside others" and watch.direction == "increase")
             or (watch.kind == "turning point" and watch.direction != "decrease"))
    wanted = "above" if above else "below"
    if watch.kind == "turning point":
        return f"the trend turned, with its whole range {wanted} nought"
    said = f"the whole range of the change lies {wanted} nought"
    smallest = _smallest(watch)
    if watch.kind == "beside others" and smallest is not None:
        said += (f"; it did not work if even the best end of the range is less than the {per_cent(smallest)} that "
                 "would matter")
    return said
