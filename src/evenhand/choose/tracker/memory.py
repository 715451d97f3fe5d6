"""What was confirmed about a tracker, remembered for next month: columns, rulings, and the story of each scheme."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

from evenhand.choose.tracker.doubles import same_name
from evenhand.choose.tracker.months import Move
from evenhand.choose.tracker.schemes import Scheme
from evenhand.choose.tracker.standing import Standing
from evenhand.choose.tracker.sums import Totals
from evenhand.choose.tracker.tables import known_role
from evenhand.data.models import Model
from evenhand.terms import refuse

FORMAT = "evenhand tracker memory, version 1"
_FIGURES = ("value_pounds", "found_pounds", "counted_twice_pounds", "needed", "copies")
_TEXTS = ("as_of", "tracker", "name", "owner", "start", "sheet", "body", "id", "note", "what", "why", "asked")


@dataclass(frozen=True)
class Memory:
    """Confirmed headings by role, rulings by question, each scheme's months, and the months as a whole.

    ``months`` are in the order in which they were read: for each the day, the tracker, what was needed, and what stood
    twice in the list.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    rulings: Mapping[str, str] = field(default_factory=dict)
    story: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    months: tuple[Mapping[str, Any], ...] = ()

    def to_json(self) -> str:
        """The memory as a file holds it; the same memory gives the same text."""
        return json.dumps({"format": FORMAT, "columns": dict(sorted(self.columns.items())),
                           "rulings": dict(sorted(self.rulings.items())),
                           "months": list(self.months),
                           "story": {key: list(entries) for key, entries in sorted(self.story.items())}},
                          indent=1, ensure_ascii=False) + "\n"

    def before(self, today: date | None, tracker: str) -> Mapping[str, Any] | None:
        """The latest month that is not the one being read now; ``None`` where there is none."""
        now = (today.isoformat() if today else "", tracker)
        earlier = [each for each in self.months if (each["as_of"], each["tracker"]) != now
                   and (not now[0] or each["as_of"] <= now[0])]
        return earlier[-1] if earlier else None

    def schemes_of(self, month: Mapping[str, Any]) -> list[Scheme]:
        """The schemes as they were in a month."""
        when = (month["as_of"], month["tracker"])
        entries = [(key, each) for key, entries in self.story.items() for each in entries
                   if (each.get("as_of"), each.get("tracker")) == when and each.get("status")]
        return [Scheme(
            str(each.get("sheet", "")), int(each.get("row", 0)), str(each.get("name", "")), each.get("value_pounds"),
            id=str(each.get("id", "")), owner=str(each.get("owner", "")), start=each.get("start"),
            status=each["status"], body=str(each.get("body", "")), note=str(each.get("note", "")),
            actual_pounds=each.get("found_pounds"), counted_twice_pounds=each.get("counted_twice_pounds") or 0.0)
            for _, each in sorted(entries, key=lambda pair: (str(pair[1].get("sheet", "")), pair[1].get("row", 0)))]


def read_memory(model: Model) -> Memory:
    """A memory from its file. Raises ``Refused`` for a file that is none."""
    content = model.content
    if content.get("format") != FORMAT:
        raise refuse("this is not the memory of a tracker", "name the memory.json that an earlier run wrote, or a new "
                     "file to begin one", file=model.name, column="format", value=content.get("format"))
    parts: dict[str, dict[str, Any]] = {}
    for part in ("columns", "rulings", "story"):
        found = content.get(part, {})
        if not isinstance(found, dict):
            raise refuse(f"“{part}” is not a mapping", "mend it, or begin a new memory", file=model.name, column=part)
        parts[part] = found
    for role, heading in parts["columns"].items():
        if known_role(role) != role or not isinstance(heading, str):
            raise refuse("this column is not one that is known", "take it out, or begin a new memory", file=model.name,
                         column="columns", value=role)
    if not all(isinstance(said, str) for said in parts["rulings"].values()):
        raise refuse("a ruling is not a text", "mend it, or begin a new memory", file=model.name, column="rulings")
    if not all(isinstance(entries, list) and all(isinstance(each, dict) and _is_whole(each) for each in entries)
               for entries in parts["story"].values()):
        raise refuse("a story is not a list of months", "mend it, or begin a new memory", file=model.name,
                     column="story")
    months = content.get("months", [])
    if not (isinstance(months, list) and all(isinstance(each, dict) and {"as_of", "tracker"} <= set(each)
                                             and _is_whole(each) for each in months)):
        raise refuse("“months” is not a list of months", "mend it, or begin a new memory", file=model.name,
                     column="months")
    return Memory(parts["columns"], parts["rulings"],
                  {key: tuple(entries) for key, entries in parts["story"].items()}, tuple(months))


