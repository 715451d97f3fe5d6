"""The first half of a board paper: what is asked, why, the options, who was heard, the evidence, scores and money."""

from __future__ import annotations

from evenhand.documents.board_paper import Block, Grid, Picture, Said, Under, drafted, lines, sentence
from evenhand.documents.board_paper_charts import scores_chart
from evenhand.documents.board_paper_told import Told
from evenhand.documents.board_paper_words import (
    body,
    day,
    groups_shown,
    lower,
    measured,
    shown,
    stated,
    themes_shown,
    when,
    without_end,
)
from evenhand.papers import Appraisal, EngagementPlan, Evidence, Opportunity, Plan, Voices
from evenhand.terms import Estimate
from evenhand.terms.words import NOT_HELD, listed, per_cent, pounds

SURE = {"high": "very sure", "fair": "fairly sure", "low": "not sure"}


def asked(told: Told) -> tuple[Block, ...]:
    """What the meeting is asked to do."""
    if told.item and told.item.asked_to.strip():
        return lines(f"You are asked to {lower(told.item.asked_to)}", lead=True)
    if told.decision:
        return lines(drafted("You are asked to note what was decided, and what is owed"), lead=True)
    if not told.proposal:
        return lines(drafted("Nothing has been proposed yet, so there is nothing to decide"), lead=True)
    open_options = [each for each in told.proposal.options if not each.closed_because]
    return lines(drafted(f"You are asked to choose one of the {len(open_options)} options below, doing nothing among "
                         f"them, on version {told.proposal.version} of this proposal"), lead=True)


def summary(told: Told) -> tuple[Block, ...]:
    """The case in a sentence or two."""
    found: list[Said | str] = []
    if told.decision and told.decision.sentence:
        found.append(_said(told.decision.sentence, told.is_drafted(told.decision)))
    elif told.appraisal and told.appraisal.sentence:
        found.append(_said(told.appraisal.sentence, told.is_drafted(told.appraisal)))
    elif told.change:
        found.append(drafted(f"What is proposed: {lower(without_end(told.option(told.change.id)))}"))
    if told.gate:
        counts = told.gate.fields["counts"]
        of = sum(counts.values()) - counts["not applicable"]
        met = f"{counts['met']} of the {of} tests that apply {'are' if counts['met'] != 1 else 'is'} met"
        verdict = "Irreproachable" if told.gate.fields["verdict"] == "irreproachable" else "Not yet irreproachable"
        found.append(drafted(f"{verdict}: {met}"))
    return lines(*found or [NOT_HELD], lead=True)


def why(told: Told) -> tuple[Block, ...]:
    """The reasons in the bodies' own words, and what prompted it."""
    proposal = told.proposal
    blocks: list[Block] = [*lines((proposal.why if proposal else None) or
                                  Said(NOT_HELD, label="The reasons in the bodies’ own words:"))]
    if proposal and proposal.raised:
        blocks += lines(Said(when(proposal.raised), label="Raised:"))
    if proposal and proposal.people_affected:
        blocks += lines(*(Said(stated(each, told.regime), label=f"{each.what}:") for each in proposal.people_affected),
                        bulleted=True)
    for each in told.all(Opportunity):
        blocks += lines(_said(each.sentence or each.title, True))
    if proposal and proposal.changed_since_last_version:
        blocks += lines(Said(proposal.changed_since_last_version, label="Changed since the version before:"))
    return tuple(blocks)


def options(told: Told) -> tuple[Block, ...]:
    """Every option with what it means and how it stands, doing nothing among them."""
    if not told.proposal:
        return lines(NOT_HELD)
    rows = []
    for each in told.proposal.options:
        means = each.what_it_means if each.title else NOT_HELD if not each.what_it_means else ""
        rows.append((each.title or each.what_it_means or NOT_HELD, means or "", _standing(told, each.id)))
    return (Grid("The options", ("Option", "What it means", "How it stands"), tuple(rows), widths=(3, 4, 3)),)


def _standing(told: Told, name: str) -> str:
    assert told.proposal
    option = told.proposal.option(name)
    if told.decision and told.decision.option == name:
        return "Chosen"
    if option.closed_because:
        on = f" on {day(option.closed)}" if option.closed else ""
        return f"Set aside{on}: {option.closed_because}"
    return "Doing nothing" if option.does_nothing else "Open" if not told.decision else "Not chosen"


# --- who was heard ----------------------------------------------------------------------------------------------------


