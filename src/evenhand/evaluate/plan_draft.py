"""A case's plan for finding out, drafted from its papers and from what somebody settles; changed only by amendment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from evenhand.evaluate.beside_panel import together
from evenhand.evaluate.power import looked, sentence_of, would_need
from evenhand.evaluate.running_looks import SealedPlan, looks_of, plan_in
from evenhand.evaluate.running_parts import Panel, others_of, question_of
from evenhand.papers import EvaluationPlan, Header, MadeFrom, Power, Proposal, plain
from evenhand.papers.shape import Misshapen, taken
from evenhand.record import CaseFile
from evenhand.terms import Span, closest, refuse

_DESIGNS = {"nearest in size": "change of its bodies beside others of like size that had no such programme",
            "own past": "interrupted time series on its own past",
            "own past with control": "interrupted time series with others as control"}
_OWN = ("header", "amends", "amendment_reason")
BESIDE_OTHERS = ("nearest in size", "weighted donors", "not yet treated")
"""Rules that set bodies beside others: what can be seen hangs on how those scatter."""


def held(case: CaseFile) -> SealedPlan | None:
    """The plan of a case that counts, if it holds one."""
    return plan_in(case.papers)


def drafted(case: CaseFile, settled: Mapping[str, Any], *, name: str, because: str | None = None) -> EvaluationPlan:
    """The plan as it stands with what is settled laid over it; nothing that nobody said is filled in.

    Args:
        case: its papers; a proposal gives the version that the plan speaks of.
        settled: fields of a plan, as the papers' reference page names them.
        name: the file that they were read from, for messages.
        because: the reason, where a sealed plan is changed: the change is then an amendment.

    Raises:
        Refused: a field that no plan has or that is not shaped as one, a case without a proposal, a change of a sealed
            plan without a reason.
    """
    known = [each.name for each in fields(EvaluationPlan) if each.name not in _OWN]
    for each in settled:
        if each not in known:
            raise refuse("a plan for finding out has no such field",
                         f"choose from {', '.join(closest(each, known) or known)}", file=name, column=each)
    proposal = case.latest(Proposal.paper)
    if not isinstance(proposal, Proposal):
        raise refuse("the case holds no proposal, so there is nothing to plan for", "leave a proposal first",
                     value=case.subject)
    before = held(case)
    if before is not None and before.plan.header.proposal_version != proposal.header.proposal_version:
        before = None
    content: dict[str, Any] = {"question": f"Did “{proposal.title}” change what it was for?", "measure": None,
                               "design": None}
    if before is not None:
        content = {each: plain(getattr(before.plan, each)) for each in known}
    content |= dict(settled)
    if content.get("design") is None and content.get("comparator") in _DESIGNS:
        content["design"] = _DESIGNS[content["comparator"]]
    header = {"subject": case.subject, "proposal_version": proposal.header.proposal_version,
              "made_from": [{"digest": each.digest, "what": each.kind} for each in case.of_kind(Proposal.paper)[-1:]]}
    try:
        plan: EvaluationPlan = taken(EvaluationPlan, {**content, "header": header})
    except Misshapen as wrong:
        raise refuse(wrong.what, "write it as the papers' reference page says", file=name,
                     column=wrong.place.lstrip(".")) from None
    if before is None or _content(plan) == _content(before.plan):
        return plan if before is None else before.plan
    if not (because or "").strip():
        raise refuse("this case has a sealed plan, and nothing in it changes silently",
                     "give the reason with --because; the change is then an amendment, and stands on every finding",
                     column="--because")
    # What is changed may change what can be seen: it is worked out again, unless somebody says what it is.
    power = plan.power if "power" in settled else None
    return replace(plan, amends=before.digest, amendment_reason=because, power=power,
                   header=Header(subject=case.subject, proposal_version=proposal.header.proposal_version,
                                 made_from=(*plan.header.made_from, MadeFrom(before.digest, "the plan it amends"))))


def _content(plan: EvaluationPlan) -> dict[str, Any]:
    return {each.name: plain(getattr(plan, each.name)) for each in fields(plan) if each.name not in _OWN}


def with_power(plan: EvaluationPlan, panel: Panel) -> tuple[EvaluationPlan, str | None]:
    """The plan with its months before and its power worked out, where it names none; or why that could not be."""
    question = question_of(plan)
    if isinstance(question, str):
        return plan, question
    by_unit = dict(panel.get(plan.measure or "", {}))
    codes = [code for code in question.of if code in by_unit]
    if not codes:
        return plan, f"no figures of {question.title} are held for these bodies"
    mine = together(by_unit, codes, "own")
    start, prompted = question.asked.start, question.asked.prompted
    last = (prompted.first if prompted else start).plus(-1)
    before = [month for month in mine.months if month <= last]
    if plan.baseline is None and before:
        plan = replace(plan, baseline=Span(before[0], last))
    looks = looks_of(plan)
    if plan.power is not None or plan.smallest_effect is None or not looks:
        return plan, None
    found = looked(mine, others_of(question, panel, plan.measure or ""), start=start, prompted=prompted,
                   months=max(1, looks[-1].index - start.index), smallest=plan.smallest_effect,
                   design="beside others" if plan.comparator in BESIDE_OTHERS else "interrupted",
                   down=question.asked.down, nearest=question.asked.nearest, confidence=question.asked.confidence)
    if isinstance(found, str):
        return plan, found
    return replace(plan, power=Power(
        chance=found.seen.chance, smallest_seen=found.seen.smallest, would_need=would_need(found),
        sentence=sentence_of(found, plan.smallest_effect, by=f"by {looks[-1].words}", down=question.asked.down))), None

