"""The releases of figures that the site can answer from, as the workspace holds them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings

from evenhand.data import engine, holdings
from evenhand.data.importers import IMPORTERS
from evenhand.data.measures import as_table, measures
from evenhand.data.organisations import organisations
from evenhand.find.gaps import gaps
from evenhand.terms import Month, Refused, Span

if TYPE_CHECKING:
    import pyarrow as pa

    from evenhand.figures import Answer

ENGLAND = "England"
MOST_KEPT = 64
SMALLEST = 30_000.0
Against = Literal["median", "best-decile", "national"]
AGAINST: dict[str, str] = {"median": "the middle of all", "best-decile": "the best tenth", "national": "all together"}


@dataclass(frozen=True)
class Release:
    """One release of figures: never joined with another, because definitions change between them."""

    source: str
    vintage: str
    first: Month
    last: Month
    units: frozenset[str]
    measures: tuple[str, ...]

    @property
    def name(self) -> str:
        """As it stands in an address."""
        return f"{self.source}.{self.first}.{self.last}"

    @property
    def span(self) -> Span:
        """From the first month to the last."""
        return Span(self.first, self.last)

    @property
    def title(self) -> str:
        """What it is called."""
        return IMPORTERS[self.source].title if self.source in IMPORTERS else self.source

    @property
    def licence(self) -> str:
        """Under which licence it was published."""
        return IMPORTERS[self.source].licence if self.source in IMPORTERS else ""

    @property
    def publisher(self) -> str:
        """Who published it."""
        return IMPORTERS[self.source].publisher if self.source in IMPORTERS else ""

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """The published files it was read from, with their digests."""
        return tuple((each.file, each.digest) for each in holdings.held_in(home()) if each.source == self.source)


def home() -> Path:
    """The workspace of the site."""
    return Path(settings.HOME)


def _mark() -> int:
    """Changes whenever the workspace's list of files does."""
    path = home() / holdings.FOLDER / holdings.LIST
    return path.stat().st_mtime_ns if path.is_file() else 0


def releases() -> tuple[Release, ...]:
    """Every release held, the newest figures first."""
    return _releases(str(home()), _mark())


@cache
def _releases(folder: str, mark: int) -> tuple[Release, ...]:
    if not mark:
        return ()
    with engine.engine(Path(folder)) as connection:
        rows = connection.execute(
            "SELECT source, vintage, min(month), max(month), list(DISTINCT unit), list(DISTINCT measure) "
            "FROM observations WHERE denominator > 0 AND unit <> $england GROUP BY ALL", {"england": ENGLAND}).fetchall()
    found = (Release(source, vintage, Month.of(first), Month.of(last), frozenset(units), tuple(sorted(names)))
             for source, vintage, first, last, units, names in rows)
    return tuple(sorted(found, key=lambda each: (each.last, len(each.units), each.first), reverse=True))


def release_named(name: str) -> Release | None:
    """The release of that name, if it is held."""
    return next((each for each in releases() if each.name == name), None)


def release_for(code: str) -> Release | None:
    """The newest release with figures of this place beside enough others to compare."""
    return next((each for each in releases() if code in each.units and len(each.units) > 20), None)


def best_year(code: str, release: Release, measure: str = "") -> Span | None:
    """The latest twelve months for which most measures of a release have figures of a place.

    Figures of a body that closed stop at different months for different measures; the year with most of them is asked.
    """
    return _best_year(str(home()), _mark(), code, release, measure)


@cache
def _best_year(folder: str, mark: int, code: str, release: Release, measure: str) -> Span | None:
    with engine.engine(Path(folder)) as connection:
        rows = connection.execute(
            "SELECT measure, month FROM observations WHERE unit = $unit AND source = $source AND vintage = $vintage "
            "AND denominator > 0", {"unit": code, "source": release.source, "vintage": release.vintage}).fetchall()
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


_answers: OrderedDict[tuple[Any, ...], Answer] = OrderedDict()
_lock = Lock()


def gaps_of(release: Release, *, of: str, span: Span, against: str = "median", measure: str = "") -> Answer:
    """Where a place, or every place, lies on a release's measures; answers are kept, for people look again.

    Two years before the span come with it, so that a trend can be told from a season.
    """
    key = (str(home()), _mark(), release.name, of, span, against, measure)
    with _lock:
        if key in _answers:
            _answers.move_to_end(key)
            return _answers[key]
    table = observations(release, first=span.first.plus(-24), last=span.last, measure=measure)
    answer = gaps(table, measures=as_table(), of=of, against=against, from_month=str(span.first),
                  to_month=str(span.last), smallest=smallest_of(release))
    with _lock:
        _answers[key] = answer
        while len(_answers) > MOST_KEPT:
            _answers.popitem(last=False)
    return answer


def smallest_of(release: Release) -> float:
    """Bodies with fewer patients than this are left out of a comparison, in the release's own units."""
    in_thousands = any(name in measures() and measures()[name].denominator_is_the_list for name in release.measures)
    return SMALLEST / 1000 if in_thousands else 0.0


def code_meant(typed: str) -> str:
    """The code a person means by a code or a name. Raises ``Refused``, naming the closest."""
    lists = organisations()
    words = typed.strip()[:80]
    for each in (words, words.upper()):
        if each in lists or any(each in release.units for release in releases()):
            return each
    folded = words.casefold().removeprefix("nhs ").removesuffix(" ccg").removesuffix(" icb").strip()
    named = [body.code for body in lists
             if folded and folded in (body.name.casefold(), lists.name(body.code).casefold().removesuffix(" ccg"))]
    standing = [code for code in named if lists.closed(code) is None]
    if len(named) == 1 or len(standing) == 1:
        return (standing or named)[0]
    _ = lists[words]  # refuses, and names the closest
    raise AssertionError("an unknown code was refused")


def can_compare(code: str) -> bool:
    """Whether any release held has figures of a place beside others."""
    return release_for(code) is not None


__all__ = ["AGAINST", "Refused", "Release", "best_year", "can_compare", "code_meant", "gaps_of", "observations",
           "release_for", "release_named", "releases"]
