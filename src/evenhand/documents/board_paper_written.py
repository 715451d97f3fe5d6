"""A board paper written from what is held of a case: every section, in the order in which a board asks."""

from __future__ import annotations

from collections.abc import Callable

from evenhand.documents import board_paper_case as case
from evenhand.documents import board_paper_people as people
from evenhand.documents import board_paper_rule as rule
from evenhand.documents.board_paper import Block, BoardPaper, Section
from evenhand.documents.board_paper_told import Told
from evenhand.documents.board_paper_words import day

SECTIONS: tuple[tuple[str, str, Callable[[Told], tuple[Block, ...]]], ...] = (
    ("asked", "What you are asked to do", case.asked),
    ("summary", "In short", case.summary),
    ("why", "Why", case.why),
    ("options", "The options, beside doing nothing", case.options),
    ("heard", "Who was heard, and what changed", case.heard),
    ("evidence", "The evidence, and how sure it is", case.evidence),
    ("scores", "Scores, sub-scores and weights", case.scores),
    ("money", "Money: who gains and who pays", case.money),
    ("may-lose", "Who may lose, and what is done about it", people.may_lose),
    ("equality", "Equality and quality", people.equality),
    ("risks", "Risks", people.risks),
    ("change", "How the change will be managed", people.change),
    ("promises", "What is promised, by whom and by when", people.promises),
    ("knowing", "How we shall know, and when we look again", people.knowing),
    ("gate", "Is the case ready to be decided?", rule.gate),
    ("interests", "Interests, and whether enough may vote", rule.interests),
    ("objections", "What is said against it, and the answers", rule.objections),
    ("challenge", "How to challenge the decision", rule.challenge),
    ("since", "What has come of it", rule.since),
    ("how-we-know", "How we know", rule.how_we_know),
    ("tests", "Annex: every test, one by one", rule.tests),
)
"""Every section in order: its name, its title, and what writes it."""

KIND = "Board paper"


def board_paper(told: Told) -> BoardPaper:
    """The paper for what is told. A section of which nothing is held says so; one that does not arise is left out."""
    sections = tuple(Section(name, title, blocks) for name, title, write in SECTIONS if (blocks := write(told)))
    return BoardPaper(KIND, told.title, facts(told), sections, invented=told.invented)


def facts(told: Told) -> tuple[tuple[str, str], ...]:
    """The lines at the head of a paper: the meeting, the item, who wrote it, which version it is about."""
    found: list[tuple[str, str]] = []
    if told.item:
        item = told.item
        found += [("Meeting", f"{item.body}, {item.meeting}, {item.on}"), ("Item", f"{item.number}. {item.title}")]
        if item.author:
            found.append(("Paper by", item.author))
        if item.paper_sent:
            clear = "" if item.clear_days is None else f", {item.clear_days} clear days before"
            found.append(("Sent", f"{day(item.paper_sent)}{clear}"))
    elif told.proposal:
        found.append(("For", "; ".join(each.name for each in told.proposal.bodies)))
    if told.version is not None:
        found.append(("Version of the proposal", str(told.version)))
    return tuple(found)
