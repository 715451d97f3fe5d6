"""Checks of how a provider was chosen: notices in time, a standstill that was kept, every key criterion considered."""

from __future__ import annotations

from datetime import timedelta

from evenhand.decide import pack_checks as checks
from evenhand.decide.gate_found import Asking, State, day_in_words, first_of
from evenhand.decide.gate_view import Held, is_said, items_of, part_of
from evenhand.decide.working_days import standstill
from evenhand.papers import ProviderSelection

INTENTION = "intention to award"


def noticed(need: checks.Noticed, held: Held, asking: Asking) -> tuple[State, str]:
    """Whether a notice of a kind was published, and where a limit stands, within so many days of signing."""
    paper = held.paper
    assert isinstance(paper, ProviderSelection)
    found = paper.notice(need.notice)
    if found is None or found.published is None or not is_said(found.address):
        return State.SILENT, ""
    if need.within is None or paper.signed is None:
        return State.SHOWN, f"published on {day_in_words(found.published)}"
    wanted = asking.pack.number(need.within)
    if found.published > paper.signed + timedelta(wanted):
        return State.CONTRADICTED, (f"published on {day_in_words(found.published)}, more than {wanted} days after the "
                                    f"contract of {day_in_words(paper.signed)}")
    return State.SHOWN, f"published on {day_in_words(found.published)}"


def stood_still(need: checks.StoodStill, held: Held, asking: Asking) -> tuple[State, str]:
    """Whether nothing was signed before the standstill had ended."""
    paper = held.paper
    assert isinstance(paper, ProviderSelection)
    notice = paper.notice(INTENTION)
    if notice is None or notice.published is None:
        signed = paper.signed is not None and paper.notices is not None
        return (State.CONTRADICTED, "a contract was signed without notice") if signed else (State.SILENT, "")
    number = asking.pack.number
    said = [(each.received, each.answered) for each in paper.representations or () if each.received >= notice.published]
    still = standstill(notice.published, said, begins_after=number(need.begins_after), days=number(need.days),
                       days_after_answer=number(need.days_after_answer), days_off=asking.pack.days_off)
    if paper.signed is None:
        when = f"before {day_in_words(still.first_day_to_sign)}" if still.first_day_to_sign else "while it is open"
        return State.SHOWN, f"nothing is held as signed, and nothing may be {when}"
    if still.ends is None:
        return State.CONTRADICTED, (f"signed on {day_in_words(paper.signed)}, when a representation had no answer and "
                                    "the standstill was open")
    if paper.signed <= still.ends:
        return State.CONTRADICTED, (f"signed on {day_in_words(paper.signed)}, and the standstill lasted until midnight "
                                    f"at the end of {day_in_words(still.ends)}")
    if paper.representations is None:
        return State.SILENT, "whether anybody made representations is not held"
    return State.SHOWN, f"it ended with {day_in_words(still.ends)}; signed on {day_in_words(paper.signed)}"


def names_all(need: checks.NamesAll, held: Held, asking: Asking) -> tuple[State, str]:
    """Whether a list has an item for each name, saying what is asked."""
    items = items_of(held.paper, need.field)
    if items is None:
        return State.SILENT, ""
    gaps, unsaid = [], []
    for name in need.names:
        spellings = {each.strip().casefold() for each in name.split("|")}
        found = [item for item in items if str(part_of(item, need.axis)).strip().casefold() in spellings]
        if not found:
            gaps.append(name.split("|")[0].strip())
        elif not all(is_said(part_of(item, part)) for item in found for part in need.each):
            unsaid.append(name.split("|")[0].strip())
    if gaps:
        return State.CONTRADICTED, f"nothing is said of {first_of(gaps)}"
    return (State.SILENT, f"not said for {first_of(unsaid)}") if unsaid else (State.SHOWN, "")
