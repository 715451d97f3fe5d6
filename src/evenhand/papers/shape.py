"""Reading plain JSON back into the frozen values it was written from, guided by their types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from evenhand.papers.canonical import Json
from evenhand.terms import Month, Span, Suppressed

T = TypeVar("T")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")


class Misshapen(ValueError):
    """A JSON value that is not of the shape asked for; ``place`` says where."""

    def __init__(self, what: str, place: str = "") -> None:
        self.what, self.place = what, place
        super().__init__(f"{place.lstrip('.') or 'the whole'}: {what}")


def taken(kind: type[T], value: Json, place: str = "") -> T:
    """``value`` as a ``kind``: the inverse of ``canonical.plain``. Raises ``Misshapen``, naming the place."""
    return _taken(kind, value, place)  # type: ignore[no-any-return]


def _taken(kind: Any, value: Json, place: str) -> Any:
    if kind is Any:
        return value
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _either(get_args(kind), value, place)
    if origin is Literal:
        if value in get_args(kind):
            return value
        raise Misshapen(f"{value!r} is none of {', '.join(map(str, get_args(kind)))}", place)
    if origin is tuple:
        if not isinstance(value, list):
            raise Misshapen("a list is wanted", place)
        return tuple(_taken(get_args(kind)[0], each, f"{place}[{index}]") for index, each in enumerate(value))
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, dict):
            raise Misshapen("named members are wanted", place)
        return {name: _taken(get_args(kind)[1], each, f"{place}.{name}") for name, each in value.items()}
    if kind in _SIMPLE:
        return _simple(kind, value, place)
    if kind is Suppressed:
        if isinstance(value, dict) and set(value) == {"suppressed"} and isinstance(value["suppressed"], str):
            return Suppressed(value["suppressed"])
        raise Misshapen("a reason for hiding is wanted", place)
    if is_dataclass(kind):
        return _members(kind, value, place)
    raise TypeError(f"{kind!r} is not a type a paper may hold ({place})")


def _either(kinds: tuple[Any, ...], value: Json, place: str) -> Any:
    complaints = []
    for kind in kinds:
        try:
            return _taken(kind, value, place)
        except Misshapen as wrong:
            complaints.append(wrong)
    # The complaint that got furthest in says most.
    raise max(complaints, key=lambda wrong: len(wrong.place))


def _members(kind: Any, value: Json, place: str) -> Any:
    if not isinstance(value, dict):
        raise Misshapen("named members are wanted", place)
    hints = _hints(kind)
    known = {each.name: each for each in fields(kind)}
    if unknown := sorted(set(value) - set(known)):
        raise Misshapen(f"there is no such member in a {kind.__name__}", f"{place}.{unknown[0]}")
    for name, each in known.items():
        if name not in value and each.default is MISSING and each.default_factory is MISSING:
            raise Misshapen("this member is missing", f"{place}.{name}")
    given = {name: _taken(hints[name], each, f"{place}.{name}") for name, each in value.items()}
    try:
        return kind(**given)
    except ValueError as wrong:
        raise Misshapen(str(wrong), place) from None


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


_SIMPLE = frozenset({NoneType, bool, int, float, str, date, Month, Span})


def _simple(kind: Any, value: Json, place: str) -> Any:
    if kind is NoneType and value is None:
        return None
    if kind is bool and isinstance(value, bool):
        return value
    if kind in (int, float) and isinstance(value, kind | int) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        try:
            if kind is str:
                return value
            if kind is date and _DAY.fullmatch(value):
                return date.fromisoformat(value)
            if kind is Month and _MONTH.fullmatch(value):
                return Month.parsed(value)
            if kind is Span and value.count("/") == 1:
                first, last = value.split("/")
                return Span(_simple(Month, first, place), _simple(Month, last, place))
        except ValueError as wrong:
            raise Misshapen(str(wrong), place) from None
    raise Misshapen(f"{'nothing' if kind is NoneType else kind.__name__} is wanted, not {value!r:.60}", place)
