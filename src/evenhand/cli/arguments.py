"""Command lines read in our own words: what is wrong is said as everywhere else."""

from __future__ import annotations

import argparse
from typing import NoReturn

from evenhand.terms import Problem, Refused, closest


class Parser(argparse.ArgumentParser):
    """An argument parser that refuses in the form of every other refusal, and names the closest option."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing usage and leaving."""
        if message.startswith("unrecognized arguments:"):
            unknown = message.partition(":")[2].split()[0]
            known = [each for action in self._actions for each in action.option_strings if each.startswith("--")]
            near = closest(unknown.split("=")[0], known)
            remedy = f"did you mean {' or '.join(near)}?" if near else f"see {self.prog} --help"
            what = "there is no such option" if unknown.startswith("-") else "this is one input too many"
            raise Refused(Problem(what, remedy, value=unknown))
        if message.startswith("the following arguments are required:"):
            raise Refused(Problem(f"an input is missing: {message.partition(': ')[2]}", f"see {self.prog} --help"))
        raise Refused(Problem(message, f"see {self.prog} --help"))


def pairs(text: str, option: str) -> dict[str, str]:
    """``a=b,c=d`` as a mapping; refuses what is not a pair."""
    found = {}
    for part in (each.strip() for each in text.split(",") if each.strip()):
        name, sign, value = part.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise Refused(Problem("this is not a pair", "write NAME=VALUE, with commas between pairs", column=option,
                                  value=part))
        found[name.strip()] = value.strip()
    return found
