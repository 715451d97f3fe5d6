"""What a case holds when nothing is lacking: evidence, scores, assessments, judgements, a plan for finding out.

In some cases one thing is lacking or late, each time another, so that what must be shown first can be learnt on them.
``LACKING`` says which; ``truth.json`` tells it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from evenhand.data.invent.county import COUNCIL, County
from evenhand.data.invent.describe import INVENTED
from evenhand.data.invent.people import CRITERIA, Person
from evenhand.data.invent.programmes import Idea

if TYPE_CHECKING:
    import numpy as np

OTHER_VERSION, LATE, UNSIGNED, WITHHELD, UNGRADED = ("engaged on version 1", "equality late", "clinicians unsigned",
                                                     "scores withheld", "evidence ungraded")
LACKING: Mapping[int, str] = {2: OTHER_VERSION, 3: LATE, 5: UNSIGNED, 6: WITHHELD, 8: UNGRADED}
"""By the place of a programme among the nine; the flagship is the first, and lacks nothing."""
SAID: Mapping[str, tuple[str, str]] = {
    OTHER_VERSION: ("this-version", "people were asked about version 1, and version 2 was decided"),
    LATE: ("in-time", "the equality assessment was made after the decision"),
    UNSIGNED: ("clinicians", "nobody signed the judgement that clinicians support it"),
    WITHHELD: ("sub-scores", "only the order of the options was shown, not the scores"),
    UNGRADED: ("evidence-graded", "the evidence was never graded")}
"""For each: the test of the rule packs that it fails, and why in words."""
CHARACTERISTICS = ("age", "disability", "gender reassignment", "marriage and civil partnership",
                   "pregnancy and maternity", "race", "religion or belief", "sex", "sexual orientation")
OPEN = ("do", "half")
GRADES = ("moderate", "low", "low", "very low")
SIGNED = date(2027, 10, 28)


def version_of(lacking: str) -> int:
    """The version that was decided."""
    return 2 if lacking == OTHER_VERSION else 1


def evidence(idea: Idea, lacking: str, *, flagship: bool, rng: np.random.Generator) -> list[dict[str, Any]]:
    """A study, the letters of the practices, and for the flagship its staff and the notice that was given."""
    graded: dict[str, Any] = {} if lacking == UNGRADED else {
        "grade": GRADES[int(rng.integers(0, len(GRADES)))], "grade_scheme": "GRADE"}
    wrote = int(rng.integers(31, 52))
    found: list[dict[str, Any]] = [
        {"source": {"title": f"An invented review of: {idea.title.lower()}"}, "design": "review of cohort studies",
         "says": f"Where it was done: {idea.means[:1].lower()}{idea.means[1:]}. Most studies found some good, a few "
                 "none.",
         "about_options": list(OPEN), **graded, "applies_here": "Counties of like age; none as poor as the poorest "
                                                               "towns here.",
         "limits": ["None of the studies was randomised.", "None lasted longer than two years."]},
        {"source": {"title": "Letters of the practices (invented)"}, "design": "letters",
         "says": f"{wrote} of 60 practices wrote: {wrote - 6} for it, 4 against, 2 undecided. Journeys by area are "
                 "given in them.",
         "about_options": list(OPEN), **graded, "applies_here": "Written by the practices concerned.",
         "limits": [f"{60 - wrote} practices did not answer."]}]
    if flagship:
        found += [
            {"source": {"title": "Staff and beds by month (invented)"}, "design": "plan of staff and beds",
             "says": "Forty nurses and therapists are in post a month before the first patient stays at home; no bed "
                     "closes for a year after that.",
             "about_options": ["do"], **graded, "applies_here": "The county's own figures.",
             "limits": ["Nobody knows how many will stay in post."]},
            {"source": {"title": "Notice to the Secretary of State (invented)"}, "design": "letter",
             "says": "The change was notified on 2 August 2027.", "about_options": ["do"], **graded,
             "applies_here": "About this very change.", "limits": ["It says what is meant, not what will happen."]}]
    return found


def scrutiny(county: County) -> dict[str, Any]:
    """What the council's scrutiny committee was told, asked and answered about the flagship."""
    names = {each.code: each.name for each in county.partners}
    return {"kind": "The council's scrutiny committee", "opened": date(2027, 8, 30), "closed": date(2027, 10, 18),
            "led_by": {"code": COUNCIL, "name": names[COUNCIL]}, "ways": ["two meetings in public"],
            "themes": [{"title": "Beds before nurses", "replies": 9,
                        "answer": "No bed closes until a year after the nurses came"}],
            "what_changed": "A date was set before which no bed may close.",
            "sentence": "The committee met twice in public and asked that no bed close before the nurses came.",
            "remarks": [INVENTED]}


