"""A question of the region's folder that compares its bodies with others: asked as its sealed plan fixed it."""

from __future__ import annotations

from evenhand.evaluate.running_looks import plan_in
from evenhand.papers import EvaluationPlan, Finding, Sealed, subject
from evenhand.region import due
from evenhand.region.folder import Watch
from evenhand.region.job import Job
from evenhand.region.planning import plan_of
from evenhand.terms import Refused, refuse


def asked(job: Job, watch: Watch) -> due.Case:
    """The looks of one question that are due; one without a sealed plan is asked as the folder says, and says so."""
    if watch.start is None:
        raise refuse("when did it begin?", "add start = \"2028-04\" to the question", file="region.toml",
                     column=watch.id)
    about = subject("case", watch.case) if watch.case else subject("body", job.folder.region.today)
    try:
        sealed = plan_in(job.record.papers(about, EvaluationPlan.paper)) if watch.case else None
    except Refused:
        sealed = None
    if sealed is not None:
        return due.run_case(job.record, job.workspace, about, at=job.at)

    def keep(finding: Finding) -> Sealed:
        return job.keep(finding)

    return due.answered(job.workspace, about, plan_of(job, watch), None, keep, {})
