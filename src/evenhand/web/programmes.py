"""Programmes as their pages tell them: what each was for, what was promised, what was found, when we look again."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from evenhand.papers import Decision, EvaluationPlan, Finding, Measured, Paper, When
from evenhand.record.app import queries as record
from evenhand.terms import Estimate, Month, Span
from evenhand.terms.words import per_cent
from evenhand.web import cases, loaded
from evenhand.web.case_page import CasePage, Held, case_page
from evenhand.web.region_here import here

P = TypeVar("P", bound=Paper)
KINDS: Mapping[str, str] = {
    "patients": "What it did for patients", "use": "What patients used", "money": "Money", "unknown": "Other figures"}
"""What a finding is about, patients before money: the order in which programmes are judged."""
_KIND_OF = {"patient outcome": "patients", "patient experience": "patients", "use": "use", "money": "money"}
MISSED = "missed"
VERDICTS: Mapping[str, str] = {
    "worked": "Worked", "did not work": "Did not work", "faded": "Faded: it worked at first, and wore off",
    "cannot tell": "Cannot tell", MISSED: "Hit the target, missed the point"}
SHORT: Mapping[str, str] = {
    "worked": "worked", "did not work": "did not", "faded": "faded", "cannot tell": "cannot tell", MISSED: "missed"}


@dataclass(frozen=True)
class Line:
    """One question about one programme, with the latest answer to it.

    ``effect`` and ``promised`` are shares of what was to be expected, above nought in the direction that was wanted;
    ``None`` where the papers hold no such size. ``earlier`` are the answers of earlier looks.
    """

    finding: Finding
    digest: str
    left: date | None
    effect: Estimate | None
    promised: Estimate | None
    kind: str
    down: bool | None
    earlier: tuple[Held, ...] = ()

    @property
    def _said(self) -> str:
        """The verdict, with what faded told from what worked also where the paper tells it only beside."""
        if self.missed_the_point:
            return MISSED
        faded = self.finding.verdict == "worked" and self.finding.lasted is False
        return "faded" if faded else self.finding.verdict

    @property
    def verdict(self) -> str:
        """The verdict in the words of the page."""
        return VERDICTS[self._said]

    @property
    def missed_the_point(self) -> bool:
        """Whether the target was met while what it was for was not served."""
        return self.finding.verdict == "worked" and self.finding.point_served == "no"

    @property
    def short(self) -> str:
        """The verdict in one or two words, for a picture."""
        return SHORT[self._said]

    @property
    def in_words(self) -> str:
        """The effect beside the promise: 13.9% less than was to be expected (range …); 12% less was promised."""
        wanted = {True: "less", False: "more", None: "better"}[self.down]
        other = {"less": "more", "more": "less", "better": "worse"}[wanted]
        found = "" if self.effect is None else f"{_share_of(self.effect, wanted, other)} than was to be expected"
        promised = ("" if self.promised is None else
                    f"{per_cent(abs(self.promised.central))} {wanted if self.promised.central >= 0 else other}")
        if found and promised:
            return f"{found}; {promised} was promised."
        if promised:
            return f"{promised} was promised; the size of what was found is not given."
        return f"{found}; nothing was promised in figures that we hold." if found else ""

    @property
    def doubt(self) -> float:
        """How wide the range of the effect is beside what was promised; endless where there is no effect."""
        if self.effect is None or self.finding.verdict == "cannot tell":
            return math.inf
        against = abs(self.promised.central) if self.promised and self.promised.central else 1.0
        return (self.effect.high - self.effect.low) / against


@dataclass(frozen=True)
class Programme:
    """One programme: everything the record holds about it, in the order its page tells it."""

    name: str
    subject: str
    page: CasePage

    def all_of(self, kind: type[P]) -> tuple[tuple[Held, P], ...]:
        """The papers of one kind in the order they were entered."""
        return tuple((each, each.paper) for each in self.page.held if isinstance(each.paper, kind))

    @property
    def invented(self) -> bool:
        """Whether it belongs to an invented county."""
        return self.page.invented

    @property
    def title(self) -> str:
        """What it is called; of a finding about a body alone, the measure and the body."""
        if self.page.decision or self.page.proposal:
            return self.page.title
        finding = self.lines[0].finding if self.lines else None
        return f"{loaded.title_of(finding.measure)}, {self.body}" if finding and finding.measure else self.page.title

    @property
    def body(self) -> str:
        """The body that a finding outside any case is about."""
        code = self.subject.partition("/")[2]
        return loaded.bodies().name(code) if code in loaded.bodies() else code

    @property
    def is_case(self) -> bool:
        """Whether there is a decision's page about it."""
        return self.subject.startswith(cases.CASE)

    @property
    def may_lose(self) -> tuple[str, ...]:
        """Who was said beforehand to lose, each once; what only repeats another is left out."""
        plain = "those who may be worse off"
        appraised = [each.how if each.who.lower().startswith(plain) else f"{each.who}: {each.how}"
                     for each in (self.page.appraisal.may_lose or () if self.page.appraisal else ())]
        decided = self.page.decision.may_lose or () if self.page.decision else ()
        return tuple(dict.fromkeys((*appraised, *decided)))

    @property
    def plans(self) -> tuple[tuple[Held, EvaluationPlan], ...]:
        """The sealed plans for finding out, first the first, amendments after it."""
        return self.all_of(EvaluationPlan)

    @property
    def plan(self) -> EvaluationPlan | None:
        """The plan as it stands."""
        return self.plans[-1][1] if self.plans else None

    @property
    def lines(self) -> tuple[Line, ...]:
        """Each question with its latest answer, the question of the plan first."""
        latest: dict[str, list[Held]] = {}
        for held, finding in self.all_of(Finding):
            latest.setdefault(finding.question, []).append(held)
        asked = self.plan.question if self.plan else None
        ordered = sorted(latest, key=lambda question: question != asked)
        return tuple(self._line(latest[question]) for question in ordered)

    def _line(self, looks: Sequence[Held]) -> Line:
        last = looks[-1]
        finding = last.paper
        assert isinstance(finding, Finding)
        plan = self._plan_of(finding)
        down = _goes_down(finding, plan)
        sign = -1.0 if down else 1.0
        effect, promised = _effect(finding), _promised(finding, plan)
        return Line(finding, last.digest, self.entered(last.digest),
                    effect.scaled(sign) if effect else None, promised.scaled(sign) if promised else None,
                    _kind(finding, plan), down, tuple(looks[:-1]))

    def _plan_of(self, finding: Finding) -> EvaluationPlan | None:
        """The sealed plan that a finding answers: the one it names, else the one that asks the same."""
        named = [plan for held, plan in self.plans if held.digest == finding.plan]
        return next(iter(named or [plan for _, plan in reversed(self.plans) if plan.question == finding.question]),
                    None)

    def entered(self, digest: str) -> date | None:
        """The day a paper was entered in the record; ``None`` where no entry tells of it."""
        return next((date.fromisoformat(entry.at[:10]) for entry in self.page.entries if digest in entry.papers), None)

    @property
    def next_look(self) -> When | None:
        """When it will be looked at next, as the finding, the plan or the decision says."""
        named = next((line.finding.next_look for line in self.lines if line.finding.next_look), None)
        if named:
            return named
        seen = [day for line in self.lines if (day := _day(line.finding.looked or line.finding.period))]
        due = [*(self.plan.looks if self.plan else ()), *([self.plan.review_due] if self.plan else ()),
               *([self.page.decision.review_due] if self.page.decision else ())]
        later = [(day, each) for each in due if (day := _day(each)) and day > max(seen, default=date.min)]
        return min(later, key=lambda each: each[0])[1] if later else None

    def is_overdue(self, today: date) -> bool:
        """Whether the next look should have been taken by now."""
        day = _day(self.next_look)
        return day is not None and day < today

    @property
    def order(self) -> tuple[int, float, str]:
        """Patients before money, and there the most doubtful first."""
        if not self.lines:
            return len(KINDS), 0, self.title
        first = self.lines[0]
        return list(KINDS).index(first.kind), -first.doubt, self.title


