"""How we shall know: every question about a case, with its design, written down before it is answered."""

from __future__ import annotations

from evenhand.data import engine
from evenhand.papers import Decision, EvaluationPlan, Header, MadeFrom, subject
from evenhand.region.beside import HALF
from evenhand.region.folder import Watch
from evenhand.region.job import Done, Job
from evenhand.region.proposals import read_case
from evenhand.terms import Estimate, Month, Span
from evenhand.terms.words import counted, listed, per_cent

ROOM = "How we shall know"
_DESIGN = {"beside others": "change of its bodies beside others of like size that had no such programme",
           "interrupted": "interrupted time series on the body's own past",
           "lasted": "whether it stopped and stayed stopped, month by month",
           "turning point": "whether the trend turned"}


def planned(job: Job) -> Done:
    """Leave a plan for every question about a case, before its decision and its finding: the record shows the order.

    Where a real case was decided before its papers came here, the questions are ours and not the deciders': no plan is
    left for it, for that would read as theirs.
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
    source = job.folder.as_sources("region.toml")
    papers = tuple(job.keep(_plan(job, watch, source)) for watch in asked)
    return Done(ROOM, (f"{counted(len(papers), 'plan')} left before the findings.",), papers)


def _decided(job: Job) -> frozenset[str]:
    """The cases whose decision came with them."""
    cases = [read_case(path) for path in job.folder.proposals]
    return frozenset(case.id for case in cases if any(isinstance(paper, Decision) for paper in case.papers))


def _plan(job: Job, watch: Watch, source: tuple[MadeFrom, ...]) -> EvaluationPlan:
    start = _month(watch.start)
    settings = {"kind": watch.kind, "of": list(watch.of), "figures": [each.title for each in watch.figures],
                "from": watch.first, "to": watch.last, "start": watch.start, "settled": watch.settled,
                "direction": watch.direction, "prompted": str(watch.prompted) if watch.prompted else None}
    return EvaluationPlan(
        header=Header(subject=subject("case", watch.case or ""), proposal_version=1, made_from=source),
        question=watch.question, measure=watch.measure, design=_DESIGN[watch.kind],
        design_settings={name: value for name, value in settings.items() if value is not None},
        compared_with=_compared(job, watch), baseline=_baseline(job, watch, start), starts=start,
        promised=None if watch.promised is None else Estimate(watch.promised, watch.promised, watch.promised),
        promised_units=None if watch.promised is None else "share of what it would have been",
        worked_if=_worked_if(watch),
        remarks=("Taken from region.toml, and left before the decision's papers and the finding.", *watch.doubts))


def _month(text: str | None) -> Month | None:
    return Month.parsed(text) if text else None


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
    if watch.kind == "beside others" and watch.promised is not None:
        said += (f"; it did not work if even the best end of the range is less than {per_cent(HALF)} of the "
                 f"{per_cent(watch.promised)} promised")
    return said
