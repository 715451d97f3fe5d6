"""Whether it is happening: what each programme promised, and what has been seen of it month by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal

from evenhand.data import tables
from evenhand.deliver import benefits
from evenhand.deliver.words import sentence_of
from evenhand.figures import Answer
from evenhand.papers import Benefit, Header, Method, Milestone, Programme, subject
from evenhand.region.appraising import titles_of
from evenhand.region.engaging import figures_of, without_words
from evenhand.region.job import Done, Job
from evenhand.region.moving import MOVED, Moved, drawn, moved
from evenhand.terms import Estimate, Month, refuse
from evenhand.terms.words import counted, listed

ROOM = "Whether it is happening"
PROMISED, PLANNED = "programmes/benefits.csv", "programmes/milestones.csv"
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
    due, planned = _due(job), _milestones(job, unknown)
    about = moved(job)
    asked = job.folder.region.engagement
    said, papers, figures = [answer.sentence], [], list(figures_of((answer,)))
    for case, rows in by_case.items():
        here = about if about is not None and asked is not None and asked.case == case else None
        paper = _programme(job, case, rows, answer, as_at, due, planned.get(case), here)
        papers.append(job.keep(paper))
        said.append(paper.sentence)
        if here is not None:
            figures.append(drawn(here, titles_of(job)[case]))
    return Done(ROOM, tuple(said), tuple(papers), tuple(figures), tuple(unknown))


def standing(status: str, *, over: bool) -> Standing | None:
    """A status of ``deliver benefits`` in the words of the paper; ``over`` says that nothing more is due.

    What is too early to say has no standing. What falls short is at risk while more is due, and late or broken after.
    """
    return (_AFTER if over else _WHILE_DUE).get(status)


def _milestones(job: Job, unknown: list[str]) -> dict[str, tuple[Milestone, ...]]:
    """What had to happen in each case, in the order of the days it was due; ``unknown`` is told of other programmes."""
    if job.folder.lacks(PLANNED):
        return {}
    table = tables.read(job.folder.path / PLANNED)
    table.require("programme", "milestone", "due", "done")
    cases = {title: case for case, title in titles_of(job).items()}
    people = _identifiers(job)
    owners = table.texts("owner") if "owner" in table else [""] * len(table)
    found: dict[str, list[Milestone]] = {}
    for row, (programme, what, owner, due, done) in enumerate(zip(
            table.texts("programme"), table.texts("milestone", may_be_empty=False), owners, table.texts("due"),
            table.texts("done"), strict=True), start=1):
        if programme not in cases:
            unknown.append(f"milestones of “{programme}”, which is the title of no case")
            continue
        found.setdefault(cases[programme], []).append(Milestone(
            what=what, owner=people.get(owner), due=_month(due, "due", row), done=_month(done, "done", row)))
    unknown[:] = dict.fromkeys(unknown)
    return {case: tuple(sorted(each, key=lambda one: one.due.index if isinstance(one.due, Month) else 0))
            for case, each in found.items()}


def _month(text: str, column: str, row: int) -> Month | None:
    if not text.strip():
        return None
    try:
        return Month.parsed(text)
    except ValueError:
        raise refuse("this is not a month", "write it as 2028-03", file=PLANNED, row=row, column=column,
                     value=text) from None


def milestones_said(milestones: Sequence[Milestone], as_at: Month) -> str:
    """How many milestones were reached in time, late, are overdue or are yet to come; the overdue ones by name."""
    tally: Counter[str] = Counter()
    overdue = []
    for each in milestones:
        due = each.due.index if isinstance(each.due, Month) else None
        if isinstance(each.done, Month):
            tally["late" if due is not None and each.done.index > due else "in time"] += 1
        elif due is not None and due <= as_at.index:
            tally["overdue"] += 1
            overdue.append(each.what)
        else:
            tally["to come"] += 1
    parts = [f"{tally['in time']} in time", *(f"{tally[name]} {name}" for name in ("late",) if tally[name])]
    said = f"Of {counted(len(milestones), 'milestone')}, {listed(parts)}"
    if overdue:
        quoted = listed([f"“{each}”" for each in overdue])
        said += f"; overdue: {quoted}"
    return f"{said}; {tally['to come']} still to come." if tally["to come"] else f"{said}."


def _due(job: Job) -> dict[str, Month]:
    """The last month in which each benefit was promised."""
    table = tables.read(job.folder.path / PROMISED)
    found: dict[str, Month] = {}
    for name, text in zip(table.texts("benefit"), table.texts("month"), strict=True):
        month = Month.parsed(text)
        found[name] = max(found.get(name, month), month, key=lambda each: each.index)
    return found


def _programme(job: Job, case: str, rows: list[Mapping[str, Any]], answer: Answer, as_at: Month,
               due: Mapping[str, Month], milestones: tuple[Milestone, ...] | None, about: Moved | None) -> Programme:
    watch = next((each for each in job.folder.region.evaluate if each.case == case), None)
    people = _identifiers(job)
    named = {row["benefit"] for row in rows}
    document = without_words(answer)
    # Owners are people: a sealed paper bears their identifiers, never their names.
    document["rows"] = [{name: value for name, value in row.items() if name != "owner"} for row in rows]
    document["series"] = [each for each in document["series"] if each["benefit"] in named]
    files = [PROMISED, *([PLANNED] if milestones else []), *([MOVED] if about else [])]
    sentences = [*map(sentence_of, rows), *([milestones_said(milestones, as_at)] if milestones else []),
                 *([about.sentence] if about else [])]
    return Programme(
        header=Header(subject=subject("case", case), proposal_version=1, made_from=job.folder.as_sources(*files),
                      method=Method(answer.method.name, answer.method.version, answer.method.source),
                      settings=dict(answer.settings)),
        as_at=as_at.plus(1).first_day() - timedelta(days=1),
        milestones=milestones, benefits=tuple(Benefit(
            what=row["benefit"], measure=watch.measure if watch else None, units=row["unit"],
            owner=people.get(row["owner"] or ""), due=due[row["benefit"]],
            promised=_whole(row["promised_in_measured_months"]), seen=_whole(row["seen_to_date"]),
            status=standing(row["status"], over=as_at.index >= due[row["benefit"]].index)) for row in rows),
        sentence=" ".join(sentences), figures={**document, **({"moving_care": about.document()} if about else {})},
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
