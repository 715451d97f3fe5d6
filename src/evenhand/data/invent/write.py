"""The invented county as files: small ones whole, the large table of activity as it is drawn."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.data.invent import (
    activity,
    admissions,
    cases,
    delivery,
    describe,
    ground,
    hearing,
    people,
    places,
    plan,
    schemes,
)
from evenhand.data.invent.county import (
    FIRST,
    LAST,
    MERGED,
    MERGED_AT,
    MERGED_ON,
    MONTHS,
    OURS,
    County,
    invent_county,
    size_named,
)
from evenhand.data.invent.measures import (
    KINDS,
    LOOKS,
    SOURCE,
    Figures,
    Truth,
    draw,
    plant,
    with_the_merged,
)
from evenhand.data.invent.programmes import Idea, Programme, invent_programmes
from evenhand.data.invent.toml import as_toml
from evenhand.data.invent.truth import GAP_KINDS, bodies_at, gaps_truth, programmes_truth
from evenhand.terms import refuse
from evenhand.terms.words import counted

if TYPE_CHECKING:
    import numpy as np

PARTS = ("county", "programmes", "truth", "figures", "activity", "people", "schemes", "money", "plan",
         "places", "hearing", "admissions", "ground")
"""Each part draws from a generator of its own, so that a change to one does not move the others."""
TRUTH = "truth.json"


@dataclass(frozen=True)
class Invention:
    """Everything drawn, before it is written down."""

    county: County
    programmes: tuple[Programme, ...]
    ideas: tuple[Idea, ...]
    truth: Truth
    figures: Figures

    def chance(self, part: str) -> np.random.Generator:
        """The generator of one part."""
        return chance(self.county.seed, part)


def chance(seed: int, part: str) -> np.random.Generator:
    """The generator of one part (of ``PARTS``) under a seed."""
    import numpy as np

    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, PARTS.index(part)])))


def invent(size: str = "county", seed: int = 1) -> Invention:
    """Draw an invented county. Raises ``Refused`` for an unknown size and a negative seed."""
    if seed < 0:
        raise refuse("a seed is a whole number from 0 on", "write --seed 1", column="--seed", value=seed)
    county = invent_county(size_named(size), seed, chance(seed, "county"))
    programmes, ideas = invent_programmes(chance(seed, "programmes"))
    truth = plant(county, programmes, chance(seed, "truth"))
    return Invention(county, programmes, ideas, truth, draw(county, truth, chance(seed, "figures")))


def write_region(out: Path, *, size: str = "county", seed: int = 1) -> tuple[str, ...]:
    """Write the folder of an invented county, ready to run, and say in sentences what lies there.

    The same size and seed give the same bytes. Raises ``Refused`` where the folder holds something else.
    """
    invention = invent(size, seed)
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / TRUTH).is_file())):
        raise refuse("something else lies there already", "name a new or empty folder with --out", file=str(out))
    written, bytes_written = 0, 0
    for name, content in small_files(invention):
        _put(out / name, content)
        written, bytes_written = written + 1, bytes_written + len(content)
    rows, size_of = _write_activity(out / "activity", invention)
    county = invention.county
    return (f"{out}: an invented county of {counted(len(county.practices), 'practice')} under five commissioners that "
            f"became one, among {county.size.neighbours} neighbours: {len(KINDS)} measures over {MONTHS} months, "
            f"{counted(len(invention.programmes), 'programme')} whose true effect is known.",
            f"{counted(written + 1, 'file')}, {(bytes_written + size_of) / 1e6:.1f} MB; activity in {rows:,} rows.",
            f"evenhand run {out} --score sets what is found against what is so.")


def small_files(invention: Invention) -> Iterator[tuple[str, bytes]]:
    """Every file but the table of activity, by its path in the folder."""
    county, programmes = invention.county, invention.programmes
    yield "region.toml", describe.region(county, programmes).encode()
    yield "measures.toml", describe.measures().encode()
    yield "README.md", describe.read_first(county, programmes).encode()
    yield "organisations.csv", csv_bytes(("code", "name", "kind", "parent", "opened", "closed", "successor"),
                                         _organisations(county))
    yield "lineage.csv", csv_bytes(("from", "to", "date", "share", "basis"), (
        (code, MERGED, MERGED_ON, 1, "invented") for code in OURS))
    yield "figures/observations.csv.gz", gzipped(csv_bytes(
        ("measure", "unit", "month", "numerator", "denominator", "vintage", "source"), _observations(invention)))
    yield "figures/money.csv.gz", gzipped(csv_bytes(
        ("unit", "year", "line", "amount", "amount_unit", "recurrent", "source"), _money(invention)))
    yield "figures/bodies.csv", csv_bytes(places.COLUMNS, places.bodies(county, invention.chance("places")))
    for year, drawn in ground.boundaries(county, invention.chance("ground")).items():
        yield f"figures/boundaries-{year}.geojson", (json.dumps(drawn, separators=(",", ":")) + "\n").encode()
    yield "activity/practices.csv", csv_bytes(
        ("code", "name", "commissioner", "people", "share_over_75", "deprivation_fifth"),
        ((each.place.code, each.place.name, each.place.parent, each.people, each.over_75, each.deprivation_fifth)
         for each in county.practices))
    yield "activity/people_on_lists.csv.gz", gzipped(csv_bytes(("practice", "month", "people"), (
        (each.place.code, FIRST.plus(month), int(county.practice_people[at, month]))
        for at, each in enumerate(county.practices) for month in range(MONTHS))))
    told: dict[str, Any] = {}
    admitted, told["admissions"] = admissions.admissions(county, invention.chance("admissions"))
    yield "activity/admissions.csv.gz", gzipped(csv_bytes(admissions.COLUMNS, admitted))
    yield "activity/people_by_age.csv", csv_bytes(("practice", "age_band", "people"), admissions.people_rows(county))
    yield from _people_files(invention, told)
    yield TRUTH, json_bytes(truth_of(invention) | told)


def _people_files(invention: Invention, told: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """People, cases, the tracker, what was said and what was promised; ``told`` takes the truth about them."""
    county, programmes, ideas = invention.county, invention.programmes, invention.ideas
    rng = invention.chance("people")
    members = people.invent_people(rng)
    interests = people.invent_interests(members, rng)
    yield "people.csv", csv_bytes(("id", "name", "role", "organisation", "committee", "votes"), (
        (each.id, each.name, each.role, each.body, "yes" if each.committee else "no", "yes" if each.votes else "no")
        for each in members))
    yield "interests.csv", csv_bytes(("member", "type", "standing", "body", "declared", "whose", "says"), (
        (each.member, each.type, each.standing, each.body, each.declared, each.whose, each.says)
        for each in interests))
    for name, meeting in people.meetings(members, interests, programmes):
        yield f"meetings/{name}", json_bytes(meeting)
    yield "criteria.toml", as_toml(people.criteria(), opening=describe.INVENTED).encode()
    yield "weights.csv", csv_bytes(("person", "role", "criterion", "points"), people.weights(members, rng))
    options = [(each.id, each.idea.title) for each in programmes]
    options += [(f"millbrook-{each.id}", each.title) for each in ideas]
    rows, true_scores = people.scores(members, options, rng)
    yield "scores.csv", csv_bytes(("person", "role", "option", "criterion", "score"), rows)
    yield "plan.json", json_bytes(plan.plan(programmes, ideas, rows, invention.chance("plan")))
    answered, about_replies = people.replies(county, rng)
    told["engagement"] = about_replies
    yield from _engagement_files(invention, answered, told, rng)
    heard = Counter(row[3] for row in answered)
    for name, text in cases.proposals(county, programmes, ideas, invention.figures, members, interests, heard, rng):
        yield f"proposals/{name}", text.encode()
    yield "programmes/benefits.csv", csv_bytes(delivery.BENEFITS, delivery.benefits(
        programmes, invention.figures, members, rng))
    yield "programmes/milestones.csv", csv_bytes(delivery.MILESTONES, delivery.milestones(programmes, members, rng))
    flagship = programmes[0]
    yield "programmes/flagship.csv", csv_bytes(delivery.FLAGSHIP, delivery.flagship(county, invention.truth, flagship))
    for name, contract in delivery.contracts(county, invention.figures, invention.chance("activity")):
        yield f"contracts/{name}", json_bytes(contract)
    book, tracked = schemes.tracker(schemes.invent_schemes(programmes, ideas, members, invention.chance("schemes")))
    yield "schemes.xlsx", book
    told |= {"scores": true_scores, "cases": cases.truth(programmes), "tracker": tracked,
             "flagship": delivery.flagship_truth(county, invention.truth, flagship)}


def _engagement_files(invention: Invention, answered: Sequence[tuple[Any, ...]], told: dict[str, Any],
                      rng: np.random.Generator) -> Iterator[tuple[str, bytes]]:
    """Who must be heard, concerns, replies, who lives here, statements and votes."""
    county, programmes = invention.county, invention.programmes
    ideas = [*(each.idea for each in programmes), *invention.ideas]
    later = invention.chance("hearing")
    yield "engagement/plan.toml", as_toml(hearing.strategy(programmes[0]), opening=describe.INVENTED).encode()
    yield "engagement/stakeholders.csv", csv_bytes(hearing.COLUMNS, hearing.stakeholders(county, later))
    usual = [(*row[:4], "", *row[4:]) for row in people.concerns(county, ideas, rng)]
    swelling, told["concerns"] = hearing.later_concerns(county, programmes, invention.ideas[0], later,
                                                        first=len(usual) + 1)
    yield "engagement/concerns.csv", csv_bytes(
        ("id", "date", "practice", "measure", "service", "text", "what_became_of_it"),
        sorted([*usual, *swelling], key=lambda row: (row[1], row[0])))
    yield "engagement/replies.csv", csv_bytes(
        ("reply_id", "date", "respondent_group", "age", "area", "question", "text"), answered)
    yield "engagement/codebook.toml", as_toml(people.codebook(), opening=describe.INVENTED).encode()
    by_group = Counter((row[3], row[4]) for row in answered)
    yield "engagement/replies_by_group.csv", csv_bytes(
        ("age", "area", "replies"), ((*group, number) for group, number in sorted(by_group.items())))
    yield "engagement/residents.csv", csv_bytes(("dimension", "group", "population"), people.residents(county))
    codes = [f"s{at + 1:02d}" for at in range(len(people.STATEMENTS))]
    yield "engagement/statements.csv", csv_bytes(("statement", "text"), (
        (code, text) for code, (text, _) in zip(codes, people.STATEMENTS, strict=True)))
    voted, groups = people.votes(rng)
    yield "engagement/votes.csv", csv_bytes(("participant", *codes), voted)
    told["engagement"] |= {"opinion_groups": list(people.GROUPS), "group_of": dict(
        zip((row[0] for row in voted), groups, strict=True)), "agreed_by_all": list(people.AGREED)}


def truth_of(invention: Invention) -> dict[str, Any]:
    """What is really so, as ``truth.json`` holds it."""
    county, truth = invention.county, invention.truth
    return {
        "invented": True, "says": describe.INVENTED, "seed": county.seed, "size": county.size.name,
        "months": [str(FIRST), str(LAST)],
        "looks": [{"id": look, "from": str(FIRST.plus(first)), "to": str(FIRST.plus(last)),
                   "bodies_compared": len(bodies_at(county, first))} for look, first, last in LOOKS],
        "gap_kinds": GAP_KINDS, "gaps": gaps_truth(county, truth),
        "programmes": programmes_truth(county, truth, invention.programmes)}


# --- the figures ------------------------------------------------------------------------------------------------------


def _organisations(county: County) -> Iterator[tuple[Any, ...]]:
    every = [*county.commissioners[:len(OURS)], county.merged, *county.commissioners[len(OURS):], *county.providers,
             *county.partners, *(each.place for each in county.practices)]
    for each in every:
        yield (each.code, each.name, each.kind, each.parent, each.opened or "", each.closed or "", each.successor)


def _observations(invention: Invention) -> Iterator[tuple[Any, ...]]:
    """Measures by body and month: the five until they closed, then the one they became. Facts stay where they fell."""
    county = invention.county
    over, under = (with_the_merged(each) for each in (invention.figures.numerator, invention.figures.denominator))
    months = [str(FIRST.plus(month)) for month in range(MONTHS)]
    vintage = f"{FIRST} to {LAST}"
    codes = [*(each.code for each in county.commissioners), MERGED]
    for k, kind in enumerate(KINDS):
        for u, code in enumerate(codes):
            held = range(MERGED_AT) if code in OURS else range(MERGED_AT, MONTHS) if code == MERGED else range(MONTHS)
            for month in held:
                yield (kind.name, code, months[month], _figure(over[k, u, month], 2), _figure(under[k, u, month], 3),
                       vintage, SOURCE)


def _figure(value: float, digits: int) -> str:
    """A figure as short as it is exact: 12, 12.5."""
    return f"{value:.{digits}f}".rstrip("0").rstrip(".")


def _money(invention: Invention) -> Iterator[tuple[Any, ...]]:
    """Allocations of the five in their last year, and of the one they became, with their distances from target."""
    rng = invention.chance("money")
    county = invention.county
    distances = rng.normal(0.0, 2.5, len(OURS)).round(2)
    for year in range(MERGED_AT // 12 - 1, MONTHS // 12):
        named = FIRST.plus(12 * year).financial_year
        heads = county.people[:len(OURS), 12 * year]
        amounts = [round(float(1_480 * (1.03 ** year) * people * (1 + distance / 100)), -3)
                   for people, distance in zip(heads, distances, strict=True)]
        if 12 * year >= MERGED_AT:
            whole = sum(amounts)
            target = sum(amount / (1 + distance / 100) for amount, distance in zip(amounts, distances, strict=True))
            held = [(MERGED, whole, round((whole / target - 1) * 100, 2))]
        else:
            held = list(zip(OURS, amounts, distances.tolist(), strict=True))
        for code, amount, distance in held:
            yield (code, named, "allocation", amount, "pounds", "", SOURCE)
            yield (code, named, "closing distance from target", distance, "per cent", "", SOURCE)


# --- activity ---------------------------------------------------------------------------------------------------------


def _splits(invention: Invention) -> Iterator[activity.Split]:
    rng = invention.chance("activity")
    yield from activity.split_ours(invention.county, invention.figures, rng)
    if invention.county.size.practices_everywhere:
        yield from activity.split_neighbours(invention.county, invention.figures, rng)


def _write_activity(folder: Path, invention: Invention) -> tuple[int, int]:
    """Write the table of activity as it is drawn, never whole in memory; give its rows and its bytes."""
    everywhere = invention.county.size.practices_everywhere
    path = folder / ("activity.parquet" if everywhere else "activity.csv.gz")
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    tables = (activity.table_of(each) for each in _splits(invention))
    rows = _as_parquet(part, tables) if everywhere else _as_csv(part, tables)
    part.replace(path)
    return rows, path.stat().st_size


def _as_parquet(path: Path, tables: Iterable[Any]) -> int:
    import pyarrow.parquet as pq

    rows = 0
    writer = None
    try:
        for table in tables:
            writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table)
            rows += table.num_rows
    finally:
        if writer is not None:
            writer.close()
    return rows


def _as_csv(path: Path, tables: Iterable[Any]) -> int:
    import pyarrow.csv as arrow_csv

    rows = 0
    options = arrow_csv.WriteOptions(include_header=False, quoting_style="none")
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write((",".join(activity.COLUMNS) + "\n").encode())
        for table in tables:
            arrow_csv.write_csv(table, packed, options)
            rows += table.num_rows
    return rows


# --- bytes ------------------------------------------------------------------------------------------------------------


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode()


def json_bytes(document: Mapping[str, Any]) -> bytes:
    """A document as JSON that a person can read."""
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def gzipped(content: bytes) -> bytes:
    """Packed with no time in it, so that the same content gives the same bytes."""
    return gzip.compress(content, 9, mtime=0)


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)
