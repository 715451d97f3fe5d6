"""What the committee decided on each item: who stood aside by the rule, who voted how and why, and what could not be.

The same rule as in the meetings' own files: an interest in a body that an item names takes the ladder's step, one lower
where it is only perceived. One ruling is planted that breaks it, and ``truth.json`` says which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from evenhand.data.invent.people import LADDER, Interest, Person, meetings
from evenhand.data.invent.programmes import Programme

if TYPE_CHECKING:
    import numpy as np

STEPS = ("note", "speak_not_vote", "leave")
PLANTED = 6
"""The programme in whose decision somebody voted who should have stood aside."""
AGAINST = ("I would have begun in one town.", "The staff will not be found in time.", "The evidence is thin.")
ABSTAINED = ("I came late to the papers.", "I was asked by both sides and would rather not.")
FOR = ("The case was made.", "Those who may lose are looked after.", "It can be stopped if it does not work.",
       "Practices asked for it.", "Doing nothing is not safe.")


@dataclass(frozen=True)
class Sitting:
    """One item at one meeting, as it was settled there."""

    day: date
    item: str
    may_vote: tuple[str, ...]
    needed: int
    quorate: bool
    attended: tuple[str, ...]
    stood_aside: tuple[Mapping[str, str], ...]


def sittings(people: Sequence[Person], interests: Sequence[Interest],
             programmes: Sequence[Programme]) -> dict[str, tuple[Sitting, ...]]:
    """Each time a programme was before the committee for decision, by its title, in order of days."""
    found: dict[str, tuple[Sitting, ...]] = {}
    for name, meeting in meetings(people, interests, programmes):
        day = date.fromisoformat(name.removesuffix(".json"))
        for item in meeting["items"]:
            if item["for"] == "decision":
                found[item["title"]] = (*found.get(item["title"], ()), _sitting(day, item, meeting, interests))
    return found


def _sitting(day: date, item: Mapping[str, Any], meeting: Mapping[str, Any], interests: Sequence[Interest]) -> Sitting:
    here = [each for each in meeting["members"] if each["attending"]]
    aside = [each for member in here if (each := _aside(member["id"], item["bodies"], interests))]
    barred = {each["member"] for each in aside if each["action"] != "note"}
    voters = [each for each in here if each["voting"] and each["id"] not in barred]
    rule = meeting["quorum"]
    roles = all(sum(needed["role"] in each["roles"] for each in voters) >= needed["at_least"]
                for needed in rule["must_include"])
    return Sitting(day, item["id"], tuple(each["id"] for each in voters), rule["minimum"],
                   len(voters) >= rule["minimum"] and roles, tuple(each["id"] for each in here), tuple(aside))


def _aside(member: str, bodies: Sequence[str], interests: Sequence[Interest]) -> dict[str, str] | None:
    """The highest step that a member's interests in these bodies call for, and why."""
    touched = [each for each in interests if each.member == member and each.body in bodies]
    if not touched:
        return None
    steps = [max(0, STEPS.index(LADDER[each.type]) - (each.standing == "perceived")) for each in touched]
    return {"member": member, "action": STEPS[max(steps)], "because": "; ".join(each.says for each in touched)}


def ballot(sitting: Sitting, rng: np.random.Generator, *, planted: bool = False) -> dict[str, Any]:
    """One ruling's votes by name with reasons, their totals, who stood aside, and the dissent in words."""
    aside, voters = list(sitting.stood_aside), list(sitting.may_vote)
    if planted:
        voters += [each["member"] for each in aside if each["action"] != "note"]
        aside = [each for each in aside if each["action"] == "note"]
    against, abstained = int(rng.integers(0, 3)), int(rng.integers(0, 2))
    order = rng.permutation(len(voters)).tolist()
    ways = {voters[at]: "against" if place < against else "abstained" if place < against + abstained else "for"
            for place, at in enumerate(order)}
    reasons = {"against": AGAINST, "abstained": ABSTAINED, "for": FOR}
    by_name = [{"member": each, "vote": ways[each],
                "because": reasons[ways[each]][int(rng.integers(0, len(reasons[ways[each]])))]} for each in voters]
    spoke = list(dict.fromkeys(each["because"] for each in by_name if each["vote"] == "against"))
    counted = {way: sum(each["vote"] == way for each in by_name) for way in ("for", "against", "abstained")}
    return {"votes": {"for_it": counted["for"], "against": counted["against"], "abstained": counted["abstained"]},
            "stood_aside": aside, "by_name": by_name, "attended": list(sitting.attended),
            "dissent": " ".join(spoke) if spoke else "Nobody spoke or voted against it."}
