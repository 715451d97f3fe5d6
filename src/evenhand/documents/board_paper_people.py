"""The middle of a board paper: who may lose, equality and quality, risks, the change, promises, how we shall know."""

from __future__ import annotations

from evenhand.documents.board_paper import Block, Grid, Said, Under, drafted, lines
from evenhand.documents.board_paper_told import Told
from evenhand.documents.board_paper_words import day, measured, when, without_end
from evenhand.papers import (
    Assessment,
    ChangePlan,
    EvaluationPlan,
    Impact,
    PlannedChange,
    Programme,
    lacking,
)
from evenhand.terms.words import NOT_HELD, listed, per_cent, pounds

HIGH_RISK = 12
"""Likelihood times consequence from which a risk is called high in the usual matrix of five by five."""


def may_lose(told: Told) -> tuple[Block, ...]:
    """Who may be worse off under each option, and what is done about it, by whom and when."""
    blocks: list[Block] = []
    rows = [(told.option(each.option), each.who, f"{each.how}{_size(each.size, each.size_units)}")
            for each in (told.appraisal.may_lose or () if told.appraisal else ())]
    if rows:
        blocks.append(Grid("Who may lose, by option", ("Option", "Who", "How"), tuple(rows), widths=(3, 2.5, 4)))
    deciding = told.to_be_said
    if deciding and deciding.may_lose:
        said = " ".join(" ".join(row) for row in rows).casefold()
        blocks += lines(*(each for each in deciding.may_lose if without_end(each).casefold() not in said),
                        bulleted=True)
    if deciding and deciding.loss_answered:
        blocks += lines(Said(deciding.loss_answered, label="What is done for those who may lose:"))
    worse = [(told.option(each.option), each.on, each.because or NOT_HELD, _done(told, each))
             for paper in told.all(Assessment) for each in paper.impacts or () if each.effect == "worse"]
    if worse:
        blocks.append(Grid("Worse for some, and what is done about it",
                           ("Option", "For whom", "Why", "What is done about it"), tuple(worse), widths=(2.4, 2, 3, 4)))
    if not blocks:
        return lines(Said(NOT_HELD, label="Who may lose, and what is done about it:"))
    if rows and not worse:
        blocks += lines(Said(NOT_HELD, label="What is done about it:"))
    return tuple(blocks)


def _size(size: object, units: str | None) -> str:
    return f" ({measured(size, units)})" if size is not None else ""  # type: ignore[arg-type]


def _done(told: Told, impact: Impact) -> str:
    if not impact.mitigation:
        return f"{NOT_HELD}."
    owner = told.person(impact.mitigation_owner) if impact.mitigation_owner else f"owner: {NOT_HELD.lower()}"
    due = f"by {day(impact.mitigation_due)}" if impact.mitigation_due else f"by when: {NOT_HELD.lower()}"
    left = f" Left over: {without_end(impact.left_over)}." if impact.left_over else ""
    return f"{without_end(impact.mitigation)} ({owner}; {due}).{left}"


def equality(told: Told) -> tuple[Block, ...]:
    """Each equality and quality assessment: for whom better, worse, or not known; its gaps; who signed it."""
    blocks: list[Block] = []
    found = told.all(Assessment)
    for each in found:
        blocks += _assessment(told, each)
    for kind in ("equality", "quality"):
        if not any(each.kind == kind for each in found):
            late = next((one for one in told.on_other_versions if isinstance(one.paper, Assessment)
                         and one.paper.kind == kind), None)
            other = (f" about this version. One is held about version {late.version}; it does not count for this one"
                     if late else "")
            blocks += lines(Said(f"{NOT_HELD}{other}", label=f"{kind.capitalize()} assessment:"))
    return tuple(blocks)


