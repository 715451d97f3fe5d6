"""A register of policies: what is done routinely, by criteria or not, and what became of an older register."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evenhand.data.policies import published_register
from evenhand.data.tables import Source
from evenhand.data.texts import Text, read_text
from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import NOT_HELD

KINDS = ("routine", "criteria", "not routinely")
KIND_WORDS: Mapping[str, str] = {
    "routine": "Done routinely", "criteria": "Done where criteria are met: prior approval",
    "not routinely": "Not done routinely: by exception only"}
_DATE = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")
_KNOWN = ("id", "title", "kind", "from", "to", "updated", "source", "exceptions", "codes", "measures", "reason")


@dataclass(frozen=True)
class Policy:
    """One policy; what its source does not say is empty. Dates are a day, a month or a year."""

    id: str
    title: str
    kind: str = ""
    begins: str = ""
    ends: str = ""
    updated: str = ""
    source: str = ""
    exceptions: str = ""
    codes: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()

    @property
    def kind_words(self) -> str:
        """What it says, for readers."""
        return KIND_WORDS.get(self.kind, NOT_HELD)

    @property
    def dates(self) -> str:
        """Since when it stands, as far as the source says."""
        said = [f"from {self.begins}"] if self.begins else []
        said += [f"until {self.ends}"] if self.ends else []
        said += [f"text of {self.updated}"] if self.updated else []
        return ", ".join(said) or NOT_HELD

    def holds(self, code: str) -> bool:
        """Whether a BNF code is under this policy: its beginning is among the codes and among none left out."""
        return (any(each.match(code) for each in self._patterns("bnf:"))
                and not any(each.match(code) for each in self._patterns("~bnf:")))

    @property
    def has_bnf_codes(self) -> bool:
        """Whether items can be counted against it by their code alone."""
        return bool(self._patterns("bnf:"))

    def _patterns(self, kind: str) -> list[re.Pattern[str]]:
        return [re.compile(re.escape(each[len(kind):]).replace("%", ".*")) for each in self.codes
                if each.startswith(kind)]


@dataclass(frozen=True)
class Dropped:
    """A policy of an older register that is no longer one, and why."""

    id: str
    title: str
    reason: str


@dataclass(frozen=True)
class Register:
    """Policies, those dropped with their reasons, and the file they came from."""

    name: str
    digest: str
    policies: tuple[Policy, ...]
    dropped: tuple[Dropped, ...] = ()

    def __getitem__(self, key: str) -> Policy:
        return next(each for each in self.policies if each.id == key)

    def __contains__(self, key: object) -> bool:
        return any(each.id == key for each in self.policies)


def published() -> Register:
    """The register that comes with the program."""
    return read_policies(published_register())


def read_policies(source: Source | Text) -> Register:
    """Read a register, in TOML (``[[policy]]``, ``[[dropped]]``, ``[sources]``) or as a CSV table with a header.

    Columns or fields: ``id``, ``title``, ``kind``, ``from``, ``to``, ``updated``, ``source``, ``exceptions``,
    ``codes`` and ``measures`` (in a table with semicolons between). A row of a table of the kind ``dropped``
    carries a ``reason``.

    Raises:
        Refused: what is no TOML or no table, a policy without a title, an unknown kind, a date that is none, an id
            given twice.
    """
    text = source if isinstance(source, Text) else read_text(source)
    looks_like_toml = text.name.casefold().endswith(".toml") or re.search(r"^\[\[", text.content, re.M) is not None
    rows, sources = _from_toml(text) if looks_like_toml else (_from_table(text), {})
    problems: list[Problem] = []
    policies, dropped = [], []
    seen: set[str] = set()
    for place, row in rows:
        def say(what: str, remedy: str, column: str, place: int = place, row: Mapping[str, Any] = row) -> None:
            problems.append(Problem(what, remedy, text.name, place, column, str(row.get(column, ""))))

        title, kind = str(row.get("title", "")).strip(), str(row.get("kind", "")).strip().casefold()
        key = str(row.get("id", "")).strip() or re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")
        if not title:
            say("a policy needs a title", "write what it is about", "title")
        if kind not in ("", "dropped", *KINDS):
            say("this is no kind of policy", f"write {', '.join(KINDS)}, or leave it empty where it is not known",
                "kind")
        for column in ("from", "to", "updated"):
            if (day := str(row.get(column, "")).strip()) and not _DATE.match(day):
                say("this is not a date", "write 2023-08-01, 2023-08 or 2023", column)
        if key in seen:
            say("this policy stands twice", "keep one of the two", "id")
        seen.add(key)
        if kind == "dropped":
            dropped.append(Dropped(key, title, str(row.get("reason", "")).strip()))
            continue
        named = str(row.get("source", "")).strip()
        begins, ends, updated = (str(row.get(each, "")).strip() for each in ("from", "to", "updated"))
        policies.append(Policy(
            key, title, kind, begins, ends, updated, str(sources.get(named, named)),
            str(row.get("exceptions", "")).strip(), _several(row.get("codes", ())), _several(row.get("measures", ()))))
    if problems:
        raise Refused(problems)
    if not policies and not dropped:
        raise refuse("the register holds no policy", "give each a title and a kind", file=text.name)
    return Register(text.name, text.digest, tuple(policies), tuple(dropped))


def _several(cell: Any) -> tuple[str, ...]:
    parts = cell.split(";") if isinstance(cell, str) else list(cell)
    return tuple(each for part in parts if (each := str(part).strip()))


def _from_toml(text: Text) -> tuple[list[tuple[int, Mapping[str, Any]]], Mapping[str, Any]]:
    try:
        document = tomllib.loads(text.content)
    except tomllib.TOMLDecodeError as error:
        raise refuse(f"this is not TOML: {error}", "mend the line it names", file=text.name) from None
    unknown = [each for each in document if each not in ("policy", "dropped", "sources")]
    if unknown:
        raise refuse("this part is not known", "a register has [[policy]], [[dropped]] and [sources]", file=text.name,
                     value=unknown[0])
    rows = [*document.get("policy", []), *({**each, "kind": "dropped"} for each in document.get("dropped", []))]
    return _checked(list(enumerate(rows, start=1)), text.name), document.get("sources", {})


def _from_table(text: Text) -> list[tuple[int, Mapping[str, Any]]]:
    rows = [{str(key or "").strip().casefold(): (cell or "") for key, cell in row.items() if isinstance(cell, str)}
            for row in csv.DictReader(io.StringIO(text.content))]
    if rows and "title" not in rows[0]:
        raise refuse("there is no column “title”", "a register has id, title, kind, from, to, source, exceptions, "
                     "codes, measures", file=text.name)
    return [(place, row) for place, row in enumerate(rows, start=2)]


def _checked(rows: list[tuple[int, Any]], name: str) -> list[tuple[int, Mapping[str, Any]]]:
    problems = [Problem("this field is not known", f"a policy has {', '.join(_KNOWN)}", name, place, str(field))
                for place, row in rows for field in row if field not in _KNOWN]
    if problems:
        raise Refused(problems)
    return rows


@dataclass(frozen=True)
class CarriedOver:
    """What became of an older register: kept, changed in kind or words, dropped with a reason, dropped without one."""

    kept: tuple[Policy, ...]
    changed: tuple[tuple[Policy, Policy], ...]
    dropped: tuple[Dropped, ...]
    unexplained: tuple[Policy, ...]
    new: tuple[Policy, ...]


def carried_over(before: Register, now: Register) -> CarriedOver:
    """Set an older register (a predecessor's) against one of today, policy by policy, by id or by title.

    A policy of the older register that stands no longer must be among ``now.dropped`` with a reason; the others are
    ``unexplained``: no slate is wiped clean in silence.
    """
    kept, changed, dropped, unexplained = [], [], [], []
    there = {key: each for each in now.policies for key in (each.id, _folded(each.title))}
    reasons = {key: each for each in now.dropped if each.reason for key in (each.id, _folded(each.title))}
    met: set[str] = set()
    for old in before.policies:
        new = there.get(old.id) or there.get(_folded(old.title))
        reason = reasons.get(old.id) or reasons.get(_folded(old.title))
        if new is not None:
            met.add(new.id)
            if (old.kind, old.exceptions) == (new.kind, new.exceptions):
                kept.append(new)
            else:
                changed.append((old, new))
        elif reason is not None:
            dropped.append(Dropped(old.id, old.title, reason.reason))
        else:
            unexplained.append(old)
    return CarriedOver(tuple(kept), tuple(changed), tuple(dropped), tuple(unexplained),
                       tuple(each for each in now.policies if each.id not in met))


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())


def in_force(policies: Sequence[Policy], month: str) -> list[Policy]:
    """The policies not known to have ended before a month (2025-12), nor to begin after it."""
    return [each for each in policies
            if (not each.ends or each.ends >= month[:len(each.ends)])
            and (not each.begins or each.begins[:7] <= month[:len(each.begins[:7])])]
