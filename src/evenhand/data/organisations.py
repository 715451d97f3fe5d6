"""Who commissions care where, since when, until when, and who came after.

Two things are kept apart. A *succession* ends one body and begins another (Croydon, 07V, became part of South West
London, 36L, on 1 April 2020). An *arrangement* leaves the body's area standing under its own code while another board
serves it (15M is served by QJ2): no figure has to be carried across.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from math import isnan, nan
from pathlib import Path
from typing import TYPE_CHECKING

from evenhand.terms import Problem, Refused, closest, refuse
from evenhand.terms.words import listed

if TYPE_CHECKING:
    from evenhand.data.tables import Source, Table

PUBLISHED = Path(__file__).parent / "published"
SUCCESSION_BASIS = "Organisation Data Service list of successions, 1992 to 2022"
SERVED_BASIS = "ONS lookup of small areas to sub-ICB locations and integrated care boards, 2022"
GROUP, LOCATION, BOARD = "clinical commissioning group", "sub-ICB location", "integrated care board"
BOARDS_BEGAN = date(2022, 7, 1)
"""Clinical commissioning groups were abolished and integrated care boards established (Health and Care Act 2022)."""


@dataclass(frozen=True)
class Organisation:
    """One body, or one area with a code, as the published lists give it; dates are missing where no list holds them."""

    code: str
    name: str
    kind: str = ""
    opened: date | None = None
    closed: date | None = None
    former_name: str = ""
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Succession:
    """One body ended the day before ``date`` and ``new`` took its place, or part of it (``share``) where it split."""

    old: str
    new: str
    date: date
    basis: str = SUCCESSION_BASIS
    share: float | None = None


@dataclass(frozen=True)
class ServedBy:
    """A board serves an area that keeps its own code: an arrangement, not a succession."""

    code: str
    board: str
    board_name: str
    since: date | None = BOARDS_BEGAN
    basis: str = SERVED_BASIS


@dataclass(frozen=True)
class Organisations:
    """Bodies by code, who came after whom, and who serves which area."""

    by_code: Mapping[str, Organisation]
    successions: tuple[Succession, ...] = ()
    arrangements: tuple[ServedBy, ...] = ()
    _by_area: Mapping[str, ServedBy] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_area", {each.code: each for each in self.arrangements})

    @classmethod
    def from_tables(cls, names: Source, successions: Source | None = None,
                    served: Source | None = None) -> Organisations:
        """Organisations from tables of one's own.

        Args:
            names: ``code``, ``name``; optional ``kind``, ``opened``, ``closed``.
            successions: ``old`` (or ``from``, ``old_code``), ``new`` (``to``, ``new_code``), ``date``; optional
                ``basis``, ``share``.
            served: ``code``, ``board``, ``board_name``; optional ``basis``.

        Raises:
            Refused: a code given twice, a date that is none, a body that succeeds itself.
        """
        from evenhand.data import tables

        listing = tables.read(names, name="organisations")
        listing.require("code", "name")
        listing.refuse_duplicates("code")
        steps = _successions(tables.read(successions, name="lineage")) if successions is not None else ()
        ended = {each.old: each.date - timedelta(days=1) for each in reversed(steps)}
        codes = listing.texts("code", may_be_empty=False)
        opened, closed = _days(listing, "opened"), _days(listing, "closed")
        kinds = listing.texts("kind") if "kind" in listing else [""] * len(codes)
        bodies = {code: Organisation(code, tidy(name), kind, start, end or ended.get(code))
                  for code, name, kind, start, end in zip(codes, listing.texts("name"), kinds, opened, closed,
                                                          strict=True)}
        arrangements: tuple[ServedBy, ...] = ()
        if served is not None:
            table = tables.read(served, name="boards")
            table.require("code", "board", "board_name")
            basis = table.texts("basis") if "basis" in table else [SERVED_BASIS] * len(table)
            arrangements = tuple(
                ServedBy(code, board, tidy(name), basis=why or SERVED_BASIS) for code, board, name, why in
                zip(table.texts("code"), table.texts("board"), table.texts("board_name"), basis, strict=True))
        return cls(bodies, steps, arrangements)

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def __iter__(self) -> Iterator[Organisation]:
        return iter(self.by_code.values())

    def __len__(self) -> int:
        return len(self.by_code)

    def __getitem__(self, code: str) -> Organisation:
        found = self.by_code.get(code) or self.by_code.get(code.strip().upper())
        if found is None:
            near = [f"{each} ({self.name(each)})" for each in self.closest(code)]
            remedy = f"did you mean {listed(near, joint='or')}?" if near else "give a code such as 15M"
            raise refuse("no organisation in the published lists has this code", remedy, value=code)
        return found

    def name(self, code: str) -> str:
        """A name to read: Croydon CCG; South West London; Tees Valley, North East and North Cumbria.

        Where one board has several locations, the name of the group that had the same area tells them apart. An
        unknown code is its own name: a figure is shown even where no list names the body.
        """
        body = self.by_code.get(code)
        if body is None:
            return code
        place = self._place(code)
        if body.kind != LOCATION or place == body.name or not self._shares_its_board(code):
            return body.name
        return f"{place}, {body.name}"

    def _place(self, code: str) -> str:
        body = self.by_code[code]
        return body.former_name.removesuffix(" CCG") or body.name

    def _shares_its_board(self, code: str) -> bool:
        served = self.served_by(code)
        return served is not None and len(self.served(served.board)) > 1

    def title(self, code: str) -> str:
        """Name and code: South West London (36L)."""
        return f"{self.name(code)} ({code})" if code in self else code

    def kind(self, code: str) -> str:
        """What kind of body or area it is; empty where the lists do not say."""
        return self.by_code[code].kind if code in self else ""

    def opened(self, code: str) -> date | None:
        """Its first day, where the lists hold it."""
        return self.by_code[code].opened if code in self else None

    def closed(self, code: str) -> date | None:
        """Its last day, or nothing where it stands."""
        return self.by_code[code].closed if code in self else None

    def successors(self, code: str) -> tuple[str, ...]:
        """Codes that took its place, one step on."""
        return tuple(each.new for each in self.successions if each.old == code)

    def predecessors(self, code: str) -> tuple[str, ...]:
        """Codes whose place it took, one step back."""
        return tuple(each.old for each in self.successions if each.new == code)

    def current(self, code: str) -> tuple[str, ...]:
        """Codes that stand today for a body: itself where it stands, else the ends of its chains of successors."""
        return tuple(dict.fromkeys(self._ends(code, ())))

    def _ends(self, code: str, before: tuple[str, ...]) -> Iterator[str]:
        nexts = [each for each in self.successors(code) if each not in before]
        if not nexts:
            yield code
        for each in nexts:
            yield from self._ends(each, (*before, code))

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Every code whose area, or part of it, lies in this one by succession, nearest first."""
        found: dict[str, None] = {}
        waiting = list(self.predecessors(code))
        while waiting:
            each = waiting.pop(0)
            if each not in found and each != code:
                found[each] = None
                waiting += self.predecessors(each)
        return tuple(found)

    def served_by(self, code: str) -> ServedBy | None:
        """The integrated care board that serves an area, with the basis; nothing where no list says."""
        return self._by_area.get(code)

    def served(self, board: str) -> tuple[str, ...]:
        """The areas a board serves."""
        return tuple(each.code for each in self.arrangements if each.board == board)

    def closest(self, text: str, *, count: int = 3) -> list[str]:
        """Codes nearest to a mistyped code or to a name, best first."""
        wanted = text.strip()
        names: dict[str, str] = {}
        for each in self:
            for name in (each.name, each.former_name, *each.other_names, each.name.removesuffix(" CCG")):
                if name:
                    names.setdefault(name, each.code)
        holding = [code for name, code in names.items() if len(wanted) > 3 and wanted.casefold() in name.casefold()]
        by_name = [names[name] for name in closest(wanted, names, count=count)]
        by_code = closest(wanted, self.by_code, count=count)
        order = [*by_code, *holding, *by_name] if len(wanted) <= 5 else [*holding, *by_name, *by_code]
        return list(dict.fromkeys(order))[:count]

    def sentence(self, code: str) -> str:
        """What became of a body, for a reader.

        "Croydon CCG (07V) closed on 31 March 2020; newer figures are held only for South West London (36L)".
        Refuses an unknown code, naming the closest.
        """
        body = self[code]
        code = body.code
        served = self.served_by(code)
        if body.closed is not None:
            ends = [each for each in self.current(code) if each != code]
            if not ends:
                return f"{self.title(code)} closed on {said(body.closed)}; the lists name no successor"
            return (f"{self.title(code)} closed on {said(body.closed)}; newer figures are held only for "
                    f"{listed([self.title(each) for each in ends])}")
        words = self.title(code)
        if body.kind == BOARD:
            parts = [f"{self._place(each)} ({each})" for each in self.served(code)]
            return f"{words} serves {listed(parts)}" if parts else f"{words} is an integrated care board"
        began = next((each.date for each in self.successions if each.new == code), None)
        if began is not None:
            before = listed([self.title(each) for each in self.predecessors(code)])
            words += f" was formed on {said(began)} from {before}"
        if served is not None:
            words += f"{', and' if began else ''} is served by {served.board_name} ({served.board})"
        return words if began or served else f"{words} stands unchanged in the lists we hold"


