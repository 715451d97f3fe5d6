"""What each check of a rule pack finds in a case: shown, contradicted, or nothing either way.

Silence is never a *no*: only something that is held can contradict. ``None`` in a paper means that the sources do not
say; an empty list means that there were none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evenhand.decide import pack_checks as checks
from evenhand.decide.gate_found import Asking, Found, Seen, State, day_in_words, first_of, named
from evenhand.decide.gate_judged import judged
from evenhand.decide.gate_selection import names_all, noticed, stood_still
from evenhand.decide.gate_view import (
    IN_WORDS,
    Held,
    View,
    days,
    has_words,
    is_said,
    is_silent_when_empty,
    items_of,
    part_of,
    values_at,
)
from evenhand.decide.gate_whole import newest_decided, option_open, promises_kept
from evenhand.terms.words import counted, listed


def all_found(needs: tuple[checks.Check, ...], asking: Asking) -> list[Found]:
    """What each need finds. Needs of the same papers are asked of one paper together, so that none borrows."""
    groups: dict[tuple[Any, ...], list[checks.Check]] = {}
    for need in needs:
        words = (tuple(sorted(each.items())) for each in (need.where, need.but_not, need.unless))
        key = (type(need) in WHOLE, need.paper, *words, need.which, need.version)
        groups.setdefault(key, []).append(need)
    return [found for group in groups.values() for found in _group(group, asking)]


def least(found: list[Found]) -> State:
    """What all of these together show."""
    return min((each.state for each in found), default=State.SILENT)


def _group(needs: list[checks.Check], asking: Asking) -> list[Found]:
    first = needs[0]
    if type(first) in WHOLE:
        return [WHOLE[type(need)](need, asking) for need in needs]
    counting, passed = asking.view.counting(first), asking.view.passed_over(first)
    if not counting:
        detail = _passed_over(passed, first, asking.view)
        return [Found(State.SILENT, asking.spoken.said(need.what), detail, (), passed) for need in needs]
    if first.which == "newest" and asking.view.has_order:
        counting = counting[-1:]
    if first.which == "every":
        # What a method worked out is a figure: nobody grades it, and it is asked of only where nothing else is held.
        counting = tuple(each for each in counting if each.paper.header.method is None) or counting
    tried = [[_one(need, paper, counting, asking, passed) for need in needs] for paper in counting]
    if first.which == "every":
        return [_of_every(each, counting, passed) for each in zip(*tried, strict=True)]
    # Any one paper may show it all; of papers whose order is not known, the one that shows least is what can be said.
    choose = max if first.which == "any" else min
    return choose(tried, key=lambda found: (least(found), sum(each.state for each in found)))


def _one(need: checks.Check, paper: Held, counting: tuple[Held, ...], asking: Asking,
         passed: tuple[Held, ...]) -> Found:
    if isinstance(need, checks.Held):
        wanted = asking.pack.number(need.at_least)
        state = State.SHOWN if len(counting) >= wanted else State.SILENT
        detail = "" if state is State.SHOWN else f"{len(counting)} of {wanted} held"
        return Found(state, asking.spoken.said(need.what), detail, counting, passed)
    state, detail = LOOKS[type(need)](need, paper, asking)
    return Found(state, asking.spoken.said(need.what), detail, (paper,), passed)


def _of_every(found: tuple[Found, ...], counting: tuple[Held, ...], passed: tuple[Held, ...]) -> Found:
    """What every one of several papers shows: the least that one of them does, and which one that is."""
    worst = min(found, key=lambda each: each.state)
    source = getattr(worst.looked_at[0].paper, "source", None)
    of = f"of {source.title}" if source is not None and worst.state is not State.SHOWN and len(found) > 1 else ""
    return Found(worst.state, worst.what, " ".join(filter(None, (worst.detail, of))), counting, passed)


def _passed_over(passed: tuple[Held, ...], need: checks.Check, view: View) -> str:
    if not passed:
        return ""
    if view.version is None:
        return f"{counted(len(passed), IN_WORDS[need.paper])} held, but no proposal for it to be about"
    numbers = sorted({each.version for each in passed if each.version is not None})
    if not numbers:
        return f"the {IN_WORDS[need.paper]} that is held does not say which version it was about"
    about = listed([str(each) for each in numbers])
    return (f"the {IN_WORDS[need.paper]} that is held is about version {about}, so it does not count for "
            f"{view.this_version}")


def _judged(need: checks.Judged, asking: Asking) -> Found:
    verdict = judged(asking.view, asking.pack.id, asking.rule.id, limb=need.limb, not_by_sponsor=need.not_by_sponsor,
                     in_time=asking.rule.applies != "once decided")
    state = State.SILENT if verdict.met is None else State.SHOWN if verdict.met else State.CONTRADICTED
    return Found(state, asking.spoken.said(need.what), verdict.words, verdict.rests_on)


# --- one check on one paper ------------------------------------------------------------------------------------------


def _said(need: checks.Said, held: Held, asking: Asking) -> Seen:
    values = values_at(held.paper, need.field)
    if not values or not all(map(is_said, values)):
        return State.SILENT, ""
    wanted = asking.pack.number(need.at_least)
    for value in values:
        if not isinstance(value, tuple):
            continue
        if not value and wanted and is_silent_when_empty(held.paper, need.field):
            return State.SILENT, ""
        if len(value) < wanted:
            state = State.SILENT if need.too_few == "silent" else State.CONTRADICTED
            return state, f"{counted(len(value), 'is', 'are')} given where {wanted} are asked for"
        unsaid = [item for item in value if not all(is_said(part_of(item, name)) for name in need.each)]
        if unsaid:
            return State.SILENT, f"not said for {named(unsaid)}"
    return State.SHOWN, ""


def _is(need: checks.Is, held: Held, asking: Asking) -> Seen:
    values = values_at(held.paper, need.field)
    if any(not is_said(value) for value in values) or not values:
        return State.SILENT, ""
    wrong = [value for value in values if value != need.value]
    return (State.CONTRADICTED, f"it is {_plain(wrong[0])}") if wrong else (State.SHOWN, "")


def _mentions(need: checks.Mentions, held: Held, asking: Asking) -> Seen:
    values = values_at(held.paper, need.field)
    if not values or any(value is None for value in values):
        return State.SILENT, ""
    listed_words = [each for value in values for each in (value if isinstance(value, tuple) else (value,))]
    if any(has_words(each, need.words) for each in listed_words):
        return State.SHOWN, ""
    return State.CONTRADICTED, f"what is held does not name {listed(list(need.words), joint='or')}"


def _lasted(need: checks.Lasted, held: Held, asking: Asking) -> Seen:
    first, last = part_of(held.paper, need.first), part_of(held.paper, need.last)
    if first is None or last is None:
        return State.SILENT, ""
    wanted = asking.pack.number(need.days)
    shortest, longest = (days(last)[0] - days(first)[1]).days, (days(last)[1] - days(first)[0]).days
    said = f"{longest} days" if shortest == longest else f"{shortest} to {longest} days"
    if shortest >= wanted:
        return State.SHOWN, said
    return (State.CONTRADICTED, f"{said}, where {wanted} are asked for") if longest < wanted else (State.SILENT, said)


def _before(need: checks.Before, held: Held, asking: Asking) -> Seen:
    values = values_at(held.paper, need.field)
    if not values or not all(map(is_said, values)):
        return State.SILENT, ""
    then = asking.view.newest(need.then_paper)
    if then is None:
        return State.SHOWN, f"there is no {IN_WORDS[need.then_paper]} yet"
    later = values_at(then.paper, need.then_field)
    if not later or not all(map(is_said, later)):
        return State.SILENT, f"the day of the {IN_WORDS[need.then_paper]} is not held"
    mine = [day for value in values for day in days(value)]
    theirs = [day for value in later for day in days(value)]
    if max(mine) < min(theirs):
        return State.SHOWN, ""
    if min(mine) > max(theirs):
        return State.CONTRADICTED, f"{day_in_words(min(mine))} comes after {day_in_words(max(theirs))}"
    return State.SILENT, "the days held do not say which came first"


def _not_open_then(need: checks.NotOpenThen, held: Held, asking: Asking) -> Seen:
    then = asking.view.newest(need.then_paper)
    later = [day for value in values_at(then.paper, need.then_field) if is_said(value) for day in days(value)] if (
        then is not None) else []
    first, last = part_of(held.paper, need.first), part_of(held.paper, need.last)
    if not later or last is None or (first is not None and days(first)[0] > max(later)):
        return State.SHOWN, ""
    if days(last)[0] < min(later):
        return State.SHOWN, ""
    return State.CONTRADICTED, (f"it was open until {day_in_words(days(last)[1])}, and the {IN_WORDS[need.then_paper]} "
                                f"was made on {day_in_words(max(later))}")


def _covers(need: checks.Covers, held: Held, asking: Asking) -> Seen:
    items = items_of(held.paper, need.field)
    options = [option for option in asking.view.options if option.closed is None and option.closed_because is None
               and (need.with_nothing or not option.does_nothing)]
    names: list[str] = list(need.names)
    if need.axis == "criterion":
        names = [each.id for each in getattr(held.paper, "criteria", None) or ()]
    if items is None or not options or (need.axis and not names):
        return State.SILENT, ""
    gaps, unsaid = [], []
    for option in options:
        for name in names or [""]:
            spellings = {each.strip().casefold() for each in name.split("|")}
            found = [item for item in items if part_of(item, "option") == option.id
                     and (not need.axis or str(part_of(item, need.axis)).strip().casefold() in spellings)]
            place = " on ".join(filter(None, (option.title or option.id, name.split("|")[0].strip())))
            if not found:
                gaps.append(place)
            elif not all(is_said(part_of(item, part)) for item in found for part in need.each):
                unsaid.append(place)
    if gaps:
        return State.CONTRADICTED, f"nothing is said of {first_of(gaps)}"
    return (State.SILENT, f"not said for {first_of(unsaid)}") if unsaid else (State.SHOWN, "")


def _answered(need: checks.Answered, held: Held, asking: Asking) -> Seen:
    items = items_of(held.paper, need.field)
    if items is None:
        return State.SILENT, ""
    meant, unknown = [], []
    for item in items:
        given = [part_of(item, name) for name in need.item]
        scores = (part_of(item, "likelihood"), part_of(item, "consequence")) if need.above is not None else ()
        if any(not is_said(each) for each in (*given, *scores)):
            unknown.append(item)
        elif (all(has_words(part_of(item, name), words) for name, words in need.item.items())
              and (need.above is None or item.likelihood * item.consequence > asking.pack.number(need.above))):
            meant.append(item)
    unsaid = [item for item in meant if not all(is_said(part_of(item, name)) for name in need.each)]
    if unsaid:
        return State.SILENT, f"not said for {named(unsaid)}"
    if unknown:
        return State.SILENT, f"whether it is asked of {named(unknown)} is not held"
    banded = [f"{named([item])}: {item.likelihood} times {item.consequence} is {score}, {band}" for item in meant
              if need.above is not None and (band := asking.pack.band(score := item.likelihood * item.consequence))]
    return State.SHOWN, first_of(banded) if meant else "there are none"


def _signed(need: checks.Signed, held: Held, asking: Asking) -> Seen:
    value = part_of(held.paper, need.field)
    if not is_said(value):
        return State.SILENT, ""
    signers = set(value) if isinstance(value, tuple) else {value}
    wanted = asking.pack.number(need.at_least)
    if len(signers) < wanted:
        return State.CONTRADICTED, f"{counted(len(signers), 'signature')} where {wanted} are asked for"
    if not need.not_by_sponsor:
        return State.SHOWN, ""
    sponsor = asking.view.proposal.written_by if asking.view.proposal else None
    if sponsor is None:
        return State.SILENT, "who wrote the proposal is not held"
    if len(signers - {sponsor}) < wanted:
        return State.CONTRADICTED, "whoever wrote the proposal is among the signatures asked for"
    return State.SHOWN, ""


def _sealed_before(need: checks.SealedBefore, held: Held, asking: Asking) -> Seen:
    then = asking.view.newest(need.then_paper)
    if then is None:
        return State.SHOWN, f"there is no {IN_WORDS[need.then_paper]} yet"
    held = _first_of_its_line(held, asking)
    if held.digest in {each.digest for each in then.paper.header.made_from}:
        return State.SHOWN, f"the {IN_WORDS[need.then_paper]} names it"
    if held.entered is None or then.entered is None or held.entered_on is None:
        return State.SILENT, "no order of entry is held"
    if held.entered > then.entered:
        return State.CONTRADICTED, f"it was entered after the {IN_WORDS[need.then_paper]}"
    known = [days(value)[1] for value in values_at(then.paper, need.then_field) if value is not None]
    if known and held.entered_on > max(known):
        return State.SILENT, f"it was entered on {day_in_words(held.entered_on)}, after {day_in_words(max(known))}"
    return State.SHOWN, f"entered on {day_in_words(held.entered_on)}"


def _first_of_its_line(held: Held, asking: Asking) -> Held:
    """The plan that one amends, and the one that amends, back to the first that is held."""
    by_digest = {each.digest: each for each in asking.view.held}
    amended = getattr(held.paper, "amends", None)
    seen = {held.digest}
    while amended in by_digest and amended not in seen:
        seen.add(amended)
        held = by_digest[amended]
        amended = getattr(held.paper, "amends", None)
    return held


def _choice_open(need: checks.ChoiceOpen, held: Held, asking: Asking) -> Seen:
    value = part_of(held.paper, need.field)
    if value is None or not asking.view.options:
        return State.SILENT, ""
    first = days(value)[0]
    still = [option for option in asking.view.options
             if (option.closed is None and option.closed_because is None) or (option.closed and option.closed > first)]
    wanted = asking.pack.number(need.at_least)
    said = f"{counted(len(still), 'choice')} open on {day_in_words(first)}, doing nothing counted"
    return (State.SHOWN, said) if len(still) >= wanted else (State.CONTRADICTED, said)


def _closures(need: checks.Closures, held: Held, asking: Asking) -> Seen:
    closed = [option for option in asking.view.options if option.closed or option.closed_because]
    unsaid = [option for option in closed if not (option.closed and is_said(option.closed_because))]
    if unsaid:
        return State.SILENT, f"not said for {first_of([option.title or option.id for option in unsaid])}"
    return State.SHOWN, "" if closed else "none is recorded as closed"


def _made_from(need: checks.MadeFrom, held: Held, asking: Asking) -> Seen:
    digests = {each.digest for each in held.paper.header.made_from}
    others = [each for each in asking.view.of(need.other)
              if all(has_words(getattr(each.paper, name, None), words) for name, words in need.other_where.items())]
    return (State.SHOWN, "") if any(each.digest in digests for each in others) else (State.SILENT, "")


LOOKS: Mapping[type[checks.Check], Callable[[Any, Held, Asking], Seen]] = {
    checks.Said: _said, checks.Is: _is, checks.Mentions: _mentions, checks.Lasted: _lasted, checks.Before: _before,
    checks.NotOpenThen: _not_open_then,
    checks.Covers: _covers, checks.Answered: _answered, checks.Signed: _signed, checks.SealedBefore: _sealed_before,
    checks.ChoiceOpen: _choice_open, checks.Closures: _closures, checks.MadeFrom: _made_from,
    checks.OptionOpen: option_open, checks.NamesAll: names_all, checks.Noticed: noticed, checks.StoodStill: stood_still,
}
WHOLE: Mapping[type[checks.Check], Callable[[Any, Asking], Found]] = {
    checks.Judged: _judged, checks.PromisesKept: promises_kept, checks.NewestDecided: newest_decided}
"""Checks that look at the whole case, and not at one paper after another."""
assert {*LOOKS, *WHOLE, checks.Held} == {*checks.CHECKS.values()}


def _plain(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
