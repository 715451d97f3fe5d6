"""Codes for bodies that a publication names without a code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from evenhand.data.organisations import BOARD, organisations

ALIKE = 0.88


@dataclass(frozen=True)
class Match:
    """A name, the code it was taken for, and the listed name where that is spelt differently."""

    name: str
    code: str
    listed_as: str = ""


def codes_of(names: Iterable[str]) -> dict[str, Match]:
    """The code of each name that can be told; names of no body, or of two, are left out.

    First names that are spelt alike (case, punctuation and "NHS" apart), then those alike without "and", points of the
    compass shortened (Northern, North) and brackets; at last the one listed name that is nearly the same.
    """
    wanted = list(dict.fromkeys(names))
    known: dict[str, tuple[str, str]] = {}
    for body in organisations():
        if body.kind != BOARD:
            for name in filter(None, (body.former_name or body.name, *body.other_names)):
                known.setdefault(_plain(name), (body.code, name))
    found = {name: Match(name, known[_plain(name)][0]) for name in wanted if _plain(name) in known}
    for key in (_short, None):
        taken = {match.code for match in found.values()}
        left = {plain: body for plain, body in known.items() if body[0] not in taken}
        for name in wanted:
            if name not in found:
                fitting = [body for plain, body in left.items() if (
                    key(name) == key(plain) if key else SequenceMatcher(None, _plain(name), plain).ratio() >= ALIKE)]
                if len({code for code, _ in fitting}) == 1:
                    found[name] = Match(name, *fitting[0])
    return found


def _plain(name: str) -> str:
    words = re.sub(r"^nhs | ccg$", "", name.strip().casefold().replace("&", " and "))
    return " ".join(re.findall(r"[a-z0-9]+", words))


def _short(name: str) -> str:
    without = re.sub(r"\(.*?\)", "", name)
    words = [re.sub(r"^(north|south|east|west)ern$", r"\1", word) for word in _plain(without).split()]
    return " ".join(word for word in words if word != "and")
