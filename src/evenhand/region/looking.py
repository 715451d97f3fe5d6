"""Where to look first: the gaps of the region's bodies, on the boundaries each question names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evenhand.data import engine
from evenhand.data.measures import as_table
from evenhand.figures import Answer, Figure
from evenhand.find import gaps
from evenhand.find.gap_words import amount, amount_range, rank_words
from evenhand.papers import Body, Header, Method, Opportunity, Sealed, subject
from evenhand.region import peering
from evenhand.region.folder import Look
from evenhand.region.job import Done, Job
from evenhand.region.peering import Peers
from evenhand.region.series import ENGLAND
from evenhand.terms import Estimate, Month, Refused, Span
from evenhand.terms.words import counted

MANY = 5
"""A measure that holds more others than this is a total: it is told beside the ranked list, never added to it."""


def looked(job: Job) -> Done:
    """Ask *find* for every body of every question, and leave an opportunity for each gap that it raises."""
    papers: list[Sealed] = []
    said: list[str] = []
    figures: list[Figure] = []
    left_out: list[str] = []
    found: list[Sealed] = []
    beyond = 0
    described, listing = as_table(job.measures), _listing(job)
    for look in job.folder.region.find:
        try:
            panel = panel_of(job, look)
        except Refused as refused:
            left_out.append(f"{look.title}: {refused.lines()[0]}")
            continue
        for code in look.of:
            answer = gaps(panel, of=code, from_month=look.first, to_month=look.last, smallest=look.smallest,
                          measures=described, organisations=listing)
            said.append(f"{look.title}: {answer.sentence}")
            said += [sentence_of(row) for row in answer.fields["rows"] if len(row["overlaps_with"]) > MANY]
            figures += [_named(figure, look, code) for figure in answer.figures[:1]]
            worse = [row for row in answer.fields["rows"] if row.get("raised")]
            sure = [row for row in worse if row["signal"]]
            alike, why = peering.peers_or_why(job, code, _asked_about(panel, look))
            theirs: dict[str, dict[str, Any]] = {}
            if alike is not None:
                found.append(peering.evidence(job, alike, f"{look.first}/{look.last}"))
                theirs = _beside_peers(job, look, alike, panel, described, listing)
                said += [peering.sentence_of(job, alike)] * (code == job.folder.region.today)
                said += [peering.agreed(job, code, alike, sure, theirs)] if sure else []
            left_out += [why] if why else []
            beyond += len(sure)
            papers += [job.keep(_opportunity(job, look, code, row, answer, alike, theirs.get(row["measure"])),
                                organisation=code) for row in worse]
    said.append(f"{counted(len(papers), 'gap')} left as papers: {beyond} of more than chance, {len(papers) - beyond} "
                "only more likely than not. A gap is headroom, not money.")
    left_out += [why] if job.folder.region.find and (why := peering.lacking(job)) else []
    return Done("Where to look first", tuple(said), (*papers, *found), tuple(figures), tuple(left_out))


def _beside_peers(job: Job, look: Look, alike: Peers, panel: Any, described: Any,
                  listing: Any) -> dict[str, dict[str, Any]]:
    """Every measure of one body against the middle of its peers, by measure; nothing where they cannot be compared."""
    import pyarrow as pa
    import pyarrow.compute as pc

    few = panel.filter(pc.is_in(panel["unit"], pa.array([alike.of, *alike.codes])))
    answer = gaps(few, of=alike.of, against="peers", peers=alike.codes, from_month=look.first, to_month=look.last,
                  smallest=look.smallest, measures=described, organisations=listing)
    return {row["measure"]: peering.beside(job, alike, row) for row in answer.fields["rows"]
            if row.get("gap") is not None}


def _listing(job: Job) -> Any:
    """The folder's own bodies as ``find gaps`` reads them; nothing where they are those of the published lists."""
    import pyarrow as pa

    if job.folder.organisations is None:
        return None
    every = list(job.bodies)
    return pa.table({"code": [each.code for each in every], "name": [each.name for each in every],
                     "closed": [str(each.closed or "") for each in every],
                     "successor": [";".join(job.bodies.successors(each.code)) for each in every]})


