"""How methods, importers and rule packs are listed, and how a method is declared once.

A method is a plain function with one frozen settings class. From the declaration come the command, the form on the
site and the reference page; none of the three is written by hand.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, asdict, dataclass, field, fields, replace
from typing import Any, Generic, Literal, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

from evenhand.terms import Problem, Refused, closest, refuse


class Named(Protocol):
    """Anything that can be listed."""

    @property
    def name(self) -> str:
        """What it is called."""


T = TypeVar("T", bound=Named)


class Catalogue(Generic[T]):
    """An ordered list of named things of one kind, read where it stands; nothing registers itself by import."""

    def __init__(self, kind: str, items: Sequence[T]) -> None:
        self.kind = kind
        self._items = {item.name: item for item in items}
        assert len(self._items) == len(items), f"two {kind}s have one name"

    def __iter__(self) -> Iterator[T]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, name: object) -> bool:
        return name in self._items

    @property
    def names(self) -> list[str]:
        """Every name, in order."""
        return list(self._items)

    def __getitem__(self, name: str) -> T:
        if name not in self._items:
            near = closest(name, self._items) or self.names
            raise refuse(f"there is no {self.kind} called “{name}”", f"choose from {', '.join(near)}")
        return self._items[name]


# --- settings ---------------------------------------------------------------------------------------------------------


def setting(default: Any, label: str, hint: str = "", *, option: str = "", unit: str = "",
            common: bool = False) -> Any:
    """A field of a settings class, with what a person reads beside it.

    ``option`` is its name on the command line where that differs from the field's (``from`` for ``from_month``).
    ``common`` marks those that a form shows first; the others are folded under "More settings".
    """
    metadata = {"label": label, "hint": hint, "option": option, "unit": unit, "common": common}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Setting:
    """One setting as a command or a form needs it."""

    name: str
    option: str
    label: str
    hint: str
    default: Any
    kind: Literal["text", "whole", "number", "yes_no", "texts", "numbers", "choice"]
    choices: tuple[str, ...]
    optional: bool
    unit: str
    common: bool

    def parsed(self, text: str) -> Any:
        """The value a person typed, or a refusal that says what would do."""
        words = text.strip()
        if not words and self.optional:
            return None
        where = f"--{self.option}"
        if self.kind == "choice":
            folded = {choice.casefold(): choice for choice in self.choices}
            if words.casefold() not in folded:
                raise refuse(f"{self.label.lower()} is not one that is known", f"choose from {', '.join(self.choices)}",
                             column=where, value=words)
            return folded[words.casefold()]
        if self.kind == "yes_no":
            if words.casefold() in ("yes", "true", "on", "1"):
                return True
            if words.casefold() in ("no", "false", "off", "0", ""):
                return False
            raise refuse("yes or no is needed", "write yes or no", column=where, value=words)
        parts = [part.strip() for part in words.split(",") if part.strip()]
        if self.kind == "texts":
            return tuple(parts)
        try:
            if self.kind == "whole":
                return int(words.replace(",", ""))
            if self.kind == "number":
                return _finite(words.replace(",", ""))
            if self.kind == "numbers":
                return tuple(_finite(part) for part in parts)
        except ValueError:
            wanted = {"whole": "a whole number", "number": "a number", "numbers": "numbers with commas between"}
            raise refuse(f"{wanted[self.kind]} is needed", f"for example {self.example}", column=where,
                         value=words) from None
        return words

    @property
    def example(self) -> str:
        """A value that would do, for a message or a form."""
        if self.default not in (None, ()):
            return self.written(self.default)
        return {"whole": "10", "number": "0.5", "numbers": "0.95,0.998"}.get(self.kind, "area")

    def written(self, value: Any) -> str:
        """A value as it is typed on the command line."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, tuple):
            return ",".join(str(each) for each in value)
        return str(value)


def _finite(text: str) -> float:
    number = float(text)
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError(text)
    return number


_KINDS: dict[Any, Literal["text", "whole", "number", "yes_no"]] = {
    str: "text", int: "whole", float: "number", bool: "yes_no"}


def settings_of(cls: type) -> list[Setting]:
    """The settings of a class, in order."""
    hints = get_type_hints(cls)
    return [_setting(each, hints[each.name]) for each in fields(cls)]


