"""Places of an invented county and of its invented neighbours: bodies, practices, providers, people on their lists.

No name here is that of an English commissioner, trust, or town that has one, and no code has a shape that the
Organisation Data Service gives (three or five characters, or a letter and five digits for a practice).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from evenhand.terms import Month, refuse
from evenhand.terms.words import listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COUNTY = "Millbrook"
FIRST = Month(2026, 4)
MONTHS = 60
LAST = FIRST.plus(MONTHS - 1)
MERGED_AT = 48
"""The month, counted from the first, in which the five bodies became one."""
MERGED_ON = FIRST.plus(MERGED_AT).first_day()
OPENED = date(2024, 4, 1)
OURS = ("ZM01", "ZM02", "ZM03", "ZM04", "ZM05")
MERGED = "ZM10"
HOSPITAL, COMMUNITY, INFIRMARY = "ZH01", "ZH02", "ZH03"
COUNCIL = "ZL01"
COMMISSIONER = "commissioner (invented)"
YEARLY_GROWTH = 0.004


@dataclass(frozen=True)
class Size:
    """How much is invented: neighbours to rank among, practices of the county, and whether neighbours have theirs."""

    name: str
    neighbours: int
    practices: int
    practices_everywhere: bool = False


SIZES = {each.name: each for each in (
    Size("small", neighbours=45, practices=20), Size("county", neighbours=95, practices=60),
    Size("england", neighbours=101, practices=60, practices_everywhere=True))}
PEOPLE_TO_A_PRACTICE = 9_000


@dataclass(frozen=True)
class Place:
    """One invented body. ``parent`` is the commissioner that a practice or a voluntary partner belongs to."""

    code: str
    name: str
    kind: str
    parent: str = ""
    opened: date | None = None
    closed: date | None = None
    successor: str = ""


@dataclass(frozen=True)
class Practice:
    """A practice: people on its list in the first month, its share of them over 75, its fifth of deprivation."""

    place: Place
    people: int
    over_75: float
    deprivation_fifth: int


@dataclass(frozen=True)
class County:
    """An invented county among its invented neighbours.

    ``people`` counts the registered of every commissioner by month, shape (commissioners, months), the five bodies of
    the county first, in whole persons; ``practices`` are those of the county, by commissioner.
    """

    size: Size
    seed: int
    commissioners: tuple[Place, ...]
    practices: tuple[Practice, ...]
    providers: tuple[Place, ...]
    partners: tuple[Place, ...]
    people: NDArray[np.int64]
    practice_people: NDArray[np.int64]

    @property
    def ours(self) -> tuple[Place, ...]:
        """The five bodies that became one."""
        return self.commissioners[:len(OURS)]

    @property
    def merged(self) -> Place:
        """The body that the five became."""
        return Place(MERGED, f"{COUNTY} Commissioning Group", COMMISSIONER, opened=MERGED_ON)

    def practices_of(self, code: str) -> list[int]:
        """Where the practices of one commissioner stand among all."""
        return [at for at, each in enumerate(self.practices) if each.place.parent == code]


def size_named(name: str) -> Size:
    """The size of that name. Raises ``Refused``, naming those there are."""
    if name not in SIZES:
        raise refuse("there is no such size", f"choose from {listed(list(SIZES), joint='or')}", column="--size",
                     value=name)
    return SIZES[name]


_BEGINNINGS = ("Quill", "Thistle", "Wether", "Bracken", "Dunnock", "Larks", "Tansy", "Sorrel", "Yarrow", "Teasel",
               "Plover", "Curlew", "Linnet", "Siskin", "Fescue", "Sedge", "Burdock", "Campion", "Bryony", "Comfrey",
               "Madder", "Vetch", "Pipit", "Avocet", "Sallow", "Medlar")
_ENDINGS = ("mere", "combe", "wold", "hythe", "garth", "thorpe", "bourne", "worth", "holt", "sted")
_ABOUT_A_PRACTICE = ("Mill Race", "Old Forge", "Ropewalk", "Tollgate", "Weavers", "Saltings", "Lockside", "Orchard",
                     "Maltings", "Ferry", "Tannery", "Beacon", "Drovers", "Long Acre", "Windmill", "Signal Box",
                     "Almshouse", "Packhorse", "Limekiln", "Osier Bed")


def place_names(count: int, rng: np.random.Generator) -> list[str]:
    """So many different names of places, none of them a real town's."""
    every = [first + last for first in _BEGINNINGS for last in _ENDINGS]
    return [every[at] for at in rng.permutation(len(every))[:count].tolist()]


