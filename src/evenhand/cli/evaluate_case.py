"""``evenhand evaluate plan`` and ``run``: how we shall know, sealed before; and what was found, look by look."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.cli.arguments import Parser
from evenhand.cli.document import document
from evenhand.terms import Month, Refused, refuse

if TYPE_CHECKING:
    from evenhand.evaluate.beside_series import Series
    from evenhand.papers import EvaluationPlan
    from evenhand.region.due import Case

_EXAMPLES = """examples:
  evenhand evaluate plan ward-3                                     what its plan says and lacks, and its power
  evenhand evaluate plan ward-3 --settings plan.toml                the same with what plan.toml settles
  evenhand evaluate plan ward-3 --settings plan.toml --write        seal it, if it is whole
  evenhand evaluate plan ward-3 --settings more.toml --because "the measure was redefined" --write
  evenhand evaluate run                                             every look that is due
  evenhand evaluate run ward-3 --as-at 2029-04-30                   one case, as on that day
"""
VERDICT = {"worked": "Worked", "did not work": "Did not work", "faded": "Faded", "cannot tell": "Cannot tell"}


def main(words: Sequence[str]) -> int:
    """Run ``evaluate plan`` or ``evaluate run``; raises ``Refused`` for what a person can mend."""
    parser = Parser(prog="evenhand evaluate", epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    plan = commands.add_parser("plan", help="what a case's plan says, lacks, and can see", epilog=_EXAMPLES,
                               formatter_class=argparse.RawDescriptionHelpFormatter)
    plan.add_argument("case", metavar="CASE", help="a case's id, a folder of papers or a pack")
    plan.add_argument("--settings", metavar="FILE.toml", help="fields of the plan, as the papers' reference names them")
    plan.add_argument("--because", metavar="REASON", help="why a sealed plan is changed: it becomes an amendment")
    plan.add_argument("--write", action="store_true", help="seal it in the record of the workspace, if it is whole")
    plan.set_defaults(do=_plan)
    run = commands.add_parser("run", help="take the looks that are due", epilog=_EXAMPLES,
                              formatter_class=argparse.RawDescriptionHelpFormatter)
    run.add_argument("case", metavar="CASE", nargs="?", help="a case's id in the workspace; all unless one is named")
    run.add_argument("--as-at", metavar="DATE", help="as on this day: later looks wait (2029-04-30 or 2029-04)")
    run.set_defaults(do=_run)
    for each in (plan, run):
        each.add_argument("--workspace", metavar="DIR", default=os.environ.get("EVENHAND_HOME") or "workspace",
                          help="where record and figures are held (EVENHAND_HOME, else ./workspace)")
        each.add_argument("--json", action="store_true", help="one JSON document on standard output")
    arguments = parser.parse_args(list(words))
    status: int = arguments.do(arguments)
    return status


# --- plan -------------------------------------------------------------------------------------------------------------


def _plan(arguments: argparse.Namespace) -> int:
    from evenhand.evaluate.plan_draft import drafted, held, with_power
    from evenhand.papers import lacking, plain, seal
    from evenhand.record import case_file
    from evenhand.region.folder import read_toml
    from evenhand.region.proposals import in_pence

    workspace = Path(arguments.workspace)
    case = case_file(arguments.case, workspace=workspace)
    settled = in_pence(read_toml(_there(arguments.settings))) if arguments.settings else {}
    plan = drafted(case, settled, name=arguments.settings or "the plan", because=arguments.because)
    before = held(case)
    already = before is not None and plan == before.plan
    why = None
    if not already:
        plan, why = with_power(plan, _panel(workspace, plan))
    lacks = lacking(plan)
    if arguments.write and lacks:
        raise Refused([*(refuse(f"the plan lacks {each}", "settle it, and name the file with --settings",
                                file=arguments.settings or "").problems[0] for each in lacks)])
    sealed = seal(plan)
    if arguments.write and not already:
        sealed = _record(workspace).keep(plan, by="command", at=datetime.now(UTC), why=arguments.because or "")
    digest = before.digest if already and before is not None else sealed.digest
    said = _plan_said(plan, lacks, why, digest=digest, written=arguments.write or already, already=already,
                      decided=bool(case.of_kind("decision")))
    if arguments.json:
        print(document("evaluate plan", "HM Treasury (2020), The Magenta Book", {
            "case": arguments.case, "settings": arguments.settings, "because": arguments.because,
            "write": arguments.write, "workspace": arguments.workspace},
            {"plan": plain(plan), "complete": not lacks, "lacks": list(lacks),
             "sealed": digest if arguments.write or already else None, "amends": plan.amends},
            made_from=[{"what": each.kind, "digest": each.digest} for each in case.papers], remarks=said))
    else:
        print("\n".join(said))
    return 0


def _there(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise refuse("there is no such file", "name a TOML file", file=name)
    return path


def _plan_said(plan: EvaluationPlan, lacks: tuple[str, ...], why: str | None, *, digest: str, written: bool,
               already: bool, decided: bool) -> list[str]:
    from evenhand.terms.words import counted

    said = [plan.question]
    if plan.point:
        said.append(f"What it is for: {plan.point}")
    said.append(plan.power.sentence if plan.power else
                f"Whether it can be seen here by then is not known{f': {why}' if why else ''}.")
    if plan.amends:
        said.append(f"It amends the plan {plan.amends[:19]}…{', after the decision' if decided else ''}: "
                    f"{(plan.amendment_reason or '').rstrip('.')}. Every finding will say so.")
    if lacks:
        return [*said, f"Not whole: it lacks {counted(len(lacks), 'thing')}, and nothing can be decided on it.",
                *(f"  - {each}" for each in lacks)]
    if already:
        return [*said, f"Sealed as {digest[:19]}…, and unchanged."]
    return [*said, f"Whole. Sealed as {digest[:19]}…." if written else "Whole. Seal it with --write."]


def _panel(workspace: Path, plan: EvaluationPlan) -> dict[str, dict[str, Series]]:
    """The figures of the plan's measure, where the workspace holds any."""
    from evenhand.evaluate.running_parts import question_of
    from evenhand.region.due import panel_of

    question = question_of(plan)
    if isinstance(question, str) or not plan.measure:
        return {}
    return {plan.measure: panel_of(workspace, question, plan.measure)}


