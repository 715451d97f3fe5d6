"""Concerns of the demonstration's invented county: what practices said over the last months, and what became of it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from evenhand.data import tables
from evenhand.data.personal import signs_of_a_person
from evenhand.find.app import actions, queries
from evenhand.region.folder import open_folder
from evenhand.region.own import bodies_of, measures_of

SAMPLE = "sample:concerns"
OF_A_REGION = Path("engagement", "concerns.csv")
ANSWERS = {
    "discharge letters": "The hospital sends them by the evening of the day from next month. Tell us if it does not.",
    "district nursing": "The teams have one number to ring from now on, with somebody there until eight.",
    "hearing clinic": "The clinic writes to everybody on the list with the month they will be seen.",
}
OTHERWISE = "We asked the service, which has changed how it works. Tell us if it goes on."
JOINED = "Others said the same. You will find the answer with the concern that yours is joined to."
NOTHING = "Nothing will be done for now: the contract is let again next year, and this is put to those who write it."
MOST = 26
"""The latest of the sample: enough to show a rise, few enough to be made in a moment."""


def bring(organisation: str, *, by: str, today: date, region: Path | None = None) -> None:
    """The region's own concerns, or the sample's, the last of them two days ago; a second time changes nothing."""
    if queries.concerns(frozenset({organisation})):
        return
    every = _of_region(region) if region and (region / OF_A_REGION).is_file() else _of_sample()
    # One of the sample points to a patient, to show that such words are found: nobody could have sent it.
    rows = sorted(row for row in every if not signs_of_a_person(row[3]))[-MOST:]
    moved = today - timedelta(days=2) - rows[-1][0]
    first: dict[str, str] = {}
    for number, (day, practice, service, words, became) in enumerate(rows):
        on = day + moved
        code = actions.receive(organisation, said_by="practice", service=service, practice=practice, words=words,
                               form=f"demonstration {organisation} {number}", on=on, by="demonstration")
        key = _key(code)
        answered = ("answered", ANSWERS.get(service, OTHERWISE))
        end, answer = {"answered": answered, "joined to another": ("joined", JOINED) if service in first else answered,
                       "never answered": ("nothing", NOTHING)}.get(became, ("", ""))
        answered_on = on + timedelta(days=14)
        if end and answered_on <= today:
            actions.settle(key, end, words=answer, by=by, on=answered_on, joined_to=first.get(service, ""))
        elif on + timedelta(days=3) <= today:
            actions.read(key, by=by, on=on + timedelta(days=3))
        if end not in ("joined", "nothing"):
            first.setdefault(service, code)


Row = tuple[date, str, str, str, str]
"""The day, the practice, the service, the words, and what became of it."""


def _of_sample() -> list[Row]:
    data = tables.read(SAMPLE)
    return list(zip(map(date.fromisoformat, data.texts("date")), data.texts("practice"), data.texts("service"),
                    data.texts("text"), data.texts("what_became_of_it"), strict=True))


def _of_region(region: Path) -> list[Row]:
    """A region names practices by code, and often a measure in place of a service."""
    opened = open_folder(region)
    bodies, measures = bodies_of(opened), measures_of(opened)
    data = tables.read(region / OF_A_REGION)
    about = (service or (measures[measure].title if measure in measures else measure.replace("_", " "))
             for service, measure in zip(data.texts("service"), data.texts("measure"), strict=True))
    return list(zip(map(date.fromisoformat, data.texts("date")), map(bodies.name, data.texts("practice")), about,
                    data.texts("text"), data.texts("what_became_of_it"), strict=True))


def _key(code: str) -> int:
    found = queries.followed(code)
    assert found is not None, "it was received a line above"
    return found.key
