"""The cases and plans of the record, as pages show them."""

from __future__ import annotations

from dataclasses import replace

from evenhand.data.organisations import organisations
from evenhand.papers import Plan
from evenhand.people.app import queries as people
from evenhand.record.app import queries as record
from evenhand.web import loaded
from evenhand.web.case_page import CasePage, case_page
from evenhand.web.region_here import here

CASE = "case/"
THE_COMMAND = "command"
"""By whom the main job leaves its papers."""
INVENTED = "INV-"
"""How the codes of invented bodies begin; no body of the health service has such a code."""


def page_of(subject: str) -> CasePage:
    """The page of one case."""
    entries = record.entries(subject)
    page = case_page(subject.removeprefix(CASE), record.state(subject), record.papers(subject), entries)
    return replace(page, invented=_is_invented(page))


def _is_invented(page: CasePage) -> bool:
    """Whether any body of a case is an invented one, or all of it came with an invented region."""
    known = {each.code for each in people.organisations() if each.invented}
    codes = page.codes | {entry.organisation for entry in page.entries}
    from_region = here().invented and all(entry.by == THE_COMMAND for entry in page.entries)
    return from_region or bool(codes & known) or (here().invented and any(code in here().bodies for code in codes))


def about_a_real_place(page: CasePage) -> bool:
    """Whether a case speaks of a body that there is: an invented one may have raised it, to show how that is done."""
    return any(code in organisations() and not loaded.is_invented(code) for code in page.codes)


def every_case() -> list[CasePage]:
    """All cases, real ones first, the latest entered first."""
    pages = [page_of(subject) for subject in record.cases()]
    newest_first = sorted(pages, key=lambda page: page.entries[-1].at if page.entries else "", reverse=True)
    return sorted(newest_first, key=lambda page: page.invented)


def named(name: str) -> CasePage | None:
    """The case of that name, if there is one."""
    subject = f"{CASE}{name}"
    return page_of(subject) if subject in record.cases() else None


def every_plan() -> list[tuple[Plan, bool]]:
    """The latest version of every plan, and whether it is an invented one."""
    plans: dict[str, tuple[Plan, bool]] = {}
    for subject in record.subjects():
        if subject.startswith(("plan/", CASE)):
            for kept in record.papers(subject, "plan"):
                paper = kept.paper()
                if isinstance(paper, Plan):
                    invented = here().invented or any((body.code or "").startswith(INVENTED) for body in paper.bodies)
                    plans[paper.title] = (paper, invented)
    return sorted(plans.values(), key=lambda each: each[1])
