"""One run of the main job: what it is given, what its steps did, and how they leave papers and states."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from evenhand.catalogue import Catalogue
from evenhand.data.holdings import held_in
from evenhand.data.measures import Measure, measures
from evenhand.data.organisations import Organisations, organisations
from evenhand.data.reading import digest_of
from evenhand.figures import Figure
from evenhand.papers import MadeFrom, Paper, Sealed
from evenhand.record import Draft, Workspace
from evenhand.region.folder import Folder
from evenhand.region.own import INVENTED
from evenhand.terms import Refused
from evenhand.terms.words import counted

BY = "command"
"""Who leaves the papers that the main job leaves: the command, and no person."""


@dataclass(frozen=True)
class Done:
    """What one step did, in sentences, with the figures it drew; or what it left out and what would allow it."""

    step: str
    sentences: tuple[str, ...]
    papers: tuple[Sealed, ...] = ()
    figures: tuple[Figure, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """One run: the folder, where the published files lie, the workspace, the moment, and whom to tell of progress."""

    folder: Folder
    data: Path | None
    workspace: Path
    at: datetime
    tell: Callable[[str], None]
    bodies: Organisations = field(default_factory=organisations)
    measures: Catalogue[Measure] = field(default_factory=measures)

    @property
    def record(self) -> Workspace:
        """The record of the workspace."""
        return Workspace.open(self.workspace)

    def keep(self, paper: Paper, *, organisation: str = "", why: str = "") -> Sealed:
        """Leave a paper; one that is there already is not entered again. What is invented says so on itself."""
        if self.folder.region.invented and INVENTED not in getattr(paper, "remarks", (INVENTED,)):
            said: dict[str, Any] = {"remarks": (*getattr(paper, "remarks", ()), INVENTED)}
            paper = replace(paper, **said)
        return self.record.keep(paper, by=BY, at=self.at, why=why, organisation=organisation)

    def title(self, measure: str) -> str:
        """What a reader calls a measure."""
        return self.measures[measure].title if measure in self.measures else measure

    def name(self, code: str) -> str:
        """What a reader calls a body; a code that is no body's, such as England, stays as it is."""
        return self.bodies.name(code) if code in self.bodies else code

    def made_from(self, sources: Sequence[str]) -> tuple[MadeFrom, ...]:
        """The files of these publications that the workspace holds, with their digests."""
        return tuple(MadeFrom(each.digest, each.file) for each in held_in(self.workspace) if each.source in sources)


Step = Callable[[Job], Done]


@dataclass(frozen=True)
class Report:
    """What a whole run did."""

    name: str
    invented: bool
    done: tuple[Done, ...]

    @property
    def papers(self) -> tuple[Sealed, ...]:
        """Every paper left, in order."""
        return tuple(paper for each in self.done for paper in each.papers)

    @property
    def digest(self) -> str:
        """One digest over all papers: two runs on the same data give the same."""
        return digest_of("\n".join(sorted({each.digest for each in self.papers})).encode())

    def lines(self) -> Iterator[str]:
        """The summary in sentences."""
        yield f"{self.name}{' (invented county)' if self.invented else ''}"
        for each in self.done:
            yield ""
            yield each.step
            yield from (f"  {said}" for said in each.sentences)
            yield from (f"  Left out: {said}" for said in each.left_out)
        yield ""
        yield f"{counted(len(self.papers), 'paper')} left; together {self.digest[:23]}…"


def case_states(record: Workspace, subject: str) -> str | None:
    """The state a case has come to, ``None`` where nothing was entered."""
    try:
        chain = record.entries(subject)
    except Refused:
        return None
    return next((entry.what for entry in reversed(chain) if entry.kind == "step"), None)


def take_over_state(job: Job, subject: str, state: str) -> None:
    """Enter the state a case had reached when its papers were taken over; the steps before it were not ours."""
    if case_states(job.record, subject) != state:
        job.record.enter(Draft(subject=subject, by=BY, what=state, kind="step",
                               words={"why": "Taken over with the papers: the steps before are not in the sources."}),
                         at=job.at)
