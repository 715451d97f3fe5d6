"""Invented people: who they are, what they declared, how they scored, weighed, replied, voted and met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from evenhand.data.invent.county import COMMUNITY, COUNCIL, HOSPITAL, INFIRMARY, MERGED, County
from evenhand.data.invent.programmes import Idea, Programme

if TYPE_CHECKING:
    import numpy as np

_NAMES = (
    "Ambersley", "Brindlewick", "Cawthistle", "Dunnerdale-Pyke", "Eskmuir", "Fallowden", "Garthrow", "Hartlebeck",
    "Inchbright", "Jessamyn-Hale", "Kettlebourne", "Larkenshaw", "Mossgrave", "Netherquill", "Oxenfold", "Pellowick",
    "Quarrendyke", "Rushmarsh", "Sedgewhistle", "Tarnbright", "Underlynch", "Vexley-Combe", "Wintersedge", "Yarrowby",
    "Zellwick", "Ashentree", "Bellwether-Ogg", "Coppergate-Fen", "Dewhistle", "Elmsorrel", "Fernhollin", "Gorsebank",
    "Hazelmere-Tupp", "Ivorwood", "Junipler", "Kestlewick", "Lingmoss", "Merrowdown", "Nightjarrow", "Ospringle")
_TITLES = ("Dr", "Mrs", "Mr", "Ms", "Dr", "Ms", "Mr", "Mrs")


@dataclass(frozen=True)
class Person:
    """An invented person in one role at one body. ``committee`` members meet and, where ``votes``, decide."""

    id: str
    name: str
    role: str
    body: str
    committee: bool = False
    votes: bool = False


@dataclass(frozen=True)
class Interest:
    """What a member declared, of which kind, about which body."""

    member: str
    type: str
    standing: str
    body: str
    declared: date
    whose: str
    says: str


_ROLES: tuple[tuple[str, str, bool, bool], ...] = (
    ("chair", MERGED, True, True), ("lay member", MERGED, True, True), ("lay member", MERGED, True, True),
    ("clinical lead", "ZM01", True, True), ("clinical lead", "ZM02", True, True), ("clinical lead", "ZM03", True, True),
    ("clinical lead", "ZM04", True, True), ("clinical lead", "ZM05", True, True), ("nurse", MERGED, True, True),
    ("finance", MERGED, True, True), ("public health", COUNCIL, True, True), ("council partner", COUNCIL, True, False),
    ("voluntary partner", "ZV01", True, False), ("secretary", MERGED, True, False),
    ("analyst", MERGED, False, False), ("programme office", MERGED, False, False),
    ("programme office", MERGED, False, False), ("communications", MERGED, False, False),
    ("provider lead", HOSPITAL, False, False), ("provider lead", COMMUNITY, False, False),
    ("provider lead", INFIRMARY, False, False), ("councillor", COUNCIL, False, False),
    ("councillor", COUNCIL, False, False), ("voluntary partner", "ZV02", False, False),
    ("voluntary partner", "ZV03", False, False), ("voluntary partner", "ZV04", False, False),
    ("assurer", "", False, False), ("clinical network", "", False, False),
    ("practice member", "ZP0001", False, False), ("practice member", "ZP0004", False, False),
    ("practice member", "ZP0007", False, False), ("practice member", "ZP0010", False, False),
    ("practice member", "ZP0013", False, False), ("practice member", "ZP0016", False, False))


def invent_people(rng: np.random.Generator) -> tuple[Person, ...]:
    """The committee, those who work for it, partners, councillors and practice members."""
    order = rng.permutation(len(_NAMES)).tolist()
    found = []
    for at, (role, body, committee, votes) in enumerate(_ROLES):
        surname = _NAMES[order[at]]
        doctor = role in ("clinical lead", "practice member", "public health")
        title = "Dr" if doctor else "Cllr" if role == "councillor" else _TITLES[1 + order[at] % 3]
        found.append(Person(surname.split("-")[0].lower(), f"{title} {surname}", role, body, committee, votes))
    return tuple(found)


def invent_interests(people: Sequence[Person], rng: np.random.Generator) -> tuple[Interest, ...]:
    """Every clinical lead's practice and a few others: the usual ones, and two that matter."""
    leads = [each for each in people if each.role == "clinical lead"]
    found = []
    for at, each in enumerate(leads):
        day = date(2027, 4, 1) + timedelta(days=int(rng.integers(0, 200)))
        found.append(Interest(each.id, "financial", "actual", f"ZP{3 * at + 1:04d}", day, "self",
                              "partner in the practice"))
    for each, kind, standing, body, whose, says in (
            (leads[1], "financial", "actual", COMMUNITY, "self", "paid sessions for the community provider"),
            (leads[3], "indirect", "actual", HOSPITAL, "sister", "sister is a consultant there"),
            (people[1], "non-financial personal", "actual", "ZV03", "self", "trustee of the hospice"),
            (people[8], "non-financial professional", "perceived", COMMUNITY, "self", "worked there until 2024"),
            (people[9], "financial", "potential", INFIRMARY, "partner", "partner tendered for its laundry")):
        day = date(2027, 4, 1) + timedelta(days=int(rng.integers(0, 300)))
        found.append(Interest(each.id, kind, standing, body, day, whose, says))
    return tuple(found)


