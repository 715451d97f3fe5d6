"""Signs of information about single patients. What looks like it is refused at the door, never stored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
_TEN_IN_WORDS = re.compile(r"(?<![\w.,-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w.,-])")
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

    By its heading (NHS number, date of birth, names, a patient's postcode) or by its values: most numbers of ten
    digits, alone or among words, carry the check digit, and they fill the column, or are all that stands in two cells
    of a column of words, or in one cell parted as NHS numbers are written. ``may_hold`` names columns that a
    publication is known to use for something else.
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
        # A name may stand before the number: "Mrs Smith 943 476 5919".
        ten = [found.group() for each in filled if (found := _TEN_IN_WORDS.search(each))]
        fitting = [each for each in ten if is_nhs_number(each)]
        if len(fitting) < SHARE_THAT_CONVINCES * len(ten) or not fitting:
            continue
        # A number in somebody's own words is left to whoever quotes them; a cell that is one is not.
        alone = [each for each in filled if each in fitting]
        in_words = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
        parted = any(not each.isdigit() for each in alone)
        fills = len(ten) >= 2 and len(ten) >= SHARE_THAT_CONVINCES * len(filled)
        if fills or parted or (in_words and len(alone) >= 2):
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


@dataclass(frozen=True)
class Sign:
    """Something in free text that may point to one person: what it is, the words, and how to say it otherwise."""

    what: str
    found: str
    instead: str


_WITHOUT = "leave it out: what goes wrong can be said without it"
_GROUP = r"(?!\s*(?:years?\s+)?(?:and|or|to|plus|\+|-|–|upwards))"
_DESCRIBED: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("a postcode", _POSTCODE, "name the town or the service instead"),
    ("a date of birth", _BORN, _WITHOUT),
    ("a date of birth", re.compile(r"\bborn\s+(?:on\s+|in\s+)?(?:\d{1,2}(?:st|nd|rd|th)?\s+[A-Z]\w+\s+)?\d{4}\b", re.I),
     _WITHOUT),
    ("a number that stands for one patient", re.compile(
        r"\b(?:hospital|patient|record|unit|nhs|mrn)\s*(?:no|num|number|id)?\b\.?\s*[:#]?\s*[A-Z]{0,3}\d[\d -]{4,}\d\b",
        re.I), _WITHOUT),
    ("somebody’s name", re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Master)\b\.?\s+[A-Z][\w'’-]+"),
     "say “a patient”, or “some patients”"),
    ("somebody’s name", re.compile(
        r"\b(?:[Pp]atient|man|woman|boy|girl)\s+(?:called|named)\s+[A-Z][\w'’-]+"
        r"|\b[Pp]atient[:,]\s+[A-Z][a-z'’-]+\s+[A-Z][a-z'’-]+"),
     "say “a patient”, or “some patients”"),
    ("one person’s age", re.compile(
        rf"\b\d{{1,3}}[\s-]?(?:year|yr|month|week)s?[\s-]old\b|\baged\s+\d{{1,3}}\b{_GROUP}|\b\d{{1,3}}\s?y/?o\b",
        re.I),
     "say “older people”, or “children”"),
    ("a telephone number", re.compile(r"(?<![\d])(?:0|\+44[\s-]?)\d(?:[\s-]?\d){8,9}\b"), _WITHOUT),
    ("an email address", re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"), _WITHOUT),
)


def signs_of_a_person(text: str) -> tuple[Sign, ...]:
    """What in a text that somebody is about to send may point to one person, each with how to say it otherwise.

    Stricter than ``signs_in_words``, which looks through texts that are there already: the writer can still choose
    other words. Titles with names, one person's age, numbers, addresses; names without a title are not seen.
    """
    found = [Sign("an NHS number", each, _WITHOUT) for each in re.findall(r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b", text)
             if is_nhs_number(each)]
    taken = {each.found for each in found}
    for what, pattern, instead in _DESCRIBED:
        for match in pattern.finditer(text):
            words = " ".join(match[0].split())
            if not any(words in other for other in taken):
                taken.add(words)
                found.append(Sign(what, words, instead))
    return tuple(found)
