"""One page for a lay member: what is asked, the best case either way, who may be worse off, and what to ask.

Everything is drawn from papers that are held. Where they are silent the page says so; it never fills a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evenhand.decide import precedents
from evenhand.documents.board_paper import BoardPaper, Said, Section, drafted, lines
from evenhand.documents.board_paper_case import SURE, asked
from evenhand.documents.board_paper_told import Told
from evenhand.documents.board_paper_words import HIDDEN, lower, measured, themes_shown, without_end
from evenhand.documents.board_paper_written import facts
from evenhand.papers import (
    Assessment,
    Decision,
    Evidence,
    Finding,
    Impact,
    Lesson,
    Opportunity,
    PlannedChange,
    Proposal,
    Voices,
)
from evenhand.terms import Estimate
from evenhand.terms.words import NOT_HELD, counted, listed

if TYPE_CHECKING:
    from evenhand.record import CaseFile

KIND = "Item brief"
STANDING = "A member’s brief, drawn from the papers. It is no paper of the body; read the board paper too."
TITLES = (
    ("asked", "You are asked to"), ("for", "The best case for"), ("against", "The best case against"),
    ("worse-off", "Who may be worse off"), ("how-sure", "How sure"), ("turns-on", "What would change the answer"),
    ("questions", "Three questions to ask"), ("last-time", "Last time we tried this"))
MOST, LONGEST = 3, 260
QUESTIONS = 3
FOUND = {"worked": "It worked", "faded": "It worked at first, then faded", "did not work": "It did not work",
         "cannot tell": "It could not be told whether it worked"}


@dataclass(frozen=True)
class Earlier:
    """What came of an earlier case about the same service, in the words of its papers."""

    case: str
    title: str
    said: tuple[Said, ...]


def brief(told: Told, earlier: Sequence[Earlier] = ()) -> BoardPaper:
    """The brief for one item, in eight parts, short enough for a page.

    Args:
        told: the papers of the case at one version, the gate's answer and the item (``board_paper.told_of``).
        earlier: what came of earlier cases about the same service (``earlier_cases``).
    """
    parts = {"asked": _plain_asked(told), "for": _best_for(told), "against": _best_against(told),
             "worse-off": _worse_off(told), "how-sure": _how_sure(told), "turns-on": _turns_on(told),
             "questions": _questions(told), "last-time": _last_time(told, earlier)}
    sections = tuple(Section(name, title, lines(*map(_cut, parts[name] or [Said(NOT_HELD)]),
                                                bulleted=len(parts[name]) > 1)) for name, title in TITLES)
    return BoardPaper(KIND, told.title, facts(told), sections, invented=told.invented, short=True, standing=STANDING)


def earlier_cases(cases: Iterable[CaseFile], service: str, *, but: str) -> tuple[Earlier, ...]:
    """What findings and lessons say in other cases about this service, or in lessons that name it."""
    found = []
    for case in cases:
        if case.subject == but:
            continue
        papers = [each.paper() for each in case.papers]
        proposals = [each for each in papers if isinstance(each, Proposal)]
        same = any(_same(each.service, service) for each in proposals)
        lessons = [each for each in papers if isinstance(each, Lesson)
                   and (same or any(_same(one, service) for one in each.services))]
        findings = [each for each in papers if isinstance(each, Finding) and same]
        decisions = [each for each in papers if isinstance(each, Decision) and same]
        said = (*(Said(each.sentence) for each in decisions[-1:] if each.sentence),
                *map(_finding, {each.question: each for each in findings}.values()), *map(_lesson, lessons))
        if said:
            title = proposals[-1].title if proposals else case.subject.partition("/")[2]
            found.append(Earlier(case.subject, title, said))
    return tuple(found)


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _finding(paper: Finding) -> Said:
    verdict = "faded" if paper.verdict == "worked" and paper.lasted is False else paper.verdict
    return Said(f"{FOUND[verdict]}: {lower(paper.because)}", drafted=paper.header.method is not None)


def _lesson(paper: Lesson) -> Said:
    return Said(paper.advice, label="Learnt:", drafted=paper.header.method is not None)


# --- the parts --------------------------------------------------------------------------------------------------------


def _plain_asked(told: Told) -> list[Said]:
    """As the board paper says it, without the words that stand in the heading."""
    (block,) = asked(told)
    return [Said(each.text.removeprefix("You are asked to "), each.drafted)
            for each in block.said]  # type: ignore[union-attr]


def _best_for(told: Told) -> list[Said]:
    why = (told.proposal.why or "") if told.proposal else ""
    reasons = (told.decision.reasons or "") if told.decision else ""
    first = why.split(". ")[0]
    # The reasons of a decision often begin with those of the proposal.
    found = [Said(each) for each in ((reasons,) if first and first in reasons else (why, reasons)) if each]
    found += _where_it_differs(told, better=True)
    graded = [each for each in told.all(Evidence) if each.grade and each.about_options]
    found += [Said(each.says, label=f"Evidence ({each.grade}):") for each in graded[:1]]
    return found[:MOST]


def _best_against(told: Told) -> list[Said]:
    deciding = told.to_be_said
    found = [Said(each) for each in (deciding.objection, deciding.dissent) if each] if deciding else []
    challenges = told.decision.challenges or () if told.decision else ()
    found += [Said(each.what, label=f"{each.by}:") for each in challenges]
    found += _where_it_differs(told, better=False)
    voiced = [(theme, replies) for voices in told.all(Voices) for theme, replies in themes_shown(voices, told.regime)]
    voiced.sort(key=lambda each: -each[0].replies if isinstance(each[0].replies, int) else 0)
    found += [drafted(f"Said by {'too few to show' if replies == HIDDEN else replies}: “{theme.title}”. "
                      f"{f'Answer: {theme.answer}' if theme.answer else ''}") for theme, replies in voiced[:2]]
    change = told.latest(PlannedChange)
    for each in (change.change.resistance or ()) if change else ():
        found.append(Said(each.because or "why is not said", label=f"{each.by}:"))
    return found[:MOST + 1]


def _where_it_differs(told: Told, *, better: bool) -> list[Said]:
    """On what the option scores most above, or below, doing nothing: by its weight where weights are agreed."""
    paper, change = told.appraisal, told.change
    nothing = next((each.id for each in (told.proposal.options if told.proposal else ()) if each.does_nothing), None)
    if paper is None or change is None or nothing is None:
        return []
    given = {(each.option, each.criterion): each.value for each in paper.scores or ()}
    gaps = []
    for criterion in paper.criteria or ():
        ours, theirs = given.get((change.id, criterion.id)), given.get((nothing, criterion.id))
        if not isinstance(ours, Estimate) or not isinstance(theirs, Estimate) or ours.central == theirs.central:
            continue
        gain = (ours.central - theirs.central) * (1 if criterion.better == "high" else -1)
        if (gain > 0) is better:
            size = abs(gain) / (abs(ours.central) + abs(theirs.central)) * (criterion.weight or 1)
            gaps.append((-size, f"{criterion.title}: {measured(ours, criterion.units)}. Doing nothing: "
                                f"{measured(theirs, criterion.units)}"))
    return [drafted(text) for _, text in sorted(gaps)[:1]]


def _worse_off(told: Told) -> list[Said]:
    chosen = told.change.id if told.change else None
    found: list[Said] = []
    for paper in told.all(Assessment):
        found += [Said(_done(each), label=f"{each.on[:1].upper()}{each.on[1:]}:") for each in paper.impacts or ()
                  if each.effect == "worse" and each.option == chosen]
    said = " ".join(f"{each.label} {each.text}" for each in found).casefold()
    losers = [each for each in (told.appraisal.may_lose or () if told.appraisal else ()) if each.option == chosen]
    found += [Said(each.how, label="" if "worse off" in each.who else f"{each.who[:1].upper()}{each.who[1:]}:")
              for each in losers if without_end(each.how).casefold() not in said]
    if not found and told.decision:
        found += [Said(each) for each in told.decision.may_lose or ()]
    return found[:MOST + 1]


def _done(impact: Impact) -> str:
    why = f"{without_end(impact.because)}. " if impact.because else ""
    done = f"{without_end(impact.mitigation)}." if impact.mitigation else f"{NOT_HELD}."
    return f"{why}What is done: {lower(done)}"


def _how_sure(told: Told) -> list[Said]:
    found: list[Said] = []
    pieces = told.all(Evidence)
    if pieces:
        grades: dict[str, int] = {}
        for each in pieces:
            grades[each.grade or "not graded"] = grades.get(each.grade or "not graded", 0) + 1
        of = listed([f"{number} {grade}" for grade, number in sorted(grades.items())])
        found.append(drafted(f"{counted(len(pieces), 'piece')} of evidence: {of}"))
    seen = next((each for each in reversed(told.all(Opportunity)) if each.sure), None)
    if seen and seen.sure:
        found.append(drafted(f"We are {SURE[seen.sure]} of the figure that began it"))
    power = next((each.power for each in reversed(told.evaluation_plans) if each.power), None)
    if power:
        found.append(Said(power.sentence, drafted=True))
    if told.gate:
        counts = told.gate.fields["counts"]
        of_all = sum(counts.values()) - counts["not applicable"]
        found.append(drafted(f"{counts['met']} of {of_all} things that must be shown are shown"))
    return found[:MOST]


def _turns_on(told: Told) -> list[Said]:
    turns_on = (told.to_be_said.turns_on if told.to_be_said else None) or (
        told.appraisal.turns_on if told.appraisal else None)
    return [Said(turns_on, drafted=bool(told.appraisal and told.is_drafted(told.appraisal)))] if turns_on else []


def _questions(told: Told) -> list[Said]:
    """The weakest links as questions; where all holds, who watches, who asks those who lose, and what if it fails."""
    fields = told.gate.fields if told.gate else {"weakest": (), "packs": ()}
    rules = {each["id"]: each["title"] for each in fields["packs"]}
    # The question comes first: it is what a member says aloud; under which rules it stands can wait.
    found = [drafted(f"{each['question']} What is missing: {lower(without_end(each['missing'] or each['because']))} "
                     f"({rules[each['pack']]})") for each in fields["weakest"]]
    for plan in told.evaluation_plans:
        for safe in plan.safety:
            found.append(drafted(f"Who stops it if this gets worse: {lower(safe.title or safe.measure)}?"))
    for paper in told.all(Assessment):
        found += [drafted(f"Who asks those concerned ({each.on}) whether it is enough: {lower(without_end(done))}?")
                  for each in paper.impacts or () if each.effect == "worse" and (done := each.mitigation)]
    if told.proposal and not told.proposal.spend and not told.plans:
        found.append(drafted("What does it cost, and who pays?"))
    return list(dict.fromkeys(found))[:QUESTIONS]


def _last_time(told: Told, earlier: Sequence[Earlier]) -> list[Said]:
    own = [_finding(each) for each in {each.question: each for each in told.all(Finding)}.values()]
    own += [_lesson(each) for each in told.all(Lesson)]
    found = [Said(each.text, each.drafted, f"{case.title}:") for case in earlier for each in case.said]
    return [*own, *found, *_elsewhere(told)][:MOST]


def _elsewhere(told: Told) -> list[Said]:
    """What was decided elsewhere on something like it, and what followed, as the sources tell it."""
    if told.proposal is None:
        return []
    alike = precedents.similar(told.proposal.service, told.proposal.title, precedents.published(), codes=[
        each.code for each in told.proposal.bodies if each.code], without=told.subject.partition("/")[2])
    return [Said(f"{each.precedent.decision or f'What was decided: {lower(NOT_HELD)}.'} What followed: "
                 f"{each.precedent.followed or f'{lower(NOT_HELD)}.'}", label=f"Elsewhere, {each.precedent.title}:")
            for each in alike]


def _cut(each: Said) -> Said:
    """A long text to its last whole sentence that fits; the paper holds the rest."""
    if len(each.text) <= LONGEST:
        return each
    start = each.text[:LONGEST]
    end = max(start.rfind(mark) for mark in (". ", "! ", "? "))
    kept = start[:end + 1] if end > LONGEST // 3 else f"{start.rsplit(' ', 1)[0].rstrip(',;:')} …"
    return Said(kept, each.drafted, each.label)
