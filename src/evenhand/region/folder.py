"""A region's folder: what it says of itself, checked on the way in."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from evenhand.data.reading import digest_of
from evenhand.papers import ComparatorRule, MadeFrom, PlannedOutcome, Safety
from evenhand.papers.shape import Misshapen, taken
from evenhand.terms import Month, Span, refuse
from evenhand.terms.words import listed


@dataclass(frozen=True)
class DataSet:
    """One published file, by its path under the data folder."""

    name: str
    path: str


@dataclass(frozen=True)
class Mark:
    """Something else that happened, to be marked on a figure."""

    month: str
    what: str


@dataclass(frozen=True)
class Version:
    """Which figures: the publication, its vintage where it has several, and what a reader calls them."""

    source: str
    title: str
    vintage: str | None = None


@dataclass(frozen=True)
class Look:
    """One question to *find*: which bodies, on which figures, over which months."""

    id: str
    title: str
    of: tuple[str, ...]
    figures: Version
    first: str
    last: str
    smallest: float = 0


@dataclass(frozen=True)
class Watch:
    """One question to *evaluate*: what happened to a measure after something was decided or rewarded.

    ``lasted``: did it stop, and stay stopped (below ``stopped_below`` of the first month's figure from ``settled`` on).
    ``interrupted``: how large was the change, by the body's own past. ``turning point``: did the trend turn.
    ``beside others``: how large was it beside bodies that did nothing of the kind, and did it last; ``prompted``
    are the months whose figures prompted it, which no baseline may hold, ``promised`` the share that was promised.
    From ``point`` on: what the plan for finding out says besides, which is sealed before the decision.
    """

    id: str
    kind: Literal["lasted", "interrupted", "turning point", "beside others"]
    question: str
    measure: str
    of: tuple[str, ...]
    figures: tuple[Version, ...]
    case: str | None = None
    beside: str | None = None
    first: str | None = None
    last: str | None = None
    decided: str | None = None
    settled: str | None = None
    start: str | None = None
    direction: Literal["increase", "decrease", "neutral"] = "decrease"
    stopped_below: float = 0.1
    prompted: Span | None = None
    promised: float | None = None
    marks: tuple[Mark, ...] = ()
    doubts: tuple[str, ...] = ()
    point: str | None = None
    scheme_kind: str | None = None
    primary: PlannedOutcome | None = None
    safety: tuple[Safety, ...] = ()
    comparator: ComparatorRule | None = None
    ramp_months: int | None = None
    smallest_effect: float | None = None
    looks: tuple[str, ...] = ()
    stop_if: str | None = None
    owner: str | None = None
    cost_pounds: int | None = None
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Consultation:
    """What people were asked about, and when: who replied, and what, lies in ``engagement/``.

    A text of ``campaign_words`` words or more that ``campaign_from`` respondents sent is counted apart.
    """

    case: str
    proposal_version: int = 1
    kind: str = "Consultation"
    opened: date | None = None
    closed: date | None = None
    campaign_from: int = 3
    campaign_words: int = 8


@dataclass(frozen=True)
class Region:
    """What ``region.toml`` says."""

    name: str
    slug: str
    invented: bool
    bodies: tuple[str, ...]
    today: str
    price_base: str
    suppression: str = ""
    suppression_because: str = ""
    data: tuple[DataSet, ...] = ()
    find: tuple[Look, ...] = ()
    evaluate: tuple[Watch, ...] = ()
    engagement: Consultation | None = None


@dataclass(frozen=True)
class Folder:
    """A region's folder, opened: where it lies, what its ``region.toml`` says, and the proposals it holds."""

    path: Path
    region: Region
    proposals: tuple[Path, ...] = field(default=())

    @property
    def kept(self) -> Path:
        """Where the small table of figures lies."""
        return self.path / "figures"

    @property
    def organisations(self) -> Path | None:
        """The folder's own table of bodies, where it has one."""
        return self._there("organisations.csv")

    @property
    def lineage(self) -> Path | None:
        """The folder's own list of who came after whom, where it has one."""
        return self._there("lineage.csv")

    def lacks(self, *names: str) -> str:
        """Which of these files the folder does not hold, in words; nothing where it holds them all."""
        missing = [name for name in names if not (self.path / name).is_file()]
        return f"the folder has no {listed(missing, joint='or')}" if missing else ""

    def as_sources(self, *names: str) -> tuple[MadeFrom, ...]:
        """Files of the folder as what a paper was made from: the same wherever the folder lies."""
        return tuple(MadeFrom(digest_of((self.path / name).read_bytes()), f"{self.region.slug}/{name}")
                     for name in names)

    def _there(self, name: str) -> Path | None:
        return self.path / name if (self.path / name).is_file() else None


def open_folder(path: Path) -> Folder:
    """Open a region's folder. Raises ``Refused``, naming the file and the place in it, for what cannot be used."""
    if not path.is_dir():
        raise refuse("there is no such folder", "name a region's folder, or write one with evenhand data new-region",
                     file=str(path))
    described = path / "region.toml"
    if not described.is_file():
        raise refuse("this folder has no region.toml", "write one with evenhand data new-region --of CODE --data DIR",
                     file=str(path))
    return Folder(path, _region(described), tuple(sorted((path / "proposals").glob("*.toml"))))


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as plain values, its days as text. Raises ``Refused`` with the line where reading failed."""
    try:
        return dict(_plain(tomllib.loads(path.read_text(encoding="utf-8"))))
    except tomllib.TOMLDecodeError as trouble:
        raise refuse(f"this is not TOML: {trouble}", "mend it there", file=str(path)) from None
    except UnicodeDecodeError:
        raise refuse("this is not text", "save it as UTF-8", file=str(path)) from None


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _region(path: Path) -> Region:
    said = read_toml(path)
    for part in ("find", "evaluate"):
        for entry in said.get(part, []):
            for short, name in (("from", "first"), ("to", "last")):
                if isinstance(entry, dict) and short in entry:
                    entry[name] = entry.pop(short)
    try:
        region = taken(Region, said)
    except Misshapen as wrong:
        raise refuse(wrong.what, "see how the worked example writes it", file=str(path),
                     column=wrong.place.lstrip(".")) from None
    for months in ((each.first, each.last) for each in region.find):
        for month in months:
            _month(month, path)
    return region


def _month(text: str, path: Path) -> Month:
    try:
        return Month.parsed(text)
    except ValueError:
        raise refuse("this is not a month", "write it as 2016-04", file=str(path), value=text) from None
