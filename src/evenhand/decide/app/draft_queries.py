"""The only reader of drafts of decisions."""

from __future__ import annotations

from evenhand.decide.app.draft_models import DecisionDraft
from evenhand.decide.drafting import Draft, draft_in
from evenhand.decide.gate_view import IN_WORDS
from evenhand.papers import Appraisal, MadeFrom, Option, Proposal, Voices
from evenhand.record.app import queries as record

RELIED_ON = ("opportunity", "evidence", "voices", "appraisal", "assessment", "judgement", "change-plan",
             "evaluation-plan", "statement")
"""The kinds of papers that a decision rests on, where they are of the version decided on or of none."""


def drafted(meeting: str, number: int) -> Draft | None:
    """What was prepared for an item; nothing where nobody has."""
    row = DecisionDraft.objects.filter(item__meeting__name=meeting, item__number=number).first()
    return None if row is None else draft_in(row.parts)


def suggested(case: str, version: int | None) -> Draft:
    """What the papers of a case say already that a decision has to say; everything else stays unsaid."""
    papers = [each.paper() for each in record.papers(case)]
    appraisal = next((each for each in reversed(papers) if isinstance(each, Appraisal)), None)
    heard = [each.what_changed for each in papers if isinstance(each, Voices) and each.what_changed
             and each.header.proposal_version == version]
    losers = tuple(dict.fromkeys(f"{each.who}{f': {each.how}' if each.how else ''}" for each in
                                 (appraisal.may_lose or () if appraisal else ())))
    return Draft(what_changed=" ".join(heard) or None, may_lose=losers or None,
                 turns_on=appraisal.turns_on if appraisal else None)


def options_of(case: str, version: int | None) -> tuple[Option, ...]:
    """The options of a case's proposal of that version; of the newest where none is named."""
    held = [paper for each in record.papers(case, "proposal") if isinstance(paper := each.paper(), Proposal)]
    of_it = [each for each in held if version is None or each.version == version]
    return of_it[-1].options if of_it else ()


def relied_on(case: str, version: int | None) -> tuple[MadeFrom, ...]:
    """The papers that a decision on a version rests on, in the order they were left."""
    return tuple(MadeFrom(each.digest, IN_WORDS.get(each.kind, each.kind)) for each in record.papers(case)
                 if each.kind in RELIED_ON and each.paper().header.proposal_version in (version, None))
