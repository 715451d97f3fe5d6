"""Checks of a case as a whole: promises kept, the newest version decided, an open option chosen."""

from __future__ import annotations

from datetime import date

from evenhand.decide import pack_checks as checks
from evenhand.decide.gate_found import Asking, Found, State, day_in_words, first_of
from evenhand.decide.gate_view import Held, View, days, is_said
from evenhand.papers import Decision, Promise, Proposal


def promises_kept(need: checks.PromisesKept, asking: Asking) -> Found:
    """Whether every promise that fell due before the decision was kept; those of every version count.

    What the decision itself promised falls due after it, unless its day or what came of it says otherwise.
    """
    view, what = asking.view, asking.spoken.said(need.what)
    decisions = [each for each in view.held if isinstance(each.paper, Decision)]
    promises: dict[str, tuple[Promise, Held]] = {}
    for held in decisions:
        assert isinstance(held.paper, Decision)
        promises |= {each.what: (each, held) for each in held.paper.promises}
    decided, newest = view.decided[1] if view.decided else None, view.newest("decision")
    broken, unknown, looked_at = list[str](), list[str](), dict[str, Held]()
    for promise, held in promises.values():
        due = days(promise.due)[1] if promise.due else None
        later = due and decided and due > decided
        its_own = newest is not None and held.digest == newest.digest
        if promise.kept or later or (promise.kept is None and (decided is None or (its_own and not due))):
            continue
        looked_at[held.digest] = held
        (unknown if promise.kept is None else broken).append(promise.what)
    papers = tuple(looked_at.values())
    if broken:
        return Found(State.CONTRADICTED, what, f"promised and not kept: {first_of(broken)}", papers)
    if unknown:
        return Found(State.SILENT, what, f"whether this was kept is not held: {first_of(unknown)}", papers)
    return Found(State.SHOWN, what, "" if promises else "no promise is recorded")


def newest_decided(need: checks.NewestDecided, asking: Asking) -> Found:
    """Whether nothing was approved in a version when a newer one had been put forward."""
    view, what = asking.view, asking.spoken.said(need.what)
    proposals = [each for each in view.held if isinstance(each.paper, Proposal)]
    worst = Found(State.SHOWN, what)
    for held in view.held:
        decision = held.paper
        if not isinstance(decision, Decision) or held.version is None or decision.outcome != "approved":
            continue
        for newer in (each for each in proposals if each.version is not None and each.version > held.version):
            first = _which_first(held, decision, newer, view)
            if first == "decision":
                continue
            about = f"version {held.version} was decided"
            detail = (f"{about} when version {newer.version} had been put forward" if first == "proposal" else
                      f"{about}, and whether before version {newer.version} was put forward is not held")
            state = State.CONTRADICTED if first == "proposal" else State.SILENT
            if state < worst.state:
                worst = Found(state, what, detail, (held,))
    return worst


def _which_first(held: Held, decision: Decision, newer: Held, view: View) -> str:
    """Whether a decision or a newer proposal came first: by the days they tell, else by the record."""
    assert isinstance(newer.paper, Proposal)
    decided = [day for each in decision.rulings if each.decided for day in days(each.decided)]
    raised = days(newer.paper.raised) if newer.paper.raised else ()
    if decided and raised and max(decided) < min(raised):
        return "decision"
    if decided and raised and min(decided) > max(raised):
        return "proposal"
    if held.entered is None or newer.entered is None:
        return ""
    if held.entered < newer.entered:
        return "decision"
    entered_on: date | None = newer.entered_on
    return "proposal" if not decided or (entered_on is not None and min(decided) >= entered_on) else ""


def option_open(need: checks.OptionOpen, held: Held, asking: Asking) -> tuple[State, str]:
    """Whether what was decided is an option of this version that was still open."""
    decision = held.paper
    assert isinstance(decision, Decision)
    chosen = {each for each in (decision.option, *(ruling.option for ruling in decision.rulings)) if is_said(each)}
    if decision.outcome != "approved" and not chosen:
        return State.SHOWN, "nothing was chosen"
    options = {option.id: option for option in asking.view.options}
    if not chosen or not options:
        return State.SILENT, ""
    if strange := sorted(str(each) for each in chosen if each not in options):
        return State.CONTRADICTED, f"{first_of(strange)} is no option of {asking.view.this_version}"
    closed = [options[each] for each in chosen if each and (options[each].closed or options[each].closed_because)]
    if closed:
        when = f" on {day_in_words(closed[0].closed)}" if closed[0].closed else ""
        return State.CONTRADICTED, f"{closed[0].title or closed[0].id} had been closed{when}"
    return State.SHOWN, ""
