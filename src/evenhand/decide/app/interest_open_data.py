"""The register as open data: what each column means, and the rows. Of somebody close, the relation and never a name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from evenhand.decide.app.interest_queries import Declared, Person, Register
from evenhand.decide.conflicts import SAID
from evenhand.decide.interest_dates import SOURCE
from evenhand.figures import Column, Table

COLUMNS: Mapping[str, str] = {
    "body_code": "Code of the body whose register this is",
    "body": "Its name",
    "person": "Who declared",
    "roles": "The parts they play in the body today",
    "row": "interest, nil return (nothing to declare), or nothing yet",
    "kind": "financial, non-financial professional, non-financial personal or indirect",
    "standing": "actual, potential or perceived",
    "whose": "self, or the relation of somebody close: partner, relative, close friend or business partner",
    "part": "The part played in the body that the interest is in",
    "in_code": "Code of the body that the interest is in, where it has one here",
    "in_body": "Its name",
    "description": "What else was said of it",
    "from": "First day, where it was given",
    "to": "Last day, where it is over",
    "declared": "Day on which it was declared, or the nil return given",
    "late": "Where it was declared more than 28 days after it began: how many; or that a vote had opened",
    "action": "What was agreed to be done about it",
    "agreed_by": "Who agreed it",
    "agreed_on": "On which day that was entered",
    "due": "By when the person owes the next declaration or nil return",
    "overdue": "yes where that day has passed",
    "invented": "yes where the body is an invented one, for demonstration",
}
"""Every column of the files, in order, with its meaning."""
DAYS = ("from", "to", "declared", "agreed_on", "due")


def rows_of(registers: Iterable[Register]) -> list[dict[str, str]]:
    """One row for each interest in public, and one for whoever declared none."""
    found = []
    for each in registers:
        for person in each.in_public:
            first = _person(each, person)
            found += [{**first, **_interest(one)} for one in person.declared]
            if not person.declared:
                row = {"row": "nil return", "declared": _day(person.nil)} if person.nil else {"row": "nothing yet"}
                found.append({**first, **row})
    return [{name: row.get(name, "") for name in COLUMNS} for row in found]


def as_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """The rows as CSV with a heading, marked for spreadsheets as UTF-8."""
    return "\ufeff" + Table.of(list(rows), [Column(name, name) for name in COLUMNS]).to_csv()


def as_json(registers: Sequence[Register], rows: Sequence[Mapping[str, str]], *, today: date, schema: str) -> str:
    """The rows with the day, each body's sentence, and where the columns are described."""
    return json.dumps({"as_at": today.isoformat(), "schema": schema, "rules": SOURCE,
                       "registers": [{"body_code": each.code, "body": each.name, "sentence": each.sentence}
                                     for each in registers], "interests": list(rows)}, ensure_ascii=False, indent=1)


def schema() -> dict[str, Any]:
    """The columns as a Table Schema (specs.frictionlessdata.io/table-schema)."""
    return {"title": "Register of interests", "fields": [
        {"name": name, "type": "date" if name in DAYS else "string", "description": meaning}
        for name, meaning in COLUMNS.items()], "missingValues": [""]}


def _person(register: Register, person: Person) -> dict[str, str]:
    return {"body_code": register.code, "body": register.name, "person": person.name, "roles": "; ".join(person.roles),
            "due": _day(person.owed.due) if person.owed else "",
            "overdue": "yes" if person.is_overdue(register.today) else "no",
            "invented": "yes" if register.invented else "no"}


def _interest(one: Declared) -> dict[str, str]:
    whose = {"family": "relative", "friend": "close friend or business partner"}.get(one.whose, one.whose)
    return {"row": "interest", "kind": one.kind, "standing": one.standing, "whose": whose, "part": one.part,
            "in_code": one.body_code, "in_body": one.body_name, "description": one.what, "from": _day(one.began),
            "to": _day(one.ended), "declared": _day(one.declared),
            "late": "; ".join(filter(None, (one.late, *one.declared_late_at))),
            "action": SAID[one.step] if one.step else "", "agreed_by": one.agreed_by, "agreed_on": _day(one.agreed_on)}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
