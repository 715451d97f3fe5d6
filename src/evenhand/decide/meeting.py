"""A meeting as its secretary knows it beforehand: members, interests, the policy on them, and the items.

Every mistake in the document is said at once, each with its place; a name that nobody has is never passed over, for a
mistyped one would let somebody vote who may not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, Literal

from evenhand.decide.interest_dates import in_words, read_day
from evenhand.terms import Problem, Refused, closest

Action = Literal["note", "speak_not_vote", "leave", "no_papers", "removed"]
STEPS: tuple[Action, ...] = ("note", "speak_not_vote", "leave", "no_papers", "removed")
KINDS = ("financial", "non-financial professional", "non-financial personal", "indirect")
STANDINGS = ("actual", "potential", "perceived")
PURPOSES = ("decision", "discussion", "information")
ABOUT_THE_MEETING = ("id", "title", "name", "body", "place")
MISTYPED = 0.8
A_DAY = "write a day that there is, as 2026-03-02"


@dataclass(frozen=True)
class Member:
    """Somebody who sits at the table, with or without a vote."""

    id: str
    name: str
    roles: tuple[str, ...] = ()
    chair: bool = False
    deputy_chair: bool = False
    voting: bool = True
    attending: bool = True


@dataclass(frozen=True)
class Interest:
    """What a member, or someone close to them, has in one or more bodies.

    ``action`` is what the chair has already ruled for it, which goes before the ladder. ``note`` is what is said beside
    it: where it is held, how its body is the item's, that it is over or was declared late. ``items`` are those that it
    was matched to beforehand, by whoever keeps the register; without them it touches every item that names its body.
    """

    member: str
    kind: str
    standing: str
    bodies: tuple[str, ...]
    whose: str = "self"
    declared: str = ""
    action: Action | None = None
    note: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ruled:
    """What whoever was in the chair ruled for one member on one item, and why. It goes before every interest's step."""

    member: str
    action: Action
    reason: str


@dataclass(frozen=True)
class RoleNeeded:
    """So many of a role must be there, or the item cannot be decided."""

    role: str
    at_least: int


@dataclass(frozen=True)
class Item:
    """One item of the agenda and the bodies it touches."""

    id: str
    title: str
    purpose: str
    bodies: tuple[str, ...]
    rulings: tuple[Ruled, ...] = ()


@dataclass(frozen=True)
class Meeting:
    """Everything the quorum of each item is worked out from."""

    members: tuple[Member, ...]
    minimum: int
    roles_needed: tuple[RoleNeeded, ...]
    interests: tuple[Interest, ...]
    ladder: Mapping[str, Action]
    items: tuple[Item, ...]
    remarks: tuple[str, ...] = ()

    def member(self, identifier: str) -> Member:
        """The member of that identifier."""
        return next(each for each in self.members if each.id == identifier)


def folded(name: str) -> str:
    """A name as it is compared: case, spaces, dashes and underlines do not count."""
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")


def _without_digits(name: str) -> str:
    return re.sub(r"\d", "0", name)


def read_meeting(document: Mapping[str, Any], *, file: str = "") -> Meeting:
    """The meeting of a document; raises ``Refused`` with everything that is wrong in it."""
    return _Reader(file).meeting(document)


