"""A decision as its page tells it: the papers of one case, put in the order a reader asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from evenhand.papers import (
    Appraisal,
    Assessment,
    Challenge,
    ChangePlan,
    Decision,
    EngagementPlan,
    EvaluationPlan,
    Evidence,
    Finding,
    Judgement,
    Lesson,
    Opportunity,
    Option,
    Paper,
    Plan,
    PlannedChange,
    Programme,
    Promise,
    Proposal,
    Source,
    Statement,
    Voices,
)
from evenhand.record import Entry, Kept

P = TypeVar("P", bound=Paper)

PAPER_NAMES = {
    "opportunity": "Where something was being lost", "engagement-plan": "Who must be heard", "voices": "Who was heard",
    "scheme-list": "The list it began from",
    "appraisal": "What each option would do",
    "plan": "The plan", "change-plan": "How the change will be managed", "judgement": "What was judged, and why",
    "statement": "Whether the regional office backs it",
    "evaluation-plan": "How we shall know",
    "provider-selection": "How the provider was chosen", "decision": "The decision",
    "signed-document": "A paper that was signed",
    "programme": "Whether it is happening", "finding": "What happened", "lesson": "What was learnt",
    "lineage": "Who came after whom", "proposal": "The proposal", "evidence": "Evidence",
    "assessment": "Who may be better or worse off", "heads": "The record of one day", "receipt": "A hand-over received",
}
OUTCOMES = {"approved": "To go ahead.", "declined": "Not to go ahead.", "deferred": "Put off."}
STATE_NAMES = {
    "raised": "Raised, not yet looked into", "explored": "Looked into", "proposed": "Proposed",
    "engaged": "People have been asked", "appraised": "Options compared", "planned": "Ready to be decided",
    "approved": "Decided: approved", "declined": "Decided: declined", "deferred": "Put off",
    "challenged": "Challenged", "delivering": "Being carried out", "sustained": "Holding",
    "stopped": "Stopped", "closed": "Closed",
}


def verdict_of(finding: Finding) -> str:
    """What was found; what worked and did not last has faded."""
    return "faded" if finding.verdict == "worked" and finding.lasted is False else finding.verdict


@dataclass(frozen=True)
class Held:
    """One paper with the fingerprint it is cited by."""

    digest: str
    paper: Paper

    @property
    def name(self) -> str:
        """What kind of paper it is, in public words."""
        return PAPER_NAMES[self.paper.paper]

    @property
    def link(self) -> str:
        """The last part of its address."""
        return self.digest.removeprefix("sha256:")


@dataclass(frozen=True)
class CasePage:
    """Everything that one page about one decision says."""

    name: str
    state: str
    held: tuple[Held, ...]
    entries: tuple[Entry, ...]
    invented: bool = False

    def _all(self, kind: type[P]) -> tuple[P, ...]:
        return tuple(each.paper for each in self.held if isinstance(each.paper, kind))

    @property
    def proposal(self) -> Proposal | None:
        """The version that was decided, else the latest."""
        versions = self._all(Proposal)
        decided = self.decision.header.proposal_version if self.decision else None
        latest = versions[-1] if versions else None
        return next((each for each in reversed(versions) if each.version == decided), latest)

    @property
    def decision(self) -> Decision | None:
        """The latest decision."""
        found = self._all(Decision)
        return found[-1] if found else None

    @property
    def voices(self) -> tuple[Voices, ...]:
        """Every exercise of listening."""
        return self._all(Voices)

    @property
    def assessments(self) -> tuple[Assessment, ...]:
        """Who may be better or worse off."""
        return self._all(Assessment)

    @property
    def appraisal(self) -> Appraisal | None:
        """The latest comparison of the options."""
        found = self._all(Appraisal)
        return found[-1] if found else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found afterwards."""
        return self._all(Finding)

    @property
    def latest_findings(self) -> tuple[Finding, ...]:
        """The last answer to each question; earlier looks at the same stay in the record."""
        return tuple({each.question: each for each in self.findings}.values())

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What is known from elsewhere."""
        return self._all(Evidence)

    @property
    def opportunities(self) -> tuple[Opportunity, ...]:
        """What prompted it."""
        return self._all(Opportunity)

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """What was learnt; a draft that somebody signed since stands there as they signed it."""
        signed = {made.digest for each in self._all(Lesson) for made in each.header.made_from}
        return tuple(each.paper for each in self.held if isinstance(each.paper, Lesson) and each.digest not in signed)

    @property
    def programme(self) -> Programme | None:
        """How it was going when last looked at."""
        found = self._all(Programme)
        return found[-1] if found else None

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans entered about this case."""
        return self._all(Plan)

    @property
    def evaluation_plans(self) -> tuple[EvaluationPlan, ...]:
        """How we shall know, one for each question."""
        return self._all(EvaluationPlan)

    @property
    def change(self) -> Option | None:
        """The option that was chosen; before that, the first that changes something and is still open."""
        options = self.proposal.options if self.proposal else ()
        chosen = [each for each in options if self.decision and each.id == self.decision.option]
        still = [each for each in options if not each.does_nothing and not each.closed_because]
        return next(iter((*chosen, *still)), None)

    @property
    def engagement_plan(self) -> EngagementPlan | None:
        """Who must be heard, and how that stood when last looked at."""
        found = self._all(EngagementPlan)
        return found[-1] if found else None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What the regional office said of each version, in the order it was said."""
        return self._all(Statement)

    @property
    def change_plan(self) -> ChangePlan | None:
        """How the change is managed: as planned since, else as its newest proposal puts it."""
        planned = [each.change for each in self._all(PlannedChange)]
        proposed = [each.change_plan for each in self._all(Proposal) if each.change_plan]
        return next(iter((*reversed(planned), *reversed(proposed))), None)

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """What named people judged, with their reasons."""
        return self._all(Judgement)

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the bodies it is about."""
        found = [body.code for each in self._all(Proposal) for body in each.bodies]
        found += [ruling.body.code for each in self._all(Decision) for ruling in each.rulings]
        found += [each.body.code for each in self.opportunities]
        return frozenset(code for code in found if code)

    @property
    def measures(self) -> frozenset[str]:
        """The measures it began with or was judged by."""
        found = (*(each.measure for each in self.opportunities), *(each.measure for each in self.findings))
        return frozenset(name for name in found if name)

    @property
    def title(self) -> str:
        """What the case is called."""
        if self.decision:
            return self.decision.title
        if self.opportunities and not self.proposal:
            return f"{self.opportunities[-1].title}, {self.opportunities[-1].body.name}"
        return self.proposal.title if self.proposal else self.name.replace("-", " ").capitalize()

    @property
    def sentence(self) -> str:
        """The case in one sentence."""
        if self.decision:
            return self.decision.sentence or OUTCOMES[self.decision.outcome]
        return self.opportunities[-1].sentence if self.opportunities else ""

    @property
    def state_name(self) -> str:
        """How far it has come, in public words."""
        return STATE_NAMES.get(self.state, self.state)

    @property
    def promises(self) -> tuple[Promise, ...]:
        """What was said in public that will be looked for."""
        return self.decision.promises if self.decision else ()

    @property
    def challenges(self) -> tuple[Challenge, ...] | None:
        """Who questioned it; nothing known is ``None``."""
        return self.decision.challenges if self.decision else None

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where the facts were read, each once."""
        found: list[Source] = []
        for each in self.held:
            found += [source for source in getattr(each.paper, "sources", ()) if source not in found]
        return tuple(found)

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """The published files that the papers were made from: what and fingerprint, each once, papers left out."""
        papers = {each.digest for each in self.held}
        found = {made.digest: made.what for each in self.held for made in each.paper.header.made_from
                 if made.digest not in papers}
        return tuple((what, digest) for digest, what in found.items())


def case_page(name: str, state: str, kept: Iterable[Kept], entries: Sequence[Entry], *,
              invented: bool = False) -> CasePage:
    """The page of a case from its papers and its chain."""
    return CasePage(name, state, tuple(Held(each.digest, each.paper()) for each in kept), tuple(entries), invented)
