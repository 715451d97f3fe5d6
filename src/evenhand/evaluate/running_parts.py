"""What a finding says beside its verdict: whether the point was served, safety, and who gained and who lost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenhand.evaluate.beside_checks import share_words
from evenhand.evaluate.beside_panel import together
from evenhand.evaluate.beside_series import Series
from evenhand.evaluate.beside_sums import Asked, Told, answered, as_share
from evenhand.papers import EvaluationPlan, GroupResult, PlannedOutcome, Safety, SafetyResult
from evenhand.papers.finding import Served, Verdict
from evenhand.terms import Estimate, Month, Span, Suppressed
from evenhand.terms.words import per_cent

Panel = Mapping[str, Mapping[str, Series]]
"""Series by measure and body."""
FEWEST_SHOWN = 10
"""A group that counts fewer than this before or after is hidden: so few say little, and may be recognised."""


@dataclass(frozen=True)
class Question:
    """A sealed plan as the methods need it: which bodies, beside which, over which months, how sure."""

    plan: EvaluationPlan
    of: tuple[str, ...]
    asked: Asked
    leave_out: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] | None = None
    place: str = "The bodies"
    title: str = "the figure"
    unit: str = ""
    source: str = ""
    vintage: str = ""
    first: Month | None = None
    last: Month | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that it needs figures of."""
        primary = (self.plan.primary.measure,) if self.plan.primary else ()
        named = (self.plan.measure or "", *primary, *(each.measure for each in self.plan.safety))
        return tuple(dict.fromkeys(each for each in named if each))


def question_of(plan: EvaluationPlan) -> Question | str:
    """A plan as a question, or why it cannot be asked by itself: it names no bodies, no start or no measure."""
    settings = plan.design_settings
    of = tuple(str(each) for each in settings.get("of", ()))
    start = plan.starts.first if isinstance(plan.starts, Span) else (
        plan.starts if isinstance(plan.starts, Month) or plan.starts is None else Month.of(plan.starts))
    if not of or start is None or not plan.measure:
        lacking = [what for there, what in ((of, "which bodies"), (start, "the start"), (plan.measure, "the measure"))
                   if not there]
        return f"the plan does not say {' or '.join(lacking)}"
    prompted = _span(settings.get("prompted"))
    promised = plan.promised.central if isinstance(plan.promised, Estimate) else None
    looks = max(len(plan.looks), 2)
    asked = Asked(start, prompted, settings.get("direction", "decrease") != "increase", promised,
                  plan.smallest_effect, plan.ramp_months or 0, int(settings.get("nearest", 40)),
                  # Each look is a chance to be called right by luck: together they stay at 5 in a hundred.
                  float(settings.get("confidence", 1 - 0.1 / looks)))
    groups = settings.get("groups")
    return Question(
        plan, of, asked, tuple(str(each) for each in settings.get("leave_out", ())),
        {str(name): tuple(map(str, codes)) for name, codes in groups.items()} if groups else None,
        str(settings.get("place") or "The bodies"), str(settings.get("title") or plan.measure.replace("_", " ")),
        str(settings.get("unit") or ""), str(settings.get("source") or ""), str(settings.get("vintage") or ""),
        _month(settings.get("from")), _month(settings.get("to")))


def _span(text: Any) -> Span | None:
    if not text:
        return None
    first, _, last = str(text).partition("/")
    return Span(Month.parsed(first), Month.parsed(last or first))


def _month(text: Any) -> Month | None:
    return Month.parsed(text) if text else None


def told_of(question: Question, panel: Panel, measure: str, *, of: tuple[str, ...] | None = None,
            down: bool | None = None) -> tuple[Told, Series | None]:
    """The comparison of one measure beside others, with the series it was made for."""
    by_unit = dict(panel.get(measure, {}))
    codes = [code for code in (of or question.of) if code in by_unit]
    if not codes:
        return Told("cannot tell", None, "no figures of it are held here"), None
    mine = together(by_unit, codes, "own")
    others = others_of(question, panel, measure)
    asked = question.asked if down is None else Asked(
        question.asked.start, question.asked.prompted, down, None, question.asked.smallest, 0, question.asked.nearest,
        question.asked.confidence)
    return answered(mine, others, asked), mine


def others_of(question: Question, panel: Panel, measure: str) -> dict[str, Series]:
    """The bodies that may be compared with."""
    return {code: one for code, one in panel.get(measure, {}).items()
            if code not in (*question.of, *question.leave_out) and one.months}


