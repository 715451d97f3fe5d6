"""Names of bodies, and what became of those that closed, for whoever asks about one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from evenhand.data import tables
from evenhand.data.organisations import day_of, organisations, said, tidy
from evenhand.terms import Problem, Refused, closest
from evenhand.terms.period import Span
from evenhand.terms.words import listed

SHARE_THAT_CONVINCES = 0.5
"""The published names are used where at least this share of a panel's codes is among them: others are not ours."""


@dataclass(frozen=True)
class Body:
    """A body's name, its last day where it closed, the codes that came after it, and the areas it serves as a board."""

    code: str
    name: str = ""
    closed: date | None = None
    successors: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Name and code, or the code alone."""
        return f"{self.name} ({self.code})" if self.name and self.name != self.code else self.code


@dataclass(frozen=True)
class Bodies:
    """Bodies by code; an unknown one is known by its code alone."""

    by_code: Mapping[str, Body]

    def __getitem__(self, code: str) -> Body:
        return self.by_code.get(code, Body(code))

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def name(self, code: str) -> str | None:
        """Its name, where one is known."""
        return self[code].name or None

    def title(self, code: str) -> str:
        """Name and code."""
        return self[code].title

    def offered(self, code: str) -> str:
        """Name and code as a message offers them: Enfield CCG (07X, closed)."""
        title = self.title(code)
        if self[code].closed is None:
            return title
        return f"{title.removesuffix(')')}, closed)" if title.endswith(")") else f"{title} (closed)"

    def ends(self, code: str) -> tuple[str, ...]:
        """The codes that stand today in its place, chains followed."""
        waiting, seen, found = list(self[code].successors), {code}, []
        while waiting:
            each = waiting.pop(0)
            if each not in seen:
                seen.add(each)
                after = [new for new in self[each].successors if new not in seen]
                found += [] if after else [each]
                waiting += after
        return tuple(found)

    def closest(self, text: str, codes: Iterable[str]) -> list[str]:
        """Codes nearest to a mistyped code or to a name, best first."""
        known = list(codes)
        names = {self[code].name: code for code in known if self[code].name}
        by_code = closest(text, known)
        holding = [code for name, code in names.items() if len(text) > 3 and text.casefold() in name.casefold()]
        if holding:
            return holding[:3]
        by_name = [names[name] for name in closest(text, names)]
        order = [*by_code, *by_name] if len(text) <= 5 else [*by_name, *by_code]
        return list(dict.fromkeys(order))[:3]

    def farewell(self, code: str, has_figures: Callable[[str], bool], span: Span) -> tuple[str, tuple[str, ...]] | None:
        """What became of a closed body, or whom a board serves, and the codes that have figures; else nothing."""
        body = self[code]
        if areas := tuple(each for each in body.serves if has_figures(each)):
            return f"{body.title} serves {listed([self.title(each) for each in areas])}: figures are held for each " \
                   "area, not for the board", areas
        if body.closed is None:
            return None
        ends = self.ends(code)
        held = tuple(each for each in ends if has_figures(each))
        words = f"{body.title} closed on {said(body.closed)}"
        if held:
            which = "newer figures are held" if body.closed < span.last.first_day() else (
                f"figures for {span.words} are held here")
            return f"{words}; {which} only for {listed([self.title(each) for each in held])}", held
        if ends:
            return (f"{words}; {listed([self.title(each) for each in ends])} came after it, with no figures here",
                    ())
        return f"{words}; the lists name no successor", ()


def read_bodies(source: tables.Source) -> tuple[Bodies, tables.Table]:
    """Bodies from a table: ``code``, ``name``; optional ``closed`` (its last day), ``successor`` (codes)."""
    data = tables.read(source, name="organisations")
    data.require("code", "name")
    data.refuse_duplicates("code")
    blank = [""] * len(data)
    closed = data.texts("closed") if "closed" in data else blank
    successors = next((data.texts(each) for each in ("successor", "successors") if each in data), blank)
    problems = [Problem("this is not a date", "write it as 2020-03-31", data.name, int(row), "closed", text)
                for row, text in zip(data.row_numbers, closed, strict=True) if text and day_of(text) is None]
    if problems:
        raise Refused(problems)
    return Bodies({code: Body(code, tidy(name), day_of(end), _codes(after)) for code, name, end, after in zip(
        data.texts("code", may_be_empty=False), data.texts("name"), closed, successors, strict=True)}), data


def _codes(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.replace(";", " ").replace(",", " ").split() if part)


def published_bodies(codes: Sequence[str]) -> Bodies:
    """The bodies of the published lists, if these codes are theirs; otherwise none, so that no name is lent."""
    lists = organisations()
    known = sum(code in lists for code in codes)
    if not codes or known < SHARE_THAT_CONVINCES * len(codes):
        return Bodies({})
    return Bodies({each.code: Body(each.code, lists.name(each.code), each.closed, lists.successors(each.code),
                                   lists.served(each.code)) for each in lists})