def assessments(idea: Idea, lacking: str, decided: date, people: Sequence[Person]) -> list[dict[str, Any]]:
    """Equality by characteristic and option, and quality by side and option, signed by others than the sponsor."""
    chair, nurse = _one(people, "chair"), _one(people, "nurse")
    lead = [each.id for each in people if each.role == "clinical lead"][2]
    made = date(decided.year + (decided.month == 12), decided.month % 12 + 1, 14) if lacking == LATE else SIGNED
    impacts = [_on(option, on, idea) for option in OPEN for on in CHARACTERISTICS]
    sides = [{"option": option, "on": side, "effect": effect, "likelihood": 2, "consequence": consequence,
              "because": because}
             for option in OPEN for side, effect, consequence, because in (
                 ("safety", "none", 3, "Watched month by month; what must not get worse stands in the plan"),
                 ("effectiveness", "better", 2, idea.means),
                 ("experience", "better", 2, "Asked of patients before and after"))]
    said = ("Made after the decision, when somebody asked for it." if lacking == LATE else
            "Made while the consultation ran, for every option still open.")
    return [{"kind": "equality", "made": True, "made_when": made, "impacts": impacts,
             "gaps": ["Few replies came from people from 16 to 34."], "signed_by": [chair],
             "next_review": date(2029, 4, 30), "sentence": said},
            {"kind": "quality", "made": True, "made_when": date(2027, 10, 21), "impacts": sides,
             "signed_by": [lead, nurse], "sentence": "A clinical lead and the nurse signed it."}]


def _on(option: str, on: str, idea: Idea) -> dict[str, Any]:
    """What an option does to those of one characteristic: the old gain; some who are disabled may lose."""
    if on == "age":
        return {"option": option, "on": on, "effect": "better", "because": "Most of those who gain are old."}
    if on == "disability" and idea.may_lose != "Nobody known":
        return {"option": option, "on": on, "effect": "worse",
                "because": "Some who are disabled may find the new way harder.",
                "mitigation": "A named person to ring, and a look after six months",
                "mitigation_owner": "programme office", "mitigation_due": date(2028, 10, 1),
                "left_over": "Some will not ring."}
    return {"option": option, "on": on, "effect": "none", "because": "No more than for others."}


def appraisal(idea: Idea, lacking: str, rng: np.random.Generator) -> dict[str, Any]:
    """The options of one case side by side, by the agreed criteria; where scores were withheld, only their order."""
    scores: list[dict[str, Any]] = []
    for name, _, _ in CRITERIA:
        nothing = float(rng.integers(30, 46))
        gain = float(rng.integers(-14, -4) if name in ("staff", "money") else rng.integers(16, 39))
        for option, share in (("do", 1.0), ("half", 0.4), ("nothing", 0.0)):
            middle, reach = round(nothing + share * gain, 1), 4.0 + round(8 * share)
            scores.append({"option": option, "criterion": name, "value": {
                "central": middle, "low": middle - reach, "high": middle + reach, "confidence": 0.95}})
    return {"options": ["do", "half", "nothing"],
            "criteria": [{"id": name, "title": title, "better": "high", "weight": weight / 100, "units": "points"}
                         for name, title, weight in CRITERIA],
            **({} if lacking == WITHHELD else {"scores": scores}), "ranking": ["do", "half", "nothing"],
            "weights_from": "millbrook/criteria.toml, agreed on 3 June 2027",
            "may_lose": [{"option": option, "who": "those who may be worse off", "how": idea.may_lose}
                         for option in OPEN],
            "turns_on": "Whether staff can be found: at half of its gain in health, the half measure would do as well.",
            "sentence": "Doing all of it comes first, then half of it, then nothing.", "remarks": [INVENTED]}


def _one(people: Sequence[Person], role: str) -> str:
    """The first who holds a role, by identifier."""
    return next(each.id for each in people if each.role == role)


