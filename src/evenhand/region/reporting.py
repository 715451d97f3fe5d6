"""What practices say keeps going wrong: concerns put together, linked to a case or a measure, and what rises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evenhand.data.reading import digest_of
from evenhand.figures import Answer
from evenhand.find import concerns
from evenhand.find.concerns import said_of
from evenhand.papers import Evidence, Header, Method, Opportunity, Proposal, Sealed, Source, subject
from evenhand.region.engaging import figures_of
from evenhand.region.job import Done, Job
from evenhand.region.own import INVENTED
from evenhand.region.proposals import CaseFile, read_case
from evenhand.terms import Refused, Suppressed
from evenhand.terms.words import counted, listed

ROOM = "What practices say"
CONCERNS = "engagement/concerns.csv"
TOLD = 3
"""So many subjects are told in the summary beside those that rise; every one is a paper."""
_LIMITS = ("Practices that did not report are not silent because all is well.",
           "Texts that may point to a patient are counted, and their words are not kept.")


def reported(job: Job) -> Done:
    """Put the concerns of practices together, and leave a piece of evidence for each subject that may be told.

    It is left with the case that is judged by the measure, or whose proposal names it; else with the body of today.
    """
    if missing := job.folder.lacks(CONCERNS):
        return Done(ROOM, (), left_out=(f"{missing} (columns: date, practice, measure or service, text, "
                                        "what_became_of_it), so nothing was put together",))
    answer = concerns(job.folder.path / CONCERNS)
    rows = answer.fields["rows"]
    files = [read_case(path) for path in job.folder.proposals]
    titles = {each.id: each.title for each in files}
    cases, signals = _cases(job, files), _signals(job)
    papers, told = [], []
    shown = [row for row in rows if not isinstance(row["concerns"], Suppressed)]
    for row in shown:
        its = cases.get(row["subject"], ())
        said = _said(job, row, [titles.get(each, each) for each in its], signals.get(row["subject"], 0))
        papers.append(_kept(job, row, said, its, answer))
        told.append((row["rising"], said))
    rising = [said for risen, said in told if risen]
    lines = [_opening(job, answer.fields, rows), *rising, *[said for risen, said in told if not risen][:TOLD]]
    if len(told) > len(rising) + TOLD:
        lines.append(f"{counted(len(told) - len(rising) - TOLD, 'more subject')} in the papers.")
    lines += [each for each in answer.remarks if "point to a patient" in each or "figures hidden" in each]
    return Done(ROOM, tuple(lines), tuple(papers), tuple(figures_of((answer,))))


def _opening(job: Job, fields: Mapping[str, Any], rows: list[dict[str, Any]]) -> str:
    rising = [job.title(row["subject"]) for row in rows if row["rising"]]
    number = fields["concerns"]
    total = "Concerns" if isinstance(number, Suppressed) else counted(number, "concern")
    ends = listed([f"{count} {end}" for end, count in (fields["became"] or {}).items()])
    about = counted(fields["subjects"], "subject")
    return (f"{total} from {counted(fields['practices'], 'practice')} are about {about}."
            + (f" What became of them: {ends}." if ends else "")
            + (f" Rising: {listed(rising)}." if rising else " None rises by more than chance."))


def _said(job: Job, row: Mapping[str, Any], cases: list[str], signals: int) -> str:
    """One subject in words, with the case it belongs to and what the figures say."""
    said = said_of(row, job.title(row["subject"]))
    if signals:
        said += f" The figures show {counted(signals, 'gap')} of more than chance on it."
    if cases:
        named = listed([f"“{each}”" for each in cases])
        said += f" It belongs to {named}."
    return said


def _kept(job: Job, row: Mapping[str, Any], said: str, cases: tuple[str, ...], answer: Answer) -> Sealed:
    today = job.folder.region.today
    about = subject("case", cases[0]) if cases else subject("body", today)
    counts = {name: row[name] for name in ("concerns", "practices", "lately", "before", "ratio", "interval", "p_value",
                                           "adjusted", "rising", "became")}
    method = Method(answer.method.name, answer.method.version, answer.method.source)
    content = (job.folder.path / CONCERNS).read_bytes()
    return job.keep(Evidence(
        header=Header(subject=about, made_from=job.folder.as_sources(CONCERNS), method=method,
                      settings={**answer.settings, "about": row["subject"], "counts": counts}),
        source=Source(f"{job.folder.region.slug}/{CONCERNS}", digest=digest_of(content)),
        design="concerns that practices reported, counted", says=said,
        limits=(*_LIMITS, *((INVENTED,) if job.folder.region.invented else ()))), organisation=today)


def _cases(job: Job, files: list[CaseFile]) -> dict[str, tuple[str, ...]]:
    """The cases that each measure belongs to: judged by it, or put forward because of it."""
    found: dict[str, list[str]] = {}
    for watch in job.folder.region.evaluate:
        if watch.case:
            found.setdefault(watch.measure, []).append(watch.case)
    titles = {job.title(each.name): each.name for each in job.measures}
    for case in files:
        proposal = next(paper for paper in reversed(case.papers) if isinstance(paper, Proposal))
        for stated in (*(proposal.spend or ()), *(proposal.people_affected or ())):
            # “Amputations in diabetes, a year”: the longest title that a stated figure begins with.
            named = max((each for each in titles if stated.what.startswith(each)), key=len, default=None)
            if named is not None:
                found.setdefault(titles[named], []).append(case.id)
    return {measure: tuple(dict.fromkeys(cases)) for measure, cases in found.items()}


def _signals(job: Job) -> dict[str, int]:
    """How many gaps of more than chance were left on each measure in this run or an earlier one."""
    found: dict[str, int] = {}
    for code in job.folder.region.bodies:
        try:
            left = job.record.papers(subject("body", code))
        except Refused:
            continue  # Nothing was ever entered about it.
        for kept in left:
            if kept.kind == "opportunity":
                paper = kept.paper()
                assert isinstance(paper, Opportunity)
                if paper.figures.get("row", {}).get("signal", True):
                    found[paper.measure] = found.get(paper.measure, 0) + 1
    return found
