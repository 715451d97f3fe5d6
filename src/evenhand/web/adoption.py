"""Which measures a body has made its own: what stands, what nobody has decided, and what there is to read before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenhand.catalogue import Catalogue
from evenhand.data.measures import Measure, measures
from evenhand.data.measures_check import Preview, previews, worked_again
from evenhand.find.app import measure_queries
from evenhand.find.app.measure_queries import Decided
from evenhand.find.measure_preview import BeforeAdoption, before_adoption, fingerprint
from evenhand.pages.show import shown_figure
from evenhand.web import loaded
from evenhand.web.region_here import here


@dataclass(frozen=True)
class Standing:
    """What bodies of this site decided about a measure, and whose decision is still to come."""

    decided: tuple[Decided, ...]
    not_yet: str
    fingerprint: str

    def has_changed(self, decision: Decided) -> bool:
        """Whether the description reads otherwise than when the body decided."""
        return decision.fingerprint != self.fingerprint


def origin() -> str:
    """Where the descriptions of measures come from that this site uses."""
    if here().measures is measures():
        return "Published with the product"
    return f"Described in the folder of {here().name}"


def standing(name: str, of: str = "") -> Standing | None:
    """What stands of one measure, and whether the body asked about has decided; nothing where it is not described."""
    about = loaded.about(name)
    if about is None:
        return None
    decided = measure_queries.decisions(name)
    lists = loaded.bodies()
    body = lists.name(of) if of in lists else of
    return Standing(tuple(decided), "" if any(each.organisation == of for each in decided) else body,
                    fingerprint(about))


def held() -> Mapping[str, Preview]:
    """What each measure described here gives over the last twelve months held."""
    return loaded.remembered(("what measures give", *loaded.mark()),
                             lambda: previews(list(here().measures), loaded.home()))


def look_over(described: Catalogue[Measure]) -> list[BeforeAdoption]:
    """What there is to read of every measure of a document that somebody brings; nothing of it is kept."""
    lists, every = loaded.bodies(), list(described)
    shown, worked = previews(every, loaded.home()), worked_again(every, loaded.home())
    return [before_adoption(each, shown.get(each.name), worked.get(each.name),
                            lambda code: lists.name(code) if code in lists else code) for each in every]


def before(measure: Measure) -> tuple[BeforeAdoption, dict[str, Any] | None]:
    """What there is to read before a measure is adopted, with its picture as the page shows it."""
    def read() -> tuple[BeforeAdoption, dict[str, Any] | None]:
        lists = loaded.bodies()
        found = before_adoption(measure, previews([measure], loaded.home()).get(measure.name),
                                worked_again([measure], loaded.home()).get(measure.name),
                                lambda code: lists.name(code) if code in lists else code)
        return found, shown_figure(found.figure) if found.figure else None

    return loaded.remembered(("before a measure is adopted", *loaded.mark(), fingerprint(measure)), read)