def _setting(each: Field[Any], hint: Any) -> Setting:
    optional = False
    if get_origin(hint) in (Union, types.UnionType):
        optional = True
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    choices: tuple[str, ...] = ()
    kind: Any
    if get_origin(hint) is Literal:
        kind, choices = "choice", tuple(get_args(hint))
    elif get_origin(hint) is tuple:
        kind = "numbers" if get_args(hint)[0] is float else "texts"
    else:
        kind = _KINDS[hint]
    about = each.metadata
    assert each.default is not MISSING, f"the setting {each.name} needs a default"
    assert "label" in about, f"the setting {each.name} needs a label"
    return Setting(each.name, about["option"] or each.name.replace("_", "-"), about["label"], about["hint"],
                   each.default, kind, choices, optional, about["unit"], about["common"])


S = TypeVar("S")


def settings_from_words(cls: type[S], words: Mapping[str, str]) -> S:
    """Settings from what a person typed in a command or a form, all problems said at once."""
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for each in settings_of(cls):
        if each.name in words:
            try:
                values[each.name] = each.parsed(words[each.name])
            except Refused as refused:
                problems += refused.problems
    if problems:
        raise Refused(problems)
    return cls(**values)


def with_options(cls: type[S], settings: S | None, options: Mapping[str, Any]) -> S:
    """Settings as given, or the defaults, with single options changed by keyword."""
    known = {each.name for each in fields(cls)}  # type: ignore[arg-type]
    for name in options:
        if name not in known:
            near = closest(name, known) or sorted(known)
            raise refuse(f"there is no setting called “{name}”", f"choose from {', '.join(near)}")
    about = {each.name: each for each in settings_of(cls)} if options else {}
    plain = {name: _as_typed(about[name], value) for name, value in options.items()}
    return replace(settings if settings is not None else cls(), **plain)  # type: ignore[type-var]


def _as_typed(one: Setting, value: Any) -> Any:
    """A setting given in Python, read as its text would be: ``by="area"`` and ``confidence=0.9`` are what they say."""
    if isinstance(value, str) and (one.kind != "text"):
        return one.parsed(value)
    if one.kind == "numbers" and isinstance(value, int | float) and not isinstance(value, bool):
        return (float(value),)
    if one.kind in ("texts", "numbers") and isinstance(value, Sequence):
        return one.parsed(",".join(map(str, value))) if one.kind == "numbers" else tuple(value)
    return value


def settings_document(settings: Any) -> dict[str, Any]:
    """All settings with the defaults filled in, under the names of the command line."""
    values = asdict(settings)
    return {each.option.replace("-", "_"): values[each.name] for each in settings_of(type(settings))}


# --- methods ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class InputColumn:
    """A column a method reads."""

    name: str
    what: str
    optional: bool = False


@dataclass(frozen=True)
class Input:
    """One thing a method is given: a table with named columns, a model in JSON, the code of an organisation, a case, or
    another document of its own form; ``several`` where more than one may be given.
    """

    name: str
    what: str
    columns: tuple[InputColumn, ...] = ()
    kind: Literal["table", "model", "code", "case", "document"] = "table"
    optional: bool = False
    several: bool = False


@dataclass(frozen=True)
class Output:
    """One field of the answer; ``sometimes`` where it is there only when it has something to say."""

    name: str
    what: str
    sometimes: bool = False


@dataclass(frozen=True)
class Method:
    """A method declared once.

    ``function`` takes the first input by position, the others by name, then ``settings=``; it returns an ``Answer``.
    ``example`` is a command line (after ``evenhand``) that runs as it stands; inputs written ``sample:NAME`` are small
    tables that come with the program.
    """

    room: str
    name: str
    title: str
    question: str
    function: Callable[..., Any]
    settings: type
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    source: str
    version: str
    cannot_tell: tuple[str, ...]
    example: str
    uses_chance: bool = False

    @property
    def full_name(self) -> str:
        """As it is typed: ``find rates``."""
        return f"{self.room} {self.name}"

    @property
    def first_sentence(self) -> str:
        """What the function says of itself in one line."""
        return (self.function.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")

    def settings_list(self) -> list[Setting]:
        """Its settings, in order."""
        return settings_of(self.settings)
