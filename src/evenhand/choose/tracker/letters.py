"""What is asked of whom: one letter to each owner, and one to the programme office for what nobody owns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evenhand.choose.tracker.doubles import same_name
from evenhand.choose.tracker.months import Move
from evenhand.choose.tracker.schemes import Scheme
from evenhand.choose.tracker.standing import UNIDENTIFIED

OFFICE = "The programme office"


def asked_of(scheme: Scheme) -> list[str]:
    """What a scheme's row leaves open, as questions to whoever owns it."""
    asked = []
    if not scheme.owner:
        asked.append("Who owns it?")
    if scheme.value_pounds is None:
        said = f" The list says “{scheme.said}”." if scheme.said else ""
        asked.append(f"What will it save this year, and in a full year?{said}")
    # What has figures already has begun, whatever the list says of its start.
    if scheme.start is None and not scheme.in_place and not (scheme.actual_pounds or 0) > 0:
        asked.append("When does it start?")
    if not scheme.measure:
        asked.append("How will anyone know that it works: which measure, against which baseline?")
    if scheme.late:
        since = f" on {scheme.start}" if scheme.start else ""
        asked.append(f"It should have started{since} and has no figures: what has been found so far?")
    return asked


def letters_of(fields: Mapping[str, Any], schemes: Sequence[Scheme], moved: Sequence[Move]) -> list[dict[str, Any]]:
    """Each letter: ``to``, ``schemes`` (name, row, sheet, value_pounds, asked) and how many schemes ``owns``.

    Owners written alike are one. The programme office comes last: it is asked about what nobody owns. Nobody is written
    to who is asked nothing. What stands for money still to be identified names no scheme and is the programme office's.
    """
    further: dict[tuple[str, int], list[str]] = {}
    gone: list[tuple[Scheme, str]] = []
    for move in moved:
        if move.asked and move.now:
            further.setdefault(move.now[0].at, []).append(move.asked)
        elif move.asked:
            gone.append((move.before[0], move.asked))
    letters: dict[str, dict[str, Any]] = {}

    def letter_to(owner: str) -> dict[str, Any]:
        return letters.setdefault(same_name(owner), {"to": owner or OFFICE, "owns": 0, "schemes": []})

    for scheme in schemes:
        unnamed = bool(UNIDENTIFIED.match(scheme.name))
        letter = letter_to("" if unnamed else scheme.owner)
        letter["owns"] += bool(scheme.owner)
        asked = ["Which schemes stand behind this money?"] if unnamed else asked_of(scheme)
        asked += further.get(scheme.at, [])
        if asked:
            letter["schemes"].append({"name": scheme.name, "row": scheme.row, "sheet": scheme.sheet,
                                      "value_pounds": scheme.value_pounds, "asked": asked})
    for scheme, question in gone:
        letter_to(scheme.owner)["schemes"].append({
            "name": scheme.name, "row": None, "sheet": None, "value_pounds": scheme.value_pounds, "asked": [question]})
    wanted = [each for each in letters.values() if each["schemes"]]
    return sorted(wanted, key=lambda each: (each["to"] == OFFICE, same_name(each["to"])))
