"""What must be shown first: every case held against the rules of its day, its verdict and its weakest links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from evenhand.decide import gate
from evenhand.decide.pack_words import of_whom
from evenhand.figures import Answer, Figure
from evenhand.papers import Decision
from evenhand.record import CaseFile, case_file
from evenhand.region.appraising import titles_of
from evenhand.region.job import Done, Job
from evenhand.terms import Refused
from evenhand.terms.words import counted, listed

ROOM = "What must be shown first"
CASE = "case/"


def shown(job: Job) -> Done:
    """Give each case's verdict and three weakest links, by the rules of the day it was decided, or else of today.

    No paper is left: a verdict can be worked out again from the papers at any time, and what a person judges is theirs
    to sign. The full list of tests goes into ``out/`` for the case that people were consulted on; where a folder names
    none, for every case.
    """
    subjects = _cases(job)
    if not subjects:
        return Done(ROOM, (), left_out=("no case is held, so nothing was asked",))
    titles = titles_of(job)
    asked = job.folder.region.engagement
    verdicts: dict[str, list[str]] = {}
    said, figures = [], list[Figure]()
    for subject in subjects:
        name = subject.removeprefix(CASE)
        answer = _asked(job, case_file(name, workspace=job.workspace))
        verdicts.setdefault(answer.fields["verdict"], []).append(name)
        because = _because(answer, invented=job.folder.region.invented)
        said.append(f"{titles.get(name, name)}: {answer.sentence}{because}")
        if asked is None or asked.case == name:
            figures += _full_list(name, titles.get(name, name), answer)
    return Done(ROOM, (_opening(verdicts, len(subjects)), *said), figures=tuple(figures))


def _cases(job: Job) -> list[str]:
    """The cases of the record; none where nothing was ever entered."""
    try:
        return [each for each in job.record.subjects() if each.startswith(CASE)]
    except Refused:
        return []


def _asked(job: Job, case: CaseFile) -> Answer:
    """A case that was decided is asked by the rules of that day; any other, by those of today."""
    decided = any(isinstance(each.paper(), Decision) for each in case.papers)
    return gate(case, on=None if decided else job.at.date().isoformat())


def _opening(verdicts: dict[str, list[str]], cases: int) -> str:
    order = sorted(verdicts.items())
    first, rest = order[0], order[1:]
    parts = [f"{len(first[1])} {'is' if len(first[1]) == 1 else 'are'} {first[0]}",
             *(f"{len(names)} {verdict}" for verdict, names in rest)]
    return (f"Of {counted(cases, 'case')}, {listed(parts)}. Every test of one: evenhand decide gate CASE, with its "
            f"name, such as {next(iter(order[-1][1]))}.")


def _because(answer: Answer, *, invented: bool) -> str:
    """Why the weakest link is weak, and who owes what is missing; nothing for a case that lacks nothing."""
    weakest: list[dict[str, Any]] = answer.fields["weakest"]
    if not weakest:
        return ""
    first = weakest[0]
    owed_by = of_whom(first["owed_by"], invented=invented)
    return f" The weakest: {first['because'][:1].lower()}{first['because'][1:]} Owed by: {owed_by}."


def _full_list(name: str, title: str, answer: Answer) -> Iterable[Figure]:
    for figure in answer.figures:
        yield replace(figure, name=f"gate-{name}", title=f"{title}: {figure.title[:1].lower()}{figure.title[1:]}",
                      table=answer.table)
