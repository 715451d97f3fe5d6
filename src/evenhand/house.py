"""The rooms of the house, in the order a decision walks through them: read by site, commands, docs and tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evenhand import appraise, choose, decide, deliver, engage, evaluate, find, remember
from evenhand.catalogue import Catalogue, Method
from evenhand.papers import flow


@dataclass(frozen=True)
class Room:
    """One room: the question it asks, the papers it reads and leaves, and its methods."""

    name: str
    question: str
    reads: tuple[str, ...]
    leaves: tuple[str, ...]
    methods: Catalogue[Method]


ROOMS = Catalogue("room", [
    Room(name, door.QUESTION, flow.reads(name), flow.leaves(name), door.METHODS)
    for name, door in zip(flow.ROOMS, (find, engage, appraise, choose, decide, deliver, evaluate, remember),
                          strict=True)])


def every_method() -> Iterator[Method]:
    """Every method of every room, in order."""
    for room in ROOMS:
        yield from room.methods


def method(room: str, name: str) -> Method:
    """One method by its room and name; refuses an unknown one, naming the closest."""
    return ROOMS[room].methods[name]