def point_of(question: Question, panel: Panel, verdict: Verdict) -> tuple[Served | None, str]:
    """Whether what it is for was served, by the primary outcome; nothing where the plan names none."""
    primary = question.plan.primary
    if primary is None:
        return None, ""
    if primary.measure == question.plan.measure and primary.wanted == "better":
        said = {"worked": "yes", "did not work": "no", "faded": "no", "cannot tell": "cannot tell"}[verdict]
        return said, _point_words(question, said, "")  # type: ignore[return-value]
    told, _ = told_of(question, panel, primary.measure, down=primary.direction != "increase")
    title = primary.title or primary.measure.replace("_", " ")
    if told.changes is None:
        return "cannot tell", _point_words(question, "cannot tell", f"{title}: {told.because}")
    served = _served(primary, told, question.asked.smallest)
    if primary.wanted == "no worse" and served == "yes" and verdict != "worked":
        # Nobody is worse off for what changed nothing: that is no point served.
        served = {"did not work": "no", "faded": "no"}.get(verdict, "cannot tell")  # type: ignore[assignment]
        return served, (f"Nothing shows harm: {title[:1].lower()}{title[1:]} ran "
                        f"{share_words(as_share(told.changes.whole))} what was to be expected{_wanted(primary)}. "
                        f"{_point_words(question, served, '', _BECAUSE.get(verdict, ''))}")
    return served, _point_words(question, served, f"{title} ran {share_words(as_share(told.changes.whole))} what was "
                                                  f"to be expected{_wanted(primary)}")


def _served(primary: PlannedOutcome, told: Told, smallest: float | None) -> Served:
    assert told.changes is not None
    better = told.changes.whole.scaled(-1.0 if primary.direction != "increase" else 1.0)
    if primary.wanted == "no worse":
        margin = math.log1p(primary.margin or 0)
        return "yes" if better.low > -margin else "no" if better.high < 0 else "cannot tell"
    if better.low > 0:
        return "yes"
    too_small = smallest is not None and better.high < math.log1p(smallest)
    return "no" if better.high < 0 or too_small else "cannot tell"


def _wanted(primary: PlannedOutcome) -> str:
    return f"; it was to be no more than {per_cent(primary.margin or 0)} worse" if primary.margin else ""


_BECAUSE: Mapping[str, str] = {
    "did not work": "But it did not do what it set out to, so what it is for was not served",
    "faded": "But what it changed wore off, so what it is for was not served for good"}
"""Why a point was not served where nothing got worse: no harm alone serves nobody."""


def _point_words(question: Question, served: str, seen: str, start: str = "") -> str:
    point = (question.plan.point or "").rstrip(".")
    start = start or {"yes": "What it is for was served", "no": "What it is for was not served",
             "cannot tell": "Whether what it is for was served cannot be told"}[served]
    return f"{start} ({point[:1].lower()}{point[1:]}){f': {seen[:1].lower()}{seen[1:]}' if seen else ''}."


def safety_of(question: Question, panel: Panel, each: Safety) -> SafetyResult:
    """How one safety measure did, and whether its threshold was passed."""
    title = each.title or each.measure.replace("_", " ")
    told, _ = told_of(question, panel, each.measure, down=each.direction != "increase")
    if told.changes is None:
        return SafetyResult(measure=each.measure, title=title, stop_at=each.stop_at,
                            sentence=f"{title[:1].upper()}{title[1:]}: whether it got worse cannot be told: "
                                     f"{told.because}.")
    worse = told.changes.whole.scaled(1.0 if each.direction != "increase" else -1.0)
    limit = math.log1p(each.stop_at)
    passed = True if worse.central >= limit and worse.low > 0 else False if worse.high < limit else None
    said = {True: f"it passed the {per_cent(each.stop_at)} at which this stops",
            False: f"it did not pass the {per_cent(each.stop_at)} at which this stops",
            None: f"whether it passed the {per_cent(each.stop_at)} at which this stops cannot be told"}[passed]
    share = as_share(told.changes.whole)
    return SafetyResult(measure=each.measure, title=title, stop_at=each.stop_at, effect=share, passed_stop=passed,
                        sentence=f"{title[:1].upper()}{title[1:]} ran {share_words(share)} what was to be expected: "
                                 f"{said}.")


def groups_of(question: Question, panel: Panel) -> tuple[GroupResult, ...]:
    """The effect for each group that the plan names; hidden where too few are counted."""
    return tuple(_group(question, panel, name, codes) for name, codes in (question.groups or {}).items())


def _group(question: Question, panel: Panel, name: str, codes: tuple[str, ...]) -> GroupResult:
    measure = question.plan.measure or ""
    told, mine = told_of(question, panel, measure, of=codes)
    if mine is not None and told.stretches is not None and min(
            sum(mine.between(*stretch).numerators) for stretch in (told.stretches.before, told.stretches.whole)
    ) < FEWEST_SHOWN:
        hidden = f"fewer than {FEWEST_SHOWN}"
        return GroupResult(group=name, sentence=f"{name}: too few to show.", effect=Suppressed(hidden))
    if told.changes is None:
        return GroupResult(group=name, sentence=f"{name}: cannot be told: {told.because}.")
    better = told.changes.whole.scaled(-1.0 if question.asked.down else 1.0)
    share = as_share(told.changes.whole)
    result = "gained" if better.low > 0 else "lost" if better.high < 0 else "no change seen"
    return GroupResult(group=name, effect=share, result=result,  # type: ignore[arg-type]
                       sentence=f"{name}: {share_words(share)} what was to be expected: {result}.")
