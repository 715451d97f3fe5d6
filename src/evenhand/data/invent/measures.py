"""Twenty-four invented measures over sixty months, with gaps planted that are real and gaps that are not.

Every figure is drawn around a level that is known: the measure's own, its trend and season, how far the body really
lies from the middle (its *excess*, on the worse side above nought), what a programme really did, a bad year that goes
by itself, a level that wanders, and chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evenhand.data.invent.county import MERGED_AT, MONTHS, OURS, County
from evenhand.data.invent.programmes import Programme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SOURCE = "invented-county"
REAL, SLIGHT = 0.05, 0.02
"""A gap is real from this share above the middle on; below ``SLIGHT`` there is none; between them it counts neither
for nor against anybody."""
WANDER, MEMORY = 0.022, 0.65
"""Standard deviation and month-to-month correlation of the level that wanders."""
LOOKS = (("2027-28", 12, 23), ("2029-30", 36, 47), ("2030-31", 48, 59))
"""Years to look at: an identifier, the first and the last month counted from the first."""
BAD_YEAR = (8, 28)
"""Months over which a bad year swells and goes by itself; it stands highest in the first year looked at."""

Way = Literal["low", "high"]


@dataclass(frozen=True)
class Kind:
    """One invented measure.

    ``level`` is events (or pounds) for 1,000 patients a month, or for a share the share itself; ``flow`` the events of
    a share's denominator for 1,000 patients a month, nought for a stock; ``price`` pounds an item, nought for counts;
    ``between`` how far bodies really lie apart (standard deviation of the log); ``pod`` the point of delivery whose
    activity it counts.
    """

    name: str
    title: str
    counted: str
    good: Way
    level: float
    unit: str
    why: str
    trend: float = 0.0
    season: float = 0.0
    between: float = 0.07
    flow: float = 0.0
    price: float = 0.0
    of: str = ""
    pod: str = ""

    @property
    def is_share(self) -> bool:
        """Whether it is a share of events, and not a number for 1,000 patients."""
        return self.flow > 0


_PER = "per 1,000 patients"
KINDS = (
    Kind("emergency_admissions", "Emergency admissions to hospital", "admissions", "low", 8.6, _PER,
         "A stay that care at home could have spared tires the patient and fills the ward.", 0.012, 0.08, 0.06,
         pod="emergency admission"),
    Kind("ae_attendances", "Attendances at accident and emergency", "attendances", "low", 31.0, _PER,
         "Some would have been served sooner elsewhere.", 0.015, 0.05, 0.07, pod="accident and emergency"),
    Kind("outpatient_firsts", "First outpatient appointments", "appointments", "low", 27.0, _PER,
         "Advice between doctors spares some patients the journey.", 0.005, 0.04, 0.07, pod="first outpatient"),
    Kind("outpatient_follow_ups", "Follow-up outpatient appointments", "appointments", "low", 58.0, _PER,
         "Patients come back by the calendar and not when they need to.", -0.045, 0.04, 0.08,
         pod="follow-up outpatient"),
    Kind("planned_stays", "Planned stays of a night or more", "stays", "low", 2.3, _PER,
         "Many operations no longer need a bed for the night.", -0.03, 0.05, 0.07, pod="planned stay"),
    Kind("day_cases", "Day cases", "day cases", "high", 10.5, _PER, "Home the same day, and fewer waits.", 0.01, 0.04,
         0.06, pod="day case"),
    Kind("community_contacts", "Contacts of community nurses and therapists", "contacts", "high", 46.0, _PER,
         "Care at home needs people who come.", 0.0, 0.02, 0.07, pod="community contact"),
    Kind("practice_appointments", "Appointments in general practice", "appointments", "high", 430.0, _PER,
         "The first door, and for most the only one.", 0.01, 0.05, 0.05, pod="practice appointment"),
    Kind("falls_admissions", "Admissions after a fall, over 65", "admissions", "low", 0.95, _PER,
         "Balance classes and safe homes prevent falls.", 0.01, 0.06, 0.08),
    Kind("asthma_admissions", "Admissions with asthma", "admissions", "low", 0.24, _PER,
         "Most are a sign that treatment was not looked at.", -0.01, 0.15, 0.08),
    Kind("foot_amputations", "Amputations in diabetes", "amputations", "low", 0.016, _PER,
         "Four in five begin with an ulcer that could have been healed.", 0.0, 0.0, 0.08),
    Kind("tooth_extractions", "Teeth of under-tens taken out in hospital", "children", "low", 0.035, _PER,
         "Decay can be prevented, and a general anaesthetic is no small thing.", -0.02, 0.0, 0.1),
    Kind("crisis_admissions", "Admissions in a mental health crisis", "admissions", "low", 0.2, _PER,
         "Help by night at home spares some of them.", 0.015, 0.03, 0.08),
    Kind("alcohol_admissions", "Admissions because of alcohol", "admissions", "low", 0.62, _PER,
         "A short talk at the right moment works.", 0.01, 0.05, 0.09),
    Kind("deaths_in_hospital", "Deaths that happened in hospital", "deaths", "low", 0.45, "share of all deaths",
         "Most people say that they would rather die at home.", -0.02, 0.02, 0.06, flow=0.78, of="deaths"),
    Kind("diabetes_checks", "Yearly checks in diabetes, all eight done", "reviews", "high", 0.62, "share of reviews",
         "What is not looked at is not treated.", -0.02, 0.02, 0.06, flow=4.2, of="reviews due"),
    Kind("urgent_seen", "Urgent cancer referrals seen within two weeks", "patients", "high", 0.91,
         "share of referrals", "Two weeks of waiting are long enough.", 0.03, 0.03, 0.1, flow=2.6, of="referrals"),
    Kind("treated_in_18_weeks", "Treated within eighteen weeks", "patients", "high", 0.82, "share of those treated",
         "Those who wait get worse, and cannot work.", 0.03, 0.02, 0.08, flow=12.0, of="patients treated"),
    Kind("broad_antibiotics", "Broad-spectrum antibiotics", "items", "low", 0.095, "share of antibiotics",
         "Kept for those who need them, or they stop working.", -0.05, 0.02, 0.08, flow=44.0, of="antibiotic items"),
    Kind("physical_checks", "Health checks for people with a severe mental illness", "people", "high", 0.55,
         "share of people due", "They die fifteen years early, of illnesses that can be found.", -0.03, 0.0, 0.08,
         flow=0.9, of="people due"),
    Kind("costly_inhalers", "Costly inhalers", "pounds", "low", 900.0, f"pounds {_PER}",
         "Others do the same for a third of the price.", 0.01, 0.05, 0.08, price=31.0),
    Kind("low_value_medicines", "Medicines of low value", "pounds", "low", 210.0, f"pounds {_PER}",
         "Money for what helps nobody is missing elsewhere.", -0.06, 0.0, 0.1, price=12.0),
    Kind("dressings", "Dressings for wounds", "pounds", "low", 330.0, f"pounds {_PER}",
         "Some wounds are dressed for years and never looked into.", 0.01, 0.0, 0.09, price=19.0),
    Kind("sip_feeds", "Sip feeds", "pounds", "low", 260.0, f"pounds {_PER}",
         "Food first; a drink on prescription second.", 0.02, 0.0, 0.09, price=44.0),
)
BY_NAME = {each.name: each for each in KINDS}
PLACE_OF = {each.name: at for at, each in enumerate(KINDS)}


@dataclass(frozen=True)
class Truth:
    """What no analyst can see, by measure, commissioner and month; the five bodies of the county first.

    ``excess`` (measures, commissioners) and ``bad_year``, ``done`` (measures, commissioners, months) are logs on the
    worse side: 0.2 is about 22% more of what nobody wants. ``done`` is what programmes really did, below nought where
    they helped.
    """

    excess: Floats
    bad_year: Floats
    done: Floats


@dataclass(frozen=True)
class Figures:
    """What an analyst sees: numerators and denominators, shape (measures, commissioners, months)."""

    numerator: Floats
    denominator: Floats


def plant(county: County, programmes: tuple[Programme, ...], rng: np.random.Generator) -> Truth:
    """Draw where bodies really lie, where a year will be bad, and lay the programmes' effects on top."""
    import numpy as np

    units = len(county.commissioners)
    ours = len(OURS)
    excess = rng.normal(0.0, 1.0, (len(KINDS), units)) * np.array([each.between for each in KINDS])[:, None]
    excess[:, :ours] = rng.normal(0.0, 0.004, (len(KINDS), ours))
    bad_year = np.zeros((len(KINDS), units, MONTHS))
    first, last = BAD_YEAR
    shape = np.zeros(MONTHS)
    shape[first:last + 1] = np.sin(np.pi * (np.arange(first, last + 1) - first) / (last - first)) ** 2
    bad = rng.random((len(KINDS), units)) < 0.06
    bad_year += np.where(bad, rng.uniform(0.15, 0.4, bad.shape), 0.0)[:, :, None] * shape
    bad_year[:, :ours] = 0.0
    free = [(k, u) for k in range(len(KINDS)) for u in range(ours)
            if not any(PLACE_OF[each.measure] == k and OURS[u] in each.of for each in programmes)]
    order = rng.permutation(len(free)).tolist()
    sizes = rng.uniform(0.12, 0.36, len(free))
    for at in order[:18]:
        excess[free[at]] += sizes[at]
    for at in order[18:26]:
        excess[free[at]] -= sizes[at]
    for at in order[26:33]:
        bad_year[free[at]] += sizes[at] * 1.2 * shape
    for each in programmes:
        k = PLACE_OF[each.measure]
        for code in each.of:
            u = OURS.index(code)
            if each.bad_year:
                bad_year[k, u] += each.bad_year * shape
            excess[k, u] += each.excess
    # The middle of the commissioners is nought, so that an excess is a distance from it.
    excess -= np.median(excess, axis=1, keepdims=True)
    done = np.zeros((len(KINDS), units, MONTHS))
    for each in programmes:
        for measure, effect in each.effects().items():
            for code in each.of:
                done[PLACE_OF[measure], OURS.index(code)] += effect
    return Truth(excess, bad_year, done)