def every_programme() -> list[Programme]:
    """Every programme that was planned for, found about or decided: real ones first, then patients before money."""
    found = [each for subject in record.subjects() if (each := _of(subject)) is not None]
    return sorted(found, key=lambda each: (each.invented, each.order))


def named(name: str) -> Programme | None:
    """The programme of that name, if there is one."""
    for subject in (f"{cases.CASE}{name}", name.replace("body-", "body/", 1) if name.startswith("body-") else ""):
        if subject and subject in record.subjects():
            return _of(subject)
    return None


def _of(subject: str) -> Programme | None:
    kind, _, rest = subject.partition("/")
    if kind == "case":
        page = cases.page_of(subject)
        wanted = any(isinstance(each.paper, Finding | EvaluationPlan | Decision) for each in page.held)
        return Programme(rest, subject, page) if wanted and not _declined(page) else None
    if kind == "body" and record.papers(subject, "finding"):
        entries = record.entries(subject)
        page = case_page(rest, "", [each for each in record.papers(subject) if each.kind in (
            "finding", "evaluation-plan")], entries, invented=here().invented or loaded.is_invented(rest))
        return Programme(f"body-{rest}", subject, page)
    return None


def _declined(page: CasePage) -> bool:
    """Whether it was decided not to go ahead, so that there is nothing to find out."""
    return page.decision is not None and page.decision.outcome != "approved" and not page.findings


