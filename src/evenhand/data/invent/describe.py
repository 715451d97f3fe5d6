"""What the folder of an invented county says of itself: region.toml, measures.toml and a page to read first."""

from __future__ import annotations

from datetime import date
from typing import Any

from evenhand.data.invent.county import COUNTY, FIRST, LAST, MERGED, MERGED_AT, MERGED_ON, OURS, County
from evenhand.data.invent.knowing import how_we_shall_know
from evenhand.data.invent.measures import KINDS, LOOKS, SOURCE, Kind
from evenhand.data.invent.programmes import PROMPTED, START, WATCHED_TO, Programme
from evenhand.data.invent.toml import as_toml

INVENTED = "Invented county: nobody and nothing here is real."
TITLE = "figures of the invented county"


def region(county: County, programmes: tuple[Programme, ...]) -> str:
    """``region.toml``: the bodies, where to look, and what to ask of each programme."""
    looks: list[dict[str, Any]] = []
    for look, first, last in LOOKS:
        looks.append({"id": look, "title": f"On the boundaries of {look.replace('-', '/')}",
                      "of": list(OURS) if first < MERGED_AT else [MERGED], "figures": _figures(),
                      "from": str(FIRST.plus(first)), "to": str(FIRST.plus(last))})
    asked: list[dict[str, Any]] = []
    for each in programmes:
        asked.append({
            "id": each.id.removeprefix("millbrook-"), "case": each.id, "kind": "beside others",
            "question": f"Did “{each.idea.title}” change what it was for?", "measure": each.measure,
            "of": list(each.of), "figures": [_figures()], "last": str(FIRST.plus(WATCHED_TO)),
            "start": str(FIRST.plus(START)),
            "prompted": f"{FIRST.plus(PROMPTED[0])}/{FIRST.plus(PROMPTED[1])}",
            "direction": "decrease", "promised": each.promised, **how_we_shall_know(county, each)})
    return as_toml({
        "name": COUNTY, "slug": "millbrook", "invented": True, "bodies": [*OURS, MERGED], "today": MERGED,
        "price_base": "pounds of the month, as paid: not adjusted for prices", "suppression": "none",
        "suppression_because": "every figure is invented",
        "engagement": {"case": programmes[0].id, "kind": "Consultation", "opened": date(2027, 9, 6),
                       "closed": date(2027, 11, 28), "campaign_from": 10, "campaign_words": 13},
        "find": looks, "evaluate": asked},
        opening=f"{INVENTED}\nMade by: evenhand data invent --seed {county.seed} --size {county.size.name} --out DIR")


def _figures() -> dict[str, str]:
    return {"source": SOURCE, "title": TITLE}


def measures() -> str:
    """``measures.toml``: what each measure counts, in the form that the packaged document has."""
    described = {}
    for kind in KINDS:
        described[kind.name] = {
            "title": kind.title, "unit": kind.unit if not kind.price else "pounds per 1,000 patients",
            "numerator": kind.counted, "numerator_unit": "pounds" if kind.price else kind.counted,
            "denominator": kind.of or "registered patients, in thousands",
            "denominator_kind": "flow" if kind.is_share else "stock", "direction": kind.good, "why": kind.why,
            "source": "invented", "traps": [_trap(kind)]}
    return as_toml({"checker": "not yet checked", "next_review": "2031-04",
                    "sources": {"invented": "Invented county: drawn by evenhand data invent"}, "measure": described},
                   opening=INVENTED)


def _trap(kind: Kind) -> str:
    if kind.level < 0.05:
        return "Few cases a year: chance alone moves it far, up and down."
    if abs(kind.trend) >= 0.03:
        way = "falls" if (kind.trend < 0) == (kind.good == "low") else "rises"
        return f"It {way} everywhere: a change from one year to the next is not a programme's doing."
    return "A year can be bad by chance; look at the next before acting."


def read_first(county: County, programmes: tuple[Programme, ...]) -> str:
    """``README.md``: what lies here, and how it was made."""
    size = county.size
    return f"""# {COUNTY}: an invented county

{INVENTED} It was drawn by
`evenhand data invent --seed {county.seed} --size {size.name}`; the same seed gives the same bytes. Do not correct a
file by hand: change the generator, and write the folder anew.

Five commissioners ({OURS[0]} to {OURS[-1]}) became one ({MERGED}) on {MERGED_ON.day} April {MERGED_ON.year}.
{len(county.practices)} practices, three providers, a council and four voluntary partners; {size.neighbours}
neighbouring commissioners to be compared with; 24 measures from {FIRST.words} to {LAST.words};
{len(programmes)} programmes that began in {FIRST.plus(START).words}.

| file | holds |
|---|---|
| `region.toml` | what `evenhand run` reads first |
| `organisations.csv`, `lineage.csv` | every body with its dates; who came after whom |
| `measures.toml` | what each measure counts and which side is good |
| `figures/` | observations by measure, body and month; allocations; `bodies.csv`: what each body is like, for peers |
| `figures/boundaries-YEAR.geojson` | who borders on whom, before the merger and after, for maps |
| `activity/` | activity by practice, provider and point of delivery; people on lists; practices |
| `activity/admissions.csv.gz`, `people_by_age.csv` | a year's emergency admissions by diagnosis; people by age |
| `proposals/` | twelve cases, from raised to sustained |
| `schemes.xlsx` | a working tracker of sixty schemes, as messy as they are |
| `people.csv`, `interests.csv`, `meetings/` | members, what they declared, three meetings |
| `criteria.toml`, `scores.csv`, `weights.csv` | what options are judged by, and what each person gave |
| `plan.json` | what each of twelve schemes is worth, costs, asks of staff and moves between bodies; the limits |
| `engagement/plan.toml`, `stakeholders.csv` | who must be heard, how and by when, and who was |
| `engagement/concerns.csv` | what practices said keeps going wrong, and what became of it |
| `engagement/`, the rest | replies to a consultation and their codebook, statements and votes on them, who lives here |
| `contracts/` | what is paid to whom on which terms, with the activity of a year |
| `programmes/` | promised and seen by month; milestones; the flagship's capacity, patients moved and stranded cost |
| `truth.json` | what is really so: no analyst has it, and every method is scored against it |

```
evenhand run examples/millbrook
evenhand run examples/millbrook --score
```
"""
