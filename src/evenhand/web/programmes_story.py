"""The story of a programme, drafted from the record while it happens: dated sentences, nothing that no paper says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenhand.pages.jinja import when
from evenhand.papers import Decision, EvaluationPlan, Finding, Lesson, Opportunity, Proposal, Voices, When
from evenhand.record import Entry
from evenhand.record.app import queries as record
from evenhand.record.app.actions import writing
from evenhand.terms import Month, Span
from evenhand.terms.words import listed
from evenhand.web.case_page import OUTCOMES, STATE_NAMES
from evenhand.web.programmes import Programme

ADOPTED = "story adopted"
"""What the record says where somebody put their name to the story."""
LABEL = "story"
_MOVES = ("delivering", "sustained", "stopped", "closed", "challenged")


@dataclass(frozen=True)
class Happened:
    """One sentence of the story. ``on`` is the day or month it happened, or was entered; ``words`` say it."""

    on: When
    words: str

    @property
    def sentence(self) -> str:
        """With its date in front."""
        return f"{when(self.on)}: {self.words}"


@dataclass(frozen=True)
class Adopted:
    """The story as somebody adopted it, and when."""

    text: tuple[str, ...]
    by: str
    on: str


def drafted(programme: Programme) -> tuple[Happened, ...]:
    """What happened, in order of time."""
    told: list[Happened] = []
    for held in programme.page.held:
        entered = _entered(programme, held.digest)
        told += _told(held.paper, entered)
    told += [Happened(_day(entry), f"{STATE_NAMES[entry.what]}.") for entry in programme.story_entries
             if entry.kind == "step" and entry.what in _MOVES]
    ordered = sorted(enumerate(told), key=lambda each: (_first_day(each[1].on), each[0]))
    return tuple(dict.fromkeys(each for _, each in ordered))


def _told(paper: object, entered: date) -> list[Happened]:
    """What one paper adds to the story."""
    if isinstance(paper, Opportunity):
        return [Happened(entered, f"Raised. {paper.sentence}".strip())]
    if isinstance(paper, Proposal):
        number = "" if paper.version == 1 else f" (version {paper.version})"
        return [Happened(paper.raised or entered, f"Proposed: {paper.title}{number}.")]
    if isinstance(paper, Voices):
        said = paper.sentence or f"{paper.kind}."
        return [Happened(paper.closed or paper.opened or entered, f"People were asked. {said}")]
    if isinstance(paper, EvaluationPlan):
        again = f" Changed because: {paper.amendment_reason}." if paper.amends else ""
        told = [Happened(entered, f"How it would be judged was written down: {paper.question}{again}")]
        return [*told, Happened(paper.starts, "It was to begin.")] if paper.starts and not paper.amends else told
    if isinstance(paper, Decision):
        return _decided(paper, entered)
    if isinstance(paper, Finding):
        looked = paper.looked or (paper.period.last if isinstance(paper.period, Span) else paper.period) or entered
        verdict = {"worked": "It worked", "did not work": "It did not work", "faded": "It worked at first and faded",
                   "cannot tell": "It could not be told"}[paper.verdict]
        return [Happened(looked, f"Looked: {paper.question} {verdict}: {paper.because}.")]
    if isinstance(paper, Lesson):
        return [Happened(entered, f"Learnt: {paper.title}.")]
    return []


def _decided(paper: Decision, entered: date) -> list[Happened]:
    days: dict[When, list[str]] = {}
    for ruling in paper.rulings:
        days.setdefault(ruling.decided or entered, []).append(ruling.body.name)
    said = paper.sentence or OUTCOMES[paper.outcome]
    return [Happened(day, f"Decided by {listed(bodies)}: {said}") for day, bodies in days.items()]


def adopted(programme: Programme) -> Adopted | None:
    """The story as it was last adopted; ``None`` while nobody has, or where the words were erased."""
    entry = next((each for each in reversed(programme.story_entries) if each.what == ADOPTED), None)
    if entry is None:
        return None
    kept = record.words(programme.subject).get(entry.commitments.get(LABEL, ""))
    return Adopted(tuple(kept.words.splitlines()), entry.by, entry.at[:10]) if kept and kept.words else None


def adopt(programme: Programme, *, by: str, organisation: str) -> None:
    """Put one's name to the story as it stands: the record keeps its words and who adopted them."""
    with writing(programme.subject, by=by, what=ADOPTED, organisation=organisation) as block:
        block.say(LABEL, "\n".join(each.sentence for each in drafted(programme)))


def _entered(programme: Programme, digest: str) -> date:
    text = programme.entered(digest)
    return date.fromisoformat(text) if text else date.max


def _day(entry: Entry) -> date:
    return date.fromisoformat(entry.at[:10])


def _first_day(on: When) -> date:
    if isinstance(on, Span):
        return on.first.first_day()
    return on.first_day() if isinstance(on, Month) else on