def _assessment(told: Told, paper: Assessment) -> list[Block]:
    made = f", {when(paper.made_when)}" if paper.made_when else ""
    blocks: list[Block] = [Under(f"{paper.kind.capitalize()} assessment{made}")]
    if paper.made is False:
        blocks += lines("The sources say that none was made.")
    if paper.sentence:
        blocks += lines(drafted(paper.sentence) if told.is_drafted(paper) else paper.sentence)
    if paper.impacts is None:
        blocks += lines(Said(NOT_HELD, label="What it says, group by group:"))
    rows = []
    for each in paper.impacts or ():
        if each.effect in ("better", "worse") or each.effect is None or each.likelihood:
            rows.append((f"{each.on}: {told.option(each.option)}", _effect(each), each.because or NOT_HELD,
                         _done(told, each) if each.effect == "worse" else without_end(each.mitigation or "–")))
    if rows:
        blocks.append(Grid(f"{paper.kind.capitalize()}: what each option may do, and to whom",
                           ("On whom, and by which option", "Effect", "Because", "What is done about it"),
                           tuple(rows), widths=(3, 1.7, 3.2, 3)))
    none: dict[str, list[str]] = {}
    for each in paper.impacts or ():
        if each.effect == "none" and not each.likelihood:
            none.setdefault(each.option, []).append(each.on)
    facts = [Said(listed(groups), label=f"No change expected by “{told.option(option)}” for:")
             for option, groups in none.items()]
    facts.append(Said("; ".join(paper.gaps) if paper.gaps else "none named" if paper.gaps == () else NOT_HELD,
                      label="Gaps in it:"))
    facts.append(Said(told.people(paper.signed_by) if paper.signed_by else NOT_HELD,
                      label="Signed by:"))
    if paper.next_review:
        facts.append(Said(day(paper.next_review), label="To be looked at again:"))
    return [*blocks, *lines(*facts, bulleted=True)]


def _effect(impact: Impact) -> str:
    said = {"better": "Better", "worse": "Worse", "none": "No change", None: NOT_HELD}[impact.effect]
    if impact.likelihood and impact.consequence:
        return f"{said}; risk {impact.likelihood} × {impact.consequence} = {impact.likelihood * impact.consequence}"
    return said


def risks(told: Told) -> tuple[Block, ...]:
    """What may go wrong: risks by likelihood and consequence, what would stop the change, and what runs short."""
    rows: list[tuple[int, tuple[str, str, str]]] = []
    for paper in told.all(Assessment):
        for each in paper.impacts or ():
            # A risk that scores low and is expected to get better stands in the quality assessment already.
            if each.likelihood and each.consequence and (each.effect != "better"
                                                         or each.likelihood * each.consequence >= HIGH_RISK):
                size = each.likelihood * each.consequence
                rows.append((-size, (f"{each.on}: {told.option(each.option)}. {each.because or ''}".strip(),
                                     f"{each.likelihood} × {each.consequence} = {size}",
                                     _done(told, each))))
    for plan in told.evaluation_plans:
        for safe in plan.safety:
            rows.append((0, (f"{safe.title or safe.measure} gets worse: {safe.because}", "Watched",
                             f"The change is stopped if it gets worse by {per_cent(safe.stop_at)} or more and chance "
                             "does not explain it.")))
    for change in _changes(told):
        for against in change.resistance or ():
            rows.append((0, (f"{against.by} may stand against it{f': {against.because}' if against.because else ''}",
                             "Expected", against.answer or NOT_HELD)))
    blocks: list[Block] = []
    if rows:
        blocks.append(Grid("What may go wrong",
                           ("Risk", "Likelihood × consequence, each of 5", "What is done about it"),
                           tuple(row for _, row in sorted(rows, key=lambda each: each[0])), widths=(4, 2, 4)))
    limits = [Said(f"{limit.used:g} of {limit.limit:g} {limit.units} used", label=f"{limit.name}:")
              for plan in told.plans for limit in plan.limits]
    if limits:
        blocks += (*lines(Said("What there is only so much of:")), *lines(*limits, bulleted=True))
    return tuple(blocks) or lines(NOT_HELD)


def _changes(told: Told) -> tuple[ChangePlan, ...]:
    """The change plan of this version: that of its own paper takes the place of the proposal's."""
    own = told.latest(PlannedChange)
    if own:
        return (own.change,)
    return (told.proposal.change_plan,) if told.proposal and told.proposal.change_plan else ()


