"""A register of policies: what is done routinely, by criteria or not, and what became of an older register."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from evenhand.data import tables
from evenhand.data.policies import published_register
from evenhand.data.tables import Opened, Source
from evenhand.data.texts import Text, read_text
from evenhand.terms import Month, Problem, Refused, closest, refuse
from evenhand.terms.words import NOT_HELD

KINDS = ("routine", "criteria", "not routinely")
KIND_WORDS: Mapping[str, str] = {
    "routine": "Done routinely", "criteria": "Done where criteria are met: prior approval",
    "not routinely": "Not done routinely: by exception only"}
DROPPED = "dropped"
MOST_LETTERS_OF_AN_ID, MOST_LETTERS_OF_A_TITLE = 120, 200
ENOUGH_TO_WONDER = 5
"""So many requests decided and none allowed, and a policy is marked: it may be a ban in disguise."""
RESERVED = ("held", "ours", "requests")
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
        said = [f"from {date_words(self.begins)}"] if self.begins else []
        said += [f"until {date_words(self.ends)}"] if self.ends else []
        said += [f"text of {date_words(self.updated)}"] if self.updated else []
        return ", ".join(said) or NOT_HELD

    @property
    def allows_none(self) -> bool:
        """Whether its own words say that it allows no exception."""
        return re.match(r"(none|no exceptions?)\b", self.exceptions.casefold()) is not None

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


def never_allowed(allowed: int, refused: int) -> bool:
    """Whether enough requests were decided and none was ever allowed."""
    return allowed == 0 and refused >= ENOUGH_TO_WONDER


def date_words(text: str) -> str:
    """A day, a month or a year of a register for readers: 1 April 2024, April 2024, 2024."""
    if len(text) < len("2024-04"):
        return text
    day = f"{int(text[8:])} " if len(text) > len("2024-04") else ""
    return f"{day}{Month.parsed(text[:7]).words}"


def published() -> Register:
    """The register that comes with the program."""
    return read_policies(published_register())


def read_policies(source: Source | Text) -> Register:
    """Read a register, in TOML (``[[policy]]``, ``[[dropped]]``, ``[sources]``), as a CSV table or as a workbook.

    Columns or fields: ``id``, ``title``, ``kind``, ``from``, ``to``, ``updated``, ``source``, ``exceptions``,
    ``codes`` and ``measures`` (in a table with semicolons between). A row of a table of the kind ``dropped``
    carries a ``reason``.

    Raises:
        Refused: what is no TOML or no table, unknown columns, a policy without a title, an unknown kind, a date that
            is none, an end before its beginning, an id given twice.
    """
    if isinstance(source, Register):
        return source
    name, digest, rows, sources = _rows_of(source)
    problems: list[Problem] = []
    policies, dropped = [], []
    seen: set[str] = set()
    for place, fields in rows:
        try:
            policy = policy_of(fields, sources, file=name, row=place)
        except Refused as refused:
            problems += refused.problems
            continue
        if policy.id in seen:
            problems.append(Problem("this policy stands twice", "keep one of the two", name, place, "id", policy.id))
        seen.add(policy.id)
        if _cell(fields, "kind").casefold() == DROPPED:
            dropped.append(Dropped(policy.id, policy.title, _cell(fields, "reason")))
        else:
            policies.append(policy)
    if problems:
        raise Refused(problems)
    if not policies and not dropped:
        raise refuse("the register holds no policy", "give each a title and a kind", file=name)
    return Register(name, digest, tuple(policies), tuple(dropped))


def policy_of(fields: Mapping[str, Any], sources: Mapping[str, Any] | None = None, *, file: str = "",
              row: int | None = None) -> Policy:
    """One policy from its fields, as a row of a table or a form has them.

    Raises:
        Refused: no title, an unknown kind, a date that is none, an end before its beginning, words that are too long.
    """
    problems: list[Problem] = []

    def say(what: str, remedy: str, column: str) -> None:
        problems.append(Problem(what, remedy, file, row, column, _cell(fields, column)))

    title, kind = _cell(fields, "title"), _cell(fields, "kind").casefold()
    key = _cell(fields, "id") or re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:MOST_LETTERS_OF_AN_ID]
    if not title:
        say("a policy needs a title", "write what it is about", "title")
    if not re.fullmatch(r"[\w.-]*", key):
        say("an id is part of an address", "write letters, digits and dashes, as hip-injections, or nothing", "id")
    if key in RESERVED:
        say("a page of the site has this name", "give it another id", "id")
    for column, most in (("id", MOST_LETTERS_OF_AN_ID), ("title", MOST_LETTERS_OF_A_TITLE)):
        if len(_cell(fields, column)) > most:
            say(f"this has more than {most} letters", "shorten it", column)
    if kind not in ("", DROPPED, *KINDS):
        say("this is no kind of policy", f"write {', '.join(KINDS)}, or leave it empty where it is not known", "kind")
    for column in ("from", "to", "updated"):
        if (day := _cell(fields, column)) and not _is_date(day):
            say("this is not a date", "write 2023-08-01, 2023-08 or 2023", column)
    begins, ends, updated = (_cell(fields, each) for each in ("from", "to", "updated"))
    if begins and ends and _is_date(begins) and _is_date(ends) and ends < begins[:len(ends)]:
        say("it would end before it begins", "change one of the two dates", "to")
    if problems:
        raise Refused(problems)
    named = _cell(fields, "source")
    return Policy(key, title, "" if kind == DROPPED else kind, begins, ends, updated,
                  str((sources or {}).get(named, named)), _cell(fields, "exceptions"),
                  _several(fields.get("codes", ())), _several(fields.get("measures", ())))


def fields_of(policy: Policy) -> dict[str, str]:
    """A policy as a row of a table: what ``policy_of`` reads back."""
    return {"id": policy.id, "title": policy.title, "kind": policy.kind, "from": policy.begins, "to": policy.ends,
            "updated": policy.updated, "source": policy.source, "exceptions": policy.exceptions,
            "codes": "; ".join(policy.codes), "measures": "; ".join(policy.measures)}


def _cell(fields: Mapping[str, Any], column: str) -> str:
    return str(fields.get(column) or "").strip()


def _is_date(text: str) -> bool:
    if not _DATE.match(text):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4:])
    except ValueError:
        return False
    return True


Rows = list[tuple[int, Mapping[str, Any]]]


def _rows_of(source: Source | Text) -> tuple[str, str, Rows, Mapping[str, Any]]:
    """What a register is called, its digest, its rows with their places, and its named sources."""
    if _is_workbook(source):
        table = tables.read(source)
        names = [each.strip().casefold() for each in table.columns]
        cells = zip(*(table.texts(each) for each in table.columns), strict=True)
        found = [dict(zip(names, row, strict=True)) for row in cells]
        places = [int(each) + 1 for each in table.row_numbers]
        return table.name, table.digest, _with_headings(list(zip(places, found, strict=True)), names, table.name), {}
    text = source if isinstance(source, Text) else read_text(source)
    looks_like_toml = text.name.casefold().endswith(".toml") or re.search(r"^\[\[", text.content, re.M) is not None
    rows, sources = _from_toml(text) if looks_like_toml else (_from_table(text), {})
    return text.name, text.digest, rows, sources


def _is_workbook(source: Source | Text) -> bool:
    if isinstance(source, Opened) and source.content is not None:
        return source.content[:2] == b"PK"
    path = source.path if isinstance(source, Opened) else source
    return isinstance(path, str | Path) and str(path).casefold().endswith((".xlsx", ".ods"))


def _several(cell: Any) -> tuple[str, ...]:
    parts = cell.split(";") if isinstance(cell, str) else list(cell)
    return tuple(each for part in parts if (each := str(part).strip()))


def _from_toml(text: Text) -> tuple[Rows, Mapping[str, Any]]:
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


def _from_table(text: Text) -> Rows:
    first = text.content.partition("\n")[0]
    reader = csv.reader(io.StringIO(text.content), delimiter=";" if first.count(";") > first.count(",") else ",")
    lines = [(place, [each.strip() for each in line]) for place, line in enumerate(reader, start=1)]
    names = [each.casefold() for each in lines[0][1]] if lines else []
    long = [(place, line) for place, line in lines[1:] if len(line) > len(names)]
    if long:
        raise Refused(Problem("this row has more cells than there are headings", "put words with commas in quotation "
                              "marks", text.name, place, value=line[len(names)]) for place, line in long)
    rows = [(place, dict(zip(names, [*line, *[""] * len(names)], strict=False)))
            for place, line in lines[1:] if any(line)]
    return _with_headings(rows, names, text.name)


def _with_headings(rows: Sequence[tuple[int, Mapping[str, Any]]], names: Sequence[str], file: str) -> Rows:
    if "title" not in names:
        raise refuse("there is no column “title”", f"a register has {', '.join(_KNOWN)}", file=file)
    unknown = [each for each in names if each and each not in _KNOWN]
    if unknown:
        raise Refused(Problem("this column is not known", _column_meant(each), file, None, each) for each in unknown)
    return list(rows)


def _column_meant(name: str) -> str:
    near = closest(name, _KNOWN, count=1)
    return f"did you mean {near[0]}? Otherwise take it out" if near else f"take it out; known are {', '.join(_KNOWN)}"


def _checked(rows: list[tuple[int, Any]], name: str) -> Rows:
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


def needs_reasons(policies: Sequence[Policy], *, file: str = "", column: str = "reason") -> tuple[Problem, ...]:
    """What is said of each policy that would be gone without a reason."""
    how = ": add a row of the kind dropped, with its reason" if file else ""
    return tuple(Problem("this policy would be dropped without a reason", f"keep it, or say why it is dropped{how}",
                         file, None, column, each.title) for each in policies)


def _folded(title: str) -> str:
    return " ".join(title.casefold().split())


def in_force(policies: Sequence[Policy], month: str) -> list[Policy]:
    """The policies not known to have ended before a month (2025-12), nor to begin after it."""
    return [each for each in policies
            if (not each.ends or each.ends >= month[:len(each.ends)])
            and (not each.begins or each.begins[:7] <= month[:len(each.begins[:7])])]
