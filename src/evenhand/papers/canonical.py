"""One form of bytes for one value, so that the same work gives the same digest anywhere.

The form is RFC 8785, the JSON Canonicalization Scheme (Rundgren, Jordan and Erdtman, 2020): members sorted by the
UTF-16 code units of their names, numbers written as ECMAScript writes them, no space, UTF-8. Two rules are ours and
come before it: a real number is rounded to 12 significant digits, so that two machines whose last bits differ agree;
and what JSON cannot say (not a number, infinity) is refused, never written as something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from json.encoder import encode_basestring
from math import isfinite
from numbers import Integral, Real
from typing import Any, TypeAlias

from evenhand.terms import Month, Span

Json: TypeAlias = Any
"""None, bool, int, float, str, or lists and string-keyed mappings of these."""

SIGNIFICANT_DIGITS = 12
LARGEST_WHOLE_NUMBER = 2**53 - 1


class Unkeepable(ValueError):
    """A value that has no canonical form; ``place`` says where in the paper it stands."""

    def __init__(self, what: str, place: str = "") -> None:
        self.what, self.place = what, place
        super().__init__(f"{place.lstrip('.') or 'the value'}: {what}")

    def inside(self, step: str) -> Unkeepable:
        """The same complaint, seen from one level further out."""
        return Unkeepable(self.what, step + self.place)


def canonical_bytes(value: object) -> bytes:
    """The one form of a value: made plain, then written by RFC 8785. Raises ``Unkeepable``."""
    return rfc8785(plain(value))


def digest(content: bytes) -> str:
    """The name of some bytes: ``sha256:`` and 64 hexadecimal digits."""
    return "sha256:" + sha256(content).hexdigest()


def is_digest(text: object) -> bool:
    """Whether a text has the shape of a digest."""
    return (isinstance(text, str) and len(text) == 71 and text.startswith("sha256:")
            and all(letter in "0123456789abcdef" for letter in text[7:]))


def instant(at: datetime) -> str:
    """A moment as the record writes it: UTC, to the microsecond, ``2026-11-21T09:30:00.000000Z``."""
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: object) -> Json:
    """A value in the words of JSON: dataclasses as members, tuples as lists, dates as ISO text, reals rounded.

    Months are ``2017-11``, spans ``2017-11/2017-12``. A value with its own ``to_json`` is asked for it.
    """
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return _rounded(float(value))
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Month):
        return str(value)
    if isinstance(value, Span):
        return f"{value.first}/{value.last}"
    if isinstance(value, Mapping):
        return {_name(name): _within(f".{name}", each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_within(f"[{index}]", each) for index, each in enumerate(value)]
    to_json = getattr(value, "to_json", None)
    if callable(to_json):
        return plain(to_json())
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _within(f".{each.name}", getattr(value, each.name)) for each in fields(value)}
    raise Unkeepable(f"a {type(value).__name__} has no canonical form")


def _within(step: str, value: object) -> Json:
    try:
        return plain(value)
    except Unkeepable as wrong:
        raise wrong.inside(step) from None


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise Unkeepable(f"a member is named by text, not by {name!r}")
    return str(name)


def _rounded(number: float) -> float:
    if not isfinite(number):
        raise Unkeepable("not a finite number; what is missing is None")
    return float(f"{number:.{SIGNIFICANT_DIGITS}g}")


def rfc8785(value: Json) -> bytes:
    """A plain JSON value in its canonical form, its numbers as they are. Raises ``Unkeepable``."""
    parts: list[str] = []
    _write(value, parts)
    try:
        return "".join(parts).encode()
    except UnicodeEncodeError:
        raise Unkeepable("half of a two-part character (a lone surrogate) has no form in UTF-8") from None


def _write(value: Json, parts: list[str]) -> None:
    if value is None:
        parts.append("null")
    elif value is True or value is False:
        parts.append("true" if value else "false")
    elif isinstance(value, str):
        parts.append(encode_basestring(value))
    elif isinstance(value, int):
        if abs(value) > LARGEST_WHOLE_NUMBER and not _is_exact(value):
            raise Unkeepable(f"{value} is larger than JSON can hold exactly; write it as text")
        parts.append(str(value))
    elif isinstance(value, float):
        parts.append(_number(value))
    elif isinstance(value, list):
        _write_list(value, parts)
    elif isinstance(value, dict):
        _write_members(value, parts)
    else:
        raise Unkeepable(f"a {type(value).__name__} is not a JSON value")


def _write_list(values: list[Json], parts: list[str]) -> None:
    parts.append("[")
    for index, each in enumerate(values):
        if index:
            parts.append(",")
        _write(each, parts)
    parts.append("]")


def _write_members(members: dict[str, Json], parts: list[str]) -> None:
    parts.append("{")
    # By UTF-16 code units, not code points: an emoji (two surrogates from D800) sorts before U+FB33.
    names = sorted(members, key=None if all(map(str.isascii, members)) else _utf16)
    for index, name in enumerate(names):
        if index:
            parts.append(",")
        parts.append(encode_basestring(name))
        parts.append(":")
        _write(members[name], parts)
    parts.append("}")


def _is_exact(whole: int) -> bool:
    # 1e20 is written with all its noughts and read back as a whole number; it must then be written the same.
    return abs(whole) < 10**21 and _number(float(whole)) == str(whole)


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")


def _number(number: float) -> str:
    """A double as ECMAScript's ``Number::toString`` writes it (ECMA-262, section 6.1.6.1.20)."""
    if not isfinite(number):
        raise Unkeepable("not a finite number; what is missing is None")
    if number == 0:
        return "0"
    shortest = repr(number)
    if "e" not in shortest:
        return shortest.removesuffix(".0")
    sign, figures, exponent = Decimal(shortest).normalize().as_tuple()
    assert isinstance(exponent, int)
    digits = "".join(map(str, figures))
    point = len(digits) + exponent
    if len(digits) <= point <= 21:
        written = digits + "0" * (point - len(digits))
    elif 0 < point <= 21:
        written = f"{digits[:point]}.{digits[point:]}"
    elif -6 < point <= 0:
        written = f"0.{'0' * -point}{digits}"
    else:
        fraction = f".{digits[1:]}" if len(digits) > 1 else ""
        written = f"{digits[0]}{fraction}e{point - 1:+d}"
    return f"-{written}" if sign else written
