"""Twelve invented cases as a region's folder holds them: what was put forward, heard, weighed and decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from evenhand.data.invent import ballots, casework
from evenhand.data.invent.county import FIRST, MERGED, OURS, County
from evenhand.data.invent.describe import INVENTED
from evenhand.data.invent.measures import BY_NAME, PLACE_OF, Figures
from evenhand.data.invent.people import Interest, Person
from evenhand.data.invent.programmes import PROMPTED, START, Idea, Programme
from evenhand.data.invent.toml import as_toml

if TYPE_CHECKING:
    import numpy as np

STATES = ("delivering", "delivering", "sustained", "delivering", "stopped", "delivering", "sustained", "delivering",
          "stopped")
WAITING = ("proposed", "engaged", "engaged")


def proposals(county: County, programmes: Sequence[Programme], ideas: Sequence[Idea], figures: Figures,
              people: Sequence[Person], interests: Sequence[Interest], heard: Mapping[str, int],
              rng: np.random.Generator) -> Iterator[tuple[str, str]]:
    """The name and the text of each ``proposals/*.toml``: nine that were decided, three on their way.

    ``heard`` counts the replies to the flagship's consultation by age.
    """
    sat = ballots.sittings(people, interests, programmes)
    for at, (each, state) in enumerate(zip(programmes, STATES, strict=True)):
        lacking = casework.LACKING.get(at, "")
        version = casework.version_of(lacking)
        proposed = _proposed(county, each.idea, each.of, figures)
        earlier = [{**proposed, "proposal_version": 1}] if version > 1 else []
        changed: dict[str, Any] = {"changed_since_last_version": "It is now to be done in every practice at once, and "
                                                                 "not in half of them first."}
        voices = [_voices(county, each.idea, heard if each.is_flagship else _replies(rng), flagship=each.is_flagship)]
        days = sat[each.idea.title]
        case: dict[str, Any] = {
            "id": each.id, "state": state, **({"earlier_proposals": earlier} if earlier else {}),
            "proposal": {**proposed, "proposal_version": version, **(changed if earlier else {})},
            "evidence": casework.evidence(each.idea, lacking, flagship=each.is_flagship, rng=rng),
            "voices": [{**one, **({"proposal_version": 1} if earlier else {})} for one in voices]
            + ([casework.scrutiny(county)] if each.is_flagship else []),
            "assessments": casework.assessments(each.idea, lacking, days[-1].day, people),
            "appraisal": casework.appraisal(each.idea, lacking, rng),
            "change_plan": casework.planned_change(each.idea, at, flagship=each.is_flagship),
            "judgements": list(casework.judgements(lacking, people, flagship=each.is_flagship)),
            "decisions": [*(_put_off(county, each, day) for day in days[:-1]),
                          _decision(county, each, days[-1], rng, lacking, planted=at == ballots.PLANTED)],
            "sources": [{"title": INVENTED}]}
        yield f"{each.idea.id}.toml", as_toml(case, opening=INVENTED)
    for at, (idea, state) in enumerate(zip(ideas, WAITING, strict=False)):
        body = OURS[int(rng.integers(0, len(OURS)))]
        case = {"id": f"millbrook-{idea.id}", "state": state,
                "proposal": {**_proposed(county, idea, (body,), figures), "proposal_version": 1,
                             "change_plan": casework.change_plan(idea, at, flagship=False)},
                **({"voices": [_voices(county, idea, _replies(rng))]} if state == "engaged" else {}),
                "sources": [{"title": INVENTED}]}
        yield f"{idea.id}.toml", as_toml(case, opening=INVENTED)


def truth(programmes: Sequence[Programme]) -> dict[str, Any]:
    """What is lacking in which case, and the one ruling that breaks the rule on interests."""
    lacking = {programmes[at].id: {"lacking": name, "test": casework.SAID[name][0], "says": casework.SAID[name][1]}
               for at, name in casework.LACKING.items()}
    return {"not_yet": lacking, "irreproachable": [each.id for at, each in enumerate(programmes)
                                                   if at not in casework.LACKING],
            "ruling_against_the_rule": programmes[ballots.PLANTED].id}


def _proposed(county: County, idea: Idea, of: Sequence[str], figures: Figures) -> dict[str, Any]:
    kind = BY_NAME[idea.measure]
    places = [OURS.index(code) for code in of]
    first, last = PROMPTED
    year = float(figures.numerator[PLACE_OF[idea.measure], places, first:last + 1].sum())
    what: dict[str, Any] = {"what": f"{kind.title}, a year", "exactness": "about",
                            "period": f"{FIRST.plus(first)}/{FIRST.plus(last)}"}
    stated = ({"spend": [{**what, "pounds": round(year, -3)}]} if kind.price else
              {"people_affected": [{**what, "value": round(year), "units": kind.counted}]})
    return {
        "title": idea.title, "service": idea.service,
        "why": f"{kind.why} The figures of {FIRST.plus(first).financial_year} stood out.",
        "raised": str(FIRST.plus(last - 9)), "written_by": "programme office",
        "bodies": [_body(county, code) for code in of],
        "options": [{"id": "do", "title": idea.title, "what_it_means": idea.means},
                    {"id": "half", "title": "The same in half of the practices for a year",
                     "what_it_means": "Begin small, look, and go on if it works"},
                    {"id": "nothing", "title": "Leave things as they are", "does_nothing": True}],
        **stated}


def _body(county: County, code: str) -> dict[str, str]:
    names = {each.code: each.name for each in (*county.commissioners, county.merged, *county.providers)}
    return {"code": code, "name": names[code]}


AGES = {"16 to 34": 0.29, "35 to 64": 0.46, "65 and over": 0.25}
"""Shares of the people from 16 on."""


def _voices(county: County, idea: Idea, by_age: Mapping[str, int], *, flagship: bool = False) -> dict[str, Any]:
    replied = sum(by_age.values())
    groups = [{"name": name, "replies": by_age[name], "share_of_replies": round(by_age[name] / replied, 3),
               "share_of_people": of} for name, of in AGES.items()]
    opened = date(2027, 9, 6) if flagship else date(2027, 8, 30)
    return {"kind": "Consultation", "opened": opened, "closed": date(2027, 11, 28),
            "led_by": _body(county, OURS[0]), "ways": ["survey", "public events", "visits to day centres"],
            "replies": replied, "groups": groups, "not_heard": ["people from 16 to 34"],
            "themes": [{"title": "Getting there", "replies": round(replied * 0.3), "answer": "Transport was added"},
                       {"title": "Who will do it", "replies": round(replied * 0.25),
                        "answer": idea.needed_first}],
            "what_changed": "Transport was added, and a date by which staff must be there.",
            "sentence": f"{replied} replied between September and November 2027; people from 16 to 34 hardly did.",
            "remarks": [INVENTED]}


def _replies(rng: np.random.Generator) -> dict[str, int]:
    """Replies by age to a smaller consultation: the old reply, the young hardly do."""
    return {age: int(rng.integers(low, high)) for age, (low, high) in
            zip(AGES, ((2, 14), (20, 90), (40, 160)), strict=True)}


def _put_off(county: County, programme: Programme, sitting: ballots.Sitting) -> dict[str, Any]:
    """What is left of a meeting that could not decide."""
    said = f"{len(sitting.may_vote)} might vote, and {sitting.needed} were needed"
    return {"title": programme.idea.title, "outcome": "deferred",
            "rulings": [{"body": _body(county, code), "outcome": "deferred", "decided": sitting.day, "quorate": False,
                         "stood_aside": list(sitting.stood_aside), "attended": list(sitting.attended)}
                        for code in programme.of],
            "together": len(programme.of) > 1,
            "reasons": f"The meeting of {sitting.day.day} {sitting.day:%B %Y} could not decide: {said}.",
            "sentence": f"Put off on {sitting.day.day} {sitting.day:%B %Y}: {said}.",
            "figures": {"meeting": str(sitting.day), "item": sitting.item, "may_vote": list(sitting.may_vote),
                        "needed": sitting.needed}, "remarks": [INVENTED]}


def _decision(county: County, programme: Programme, sitting: ballots.Sitting, rng: np.random.Generator,
              lacking: str, *, planted: bool) -> dict[str, Any]:
    idea, kind = programme.idea, BY_NAME[programme.idea.measure]
    cast = ballots.ballot(sitting, rng, planted=planted)
    rulings = [{"body": _body(county, code), "outcome": "approved", "option": "do", "decided": sitting.day,
                "quorate": sitting.quorate, "votes": cast["votes"], "stood_aside": cast["stood_aside"],
                "attended": cast["attended"]} for code in programme.of]
    percent = round(programme.promised * 100)
    return {"title": idea.title, "outcome": "approved", "option": "do", "rulings": rulings,
            "together": len(programme.of) > 1,
            "made_from": ["appraisal", *([] if lacking == casework.LATE else ["assessments[0]"])],
            "sentence": f"To go ahead from {FIRST.plus(START).words}.",
            "reasons": f"{kind.why} Half measures would not have shown whether it works.",
            "dissent": cast["dissent"],
            "conditions": [idea.needed_first], "may_lose": [idea.may_lose],
            "duties_considered": ["equality", "quality", "involving the public", "health inequalities",
                                  "wider effects"],
            "turns_on": "Whether staff can be found.",
            "promises": [{"what": f"{kind.title} {percent}% below what they would be", "owner": MERGED,
                          "due": str(FIRST.plus(START + 23))},
                         {"what": "What came of it is published, good or bad", "owner": "secretary",
                          "due": date(2030, 6, 30)}],
            "challenges": [],
            "how_to_challenge": "Write to the secretary within six weeks; the council's scrutiny may ask too. Anybody "
                                "may ask the Secretary of State to call it in.",
            "review_due": date(2030, 4, 30),
            "figures": {"meeting": str(sitting.day), "item": sitting.item, "may_vote": list(sitting.may_vote),
                        "needed": sitting.needed, "votes_by_name": cast["by_name"]}, "remarks": [INVENTED]}