LADDER = {"financial": "leave", "non-financial professional": "speak_not_vote",
          "non-financial personal": "speak_not_vote", "indirect": "note"}


def meetings(people: Sequence[Person], interests: Sequence[Interest],
             programmes: Sequence[Programme]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Three meetings as ``evenhand decide quorum`` reads them; the second is not quorate, and the third repeats it."""
    committee = [each for each in people if each.committee]
    flagship, *others = programmes
    sat = ((date(2027, 12, 9), (), 0), (date(2028, 2, 10), (2, 3, 5, 7, 9, 10), 1), (date(2028, 3, 9), (), 1))
    for day, absent, part in sat:
        members = [{"id": each.id, "name": each.name, "roles": [each.role], "chair": each.role == "chair",
                    "deputy_chair": at_table == 1, "voting": each.votes, "attending": at_table not in absent}
                   for at_table, each in enumerate(committee)]
        items = [{"id": "1", "title": "Minutes and matters arising", "for": "information", "bodies": []},
                 {"id": "2", "title": flagship.idea.title, "for": "information" if part else "decision",
                  "bodies": [COMMUNITY, HOSPITAL]}]
        items += [{"id": str(3 + place), "title": each.idea.title, "for": "decision",
                   "bodies": ["ZP0001"] if place % 2 else ["ZV03"]}
                  for place, each in enumerate(others[4 * part:4 * part + 4])]
        yield f"{day}.json", {
            "title": f"Invented county: committee in common, {day.day} {day:%B %Y}", "members": members,
            "quorum": {"minimum": 7, "must_include": [{"role": "clinical lead", "at_least": 2},
                                                      {"role": "lay member", "at_least": 1}]},
            "interests": [{"member": each.member, "type": each.type, "standing": each.standing, "body": each.body,
                           "declared": str(each.declared), "whose": each.whose} for each in interests],
            "ladder": LADDER, "items": items}


# --- scores and weights -----------------------------------------------------------------------------------------------

CRITERIA = (("health", "Health gained", 30), ("equity", "Fairness between people", 20),
            ("experience", "What it is like for patients", 15), ("staff", "Staff can be found", 15),
            ("sure", "How sure we are that it works", 10), ("money", "What it costs, and what it frees", 10))


def criteria() -> dict[str, Any]:
    """``criteria.toml``: what options are judged by, agreed before they were scored."""
    return {"agreed": date(2027, 6, 3), "scale": [0, 100],
            "criteria": [{"id": name, "title": title, "direction": "max", "weight": weight,
                          "low": "0: as bad as can be expected", "high": "100: as good as can be expected"}
                         for name, title, weight in CRITERIA]}


def weights(people: Sequence[Person], rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    """Points of each committee member, 100 in all; clinicians lean to health, partners to fairness, and so on."""
    import numpy as np

    lean = {"clinical lead": "health", "finance": "money", "council partner": "equity", "voluntary partner": "equity",
            "lay member": "experience", "nurse": "staff"}
    for each in people:
        if each.committee and each.role != "secretary":
            tilt = [weight * (1.8 if lean.get(each.role) == name else 1.0) for name, _, weight in CRITERIA]
            points = np.floor(rng.dirichlet(np.array(tilt) / 3) * 100).astype(int)
            points[int(points.argmax())] += 100 - int(points.sum())
            for (name, _, _), given in zip(CRITERIA, points.tolist(), strict=True):
                yield each.id, each.role, name, given


def scores(people: Sequence[Person], options: Sequence[tuple[str, str]],
           rng: np.random.Generator) -> tuple[list[tuple[Any, ...]], dict[str, dict[str, float]]]:
    """Scores by person, option and criterion, and the true ones they scatter round; nobody scores everything."""
    true = {option: {name: float(round(rng.uniform(20, 90))) for name, _, _ in CRITERIA} for option, _ in options}
    rows = []
    for each in people:
        if not (each.committee and each.role != "secretary"):
            continue
        severe = float(rng.normal(0, 5))
        for option, _ in options:
            for name, _, _ in CRITERIA:
                given = round(min(100.0, max(0.0, true[option][name] + severe + float(rng.normal(0, 9)))))
                if rng.random() > 0.04:
                    rows.append((each.id, each.role, option, name, given))
    return rows, true


# --- who said what ----------------------------------------------------------------------------------------------------

STATEMENTS = (
    ("Care at home is better than a bed, if somebody comes", (1, 1, 1)),
    ("Nobody should have to travel more than thirty minutes for urgent care", (1, 1, 0)),
    ("Beds should not close before the nurses are in post", (1, 1, 1)),
    ("The hospital has too many beds", (-1, 1, 0)), ("Closing beds is about money and nothing else", (1, -1, 0)),
    ("Carers are asked to do too much already", (1, 0, 1)), ("I would rather see a nurse today than a doctor next week",
                                                             (0, 1, 1)),
    ("Letters should say what was decided and why", (1, 1, 1)), ("Telephone advice is good enough for most things",
                                                                 (-1, 1, 0)),
    ("Buses matter more than beds", (0, 0, 1)), ("Our town always loses", (1, -1, 1)),
    ("Money should follow the patient out of the hospital", (0, 1, 1)),
    ("Those who shout loudest are heard", (1, 0, 1)), ("New services should be tried in one town first", (0, 1, 0)),
    ("Young people are never asked", (0, 0, 1)), ("Results should be published, good or bad", (1, 1, 1)))
GROUPS = ("those who fear for their hospital", "those who want care at home", "those who are seldom asked")
MOODS = (0.46, 0.34, 0.20)
AGREED = ("s01", "s03", "s08", "s16")


def votes(rng: np.random.Generator, *, participants: int = 420) -> tuple[list[tuple[Any, ...]], list[int]]:
    """One row a participant: 1 agree, -1 disagree, 0 pass, empty not seen; and the group each belongs to."""
    rows, groups = [], rng.choice(3, participants, p=MOODS).tolist()
    for at, group in enumerate(groups):
        cells: list[Any] = []
        for _, leaning in STATEMENTS:
            seen, mood = rng.random() < 0.72, leaning[group]
            chances = {1: (0.82, 0.08), 0: (0.35, 0.35), -1: (0.08, 0.82)}[mood]
            draw = rng.random()
            cells.append("" if not seen else 1 if draw < chances[0] else -1 if draw < sum(chances) else 0)
        rows.append((f"p{at + 1:03d}", *cells))
    return rows, groups


THEMES = {
    "travel": ("There is no bus after six, how would I get there", "My mother cannot drive and the taxi costs too much",
               "Forty minutes each way is too far for a blood test"),
    "staff": ("Where will the nurses come from", "Our surgery cannot find a doctor as it is",
              "You must find the staff before you close anything"),
    "beds": ("Do not close the ward", "Beds are full every winter", "Once a bed is gone it never comes back"),
    "carers": ("It all falls on the family in the end", "I look after my husband day and night, who helps me",
               "Carers need a night off, not a leaflet"),
    "welcome": ("I was looked after at home last year and it was wonderful",
                "High time, nobody likes being in hospital", "If the nurse comes the same day I am all for it")}
CODEBOOK = {
    "Getting there": ["bus", "taxi", "drive", "forty minutes", "too far"],
    "Who will do it": ["nurses come from", "find a doctor", "find the staff"],
    "Fear for the ward": ["the ward", "our ward", "beds", "bed is gone"],
    "What falls on families": ["family", "husband", "wife", "carers"],
    "Welcome": ["wonderful", "high time", "all for it"]}
"""Themes as a person would name them on reading fifty replies, with the words that speak of each."""
CAMPAIGN = "Save our ward. I object to these plans and want the ward to stay open."


def replies(county: County, rng: np.random.Generator, *, count: int = 320) -> tuple[list[tuple[Any, ...]],
                                                                                    dict[str, Any]]:
    """Replies to the consultation on the flagship, with a letter many copied, and few from those who are young."""
    names = list(THEMES)
    areas = [each.name.removesuffix(" Commissioning Group") for each in county.ours]
    rows, told = [], dict.fromkeys(names, 0)
    copied = []
    for at in range(count):
        area = areas[int(rng.choice(5, p=[0.4, 0.2, 0.15, 0.15, 0.1]))]
        age = ("16 to 34", "35 to 64", "65 and over")[int(rng.choice(3, p=[0.05, 0.38, 0.57]))]
        group = ("public", "carer", "staff", "organisation")[int(rng.choice(4, p=[0.74, 0.14, 0.08, 0.04]))]
        if rng.random() < 0.16:
            text = CAMPAIGN + ("" if rng.random() < 0.7 else " Please listen.")
            copied.append(f"r{at + 1:03d}")
        else:
            chosen = rng.permutation(len(names))[:1 + int(rng.random() < 0.3)].tolist()
            text = ". ".join(THEMES[names[each]][int(rng.integers(0, 3))] for each in chosen) + "."
            for each in chosen:
                told[names[each]] += 1
        rows.append((f"r{at + 1:03d}", date(2027, 9, 6) + timedelta(days=int(rng.integers(0, 84))), group, age, area,
                     "What do you think of care closer to home?", text))
    return rows, {"themes": told, "copied_letters": copied, "seldom_heard": "16 to 34"}


def codebook() -> dict[str, Any]:
    """``codebook.toml``: the themes that people found on reading, with their words, as ``engage themes`` reads it."""
    return {"version": "1", "theme": [{"name": name, "words": words} for name, words in CODEBOOK.items()]}


def residents(county: County) -> Iterator[tuple[Any, ...]]:
    """Who lives here, by age and area, as ``evenhand engage reach`` reads it."""
    whole = int(county.people[:5, 0].sum())
    for name, share in (("16 to 34", 0.24), ("35 to 64", 0.38), ("65 and over", 0.21)):
        yield "age", name, round(whole * share)
    for at, body in enumerate(county.ours):
        yield "area", body.name.removesuffix(" Commissioning Group"), round(int(county.people[at, 0]) * 0.83)


def concerns(county: County, ideas: Sequence[Idea], rng: np.random.Generator,
             *, count: int = 60) -> Iterator[tuple[Any, ...]]:
    """What practice members reported, and what became of it; some were never answered."""
    ends = ("answered", "answered", "answered", "joined to another", "waiting", "never answered")
    for at in range(count):
        practice = county.practices[int(rng.integers(0, len(county.practices)))].place.code
        idea = ideas[int(rng.integers(0, len(ideas)))]
        yield (f"c{at + 1:03d}", date(2026, 5, 4) + timedelta(days=int(rng.integers(0, 640))), practice, idea.measure,
               f"We see more of this than we used to: {idea.service.lower()}.", ends[int(rng.integers(0, len(ends)))])
