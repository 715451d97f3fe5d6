"""Concerns as people send and follow them: who may send one, its code, what becomes of it, and in which words."""

from __future__ import annotations

import re
from datetime import date, timedelta

WHO = {"practice": "A GP practice", "pharmacist": "A pharmacist", "nurse": "A nurse or another clinician",
       "public": "A member of the public", "other": "Somebody else who works in health or care"}
"""Who says so, by a short name."""

SERVICES = ("discharge letters", "district nursing", "ambulance and patient transport", "hospital outpatients",
            "physiotherapy", "podiatry", "mental health crisis care", "community pharmacy", "blood tests",
            "hearing tests", "wound care", "hospice and end of life care", "children’s services", "NHS 111")
"""Suggestions only: anybody may write another."""

OPEN = ("received", "read")
ENDS = {"answered": "Answered", "joined": "Joined to another concern", "case": "Became a case",
        "nothing": "Nothing will be done"}
"""What may become of a concern, each with words to the one who sent it."""

DAYS_TO_ANSWER = 28
FEWEST = 3
"""With fewer practices, one could be known by what it said."""


def due_on(received: date) -> date:
    """The day by which whoever sent a concern is owed an answer."""
    return received + timedelta(days=DAYS_TO_ANSWER)


def folded(subject: str) -> str:
    """What a concern is about, so that two spellings of one service stand together.

    >>> folded("The  District-Nursing service.")
    'district nursing'
    """
    words = re.sub(r"[^\w’']+", " ", subject.casefold()).split()
    kept = [each for each in words if each not in ("the", "a", "service", "services", "team", "teams")]
    return " ".join(kept or words)


def code_of(body: str, number: int) -> str:
    """A code that can be read out on the telephone: four letters of the body's name and seven digits.

    >>> code_of("Millbrook commissioner", 4827931)
    'MILL 4827 931'
    """
    letters = re.sub(r"[^A-Z]", "", body.upper())
    digits = f"{number:07d}"
    return f"{(letters + 'XXXX')[:4]} {digits[:4]} {digits[4:]}"


def code_meant(typed: str) -> str:
    """The code somebody typed, whatever they put between; empty where it cannot be one.

    >>> code_meant("mill-4827 931")
    'MILL 4827 931'
    """
    found = re.fullmatch(r"([A-Z]{4})(\d{4})(\d{3})", re.sub(r"[^A-Z0-9]", "", typed.upper()))
    return " ".join(found.groups()) if found else ""


def others_said(practices: int) -> str:
    """How many other practices said so, in words; too few are not counted out."""
    if practices >= FEWEST:
        return f"{_NUMBERS.get(practices, str(practices))} other practices said this."
    return "Fewer than three other practices have said this so far. Yours counts."


_NUMBERS = dict(enumerate(("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"), 0))


def stands(moment: str, due: date, today: date) -> str:
    """How a concern stands, for whoever sent it."""
    if moment == "received":
        said = "Received. Nobody has read it yet."
    elif moment == "read":
        said = "Read. Somebody is looking into it."
    else:
        return f"{ENDS[moment]}."
    return f"{said} An answer was promised by {_day(due)}: it is late." if today > due else said


def _day(on: date) -> str:
    from evenhand.terms.period import NAMES

    return f"{on.day} {NAMES[on.month - 1].capitalize()} {on.year}"
