"""A case made into a board paper: its papers at one version, the gate's answer, and whoever is at the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from evenhand.data.suppression import REGIMES
from evenhand.decide.gate import gate
from evenhand.decide.gate_view import IN_WORDS, View
from evenhand.documents.board_paper import BoardPaper
from evenhand.documents.board_paper_told import Cited, Gate, OnAgenda, Told
from evenhand.documents.board_paper_words import REGIME
from evenhand.documents.board_paper_written import board_paper
from evenhand.papers import Plan
from evenhand.terms import Refused, closest, refuse

if TYPE_CHECKING:
    from evenhand.record import CaseFile
    from evenhand.record.reading import Kept

LEFT_OUT = ("signed-document", "heads", "receipt")
"""Kinds of papers that say something about documents or the record, not about the case: a paper is not made of them."""


def told_of(case: CaseFile, version: int | None = None, *, item: OnAgenda | None = None,
            names: Mapping[str, str] | None = None, beside: Iterable[Kept] = (), regime: str = REGIME,
            invented: bool | None = None) -> Told:
    """What a board paper or an item brief of a case is written from.

    Args:
        case: the case with its papers, in the order they were left.
        version: of the proposal; the newest unless told.
        item: the item of the agenda it goes to, if it goes to one.
        names: who an identifier is.
        beside: plans about other subjects; those that name this case as one of their changes are told of.
        regime: the rule by which small counts of people are hidden.
        invented: whether it is an invented county's; as its papers say unless told.

    Raises:
        Refused: for a version that is not held, and a rule that is not known.
    """
    if regime not in REGIMES:
        raise refuse("there is no such rule for small counts",
                     f"choose from {', '.join(closest(regime, REGIMES.names) or REGIMES.names)}", value=regime)
    view = View(case, version)
    of = view.version
    papers = [Cited(each.digest, each.paper(), _kind(each.kind)) for each in case.papers
              if each.kind not in LEFT_OUT]
    papers += _plans_with(case.subject, beside, {each.digest for each in papers})
    said = {commitment: each.words for commitment, each in case.words.items() if each.words is not None}
    return Told(case.subject, of, tuple(papers), REGIMES[regime], _gate(case, of), item, said, dict(names or {}),
                view.invented if invented is None else invented, _head(case))


def paper_of(case: CaseFile, version: int | None = None, *, item: OnAgenda | None = None,
             names: Mapping[str, str] | None = None, beside: Iterable[Kept] = (), regime: str = REGIME,
             invented: bool | None = None) -> BoardPaper:
    """The board paper of a case: a draft, its own sentences marked, until somebody adopts and signs.

    See ``told_of`` for what it takes and refuses. The same papers give the same paper, whoever asks and whenever.
    """
    return board_paper(told_of(case, version, item=item, names=names, beside=beside, regime=regime, invented=invented))


def _kind(kind: str) -> str:
    words = IN_WORDS.get(kind, kind.replace("-", " "))
    return words[:1].upper() + words[1:]


def _gate(case: CaseFile, version: int | None) -> Gate | None:
    """What must be shown; nothing where nothing is proposed, for then no rule can be asked."""
    if version is None:
        return None
    try:
        answer = gate(case, proposal_version=version)
    except Refused:
        return None
    return Gate(answer.sentence, answer.fields)


def _plans_with(subject: str, beside: Iterable[Kept], held: set[str]) -> list[Cited]:
    name = subject.partition("/")[2]
    found: list[Cited] = []
    for kept in beside:
        paper = kept.paper()
        if isinstance(paper, Plan) and kept.digest not in held and any(
                scheme.case in (name, subject) for scheme in paper.schemes):
            found.append(Cited(kept.digest, paper, _kind(kept.kind)))
    return found


def _head(case: CaseFile) -> str:
    """The hash of the last entry that left one of these papers: it covers all that was entered before it."""
    entries: Sequence[str] = [entry.hash for entry in case.entries
                              if any(each.digest in entry.papers and each.kind not in LEFT_OUT for each in case.papers)]
    return entries[-1] if entries else ""
