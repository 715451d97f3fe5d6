"""Run a region's folder through the rooms, in order, on whatever is there; say which file allows what is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from evenhand.data.holdings import held_in
from evenhand.data.load import load
from evenhand.data.organisations import Organisations, organisations
from evenhand.data.reading import digest_of
from evenhand.figures import Figure
from evenhand.papers import MadeFrom, Paper, Sealed
from evenhand.record import Draft, Workspace
from evenhand.region.folder import DataSet, Folder, open_folder
from evenhand.terms import Refused, closest, refuse
from evenhand.terms.words import counted, listed

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

    @property
    def record(self) -> Workspace:
        """The record of the workspace."""
        return Workspace.open(self.workspace)

    def keep(self, paper: Paper, *, organisation: str = "", why: str = "") -> Sealed:
        """Leave a paper; one that is there already is not entered again."""
        return self.record.keep(paper, by=BY, at=self.at, why=why, organisation=organisation)

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


def run(path: Path, *, data: Path | None, workspace: Path, at: datetime,
        tell: Callable[[str], None] = lambda said: None) -> Report:
    """Run every step that the folder has material for.

    Args:
        path: the region's folder.
        data: where the published files lie; ``None`` uses the small table of figures kept in the folder.
        workspace: the folder that papers and loaded data are left in; made if need be.
        at: the moment, with its zone, that the record's entries bear.
        tell: told a line as each step begins.

    Raises:
        Refused: something in the folder or in a published file cannot be used. Papers left by earlier steps stay.
    """
    from evenhand.region import steps

    folder = open_folder(path)
    if data is not None and not data.is_dir():
        raise refuse("there is no such folder of published files", "name the folder with --data", file=str(data))
    job = Job(folder, data, workspace, at, tell)
    _check_codes(job)
    done = []
    for name, step in steps.IN_ORDER:
        tell(name)
        done.append(step(job))
    report = Report(folder.region.name, folder.region.invented, tuple(done))
    steps.write_out(job, report)
    return report


def _check_codes(job: Job) -> None:
    region = job.folder.region
    for code in (*region.bodies, *(code for look in region.find for code in look.of)):
        if code not in job.bodies:
            near = closest(code, [each.code for each in job.bodies])
            raise refuse("no commissioner has this code", f"the closest are {listed(near)}" if near else "check it",
                         file=str(job.folder.path / "region.toml"), column="bodies", value=code)


def loaded(job: Job) -> Done:
    """Load what the folder names, from the published files or from the table kept in the folder."""
    there, missing = _found(job)
    sentences: list[str] = []
    if there:
        report = load([path for _, path in there], job.workspace)
        sentences += [each.sentence for each in report.loaded]
        sentences += _refusals(job)
    kept = sorted(job.folder.kept.glob("*.csv.gz")) if missing or job.data is None else []
    if kept and not there:
        report = load(kept, job.workspace)
        sentences += ["The published files are not at hand: the small table of figures kept in the folder serves.",
                      *(each.sentence for each in report.loaded)]
    if not there and not kept:
        missing = list(job.folder.region.data)
    said = missing if job.data is not None or not kept else []
    return Done("Data", tuple(sentences), left_out=tuple(f"{each.name}: no file {each.path}" for each in said))


def _found(job: Job) -> tuple[list[tuple[DataSet, Path]], list[DataSet]]:
    there, missing = [], []
    for each in job.folder.region.data:
        path = job.data / each.path if job.data is not None else None
        if path is not None and path.is_file():
            there.append((each, path))
        else:
            missing.append(each)
    return there, missing


def _refusals(job: Job) -> list[str]:
    """What was refused and why, a sentence for each file that had anything refused."""
    said = []
    for held in held_in(job.workspace):
        reasons = [f"{refusal['count']:,} because {refusal['reason']}" for refusal in held.refusals]
        if reasons:
            said.append(f"{held.file}: rows refused: {listed(reasons)}.")
    return said


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


def named(answers: Mapping[str, object]) -> str:
    """The names of some answers, for a sentence."""
    return listed(sorted(answers))
