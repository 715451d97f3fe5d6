"""Pages on how a change will be managed: the levers there are, and the plan of one case."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.terms import Refused
from evenhand.web import cases, change_plans
from evenhand.web.change_plans import ACTION, Planning


@asks("read public pages")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every lever: what it is, what studies found, and how it went here."""
    found = change_plans.levers_here()
    return render(request, "web/levers.jinja", {
        "levers": found, "tried": sum(bool(each.tried) for each in found),
        "pages": {page.name: page for page in cases.every_case()}, "real_too": cases.all_invented()})


@asks(ACTION)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, name: str) -> HttpResponse:
    """Say how the change of a case will be managed; it is left as a paper of the newest version."""
    page = cases.named(name)
    found = change_plans.planning(page) if page else None
    if page is None or found is None:
        raise Http404
    person = member(request)
    body = change_plans.body_for(person, page) or next(iter(page.codes), "")
    require(request, ACTION, body)
    if request.method != "POST":
        return _page(request, found, change_plans.typed_as(found.held), change_plans.chosen_in(found.held))
    typed = {key: str(request.POST.get(key, "")) for key in change_plans.QUESTIONS}
    chosen = tuple(request.POST.getlist("levers"))
    try:
        change = change_plans.read(typed, chosen)
        change_plans.leave(found, change, by=person.id, organisation=body)
    except Refused as refused:
        return _page(request, found, typed, chosen, refused)
    messages.success(request, "The plan of how the change will be managed is kept, beside the proposal.")
    return redirect("case", name)


def _page(request: HttpRequest, found: Planning, typed: dict[str, str], chosen: tuple[str, ...],
          refused: Refused | None = None) -> HttpResponse:
    problems = refused.problems if refused else ()
    errors: dict[str, str] = {}
    for each in problems:
        words = f"{each.what[:1].upper()}{each.what[1:]}{f' (“{each.value}”)' if each.value else ''}: {each.remedy}."
        errors.setdefault(each.column or "purpose", words)
    return render(request, "web/change-plan.jinja", {
        "found": found, "questions": change_plans.QUESTIONS, "typed": typed, "chosen": chosen, "errors": errors,
        "levers": change_plans.levers_here(), "invented": found.page.invented}, status=400 if errors else 200)
