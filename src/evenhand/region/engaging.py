"""Who had to be heard, and was: replies beside the people they stand for, and what the replies speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from evenhand.data.suppression import REGIMES
from evenhand.engage import reach, themes
from evenhand.figures import Answer, Figure
from evenhand.papers import Group, Header, Method, Theme, Voices, subject
from evenhand.region import voting
from evenhand.region.job import Done, Job
from evenhand.terms import Suppressed

ROOM = "Who was heard"
REPLIES, PEOPLE = "engagement/replies_by_group.csv", "engagement/residents.csv"
WORDS, CODEBOOK = "engagement/replies.csv", "engagement/codebook.toml"
REGIME = "hes-2018"
"""Replies come from people who may be few in a group, so they are protected whatever the region says of its figures."""


def heard(job: Job) -> Done:
    """Hold the replies of one consultation beside the people they stand for, and sort them into themes."""
    asked = job.folder.region.engagement
    if asked is None or (missing := job.folder.lacks(REPLIES, PEOPLE)):
        return Done(ROOM, (f"Not asked: {'region.toml has no [engagement]' if asked is None else missing}.",))
    about = reach(job.folder.path / REPLIES, margins=job.folder.path / PEOPLE, regime=REGIME)
    files = [REPLIES, PEOPLE]
    said = None
    if not job.folder.lacks(WORDS, CODEBOOK):
        # No quotations and no texts: what is sealed cannot be erased, and people's own words must be.
        said = themes(job.folder.path / WORDS, codebook=job.folder.path / CODEBOOK, regime=REGIME, quotations=0,
                      campaign_from=asked.campaign_from, campaign_words=asked.campaign_words)
        files += [WORDS, CODEBOOK]
    answers = [each for each in (about, said) if each is not None]
    votes, regime = voting.voted(job), REGIMES[REGIME]
    kept = voting.protected(votes, regime) if votes is not None else None
    spoken = voting.sentence_of(kept) if kept is not None else ""
    figures = {each.method.name.rsplit(maxsplit=1)[-1]: without_words(each) for each in answers}
    if votes is not None and kept is not None:
        figures["opinion"] = kept
        files += [each for each in (voting.VOTES, voting.STATEMENTS) if not job.folder.lacks(each)]
    sentence = " ".join([*(each.sentence for each in answers), *([spoken] if spoken else [])])
    paper = job.keep(Voices(
        header=Header(subject=subject("case", asked.case), proposal_version=asked.proposal_version,
                      made_from=job.folder.as_sources(*files), settings=dict(about.settings),
                      method=Method(about.method.name, about.method.version, about.method.source)),
        kind=asked.kind, opened=asked.opened, closed=asked.closed,
        replies=None if isinstance(_shown(about.fields["replies"]), Suppressed) else about.fields["replies"],
        groups=tuple(_groups(about.fields["rows"])),
        not_heard=tuple(each["group"] for each in about.fields["not_heard"]),
        themes=None if said is None else tuple(Theme(title=each["theme"], replies=_shown(each["respondents"]))
                                               for each in said.fields["themes"]),
        sentence=sentence, remarks=tuple(remark for each in answers for remark in each.remarks),
        figures=figures))
    lines = [each.sentence for each in answers] + ([spoken] if spoken else [])
    if said is None:
        lines.append(f"What they said was not sorted: {job.folder.lacks(WORDS, CODEBOOK)}.")
    drawn = [*figures_of(answers), *(voting.figures_of(votes, kept, regime) if votes is not None and kept else ())]
    missing = job.folder.lacks(voting.VOTES)
    return Done(ROOM, tuple(lines), (paper,), tuple(drawn),
                (f"{missing} (participant, and a column for each statement: 1, -1, 0)",) if missing else ())


def figures_of(answers: Iterable[Answer]) -> Iterable[Figure]:
    """The figures of several answers, each by a name of its own in the folder of pictures."""
    for each in answers:
        for figure in each.figures:
            yield replace(figure, name=f"{each.method.name} {figure.name}".replace(" ", "-"))


def without_words(answer: Answer) -> dict[str, Any]:
    """An answer's document as a paper holds it: no texts that people wrote, no names of files on this machine.

    How far raking stopped from the margins is dropped too: that is rounding, and differs between machines.
    """
    document = {name: value for name, value in answer.document().items()
                if name not in ("made_from", "repeated", "raking", "sentence", "remarks")}
    if "campaigns" in document:
        document["campaigns"] = [{name: value for name, value in each.items() if name != "text"}
                                 for each in document["campaigns"]]
    return document


def _shown(value: Any) -> int | Suppressed | None:
    if isinstance(value, Mapping) and "suppressed" in value:
        return Suppressed(str(value["suppressed"]))
    return value if isinstance(value, Suppressed) or value is None else int(value)


def _groups(rows: Iterable[Mapping[str, Any]]) -> Iterable[Group]:
    for row in rows:
        share = row["share_of_replies"]
        yield Group(name=row["group"], replies=_shown(row["replies"]),
                    share_of_replies=float(share) if isinstance(share, int | float) else None,
                    share_of_people=float(row["share_of_population"]))
