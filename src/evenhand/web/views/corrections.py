"""Correct this page: anybody says what is wrong on the page of a decision, and sees what became of it."""

from __future__ import annotations

from secrets import token_urlsafe

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from evenhand.decide.app import correction_actions as actions
from evenhand.decide.app import correction_queries as queries
from evenhand.pages.guard import asks, require
from evenhand.pages.member import member
from evenhand.people.app import queries as people
from evenhand.people.rights import may
from evenhand.terms import Refused
from evenhand.web import cases
from evenhand.web.case_page import CasePage

SEND, SETTLE = "correct a page", "settle a correction"
FIELDS = ("sentence", "otherwise", "source")
MOST_LETTERS = 1_500


@asks(SEND)
@never_cache
@sensitive_post_parameters(*FIELDS)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, name: str) -> HttpResponse:
    """Say what is wrong on the page of a decision, without an account."""
    page = cases.named(name)
    if page is None:
        raise Http404
    body = _whose(page)
    typed = {key: str(request.POST.get(key, ""))[:MOST_LETTERS] for key in FIELDS}
    errors: dict[str, str] = {}
    if request.method == "POST":
        if not body:
            raise Http404
        try:
            actions.send(name, organisation=body, on=localdate(), form=str(request.POST.get("form", ""))[:64]
                         or token_urlsafe(16), by=member(request).id or "public", **typed)
        except Refused as refused:
            errors = {each.column or "sentence": f"{each.what[:1].upper()}{each.what[1:]}: {each.remedy}."
                      for each in refused.problems}
        else:
            messages.success(request, "Thank you. It is looked at by the body whose page this is; what becomes of it "
                                      "stands at the foot of the page.")
            return redirect("case", name)
    person = member(request)
    settles = bool(body) and may(person, SETTLE, body, moment="received")
    return render(request, "web/correct.jinja", {
        "page": page, "typed": typed, "errors": errors, "form": token_urlsafe(16), "has_owner": bool(body),
        "waiting": [each for each in queries.corrections(name) if each.moment == "received"] if settles else [],
        "settled": queries.settled(name), "invented": page.invented}, status=400 if errors else 200)


@asks(SETTLE)
@require_POST
def settle(request: HttpRequest, key: int) -> HttpResponse:
    """Accept a correction or not, with reasons."""
    found = queries.correction(key)
    if found is None:
        raise Http404
    require(request, SETTLE, found.organisation, moment=found.moment)
    chosen = request.POST.get("accepted", "")
    try:
        if chosen not in ("yes", "no"):
            messages.error(request, "Choose whether it is accepted.")
        else:
            actions.settle(key, accepted=chosen == "yes", answer=str(request.POST.get("answer", ""))[:MOST_LETTERS],
                           by=member(request).id, on=localdate())
            messages.success(request, "It is settled, and stands at the foot of the page.")
    except Refused as refused:
        messages.error(request, " ".join(refused.lines()))
    return redirect("correct-case", found.case)


def _whose(page: CasePage) -> str:
    """The body here whose page it is; nothing for a decision of bodies that this site only tells of."""
    owners = [*(entry.organisation for entry in page.entries if entry.organisation), *sorted(page.codes)]
    known = {each.code for each in people.organisations(frozenset(owners))}
    return next((each for each in owners if each in known), "")
