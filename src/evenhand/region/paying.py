"""What is paid under each contract for its year, what other terms would have paid, and who bears the risk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from evenhand.data.models import read_model
from evenhand.deliver import METHODS, payment
from evenhand.figures import Answer, Figure
from evenhand.papers import Evidence, Header, MadeFrom, Method, Source, subject
from evenhand.region.job import Done, Job
from evenhand.region.own import INVENTED
from evenhand.terms import Estimate
from evenhand.terms.words import counted, listed

ROOM = "What is paid, and who bears the risk"
FOLDER = "contracts"
ACTIVITY = ("activity/activity.csv.gz", "activity/activity.csv", "activity/activity.parquet")
BEARS = {"commissioner": "the commissioner bears", "provider": "the provider bears", "shared": "both share"}


def paid(job: Job) -> Done:
    """Leave, for each contract, what was paid for what was done, as a paper about the provider."""
    paths = sorted((job.folder.path / FOLDER).glob("*.json"))
    activity = next((each for each in ACTIVITY if not job.folder.lacks(each)), None)
    if not paths or activity is None:
        missing = f"{FOLDER}/*.json" if not paths else "activity/activity.csv"
        return Done(ROOM, (f"Not asked: the folder has no {missing}.",))
    said, papers, figures = [], [], list[Figure]()
    for path in paths:
        answer = payment(path, activity=job.folder.path / activity)
        sentence = f"{_title(read_model(path).content)}: {answer.sentence} {_bears(answer)}"
        said.append(sentence)
        papers.append(job.keep(_evidence(job, path, activity, answer, sentence),
                               organisation=answer.fields["provider"] or ""))
        figures += [replace(each, name=f"contract-{path.stem}-{each.name}", title=f"{path.stem}: {each.title}")
                    for each in answer.figures]
    return Done(ROOM, (f"{counted(len(paths), 'contract')} on the activity of a year.", *said), tuple(papers),
                tuple(figures))


def _title(content: Mapping[str, Any]) -> str:
    """What the contract is called, without the word that it is invented: the summary says that already."""
    return str(content.get("title", "A contract")).removeprefix("Invented county: ")


def _bears(answer: Answer) -> str:
    """Who bears more activity than planned, under every kind of terms, the agreed one first."""
    by_bearer: dict[str, list[str]] = {}
    for row in sorted(answer.fields["rows"], key=lambda each: not each["agreed"]):
        by_bearer.setdefault(row["bears_more"], []).append(row["terms"])
    parts = [f"{BEARS[who]} it under {listed(terms)} terms" for who, terms in by_bearer.items()]
    return f"If more is done than planned, {listed(parts)}."


def _evidence(job: Job, path: Path, activity: str, answer: Answer, sentence: str) -> Evidence:
    source = f"{FOLDER}/{path.name}"
    fields = answer.fields
    made_from = (*job.folder.as_sources(source), *(
        MadeFrom(each.digest, f"{job.folder.region.slug}/{activity}") for each in answer.made_from[1:]))
    return Evidence(
        header=Header(subject=subject("body", fields["provider"] or path.stem), made_from=made_from,
                      method=Method(answer.method.name, answer.method.version, answer.method.source),
                      settings=dict(answer.settings)),
        source=Source(INVENTED if job.folder.region.invented else _title(read_model(path).content)),
        design="payment under a contract, worked out", says=sentence,
        effect=Estimate(fields["payment"], fields["payment"], fields["payment"]), effect_units="pounds",
        limits=(*answer.remarks, *METHODS["payment"].cannot_tell))
