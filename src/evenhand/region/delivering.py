"""Whether it is happening: what each programme promised, and what has been seen of it month by month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

from evenhand.data import tables
from evenhand.deliver import benefits
from evenhand.deliver.words import sentence_of
from evenhand.figures import Answer
from evenhand.papers import Benefit, Header, Method, Programme, subject
from evenhand.region.appraising import titles_of
from evenhand.region.engaging import figures_of, without_words
from evenhand.region.job import Done, Job
from evenhand.terms import Estimate, Month

ROOM = "Whether it is happening"
PROMISED = "programmes/benefits.csv"
Standing = Literal["not due", "on course", "at risk", "late", "kept", "waning", "broken"]
_WHILE_DUE: dict[str, Standing] = {"kept": "on course", "partly": "at risk", "waning": "waning", "broken": "at risk"}
_AFTER: dict[str, Standing] = {"kept": "kept", "partly": "late", "waning": "waning", "broken": "broken"}


def delivered(job: Job) -> Done:
    """Leave one paper a case with its benefits, as they stood in the last month in which anything was seen."""
    if missing := job.folder.lacks(PROMISED):
        return Done(ROOM, (f"Not asked: {missing}.",))
    answer = benefits(job.folder.path / PROMISED)
    as_at = Month.parsed(answer.document()["as_at"])
    titles = sorted(titles_of(job).items(), key=lambda each: -len(each[1]))
    by_case: dict[str, list[Mapping[str, Any]]] = {}
    unknown = []
    for row in answer.document()["rows"]:
        case = next((case for case, title in titles if row["benefit"].startswith(f"{title}:")), None)
        if case is None:
            unknown.append(f"“{row['benefit']}” begins with the title of no case, so no paper was left about it")
        else:
            by_case.setdefault(case, []).append(row)
    due = _due(job)
    papers = [job.keep(_programme(job, case, rows, answer, as_at, due)) for case, rows in by_case.items()]
    return Done(ROOM, (answer.sentence, *(sentence_of(row) for rows in by_case.values() for row in rows)),
                tuple(papers), tuple(figures_of((answer,))), tuple(unknown))


def standing(status: str, *, over: bool) -> Standing | None:
    """A status of ``deliver benefits`` in the words of the paper; ``over`` says that nothing more is due.

    What is too early to say has no standing. What falls short is at risk while more is due, and late or broken after.
    """
    return (_AFTER if over else _WHILE_DUE).get(status)


def _due(job: Job) -> dict[str, Month]:
    """The last month in which each benefit was promised."""
    table = tables.read(job.folder.path / PROMISED)
    found: dict[str, Month] = {}
    for name, text in zip(table.texts("benefit"), table.texts("month"), strict=True):
        month = Month.parsed(text)
        found[name] = max(found.get(name, month), month, key=lambda each: each.index)
    return found


def _programme(job: Job, case: str, rows: list[Mapping[str, Any]], answer: Answer, as_at: Month,
               due: Mapping[str, Month]) -> Programme:
    watch = next((each for each in job.folder.region.evaluate if each.case == case), None)
    people = _identifiers(job)
    named = {row["benefit"] for row in rows}
    document = without_words(answer)
    # Owners are people: a sealed paper bears their identifiers, never their names.
    document["rows"] = [{name: value for name, value in row.items() if name != "owner"} for row in rows]
    document["series"] = [each for each in document["series"] if each["benefit"] in named]
    return Programme(
        header=Header(subject=subject("case", case), proposal_version=1, made_from=job.folder.as_sources(PROMISED),
                      method=Method(answer.method.name, answer.method.version, answer.method.source),
                      settings=dict(answer.settings)),
        as_at=as_at.plus(1).first_day() - timedelta(days=1),
        benefits=tuple(Benefit(
            what=row["benefit"], measure=watch.measure if watch else None, units=row["unit"],
            owner=people.get(row["owner"] or ""), due=due[row["benefit"]],
            promised=_whole(row["promised_in_measured_months"]), seen=_whole(row["seen_to_date"]),
            status=standing(row["status"], over=as_at.index >= due[row["benefit"]].index)) for row in rows),
        sentence=" ".join(map(sentence_of, rows)), figures=document,
        remarks=(*(remark for remark in answer.remarks if any(f"“{name}”" in remark for name in named)),
                 "Promised and seen are of the months measured. What was seen may not be the programme's doing: that "
                 "is asked under what happened afterwards."))


def _identifiers(job: Job) -> dict[str, str]:
    if job.folder.lacks("people.csv"):
        return {}
    table = tables.read(job.folder.path / "people.csv")
    return dict(zip(table.texts("name"), table.texts("id"), strict=True))


def _whole(value: float | None) -> Estimate | None:
    return None if value is None else Estimate(value, value, value)
