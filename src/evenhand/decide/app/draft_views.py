"""The page on which a decision is prepared before the vote."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from evenhand.decide.app import draft_actions as actions
from evenhand.decide.app import draft_queries as drafts
from evenhand.decide.app import queries
from evenhand.decide.app.actions import decision_if_approved
from evenhand.decide.drafting import QUESTIONS, as_typed, options_of, read_draft
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.papers import unready
from evenhand.terms import Refused

ACTION = "prepare a decision"


@asks(ACTION)
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Say what the decision on an item will promise, who may lose, and the case against it."""
    item = queries.item(name, number)
    if item is None or not item.case or item.purpose != "decision":
        raise Http404
    require(request, ACTION, item.meeting.organisation, moment=item.moment)
    options = options_of(drafts.options_of(item.case, item.proposal_version))
    held = drafts.drafted(name, number)
    draft = held or drafts.suggested(item.case, item.proposal_version)
    typed, option, errors = as_typed(draft), draft.option or "", dict[str, str]()
    if request.method == "POST":
        typed, option = {key: str(request.POST.get(key, "")) for key in QUESTIONS}, request.POST.get("option", "")
        try:
            read = read_draft(typed, option=option, options={each for each, _ in options}, today=localdate())
            actions.prepare(name, number, read, by=member(request).id, on=localdate())
        except Refused as refused:
            for each in refused.problems:
                value = f" (“{each.value}”)" if each.value else ""
                errors.setdefault(each.column or "promises",
                                  f"{each.what[:1].upper()}{each.what[1:]}{value}: {each.remedy}.")
        else:
            messages.success(request, "The decision is prepared. It stands as prepared if the item is approved.")
            return redirect("item", name, number)
    return render(request, "decide/draft.jinja", {
        "item": item, "questions": QUESTIONS, "typed": typed, "option": option, "options": options, "errors": errors,
        "begun": held is not None, "lacks": [each for each in unready(decision_if_approved(item))
                                             if each != "its reasons"],
        "invented": item.meeting.invented}, status=400 if errors else 200)
