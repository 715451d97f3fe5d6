"""Signs of information about single patients. What looks like it is refused at the door, never stored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from evenhand.terms import Problem

if TYPE_CHECKING:
    import pyarrow as pa

ADVICE = "load counts by place and period, never rows about people: take this column out at the source"

_NAMES = {
    "NHS numbers": re.compile(r"^(patient_?)?nhs_?(no|num|number)$"),
    "dates of birth": re.compile(r"^(d_?o_?b|(patient_?)?(date_?of_?birth|birth_?date))$"),
    "names of people": re.compile(r"^(patient_?name|surname|fore_?name|(first|last|family|given)_?name)$"),
    "patients' postcodes": re.compile(r"^(patient_?|home_?)(post_?code)$"),
}
_TEN_DIGITS = re.compile(r"^\d{3}[ -]?\d{3}[ -]?\d{4}$")
SAMPLE_ROWS = 5_000
SHARE_THAT_CONVINCES = 0.8


def is_nhs_number(text: str) -> bool:
    """Whether ten digits carry the check digit of an NHS number (modulus 11, Data Dictionary)."""
    if not _TEN_DIGITS.match(text.strip()):
        return False
    digits = [int(each) for each in text if each.isdigit()]
    check = 11 - sum(digit * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return check != 10 and check % 11 == digits[9] and len(set(digits)) > 1


def signs_in_columns(table: pa.Table, *, file: str, may_hold: Sequence[str] = ()) -> Iterator[Problem]:
    """Problems for every column that looks like information about single people.

    By its heading (NHS number, date of birth, names, a patient's postcode) or by its values (most of a column of ten
    digits carry the check digit). ``may_hold`` names columns that a publication is known to use for something else.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    for name in table.column_names:
        if name in may_hold:
            continue
        folded = re.sub(r"[\s\-./]+", "_", name.strip().casefold())
        kind = next((kind for kind, pattern in _NAMES.items() if pattern.match(folded)), None)
        if kind:
            yield Problem(f"this column holds {kind}", ADVICE, file, None, name)
            continue
        column = table.column(name).slice(0, SAMPLE_ROWS)
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
                or pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
            continue
        # A number with gaps in its column is kept as 9434765919.0.
        filled = [words for each in pc.drop_null(column).to_pylist() if (words := str(each).strip().removesuffix(".0"))]
        ten = [each for each in filled if _TEN_DIGITS.match(each)]
        if len(ten) < 3 or len(ten) < SHARE_THAT_CONVINCES * len(filled):
            continue
        if sum(map(is_nhs_number, ten)) >= SHARE_THAT_CONVINCES * len(ten):
            yield Problem("this column looks like NHS numbers: the check digits fit", ADVICE, file, None, name)


_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})\b", re.I)
_BORN = re.compile(r"\b(?:d\.?o\.?b\.?|date of birth|born(?: on)?)\W{0,3}\d{1,2}\W\d{1,2}\W\d{2,4}", re.I)


def signs_in_words(text: str) -> list[str]:
    """What in free text points to a single patient: NHS numbers, postcodes, dates of birth."""
    found = []
    numbers = re.findall(r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b", text)
    if any(map(is_nhs_number, numbers)):
        found.append("an NHS number")
    if _POSTCODE.search(text):
        found.append("a postcode")
    if _BORN.search(text):
        found.append("a date of birth")
    return found
