"""Plain values as TOML, in the order given: what a person opens, reads and corrects."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any


def as_toml(document: Mapping[str, Any], *, opening: str = "") -> str:
    """A document with its tables below its single values. ``opening`` is a comment that stands first."""
    lines = [f"# {line}".rstrip() for line in opening.splitlines()]
    lines += [""] if lines else []
    _table(document, "", lines)
    return "\n".join(lines).rstrip() + "\n"


def _table(table: Mapping[str, Any], path: str, lines: list[str]) -> None:
    plain = {name: value for name, value in table.items() if value is not None and not _is_deep(value)}
    lines += [f"{_key(name)} = {_inline(value)}" for name, value in plain.items()]
    for name, value in table.items():
        if not _is_deep(value):
            continue
        below = f"{path}.{_key(name)}" if path else _key(name)
        if isinstance(value, Mapping):
            if any(not _is_deep(each) for each in value.values()):
                lines += ["", f"[{below}]"]
            _table(value, below, lines)
        else:
            for each in value:
                lines += ["", f"[[{below}]]"]
                _table(each, below, lines)


def _is_deep(value: Any) -> bool:
    """Whether a value gets a heading of its own: a table, or a list of tables that do not fit on a line."""
    if isinstance(value, Mapping):
        return True
    return (isinstance(value, Sequence) and not isinstance(value, str) and bool(value)
            and isinstance(value[0], Mapping) and any(len(_inline(each)) > 90 for each in value))


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else json.dumps(name)


def _inline(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return f"{value:_}"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(name)} = {_inline(each)}" for name, each in value.items()
                                if each is not None) + " }"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_inline(each) for each in value) + "]"
    return json.dumps(str(value), ensure_ascii=False)
