"""How the options of a case were compared: every score with its range, beside the weight of what it counts for."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.papers import Appraisal, Criterion
from evenhand.papers.facts import Measured
from evenhand.terms import Estimate, Suppressed
from evenhand.terms.words import NOT_HELD, figure, per_cent
from evenhand.web.case_page import CasePage


@dataclass(frozen=True)
class Compared:
    """A table: the options across, what they were judged by down."""

    options: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    weights_from: str
    ranking: tuple[str, ...]


def compared(page: CasePage) -> Compared | None:
    """The comparison that the case rests on; ``None`` where none is held, or it holds no score."""
    paper = page.appraisal
    if paper is None or not paper.scores:
        return None
    names = {each.id: each.title or each.id for each in page.proposal.options} if page.proposal else {}
    rows = tuple((_criterion(each), tuple(_score(paper, option, each.id) for option in paper.options))
                 for each in paper.criteria or ())
    return Compared(tuple(names.get(each, each) for each in paper.options), rows, paper.weights_from or "",
                    tuple(names.get(each, each) for each in paper.ranking or ()))


def _criterion(each: Criterion) -> str:
    weight = f", weight {per_cent(each.weight)}" if each.weight is not None else ""
    return f"{each.title}, {'more' if each.better == 'high' else 'less'} is better{weight}"


def _score(paper: Appraisal, option: str, criterion: str) -> str:
    given: Measured = next((each.value for each in paper.scores or ()
                            if (each.option, each.criterion) == (option, criterion)), None)
    if isinstance(given, Suppressed):
        return f"Hidden: {given.reason}"
    if not isinstance(given, Estimate):
        return NOT_HELD
    ranged = f" ({figure(given.low)} to {figure(given.high)})" if given.low != given.high else ""
    return f"{figure(given.central)}{ranged}"