def expected(county: County, truth: Truth, *, with_programmes: bool = True, with_bad_year: bool = False) -> Floats:
    """The value that is really there, without chance: events for 1,000 patients in a month, or a share.

    Shape (measures, commissioners, months).
    """
    return values_at(_worse(county, truth, with_programmes=with_programmes, with_bad_year=with_bad_year))


def _worse(county: County, truth: Truth, *, with_programmes: bool, with_bad_year: bool) -> Floats:
    import numpy as np

    worse = np.repeat(truth.excess[:, :, None], MONTHS, axis=2)
    if with_programmes:
        worse = worse + truth.done
    if with_bad_year:
        worse = worse + truth.bad_year
    return worse


def values_at(worse: Floats) -> Floats:
    """Values from logs on the worse side, shape (measures, commissioners, months): trend and season laid on."""
    import numpy as np

    months = np.arange(MONTHS)
    found = np.empty_like(worse)
    for k, kind in enumerate(KINDS):
        # December and January are the height of the season: nine months after April.
        moved = kind.trend * months / 12 + kind.season * np.cos(2 * np.pi * (months - 8.5) / 12)
        if kind.is_share and kind.good == "high":
            found[k] = 1 - np.clip((1 - kind.level) * np.exp(worse[k] + moved), 0.005, 0.97)
        elif kind.is_share:
            found[k] = np.clip(kind.level * np.exp(worse[k] + moved), 0.005, 0.97)
        else:
            found[k] = kind.level * np.exp((worse[k] if kind.good == "low" else -worse[k]) + moved)
    return found


