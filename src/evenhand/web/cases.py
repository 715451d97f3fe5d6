"""The cases, the plans and the promises of the record, as pages show them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from datetime import date

from django.http import HttpRequest

from evenhand.data.organisations import organisations
from evenhand.papers import Evidence, Plan, SchemeList
from evenhand.people.app import queries as people
from evenhand.people.roles import ROLES
from evenhand.record.app import queries as record
from evenhand.web import loaded
from evenhand.web.case_page import CasePage, case_page
from evenhand.web.plans import PlanPage, plan_page
from evenhand.web.promises import Promised, in_order, owner_in_words, promised
from evenhand.web.region_here import here
from evenhand.web.still_to_show import Shown, shown_when_decided, still_to_show

CASE, PLAN = "case/", "plan/"
THE_COMMAND = "command"
"""By whom the main job leaves its papers."""
INVENTED = "INV-"
"""How the codes of invented bodies begin; no body of the health service has such a code."""


def mark() -> tuple[Hashable, ...]:
    """What is worked out from the record rests on this: the record itself, the region, which bodies are known."""
    return (*loaded.mark(), record.mark(), here().invented, len(people.organisations()))


def page_of(subject: str) -> CasePage:
    """The page of one case."""
    entries = record.entries(subject)
    page = case_page(subject.removeprefix(CASE), record.state(subject), record.papers(subject), entries)
    return replace(page, invented=_is_invented(page))


def _is_invented(page: CasePage) -> bool:
    """Whether any body of a case is an invented one, or all of it came with an invented region."""
    known = {each.code for each in people.organisations() if each.invented}
    codes = page.codes | {entry.organisation for entry in page.entries}
    # The papers of a real region may lie on the same site: its bodies stand in the published lists.
    from_region = (here().invented and all(entry.by == THE_COMMAND for entry in page.entries)
                   and not any(code in organisations() for code in page.codes))
    return from_region or bool(codes & known) or (here().invented and any(code in here().bodies for code in codes))


def all_invented() -> bool:
    """Whether everything here is an invented county's, so that every page says so."""
    return here().invented and all(page.invented for page in every_case())


def frame(request: HttpRequest) -> dict[str, bool]:
    """For the layout."""
    return {"all_invented": all_invented()}


def about_a_real_place(page: CasePage) -> bool:
    """Whether a case speaks of a body that there is: an invented one may have raised it, to show how that is done."""
    return any(code in organisations() and not loaded.is_invented(code) for code in page.codes)


def every_case() -> list[CasePage]:
    """All cases, real ones first, the latest entered first."""
    return list(loaded.remembered(("every case", *mark()), _every_case))


def _every_case() -> list[CasePage]:
    pages = [page_of(subject) for subject in record.cases()]
    newest_first = sorted(pages, key=lambda page: page.entries[-1].at if page.entries else "", reverse=True)
    return sorted(newest_first, key=lambda page: page.invented)


def named(name: str) -> CasePage | None:
    """The case of that name, if there is one."""
    return next((page for page in every_case() if page.name == name), None)


def owed(page: CasePage) -> Shown | None:
    """What a case on its way still has to show; remembered while its papers stand."""
    return loaded.remembered(("still to show", *_papers(page)), lambda: still_to_show(page))


def showed(page: CasePage) -> Shown | None:
    """How a decided case stands to the rules of its day; remembered while its papers stand."""
    return loaded.remembered(("shown when decided", *_papers(page)), lambda: shown_when_decided(page))


def _papers(page: CasePage) -> tuple[Hashable, ...]:
    return (page.name, page.state, *(each.digest for each in page.held))


def every_plan() -> list[PlanPage]:
    """The latest version of every plan: real ones first, then those of a region, then those of single cases."""
    return list(loaded.remembered(("every plan", *mark()), _every_plan))


def _every_plan() -> list[PlanPage]:
    found: dict[str, PlanPage] = {}
    pages = every_case()
    names = {body.code: body.name for body in here().bodies} if here().invented else {}
    subjects = record.subjects()
    contracts = _contracts(subjects)
    for subject in (each for each in subjects if each.startswith((PLAN, CASE))):
        lists = [each.paper() for each in record.papers(subject, "scheme-list")]
        began_from = next((each for each in reversed(lists) if isinstance(each, SchemeList)), None)
        for kept in record.papers(subject, "plan"):
            paper = kept.paper()
            if isinstance(paper, Plan):
                found[subject] = plan_page(subject.partition("/")[2], kept.digest, paper, invented=_of_nobody(paper),
                                           cases=pages, names=names, named=_owner, began_from=began_from,
                                           contracts=contracts if subject.startswith(PLAN) else ())
    return [page for _, page in sorted(found.items(), key=lambda each: (each[1].invented, each[0].startswith(CASE)))]


def _contracts(subjects: list[str]) -> tuple[str, ...]:
    """What is paid under each contract and who bears the risk, as it was worked out for the providers."""
    found = [kept.paper() for subject in subjects if subject.startswith("body/")
             for kept in record.papers(subject, "evidence")]
    return tuple(each.says for each in found if isinstance(each, Evidence) and each.header.method
                 and each.header.method.name == "deliver payment")


def _of_nobody(plan: Plan) -> bool:
    codes = [body.code or "" for body in plan.bodies]
    from_region = here().invented and not any(code in organisations() for code in codes)
    return from_region or any(code.startswith(INVENTED) for code in codes)


def is_invented(subject: str) -> bool:
    """Whether what a paper is about is an invented county's: a case, a plan or a body."""
    kind, _, name = subject.partition("/")
    if kind == "body":
        return loaded.is_invented(name)
    found = named(name) if kind == "case" else plan_named(name) if kind == "plan" else None
    return bool(found and found.invented)


def plan_named(name: str) -> PlanPage | None:
    """The plan of that name, if there is one."""
    return next((page for page in every_plan() if page.name == name), None)


def promises_of(page: CasePage, *, today: date) -> tuple[Promised, ...]:
    """What was promised in one case, and how it stands."""
    return in_order(promised(page, today=today, named=_owner, measured=_measure))


def every_promise(*, today: date) -> tuple[Promised, ...]:
    """What was promised in every case, broken and overdue first, real cases before invented ones."""
    def made() -> tuple[Promised, ...]:
        rows = in_order(each for page in every_case() for each in promises_of(page, today=today))
        return tuple(sorted(rows, key=lambda each: each.invented))
    return loaded.remembered(("every promise", today, *mark()), made)


def names_of(identifiers: frozenset[str]) -> dict[str, str]:
    """The names behind identifiers: of accounts here, and of the people of an invented region."""
    known = {each: here().people[each] for each in identifiers if each in here().people}
    return known | people.names_of(identifiers)


def _owner(owner: str) -> str:
    def known(identifier: str) -> str | None:
        if found := names_of(frozenset({identifier})).get(identifier):
            return found
        return here().bodies[identifier].name if identifier in here().bodies else None
    return owner_in_words(owner, known=known, roles=(role.name for role in ROLES))


def _measure(name: str) -> str:
    return here().measures[name].title if name in here().measures else ""
