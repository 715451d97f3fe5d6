"""What is wrong with something a person gave us, said so that they can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

AT_MOST_SHOWN = 20
MOST_GATHERED = 1_000
"""No more are looked for in one column; of so many, a count says that there may be more."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in an input: where it stands, what was found, and what to do about it.

    ``row`` counts data rows from 1, as the reader of a table does; ``None`` where the whole file or column is meant.
    """

    what: str
    remedy: str
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str | None = None

    def __str__(self) -> str:
        place = ":".join(part for part in (self.file, "" if self.row is None else str(self.row), self.column) if part)
        found = "" if self.value is None else f" ({shortened(self.value)} found)"
        if self.value is not None and not self.value.strip():
            found = "" if "empty" in self.what else " (empty)"
        return f"{place + ': ' if place else ''}{self.what}{found}; {self.remedy}"


class Refused(Exception):
    """The input or the settings cannot be used. Nothing has been changed."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(self.lines()))

    def lines(self, at_most: int = AT_MOST_SHOWN) -> list[str]:
        """One line a problem, the first few, and a count of the rest."""
        shown = [str(problem) for problem in self.problems[:at_most]]
        rest = len(self.problems) - at_most
        least = "at least " if len(self.problems) >= MOST_GATHERED else ""
        return [*shown, f"and {least}{rest:,} more like these"] if rest > 0 else shown

    def in_file(self, file: str) -> Refused:
        """The same refusal, naming the file where a problem did not."""
        return Refused(replace(problem, file=problem.file or file) for problem in self.problems)


def refuse(what: str, remedy: str, *, file: str = "", row: int | None = None, column: str = "",
           value: object = None) -> Refused:
    """A refusal with one problem, ready to be raised."""
    return Refused(Problem(what, remedy, file, row, column, None if value is None else str(value)))


def shortened(value: str, at_most: int = 60) -> str:
    """A value fit for a message: control characters made visible, long ones cut."""
    shown = value if value.isprintable() else repr(value)[1:-1]
    return shown if len(shown) <= at_most else f"{shown[: at_most - 1]}…"


def closest(name: str, known: Iterable[str], *, count: int = 3) -> list[str]:
    """The known names nearest to a mistyped one, best first, for a message."""
    from difflib import get_close_matches

    by_folded = {each.casefold(): each for each in known}
    return [by_folded[each] for each in get_close_matches(name.casefold(), list(by_folded), n=count, cutoff=0.5)]
