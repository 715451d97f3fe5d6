"""Lists of codes that say which hospital care could have been avoided: patterns, whom they are about, and how much."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evenhand.data import tables
from evenhand.data.avoidable import ListNote, list_notes, published_codes, templates
from evenhand.data.tables import Source, Table
from evenhand.terms import Problem, Refused, closest, refuse

FIELDS = ("primary_diagnosis", "secondary_diagnosis", "any_diagnosis", "primary_procedure", "secondary_procedure",
          "any_procedure")
LONGEST_PATTERN = 600
_TERM = re.compile(rf"({'|'.join(FIELDS)}):(.+)", re.S)
_OTHER_NAMES = {"condition": ("title",), "include_pattern": ("code",), "exclude_pattern": ("excludes",),
                "scope": ("applies_to",), "fraction": ("value",)}
# What a list is about, by a word of its name, and the template of a scheme that acts on it.
_SCHEMES = (("fall", "falls"), ("frail", "frailty-at-home"), ("alcohol", "alcohol-liaison"),
            ("smok", "stopping-smoking"), ("obes", "healthy-weight"), ("end-of-life", "end-of-life-at-home"),
            ("end of life", "end-of-life-at-home"), ("vaccine", "vaccination"), ("chronic", "long-term-conditions"),
            ("ambulatory", "ambulatory-emergency-care"), ("same-day", "ambulatory-emergency-care"))

Term = tuple[str, re.Pattern[str]]


@dataclass(frozen=True)
class Entry:
    """One line of a list: which codes, of whom, and which share of them counts.

    ``includes`` must all fit, none of ``excludes`` may. ``is_told`` is false where no code tells it: rows must then
    name the condition. ``emergency`` is ``None`` where the list says nothing of how people came in.
    """

    list: str
    group: str
    condition: str
    includes: tuple[Term, ...]
    excludes: tuple[Term, ...]
    emergency: bool | None
    sex: str
    age_from: int
    age_to: int
    fraction: float
    template: str

    @property
    def is_told(self) -> bool:
        """Whether codes tell it."""
        return bool(self.includes)


@dataclass(frozen=True)
class Lists:
    """The lists in use, with what is known of each."""

    name: str
    digest: str
    entries: tuple[Entry, ...]
    notes: Mapping[str, ListNote]

    def chosen(self, names: Sequence[str]) -> Lists:
        """Only these lists. Raises ``Refused`` for one that is not here."""
        for name in names:
            if name not in self.notes:
                raise refuse("there is no such list", f"choose from {', '.join(self.notes)}"
                             if len(self.notes) < 12 else f"did you mean {closest(name, self.notes)[:1]}?",
                             file=self.name, column="--list", value=name)
        if not names:
            return self
        return replace(self, entries=tuple(each for each in self.entries if each.list in names),
                       notes={name: note for name, note in self.notes.items() if name in names})


def read_lists(source: Source | None = None) -> Lists:
    """Read lists of codes; without a source, the published ones.

    Columns: ``list``, ``group``, ``condition``, ``include_pattern``, ``exclude_pattern``, ``scope`` and optional
    ``fraction`` (0 to 1), ``version``, ``source``, ``template``; or the columns that ``data load`` keeps codes under
    (``title``, ``code``, ``excludes``, ``applies_to``, ``value``). A pattern is a regular expression from the start of
    a code without its dot, ``primary_diagnosis:J4[56]``, several joined by `` AND ``; without a field it is about the
    primary diagnosis. ``scope`` may say “emergency admission”, “age 65 and over”, “age 16 to 24”, “men”, “women”.

    Raises:
        Refused: missing columns, a pattern that is none, a fraction above 1, a template there is not.
    """
    table = published_codes() if source is None else tables.read(source)
    table.require("list")
    table.require(_named(table, "condition"), _named(table, "include_pattern"))
    cells = {name: table.texts(_named(table, name)) if _named(table, name) in table else [""] * len(table)
             for name in ("list", "group", "condition", "include_pattern", "exclude_pattern", "scope", "version",
                          "source", "template")}
    fractions = _fractions(table)
    known, problems = set(templates()), list[Problem]()
    entries: list[Entry] = []
    notes: dict[str, ListNote] = {}
    ours = list_notes()
    for place, name in enumerate(cells["list"]):
        row = {key: values[place] for key, values in cells.items()}
        # The register of policies holds these, with dates and exceptions; a group of care patterns is a list itself.
        if name == "care patterns":
            name, row["group"] = row["group"], ""
        scope = row["scope"].casefold()
        if name.startswith("evidence-based") or scope == "hrg":
            continue
        try:
            includes, excludes = _terms(row["include_pattern"]), _terms(row["exclude_pattern"], ";")
        except (re.error, ValueError) as wrong:
            problems.append(Problem(f"this pattern cannot be read: {wrong}", "write it as primary_diagnosis:J4[56]",
                                    table.name, int(table.row_numbers[place]), "include_pattern",
                                    row["include_pattern"]))
            continue
        template = row["template"] or _scheme(f"{name} {row['group']}")
        if template and template not in known:
            problems.append(Problem("there is no such template", f"choose from {', '.join(sorted(known))}", table.name,
                                    int(table.row_numbers[place]), "template", template))
        low, high = _ages(scope)
        # Fractions are published by code alone; the code is then what the condition is called.
        condition = row["condition"] or row["include_pattern"].removeprefix("primary_diagnosis:")
        entries.append(Entry(name, row["group"], condition, includes, excludes, _emergency(scope), _sex(scope),
                             low, high, fractions[place], template))
        # A list of somebody else's may share a published list's name: its version is what its own file says.
        notes.setdefault(name, ours[name] if source is None else ListNote(
            name, ours[name].title if name in ours else name[:1].upper() + name[1:],
            _version(row["version"], table.name), row["source"] or table.name))
    if problems:
        raise Refused(problems)
    if not entries:
        raise refuse("no list of avoidable care is in this file", "policies are for find low-priority", file=table.name)
    return Lists(table.name, table.digest, _bands_closed(entries), notes)


def _version(said: str, file: str) -> str:
    if not said:
        return f"version not stated; as in {file}"
    return f"version {said}" if said.startswith("not stated") else said


def _named(table: Table, name: str) -> str:
    return next((each for each in (name, *_OTHER_NAMES.get(name, ())) if each in table), name)


def _fractions(table: Table) -> list[float]:
    """Shares; those below nought (drinking that seems to protect) are nought, none is one."""
    column = _named(table, "fraction")
    if column not in table:
        return [1.0] * len(table)
    return [max(0.0, float(each)) for each in table.numbers(column, most=1, empty=1.0)]


def _terms(words: str, joint: str = r"\sAND\s") -> tuple[Term, ...]:
    found = []
    for part in re.split(joint, words):
        if not part.strip():
            continue
        field = _TERM.fullmatch(part.strip())
        name, pattern = (field[1], field[2]) if field else ("primary_diagnosis", part.strip())
        if len(pattern) > LONGEST_PATTERN:
            raise ValueError(f"it is longer than {LONGEST_PATTERN} characters")
        if re.search(r"[*+{}]|\(\?", pattern):
            raise ValueError("codes are short: repeats and look-arounds are not read")
        found.append((name, re.compile(pattern)))
    return tuple(found)


def _emergency(scope: str) -> bool | None:
    if "emergency admission" not in scope:
        return None
    return "not an emergency" not in scope


def _sex(scope: str) -> str:
    parts = {part.strip() for part in re.split(r"[;,]", scope)}
    return ("men" if parts & {"men", "male", "1"} else "women" if parts & {"women", "female", "2"} else "")


def _ages(scope: str) -> tuple[int, int]:
    """From and to; an open band says −1 until its neighbour closes it."""
    if between := re.search(r"age (\d+) to (\d+)", scope):
        return int(between[1]), int(between[2])
    if over := re.search(r"age (\d+) and over", scope):
        return int(over[1]), 200
    if under := re.search(r"age under (\d+)", scope):
        return 0, int(under[1]) - 1
    if begins := re.search(r"\bfrom (\d+)$", scope):
        return int(begins[1]), -1
    return 0, 200


def _bands_closed(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    starts: dict[tuple[str, ...], set[int]] = {}
    for each in entries:
        starts.setdefault((each.list, each.condition, each.sex), set()).add(each.age_from)
    return tuple(each if each.age_to >= 0 else replace(each, age_to=min(
        (start - 1 for start in starts[each.list, each.condition, each.sex] if start > each.age_from), default=200))
        for each in entries)


def _scheme(words: str) -> str:
    return next((template for word, template in _SCHEMES if word in words.casefold()), "")
