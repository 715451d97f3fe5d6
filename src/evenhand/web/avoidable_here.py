"""Care that could be avoided, from the counts by practice and diagnosis that a region brought."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.catalogue import with_options
from evenhand.data.avoidable import template
from evenhand.data.ways_out import answer_by_the_rule_of, rule_of
from evenhand.find.avoidable import AGAINST, METHOD, Settings
from evenhand.find.avoidable_lists import read_lists
from evenhand.find.avoidable_proposals import proposal
from evenhand.web import loaded
from evenhand.web.region_here import ADMISSIONS, BY_AGE, FOLDER, PRACTICES, here

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evenhand.figures import Answer

WANTED = ("a year's emergency admissions by practice, diagnosis and age, people by practice and age, and a list of "
          "practices with what they are like")
SET_AGAINST = {"peers": "the ten practices most like it", "median": "the middle of all practices",
               "best-decile": "the best tenth", "all": "all practices together"}


@dataclass(frozen=True)
class Asked:
    """What the page is about: one practice or all, one list or all, and what they are set against."""

    of: str = ""
    list: str = ""
    against: str = "peers"

    @property
    def query(self) -> dict[str, str]:
        """The same as it stands in an address."""
        return {name: value for name, value in (("of", self.of), ("list", self.list), ("against", self.against))
                if value}


def folder() -> Path | None:
    """Where the counts lie; nothing where the region brought none."""
    place = loaded.home() / FOLDER
    return place if all((place / name).is_file() for name in (ADMISSIONS, BY_AGE, PRACTICES)) else None


def practices() -> dict[str, str]:
    """The practices of the region by code, with their names."""
    place = folder()
    return _practices(str(place), (place / PRACTICES).stat().st_mtime_ns) if place else {}


@cache
def _practices(place: str, mark: int) -> dict[str, str]:
    rows = csv.DictReader((Path(place) / PRACTICES).read_text("utf-8").splitlines())
    return {row["code"]: row["name"] for row in rows}


def lists() -> dict[str, str]:
    """The published lists that the page offers, by name, with their titles."""
    return {name: note.title for name, note in read_lists().notes.items()}


def asked(typed: Mapping[str, str]) -> Asked:
    """What an address asks for; what it cannot mean is left out."""
    of, name, against = (typed.get(each, "").strip()[:80] for each in ("of", "list", "against"))
    return Asked(of if of in practices() else "", name if name in lists() else "",
                 against if against in AGAINST else "peers")


def answer(what: Asked) -> Answer | None:
    """The figures of every practice, by what the page is about; nothing where no counts are held."""
    place = folder()
    if place is None:
        return None

    def worked_out() -> Answer:
        found = answer_by_the_rule_of(loaded.home(), METHOD, {
            "activity": str(place / ADMISSIONS), "people": str(place / BY_AGE), "alike": str(place / PRACTICES)},
            with_options(Settings, None, {"against": what.against, "of": what.of or None,
                                          "lists": (what.list,) if what.list else ()}))
        names = practices()

        def named(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
            return [{**row, "name": names.get(row["unit"], row["unit"])} for row in rows]

        first = found.fields["rows"][0]["unit"]
        return replace(found, fields={**found.fields, "rows": named(found.fields["rows"])},
                       table=replace(found.table, rows=tuple(named(found.table.rows))),
                       sentence=found.sentence.replace(first, names.get(first, first), 1))

    return loaded.remembered(("avoidable", here().name, (place / ADMISSIONS).stat().st_mtime_ns,
                              rule_of(loaded.home()), what), worked_out)


def rows(found: Answer, most: int) -> list[dict[str, Any]]:
    """The first rows as the page shows them: who, what, by which list, and the template that acts on it."""
    titles = {each["list"]: each["title"] for each in found.fields["list_notes"]}
    return [{**row, "list_title": titles.get(row["list"], row["list"]),
             "scheme": scheme(row["template"])} for row in found.fields["rows"][:most] if row["rate"] is not None]


@cache
def scheme(name: str | None) -> str:
    """The title of a template's proposal."""
    import tomllib

    return str(tomllib.loads(template(name))["proposal"]["title"]) if name else ""


def proposed(found: Answer, unit: str, condition: str, of_list: str) -> str | None:
    """A row's proposal, written from its template; nothing where there is no such row."""
    row = next((each for each in found.fields["rows"] if (each["unit"], each["condition"], each["list"]) ==
                (unit, condition, of_list) and each["template"] and each["middle"] is not None), None)
    return None if row is None else proposal(row, found)


def command(what: Asked) -> str:
    """The same on the command line."""
    return (f"evenhand find avoidable {ADMISSIONS} --people {BY_AGE} --alike {PRACTICES} --against {what.against}"
            + (f" --of {what.of}" if what.of else "") + (f" --list {what.list}" if what.list else ""))
