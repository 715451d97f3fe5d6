"""The steps of the main job, in the order a decision walks through the rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from evenhand.data import engine
from evenhand.data.vintages import compare_vintages
from evenhand.evaluate.running_looks import plan_in
from evenhand.figures import Figure
from evenhand.papers import (
    Body,
    Decision,
    EvaluationPlan,
    Evidence,
    Finding,
    Header,
    Lineage,
    MadeFrom,
    Method,
    Paper,
    Sealed,
    Source,
    Succession,
    subject,
)
from evenhand.region import (
    appraising,
    beside,
    choosing,
    deciding,
    delivering,
    engaging,
    gating,
    hearing,
    listing,
    looking,
    paying,
    planning,
    remembering,
    reporting,
    watching,
)
from evenhand.region.due import keep_realised
from evenhand.region.folder import Watch
from evenhand.region.job import Done, Job, Step, take_over_state
from evenhand.region.loading import loaded
from evenhand.region.own import INVENTED, lists_of
from evenhand.region.proposals import read_case
from evenhand.region.series import Measured, Series, series_of
from evenhand.region.watching import Watched
from evenhand.region.writing import rehearse_hand_over
from evenhand.remember import lineage
from evenhand.terms import Month, Refused
from evenhand.terms.words import counted, listed, per_cent, pounds

TOLD_FROM = 0.05
"""Two versions of a measure that differ by more than this share are named, whether anybody asked or not."""


def compared(job: Job) -> Done:
    """Set the releases that overlap side by side, and say which measures changed their definition."""
    overlaps = compare_vintages(job.workspace)
    if not overlaps:
        return Done("Two versions of one measure", (), left_out=(
            "no measure is held in two versions, so nothing could be compared",))
    changed = [each for each in overlaps if not each.agrees]
    alike = len(overlaps) - len(changed)
    told = [each for each in changed if each.measure in _asked(job) or abs(each.difference) > TOLD_FROM]
    rest = len(changed) - len(told)
    return Done("Two versions of one measure", (
        f"Measures held in two versions: {len(overlaps)}. Of them {alike} agree to four digits over the months both "
        f"hold; {len(changed)} do not, and are never joined.",
        *(each.sentence for each in told),
        *((f"{'The other one differs' if rest == 1 else f'The other {rest} differ'} by less than "
           f"{per_cent(TOLD_FROM)} and no question here rests on {'it' if rest == 1 else 'them'}.",) if rest else ())))


def _asked(job: Job) -> set[str]:
    return {watch.measure for watch in job.folder.region.evaluate} | {"lpzomnibus"}


def allocated(job: Job) -> Done:
    """What each body was allocated, and how far that was from its target share."""
    rows = [row for row in engine.rows_of(job.workspace, "money") if row["unit"] in job.folder.region.bodies]
    if not rows:
        return Done("Money", (), left_out=("no allocations are held for these bodies",))
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        lines.setdefault((row["unit"], row["year"]), {})[row["line"]] = (row["amount"], row["amount_unit"])
    papers, said = [], []
    made_from = job.made_from(["allocations", "money-kept"])
    for (unit, year), held in sorted(lines.items()):
        sentence = _allocation(job.name(unit), year, held)
        said.append(sentence)
        papers.append(job.keep(Evidence(
            header=Header(subject=subject("body", unit), made_from=made_from), design="published figures",
            source=Source(_ALLOCATED_BY[job.folder.region.invented]), says=sentence,
            limits=() if job.folder.region.invented else (
                "The file has two wrong headings; they were read by what their columns hold.",)),
            organisation=unit))
    return Done("Money", tuple(said), tuple(papers))


_ALLOCATED_BY = {False: "NHS England, allocations to clinical commissioning groups and distance from target",
                 True: INVENTED}


def _allocation(name: str, year: str, held: Mapping[str, tuple[float, str]]) -> str:
    allocation = next(((amount, unit) for line, (amount, unit) in held.items() if line == "allocation"), None)
    distance = next((amount for line, (amount, _) in held.items() if "closing" in line), None)
    parts = [f"{name} was allocated {_money(*allocation)} for {year}" if allocation else f"{name}, {year}"]
    if distance is not None:
        side = "above" if distance > 0 else "below"
        parts.append(f"{abs(distance):.2f}% {side} its target share" if distance else "at its target share")
    return ", ".join(parts) + "."


def _money(amount: float, unit: str) -> str:
    return pounds(amount * (1000 if unit.startswith("thousand") else 1))


def cases(job: Job) -> Done:
    """Take over what is known of each decision, as papers, and the state it had reached."""
    papers: list[Sealed] = []
    said = []
    for path in job.folder.proposals:
        case = read_case(path)
        kept = [job.keep(_naming_its_plan(job, paper)) for paper in case.papers]
        papers += kept
        take_over_state(job, case.subject, case.state)
        said.append(f"{case.title}: {counted(len(kept), 'paper')}.")
    if not said:
        return Done("Decisions", (), left_out=("the folder has no proposals/*.toml",))
    return Done("Decisions", tuple(said), tuple(papers))


def _naming_its_plan(job: Job, paper: Paper) -> Paper:
    """A decision, said to be made from the plan for finding out that was sealed before it, where one was."""
    if not isinstance(paper, Decision):
        return paper
    try:
        sealed = plan_in(job.record.papers(paper.subject, EvaluationPlan.paper))
    except Refused:
        return paper
    if sealed is None or sealed.digest in {each.digest for each in paper.header.made_from}:
        return paper
    named = (*paper.header.made_from, MadeFrom(sealed.digest, "evaluation_plan"))
    return replace(paper, header=replace(paper.header, made_from=named))


def watched(job: Job) -> Done:
    """Ask what happened afterwards, and leave a finding for each question, or for each look that its plan fixed."""
    papers, said, figures, left_out = [], [], list[Figure](), []
    for watch in job.folder.region.evaluate:
        try:
            if watch.kind == "beside others":
                case = beside.asked(job, watch)
                papers += [each.sealed for each in case.taken]
                said += [_told(watch, each.finding) for each in case.taken[-1:]]
                figures += [each.figure for each in case.taken if each.figure is not None]
                left_out += [f"{watch.question} Not asked: {case.waits}."] if case.waits else []
                continue
            found = watching.answered(watch, _series(job, watch), _measured(job, watch.measure), job.name)
        except Refused as refused:
            left_out.append(f"{watch.question} {refused.lines()[0]}")
            continue
        papers.append(job.keep(_finding(job, found)))
        said.append(f"{watch.question} {_VERDICT[found.verdict]} {found.sentence}")
        figures += found.figures
        figures += [figure for answer in found.answers.values() for figure in answer.figures]
    if papers:
        keep_realised(job.record, job.workspace)
    return Done("What happened afterwards", tuple(said), tuple(papers), tuple(figures), tuple(left_out))


_VERDICT = {"worked": "Yes.", "did not work": "No.", "faded": "At first, and then it faded.",
            "cannot tell": "Cannot tell."}


def _told(watch: Watch, finding: Finding) -> str:
    return " ".join(each for each in (watch.question, _VERDICT[finding.verdict], finding.sentence,
                                      finding.point_sentence) if each)


def _series(job: Job, watch: Watch) -> dict[str, tuple[Series, ...]]:
    found = {}
    first = Month.parsed(watch.first) if watch.first else None
    last = Month.parsed(watch.last) if watch.last else None
    wanted = [*watch.of, *([watch.beside] if watch.beside else [])]
    for version in watch.figures:
        rows = engine.observations(job.workspace, measure=[watch.measure], source=version.source,
                                   vintage=version.vintage or "", first=first, last=last).to_pylist()
        found[version.title] = tuple(series_of(rows, unit, version.title) for unit in wanted)
        for one in found[version.title]:
            if not one.months:
                raise Refused(_nothing(one.unit, watch.measure))
    return found


def _nothing(unit: str, measure: str) -> Any:
    from evenhand.terms import Problem

    return Problem(f"nothing is held of {measure} for {unit} in these months", "load a file that has it")


def _measured(job: Job, name: str) -> Measured:
    about = job.measures[name]
    money = about.numerator_unit == "pounds"
    return Measured(about.title, f"{about.unit.removeprefix('pounds ')} a year" if money else about.unit, money)


def _finding(job: Job, found: Watched) -> Finding:
    watch = found.watch
    about = subject("case", watch.case) if watch.case else subject("body", job.folder.region.today)
    sources = {version.source for version in watch.figures}
    method = next(iter(found.answers.values())).method if found.answers else None
    return Finding(
        header=Header(subject=about, proposal_version=1 if watch.case else None,
                      made_from=job.made_from([*sorted(sources), "observations"]),
                      method=Method(method.name, method.version, method.source) if method else None,
                      settings={"kind": watch.kind, "of": list(watch.of), "start": watch.start,
                                "settled": watch.settled}),
        question=watch.question, verdict=found.verdict, because=found.because,  # type: ignore[arg-type]
        measure=watch.measure, period=found.series[0].span, found=found.found, units=found.units, lasted=found.lasted,
        sentence=found.sentence, remarks=found.remarks,
        figures={"marks": [{"month": each.month, "what": each.what} for each in watch.marks],
                 "series": _points(found.series), "answers": {
            name: {"sentence": answer.sentence, **_short(answer.document())} for name, answer in
            found.answers.items()}})


def _points(all_series: tuple[Series, ...]) -> list[dict[str, Any]]:
    return [{"unit": one.unit, "figures": one.source, "months": [str(month) for month in one.months],
             "numerators": list(one.numerators), "denominators": list(one.denominators)} for one in all_series]


def _short(document: Mapping[str, Any]) -> dict[str, Any]:
    """An answer's document without the points, which stand in the series already."""
    wanted = {name: document[name] for name in ("changes", "coefficients", "averted", "autocorrelation", "remarks")
              if name in document}
    if "series" in document:
        wanted["charts"] = [{name: one[name] for name in ("series", "variation", "assurance", "segments")}
                            for one in document["series"]]
    return wanted