def invent_county(size: Size, seed: int, rng: np.random.Generator) -> County:
    """Bodies, practices and people of one size. The same generator in the same state gives the same county."""
    import numpy as np

    names = place_names(len(OURS) + size.neighbours, rng)
    ours = [Place(code, f"{name} Commissioning Group", COMMISSIONER, opened=OPENED, closed=FIRST.plus(MERGED_AT - 1)
                  .first_day().replace(day=31), successor=MERGED)
            for code, name in zip(OURS, names, strict=False)]
    neighbours = [Place(f"ZC{at:02d}" if at < 100 else f"ZD{at - 100:02d}", f"{name} Commissioning Group",
                        COMMISSIONER, opened=OPENED) for at, name in enumerate(names[len(OURS):], start=1)]
    shares = rng.dirichlet(np.full(len(OURS), 30.0))
    numbers = np.maximum(np.round(shares * size.practices).astype(int), 2)
    numbers[int(numbers.argmax())] += size.practices - int(numbers.sum())
    practices = _practices(ours, numbers.tolist(), size, rng)
    listed_people = np.array([each.people for each in practices])
    growth = (1 + YEARLY_GROWTH) ** (np.arange(MONTHS) / 12)
    practice_people = np.round(listed_people[:, None] * growth).astype(np.int64)
    own = np.stack([practice_people[[at for at, each in enumerate(practices) if each.place.parent == body.code]]
                    .sum(axis=0) for body in ours])
    # A neighbour has as many people as an English commissioner where all of England is meant.
    usual = 520_000 if size.practices_everywhere else 230_000
    first = np.clip(rng.lognormal(np.log(usual), 0.45, size.neighbours), 0.4 * usual, 4 * usual)
    theirs = np.round(first[:, None] * growth).astype(np.int64)
    return County(size, seed, (*ours, *neighbours), practices, _providers(names), _partners(ours, names),
                  np.concatenate([own, theirs]), practice_people)


def _practices(ours: list[Place], numbers: list[int], size: Size, rng: np.random.Generator) -> tuple[Practice, ...]:
    """Practices of 3,000 to 18,000 people; smaller counties have larger ones, so that a body stays a body."""
    import numpy as np

    found: list[Practice] = []
    usual = PEOPLE_TO_A_PRACTICE * (1.6 if size.practices < 40 else 1.0)
    for body, number in zip(ours, numbers, strict=True):
        people = np.clip(rng.lognormal(np.log(usual), 0.35, number), 3_000, 26_000)
        over_75 = np.clip(rng.normal(0.095, 0.025, number), 0.03, 0.2)
        fifths = rng.integers(1, 6, number)
        town = body.name.removesuffix(" Commissioning Group")
        for at in range(number):
            title = _ABOUT_A_PRACTICE[(len(found) + at) % len(_ABOUT_A_PRACTICE)]
            place = Place(f"ZP{len(found) + 1:04d}", f"{title} Surgery, {town}", "practice (invented)", body.code,
                          OPENED)
            found.append(Practice(place, int(people[at]), round(float(over_75[at]), 3), int(fifths[at])))
    return tuple(found)


def _providers(names: list[str]) -> tuple[Place, ...]:
    return (Place(HOSPITAL, f"{COUNTY} County Hospitals", "hospital provider (invented)", opened=OPENED),
            Place(COMMUNITY, f"{COUNTY} Community and Mental Health Care", "community provider (invented)",
                  opened=OPENED),
            Place(INFIRMARY, f"{names[4]} Infirmary", "hospital provider (invented)", opened=OPENED))


def _partners(ours: list[Place], names: list[str]) -> tuple[Place, ...]:
    return (Place(COUNCIL, f"{COUNTY} County Council (invented)", "council (invented)", opened=OPENED),
            Place("ZV01", f"Carers of {names[0]}", "voluntary partner (invented)", ours[0].code, OPENED),
            Place("ZV02", f"{names[2]} Befrienders", "voluntary partner (invented)", ours[2].code, OPENED),
            Place("ZV03", f"{COUNTY} Hospice at Home", "voluntary partner (invented)", opened=OPENED),
            Place("ZV04", f"{COUNTY} Healthwatchers", "voluntary partner (invented)", opened=OPENED))
