"""Where a place should look first, put in the order of its page."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evenhand.data.importers import IMPORTERS
from evenhand.data.importers.importer import OPEN_GOVERNMENT
from evenhand.data.organisations import BOARD
from evenhand.find import gap_words
from evenhand.papers import Body, Header, MadeFrom, Method, Opportunity, subject
from evenhand.terms import Estimate, Month, Span, refuse
from evenhand.terms.words import ordinal
from evenhand.web import loaded
from evenhand.web.loaded import Release
from evenhand.web.region_here import here
from evenhand.web.set_against import PEERS, USUAL, SetAgainst
from evenhand.web.spark import spark

if TYPE_CHECKING:
    from evenhand.figures import Answer

SHOWN = 10
OWN_PANEL = "observations"
"""The publication whose one file may hold several releases, told apart by its columns source and vintage."""
LIKELY = "More likely than not, but not beyond chance"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One measure of the list, in words."""

    measure: str
    title: str
    gap: str
    range: str
    rank: str
    trend: str
    sure: str
    because: str
    why: str
    spark: str
    drawn: str
    overlaps: tuple[str, ...]
    remark: str


@dataclass(frozen=True)
class Choice:
    """Another way to look at the same place: then, or now."""

    text: str
    query: str
    current: bool


@dataclass(frozen=True)
class Look:
    """Everything the page says."""

    typed: str
    code: str
    name: str
    release: Release
    span: Span
    against: str
    sentence: str
    of: int
    said: str = ""
    choices: tuple[Choice, ...] = ()
    first: tuple[Line, ...] = ()
    more: tuple[Line, ...] = ()
    other: tuple[Line, ...] = ()
    do_not_add: tuple[Line, ...] = ()
    likely: tuple[Line, ...] = ()
    better: tuple[Line, ...] = ()
    chance: tuple[Line, ...] = ()
    remarks: tuple[str, ...] = ()
    not_held: tuple[str, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    peers: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoFigures:
    """A place that is known and of which no figures are held beside others."""

    typed: str
    said: str
    choices: tuple[Choice, ...]


def look(typed: str, *, view: str = "", compared: SetAgainst = USUAL) -> Look | NoFigures:
    """Where a place should look first. Raises ``Refused`` for a place or peer that is not known, naming the closest."""
    code = loaded.code_meant(typed)
    lists = loaded.bodies()
    known = code in lists
    said, follow = "", []
    if known and lists.kind(code) == BOARD:
        served = [each for each in lists.served(code) if loaded.can_compare(each)]
        return NoFigures(typed, f"{lists.sentence(code)}. Figures are held for each area it serves, not for the board.",
                         tuple(Choice(lists.title(each), each, False) for each in served))
    if known and lists.closed(code) is not None:
        said = f"{lists.sentence(code)}."
        follow = [each for each in lists.current(code) if each != code and loaded.can_compare(each)]
    then = loaded.can_compare(code)
    wanted = follow[0] if follow and (view != "then" or not then) else code
    wanted = view if view in follow else wanted
    choices = ([Choice(f"{_name(code)} then", "then", wanted == code)] if follow and then else []) + [
        Choice(f"{_name(each)} now", each, wanted == each) for each in follow]
    release = loaded.release_for(wanted)
    span = loaded.best_year(wanted, release) if release else None
    if release is None or span is None:
        return NoFigures(typed, said or (f"{lists.sentence(code)}." if known else f"{code} is known."), ())
    def drawn() -> Look:
        answer = loaded.gaps_of(release, of=wanted, span=span, against=compared.against, peers=compared.peers)
        return _look(typed, wanted, answer, release, span, compared, said, tuple(choices), view)

    return loaded.remembered(("look", *loaded.mark(), typed, wanted, view, compared.against, compared.peers), drawn)


def _name(code: str) -> str:
    lists = loaded.bodies()
    return f"{lists.name(code)} ({code})" if code in lists else code


def _look(typed: str, code: str, answer: Answer, release: Release, span: Span, compared: SetAgainst, said: str,
          choices: tuple[Choice, ...], view: str) -> Look:
    rows: Sequence[Row] = answer.fields["rows"]
    wholes = {each["measure"] for each in answer.fields.get("do_not_add", ())}
    monthly = _months_of(release, code, span)
    against = compared.against

    def lines(kept: Iterable[Row]) -> tuple[Line, ...]:
        return tuple(_line(row, against, monthly.get(row["measure"], []), span.last) for row in kept)

    worse = [row for row in rows if row["signal"] and row["gap"] > 0 and row["measure"] not in wholes]
    money = [row for row in worse if row["numerator_unit"] == "pounds"]
    query = {"of": typed, **({"view": view} if view else {}), **compared.query}
    return Look(
        typed, code, loaded.bodies().name(code) if code in loaded.bodies() else code, release, span, against,
        answer.sentence, max((row["of"] for row in rows), default=0), said, choices, lines(money[:SHOWN]),
        lines(money[SHOWN:]), lines(row for row in worse if row["numerator_unit"] != "pounds"),
        lines(row for row in rows if row["measure"] in wholes),
        lines(row for row in rows if is_likely(row) and row["measure"] not in wholes),
        lines(row for row in rows if row["signal"] and row["gap"] <= 0 and row["measure"] not in wholes),
        lines(row for row in rows if not row["signal"] and not row["raised"] and row["measure"] not in wholes),
        answer.remarks,
        tuple(loaded.title_of(name) for name in answer.fields.get("not_held", ())), query,
        command_for(code, release, span, compared), compared.peers)


def is_likely(row: Row) -> bool:
    """Whether a gap is raised though it is not more than chance: it is more likely than not there, and lasting."""
    return bool(row["raised"]) and not row["signal"]


def command_for(code: str, release: Release, span: Span, compared: SetAgainst = USUAL, measure: str = "") -> str:
    """The commands that give the same figures from the published file."""
    files = [name for name, _ in release.files]
    words = ["evenhand", "find", "gaps", files[0] if len(files) == 1 else "panel.csv", "--of", code, "--from",
             str(span.first), "--to", str(span.last)]
    words += ["--against", compared.against] if compared.against != "median" else []
    words += ["--peers", ",".join(compared.peers)] if compared.against == PEERS else []
    words += ["--measure", measure] if measure else []
    words += _only(release)
    smallest = loaded.smallest_of(release)
    return shlex.join([*words, *(["--smallest", f"{smallest:g}"] if smallest else [])])


def _only(release: Release) -> list[str]:
    """How to ask a file that holds several releases for one of them; nothing for a file that is one release."""
    series = {each[1:] for held in release.held if held.source == OWN_PANEL for each in held.series}
    words: list[str] = []
    for column, value, several in (("source", release.source, {source for source, _ in series}),
                                   ("vintage", release.vintage, {vintage for source, vintage in series
                                                                 if source == release.source})):
        words += ["--where", f"{column}={value}"] if value and len(several) > 1 else []
    return words


def _line(row: Row, against: str, values: Sequence[float | None], last: Month | None = None) -> Line:
    name, unit = row["measure"], row["numerator_unit"] or ""
    about = loaded.about(name)
    low, high = row["interval"]
    shown = _from_the_first(values)
    side = ("above" if row["direction"] == "low" else "below") if row["gap"] > 0 else (
        "below" if row["direction"] == "low" else "above")
    size, ends = (row["gap"], (low, high)) if row["gap"] > 0 else (-row["gap"], (-high, -low))
    rank = f"{_place(row['rank'])} of {row['of']}" if row["rank"] else "not ranked"
    return Line(
        name, _capital(row["title"]), f"about {gap_words.amount(size, unit)} a year {side} {loaded.AGAINST[against]}",
        _range(ends, unit, side), rank, row["trend"]["words"], row["sure"],
        row["because"], about.why if about else "", spark(shown), _drawn(shown, last),
        tuple(_capital(loaded.title_of(each)) for each in row["overlaps_with"]), row["remark"] or "")


def _from_the_first(values: Sequence[float | None]) -> Sequence[float | None]:
    """The values from the first that is held."""
    first = next((place for place, value in enumerate(values) if value is not None), len(values))
    return values[first:]


def _drawn(values: Sequence[float | None], last: Month | None) -> str:
    """What the small line shows: how many months of how many, up to which."""
    known = sum(value is not None for value in values)
    of = "" if known == len(values) else f" of {len(values)}"
    return f"{known}{of} months drawn, to {last.words}" if last else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _place(rank: int) -> str:
    return "highest" if rank == 1 else f"{ordinal(rank)} highest"


def _range(ends: tuple[float, float], unit: str, side: str) -> str:
    """From which size to which; where it reaches over to the other side, both sides are named."""
    low, high = ends
    if low >= 0 or high <= 0:
        return f"{gap_words.amount(low, unit)} to {gap_words.amount(high, unit)}"
    other = "below" if side == "above" else "above"
    return f"{gap_words.amount(-low, unit)} {other} to {gap_words.amount(high, unit)} {side}"


def _months_of(release: Release, code: str, span: Span) -> dict[str, list[float | None]]:
    """The value of each measure in each of the last twenty-four months."""
    first = span.last.plus(-23)
    table = loaded.observations(release, first=first, last=span.last, unit=code).to_pydict()
    found: dict[str, list[float | None]] = {}
    for name, month, top, under in zip(table["measure"], table["month"], table["numerator"], table["denominator"],
                                       strict=True):
        values = found.setdefault(name, [None] * 24)
        if under and top is not None:
            values[Month.of(month).index - first.index] = top / under
    return found


def not_seen() -> list[tuple[str, str]]:
    """What no file was loaded for: its name, and who publishes it. An invented region has no publishers."""
    hospital = ("Hospital activity", "")
    if here().brings_its_own:
        return [hospital]
    # What is held by another file of the same publisher is seen, if only in part.
    seen = {each.publisher for each in loaded.releases()}
    return [hospital, *((each.title, each.publisher) for each in IMPORTERS
                        if "observations" in each.gives and each.licence.startswith(OPEN_GOVERNMENT)
                        and each.publisher not in seen)]


def opportunity_from(found: Look, measure: str, case: str) -> Opportunity:
    """One gap of a page as the paper that a case begins with. Raises ``Refused`` for a measure that is not there."""
    answer = loaded.gaps_of(found.release, of=found.code, span=found.span, against=found.against, peers=found.peers)
    row = next((each for each in answer.fields["rows"] if each["measure"] == measure), None)
    if row is None:
        raise refuse("this place has no figures on that measure", "choose one from the list", value=measure)
    line = _line(row, found.against, [])
    low, high = row["interval"]
    unit = row["numerator_unit"] or "units"
    return Opportunity(
        header=Header(subject=subject("case", case),
                      made_from=tuple(MadeFrom(digest, name) for name, digest in found.release.files),
                      method=Method(answer.method.name, answer.method.version, answer.method.source),
                      settings={**answer.settings, "measure": measure}),
        body=Body(found.name, found.code), measure=measure, title=line.title, period=found.span,
        against=_against_whom(found, row["of"]), gap=Estimate(row["gap"], low, high),
        gap_units=f"{unit} a year", rank=row["rank"], rank_of=row["of"], sure=row["sure"], sure_because=row["because"],
        overlaps_with=tuple(row["overlaps_with"]), not_seen=tuple(name for name, _ in not_seen()),
        sentence=f"{line.title} in {found.name} ({found.code}), {found.span.words}: {line.gap} (range {line.range}), "
                 f"{line.rank}. {_how_sure(row)}Headroom, not money, until a clinician has been asked.",
        figures={"row": dict(row)}, remarks=answer.remarks)


def _how_sure(row: Row) -> str:
    """What a reader of a gap must hear first where chance alone could show as much."""
    if row["signal"]:
        return ""
    return f"{LIKELY} ({row['likely']:.0%}). " if is_likely(row) else "No more than chance. "


def _against_whom(found: Look, of: int) -> str:
    if found.against == PEERS:
        return f"{loaded.AGAINST[PEERS]} {', '.join(found.peers)}"
    return f"{loaded.AGAINST[found.against]} of {of} commissioners"