def _is_whole(entry: Mapping[str, Any]) -> bool:
    """Whether what a file says of a month can be read again: figures are figures, words are words."""
    figures = all(entry.get(name) is None or (isinstance(entry[name], int | float) and not isinstance(entry[name], bool)
                                              and math.isfinite(entry[name])) for name in _FIGURES)
    texts = all(entry.get(name) is None or isinstance(entry[name], str) for name in _TEXTS)
    status, row = entry.get("status"), entry.get("row", 0)
    return figures and texts and (status is None or status in get_args(Standing)) and type(row) is int


def story_key(scheme: Scheme) -> str:
    """The name under which a scheme's story is kept: its body and name, for references are often renumbered."""
    return f"{same_name(scheme.body)}|{same_name(scheme.name)}" if scheme.body else same_name(scheme.name)


def remembered(memory: Memory, columns: Mapping[str, str], rulings: Mapping[str, str], schemes: Sequence[Scheme],
               today: date | None, tracker: str, moved: Sequence[Move], totals: Totals) -> Memory:
    """The memory after this month: each scheme's months with what changed and why, under the name it has now.

    The story of a scheme that was renamed goes on under its new name; those of schemes that were split or merged say
    from which, and what is gone ends with what became of it.
    """
    when = today.isoformat() if today else ""
    now = (when, tracker)
    story = {key: [each for each in entries if (each.get("as_of"), each.get("tracker")) != now]
             for key, entries in memory.story.items()}
    what: dict[tuple[str, int], Move] = {each.at: move for move in moved for each in move.now}
    for move in moved:
        if move.what == "renamed" and not move.asked:
            key, earlier = story_key(move.now[0]), story_key(move.before[0])
            if earlier in story and key not in story:
                story[key] = story.pop(earlier)
        if not move.now:
            ending = {"as_of": when, "tracker": tracker, "name": move.before[0].name, "what": "vanished",
                      "why": move.why, "asked": move.asked}
            key = story_key(move.before[0])
            if key in story:
                story[key].append(ending)
    taken: set[str] = set()
    for scheme in schemes:
        key, number = story_key(scheme), 1
        while key in taken:
            number += 1
            key = f"{story_key(scheme)}#{number}"
        taken.add(key)
        story.setdefault(key, []).append(_entry(scheme, when, tracker, what.get(scheme.at)))
    month = {"as_of": when, "tracker": tracker, "needed": totals.needed,
             "copies": totals.counted_twice - math.fsum(each.counted_twice_pounds for each in schemes)}
    months = [each for each in memory.months if (each["as_of"], each["tracker"]) != now]
    return Memory({**memory.columns, **columns}, {**memory.rulings, **rulings},
                  {key: tuple(entries) for key, entries in story.items() if entries}, (*months, month))


def _entry(scheme: Scheme, when: str, tracker: str, move: Move | None) -> dict[str, Any]:
    """One month of one scheme. What is empty is left out, for the file is read by people too."""
    entry = {"as_of": when, "tracker": tracker, "name": scheme.name, "owner": scheme.owner, "start": scheme.start,
             "value_pounds": scheme.value_pounds, "found_pounds": scheme.actual_pounds, "status": scheme.status}
    more: dict[str, Any] = {
        "sheet": scheme.sheet, "row": scheme.row, "id": scheme.id, "body": scheme.body, "note": scheme.note,
        "counted_twice_pounds": scheme.counted_twice_pounds}
    if move is not None and move.moved:
        more |= {"what": move.what, "why": move.why, "asked": move.asked, "change_pounds": move.change_pounds,
                 "changes": changes_in_words(move),
                 "before": [each.name for each in move.before] if move.what not in ("changed", "new") else []}
    return {**entry, **{name: said for name, said in more.items() if said}}


def changes_in_words(move: Move) -> str:
    """What is different about a scheme since last month, in words: "claim £500 to £430; owner A to B"."""
    if move.what not in ("changed", "renamed"):
        return ""
    one, other = move.before[0], move.now[0]

    def pounds(value: float | None) -> str:
        return "not known" if value is None else f"£{value:,.0f}"

    told = [f"name “{one.name}” to “{other.name}”"] if move.what == "renamed" else []
    for word, a, b in (
            ("claim", pounds(one.value_pounds), pounds(other.value_pounds)),
            ("found so far", pounds(one.actual_pounds), pounds(other.actual_pounds)),
            ("standing", one.status.replace("_", " "), other.status.replace("_", " ")),
            ("owner", one.owner or "nobody", other.owner or "nobody"),
            ("start", one.start or "not said", other.start or "not said")):
        if a != b:
            told.append(f"{word} {a} to {b}")
    return "; ".join(told)
