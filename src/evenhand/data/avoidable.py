"""What comes with the program about care that could be avoided: lists of codes, weights of frailty, templates."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evenhand.data.tables import Opened, Table, read

_PUBLISHED = Path(__file__).parent / "published"
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class ListNote:
    """What a list is called, which version it is, where it comes from, and what it cannot tell."""

    id: str
    title: str
    version: str
    source: str
    cannot_tell: str = ""


def published_codes() -> Table:
    """The lists of codes that come with the program, as one table."""
    return read(Opened("the published lists", content=(_PUBLISHED / "avoidable.csv").read_bytes()))


@cache
def list_notes() -> dict[str, ListNote]:
    """Title, version and source of each published list, by its id."""
    said = tomllib.loads((_PUBLISHED / "avoidable.toml").read_text(encoding="utf-8"))
    return {each["id"]: ListNote(**each) for each in said["list"]}


@cache
def frailty_weights() -> dict[str, float]:
    """The points of each three-character diagnosis in the Hospital Frailty Risk Score (Gilbert and others 2018)."""
    rows = (_PUBLISHED / "frailty-weights.csv").read_text(encoding="utf-8").split()[1:]
    return {code: float(weight) for code, weight in (row.split(",") for row in rows)}


def templates() -> list[str]:
    """The names of the templates of proposals."""
    return sorted(path.stem for path in _TEMPLATES.glob("*.toml"))


def template(name: str) -> str:
    """The text of a template: a case whose ``{code}``, ``{name}``, ``{why}`` and ``{source}`` are to fill."""
    return (_TEMPLATES / f"{name}.toml").read_text(encoding="utf-8")
