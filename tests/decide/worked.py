"""Worked cases as data: a whole invented case, and what one change to it does to one test."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

from evenhand.papers import KINDS, Paper, canonical_bytes, opened, plain, seal
from evenhand.record import CaseFile, Entry
from evenhand.record.casefile import kept_of

PACKS = Path(__file__).parent / "packs"
CHARACTERISTICS = ("age", "disability", "gender reassignment", "marriage and civil partnership",
                   "pregnancy and maternity", "race", "religion or belief", "sex", "sexual orientation")
SCHEMA = {kind.paper: kind.schema for kind in KINDS}


def complete() -> dict[str, dict[str, Any]]:
    """The papers of the complete case as plain values, by name, in the order they are left."""
    document = plain(tomllib.loads((PACKS / "complete.toml").read_text()))
    named = {each["name"]: each for each in document["paper"]}
    impacts = named["equality"]["content"]["impacts"]
    impacts += [{"option": option, "on": on, "effect": "none", "because": "No more than others."}
                for option in ("one-unit", "share-staff") for on in CHARACTERISTICS
                if (option, on) != ("one-unit", "age")]
    return named


def papers(named: dict[str, dict[str, Any]], subject: str = "case/invented-stroke-unit") -> list[Paper]:
    """The papers themselves, every "@name" replaced by the digest of that paper."""
    made: dict[str, Paper] = {}

    def digest(reference: str) -> str:
        name = reference.removeprefix("@")
        return seal(made[name]).digest if name in made else reference

    for name, each in named.items():
        content = copy.deepcopy(each["content"])
        if "relies_on" in content:
            content["relies_on"] = [digest(one) for one in content["relies_on"]]
        header = {"paper": each["kind"], "schema": SCHEMA[each["kind"]], "subject": subject,
                  "proposal_version": each.get("version"),
                  "made_from": [{"digest": digest(one), "what": one.removeprefix("@")}
                                for one in each.get("made_from", []) if one.removeprefix("@") in made]}
        made[name] = opened(canonical_bytes({"header": header, "content": content}))
    return list(made.values())


def recorded(named: dict[str, dict[str, Any]], on: str, last: str = "") -> CaseFile:
    """The case with a chain: each paper entered on one day, in order, one of them last if so named."""
    kept = {name: kept_of(seal(paper).bytes) for name, paper in zip(named, papers(named), strict=True)}
    order = [*(name for name in kept if name != last), *([last] if last else [])]
    entries = [Entry(subject=kept[name].subject, number=number, previous="", at=f"{on}T09:00:00.000000Z", by="person/7",
                     organisation="", kind="paper", what=f"{name} left", papers=(kept[name].digest,))
               for number, name in enumerate(order, start=1)]
    return CaseFile(entries[0].subject, tuple(kept[name] for name in order), tuple(entries))


def changed(named: dict[str, dict[str, Any]], case: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The case with papers left out, fields removed, set or emptied (``voices.content.replies``), and papers added."""
    named = copy.deepcopy(named)
    for name in case.get("without", []):
        del named[name]
    for path in case.get("remove", []):
        *way, last = path.split(".")
        thing = _at(named, way)
        del thing[int(last) if isinstance(thing, list) else last]
    for path, value in plain(case.get("set", {})).items():
        *way, last = path.split(".")
        thing = _at(named, way)
        thing[int(last) if isinstance(thing, list) else last] = value
    for path in case.get("null", []):
        *way, last = path.split(".")
        _at(named, way)[last] = None
    added = {each["name"]: each for each in plain(case.get("add", []))}
    return {**{name: each for name, each in named.items() if name != "decision"}, **added,
            **({"decision": named["decision"]} if "decision" in named else {})}


def _at(thing: Any, way: list[str]) -> Any:
    for step in way:
        thing = thing[int(step)] if isinstance(thing, list) else thing[step]
    return thing
