"""A proposal file for each scheme to go on with, in the form that a region's folder takes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from evenhand.choose.tracker.schemes import Scheme


def proposal_files(schemes: Sequence[Scheme], tracker: str) -> dict[str, bytes]:
    """A TOML text for each scheme that is firm or at risk, by file name: what its row says, and nothing more.

    Each is in the state "raised", with doing nothing beside it, as every proposal must have. The row's own words stand
    in comments, so that whoever goes on with it sees what is still missing.
    """
    files: dict[str, bytes] = {}
    for scheme in schemes:
        if scheme.status == "not_found":
            continue
        name, number = slug(scheme.name), 1
        while f"{name}.toml" in files:
            number += 1
            name = f"{slug(scheme.name)}-{number}"
        files[f"{name}.toml"] = proposal_toml(scheme, name, tracker).encode()
    return files


def slug(name: str) -> str:
    """A name fit for a file and an identifier."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:60].strip("-") or "scheme"


def proposal_toml(scheme: Scheme, name: str, tracker: str) -> str:
    """The text of one proposal."""
    bodies = ", ".join(f"{{ name = {_text(body)} }}" for body in (scheme.body, scheme.provider) if body)
    lines = [f"# {_comment(scheme.name)}", f"# From row {scheme.row} of “{_comment(scheme.sheet)}” in "
             f"{_comment(tracker)}. A field that is not here is not in the tracker.",
             "# Money is in pounds here and in whole pence in the papers.", "",
             f"id = {_text(name)}", 'state = "raised"', "", "[proposal]", f"title = {_text(scheme.name)}",
             f"service = {_text(scheme.programme or scheme.name)}", "proposal_version = 1",
             f"bodies = [{bodies}]"]
    lines += ["", "[[proposal.options]]", 'id = "scheme"', f"title = {_text(scheme.name)}", "",
              "[[proposal.options]]", 'id = "nothing"', 'title = "Leave things as they are"', "does_nothing = true"]
    if scheme.owner:
        lines += ["", "[proposal.change_plan]", f"led_by = {_text(scheme.owner)}"]
    for what, amount in (("Saving that the tracker claims", scheme.value_pounds),
                         ("Saving in a full year that the tracker claims", scheme.full_year_pounds),
                         ("Cost that the tracker states", scheme.cost_pounds)):
        if amount is not None:
            lines += ["", "[[proposal.spend]]", f"what = {_text(what)}", f"pounds = {amount:.2f}"]
    lines += ["", "[[sources]]", f"title = {_text(f'{tracker}, row {scheme.row} of {scheme.sheet}')}"]
    if scheme.problems:
        lines += ["", "# Before it goes on:", *(f"# - {_comment(problem)}" for problem in scheme.problems)]
    return "\n".join(lines) + "\n"


def _text(words: str) -> str:
    """A TOML string: JSON writes one that TOML reads alike, but for the delete character."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(words: str) -> str:
    return "".join(character if character.isprintable() else " " for character in words)
