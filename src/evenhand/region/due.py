"""The looks of a sealed plan that are due, each leaving its finding once: the same figures leave the same paper."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from evenhand.data import engine
from evenhand.data.holdings import held_in
from evenhand.evaluate import running_ratios
from evenhand.evaluate.beside_series import ENGLAND, Series, series_of
from evenhand.evaluate.running_found import Context, figure_of, finding_of
from evenhand.evaluate.running_looks import SealedPlan, due, looks_of, next_look, plan_in, up_to
from evenhand.evaluate.running_parts import Question, question_of
from evenhand.figures import Figure
from evenhand.papers import EvaluationPlan, Finding, MadeFrom, Sealed, opened
from evenhand.record import Workspace
from evenhand.region.own import INVENTED
from evenhand.terms import Month, Refused, refuse
from evenhand.terms.words import listed

BY = "command"
Keep = Callable[[Finding], Sealed]


@dataclass(frozen=True)
class Taken:
    """One look that was taken: its paper, what it says, and its figure; ``new`` where it was not taken before."""

    sealed: Sealed
    finding: Finding
    figure: Figure | None
    new: bool


@dataclass(frozen=True)
class Case:
    """What came of one case: the looks taken, oldest first, or why none was."""

    subject: str
    taken: tuple[Taken, ...] = ()
    waits: str = ""


def run_case(record: Workspace, workspace: Path, subject: str, *, at: datetime, as_at: Month | None = None) -> Case:
    """Take every look of a case that is due, as its sealed plan fixed it; looks taken before stay as they were."""
    sealed = plan_in(record.papers(subject, EvaluationPlan.paper))
    if sealed is None:
        return Case(subject, waits="it holds no plan for finding out")
    before = {(each.plan, each.looked): (kept.digest, kept.bytes) for kept in record.papers(subject, Finding.paper)
              if isinstance(each := kept.paper(), Finding)}

    def keep(finding: Finding) -> Sealed:
        return record.keep(finding, by=BY, at=at)

    return answered(workspace, subject, sealed.plan, sealed, keep, before, as_at=as_at)


def answered(workspace: Path, subject: str, plan: EvaluationPlan, sealed: SealedPlan | None, keep: Keep,
             before: dict[Any, tuple[str, bytes]], *, as_at: Month | None = None) -> Case:
    """Answer a plan, sealed or not, from the figures that the workspace holds."""
    question = question_of(plan)
    if isinstance(question, str):
        return Case(subject, waits=question)
    panel = {measure: panel_of(workspace, question, measure) for measure in question.measures}
    if not panel.get(plan.measure or ""):
        return Case(subject, waits=f"no figures of {question.title} are held")
    looks = looks_of(plan)
    ready = due(plan, panel, as_at)
    if looks and not ready:
        return Case(subject, waits=f"no look is due yet: the first is in {looks[0].words}")
    digest = sealed.digest if sealed else None
    taken = []
    for look in ready or (None,):
        if digest is not None and look is not None and (digest, look) in before:
            held = before[digest, look]
            old = opened(held[1])
            assert isinstance(old, Finding)
            taken.append(Taken(Sealed(*held), old, None, new=False))
            continue
        seen = up_to(panel, look.plus(-1)) if look is not None else panel
        finding = _finding(workspace, question, sealed, plan, seen, look)
        figure = figure_of(question, seen, finding) if look is None or look == ready[-1] else None
        taken.append(Taken(keep(finding), finding, figure, new=True))
    if taken and taken[-1].figure is None and not taken[-1].new:
        shown = up_to(panel, ready[-1].plus(-1))
        taken[-1] = replace(taken[-1], figure=figure_of(question, shown, taken[-1].finding))
    return Case(subject, tuple(taken))


def _finding(workspace: Path, question: Question, sealed: SealedPlan | None, plan: EvaluationPlan,
             panel: dict[str, dict[str, Series]], look: Month | None) -> Finding:
    files = tuple(MadeFrom(each.digest, each.file) for each in held_in(workspace)
                  if each.source in (question.source, "observations"))
    from_plan = (MadeFrom(sealed.digest, "plan for finding out whether it worked"),) if sealed else ()
    finding = finding_of(question, panel, Context(
        sealed.digest if sealed else None, (*from_plan, *files), sealed.amendments if sealed else (), look,
        next_look(looks_of(plan), look) if look else None, tuple(plan.design_settings.get("marks", ()))))
    return replace(finding, remarks=(*finding.remarks, INVENTED)) if INVENTED in plan.remarks else finding


def panel_of(workspace: Path, question: Question, measure: str) -> dict[str, Series]:
    """Every body's series of one measure, on the one release that the plan names; nothing where none is held."""
    try:
        rows = engine.observations(workspace, measure=[measure], source=question.source, vintage=question.vintage,
                                   first=question.first, last=question.last).to_pylist()
    except Refused:
        return {}
    _one_release(rows, measure)
    by_unit: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_unit.setdefault(row["unit"], []).append(row)
    return {code: series_of(held, code, question.source) for code, held in by_unit.items() if code != ENGLAND}


def _one_release(rows: Sequence[dict[str, Any]], measure: str) -> None:
    """Refuse two releases of one measure in one series: what changed between them may be the counting."""
    releases = {(str(row["source"]), str(row["vintage"] or "")) for row in rows}
    if len(releases) > 1:
        raise refuse(f"two releases of {measure} are held, and the plan does not say which: "
                     f"{listed(sorted(' '.join(each).strip() for each in releases))}",
                     "amend the plan with a reason: source and vintage in its design settings")


def cases_with_plans(record: Workspace) -> tuple[str, ...]:
    """Every case that holds a plan for finding out."""
    return tuple(subject for subject in record.subjects() if subject.startswith("case/")
                 and record.papers(subject, EvaluationPlan.paper))


def after_a_load(workspace: Path, *, at: datetime) -> tuple[Case, ...]:
    """Take every look that new figures made due, in a workspace that has a record; what was taken before stays.

    The figures are loaded by then and stay so: a case that cannot be answered says why, and stops nothing.
    """
    try:
        record = Workspace.open(workspace)
        subjects = cases_with_plans(record)
    except Refused:
        return ()
    cases = []
    for subject in subjects:
        try:
            cases.append(run_case(record, workspace, subject, at=at))
        except Refused as refused:
            cases.append(Case(subject, waits=refused.lines()[0]))
    if any(each.new for case in cases for each in case.taken):
        keep_realised(record, workspace)
    return tuple(cases)


REALISED = "realised.json"
"""Where the table of promised and found by kind of scheme is kept in a workspace."""


def keep_realised(record: Workspace, workspace: Path) -> Path | None:
    """Write what came of promises by kind of scheme, from each case's latest finding; nothing where there is none."""
    latest = []
    for subject in cases_with_plans(record):
        sealed = plan_in(record.papers(subject, EvaluationPlan.paper))
        found = [paper for kept in record.papers(subject, Finding.paper)
                 if isinstance(paper := kept.paper(), Finding) and paper.plan is not None]
        if sealed is not None and found:
            latest.append((subject, sealed.plan, found[-1]))
    given = running_ratios.outcomes(latest)
    if not given:
        return None
    path, beside = workspace / REALISED, workspace / f"{REALISED}.new"
    text = json.dumps(running_ratios.document(given), indent=1, ensure_ascii=False) + "\n"
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
    return path
