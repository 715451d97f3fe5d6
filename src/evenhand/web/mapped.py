"""A measure's page on the map: which boundaries fit its places, and what to do where none are held."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evenhand.data.areas import Boundaries, boundaries_for, held_boundaries, kinds_in_words
from evenhand.data.models import Model
from evenhand.find import map_of
from evenhand.find.map import FAR
from evenhand.terms import Refused
from evenhand.terms.words import counted, listed
from evenhand.web import loaded
from evenhand.web.explored import Found
from evenhand.web.explored import capital as _capital
from evenhand.web.region_here import here

if TYPE_CHECKING:
    from evenhand.figures import Answer

PORTAL = "the Open Geography Portal of the Office for National Statistics"


@dataclass(frozen=True)
class Mapped:
    """The map, its boundaries' licence, and the command that draws it again; or why there is none."""

    answer: Answer | None = None
    licence: str = ""
    command: str = ""
    why_not: str = ""
    how: str = ""


def mapped(measure: str, found: Found, ranked: Sequence[Mapping[str, Any]],
           judged: Answer | None) -> Mapped:
    """Every place of a measure on the map, those that the funnel finds far outside its limits with a thick edge.

    Args:
        measure: the measure's name.
        found: what the page was asked for.
        ranked: the places with their values, as ``find gaps`` ranks them.
        judged: the funnel of the same page, where there is one.
    """
    units = frozenset(row["unit"] for row in ranked)
    held = _held()
    fitting = boundaries_for(held, units, found.span.last.year)
    if fitting is None:
        return _without(found, units, held)
    about = loaded.about(measure)
    percent = about is not None and about.is_share
    words = [_capital(loaded.title_of(measure)), *([about.unit] if about and about.unit else []), found.span.words,
             *(["invented county"] if loaded.is_invented(found.of) else [])]
    table: dict[str, list[Any]] = {
        "unit": [row["unit"] for row in ranked], "name": [row["name"] or row["unit"] for row in ranked],
        "value": [row["value"] for row in ranked], "low": [row["value_interval"][0] for row in ranked],
        "high": [row["value_interval"][1] for row in ranked]}
    if judged is not None:
        far = {row["unit"] for row in judged.fields["rows"] if row["signal"] in FAR}
        table["outside"] = ["yes" if row["unit"] in far else "no" for row in ranked]
    own, title = found.of if found.of in units else None, ", ".join(words)
    try:
        answer = map_of(table, boundaries=Model(fitting.file, fitting.digest, fitting.geojson()), of=own, title=title,
                        percent=percent)
    except Refused as refused:
        # Two or three places are no map.
        return Mapped(why_not=refused.lines()[0])
    command = ["evenhand", "find", "map", f"{measure}-map-{found.of}.csv", "--boundaries", fitting.file, "--title",
               title, *(["--of", own] if own else []), *(["--percent"] if percent else [])]
    return Mapped(answer, fitting.licence, shlex.join(command))


def _held() -> tuple[Boundaries, ...]:
    return loaded.remembered(("boundaries", *loaded.mark()), lambda: held_boundaries(loaded.home()))


def _without(found: Found, units: frozenset[str], held: Sequence[Boundaries]) -> Mapped:
    """Why no map is drawn, and which file would allow it."""
    lists = loaded.bodies()
    kinds = sorted({lists.kind(each) for each in units if each in lists and lists.kind(each)})
    of = f" of {listed([f'{each}s' for each in kinds])}" if kinds else ""
    best = max((len(units & each.codes) for each in held), default=0)
    said = f"No map is drawn: the boundaries of these {counted(len(units), 'place')} as they were in "
    said += f"{found.span.last.year} are not held here."
    if held and not here().brings_its_own:
        said += f" Held are {kinds_in_words(held)}: they know {best} of them."
    where = ("from whoever drew the county" if here().brings_its_own else
             f"{PORTAL} publishes the boundaries{of} of each year")
    return Mapped(why_not=said, how=f"A file of boundaries (GeoJSON with a code and a name) allows it: {where}; "
                                    "evenhand data load FILE.geojson brings it in.")
