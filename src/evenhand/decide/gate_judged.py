"""Judgements: what a person judged of a test, and whether it counts.

Unsigned, unreasoned or unfounded, it does not; nor, where a test is to be met before the decision, if it was made after
it; nor if whoever wrote the proposal signed it where another has to. What a court found afterwards counts: it is
no excuse of those who decided.
"""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.decide.gate_found import day_in_words
from evenhand.decide.gate_view import Held, View, is_said
from evenhand.papers import Judgement

EXCUSED = "the whole pack was judged not to apply"
"""How the reasons begin where one judgement takes every test of a pack away: it is shown, so that none is missed."""


@dataclass(frozen=True)
class Verdict:
    """What the newest judgement that counts says; ``met`` and ``applies`` are ``None`` where there is none."""

    met: bool | None = None
    applies: bool | None = None
    words: str = ""
    rests_on: tuple[Held, ...] = ()


def judged(view: View, pack: str, test: str, *, limb: str = "", not_by_sponsor: bool = False,
           in_time: bool = True) -> Verdict:
    """Whether a test, or one limb of it, was judged to be met; ``in_time``: before the decision."""
    found = [(each, each.paper) for each in view.judgements(pack, test)
             if isinstance(each.paper, Judgement) and each.paper.test == test and (each.paper.limb or "") == limb
             and each.paper.met is not None]
    if not found:
        return Verdict()
    if not view.has_order and len({paper.met for _, paper in found}) > 1:
        return Verdict(words="two judgements disagree, and which is the newer is not held")
    held, paper = found[-1]
    if wrong := _unsound(paper, view, founded=not paper.court):
        return Verdict(words=wrong, rests_on=(held,))
    if not_by_sponsor and not paper.court:
        sponsor = view.proposal.written_by if view.proposal else None
        if sponsor is None:
            return Verdict(words="a judgement is held, but not who wrote the proposal, who may not sign it",
                           rests_on=(held,))
        if paper.signed_by == sponsor:
            return Verdict(False, words="the judgement is signed by whoever wrote the proposal", rests_on=(held,))
    if in_time and paper.met and (late := _late(paper, view)):
        return Verdict(words=late, rests_on=(held,))
    rests_on = tuple(each for each in view.held if each.digest in paper.relies_on)
    return Verdict(paper.met, words=_words(paper), rests_on=(held, *rests_on))


def ruled(view: View, pack: str, test: str) -> Verdict:
    """What a court found of a test, after the event and over those who decided: it settles the test."""
    found = [(each, each.paper) for each in view.judgements(pack, test)
             if isinstance(each.paper, Judgement) and each.paper.test == test and each.paper.court
             and each.paper.met is not None and is_said(each.paper.because) and each.paper.sources]
    if not found:
        return Verdict()
    if len({paper.met for _, paper in found}) > 1 and not view.has_order:
        return Verdict(words="two courts' findings disagree, and which is the later is not held")
    held, paper = found[-1]
    because = (paper.because or "").strip().rstrip(".")
    return Verdict(paper.met, words=f"found by the {paper.court} ({paper.sources[0].title}): {because}",
                   rests_on=(held,))


def applies(view: View, pack: str, test: str) -> Verdict:
    """Whether a test was judged to apply. A judgement of the whole pack gives way to one of the test.

    That it does not apply is for another to judge than whoever wrote the proposal, and before the decision.
    """
    found = [(each, each.paper) for each in view.judgements(pack, test)
             if isinstance(each.paper, Judgement) and each.paper.applies is not None]
    own = [each for each in found if each[1].test] or found
    if not own:
        return Verdict()
    if not view.has_order and len({paper.applies for _, paper in own}) > 1:
        return Verdict(words="two judgements disagree, and which is the newer is not held")
    held, paper = own[-1]
    if wrong := _unsound(paper, view, founded=False) or _excuses(paper, view):
        return Verdict(words=wrong, rests_on=(held,))
    words = _words(paper)
    if paper.applies is False and not paper.test:
        words = f"{EXCUSED}, " + words.removeprefix("judged ")
    return Verdict(applies=paper.applies, words=words, rests_on=(held,))


def owed(view: View, pack: str, test: str) -> Judgement | None:
    """The newest judgement of this test that says who owes what is missing, or by when."""
    found = [each.paper for each in view.judgements(pack, test) if isinstance(each.paper, Judgement)
             and each.paper.test == test and (is_said(each.paper.owed_by) or each.paper.due)]
    return found[-1] if found else None


def _excuses(paper: Judgement, view: View) -> str:
    """Why a judgement that a test does not apply counts for nothing; empty where it counts."""
    sponsor = view.proposal.written_by if view.proposal else None
    if paper.applies or paper.court:
        return ""
    if sponsor is not None and paper.signed_by == sponsor:
        return "a judgement that it does not is held, but signed by whoever wrote the proposal"
    return _late(paper, view)


def _late(paper: Judgement, view: View) -> str:
    if paper.court or paper.judged is None or view.decided is None or paper.judged <= view.decided[1]:
        return ""
    return (f"a judgement is held, but it was made on {day_in_words(paper.judged)}, after the decision of "
            f"{day_in_words(view.decided[1])}")


def _unsound(paper: Judgement, view: View, *, founded: bool) -> str:
    if not is_said(paper.signed_by):
        return "a judgement is held, but nobody signed it"
    if not is_said(paper.because):
        return "a judgement is held, but gives no reasons"
    if not founded:
        return ""
    held = {each.digest: each for each in view.held}
    if not paper.relies_on:
        return "a judgement is held, but names no paper that it rests on"
    if missing := [digest for digest in paper.relies_on if digest not in held]:
        return f"a judgement is held, but {len(missing)} of the papers it rests on are not"
    other = sorted({version for digest in paper.relies_on
                    if (version := held[digest].version) not in (None, view.version) and version is not None})
    return (f"a judgement is held, but it rests on a paper about version {other[0]}, which does not count for "
            f"{view.this_version}") if other else ""


def _words(paper: Judgement) -> str:
    when = f" on {day_in_words(paper.judged)}" if paper.judged else ""
    because = (paper.because or "").strip().rstrip(".")
    return f"judged by {paper.signed_by}{when}: {because}"
