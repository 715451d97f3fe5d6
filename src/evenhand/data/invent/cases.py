"""Twelve invented cases as a region's folder holds them: what was put forward, heard, weighed and decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from evenhand.data.invent.county import COMMUNITY, FIRST, HOSPITAL, MERGED, OURS, County
from evenhand.data.invent.describe import INVENTED
from evenhand.data.invent.measures import BY_NAME, PLACE_OF, Figures
from evenhand.data.invent.people import LADDER, Interest, Person
from evenhand.data.invent.programmes import PROMPTED, START, Idea, Programme
from evenhand.data.invent.toml import as_toml

if TYPE_CHECKING:
    import numpy as np

MET = (date(2027, 12, 9), date(2028, 3, 9))
"""Between them lies a meeting that was not quorate and decided nothing."""
STATES = ("delivering", "delivering", "sustained", "delivering", "stopped", "delivering", "sustained", "delivering",
          "delivering")
WAITING = ("proposed", "engaged", "engaged")


def proposals(county: County, programmes: Sequence[Programme], ideas: Sequence[Idea], figures: Figures,
              people: Sequence[Person], interests: Sequence[Interest], heard: Mapping[str, int],
              rng: np.random.Generator) -> Iterator[tuple[str, str]]:
    """The name and the text of each ``proposals/*.toml``: nine that were decided, three on their way.

    ``heard`` counts the replies to the flagship's consultation by age.
    """
    for at, (each, state) in enumerate(zip(programmes, STATES, strict=True)):
        case = _proposed(county, each.idea, each.of, figures, version=1)
        by_age = heard if each.is_flagship else _replies(rng)
        case = {"id": each.id, "state": state, **case, "voices": [_voices(county, each.idea, by_age)],
                "assessments": _assessments(each.idea),
                "decision": _decision(county, each, MET[0] if at < 5 else MET[1], people, interests, rng),
                "sources": [{"title": INVENTED}]}
        yield f"{each.idea.id}.toml", as_toml(case, opening=INVENTED)
    for idea, state in zip(ideas, WAITING, strict=False):
        body = OURS[int(rng.integers(0, len(OURS)))]
        case = {"id": f"millbrook-{idea.id}", "state": state,
                **_proposed(county, idea, (body,), figures, version=1),
                **({"voices": [_voices(county, idea, _replies(rng))]} if state == "engaged" else {}),
                "sources": [{"title": INVENTED}]}
        yield f"{idea.id}.toml", as_toml(case, opening=INVENTED)


def _proposed(county: County, idea: Idea, of: Sequence[str], figures: Figures, *, version: int) -> dict[str, Any]:
    kind = BY_NAME[idea.measure]
    places = [OURS.index(code) for code in of]
    first, last = PROMPTED
    year = float(figures.numerator[PLACE_OF[idea.measure], places, first:last + 1].sum())
    what: dict[str, Any] = {"what": f"{kind.title}, a year", "exactness": "about",
                            "period": f"{FIRST.plus(first)}/{FIRST.plus(last)}"}
    stated = ({"spend": [{**what, "pounds": round(year, -3)}]} if kind.price else
              {"people_affected": [{**what, "value": round(year), "units": kind.counted}]})
    return {"proposal": {
        "title": idea.title, "service": idea.service, "proposal_version": version,
        "why": f"{kind.why} The figures of {FIRST.plus(first).financial_year} stood out.",
        "raised": str(FIRST.plus(last - 9)), "written_by": "programme office", "bodies": [_body(county, code) for code
                                                                                          in of],
        "options": [{"id": "do", "title": idea.title, "what_it_means": idea.means},
                    {"id": "half", "title": "The same in half of the practices for a year",
                     "what_it_means": "Begin small, look, and go on if it works"},
                    {"id": "nothing", "title": "Leave things as they are", "does_nothing": True}],
        **stated,
        "change_plan": {"led_by": "programme office", "needed_first": [idea.needed_first],
                        "steps": [idea.needed_first, idea.means], "hours_a_week": 20.0}}}


def _body(county: County, code: str) -> dict[str, str]:
    names = {each.code: each.name for each in (*county.commissioners, county.merged, *county.providers)}
    return {"code": code, "name": names[code]}


AGES = {"16 to 34": 0.29, "35 to 64": 0.46, "65 and over": 0.25}
"""Shares of the people from 16 on."""


def _voices(county: County, idea: Idea, by_age: Mapping[str, int]) -> dict[str, Any]:
    replied = sum(by_age.values())
    groups = [{"name": name, "replies": by_age[name], "share_of_replies": round(by_age[name] / replied, 3),
               "share_of_people": of} for name, of in AGES.items()]
    return {"kind": "Consultation", "opened": date(2027, 9, 6), "closed": date(2027, 11, 28),
            "led_by": _body(county, OURS[0]), "ways": ["survey", "public events", "visits to day centres"],
            "replies": replied, "groups": groups, "not_heard": ["people from 16 to 34"],
            "themes": [{"title": "Getting there", "replies": round(replied * 0.3), "answer": "Transport was added"},
                       {"title": "Who will do it", "replies": round(replied * 0.25),
                        "answer": idea.needed_first}],
            "what_changed": "Transport was added, and a date by which staff must be there.",
            "sentence": f"{replied} replied between September and November 2027; people from 16 to 34 hardly did."}


def _replies(rng: np.random.Generator) -> dict[str, int]:
    """Replies by age to a smaller consultation: the old reply, the young hardly do."""
    return {age: int(rng.integers(low, high)) for age, (low, high) in
            zip(AGES, ((2, 14), (20, 90), (40, 160)), strict=True)}


def _assessments(idea: Idea) -> list[dict[str, Any]]:
    return [{"kind": "equality", "made": True, "made_when": date(2027, 10, 14),
             "impacts": [{"option": "do", "on": "age", "effect": "better", "because": idea.means},
                         {"option": "do", "on": "those who may lose", "effect": "worse", "because": idea.may_lose,
                          "mitigation": "Looked at after six months, and put right",
                          "mitigation_owner": "programme office", "mitigation_due": date(2028, 4, 1)}],
             "signed_by": ["equality lead"], "sentence": "Made before the consultation closed, and renewed after it."},
            {"kind": "quality", "made": True, "made_when": date(2027, 10, 21),
             "impacts": [{"option": "do", "on": "safety", "effect": "none", "likelihood": 2, "consequence": 3,
                          "because": "Watched by month"}],
             "signed_by": ["clinical lead", "nurse"], "sentence": "Two clinicians signed it."}]


def _decision(county: County, programme: Programme, day: date, people: Sequence[Person],
              interests: Sequence[Interest], rng: np.random.Generator) -> dict[str, Any]:
    idea = programme.idea
    about = {COMMUNITY, HOSPITAL} if programme.is_flagship else {"ZP0001"}
    aside = [{"member": each.member, "action": LADDER[each.type], "because": each.says} for each in interests
             if each.body in about]
    may_vote = sum(each.votes for each in people) - len({each["member"] for each in aside
                                                         if each["action"] in ("leave", "speak_not_vote")})
    rulings = []
    for code in programme.of:
        against, abstained = int(rng.integers(0, 2)), int(rng.integers(0, 2))
        rulings.append({"body": _body(county, code), "outcome": "approved", "option": "do", "decided": day,
                        "quorate": True, "votes": {"for_it": may_vote - against - abstained, "against": against,
                                                   "abstained": abstained}, "stood_aside": aside})
    kind = BY_NAME[idea.measure]
    percent = round(programme.promised * 100)
    together = len(programme.of) > 1
    return {"title": idea.title, "outcome": "approved", "option": "do", "rulings": rulings,
            "together": together,
            "sentence": f"To go ahead from {FIRST.plus(START).words}.",
            "reasons": f"{kind.why} Half measures would not have shown whether it works.",
            "dissent": "One member would have begun in one town." if together else None,
            "conditions": [idea.needed_first], "may_lose": [idea.may_lose],
            "duties_considered": ["equality", "quality"],
            "turns_on": "Whether staff can be found.",
            "promises": [{"what": f"{kind.title} {percent}% below what they would be", "owner": MERGED,
                          "due": str(FIRST.plus(START + 23))},
                         {"what": "What came of it is published, good or bad", "owner": "secretary",
                          "due": date(2030, 6, 30)}],
            "how_to_challenge": "Write to the secretary within six weeks; the council's scrutiny may ask too.",
            "review_due": date(2030, 4, 30)}