def _record(workspace: Path) -> Any:
    from evenhand.record import Workspace

    return Workspace.open(workspace)


# --- run --------------------------------------------------------------------------------------------------------------


def _run(arguments: argparse.Namespace) -> int:
    from evenhand.papers import plain
    from evenhand.region import due

    workspace = Path(arguments.workspace)
    record = _record(workspace)
    as_at = _as_at(arguments.as_at)
    subjects = ([record.subject_called(arguments.case)] if arguments.case else due.cases_with_plans(record))
    cases = [due.run_case(record, workspace, subject, at=datetime.now(UTC), as_at=as_at) for subject in subjects]
    kept = due.keep_realised(record, workspace) if any(case.taken for case in cases) else None
    said = [line for case in cases for line in _case_said(case)] or [
        "No case here holds a plan for finding out: write one with evenhand evaluate plan CASE."]
    if kept is not None:
        said.append(f"What came of promises, by kind of scheme: {kept}.")
    if arguments.json:
        print(document("evaluate run", "each plan's own design", {
            "case": arguments.case, "as_at": arguments.as_at, "workspace": arguments.workspace},
            {"cases": [{"case": case.subject, "waits": case.waits or None, "looks": [
                {"digest": each.sealed.digest, "new": each.new, "finding": plain(replace(each.finding, figures={}))}
                for each in case.taken]} for case in cases]}, remarks=said))
    else:
        print("\n".join(said))
    return 0


def _as_at(text: str | None) -> Month | None:
    if text is None:
        return None
    try:
        return Month.of(date.fromisoformat(text)) if len(text) > 7 else Month.parsed(text)
    except ValueError:
        raise refuse("this is no day", "write it as 2029-04-30", column="--as-at", value=text) from None


def new_looks_said(cases: Sequence[Case]) -> list[str]:
    """What the looks say that were taken just now; nothing of cases in which nothing is new."""
    return [line for case in cases if any(each.new for each in case.taken) for line in _case_said(case)]


def _case_said(case: Case) -> list[str]:
    name = case.subject.removeprefix("case/")
    if case.waits:
        return [f"{name}: {case.waits}."]
    new = [each for each in case.taken if each.new]
    if not new:
        return [f"{name}: no new look; the latest stands: {VERDICT[case.taken[-1].finding.verdict].lower()}."]
    lines = []
    for each in new:
        finding = each.finding
        look = f" ({finding.looked.words})" if isinstance(finding.looked, Month) else ""
        lines.append(f"{name}{look}: {VERDICT[finding.verdict]}. {finding.sentence}")
        lines += [f"  {said}" for said in (finding.point_sentence, *(each.sentence for each in finding.safety),
                                           *(each.sentence for each in finding.groups), finding.cost_sentence) if said]
    return lines
