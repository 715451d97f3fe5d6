"""Who must be heard: one plan from the start, who has been heard by a day, and who has not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from evenhand.catalogue import Input, InputColumn, Method, Output, setting, settings_document, with_options
from evenhand.data import tables
from evenhand.data.tables import Source
from evenhand.engage import stakeholders_show
from evenhand.figures import Answer, Column, MadeFrom, MethodName, Table
from evenhand.terms import Problem, Refused, refuse
from evenhand.terms.words import counted, listed

SOURCE = ("Interest and influence: Mendelow (1981), Environmental scanning: the impact of the stakeholder concept, "
          "ICIS 1981 Proceedings 20; those touched most with least influence: Reed and others (2009), Journal of "
          "Environmental Management 90:1933-1949")
NAME = MethodName("engage stakeholders", "1", SOURCE)
LEAST, MOST = 1, 5
LITTLE = 2
"""An influence of this or less, beside a high interest, is that of people who are touched and cannot do much."""
CLOSELY, CONTENT, INFORMED, WATCHED = "work with closely", "keep content", "keep informed", "watch"
WORDS = {"heard": "heard", "heard late": "heard late", "due": "still to come", "overdue": "overdue",
         "no date": "no day set"}


@dataclass(frozen=True)
class Settings:
    """The day looked at, and what counts as high."""

    as_at: str | None = setting(None, "As of which day", "such as 2028-03-31; without it nobody is called overdue",
                                common=True)
    settled: str | None = setting(None, "Day from which the options stood", "who is asked after it can no longer shape "
                                  "them", common=True)
    high: int = setting(4, "Interest or influence is high from", "1 to 5")

    def __post_init__(self) -> None:
        for name in ("as_at", "settled"):
            if (said := getattr(self, name)) is not None:
                _day(said, f"--{name.replace('_', '-')}")
        if not LEAST < self.high <= MOST:
            raise refuse("this lies between 2 and 5", "write --high 4", column="--high", value=self.high)


def stakeholders(table: Source, settings: Settings | None = None, /, **options: Any) -> Answer:
    """Who must be heard about a change, how and by when, who has been by a day, and who has not.

    Args:
        table: one row a group or organisation: ``who``; optional ``organisation``, ``kind``, ``interest`` and
            ``influence`` (1 to 5), ``asked`` (what of them), ``by`` (the role that asks), ``way``, ``due`` and ``done``
            (days).
        settings: see ``Settings``; single ones may be given by keyword.
        **options: settings by name.

    Returns:
        ``rows`` in order of the day due: what was given, ``standing`` (heard, heard late, due, overdue, no date),
        ``approach`` (by interest and influence), ``touched_most`` (high interest, little influence) and
        ``after_options`` (asked, or to be asked, only after the options stood). Counts of each.

    Raises:
        Refused: somebody named twice or not at all, an interest beyond 1 to 5, days that are none, somebody heard after
            the day looked at.

    Source: Mendelow (1981) for interest beside influence; Reed and others (2009) for those it leaves out.
    """
    chosen = with_options(Settings, settings, options)
    data = tables.read(table)
    at = _day(chosen.as_at, "--as-at") if chosen.as_at else None
    settled = _day(chosen.settled, "--settled") if chosen.settled else None
    rows = [_row(each, at, settled, chosen.high) for each in _read(data, at)]
    rows.sort(key=lambda row: (row["due"] or row["done"] or "9999", row["who"]))
    days = [day for row in rows for day in (row["done"], row["due"]) if day]
    fields = {
        "rows": rows, "must_be_heard": len(rows), "as_at": chosen.as_at, "settled": chosen.settled,
        "begins": min(days) if days else None,
        "standings": {name: sum(row["standing"] == name for row in rows) for name in WORDS},
        "heard": sum(row["standing"] in ("heard", "heard late") for row in rows),
        "overdue": sum(row["standing"] == "overdue" for row in rows),
        "not_heard": [row["who"] for row in rows if row["standing"] == "overdue"],
        "after_options": [row["who"] for row in rows if row["after_options"]] if settled else None,
        "touched_most_not_heard": [row["who"] for row in rows if row["touched_most"] and not row["done"]]}
    return Answer(NAME, settings_document(chosen), (MadeFrom(data.name, data.digest),), _sentence(fields), fields,
                  _table(rows), tuple(_remarks(rows, fields)), draw=stakeholders_show.stakeholders)


# --- reading ----------------------------------------------------------------------------------------------------------


def _read(data: tables.Table, at: date | None) -> list[dict[str, Any]]:
    data.require("who")
    who = data.texts("who", may_be_empty=False)
    data.refuse_duplicates("who")
    if not who:
        raise refuse("nobody is named", "give at least one group or organisation", file=data.name)
    columns: dict[str, Sequence[Any]] = {"who": who}
    for name in ("organisation", "kind", "asked", "by", "way"):
        columns[name] = [each or None for each in data.texts(name)] if name in data else [None] * len(who)
    for name in ("interest", "influence"):
        columns[name] = _marks(data, name) if name in data else [None] * len(who)
    for name in ("due", "done"):
        columns[name] = _days(data, name) if name in data else [None] * len(who)
    if at is not None and "done" in data:
        data.refuse_rows([day is not None and day > at for day in columns["done"]],
                         f"this is after {at}, the day looked at", "leave it empty until it has happened",
                         column="done")
    return [dict(zip(columns, each, strict=True)) for each in zip(*columns.values(), strict=True)]


def _marks(data: tables.Table, name: str) -> list[int | None]:
    import numpy as np

    found = data.numbers(name, least=LEAST, most=MOST, whole=True, empty=float("nan"))
    return [None if np.isnan(each) else int(each) for each in found]


def _days(data: tables.Table, name: str) -> list[date | None]:
    found: list[date | None] = []
    problems = []
    for place, text in enumerate(data.texts(name)):
        try:
            found.append(date.fromisoformat(text[:10]) if text else None)
        except ValueError:
            problems.append(Problem("this is not a day", "write it as 2027-11-18", data.name,
                                    int(data.row_numbers[place]), name, text))
    if problems:
        raise Refused(problems[:10])
    return found


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse("this is not a day", "write it as 2028-03-31", column=option, value=text) from None


# --- where each stands ------------------------------------------------------------------------------------------------


def standing_of(due: date | None, done: date | None, at: date | None) -> str:
    """Where one stands on a day: nobody without a day is overdue, and late is late even once it is done."""
    if done is not None:
        return "heard late" if due is not None and done > due else "heard"
    if due is None:
        return "no date"
    return "overdue" if at is not None and due < at else "due"


def approach_of(interest: int | None, influence: int | None, high: int) -> str | None:
    """How to work with somebody, by interest and influence; nothing where either is not said."""
    if interest is None or influence is None:
        return None
    if influence >= high:
        return CLOSELY if interest >= high else CONTENT
    return INFORMED if interest >= high else WATCHED


def _row(one: Mapping[str, Any], at: date | None, settled: date | None, high: int) -> dict[str, Any]:
    when = one["done"] or one["due"]
    touched = one["interest"] is not None and one["influence"] is not None and (
        one["interest"] >= high and one["influence"] <= LITTLE)
    return {**one, "due": str(one["due"]) if one["due"] else None, "done": str(one["done"]) if one["done"] else None,
            "standing": standing_of(one["due"], one["done"], at),
            "approach": approach_of(one["interest"], one["influence"], high), "touched_most": touched,
            "after_options": bool(settled and when and when > settled)}


# --- words ------------------------------------------------------------------------------------------------------------


def in_words(day: str) -> str:
    """A day as it is read: 31 March 2028."""
    found = date.fromisoformat(day)
    return f"{found.day} {found:%B %Y}"


def _sentence(fields: Mapping[str, Any]) -> str:
    counts = fields["standings"]
    parts = [f"{fields['heard']} {'has' if fields['heard'] == 1 else 'have'} been"]
    if fields["overdue"]:
        parts.append(f"{fields['overdue']} {'is' if fields['overdue'] == 1 else 'are'} overdue "
                     f"({listed(fields['not_heard'])})")
    if counts["due"]:
        parts.append(f"{counts['due']} {'is' if counts['due'] == 1 else 'are'} still to come")
    if counts["no date"]:
        parts.append(f"for {counts['no date']} no day is set")
    by = f", by {in_words(fields['as_at'])}" if fields["as_at"] else ""
    said = f"Of {fields['must_be_heard']} who must be heard{by}, {listed(parts)}."
    if fields["after_options"]:
        number = len(fields["after_options"])
        said += (f" {counted(number, 'of them is', 'of them are')} asked only after the options stood "
                 f"({in_words(fields['settled'])}).")
    elif fields["settled"] and fields["begins"]:
        said += f" All with a day are asked before the options stood ({in_words(fields['settled'])})."
    return said


def _remarks(rows: Sequence[Mapping[str, Any]], fields: Mapping[str, Any]) -> list[str]:
    said = []
    late = [row["who"] for row in rows if row["standing"] == "heard late"]
    if late:
        said.append(f"Heard after the day that was set: {listed(late)}.")
    if fields["touched_most_not_heard"]:
        said.append(f"Touched most, with little influence, and not yet heard: "
                    f"{listed(fields['touched_most_not_heard'])}.")
    for name, what in (("way", "no way of asking"), ("by", "nobody to ask them"), ("asked", "nothing asked of them")):
        without = [row["who"] for row in rows if not row[name]]
        if without and len(without) < len(rows):
            said.append(f"There is {what} for {listed(without)}.")
        elif without:
            said.append(f"There is {what} for anybody.")
    if fields["as_at"] is None:
        said.append("Without a day to look at, nobody is called overdue.")
    return said


def _table(rows: Sequence[Mapping[str, Any]]) -> Table:
    shown = [{**row, "standing": WORDS[row["standing"]]} for row in rows]
    return Table.of(shown, [
        Column("who", "Who"), Column("standing", "Stands"), Column("due", "By"), Column("done", "Done"),
        Column("way", "Way"), Column("asked", "Asked"), Column("approach", "Approach"),
        Column("interest", "Interest", "count"), Column("influence", "Influence", "count"), Column("by", "Asked by"),
        Column("organisation", "Organisation"), Column("kind", "Kind")], title="Who must be heard")


METHOD = Method(
    room="engage", name="stakeholders", title="Who must be heard",
    question="Who must be heard, how and by when, and who has not been?", function=stakeholders, settings=Settings,
    inputs=(Input("table", "one row a group or organisation, never a person by name", (
        InputColumn("who", "a group or an organisation"), InputColumn("organisation", "its code", optional=True),
        InputColumn("kind", "such as carers, staff, provider", optional=True),
        InputColumn("interest", "how much it touches them, 1 to 5", optional=True),
        InputColumn("influence", "how far they can make it or stop it, 1 to 5", optional=True),
        InputColumn("asked", "what is asked of them", optional=True),
        InputColumn("by", "the role that asks", optional=True), InputColumn("way", "how", optional=True),
        InputColumn("due", "by when", optional=True),
        InputColumn("done", "when they were heard; empty until then", optional=True))),),
    outputs=(
        Output("rows", "what was given, standing, approach, touched_most, after_options"),
        Output("must_be_heard", "how many"), Output("as_at", "the day looked at"),
        Output("settled", "the day from which the options stood"), Output("begins", "the first day of all"),
        Output("standings", "how many stand where"), Output("heard", "how many were heard"),
        Output("overdue", "how many should have been and were not"), Output("not_heard", "who they are"),
        Output("after_options", "who is asked only after the options stood"),
        Output("touched_most_not_heard", "high interest, little influence, not yet heard")),
    source=SOURCE, version="1",
    cannot_tell=("Whether anybody is missing from the list: ask those on it who else should be.",
                 "Whether those who were asked were listened to: see what they said, and what changed by it.",
                 "Who speaks for a group: one meeting with a few of them is written down as heard."),
    example="engage stakeholders sample:stakeholders --as-at 2031-02-01 --settled 2030-12-01")
