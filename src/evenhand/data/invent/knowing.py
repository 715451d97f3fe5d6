"""How the county means to find out whether each programme worked: its point, and what must not suffer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evenhand.data.invent.county import FIRST, OURS, County
from evenhand.data.invent.measures import BY_NAME
from evenhand.data.invent.programmes import FLAGSHIP, FLAGSHIP_RAMP, RAMP, START, WATCHED_TO, Programme


@dataclass(frozen=True)
class Meant:
    """What one idea is for. Without ``margin`` the primary must get better; with it, be no more than so much worse."""

    point: str
    kind: str
    primary: str
    safety: str
    stop_at: float
    because: str
    margin: float | None = None


_BY_IDEA = {
    "care-closer-to-home": Meant(
        "Frail older people are looked after at home, and fewer are taken into hospital in an emergency.",
        "care closer to home", "emergency_admissions", "falls_admissions", 0.15,
        "who is kept at home without enough help falls"),
    "inhaler-reviews": Meant(
        "People breathe as well as before, with an inhaler that somebody has looked at with them.", "prescribing",
        "asthma_admissions", "ae_attendances", 0.05, "breathlessness that is badly treated ends there", 0.2),
    "steady-on-your-feet": Meant(
        "Fewer older people fall and break something.", "prevention", "falls_admissions", "ae_attendances", 0.05,
        "classes can hurt too"),
    "antibiotic-letters": Meant(
        "Antibiotics go on working for those who need them, and nobody's infection is left untreated.", "prescribing",
        "ae_attendances", "asthma_admissions", 0.3, "an infection of the chest left untreated ends in hospital", 0.05),
    "come-when-you-need": Meant(
        "Patients are seen when they need it and not by the calendar.", "outpatients", "ae_attendances", "urgent_seen",
        0.05, "a cancer that comes back must not wait", 0.05),
    "one-list-of-dressings": Meant(
        "Wounds heal, and those that do not are looked into.", "prescribing", "foot_amputations", "ae_attendances",
        0.05, "a wound that turns bad ends there", 0.25),
    "night-line": Meant(
        "People in a crisis are helped at home by night.", "mental health", "crisis_admissions", "ae_attendances", 0.05,
        "who is not helped goes there"),
    "asthma-plans": Meant(
        "Fewer people with asthma are frightened by an attack that takes them to hospital.", "prevention",
        "asthma_admissions", "ae_attendances", 0.05, "who trusts a plan too long comes late"),
    "a-short-talk": Meant(
        "Fewer people are harmed by drink.", "prevention", "alcohol_admissions", "crisis_admissions", 0.25,
        "who stops drinking suddenly may fall into a crisis"),
    "food-first": Meant(
        "People who eat too little get food that they like, and do not grow weak.", "prescribing", "falls_admissions",
        "ae_attendances", 0.05, "who grows weak ends there", 0.15),
    "less-of-little-use": Meant(
        "Nobody takes what does not help, and nobody goes without what does.", "prescribing", "ae_attendances",
        "practice_appointments", 0.05, "patients whose medicine is stopped come back for another", 0.05),
    "home-the-same-day": Meant(
        "Patients sleep in their own bed after an operation that no longer needs a night in hospital.",
        "planned operations", "planned_stays", "ae_attendances", 0.05, "who is sent home too soon comes back"),
}


def how_we_shall_know(county: County, programme: Programme) -> dict[str, Any]:
    """What ``[[evaluate]]`` says of one programme's plan for finding out."""
    meant = _BY_IDEA[programme.idea.id]
    primary: dict[str, Any] = {"measure": meant.primary, "title": BY_NAME[meant.primary].title,
                               "direction": _wanted(meant.primary), "kind": "patient outcome"}
    if meant.margin is not None:
        primary |= {"wanted": "no worse", "margin": meant.margin}
    names = {each.code: each.name for each in county.commissioners}
    groups = {f"People of {names[code].removesuffix(' Commissioning Group')}": [code] for code in programme.of}
    flagship = programme.idea is FLAGSHIP
    begun = FIRST.plus(START)
    return {
        "point": meant.point, "scheme_kind": meant.kind, "primary": primary,
        "safety": [{"measure": meant.safety, "title": BY_NAME[meant.safety].title, "direction": _wanted(meant.safety),
                    "stop_at": meant.stop_at, "because": meant.because}],
        "ramp_months": FLAGSHIP_RAMP if flagship else RAMP, "smallest_effect": round(programme.promised / 2, 4),
        "looks": [str(begun.plus(12)), str(FIRST.plus(WATCHED_TO + 1))], "owner": "analyst",
        "marks": [] if flagship else [{"month": str(begun),
                                       "what": f"“{FLAGSHIP.title}” began in all {len(OURS)} bodies, this one too"}],
        **({"groups": groups} if len(groups) > 1 else {})}


def _wanted(measure: str) -> str:
    return "decrease" if BY_NAME[measure].good == "low" else "increase"
