"""The region that the site was given: its bodies and measures where it brings its own, and whether it is invented."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from evenhand.catalogue import Catalogue
from evenhand.data import store
from evenhand.data.measures import Measure, measures
from evenhand.data.organisations import Organisations, organisations
from evenhand.region.folder import open_folder
from evenhand.region.own import bodies_of, measures_of

FOLDER = "region"
KEPT = ("region.toml", "organisations.csv", "lineage.csv", "measures.toml")


@dataclass(frozen=True)
class RegionHere:
    """Whose figures and cases these are."""

    name: str
    invented: bool
    bodies: Organisations
    measures: Catalogue[Measure]

    @property
    def brings_its_own(self) -> bool:
        """Whether its bodies are other than those of the published lists."""
        return self.bodies is not organisations()


def take(region: Path, home: Path) -> None:
    """Keep what the site must know of a region: what it says of itself, its bodies, its measures."""
    for name in KEPT:
        there, here = region / name, home / FOLDER / name
        if there.is_file():
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
    return RegionHere(opened.region.name, opened.region.invented, bodies_of(opened), measures_of(opened))


def frame(request: HttpRequest) -> dict[str, Any]:
    """For the layout: on a site of an invented region every page says so."""
    return {"all_invented": here().invented}