def carried(job: Job) -> Done:
    """Who came before and after, one series carried across, and what the next body must know."""
    region = job.folder.region
    papers, said, figures = [], [], list[Figure]()
    own = lists_of(job.folder, job.bodies)
    for code in region.bodies:
        answer = lineage(code, **own)
        said.append(answer.sentence)
        if code == region.today:
            figures += answer.figures
        papers.append(job.keep(Lineage(
            header=Header(subject=subject("body", code),
                          made_from=tuple(MadeFrom(each.digest, each.what) for each in answer.made_from),
                          method=Method(answer.method.name, answer.method.version, answer.method.source)),
            body=Body(job.name(code), code), sentence=answer.sentence, remarks=answer.remarks,
            successions=tuple(Succession(old=Body(job.name(each.old), each.old), new=Body(job.name(each.new), each.new),
                                         on=each.date, share=each.share, basis=each.basis)
                              for each in job.bodies.successions if code in (each.old, each.new)),
            figures=answer.document()), organisation=code))
    said += _carried_series(job)
    return Done("Who came after whom", tuple(said), tuple(papers), tuple(figures))


def _carried_series(job: Job) -> list[str]:
    """One series of the predecessors on the boundaries of today: numerators and denominators added, never rates."""
    region = job.folder.region
    old = [code for code in region.bodies if code != region.today]
    watch = next((each for each in region.evaluate if set(each.of) == set(old)), None)
    if watch is None or not old:
        return []
    try:
        rows = engine.observations(job.workspace, measure=[watch.measure], unit=old,
                                   source=watch.figures[0].source).to_pylist()
    except Refused:
        return []
    for row in rows:
        row["unit"] = region.today
    one = series_of(rows, region.today, watch.figures[0].title)
    last = one.months[-1]
    about = _measured(job, watch.measure)
    written = per_cent(one.values[-1]) if job.measures[watch.measure].is_share else about.written(one.values[-1])
    return [f"{about.title}, carried onto the boundaries of {job.name(region.today)} ({region.today}) by adding up "
            f"{listed(old)}: {written} in {last.words}. Whole bodies were added, so no share had to be "
            "assumed."]


def handed_over(job: Job) -> Done:
    """Pack everything, open the pack elsewhere, and check that it verifies there."""
    return Done("Hand-over", rehearse_hand_over(job))


IN_ORDER: tuple[tuple[str, Step], ...] = (
    ("Loading published figures", loaded), ("Comparing versions of the figures", compared),
    ("Looking at the money", allocated), ("Reading the list it began from", listing.read_list),
    ("Looking where to look first", looking.looked), ("Putting concerns together", reporting.reported),
    ("Planning who must be heard", hearing.to_be_heard),
    ("Planning how we shall know", planning.planned), ("Taking over what is known of decisions", cases),
    ("Asking who was heard", engaging.heard),
    ("Asking what each option would do", appraising.appraised), ("Choosing which few", choosing.chosen),
    ("Asking whether meetings may decide", deciding.met), ("Asking what must be shown first", gating.shown),
    ("Asking whether it is happening", delivering.delivered), ("Asking what is paid", paying.paid),
    ("Asking what happened afterwards", watched),
    ("Drafting what the next body must know", remembering.remembered),
    ("Following who came after whom", carried), ("Rehearsing the hand-over", handed_over))

