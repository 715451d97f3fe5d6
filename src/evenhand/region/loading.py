"""Load what a region's folder names, from the published files or from the small table kept beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evenhand.data import tables
from evenhand.data.holdings import held_in
from evenhand.data.load import load
from evenhand.data.ways_out import NOT_PEOPLE, keep_rule
from evenhand.region.folder import DataSet
from evenhand.region.job import Done, Job
from evenhand.terms.words import listed


def loaded(job: Job) -> Done:
    """Load what the folder names, from the published files or from the table kept in the folder."""
    there, missing = _found(job)
    sentences: list[str] = []
    rule = keep_rule(job.workspace, job.folder.region.suppression,
                     (each.name for each in job.measures if each.numerator_unit.startswith(NOT_PEOPLE)),
                     lies_in=_lies_in(job), became=((each.old, each.new) for each in job.bodies.successions))
    if there:
        report = load([path for _, path in there], job.workspace)
        sentences += [each.sentence for each in report.loaded]
        sentences += _refusals(job)
    kept = sorted([*job.folder.kept.glob("*.csv.gz"), *job.folder.kept.glob("*.geojson")]) if (
        missing or job.data is None) else []
    if kept and not there:
        report = load(kept, job.workspace, bodies=job.bodies if job.folder.organisations else None)
        sentences += ["The figures are invented, and lie in the folder." if job.folder.region.invented else
                      "The published files are not at hand: the small table of figures kept in the folder serves.",
                      *(each.sentence for each in report.loaded)]
    if not rule.stated:
        sentences.append(f"Small numbers. The folder states no rule (suppression in region.toml): published figures "
                         f"stay as published, others go by the strictest: {rule.regime.title}.")
    elif not rule.changes_nothing:
        sentences.append(f"Small numbers. {rule.regime.title} ({rule.regime.name}, version {rule.regime.version}); "
                         "what is hidden is on no page, in no file and in no paper.")
    if not there and not kept:
        missing = list(job.folder.region.data)
    said = missing if job.data is not None or not kept else []
    return Done("Data", tuple(sentences), left_out=tuple(f"{each.name}: no file {each.path}" for each in said))


def _lies_in(job: Job) -> Iterator[tuple[str, str]]:
    """Which body lies in which, as the region's own list says: their figures add up."""
    for each in job.bodies.arrangements:
        yield each.code, each.board
    if job.folder.organisations is not None:
        listing = tables.read(job.folder.organisations)
        if "parent" in listing:
            yield from ((code, parent) for code, parent in zip(listing.texts("code"), listing.texts("parent"),
                                                               strict=True) if parent)


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
