"""The list it began from: the region's working tracker, read as it stands, and which of its rows became cases."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from evenhand.choose import list_schemes
from evenhand.figures import Answer
from evenhand.papers import Body, Header, ListedScheme, Method, SchemeList, subject
from evenhand.region.engaging import figures_of
from evenhand.region.job import Done, Job
from evenhand.region.proposals import CaseFile, read_case
from evenhand.terms.words import counted, listed

ROOM = "The list it began from"
TRACKER = "schemes.xlsx"
_STATUS = {"firm": "firm", "at_risk": "at risk", "not_found": "not found"}
_LACKS = ("owner", "measure", "start")


def read_list(job: Job) -> Done:
    """Read the tracker, leave what it comes to as a paper, and say which of its rows were worked up into cases."""
    if missing := job.folder.lacks(TRACKER):
        return Done(ROOM, (), left_out=(f"{missing} (a working tracker as it is, read by evenhand choose list), so the "
                                        "run begins from proposals",))
    answer = list_schemes(job.folder.path / TRACKER)
    cases = [read_case(path) for path in job.folder.proposals]
    paper = _paper(job, answer, cases)
    lines = [answer.sentence, _lacking(paper), _came(paper, {each.subject: each.title for each in cases})]
    return Done(ROOM, tuple(lines), (job.keep(paper),), tuple(figures_of((answer,))))


def _paper(job: Job, answer: Answer, cases: Sequence[CaseFile]) -> SchemeList:
    region, totals = job.folder.region, answer.fields["totals"]
    rows, became = _rows(answer.fields["schemes"], cases)
    without = sum(row.case is None for row in rows)
    others = [each for each in cases if each.id not in became]
    struck = {_folded(row["label"] or "") for row in answer.fields["ignored_rows"] if row["struck_through"]}
    return SchemeList(
        header=Header(subject=subject("plan", region.slug), made_from=job.folder.as_sources(TRACKER),
                      settings=dict(answer.settings),
                      method=Method(answer.method.name, answer.method.version, answer.method.source)),
        title=f"Working tracker of {region.name}", body=Body(job.name(region.today), region.today), schemes=tuple(rows),
        needed_pence=_pence(totals["needed"]), claimed_pence=_pence(totals["claimed"]) or 0,
        counted_twice_pence=_pence(totals["counted_twice"]) or 0, firm_pence=_pence(totals["firm"]) or 0,
        at_risk_pence=_pence(totals["at_risk"]) or 0, not_found_pence=_pence(totals["not_found"]),
        cases=tuple(each.subject for each in cases if each.id in became),
        struck_out=tuple(each.subject for each in others if _folded(each.title) in struck),
        not_on_it=tuple(each.subject for each in others if _folded(each.title) not in struck), without_case=without,
        # Owners are people, so rows stay out of the figures: they stand in the list itself.
        sentence=answer.sentence, remarks=answer.remarks,
        figures={"rows": answer.fields["rows"], "missing": answer.fields["missing"], "totals": totals,
                 "usual_shortfall": answer.fields["usual_shortfall"], "by_kind": answer.fields["by_kind"]})


def _rows(schemes: Sequence[Mapping[str, Any]], cases: Sequence[CaseFile]) -> tuple[list[ListedScheme], set[str]]:
    """The rows of the list, each with the case of the same name; a case is taken from the first row that bears it."""
    named = {_folded(each.title): each for each in cases}
    became: set[str] = set()
    rows = []
    for each in schemes:
        case = named.get(_folded(each["name"]))
        if case is not None and case.id in became:
            case = None
        if case is not None:
            became.add(case.id)
        rows.append(ListedScheme(
            title=each["name"], sheet=each["sheet"], row=each["row"], claimed_pence=_pence(each["value_pounds"]),
            status=_STATUS[each["status"]],  # type: ignore[arg-type]
            lacks=tuple(name for name in _LACKS if not each[name]), case=case.subject if case else None))
    return rows, became


def _folded(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.casefold()))


def _pence(pounds: float | None) -> int | None:
    return None if pounds is None else round(100 * pounds)


def _lacking(paper: SchemeList) -> str:
    """What the rows lack, and how many lack nothing."""
    counts = [(name, sum(name in row.lacks for row in paper.schemes)) for name in _LACKS]
    whole = sum(not row.lacks for row in paper.schemes)
    return (f"Of {counted(len(paper.schemes), 'scheme')}, "
            f"{listed([f'{number} have no {name}' for name, number in counts])}; {whole} have all three.")


def _came(paper: SchemeList, titles: Mapping[str, str]) -> str:
    """How the cases came of the list: how many rows were worked up, how many were not, and what came from elsewhere."""
    worked = len(paper.cases)
    if not titles:
        return "None of them has been worked up into a proposal: the folder has no proposals/*.toml."
    said = (f"{counted(worked, 'of them was', 'of them were')} worked up into "
            f"{'a proposal' if worked == 1 else 'proposals'}, {paper.without_case} not.")
    for cases, ending in ((paper.struck_out, "from a row that is struck out"), (paper.not_on_it, "from elsewhere")):
        if cases:
            named = listed([f"“{titles[each]}”" for each in cases])
            said += f" {counted(len(cases), 'proposal')} came {ending}: {named}."
    return said
