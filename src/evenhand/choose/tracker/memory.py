"""What was confirmed about a tracker, remembered for next month: columns, rulings, and the story of each scheme."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from evenhand.choose.tracker.doubles import same_name
from evenhand.choose.tracker.schemes import Scheme
from evenhand.choose.tracker.tables import known_role
from evenhand.data.models import Model
from evenhand.terms import refuse

FORMAT = "evenhand tracker memory, version 1"


@dataclass(frozen=True)
class Memory:
    """Confirmed headings by role, rulings by question, and for each scheme what it said month by month."""

    columns: Mapping[str, str] = field(default_factory=dict)
    rulings: Mapping[str, str] = field(default_factory=dict)
    story: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)

    def to_json(self) -> str:
        """The memory as a file holds it; the same memory gives the same text."""
        return json.dumps({"format": FORMAT, "columns": dict(sorted(self.columns.items())),
                           "rulings": dict(sorted(self.rulings.items())),
                           "story": {key: list(entries) for key, entries in sorted(self.story.items())}},
                          indent=1, ensure_ascii=False) + "\n"


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
    if not all(isinstance(entries, list) and all(isinstance(each, dict) for each in entries)
               for entries in parts["story"].values()):
        raise refuse("a story is not a list of months", "mend it, or begin a new memory", file=model.name,
                     column="story")
    return Memory(parts["columns"], parts["rulings"],
                  {key: tuple(entries) for key, entries in parts["story"].items()})


def story_key(scheme: Scheme) -> str:
    """The name under which a scheme's story is kept: its body and name, for references are often renumbered."""
    return f"{same_name(scheme.body)}|{same_name(scheme.name)}" if scheme.body else same_name(scheme.name)


def remembered(memory: Memory, columns: Mapping[str, str], rulings: Mapping[str, str], schemes: Sequence[Scheme],
               today: date | None, tracker: str, renamed: Mapping[str, str]) -> Memory:
    """The memory after this month. ``renamed`` gives the earlier key of a scheme that goes by another name now."""
    when = today.isoformat() if today else ""
    story = {key: list(entries) for key, entries in memory.story.items()}
    for key, earlier in renamed.items():
        if earlier in story and key not in story:
            story[key] = story.pop(earlier)
    for scheme in schemes:
        entry = {"as_of": when, "tracker": tracker, "name": scheme.name, "owner": scheme.owner,
                 "start": scheme.start, "value_pounds": scheme.value_pounds, "status": scheme.status}
        entries = story.setdefault(story_key(scheme), [])
        if entries and entries[-1].get("as_of") == when and entries[-1].get("tracker") == tracker:
            entries[-1] = entry
        else:
            entries.append(entry)
    return Memory({**memory.columns, **columns}, {**memory.rulings, **rulings},
                  {key: tuple(entries) for key, entries in story.items()})