def heard(told: Told) -> tuple[Block, ...]:
    """Every exercise of listening on this version, what was said and what changed; those on another version apart."""
    blocks: list[Block] = []
    plan = told.latest(EngagementPlan)
    if plan:
        blocks += lines(_said(plan.sentence or plan.title, told.is_drafted(plan)))
        if plan.not_heard:
            blocks += lines(Said(listed(plan.not_heard), label="Not heard though their day has passed:"))
    for each in told.all(Voices):
        blocks += _voices(told, each)
    for cited in told.on_other_versions:
        if isinstance(cited.paper, Voices):
            blocks += lines(drafted(f"{cited.paper.kind} asked about version {cited.version}, which is not the version "
                                    "put here, so it does not count for this one"))
    return tuple(blocks) or lines(NOT_HELD)


def _voices(told: Told, voices: Voices) -> list[Block]:
    blocks: list[Block] = [Under(f"{voices.kind}{_days(voices)}")]
    if voices.sentence:
        blocks += lines(_said(voices.sentence, told.is_drafted(voices)))
    facts = [Said(shown([voices.replies], None, told.regime)[0], label="Replies:")]
    if voices.led_by:
        facts.append(Said(body(voices.led_by), label="Led by:"))
    if voices.ways:
        facts.append(Said(listed(voices.ways), label="Ways to reply:"))
    if voices.not_heard is not None:
        facts.append(Said(listed(voices.not_heard) or "nobody", label="Hardly heard:"))
    blocks += lines(*facts, bulleted=True)
    if voices.groups:
        replied = tuple((group.name, replies, *_shares(group.share_of_replies, group.share_of_people, replies))
                        for group, replies in groups_shown(voices, told.regime))
        blocks.append(Grid("Who replied", ("Group", "Replies", "Share of replies", "Share of people"), replied,
                           (1, 2, 3), (4, 2, 2, 2)))
    if voices.themes:
        answered = tuple((theme.title, replies, theme.answer or NOT_HELD)
                         for theme, replies in themes_shown(voices, told.regime))
        blocks.append(Grid("What they said, and what was done about it", ("What they said", "Replies", "The answer"),
                           answered, (1,), (3, 1.2, 5)))
    elif voices.themes is None:
        blocks += lines(Said(NOT_HELD, label="What they said:"))
    blocks += lines(Said(voices.what_changed or NOT_HELD, label="What changed because of it:"))
    return blocks


def _days(voices: Voices) -> str:
    if voices.opened is None:
        return ""
    return f", {day(voices.opened)}{f' to {day(voices.closed)}' if voices.closed else ''}"


def _shares(of_replies: float | None, of_people: float | None, replies: str) -> tuple[str, str]:
    # A share of a known total would give the hidden count away.
    hidden = replies.startswith("hidden")
    return (replies if hidden else per_cent(of_replies) if of_replies is not None else NOT_HELD,
            per_cent(of_people) if of_people is not None else NOT_HELD)


# --- evidence, scores and money ---------------------------------------------------------------------------------------


def evidence(told: Told) -> tuple[Block, ...]:
    """What is known, from where, how it is graded, and what it cannot show here."""
    blocks: list[Block] = []
    rows = []
    for each in told.all(Evidence):
        grade = f"{each.grade}{f' ({each.grade_scheme})' if each.grade_scheme else ''}" if each.grade else "Not graded"
        effect = f" Effect: {measured(each.effect, each.effect_units)}." if each.effect is not None else ""
        limits = f" But: {' '.join(each.limits)}" if each.limits else ""
        rows.append((f"{each.says}{effect}", f"{each.source.title}{f'; {each.design}' if each.design else ''}", grade,
                     f"{sentence(each.applies_here or NOT_HELD)}{limits}"))
    if rows:
        blocks.append(Grid("The evidence, piece by piece", ("What it says", "Where it is from", "Grade",
                                                            "How far it applies here, and its limits"),
                           tuple(rows), widths=(4, 2.6, 1.3, 3.4)))
    for seen in told.all(Opportunity):
        if seen.sure:
            why_so = f": {seen.sure_because}" if seen.sure_because else ""
            blocks += lines(drafted(f"{SURE[seen.sure]}{why_so}", f"How sure the figure for “{seen.title}” is:"))
    return tuple(blocks) or lines(NOT_HELD)


