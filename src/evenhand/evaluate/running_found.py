"""A sealed plan held against figures: the verdict by its design, every other design as a check, and all the doubts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evenhand.evaluate import beside_show
from evenhand.evaluate.beside import averted_of, by_itself, document, sentence_of
from evenhand.evaluate.beside_checks import (
    BESIDE,
    OWN_PAST,
    WITH_CONTROL,
    Checked,
    agree,
    checks,
    own_past,
    pooled,
    share_words,
    with_control,
)
from evenhand.evaluate.beside_series import Series
from evenhand.evaluate.beside_sums import HALF, SOURCE, Asked, Told, as_share, averted
from evenhand.evaluate.interrupted import SOURCE as INTERRUPTED_SOURCE
from evenhand.evaluate.running_parts import (
    Panel,
    Question,
    groups_of,
    others_of,
    point_of,
    safety_of,
    told_of,
)
from evenhand.evaluate.running_weighted import WEIGHTED, WEIGHTED_SOURCE, Weighted, donors_words, weighted
from evenhand.figures import Figure
from evenhand.papers import Amendment, Check, Finding, Header, MadeFrom, Method, SafetyResult
from evenhand.papers.finding import Served, Verdict
from evenhand.terms import Estimate, Month
from evenhand.terms.words import counted, figure, per_cent, pounds_roughly

METHOD = Method("evaluate run", "1", f"{SOURCE}; {INTERRUPTED_SOURCE}")
BY_WEIGHTS = Method("evaluate run", "1", f"{WEIGHTED_SOURCE}; {METHOD.source}")
RUN_HERE = ("nearest in size", "own past", "own past with control", WEIGHTED)
LONG = 12


@dataclass(frozen=True)
class Judged:
    """The main answer in one form, whichever design the plan fixed; ``effect`` is a share of what was expected."""

    verdict: Verdict
    lasted: bool | None
    because: str
    sentence: str
    effect: Estimate | None
    averted: Estimate | None


@dataclass(frozen=True)
class Context:
    """What a finding must say of where it comes from: the plan's digest, its amendments, the files, the look."""

    digest: str | None
    made_from: tuple[MadeFrom, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    looked: Month | None = None
    next_look: Month | None = None
    marks: tuple[Mapping[str, Any], ...] = ()


def finding_of(question: Question, panel: Panel, context: Context) -> Finding:
    """The finding for one look. ``panel`` holds no figure later than the look allows."""
    plan = question.plan
    told, mine = told_of(question, panel, plan.measure or "")
    others = others_of(question, panel, plan.measure or "")
    made = checks(mine, others, question.asked, told) if mine is not None else ()
    judged, main = _judged(question, told, mine, others, made)
    served, point = point_of(question, panel, judged.verdict)
    safety = tuple(safety_of(question, panel, each) for each in plan.safety)
    groups = groups_of(question, panel)
    sentence = _whole_sentence(question, judged, served, safety)
    promised, total = _promised(question, mine, judged)
    return Finding(
        header=Header(subject=plan.header.subject, proposal_version=plan.header.proposal_version,
                      made_from=context.made_from, method=BY_WEIGHTS if main == WEIGHTED else METHOD,
                      settings={"design": main, "looked": str(context.looked) if context.looked else None}),
        question=plan.question, verdict=judged.verdict, because=judged.because, measure=plan.measure,
        period=mine.span if mine is not None and mine.months else None, found=judged.averted, promised=total,
        units=_units(question), lasted=judged.lasted, sentence=sentence, plan=context.digest, design=main,
        effect=judged.effect, promised_effect=promised, point_served=served, point_sentence=point, safety=safety,
        groups=groups, cost_pence=plan.cost_pence, cost_sentence=_cost(question, judged),
        amendments=context.amendments, doubts=_doubts(question, told, mine, others, made, groups != (), context),
        checks=_shown(main, told, made), looked=context.looked, next_look=context.next_look,
        figures=_figures(question, told, mine, others, made, context), remarks=_remarks(told, main))


# --- the verdict ------------------------------------------------------------------------------------------------------


def _judged(question: Question, told: Told, mine: Series | None, others: Mapping[str, Series],
            made: Sequence[Checked]) -> tuple[Judged, str]:
    rule = question.plan.comparator or "nearest in size"
    if rule not in RUN_HERE:
        why = f"a comparison by “{rule}” is made with evaluate difference, and not by itself"
        return Judged("cannot tell", None, why, f"Whether it worked cannot be told yet: {why}.", None, None), rule
    if rule == "nearest in size":
        sentence = sentence_of(question.place, question.asked, told, question.title)
        if told.changes is None or mine is None:
            return Judged(told.verdict, told.lasted, told.because, sentence, None, None), BESIDE
        return Judged(told.verdict, told.lasted, told.because, sentence, as_share(told.changes.whole),
                      averted_of(mine, told.changes, told.stretches, down=question.asked.down)), BESIDE
    if rule == WEIGHTED:
        mix = weighted(mine, others, question.asked) if mine is not None else told.because
        return _by_weights(question, mix, mine), WEIGHTED
    name = OWN_PAST if rule == "own past" else WITH_CONTROL
    one = next((each for each in made if each.name == name), None)
    if one is None and name == OWN_PAST and mine is not None:
        one = own_past(mine, question.asked)
    return _by_interrupted(question, name, one, told, mine, others), name


def _by_weights(question: Question, mix: Weighted | str, mine: Series | None) -> Judged:
    if isinstance(mix, str) or mine is None:
        return Judged("cannot tell", None, str(mix), f"Whether it changed anything cannot be told: {mix}.", None, None)
    effect = as_share(mix.whole)
    verdict, lasted, because = _verdict_of(question.asked, effect, *(
        each and as_share(each) for each in (mix.first_year, mix.later)))
    sentence = (f"{question.place}: {question.title} ran {share_words(effect)} what was to be expected from "
                f"{question.asked.start.words} to {mine.months[-1].words}, as {donors_words(mix)} moved that ran as it "
                "did before.")
    seen = sum(mine.between(question.asked.start, None).numerators)
    return Judged(verdict, lasted, because, sentence, effect, averted(mix.whole, seen, down=question.asked.down))


def _by_interrupted(question: Question, name: str, one: Checked | None, told: Told, mine: Series | None,
                    others: Mapping[str, Series]) -> Judged:
    if one is None or one.effect is None or mine is None:
        why = (one.sentence if one else f"Cannot tell: {told.because}.").removeprefix("Cannot tell: ").rstrip(".")
        return Judged("cannot tell", None, why, f"Whether it changed anything cannot be told: {why}.", None, None)
    halves = _halves(question.asked, name, mine, others, told)
    verdict, lasted, because = _verdict_of(question.asked, one.effect, *halves)
    seen = sum(mine.between(question.asked.start, None).numerators)
    side = 1.0 if question.asked.down else -1.0
    low, high = sorted(-side * seen * each / (1 + each) for each in (max(one.effect.low, -0.99), one.effect.high))
    sized = Estimate(-side * seen * one.effect.central / (1 + one.effect.central), low, high, one.effect.confidence)
    base = "as its own past carried on" + (" and as others moved" if name == WITH_CONTROL else "")
    sentence = (f"{question.place}: {question.title} ran {share_words(one.effect)} what was to be expected from "
                f"{question.asked.start.words} to {mine.months[-1].words}, {base}.")
    return Judged(verdict, lasted, because, sentence, one.effect, sized)


def _halves(asked: Asked, name: str, mine: Series, others: Mapping[str, Series],
            told: Told) -> tuple[Estimate | None, Estimate | None]:
    """The same in its first year and after it, where a second year is held."""
    if mine.months[-1].index - asked.start.index < LONG + 5:
        return None, None
    turn = asked.start.plus(LONG)

    def one(series: Series) -> Estimate | None:
        if name == OWN_PAST:
            return own_past(series, asked).effect
        if told.changes is None:
            return None
        return with_control(series, pooled(others, told.changes.others), asked).effect

    before = mine.between(None, asked.start.plus(-1))
    after = mine.between(turn, None)
    joined = Series(mine.unit, mine.source, before.months + after.months, before.numerators + after.numerators,
                    before.denominators + after.denominators)
    return one(mine.between(None, turn.plus(-1))), one(joined)


def _verdict_of(asked: Asked, whole: Estimate, first: Estimate | None,
                later: Estimate | None) -> tuple[Verdict, bool | None, str]:
    side = -1.0 if asked.down else 1.0
    effect = whole.scaled(side)
    start, end = (each.scaled(side) if each else None for each in (first, later))
    if (start is not None and end is not None and start.low > 0
            and end.central < HALF * start.central and end.high < start.central):
        return "faded", False, "clear in its first year, and less than half of that was left after it"
    if effect.low > 0:
        lasts = True if end is not None and end.low > 0 else None
        return "worked", lasts, ("clear, in its first year and after it" if lasts else
                                 "clear so far; whether it lasts cannot be told yet")
    if effect.high < 0:
        return "did not work", None, "it went the other way, and clearly"
    if asked.smallest is not None and effect.high < asked.smallest:
        return "did not work", None, (f"even the best end of the range is less than the {per_cent(asked.smallest)} "
                                      "that would have mattered")
    return "cannot tell", None, "the range holds both no change and one that would matter"


# --- in words ---------------------------------------------------------------------------------------------------------


def _whole_sentence(question: Question, judged: Judged, served: Served | None,
                    safety: Sequence[SafetyResult]) -> str:
    said = judged.sentence
    if judged.verdict == "worked" and judged.averted is not None:
        said += f" That is about {_amount(question, judged.averted)}."
    if question.asked.promised is not None and judged.effect is not None:
        said += f" Promised was {per_cent(question.asked.promised)} {'less' if question.asked.down else 'more'}."
    if judged.verdict == "worked" and served == "no":
        said = f"Hit the target, missed the point. {said}"
    stopped = [each for each in safety if each.passed_stop]
    return said + "".join(f" Safety: {each.sentence}" for each in stopped)


def _amount(question: Question, amount: Estimate) -> str:
    money = question.unit == "pounds"
    written = pounds_roughly if money else figure
    wanted = ("fewer" if not money else "less") if question.asked.down else "more"
    return (f"{written(amount.central)} {wanted}{'' if money else f' {question.unit}'} (range {written(amount.low)} to "
            f"{written(amount.high)})")


def _units(question: Question) -> str:
    wanted = ("less" if question.unit == "pounds" else "fewer") if question.asked.down else "more"
    return f"{question.unit} {wanted}".strip()


def _promised(question: Question, mine: Series | None, judged: Judged) -> tuple[Estimate | None, Estimate | None]:
    """What was promised, as a share with its sign, and as a total of what was to be expected."""
    share = question.asked.promised
    if share is None:
        return None, None
    signed = -share if question.asked.down else share
    promised = Estimate(signed, signed, signed)
    if judged.averted is None or mine is None:
        return promised, None
    side = 1.0 if question.asked.down else -1.0
    seen = sum(mine.between(question.asked.start, None).numerators)
    total = share * (seen + side * judged.averted.central)
    return promised, Estimate(total, total, total)


def _cost(question: Question, judged: Judged) -> str:
    pence = question.plan.cost_pence
    said = (f"It was planned to cost {pounds_roughly(pence / 100)}." if pence is not None else
            "What it cost is not in the sources we hold.")
    if question.unit == "pounds" and judged.averted is not None:
        said += f" {pounds_roughly(judged.averted.central)} less was spent on what it was about (range " \
                f"{pounds_roughly(judged.averted.low)} to {pounds_roughly(judged.averted.high)}): that is no success " \
                "by itself."
    return said


def _remarks(told: Told, main: str) -> tuple[str, ...]:
    if told.changes is None or main == WEIGHTED:
        return ()
    return (f"Compared with the {len(told.changes.others)} bodies nearest in size that belong to no programme here.",)


def _doubts(question: Question, told: Told, mine: Series | None, others: Mapping[str, Series],
            made: Sequence[Checked], grouped: bool, context: Context) -> tuple[str, ...]:
    found = []
    by = by_itself(mine, dict(others), told, question.asked) if mine is not None else None
    if question.asked.prompted is not None and by is not None and math.expm1(by) < -0.005:
        found.append(f"The year that prompted it ({question.asked.prompted.words}) stood out. By itself a fall of "
                     f"about {per_cent(-math.expm1(by), digits=1)} was to be expected after it: before and after would "
                     "call that success, so those months belong to no baseline here.")
    if told.stretches is not None:
        months = told.stretches.before[1].index - told.stretches.before[0].index + 1
        if months < 2 * LONG:
            found.append(f"The months before are {months} only: how this place drifts over years is not seen.")
    if mine is not None and mine.months and context.looked and mine.months[-1] < context.looked.plus(-1):
        found.append(f"Its figures end in {mine.months[-1].words}, before this look: its bodies closed, merged or "
                     "stopped reporting.")
    against = [each for each in made if each.agrees is False]
    if against:
        found.append("Asked in another way the answer is another: " + "; ".join(
            f"{each.name}: {each.sentence.rstrip('.').lower()}" for each in against) + ".")
    if not grouped:
        found.append("Who gained and who lost, by group, cannot be told: no figures by group of people are held.")
    found += [f"Also in {Month.parsed(mark['month']).words}: {mark['what']}." for mark in context.marks]
    if told.changes is not None:
        found.append("Whether something else began in the same places at the same time cannot be seen in figures; nor "
                     "whether it reached into the places compared with.")
    if len(question.plan.looks) > 1:
        found.append(f"{counted(len(question.plan.looks), 'look')} were planned: the ranges are "
                     f"{per_cent(question.asked.confidence)} ranges, so that over all looks something that did nothing "
                     "is praised 5 times in a hundred at the most.")
    found += [f"The plan was changed after it was sealed: {each.reason}" for each in context.amendments]
    return tuple(found)


def _shown(main: str, told: Told, made: Sequence[Checked]) -> tuple[Check, ...]:
    """Every other design and every robustness check; the design that gave the verdict is not its own check."""
    every = list(made)
    if main != BESIDE and told.changes is not None:
        share = as_share(told.changes.whole)
        agrees = next((agree(share, each.effect) for each in made if each.name == main), None)
        every.insert(0, Checked(BESIDE, f"{share_words(share)} what was to be expected.", share, agrees))
    return tuple(Check(name=each.name, sentence=each.sentence, effect=each.effect, agrees=each.agrees)
                 for each in every if each.name != main)


def _figures(question: Question, told: Told, mine: Series | None, others: Mapping[str, Series],
             made: Sequence[Checked], context: Context) -> dict[str, Any]:
    if mine is None or not mine.months:
        return {"marks": [dict(each) for each in context.marks], "series": [], "answers": {}}
    held = [mine]
    if told.changes is not None:
        held.append(pooled(others, told.changes.others))
    fields = document(mine, dict(others), question.asked, told, ())
    answers: dict[str, Any] = {BESIDE: {name: fields[name] for name in (
        "verdict", "because", "changes", "stretches", "compared_with", "rank", "averted", "by_itself")}}
    for each in made:
        if each.answer is not None:
            whole = each.answer.document()
            kept = [name for name in ("coefficients", "averted", "autocorrelation", "remarks") if name in whole]
            answers[each.name] = {"sentence": each.answer.sentence, **{name: whole[name] for name in kept}}
    return {"marks": [dict(each) for each in context.marks], "start": str(question.asked.start),
            "series": [{"unit": one.unit, "figures": one.source, "months": [str(month) for month in one.months],
                        "numerators": list(one.numerators), "denominators": list(one.denominators)} for one in held],
            "answers": answers}


def figure_of(question: Question, panel: Panel, finding: Finding) -> Figure | None:
    """The figure of a finding: its bodies beside others, indexed; none where nothing could be compared."""
    told, mine = told_of(question, panel, question.plan.measure or "")
    if mine is None or told.changes is None or told.stretches is None:
        return None
    others = others_of(question, panel, question.plan.measure or "")
    rows = beside_show.indexed(mine, pooled(others, told.changes.others), told.stretches, question.place)
    return beside_show.figure(rows, question.asked.start, title=question.title[:1].upper() + question.title[1:],
                              name=f"beside others {finding.subject.rpartition('/')[2]}", sentence=finding.sentence)