def _successions(table: Table) -> tuple[Succession, ...]:
    old = next((each for each in ("old", "from", "old_code") if each in table), "old")
    new = next((each for each in ("new", "to", "new_code") if each in table), "new")
    table.require(old, new, "date")
    days = _days(table, "date")
    basis = table.texts("basis") if "basis" in table else [""] * len(table)
    shares: list[float | None] = [None] * len(table)
    if "share" in table:
        shares = [None if isnan(each) else float(each) for each in table.numbers("share", least=0, most=1, empty=nan)]
    problems, found = [], []
    for row, before, after, day, why, share in zip(table.row_numbers, table.texts(old, may_be_empty=False),
                                                   table.texts(new, may_be_empty=False), days, basis, shares,
                                                   strict=True):
        if day is None:
            problems.append(Problem("a succession needs its date", "write it as 2019-04-01", table.name, int(row),
                                    "date"))
        elif before == after:
            problems.append(Problem("a body cannot succeed itself", "correct one of the two codes", table.name,
                                    int(row), new, after))
        else:
            found.append(Succession(before, after, day, why or SUCCESSION_BASIS, share))
    if problems:
        raise Refused(problems)
    return ordered(found)


def ordered(steps: Iterable[Succession]) -> tuple[Succession, ...]:
    """Successions by date, then codes, so that every list reads the same."""
    return tuple(sorted(steps, key=lambda each: (each.date, each.new, each.old)))