def judgements(lacking: str, people: Sequence[Person], *, flagship: bool) -> Iterator[dict[str, Any]]:
    """What people judged and signed, each with its reasons and the papers it rests on."""
    leads = [each.id for each in people if each.role == "clinical lead"]
    chair = _one(people, "chair")
    signed = {"signed_by": leads[2], "judged": SIGNED}
    letters = ["evidence[1]"]
    yield {"pack": "service-change", "test": "choice", "met": True, "relies_on": letters, **signed,
           "because": "Nobody loses a choice that they had; journeys by area stand in the letters."}
    yield {"pack": "service-change", "test": "clinical-support", "met": True, "relies_on": letters, **signed,
           "because": "Most practices that wrote are for it, those that must do the work among them."}
    yield {"pack": "irreproachable-case", "test": "clinicians", "met": True, "relies_on": letters,
           **({"judged": SIGNED} if lacking == UNSIGNED else signed),
           "because": "Practices and the clinicians of both hospitals wrote in support."}
    yield {"pack": "gunning", "test": "reasons", "met": True, "relies_on": ["voices[0]"], "signed_by": chair,
           "judged": SIGNED, "because": "The leaflet gave the reasons, the options, and who may lose."}
    if lacking != LATE:
        yield {"pack": "equality", "test": "in-substance", "met": True, "relies_on": ["assessments[0]"],
               "signed_by": chair, "judged": SIGNED,
               "because": "The three aims were gone through for each group, and the named person to ring came of it."}
    yield {"pack": "provider-selection", "test": "process", "applies": False, "signed_by": chair, "judged": SIGNED,
           "because": "Those who care for people now go on doing so under the contracts they have."}
    if not flagship:
        for pack, test in (("service-change", "beds"), ("scrutiny", "council-consulted"),
                           ("scrutiny", "secretary-of-state")):
            yield {"pack": pack, "test": test, "applies": False, "signed_by": chair, "judged": SIGNED,
                   "because": "Nothing closes and no service moves: no bed is touched, and the change is not "
                              "substantial."}
        return
    yield {"pack": "gunning", "test": "time", "met": True, "relies_on": ["voices[0]"], "signed_by": chair,
           "judged": SIGNED, "because": "It was open 83 days, one short of twelve weeks, none of them a holiday; "
                                        "replies had come to a stop."}
    yield {"pack": "service-change", "test": "beds", "applies": True, "signed_by": leads[2], "judged": SIGNED,
           "because": "Two wards close, a year after the nurses came."}
    yield {"pack": "service-change", "test": "beds", "limb": "a", "met": True, "relies_on": ["evidence[2]"],
           "signed_by": leads[2], "judged": SIGNED,
           "because": "The staff for care at home are in post a month before anybody stays at home, and thirteen "
                      "before a bed closes."}
    yield {"pack": "scrutiny", "test": "council-consulted", "applies": True, "signed_by": chair, "judged": SIGNED,
           "because": "Care for frail people moves from hospital to home in the whole county."}
    yield {"pack": "scrutiny", "test": "secretary-of-state", "applies": True, "met": True, "relies_on": ["evidence[3]"],
           "signed_by": chair, "judged": SIGNED, "because": "Notice was given on 2 August 2027."}


LEVERS: tuple[tuple[str, ...], ...] = (("peer comparison", "information"), ("pathway", "clinical leadership"),
                                       ("workforce", "pathway"), ("payment", "peer comparison"))


def planned_change(idea: Idea, at: int, *, flagship: bool) -> dict[str, Any]:
    """The whole of how the change is managed, said before it is decided."""
    loser = "County Hospitals" if flagship else "Some who are used to the old way"
    return {"purpose": f"{idea.means}.", **change_plan(idea, at, flagship=flagship),
            "differently": [{"who": "Practices", "what": "offer it to everybody whom it is meant for"},
                            {"who": "Programme office", "what": "shows every practice its own figures beside others"}],
            "technique": "Begin with the practices that asked for it; look every month, and mend before it is spread",
            "resistance": [{"by": loser, "because": idea.may_lose,
                            "answer": "Heard before it began, and looked at again after six months"}],
            "held_by": "Its measure stays on the chart that the programme office looks at each month"}


def change_plan(idea: Idea, at: int, *, flagship: bool) -> dict[str, Any]:
    """How the change is to be managed, as it stands in a proposal."""
    levers = ("workforce", "contract", "payment", "clinical leadership") if flagship else LEVERS[at % len(LEVERS)]
    return {"led_by": "programme office", "needed_first": [idea.needed_first],
            "steps": [idea.needed_first, idea.means, "A look after six months, with those who may lose"],
            "levers": list(levers), "hours_a_week": 60.0 if flagship else 20.0}
