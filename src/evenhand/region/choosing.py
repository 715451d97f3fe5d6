"""Which few, for whom, at whose cost: the plan within every limit, who wins and loses by it, and what would be fair."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from evenhand.choose import portfolio, transfers
from evenhand.data import tables
from evenhand.data.models import read_model
from evenhand.figures import Answer
from evenhand.papers import Body, Header, Limit, Method, Plan, Scheme, Transfer, subject
from evenhand.region.appraising import titles_of
from evenhand.region.engaging import figures_of, without_words
from evenhand.region.job import Done, Job
from evenhand.terms import Estimate
from evenhand.terms.words import listed

ROOM = "Which few"
MODEL = "plan.json"


def chosen(job: Job) -> Done:
    """Take the schemes that are worth most together within the limits of ``plan.json``, and say who loses by them.

    Its amounts are pounds; ``gain`` and ``floors`` go by the codes of bodies; a scheme whose ``id`` is a case's is
    that case.
    """
    if missing := job.folder.lacks(MODEL):
        return Done(ROOM, (f"Not chosen: {missing}.",))
    model = dict(read_model(job.folder.path / MODEL).content)
    # Bodies and units are said for the paper; the method reads neither.
    named = {name: part for name, part in model.items() if name not in ("bodies", "units")}
    named |= {"schemes": [{**each, "gain": _named(job, each.get("gain", {}))} for each in model["schemes"]],
              "floors": _named(job, model.get("floors", {}))}
    answer = portfolio(named)
    if not answer.fields["feasible"]:
        return Done(ROOM, (answer.sentence,), figures=tuple(figures_of((answer,))))
    taken = [each for each in named["schemes"] if each["id"] in answer.fields["chosen"]]
    gains = [{"organisation": who, "scheme": each["name"], "net_gain": pounds}
             for each in taken for who, pounds in each["gain"].items()]
    fair = transfers(_as_csv(gains)) if gains else None
    answers = [each for each in (answer, fair) if each is not None]
    paper = job.keep(_plan(job, model, answer, fair))
    return Done(ROOM, tuple(each.sentence for each in answers), (paper,), tuple(figures_of(answers)))


def _named(job: Job, amounts: Mapping[str, float]) -> dict[str, float]:
    return {job.name(code): amount for code, amount in amounts.items()}


def _as_csv(rows: list[dict[str, Any]]) -> tables.Opened:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return tables.Opened(MODEL, content=text.getvalue().encode())


def _plan(job: Job, model: Mapping[str, Any], answer: Answer, fair: Answer | None) -> Plan:
    region = job.folder.region
    cases = titles_of(job)
    taken = set(answer.fields["chosen"])
    years = [str(each) for each in model.get("years", ())]
    starts = answer.fields["start_year"] or {}
    both = (answer,) if fair is None else (answer, fair)
    return Plan(
        header=Header(subject=subject("plan", region.slug), made_from=job.folder.as_sources(MODEL),
                      method=Method(answer.method.name, answer.method.version, answer.method.source),
                      settings=dict(answer.settings)),
        title=model.get("title", region.name), years=tuple(years),
        bodies=tuple(Body(job.name(code), code) for code in model.get("bodies", region.bodies)),
        schemes=tuple(Scheme(
            id=each["id"], title=each["name"], case=each["id"] if each["id"] in cases else None,
            starts=starts.get(each["id"]), value=Estimate(each["value"], each["value"], each["value"]),
            value_units=model.get("value_units"), cost_pence=_pence(each.get("cost")))
            for each in model["schemes"] if each["id"] in taken),
        left_out=tuple(each["name"] for each in model["schemes"] if each["id"] not in taken),
        limits=tuple(_limits(answer, model.get("units", {}))),
        transfers=None if fair is None or not fair.fields["possible"] else tuple(_payments(job, model, fair, years)),
        compromises=None if fair is None else tuple(_losers(fair)),
        sentence=" ".join(each.sentence for each in both),
        remarks=tuple(remark for each in both for remark in each.remarks),
        figures={each.method.name.rsplit(maxsplit=1)[-1]: without_words(each) for each in both})


def _pence(cost: Any) -> dict[str, int] | None:
    return {year: round(pounds * 100) for year, pounds in cost.items()} if isinstance(cost, Mapping) else None


def _limits(answer: Answer, units: Mapping[str, str]) -> Iterable[Limit]:
    for each in answer.fields["limits"]:
        words = next((said for thing, said in units.items() if each["limit"].startswith(thing)), "schemes")
        yield Limit(name=each["limit"], units=words, limit=each["bound"], used=each["used"],
                    worth_of_one_more=each["price"])


def _payments(job: Job, model: Mapping[str, Any], fair: Answer, years: list[str]) -> Iterable[Transfer]:
    codes = {job.name(code): code for each in model["schemes"] for code in each.get("gain", {})}
    for each in fair.fields["transfers"]:
        yield Transfer(payer=codes[each["from"]], receiver=codes[each["to"]], year=years[-1] if years else "",
                       pence=round(each["amount"] * 100),
                       because="by the end of the plan, so that nobody is worse off by its schemes taken together")


def _losers(fair: Answer) -> Iterable[str]:
    """Who loses before any payment, and why payments cannot mend it where they cannot."""
    if fair.fields["losers"]:
        yield f"Before any payment {listed(fair.fields['losers'])} would be worse off."
    if fair.fields["none_because"]:
        yield fair.fields["none_because"]