def change(told: Told) -> tuple[Block, ...]:
    """How the change will be managed: purpose, who leads, who does what differently, levers, steps, what holds it."""
    found = _changes(told)
    if not found:
        return lines(NOT_HELD)
    plan = found[0]
    facts = [Said(plan.purpose or NOT_HELD, label="Purpose:"),
             Said(told.person(plan.led_by), label="Led by:"),
             Said(listed(plan.levers) if plan.levers else NOT_HELD, label="Levers:"),
             Said(plan.technique or NOT_HELD, label="Way of working:"),
             Said(plan.held_by or NOT_HELD, label="What will hold it:")]
    if plan.needed_first:
        facts.append(Said("; ".join(plan.needed_first), label="Needed first:"))
    if plan.hours_a_week is not None:
        facts.append(Said(f"{plan.hours_a_week:g} hours a week", label="People’s time it takes:"))
    blocks: list[Block] = [*lines(*facts, bulleted=True)]
    if plan.differently:
        blocks.append(Grid("Who must do what differently", ("Who", "What"),
                           tuple((each.who, each.what) for each in plan.differently), widths=(3, 7)))
    if plan.steps:
        blocks.append(Grid("Steps", ("Step", "What happens"),
                           tuple((str(number), step) for number, step in enumerate(plan.steps, start=1)),
                           widths=(1, 9)))
    return tuple(blocks)


def promises(told: Told) -> tuple[Block, ...]:
    """What is promised, by whom and by when, and how each ended where that is known."""
    rows = []
    deciding = told.to_be_said
    for each in deciding.promises if deciding else ():
        came = NOT_HELD if each.kept is None else ("Kept" if each.kept else "Broken") + (
            f", {when(each.kept_when)}" if each.kept_when else "")
        came = came if told.decision else "If it is approved"
        how = f". {each.how}" if each.how else ""
        rows.append((each.what, told.person(each.owner), when(each.due), f"{came}{how}"))
    programme = told.latest(Programme)
    for step in programme.milestones or () if programme else ():
        rows.append((step.what, told.person(step.owner), when(step.due),
                     f"Done, {when(step.done)}" if step.done else "Not done yet"))
    chosen = told.change.id if told.change else ""
    for paper in told.all(Assessment):
        for impact in paper.impacts or ():
            if impact.mitigation and impact.option == chosen:
                rows.append((f"{without_end(impact.mitigation)}, for {impact.on}", told.person(impact.mitigation_owner),
                             when(impact.mitigation_due), "To be done"))
    rows = list(dict.fromkeys(rows))
    if not rows:
        return lines(Said(NOT_HELD, label="Promises, with owners and dates:"))
    return (Grid("What is promised", ("Promise", "Owner", "By when", "How it stands"), tuple(rows),
                 widths=(4, 2, 2, 2.6)),)


def knowing(told: Told) -> tuple[Block, ...]:
    """How we shall know whether it worked, what would stop it, and when somebody looks again."""
    blocks: list[Block] = []
    for each in told.evaluation_plans:
        blocks += _evaluation(told, each)
    if not blocks:
        blocks += lines(Said(NOT_HELD, label="The plan for finding out whether it worked:"))
    review = (told.to_be_said.review_due if told.to_be_said else None) or next(
        (each.review_due for each in reversed(told.evaluation_plans) if each.review_due), None)
    return (*blocks, *lines(Said(when(review), label="To be looked at again:")))


def _evaluation(told: Told, plan: EvaluationPlan) -> list[Block]:
    judged_by = plan.primary.title or plan.primary.measure if plan.primary else plan.measure
    promised = measured(plan.promised, plan.promised_units)
    facts = [Said(plan.point or NOT_HELD, label="What it is for:"),
             Said(judged_by or NOT_HELD, label="Judged by:"),
             Said(plan.compared_with or NOT_HELD, label="Set beside:"),
             Said(promised, label="Promised:"),
             Said(plan.worked_if or NOT_HELD, label="It worked if:"),
             Said(plan.stop_if or NOT_HELD, label="We stop if:"),
             Said(listed([when(each) for each in plan.looks]) if plan.looks else NOT_HELD, label="Looks:"),
             Said(told.person(plan.owner), label="Owner:")]
    if plan.power:
        facts.append(Said(plan.power.sentence, label="Chance of seeing it:"))
    if plan.cost_pence is not None:
        facts.append(Said(pounds(plan.cost_pence / 100), label="What finding out costs:"))
    lacks = lacking(plan)
    if lacks:
        facts.append(drafted(listed(lacks), label="The plan still lacks:"))
    return [Under(plan.question), *lines(*facts, bulleted=True)]
