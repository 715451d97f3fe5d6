"""The releases of figures that the site can answer from, as the workspace holds them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from django.conf import settings

from evenhand.data import engine, holdings
from evenhand.data.holdings import Held
from evenhand.data.importers import IMPORTERS, Importer
from evenhand.data.measures import Measure, as_table
from evenhand.data.organisations import Organisations
from evenhand.data.reading import digest_of
from evenhand.data.tables import Table
from evenhand.data.ways_out import FILE as SMALL_NUMBERS
from evenhand.find.gaps import gaps
from evenhand.terms import Month, Refused, Span
from evenhand.terms.words import listed
from evenhand.web.region_here import here
from evenhand.web.remembered import Remembered

if TYPE_CHECKING:
    import pyarrow as pa

    from evenhand.figures import Answer

ENGLAND = "England"
ENOUGH = 20
"""Fewer places than this are no comparison."""
SMALLEST = 30_000.0
Against = Literal["median", "best-decile", "national"]
TITLES = {"commissioner-panels": "Prescribing by clinical commissioning group and month"}
PUBLICATIONS = {"commissioner-panels": "amino-acid-formula"}
"""One of the publications of a source that has several, for what they have in common: publisher and licence."""
AGAINST: dict[str, str] = {"median": "the middle", "best-decile": "the best tenth", "national": "the whole",
                           "peers": "the middle of its peers"}


@dataclass(frozen=True)
class Release:
    """One release of figures: never joined with another, because definitions change between them."""

    source: str
    vintage: str
    first: Month
    last: Month
    units: frozenset[str]
    measures: tuple[str, ...]
    held: tuple[Held, ...] = field(compare=False)

    @property
    def name(self) -> str:
        """As it stands in an address."""
        return f"{self.source}.{self.first}.{self.last}"

    @property
    def span(self) -> Span:
        """From the first month to the last."""
        return Span(self.first, self.last)

    @property
    def importers(self) -> tuple[Importer, ...]:
        """The publications it comes from, where a file of ours carries figures of theirs too."""
        if (known := PUBLICATIONS.get(self.source, self.source)) in IMPORTERS:
            return (IMPORTERS[known],)
        return tuple(dict.fromkeys(IMPORTERS[each.source] for each in self.held if each.source in IMPORTERS))

    @property
    def title(self) -> str:
        """What it is called: its publication, or what several publications have in common."""
        if self.source in IMPORTERS:
            return IMPORTERS[self.source].title
        return TITLES.get(self.source, self.source.replace("-", " ").capitalize())

    @property
    def licence(self) -> str:
        """Under which licence it was published."""
        return listed(list(dict.fromkeys(each.licence for each in self.importers)))

    @property
    def publisher(self) -> str:
        """Who published it."""
        return listed(list(dict.fromkeys(each.publisher for each in self.importers)), joint="and")

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """The published files it was read from, with their digests."""
        return tuple((each.file, each.digest) for each in self.held)


def home() -> Path:
    """The workspace of the site."""
    return Path(settings.HOME)


def mark() -> tuple[Hashable, ...]:
    """What everything said of the figures here rests on: the folder, the list of files, the region."""
    return (str(home()), _mark(), here().name)


def _mark() -> int:
    """Changes whenever the workspace's list of files does, or its rule for small numbers."""
    path, rule = home() / holdings.FOLDER / holdings.LIST, home() / SMALL_NUMBERS
    if not path.is_file():
        return 0
    return path.stat().st_mtime_ns + (rule.stat().st_mtime_ns if rule.is_file() else 0)


def releases() -> tuple[Release, ...]:
    """Every release held, the newest figures first; none where what is held cannot be read, which ``doctor`` says."""
    try:
        return _releases(str(home()), _mark())
    except Refused:
        return ()


def trouble() -> str:
    """Why the figures held cannot be read; empty where they can."""
    try:
        _releases(str(home()), _mark())
    except Refused as refused:
        return refused.lines()[0]
    return ""


@cache
def _releases(folder: str, mark: int) -> tuple[Release, ...]:
    if not mark:
        return ()
    files = [each for each in holdings.held_in(Path(folder)) if "observations" in each.tables]
    with engine.engine(Path(folder)) as connection:
        rows = connection.execute(
            "SELECT source, vintage, measure, file_index, min(month), max(month), list(DISTINCT unit) FROM observed "
            "WHERE unit <> $england AND (denominator IS NULL OR denominator > 0) GROUP BY ALL ORDER BY ALL",
            {"england": ENGLAND}).fetchall()
    found = []
    for source in sorted({row[0] for row in rows}):
        own = [row for row in rows if row[0] == source]
        names = [(measure, vintage) for _, vintage, measure, *_ in own]
        # Files of different measures, each with its own months, stand together; two versions of one measure do not.
        apart = len({measure for measure, _ in names}) < len(set(names))
        for vintage in sorted({row[1] for row in own}) if apart else [""]:
            part = [row for row in own if vintage in ("", row[1])]
            found.append(Release(
                source, vintage, Month.of(min(row[4] for row in part)), Month.of(max(row[5] for row in part)),
                frozenset(unit for row in part for unit in row[6]), tuple(sorted({row[2] for row in part})),
                tuple(files[place] for place in sorted({row[3] for row in part}))))
    return tuple(sorted(found, key=lambda each: (each.last, len(each.units), each.first), reverse=True))


def release_named(name: str) -> Release | None:
    """The release of that name, if it is held."""
    return next((each for each in releases() if each.name == name), None)