def draw(county: County, truth: Truth, rng: np.random.Generator) -> Figures:
    """Draw what is counted each month."""
    import numpy as np

    units = len(county.commissioners)
    worse = _worse(county, truth, with_programmes=True, with_bad_year=True) + _wandering(units, rng)
    values = values_at(worse)
    thousands = county.people / 1000
    numerator, denominator = np.empty_like(values), np.empty_like(values)
    for k, kind in enumerate(KINDS):
        if kind.is_share:
            denominator[k] = np.maximum(rng.poisson(kind.flow * thousands), 1)
            numerator[k] = rng.binomial(denominator[k].astype(np.int64), values[k])
        elif kind.price:
            denominator[k] = thousands
            items = rng.poisson(values[k] / kind.price * thousands)
            prices = 1 + rng.normal(0.0, 0.25, items.shape) / np.sqrt(np.maximum(items, 1))
            numerator[k] = np.round(items * kind.price * prices, 2)
        else:
            denominator[k] = thousands
            numerator[k] = rng.poisson(values[k] * thousands)
    return Figures(numerator, denominator)


def _wandering(units: int, rng: np.random.Generator) -> Floats:
    """Levels that wander: each month keeps part of what the month before had over the usual."""
    import numpy as np

    steps = rng.normal(0.0, WANDER * np.sqrt(1 - MEMORY**2), (len(KINDS), units, MONTHS))
    found = np.empty_like(steps)
    found[:, :, 0] = rng.normal(0.0, WANDER, (len(KINDS), units))
    for month in range(1, MONTHS):
        found[:, :, month] = MEMORY * found[:, :, month - 1] + steps[:, :, month]
    return found


def weighted(county: County, values: Floats) -> tuple[Floats, Floats]:
    """Expected numerators and denominators of values as ``expected`` gives them."""
    import numpy as np

    thousands = county.people / 1000
    under = np.stack([thousands * (kind.flow or 1.0) for kind in KINDS])
    return values * under, under


def with_the_merged(block: Floats) -> Floats:
    """The five bodies' rows added up as one, put last: shape (measures, commissioners + 1, months)."""
    import numpy as np

    return np.concatenate([block, block[:, :len(OURS)].sum(axis=1, keepdims=True)], axis=1)


def is_held(at: int, month: int) -> bool:
    """Whether a row stands in the figures: the five until they closed, the one they became from then on."""
    if at < len(OURS):
        return month < MERGED_AT
    return True
