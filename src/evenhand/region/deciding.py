"""Whether a meeting may decide what is before it, and whether the decisions say of it what its own rules say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from evenhand.data.models import read_model
from evenhand.decide import quorum
from evenhand.figures import Figure
from evenhand.papers import Decision, Ruling
from evenhand.region.job import Done, Job
from evenhand.region.proposals import CaseFile, read_case
from evenhand.terms.words import listed

ROOM = "Whether meetings may decide"
FOLDER = "meetings"
ASIDE = ("leave", "speak_not_vote")


def met(job: Job) -> Done:
    """Say of every item of every meeting who stands aside and why, and whether enough are left to decide it.

    No paper is left: what a meeting decided stands in the cases' decisions. Where they name the same day and the same
    matter, the two are set side by side.
    """
    paths = sorted((job.folder.path / FOLDER).glob("*.json"))
    if not paths:
        return Done(ROOM, (f"Not asked: the folder has no {FOLDER}/*.json.",))
    cases = {case.title: case for case in map(read_case, job.folder.proposals)}
    said, figures = [], list[Figure]()
    for path in paths:
        answer = quorum(path)
        said.append(f"{path.stem}: {answer.sentence}")
        for_decision = {str(each["id"]) for each in read_model(path).content["items"] if each.get("for") == "decision"}
        for item in answer.document()["items"]:
            if item["id"] not in for_decision:
                continue
            said.append(f"{path.stem}, item {item['id']}, {item['title']}: {item['sentence']}.{_aside(item)}")
            said += _beside_the_decision(cases.get(item["title"]), item, path)
        figures += [replace(each, name=f"meeting-{path.stem}-{each.name}", title=f"{path.stem}: {each.title}")
                    for each in answer.figures]
    return Done(ROOM, tuple(said), figures=tuple(figures))


def _aside(item: Mapping[str, Any]) -> str:
    words = {"leave": "leaves", "speak_not_vote": "speaks and does not vote", "note": "is noted"}
    parts = [f"{each['member']} {words.get(each['action'], each['action'])}: {each['because']}"
             for each in item["stands_aside"]]
    return f" {'; '.join(parts)}." if parts else ""


def _beside_the_decision(case: CaseFile | None, item: Mapping[str, Any], path: Path) -> Iterable[str]:
    """What the case's decision of that day says otherwise than the meeting's own rules."""
    decision = next((each for each in case.papers if isinstance(each, Decision)), None) if case else None
    by_difference: dict[str, list[str]] = {}
    for ruling in decision.rulings if decision else ():
        if isinstance(ruling.decided, date) and ruling.decided.isoformat() == path.stem:
            for each in differences(ruling, item):
                by_difference.setdefault(each, []).append(ruling.body.name)
    yield from (f"{path.stem}, item {item['id']}: the decision of {listed(bodies)} {each}."
                for each, bodies in by_difference.items())


def differences(ruling: Ruling, item: Mapping[str, Any]) -> list[str]:
    """How a body's ruling differs from what the meeting's rules give: quorum, and who stood aside."""
    found = []
    if ruling.quorate is not None and ruling.quorate != item["quorate"]:
        found.append(f"says that it was {'' if ruling.quorate else 'not '}quorate, and by the rule it was "
                     f"{'' if item['quorate'] else 'not'}".rstrip())
    if ruling.stood_aside is not None:
        said = {each.member for each in ruling.stood_aside if each.action in ASIDE}
        by_rule = {each["member"] for each in item["stands_aside"] if each["action"] in ASIDE}
        if lacking := sorted(by_rule - said):
            found.append(f"does not say that {listed(lacking)} stood aside, as the rule asks")
        if more := sorted(said - by_rule):
            found.append(f"says that {listed(more)} stood aside, which the rule does not ask")
    return found
