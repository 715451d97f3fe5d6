"""The form of any method, made from its declaration: what to send, what to set, and the command that does the same."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.catalogue import Method, Setting, settings_from_words
from evenhand.data.tables import Opened
from evenhand.data.ways_out import answer_without_small_numbers, rule_of
from evenhand.terms import Refused, refuse

if TYPE_CHECKING:
    from evenhand.figures import Answer

SAMPLE = "sample:"
READING = ("columns", "where", "sheet", "range")
READING_LABELS = {"columns": "Columns that go by other names in your file", "where": "Only rows where",
                  "sheet": "Which sheet of a workbook", "range": "Which cells of the sheet"}


@dataclass(frozen=True)
class Asked:
    """One question to a method: its inputs, what was typed into the settings, and how to read the first table."""

    method: Method
    inputs: Mapping[str, Opened]
    words: Mapping[str, str] = field(default_factory=dict)
    reading: Mapping[str, str] = field(default_factory=dict)

    def answer(self) -> Answer:
        """What the method says. Raises ``Refused`` with everything that has to be mended."""
        problems = []
        for each in self.method.inputs:
            if each.name not in self.inputs and not each.optional:
                problems.append(refuse(f"there is no file for “{each.name}”", "choose one, or try the sample"))
        if problems:
            raise Refused(problem for refused in problems for problem in refused.problems)
        chosen: Any = settings_from_words(self.method.settings, self.words)
        first = self.method.inputs[0].name
        rest = {name: opened for name, opened in self.inputs.items() if name != first}
        if self.small_numbers:
            return answer_without_small_numbers(self.method, self.inputs, chosen, self.small_numbers)
        found: Answer = self.method.function(self.inputs[first], chosen, **rest)
        return found

    @property
    def small_numbers(self) -> str:
        """The rule for small numbers that this place keeps; empty where it hides and rounds nothing."""
        from django.conf import settings

        rule = rule_of(Path(settings.HOME))
        reads_tables = any(each.kind == "table" for each in self.method.inputs)
        return rule.regime.name if reads_tables and rule.stated and not rule.changes_nothing else ""

    @property
    def command(self) -> str:
        """The command line that gives the same answer."""
        first, *others = self.method.inputs
        words = ["evenhand", self.method.room, self.method.name]
        words += [self.inputs[first.name].path] if first.name in self.inputs else []
        for each in others:
            if each.name in self.inputs:
                words += [f"--{each.name.replace('_', '-')}", self.inputs[each.name].path]
        for one in self.method.settings_list():
            typed = self.words.get(one.name, "")
            if typed != "" and typed != one.written(one.default):
                words += _option(one, typed)
        for name in READING:
            if typed := self.reading.get(name, ""):
                words += [f"--{name}", typed]
        words += ["--small-numbers", self.small_numbers] if self.small_numbers else []
        return shlex.join(words)

    @property
    def query(self) -> dict[str, str]:
        """What an address has to carry to ask the same again; only where every input is a sample."""
        typed = {one.option: self.words[one.name] for one in self.method.settings_list() if self.words.get(one.name)}
        return {**{name: opened.path for name, opened in self.inputs.items()}, **typed,
                **{name: text for name, text in self.reading.items() if text}}


def _option(one: Setting, typed: str) -> list[str]:
    if one.kind == "yes_no":
        return [f"--{one.option}"] if one.parsed(typed) else [f"--no-{one.option}"]
    return [f"--{one.option}", typed]


def asked(method: Method, typed: Mapping[str, str], contents: Mapping[str, tuple[str, bytes]]) -> Asked:
    """A question from what somebody typed and sent. ``contents`` holds a name and bytes by input.

    An input may also be a sample that comes with the program; it is never a path on this machine.
    """
    reading = {name: typed.get(name, "").strip()[:2_000] for name in READING}
    mapped, where = pairs(reading["columns"], "columns"), tuple(pairs(reading["where"], "where").items())
    inputs = {}
    for place, each in enumerate(method.inputs):
        name, content = contents.get(each.name, (typed.get(each.name, "").strip(), None))
        # A code is typed; a file is sent, or is one of the samples.
        if not name or (content is None and each.kind != "code" and not name.startswith(SAMPLE)):
            continue
        prefix = f"{each.name}."
        own = {wanted.removeprefix(prefix): there for wanted, there in mapped.items() if wanted.startswith(prefix)}
        if place == 0:
            own |= {wanted: there for wanted, there in mapped.items() if "." not in wanted}
        inputs[each.name] = Opened(name, own, where if place == 0 else (), reading["sheet"] if place == 0 else "",
                                   reading["range"] if place == 0 else "", content)
    words = {one.name: typed[one.option][:2_000] for one in method.settings_list() if typed.get(one.option, "").strip()}
    return Asked(method, inputs, words, reading)


def pairs(text: str, label: str) -> dict[str, str]:
    """``numerator=count,denominator=pop`` as names and their meaning. Raises ``Refused`` for anything else."""
    found = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, sign, meaning = (each.strip() for each in part.partition("="))
        if not (name and sign and meaning):
            raise refuse("this is no pair of names", "write NAME=COLUMN, with commas between", column=label, value=part)
        found[name] = meaning
    return found


def as_on_the_form(method: Method, line: str) -> str:
    """A line of a refusal with settings called what the form calls them, not what the command calls them."""
    labels = {**READING_LABELS, **{one.option: one.label for one in method.settings_list()}}
    choices = {choice for one in method.settings_list() for choice in one.choices}

    def called(found: re.Match[str]) -> str:
        option, after = found["option"], found["after"] or ""
        if option not in labels:
            return found[0]
        # "write --of CODE" asks for what is to be typed; "leave --weights out" asks for no value.
        is_value = after.isupper() or after[:1].isdigit() or "=" in after or after in choices
        return f"{after} under “{labels[option]}”" if is_value else f"“{labels[option]}”{' ' + after if after else ''}"

    return re.sub(r"--(?P<option>[a-z][a-z-]*)(?: (?P<after>[^\s;,:]+))?", called, line)


def example_of(method: Method) -> Asked:
    """The method's own example, as a question."""
    words = shlex.split(method.example)[2:]
    flags = {f"--{one.option}": one for one in method.settings_list()}
    denials = {f"--no-{one.option}": one for one in method.settings_list() if one.kind == "yes_no"}
    others = {f"--{each.name.replace('_', '-')}": each.name for each in method.inputs[1:]}
    typed: dict[str, str] = {}
    while words:
        word = words.pop(0)
        if word in denials:
            typed[denials[word].option] = "no"
        elif word in flags and flags[word].kind == "yes_no":
            typed[flags[word].option] = "yes"
        elif word in flags:
            typed[flags[word].option] = words.pop(0)
        elif word in others:
            typed[others[word]] = words.pop(0)
        elif word.removeprefix("--") in READING:
            typed[word.removeprefix("--")] = words.pop(0)
        else:
            typed[method.inputs[0].name] = word
    return asked(method, typed, {})
