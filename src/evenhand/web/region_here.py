"""The region that the site was given: its bodies and measures where it brings its own, and whether it is invented."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings

from evenhand.catalogue import Catalogue
from evenhand.data import store
from evenhand.data.measures import Measure, measures
from evenhand.data.organisations import Organisations, organisations
from evenhand.region.folder import open_folder
from evenhand.region.own import bodies_of, measures_of

FOLDER = "region"
BODIES = "figures/bodies.csv"
KEPT = ("region.toml", "organisations.csv", "lineage.csv", "measures.toml", BODIES)
PEOPLE = "people.csv"
"""Kept of invented regions only: the names of people lie in accounts, where they can be taken away."""
ADMISSIONS, BY_AGE, PRACTICES = ("activity/admissions.csv.gz", "activity/people_by_age.csv", "activity/practices.csv")
"""Kept of invented regions only: real counts by practice and diagnosis hold small numbers of people."""
OF_INVENTED = (PEOPLE, ADMISSIONS, BY_AGE, PRACTICES)


@dataclass(frozen=True)
class RegionHere:
    """Whose figures and cases these are."""

    name: str
    invented: bool
    bodies: Organisations
    measures: Catalogue[Measure]
    people: Mapping[str, str] = field(default_factory=dict)

    @property
    def brings_its_own(self) -> bool:
        """Whether its bodies are other than those of the published lists."""
        return self.bodies is not organisations()


def take(region: Path, home: Path) -> None:
    """Keep what the site must know of a region: what it says of itself, its bodies, its measures."""
    invented = open_folder(region).region.invented
    for name in (*KEPT, *OF_INVENTED):
        there, here = region / name, home / FOLDER / name
        if there.is_file() and (invented or name not in OF_INVENTED):
            store.put(here, there.read_bytes())
        elif here.is_file():
            here.unlink()


def here() -> RegionHere:
    """The region that was taken; without one, the published lists."""
    folder = Path(settings.HOME) / FOLDER
    mark = folder / "region.toml"
    return _read(str(folder), mark.stat().st_mtime_ns if mark.is_file() else 0)


@cache
def _read(folder: str, mark: int) -> RegionHere:
    if not mark:
        return RegionHere("", False, organisations(), measures())
    opened = open_folder(Path(folder))
    return RegionHere(opened.region.name, opened.region.invented, bodies_of(opened), measures_of(opened),
                      _people_in(Path(folder) / PEOPLE))


def characteristics_path() -> Path | None:
    """The region's own table of what its bodies are like, where it brought one."""
    path = Path(settings.HOME) / FOLDER / BODIES
    return path if path.is_file() else None


def _people_in(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    rows = csv.DictReader(path.read_text("utf-8-sig").splitlines())
    return {row["id"]: row["name"] for row in rows if row.get("id") and row.get("name")}
