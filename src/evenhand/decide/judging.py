"""What a person may judge of one test, and why a judgement would not count: said before it is signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from evenhand.decide import pack_checks as checks
from evenhand.decide.gate_found import day_in_words
from evenhand.decide.gate_view import Held, View
from evenhand.decide.pack import Pack, Rule
from evenhand.papers import Header, Judgement
from evenhand.terms import Problem, Refused

NEVER = ("always", "where held", "where ever held", "of several versions")
"""Where nobody can judge that a test does not apply."""


@dataclass(frozen=True)
class Way:
    """One thing that can be judged to be met: the whole test (no ``limb``) or one of its limbs."""

    limb: str
    what: str
    not_by_sponsor: bool


@dataclass(frozen=True)
class Judging:
    """What is typed: ``applies`` and ``met`` are ``None`` where nothing is said of them."""

    applies: bool | None = None
    met: bool | None = None
    limb: str = ""
    because: str = ""
    relies_on: tuple[str, ...] = ()
    owed_by: str = ""
    due: date | None = None


def ways(rule: Rule) -> tuple[Way, ...]:
    """What of a test a signed judgement can meet; none where only papers can."""
    found = [*_judged(rule.needs), *(each for limb in rule.limbs for each in _judged(limb.needs))]
    if rule.may_be_excused and not found:
        return (Way("", "why the usual rule need not hold here", not_by_sponsor=False),)
    return tuple(dict.fromkeys(found))


def may_apply(rule: Rule) -> bool:
    """Whether it can be judged that a test applies, or does not."""
    return rule.applies not in NEVER and not rule.applies_as


def judgement(view: View, pack: Pack, rule: Rule, said: Judging, *, by: str, on: date) -> Judgement:
    """The judgement that somebody signs of one test of the case's version.

    Raises ``Refused`` with everything that would keep it from counting: no reasons, no papers that it rests on, papers
    of another version, a signature of whoever wrote the proposal where another has to sign, a day after the decision.
    """
    if problems := list(_problems(view, rule, said, by=by, on=on)):
        raise Refused(problems)
    return Judgement(
        header=Header(subject=view.case.subject, proposal_version=view.version), pack=pack.id, test=rule.id,
        limb=said.limb or None, applies=said.applies, met=said.met, because=said.because.strip() or None,
        relies_on=said.relies_on, signed_by=by, judged=on, owed_by=said.owed_by.strip() or None, due=said.due)


def papers_to_rest_on(view: View) -> tuple[Held, ...]:
    """The papers that a judgement of this version may rest on: of the version or of none, and no judgement itself."""
    found = {each.digest: each for each in view.held if each.version in (None, view.version)
             and each.paper.paper not in ("judgement", "decision", "lesson")}
    return tuple(found.values())


def _judged(needs: tuple[checks.Check, ...]) -> Iterator[Way]:
    for need in needs:
        if isinstance(need, checks.Judged):
            yield Way(need.limb, need.what, need.not_by_sponsor)


def _problems(view: View, rule: Rule, said: Judging, *, by: str, on: date) -> Iterator[Problem]:
    open_ways = {each.limb: each for each in ways(rule)}
    judges = said.applies is not None or said.met is not None
    if view.version is None:
        yield Problem("no version of a proposal is held", "nothing can be judged before there is one", column="met")
    if not judges and not (said.owed_by.strip() or said.due):
        yield Problem("nothing is judged", "say whether it applies, whether it is met, or who owes what is missing",
                      column="met")
    if said.applies is not None and not may_apply(rule):
        yield Problem("this test always applies", "leave that open", column="applies")
    if said.met is not None and said.limb not in open_ways:
        yield Problem("papers show this, and nobody's judgement", "leave the paper that is missing", column="met")
    if judges and not said.because.strip():
        yield Problem("a judgement without reasons counts for nothing", "give the reasons", column="because")
    if said.met is not None and not said.relies_on:
        yield Problem("a judgement that rests on no paper counts for nothing", "choose the papers it rests on",
                      column="relies_on")
    known = {each.digest for each in papers_to_rest_on(view)}
    if any(each not in known for each in said.relies_on):
        yield Problem(f"it rests on a paper that is not held about {view.this_version}", "choose from the list",
                      column="relies_on")
    yield from _who_and_when(view, rule, said, open_ways.get(said.limb), by=by, on=on)


def _who_and_when(view: View, rule: Rule, said: Judging, way: Way | None, *, by: str, on: date) -> Iterator[Problem]:
    late = view.decided is not None and on > view.decided[1] and rule.applies != "once decided"
    if late and view.decided is not None and (said.met or said.applies is False):
        yield Problem(f"this was decided on {day_in_words(view.decided[1])}: what is judged afterwards does not count",
                      "nothing was changed", column="met")
    sponsor = view.proposal.written_by if view.proposal else None
    of_another = (said.met is not None and way is not None and way.not_by_sponsor) or said.applies is False
    if of_another and sponsor == by:
        yield Problem("you wrote the proposal, so somebody else has to sign this", "ask another who may", column="met")
    if said.met is not None and way is not None and way.not_by_sponsor and sponsor is None:
        yield Problem("who wrote the proposal is not held, so nobody knows who may sign this",
                      "leave a proposal that says who wrote it", column="met")
