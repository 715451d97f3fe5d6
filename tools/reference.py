"""Write the reference pages from what the code declares: methods, papers, states of a case, rights.

``python tools/reference.py`` writes them; ``--check`` says whether they are as the code has it, for the tests.
"""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from evenhand.catalogue import Method
from evenhand.house import ROOMS
from evenhand.papers import KINDS, flow

DOCS = Path(__file__).resolve().parent.parent / "docs" / "reference"
MADE = "<!-- Made by tools/reference.py from the code; change the code, not this page. -->\n\n"


def pages() -> dict[str, str]:
    """Every reference page by its path under docs/reference."""
    found = {"README.md": front(), "papers.md": papers(), "states-of-a-case.md": states()}
    for room in ROOMS:
        for method in room.methods:
            found[f"{room.name}-{method.name}.md"] = method_page(method)
    return {path: MADE + text for path, text in found.items()}


def front() -> str:
    """The list of rooms and methods."""
    lines = ["# Reference", "", "Every method is a command, a form on the site and a function in Python.", ""]
    for room in ROOMS:
        lines += [f"## {room.name}", "", f"*{room.question}* Leaves: {', '.join(room.leaves)}.", ""]
        lines += [f"- [`evenhand {method.full_name}`]({room.name}-{method.name}.md): {method.question}"
                  for method in room.methods]
        lines += [""]
    lines += ["## Papers and cases", "", "- [Papers](papers.md)", "- [States of a case](states-of-a-case.md)", ""]
    return "\n".join(lines)


def method_page(method: Method) -> str:
    """The page of one method."""
    lines = [f"# {method.title}", "", f"*{method.question}*", "", method.first_sentence, "",
             "```", f"evenhand {method.example}", "```", ""]
    for place, each in enumerate(method.inputs):
        name = each.name.upper() if place == 0 else f"--{each.name.replace('_', '-')}"
        optional = " (optional)" if each.optional else ""
        lines += [f"## Input: `{name}`{optional}", "", f"{each.what}.".replace("..", "."), ""]
        if each.columns:
            lines += ["| column | what it holds | needed |", "|---|---|---|"]
            lines += [f"| `{column.name}` | {cell(column.what)} | {'no' if column.optional else 'yes'} |"
                      for column in each.columns]
            lines += [""]
    lines += ["## Settings", "", "| option | what it does | default |", "|---|---|---|"]
    for one in method.settings_list():
        what = cell(one.label + (f". {one.hint}" if one.hint else ""))
        choices = f" One of {', '.join(f'`{choice}`' for choice in one.choices)}." if one.choices else ""
        default = one.written(one.default)
        shown = f"`{default}`" if default else "none"
        lines += [f"| `--{one.option}` | {what}.{choices} | {shown} |".replace("..", ".").replace("?.", "?")]
    lines += ["", "## Answer", "", "| field | what it holds |", "|---|---|"]
    lines += [f"| `{each.name}` | {cell(each.what)} |" for each in method.outputs]
    lines += ["", "## What it cannot tell", "", *(f"- {each}" for each in method.cannot_tell), "",
              "## In Python", "", "```python", f"from evenhand.{method.room} import {python_name(method)}", "```", "",
              *docstring(method), "## Source", "", f"{method.source} Version {method.version}.".replace("..", "."), ""]
    return "\n".join(lines)


def python_name(method: Method) -> str:
    """The name of the function."""
    return method.function.__name__


def docstring(method: Method) -> list[str]:
    """The function's own account of itself, as text."""
    import inspect

    return ["```text", inspect.getdoc(method.function) or "", "```", ""]


def cell(text: str) -> str:
    """A text fit for a cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ").rstrip(".")


def papers() -> str:
    """Every kind of paper with its fields."""
    lines = ["# Papers", "", "What rooms leave for each other. In every paper, missing means *not in the sources we "
             "hold*: it is never nought and never *no*.", "",
             "```mermaid", flow.diagram_of_papers().rstrip(), "```", ""]
    for kind in KINDS:
        leaving = next(each for each in flow.LEAVES if each.paper == kind.paper)
        lines += [f"## {kind.paper}", "", first_line(kind), "",
                  f"Left by: {leaving.left_by}. Read by: {', '.join(leaving.read_by)}. Schema {kind.schema}.", "",
                  "| field | kind |", "|---|---|"]
        lines += [f"| `{each.name}` | {cell(str(each.type))} |" for each in fields(kind) if each.name != "header"]
        lines += [""]
    return "\n".join(lines)


def first_line(thing: Any) -> str:
    """The first paragraph of what a thing says of itself."""
    return (thing.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")


def states() -> str:
    """The table of transitions and its diagram."""
    return "\n".join(["# States of a case", "", "One table says from, to, by which role, needing which papers. Site, "
                      "commands and this diagram obey it.", "", "```mermaid", flow.diagram_of_states().rstrip(), "```",
                      "", flow.table_of_steps()])


def main(words: list[str]) -> int:
    """Write the pages, or say which differ."""
    wanted = pages()
    if "--check" in words:
        there = {path.name: path.read_text() for path in DOCS.glob("*.md")}
        wrong = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
        for name in wrong:
            print(f"docs/reference/{name} is not as the code has it; run: python tools/reference.py")
        return 1 if wrong else 0
    DOCS.mkdir(parents=True, exist_ok=True)
    for path in DOCS.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (DOCS / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
