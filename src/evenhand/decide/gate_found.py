"""What a check finds, in three states, and what it is asked in: case, pack, test and the words of the day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Any

from evenhand.decide.gate_view import Held, View, is_said
from evenhand.decide.pack import Pack, Rule
from evenhand.decide.pack_words import Spoken
from evenhand.terms.words import listed


class State(IntEnum):
    """Ordered so that the least of several is what all of them show, and the greatest what one of them shows."""

    CONTRADICTED = 0
    SILENT = 1
    SHOWN = 2


Seen = tuple[State, str]


@dataclass(frozen=True)
class Found:
    """What one check found: what was asked in words, what to say of it, and the papers it looked at."""

    state: State
    what: str
    detail: str = ""
    looked_at: tuple[Held, ...] = ()
    passed_over: tuple[Held, ...] = ()


@dataclass(frozen=True)
class Asking:
    """A check in its place: the case, the pack with its numbers, the test, and what things are called on that day."""

    view: View
    pack: Pack
    rule: Rule
    spoken: Spoken = field(default_factory=lambda: Spoken.of(None))


def named(items: list[Any]) -> str:
    """The items of a list by what they are called."""
    return first_of([" on ".join(str(part) for name in ("option", "on", "criterion", "title", "id", "what", "who", "by")
                                 if is_said(part := getattr(item, name, None))) or "an item" for item in items])


def first_of(names: list[str], at_most: int = 3) -> str:
    """The first few of these, and how many more."""
    rest = len(names) - at_most
    return listed([*names[:at_most], f"{rest} more"]) if rest > 0 else listed(names)


def day_in_words(day: date) -> str:
    """A day as a reader says it."""
    return f"{day.day} {day:%B %Y}"