def _days(table: Table, column: str) -> list[date | None]:
    if column not in table:
        return [None] * len(table)
    problems, found = [], []
    for row, text in zip(table.row_numbers, table.texts(column), strict=True):
        day = day_of(text)
        found.append(day)
        if text and day is None:
            problems.append(Problem("this is not a date", "write it as 2019-04-01", table.name, int(row), column, text))
    if problems:
        raise Refused(problems)
    return found


def day_of(text: str) -> date | None:
    """A day written as 2019-04-01 or 20190401; nothing for what is none."""
    found = re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?", text.strip())
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def said(day: date) -> str:
    """31 March 2020."""
    from evenhand.terms.period import NAMES

    return f"{day.day} {NAMES[day.month - 1].capitalize()} {day.year}"


# --- names ------------------------------------------------------------------------------------------------------------

_SMALL = {"and", "of", "the", "on", "in", "with", "upon", "under", "for", "to", "by"}
_KEPT = {"NHS", "CCG", "ICB", "STP", "QPP", "PCT"}


def tidy(name: str) -> str:
    """A published name as a reader writes it.

    "NHS CROYDON CCG" becomes "Croydon CCG"; "NHS South West London ICB - 36L" becomes "South West London"; "NHS Devon
    Integrated Care Board" becomes "Devon Integrated Care Board".
    """
    plain = re.sub(r"\s+", " ", name).strip()
    plain = re.sub(r"^NHS ", "", plain, flags=re.I)
    plain = re.sub(r"(?<=\w{2}) & (?=\w)", " AND " if plain.isupper() else " and ", plain)
    plain = re.sub(r"\s+ICB\s+-\s+\w{3,5}$", "", plain, flags=re.I)
    if plain.upper() != plain:
        return plain
    words = [_cased(word) for word in re.split(r"([ \-(),]+)", plain)]
    joined = "".join(words)
    return joined[:1].upper() + joined[1:]


def _cased(word: str) -> str:
    if word in _KEPT or "&" in word:
        return word
    return word.lower() if word.lower() in _SMALL else word.capitalize()


# --- the table that comes with the program ----------------------------------------------------------------------------


@cache
def organisations() -> Organisations:
    """The English commissioning groups since 2013, the sub-ICB locations of 2022 and their boards.

    From the small table beside this module, which ``evenhand data commissioners`` computes from the published lists.
    """
    with (PUBLISHED / "commissioners.csv").open(encoding="utf-8", newline="") as file:
        return from_packaged(csv.DictReader(file))


def from_packaged(rows: Iterable[Mapping[str, str]]) -> Organisations:
    """Organisations from rows laid out as the packaged table is."""
    bodies, steps, arrangements = {}, [], []
    for row in rows:
        code = row["code"]
        bodies[code] = Organisation(code, row["name"], row["kind"], day_of(row["opened"]), day_of(row["closed"]),
                                    row["former_name"], tuple(filter(None, row["other_names"].split(";"))))
        day = day_of(row["succession_date"])
        steps += [Succession(code, new, day) for new in row["successors"].split(";") if new and day]
        if row["board"]:
            arrangements.append(ServedBy(code, row["board"], row["board_name"]))
    return Organisations(bodies, ordered(steps), tuple(arrangements))
