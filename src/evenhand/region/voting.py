"""Votes on statements, as they may be kept: groups of opinion without anybody in them, small ones hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from evenhand.data.suppression import HIDDEN, Regime, suppressed
from evenhand.engage import opinion
from evenhand.figures import Answer, Figure
from evenhand.region.job import Job
from evenhand.terms import Suppressed
from evenhand.terms.words import counted, listed, per_cent

VOTES, STATEMENTS = "engagement/votes.csv", "engagement/statements.csv"
MOST_AGREED, SETS_APART = 5, 3
COUNTS = ("agree", "disagree", "pass", "seen")


def voted(job: Job) -> Answer | None:
    """Groups of opinion among those who voted; nothing where the folder has no votes."""
    if job.folder.lacks(VOTES):
        return None
    path = job.folder.path
    words = None if job.folder.lacks(STATEMENTS) else path / STATEMENTS
    return opinion(path / VOTES, statements=words)


def protected(answer: Answer, regime: Regime) -> dict[str, Any]:
    """What may be kept of it: sizes by the regime, shares to the whole per cent, no participants and no places.

    A group too small to be shown has neither size nor shares; where it is the only such, the total goes with it.
    """
    sizes = [regime.released(each["size"]) for each in answer.fields["groups"]]
    hidden = [isinstance(each, Suppressed) for each in sizes]
    groups = [{"group": each["group"], "size": size, "stability": each["stability"]}
              for each, size in zip(answer.fields["groups"], sizes, strict=True)]
    agreed = [{"statement": row["statement"], "text": row["text"], "by_group": _shares(row["by_group"], hidden)}
              for row in answer.fields["consensus"]["group_informed"][:MOST_AGREED]]
    apart = {each["group"]: [{"statement": row["statement"], "text": row["text"], "direction": row["direction"],
                              "share": round(row["p"], 2)}
                             for row in answer.fields["representative"][each["group"]][:SETS_APART]]
             for each, small in zip(answer.fields["groups"], hidden, strict=True) if not small}
    return {"participants": HIDDEN if any(hidden) else regime.released(answer.fields["participants"]),
            "statements": len(answer.fields["totals"]), "groups": groups, "agreed": agreed, "sets_apart": apart,
            "regime": regime.name}


def _shares(shares: Iterable[float | None], hidden: Iterable[bool]) -> list[float | Suppressed | None]:
    return [HIDDEN if small else None if share is None else round(share, 2)
            for share, small in zip(shares, hidden, strict=True)]


def sentence_of(kept: Mapping[str, Any]) -> str:
    """Who votes alike and what all agree on, in words that give nobody away."""
    people = kept["participants"]
    who = "Those who voted" if isinstance(people, Suppressed) else f"About {people} people who voted"
    sizes = [f"about {each['size']}" if not isinstance(each["size"], Suppressed) else "a few" for each in
             kept["groups"]]
    said = f"{who} on {counted(kept['statements'], 'statement')} "
    if len(sizes) < 2:
        return f"{said}vote alike."
    said += f"form {len(sizes)} groups ({listed(sizes)})."
    best = next(iter(kept["agreed"]), None)
    shares = [each for each in (best["by_group"] if best else ()) if isinstance(each, float)]
    if best and shares and min(shares) > 0.5:
        which = " that may be shown" if len(shares) < len(best["by_group"]) else ""
        said += (f" Most agreed on across them is {_words(best)}, with at least {per_cent(min(shares))} of every "
                 f"group{which}.")
    else:
        said += " Nothing has more than half of every group behind it."
    return said


def _words(row: Mapping[str, Any]) -> str:
    return f"“{row['text'].rstrip('.')}”" if row["text"] else str(row["statement"])


def figures_of(answer: Answer, kept: Mapping[str, Any], regime: Regime) -> Iterable[Figure]:
    """What is agreed on across groups; the picture of single participants is never left. None with a hidden group."""
    if any(isinstance(each["size"], Suppressed) for each in kept["groups"]):
        return
    for figure in answer.figures:
        if figure.name == "agreed across groups":
            yield replace(figure, name="engage-opinion-agreed-across-groups", sentence=sentence_of(kept),
                          table=suppressed(figure.table, regime, COUNTS))
