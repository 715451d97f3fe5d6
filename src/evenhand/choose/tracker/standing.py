"""How a scheme stands: firm, at risk or not found, by what its row says, each time with the reason in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from evenhand.choose.tracker.formatting import colour_word

Standing = Literal["firm", "at_risk", "not_found"]
SURE_ENOUGH = 0.8
SHORT_OF_PLAN = 0.9

_GOING = re.compile(
    r"^\W*(g|green|b|blue|delivered|complete[d]?|achieved|on[ -]track|secured|contracted|in contract|firm|"
    r"signed[ -]off|implemented|live|realised|embedded|low risk|in place|banked|delivering|done|agreed|"
    r"identified and agreed|fully (identified|developed)|gr|on plan|on target)\b", re.I)
_DOUBTFUL = re.compile(
    r"^\W*(a|r|amber|red|yellow|at[ -]risk|delayed|slipp\w*|behind|off[ -]track|medium( risk)?|high risk|not started|"
    r"(plans? )?in progress|started|planning|planned|in development|development|design|partial\w*|"
    r"some (risk|concern)|a/r|a/g|amber[ /-](red|green)|under review|awaiting \w+|ongoing|concern|"
    r"problem|late)\b", re.I)
_NOT_THERE = re.compile(
    r"^\W*(pipeline|ideas?|opportunity|unidentified|not (yet )?(found|identified|progressing|proceeding|agreed|viable)|"
    r"scoping|concept|hopper|to be (identified|found|scoped)|rejected|stopped|cancel\w*|withdrawn|on hold|paused|"
    r"abandoned|parked|no longer|dropped|removed|ceased|deferred|superseded|unscoped|long[ -]?list|aspiration\w*)\b",
    re.I)
SHUT = re.compile(r"\b(closed|do not use|don't use|archived?|superseded|obsolete|rejected|dropped)\b", re.I)
"""What a sheet or a part is called whose schemes are over."""
_CLOSED = re.compile(r"^\W*closed\b", re.I)
UNIDENTIFIED = re.compile(
    r"^\W*(unidentified|un-identified|to be identified|tbi\b|yet to be identified|not (yet )?identified|plug\b|"
    r"balancing (figure|item)|other (schemes )?to be (identified|found)|further savings to be|"
    r"((savings? )?gap )?(still )?to (be )?(find|found|identify)\b|still to be (found|identified))", re.I)


def what_status_says(text: str, fill: str) -> tuple[Standing | None, str]:
    """What a status cell says by itself, and in which words; its colour where it is empty or says nothing known."""
    for standing, pattern in (("not_found", _NOT_THERE), ("at_risk", _DOUBTFUL), ("firm", _GOING)):
        if pattern.match(text):
            return standing, f"its status is “{text}”"  # type: ignore[return-value]
    if fill and (not text or not re.search(r"[^\W\d]{2}", text)):
        word = colour_word(fill)
        if word in ("red", "amber", "yellow"):
            return "at_risk", f"its status is coloured {word}"
        if word in ("green", "blue"):
            return "firm", f"its status is coloured {word}"
    return None, ""


def standing_of(*, name: str, value: float | None, status: str, fill: str, confidence: float | None,
                doubts: Sequence[str], has_owner: bool | None, has_start: bool | None,
                actual: float | None, forecast: float | None,
                under: Sequence[str] = ()) -> tuple[Standing, str]:
    """Firm, at risk or not found, and why.

    Not found: no figure, nothing identified, or a status of something not begun or given up. Firm: found in full
    already; or nothing speaks against it, somebody owns it, and it has a start. At risk: everything else. ``has_owner``
    and ``has_start`` are ``None`` where the list has no such column; then a status must speak for the scheme. ``under``
    are the headings it stands under: what stands under "Pipeline" is pipeline unless its own status says otherwise, and
    what stands under "Closed" is over.
    """
    if UNIDENTIFIED.match(name):
        return "not_found", "it names no scheme: the money is still to be identified"
    if value is None:
        return "not_found", "it has no figure"
    if value > 0 and actual is not None and actual >= value:
        return "firm", "all of it has been found already"
    said, why = what_status_says(status, fill)
    if said == "not_found" or (_CLOSED.match(status) and not actual):
        return "not_found", why or f"its status is “{status}” and nothing has been found"
    heading = next((words for words in under if _NOT_THERE.match(words)), "")
    shut = next((words for words in under if SHUT.search(words)), "")
    if shut or (said is None and heading):
        heading = shut or heading
        return "not_found", f"it stands under “{heading}”"
    if confidence is not None and confidence == 0:
        return "not_found", "its confidence is nought"
    against = [why] if said == "at_risk" else []
    if confidence is not None and confidence < SURE_ENOUGH:
        against.append(f"its confidence is {confidence * 100:.0f}%")
    if forecast is not None and value > 0 and forecast < SHORT_OF_PLAN * value:
        against.append(f"its forecast is £{forecast:,.0f}")
    if has_owner is False:
        against.append("nobody owns it")
    if has_start is False:
        against.append("it has no start")
    against += doubts
    if against:
        return "at_risk", "; ".join(against)
    if said == "firm" or confidence is not None:
        return "firm", why or f"its confidence is {(confidence or 0) * 100:.0f}%"
    if has_owner and has_start:
        return "firm", "it has a figure, an owner and a start, and nothing speaks against it"
    missing = [word for word, there in (("an owner", has_owner), ("a start", has_start)) if not there]
    return "at_risk", f"the list has no column for {' or '.join(missing)}, and no status speaks for it"
