"""What was found, missed and falsely raised in an invented county, whose truth is known, beside today's habits.

Today's habits, each by its usual rule: the league table (among the worst ten), red, amber and green against a target,
the best five of the similar ten, the year after against the year before. Chance has no part in them, or little: the
similar ten ask it of the own value alone.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from evenhand.data import engine
from evenhand.figures import Column, Table
from evenhand.papers import Finding, Opportunity, Sealed, opened
from evenhand.region.folder import Folder, Look, Watch
from evenhand.region.habits import Rates, judgements, rates_of, similar_tens
from evenhand.region.own import measures_of
from evenhand.region.peering import BODIES
from evenhand.terms import Estimate, Month, Span, refuse
from evenhand.terms.words import counted

Gap = tuple[str, str, str]
"""One gap: the look's first month, the body's code, the measure."""
Said = Literal["worked", "wore off", "did not work", "cannot tell"]
Right = Literal["right", "missed", "false", "not told"]
OURS, LEAGUE, RED, BEFORE_AFTER = "Evenhand", "League table", "Red, amber, green", "Before and after"
SURE = "Evenhand, sure only"
"""What is more than chance; what is only more likely than not is left out."""
SIMILAR_TEN = "Similar ten"
_SHORT = {"worked": "yes", "wore off": "wore off", "did not work": "no", "cannot tell": "open"}
_HEADS = {OURS: OURS, BEFORE_AFTER: "Before/after", RED: "Red/green", LEAGUE: "League"}


@dataclass(frozen=True)
class Tally:
    """What one way of looking raised, out of what was there. ``real`` is found and missed together."""

    method: str
    raised: int
    found: int
    missed: int
    chance: int
    bad_year: int


@dataclass(frozen=True)
class Judged:
    """What one way of judging said of all programmes."""

    method: str
    right: int
    missed: int
    false: int
    not_told: int


@dataclass(frozen=True)
class Score:
    """Everything told of a run against the truth."""

    asked: int
    real: int
    bad_years: int
    find: tuple[Tally, ...]
    looks: tuple[tuple[str, tuple[Tally, ...]], ...]
    sizes_held: int
    sizes: int
    again: tuple[int, int, int, int] | None
    programmes: tuple[Mapping[str, Any], ...]
    evaluate: tuple[Judged, ...]
    changes_held: int
    changes: int

    def document(self) -> dict[str, Any]:
        """As ``--json`` gives it."""
        return {"invented": True, "find": {
                    "asked": self.asked, "real": self.real, "one_bad_year": self.bad_years,
                    "methods": [asdict(each) for each in self.find],
                    "looks": [{"look": look, "methods": [asdict(each) for each in tallies]}
                              for look, tallies in self.looks],
                    "true_size_within_range": self.sizes_held, "sizes_given": self.sizes,
                    "looked_at_again": dict(zip(("bad_years", "gone", "real_twice", "raised_again"), self.again,
                                                strict=True)) if self.again else None},
                "evaluate": {"methods": [asdict(each) for each in self.evaluate],
                             "programmes": [dict(each) for each in self.programmes],
                             "true_change_within_range": self.changes_held, "changes_given": self.changes},
                "sentences": list(self.sentences())}

    def tables(self) -> tuple[Table, ...]:
        """The same as tables: gaps, programmes by way of judging, and programme by programme."""
        ways = [each.method for each in self.evaluate]
        return (
            Table.of([asdict(each) for each in self.find], [
                Column("method", "Gaps"), Column("raised", "Raised", "count"), Column("found", "Real", "count"),
                Column("missed", "Missed", "count"), Column("chance", "Only chance", "count"),
                Column("bad_year", "One bad year", "count")], title="Where to look first"),
            Table.of([asdict(each) for each in self.evaluate], [
                Column("method", "Programmes"), Column("right", "Right", "count"), Column("missed", "Missed", "count"),
                Column("false", "Falsely praised", "count"), Column("not_told", "Not told", "count")],
                title="Did it work?"),
            Table.of([{"title": each["title"], "truth": each["kind"],
                       **{way: _SHORT[said] for way, said in each["said"].items()}} for each in self.programmes], [
                Column("title", "Did it work?"), Column("truth", "The truth"),
                *(Column(way, _HEADS[way]) for way in ways)], title="Programme by programme"))

    def sentences(self) -> Iterable[str]:
        """The score in words."""
        yield (f"Of {self.asked:,} gaps looked at, {self.real} were real (5% or more on the worse side of the middle) "
               f"and {self.bad_years} were one bad year, which goes by itself.")
        for each in self.find:
            false = each.chance + each.bad_year
            yield (f"{each.method} raised {each.found} of the {self.real} real ones, missed {each.missed}, and falsely "
                   f"raised {false}: {each.chance} of them chance, {each.bad_year} one bad year."
                   f"{_slight(each)}")
        if self.sizes:
            yield (f"The range that Evenhand gave held the true size of {self.sizes_held} of the {self.sizes} real "
                   "gaps it raised.")
        if self.again:
            bad, gone, real, still = self.again
            yield (f"Looked at again in a later year, {gone} of the {bad} bad years that Evenhand had raised had gone, "
                   f"and {still} of {real} gaps that were real both times were raised again.")
        for judged in self.evaluate:
            yield (f"{judged.method} judged {judged.right} of {counted(len(self.programmes), 'programme')} rightly, "
                   f"missed {judged.missed}, praised {judged.false} falsely and left {judged.not_told} open.")
        if self.changes:
            yield (f"The range that Evenhand gave held the true change of {self.changes_held} of "
                   f"{counted(self.changes, 'programme')}.")


def _slight(each: Tally) -> str:
    """What else was raised: gaps too small to count for or against anybody."""
    slight = each.raised - each.found - each.chance - each.bad_year
    return f" It also raised {counted(slight, 'slight one')} (2% to 5%), which count neither way." if slight else ""


def read_truth(folder: Folder) -> dict[str, Any]:
    """The truth beside a region. Raises ``Refused`` where there is none: nobody knows the truth of a real region."""
    path = folder.path / "truth.json"
    if not folder.region.invented or not path.is_file():
        raise refuse("only an invented county can be scored: its truth is known",
                     "make one with evenhand data invent --out DIR", file=str(folder.path))
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def score(folder: Folder, workspace: Path, papers: Iterable[Sealed]) -> Score:
    """Score the papers of a run against the truth beside its folder."""
    truth = read_truth(folder)
    kept = [opened(each.bytes) for each in papers]
    opportunities = [each for each in kept if isinstance(each, Opportunity)]
    findings = {each.header.subject.removeprefix("case/"): each for each in kept if isinstance(each, Finding)}
    measures = measures_of(folder)
    names = [each.name for each in measures]
    by_kind = _by_kind(truth)
    raised: dict[str, set[Gap]] = {OURS: {_gap_of(each) for each in opportunities}, LEAGUE: set(), RED: set(),
                                   SURE: {_gap_of(each) for each in opportunities if _is_sure(each)}}
    if not folder.lacks(BODIES):
        raised[SIMILAR_TEN] = set()
    looks = []
    for look in folder.region.find:
        rates = _rates(workspace, look)
        habits: list[tuple[str, Collection[tuple[str, str]]]] = [(LEAGUE, rates.worst_ten(measures)),
                                                                 (RED, rates.red(measures))]
        if SIMILAR_TEN in raised:
            similar = similar_tens(folder.path / BODIES, look.of, {unit for _, unit in rates.sums})
            habits.append((SIMILAR_TEN, rates.behind_best_similar(measures, similar)))
        for habit, found in habits:
            raised[habit] |= {(look.first, unit, measure) for unit, measure in found if unit in look.of}
        looks.append((look.id, tuple(tally(method, {gap for gap in every if gap[0] == look.first},
                                           {kind: {gap for gap in gaps if gap[0] == look.first}
                                            for kind, gaps in by_kind.items()})
                                     for method, every in raised.items())))
    sizes = _sizes(opportunities, truth)
    programmes = [_programme(each, findings, workspace, folder) for each in truth["programmes"]]
    ways = (OURS, BEFORE_AFTER, RED, LEAGUE)
    changes = [each["change_held"] for each in programmes if each["change_held"] is not None]
    return Score(
        asked=sum(len(look.of) for look in folder.region.find) * len(names), real=len(by_kind["real"]),
        bad_years=len(by_kind["one bad year"]),
        find=tuple(tally(method, every, by_kind) for method, every in raised.items()), looks=tuple(looks),
        sizes_held=sum(sizes), sizes=len(sizes),
        again=_again(raised[OURS], by_kind), programmes=tuple(programmes),
        evaluate=tuple(judged(way, [(each["kind"], each["said"][way]) for each in programmes]) for way in ways),
        changes_held=sum(changes), changes=len(changes))


def _by_kind(truth: Mapping[str, Any]) -> dict[str, set[Gap]]:
    found: dict[str, set[Gap]] = {"real": set(), "slight": set(), "one bad year": set()}
    for each in truth["gaps"]:
        found[each["kind"]].add((each["from"], each["unit"], each["measure"]))
    return found


def _gap_of(paper: Opportunity) -> Gap:
    assert isinstance(paper.period, Span)
    return str(paper.period.first), paper.body.code or paper.body.name, paper.measure


def _is_sure(paper: Opportunity) -> bool:
    """Whether a gap is more than chance, and not only more likely than not."""
    return bool(paper.figures["row"]["signal"])


def tally(method: str, raised: Collection[Gap], by_kind: Mapping[str, Collection[Gap]]) -> Tally:
    """Count what was raised against what was there. A slight gap counts neither for nor against anybody."""
    counting = set(raised) - set(by_kind["slight"])
    real, bad = set(by_kind["real"]), set(by_kind["one bad year"])
    return Tally(method, raised=len(set(raised)), found=len(counting & real), missed=len(real - counting),
                 chance=len(counting - real - bad), bad_year=len(counting & bad))


def _again(raised: Collection[Gap], by_kind: Mapping[str, Collection[Gap]]) -> tuple[int, int, int, int] | None:
    """Bad years raised and of them not raised again; gaps real in both looks and of them raised again."""
    pairs = [(gap, (next_look, *gap[1:])) for gap in raised for next_look in sorted(
        {other[0] for other in raised if other[0] > gap[0] and other[1] == gap[1]})[:1]]
    bad = [again for gap, again in pairs if gap in by_kind["one bad year"]]
    real = [again for gap, again in pairs if gap in by_kind["real"] and again in by_kind["real"]]
    if not bad:
        return None
    return len(bad), sum(each not in raised for each in bad), len(real), sum(each in raised for each in real)


def verdict_against(truth: str, said: Said) -> Right:
    """Whether what was said of a programme was right; praise for what did nothing, or did not last, is false."""
    if said == "cannot tell":
        return "not told"
    helped = {"worked": "worked", "wore off": "wore off"}.get(truth, "did not work")
    if said == helped:
        return "right"
    if said == "worked" or helped == "did not work":
        return "false"
    return "missed"


def judged(method: str, told: Iterable[tuple[str, Said]]) -> Judged:
    """Count what was said of programmes against the truth of each."""
    found = [verdict_against(truth, said) for truth, said in told]
    return Judged(method, found.count("right"), found.count("missed"), found.count("false"), found.count("not told"))


def _sizes(opportunities: Iterable[Opportunity], truth: Mapping[str, Any]) -> list[bool]:
    """For each real gap raised, whether its range held the true size."""
    true = {(each["from"], each["unit"], each["measure"]): each["gap_a_year"] for each in truth["gaps"]
            if each["kind"] == "real"}
    return [each.gap.low <= true[_gap_of(each)] <= each.gap.high for each in opportunities
            if isinstance(each.gap, Estimate) and _gap_of(each) in true]


def _rates(workspace: Path, look: Look) -> Rates:
    table = engine.observations(workspace, source=look.figures.source, vintage=look.figures.vintage or "",
                                first=Month.parsed(look.first), last=Month.parsed(look.last))
    return rates_of(table.to_pylist())


def _programme(truth: Mapping[str, Any], findings: Mapping[str, Finding], workspace: Path,
               folder: Folder) -> dict[str, Any]:
    """One programme: its truth, and what each way of judging said of it."""
    watch = next((each for each in folder.region.evaluate if each.case == truth["id"]), None)
    finding = findings.get(truth["id"])
    said: dict[str, Said] = {OURS: said_by(finding)}
    said |= _habits(watch, workspace, folder) if watch is not None else {}
    held = None
    if finding is not None and isinstance(finding.found, Estimate):
        held = bool(finding.found.low <= truth["averted"] <= finding.found.high)
    return {"id": truth["id"], "title": truth["title"], "kind": truth["kind"], "measure": truth["measure"],
            "true_change": truth["change"], "said": said, "change_held": held,
            "right": {way: verdict_against(truth["kind"], each) for way, each in said.items()}}


def said_by(finding: Finding | None) -> Said:
    """What a finding says, in the words of the score."""
    if finding is None or finding.verdict == "cannot tell":
        return "cannot tell"
    if finding.verdict == "did not work":
        return "did not work"
    return "wore off" if finding.verdict == "faded" else "worked"


def _habits(watch: Watch, workspace: Path, folder: Folder) -> dict[str, Said]:
    assert watch.start is not None
    start = Month.parsed(watch.start)
    last = Month.parsed(watch.last) if watch.last else start.plus(23)
    measure = measures_of(folder)[watch.measure]
    years = []
    for first, end in ((start.plus(-12), start.plus(-1)), (start, start.plus(11)), (last.plus(-11), last)):
        table = engine.observations(workspace, measure=[watch.measure], source=watch.figures[0].source,
                                    vintage=watch.figures[0].vintage or "", first=first, last=end)
        years.append(rates_of(table.to_pylist(), together=watch.of))
    before_after, red, league = judgements(measure, years, promised=watch.promised or 0.0)
    return {BEFORE_AFTER: before_after, RED: red, LEAGUE: league}
