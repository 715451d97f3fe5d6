"""Cells that hold words: a name, a person, yes or no, a kind, hours, the colour of a row."""

from __future__ import annotations

import re

from evenhand.choose.tracker.amounts import plain_number, read_amount
from evenhand.choose.tracker.rows import Line
from evenhand.choose.tracker.sheets import is_blank, text_of

_NOBODY = re.compile(
    r"^\W*(t\.?b\.?[cda]\.?|n/?[ak]\.?|not known|unknown|vacant|vacancy|none|nobody|unassigned|-+|–|\?+|x+|"
    r"to be (confirmed|appointed|agreed|identified|determined)|not (yet )?(assigned|allocated|agreed))\W*$", re.I)
_YES = re.compile(
    r"^\W*(y|yes|true|✓|x|1|r|rec|recurrent|recurring|cash|cashable|cr|cash[ -]?releasing|full(y)?)\b", re.I)
_NO = re.compile(r"^\W*(n|no|false|✗|0|nr|n/r|non|one[- ]?off|ncr|not)\b", re.I)
_KINDS = (("quality", r"q\b|qual"), ("innovation", r"i\b|innov"), ("productivity", r"p\b|prod|effic"),
          ("prevention", r"prev|p2\b"))


def is_nobody(text: str) -> bool:
    """Whether a cell for a person or a measure says that there is none: TBC, vacant, n/a."""
    return bool(_NOBODY.match(text))


def says_no(text: str) -> bool:
    """Whether a cell says no."""
    return bool(_NO.match(text))


def name_of(line: Line) -> tuple[str, bool]:
    """The scheme's name, and whether a name was given; else what stands nearest to one."""
    name = line.text("name")
    if name and not re.fullmatch(r"[\W\d]*", name):
        return name, True
    # Where the only words of a list stand under "Item", they are no number but the name.
    if "name" not in {guess.role for guess in line.block.guesses} and re.search(r"[^\W\d]{3,}.*[^\W\d]{3,}",
                                                                                line.text("id")):
        return line.text("id"), True
    for role in ("detail", "programme"):
        if line.text(role):
            return line.text(role), False
    return f"Row {line.number}" + (f" ({line.text('id')})" if line.text("id") else ""), False


def person_of(line: Line, role: str) -> str:
    """The first person named in the columns taken for this; empty for TBC, vacant and the like."""
    for guess in line.block.columns(role):
        text = text_of(line.sheet.rows[line.place][guess.column])
        if text and not _NOBODY.match(text):
            return text
    return ""


def yes_or_no(text: str) -> bool | None:
    """Yes, no, or neither: empty, in part, or words that are not known."""
    if not text:
        return None
    if re.match(r"^\W*(part|both|mix)", text, re.I):
        return None
    return False if _NO.match(text) else True if _YES.match(text) else None


def kind_of(text: str) -> str:
    """Quality, innovation, productivity or prevention; other words as they stand."""
    plain = text.strip().casefold()
    if not plain:
        return ""
    # "Prevention" begins like "P" for productivity does: the longer sign is asked first.
    if re.match(_KINDS[3][1], plain):
        return "prevention"
    return next((kind for kind, sign in _KINDS[:3] if re.match(sign, plain)), text.strip())


def hours_of(line: Line) -> float | None:
    """Hours from a cell such as 6, "6 hrs" or "about 6 a week"."""
    amount = read_amount(line.cell("hours"))
    if amount.value is not None:
        return amount.value
    found = re.search(r"\d+(?:\.\d+)?", line.text("hours"))
    return plain_number(found[0]) if found else None


def row_fill_of(line: Line) -> str:
    """The fill of a row, where most of its filled cells have one and the same."""
    filled = [column for column, cell in enumerate(line.sheet.rows[line.place]) if not is_blank(cell)]
    status = line.block.column("status")
    fills = [line.sheet.marks.fills.get((line.place, column), "") for column in filled if column != status]
    best = max(sorted(set(fills)), key=fills.count, default="")
    return best if best and fills.count(best) > len(fills) / 2 else ""
