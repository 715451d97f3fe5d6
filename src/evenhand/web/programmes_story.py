"""The story of a programme, drafted from the record while it happens: dated sentences, nothing that no paper says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from evenhand.pages.jinja import when
from evenhand.papers import Decision, EvaluationPlan, Finding, Lesson, Opportunity, Paper, Proposal, Voices, When
from evenhand.record.app import queries as record
from evenhand.record.app.actions import writing
from evenhand.terms import Month, Span
from evenhand.terms.words import listed
from evenhand.web.case_page import OUTCOMES, STATE_NAMES
from evenhand.web.cases import THE_COMMAND
from evenhand.web.programmes import Programme

ADOPTED = "story adopted"
"""What the record says where somebody put their name to the story."""
LABEL = "story"
_MOVES = ("delivering", "sustained", "stopped", "closed", "challenged")
_VERDICTS = {"worked": "It worked", "did not work": "It did not work", "faded": "It worked at first and faded",
             "cannot tell": "It could not be told"}


@dataclass(frozen=True)
class Happened:
    """One sentence of the story. ``on`` is when it happened; where no paper says, ``entered`` alone is known."""

    on: When | None
    words: str
    entered: date | None = None

    @property
    def sentence(self) -> str:
        """With its date in front, or the day it was entered behind."""
        words = " ".join(self.words.split())
        if self.on is not None:
            return f"{when(self.on)}: {words}"
        return f"{words} (Entered in the record on {when(self.entered)}.)" if self.entered else words


@dataclass(frozen=True)
class Adopted:
    """The story as somebody adopted it, and when."""

    text: tuple[str, ...]
    by: str
    on: date


def drafted(programme: Programme) -> tuple[Happened, ...]:
    """What happened, in order of time; what has no date of its own keeps its place in the order of the record."""
    papers = {each.digest: each.paper for each in programme.page.held}
    reached, placed = date.min, list[tuple[date, Happened]]()
    for entry in programme.page.entries:
        day = date.fromisoformat(entry.at[:10])
        # What people do here happens on the day it is entered; the main job enters what happened long ago.
        own = None if entry.by == THE_COMMAND else day
        told = [each for digest in entry.papers if digest in papers for each in _told(papers[digest], own, day)]
        if entry.kind == "step" and entry.what in _MOVES:
            told.append(Happened(own, f"{STATE_NAMES[entry.what]}.", day))
        for each in told:
            at = reached if each.on is None else _first_day(each.on)
            # A day still to come, when something is to begin, moves nothing that was entered after it.
            reached = reached if "It was to begin" in each.words else max(reached, at)
            placed.append((at, each))
    ordered = [each for _, each in sorted(placed, key=lambda each: each[0])]
    return tuple(dict.fromkeys(ordered))


def _told(paper: Paper, own: date | None, entered: date) -> Iterator[Happened]:
    """What one paper adds to the story."""
    if isinstance(paper, Opportunity):
        yield Happened(own, f"Raised. {paper.sentence}".strip(), entered)
    elif isinstance(paper, Proposal):
        number = "" if paper.version == 1 else f" (version {paper.version})"
        yield Happened(paper.raised or own, f"Proposed: {paper.title}{number}.", entered)
    elif isinstance(paper, Voices):
        yield Happened(paper.closed or paper.opened or own, f"People were asked. {paper.sentence or paper.kind + '.'}",
                       entered)
    elif isinstance(paper, EvaluationPlan):
        again = f" Changed because: {paper.amendment_reason}." if paper.amends else ""
        yield Happened(own, f"How it would be judged was written down: {paper.question}{again}", entered)
        if paper.starts and not paper.amends:
            yield Happened(paper.starts, "It was to begin.", entered)
    elif isinstance(paper, Decision):
        yield from _decided(paper, own, entered)
    elif isinstance(paper, Finding):
        looked = paper.looked or (paper.period.last if isinstance(paper.period, Span) else paper.period) or own
        faded = paper.verdict == "worked" and paper.lasted is False
        verdict = _VERDICTS["faded" if faded else paper.verdict]
        yield Happened(looked, f"Looked. {paper.question} {verdict}: {paper.because}.", entered)
    elif isinstance(paper, Lesson):
        yield Happened(own, f"Learnt: {paper.title}.", entered)


def _decided(paper: Decision, own: date | None, entered: date) -> Iterator[Happened]:
    days: dict[When | None, list[str]] = {}
    for ruling in paper.rulings:
        days.setdefault(ruling.decided or own, []).append(ruling.body.name)
    for day, bodies in days.items():
        yield Happened(day, f"Decided by {listed(bodies)}: {paper.sentence or OUTCOMES[paper.outcome]}", entered)


def adopted(programme: Programme) -> Adopted | None:
    """The story as it was last adopted; ``None`` while nobody has, or where the words were erased."""
    entry = next((each for each in reversed(programme.page.entries) if each.what == ADOPTED), None)
    if entry is None:
        return None
    kept = record.words(programme.subject).get(entry.commitments.get(LABEL, ""))
    if kept is None or not kept.words:
        return None
    return Adopted(tuple(kept.words.splitlines()), entry.by, date.fromisoformat(entry.at[:10]))


def adopt(programme: Programme, *, by: str, organisation: str) -> None:
    """Put one's name to the story as it stands: the record keeps its words and who adopted them."""
    with writing(programme.subject, by=by, what=ADOPTED, organisation=organisation) as block:
        block.say(LABEL, "\n".join(each.sentence for each in drafted(programme)))


def _first_day(on: When) -> date:
    if isinstance(on, Span):
        return on.first.first_day()
    return on.first_day() if isinstance(on, Month) else on
