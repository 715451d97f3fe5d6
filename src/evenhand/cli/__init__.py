"""One command per method, made from its declaration; a few commands written by hand beside them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

from evenhand import __version__
from evenhand.terms import Problem, Refused, closest

BY_HAND = {
    "run": "the main job: every step that a region's folder has material for, papers in order",
    "data": "load published files, say what can be read, write a new region's folder, suppress small numbers",
    "record": "show, verify, pack and unpack the record of a case",
    "demo": "the demonstration: database, worked example, site and worker",
    "serve": "the site and its worker",
    "doctor": "every setting checked, with the remedy where one is wrong",
}

OF_CASES = {
    "evaluate": {
        "plan": "a case's plan for finding out: what it lacks, whether it can be seen, sealed when whole",
        "run": "the looks that are due, each leaving its finding; of all cases unless one is named",
    },
    "decide": {
        "paper": "a case's board paper in Word or PDF, in our own plain form or a body's own template",
        "brief": "a page for a lay member: what is asked, both cases, who may be worse off, what to ask",
    },
}
"""By room, commands that work on cases of the record, and are no methods."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; the exit status is 0 done, 2 the input or options are wrong, 1 our fault."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        return _command(words)
    except Refused as refused:
        print("\n".join(refused.lines()), file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("Stopped. Nothing was left half written.", file=sys.stderr)
        return 130
    except Exception as fault:
        from evenhand.cli.fault import told

        print(told(fault, words), file=sys.stderr)
        return 1


def _command(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        print(_front_page())
        return 0
    if words[0] in ("-V", "--version"):
        print(f"evenhand {__version__}")
        return 0
    first = words[0]
    if first in BY_HAND:
        run: int = import_module(f"evenhand.cli.{first}").main(words[1:])
        return run
    if len(words) > 1 and words[1] in OF_CASES.get(first, ()):
        of_case: int = import_module(f"evenhand.cli.{first}_case").main(words[1:])
        return of_case
    from evenhand.house import ROOMS

    if first not in ROOMS:
        near = closest(first, [*ROOMS.names, *BY_HAND]) or [*ROOMS.names, *BY_HAND]
        raise Refused(Problem("there is no such command", f"choose from {', '.join(near)}, or see evenhand --help",
                              value=first))
    from evenhand.cli import method_command

    return method_command.room_main(ROOMS[first], words[1:])


def _front_page() -> str:
    from evenhand.house import ROOMS

    lines = ["Evenhand: hard decisions about money and health services, with evidence, in the open,",
             "and so that they last.", "", "  evenhand ROOM METHOD [INPUT ...] [--option VALUE ...]", ""]
    for room in ROOMS:
        lines.append(f"  {room.name:<10} {room.question}")
        names = [*room.methods.names, *OF_CASES.get(room.name, ())]
        lines.append(f"  {'':<10} {', '.join(names)}")
    lines.append("")
    lines += [f"  {name:<10} {what}" for name, what in BY_HAND.items()]
    lines += ["", "  evenhand ROOM lists its methods; evenhand ROOM METHOD --help says what it reads and answers."]
    return "\n".join(lines)
