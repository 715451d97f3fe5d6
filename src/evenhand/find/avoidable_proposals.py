"""Templates of proposals, filled in from figures: what somebody takes up, or leaves."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from evenhand.data.avoidable import template
from evenhand.terms.words import figure

if TYPE_CHECKING:
    from evenhand.figures import Answer


def proposals(answer: Answer, by: str) -> dict[str, bytes]:
    """The proposals of an answer's first rows, by file name: each a case in TOML, one for a body and a template.

    Only rows above what they are set against, each template once for one body; ``by`` says what a body is.
    """
    found: dict[str, bytes] = {}
    for row in answer.fields["rows"]:
        if len(found) >= answer.settings["top"]:
            break
        if row["template"] and row["excess"] is not None and row["excess"] > 0:
            name = f"proposal-{_plain(row['unit'])}-{row['template']}.toml"
            found.setdefault(name, proposal(row, answer).encode())
    return found


def proposal(row: Mapping[str, Any], answer: Answer) -> str:
    """One row's template, filled in; what is not known is left out, not made up."""
    period = answer.fields["period"]
    when = f" from {period['first']} to {period['last']}" if period else ""
    low, high = row["interval"]
    rule = {"median": "in the middle", "best-decile": "in the best tenth", "all": "for all together",
            "peers": "in the middle of its peers"}[answer.settings["against"]]
    ages = "" if answer.fields["kind_of_rate"] == "crude" else ", standardised for age"
    why = (f"{row['condition']}{when}: {figure(row['rate'])} ({figure(low)} to {figure(high)}) for every "
           f"{figure(answer.settings['per'])} people a year{ages}; {figure(row['middle'])} {rule}. ")
    why += (row["remark"] if row["avoidable_count"] is None else f"List: {row['list']}, {row['list_version']}. ")
    why += "" if row["signal"] == "above" else " This may be chance."
    words = {"code": row["unit"], "name": row["name"],
             "why": " ".join(why.split()),
             "source": f"{PurePath(answer.made_from[0].what).name}, by {answer.method.name}"}
    text = re.sub(r"\{(code|name|why|source)\}", lambda at: json.dumps(words[at[1]], ensure_ascii=False)[1:-1],
                  template(row["template"]).replace('"template-', f'"{_plain(row["unit"])}-', 1))
    kind = "contacts" if row["avoidable_count"] is None else "admissions"
    stated = [("people_affected", f"{row['condition']}: {kind}{when or ', a year'}",
               f"value = {round(row['admissions'])}\nunits = \"{kind}\"")]
    if row["cost"] is not None:
        stated.append(("spend", f"{row['condition']}: what they cost{when or ', a year'}",
                       f"pounds = {float(round(row['cost']))}"))
    for part, what, amount in stated:
        text += (f"\n[[proposal.{part}]]\nwhat = {json.dumps(what, ensure_ascii=False)}\nexactness = \"about\"\n"
                 f"{amount}\n")
    return text


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "body"
