"""Whether a meeting may decide what is before it, what it decided, and whether both agree with its own rules."""

from __future__ import annotations

import re
from collections import Counter
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
from evenhand.region.own import bodies_of
from evenhand.region.proposals import CaseFile, read_case
from evenhand.terms.words import listed

ROOM = "What meetings may decide, and decided"
FOLDER = "meetings"
ASIDE = ("leave", "speak_not_vote")
WAYS = {"for": "for_it", "against": "against", "abstained": "abstained"}
"""How somebody voted, and where the decision's totals count it."""


def met(job: Job) -> Done:
    """Say of every item who stands aside and why, whether enough are left, and what was decided, by which votes.

    No paper is left: what a meeting decided, or could not decide, stands in the cases' decisions, with the votes by
    name in their ``figures``. Where they name the same day and matter, they are held against the meeting's own rules.
    """
    paths = sorted((job.folder.path / FOLDER).glob("*.json"))
    if not paths:
        return Done(ROOM, (f"Not asked: the folder has no {FOLDER}/*.json.",))
    cases = {case.title: case for case in map(read_case, job.folder.proposals)}
    said, figures = [], list[Figure]()
    agreeing = 0
    places = {body.code: body.name for body in bodies_of(job.folder)}
    for path in paths:
        answer = quorum(path)
        said.append(f"{path.stem}: {answer.sentence}")
        names = {**places, **{str(each["id"]): str(each["name"]) for each in read_model(path).content["members"]}}
        for_decision = {str(each["id"]) for each in read_model(path).content["items"] if each.get("for") == "decision"}
        for item in answer.document()["items"]:
            if item["id"] not in for_decision:
                continue
            said.append(f"{path.stem}, item {item['id']}, {item['title']}: {item['sentence']}.{_aside(item, names)}")
            found = _decision(cases.get(item["title"]), path)
            if found is None:
                continue
            said.append(f"{path.stem}, item {item['id']}: {_what_was_decided(found, path)}")
            otherwise = [_named(each, names) for each in _otherwise(found, item, path)]
            said += otherwise
            agreeing += not otherwise
        figures += [replace(each, name=f"meeting-{path.stem}-{each.name}", title=f"{path.stem}: {each.title}")
                    for each in answer.figures]
    if agreeing:
        said.append(f"Of the items that decisions are held of, {agreeing} agree with the meeting's own rules in who "
                    "stood aside, who voted and whether enough were left.")
    return Done(ROOM, tuple(said), figures=tuple(figures))


def _named(text: str, names: Mapping[str, str]) -> str:
    """The same with the names of people and bodies for their identifiers and codes."""
    return re.sub(r"\b[\w-]+\b", lambda found: names.get(found[0], found[0]), text)


def _aside(item: Mapping[str, Any], names: Mapping[str, str]) -> str:
    words = {"leave": "leaves", "speak_not_vote": "speaks and does not vote", "note": "is noted"}
    parts = [f"{each['member']} {words.get(each['action'], each['action'])}: {each['because']}"
             for each in item["stands_aside"]]
    return _named(f" {'; '.join(parts)}.", names) if parts else ""


def _decision(case: CaseFile | None, path: Path) -> Decision | None:
    """The decision of a case in which some body ruled on that day."""
    found = [each for each in case.papers if isinstance(each, Decision)] if case else []
    return next((each for each in found if _ruled_on(each, path)), None)


def _ruled_on(decision: Decision, path: Path) -> list[Ruling]:
    return [each for each in decision.rulings
            if isinstance(each.decided, date) and each.decided.isoformat() == path.stem]


def _what_was_decided(decision: Decision, path: Path) -> str:
    """The outcome with its votes, and the case against."""
    votes = next((each.votes for each in _ruled_on(decision, path) if each.votes), None)
    if decision.outcome == "deferred" or votes is None:
        return decision.sentence or f"{decision.outcome}."
    tally = f"{votes.for_it} for, {votes.against} against, {votes.abstained} abstained"
    dissent = f" {'The case against: ' if votes.against else ''}{decision.dissent}" if decision.dissent else ""
    return f"{decision.outcome}, {tally}.{dissent}"


def _otherwise(decision: Decision, item: Mapping[str, Any], path: Path) -> Iterable[str]:
    """What the case's decision of that day says otherwise than the meeting's own rules."""
    by_difference: dict[str, list[str]] = {}
    named = decision.figures.get("votes_by_name", ())
    for ruling in _ruled_on(decision, path):
        for each in (*differences(ruling, item), *miscounted(ruling, named, item)):
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


def miscounted(ruling: Ruling, named: Iterable[Mapping[str, Any]], item: Mapping[str, Any]) -> list[str]:
    """What is wrong with a ruling's votes: more than may vote, by somebody who may not, twice, or totals that differ.

    ``named`` are votes by name (``member``, ``vote``); empty where the sources give totals alone.
    """
    if ruling.votes is None:
        return []
    votes, found = list(named), []
    total = ruling.votes.for_it + ruling.votes.against + ruling.votes.abstained
    may = item["may_vote"]
    if total > len(may):
        found.append(f"counts {total} votes where {len(may)} may vote")
    tally = Counter(each["member"] for each in votes)
    if strangers := sorted(set(tally) - set(may)):
        found.append(f"counts the vote of {listed(strangers)}, who may not vote on it")
    if twice := sorted(member for member, times in tally.items() if times > 1):
        found.append(f"counts {listed(twice)} twice")
    ways = Counter(each["vote"] for each in votes)
    if votes and any(ways[way] != getattr(ruling.votes, total_of) for way, total_of in WAYS.items()):
        found.append("gives totals that are not those of its votes by name")
    return found
