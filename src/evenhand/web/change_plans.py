"""Planning how a change will be managed: what is typed on the page, as the paper it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evenhand.decide import levers
from evenhand.decide.levers import Here, Lever
from evenhand.papers import ChangePlan, Doing, Header, MadeFrom, PlannedChange, Resistance, unplanned
from evenhand.people.rights import Person, bodies_for
from evenhand.record.app import actions as record
from evenhand.terms import Problem, Refused
from evenhand.terms.words import counted, listed
from evenhand.web import cases, loaded
from evenhand.web.case_page import CasePage

ACTION = "plan a change"
PARTED = ":"
MOST_LETTERS = 1_500
MOST_HOURS = 2_000
NONE_EXPECTED = "none"
QUESTIONS = {
    "purpose": ("What is it for, for patients?", "One sentence."),
    "led_by": ("Who leads it?", "A role, or a person by the name they sign in with."),
    "differently": ("Who must do what differently?",
                    "A line for each: who, a colon, what. “Ward doctors: name the day of leaving”."),
    "needed_first": ("What is needed first?", "A line for each. Leave it empty if nothing is."),
    "steps": ("The steps, in order", "A line for each."),
    "own_levers": ("A lever of your own", "A line for each that is not in the list above."),
    "technique": ("How will you work towards it?", "Small tests first, one place first, all at once: and why."),
    "resistance": ("Who may stand against it, why, and how is that met?",
                   "A line for each: who, a colon, why, a colon, how it is met. Write “none” if you expect none."),
    "held_by": ("What holds it when nobody is looking any more?", "A chart, a contract, a role: what stays."),
    "hours": ("How many hours a week does managing it take?", "A number, if you know it."),
}
"""What the page asks, beside the levers: the question and a hint."""


@dataclass(frozen=True)
class Planning:
    """A case whose change can be planned: its version, what is held already and what that still lacks."""

    page: CasePage
    version: int
    held: ChangePlan | None
    of_version: int | None

    @property
    def lacks(self) -> tuple[str, ...]:
        """What is still to be said before the change may be approved."""
        return unplanned(self.held) if self.held else unplanned(ChangePlan())


def planning(page: CasePage) -> Planning | None:
    """How the change of a case is planned; nothing where it has no proposal that could be."""
    proposal = next((each.paper for each in reversed(page.held) if each.paper.paper == "proposal"), None)
    if proposal is None or proposal.header.proposal_version is None:
        return None
    planned = [each.paper for each in page.held if isinstance(each.paper, PlannedChange)]
    newest = planned[-1] if planned else None
    return Planning(page, proposal.header.proposal_version, levers.plan_of(each.paper for each in page.held),
                    newest.header.proposal_version if newest else None)


def levers_here() -> tuple[Here, ...]:
    """Every lever of the catalogue with how it went in the cases held here."""
    def gone() -> tuple[Here, ...]:
        return levers.here((page.name, tuple(each.paper for each in page.held)) for page in cases.every_case())
    return loaded.remembered(("levers here", *(each.digest for page in cases.every_case() for each in page.held)), gone)


def never_tried(plan: ChangePlan | None) -> tuple[str, ...]:
    """The levers of the catalogue that a plan uses and no other change here has."""
    chosen = set(chosen_in(plan))
    return tuple(each.lever.title.lower() for each in levers_here()
                 if each.lever.name in chosen and len(each.tried) <= 1)


def body_for(person: Person, page: CasePage) -> str:
    """The body for which this person may plan the change of a case; nothing where there is none."""
    owners = {*(entry.organisation for entry in page.entries if entry.organisation), *page.codes}
    return next((each for each in bodies_for(person, ACTION) if each in owners), "")


def typed_as(plan: ChangePlan | None) -> dict[str, str]:
    """What is held, as it would be typed."""
    if plan is None:
        return {}
    own = [each for each in plan.levers or () if not levers.lever_meant(each)]
    opposed = [f"{PARTED} ".join(filter(None, (each.by, each.because, each.answer))) for each in plan.resistance or ()]
    lines = {"differently": [f"{each.who}{PARTED} {each.what}" for each in plan.differently or ()],
             "needed_first": plan.needed_first or (), "steps": plan.steps or (), "own_levers": own,
             "resistance": [NONE_EXPECTED] if plan.resistance == () else opposed}
    return {"purpose": plan.purpose or "", "led_by": plan.led_by or "", "technique": plan.technique or "",
            "held_by": plan.held_by or "", "hours": f"{plan.hours_a_week:g}" if plan.hours_a_week else "",
            **{name: "\n".join(each) for name, each in lines.items()}}


def chosen_in(plan: ChangePlan | None) -> tuple[str, ...]:
    """The levers of the catalogue that a plan uses."""
    meant: list[Lever | None] = [levers.lever_meant(each) for each in (plan.levers if plan else None) or ()]
    return tuple(each.name for each in meant if each)


def read(typed: Mapping[str, str], chosen: tuple[str, ...]) -> ChangePlan:
    """A change plan as typed. Raises ``Refused`` with everything that cannot be read, by question."""
    problems: list[Problem] = []
    for name, text in typed.items():
        if len(text) > MOST_LETTERS:
            problems.append(Problem("this is too long", f"write at most {MOST_LETTERS:,} letters", column=name))
    for name in chosen:
        if levers.lever_meant(name) is None:
            problems.append(Problem("there is no such lever", "choose from the list", column="levers", value=name))
    differently = []
    for line in _lines(typed, "differently"):
        who, parted, what = line.partition(PARTED)
        if not (parted and who.strip() and what.strip()):
            problems.append(Problem("this line does not say who and what", "write who, a colon, and what they do",
                                    column="differently", value=line))
        differently.append(Doing(who=who.strip(), what=what.strip()))
    own = _lines(typed, "own_levers")
    for each in own:
        if near := levers.near(each):
            problems.append(Problem("this is nearly a lever of the list", f"choose “{near}” there, or say more",
                                    column="own_levers", value=each))
    hours, wrong = _hours(typed.get("hours", ""))
    problems += wrong
    if problems:
        raise Refused(problems)
    return ChangePlan(
        purpose=_words(typed, "purpose"), led_by=_words(typed, "led_by"), needed_first=_lines(typed, "needed_first"),
        steps=_lines(typed, "steps"), differently=tuple(differently), levers=(*chosen, *own),
        technique=_words(typed, "technique"), resistance=_resistance(typed), held_by=_words(typed, "held_by"),
        hours_a_week=hours)


def leave(found: Planning, change: ChangePlan, *, by: str, organisation: str) -> None:
    """Leave the plan as a paper of the case's newest version, which is not changed by it."""
    proposal = next(each for each in reversed(found.page.held) if each.paper.paper == "proposal")
    lacks = unplanned(change)
    said = (f"It uses {counted(len(change.levers or ()), 'lever')}" +
            (f" and still lacks {listed(list(lacks))}." if lacks else " and lacks nothing that must be said."))
    record.leave(PlannedChange(
        header=Header(subject=f"{cases.CASE}{found.page.name}", proposal_version=found.version,
                      made_from=(MadeFrom(proposal.digest, "the proposal"),)),
        change=change, written_by=by, sentence=said), by=by, organisation=organisation)


def _words(typed: Mapping[str, str], name: str) -> str | None:
    return " ".join(typed.get(name, "").split()) or None


def _lines(typed: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in typed.get(name, "").splitlines() if line.strip())


def _resistance(typed: Mapping[str, str]) -> tuple[Resistance, ...] | None:
    lines = _lines(typed, "resistance")
    if not lines:
        return None
    if len(lines) == 1 and lines[0].casefold().rstrip(".") == NONE_EXPECTED:
        return ()
    parts = [[each.strip() or None for each in line.split(PARTED, 2)] for line in lines]
    return tuple(Resistance(by=each[0] or "", because=each[1] if len(each) > 1 else None,
                            answer=each[2] if len(each) > 2 else None) for each in parts)


def _hours(text: str) -> tuple[float | None, list[Problem]]:
    if not text.strip():
        return None, []
    try:
        hours = float(text)
    except ValueError:
        hours = -1.0
    if 0 < hours <= MOST_HOURS:
        return hours, []
    return None, [Problem("this is no number of hours a week", "write for example 20", column="hours", value=text)]