def panel_of(job: Job, look: Look) -> Any:
    """The panel of one question: one version of the figures, bodies only; the months asked for and the year before.

    The year before tells what lasts from what was one bad year.
    """
    import pyarrow.compute as pc

    table = engine.observations(job.workspace, source=look.figures.source, vintage=look.figures.vintage or "",
                                first=Month.parsed(look.first).plus(-12), last=Month.parsed(look.last))
    if not _asked_about(table, look).num_rows:
        raise Refused(_nothing(look))
    return table.filter(pc.and_(pc.not_equal(table["unit"], ENGLAND), pc.is_valid(table["denominator"])))


def _asked_about(panel: Any, look: Look) -> Any:
    """The rows of a panel in the months asked about: a body that closed the year before is nobody's peer."""
    import pyarrow.compute as pc

    return panel.filter(pc.greater_equal(panel["month"], Month.parsed(look.first).first_day()))


def _nothing(look: Look) -> Any:
    from evenhand.terms import Problem

    return Problem(f"nothing is held of {look.figures.title} from {look.first} to {look.last}",
                   "load a file that has it")


def _named(figure: Figure, look: Look, code: str) -> Figure:
    from dataclasses import replace

    return replace(figure, name=f"gaps {look.id} {code}")


def _opportunity(job: Job, look: Look, code: str, row: dict[str, Any], answer: Answer, alike: Peers | None = None,
                 theirs: dict[str, Any] | None = None) -> Opportunity:
    """One gap as a paper, set beside all bodies and, where peers are known, beside them."""
    low, high = row["interval"]
    said, figures = sentence_of(row), {"row": row}
    sources = job.made_from([look.figures.source, "observations"])
    if alike is not None and theirs is not None:
        said, figures = f"{said} {against_peers(theirs, row['numerator_unit'])}", {"row": row, "peers": theirs}
        sources = (*sources, *job.folder.as_sources(peering.BODIES))
    units = f"{row['numerator_unit']} a year"
    return Opportunity(
        header=Header(subject=subject("body", code), made_from=sources,
                      method=Method(answer.method.name, answer.method.version, answer.method.source),
                      settings={"from": look.first, "to": look.last, "smallest": look.smallest, "of": code,
                                "measure": row["measure"], "against": "median"}),
        body=Body(job.name(code), code), measure=row["measure"], title=job.title(row["measure"]),
        period=Span(Month.parsed(look.first), Month.parsed(look.last)), against="the middle of all commissioners",
        gap=Estimate(row["gap"], low, high), gap_units=units, rank=row["rank"], rank_of=row["of"], sure=row.get("sure"),
        sure_because=row.get("because"), overlaps_with=tuple(row.get("overlaps_with") or ()),
        sentence=said, figures=figures, remarks=answer.remarks)


def sentence_of(row: Mapping[str, Any]) -> str:
    """One gap in one sentence, with its range and rank."""
    off, reach = _off(row, row["numerator_unit"])
    return f"{row['title']}: {off} the middle (range {reach}), {rank_words(row['rank'], row['of'])}."


def against_peers(theirs: Mapping[str, Any], unit: str) -> str:
    """The same gap against the body's peers, in one sentence; whether it is more than chance there too."""
    off, reach = _off(theirs, unit)
    chance = "" if theirs["signal"] else ": no more than chance"
    return f"Against its {counted(len(theirs['units']), 'peer')}, {off} their middle (range {reach}){chance}."


def _off(row: Mapping[str, Any], unit: str) -> tuple[str, str]:
    """How far off and on which side, and the range of it."""
    low, high = row["interval"]
    side = "above" if row["gap"] >= 0 else "below"
    nearest, furthest = sorted((abs(low), abs(high)))
    # A range on both sides of the middle says so, or chance would read as a difference.
    reach = (f"{amount(-low, unit)} below to {amount(high, unit)} above" if low < 0 < high
             else amount_range(nearest, furthest, unit))
    return f"about {amount(abs(row['gap']), unit)} a year {side}", reach