class _Reader:
    """Reads one document and gathers what is wrong with it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.remarks: list[str] = []
        self.kinds_on_ladder: set[str] = set()
        self.on: date | None = None

    def say(self, what: str, remedy: str, place: str, row: int | None = None, value: Any = None) -> None:
        self.problems.append(Problem(what, remedy, self.file, row, place, None if value is None else str(value)))

    def meeting(self, document: Mapping[str, Any]) -> Meeting:
        self.names(document, ("members", "quorum", "interests", "ladder", "items", "date"), "", None)
        self.on = self.day(document, "date", "date", None)
        for part in ("members", "quorum", "items"):
            if part not in document:
                near = closest(part, map(str, document), count=1)
                self.say(f"the meeting has no “{part}”", f"rename “{near[0]}”" if near else "add it", part)
        ladder = self.ladder(document.get("ladder", {}))
        members = tuple(self.members(document.get("members", [])))
        minimum, roles_needed = self.quorum(document.get("quorum", {}), members)
        interests = tuple(self.interests(document.get("interests", []), members))
        items = tuple(self.items(document.get("items", []), [member.id for member in members]))
        if self.problems:
            raise Refused(dict.fromkeys(self.problems))
        self.look_for_near_misses(interests, items)
        return Meeting(members, minimum, roles_needed, interests, ladder, items, tuple(self.remarks))

    # --- the parts ----------------------------------------------------------------------------------------------------

    def ladder(self, found: Any) -> dict[str, Action]:
        ladder: dict[str, Action] = {}
        if not isinstance(found, Mapping):
            self.say("the ladder does not give a step to each kind", 'write {"financial": "leave", ...}', "ladder")
            return ladder
        for kind, step in found.items():
            known = self.choice(kind, KINDS, "ladder", None, "this is no kind of interest")
            action = self.choice(step, STEPS, f"ladder.{kind}", None, "this is no step of the ladder")
            if known:
                self.kinds_on_ladder.add(known)
            if known and action:
                ladder[known] = action  # type: ignore[assignment]
        return ladder

    def members(self, found: Any) -> Iterable[Member]:
        seen: set[str] = set()
        chairs = 0
        rows = self.rows(found, "members")
        for row, each in rows:
            self.names(each, ("id", "name", "roles", "chair", "deputy_chair", "voting", "attending"), "members.", row,
                       strictly=True)
            identifier = self.text(each, "id", "members", row, needed=True)
            if identifier in seen:
                self.say("two members have this id", "give each their own", "members.id", row, identifier)
            seen.add(identifier)
            yes = {name: self.yes_no(each, name, default, row) for name, default in
                   (("chair", False), ("deputy_chair", False), ("voting", True), ("attending", True))}
            chairs += yes["chair"]
            if yes["chair"] and chairs > 1:
                self.say("there is a second chair", "mark one as chair and others as deputy_chair", "members.chair",
                         row, identifier)
            yield Member(identifier, self.text(each, "name", "members", row) or identifier,
                         self.texts(each, "roles", "members", row), **yes)
        if found == [] and not rows:
            self.say("the meeting has no members", "list them", "members")

    def quorum(self, found: Any, members: Sequence[Member]) -> tuple[int, tuple[RoleNeeded, ...]]:
        if not isinstance(found, Mapping):
            self.say("the quorum is not described", 'write {"minimum": 5}', "quorum")
            return 1, ()
        self.names(found, ("minimum", "must_include"), "quorum.", None)
        minimum = self.whole(found, "minimum", "quorum", None, least=1) if found else 1
        held = sorted({role for member in members for role in member.roles})
        by_folded = {folded(role): role for role in held}
        needed = []
        for row, each in self.rows(found.get("must_include", []), "quorum.must_include"):
            self.names(each, ("role", "at_least"), "quorum.must_include.", row)
            role = self.text(each, "role", "quorum.must_include", row, needed=True)
            if role and folded(role) not in by_folded:
                # A body may truly have nobody in the role: then its items cannot be decided, and that is the answer.
                near = closest(role, held, count=1)
                hint = f" The nearest that anyone holds is “{near[0]}”." if near else ""
                self.remarks.append(f"No member holds the role “{role}”, which the quorum asks for.{hint}")
            at_least = self.whole({"at_least": 1, **each}, "at_least", "quorum.must_include", row, least=1)
            needed.append(RoleNeeded(by_folded.get(folded(role), role), at_least))
        return minimum, tuple(needed)

    def interests(self, found: Any, members: Sequence[Member]) -> Iterable[Interest]:
        ids = {member.id: member.name for member in members}
        for row, each in self.rows(found, "interests"):
            self.names(each, ("member", "type", "standing", "body", "bodies", "declared", "whose", "action",
                              "description", "from", "to", "note", "items"), "interests.", row, strictly=True)
            member = self.text(each, "member", "interests", row, needed=True)
            if member and member not in ids:
                near = closest(member, [*ids, *ids.values()])
                near = list(dict.fromkeys(next((i for i, name in ids.items() if name == one), one) for one in near))
                remedy = f"did you mean {' or '.join(near)}?" if near else f"choose from {', '.join(ids)}"
                self.say("no member has this id", remedy, "interests.member", row, member)
            kind = self.choice(each.get("type"), KINDS, "interests.type", row, "this is no kind of interest")
            standing = self.choice(each.get("standing", "actual"), STANDINGS, "interests.standing", row,
                                   "an interest is actual, potential or perceived")
            action = None
            if each.get("action") is not None:
                action = self.choice(each["action"], STEPS, "interests.action", row, "this is no step of the ladder")
            elif kind and kind not in self.kinds_on_ladder:
                self.say("the ladder says nothing about this kind of interest",
                         f'add it to the ladder: "{kind}" with one of {", ".join(STEPS)}', "ladder", None, kind)
            bodies = self.texts(each, "bodies", "interests", row)
            if each.get("body") is not None:
                bodies = (self.text(each, "body", "interests", row), *bodies)
            if not any(bodies):
                self.say("the interest names no body", "say in which body it is", "interests.body", row)
            note = self.lasting(each, row)
            yield Interest(member, kind or "", standing or "", tuple(filter(None, bodies)),
                           self.text(each, "whose", "interests", row) or "self",
                           self.text(each, "declared", "interests", row), action, note,  # type: ignore[arg-type]
                           self.texts(each, "items", "interests", row))

    def lasting(self, each: Mapping[str, Any], row: int) -> str:
        """What must be said of an interest's days: over, not begun, declared after the meeting."""
        first, last, declared = (self.day(each, name, f"interests.{name}", row) for name in ("from", "to", "declared"))
        said = [self.text(each, "note", "interests", row)]
        if first and last and last < first:
            self.say("the interest ends before it begins", "correct “from” or “to”", "interests.to", row, each["to"])
        if last and self.on and last < self.on:
            said.append(f"over since {in_words(last)}, before the meeting: still applied unless the chair rules "
                        "otherwise")
        elif last and not self.on:
            self.remarks.append(f"Interest {row} carries a last day ({each['to']}). It is still applied here: "
                                "whether an interest is over is for the chair to rule.")
        if first and self.on and first > self.on:
            said.append(f"begins only on {in_words(first)}, after the meeting")
        if declared and self.on and declared > self.on:
            said.append(f"declared on {in_words(declared)}, after the meeting: tell the chair, and minute it")
        return "; ".join(filter(None, said))

    def items(self, found: Any, members: Sequence[str]) -> Iterable[Item]:
        seen: set[str] = set()
        rows = self.rows(found, "items")
        for row, each in rows:
            self.names(each, ("id", "title", "for", "bodies", "rulings"), "items.", row)
            identifier = self.text(each, "id", "items", row, needed=True)
            if identifier in seen:
                self.say("two items have this id", "give each its own", "items.id", row, identifier)
            seen.add(identifier)
            purpose = self.choice(each.get("for", "decision"), PURPOSES, "items.for", row,
                                  "an item is for decision, discussion or information")
            bodies = self.texts(each, "bodies", "items", row)
            if not bodies:
                self.remarks.append(f"Item {identifier} names no bodies, so no interest could be held against it: "
                                    "say whom it touches, or that it touches nobody's.")
            rulings = tuple(self.rulings(each.get("rulings", []), members))
            yield Item(identifier, self.text(each, "title", "items", row) or identifier, purpose or "", bodies, rulings)
        if found == [] and not rows:
            self.say("the meeting has no items", "list them", "items")

    def rulings(self, found: Any, members: Sequence[str]) -> Iterable[Ruled]:
        """What the chair ruled on an item; without a reason it is no ruling, for the minutes must say why."""
        for row, each in self.rows(found, "items.rulings"):
            self.names(each, ("member", "action", "reason"), "items.rulings.", row, strictly=True)
            member = self.text(each, "member", "items.rulings", row, needed=True)
            if member and member not in members:
                self.say("no member has this id", f"choose from {', '.join(members)}", "items.rulings.member", row,
                         member)
            action = self.choice(each.get("action"), STEPS, "items.rulings.action", row,
                                 "this is no step of the ladder")
            reason = self.text(each, "reason", "items.rulings", row, needed=True)
            yield Ruled(member, action, reason)  # type: ignore[arg-type]

    def look_for_near_misses(self, interests: Sequence[Interest], items: Sequence[Item]) -> None:
        """A body that is nearly, but not quite, one of the agenda's is pointed out."""
        on_agenda = {folded(body): body for item in items for body in item.bodies}
        for interest in interests:
            for body in () if interest.items else interest.bodies:
                near = [] if folded(body) in on_agenda else get_close_matches(folded(body), on_agenda, 1, MISTYPED)
                # Codes that differ in their digits are two codes: ZP0004 is no slip for ZP0001.
                near = [each for each in near if _without_digits(each) != _without_digits(folded(body))]
                if near:
                    self.remarks.append(f"{interest.member} declares an interest in “{body}”, which no item names; "
                                        f"“{on_agenda[near[0]]}” is close to it. Check that they are not one.")

    # --- single values ------------------------------------------------------------------------------------------------

    def names(self, found: Mapping[str, Any], known: Collection[str], where: str, row: int | None, *,
              strictly: bool = False) -> None:
        """Refuse a name that is nearly one that is known; say of any other that it was not read.

        ``strictly`` refuses every name that is not known: of a member, one misread may give or take away a vote.
        """
        for name in found:
            if name in known:
                continue
            near = get_close_matches(str(name).casefold(), known, n=1, cutoff=MISTYPED)
            if near:
                self.say("this name is not known", f"did you mean {near[0]}?", f"{where}{name}", row)
            elif strictly:
                self.say("this name is not known", f"leave it out, or choose from {', '.join(known)}",
                         f"{where}{name}", row)
            elif where or name not in ABOUT_THE_MEETING:
                self.remarks.append(f"“{where}{name}” was not read.")

    def rows(self, found: Any, place: str) -> list[tuple[int, Mapping[str, Any]]]:
        if not isinstance(found, list | tuple):
            self.say("this is not a list", "write [ ... ]", place)
            return []
        kept = []
        for row, each in enumerate(found, start=1):
            if isinstance(each, Mapping):
                kept.append((row, each))
            else:
                self.say("this is not an object with named parts", "write { ... }", place, row, each)
        return kept

    def text(self, found: Mapping[str, Any], name: str, place: str, row: int | None, *, needed: bool = False) -> str:
        value = found.get(name)
        if value is None or value == "":
            if needed:
                self.say(f"there is no “{name}”", "give one", f"{place}.{name}", row)
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int):
            self.say("this is not text", "write it between quotation marks", f"{place}.{name}", row, value)
            return ""
        return str(value).strip()

    def day(self, found: Mapping[str, Any], name: str, place: str, row: int | None) -> date | None:
        value = found.get(name)
        if value is None or value == "":
            return None
        day = read_day(value) if isinstance(value, str) else None
        if day is None:
            self.say("this is no day", A_DAY, place, row, value)
        return day

    def texts(self, found: Mapping[str, Any], name: str, place: str, row: int | None) -> tuple[str, ...]:
        value = found.get(name)
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or not all(isinstance(each, str) and each.strip() for each in value):
            self.say("this is not a list of texts", '["write", "it", "so"]', f"{place}.{name}", row, value)
            return ()
        return tuple(each.strip() for each in value)

    def yes_no(self, found: Mapping[str, Any], name: str, default: bool, row: int) -> bool:
        value = found.get(name, default)
        if not isinstance(value, bool):
            self.say("this is neither true nor false", "write true or false", f"members.{name}", row, value)
            return default
        return value

    def whole(self, found: Mapping[str, Any], name: str, place: str, row: int | None, *, least: int) -> int:
        value = found.get(name)
        if value is None:
            self.say(f"there is no “{name}”", "give a whole number", f"{place}.{name}", row)
            return least
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self.say(f"this is not a whole number of {least} or more", "correct it", f"{place}.{name}", row, value)
            return least
        return value

    def choice(self, value: Any, choices: Sequence[str], place: str, row: int | None, what: str) -> str | None:
        by_folded = {folded(each): each for each in choices}
        found = by_folded.get(folded(value)) if isinstance(value, str) else None
        if found is None:
            near = closest(str(value), choices, count=1) if value is not None else []
            remedy = f"did you mean {near[0]}?" if near else f"choose from {', '.join(choices)}"
            self.say(what, remedy, place, row, value if value is not None else "nothing")
        return found
