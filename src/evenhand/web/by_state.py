"""The cases by how far they have come, each with what is missing or what came of it, for the front page."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.papers.flow import DECIDED
from evenhand.web import cases
from evenhand.web.case_page import OUTCOMES, CasePage, verdict_of
from evenhand.web.still_to_show import Shown

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("On their way", ("raised", "explored", "proposed", "engaged", "appraised", "planned")),
    ("Decided", (*DECIDED, "challenged")),
    ("Being carried out", ("delivering",)),
    ("Holding", ("sustained",)),
    ("Stopped or closed", ("stopped", "closed")),
)
_FOUND = {"worked": "It worked", "did not work": "It did not work", "faded": "It worked at first, and wore off",
          "cannot tell": "Whether it worked cannot be told yet"}
_NO_PROPOSAL = "A proposal: what would change, and the other choices."


@dataclass(frozen=True)
class CaseLine:
    """One case in the list: what came of it, or what it still has to show."""

    page: CasePage
    said: str
    owed: Shown | None = None


def line_of(page: CasePage) -> CaseLine:
    """What the list says of one case."""
    if not page.decision:
        owed = cases.owed(page)
        return CaseLine(page, "" if owed else f"Missing: {_NO_PROPOSAL}", owed)
    found = page.latest_findings
    decided = page.decision.sentence or OUTCOMES[page.decision.outcome]
    # Where questions have different answers, one of them alone would mislead.
    if len({verdict_of(each) for each in found}) == 1:
        return CaseLine(page, f"{decided} {_FOUND[verdict_of(found[-1])]}: {found[-1].because.rstrip('.')}.")
    return CaseLine(page, decided)


def grouped(pages: list[CasePage]) -> list[tuple[str, list[CaseLine]]]:
    """The cases under a heading for each stage; stages without a case are left out."""
    groups = [(heading, [line_of(page) for page in pages if page.state in states]) for heading, states in GROUPS]
    return [(heading, lines) for heading, lines in groups if lines]