def scores(told: Told) -> tuple[Block, ...]:
    """Every option's score on every criterion, with its range, beside the weight of the criterion."""
    paper = told.appraisal
    if paper is None or not paper.criteria or not paper.scores:
        return lines(Said(NOT_HELD, label="Scores, sub-scores and weights:"))
    given = {(each.option, each.criterion): each for each in paper.scores}
    rows = []
    for criterion in paper.criteria:
        weight = per_cent(criterion.weight) if criterion.weight is not None else "Not agreed"
        better = "more is better" if criterion.better == "high" else "less is better"
        money = "pounds" if (criterion.units or "").startswith(("pounds", "£")) else None
        cells = [measured(given[key].value, money) if (key := (option, criterion.id)) in given else NOT_HELD
                 for option in paper.options]
        units = f", {criterion.units}" if criterion.units else ""
        rows.append((f"{criterion.title}{units} ({better})", weight, *cells))
    blocks: list[Block] = []
    if paper.sentence:
        blocks += lines(_said(paper.sentence, told.is_drafted(paper)))
    names = tuple(told.option(each) for each in paper.options)
    blocks.append(Grid("What each option scores, by what it is judged on; ranges in brackets",
                       ("Judged on", "Weight", *names), tuple(rows), tuple(range(1, len(names) + 2)),
                       (3.2, 1.1, *(2.2 for _ in names))))
    figure = scores_chart(paper, told.option, invented=told.invented)
    if figure:
        blocks.append(Picture(figure))
    reasons = [Said(each.because, label=f"{told.option(each.option)}, {_criterion(paper, each.criterion)}:")
               for each in paper.scores if each.because]
    if reasons:
        blocks += (Under("Why these scores"), *lines(*reasons, bulleted=True))
    blocks += lines(Said(paper.weights_from or NOT_HELD, label="Where the weights come from:"))
    if paper.ranking:
        blocks += lines(Said("; ".join(f"{place}. {told.option(each)}"
                                       for place, each in enumerate(paper.ranking, start=1)), label="The order:"))
    turns_on = (told.to_be_said.turns_on if told.to_be_said else None) or paper.turns_on
    blocks += lines(Said(turns_on or NOT_HELD, label="What would change the answer:"))
    return tuple(blocks)


def _criterion(paper: Appraisal, name: str) -> str:
    return next((each.title for each in paper.criteria or () if each.id == name), name)


def money(told: Told) -> tuple[Block, ...]:
    """What is spent, what it would cost and give, and who pays whom."""
    blocks: list[Block] = []
    if told.proposal and told.proposal.spend:
        rows = tuple((each.what, stated(each, told.regime)) for each in told.proposal.spend)
        blocks.append(Grid("What is spent now", ("On what", "Amount"), rows, (1,), (6, 4)))
    for plan in told.plans:
        blocks += _plan(told, plan)
    gains = [each for each in told.all(Opportunity) if isinstance(each.gap, Estimate) and "pound" in each.gap_units]
    blocks += lines(*(Said(f"{measured(each.gap, each.gap_units)}: something to look into, not money in hand",
                           label=f"{each.title}:") for each in gains), bulleted=True)
    if not blocks:
        return lines(Said(NOT_HELD, label="What it costs, what it gives, and who gains and who pays:"))
    if not any(plan.transfers for plan in told.plans):
        blocks += lines(Said(NOT_HELD, label="Who would pay whom so that nobody is worse off:"))
    return tuple(blocks)


def _plan(told: Told, plan: Plan) -> list[Block]:
    name = told.subject.partition("/")[2]
    own = [each for each in plan.schemes if each.case in (name, told.subject)] or (
        list(plan.schemes) if len(plan.schemes) == 1 else [])
    rows = []
    for each in own:
        cost = "; ".join(f"{year}: {pounds(pence / 100)}" for year, pence in sorted((each.cost_pence or {}).items()))
        rows.append((each.title, each.starts or NOT_HELD, measured(each.value, each.value_units), cost or NOT_HELD))
    blocks: list[Block] = []
    if rows:
        blocks.append(Grid(f"In the plan “{plan.title}”", ("Change", "Begins", "What it would give", "What it costs"),
                           tuple(rows), widths=(3, 1.5, 3, 3)))
    if plan.transfers:
        paid = tuple((each.payer, each.receiver, each.year, pounds(each.pence / 100), each.because)
                     for each in plan.transfers)
        blocks.append(Grid(f"Who pays whom, across the whole of “{plan.title}”",
                           ("Pays", "Receives", "Year", "Amount", "Because"), paid, (3,),
                           (2.4, 2.4, 1.3, 1.6, 3)))
    if plan.compromises:
        blocks += (*lines(Said("What was given up to agree:")), *lines(*plan.compromises, bulleted=True))
    return blocks


def _said(text: str, by_program: bool) -> Said:
    return drafted(text) if by_program else Said(text)
