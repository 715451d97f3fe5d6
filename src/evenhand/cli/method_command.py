"""The command of any method, made from its declaration."""

from __future__ import annotations

import argparse
import os
import shlex
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.catalogue import Method, Setting, settings_from_words
from evenhand.cli.arguments import Parser, pairs
from evenhand.data.tables import Opened
from evenhand.terms import Problem, Refused, closest

if TYPE_CHECKING:
    from evenhand.house import Room
    from evenhand.record import CaseFile

SAMPLE = "sample:"
TO_FILES = ("--xlsx", "--svg", "--out")


def room_main(room: Room, words: list[str]) -> int:
    """List a room's methods, or run one."""
    if not words or words[0] in ("-h", "--help"):
        print(f"evenhand {room.name}: {room.question}\n")
        for method in room.methods:
            print(f"  {method.name:<14} {method.question}")
        from evenhand.cli import OF_CASES

        print("".join(f"  {name:<14} {what}\n" for name, what in OF_CASES.get(room.name, {}).items()), end="")
        if not len(room.methods):
            print("  No method of this room is built yet.")
        return 0
    if words[0] not in room.methods:
        near = closest(words[0], room.methods.names) or room.methods.names
        raise Refused(Problem(f"the room {room.name} has no such method", f"choose from {', '.join(near)}",
                              value=words[0]))
    return method_main(room.methods[words[0]], words[1:])


def method_main(method: Method, words: list[str]) -> int:
    """Run a method on what the command line names, and print or write its answer."""
    from evenhand.cli import output

    parser = parser_of(method)
    arguments = parser.parse_args(words)
    answer = answer_of(method, arguments)
    output.give(method, answer, arguments, command=command_line(method, words))
    return 0


def command_line(method: Method, words: Sequence[str]) -> str:
    """The command as it was typed, without how the answer was to be written: what makes the same answer again."""
    kept: list[str] = []
    skip = False
    for word in words:
        if not skip and word.partition("=")[0] not in ("--json", "--csv", *TO_FILES):
            kept.append(word)
        skip = not skip and word in TO_FILES
    return shlex.join(["evenhand", *method.full_name.split(), *kept])


def answer_of(method: Method, arguments: argparse.Namespace) -> Any:
    """The method's answer for parsed arguments."""
    from evenhand.cli.apart import output_kept_for_the_answer
    from evenhand.cli.progress import progress

    typed = {each.name: value for each in method.settings_list()
             if (value := getattr(arguments, each.name)) is not None}
    settings: Any = settings_from_words(method.settings, typed)
    sources = _sources(method, arguments)
    first, rest = method.inputs[0].name, {name: source for name, source in sources.items()
                                          if name != method.inputs[0].name}
    with output_kept_for_the_answer(), progress(f"evenhand {method.full_name}"):
        if arguments.small_numbers in (None, "", "none"):
            return method.function(sources[first], settings, **rest)
        from evenhand.data.ways_out import answer_without_small_numbers

        return answer_without_small_numbers(method, sources, settings, arguments.small_numbers)


def _sources(method: Method, arguments: argparse.Namespace) -> dict[str, Opened | tuple[Opened, ...] | CaseFile | str]:
    mapped = pairs(arguments.columns or "", "--columns")
    where = tuple(pair for text in arguments.where or () for pair in pairs(text, "--where").items())
    sources: dict[str, Opened | tuple[Opened, ...] | CaseFile | str] = {}
    # Columns, rows, sheet and range without a name in front are about the first input that is read from a file.
    read = [each for each in method.inputs if each.kind not in ("code", "case")]
    for each in method.inputs:
        path = getattr(arguments, f"input_{each.name}")
        if path is None:
            continue
        if each.kind == "code":
            sources[each.name] = path
            continue
        if each.kind == "case" and path != "-" and not path.startswith(SAMPLE):
            from evenhand.record import case_file

            sources[each.name] = case_file(path, workspace=Path(arguments.workspace))
            continue
        prefix = f"{each.name}."
        own = {name.removeprefix(prefix): actual for name, actual in mapped.items() if name.startswith(prefix)}
        first = bool(read) and each is read[0]
        if each.several:
            sources[each.name] = tuple(Opened(one, own) for one in path)
            continue
        if first:
            own |= {name: actual for name, actual in mapped.items() if "." not in name}
        sources[each.name] = (Opened(path, own, where, arguments.sheet or "", arguments.cells or "") if first
                              else Opened(path, own))
    return sources


