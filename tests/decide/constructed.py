"""A whole invented case that lacks nothing, decided in a year of choice, by the rules of that day."""

from __future__ import annotations

import copy
from typing import Any

from decide.worked import complete

CALLED = {2016: "Millbrook Clinical Commissioning Group (invented)", 2019: "Millbrook Clinical Commissioning Group "
          "(invented)", 2023: "Millbrook Integrated Care Board (invented)",
          2025: "Millbrook Integrated Care Board (invented)"}
SELECTION = {
    "title": "Care on the ward and at home (invented)", "process": "direct award C",
    "process_because": "The contract ends; its provider kept it well, and little changes.",
    "chosen": [{"name": "Millbrook Hospitals (invented)"}], "basic_criteria": "Each was met, and it is noted how.",
    "considered": [{"criterion": name, "because": "Weighed, and noted how."} for name in (
        "Quality and innovation", "Value", "Integration, collaboration and service sustainability",
        "Improving access, reducing health inequalities and facilitating choice", "Social value")],
    "notices": [{"kind": "intention to award", "published": "2025-07-07", "address": "https://example.org/1"},
                {"kind": "award", "published": "2025-08-20", "address": "https://example.org/2"}],
    # Begins on 8 July; the eighth working day after that is the 18th. Answered on the 21st: 22 23 24 25, 28 July.
    "representations": [{"by": "Other Hospitals (invented)", "received": "2025-07-16", "answered": "2025-07-21",
                         "answer": "The decision stands, with reasons."}],
    "decided_by": ["person/2", "person/3"], "reasons": "Nobody else has a stroke team here.", "conflicts": [],
    "signed": "2025-07-29"}


def irreproachable(year: int) -> dict[str, dict[str, Any]]:
    """The papers by name, in the order they are left; each duty has a paper or a field of its own."""
    named = copy.deepcopy(complete())
    body = CALLED[year]
    for each in named.values():
        each["content"] = _moved(each["content"], year - 2026)
    for name in ("proposal", "decision"):
        content = named[name]["content"]
        content["bodies" if name == "proposal" else "rulings"][0].update(
            {"name": body} if name == "proposal" else {"body": {"name": body}})
    # The public and the council's committee were asked apart.
    public = named["voices"]["content"]
    public["kind"] = "Public consultation"
    committee = {"name": "committee", "kind": "voices", "version": 2, "content": {
        "kind": "The council's scrutiny committee", "opened": f"{year}-02-10", "closed": f"{year}-05-10"}}
    if year >= 2024:
        named["no-provider-chosen"] = {"name": "selection", "kind": "provider-selection", "version": 2,
                                       "content": copy.deepcopy(SELECTION)}
    else:
        del named["no-provider-chosen"]
    order = {}
    for name, each in named.items():
        order["selection" if each["kind"] == "provider-selection" else name] = each
        if name == "voices":
            order["committee"] = committee
    return order


def _moved(value: Any, years: int) -> Any:
    """Every day and month in a paper, so many years away."""
    if isinstance(value, dict):
        return {name: _moved(each, years) for name, each in value.items()}
    if isinstance(value, list):
        return [_moved(each, years) for each in value]
    if isinstance(value, str) and value[:2] == "20" and value[4:5] == "-":
        return "/".join(f"{int(part[:4]) + years}{part[4:]}" for part in value.split("/"))
    return value