def _goes_down(finding: Finding, plan: EvaluationPlan | None) -> bool | None:
    """Whether less was wanted; ``None`` where neither papers nor measure say."""
    said = [plan.primary.direction if plan and plan.primary else None,
            plan.design_settings.get("direction") if plan else None, finding.header.settings.get("direction")]
    for each in said:
        if each in ("increase", "decrease"):
            return bool(each == "decrease")
    if isinstance(finding.promised_effect, Estimate) and finding.promised_effect.central:
        return finding.promised_effect.central < 0
    about = loaded.about(finding.measure)
    return {"low": True, "high": False}.get(about.direction) if about else None


def _effect(finding: Finding) -> Estimate | None:
    """The share above or below what was to be expected: as the finding says, else as its comparison does."""
    if isinstance(finding.effect, Estimate):
        return finding.effect
    changes = (finding.figures.get("answers") or {}).get("beside others", {}).get("changes") or {}
    whole = changes.get("whole")
    if not whole:
        return None
    low, high = whole["interval"]
    return Estimate(math.expm1(whole["log"]), math.expm1(low), math.expm1(high))


def _promised(finding: Finding, plan: EvaluationPlan | None) -> Estimate | None:
    """The share that was promised, below nought where less was; from the finding, else from the sealed plan."""
    if isinstance(finding.promised_effect, Estimate):
        return finding.promised_effect
    if plan is None or not isinstance(plan.promised, Estimate) or "share" not in (plan.promised_units or ""):
        return None
    down = _goes_down(finding, plan)
    return plan.promised.scaled(-1 if down and plan.promised.central > 0 else 1)


def _kind(finding: Finding, plan: EvaluationPlan | None) -> str:
    if plan and plan.primary and plan.primary.measure == finding.measure:
        return _KIND_OF[plan.primary.kind]
    about = loaded.about(finding.measure)
    if about is None:
        return "unknown"
    return "money" if about.numerator_unit == "pounds" else "use"


def _day(when: When | None) -> date | None:
    """The last day of a moment."""
    if isinstance(when, Span):
        when = when.last
    return when.plus(1).first_day() if isinstance(when, Month) else when


def _share_of(effect: Estimate, wanted: str, other: str) -> str:
    """13.9% less (range 10.6% to 17.2% less), or: 0.9% more (range 5.2% less to 7.5% more)."""
    def one(value: float) -> str:
        return f"{per_cent(abs(value), digits=1)} {wanted if value >= 0 else other}"

    if effect.low >= 0 or effect.high <= 0:
        near, far = sorted((abs(effect.low), abs(effect.high)))
        return (f"{one(effect.central)} (range {per_cent(near, digits=1)} to {per_cent(far, digits=1)} "
                f"{wanted if effect.low >= 0 else other})")
    return f"{one(effect.central)} (range {one(effect.low)} to {one(effect.high)})"


def stated(value: Measured, units: str | None) -> str:
    """A figure with its range and units in words; empty where none is held."""
    if not isinstance(value, Estimate):
        return str(value) if value is not None else ""
    from evenhand.terms.words import figure, pounds_roughly

    money = (units or "").startswith("pounds")
    written = pounds_roughly if money else figure
    after = (units or "").removeprefix("pounds").strip()
    return (f"{written(value.central)}{f' {after}' if after else ''} (range {written(value.low)} to "
            f"{written(value.high)})")


def answers_of(finding: Finding) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """The whole answers that a finding rests on, under their names."""
    given = finding.figures.get("answers") or {}
    return ((str(name), each) for name, each in given.items() if isinstance(each, Mapping))