def parser_of(method: Method) -> Parser:
    """The argument parser of a method."""
    parser = Parser(prog=f"evenhand {method.full_name}", description=_description(method), epilog=_epilogue(method),
                    formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    for place, each in enumerate(method.inputs):
        what = each.what + ("; CSV, Parquet, Excel, or - for standard input" if each.kind == "table" else "")
        if place == 0:
            parser.add_argument(f"input_{each.name}", metavar=each.name.upper(), help=what)
        else:
            parser.add_argument(f"--{each.name.replace('_', '-')}", dest=f"input_{each.name}", metavar="FILE",
                                required=not each.optional, help=what, nargs="+" if each.several else None)
    if any(each.kind == "case" for each in method.inputs):
        parser.add_argument("--workspace", metavar="DIR", default=os.environ.get("EVENHAND_HOME") or "workspace",
                            help="where a case named by its id is looked up (EVENHAND_HOME, else ./workspace)")
    own = parser.add_argument_group("settings")
    for one in method.settings_list():
        _add(own, one)
    tables = parser.add_argument_group("reading")
    tables.add_argument("--columns", metavar="NAME=COLUMN,...",
                        help="columns that go by other names in your file (INPUT.NAME=COLUMN for a further input)")
    tables.add_argument("--where", metavar="COLUMN=VALUE", action="append", help="only rows like this; may be repeated")
    tables.add_argument("--sheet", metavar="NAME", help="which sheet of a workbook")
    tables.add_argument("--range", dest="cells", metavar="B3:F20", help="which cells of the sheet")
    if method.room != "data" and any(each.kind == "table" for each in method.inputs):
        tables.add_argument("--small-numbers", metavar="REGIME", default=os.environ.get("EVENHAND_SMALL_NUMBERS"),
                            help="leave counts of people out that this rule hides, before anything is worked out, and "
                                 "round the others: hes-2018, under-10, midpoint-6 or none (EVENHAND_SMALL_NUMBERS)")
    else:
        parser.set_defaults(small_numbers=None)
    out = parser.add_argument_group("answer")
    printed = out.add_mutually_exclusive_group()
    printed.add_argument("--json", action="store_true", help="one JSON document on standard output")
    printed.add_argument("--csv", action="store_true", help="the table as CSV on standard output")
    out.add_argument("--xlsx", metavar="FILE", help="a workbook with table, notes and sources")
    out.add_argument("--svg", metavar="FILE", help="the figure as a picture")
    out.add_argument("--out", metavar="DIR", help="the paper, its figures and its tables in a folder")
    return parser


def _add(group: argparse._ArgumentGroup, one: Setting) -> None:
    what = one.label + (f": {one.hint}" if one.hint else "")
    default = one.written(one.default)
    text = (what + (f" (default {default})" if default and one.kind != "yes_no" else "")).replace("%", "%%")
    if one.kind == "yes_no":
        both = group.add_mutually_exclusive_group()
        both.add_argument(f"--{one.option}", dest=one.name, action="store_const", const="yes", help=text)
        both.add_argument(f"--no-{one.option}", dest=one.name, action="store_const", const="no",
                          help="the default" if not one.default else "switch it off")
    else:
        metavar = "|".join(one.choices) if one.choices else one.option.upper()
        group.add_argument(f"--{one.option}", dest=one.name, metavar=metavar, help=text)


def _description(method: Method) -> str:
    lines = [method.title + ".", method.first_sentence, ""]
    for each in method.inputs:
        if each.columns:
            lines.append(f"{each.name.capitalize()}: {each.what}. Columns:")
            lines += [f"  {column.name:<22} {column.what}{' (optional)' if column.optional else ''}"
                      for column in each.columns]
    return "\n".join(lines)


def _epilogue(method: Method) -> str:
    def folded(text: str) -> str:
        return textwrap.fill(text, 110, initial_indent="  ", subsequent_indent="    ")

    lines = ["answer (JSON fields):", *(f"  {each.name:<22} {each.what}" for each in method.outputs), "",
             "what it cannot tell:", *(folded(each) for each in method.cannot_tell), "",
             "source:", folded(method.source), "", "example:", f"  evenhand {method.example}"]
    return "\n".join(lines)
