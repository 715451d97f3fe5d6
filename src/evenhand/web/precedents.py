"""The register of decisions made before: those that come with the program, those loaded, and those of this record."""

from __future__ import annotations

from evenhand.data import engine
from evenhand.decide import precedents
from evenhand.decide.precedents import Alike, Precedent
from evenhand.terms import Refused
from evenhand.web import cases, loaded
from evenhand.web.case_page import CasePage

TABLE = "decisions"


def register() -> tuple[Precedent, ...]:
    """Every precedent, real ones first, newest first."""
    def made() -> tuple[Precedent, ...]:
        here = [precedents.from_case(page.name, [each.paper for each in page.held], invented=page.invented)
                for page in cases.every_case()]
        return precedents.register(precedents.published(), _loaded(), [each for each in here if each])
    return loaded.remembered(("precedents", *loaded.mark(), *cases.mark()), made)


def _loaded() -> tuple[Precedent, ...]:
    try:
        return precedents.from_rows(engine.rows_of(loaded.home(), TABLE))
    except Refused:
        return ()


def named(name: str) -> Precedent | None:
    """One precedent."""
    return next((each for each in register() if each.id == name), None)


def like(page: CasePage) -> tuple[Alike, ...]:
    """The precedents most like a case, itself left out; an invented county's own are no precedent for a real one."""
    if page.proposal is None:
        return ()
    among = [each for each in register() if page.invented or not each.invented]
    title = " ".join((page.proposal.title, page.change.title or "" if page.change else ""))
    return precedents.similar(page.proposal.service, title, among, codes=page.codes, without=page.name)
