"""What the next body must know: a lesson drafted from the findings of every programme that is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from evenhand.papers import Decision, EvaluationPlan, Finding, Header, Lesson, MadeFrom, Paper, Programme, Proposal
from evenhand.region.folder import Watch
from evenhand.region.job import Done, Job
from evenhand.region.proposals import CaseFile, read_case
from evenhand.terms import Month, Refused
from evenhand.terms.words import counted, listed, per_cent

P = TypeVar("P", bound=Paper)
ROOM = "What the next body must know"
OVER = {"sustained": "It goes on as usual work.", "stopped": "It was stopped.", "closed": "It is closed."}
"""The states in which a programme is over as a programme, and what became of it."""
DRAFT = ("DRAFT, written by the program from the findings. It is no lesson until a named person has read it, mended it "
         "and signed it.")
YEARS_TO_REVIEW = 2
ENDED = {"worked": "it worked", "faded": "it worked, and wore off", "did not work": "no effect was found",
         "cannot tell": "whether it worked cannot be told"}
ADVICE = {
    "worked": "Worth doing elsewhere, with a plan for finding out sealed before it begins; look again to see whether "
              "it holds.",
    "faded": "Do not count on it after the first year. Whoever does it again says beforehand who keeps it going, and "
             "looks in month twelve.",
    "did not work": "Do not begin it again because figures are high: high figures come down by themselves. Ask first "
                    "what else could move them.",
    "cannot tell": "Before it is done again, make sure that its effect could be seen: more bodies, more months, or a "
                   "measure that moves."}


def remembered(job: Job) -> Done:
    """Draft a lesson for every case that is over and brings none of its own, from its newest finding.

    A draft says so in its first word, and names nobody: a person has to read, mend and sign it.
    """
    said, papers, left_out = [], [], []
    for case in map(read_case, job.folder.proposals):
        if case.state not in OVER or any(isinstance(each, Lesson) for each in case.papers):
            continue
        found = _newest(job, case, Finding)
        if found is None:
            left_out.append(f"{case.title}: it is {case.state}, and holds no finding to learn from")
            continue
        lesson = _lesson(job, case, found)
        papers.append(job.keep(lesson))
        said.append(f"{lesson.title}. {lesson.sentence}")
    if not said and not left_out:
        return Done(ROOM, ("No programme is over that brings no lesson of its own, so none was drafted.",))
    opening = ((f"{counted(len(papers), 'lesson')} drafted; none counts until a named person signs it.",) if papers
               else ())
    return Done(ROOM, (*opening, *said), tuple(papers), left_out=tuple(left_out))


def _newest(job: Job, case: CaseFile, kind: type[P]) -> tuple[P, MadeFrom] | None:
    """The newest paper of a kind about a case, with its digest."""
    try:
        held = job.record.papers(case.subject, kind.paper)
    except Refused:
        return None
    papers = [(paper, MadeFrom(each.digest, kind.paper)) for each in held if isinstance(paper := each.paper(), kind)]
    return papers[-1] if papers else None


def _lesson(job: Job, case: CaseFile, found: tuple[Finding, MadeFrom]) -> Lesson:
    finding, source = found
    proposal = next(each for each in reversed(case.papers) if isinstance(each, Proposal))
    plan, programme = _newest(job, case, EvaluationPlan), _newest(job, case, Programme)
    watch = next((each for each in job.folder.region.evaluate if each.case == case.id), None)
    beside = tuple(each[1] for each in (plan, programme) if each is not None)
    advice = " ".join((ADVICE[finding.verdict], *_beside_the_advice(case, finding)))
    return Lesson(
        header=Header(subject=case.subject, proposal_version=finding.header.proposal_version,
                      made_from=(source, *beside)),
        title=f"DRAFT: {case.title}: {ENDED[finding.verdict]}", what_happened=_what_happened(case, finding, programme),
        advice=advice, services=(proposal.service,), circumstances=_circumstances(case, proposal, watch),
        may_not_hold=_may_not_hold(finding, plan[0] if plan else None), bodies=proposal.bodies,
        next_review=_next_review(finding, plan[0] if plan else None), sentence=advice,
        figures={"finding": source.digest, "verdict": finding.verdict, "state": case.state, "draft": True},
        remarks=(DRAFT,))


def _what_happened(case: CaseFile, finding: Finding, programme: tuple[Programme, MadeFrom] | None) -> str:
    """What was found, what was seen of the promises, and what became of it."""
    promised = f"Promised and seen, as boards reckon it: {programme[0].sentence}" if programme else ""
    return " ".join(each for each in (finding.sentence, finding.point_sentence, promised, OVER[case.state]) if each)


def _beside_the_advice(case: CaseFile, finding: Finding) -> Sequence[str]:
    """What else follows: from safety, and where what became of it does not fit what was found."""
    said = [f"It made {each.measure} worse than was agreed to bear: whoever does it again mends that first."
            for each in finding.safety if each.passed_stop]
    if case.state == "sustained" and finding.verdict in ("did not work", "faded"):
        said.append("It goes on all the same: somebody has to decide whether it should.")
    if case.state == "stopped" and finding.verdict == "worked":
        said.append("It was stopped although it worked: say why before anybody learns from it.")
    return said


def _circumstances(case: CaseFile, proposal: Proposal, watch: Watch | None) -> str:
    """Where, from when, what prompted it, and what it needed first."""
    parts = [f"In {listed([each.name for each in proposal.bodies])}"]
    if watch and watch.start:
        parts[0] += f", from {Month.parsed(watch.start).words}"
    if watch and watch.prompted:
        parts.append(f"it was prompted by the figures of {watch.prompted.first.words} to {watch.prompted.last.words}, "
                     "which were high")
    if case.change_plan and case.change_plan.needed_first:
        parts.append(f"needed first: {listed(list(case.change_plan.needed_first))}")
    decision = next((each for each in reversed(case.papers) if isinstance(each, Decision)), None)
    if decision and decision.may_lose:
        parts.append(f"who may lose: {listed(list(decision.may_lose))}")
    return "; ".join(parts) + "."


def _may_not_hold(finding: Finding, plan: EvaluationPlan | None) -> str:
    """Where it may not hold: elsewhere, at another time, and what the finding itself doubts."""
    said = ["Elsewhere, at another time, or where those whom it is for differ: it was seen here once."]
    if plan and plan.compared_with:
        said.append(f"It rests on a comparison with {plan.compared_with}.")
    if plan and plan.power:
        said.append(f"The chance of seeing the smallest effect that matters was {per_cent(plan.power.chance)}.")
    return " ".join((*said, *finding.doubts[:1]))


def _next_review(finding: Finding, plan: EvaluationPlan | None) -> date | None:
    """Two years after the last look; nothing where no day is held."""
    last = finding.looked or (plan.review_due if plan else None)
    if isinstance(last, Month):
        return last.plus(12 * YEARS_TO_REVIEW).first_day()
    if isinstance(last, date):
        return Month(last.year, last.month).plus(12 * YEARS_TO_REVIEW).first_day()
    return None
