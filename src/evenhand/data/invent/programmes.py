"""Programmes with known true effects: some worked, some did nothing, some wore off, some only followed a bad year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evenhand.data.invent.county import MONTHS, OURS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Kind = Literal["worked", "did nothing", "wore off", "a bad year that passed"]
START = 24
"""The month, counted from the first, in which every programme began: April 2028."""
PROMPTED = (12, 23)
"""The year whose figures prompted the programmes."""
WATCHED_TO = 47
"""The last month before the five became one."""
RAMP, FLAGSHIP_RAMP = 3, 6
LASTED, WORE_OFF_OVER = 10, 4


@dataclass(frozen=True)
class Idea:
    """What could be done about a measure, in words."""

    measure: str
    id: str
    title: str
    service: str
    means: str
    needed_first: str
    may_lose: str


FLAGSHIP = Idea(
    "emergency_admissions", "care-closer-to-home", "Care closer to home", "Frail older people, urgent care at home",
    "Nurses and therapists come within two hours, practices plan ahead with those most at risk, and beds that are no "
    "longer needed close a year later",
    "Forty community nurses and therapists in post and trained before the first patient stays at home",
    "County Hospitals lose income at once and cost only slowly: stranded cost for two years")

IDEAS = (
    Idea("costly_inhalers", "inhaler-reviews", "Inhaler reviews in every practice", "Respiratory medicines",
         "A pharmacist reviews every costly inhaler with the patient", "Two pharmacists",
         "A few patients like the inhaler that they know"),
    Idea("falls_admissions", "steady-on-your-feet", "Steady on your feet", "Prevention of falls",
         "Classes for balance, and homes made safe", "Instructors in every town", "Nobody known"),
    Idea("broad_antibiotics", "antibiotic-letters", "Letters about antibiotics", "Prescribing of antibiotics",
         "A letter four times a year tells each practice where it stands", "Figures by practice", "Nobody known"),
    Idea("outpatient_follow_ups", "come-when-you-need", "Come when you need to", "Outpatient follow-up",
         "Patients ask for a follow-up when they need one", "A telephone line that is answered",
         "Those who do not ask"),
    Idea("dressings", "one-list-of-dressings", "One list of dressings", "Wound care",
         "Nurses choose from one list and look into wounds that do not heal", "Training of nurses",
         "A few makers of dressings"),
    Idea("crisis_admissions", "night-line", "A night line for people in crisis", "Mental health crisis",
         "Somebody answers by night and comes if need be", "Six staff on nights", "Nobody known"),
    Idea("asthma_admissions", "asthma-plans", "A plan for everybody with asthma", "Asthma",
         "Everybody with asthma has a written plan", "Time of practice nurses", "Nobody known"),
    Idea("alcohol_admissions", "a-short-talk", "A short talk about drink", "Alcohol",
         "A short talk at every contact with somebody who drinks too much", "Training", "Nobody known"),
    Idea("sip_feeds", "food-first", "Food first", "Sip feeds", "A dietitian sees whoever is given a sip feed",
         "One dietitian", "Some residents of care homes, if food is not looked after"),
    Idea("low_value_medicines", "less-of-little-use", "Less of what is of little use", "Medicines of low value",
         "Medicines of low value are no longer begun", "Letters to patients", "Patients who pay for their own"),
    Idea("planned_stays", "home-the-same-day", "Home the same day", "Planned operations",
         "Operations are done as day cases unless there is a reason", "Day wards open late", "People who live alone"),
)
ASSIGNED: tuple[Kind, ...] = ("worked", "worked", "did nothing", "did nothing", "wore off", "wore off",
                              "a bad year that passed", "a bad year that passed")
FALLING = ("broad_antibiotics", "outpatient_follow_ups", "low_value_medicines", "planned_stays")
"""Measures that fall everywhere anyhow: a programme that does nothing looks as if it had worked there."""


@dataclass(frozen=True)
class Programme:
    """One programme and the truth about it.

    ``effect`` is what it really did at its height, as a log on the worse side (-0.2 is 18% less); ``promised`` the
    share by which it promised to lower the measure; ``excess`` how far its bodies really lay above the middle before
    it; ``bad_year`` the height of a bad year that prompted it and went by itself.
    """

    idea: Idea
    kind: Kind
    of: tuple[str, ...]
    effect: float
    promised: float
    excess: float = 0.0
    bad_year: float = 0.0

    @property
    def id(self) -> str:
        """Its identifier, which is also its case's."""
        return f"millbrook-{self.idea.id}"

    @property
    def measure(self) -> str:
        """The measure that it is judged by."""
        return self.idea.measure

    @property
    def is_flagship(self) -> bool:
        """Whether it is the one that moves care from hospital to the community."""
        return self.idea is FLAGSHIP

    def effects(self) -> dict[str, Floats]:
        """What it really did to each measure that it moves, by month, as logs on the worse side (shape months)."""
        found = {self.measure: self.effect * self.course()}
        if self.is_flagship:
            found["community_contacts"] = -0.26 * self.capacity()
        return found

    def course(self) -> Floats:
        """How much of the effect is there in each month, 0 to 1 (shape months)."""
        import numpy as np

        since = np.arange(MONTHS) - START + 1
        risen = np.clip(since / (FLAGSHIP_RAMP if self.is_flagship else RAMP), 0, 1)
        if self.kind == "wore off":
            return np.asarray(risen * np.clip(1 - (since - LASTED) / WORE_OFF_OVER, 0, 1))
        return np.asarray(risen)

    def capacity(self) -> Floats:
        """How much of the new community staff is at work in each month: six months ahead of the patients."""
        import numpy as np

        return np.asarray(np.clip((np.arange(MONTHS) - START + 7) / 6, 0, 1))


def invent_programmes(rng: np.random.Generator) -> tuple[tuple[Programme, ...], tuple[Idea, ...]]:
    """The flagship and eight others, and three ideas that are not begun. Which worked is chance, and known."""
    falling = [each for each in IDEAS if each.measure in FALLING]
    nothing = [falling[at] for at in rng.permutation(len(falling))[:2].tolist()]
    rest = [each for each in IDEAS if each not in nothing]
    rest = [rest[at] for at in rng.permutation(len(rest)).tolist()]
    chosen = {"did nothing": list(nothing)}
    found = [Programme(FLAGSHIP, "worked", OURS, effect=-0.15, promised=0.12, excess=0.04)]
    bodies = [OURS[at] for _ in range(2) for at in rng.permutation(len(OURS)).tolist()]
    for at, kind in enumerate(ASSIGNED):
        idea = chosen[kind].pop() if chosen.get(kind) else rest.pop()
        found.append(_one(idea, kind, bodies[at], rng))
    return tuple(found), tuple(rest)


def _one(idea: Idea, kind: Kind, body: str, rng: np.random.Generator) -> Programme:
    size = round(float(rng.uniform(0.2, 0.3)), 3)
    promised = 0.2
    if kind == "worked":
        return Programme(idea, kind, (body,), effect=-size, promised=promised, excess=size + 0.03)
    if kind == "wore off":
        return Programme(idea, kind, (body,), effect=-size - 0.05, promised=promised, excess=size)
    if kind == "did nothing":
        return Programme(idea, kind, (body,), effect=0.0, promised=promised, excess=round(size / 2, 3))
    return Programme(idea, kind, (body,), effect=0.0, promised=promised, bad_year=size + 0.15)
