"""What each option would do: scores by person beside agreed weights, and what the order turns on."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

from evenhand.appraise import score, smaa
from evenhand.data import tables
from evenhand.figures import Answer
from evenhand.papers import Appraisal, Criterion, Header, Method, Score, subject
from evenhand.region.engaging import figures_of, without_words
from evenhand.region.folder import read_toml
from evenhand.region.job import Done, Job
from evenhand.region.proposals import read_case
from evenhand.terms import Estimate, refuse
from evenhand.terms.words import counted, per_cent

ROOM = "What each option would do"
CRITERIA, SCORES, WEIGHTS = "criteria.toml", "scores.csv", "weights.csv"
DRAWS, SEED = 20_000, 1
ALONE = "others, one of each role"
"""Roles that one person holds are put together: by themselves they would tell what that person thinks."""


@dataclass(frozen=True)
class Given:
    """What people gave: scores by option and criterion (one a person), and rows of weights by role and person."""

    scores: Mapping[tuple[str, str], Sequence[float]]
    people: int
    weights: Sequence[Mapping[str, Any]]


def appraised(job: Job) -> Done:
    """Score every option that people scored, and say how often each comes first when nothing is quite certain."""
    if missing := job.folder.lacks(CRITERIA, SCORES, WEIGHTS):
        return Done(ROOM, (f"Not appraised: {missing}.",))
    agreed = read_toml(job.folder.path / CRITERIA)
    given = _given(job)
    criteria = agreed["criteria"]
    options = list(dict.fromkeys(option for option, _ in given.scores))
    named = _named(options, titles_of(job))
    ids = {name: option for option, name in named.items()}
    certain = score(_model(agreed, criteria, named, given, fmean))
    doubtful = smaa(_model(agreed, criteria, named, given, _spread), groups=_as_csv(given.weights),
                    draws=DRAWS, seed=SEED)
    ranking = [row["alternative"] for row in sorted(certain.fields["rows"], key=lambda row: row["rank"])]
    sentence = _sentence(certain, doubtful, ranking, given.people)
    paper = job.keep(Appraisal(
        header=Header(subject=subject("plan", job.folder.region.slug), seed=SEED,
                      made_from=job.folder.as_sources(CRITERIA, SCORES, WEIGHTS), settings={"draws": DRAWS},
                      method=Method(certain.method.name, certain.method.version, certain.method.source)),
        options=tuple(options), ranking=tuple(ids[name] for name in ranking),
        criteria=tuple(Criterion(id=each["id"], title=each["title"], weight=each["weight"], units="points",
                                 better="high" if each["direction"] == "max" else "low") for each in criteria),
        scores=tuple(Score(option=option, criterion=criterion, value=_range(found),
                           because=f"mean of {counted(len(found), 'person', 'people')}, lowest and highest")
                     for (option, criterion), found in given.scores.items()),
        weights_from=f"{job.folder.region.slug}/{CRITERIA}, agreed on {agreed.get('agreed', 'a day not noted')}",
        turns_on=_turns_on(certain, criteria), sentence=sentence,
        remarks=(*certain.remarks, *doubtful.remarks,
                 "Where nothing is certain, a score is drawn about the mean with the spread of what people gave: it "
                 "says how far they differ, not how wrong they all may be."),
        figures={"score": without_words(certain), "smaa": without_words(doubtful)}))
    return Done(ROOM, (sentence, *_groups(doubtful)), (paper,), tuple(figures_of((certain, doubtful))))


def titles_of(job: Job) -> dict[str, str]:
    """What a reader calls each case of the folder."""
    return {case.id: case.title for case in map(read_case, job.folder.proposals)}


def _named(options: Sequence[str], titles: Mapping[str, str]) -> dict[str, str]:
    """What a reader calls each option; its identifier where two have one title."""
    named = {option: titles.get(option, option) for option in options}
    return named if len(set(named.values())) == len(named) else {option: option for option in options}


def _given(job: Job) -> Given:
    scored, weighed = (tables.read(job.folder.path / name) for name in (SCORES, WEIGHTS))
    scored.require("person", "option", "criterion", "score")
    scored.refuse_duplicates("person", "option", "criterion")
    weighed.require("person", "role", "criterion", "points")
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for option, criterion, value in zip(scored.texts("option"), scored.texts("criterion"), scored.numbers("score"),
                                        strict=True):
        found[option, criterion].append(float(value))
    roles = dict(zip(weighed.texts("person"), weighed.texts("role"), strict=True))
    alone = {role for role, held in Counter(roles.values()).items() if held == 1}
    weights = [{"group": ALONE if role in alone else role, "person": person, "criterion": criterion, "weight": points}
               for person, role, criterion, points in zip(
                   weighed.texts("person"), weighed.texts("role"), weighed.texts("criterion"),
                   map(float, weighed.numbers("points")), strict=True)]
    return Given(found, len(set(scored.texts("person"))), weights)


def _model(agreed: Mapping[str, Any], criteria: Sequence[Mapping[str, Any]], named: Mapping[str, str], given: Given,
           cell: Callable[[Sequence[float]], Any]) -> dict[str, Any]:
    matrix = []
    for option in named:
        for each in criteria:
            if (option, each["id"]) not in given.scores:
                raise refuse(f"nobody scored {option} on {each['title']}", "score it, or leave the option out",
                             file=SCORES, column="score")
        matrix.append([cell(given.scores[option, each["id"]]) for each in criteria])
    return {"alternatives": list(named.values()), "matrix": matrix,
            "criteria": [{"name": each["id"], "direction": each["direction"], "weight": each["weight"],
                          "scale": agreed["scale"], "units": "points"} for each in criteria]}


def _spread(found: Sequence[float]) -> dict[str, Any] | float:
    if len(found) < 2 or not (spread := stdev(found)):
        return fmean(found)
    return {"distribution": "normal", "mean": fmean(found), "sd": spread}


def _range(found: Sequence[float]) -> Estimate:
    return Estimate(fmean(found), min(found), max(found))


def _as_csv(rows: Sequence[Mapping[str, Any]]) -> tables.Opened:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return tables.Opened(WEIGHTS, content=text.getvalue().encode())


def _sentence(certain: Answer, doubtful: Answer, ranking: Sequence[str], people: int) -> str:
    ahead = ranking[0]
    values = {row["alternative"]: row["value"] for row in certain.fields["rows"]}
    firsts = {row["alternative"]: row["first"] for row in doubtful.fields["rows"]}
    often = max(firsts, key=lambda option: firsts[option])
    sure = (f"it comes first in {per_cent(firsts[ahead])} of the draws" if often == ahead else
            f"{often} comes first most often, in {per_cent(firsts[often])} of the draws, and {ahead} in "
            f"{per_cent(firsts[ahead])}")
    then = f", then {ranking[1]} ({values[ranking[1]]:.1f})" if len(ranking) > 1 else ""
    return (f"On the agreed weights and the mean scores of {counted(people, 'person', 'people')}, {ahead} comes first "
            f"({values[ahead]:.1f} of 100){then}. With scores as far apart as people gave them, {sure}.")


def _groups(doubtful: Answer) -> Iterable[str]:
    for each in doubtful.fields.get("groups", ()):
        firsts = {option: shares[0] for option, shares in each["rank_acceptability"].items()}
        best = max(firsts, key=lambda option: firsts[option])
        yield (f"By the weights of {each['group']} ({counted(each['people'], 'person', 'people')}), {best} comes first "
               f"most often: in {per_cent(firsts[best])} of the draws.")


def _turns_on(certain: Answer, criteria: Sequence[Mapping[str, Any]]) -> str:
    titles = {each["id"]: each["title"] for each in criteria}
    flips = [each for each in certain.fields["flip_weights"] if each.get("change") is not None]
    if not flips:
        return "No change of a single weight would put another option first."
    least = min(flips, key=lambda each: abs(each["change"]))
    return (f"The weight of “{titles[least['criterion']]}”: at {per_cent(least['flips_at'], digits=1)} instead of "
            f"{per_cent(least['weight'], digits=1)}, {least['to'][0]} would come first.")
