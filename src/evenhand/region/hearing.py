"""Who must be heard, from the start: one plan of whom to ask, how and by when, and how it stood on one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenhand.engage import stakeholders
from evenhand.figures import Answer
from evenhand.papers import Body, EngagementPlan, Header, Method, Source, Stakeholder, subject
from evenhand.papers.shape import Misshapen, taken
from evenhand.region.engaging import figures_of
from evenhand.region.folder import read_toml
from evenhand.region.job import Done, Job
from evenhand.terms import refuse

ROOM = "Who must be heard"
WHO, PLAN = "engagement/stakeholders.csv", "engagement/plan.toml"
_COLUMNS = "who, organisation, kind, interest, influence, asked, by, way, due, done"


@dataclass(frozen=True)
class Strategy:
    """What ``engagement/plan.toml`` says: whose plan it is, for which case, and on which day it is looked at.

    ``settled`` is the day from which the options stood: who is asked after it can no longer shape them.
    """

    title: str
    case: str
    proposal_version: int | None = None
    led_by: str | None = None
    as_at: date | None = None
    settled: date | None = None


def to_be_heard(job: Job) -> Done:
    """Leave one plan of who must be heard, with who has been and who has not."""
    if missing := job.folder.lacks(WHO, PLAN):
        return Done(ROOM, (), left_out=(f"{missing} (columns: {_COLUMNS}; in the plan a title, a case and as_at), so "
                                        "no plan of who must be heard was left",))
    strategy = _strategy(job)
    answer = stakeholders(job.folder.path / WHO, as_at=str(strategy.as_at) if strategy.as_at else None,
                          settled=str(strategy.settled) if strategy.settled else None)
    paper = job.keep(_paper(job, strategy, answer))
    lines = [answer.sentence, *(each for each in answer.remarks if not each.startswith("There is"))]
    return Done(ROOM, tuple(lines), (paper,), tuple(figures_of((answer,))))


def _strategy(job: Job) -> Strategy:
    path = job.folder.path / PLAN
    try:
        return taken(Strategy, read_toml(path))
    except Misshapen as wrong:
        raise refuse(wrong.what, "title, case and as_at are wanted; led_by, settled and proposal_version may stand",
                     file=str(path), column=wrong.place.lstrip(".")) from None


def _paper(job: Job, strategy: Strategy, answer: Answer) -> EngagementPlan:
    fields = answer.fields
    rows = tuple(Stakeholder(
        who=row["who"], organisation=Body(job.name(row["organisation"]), row["organisation"])
        if row["organisation"] else None, kind=row["kind"], interest=row["interest"], influence=row["influence"],
        asked=row["asked"], by=row["by"], way=row["way"], due=_day(row["due"]), done=_day(row["done"]),
        standing=row["standing"]) for row in fields["rows"])
    return EngagementPlan(
        header=Header(subject=subject("case", strategy.case), proposal_version=strategy.proposal_version,
                      made_from=job.folder.as_sources(WHO, PLAN), settings=dict(answer.settings),
                      method=Method(answer.method.name, answer.method.version, answer.method.source)),
        title=strategy.title, as_at=strategy.as_at, begins=_day(fields["begins"]), stakeholders=rows,
        heard=fields["heard"], overdue=fields["overdue"], not_heard=tuple(fields["not_heard"]), led_by=strategy.led_by,
        sentence=answer.sentence, remarks=answer.remarks, sources=(Source(f"{job.folder.region.slug}/{WHO}"),),
        figures={"settled": fields["settled"], "after_options": fields["after_options"],
                 "touched_most_not_heard": fields["touched_most_not_heard"], "standings": fields["standings"],
                 "approach": {row["who"]: row["approach"] for row in fields["rows"]}})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
