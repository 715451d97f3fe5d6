"""Who must be heard about the flagship and when they were; and concerns of which one swells in the last months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from evenhand.data.invent.county import COMMUNITY, COUNCIL, HOSPITAL, INFIRMARY, County
from evenhand.data.invent.programmes import Idea, Programme

if TYPE_CHECKING:
    import numpy as np

COLUMNS = ("who", "organisation", "kind", "interest", "influence", "asked", "by", "way", "due", "done")
AS_AT = date(2027, 12, 8)
"""The day before the first meeting."""
SETTLED = date(2027, 7, 1)
"""From this day on the options stood."""


def strategy(flagship: Programme) -> dict[str, Any]:
    """``engagement/plan.toml``: one strategy for the whole of the change, from the start."""
    return {"title": f"Who must be heard about “{flagship.idea.title}”", "case": flagship.id, "proposal_version": 1,
            "led_by": "communications", "as_at": AS_AT, "settled": SETTLED}


def stakeholders(county: County, rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    """Who must be heard, how and by when; most were, two were not, and one was heard late."""
    names = [each.name.removesuffix(" Commissioning Group") for each in county.ours]
    partner = {each.code: each.name for each in county.partners}
    provider = {each.code: each.name for each in county.providers}
    planned: tuple[tuple[str, str, str, int, int, str, str, str, date | None], ...] = (
        ("Practices of all five bodies", "", "practices", 4, 5, "Whether they support it, and what they would need",
         "clinical lead", "meeting in each of the five", date(2027, 3, 25)),
        (f"Ward nurses and therapists, {provider[HOSPITAL]}", HOSPITAL, "staff", 5, 3,
         "What must be in place before a bed closes", "provider lead", "a meeting on every shift", date(2027, 4, 15)),
        (f"Consultants, {provider[HOSPITAL]}", HOSPITAL, "clinicians", 4, 5, "Which patients could safely stay at home",
         "clinical lead", "two workshops with practices", date(2027, 4, 30)),
        (f"Community nurses, {provider[COMMUNITY]}", COMMUNITY, "staff", 5, 4,
         "How many patients a team can look after", "provider lead", "team meetings", date(2027, 4, 30)),
        (partner["ZV01"], "ZV01", "voluntary partner", 5, 2, "What families can carry, and what they cannot",
         "communications", "two evenings in village halls", date(2027, 5, 10)),
        (f"Adult social care, {partner[COUNCIL]}", COUNCIL, "council", 5, 4, "Where council and health would be "
         "working in the same home", "chair", "joint working group", date(2027, 5, 20)),
        (partner["ZV04"], "ZV04", "patient body", 4, 3, "Whom we have not thought of", "communications", "meeting",
         date(2027, 5, 31)),
        (partner["ZV02"], "ZV02", "voluntary partner", 5, 1, "What people who live alone would need", "communications",
         "visits with the befrienders", date(2027, 6, 15)),
        ("Ambulance crews", "", "staff", 4, 4, "Whom they could leave at home, and who would answer their call",
         "clinical lead", "station visits", date(2027, 6, 20)),
        (partner["ZV03"], "ZV03", "voluntary partner", 4, 2, "Care at the end of life", "clinical lead", "meeting",
         date(2027, 6, 25)),
        (f"Overview and scrutiny, {partner[COUNCIL]}", COUNCIL, "scrutiny", 4, 5, "Whether this is a substantial "
         "change, and what they want to see", "chair", "formal session", date(2027, 9, 1)),
        ("People over 65 and their families", "", "public", 5, 2, "What would make them feel safe at home",
         "communications", "consultation, halls, large print", date(2027, 11, 28)),
        ("People from 16 to 34", "", "public", 3, 1, "What they would want for those they look after",
         "communications", "colleges and workplaces", date(2027, 10, 31)),
        (f"Residents of {names[4]}", "", "public", 5, 2, "How they would get to care, and care to them",
         "communications", "market stall and buses", date(2027, 10, 15)),
        (provider[INFIRMARY], INFIRMARY, "provider", 3, 4, "Whether patients would come to them instead",
         "provider lead", "letter and meeting", date(2027, 11, 15)),
        ("Staff side and unions", "", "staff", 4, 3, "Posts, places and notice", "programme office",
         "joint committee", date(2028, 1, 20)),
        ("Neighbouring commissioners", "", "commissioners", 2, 3, "Whether their patients are touched",
         "programme office", "letter", date(2028, 2, 15)),
        ("Those who run the buses", "", "other", 2, 2, "Evening buses to the community hubs", "council partner", "",
         None))
    for who, body, kind, interest, influence, asked, by, way, due in planned:
        off = int(rng.integers(-12, 1))
        done: date | None = None
        if due is not None and due < AS_AT and who != "People from 16 to 34" and who != provider[INFIRMARY]:
            done = due + timedelta(days=19 if who.startswith("Residents of") else off)
        yield who, body, kind, interest, influence, asked, by, way, due or "", done or ""


# --- concerns ---------------------------------------------------------------------------------------------------------

BURST = (date(2027, 12, 1), 90)
"""First day of the last months, and how many days they have."""


def later_concerns(county: County, programmes: Sequence[Programme], idea: Idea, rng: np.random.Generator, *,
                   first: int, count: int = 13) -> tuple[list[tuple[Any, ...]], dict[str, Any]]:
    """Concerns of which one subject swells in the last months, two whose words point to a patient, two of one practice.

    The words that point to a patient are as invented as everything else. Gives the rows and the truth about them.
    """
    rows: list[tuple[Any, ...]] = []
    order = rng.permutation(len(county.practices)).tolist()
    day, length = BURST
    ends = ("answered", "waiting", "waiting", "joined to another", "never answered")
    for at in range(count):
        practice = county.practices[order[at]].place.code
        rows.append((f"c{first + at:03d}", day + timedelta(days=int(rng.integers(0, length))), practice, idea.measure,
                     "", f"This has become worse since the autumn: {idea.service.lower()}.",
                     ends[int(rng.integers(0, len(ends)))]))
    known = []
    for at, said in enumerate(("Patient born 12/03/1931 was sent home and nobody had told us.",
                               "A lady at QZ7 4XW waited four hours for the nurse.")):
        number = first + count + at
        known.append(f"c{number:03d}")
        rows.append((known[-1], date(2027, 3, 2) + timedelta(days=int(rng.integers(0, 180))),
                     county.practices[order[count + at]].place.code, programmes[1].measure, "", said, "answered"))
    alone = county.practices[order[count + 2]].place.code
    for at in range(2):
        rows.append((f"c{first + count + 2 + at:03d}", date(2027, 5, 4) + timedelta(days=int(rng.integers(0, 200))),
                     alone, "", "Hearing tests in one town", "The room is upstairs and there is no lift.", "waiting"))
    return rows, {"rising": idea.measure, "rising_reports": count, "point_to_a_patient": known,
                  "of_one_practice": "Hearing tests in one town"}
