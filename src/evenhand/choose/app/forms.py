"""What somebody brings: a list, perhaps last month's, what was kept of it, and what they say of its columns and rows.

Nothing is kept here. A small file travels inside the page, so that a correction need not send it again; a larger one is
chosen again.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest

from evenhand.choose.listing import METHOD, Settings, list_schemes
from evenhand.choose.tracker.opening import OpenedTracker, opened_tracker
from evenhand.choose.tracker.sheets import is_blank
from evenhand.choose.tracker.vocabulary import BY_NAME
from evenhand.data.tables import Opened
from evenhand.figures import Answer
from evenhand.pages import uploads
from evenhand.pages.asking import SAMPLE, as_on_the_form
from evenhand.terms import refuse

Units = Literal["auto", "pounds", "thousands", "millions"]
FILES = ("tracker", "last", "memory")
WORDS = ("needed", "today", "units", "year", "hours", "shortfall", "ledger", "sheet")
# What the page asks about, the most telling first; the command line takes every column.
ASKED = ("name", "value", "owner", "start", "measure", "status", "full_year", "recurrent", "cash_releasing", "body",
         "kind", "actual")
MOST_CARRIED, MOST_READ = 1_000_000, 5_000_000
MOST_LETTERS = 200
MOST_ROWS = 10_000
"""A longer list would hold a worker of the site for longer than a reader waits."""
# What a line for the command line says, and what this page calls the same.
_HERE = (
    ("say which columns they are, by heading or letter: --columns name=B,value=F",
     "say which columns they are, by heading or letter, under “Last month’s list, and how to read this one”"),
    ("; rule on them with --answer QUESTION=ANSWER", "; answer them under “Put right”"),
    ("stand in the answer under questions", "are left"),
    ("Confirm or correct with --columns NAME=HEADING.", "Confirm or correct them under “Which column is what”."),
    ("name it with --sheet", "name it under “One sheet only”"), ("--sheet", "“One sheet only”"),
    ("--last", "“Last month’s list”"), ("--units thousands", "“Thousands of pounds” under “Units of plain figures”"),
    ("is not judged: say --today.", "is not judged: give the day under “As of which day”."),
    ("counted once: say --needed.", "counted once: give it under “How much is needed”."))


@dataclass(frozen=True)
class Brought:
    """What somebody brought. ``files`` are names and bytes by what they are; a sample has no bytes."""

    files: Mapping[str, tuple[str, bytes | None]]
    words: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    rulings: Mapping[str, str] = field(default_factory=dict)

    def answer(self) -> Answer:
        """What the list comes to. Raises ``Refused`` with everything that has to be mended."""
        if "tracker" not in self.files:
            raise refuse("there is no list", "choose your file, or try the invented one")
        words = {name: said for name, said in self.words.items() if said}
        settings = Settings(
            needed=words.get("needed"), today=words.get("today"), units=_units(words.get("units", "auto")),
            year=words.get("year"), shortfall=_number(words, "shortfall"), hours=_number(words, "hours"),
            ledger=words.get("ledger"), answer=tuple(f"{key}={said}" for key, said in self.rulings.items()))
        name, content = self.files["tracker"]
        opened = bounded(Opened(name, self.columns, (), words.get("sheet", ""), "", content))
        others: dict[str, Any] = {each: Opened(*self.files[each][:1], content=self.files[each][1])
                                  for each in ("last", "memory") if each in self.files}
        if "last" in others and not others["last"].path.casefold().endswith(".json"):
            others["last"] = bounded(others["last"])
        return list_schemes(opened, settings, **others)

    @property
    def command(self) -> str:
        """The command line that does the same."""
        import shlex

        words = ["evenhand", "choose", "list", self.files["tracker"][0]]
        for name in ("last", "memory"):
            words += [f"--{name}", self.files[name][0]] if name in self.files else []
        for name in WORDS:
            if self.words.get(name) and (name, self.words[name]) != ("units", "auto"):
                words += [f"--{name}", self.words[name]]
        if self.columns:
            words += ["--columns", ",".join(f"{role}={said}" for role, said in self.columns.items())]
        if self.rulings:
            words += ["--answer", ",".join(f"{key}={said}" for key, said in self.rulings.items())]
        return shlex.join(words)

    @property
    def carried(self) -> dict[str, str]:
        """The files as the page carries them, by field: the name, and the bytes in letters."""
        found = {}
        for each, (name, content) in self.files.items():
            if content is None:
                found[f"name-{each}"] = name
            elif len(content) <= MOST_CARRIED // len(self.files):
                found[f"name-{each}"] = name
                found[f"kept-{each}"] = base64.b64encode(content).decode("ascii")
        return found

    @property
    def is_carried(self) -> bool:
        """Whether the list itself travels with the page."""
        return "name-tracker" in self.carried


def bounded(source: Opened) -> OpenedTracker:
    """The tracker opened, if it is no longer than the site takes on. Raises ``Refused`` for a longer one."""
    opened = opened_tracker(source)
    rows = sum(any(not is_blank(cell) for cell in row) for sheet in opened.sheets for row in sheet.rows)
    if rows > MOST_ROWS:
        raise refuse(f"the list has {rows:,} rows, and this page takes {MOST_ROWS:,}",
                     "name one sheet under “One sheet only”, or use the command line, which has no such bound",
                     file=opened.name)
    return opened


def on_this_page(line: str) -> str:
    """A line written for the command line, in the words of this page."""
    for there, here in _HERE:
        line = line.replace(there, here)
    line = re.sub(r"--columns ([a-z_]+)", lambda found: f"“{BY_NAME[found[1]].what}”" if found[1] in BY_NAME
                  else "“Which column is what”", line)
    return as_on_the_form(METHOD, line)


def brought(request: HttpRequest) -> Brought:
    """What a form of ours holds. Raises ``Refused`` for a file that is too large or that came broken."""
    files: dict[str, tuple[str, bytes | None]] = {}
    if uploads.too_large(request):
        raise _too_large()
    for each in FILES:
        sent = request.FILES.get(f"file-{each}")
        name = request.POST.get(f"name-{each}", "")[:MOST_LETTERS]
        if sent is not None:
            files[each] = uploads.name_of(sent), uploads.content_of(sent)
        elif f"kept-{each}" in request.POST:
            files[each] = _carried(name, request.POST[f"kept-{each}"])
        elif name.startswith(SAMPLE):
            files[each] = name, None
        if len(files.get(each, ("", b""))[1] or b"") > MOST_READ:
            raise _too_large()
    said = {name: str(value).strip()[:MOST_LETTERS] for name, value in request.POST.items()}
    return Brought(
        files, {name: said.get(name, "") for name in WORDS},
        {role: said[f"column-{role}"] for role in BY_NAME if said.get(f"column-{role}")},
        {name.removeprefix("rule-"): value for name, value in said.items() if name.startswith("rule-") and value})


def _too_large() -> Exception:
    return refuse(f"the file is larger than {MOST_READ // 1_000_000} megabytes", "use the command line, which has no "
                  "such bound")


def _carried(name: str, letters: str) -> tuple[str, bytes]:
    try:
        content = base64.b64decode(letters, validate=True)
    except (binascii.Error, ValueError):
        raise refuse("the file did not come back whole", "choose it again") from None
    # The same bounds as when it first came.
    again = SimpleUploadedFile(name or "list", content)
    return uploads.name_of(again), uploads.content_of(again)


def _units(said: str) -> Units:
    if said not in get_args(Units):
        raise refuse("these units are not known", "choose from auto, pounds, thousands, millions", value=said)
    return cast(Units, said)


def _number(words: Mapping[str, str], name: str) -> float | None:
    if name not in words:
        return None
    try:
        return float(words[name].rstrip("%")) / (100 if words[name].endswith("%") else 1)
    except ValueError:
        raise refuse(f"this is not a number for {name}", "write for example 4", value=words[name]) from None
