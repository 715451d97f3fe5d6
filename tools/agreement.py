"""Set our figures beside published ones: run each command of tests/golden/published.toml and compare.

``python tools/agreement.py`` writes docs/agreement.md; the tests hold it to what the commands give.
"""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evenhand.cli import main as evenhand

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "golden" / "published.toml"
PAGE = ROOT / "docs" / "agreement.md"


@dataclass(frozen=True)
class Line:
    """One published figure beside ours."""

    method: str
    what: str
    source: str
    path: str
    published: Any
    tolerance: float
    ours: Any

    @property
    def agrees(self) -> bool:
        """Within the tolerance, relative; words and counts must be the same."""
        if not isinstance(self.published, int | float) or not isinstance(self.ours, int | float):
            return bool(self.published == self.ours)
        return abs(self.ours - self.published) <= self.tolerance * max(abs(self.published), 1e-12)


def cases() -> list[dict[str, Any]]:
    """Every case with its published figures."""
    return list(tomllib.loads(CASES.read_text())["case"])


def lines_of(case: dict[str, Any]) -> list[Line]:
    """The figures of one case, with ours."""
    given = (CASES.parent / case["input_file"]).read_text() if "input_file" in case else case.get("input", "")
    answer = answer_of(case["command"], given.strip() + "\n")
    return [Line(case["method"], case["what"], case["source"], each["path"], each["published"], each["tolerance"],
                 taken(answer, each["path"])) for each in case["figure"]]


def lines() -> list[Line]:
    """Every figure of every case, with ours."""
    return [line for case in cases() for line in lines_of(case)]


def answer_of(command: str, given: str) -> Any:
    """The JSON answer of a command with something on its standard input."""
    out, err, before = io.StringIO(), io.StringIO(), sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(given.encode()))
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = evenhand([*shlex.split(command), "--json"])
    finally:
        sys.stdin = before
    assert status == 0, f"{command}: {err.getvalue()}"
    return json.loads(out.getvalue())


def taken(answer: Any, path: str) -> Any:
    """What lies at a path: names and places with points between, ``rows[unit=A]`` for the row where unit is A."""
    import re

    for part in re.findall(r"[^.\[\]]+=[^\]]+|0\.\d+|[^.\[\]]+", path):
        if "=" in part:
            name, _, value = part.partition("=")
            answer = next(each for each in answer if str(each[name]) == value)
        else:
            answer = answer[int(part)] if isinstance(answer, list) else answer[part]
    return answer


def page(found: list[Line]) -> str:
    """The page of agreement."""
    parts = ["<!-- Made by tools/agreement.py from what the commands give; do not edit. -->", "", "# Agreement", "",
             f"Our figures beside {len(found)} published ones, each worked out by the command as a user would type it. "
             "Where fuller collections of reference cases are at hand (`EVENHAND_REFERENCE`), the tests run those too.",
             ""]
    seen = ""
    for line in found:
        if (heading := f"## {line.method}: {line.what}") != seen:
            parts += ["" if seen else None, heading, "", f"*{line.source}*", "",
                      "| figure | published | ours | may differ by |", "|---|---:|---:|---:|"]
            seen = heading
        parts.append(f"| `{line.path}` | {line.published} | {written(line.ours)} | {allowed(line)} |")
    return "\n".join(each for each in parts if each is not None) + "\n"


def written(value: Any) -> str:
    """Our figure to eight digits."""
    return f"{value:.8g}" if isinstance(value, float) else str(value)


def allowed(line: Line) -> str:
    """The tolerance in words."""
    return "nothing" if not line.tolerance else f"{line.tolerance:g} of it"


if __name__ == "__main__":
    PAGE.write_text(page(lines()))
