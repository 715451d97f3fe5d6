"""Which step of the ladder each interest calls for on each item.

NHS England, *Managing conflicts of interest in the NHS: guidance for staff and organisations* (2017): interests are
financial, non-financial professional, non-financial personal or indirect, actual or potential, and what is done runs
from noting it to removing the person from the process. Integrated care boards add perceived interests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evenhand.decide.meeting import STEPS, Action, Interest, Item, Meeting, Member, folded

SAID = {
    "note": "noted, stays and votes", "speak_not_vote": "may speak, does not vote", "leave": "leaves for the item",
    "no_papers": "leaves and is sent no papers", "removed": "takes no part at all",
}


@dataclass(frozen=True)
class StandsAside:
    """A member, what they must do on an item, and why."""

    member: str
    action: Action
    because: str


def step_for(interest: Interest, ladder: Mapping[str, Action]) -> Action:
    """The step an interest calls for: what the chair ruled, else the ladder's, one lower where it is only perceived."""
    if interest.action is not None:
        return interest.action
    place = STEPS.index(ladder[interest.kind])
    return STEPS[max(0, place - 1)] if interest.standing == "perceived" else STEPS[place]


def asides(meeting: Meeting, item: Item) -> list[StandsAside]:
    """Everyone with an interest in a body of the item, with the highest step it calls for, in the members' order.

    What the chair ruled for a member on this item goes before it, up or down, and is said with its reason.
    """
    touched = {folded(body): body for body in item.bodies}
    found = []
    for member in meeting.members:
        reasons, highest = [], -1
        for interest in meeting.interests:
            if interest.items:
                bodies = list(interest.bodies) if item.id in interest.items else []
            else:
                bodies = [touched[folded(body)] for body in interest.bodies if folded(body) in touched]
            if interest.member != member.id or not bodies:
                continue
            step = step_for(interest, meeting.ladder)
            highest = max(highest, STEPS.index(step))
            reasons.append(_reason(interest, bodies, step))
        # The latest ruling of several counts, as in the minutes.
        ruled = next((each for each in reversed(item.rulings) if each.member == member.id), None)
        if ruled is not None:
            highest = STEPS.index(ruled.action)
            reasons.append(f"the chair ruled: {SAID[ruled.action]}, because {ruled.reason.rstrip('.')}")
        if reasons:
            found.append(StandsAside(member.id, STEPS[highest], "; ".join(dict.fromkeys(reasons))))
    return found


def _reason(interest: Interest, bodies: list[str], step: Action) -> str:
    """Why, in words: what interest, whose, in which body, and by which rule."""
    whose = "" if interest.whose.casefold() == "self" else f" of their {interest.whose}"
    declared = f", declared {interest.declared}" if interest.declared else ""
    rule = "the chair's ruling" if interest.action else "the ladder"
    if not interest.action and interest.standing == "perceived":
        rule = "the step below the ladder's, as it is only perceived"
    if step == "note" and not interest.action and interest.standing != "perceived":
        rule = "the ladder asks no more than a note"
    note = f", {interest.note}" if interest.note else ""
    return f"{interest.standing} {interest.kind} interest{whose} in {' and '.join(bodies)}{declared}{note} ({rule})"


def stays_out(aside: StandsAside) -> bool:
    """Whether the step takes the vote away: every one but a note."""
    return aside.action != "note"


def present(members: tuple[Member, ...], without: tuple[str, ...] = ()) -> list[Member]:
    """Those who attend, leaving out any who are supposed absent."""
    return [member for member in members if member.attending and member.id not in without]