def release_for(code: str) -> Release | None:
    """The newest release with figures of this place beside enough others to compare."""
    return next((each for each in releases() if code in each.units and len(each.units) > ENOUGH), None)


def best_year(code: str, release: Release, measure: str = "") -> Span | None:
    """The latest twelve months for which most measures of a release have figures of a place.

    Figures of a body that closed stop at different months for different measures; the year with most of them is asked.
    """
    return _best_year(str(home()), _mark(), code, release, measure)


@cache
def _best_year(folder: str, mark: int, code: str, release: Release, measure: str) -> Span | None:
    with engine.engine(Path(folder)) as connection:
        rows = connection.execute(
            "SELECT measure, month FROM observations WHERE unit = $unit AND source = $source "
            "AND ($vintage = '' OR vintage = $vintage) AND denominator > 0",
            {"unit": code, "source": release.source, "vintage": release.vintage}).fetchall()
    held: dict[str, set[int]] = {}
    for name, month in rows:
        if measure in ("", name):
            held.setdefault(name, set()).add(Month.of(month).index)
    ends = {index for months in held.values() for index in months}
    if not ends:
        return None

    def months_held(end: int) -> int:
        return sum(len(months & set(range(end - 11, end + 1))) for months in held.values())

    # Financial or calendar years read more easily than any twelve months, so they go first among equals.
    last = max(ends, key=lambda end: (months_held(end), Month.at(end).number in (3, 12), end))
    return Span(Month.at(last).plus(-11), Month.at(last))


def observations(release: Release, *, first: Month | None = None, last: Month | None = None,
                 measure: str = "", unit: str = "") -> pa.Table:
    """The figures of a release, places only."""
    import pyarrow.compute as pc

    table = engine.observations(home(), source=release.source, vintage=release.vintage, first=first, last=last,
                                measure=[measure] if measure else [], unit=[unit] if unit else [])
    return table.filter(pc.and_(pc.not_equal(table["unit"], ENGLAND), pc.is_valid(table["denominator"])))


remembered = Remembered()


def gaps_of(release: Release, *, of: str, span: Span, against: str = "median", measure: str = "",
            peers: tuple[str, ...] = ()) -> Answer:
    """Where a place, or every place, lies on a release's measures; answers are kept, for people look again."""
    def asked() -> Answer:
        # The year before comes along, for a trend; in a release of many files months differ between measures.
        panel = _panel(release, span.first.plus(-12), span.last, measure)
        return gaps(panel, measures=as_table(here().measures), organisations=_listing(), of=of, against=against,
                    peers=peers if against == "peers" else (), from_month=str(span.first), to_month=str(span.last),
                    smallest=smallest_of(release))

    return remembered(("gaps", *mark(), release.name, of, span, against, measure, peers), asked)


def _panel(release: Release, first: Month, last: Month, measure: str) -> Table:
    """A release's figures of some months as methods read them, known by the files they came from."""
    def opened() -> Table:
        import numpy as np

        arrow = observations(release, first=first, last=last, measure=measure)
        names, digests = [name for name, _ in release.files], [digest for _, digest in release.files]
        digest = digests[0] if len(digests) == 1 else digest_of("".join(sorted(digests)).encode())
        return Table(listed(names), digest, arrow, np.arange(1, arrow.num_rows + 1))

    return remembered(("panel", *mark(), release.name, first, last, measure), opened)


def smallest_of(release: Release) -> float:
    """Bodies with fewer patients than this are left out of a comparison, in the release's own units."""
    known = here().measures
    in_thousands = any(name in known and known[name].denominator_is_the_list for name in release.measures)
    return SMALLEST / 1000 if in_thousands else 0.0


def code_meant(typed: str) -> str:
    """The code a person means by a code or a name. Raises ``Refused``, naming the closest."""
    lists = bodies()
    words = typed.strip()[:80]
    for each in (words, words.upper()):
        if each in lists or any(each in release.units for release in releases()):
            return each
    folded = words.casefold().removeprefix("nhs ").removesuffix(" ccg").removesuffix(" icb").strip()
    named = [body.code for body in lists
             if folded and folded in (body.name.casefold(), lists.name(body.code).casefold().removesuffix(" ccg"),
                                      lists.name(body.code).casefold().partition(",")[0])]
    standing = [code for code in named if lists.closed(code) is None]
    if len(named) == 1 or len(standing) == 1:
        return (standing or named)[0]
    _ = lists[words]  # refuses, and names the closest
    raise AssertionError("an unknown code was refused")


def about(name: str | None) -> Measure | None:
    """What is known of a measure, if anything is."""
    return here().measures[name] if name is not None and name in here().measures else None


def title_of(name: str) -> str:
    """The title of a measure, or its name where nothing describes it."""
    known = about(name)
    return known.title if known else name


def bodies() -> Organisations:
    """The bodies that this site knows: its region's own, or those of the published lists."""
    return here().bodies


def is_invented(code: str) -> bool:
    """Whether a body belongs to an invented region."""
    return here().invented and code in bodies()


def _listing() -> dict[str, list[str]] | None:
    """A region's own bodies as ``find gaps`` reads them; nothing where the published lists serve."""
    if not here().brings_its_own:
        return None
    lists = bodies()
    return {"code": [each.code for each in lists], "name": [each.name for each in lists],
            "closed": [str(each.closed or "") for each in lists],
            "successor": [";".join(lists.successors(each.code)) for each in lists]}


def can_compare(code: str) -> bool:
    """Whether any release held has figures of a place beside others."""
    return release_for(code) is not None


